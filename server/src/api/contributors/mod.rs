//! Contributors: who made us better, and by how much.

mod credits;
mod edit;
mod get;
mod list;
mod proposals;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of contributors.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_contributors))
        .routes(routes!(proposals::list_merge_proposals))
        .routes(routes!(get::get_contributor, edit::edit_contributor))
        .routes(routes!(credits::list_credits))
}
