//! A request under preparation.

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, header},
};
use std::net::{IpAddr, SocketAddr};

/// A request of the app.
#[derive(Clone)]
pub struct Call {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    from: Option<IpAddr>,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Self {
        let method = method.parse().expect("a method");
        // A request id of the sender's, so that none is drawn from the ids that snapshots show.
        let headers = vec![("x-request-id".to_owned(), "test".to_owned())];
        Self { method, path: path.into(), headers, body: Vec::new(), from: None }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A JSON body.
    pub fn post(path: &str, body: &str) -> Self {
        Self::new("POST", path).body(body).with("content-type", "application/json")
    }

    /// A form, as a browser sends one from a page of this server.
    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Self::new("POST", path)
            .body(&body)
            .with("content-type", "application/x-www-form-urlencoded")
            .with("host", "127.0.0.1:3000")
            .with("origin", "http://127.0.0.1:3000")
            .with("sec-fetch-site", "same-origin")
    }

    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self
    }

    /// Sets a header.
    pub fn with(self, name: &str, value: &str) -> Self {
        let mut call = self.without(name);
        call.headers.push((name.into(), value.into()));
        call
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub fn idempotency_key(self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    /// As if it were sent from an address.
    pub fn sent_from(mut self, address: &str) -> Self {
        self.from = Some(address.parse().expect("an address"));
        self
    }

    pub fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        if !self.body.is_empty() {
            request = request.header(header::CONTENT_LENGTH, self.body.len());
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some(address) = self.from {
            request = request.extension(ConnectInfo(SocketAddr::new(address, 49_152)));
        }
        request.body(self.body.into()).expect("a request")
    }
}
