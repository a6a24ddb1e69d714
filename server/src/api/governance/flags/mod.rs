//! Flags: raised, listed, withdrawn.

mod get;
mod list;
mod raise;
mod withdraw;

use crate::state::AppState;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of flags.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_flags, raise::raise_flag))
        .routes(routes!(get::get_flag))
        .routes(routes!(withdraw::withdraw_flag))
}
