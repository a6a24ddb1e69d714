//! Carries a gate's requests over HTTP.

use anyhow::{Context as _, Result, ensure};
use async_trait::async_trait;
use domain::gate::{NoAnswer, Request, Target, TargetAnswer};
use reqwest::{Client, Method, Url, header, redirect};
use std::{sync::Once, time::Duration};
use tokio::time::Instant;

/// Bytes of an answer at the most: the largest that is looked at, the API's document, has a tenth of it.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How long an answer may take, unless a contract says otherwise.
const TIMEOUT_SECONDS: u64 = 10;

/// A deployment at a base address.
#[derive(Clone)]
pub struct HttpTarget {
    base: String,
    key: Option<String>,
    timeout_seconds: u64,
    end: Option<End>,
    client: Client,
}

/// When a run must have come to its end, and how long it might take in all.
#[derive(Clone)]
struct End {
    at: Instant,
    within: Duration,
}

impl HttpTarget {
    /// A deployment at an address, asked with a key where it needs one.
    pub fn new(address: &str, key: Option<String>) -> Result<Self> {
        let client = client(Duration::from_secs(TIMEOUT_SECONDS))?;
        Ok(Self { base: base_address(address)?, key, timeout_seconds: TIMEOUT_SECONDS, end: None, client })
    }

    /// The same, where each answer may take as long as a contract says, and all of them together so long from now.
    pub fn waiting(&self, timeout_seconds: u64, within: Option<Duration>) -> Self {
        let end = within.map(|within| End { at: Instant::now() + within, within });
        Self { timeout_seconds, end, ..self.clone() }
    }

    /// How long the next answer may take, and what it is told of where it takes longer.
    fn patience(&self) -> (Duration, NoAnswer) {
        let timeout = Duration::from_secs(self.timeout_seconds);
        match &self.end {
            Some(End { at, within }) if at.saturating_duration_since(Instant::now()) < timeout => {
                (at.saturating_duration_since(Instant::now()), NoAnswer::TimeIsUp(within.as_secs()))
            }
            _ => (timeout, NoAnswer::TimedOut(self.timeout_seconds)),
        }
    }

    async fn ask(&self, request: Request, timeout: Duration) -> Result<TargetAnswer, reqwest::Error> {
        let method = if request.method == "POST" { Method::POST } else { Method::GET };
        let url = format!("{}{}", self.base, request.path);
        let mut asked = self.client.request(method, url).timeout(timeout).header("Tributary-Origin", "gate");
        if let Some(key) = &self.key {
            asked = asked.header("X-API-Key", key);
        }
        if let Some(body) = request.body {
            asked = asked.header(header::CONTENT_TYPE, "application/json").body(body);
        }
        let mut response = asked.send().await?;
        let status = response.status().as_u16();
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            body.extend_from_slice(&part);
            if body.len() > MAX_BYTES {
                break;
            }
        }
        Ok(TargetAnswer { status, content_type, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

#[async_trait]
impl Target for HttpTarget {
    fn address(&self) -> &str {
        &self.base
    }

    async fn send(&self, request: Request) -> Result<TargetAnswer, NoAnswer> {
        let (timeout, too_late) = self.patience();
        if timeout.is_zero() {
            return Err(too_late);
        }
        match self.ask(request, timeout).await {
            Ok(answer) if answer.body.len() > MAX_BYTES => Err(NoAnswer::TooLarge(MAX_BYTES)),
            Ok(answer) => Ok(answer),
            Err(error) if error.is_timeout() => Err(too_late),
            Err(error) => Err(NoAnswer::Unreachable(reason(&error))),
        }
    }
}

/// The innermost reason of an error: "connection refused" rather than all that wraps it. Never the address, which
/// may hold a password.
pub fn reason(error: &reqwest::Error) -> String {
    let mut reason: &dyn std::error::Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}

/// An address of a deployment, without a slash at its end.
pub fn base_address(address: &str) -> Result<String> {
    let url = Url::parse(address).with_context(|| format!("{address:?} is no address"))?;
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.has_host(),
        "an address begins with http:// or https://, unlike {address:?}"
    );
    ensure!(
        url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none(),
        "an address has no query, no fragment and no password; give the key by --gate-key-file"
    );
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// A client that follows no redirect, as an answer from elsewhere says nothing of the address asked.
pub fn client(timeout: Duration) -> Result<Client> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another provider may have been installed by whoever embeds this; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder()
        .timeout(timeout)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("tributary-gate/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .build()
        .context("the HTTP client cannot be made")
}
