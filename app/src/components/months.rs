//! How an index grew, month by month, as columns and as a table.

use crate::components::chart_shape::{nice_ticks, rounded};
use crate::components::scroll::twin;
use crate::shared::number::{count, fixed, places_of};
use domain::contribution::Role;
use domain::money::{Amount, Index};
use domain::report::MonthScore;
use leptos::prelude::*;

/// Months that are drawn and listed, the newest ones.
const SHOWN: usize = 36;
/// Places of an index at the most.
const MOST_PLACES: u32 = 3;

/// A column for each month, as high as the index reached by its end; the darker foot is what was reached before.
pub(crate) fn months(all: &[MonthScore]) -> AnyView {
    let shown = &all[all.len().saturating_sub(SHOWN)..];
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else {
        return view! { <p class="sub">"No credit counts yet. The columns begin with the first one."</p> }
            .into_any();
    };
    let most = shown.iter().map(|month| month.running.v1).max().unwrap_or_default();
    let ticks = nice_ticks(Amount::from_micros(most.micros()));
    let top = ticks.last().map_or(1, |tick| tick.micros()).max(1) as f64;
    let places = places_of(ticks.iter().copied(), 0);
    let tick_labels: Vec<_> =
        ticks.iter().rev().map(|tick| view! { <li>{fixed(*tick, places)}</li> }).collect();
    let grid: Vec<_> = ticks
        .iter()
        .map(|tick| {
            let line = format!("M0 {}H1000", rounded(200.0 - 200.0 * tick.micros() as f64 / top));
            view! { <path class="grid" d=line></path> }
        })
        .collect();
    let columns: Vec<_> =
        shown.iter().enumerate().map(|(at, month)| column(month, at, shown.len(), top)).collect();
    let words = format!(
        "The index rose to {} at the end of {}; the columns begin with {}.",
        fixed(last.running.v1, 2),
        last.month,
        first.month
    );
    let labels = if shown.len() == 1 { vec![first] } else { vec![first, last] };
    let labels: Vec<_> = labels.into_iter().map(|month| view! { <li>{month.month.clone()}</li> }).collect();
    view! {
        <figure class="chart">
            <figcaption>
                <ul class="legend" role="list">
                    <li class="key-own">"Own work"</li>
                    <li class="key-agents">"From agents"</li>
                    <li class="key-before">"Months before"</li>
                </ul>
            </figcaption>
            <ul class="y" role="list" aria-hidden="true">{tick_labels}</ul>
            <svg
                class="plot" viewBox="0 0 1000 200" preserveAspectRatio="none" role="img"
                aria-labelledby="months-title months-words"
            >
                <title id="months-title">"Contribution Index v1 by month"</title>
                <desc id="months-words">{words}</desc>
                {grid}
                {columns}
            </svg>
            <ul class="x" role="list" aria-hidden="true">{labels}</ul>
        </figure>
        {twin("Month by month as a table", table(shown))}
    }
    .into_any()
}

/// What was reached before, then what the month brought: own work, then that of agents. What was lost has no height.
fn column(month: &MonthScore, at: usize, of: usize, top: f64) -> AnyView {
    let step = 1000.0 / of as f64;
    let (x, width) = (step * at as f64 + step * 0.15, (step * 0.7).min(120.0));
    let height = |index: Index| 200.0 * index.micros().max(0) as f64 / top;
    let (own, agents) = (height(month.own.v1), height(month.from_agents.v1));
    let before = (height(month.running.v1) - own - agents).max(0.0);
    let mut floor = 200.0;
    let parts = [("before", before), ("own", own), ("agents", agents)].map(|(class, height)| {
        floor -= height;
        let (x, y, width) = (rounded(x), rounded(floor), rounded(width));
        (height > 0.0).then(|| view! { <rect class=class x=x y=y width=width height=rounded(height)></rect> })
    });
    view! { <g class="column">{parts.into_iter().collect::<Vec<_>>()}</g> }.into_any()
}

fn table(shown: &[MonthScore]) -> AnyView {
    let places = places_of(shown.iter().map(|month| month.running.v1), 2).min(MOST_PLACES);
    let row = |month: &MonthScore| {
        let credits: i64 = Role::ALL.iter().map(|role| *month.credits.get(*role)).sum();
        view! {
            <tr>
                <th scope="row">{month.month.clone()}</th>
                <td class="num">{count(credits)}</td>
                <td class="num">{fixed(month.own.v1, places)}</td>
                <td class="num">{fixed(month.from_agents.v1, places)}</td>
                <td class="num">{fixed(month.running.v1, places)}</td>
                <td class="num">{fixed(month.running.v2, places)}</td>
                <td class="num">{fixed(month.running.v3, places)}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption>"Newest first; v1, v2 and v3 are totals at the end of the month"</caption>
            <thead>
                <tr>
                    <th scope="col">"Month"</th>
                    <th scope="col" class="num">"Credits"</th>
                    <th scope="col" class="num">"Own"</th>
                    <th scope="col" class="num">"From agents"</th>
                    <th scope="col" class="num">"v1"</th>
                    <th scope="col" class="num">"v2"</th>
                    <th scope="col" class="num">"v3"</th>
                </tr>
            </thead>
            <tbody>{shown.iter().rev().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}
