//! Answers of the API.

use axum::{
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{error::Error, store::Written};
use serde::Serialize;

use super::error::ApiError;

/// Says that a write had been made before, and this is the answer of then.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// JSON, written digit for digit as the domain has it.
pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Response, ApiError> {
    let body = serde_json::to_string(value).map_err(|error| Error::Store(error.to_string()))?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// What a write made.
pub fn made<T: Serialize>(written: &Written<T>) -> Result<Response, ApiError> {
    let mut response = json(StatusCode::CREATED, &written.made)?;
    mark_replay(&mut response, written.replayed);
    Ok(response)
}

/// Marks the answer of a request that had been answered before.
pub fn mark_replay(response: &mut Response, replayed: bool) {
    if replayed {
        response.headers_mut().insert(REPLAYED, axum::http::HeaderValue::from_static("true"));
    }
}
