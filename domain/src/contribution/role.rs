//! The five roles in which knowledge is made.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A role that somebody played in a change. In the order in which they are shown: the weightiest of `ci-v1` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// Tested a claim by counter-evidence or its limits.
    Challenger,
    /// Connected claims of different domains.
    Synthesizer,
    /// Judged its quality.
    Reviewer,
    /// Found the material or the direction.
    Sourcer,
    /// Wrote it down.
    Extractor,
}

impl Role {
    /// All roles, in order.
    pub const ALL: [Self; 5] =
        [Self::Challenger, Self::Synthesizer, Self::Reviewer, Self::Sourcer, Self::Extractor];

    /// The names of all roles as they are sent, in order.
    pub const NAMES: [&'static str; 5] = ["challenger", "synthesizer", "reviewer", "sourcer", "extractor"];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        ["Challenger", "Synthesizer", "Reviewer", "Sourcer", "Extractor"][self as usize]
    }

    /// The role of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Something held for each role. On the wire an object with a member per role, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PerRole<T> {
    /// Of challengers.
    pub challenger: T,
    /// Of synthesizers.
    pub synthesizer: T,
    /// Of reviewers.
    pub reviewer: T,
    /// Of sourcers.
    pub sourcer: T,
    /// Of extractors.
    pub extractor: T,
}

impl<T> PerRole<T> {
    /// What is held for a role.
    pub const fn get(&self, role: Role) -> &T {
        match role {
            Role::Challenger => &self.challenger,
            Role::Synthesizer => &self.synthesizer,
            Role::Reviewer => &self.reviewer,
            Role::Sourcer => &self.sourcer,
            Role::Extractor => &self.extractor,
        }
    }

    /// What is held for a role, to be changed.
    pub const fn get_mut(&mut self, role: Role) -> &mut T {
        match role {
            Role::Challenger => &mut self.challenger,
            Role::Synthesizer => &mut self.synthesizer,
            Role::Reviewer => &mut self.reviewer,
            Role::Sourcer => &mut self.sourcer,
            Role::Extractor => &mut self.extractor,
        }
    }

    /// Makes one of each role.
    pub fn from_fn(mut make: impl FnMut(Role) -> T) -> Self {
        Self {
            challenger: make(Role::Challenger),
            synthesizer: make(Role::Synthesizer),
            reviewer: make(Role::Reviewer),
            sourcer: make(Role::Sourcer),
            extractor: make(Role::Extractor),
        }
    }
}
