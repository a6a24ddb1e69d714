//! The backend of Tributary: JSON API, pages, stores and command line. Tests enter by [`router`].

pub mod api;
pub mod assets;
pub mod auth;
pub mod changes;
pub mod commands;
mod connections;
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
    /// Whether only this machine is served, by its own names. A page of another site, whose name is made to lead here,
    /// could else read and write what is open to whoever sits at this machine.
    pub own_names_only: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 1024 * 1024, timeout: Duration::from_secs(30), own_names_only: false }
    }
}

/// The commit that this was built from, where that is known.
pub fn commit() -> Option<&'static str> {
    Some(env!("TRIBUTARY_COMMIT")).filter(|commit| !commit.is_empty())
}

/// Everything that is served.
pub fn router(state: AppState, limits: Limits) -> Router {
    api::router(limits.timeout)
        .merge(pages::router(&state, limits.timeout))
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(middleware::from_fn_with_state((state.clone(), limits.own_names_only), observe::observe))
        .with_state(state)
}
