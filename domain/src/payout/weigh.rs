//! The formula: signals of the link, and the weight of each row.
//!
//! Scores and signals of rows are kept to twelve places, a row's weight to twenty-four. The link's energy flow
//! enters to four places, as it is shown, so that a reader with a pocket calculator gets the same.

use super::{Row, Signals};
use crate::decimal::{MICROS_PER_UNIT, divide_half_even};
use crate::link::LinkRecord;
use crate::money::Ratio;
use crate::policy::{EnergyFactor, Objective, PerObjective, Policy};
use crate::stage::{PerStage, Stage};

/// One, to twelve places.
const ONE: i128 = 1_000_000_000_000;
/// Parts of twelve places in one of four.
const PER_RATIO_PART: i128 = 100_000_000;

/// A row with all that made its weight.
pub(super) struct Weighed {
    /// Its signal for each objective, to twelve places.
    pub signals: PerObjective<i128>,
    /// Weight times signal for each objective, to twelve places.
    pub shares: PerObjective<i128>,
    /// The sum of the shares.
    pub score: i128,
    /// Its energy as the policy counts it, to twelve places.
    pub energy_factor: i128,
    /// Stage weight times energy factor times score, to twenty-four places.
    pub weight: u128,
}

/// The signals of the link and the weight of each row.
pub(super) fn weigh(policy: &Policy, rows: &[Row], record: &LinkRecord) -> (Signals, Vec<Weighed>) {
    let balance = stage_balance(rows);
    let signals = link_signals(rows, &balance, record);
    let weighed = rows.iter().map(|row| weigh_row(policy, row, &balance, &signals)).collect();
    (signals, weighed)
}

fn weigh_row(policy: &Policy, row: &Row, balance: &PerStage<i128>, signals: &Signals) -> Weighed {
    let row_signals = PerObjective {
        coherence: row.coherence,
        energy_flow: signals.energy_flow.parts() * PER_RATIO_PART,
        awareness: row.awareness,
        friction_relief: ONE - row.friction,
        balance: *balance.get(row.stage),
    };
    let shares = PerObjective::from_fn(|objective| {
        let weight = i128::from(policy.objective_weights.get(objective).micros());
        divide_half_even(weight * row_signals.get(objective), i128::from(MICROS_PER_UNIT))
    });
    let score: i128 = Objective::ALL.into_iter().map(|objective| shares.get(objective)).sum();
    let energy_factor = energy_factor(policy.energy, row.energy.micros());
    let stage_weight = i128::from(policy.stage_weight(row.stage).micros());
    let staged = divide_half_even(stage_weight * score, i128::from(MICROS_PER_UNIT));
    let weight = energy_factor.unsigned_abs() * staged.unsigned_abs();
    Weighed { signals: row_signals, shares, score, energy_factor, weight }
}

/// An energy in millionths as a factor of twelve places; a root is cut, never rounded up.
fn energy_factor(kind: EnergyFactor, micros: i64) -> i128 {
    let micros = i128::from(micros);
    match kind {
        EnergyFactor::Linear => micros * i128::from(MICROS_PER_UNIT),
        // sqrt(m / 10^6) × 10^12 = sqrt(m × 10^18)
        EnergyFactor::SquareRoot => (micros * 1_000_000_000_000_000_000).isqrt(),
    }
}

/// How near each stage's energy is to the mean of the stages that hold any: 1 − |total − mean| / mean, at least 0.
fn stage_balance(rows: &[Row]) -> PerStage<i128> {
    let total = |stage| -> i128 {
        rows.iter().filter(|row| row.stage == stage).map(|row| i128::from(row.energy.micros())).sum()
    };
    let totals = PerStage::from_fn(total);
    let sum: i128 = Stage::ALL.iter().map(|&stage| totals.get(stage)).sum();
    let present = Stage::ALL.iter().filter(|&&stage| *totals.get(stage) > 0).count() as i128;
    PerStage::from_fn(|stage| match *totals.get(stage) {
        0 => 0,
        // Everything times the number of stages, so that the mean is whole.
        total => divide_half_even((sum - (total * present - sum).abs()).max(0) * ONE, sum),
    })
}

fn link_signals(rows: &[Row], balance: &PerStage<i128>, record: &LinkRecord) -> Signals {
    let value = i128::from(record.totals.measured_value_total.micros());
    let cost = i128::from(record.link.estimated_cost.micros());
    let totals = &record.totals;
    let present = Stage::ALL.into_iter().filter(|&stage| rows.iter().any(|row| row.stage == stage));
    let balances: Vec<i128> = present.map(|stage| *balance.get(stage)).collect();
    let frictions: Vec<i128> = rows.iter().map(|row| row.friction).collect();
    Signals {
        // roi / (1 + roi) = value / (value + cost), with no rounding on the way.
        coherence: if cost == 0 { Ratio::ZERO } else { part_of(value, value + cost) },
        energy_flow: part_of(value, (value + cost).max(i128::from(MICROS_PER_UNIT))),
        awareness: part_of(
            i128::from(totals.source_count + totals.metric_count),
            i128::from(2 * totals.event_count),
        ),
        friction: mean(&frictions),
        balance: mean(&balances),
    }
}

/// A part of a whole to four places; 0 of nothing.
fn part_of(part: i128, whole: i128) -> Ratio {
    if whole == 0 {
        return Ratio::ZERO;
    }
    Ratio::from_parts(divide_half_even(part * 10_000, whole))
}

/// The mean of numbers of twelve places, to four; 0 of none.
fn mean(values: &[i128]) -> Ratio {
    part_of(values.iter().sum(), ONE * values.len() as i128)
}
