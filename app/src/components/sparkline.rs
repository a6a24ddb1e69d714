//! The course of a link's value as a line beside its figure: no axes, no words; the figure and the link's page say it all.

use crate::components::chart_shape::rounded;
use domain::money::Amount;
use domain::store::DayValue;
use leptos::prelude::*;

/// Width of the picture, which stretches to its place.
const WIDTH: f64 = 100.0;
/// Height of the picture.
const HEIGHT: f64 = 24.0;

/// A line of how value grew to `total` over `days`; nothing where it came all at once.
pub(crate) fn sparkline(days: &[DayValue], total: Amount) -> Option<AnyView> {
    let path = path(days, total)?;
    Some(
        view! {
            <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
                <path d=path/>
            </svg>
        }
        .into_any(),
    )
}

/// A line that steps up on each day, from what there was before the first to the total.
fn path(days: &[DayValue], total: Amount) -> Option<String> {
    let (first, last) = (days.first()?.day, days.last()?.day);
    let span = (last - first).num_days().max(1) as f64;
    let whole = total.micros().max(1) as f64;
    let shown: i64 = days.iter().map(|day| day.value.micros()).sum();
    if first == last && shown == total.micros() {
        return None;
    }
    let height = |micros: i64| rounded(HEIGHT - 1.0 - (HEIGHT - 2.0) * micros as f64 / whole);
    let mut reached = total.micros().saturating_sub(shown);
    let mut path = format!("M0 {}", height(reached));
    for day in days {
        reached += day.value.micros();
        let x = WIDTH * (day.day - first).num_days() as f64 / span;
        path.push_str(&format!("H{}V{}", rounded(x), height(reached)));
    }
    path.push_str("H100");
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn day(of_march: u32, units: i64) -> DayValue {
        let day = NaiveDate::from_ymd_opt(2026, 3, of_march).unwrap();
        DayValue { day, value: Amount::from_micros(units * 1_000_000), event_count: 1 }
    }

    #[test]
    fn steps_from_what_there_was_to_the_total() {
        let total = Amount::from_micros(100_000_000);
        let path = path(&[day(1, 25), day(6, 25), day(11, 25)], total).unwrap();
        assert_eq!(path, "M0 17.5H0V12H50V6.5H100V1H100");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(path(&[], Amount::ZERO), None);
        assert_eq!(path(&[day(1, 5)], Amount::from_micros(5_000_000)), None, "all at once");
        assert_eq!(path(&[day(1, 5)], Amount::from_micros(10_000_000)).unwrap(), "M0 12H0V1H100");
    }
}
