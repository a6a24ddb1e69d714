//! From rows to the types of the domain, once, at the edge.

use super::connection::Row;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::{
    contribution::LinkCost,
    error::Error,
    event::UsageEvent,
    link::{LineageLink, LinkRecord, LinkTotals},
    money::{Amount, Ratio},
    origin::Origin,
    store::DayValue,
    valuation::Valuation,
};

/// Columns of a link, in the order in which [`link`] reads them.
macro_rules! link_columns {
    () => {
        "id, idea_id, spec_id, estimated_cost, measured_value_total, event_count, source_count, metric_count, \
         created_at, updated_at, implementation_refs, contributors, investments, origin, cost_evidence"
    };
}
/// Columns of an event, in the order in which [`event`] reads them.
macro_rules! event_columns {
    () => {
        "id, lineage_id, source, metric, value, captured_at, external_id, created_at"
    };
}
pub(super) use {event_columns, link_columns};

/// A time kept in microseconds.
pub fn time(micros: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| Error::Store(format!("corrupt row: {micros} is no time in microseconds")))
}

/// Days since 1970 of a time.
pub fn day_number(time: DateTime<Utc>) -> i64 {
    time.timestamp().div_euclid(86_400)
}

/// A day kept as days since 1970.
pub fn day(number: i64) -> Result<NaiveDate, Error> {
    TimeDelta::try_days(number)
        .and_then(|days| NaiveDate::default().checked_add_signed(days))
        .ok_or_else(|| Error::Store(format!("corrupt row: {number} is no day")))
}

fn amount(row: &mut Row) -> Result<Amount, Error> {
    row.integer().map(Amount::from_micros)
}

/// Where a link comes from.
pub fn origin(row: &mut Row) -> Result<Origin, Error> {
    row.parsed(|name| Origin::named(name).ok_or("no origin"))
}

/// How a link's cost is known; nothing where its column is empty.
fn cost(row: &mut Row) -> Result<Option<LinkCost>, Error> {
    row.parsed(|text| if text.is_empty() { Ok(None) } else { serde_json::from_str(text).map(Some) })
}

/// A link with its totals.
pub fn link(mut row: Row) -> Result<LinkRecord, Error> {
    let row = &mut row;
    let id = row.parsed(str::parse)?;
    let idea_id = row.text()?;
    let spec_id = row.text()?;
    let estimated_cost = amount(row)?;
    let totals = LinkTotals {
        measured_value_total: amount(row)?,
        event_count: row.integer()?,
        source_count: row.integer()?,
        metric_count: row.integer()?,
    };
    let created_at = time(row.integer()?)?;
    let updated_at = time(row.integer()?)?;
    let link = LineageLink {
        id,
        idea_id,
        spec_id,
        implementation_refs: row.parsed(|text| serde_json::from_str(text))?,
        contributors: row.parsed(|text| serde_json::from_str(text))?,
        investments: row.parsed(|text| serde_json::from_str(text))?,
        estimated_cost,
        origin: origin(row)?,
        cost: cost(row)?,
        created_at,
        updated_at,
    };
    Ok(LinkRecord { link, totals })
}

/// A link's valuation: id, idea, spec, cost, value, events.
pub fn valuation(mut row: Row) -> Result<Valuation, Error> {
    let row = &mut row;
    let lineage_id = row.parsed(str::parse)?;
    let idea_id = row.text()?;
    let spec_id = row.text()?;
    let estimated_cost = amount(row)?;
    let measured_value_total = amount(row)?;
    Ok(Valuation {
        lineage_id,
        idea_id,
        spec_id,
        measured_value_total,
        estimated_cost,
        roi_ratio: Ratio::of(measured_value_total, estimated_cost),
        event_count: row.integer()?,
    })
}

/// An event.
pub fn event(mut row: Row) -> Result<UsageEvent, Error> {
    let row = &mut row;
    Ok(UsageEvent {
        id: row.parsed(str::parse)?,
        lineage_id: row.parsed(str::parse)?,
        source: row.text()?,
        metric: row.text()?,
        value: amount(row)?,
        captured_at: time(row.integer()?)?,
        external_id: row.optional_text()?,
        created_at: time(row.integer()?)?,
    })
}

/// A day's value: day, value, events.
pub fn day_value(mut row: Row) -> Result<DayValue, Error> {
    let row = &mut row;
    Ok(DayValue { day: day(row.integer()?)?, value: amount(row)?, event_count: row.integer()? })
}
