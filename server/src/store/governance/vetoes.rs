//! Vetoes, each made by itself: the units that it ends, their credits and totals follow in the same transaction.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::contributions::end_units;
use super::super::prepare::to_json;
use super::super::rows::time;
use super::rows::{self, veto_row};
use super::statements::{INSERT_VETOES, UPDATE_VETOES};
use chrono::{DateTime, Utc};
use domain::{
    error::Error,
    governance::Veto,
    id::{UnitId, VetoId},
    ledger::Change,
    store::Made,
};
use std::collections::{BTreeMap, BTreeSet};

/// Casts or undoes a veto, unless something forbids it: what it made, and the change as it is to be on record.
pub async fn change(
    connection: &mut Connection,
    change: &Change,
) -> Result<(Made, Option<Change>), BatchError> {
    let (veto, sql) = match change {
        Change::CastVeto { objection: Some(objection), .. }
        | Change::UndoVeto { objection: Some(objection), .. } => return Err((**objection).clone().into()),
        Change::CastVeto { veto, .. } => {
            if let Some(id) = holding(connection, veto.unit).await? {
                return Err(Error::VetoedAlready(id).into());
            }
            (veto.clone(), INSERT_VETOES)
        }
        Change::UndoVeto { veto_id, undoing, .. } => {
            let veto = kept(connection, *veto_id).await?.ok_or(Error::VetoNotFound)?;
            (veto.undone(undoing.clone())?, UPDATE_VETOES)
        }
        _ => return Err(Error::Store("a change that is no veto's".into()).into()),
    };
    let rows = format!("[{}]", veto_row(&veto)?);
    connection.run(sql, &[rows.as_str().into()]).await?;
    end_units(connection, &BTreeSet::from([veto.unit])).await?;
    Ok((Made::Veto(veto), Some(change.clone())))
}

/// The veto of a unit that holds.
async fn holding(connection: &mut Connection, unit: UnitId) -> Result<Option<VetoId>, BatchError> {
    const SQL: Sql = Sql::both("SELECT id FROM vetoes WHERE status = 'active' AND unit_id = $1");
    let mut found = connection.all(SQL, &[unit.to_string().as_str().into()], "vetoes").await?;
    Ok(found.pop().map(|mut row| row.parsed(str::parse)).transpose()?)
}

async fn kept(connection: &mut Connection, id: VetoId) -> Result<Option<Veto>, BatchError> {
    const SQL: Sql = Sql::both("SELECT id, body FROM vetoes WHERE id = $1");
    let mut found = connection.all(SQL, &[id.to_string().as_str().into()], "vetoes").await?;
    Ok(found.pop().map(rows::body).transpose()?)
}

/// When these units were rolled back, of those that are.
pub async fn rolled_back(
    connection: &mut Connection,
    units: &BTreeSet<UnitId>,
) -> Result<BTreeMap<UnitId, DateTime<Utc>>, BatchError> {
    // An expression, so that the units are looked up and not all vetoes that hold.
    const SQL: Sql = Sql::each(
        "SELECT unit_id, created_at FROM vetoes WHERE status || '' = 'active' \
         AND unit_id IN (SELECT value FROM json_each($1))",
        "SELECT unit_id, created_at FROM vetoes WHERE status || '' = 'active' \
         AND unit_id IN (SELECT value FROM json_array_elements_text($1::json))",
    );
    let found = connection.all(SQL, &[to_json(units)?.as_str().into()], "vetoes").await?;
    found.into_iter().map(|mut row| Ok((row.parsed(str::parse)?, time(row.integer()?)?))).collect()
}
