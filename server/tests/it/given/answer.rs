//! What came back for a request.

use super::json::{Json, indented};
use axum::{
    body::Body,
    http::{HeaderMap, Response, StatusCode},
};
use http_body_util::BodyExt as _;
use std::fmt::Write as _;

/// Headers that are part of what a caller is told.
const TOLD: [&str; 7] =
    ["content-type", "allow", "etag", "location", "www-authenticate", "idempotency-replayed", "set-cookie"];

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        // Pictures are answered too; of those only the headers are looked at.
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self { status: parts.status, headers: parts.headers, text }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header in ASCII"))
    }

    pub fn json(&self) -> Json {
        Json::read(&self.text)
    }

    /// The text at a path of its JSON.
    pub fn at(&self, path: &str) -> String {
        self.json().text(path)
    }

    pub fn is_replayed(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.shown());
        self
    }

    /// Status, headers that matter, and the body: JSON with each token as it was sent, a member a line.
    pub fn shown(&self) -> String {
        let mut shown = format!("{}\n", self.status);
        for name in TOLD {
            for value in self.headers.get_all(name) {
                let _ = writeln!(shown, "{name}: {}", value.to_str().expect("a header in ASCII"));
            }
        }
        let is_json = self.header("content-type").is_some_and(|kind| kind.contains("json"));
        let body = if is_json { indented(&self.text) } else { self.text.clone() };
        let _ = write!(shown, "\n{body}");
        shown
    }
}
