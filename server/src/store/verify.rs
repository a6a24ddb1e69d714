//! Recomputes every running total from the events it stands for.

use super::connection::{Connection, Pool, Row, Sql, unavailable};
use super::contributions::verify::{contribution_subjects, verify_contributions};
use super::governance::verify::{governance_subjects, verify_governance};
use super::prepare::to_json;
use super::registry::verify::{registry_subjects, verify_registry};
use domain::{
    error::Error,
    money::{Amount, Ratio},
    store::{Difference, Verification},
};
use std::collections::HashSet;

/// Looks at everything, as it was at one moment, and says what differs.
pub async fn verify(pool: Pool) -> Result<Verification, Error> {
    // A task of its own: whoever stops waiting must not leave a connection in the middle of its transaction.
    let looking = tokio::spawn(async move {
        let mut connection = pool.acquire().await.map_err(unavailable)?;
        connection.begin_reading().await.map_err(unavailable)?;
        let found = look(&mut connection).await;
        connection.roll_back().await;
        found
    });
    looking.await.map_err(|error| Error::Store(error.to_string()))?
}

async fn look(connection: &mut Connection) -> Result<Verification, Error> {
    let mut found = Verification {
        links: count(connection, Sql::both("SELECT COUNT(*) FROM links")).await?,
        events: count(connection, Sql::both("SELECT COUNT(*) FROM usage_events")).await?,
        ledger_entries: count(connection, Sql::both("SELECT COUNT(*) FROM ledger_entries")).await?,
        differences: Vec::new(),
    };
    let differences = &mut found.differences;
    verify_links(connection, differences).await?;
    verify_counts_of_labels(connection, differences).await?;
    verify_labels(connection, differences).await?;
    verify_days(connection, LINK_DAYS, differences).await?;
    verify_days(connection, STORE_DAYS, differences).await?;
    verify_store(connection, differences).await?;
    verify_registry(connection, differences).await?;
    verify_governance(connection, differences).await?;
    verify_contributions(connection, differences).await?;
    verify_ledger(connection, differences).await?;
    Ok(found)
}

pub(super) async fn all(
    connection: &mut Connection,
    sql: Sql,
    table: &'static str,
) -> Result<Vec<Row>, Error> {
    connection.all(sql, &[], table).await.map_err(unavailable)
}

async fn count(connection: &mut Connection, sql: Sql) -> Result<i64, Error> {
    match all(connection, sql, "count").await?.pop() {
        Some(mut row) => row.integer(),
        None => Ok(0),
    }
}

pub(super) fn compare(
    differences: &mut Vec<Difference>,
    subject: &str,
    field: &str,
    kept: String,
    recomputed: String,
) {
    if kept != recomputed {
        differences.push(Difference { subject: subject.into(), field: field.into(), kept, recomputed });
    }
}

fn amount(row: &mut Row) -> Result<Amount, Error> {
    row.integer().map(Amount::from_micros)
}

async fn verify_links(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT links.id, estimated_cost, roi_sort, measured_value_total, event_count, \
         COALESCE(summed.value, 0), COALESCE(summed.count, 0) FROM links LEFT JOIN \
         (SELECT lineage_id, CAST(SUM(value) AS BIGINT) AS value, COUNT(*) AS count FROM usage_events \
          GROUP BY lineage_id) AS summed ON summed.lineage_id = links.id",
    );
    for mut row in all(connection, SQL, "links").await? {
        let id = row.text()?;
        let cost = amount(&mut row)?;
        let roi_sort = row.integer()?;
        let (value, count) = (amount(&mut row)?, row.integer()?);
        let (summed, counted) = (amount(&mut row)?, row.integer()?);
        compare(differences, &id, "measured_value_total", value.to_string(), summed.to_string());
        compare(differences, &id, "event_count", count.to_string(), counted.to_string());
        let roi = Ratio::of(summed, cost).sort_key();
        compare(differences, &id, "roi_sort", roi_sort.to_string(), roi.to_string());
    }
    Ok(())
}

