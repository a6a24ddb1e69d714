//! Ideas.

mod answers;
mod edit;
mod get;
mod list;
mod register;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route about ideas.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_ideas, register::register_idea))
        .routes(routes!(get::get_idea, edit::edit_idea))
}
