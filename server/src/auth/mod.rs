//! Who may write: anybody on an open server, else whoever holds an API key.

mod keys;
pub mod session;

pub use keys::{ApiKeys, new_key};

use axum::http::{HeaderMap, header};
use domain::ledger::Actor;

/// How a server decides who may write.
#[derive(Debug, Clone)]
pub enum Auth {
    /// Anybody may.
    Open,
    /// Holders of a key may.
    Keys(ApiKeys),
}

impl Auth {
    /// Whether writing asks for a key.
    pub const fn is_locked(&self) -> bool {
        matches!(self, Self::Keys(_))
    }

    /// With a key that only this server knows, by which its own gates write where writing asks for one.
    pub fn with_own_key(self) -> anyhow::Result<(Self, Option<String>)> {
        match self {
            Self::Open => Ok((Self::Open, None)),
            Self::Keys(keys) => {
                let (keys, secret) = keys.with_own()?;
                Ok((Self::Keys(keys), Some(secret)))
            }
        }
    }

    /// Who sends a request of the API: by `X-API-Key` or `Authorization: Bearer`.
    pub fn actor_of_api(&self, headers: &HeaderMap) -> Option<Actor> {
        let Self::Keys(keys) = self else { return Some(Actor::anonymous()) };
        let key = headers.get("x-api-key").and_then(|value| value.to_str().ok());
        let bearer =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|text| {
                let (scheme, token) = text.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
            });
        keys.name_of(key.or(bearer)?).map(Actor::key)
    }

    /// Who sends a form: by the session that a key opened.
    pub fn actor_of_form(&self, headers: &HeaderMap, now: i64) -> Option<Actor> {
        match self {
            Self::Open => Some(Actor::anonymous()),
            Self::Keys(_) => self.signed_in(headers, now).map(|name| Actor::key(&name)),
        }
    }

    /// The name of the key that a browser signed in with.
    pub fn signed_in(&self, headers: &HeaderMap, now: i64) -> Option<String> {
        let Self::Keys(keys) = self else { return None };
        session::read(headers, keys, now)
    }
}
