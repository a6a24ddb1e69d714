//! A pool shared by weights of twenty-four places, and what every policy's answer says of it.

use super::{Explanation, PayoutPreview, PayoutRow, PolicyWeights, Pool};
use crate::allocate::allocate;
use crate::decimal::divide_half_even;
use crate::link::LinkRecord;
use crate::money::{Amount, Factor, Weight};

/// The parts that `effective_weight` is shown in: nine places, shared so that they sum to exactly 1.
const SHARE_PARTS: u64 = 1_000_000_000;

/// A pool, shared.
pub(super) struct Shared<'a> {
    pool: &'a Pool,
    weights: Vec<u128>,
    total: u128,
    units: Vec<u64>,
    shares: Vec<u64>,
}

impl<'a> Shared<'a> {
    /// Shares a pool by weights of twenty-four places.
    pub fn of(pool: &'a Pool, weights: Vec<u128>) -> Self {
        let units = allocate(pool.units(), &weights);
        let shares = allocate(SHARE_PARTS, &weights);
        Self { pool, total: weights.iter().sum(), weights, units, shares }
    }

    /// The pool.
    pub const fn pool(&self) -> &'a Pool {
        self.pool
    }

    /// How many units a row gets.
    pub fn units(&self, at: usize) -> u64 {
        self.units[at]
    }

    /// What they come to.
    pub fn amount(&self, at: usize) -> Amount {
        self.pool.amount_of(self.units[at])
    }

    /// A row's share, to nine places.
    pub fn share(&self, at: usize) -> Factor {
        Factor::from_parts(i128::from(self.shares[at]) * 1_000)
    }

    /// The answer of a policy without objectives that draws nothing from history.
    pub fn answer(
        &self,
        (policy, policy_hash): (&str, String),
        record: &LinkRecord,
        weights: PolicyWeights,
        payouts: Vec<PayoutRow>,
    ) -> PayoutPreview {
        let allocated: u64 = self.units.iter().sum();
        PayoutPreview {
            lineage_id: record.link.id,
            schema_version: policy.to_owned(),
            payout_pool: self.pool.amount(),
            measured_value_total: record.totals.measured_value_total,
            estimated_cost: record.link.estimated_cost,
            roi_ratio: record.roi_ratio(),
            weights,
            objective_weights: None,
            signals: None,
            payouts,
            policy: policy.to_owned(),
            policy_hash,
            currency: self.pool.currency().map(str::to_owned),
            unallocated: self.pool.amount_of(self.pool.units() - allocated),
            drawn_on: None,
        }
    }
}

/// The end of every explanation: from a row's weight to its amount. What comes before is the policy's to fill in.
pub(super) fn explain_share(shared: &Shared<'_>, at: usize) -> Explanation {
    let exact = shared.pool.exact_part(shared.weights[at], shared.total);
    let paid = i128::from(shared.amount(at).micros()) * 1_000_000;
    Explanation {
        implied: false,
        stage_weight: Weight::ZERO,
        energy_factor: Factor::ZERO,
        objectives: Vec::new(),
        score: Factor::ZERO,
        weight: shown_weight(shared.weights[at]),
        total_weight: shown_weight(shared.total),
        exact_amount: Factor::from_parts(exact),
        rounding: Factor::from_parts(paid - exact),
        parts: Vec::new(),
    }
}

/// A weight of 24 places shown with twelve.
pub(super) fn shown_weight(weight: u128) -> Factor {
    Factor::from_parts(divide_half_even(weight as i128, 1_000_000_000_000))
}
