//! Units of contribution: merged changes.

mod get;
mod list;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of units.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_units)).routes(routes!(get::get_unit))
}
