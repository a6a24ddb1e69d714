//! The engine against a second, simpler solver: the formula of the design in floats, as one would first write it.

use super::cases::{Case, any_case};
use super::config;
use domain::link::Investment;
use domain::payout::PayoutPreview;
use domain::policy::{EnergyFactor, Policy};
use domain::stage::Stage;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Energy, coherence, awareness, friction.
type Plain = [f64; 4];

fn millionths(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// The rows: investments of one pair put together, and implied ones.
fn plain_rows(case: &Case) -> BTreeMap<(Stage, String), Plain> {
    let mut pieces: BTreeMap<(Stage, String), Vec<&Investment>> = BTreeMap::new();
    for item in case.investments() {
        pieces.entry((item.stage, item.contributor.clone())).or_default().push(item);
    }
    let merge = |items: Vec<&Investment>| -> Plain {
        let energy: f64 = items.iter().map(|item| millionths(item.energy_units.micros())).sum();
        let mean = |score: fn(&Investment) -> i64| {
            let weigh = |item: &&Investment| millionths(item.energy_units.micros()) * millionths(score(item));
            items.iter().map(weigh).sum::<f64>() / energy
        };
        [
            energy,
            mean(|item| item.coherence_score.micros()),
            mean(|item| item.awareness_score.micros()),
            mean(|item| item.friction_score.micros()),
        ]
    };
    let mut rows: BTreeMap<_, Plain> = pieces.into_iter().map(|(key, items)| (key, merge(items))).collect();
    if case.policy.implied_row.is_some() {
        for stage in Stage::ALL {
            if let Some(name) = case.record.link.contributors.get(stage) {
                rows.entry((stage, name.clone())).or_insert([1.0, 0.7, 0.7, 0.3]);
            }
        }
    }
    rows
}

/// The link's signals in the order of the answer, each to four places as it is shown.
fn plain_signals(case: &Case, rows: &BTreeMap<(Stage, String), Plain>) -> [f64; 5] {
    let value = millionths(case.record.totals.measured_value_total.micros());
    let cost = millionths(case.record.link.estimated_cost.micros());
    let roi = if cost > 0.0 { value / cost } else { 0.0 };
    let totals = &case.record.totals;
    let mean = |values: Vec<f64>| {
        if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
    };
    let stages: Vec<f64> = Stage::ALL.into_iter().filter_map(|stage| plain_balance(rows, stage)).collect();
    [
        roi / (1.0 + roi),
        if value + cost > 0.0 { value / (value + cost).max(1.0) } else { 0.0 },
        if totals.event_count == 0 {
            0.0
        } else {
            (totals.source_count + totals.metric_count) as f64 / (2 * totals.event_count) as f64
        },
        mean(rows.values().map(|row| row[3]).collect()),
        mean(stages),
    ]
}

/// How near a stage is to the mean of those present; none where it is not.
fn plain_balance(rows: &BTreeMap<(Stage, String), Plain>, stage: Stage) -> Option<f64> {
    let mut totals: BTreeMap<Stage, f64> = BTreeMap::new();
    for ((stage, _), row) in rows {
        *totals.entry(*stage).or_default() += row[0];
    }
    let mean = totals.values().sum::<f64>() / totals.len() as f64;
    totals.get(&stage).map(|total| (1.0 - (total - mean).abs() / mean).clamp(0.0, 1.0))
}

/// Each row's weight and how far the engine's may be off, for its signals have twelve places and floats sixteen.
fn plain_weights(case: &Case, rows: &BTreeMap<(Stage, String), Plain>, flow: f64) -> Vec<(f64, f64)> {
    let Policy { energy, objective_weights: weight, .. } = case.policy;
    let of = |micros: i64| millionths(micros);
    rows.iter()
        .map(|((stage, _), &[units, coherence, awareness, friction])| {
            let score = of(weight.coherence.micros()) * coherence
                + of(weight.energy_flow.micros()) * flow
                + of(weight.awareness.micros()) * awareness
                + of(weight.friction_relief.micros()) * (1.0 - friction)
                + of(weight.balance.micros()) * plain_balance(rows, *stage).unwrap_or(0.0);
            let factor = match energy {
                EnergyFactor::SquareRoot => units.sqrt(),
                EnergyFactor::Linear => units,
            };
            let staged = of(case.policy.stage_weight(*stage).micros()) * factor;
            (staged * score, staged * 1e-11)
        })
        .collect()
}

fn shown_signals(preview: &PayoutPreview) -> [f64; 5] {
    let signals = preview.signals.expect("a policy with objectives has signals");
    [signals.coherence, signals.energy_flow, signals.awareness, signals.friction, signals.balance]
        .map(|ratio| ratio.parts() as f64 / 1e4)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn signals_are_those_of_the_formula(case in any_case()) {
        let preview = case.preview();
        let expected = plain_signals(&case, &plain_rows(&case));
        for (shown, expected) in shown_signals(&preview).into_iter().zip(expected) {
            prop_assert!((0.0..=1.0).contains(&shown), "a signal is from 0 to 1");
            prop_assert!((shown - expected).abs() <= 0.000_050_01, "{} for {}", shown, expected);
        }
    }

    #[test]
    fn shares_are_those_of_the_formula(case in any_case()) {
        let preview = case.preview();
        let rows = plain_rows(&case);
        // Energy flow enters to four places, as it is shown.
        let weights = plain_weights(&case, &rows, shown_signals(&preview)[1]);
        let (total, off) = weights.iter().fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
        if total <= off * 1e3 {
            // All scores are next to nothing: twelve places are too few to compare a share by.
            return Ok(());
        }
        prop_assert_eq!(preview.payouts.len(), weights.len());
        for (row, (weight, row_off)) in preview.payouts.iter().zip(weights) {
            let (share, shown) = (weight / total, row.effective_weight.parts() as f64 / 1e12);
            let tolerance = 2.0 * (row_off + share * off) / total + 1.01e-9;
            prop_assert!((share - shown).abs() <= tolerance, "{} for {}", shown, share);
        }
    }
}
