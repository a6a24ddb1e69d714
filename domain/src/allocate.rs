//! Shares a whole number of units by weight, to the last unit.
//!
//! Properties, each a law in `tests/it/laws.rs`:
//! - the parts sum to the whole, whenever any weight is above zero;
//! - no part is a unit or more away from its exact share;
//! - a weight of zero gets nothing;
//! - raising one weight alone never lowers its part;
//! - equal weights get parts that differ by one unit at the most.
//!
//! The method is Hamilton's, of the largest remainder. Ties are broken by
//! 1. the larger remainder,
//! 2. the larger weight,
//! 3. the earlier place, so the caller's order must be one that does not depend on how rows were sent.

/// The largest sum of weights that can be shared: doubling a remainder must fit 128 bits.
pub const MAX_TOTAL_WEIGHT: u128 = 1 << 126;

/// The parts of `whole`, one for each weight. All are zero where no weight is above zero.
///
/// # Panics
/// Where the weights sum to more than [`MAX_TOTAL_WEIGHT`]; policies keep far below it.
pub fn allocate(whole: u64, weights: &[u128]) -> Vec<u64> {
    let total: u128 = weights.iter().sum();
    assert!(total <= MAX_TOTAL_WEIGHT, "weights sum to at most 2^126");
    if total == 0 {
        return vec![0; weights.len()];
    }
    let (mut parts, remainders): (Vec<u64>, Vec<u128>) =
        weights.iter().map(|&weight| multiply_divide(whole, weight, total)).unzip();
    let left = whole - parts.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&at| remainders[at] > 0).collect();
    order.sort_by(|&a, &b| (remainders[b], weights[b], a).cmp(&(remainders[a], weights[a], b)));
    // Fewer units are left than there are remainders, so nobody gets two.
    for &at in order.iter().take(left as usize) {
        parts[at] += 1;
    }
    parts
}

/// `(whole × weight) / total` and its remainder, exact though the product may need 192 bits.
pub fn multiply_divide(whole: u64, weight: u128, total: u128) -> (u64, u128) {
    debug_assert!(weight <= total && total > 0, "a weight is a part of the total");
    if let Some(product) = weight.checked_mul(u128::from(whole)) {
        return ((product / total) as u64, product % total);
    }
    // Schoolbook: the product bit by bit from the top, divided as it grows.
    let (mut quotient, mut remainder) = (0_u64, 0_u128);
    for bit in (0..u64::BITS).rev() {
        quotient <<= 1;
        remainder <<= 1;
        if remainder >= total {
            remainder -= total;
            quotient += 1;
        }
        if whole >> bit & 1 == 1 {
            remainder += weight;
            if remainder >= total {
                remainder -= total;
                quotient += 1;
            }
        }
    }
    (quotient, remainder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_to_the_last_unit() {
        assert_eq!(allocate(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(allocate(1, &[1, 1, 1]), [1, 0, 0]);
        assert_eq!(allocate(1_000_000, &[10, 20, 50, 20]), [100_000, 200_000, 500_000, 200_000]);
        assert_eq!(allocate(10, &[0, 3, 0]), [0, 10, 0]);
        assert_eq!(allocate(10, &[0, 0]), [0, 0]);
        assert_eq!(allocate(10, &[]), [] as [u64; 0]);
    }

    #[test]
    fn ties_go_to_the_larger_weight_then_to_the_earlier_place() {
        // Exact shares 1.5 and 0.5 of 2: equal remainders.
        assert_eq!(allocate(2, &[1, 3]), [0, 2]);
        assert_eq!(allocate(3, &[1, 1]), [2, 1]);
    }

    #[test]
    fn products_beyond_128_bits_are_exact() {
        let total = MAX_TOTAL_WEIGHT;
        assert_eq!(multiply_divide(u64::MAX, total, total), (u64::MAX, 0));
        assert_eq!(multiply_divide(u64::MAX, total / 2, total), (u64::MAX / 2, total / 2));
        assert_eq!(multiply_divide(3, total / 3, total), (0, (total / 3) * 3));
        // Both ways agree where both can go.
        for whole in [1, 7, 1 << 40, u64::MAX] {
            let (weight, total) = (123_456_789_012_345_678_u128, 998_877_665_544_332_211_u128);
            let product = weight * u128::from(whole);
            assert_eq!(multiply_divide(whole, weight, total), ((product / total) as u64, product % total));
        }
    }
}
