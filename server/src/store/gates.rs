//! Runs of gates, and what has to be told of them.

use super::connection::{Pool, Row, Sql, Value, unavailable};
use super::prepare::to_json;
use super::reads::{LAST_ID, page};
use super::rows::time;
use chrono::{DateTime, Utc};
use domain::{
    error::Error,
    gate::{GateReport, GateRun, Verdict},
    id::RunId,
    page::{Cursor, EventQuery, Page},
    store::Announcement,
};

/// A page of a gate's runs, newest first.
pub async fn gate_runs(
    pool: &Pool,
    gate: &str,
    subject: Option<&str>,
    query: &EventQuery,
) -> Result<Page<GateRun>, Error> {
    const OF_GATE: Sql = Sql::both(
        "SELECT id, gate, subject, verdict, started_at, duration_ms FROM gate_runs \
         WHERE gate = $1 AND (started_at, id) < ($2, $3) ORDER BY started_at DESC, id DESC LIMIT $4",
    );
    const OF_SUBJECT: Sql = Sql::both(
        "SELECT id, gate, subject, verdict, started_at, duration_ms FROM gate_runs \
         WHERE gate = $1 AND (started_at, id) < ($2, $3) AND subject = $5 \
         ORDER BY started_at DESC, id DESC LIMIT $4",
    );
    let (key, last) =
        query.cursor.as_ref().map_or((i64::MAX, LAST_ID), |cursor| (cursor.key, cursor.id.as_str()));
    let mut values: Vec<Value<'_>> = vec![gate.into(), key.into(), last.into(), (query.limit + 1).into()];
    values.extend(subject.map(Value::from));
    let sql = if subject.is_some() { OF_SUBJECT } else { OF_GATE };
    let rows = pool.all(sql, &values, "gate_runs").await?;
    let items = rows.into_iter().map(run).collect::<Result<Vec<_>, _>>()?;
    Ok(page(items, query.limit, |run| Cursor {
        key: run.started_at.timestamp_micros(),
        id: run.id.to_string(),
    }))
}

fn run(mut row: Row) -> Result<GateRun, Error> {
    let row = &mut row;
    Ok(GateRun {
        id: row.parsed(str::parse)?,
        gate: row.text()?,
        subject: Some(row.text()?).filter(|subject| !subject.is_empty()),
        verdict: row.parsed(|name| Verdict::named(name).ok_or("no verdict"))?,
        started_at: time(row.integer()?)?,
        duration_ms: row.integer()?,
    })
}

/// The report of a run.
pub async fn gate_report(pool: &Pool, id: RunId) -> Result<Option<GateReport>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT report FROM gate_runs WHERE id = $1 UNION ALL SELECT report FROM unknown_commit_runs WHERE id = $1",
    );
    let row = pool.one(SQL, &[id.to_string().as_str().into()], "gate_runs").await?;
    row.map(report).transpose()
}

fn report(mut row: Row) -> Result<GateReport, Error> {
    row.parsed(|text| serde_json::from_str(text))
}

/// The newest report about a commit that is in no repository.
pub async fn unknown_commit(pool: &Pool, gate: &str, subject: &str) -> Result<Option<GateReport>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT report FROM unknown_commit_runs WHERE gate = $1 AND subject = $2 \
         ORDER BY started_at DESC, id DESC LIMIT 1",
    );
    let row = pool.one(SQL, &[gate.into(), subject.into()], "unknown_commit_runs").await?;
    row.map(report).transpose()
}

/// Keeps a report about a commit that is in no repository, and of such reports of its gate the newest `most`.
pub async fn keep_unknown_commit(
    pool: &Pool,
    subject: &str,
    report: &GateReport,
    most: i64,
) -> Result<(), Error> {
    const KEEP: Sql = Sql::both(
        "INSERT INTO unknown_commit_runs (id, gate, subject, started_at, report) VALUES ($1, $2, $3, $4, $5)",
    );
    const CUT: Sql = Sql::both(
        "DELETE FROM unknown_commit_runs WHERE gate = $1 AND id NOT IN (SELECT id FROM unknown_commit_runs \
         WHERE gate = $1 ORDER BY started_at DESC, id DESC LIMIT $2)",
    );
    let (id, text) = (report.id.to_string(), to_json(report)?);
    let gate = report.gate.as_str();
    let values = [
        Value::Text(&id),
        gate.into(),
        subject.into(),
        report.started_at.timestamp_micros().into(),
        Value::Text(&text),
    ];
    let mut connection = pool.acquire().await.map_err(unavailable)?;
    connection.run(KEEP, &values).await.map_err(unavailable)?;
    connection.run(CUT, &[gate.into(), most.into()]).await.map_err(unavailable)
}

/// Runs that others are to be told of by now, the longest due first.
pub async fn announcements_due(
    pool: &Pool,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Announcement>, Error> {
    const SQL: Sql = Sql::both(
        "SELECT report, attempts, due_at FROM gate_announcements JOIN gate_runs ON id = run_id WHERE due_at <= $1 \
         ORDER BY due_at, run_id LIMIT $2",
    );
    let rows = pool.all(SQL, &[now.timestamp_micros().into(), limit.into()], "gate_announcements").await?;
    let read = |mut row: Row| {
        let report = row.parsed(|text| serde_json::from_str(text))?;
        Ok(Announcement { report, attempts: row.integer()?, due_at: time(row.integer()?)? })
    };
    rows.into_iter().map(read).collect()
}

/// Puts off when a run is told, unless another server did so since it was read.
pub async fn claim_announcement(
    pool: &Pool,
    due: &Announcement,
    until: DateTime<Utc>,
) -> Result<bool, Error> {
    const SQL: Sql = Sql::both(
        "UPDATE gate_announcements SET due_at = $3 WHERE run_id = $1 AND due_at = $2 RETURNING run_id",
    );
    let id = due.report.id.to_string();
    let values = [Value::Text(&id), due.due_at.timestamp_micros().into(), until.timestamp_micros().into()];
    Ok(pool.one(SQL, &values, "gate_announcements").await?.is_some())
}

/// Notes when telling is tried again and why it failed, or that it is done with. Nothing of it is content: it leaves
/// no entry in the ledger.
pub async fn announced(pool: &Pool, run: RunId, again: Option<(DateTime<Utc>, String)>) -> Result<(), Error> {
    const AGAIN: Sql = Sql::both(
        "UPDATE gate_announcements SET due_at = $2, attempts = attempts + 1, last_error = $3 WHERE run_id = $1",
    );
    const DONE: Sql = Sql::both("DELETE FROM gate_announcements WHERE run_id = $1");
    let id = run.to_string();
    let mut connection = pool.acquire().await.map_err(unavailable)?;
    let ran = match &again {
        Some((due, why)) => {
            let values = [Value::Text(&id), due.timestamp_micros().into(), Value::Text(why)];
            connection.run(AGAIN, &values).await
        }
        None => connection.run(DONE, &[Value::Text(&id)]).await,
    };
    ran.map_err(unavailable)
}
