//! Payout previews: a policy applied to a pool.
//!
//! Properties, each a law in `tests/it/laws.rs`:
//! - amounts and what is unallocated sum to the pool, to the last unit;
//! - neither the order of rows nor their splitting within a (stage, contributor) changes anything;
//! - equal inputs are paid equally, to one unit; no contribution, no pay;
//! - more quality at the same energy never pays its own row less within a stage;
//! - the pool's scale changes no share;
//! - every explanation's terms add up and multiply to its amount.
//!
//! Everything is whole-number arithmetic with stated rounding, so native code and the browser agree to the unit.

mod pool;
mod rows;
mod weigh;

pub use pool::{PayoutBody, PayoutRequest, Pool};
pub use rows::{Row, rows};

use crate::allocate::allocate;
use crate::decimal::divide_half_even;
use crate::id::LinkId;
use crate::link::LinkRecord;
use crate::money::{Amount, Energy, Factor, Ratio, Weight};
use crate::policy::{Objective, PerObjective, Policy};
use crate::stage::{PerStage, Stage};
use serde::Serialize;
use weigh::{Weighed, weigh};

/// The parts that `effective_weight` is shown in: nine places, shared so that they sum to exactly 1.
const SHARE_PARTS: u64 = 1_000_000_000;

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

/// Why a row's amount is what it is:
/// `stage_weight × energy_factor × score ÷ total_weight × payout_pool + rounding = amount`,
/// where `score` is the sum of the objectives' shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// Whether the row stands for a named contributor who made no investment in the stage.
    pub implied: bool,
    /// The policy's weight of the stage.
    #[cfg_attr(feature = "openapi", schema(example = 0.5))]
    pub stage_weight: Weight,
    /// The energy as the policy counts it: its square root, or all of it.
    #[cfg_attr(feature = "openapi", schema(example = 2.0))]
    pub energy_factor: Factor,
    /// The objectives' parts.
    pub objectives: Vec<ObjectiveTerm>,
    /// The sum of the objectives' shares.
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
}

/// One row of a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutRow {
    /// The stage it is for.
    pub role: Stage,
    /// Who receives it.
    #[cfg_attr(feature = "openapi", schema(example = "carol"))]
    pub contributor: String,
    /// How much, in whole units of the pool's resolution.
    #[cfg_attr(feature = "openapi", schema(example = 492.3927))]
    pub amount: Amount,
    /// The energy it is for.
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
    /// The policy's stage weights.
    pub weights: PerStage<Weight>,
    /// The policy's objective weights.
    pub objective_weights: PerObjective<Weight>,
    /// The link's signals.
    pub signals: Signals,
    /// Who would receive what, by stage, then contributor.
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
}

/// Applies a policy to a link and a pool.
pub fn preview(policy: &Policy, record: &LinkRecord, pool: &Pool) -> PayoutPreview {
    let rows = rows(policy, &record.link);
    let (signals, weighed) = weigh(policy, &rows, record);
    let weights: Vec<u128> = weighed.iter().map(|row| row.weight).collect();
    let total: u128 = weights.iter().sum();
    let units = allocate(pool.units(), &weights);
    let shares = allocate(SHARE_PARTS, &weights);
    let allocated: u64 = units.iter().sum();
    let payouts = rows
        .into_iter()
        .zip(&weighed)
        .zip(units.into_iter().zip(shares))
        .map(|((row, weighed), (units, share))| PayoutRow {
            role: row.stage,
            amount: pool.amount_of(units),
            energy_units: row.energy,
            effective_weight: Factor::from_parts(i128::from(share) * 1_000),
            explanation: explain(policy, &row, weighed, total, pool, units),
            contributor: row.contributor,
        })
        .collect();
    PayoutPreview {
        lineage_id: record.link.id,
        schema_version: policy.name.clone(),
        payout_pool: pool.amount(),
        measured_value_total: record.totals.measured_value_total,
        estimated_cost: record.link.estimated_cost,
        roi_ratio: record.roi_ratio(),
        weights: policy.stage_weights,
        objective_weights: policy.objective_weights,
        signals,
        payouts,
        policy: policy.name.clone(),
        policy_hash: policy.hash(),
        currency: pool.currency().map(str::to_owned),
        unallocated: pool.amount_of(pool.units() - allocated),
    }
}

fn explain(
    policy: &Policy,
    row: &Row,
    weighed: &Weighed,
    total: u128,
    pool: &Pool,
    units: u64,
) -> Explanation {
    let terms: Vec<u128> =
        Objective::ALL.iter().map(|objective| weighed.shares.get(*objective).unsigned_abs()).collect();
    let amounts = allocate(units, &terms);
    let objectives = Objective::ALL.into_iter().zip(amounts).map(|(objective, units)| ObjectiveTerm {
        objective,
        weight: *policy.objective_weights.get(objective),
        signal: Factor::from_parts(*weighed.signals.get(objective)),
        share: Factor::from_parts(*weighed.shares.get(objective)),
        amount: pool.amount_of(units),
    });
    let exact = pool.exact_part(weighed.weight, total);
    let paid = i128::from(pool.amount_of(units).micros()) * 1_000_000;
    Explanation {
        implied: row.implied,
        stage_weight: policy.stage_weight(row.stage),
        energy_factor: Factor::from_parts(weighed.energy_factor),
        objectives: objectives.collect(),
        score: Factor::from_parts(weighed.score),
        weight: shown_weight(weighed.weight),
        total_weight: shown_weight(total),
        exact_amount: Factor::from_parts(exact),
        rounding: Factor::from_parts(paid - exact),
    }
}

/// A weight of 24 places shown with twelve.
fn shown_weight(weight: u128) -> Factor {
    Factor::from_parts(divide_half_even(weight as i128, 1_000_000_000_000))
}
