//! Keeps units as they were read, and drops them.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::JsonRows;
use super::derive::{self, Reading};
use super::rows::{self, digest_of, facts_text};
use super::statements::{
    COUNT_ISSUES, FORGET_ISSUE_COUNTS, INSERT_ISSUES, INSERT_PROPOSALS, INSERT_UNITS, PUT_REPOSITORIES,
};
use domain::{
    contribution::{ImportCounts, ImportIssue, ReadUnit, UnitBatch, UnitClass},
    error::Error,
};
use serde_json::json;

/// Keeps units with all that follows of them, unless somebody else went on meanwhile.
pub async fn units(connection: &mut Connection, batch: &UnitBatch) -> Result<ImportCounts, BatchError> {
    let repository = &batch.repository;
    let new = i64::try_from(batch.units.len()).unwrap_or(i64::MAX);
    let kept = derive::repository(connection, &repository.name).await?.map_or(0, |kept| kept.units);
    let follows = kept + new == repository.units
        && (kept..)
            .zip(&batch.units)
            .all(|(position, unit)| unit.position == position && unit.repository == repository.name);
    if !follows {
        return Err(Error::ImportedMeanwhile(repository.name.clone()).into());
    }
    // What no database keeps in a text is replaced before anything follows of it.
    let mut facts = Vec::with_capacity(batch.units.len());
    let mut units = Vec::with_capacity(batch.units.len());
    for unit in &batch.units {
        let text = facts_text(unit)?;
        units.push(serde_json::from_str::<ReadUnit>(&text).map_err(super::book::broken)?);
        facts.push(text);
    }
    let reading = Reading::new(connection, repository).await?;
    let (mut counts, mut rows) =
        (ImportCounts { units: new, ..ImportCounts::default() }, JsonRows::default());
    for (unit, facts) in units.iter().zip(facts) {
        let class = reading.class(unit);
        *match class {
            UnitClass::Knowledge => &mut counts.knowledge,
            UnitClass::Pipeline => &mut counts.pipeline,
            UnitClass::Other => &mut counts.other,
        } += 1;
        counts.objects += i64::try_from(unit.objects.len()).unwrap_or_default();
        let mut row = reading.unit_row(unit);
        if let Some(items) = row.as_array_mut() {
            items.push(facts.into());
        }
        rows.push(&row.to_string());
    }
    counts.issues = i64::try_from(batch.issues.len()).unwrap_or_default();
    let writes = [
        (PUT_REPOSITORIES, [rows::repository_row(repository)].into_iter().collect()),
        (INSERT_UNITS, rows),
        (INSERT_ISSUES, batch.issues.iter().map(issue_row).collect()),
        (INSERT_PROPOSALS, proposal_rows(batch)),
    ];
    // All that the repository proposes now: what an older head proposed is gone with it.
    connection
        .run(
            Sql::both("DELETE FROM merge_proposals WHERE repository = $1"),
            &[repository.name.as_str().into()],
        )
        .await?;
    let writes: Vec<(Sql, String)> =
        writes.into_iter().filter_map(|(sql, rows): (Sql, JsonRows)| Some((sql, rows.finish()?))).collect();
    connection.run_all(&writes).await?;
    if !batch.issues.is_empty() {
        for sql in [FORGET_ISSUE_COUNTS, COUNT_ISSUES] {
            connection.run(sql, &[repository.name.as_str().into()]).await?;
        }
    }
    counts.credits = reading.derive(connection, &units).await?;
    Ok(counts)
}

fn issue_row(issue: &ImportIssue) -> serde_json::Value {
    let plain = |text: &str| text.replace('\0', "\u{fffd}");
    let (path, detail, unit) = (plain(&issue.path), plain(&issue.detail), issue.unit.to_string());
    let id = digest_of(&[&issue.repository, &path, &unit, &issue.reason, &detail]);
    json!([id, issue.repository, path, unit, issue.reason, detail])
}

fn proposal_rows(batch: &UnitBatch) -> JsonRows {
    let name = &batch.repository.name;
    batch.proposals.iter().map(|it| json!([name, it.handle, it.alias, it.evidence])).collect()
}

/// Drops what was read of a repository, and derives what is left of the others. What people decided stays.
pub async fn drop_repository(connection: &mut Connection, name: &str) -> Result<(), BatchError> {
    for sql in [
        Sql::both("DELETE FROM units WHERE repository = $1"),
        Sql::both("DELETE FROM import_issues WHERE repository = $1"),
        FORGET_ISSUE_COUNTS,
        Sql::both("DELETE FROM merge_proposals WHERE repository = $1"),
        Sql::both("DELETE FROM repositories WHERE name = $1"),
    ] {
        connection.run(sql, &[name.into()]).await?;
    }
    derive::everything(connection).await.map(drop)
}
