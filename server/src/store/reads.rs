//! Every question to the store, each a fixed number of reads however long its history is.

use super::connection::{Pool, Row, Sql, Value};
use super::prepare::to_json;
use super::rows::{self, event_columns, link_columns};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{
    error::Error,
    event::UsageEvent,
    id::{EntryId, LinkId},
    ledger::RecordedChange,
    link::LinkRecord,
    money::Amount,
    page::{Cursor, EventQuery, LinkQuery, LinkSort, LinksOf, Order, Page},
    store::{DayValue, IdempotencyKey, Made, RecentEvent, StoreTotals, Written},
    valuation::Valuation,
};
use std::cmp::Reverse;

/// An id that sorts behind every other: where a list begins from its end.
pub const LAST_ID: &str = "~";

/// The answer that is kept under a key.
pub async fn remembered(pool: &Pool, key: &IdempotencyKey) -> Result<Option<Written<Made>>, Error> {
    const SQL: Sql =
        Sql::both("SELECT fingerprint, answer FROM idempotency_keys WHERE scope = $1 AND key = $2");
    let values = [key.scope.as_str().into(), key.key.as_str().into()];
    let Some(mut row) = pool.one(SQL, &values, "idempotency_keys").await? else { return Ok(None) };
    if row.text()? != key.fingerprint {
        return Err(Error::IdempotencyKeyReused(key.key.clone()));
    }
    let made = row.parsed(|text| serde_json::from_str(text))?;
    Ok(Some(Written { made, replayed: true }))
}

/// A link with its totals.
pub async fn link(pool: &Pool, id: LinkId) -> Result<Option<LinkRecord>, Error> {
    const SQL: Sql = Sql::both(concat!("SELECT ", link_columns!(), " FROM links WHERE id = $1"));
    pool.one(SQL, &[id.to_string().as_str().into()], "links").await?.map(rows::link).transpose()
}

/// A link's valuation.
pub async fn valuation(pool: &Pool, id: LinkId) -> Result<Option<Valuation>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT id, idea_id, spec_id, estimated_cost, measured_value_total, event_count FROM links WHERE id = $1",
    );
    pool.one(SQL, &[id.to_string().as_str().into()], "links").await?.map(rows::valuation).transpose()
}

/// A list of links sorted by a column, from behind a key and id, holding every searched word.
macro_rules! list_links {
    ($column:literal, $direction:literal, $compare:literal) => {
        Sql::each(
            concat!(
                "SELECT ", link_columns!(), " FROM links WHERE (", $column, ", id) ", $compare, " ($1, $2)",
                " AND origin = $5",
                " AND NOT EXISTS (SELECT 1 FROM json_each($3) AS word WHERE instr(search_text, word.value) = 0)",
                " ORDER BY ", $column, " ", $direction, ", id ", $direction, " LIMIT $4"
            ),
            concat!(
                "SELECT ", link_columns!(), " FROM links WHERE (", $column, ", id) ", $compare, " ($1, $2)",
                " AND origin = $5",
                " AND NOT EXISTS (SELECT 1 FROM json_array_elements_text($3::json) AS word (value)",
                " WHERE strpos(search_text, word.value) = 0)",
                " ORDER BY ", $column, " ", $direction, ", id ", $direction, " LIMIT $4"
            ),
        )
    };
}

/// The links of a spec or idea, in the order of their ids, which is that in which they were filed: what names few links
/// is not looked for among all of them. The other of both may be asked for beside it.
macro_rules! list_links_of {
    ($column:literal, $direction:literal, $compare:literal) => {
        Sql::each(
            concat!(
                "SELECT ", link_columns!(), " FROM links WHERE ", $column, " = $1 AND id ", $compare, " $2",
                " AND origin = 'work' AND ($5 = '' OR idea_id = $5)",
                " AND NOT EXISTS (SELECT 1 FROM json_each($3) AS word WHERE instr(search_text, word.value) = 0)",
                " ORDER BY id ", $direction, " LIMIT $4"
            ),
            concat!(
                "SELECT ", link_columns!(), " FROM links WHERE ", $column, " = $1 AND id ", $compare, " $2",
                " AND origin = 'work' AND ($5 = '' OR idea_id = $5)",
                " AND NOT EXISTS (SELECT 1 FROM json_array_elements_text($3::json) AS word (value)",
                " WHERE strpos(search_text, word.value) = 0)",
                " ORDER BY id ", $direction, " LIMIT $4"
            ),
        )
    };
}

