//! What a preview answers: rows, and why each is what it is. One shape for every policy.

use crate::contribution::{PerRole, Provenance, RefStatus, Role};
use crate::id::{LinkId, UnitId};
use crate::money::{Amount, Energy, Factor, Ratio, Score, Weight};
use crate::policy::{Objective, PerObjective};
use crate::stage::{PerStage, Stage};
use serde::Serialize;

/// What the link as a whole looks like to a policy; each from 0 to 1, to four places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signals {
    /// ROI over one plus ROI.
    #[cfg_attr(feature = "openapi", schema(example = 0.4545))]
    pub coherence: Ratio,
    /// Value over value plus cost, where both together are at least 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.4545))]
    pub energy_flow: Ratio,
    /// Distinct sources and metrics over twice the events.
    #[cfg_attr(feature = "openapi", schema(example = 0.5))]
    pub awareness: Ratio,
    /// The mean friction of all rows.
    #[cfg_attr(feature = "openapi", schema(example = 0.25))]
    pub friction: Ratio,
    /// The mean balance of the stages that hold energy.
    #[cfg_attr(feature = "openapi", schema(example = 0.4242))]
    pub balance: Ratio,
}

/// One objective's part in a row's score and amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectiveTerm {
    /// The objective.
    pub objective: Objective,
    /// Its weight in the policy.
    #[cfg_attr(feature = "openapi", schema(example = 0.35))]
    pub weight: Weight,
    /// The row's signal for it, 0 to 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.85))]
    pub signal: Factor,
    /// Weight times signal: its part of the score.
    #[cfg_attr(feature = "openapi", schema(example = 0.2975))]
    pub share: Factor,
    /// Its part of the row's amount; the parts sum to the amount.
    #[cfg_attr(feature = "openapi", schema(example = 222.8))]
    pub amount: Amount,
}

/// Why a row's amount is what it is, under every policy:
/// `stage_weight × energy_factor × score ÷ total_weight × payout_pool + rounding = amount`.
///
/// Under a policy with objectives `score` is the sum of their shares. By contributions, the weight is the role's, the
/// energy how many credits count, and the score 1. By cost and coherence, the weight is 1, the energy the cost, and the
/// score the mean of what each cost counts, by cost. Under these two `parts` tell what the row is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// Whether the row stands for a named contributor who made no investment in the stage.
    pub implied: bool,
    /// The policy's weight of the stage or role.
    #[cfg_attr(feature = "openapi", schema(example = 0.5))]
    pub stage_weight: Weight,
    /// The energy as the policy counts it: its square root, or all of it; or the number of credits, or the cost.
    #[cfg_attr(feature = "openapi", schema(example = 2.0))]
    pub energy_factor: Factor,
    /// The objectives' parts; none under a policy without objectives.
    pub objectives: Vec<ObjectiveTerm>,
    /// The sum of the objectives' shares, or what stands for it.
    #[cfg_attr(feature = "openapi", schema(example = 0.6575))]
    pub score: Factor,
    /// The row's weight: stage weight times energy factor times score.
    #[cfg_attr(feature = "openapi", schema(example = 0.6575))]
    pub weight: Factor,
    /// The sum of all rows' weights.
    #[cfg_attr(feature = "openapi", schema(example = 1.3356))]
    pub total_weight: Factor,
    /// The row's exact part of the pool, to twelve places.
    #[cfg_attr(feature = "openapi", schema(example = 492.392_74))]
    pub exact_amount: Factor,
    /// What was added to or taken from the exact part to pay in whole units.
    #[cfg_attr(feature = "openapi", schema(example = -0.000_04))]
    pub rounding: Factor,
    /// The credits, investments and changes that the row is made of; absent under a policy with objectives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ExplainedPart>,
}

/// What a part of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PartKind {
    /// A credit in a change or claim that the link names.
    Credit,
    /// An investment of the link.
    Investment,
    /// A change that the link names.
    Change,
}

/// One credit, investment or change in a row. What does not apply to its kind is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExplainedPart {
    /// What it is.
    pub kind: PartKind,
    /// The ref of the link that led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "PR#12"))]
    pub reference: Option<String>,
    /// The change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The change's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The path of the claim that the credit is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Who earned it: an agent, where the row is its principal's.
    #[cfg_attr(feature = "openapi", schema(example = "rio"))]
    pub earned_by: String,
    /// How it is known that they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// How sure that is; of a change, how sure its cost is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Score>,
    /// What it cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Amount>,
    /// How well it fits together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coherence: Option<Score>,
    /// Its part of the row's weight.
    pub weight: Factor,
    /// Its part of the row's amount; the parts sum to the amount.
    pub amount: Amount,
}

/// What a row is paid for: a stage of the chain, or a role in the changes that the link names. No name is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PaidFor {
    /// A stage.
    Stage(Stage),
    /// A role.
    Role(Role),
}

