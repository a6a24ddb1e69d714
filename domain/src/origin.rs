//! Where a link comes from: the work of people, or a gate that tries whether the deployment does its own.

use serde::{Deserialize, Serialize};

/// Events that a gate's own link takes at the most: far more than any gate appends, and few enough that removing the
/// link stays cheap.
pub const MAX_GATE_EVENTS: i64 = 100;

/// Where a link comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Origin {
    /// Work that somebody did.
    #[default]
    Work,
    /// A gate's live transaction: left out of every total, list and chart unless asked for, and removed after a while.
    Gate,
}

impl Origin {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 2] = ["work", "gate"];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The origin of a name as it is sent or kept.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Work, Self::Gate].into_iter().find(|origin| origin.name() == name)
    }

    /// Whether it is a gate's own.
    pub const fn is_gate(self) -> bool {
        matches!(self, Self::Gate)
    }
}
