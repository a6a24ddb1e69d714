//! Credits: one role earned by one contributor for one merged change.

use super::role::Role;
use crate::id::UnitId;
use crate::money::{Score, Weight};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How it is known that somebody played a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Provenance {
    /// The piece of knowledge says so itself.
    AttributionBlock,
    /// A trailer of the message says so.
    Trailer,
    /// The label at the title's start names them.
    TitleLabel,
    /// The name of the merged branch begins with theirs.
    BranchName,
    /// They wrote the commit.
    Author,
    /// What the change does shows it.
    StructuralTest,
    /// The text of its source names them.
    SourceText,
    /// Nobody else is named, and they merged it.
    MergerProxy,
}

impl Provenance {
    /// All, the surest first.
    pub const ALL: [Self; 8] = [
        Self::AttributionBlock,
        Self::Trailer,
        Self::TitleLabel,
        Self::BranchName,
        Self::Author,
        Self::StructuralTest,
        Self::SourceText,
        Self::MergerProxy,
    ];
    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 8] = [
        "attribution_block",
        "trailer",
        "title_label",
        "branch_name",
        "author",
        "structural_test",
        "source_text",
        "merger_proxy",
    ];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The provenance of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provenance| provenance.name() == name)
    }
}

/// A credit. `(contributor, role, unit, claim)` is unique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credit {
    /// Whose it is, by handle.
    pub contributor: String,
    /// The handle that history names, where it is an alias of the contributor's.
    pub named_as: String,
    /// For which role.
    pub role: Role,
    /// For which change.
    pub unit: UnitId,
    /// The path of the piece of knowledge it is for; none where it is for the change as a whole.
    pub claim: Option<String>,
    /// Whether it counts toward the index. Where a policy counts per change, the first credit of each (contributor,
    /// role, change) counts, and the others only say for what.
    pub counted: bool,
    /// For whom the contributor worked then.
    pub principal: Option<String>,
    /// The weight set that was in force when it was derived.
    pub weight_set: String,
    /// The role's weight in that set.
    pub weight: Weight,
    /// How it is known.
    pub provenance: Provenance,
    /// How sure that is, from 0 to 1, by the policy.
    pub confidence: Score,
    /// When it was earned: when the change was merged.
    pub earned_at: DateTime<Utc>,
    /// From when on it counts nothing, because the change was reverted or rolled back.
    pub ended_at: Option<DateTime<Utc>>,
    /// What its weight is multiplied by in the index of outcomes, in millionths; 1.0 where nothing is known.
    pub outcome: Weight,
}

/// How many credits of a role somebody earned and lost in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditTotal {
    /// Whose.
    pub contributor: String,
    /// For whom they worked when the credits were earned.
    pub principal: Option<String>,
    /// For which role.
    pub role: Role,
    /// The month, as year × 12 + month − 1, UTC.
    pub month: i64,
    /// Counted credits earned in the month, less those that ended in it.
    pub credits: i64,
    /// The sum of their outcome factors, in millionths, likewise.
    pub outcome: i64,
}
