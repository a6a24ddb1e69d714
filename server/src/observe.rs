//! What every request passes: an id, a line in the log, and the headers that keep browsers safe.

use crate::{api::ApiError, state::AppState};
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures::FutureExt as _;
use std::{
    any::Any,
    net::IpAddr,
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

/// Waits for an answer as long as it may take; a panic ends its own request and no other. What comes of either is a
/// bare status, which the layer that asks gives its form: a page or a JSON error.
pub async fn bounded(timeout: Duration, answering: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(timeout, AssertUnwindSafe(answering).catch_unwind()).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => panicked(&*panic),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// Gives a request its id and its line in the log, and its answer the safety headers.
///
/// One layer for all of it: each would cost every request a box and a clone of the service.
pub async fn observe(
    State((state, own_names_only)): State<(AppState, bool)>,
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
    let mut response = if own_names_only && !is_own_name(&request) {
        misdirected(uri.path())
    } else {
        // What panics here is what was to tell of another panic.
        let answering = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone());
        answering.await.unwrap_or_else(|panic| span.in_scope(|| panicked(&*panic)))
    };
    let (status, milliseconds) = (response.status().as_u16(), began.elapsed().as_millis() as u64);
    let path = uri.path();
    span.in_scope(|| {
        if response.status().is_server_error() || milliseconds >= SLOW_MILLISECONDS {
            tracing::warn!(%method, path, status, milliseconds, "answered");
        } else if response.status().is_client_error() {
            tracing::info!(%method, path, status, milliseconds, "answered");
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
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Whether a request asks for this machine by one of its own names: `localhost` or a loopback address.
fn is_own_name(request: &Request) -> bool {
    let host = request.headers().get(header::HOST).map(HeaderValue::as_bytes);
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str().as_bytes()));
    let Some(authority) = host.and_then(|host| Authority::try_from(host).ok()) else { return host.is_none() };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let own = name == "localhost" || name.ends_with(".localhost");
    own || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn misdirected(path: &str) -> Response {
    let detail = "This server serves its own machine only, as localhost or 127.0.0.1, and was asked for by another \
                  name. To serve it by other names, give it keys (--api-key-file) or say --auth open";
    if path.starts_with("/api") {
        ApiError::new(StatusCode::MISDIRECTED_REQUEST, "Another name", detail).into_response()
    } else {
        (StatusCode::MISDIRECTED_REQUEST, detail).into_response()
    }
}

fn is_plain(id: &[u8]) -> bool {
    (1..=MAX_REQUEST_ID).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