async fn verify_counts_of_labels(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT links.id, source_count, metric_count, COALESCE(counted.sources, 0), COALESCE(counted.metrics, 0) \
         FROM links LEFT JOIN (SELECT lineage_id, COUNT(DISTINCT source) AS sources, \
          COUNT(DISTINCT metric) AS metrics FROM usage_events GROUP BY lineage_id) AS counted \
         ON counted.lineage_id = links.id",
    );
    for mut row in all(connection, SQL, "links").await? {
        let id = row.text()?;
        let (sources, metrics) = (row.integer()?, row.integer()?);
        let (counted_sources, counted_metrics) = (row.integer()?, row.integer()?);
        compare(differences, &id, "source_count", sources.to_string(), counted_sources.to_string());
        compare(differences, &id, "metric_count", metrics.to_string(), counted_metrics.to_string());
    }
    Ok(())
}

/// Sources and metrics that are kept of a link without an event that has them, and those of events that are not kept.
async fn verify_labels(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT lineage_id || ' ' || kind || ' ' || label, CAST(SUM(kept) AS BIGINT), CAST(SUM(found) AS BIGINT) \
         FROM (SELECT lineage_id, kind, label, 1 AS kept, 0 AS found FROM link_labels \
          UNION ALL SELECT DISTINCT lineage_id, 'source', source, 0, 1 FROM usage_events \
          UNION ALL SELECT DISTINCT lineage_id, 'metric', metric, 0, 1 FROM usage_events) AS labels \
         GROUP BY lineage_id, kind, label HAVING SUM(kept) <> SUM(found)",
    );
    for mut row in all(connection, SQL, "link_labels").await? {
        let subject = row.text()?;
        let (kept, found) = (row.integer()?, row.integer()?);
        compare(differences, &subject, "link_labels", kept.to_string(), found.to_string());
    }
    Ok(())
}

/// Kept days beside recomputed ones: subject, value and count of each.
const LINK_DAYS: Sql = Sql::both(
    "SELECT lineage_id || ' day ' || CAST(day AS TEXT), CAST(SUM(kept) AS BIGINT), CAST(SUM(kept_count) AS BIGINT), \
     CAST(SUM(summed) AS BIGINT), CAST(SUM(summed_count) AS BIGINT) FROM \
     (SELECT lineage_id, day, measured_value AS kept, event_count AS kept_count, 0 AS summed, 0 AS summed_count \
      FROM link_days UNION ALL \
      SELECT lineage_id, captured_at / 86400000000, 0, 0, value, 1 FROM usage_events) AS days \
     GROUP BY lineage_id, day HAVING SUM(kept) <> SUM(summed) OR SUM(kept_count) <> SUM(summed_count)",
);
const STORE_DAYS: Sql = Sql::both(
    "SELECT 'everything day ' || CAST(day AS TEXT), CAST(SUM(kept) AS BIGINT), CAST(SUM(kept_count) AS BIGINT), \
     CAST(SUM(summed) AS BIGINT), CAST(SUM(summed_count) AS BIGINT) FROM \
     (SELECT day, measured_value AS kept, event_count AS kept_count, 0 AS summed, 0 AS summed_count \
      FROM store_days UNION ALL \
      SELECT captured_at / 86400000000, 0, 0, value, 1 FROM usage_events \
      JOIN links ON links.id = lineage_id AND origin = 'work') AS days \
     GROUP BY day HAVING SUM(kept) <> SUM(summed) OR SUM(kept_count) <> SUM(summed_count)",
);

async fn verify_days(
    connection: &mut Connection,
    sql: Sql,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    for mut row in all(connection, sql, "days").await? {
        let subject = row.text()?;
        let (kept, kept_count) = (amount(&mut row)?, row.integer()?);
        let (summed, summed_count) = (amount(&mut row)?, row.integer()?);
        compare(differences, &subject, "measured_value", kept.to_string(), summed.to_string());
        compare(differences, &subject, "event_count", kept_count.to_string(), summed_count.to_string());
    }
    Ok(())
}

