//! What people decided about contributors, and how a decision is made.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Pool, Row, Sql};
use super::super::governance::vetoes;
use super::super::prepare::{JsonRows, ledger_row, to_json};
use super::super::rows::time;
use super::super::statements::{INSERT_KEYS, INSERT_LEDGER};
use super::derive;
use super::identities::kind_of;
use super::statements::{INSERT_ALIASES, INSERT_DISMISSED, INSERT_PRINCIPALS, INSERT_RUNS, PUT_CONTRIBUTORS};
use domain::{
    contribution::{
        ContributorEdit, ContributorKind, Decided, Everybody, ImportRun, PrincipalDecision, PrincipalPeriod,
        Seen,
    },
    error::Error,
    ledger::Change,
    store::{Made, Write, Written},
};
use serde_json::json;
use std::collections::BTreeSet;

const CONTRIBUTORS: Sql =
    Sql::both("SELECT handle, version, kind, name FROM contributors WHERE handle > '' ORDER BY handle");
const ALIASES: Sql =
    Sql::both("SELECT handle, alias FROM contributor_aliases WHERE handle > '' ORDER BY handle, alias");
const PRINCIPALS: Sql = Sql::both(
    "SELECT handle, principal, from_at, reason, decided_by, decided_at FROM contributor_principals \
     WHERE handle > '' ORDER BY handle, version",
);
const DISMISSED: Sql =
    Sql::both("SELECT handle, alias FROM dismissed_proposals WHERE handle > '' ORDER BY handle, alias");
const IDENTITIES: Sql = Sql::both(
    "SELECT handle, name, kind, first_at, last_at FROM identities WHERE handle > '' ORDER BY handle",
);

/// Rows of one of the tables, added to everybody.
type Take = fn(&mut Everybody, Row) -> Result<(), Error>;

const DECIDED: [(Sql, Take); 4] = [
    (CONTRIBUTORS, |everybody, mut row| {
        let decided = everybody.decided.entry(row.text()?).or_default();
        decided.version = row.integer()?;
        let kind = row.optional_text()?;
        decided.kind =
            kind.map(|name| ContributorKind::named(&name).ok_or_else(|| no_kind(&name))).transpose()?;
        decided.name = row.optional_text()?;
        Ok(())
    }),
    (ALIASES, |everybody, mut row| {
        let decided = everybody.decided.entry(row.text()?).or_default();
        decided.aliases.insert(row.text()?);
        Ok(())
    }),
    (PRINCIPALS, |everybody, mut row| {
        let decided = everybody.decided.entry(row.text()?).or_default();
        let period = PrincipalPeriod { principal: row.optional_text()?, from: time(row.integer()?)? };
        let (reason, decided_by) = (row.optional_text()?, row.text()?);
        let decided_at = time(row.integer()?)?;
        decided.principals.push(PrincipalDecision { period, reason, decided_by, decided_at });
        Ok(())
    }),
    (DISMISSED, |everybody, mut row| {
        let decided = everybody.decided.entry(row.text()?).or_default();
        decided.dismissed.insert(row.text()?);
        Ok(())
    }),
];

fn no_kind(name: &str) -> Error {
    Error::Store(format!("corrupt row in contributors: {name:?} is no kind"))
}

fn take_seen(everybody: &mut Everybody, mut row: Row) -> Result<(), Error> {
    let handle = row.text()?;
    let seen = Seen {
        name: row.text()?,
        kind: kind_of(row.integer()?)?,
        first_at: time(row.integer()?)?,
        last_at: time(row.integer()?)?,
    };
    everybody.seen.insert(handle, seen);
    Ok(())
}

/// What people decided, without those about whom nothing was.
pub async fn decided(connection: &mut Connection) -> Result<Everybody, BatchError> {
    let mut everybody = Everybody::default();
    for (sql, take) in DECIDED {
        for row in connection.all(sql, &[], "contributors").await? {
            take(&mut everybody, row)?;
        }
    }
    Ok(everybody)
}

/// Everybody.
pub async fn everybody(pool: &Pool) -> Result<Everybody, Error> {
    let mut everybody = Everybody::default();
    for (sql, take) in DECIDED.into_iter().chain([(IDENTITIES, take_seen as Take)]) {
        for row in pool.all(sql, &[], "contributors").await? {
            take(&mut everybody, row)?;
        }
    }
    Ok(everybody)
}

/// Makes a change whose consequences reach far, unless it was made before under the same key.
pub async fn change(connection: &mut Connection, write: &Write) -> Result<Written<Made>, BatchError> {
    if let Some(kept) = kept(connection, write).await? {
        return Ok(kept);
    }
    let (made, done) = match &write.change {
        Change::EditContributor { edit } => edit_contributor(connection, edit, write.actor.as_str()).await?,
        Change::ImportHistory { run } => {
            keep_run(connection, run).await?;
            (Made::Nothing, Some(write.change.clone()))
        }
        Change::CastVeto { .. } | Change::UndoVeto { .. } => {
            vetoes::change(connection, &write.change).await?
        }
        _ => return Err(Error::Store("a change that is not made by itself".into()).into()),
    };
    let mut writes = Vec::new();
    if let Some(change) = done {
        let entry = ledger_row(&Write { change, ..write.clone() })?;
        writes.push((INSERT_LEDGER, format!("[{entry}]")));
    }
    if let Some(key) = &write.idempotency {
        let at = write.change.at().timestamp_micros();
        let row = json!([[key.scope, key.key, key.fingerprint, to_json(&made)?, at]]);
        writes.push((INSERT_KEYS, row.to_string()));
    }
    connection.run_all(&writes).await?;
    Ok(Written { made, replayed: false })
}

