//! Every figure of an explanation adds up to the one it explains.

use super::cases::any_case;
use super::config;
use domain::money::Factor;
use domain::payout::{Explanation, PayoutRow, Pool};
use domain::policy::{EnergyFactor, Objective};
use proptest::prelude::*;

/// Parts of a factor in one.
const ONE: f64 = 1e12;

fn number(factor: Factor) -> f64 {
    factor.parts() as f64 / ONE
}

/// `stage_weight × energy_factor × score ÷ total_weight × pool` from the figures as they are shown, and how far it
/// may be off because they are shown to twelve places: half a part of the total weight, and half a part of stage
/// weight times score, which the engine rounds; then a float's own 52 bits, a few times over.
fn recomputed(explanation: &Explanation, pool: &Pool) -> (f64, f64) {
    let staged = explanation.stage_weight.micros() as f64 / 1e6 * number(explanation.score);
    let total = number(explanation.total_weight);
    let pool = pool.amount().micros() as f64 / 1e6;
    let exact = staged * number(explanation.energy_factor) / total * pool;
    let half_a_part = 0.5 / ONE;
    let relative = half_a_part / total + half_a_part / staged + 1e-14;
    // Twice, for the products of the errors; and what was cut off the exact amount.
    (exact, exact * relative * 2.0 + 2.0 / ONE)
}

fn add_up(row: &PayoutRow, unit: i64) -> Result<(), TestCaseError> {
    let explanation = &row.explanation;
    let shares: i128 = explanation.objectives.iter().map(|term| term.share.parts()).sum();
    prop_assert_eq!(shares, explanation.score.parts());
    let amounts: i64 = explanation.objectives.iter().map(|term| term.amount.micros()).sum();
    prop_assert_eq!(amounts, row.amount.micros());
    let amount = i128::from(row.amount.micros()) * 1_000_000;
    prop_assert_eq!(explanation.exact_amount.parts() + explanation.rounding.parts(), amount);
    prop_assert!(explanation.rounding.parts().abs() < i128::from(unit) * 1_000_000);
    for term in &explanation.objectives {
        prop_assert!(term.amount.micros() >= 0);
        prop_assert!((0..=1_000_000_000_000).contains(&term.signal.parts()), "a signal is from 0 to 1");
        // Weight times signal, to half a part.
        let product = i128::from(term.weight.micros()) * term.signal.parts();
        prop_assert!((product - term.share.parts() * 1_000_000).abs() <= 500_000);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_explanation_adds_up(case in any_case()) {
        let preview = case.preview();
        let total = preview.payouts.first().map(|row| row.explanation.total_weight);
        for row in &preview.payouts {
            add_up(row, case.unit())?;
            let explanation = &row.explanation;
            let order: Vec<Objective> = explanation.objectives.iter().map(|term| term.objective).collect();
            prop_assert_eq!(order, Objective::ALL);
            prop_assert_eq!(explanation.stage_weight, case.policy.stage_weight(row.role.stage().unwrap()));
            prop_assert_eq!(Some(explanation.total_weight), total);
            for term in &explanation.objectives {
                prop_assert_eq!(term.weight, *case.policy.objective_weights.get(term.objective));
            }
        }
        // Every row's shown weight is rounded by half a part at the most, and so is their total.
        let sum: i128 = preview.payouts.iter().map(|row| row.explanation.weight.parts()).sum();
        let off = (sum - total.map_or(0, Factor::parts)).unsigned_abs();
        prop_assert!(off <= preview.payouts.len() as u128, "{} parts off", off);
    }

    #[test]
    fn every_explanation_multiplies_to_its_exact_amount(case in any_case()) {
        for row in &case.preview().payouts {
            let explanation = &row.explanation;
            if explanation.total_weight == Factor::ZERO || explanation.score == Factor::ZERO {
                continue;
            }
            let (expected, tolerance) = recomputed(explanation, &case.pool);
            let off = (number(explanation.exact_amount) - expected).abs();
            prop_assert!(off <= tolerance, "{} is off by {}, {} allowed", expected, off, tolerance);
        }
    }

    #[test]
    fn every_amount_is_within_one_unit_of_its_exact_share(case in any_case()) {
        let unit = i128::from(case.unit()) * 1_000_000;
        for row in &case.preview().payouts {
            let exact = row.explanation.exact_amount.parts();
            let amount = i128::from(row.amount.micros()) * 1_000_000;
            prop_assert!(exact - exact % unit == amount || exact - exact % unit + unit == amount);
            // And of the share that is shown, whose nine places are one part off at the most.
            let share = row.effective_weight.parts() / 1_000;
            let pool = i128::from(case.pool.amount().micros());
            let off = (i128::from(row.amount.micros()) * 1_000_000_000 - pool * share).abs();
            prop_assert!(off <= i128::from(case.unit()) * 1_000_000_000 + pool);
        }
    }

    #[test]
    fn the_energy_factor_is_the_energy_or_its_root(case in any_case()) {
        for row in &case.preview().payouts {
            let factor = row.explanation.energy_factor.parts();
            let energy = i128::from(row.energy_units.micros());
            match case.policy.energy {
                EnergyFactor::Linear => prop_assert_eq!(factor, energy * 1_000_000),
                EnergyFactor::SquareRoot => {
                    // Cut to twelve places: factor² ≤ energy < (factor + 1 part)², all in parts of 10^-24.
                    let square = energy * 1_000_000_000_000_000_000;
                    prop_assert!(factor * factor <= square && square < (factor + 1) * (factor + 1));
                }
            }
        }
    }
}
