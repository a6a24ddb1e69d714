//! Imports: what was read of git, and what could not be.

mod issues;
mod list;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of imports.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_imports)).routes(routes!(issues::list_import_issues))
}
