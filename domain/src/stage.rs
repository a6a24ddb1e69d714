//! The six stages of a chain, in the order in which work passes through them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A stage of the chain from idea to review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Stage {
    /// Where it began.
    Idea,
    /// What was found out.
    Research,
    /// What was written down to be built.
    Spec,
    /// What was made better in it.
    SpecUpgrade,
    /// What was built.
    Implementation,
    /// What was checked.
    Review,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 6] =
        [Self::Idea, Self::Research, Self::Spec, Self::SpecUpgrade, Self::Implementation, Self::Review];

    /// The names of all stages as they are sent, in order.
    pub const NAMES: [&'static str; 6] =
        ["idea", "research", "spec", "spec_upgrade", "implementation", "review"];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        ["Idea", "Research", "Spec", "Spec upgrade", "Implementation", "Review"][self as usize]
    }

    /// The stage of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Something held for each stage. On the wire an object with a member per stage, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PerStage<T> {
    /// Of the idea.
    pub idea: T,
    /// Of the research.
    pub research: T,
    /// Of the spec.
    pub spec: T,
    /// Of the upgrade of the spec.
    pub spec_upgrade: T,
    /// Of the implementation.
    pub implementation: T,
    /// Of the review.
    pub review: T,
}

impl<T> PerStage<T> {
    /// What is held for a stage.
    pub const fn get(&self, stage: Stage) -> &T {
        match stage {
            Stage::Idea => &self.idea,
            Stage::Research => &self.research,
            Stage::Spec => &self.spec,
            Stage::SpecUpgrade => &self.spec_upgrade,
            Stage::Implementation => &self.implementation,
            Stage::Review => &self.review,
        }
    }

    /// What is held for a stage, to be changed.
    pub const fn get_mut(&mut self, stage: Stage) -> &mut T {
        match stage {
            Stage::Idea => &mut self.idea,
            Stage::Research => &mut self.research,
            Stage::Spec => &mut self.spec,
            Stage::SpecUpgrade => &mut self.spec_upgrade,
            Stage::Implementation => &mut self.implementation,
            Stage::Review => &mut self.review,
        }
    }

    /// Makes one of each stage.
    pub fn from_fn(mut make: impl FnMut(Stage) -> T) -> Self {
        Self {
            idea: make(Stage::Idea),
            research: make(Stage::Research),
            spec: make(Stage::Spec),
            spec_upgrade: make(Stage::SpecUpgrade),
            implementation: make(Stage::Implementation),
            review: make(Stage::Review),
        }
    }
}