impl PaidFor {
    /// All, stages first, in order.
    pub const ALL: [Self; 11] = [
        Self::Stage(Stage::Idea),
        Self::Stage(Stage::Research),
        Self::Stage(Stage::Spec),
        Self::Stage(Stage::SpecUpgrade),
        Self::Stage(Stage::Implementation),
        Self::Stage(Stage::Review),
        Self::Role(Role::Challenger),
        Self::Role(Role::Synthesizer),
        Self::Role(Role::Reviewer),
        Self::Role(Role::Sourcer),
        Self::Role(Role::Extractor),
    ];

    /// Its place in [`Self::ALL`].
    pub const fn place(self) -> usize {
        match self {
            Self::Stage(stage) => stage as usize,
            Self::Role(role) => Stage::ALL.len() + role as usize,
        }
    }

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stage(stage) => stage.name(),
            Self::Role(role) => role.name(),
        }
    }

    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stage(stage) => stage.label(),
            Self::Role(role) => role.label(),
        }
    }

    /// The stage, where it is one.
    pub const fn stage(self) -> Option<Stage> {
        match self {
            Self::Stage(stage) => Some(stage),
            Self::Role(_) => None,
        }
    }
}

impl From<Stage> for PaidFor {
    fn from(stage: Stage) -> Self {
        Self::Stage(stage)
    }
}

impl From<Role> for PaidFor {
    fn from(role: Role) -> Self {
        Self::Role(role)
    }
}

impl PartialEq<Stage> for PaidFor {
    fn eq(&self, stage: &Stage) -> bool {
        self.stage() == Some(*stage)
    }
}

/// A policy's weights, by what its rows are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PolicyWeights {
    /// Of stages.
    Stages(PerStage<Weight>),
    /// Of roles.
    Roles(PerRole<Weight>),
}

/// What a ref of the link came to in a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaidRef {
    /// The ref as the link has it.
    #[cfg_attr(feature = "openapi", schema(example = "PR#12"))]
    pub reference: String,
    /// How it ended.
    pub status: RefStatus,
    /// Why it leads nowhere.
    pub message: Option<String>,
}

/// What a preview drew from imported history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawnOn {
    /// What each ref of the link came to, in their order.
    pub refs: Vec<PaidRef>,
    /// Whether agents' credits are paid to those they worked for when they earned them.
    pub pay_principals: bool,
    /// Why nobody is paid; null where somebody is.
    pub message: Option<String>,
}

/// One row of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutRow {
    /// The stage or role it is for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "implementation"))]
    pub role: PaidFor,
    /// Who receives it.
    #[cfg_attr(feature = "openapi", schema(example = "carol"))]
    pub contributor: String,
    /// How much, in whole units of the pool's resolution.
    #[cfg_attr(feature = "openapi", schema(example = 492.3927))]
    pub amount: Amount,
    /// The energy it is for; of a role, the credits that count; by cost, the cost.
    #[cfg_attr(feature = "openapi", schema(example = 4.0))]
    pub energy_units: Energy,
    /// The row's share of the pool, to nine places; all rows' sum to 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.492392741))]
    pub effective_weight: Factor,
    /// Why.
    pub explanation: Explanation,
}

/// A payout preview: nothing is paid by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutPreview {
    /// The link.
    pub lineage_id: LinkId,
    /// The policy's name and version.
    #[cfg_attr(feature = "openapi", schema(example = "energy-balanced-v1"))]
    pub schema_version: String,
    /// What is shared.
    #[cfg_attr(feature = "openapi", schema(example = 1000.0))]
    pub payout_pool: Amount,
    /// The sum of the values of the link's events.
    #[cfg_attr(feature = "openapi", schema(example = 100.0))]
    pub measured_value_total: Amount,
    /// What the link cost.
    #[cfg_attr(feature = "openapi", schema(example = 120.0))]
    pub estimated_cost: Amount,
    /// Value over cost, to four places.
    #[cfg_attr(feature = "openapi", schema(example = 0.8333))]
    pub roi_ratio: Ratio,
    /// The policy's weights, by stage or role.
    pub weights: PolicyWeights,
    /// The policy's objective weights; absent under a policy without objectives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objective_weights: Option<PerObjective<Weight>>,
    /// The link's signals; absent under a policy without objectives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signals: Option<Signals>,
    /// Who would receive what, by stage or role, then contributor.
    pub payouts: Vec<PayoutRow>,
    /// The policy's name, as the request may give it.
    #[cfg_attr(feature = "openapi", schema(example = "energy-balanced-v1"))]
    pub policy: String,
    /// SHA-256 of the policy's canonical JSON.
    #[cfg_attr(feature = "openapi", schema(example = "sha256:5a1c…"))]
    pub policy_hash: String,
    /// The pool's currency, ISO 4217; null without one.
    #[cfg_attr(feature = "openapi", schema(example = "EUR"))]
    pub currency: Option<String>,
    /// What of the pool nobody receives: all of it where nobody is named or every score is 0, else 0.
    #[cfg_attr(feature = "openapi", schema(example = 0.0))]
    pub unallocated: Amount,
    /// What was drawn from imported history; absent under a policy that draws nothing from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn_on: Option<DrawnOn>,
}
