//! Decimal numbers as people and machines write them, read without ever passing through a float.
//!
//! Properties: reading is exact up to six places and rounds half to even beyond; printing shows at least one
//! decimal (`1000.0`), no trailing zeros after it, and reads back to the same number.

use std::cmp::Ordering;

/// Millionths in one unit: everything counted is kept to six places.
pub const MICROS_PER_UNIT: i64 = 1_000_000;

/// Digits before the point that a number may have at the most; beyond, it is too large for any purpose here.
const MAX_WHOLE_DIGITS: i64 = 24;

/// A number read from text, rounded half to even to millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDecimal {
    /// The number in millionths, rounded half to even.
    pub micros: i128,
    /// How the text compares with `micros`: `Greater` where digits were cut off and the text is larger.
    pub exact: Ordering,
}

impl ReadDecimal {
    /// Whether the number as written is below zero, even where it rounds to zero.
    pub fn is_negative(&self) -> bool {
        self.compare(0) == Ordering::Less
    }

    /// Compares the number as written with a number of millionths.
    pub fn compare(&self, micros: i128) -> Ordering {
        self.micros.cmp(&micros).then(self.exact)
    }

    /// Whether the number as written has no digit beyond `places` (at most six) after the point.
    pub fn fits_places(&self, places: u32) -> bool {
        self.exact == Ordering::Equal && self.micros % 10_i128.pow(6 - places) == 0
    }
}

/// Why a text is no number that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// Not a decimal number at all.
    NotANumber,
    /// More digits before the point than anything here can hold.
    TooLarge,
}

/// Reads `12`, `-0.5`, `.5`, `1e3`; nothing with spaces, separators or letters.
pub fn read(text: &str) -> Result<ReadDecimal, DecimalError> {
    let (negative, digits, point) = split(text)?;
    let Some(first) = digits.iter().position(|&digit| digit != 0) else {
        return Ok(ReadDecimal { micros: 0, exact: Ordering::Equal });
    };
    let digits = &digits[first..];
    let point = point - first as i64;
    if point > MAX_WHOLE_DIGITS {
        return Err(DecimalError::TooLarge);
    }
    // The number is 0.d1d2d3… × 10^point; its first `point + 6` digits are whole millionths.
    let (magnitude, exact) = round(digits, point + 6);
    Ok(if negative {
        ReadDecimal { micros: -magnitude, exact: exact.reverse() }
    } else {
        ReadDecimal { micros: magnitude, exact }
    })
}

/// Sign, digits and the place of the point counted from the first digit.
fn split(text: &str) -> Result<(bool, Vec<u8>, i64), DecimalError> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], read_exponent(&rest[at + 1..])?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(DecimalError::NotANumber);
    }
    let digits = whole
        .bytes()
        .chain(fraction.bytes())
        .map(|byte| if byte.is_ascii_digit() { Ok(byte - b'0') } else { Err(DecimalError::NotANumber) })
        .collect::<Result<Vec<u8>, _>>()?;
    Ok((negative, digits, whole.len() as i64 + exponent))
}

/// An exponent, held within bounds that no number of a request can make meaningful.
fn read_exponent(text: &str) -> Result<i64, DecimalError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    let magnitude = digits.trim_start_matches('0');
    let magnitude: i64 = if magnitude.len() > 9 { 1_000_000_000 } else { magnitude.parse().unwrap_or(0) };
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// The first `keep` digits as a whole number, rounded half to even by those after them.
fn round(digits: &[u8], keep: i64) -> (i128, Ordering) {
    if keep < 0 {
        return (0, Ordering::Greater);
    }
    let keep = keep as usize;
    let kept = (0..keep).fold(0_i128, |sum, at| sum * 10 + i128::from(*digits.get(at).unwrap_or(&0)));
    let rest = digits.get(keep..).unwrap_or(&[]);
    let tail_is_zero = rest.iter().skip(1).all(|&digit| digit == 0);
    match rest.first() {
        None => (kept, Ordering::Equal),
        Some(0) if tail_is_zero => (kept, Ordering::Equal),
        Some(0..=4) => (kept, Ordering::Greater),
        Some(5) if tail_is_zero && kept % 2 == 0 => (kept, Ordering::Greater),
        Some(_) => (kept + 1, Ordering::Less),
    }
}

