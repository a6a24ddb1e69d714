//! Vetoes: cast, listed, undone.

mod cast;
mod get;
mod list;
mod undo;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of vetoes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_vetoes, cast::cast_veto))
        .routes(routes!(get::get_veto))
        .routes(routes!(undo::undo_veto))
}
