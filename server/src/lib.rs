//! The backend of Tributary: JSON API, pages, stores and command line. Tests enter by [`router`].

pub mod api;
pub mod assets;
pub mod auth;
pub mod changes;
pub mod commands;
pub mod gate;
mod git;
pub mod import;
mod observe;
pub mod pages;
pub mod state;
pub mod store;

use axum::{Router, extract::DefaultBodyLimit, middleware};
use state::AppState;
use std::time::Duration;

/// Bounds on every request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a body.
    pub body_bytes: usize,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 1024 * 1024, timeout: Duration::from_secs(30) }
    }
}

/// The commit that this was built from, where that is known.
pub fn commit() -> Option<&'static str> {
    Some(env!("TRIBUTARY_COMMIT")).filter(|commit| !commit.is_empty())
}

/// Everything that is served.
pub fn router(state: AppState, limits: Limits) -> Router {
    api::router()
        .merge(pages::router(&state))
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(middleware::from_fn_with_state((state.clone(), limits.timeout), observe::observe))
        .with_state(state)
}
