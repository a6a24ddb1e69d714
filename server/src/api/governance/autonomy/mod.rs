//! Autonomy: what is proposed for agents, what was decided.

mod decide;
mod history;
mod list;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of autonomy.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_autonomy, decide::decide_autonomy))
        .routes(routes!(history::list_decisions))
}
