//! Times: UTC as the server writes them; the small script turns them to the reader's zone.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use leptos::prelude::*;

/// The day of a date for a reader: `14 Mar 2026`.
pub(crate) fn day_text(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// A point in time, to the minute.
#[component]
pub(crate) fn Time(
    /// When.
    at: DateTime<Utc>,
    /// Whether to show the day only.
    #[prop(optional)]
    day_only: bool,
) -> impl IntoView {
    let text = at.format(if day_only { "%-d %b %Y" } else { "%-d %b %Y, %H:%M" }).to_string();
    let title = at.format("%-d %b %Y, %H:%M:%S UTC").to_string();
    view! {
        <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true) title=title data-day=day_only>{text}</time>
    }
}

/// A day as the server counts it, in UTC for everybody.
#[component]
pub(crate) fn Day(
    /// Which.
    day: NaiveDate,
) -> impl IntoView {
    view! { <time datetime=day.to_string()>{day_text(day)}</time> }
}