const fn links_of_sql(of: LinksOf<'_>, order: Order) -> Sql {
    match (of, order) {
        (LinksOf::Spec(_), Order::Desc) => list_links_of!("spec_id", "DESC", "<"),
        (LinksOf::Spec(_), Order::Asc) => list_links_of!("spec_id", "ASC", ">"),
        (LinksOf::Idea(_), Order::Desc) => list_links_of!("idea_id", "DESC", "<"),
        (LinksOf::Idea(_), Order::Asc) => list_links_of!("idea_id", "ASC", ">"),
    }
}

const fn links_sql(sort: LinkSort, order: Order) -> Sql {
    match (sort, order) {
        (LinkSort::Created, Order::Desc) => list_links!("created_at", "DESC", "<"),
        (LinkSort::Created, Order::Asc) => list_links!("created_at", "ASC", ">"),
        (LinkSort::Updated, Order::Desc) => list_links!("updated_at", "DESC", "<"),
        (LinkSort::Updated, Order::Asc) => list_links!("updated_at", "ASC", ">"),
        (LinkSort::Value, Order::Desc) => list_links!("measured_value_total", "DESC", "<"),
        (LinkSort::Value, Order::Asc) => list_links!("measured_value_total", "ASC", ">"),
        (LinkSort::Cost, Order::Desc) => list_links!("estimated_cost", "DESC", "<"),
        (LinkSort::Cost, Order::Asc) => list_links!("estimated_cost", "ASC", ">"),
        (LinkSort::Roi, Order::Desc) => list_links!("roi_sort", "DESC", "<"),
        (LinkSort::Roi, Order::Asc) => list_links!("roi_sort", "ASC", ">"),
    }
}

/// A page of links.
pub async fn links(pool: &Pool, query: &LinkQuery) -> Result<Page<LinkRecord>, Error> {
    let (key, id) = match (&query.cursor, query.order) {
        (Some(cursor), _) => (cursor.key, cursor.id.as_str()),
        (None, Order::Desc) => (i64::MAX, LAST_ID),
        (None, Order::Asc) => (i64::MIN, ""),
    };
    let words: Vec<String> = query.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let words = to_json(&words)?;
    // One more than is asked for tells whether there is another page.
    let limit = (query.limit + 1).into();
    let rows = match query.of() {
        None => {
            let values = [key.into(), id.into(), words.as_str().into(), limit, query.origin.name().into()];
            pool.all(links_sql(query.sort, query.order), &values, "links").await?
        }
        Some((of, idea)) => {
            let (LinksOf::Spec(subject) | LinksOf::Idea(subject)) = of;
            let values = [subject.into(), id.into(), words.as_str().into(), limit, idea.into()];
            pool.all(links_of_sql(of, query.order), &values, "links").await?
        }
    };
    let items = rows.into_iter().map(rows::link).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |record| Cursor {
        key: query.sort.key_of(record),
        id: record.link.id.to_string(),
    }))
}

/// A page of a link's events, newest first.
pub async fn events(pool: &Pool, id: LinkId, query: &EventQuery) -> Result<Page<UsageEvent>, Error> {
    const SQL: Sql = Sql::both(concat!(
        "SELECT ",
        event_columns!(),
        " FROM usage_events WHERE lineage_id = $1 AND (captured_at, id) < ($2, $3)",
        " ORDER BY captured_at DESC, id DESC LIMIT $4"
    ));
    let (key, last) =
        query.cursor.as_ref().map_or((i64::MAX, LAST_ID), |cursor| (cursor.key, cursor.id.as_str()));
    let values = [id.to_string(), last.to_owned()];
    let values = [Value::Text(&values[0]), key.into(), Value::Text(&values[1]), (query.limit + 1).into()];
    let rows = pool.all(SQL, &values, "usage_events").await?;
    let items = rows.into_iter().map(rows::event).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |event| Cursor {
        key: event.captured_at.timestamp_micros(),
        id: event.id.to_string(),
    }))
}

