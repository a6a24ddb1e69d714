//! `allocate` alone, against a second solver that hands out one unit at a time.

use super::config;
use domain::allocate::{MAX_TOTAL_WEIGHT, allocate, multiply_divide};
use proptest::prelude::*;

/// Hamilton's method as one would explain it: whole shares first, then unit after unit to whoever is owed most.
fn hand_out(whole: u64, weights: &[u128]) -> Vec<u64> {
    let total: u128 = weights.iter().sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let whole = u128::from(whole);
    let mut parts: Vec<u128> = weights.iter().map(|weight| whole * weight / total).collect();
    while parts.iter().sum::<u128>() < whole {
        // What each is owed still, in parts of one over the total; negative once it has its extra unit.
        let owed = |at: usize| (whole * weights[at]) as i128 - (parts[at] * total) as i128;
        let most = (0..weights.len()).map(|at| (owed(at), weights[at])).max().unwrap();
        let next = (0..weights.len()).find(|&at| (owed(at), weights[at]) == most).unwrap();
        parts[next] += 1;
    }
    parts.into_iter().map(|part| part as u64).collect()
}

/// `number × factor` as its upper 128 and lower 64 bits.
fn product(number: u128, factor: u64) -> (u128, u64) {
    let factor = u128::from(factor);
    let (upper, lower) = (number >> 64, number & u128::from(u64::MAX));
    let lower = lower * factor;
    (upper * factor + (lower >> 64), lower as u64)
}

/// Weights small enough for the second solver: few and many, equal ones often.
fn small_weights() -> impl Strategy<Value = Vec<u128>> {
    let weight = prop_oneof![
        2 => 0..=3_u128,
        2 => 0..=1_000_u128,
        1 => (0..=40_u32, any::<u64>()).prop_map(|(bits, random)| u128::from(random) % (1 << bits)),
    ];
    prop::collection::vec(weight, 0..24)
}

/// Weights of any size whose sum can be shared.
fn any_weights() -> impl Strategy<Value = Vec<u128>> {
    let weight = (0..=121_u32, any::<u128>()).prop_map(|(bits, random)| random % (1 << bits));
    prop::collection::vec(prop_oneof![1 => Just(0), 6 => weight], 0..24)
}

fn any_whole() -> impl Strategy<Value = u64> {
    prop_oneof![0..=50_u64, (0..64_u32, any::<u64>()).prop_map(|(bits, random)| random >> bits)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn parts_are_those_of_the_second_solver(whole in any_whole(), weights in small_weights()) {
        prop_assert_eq!(allocate(whole, &weights), hand_out(whole, &weights));
    }

    #[test]
    fn parts_sum_to_the_whole(whole in any_whole(), weights in any_weights()) {
        let parts = allocate(whole, &weights);
        prop_assert_eq!(parts.len(), weights.len());
        let sum: u128 = parts.iter().map(|&part| u128::from(part)).sum();
        let any = weights.iter().any(|&weight| weight > 0);
        prop_assert_eq!(sum, if any { u128::from(whole) } else { 0 });
    }

    #[test]
    fn no_part_is_a_unit_away_from_its_exact_share(whole in any_whole(), weights in any_weights()) {
        let total: u128 = weights.iter().sum();
        if total == 0 {
            return Ok(());
        }
        for (part, weight) in allocate(whole, &weights).into_iter().zip(weights) {
            // (part − 1) × total < whole × weight < (part + 1) × total, in 192 bits.
            let exact = product(weight, whole);
            prop_assert!(part == 0 || product(total, part - 1) < exact);
            prop_assert!(part == u64::MAX || exact < product(total, part + 1));
        }
    }

    #[test]
    fn a_weight_of_zero_gets_nothing(whole in any_whole(), weights in any_weights()) {
        for (part, weight) in allocate(whole, &weights).into_iter().zip(weights) {
            prop_assert!(weight > 0 || part == 0);
        }
    }

    #[test]
    fn more_weight_never_gets_less(
        whole in any_whole(),
        weights in any_weights().prop_map(|weights| if weights.is_empty() { vec![1] } else { weights }),
        at in any::<prop::sample::Index>(),
        more in (0..=120_u32, any::<u128>()).prop_map(|(bits, random)| random % (1 << bits)),
    ) {
        let at = at.index(weights.len());
        let mut raised = weights.clone();
        raised[at] += more;
        prop_assert!(allocate(whole, &raised)[at] >= allocate(whole, &weights)[at]);
        // By one or two as well, where a remainder only just passes another.
        raised[at] = weights[at] + more % 3;
        prop_assert!(allocate(whole, &raised)[at] >= allocate(whole, &weights)[at]);
    }

    #[test]
    fn a_larger_weight_gets_no_less_than_a_smaller(whole in any_whole(), weights in small_weights()) {
        let mut pairs: Vec<_> = weights.iter().copied().zip(allocate(whole, &weights)).collect();
        pairs.sort_unstable();
        prop_assert!(pairs.windows(2).all(|pair| pair[0].1 <= pair[1].1));
    }

    #[test]
    fn equal_weights_get_equal_parts_to_one_unit(whole in any_whole(), weights in small_weights()) {
        let parts = allocate(whole, &weights);
        for (one, weight) in parts.iter().zip(&weights) {
            for (two, other) in parts.iter().zip(&weights) {
                prop_assert!(weight != other || one.abs_diff(*two) <= 1);
            }
        }
    }

    #[test]
    fn a_permutation_only_permutes(
        whole in any_whole(),
        (weights, shuffled) in small_weights().prop_flat_map(|weights| {
            (Just(weights.clone()), Just(weights).prop_shuffle())
        }),
    ) {
        // Equal weights have equal claims, so only which of them is first may change.
        let pairs = |weights: &[u128]| {
            let mut pairs: Vec<_> = weights.iter().copied().zip(allocate(whole, weights)).collect();
            pairs.sort_unstable();
            pairs
        };
        prop_assert_eq!(pairs(&weights), pairs(&shuffled));
    }

    #[test]
    fn the_scale_of_weights_changes_nothing(
        whole in any_whole(),
        weights in small_weights(),
        factor in 1..=1_u128 << 60,
    ) {
        let scaled: Vec<u128> = weights.iter().map(|weight| weight * factor).collect();
        prop_assert_eq!(allocate(whole, &weights), allocate(whole, &scaled));
    }

    #[test]
    fn multiply_divide_is_exact_in_192_bits(
        whole in any_whole(),
        total in (0..=126_u32, any::<u128>()).prop_map(|(bits, random)| 1 + random % (1 << bits)),
        part in any::<u128>(),
    ) {
        let weight = part % (total + 1);
        let (quotient, remainder) = multiply_divide(whole, weight, total);
        prop_assert!(remainder < total && total <= MAX_TOTAL_WEIGHT);
        let (upper, lower) = product(total, quotient);
        let (low, carry) = (u128::from(lower)).overflowing_add(remainder);
        prop_assert!(!carry);
        prop_assert_eq!((upper + (low >> 64), low as u64), product(weight, whole));
    }
}
