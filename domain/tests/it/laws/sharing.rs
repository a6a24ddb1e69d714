//! The pool goes out to the last unit, by shares that know neither its size nor the order of what was sent.

use super::cases::{any_case, any_invested_case, any_pool};
use super::config;
use domain::link::Investment;
use domain::money::{Amount, Energy, Factor};
use domain::payout::{PayoutPreview, preview};
use proptest::prelude::*;

/// One, in the parts of a factor.
const ONE: i128 = 1_000_000_000_000;

/// What all rows are paid, in millionths.
fn paid(preview: &PayoutPreview) -> i64 {
    preview.payouts.iter().map(|row| row.amount.micros()).sum()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn amounts_and_what_is_unallocated_sum_to_the_pool(case in any_case()) {
        let preview = case.preview();
        prop_assert_eq!(paid(&preview) + preview.unallocated.micros(), case.pool.amount().micros());
        prop_assert_eq!(preview.payout_pool, case.pool.amount());
        prop_assert_eq!(preview.currency.as_deref(), case.pool.currency());
        for row in &preview.payouts {
            prop_assert!(row.amount.micros() >= 0, "nobody owes");
            prop_assert_eq!(row.amount.micros() % case.unit(), 0, "whole units only");
        }
    }

    #[test]
    fn all_or_nothing_is_unallocated(case in any_case()) {
        let preview = case.preview();
        let weighs = preview.payouts.iter().any(|row| row.effective_weight > Factor::ZERO);
        let unallocated = if weighs { Amount::ZERO } else { case.pool.amount() };
        prop_assert_eq!(preview.unallocated, unallocated);
    }

    #[test]
    fn effective_weights_sum_to_exactly_one(case in any_case()) {
        let preview = case.preview();
        let sum: i128 = preview.payouts.iter().map(|row| row.effective_weight.parts()).sum();
        let scored = preview.payouts.iter().any(|row| row.explanation.score > Factor::ZERO);
        prop_assert_eq!(sum, if scored { ONE } else { 0 });
    }

    #[test]
    fn the_pool_s_scale_changes_no_share(case in any_case(), other in any_pool()) {
        let (one, two) = (case.preview(), preview(case.policy, &case.record, &other));
        prop_assert_eq!(one.signals, two.signals);
        prop_assert_eq!(one.payouts.len(), two.payouts.len());
        for (one, two) in one.payouts.iter().zip(&two.payouts) {
            prop_assert_eq!((one.role, &one.contributor), (two.role, &two.contributor));
            prop_assert_eq!(one.effective_weight, two.effective_weight);
            prop_assert_eq!(one.energy_units, two.energy_units);
            let (one, two) = (&one.explanation, &two.explanation);
            prop_assert_eq!(
                (one.score, one.weight, one.total_weight, one.energy_factor, one.implied),
                (two.score, two.weight, two.total_weight, two.energy_factor, two.implied)
            );
        }
    }

    #[test]
    fn the_order_of_investments_changes_nothing(
        (case, shuffled) in any_invested_case().prop_flat_map(|case| {
            let shuffled = Just(case.investments().to_vec()).prop_shuffle();
            (Just(case), shuffled)
        })
    ) {
        prop_assert_eq!(case.preview(), case.preview_with(shuffled));
    }

    #[test]
    fn splitting_into_pieces_changes_nothing(
        case in any_invested_case(),
        at in any::<prop::sample::Index>(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
        places in prop::collection::vec(any::<prop::sample::Index>(), 5),
    ) {
        let mut investments = case.investments().to_vec();
        let whole = investments.remove(at.index(investments.len()));
        for (piece, place) in pieces(&whole, &cuts).into_iter().zip(&places) {
            investments.insert(place.index(investments.len() + 1), piece);
        }
        prop_assert_eq!(case.preview(), case.preview_with(investments));
    }
}

/// The investment cut at these places, each piece above zero.
fn pieces(whole: &Investment, cuts: &[prop::sample::Index]) -> Vec<Investment> {
    let total = whole.energy_units.micros();
    let mut ends: Vec<i64> = cuts.iter().map(|cut| cut.index(total as usize) as i64).collect();
    ends.extend([0, total]);
    ends.sort_unstable();
    ends.dedup();
    let piece =
        |pair: &[i64]| Investment { energy_units: Energy::from_micros(pair[1] - pair[0]), ..whole.clone() };
    ends.windows(2).map(piece).collect()
}
