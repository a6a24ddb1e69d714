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

mod answer;
mod by_cost;
mod by_index;
mod contributions;
mod policies;
mod pool;
mod rows;
mod share;
mod weigh;

pub use answer::{
    DrawnOn, ExplainedPart, Explanation, ObjectiveTerm, PaidFor, PaidRef, PartKind, PayoutPreview, PayoutRow,
    PolicyWeights, Signals,
};
pub use contributions::{Contributions, PaidChange, PaidCredit};
pub use policies::{CostPolicy, IndexPolicy, PayoutPolicy};
pub use pool::{PayoutBody, PayoutRequest, Pool};
pub use rows::{Row, rows};

use crate::allocate::allocate;
use crate::link::LinkRecord;
use crate::money::Factor;
use crate::policy::{Objective, Policy};
use share::{Shared, explain_share};
use weigh::{Weighed, weigh};

/// Applies any policy to a link, what was imported of it, and a pool. Those that share by energy draw nothing from what
/// was imported.
pub fn preview_under(
    policy: &PayoutPolicy,
    record: &LinkRecord,
    pool: &Pool,
    contributions: &Contributions,
    pay_principals: bool,
) -> PayoutPreview {
    match policy {
        PayoutPolicy::Energy(policy) => preview(policy, record, pool),
        PayoutPolicy::Index(policy) => by_index::preview(policy, record, pool, contributions, pay_principals),
        PayoutPolicy::Cost(policy) => by_cost::preview(policy, record, pool, contributions),
    }
}

/// Applies a policy that shares by energy to a link and a pool.
pub fn preview(policy: &Policy, record: &LinkRecord, pool: &Pool) -> PayoutPreview {
    let rows = rows(policy, &record.link);
    let (signals, weighed) = weigh(policy, &rows, record);
    let shared = Shared::of(pool, weighed.iter().map(|row| row.weight).collect());
    let payouts = rows
        .into_iter()
        .zip(&weighed)
        .enumerate()
        .map(|(at, (row, weighed))| PayoutRow {
            role: row.stage.into(),
            amount: shared.amount(at),
            energy_units: row.energy,
            effective_weight: shared.share(at),
            explanation: explain(policy, &row, weighed, &shared, at),
            contributor: row.contributor,
        })
        .collect();
    PayoutPreview {
        objective_weights: Some(policy.objective_weights),
        signals: Some(signals),
        ..shared.answer(
            (&policy.name, policy.hash()),
            record,
            PolicyWeights::Stages(policy.stage_weights),
            payouts,
        )
    }
}

fn explain(policy: &Policy, row: &Row, weighed: &Weighed, shared: &Shared<'_>, at: usize) -> Explanation {
    let terms: Vec<u128> =
        Objective::ALL.iter().map(|objective| weighed.shares.get(*objective).unsigned_abs()).collect();
    let amounts = allocate(shared.units(at), &terms);
    let objectives = Objective::ALL.into_iter().zip(amounts).map(|(objective, units)| ObjectiveTerm {
        objective,
        weight: *policy.objective_weights.get(objective),
        signal: Factor::from_parts(*weighed.signals.get(objective)),
        share: Factor::from_parts(*weighed.shares.get(objective)),
        amount: shared.pool().amount_of(units),
    });
    Explanation {
        implied: row.implied,
        stage_weight: policy.stage_weight(row.stage),
        energy_factor: Factor::from_parts(weighed.energy_factor),
        objectives: objectives.collect(),
        score: Factor::from_parts(weighed.score),
        ..explain_share(shared, at)
    }
}
