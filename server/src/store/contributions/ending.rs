//! From when on a unit's credits count nothing: the earlier of a revert and a veto.
//!
//! A unit is reverted while a later one reverts it that is not reverted itself; so a revert of a revert restores.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::governance::vetoes::rolled_back;
use super::super::prepare::{JsonRows, to_json};
use super::super::rows::time;
use super::book::Book;
use super::statements::{END_UNITS, INSERT_REVERTS, of_texts};
use chrono::{DateTime, Utc};
use domain::{
    contribution::{ReadUnit, RevertedNumber},
    id::UnitId,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Digits of a commit that name it at the least.
const LEAST_DIGITS: usize = 7;
/// Units that one reverts, of those that it names: each is looked for.
const MAX_REVERTS: usize = 100;

/// Keeps which units these revert; the units that this may end or restore.
pub async fn keep_reverts(
    connection: &mut Connection,
    units: &[ReadUnit],
) -> Result<BTreeSet<UnitId>, BatchError> {
    const NAMED: Sql = Sql::both(
        "SELECT id FROM units WHERE sha >= $1 AND sha < $2 AND repository = $3 AND position < $4 \
         ORDER BY sha LIMIT 2",
    );
    let (mut touched, mut rows) = (BTreeSet::new(), JsonRows::default());
    for unit in units {
        for reverted in unit.reverted.numbers.iter().take(MAX_REVERTS) {
            if let Some(target) = of_number(connection, unit, reverted).await? {
                rows.push(&json!([unit.id(), target]).to_string());
                touched.insert(target);
            }
        }
        let commits = unit.reverts.iter().take(MAX_REVERTS);
        for named in commits.chain(unit.reverted.merges.iter().take(MAX_REVERTS)) {
            let named = named.to_lowercase();
            if named.len() < LEAST_DIGITS || !named.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                continue;
            }
            // Behind every commit that begins with these digits, and before any other.
            let behind = format!("{named}g");
            let values = [
                named.as_str().into(),
                behind.as_str().into(),
                unit.repository.as_str().into(),
                unit.position.into(),
            ];
            let mut found = connection.all(NAMED, &values, "units").await?;
            // Digits that several begin with name none.
            if let (Some(mut row), true) = (found.pop(), found.is_empty()) {
                let target: UnitId = row.parsed(str::parse)?;
                rows.push(&json!([unit.id(), target]).to_string());
                touched.insert(target);
            }
        }
    }
    if let Some(rows) = rows.finish() {
        connection.run(INSERT_REVERTS, &[rows.as_str().into()]).await?;
    }
    Ok(touched)
}

