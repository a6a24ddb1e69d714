//! Who acts, what they change, and the entry that every accepted write leaves behind.

use crate::event::UsageEvent;
use crate::id::EntryId;
use crate::link::LineageLink;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// Anybody, on a server that asks for no key.
    pub fn anonymous() -> Self {
        Self("anonymous".into())
    }

    /// The holder of an API key, by the key's name.
    pub fn key(name: &str) -> Self {
        Self(format!("key:{name}"))
    }

    /// The actor as kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A change to what is kept. Every write is one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Change {
    /// A link is filed.
    FileLink {
        /// The link.
        link: LineageLink,
    },
    /// An event is appended to a link.
    AppendEvent {
        /// The event.
        event: UsageEvent,
    },
}

impl Change {
    /// The action's name as kept.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::FileLink { .. } => "file_link",
            Self::AppendEvent { .. } => "append_event",
        }
    }

    /// The id of what it makes.
    pub fn subject(&self) -> String {
        match self {
            Self::FileLink { link } => link.id.to_string(),
            Self::AppendEvent { event } => event.id.to_string(),
        }
    }

    /// When it is made.
    pub const fn at(&self) -> DateTime<Utc> {
        match self {
            Self::FileLink { link } => link.created_at,
            Self::AppendEvent { event } => event.created_at,
        }
    }
}

/// An entry of the ledger, whose canonical bytes are kept for good.
#[derive(Debug, Clone, Serialize)]
pub struct Entry<'a> {
    /// Its id, `led_…`.
    pub id: EntryId,
    /// When it was made.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub actor: &'a Actor,
    /// What was changed.
    #[serde(flatten)]
    pub change: &'a Change,
}

impl Entry<'_> {
    /// The canonical bytes (RFC 8785) that are kept, and that proofs will be about.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        crate::canonical::bytes(self)
    }
}
