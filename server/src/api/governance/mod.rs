//! Governance: change requests and the votes on them.

mod cast_vote;
mod get;
mod list;
mod propose;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of governance.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_change_requests, propose::propose_change))
        .routes(routes!(get::get_change_request))
        .routes(routes!(cast_vote::cast_vote))
}
