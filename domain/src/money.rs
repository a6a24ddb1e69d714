//! Amounts, energies, scores and weights: whole numbers of small parts, never floats.
//!
//! On the wire each is a JSON number written digit for digit (`1000.0`), so that what is shown is what is kept.

use crate::decimal::{self, MICROS_PER_UNIT, divide_half_even};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::value::RawValue;
use std::fmt;

/// Defines a number kept as `$repr` parts of `10^-$places`, with its text and JSON forms.
macro_rules! fixed_point {
    ($(#[$doc:meta])* $name:ident, $repr:ty, $places:literal, $from:ident, $parts:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = f64))]
        pub struct $name($repr);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// From its smallest parts.
            pub const fn $from(parts: $repr) -> Self {
                Self(parts)
            }

            /// Its smallest parts.
            pub const fn $parts(self) -> $repr {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&decimal::print(i128::from(self.0), $places))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
            }
        }
    };
}

/// Reads a kept JSON number into a type of six places; in the ledger's canonical JSON it stands as text.
macro_rules! reads_six_places {
    ($name:ident) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Box::<RawValue>::deserialize(deserializer)?;
                let read = decimal::read(text.get().trim_matches('"'))
                    .map_err(|_| D::Error::custom(concat!("not a number: ", stringify!($name))))?;
                read.micros.try_into().map(Self).map_err(D::Error::custom)
            }
        }
    };
}

fixed_point!(
    /// Money or value, in millionths of a unit. The unit is the reader's: a currency, hours saved, adoptions.
    Amount, i64, 6, from_micros, micros
);
fixed_point!(
    /// Energy put into a stage, in millionths of an energy unit; above zero.
    Energy, i64, 6, from_micros, micros
);
fixed_point!(
    /// A score or signal from 0 to 1, in millionths.
    Score, i64, 6, from_micros, micros
);
fixed_point!(
    /// A policy's weight, in millionths.
    Weight, i64, 6, from_micros, micros
);
fixed_point!(
    /// A Contribution Index, in millionths. Less than nothing where more of it ended in a window than was earned in it.
    Index, i64, 6, from_micros, micros
);
fixed_point!(
    /// A factor of an explanation, to twelve places.
    Factor, i128, 12, from_parts, parts
);
fixed_point!(
    /// A ratio to four places, such as return on investment.
    Ratio, i128, 4, from_parts, parts
);
reads_six_places!(Amount);
reads_six_places!(Energy);
reads_six_places!(Score);
reads_six_places!(Weight);
reads_six_places!(Index);

impl Index {
    /// Its part of a whole, from 0 to 1, half to even; 0 of nothing.
    pub fn part_of(self, whole: Self) -> Score {
        if whole.0 <= 0 {
            return Score::ZERO;
        }
        let part = divide_half_even(i128::from(self.0) * i128::from(MICROS_PER_UNIT), i128::from(whole.0));
        Score(part.clamp(0, i128::from(MICROS_PER_UNIT)) as i64)
    }
}

impl std::ops::Add for Index {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::iter::Sum for Index {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, std::ops::Add::add)
    }
}

impl Amount {
    /// The most that one value, cost or pool may be: a million million units.
    pub const MAX: Self = Self(1_000_000_000_000 * MICROS_PER_UNIT);

    /// The sum, or nothing where it cannot be counted.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl Energy {
    /// The most energy that one investment may hold: a thousand million units.
    pub const MAX: Self = Self(1_000_000_000 * MICROS_PER_UNIT);
}

impl Score {
    /// The whole.
    pub const ONE: Self = Self(MICROS_PER_UNIT);
    /// What a score is where an investment does not say.
    pub const HALF: Self = Self(MICROS_PER_UNIT / 2);
}

impl Ratio {
    /// `numerator / denominator` to four places, half to even; 0 where the denominator is 0.
    pub fn of(numerator: Amount, denominator: Amount) -> Self {
        if denominator.0 <= 0 {
            return Self::ZERO;
        }
        Self(divide_half_even(i128::from(numerator.0) * 10_000, i128::from(denominator.0)))
    }

    /// The ratio in a 64-bit column, held at the largest such number: for sorting only.
    pub fn sort_key(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_and_read_back_digit_for_digit() {
        for (micros, text) in [
            (100_000_000, "100.0"),
            (999_999_999_999_999_999, "999999999999.999999"),
            (1, "0.000001"),
            (-45_500_000, "-45.5"),
        ] {
            let json = serde_json::to_string(&Amount::from_micros(micros)).unwrap();
            assert_eq!(json, text);
            assert_eq!(serde_json::from_str::<Amount>(&json).unwrap().micros(), micros);
        }
    }

    #[test]
    fn roi_is_value_over_cost_to_four_places_and_zero_without_cost() {
        let amount = |units: i64| Amount::from_micros(units * MICROS_PER_UNIT);
        assert_eq!(Ratio::of(amount(100), amount(120)).to_string(), "0.8333");
        assert_eq!(Ratio::of(amount(100), amount(0)), Ratio::ZERO);
        assert_eq!(Ratio::of(Amount::MAX, Amount::from_micros(1)).sort_key(), i64::MAX);
    }
}