/// Prints a number of `10^-places` parts with at least one decimal and no needless zeros.
pub fn print(parts: i128, places: u32) -> String {
    let base = 10_u128.pow(places);
    let magnitude = parts.unsigned_abs();
    let fraction = format!("{:0width$}", magnitude % base, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    let sign = if parts < 0 { "-" } else { "" };
    format!("{sign}{}.{}", magnitude / base, if fraction.is_empty() { "0" } else { fraction })
}

/// `numerator / denominator`, rounded half to even. The denominator is above zero.
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    debug_assert!(denominator > 0, "a divisor is above zero");
    let quotient = numerator.div_euclid(denominator);
    let rest = numerator.rem_euclid(denominator);
    match rest.cmp(&(denominator - rest)) {
        Ordering::Less => quotient,
        Ordering::Greater => quotient + 1,
        Ordering::Equal => quotient + quotient.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_and_machines_write() {
        for (text, micros) in [
            ("1000", 1_000_000_000),
            ("45.5", 45_500_000),
            (".5", 500_000),
            ("-2.25", -2_250_000),
            ("1e3", 1_000_000_000),
            ("12.5E-1", 1_250_000),
            ("0.000001", 1),
            ("000120.0", 120_000_000),
            ("0e999999999999", 0),
            ("-0.0", 0),
        ] {
            assert_eq!(
                read(text),
                Ok(ReadDecimal { micros, exact: Ordering::Equal }),
                "{text} is {micros} millionths"
            );
        }
    }

    #[test]
    fn rounds_half_to_even_beyond_six_places() {
        for (text, micros, exact) in [
            ("0.0000005", 0, Ordering::Greater),
            ("0.0000015", 2, Ordering::Less),
            ("0.0000025", 2, Ordering::Greater),
            ("0.00000250000000000000000000000000000000001", 3, Ordering::Less),
            ("0.30000000000000004", 300_000, Ordering::Greater),
            ("1e-400", 0, Ordering::Greater),
            ("-0.0000015", -2, Ordering::Greater),
        ] {
            assert_eq!(read(text), Ok(ReadDecimal { micros, exact }), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in
            ["", "-", ".", "1,000", "1_000", " 1", "0x10", "NaN", "Infinity", "1e", "1e+", "--1", "1.2.3"]
        {
            assert_eq!(read(text), Err(DecimalError::NotANumber), "{text:?}");
        }
        for text in ["1e999", "1e25", "99999999999999999999999999"] {
            assert_eq!(read(text), Err(DecimalError::TooLarge), "{text:?}");
        }
    }

    #[test]
    fn a_negative_that_rounds_to_zero_is_still_negative() {
        assert!(read("-0.0000001").unwrap().is_negative());
        assert!(!read("-0.0").unwrap().is_negative());
    }

    #[test]
    fn prints_at_least_one_decimal_and_no_needless_zeros() {
        assert_eq!(print(1_000_000_000, 6), "1000.0");
        assert_eq!(print(45_500_000, 6), "45.5");
        assert_eq!(print(-1, 6), "-0.000001");
        assert_eq!(print(8333, 4), "0.8333");
        assert_eq!(print(0, 6), "0.0");
    }

    #[test]
    fn division_rounds_half_to_even_on_both_sides_of_zero() {
        for (numerator, denominator, quotient) in
            [(5, 2, 2), (7, 2, 4), (-5, 2, -2), (-7, 2, -4), (8, 3, 3), (7, 3, 2), (-8, 3, -3), (0, 7, 0)]
        {
            assert_eq!(divide_half_even(numerator, denominator), quotient, "{numerator}/{denominator}");
        }
    }
}
