//! The few requests that the demo makes, over plain HTTP to this machine.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use ureq::Agent;

/// A status and a JSON body; `Null` when the body is no JSON.
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The body.
    pub body: Value,
}

impl Answer {
    /// Whether the server did, or had already done, what was asked.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A client of one server.
pub struct Client {
    agent: Agent,
    origin: String,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        // A proxy of the environment is for other machines, never for this one's own loopback.
        let config = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(15)))
            .build();
        Self { agent: config.into(), origin: format!("http://{address}") }
    }

    /// The address of a page, for people.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn get(&self, path: &str) -> Result<Answer> {
        let request = self.agent.get(self.address(path)).header("Accept", "application/json");
        read(request.call().with_context(|| format!("GET {path}"))?)
    }

    /// Posts JSON text as it stands; with a key, the same text again is answered, but done only once.
    pub fn post(&self, path: &str, key: Option<&str>, body: &str) -> Result<Answer> {
        let mut request = self.agent.post(self.address(path)).header("Accept", "application/json");
        request = request.header("Content-Type", "application/json");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        read(request.send(body).with_context(|| format!("POST {path}"))?)
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer> {
    let text = response.body_mut().read_to_string()?;
    let body = serde_json::from_str(&text).unwrap_or_default();
    Ok(Answer { status: response.status().as_u16(), body })
}
