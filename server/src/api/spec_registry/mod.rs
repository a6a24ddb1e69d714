//! The registry of specs.

pub mod answers;
mod edit;
mod get;
mod list;
mod register;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of the registry.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_specs, register::register_spec))
        .routes(routes!(get::get_spec, edit::edit_spec))
}
