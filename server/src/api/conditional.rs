//! Answers with an ETag, for editors that must not overwrite each other and readers that ask whether anything is new.
//!
//! A tag is `"VERSION-DIGEST"`. The version is all that an edit's `If-Match` is compared by: value that is measured
//! meanwhile does not stop an editor. The digest is of the whole answer, whose totals change without a new version, so
//! `If-None-Match` never calls old totals current.

use super::error::ApiError;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{canonical::hex, error::Error};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Bytes of a digest that a tag holds: enough to tell apart the answers of one entry.
const DIGEST_BYTES: usize = 8;

/// The JSON of an entry at a version, with its tag; 304 where the sender has it already.
pub fn json(headers: &HeaderMap, version: i64, value: &impl Serialize) -> Result<Response, ApiError> {
    let body = serde_json::to_string(value).map_err(|error| Error::Store(error.to_string()))?;
    let tag = tag(version, &body);
    let mut response = if is_known(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    // To be asked for again each time: totals change with every event.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Gives the answer to a write the tag by which the next edit is made.
pub fn tagged(mut response: Response, version: i64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The `If-Match` of an edit. What is not text matches nothing.
pub fn if_match(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::IF_MATCH).map(|value| value.to_str().unwrap_or_default())
}

fn tag(version: i64, body: &str) -> String {
    format!("\"{version}-{}\"", hex(&Sha256::digest(body)[..DIGEST_BYTES]))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let sent = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    sent.flat_map(|tags| tags.split(','))
        .map(str::trim)
        .any(|sent| sent == "*" || sent.strip_prefix("W/").unwrap_or(sent) == tag)
}
