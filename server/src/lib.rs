//! The backend of Tributary: JSON API, pages, stores and command line. Tests enter by [`router`].

pub mod api;
pub mod assets;
pub mod auth;
pub mod commands;
mod observe;
pub mod pages;
pub mod state;
pub mod store;

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware, response::Response};
use state::AppState;
use std::{any::Any, time::Duration};
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

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
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.timeout))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(state.clone(), observe::observe))
        .with_state(state)
}

/// A panic ends its request and no other.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(reason, "a handler panicked");
    let body = r#"{"detail":"Something went wrong here; the log has the reason"}"#;
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let json = axum::http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, json);
    response
}