/// Cuts the one item too many, whose being there means another page.
pub fn page<T>(mut items: Vec<T>, limit: i64, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = if more { items.last().map(|item| cursor(item).encode()) } else { None };
    Page { items, next_cursor }
}

/// A link's value by day, oldest first.
pub async fn link_days(pool: &Pool, id: LinkId, days: i64) -> Result<Vec<DayValue>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT day, measured_value, event_count FROM link_days WHERE lineage_id = $1 ORDER BY day DESC LIMIT $2",
    );
    let id = id.to_string();
    let rows = pool.all(SQL, &[id.as_str().into(), days.into()], "link_days").await?;
    rows.into_iter().rev().map(rows::day_value).collect()
}

/// The value by day of several links, from a day on.
pub async fn days_of(pool: &Pool, ids: &[LinkId], from: NaiveDate) -> Result<Vec<(LinkId, DayValue)>, Error> {
    const SQL: Sql = Sql::each(
        "SELECT lineage_id, day, measured_value, event_count FROM link_days \
         WHERE lineage_id IN (SELECT value FROM json_each($1)) AND day >= $2 ORDER BY lineage_id, day",
        "SELECT lineage_id, day, measured_value, event_count FROM link_days \
         WHERE lineage_id IN (SELECT value FROM json_array_elements_text($1::json)) AND day >= $2 \
         ORDER BY lineage_id, day",
    );
    let ids = to_json(&ids)?;
    let from = rows::day_number(from.and_time(NaiveTime::MIN).and_utc());
    let rows = pool.all(SQL, &[ids.as_str().into(), from.into()], "link_days").await?;
    rows.into_iter().map(|mut row| Ok((row.parsed(str::parse)?, rows::day_value(row)?))).collect()
}

/// Everyone's value by day, oldest first.
pub async fn store_days(pool: &Pool, days: i64) -> Result<Vec<DayValue>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT day, CAST(SUM(measured_value) AS BIGINT), CAST(SUM(event_count) AS BIGINT) \
         FROM store_days GROUP BY day ORDER BY day DESC LIMIT $1",
    );
    let rows = pool.all(SQL, &[days.into()], "store_days").await?;
    rows.into_iter().rev().map(rows::day_value).collect()
}

/// Everything in figures.
pub async fn totals(pool: &Pool) -> Result<StoreTotals, Error> {
    const SQL: Sql =
        Sql::both("SELECT link_count, event_count, measured_value_total, estimated_cost FROM store_totals");
    let mut totals = StoreTotals::default();
    for mut row in pool.all(SQL, &[], "store_totals").await? {
        totals.link_count += row.integer()?;
        totals.event_count += row.integer()?;
        let value = totals.measured_value_total.micros().saturating_add(row.integer()?);
        let cost = totals.estimated_cost.micros().saturating_add(row.integer()?);
        totals.measured_value_total = Amount::from_micros(value);
        totals.estimated_cost = Amount::from_micros(cost);
    }
    Ok(totals)
}

/// Entries at the end of the ledger among which the newest events are looked for.
const RECENT_ENTRIES: i64 = 500;
/// Links among whose events they are looked for where the ledger's end is of other things.
const RECENT_LINKS: i64 = 20;

/// The events that arrived last: read off the end of the ledger, which is in that order anyway. Where other entries
/// stand there, as gates leave many, they are looked for among the links that were touched last.
pub async fn recent_events(pool: &Pool, limit: i64) -> Result<Vec<RecentEvent>, Error> {
    let recent = recent_entries(pool, limit).await?;
    let enough = usize::try_from(limit).is_ok_and(|limit| recent.len() >= limit);
    if enough { Ok(recent) } else { recent_of_links(pool, limit).await }
}

