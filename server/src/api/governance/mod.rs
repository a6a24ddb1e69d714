//! Governance: change requests and the votes on them, flags, vetoes, and the autonomy of agents.

mod autonomy;
mod cast_vote;
mod flags;
mod get;
mod list;
mod propose;
mod vetoes;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of governance.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_change_requests, propose::propose_change))
        .routes(routes!(get::get_change_request))
        .routes(routes!(cast_vote::cast_vote))
        .merge(flags::routes())
        .merge(vetoes::routes())
        .merge(autonomy::routes())
}
