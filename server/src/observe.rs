//! What every request passes: an id, a line in the log, and the headers that keep browsers safe.

use crate::{api::ApiError, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures::FutureExt as _;
use std::{
    any::Any,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};
use tracing::Instrument as _;

/// The header of a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Characters that a sender's own request id may have.
const MAX_REQUEST_ID: usize = 64;
/// An answer that took this long is worth a line in any log.
const SLOW_MILLISECONDS: u64 = 1_000;
/// Headers that every answer has, unless it brings its own.
const SAFETY: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // Same origin: forms refused by mistake can still say where they came from.
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
];

/// Gives a request its id, its time and its line in the log, and its answer the safety headers. A panic ends its
/// own request and no other.
///
/// One layer for all of it: each would cost every request a box and a clone of the service.
pub async fn observe(
    State((state, timeout)): State<(AppState, Duration)>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .filter(|id| is_plain(id.as_bytes()))
        .cloned()
        .or_else(|| HeaderValue::from_str(&state.source.id().simple().to_string()).ok())
        .unwrap_or(HeaderValue::from_static("none"));
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let began = Instant::now();
    let answering = AssertUnwindSafe(next.run(request)).catch_unwind();
    let mut response = match tokio::time::timeout(timeout, answering).instrument(span.clone()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => span.in_scope(|| panicked(&*panic)),
        Err(_) => ApiError::of_status(StatusCode::REQUEST_TIMEOUT).into_response(),
    };
    let (status, milliseconds) = (response.status().as_u16(), began.elapsed().as_millis() as u64);
    let path = uri.path();
    span.in_scope(|| {
        if response.status().is_server_error() || milliseconds >= SLOW_MILLISECONDS {
            tracing::warn!(%method, path, status, milliseconds, "answered");
        } else {
            tracing::debug!(%method, path, status, milliseconds, "answered");
        }
    });
    let headers = response.headers_mut();
    for (name, value) in SAFETY {
        headers.entry(name).or_insert(value);
    }
    headers.insert(REQUEST_ID, id);
    response
}

fn panicked(panic: &(dyn Any + Send)) -> Response {
    let reason = panic.downcast_ref::<String>().map(String::as_str);
    let reason = reason.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
    tracing::error!(reason, "a handler panicked");
    ApiError::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

fn is_plain(id: &[u8]) -> bool {
    (1..=MAX_REQUEST_ID).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
