//! Governance after the fact: flags, vetoes that roll back, the autonomy of agents, and uses of claims.
//!
//! Desired properties:
//! - nothing here blocks anybody: a flag says, a veto undoes, a level is proposed and a person decides it;
//! - authority is what was earned: the share of governance CI at that moment, kept with the act it weighed;
//! - nothing is taken away from the record: what is withdrawn or undone is kept, with who, why and when.

mod autonomy;
mod claim_use;
mod flag;
mod query;
mod standing;
mod store;
mod veto;

pub use autonomy::{
    AutonomyDecision, AutonomyPolicy, DEFAULT_AUTONOMY, Level, LevelCheck, LevelProposal, Measure,
    NewDecision, Threshold,
};
pub use claim_use::{
    CLAIM_USAGE, ClaimUse, NewClaimUse, claim_of_ref, claim_slugs, may_name_claim, metrics_of, usage_metrics,
};
pub use flag::{
    Flag, FlagRecord, FlagSubject, Flaggable, FlaggedSubject, NewFlag, NewWithdrawal, Withdrawal,
};
pub use query::{FlagQuery, FlaggedQuery, VetoQuery};
pub use standing::{Standing, contributor_named, speaker_named, standing};
pub use store::GovernanceStore;
pub use veto::{NewUndoing, NewVeto, Undoing, Veto, may_veto};

use crate::edit::MAX_PROSE;
use crate::input::{Errors, Fields, prose};
use serde::{Deserialize, Serialize};

/// Whether an act still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FlagStatus {
    /// It stands and weighs.
    Active,
    /// It was withdrawn and weighs nothing.
    Withdrawn,
}

impl FlagStatus {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 2] = ["active", "withdrawn"];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The status of a name as it is sent or kept.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Active, Self::Withdrawn].into_iter().find(|status| status.name() == name)
    }
}

/// Whether a veto still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum VetoStatus {
    /// The change is rolled back by it.
    Active,
    /// It was undone.
    Undone,
}

impl VetoStatus {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 2] = ["active", "undone"];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The status of a name as it is sent or kept.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Active, Self::Undone].into_iter().find(|status| status.name() == name)
    }
}

/// A reason, which everything here needs.
fn read_reason(fields: &Fields<'_>, errors: &mut Errors) -> Option<String> {
    let path = fields.path("reason");
    let reason = prose(fields.required("reason", errors)?, &path, MAX_PROSE, errors)?;
    if reason.is_empty() {
        errors.add(path, "must not be empty: say why, for whoever reads it later");
        return None;
    }
    Some(reason)
}