async fn recent_entries(pool: &Pool, limit: i64) -> Result<Vec<RecentEvent>, Error> {
    const SQL: Sql = Sql::each(
        "SELECT links.idea_id, newest.body FROM \
         (SELECT id, action, body FROM ledger_entries ORDER BY id DESC LIMIT $1) AS newest \
         JOIN links ON links.id = newest.body ->> '$.event.lineage_id' AND links.origin = 'work' \
         WHERE newest.action = 'append_event' ORDER BY newest.id DESC LIMIT $2",
        "SELECT links.idea_id, newest.body FROM \
         (SELECT id, action, body FROM ledger_entries ORDER BY id DESC LIMIT $1) AS newest \
         JOIN links ON links.id = newest.body::json -> 'event' ->> 'lineage_id' AND links.origin = 'work' \
         WHERE newest.action = 'append_event' ORDER BY newest.id DESC LIMIT $2",
    );
    #[derive(serde::Deserialize)]
    struct Body {
        event: UsageEvent,
    }
    let rows = pool.all(SQL, &[RECENT_ENTRIES.into(), limit.into()], "ledger_entries").await?;
    let recent = rows.into_iter().map(|mut row| {
        let idea_id = row.text()?;
        let Body { event } = row.parsed(|text| serde_json::from_str(text))?;
        Ok(RecentEvent { event, idea_id })
    });
    recent.collect()
}

/// The newest events of the links that were touched last, which are where the newest of all are.
async fn recent_of_links(pool: &Pool, limit: i64) -> Result<Vec<RecentEvent>, Error> {
    let touched = LinkQuery { limit: RECENT_LINKS, ..LinkQuery::default() };
    let mut recent = Vec::new();
    for LinkRecord { link, totals } in links(pool, &touched).await?.items {
        if totals.event_count > 0 {
            let page = events(pool, link.id, &EventQuery { limit, cursor: None }).await?;
            let of_link = |event| RecentEvent { event, idea_id: link.idea_id.clone() };
            recent.extend(page.items.into_iter().map(of_link));
        }
    }
    recent.sort_by_key(|it| Reverse((it.event.created_at, it.event.id)));
    recent.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(recent)
}

/// A gate's links that were filed before a time, oldest first.
pub async fn gate_links_before(pool: &Pool, time: DateTime<Utc>, limit: i64) -> Result<Vec<LinkId>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT id FROM links WHERE origin = 'gate' AND created_at < $1 ORDER BY created_at, id LIMIT $2",
    );
    let rows = pool.all(SQL, &[time.timestamp_micros().into(), limit.into()], "links").await?;
    rows.into_iter().map(|mut row| row.parsed(str::parse)).collect()
}

/// The accepted writes whose entries' ids are behind one, by id.
pub async fn changes_after(pool: &Pool, id: EntryId, limit: i64) -> Result<Vec<RecordedChange>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT id, action, subject, recorded_at FROM ledger_entries WHERE id > $1 ORDER BY id LIMIT $2",
    );
    let rows = pool.all(SQL, &[id.to_string().as_str().into(), limit.into()], "ledger_entries").await?;
    let change = |mut row: Row| {
        Ok(RecordedChange {
            id: row.parsed(str::parse)?,
            action: row.text()?,
            subject: row.text()?,
            recorded_at: rows::time(row.integer()?)?,
        })
    };
    rows.into_iter().map(change).collect()
}

/// The greatest id of the ledger's entries.
pub async fn last_entry(pool: &Pool) -> Result<Option<EntryId>, Error> {
    const SQL: Sql = Sql::both("SELECT id FROM ledger_entries ORDER BY id DESC LIMIT 1");
    let row = pool.one(SQL, &[], "ledger_entries").await?;
    row.map(|mut row| row.parsed(str::parse)).transpose()
}
