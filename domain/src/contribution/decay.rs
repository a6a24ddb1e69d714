//! How a use fades: by half within each half-life, in whole-number arithmetic only.
//!
//! Properties: the same bits on every platform; exactly a half after exactly one half-life; never more with age; within
//! one part of 10^-12 of the true power.

use crate::decimal::divide_half_even;

/// Binary places in which powers are computed.
const PLACES: u32 = 62;
/// One, in those places.
const ONE: u128 = 1 << PLACES;
/// Parts of an answer in one: twelve places.
pub const PARTS: i128 = 1_000_000_000_000;

/// `2^(−age ÷ half_life)` in parts of 10^-12, for days. The half-life is above zero.
pub fn decay(age_days: u32, half_life_days: u32) -> i128 {
    assert!(half_life_days > 0, "a half-life is above zero");
    let (halvings, mut rest) = (age_days / half_life_days, u64::from(age_days % half_life_days));
    if halvings >= PLACES {
        return 0;
    }
    // The rest of the exponent bit by bit: 2^(−0.b₁b₂…) is the product of those 2^(−2^−k) whose bit is set.
    let half_life = u64::from(half_life_days);
    let (mut power, mut factor) = (ONE, ONE / 2);
    for _ in 0..PLACES {
        if rest == 0 {
            break;
        }
        factor = (factor << PLACES).isqrt();
        rest *= 2;
        if rest >= half_life {
            rest -= half_life;
            power = (power * factor) >> PLACES;
        }
    }
    divide_half_even(power.cast_signed() * PARTS, ONE.cast_signed() << halvings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_counts_half_after_the_half_life_and_a_quarter_after_two() {
        assert_eq!([0, 30, 60, 90].map(|age| decay(age, 30)), [PARTS, PARTS / 2, PARTS / 4, PARTS / 8]);
        assert_eq!(decay(u32::MAX, 1), 0);
        assert_eq!(decay(u32::MAX, u32::MAX), PARTS / 2);
    }

    #[test]
    fn powers_are_those_of_sixty_digits_rounded_to_twelve_places() {
        for (age, half_life, parts) in [
            (1, 30, 977_159_968_434),
            (7, 30, 850_667_160_951),
            (15, 30, 707_106_781_187),
            (29, 30, 511_686_945_998),
            (31, 30, 488_579_984_217),
            (100, 30, 99_212_565_748),
            (599, 30, 975_965),
            (1, 365, 998_102_768_652),
            (364, 365, 500_950_418_839),
            (1, u32::MAX, 999_999_999_839),
            (3, 7, 742_997_144_568),
            (11, 13, 556_265_738_048),
        ] {
            assert_eq!(decay(age, half_life), parts, "2^(-{age}/{half_life})");
        }
    }

    #[test]
    fn no_use_ever_grows() {
        for half_life in [1, 7, 30, 365] {
            assert!((0..2_000).all(|age| decay(age, half_life) >= decay(age + 1, half_life)), "{half_life}");
        }
    }
}
