//! The port to a deployment: what a gate needs of whatever carries its requests.

use async_trait::async_trait;

/// A request of a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path with its query, below the target's base address.
    pub path: String,
    /// A JSON body.
    pub body: Option<String>,
}

impl Request {
    /// Asks for something.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None }
    }

    /// Sends JSON.
    pub fn post(path: impl Into<String>, body: impl Into<String>) -> Self {
        Self { method: "POST", path: path.into(), body: Some(body.into()) }
    }
}

/// What a target answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetAnswer {
    /// The status.
    pub status: u16,
    /// `Content-Type`, or nothing.
    pub content_type: String,
    /// The body, as far as it is text.
    pub body: String,
}

/// Why there is no answer: nothing can be said of the target then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// It took too long.
    #[error("no answer within {0} s")]
    TimedOut(u64),
    /// It could not be reached, or stopped in the middle.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It was not asked, or not to the end, as the whole run may take no longer.
    #[error("not reached: the run had taken all the time that it may, {0} s")]
    TimeIsUp(u64),
    /// It answered more than anybody would read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// A deployment under test. Whoever implements it adds the credential, and marks what is filed as a gate's own.
#[async_trait]
pub trait Target: Send + Sync {
    /// The base address, for a reader.
    fn address(&self) -> &str;

    /// Sends a request.
    async fn send(&self, request: Request) -> Result<TargetAnswer, NoAnswer>;
}
