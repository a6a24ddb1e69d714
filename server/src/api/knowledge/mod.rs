//! Knowledge: claims, and on what they and what stands on them stand.

mod claim;
mod trace;
mod use_claim;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of knowledge.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(claim::get_claim))
        .routes(routes!(trace::get_trace))
        .routes(routes!(use_claim::use_claim))
}