/// The answer kept under a write's key.
async fn kept(connection: &mut Connection, write: &Write) -> Result<Option<Written<Made>>, BatchError> {
    const SQL: Sql =
        Sql::both("SELECT fingerprint, answer FROM idempotency_keys WHERE scope = $1 AND key = $2");
    let Some(key) = &write.idempotency else { return Ok(None) };
    let values = [key.scope.as_str().into(), key.key.as_str().into()];
    let Some(mut row) = connection.all(SQL, &values, "idempotency_keys").await?.pop() else {
        return Ok(None);
    };
    if row.text()? != key.fingerprint {
        return Err(Error::IdempotencyKeyReused(key.key.clone()).into());
    }
    let made = row.parsed(|text| serde_json::from_str(text))?;
    Ok(Some(Written { made, replayed: true }))
}

async fn keep_run(connection: &mut Connection, run: &ImportRun) -> Result<(), BatchError> {
    let row = json!([[run.id, run.repository, run.started_at.timestamp_micros(), to_json(run)?]]);
    Ok(connection.run(INSERT_RUNS, &[row.to_string().as_str().into()]).await?)
}

async fn edit_contributor(
    connection: &mut Connection,
    edit: &ContributorEdit,
    actor: &str,
) -> Result<(Made, Option<Change>), BatchError> {
    let mut everybody = decided(connection).await?;
    for row in connection.all(IDENTITIES, &[], "identities").await? {
        take_seen(&mut everybody, row)?;
    }
    let made = |everybody: &Everybody| {
        let record = everybody.record(&edit.handle).ok_or(Error::ContributorNotFound)?;
        Ok::<_, Error>(Made::Contributor(Box::new(record)))
    };
    let Some(decided) = edit.decide(&everybody, actor)? else { return Ok((made(&everybody)?, None)) };
    write(connection, &decided).await?;
    let (handle, version) = (decided.handle.clone(), Some(decided.decisions.version));
    let names = everybody.people().known_names;
    let mut touched: BTreeSet<String> = decided.decisions.aliases.iter().cloned().collect();
    let before = everybody.decided.insert(decided.handle, decided.decisions);
    if decided.credits_change {
        touched.extend(before.into_iter().flat_map(|before| before.aliases));
        touched.insert(handle.clone());
        touched.extend(workers_of(&everybody, &touched));
        let now = everybody.people().known_names;
        let theirs = |(name, handle): (&String, &String)| (name.clone(), handle.clone());
        let (before, after): (BTreeSet<_>, BTreeSet<_>) =
            (names.iter().map(theirs).collect(), now.iter().map(theirs).collect());
        // The text of any source may name them.
        let told = before.symmetric_difference(&after).map(|(name, _)| name.clone()).collect();
        // Few are derived with the decision itself; of many, some at a time, so that other writes get between.
        if derive::mark(connection, &touched, &told).await? <= derive::AT_ONCE {
            derive::waiting(connection).await?;
        }
    }
    let edit = ContributorEdit { handle, version, ..edit.clone() };
    Ok((made(&everybody)?, Some(Change::EditContributor { edit })))
}

/// By every name of theirs, those who work or worked for any of these handles: whose they are changes for whom credits
/// count, also in units that name none of these.
fn workers_of(everybody: &Everybody, handles: &BTreeSet<String>) -> BTreeSet<String> {
    let works_for = |decision: &PrincipalDecision| {
        decision.period.principal.as_ref().is_some_and(|principal| handles.contains(principal))
    };
    let workers = everybody.decided.iter().filter(|(_, it)| it.principals.iter().any(works_for));
    workers.flat_map(|(handle, it)| std::iter::once(handle).chain(&it.aliases)).cloned().collect()
}

/// Writes all that is decided of a contributor.
async fn write(connection: &mut Connection, decided: &Decided) -> Result<(), BatchError> {
    let (handle, it) = (&decided.handle, &decided.decisions);
    connection
        .run(Sql::both("DELETE FROM contributor_aliases WHERE handle = $1"), &[handle.as_str().into()])
        .await?;
    connection
        .run(Sql::both("DELETE FROM dismissed_proposals WHERE handle = $1"), &[handle.as_str().into()])
        .await?;
    let contributor = [json!([handle, it.version, it.kind, it.name])].into_iter().collect();
    let aliases = it.aliases.iter().map(|alias| json!([alias, handle])).collect();
    let dismissed = it.dismissed.iter().map(|alias| json!([handle, alias])).collect();
    // Of this version, if of any: those before it stand already.
    let last = it.principals.last().filter(|last| Some(*last) != decided.principal_before.as_ref());
    let principal = last
        .map(|last| {
            let (principal, from) = (&last.period.principal, last.period.from.timestamp_micros());
            let at = last.decided_at.timestamp_micros();
            json!([handle, it.version, principal, from, last.reason, last.decided_by, at])
        })
        .into_iter()
        .collect();
    let tables: [(Sql, JsonRows); 4] = [
        (PUT_CONTRIBUTORS, contributor),
        (INSERT_ALIASES, aliases),
        (INSERT_DISMISSED, dismissed),
        (INSERT_PRINCIPALS, principal),
    ];
    let writes: Vec<(Sql, String)> =
        tables.into_iter().filter_map(|(sql, rows)| Some((sql, rows.finish()?))).collect();
    Ok(connection.run_all(&writes).await?)
}
