//! The geometry of the chart of value over time. Lengths may be floats; amounts never are.
//!
//! The picture is 1000 wide and 200 high and stretches to its place. The line steps: value holds between events.

use chrono::{Days, NaiveDate};
use domain::decimal::MICROS_PER_UNIT;
use domain::money::Amount;
use domain::store::DayValue;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 200.0;
/// Steps between the lines of the grid, at the most.
const MOST_STEPS: i128 = 4;

/// A length with at most two places, so that every machine draws the same.
pub(crate) fn rounded(length: f64) -> String {
    let text = format!("{length:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The marks of an axis from 0 to at least `max`: two to four equal steps of 1, 2, 2.5 or 5 times a power of ten.
pub(crate) fn nice_ticks(max: Amount) -> Vec<Amount> {
    let max = i128::from(max.micros());
    if max <= 0 {
        return vec![Amount::ZERO, Amount::from_micros(MICROS_PER_UNIT)];
    }
    let powers = (1..).map(|power| 10_i128.pow(power));
    let step = powers
        .flat_map(|power| [10, 20, 25, 50].map(|tenths| power * tenths / 10))
        .find(|step| max <= step * MOST_STEPS)
        .unwrap_or(max);
    let steps = ((max + step - 1) / step).max(2);
    (0..=steps).filter_map(|at| i64::try_from(at * step).ok()).map(Amount::from_micros).collect()
}

/// How value grew, day by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Course {
    /// What there was before the first day.
    pub before: Amount,
    /// The total at the end of each day that added to it, oldest first.
    pub days: Vec<(DayValue, Amount)>,
    /// The first day shown.
    pub from: NaiveDate,
    /// The day after the last one shown, where the line ends.
    pub to: NaiveDate,
}

impl Course {
    /// The course of the last days that add up to `total`; none without days. It begins when the work began,
    /// where all that came of it is shown.
    pub(crate) fn of(days: &[DayValue], total: Amount, begun: Option<NaiveDate>) -> Option<Self> {
        let (first, last) = (days.first()?, days.last()?);
        let sum: i64 = days.iter().map(|day| day.value.micros()).sum();
        let before = Amount::from_micros(total.micros() - sum);
        let mut reached = before.micros();
        let days = days.iter().map(|day| {
            reached += day.value.micros();
            (*day, Amount::from_micros(reached))
        });
        let begun = begun.filter(|begun| *begun < first.day && before == Amount::ZERO);
        Some(Self {
            before,
            days: days.collect(),
            from: begun.unwrap_or(first.day),
            to: last.day.checked_add_days(Days::new(1)).unwrap_or(last.day),
        })
    }

    /// The last day shown: that of the last event.
    pub(crate) fn last_day(&self) -> NaiveDate {
        self.days.last().map_or(self.from, |(day, _)| day.day)
    }

    /// The total at the end.
    pub(crate) fn total(&self) -> Amount {
        self.days.last().map_or(self.before, |(_, total)| *total)
    }
}

/// The lines of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plot {
    /// The marks of the axis, from 0 up.
    pub ticks: Vec<Amount>,
    /// A line of the grid for each mark.
    pub grid: Vec<String>,
    /// The line of value.
    pub line: String,
    /// The line of cost.
    pub cost: String,
}

impl Plot {
    /// Draws a course against a cost.
    pub(crate) fn of(course: &Course, cost: Amount) -> Self {
        let ticks = nice_ticks(course.total().max(cost).max(course.before));
        let top = ticks.last().copied().unwrap_or(Amount::ZERO).micros().max(1) as f64;
        let y = |amount: Amount| rounded(HEIGHT - amount.micros() as f64 / top * HEIGHT);
        let days = (course.to - course.from).num_days().max(1) as f64;
        let x = |day: NaiveDate| rounded((day - course.from).num_days() as f64 / days * WIDTH);
        let steps = course.days.iter().map(|(day, total)| format!("H{}V{}", x(day.day), y(*total)));
        let across = |amount: Amount| format!("M0 {}H1000", y(amount));
        Self {
            line: format!("M0 {}{}H1000", y(course.before), steps.collect::<String>()),
            grid: ticks.iter().map(|&tick| across(tick)).collect(),
            cost: across(cost),
            ticks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(units: i64) -> Amount {
        Amount::from_micros(units * MICROS_PER_UNIT)
    }

    fn day(day: u32, value: i64) -> DayValue {
        DayValue { day: NaiveDate::from_ymd_opt(2026, 2, day).unwrap(), value: units(value), event_count: 1 }
    }

    #[test]
    fn ticks_are_round_numbers_that_reach_the_top() {
        let ticks =
            |max: i64| -> Vec<String> { nice_ticks(units(max)).iter().map(Amount::to_string).collect() };
        assert_eq!(ticks(120), ["0.0", "50.0", "100.0", "150.0"]);
        assert_eq!(ticks(10_382), ["0.0", "5000.0", "10000.0", "15000.0"]);
        assert_eq!(ticks(100), ["0.0", "25.0", "50.0", "75.0", "100.0"]);
        assert_eq!(ticks(0), ["0.0", "1.0"]);
        assert_eq!(nice_ticks(Amount::from_micros(1)).len(), 3);
        assert!(nice_ticks(Amount::from_micros(i64::MAX)).len() >= 2);
    }

    #[test]
    fn a_course_begins_with_the_work_and_ends_after_its_last_day() {
        let begun = NaiveDate::from_ymd_opt(2026, 2, 1);
        let course = Course::of(&[day(6, 45), day(11, 55)], units(100), begun).unwrap();
        let plot = Plot::of(&course, units(120));
        assert_eq!(plot.line, "M0 200H454.55V140H909.09V66.67H1000");
        assert_eq!(plot.cost, "M0 40H1000");
        assert_eq!(plot.grid.len(), 4);
        assert_eq!(course.total(), units(100));
        assert_eq!(course.last_day(), day(11, 0).day);
    }

    #[test]
    fn what_came_before_the_days_shown_is_not_lost() {
        let begun = NaiveDate::from_ymd_opt(2026, 2, 1);
        let course = Course::of(&[day(6, 50)], units(100), begun).unwrap();
        assert_eq!((course.before, course.from), (units(50), day(6, 0).day));
        assert_eq!(Plot::of(&course, Amount::ZERO).line, "M0 100H0V0H1000");
        assert_eq!(Course::of(&[], units(100), begun), None);
    }

    #[test]
    fn lengths_have_two_places_at_the_most() {
        assert_eq!(rounded(1.0 / 3.0), "0.33");
        assert_eq!(rounded(2.5), "2.5");
        assert_eq!(rounded(-0.001), "0");
        assert_eq!(rounded(100.0), "100");
    }
}
