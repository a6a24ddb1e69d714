//! Recomputes every running total from the events it stands for.

use super::connection::{Pool, Row, Sql};
use domain::{
    error::Error,
    money::{Amount, Ratio},
    store::{Difference, Verification},
};

/// Looks at everything and says what differs.
pub async fn verify(pool: &Pool) -> Result<Verification, Error> {
    let mut found = Verification {
        links: count(pool, Sql::both("SELECT COUNT(*) FROM links")).await?,
        events: count(pool, Sql::both("SELECT COUNT(*) FROM usage_events")).await?,
        ledger_entries: count(pool, Sql::both("SELECT COUNT(*) FROM ledger_entries")).await?,
        differences: Vec::new(),
    };
    let differences = &mut found.differences;
    verify_links(pool, differences).await?;
    verify_labels(pool, differences).await?;
    verify_days(pool, LINK_DAYS, differences).await?;
    verify_days(pool, STORE_DAYS, differences).await?;
    verify_store(pool, differences).await?;
    verify_ledger(pool, differences).await?;
    Ok(found)
}

async fn count(pool: &Pool, sql: Sql) -> Result<i64, Error> {
    match pool.one(sql, &[], "count").await? {
        Some(mut row) => row.integer(),
        None => Ok(0),
    }
}

fn compare(differences: &mut Vec<Difference>, subject: &str, field: &str, kept: String, recomputed: String) {
    if kept != recomputed {
        differences.push(Difference { subject: subject.into(), field: field.into(), kept, recomputed });
    }
}

fn amount(row: &mut Row) -> Result<Amount, Error> {
    row.integer().map(Amount::from_micros)
}

async fn verify_links(pool: &Pool, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT links.id, estimated_cost, roi_sort, measured_value_total, event_count, \
         COALESCE(summed.value, 0), COALESCE(summed.count, 0) FROM links LEFT JOIN \
         (SELECT lineage_id, CAST(SUM(value) AS BIGINT) AS value, COUNT(*) AS count FROM usage_events \
          GROUP BY lineage_id) AS summed ON summed.lineage_id = links.id",
    );
    for mut row in pool.all(SQL, &[], "links").await? {
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

async fn verify_labels(pool: &Pool, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT links.id, source_count, metric_count, COALESCE(counted.sources, 0), COALESCE(counted.metrics, 0), \
         COALESCE(labels.count, 0) FROM links \
         LEFT JOIN (SELECT lineage_id, COUNT(DISTINCT source) AS sources, COUNT(DISTINCT metric) AS metrics \
          FROM usage_events GROUP BY lineage_id) AS counted ON counted.lineage_id = links.id \
         LEFT JOIN (SELECT lineage_id, COUNT(*) AS count FROM link_labels GROUP BY lineage_id) AS labels \
          ON labels.lineage_id = links.id",
    );
    for mut row in pool.all(SQL, &[], "links").await? {
        let id = row.text()?;
        let (sources, metrics) = (row.integer()?, row.integer()?);
        let (counted_sources, counted_metrics) = (row.integer()?, row.integer()?);
        compare(differences, &id, "source_count", sources.to_string(), counted_sources.to_string());
        compare(differences, &id, "metric_count", metrics.to_string(), counted_metrics.to_string());
        let labels = row.integer()?;
        let counted = counted_sources + counted_metrics;
        compare(differences, &id, "labels", labels.to_string(), counted.to_string());
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
      SELECT captured_at / 86400000000, 0, 0, value, 1 FROM usage_events) AS days \
     GROUP BY day HAVING SUM(kept) <> SUM(summed) OR SUM(kept_count) <> SUM(summed_count)",
);

async fn verify_days(pool: &Pool, sql: Sql, differences: &mut Vec<Difference>) -> Result<(), Error> {
    for mut row in pool.all(sql, &[], "days").await? {
        let subject = row.text()?;
        let (kept, kept_count) = (amount(&mut row)?, row.integer()?);
        let (summed, summed_count) = (amount(&mut row)?, row.integer()?);
        compare(differences, &subject, "measured_value", kept.to_string(), summed.to_string());
        compare(differences, &subject, "event_count", kept_count.to_string(), summed_count.to_string());
    }
    Ok(())
}

async fn verify_store(pool: &Pool, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SUMMED: Sql = Sql::both(
        "SELECT (SELECT COUNT(*) FROM links), (SELECT COUNT(*) FROM usage_events), \
         (SELECT CAST(COALESCE(SUM(value), 0) AS BIGINT) FROM usage_events), \
         (SELECT CAST(COALESCE(SUM(estimated_cost), 0) AS BIGINT) FROM links)",
    );
    let kept = super::reads::totals(pool).await?;
    let Some(mut row) = pool.one(SUMMED, &[], "store_totals").await? else { return Ok(()) };
    let (links, events) = (row.integer()?, row.integer()?);
    let (value, cost) = (amount(&mut row)?, amount(&mut row)?);
    let subject = "everything";
    compare(differences, subject, "link_count", kept.link_count.to_string(), links.to_string());
    compare(differences, subject, "event_count", kept.event_count.to_string(), events.to_string());
    let kept_value = kept.measured_value_total.to_string();
    compare(differences, subject, "measured_value_total", kept_value, value.to_string());
    compare(differences, subject, "estimated_cost", kept.estimated_cost.to_string(), cost.to_string());
    Ok(())
}

/// Links and events that no ledger entry stands for, and entries that stand for nothing.
async fn verify_ledger(pool: &Pool, differences: &mut Vec<Difference>) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT subject, CAST(SUM(kept) AS BIGINT), CAST(SUM(entries) AS BIGINT) FROM \
         (SELECT id AS subject, 1 AS kept, 0 AS entries FROM links \
          UNION ALL SELECT id, 1, 0 FROM usage_events \
          UNION ALL SELECT subject, 0, 1 FROM ledger_entries) AS subjects \
         GROUP BY subject HAVING SUM(kept) <> SUM(entries)",
    );
    for mut row in pool.all(SQL, &[], "ledger_entries").await? {
        let subject = row.text()?;
        let (kept, entries) = (row.integer()?, row.integer()?);
        compare(differences, &subject, "ledger_entries", entries.to_string(), kept.to_string());
    }
    Ok(())
}