/// The earlier unit that has a number on the same forge; none where several have. Of a unit whose message does not tell
/// its forge, the number alone is all that is known.
async fn of_number(
    connection: &mut Connection,
    unit: &ReadUnit,
    reverted: &RevertedNumber,
) -> Result<Option<UnitId>, BatchError> {
    const NUMBERED: Sql = Sql::both(
        "SELECT id, title FROM units WHERE number = $1 AND repository = $2 AND position < $3 \
         AND ($4 = '' OR COALESCE(forge, $4) = $4) ORDER BY position",
    );
    let values = [
        reverted.number.into(),
        unit.repository.as_str().into(),
        unit.position.into(),
        unit.forge.as_deref().unwrap_or_default().into(),
    ];
    let mut found = Vec::new();
    for mut row in connection.all(NUMBERED, &values, "units").await? {
        let (id, title): (UnitId, String) = (row.parsed(str::parse)?, row.text()?);
        if reverted.title.as_ref().is_none_or(|quoted| title.contains(quoted)) {
            found.push(id);
        }
    }
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// A unit that reverts another: which one, and when.
#[derive(Clone, Copy)]
struct Revert {
    by: UnitId,
    at: DateTime<Utc>,
}

/// Everything that bears on whether some units are reverted.
#[derive(Default)]
struct Reverts {
    /// Those that revert a unit, the earliest first.
    of: BTreeMap<UnitId, Vec<Revert>>,
    /// Units that are reverted, with their places on their branch.
    places: BTreeSet<(i64, UnitId)>,
}

impl Reverts {
    /// The units that these revert, and what those revert, and so on.
    async fn reach(
        connection: &mut Connection,
        units: &BTreeSet<UnitId>,
    ) -> Result<BTreeSet<UnitId>, BatchError> {
        const TARGETS: Sql = of_texts!("SELECT target_id FROM unit_reverts WHERE unit_id", "");
        let (mut all, mut next) = (units.clone(), units.clone());
        while !next.is_empty() {
            let found = connection.all(TARGETS, &[to_json(&next)?.as_str().into()], "unit_reverts").await?;
            next.clear();
            for mut row in found {
                let target: UnitId = row.parsed(str::parse)?;
                if all.insert(target) {
                    next.insert(target);
                }
            }
        }
        Ok(all)
    }

    /// Those that revert these, those that revert them, and so on.
    async fn load(connection: &mut Connection, units: &BTreeSet<UnitId>) -> Result<Self, BatchError> {
        const REVERTERS: Sql = of_texts!(
            "SELECT target_id, target.position, unit_id, units.merged_at FROM unit_reverts \
             JOIN units ON units.id = unit_id JOIN units AS target ON target.id = target_id WHERE target_id",
            "ORDER BY target_id, units.position"
        );
        let (mut known, mut met, mut next) = (Self::default(), units.clone(), units.clone());
        while !next.is_empty() {
            let found = connection.all(REVERTERS, &[to_json(&next)?.as_str().into()], "unit_reverts").await?;
            next.clear();
            for mut row in found {
                let target: UnitId = row.parsed(str::parse)?;
                known.places.insert((row.integer()?, target));
                let by: UnitId = row.parsed(str::parse)?;
                let at = time(row.integer()?)?;
                known.of.entry(target).or_default().push(Revert { by, at });
                if met.insert(by) {
                    next.insert(by);
                }
            }
        }
        Ok(known)
    }

    /// What is reverted, each with the first unit that reverts it and stands.
    fn standing(&self) -> BTreeMap<UnitId, Revert> {
        let mut reverted = BTreeMap::new();
        // A unit only ever reverts earlier ones: whether those that revert it stand is known before its turn.
        for (_, unit) in self.places.iter().rev() {
            let reverts = self.of.get(unit).into_iter().flatten();
            if let Some(first) = reverts.copied().find(|revert| !reverted.contains_key(&revert.by)) {
                reverted.insert(*unit, first);
            }
        }
        reverted
    }
}

/// Sets by what units are reverted and from when on their credits count nothing, and lets their credits and totals
/// follow. Call it for whatever a revert or a veto touched. The units that ended, or end no more or at another time.
pub async fn end_units(
    connection: &mut Connection,
    touched: &BTreeSet<UnitId>,
) -> Result<BTreeSet<UnitId>, BatchError> {
    if touched.is_empty() {
        return Ok(BTreeSet::new());
    }
    let units = Reverts::reach(connection, touched).await?;
    let reverted = Reverts::load(connection, &units).await?.standing();
    let vetoes = rolled_back(connection, &units).await?;
    let ended = |unit: &UnitId| {
        let reverted = reverted.get(unit).map(|revert| revert.at);
        reverted.into_iter().chain(vetoes.get(unit).copied()).min()
    };
    let before = self::ended(connection, &units).await?;
    let moved = units.iter().copied().filter(|unit| before.get(unit).copied() != ended(unit)).collect();
    let rows: JsonRows = units
        .iter()
        .map(|unit| {
            let by = reverted.get(unit).map(|revert| revert.by);
            json!([unit, by, ended(unit).map(|at| at.timestamp_micros())])
        })
        .collect();
    if let Some(rows) = rows.finish() {
        connection.run(END_UNITS, &[rows.as_str().into()]).await?;
    }
    let mut book = Book::of_units(connection, &units).await?;
    for kept in book.after.values_mut() {
        kept.credit.ended_at = ended(&kept.credit.unit);
    }
    book.write(connection).await?;
    Ok(moved)
}

/// From when on the credits of units count nothing, of those that ended.
pub async fn ended(
    connection: &mut Connection,
    units: &BTreeSet<UnitId>,
) -> Result<BTreeMap<UnitId, DateTime<Utc>>, BatchError> {
    const ENDED: Sql = of_texts!("SELECT id, ended_at FROM units WHERE ended_at IS NOT NULL AND id", "");
    let found = connection.all(ENDED, &[to_json(units)?.as_str().into()], "units").await?;
    found.into_iter().map(|mut row| Ok((row.parsed(str::parse)?, time(row.integer()?)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::contribution::unit_id;

    /// So many units, each reverting those at places.
    fn branch(units: usize, reverts: impl Fn(usize) -> std::ops::Range<usize>) -> (Vec<UnitId>, Reverts) {
        let ids: Vec<UnitId> = (0..units).map(|at| unit_id("codex", &format!("{at:040x}"))).collect();
        let mut known = Reverts::default();
        for (place, by) in ids.iter().enumerate() {
            for target in reverts(place) {
                known.places.insert((target as i64, ids[target]));
                let revert = Revert { by: *by, at: DateTime::UNIX_EPOCH };
                known.of.entry(ids[target]).or_default().push(revert);
            }
        }
        (ids, known)
    }

    #[test]
    fn where_each_unit_reverts_all_before_it_only_the_last_stands() {
        let (ids, known) = branch(200, |place| 0..place);
        let reverted = known.standing();
        assert_eq!(reverted.len(), 199);
        assert!(reverted.values().all(|revert| revert.by == ids[199]));
    }

    #[test]
    fn along_a_chain_however_long_every_other_unit_stands() {
        let (ids, known) = branch(100_000, |place| place.saturating_sub(1)..place);
        let reverted = known.standing();
        assert!(!reverted.contains_key(&ids[99_999]) && reverted.contains_key(&ids[99_998]));
        assert_eq!(reverted.len(), 50_000);
    }
}
