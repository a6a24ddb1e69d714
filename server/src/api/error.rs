//! Errors as machines read them: `{"detail": …}`, with `errors` where fields are to blame; RFC 9457 on request.

use crate::observe::bounded;
use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::{Described, Error, FieldError};
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// An error of the API.
#[derive(Debug, Clone)]
pub struct ApiError {
    described: Described,
    errors: Vec<FieldError>,
    /// Boxed, as hardly any error has one and every answer would carry its room.
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

/// An error as it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What happened and what to do.
    #[schema(example = "Lineage link not found")]
    detail: String,
    /// The wrong fields, where fields are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// An error as RFC 9457 has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// No page says more than `title` does.
    #[schema(example = "about:blank")]
    r#type: &'static str,
    /// A few words for errors of the kind.
    #[schema(example = "Not found")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What happened and what to do.
    #[schema(example = "Lineage link not found")]
    detail: String,
    /// The wrong fields, where fields are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

impl ApiError {
    /// An error that is about the request itself, before any rule is asked.
    pub fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        let described = Described { status: status.as_u16(), title, detail: detail.into() };
        Self { described, errors: Vec::new(), header: None }
    }

    /// No key, or none that is known.
    pub fn unauthorized() -> Self {
        let detail = "Missing or unknown API key; send one as X-API-Key or as Authorization: Bearer";
        let mut error = Self::new(StatusCode::UNAUTHORIZED, "API key needed", detail);
        error.header = Some(Box::new((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))));
        error
    }

    /// As many are served already as can be.
    pub fn busy(detail: &'static str) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "Not available now", detail);
        error.header = Some(Box::new((header::RETRY_AFTER, HeaderValue::from_static("10"))));
        error
    }

    /// One sender has as much of something as it may.
    pub fn too_many(detail: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many at once", detail);
        error.header = Some(Box::new((header::RETRY_AFTER, HeaderValue::from_static("10"))));
        error
    }

    /// An error of the router or of a layer, which no handler saw.
    pub fn of_status(status: StatusCode) -> Self {
        let (title, detail) = match status {
            StatusCode::NOT_FOUND => {
                ("Not found", "There is nothing at this path; /api/docs lists what there is")
            }
            StatusCode::METHOD_NOT_ALLOWED => (
                "Method not allowed",
                "This path does not take this method; the Allow header lists those it takes",
            ),
            StatusCode::REQUEST_TIMEOUT => {
                ("Time-out", "The request took too long; send it again, a write with its Idempotency-Key")
            }
            status if status.is_server_error() => {
                ("Something went wrong here", "The server could not do this; the log has the reason")
            }
            _ => ("Bad request", "The request could not be read"),
        };
        Self::new(status, title, detail)
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.described.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn problem(self) -> Response {
        let problem = Problem {
            r#type: "about:blank",
            title: self.described.title,
            status: self.described.status,
            detail: self.described.detail,
            errors: self.errors,
        };
        let mut response = Json(problem).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        if let Error::Store(reason) | Error::Unavailable(reason) = &error {
            tracing::error!(reason, "the store failed");
        }
        Self { described: error.describe(), errors: error.fields().to_vec(), header: None }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody { detail: self.described.detail.clone(), errors: self.errors.clone() };
        let mut response = (self.status(), Json(body)).into_response();
        if let Some((name, value)) = self.header.as_deref().cloned() {
            response.headers_mut().insert(name, value);
        }
        // For the layer below, should the sender prefer another form.
        response.extensions_mut().insert(self);
        response
    }
}

/// Gives every error of the API its form, also those that no handler saw: unknown paths, wrong methods, time-outs,
/// panics.
pub async fn render_errors(State(timeout): State<Duration>, request: Request, next: Next) -> Response {
    let wants_problem = wants_problem(request.headers());
    let response = bounded(timeout, next.run(request)).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let known = response.extensions().get::<ApiError>().cloned();
    let (error, response) = match known {
        Some(_) if !wants_problem => return response,
        Some(error) => (error, response),
        None => (ApiError::of_status(status), response),
    };
    let (mut parts, _) = response.into_parts();
    let rendered = if wants_problem { error.problem() } else { error.into_response() };
    let (new, body) = rendered.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(new.headers);
    Response::from_parts(parts, Body::new(body))
}

fn wants_problem(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|accept| accept.contains("application/problem+json"))
}
