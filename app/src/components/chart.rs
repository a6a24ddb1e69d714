//! Value over time against cost, as a picture and as a table.

use crate::components::chart_shape::{Course, Plot};
use crate::components::scroll::twin;
use crate::components::time::{Day, day_text};
use crate::shared::number::{amount, fixed, places_of};
use chrono::{Datelike, NaiveDate};
use domain::money::Amount;
use leptos::prelude::*;

/// Days that the table under a chart lists.
const TABLE_DAYS: usize = 60;

/// A chart of value over time, with its table under it.
#[component]
pub(crate) fn Chart(
    /// How value grew; none before the first event.
    course: Option<Course>,
    /// What it cost.
    cost: Amount,
    /// What the chart shows: `Measured value of all links over time`.
    title: &'static str,
    /// Whether there is room for a taller one.
    #[prop(optional)]
    tall: bool,
) -> impl IntoView {
    let Some(course) = course else {
        return view! {
            <p class="sub">"No value is measured yet. The line begins with the first usage event."</p>
        }
        .into_any();
    };
    let plot = Plot::of(&course, cost);
    let places = places_of(plot.ticks.iter().copied(), 0);
    let ticks: Vec<_> =
        plot.ticks.iter().rev().map(|tick| view! { <li>{fixed(*tick, places)}</li> }).collect();
    let grid: Vec<_> =
        plot.grid.into_iter().map(|line| view! { <path class="grid" d=line></path> }).collect();
    let labels: Vec<_> = labels(&course).into_iter().map(|text| view! { <li>{text}</li> }).collect();
    let area = format!("{}V200H0Z", plot.line);
    view! {
        <figure class=if tall { "chart tall" } else { "chart" }>
            <figcaption>
                <ul class="legend" role="list">
                    <li>"Measured value "<b>{amount(course.total())}</b></li>
                    <li class="key-cost">"Estimated cost "<b>{amount(cost)}</b></li>
                </ul>
            </figcaption>
            <ul class="y" role="list" aria-hidden="true">{ticks}</ul>
            <svg
                class="plot" viewBox="0 0 1000 200" preserveAspectRatio="none"
                role="img" aria-labelledby="chart-title chart-words"
            >
                <title id="chart-title">{title}</title>
                <desc id="chart-words">{words(&course, cost)}</desc>
                {grid}
                <path class="area" d=area></path>
                <path class="line" d=plot.line></path>
                <path class="cost" d=plot.cost></path>
            </svg>
            <ul class="x" role="list" aria-hidden="true">{labels}</ul>
        </figure>
        {twin("Value over time as a table", table(&course))}
    }
    .into_any()
}

/// The first day and that of the last event, and one between where the course is long.
fn labels(course: &Course) -> Vec<String> {
    let last = course.last_day();
    let days = (last - course.from).num_days();
    let middle = (days >= 14).then(|| course.from + chrono::TimeDelta::days(days / 2));
    let short = |day: NaiveDate| {
        let format = if day.year() == last.year() { "%-d %b" } else { "%-d %b %Y" };
        day.format(format).to_string()
    };
    let first = (days > 0).then_some(course.from);
    first.into_iter().chain(middle).map(short).chain([day_text(last)]).collect()
}

/// The picture in a sentence.
fn words(course: &Course, cost: Amount) -> String {
    let passed = course.days.iter().find(|(_, total)| *total >= cost).map(|(day, _)| day.day);
    let passed = match passed {
        _ if cost == Amount::ZERO => String::new(),
        Some(day) => format!(" and passed the estimated cost of {} on {}", amount(cost), day_text(day)),
        None => format!("; the estimated cost of {} is not reached", amount(cost)),
    };
    let (from, to) = (amount(course.before), amount(course.total()));
    format!(
        "Value rose from {from} on {} to {to} on {}{passed}.",
        day_text(course.from),
        day_text(course.last_day())
    )
}

fn table(course: &Course) -> AnyView {
    let shown = &course.days[course.days.len().saturating_sub(TABLE_DAYS)..];
    let caption = if shown.len() < course.days.len() {
        format!("Measured value at the end of each day, UTC; the last {TABLE_DAYS} days with events")
    } else {
        "Measured value at the end of each day with events, UTC".to_owned()
    };
    let added = places_of(shown.iter().map(|(day, _)| day.value), 2);
    let total = places_of(shown.iter().map(|(_, total)| *total), 2);
    let row = |(day, reached): &(domain::store::DayValue, Amount)| {
        view! {
            <tr>
                <th scope="row"><Day day=day.day/></th>
                <td class="num">{crate::shared::number::count(day.event_count)}</td>
                <td class="num">{fixed(day.value, added)}</td>
                <td class="num">{fixed(*reached, total)}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption>{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"Day"</th>
                    <th scope="col" class="num">"Events"</th>
                    <th scope="col" class="num">"Added"</th>
                    <th scope="col" class="num">"Total"</th>
                </tr>
            </thead>
            <tbody>{shown.iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::store::DayValue;

    #[test]
    fn the_axis_ends_with_the_day_of_the_last_event() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 2, day).unwrap();
        let value = |at: u32| DayValue { day: day(at), value: Amount::from_micros(1), event_count: 1 };
        let labels = |days: &[u32]| {
            let days: Vec<DayValue> = days.iter().map(|&at| value(at)).collect();
            let total = Amount::from_micros(i64::try_from(days.len()).unwrap());
            labels(&Course::of(&days, total, None).unwrap())
        };
        assert_eq!(labels(&[6]), ["6 Feb 2026"]);
        assert_eq!(labels(&[6, 11]), ["6 Feb", "11 Feb 2026"]);
        assert_eq!(labels(&[1, 28]), ["1 Feb", "14 Feb", "28 Feb 2026"]);
    }
}
