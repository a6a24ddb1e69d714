//! Numbers for a reader, from whole parts: grouped, with as many places as a column needs. No float comes near.

use domain::decimal::divide_half_even;
use domain::money::{Amount, Energy, Factor, Index, Ratio, Score, Weight};
use leptos::prelude::*;

/// A number kept as whole parts of `10^-PLACES`.
pub trait Decimal: Copy {
    /// The places it is kept to.
    const PLACES: u32;

    /// Its whole parts.
    fn to_parts(self) -> i128;
}

macro_rules! decimal {
    ($($name:ident, $parts:ident, $places:literal;)*) => {
        $(impl Decimal for $name {
            const PLACES: u32 = $places;

            fn to_parts(self) -> i128 {
                i128::from(self.$parts())
            }
        })*
    };
}

decimal! {
    Amount, micros, 6;
    Energy, micros, 6;
    Index, micros, 6;
    Score, micros, 6;
    Weight, micros, 6;
    Factor, parts, 12;
    Ratio, parts, 4;
}

/// A number with exactly `places` after the point, rounded half to even: `1,234.50`, `−0.3`.
pub fn fixed(number: impl Decimal, places: u32) -> String {
    fixed_parts(number.to_parts(), kept_places(&number), places)
}

/// A number with at least `least` places, and as many more as it takes to show all of it.
pub fn whole(number: impl Decimal, least: u32) -> String {
    fixed(number, places_of([number], least))
}

/// An amount as it stands alone: at least two places.
pub fn amount(number: Amount) -> String {
    whole(number, 2)
}

/// A part of one as a percentage: `19.4`.
pub fn percent(number: impl Decimal, places: u32) -> String {
    fixed_parts(number.to_parts() * 100, kept_places(&number), places)
}

/// A number with its sign: `+6.5742`, `−0.2194`; nothing before a zero.
pub fn signed(number: impl Decimal, places: u32) -> String {
    let text = fixed(number, places);
    if number.to_parts() > 0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        format!("+{text}")
    } else {
        text
    }
}

/// The places that a column needs to show all of its numbers, at least `least`.
pub fn places_of<D: Decimal>(numbers: impl IntoIterator<Item = D>, least: u32) -> u32 {
    numbers.into_iter().map(|number| needed_places(number.to_parts(), D::PLACES)).fold(least, u32::max)
}

/// A whole number, grouped: `1,234`.
pub fn count(number: i64) -> String {
    fixed_parts(i128::from(number), 0, 0)
}

/// A count with its noun: `1 event`, `2 events`.
pub fn counted(number: i64, one: &str) -> String {
    format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" })
}

/// The text of a number in two: before the point, and from the point on.
pub fn split(text: &str) -> (String, String) {
    match text.find('.') {
        Some(at) => (text[..at].to_owned(), text[at..].to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

/// A number whose places after the point stand back.
pub fn quiet_fraction(text: &str) -> impl IntoView + use<> {
    let (whole, fraction) = split(text);
    view! { {whole}<span class="frac">{fraction}</span> }
}

fn kept_places<D: Decimal>(_: &D) -> u32 {
    D::PLACES
}

fn needed_places(parts: i128, places: u32) -> u32 {
    (0..places).find(|&shown| parts % 10_i128.pow(places - shown) == 0).unwrap_or(places)
}

/// A number of `10^-kept` parts with `shown` places.
fn fixed_parts(parts: i128, kept: u32, shown: u32) -> String {
    let parts = if shown < kept {
        divide_half_even(parts, 10_i128.pow(kept - shown))
    } else {
        parts * 10_i128.pow(shown - kept)
    };
    let base = 10_u128.pow(shown);
    let magnitude = parts.unsigned_abs();
    let sign = if parts < 0 { "−" } else { "" };
    let whole = grouped(magnitude / base);
    match shown {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{:0width$}", magnitude % base, width = shown as usize),
    }
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_have_the_places_asked_for() {
        assert_eq!(fixed(Amount::from_micros(1_234_567_500_000), 2), "1,234,567.50");
        assert_eq!(fixed(Amount::from_micros(-500_000), 1), "−0.5");
        assert_eq!(fixed(Amount::from_micros(999_999), 0), "1");
        assert_eq!(fixed(Ratio::from_parts(8333), 4), "0.8333");
        assert_eq!(fixed(Ratio::from_parts(8333), 6), "0.833300");
        assert_eq!(fixed(Factor::from_parts(125_000_000_000), 2), "0.12");
        assert_eq!(fixed(Factor::from_parts(135_000_000_000), 2), "0.14");
        assert_eq!(count(1_000), "1,000");
    }

    #[test]
    fn no_amount_is_shown_as_less_than_it_is() {
        assert_eq!(amount(Amount::from_micros(100_000_000)), "100.00");
        assert_eq!(amount(Amount::from_micros(1)), "0.000001");
        let column = [Amount::from_micros(45_500_000), Amount::from_micros(1_250)];
        assert_eq!(places_of(column, 2), 5);
        assert_eq!(places_of([] as [Amount; 0], 2), 2);
    }

    #[test]
    fn signs_and_shares_are_shown_as_readers_expect() {
        assert_eq!(signed(Amount::from_micros(6_574_200), 4), "+6.5742");
        assert_eq!(signed(Amount::from_micros(-219_400), 4), "−0.2194");
        assert_eq!(signed(Amount::from_micros(0), 4), "0.0000");
        assert_eq!(signed(Amount::from_micros(1), 4), "0.0000");
        assert_eq!(percent(Factor::from_parts(193_946_500_000), 1), "19.4");
        assert_eq!(counted(1, "event"), "1 event");
        assert_eq!(counted(1_200, "event"), "1,200 events");
        assert_eq!(split("1,000.25"), ("1,000".into(), ".25".into()));
        assert_eq!(split("1,000"), ("1,000".into(), String::new()));
    }
}