async fn verify_store(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const KEPT: Sql = Sql::both(
        "SELECT CAST(COALESCE(SUM(link_count), 0) AS BIGINT), CAST(COALESCE(SUM(event_count), 0) AS BIGINT), \
         CAST(COALESCE(SUM(measured_value_total), 0) AS BIGINT), \
         CAST(COALESCE(SUM(estimated_cost), 0) AS BIGINT) FROM store_totals",
    );
    const SUMMED: Sql = Sql::both(
        "SELECT COUNT(*), CAST(COALESCE(SUM(counted.events), 0) AS BIGINT), \
         CAST(COALESCE(SUM(counted.value), 0) AS BIGINT), CAST(COALESCE(SUM(estimated_cost), 0) AS BIGINT) \
         FROM links LEFT JOIN (SELECT lineage_id, COUNT(*) AS events, CAST(SUM(value) AS BIGINT) AS value \
          FROM usage_events GROUP BY lineage_id) AS counted ON counted.lineage_id = links.id \
         WHERE origin = 'work'",
    );
    let subject = "everything";
    let (Some(mut kept), Some(mut summed)) = (
        all(connection, KEPT, "store_totals").await?.pop(),
        all(connection, SUMMED, "store_totals").await?.pop(),
    ) else {
        return Ok(());
    };
    for field in ["link_count", "event_count"] {
        compare(differences, subject, field, kept.integer()?.to_string(), summed.integer()?.to_string());
    }
    for field in ["measured_value_total", "estimated_cost"] {
        compare(
            differences,
            subject,
            field,
            amount(&mut kept)?.to_string(),
            amount(&mut summed)?.to_string(),
        );
    }
    Ok(())
}

/// Whatever is kept, with the entries that stand for it, and its entries.
macro_rules! subjects {
    () => {
        concat!(
            "(SELECT id AS subject, 1 AS kept, 0 AS entries, NULL AS body FROM links \
             UNION ALL SELECT id, 1, 0, NULL FROM usage_events UNION ALL SELECT id, 1, 0, NULL FROM gate_runs ",
            registry_subjects!(),
            " ",
            governance_subjects!(),
            " ",
            contribution_subjects!(),
            " UNION ALL SELECT subject, 0, 1, body FROM ledger_entries WHERE subject <> '') AS subjects"
        )
    };
}

/// Links and events that no ledger entry stands for, and entries that stand for nothing; but for what a gate had
/// made and an entry says was removed, which must be gone.
async fn verify_ledger(connection: &mut Connection, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::each(
        concat!(
            "SELECT subject, CAST(SUM(kept) AS BIGINT), CAST(SUM(entries) AS BIGINT), \
             MAX(body ->> '$.event.lineage_id') FROM ",
            subjects!(),
            " GROUP BY subject HAVING SUM(kept) <> SUM(entries)"
        ),
        concat!(
            "SELECT subject, CAST(SUM(kept) AS BIGINT), CAST(SUM(entries) AS BIGINT), \
             MAX(body::json -> 'event' ->> 'lineage_id') FROM ",
            subjects!(),
            " GROUP BY subject HAVING SUM(kept) <> SUM(entries)"
        ),
    );
    let removed = removed_links(connection).await?;
    for mut row in all(connection, SQL, "ledger_entries").await? {
        let subject = row.text()?;
        let (kept, entries) = (row.integer()?, row.integer()?);
        let link = row.optional_text()?;
        let accounted = removed.contains(link.as_ref().unwrap_or(&subject)) && kept == 0 && entries == 1;
        if !accounted {
            compare(differences, &subject, "ledger_entries", entries.to_string(), kept.to_string());
        }
    }
    for id in still_there(connection, &removed).await? {
        compare(differences, &id, "removed", "still there".into(), "removed".into());
    }
    Ok(())
}

/// The links that entries say were removed.
async fn removed_links(connection: &mut Connection) -> Result<HashSet<String>, Error> {
    const SQL: Sql = Sql::both("SELECT body FROM ledger_entries WHERE action = 'remove_gate_links'");
    #[derive(serde::Deserialize)]
    struct Body {
        links: Vec<String>,
    }
    let mut removed = HashSet::new();
    for mut row in all(connection, SQL, "ledger_entries").await? {
        let Body { links } = row.parsed(|text| serde_json::from_str(text))?;
        removed.extend(links);
    }
    Ok(removed)
}

async fn still_there(connection: &mut Connection, removed: &HashSet<String>) -> Result<Vec<String>, Error> {
    const SQL: Sql = Sql::each(
        "SELECT id FROM links WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id",
        "SELECT id FROM links WHERE id IN (SELECT value FROM json_array_elements_text($1::json)) ORDER BY id",
    );
    let rows =
        connection.all(SQL, &[to_json(removed)?.as_str().into()], "links").await.map_err(unavailable)?;
    rows.into_iter().map(|mut row| row.text()).collect()
}
