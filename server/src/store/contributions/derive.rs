//! What follows of units: their classes and proposers, knowledge, citations, identities, credits and totals.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::{JsonRows, to_json};
use super::book::Book;
use super::identities::{Identities, ids};
use super::statements::{UPDATE_PROPOSERS, UPDATE_UNITS, of_texts};
use super::{digest, ending, knowledge, people, rows};
use domain::{
    contribution::{
        ContributionPolicy, Everybody, People, ReadUnit, Rebuilt, Repository, UnitClass, WeightSet, classify,
        derive, proposer,
    },
    error::Error,
    id::UnitId,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Units that are derived at a time.
const CHUNK: i64 = 200;
/// Units that are derived again in one transaction after a decision.
pub const AT_ONCE: i64 = 500;

/// By what units of a repository are derived.
pub struct Reading {
    /// The repository's name.
    pub repository: String,
    /// Its policy.
    pub policy: ContributionPolicy,
    weights: &'static WeightSet,
    /// What people decided.
    pub people: People,
}

/// A repository as far as it was read.
pub async fn repository(connection: &mut Connection, name: &str) -> Result<Option<Repository>, BatchError> {
    const SQL: Sql = Sql::both(
        "SELECT name, branch, head_sha, units, shallow, policy, policy_hash, policy_text FROM repositories \
         WHERE name = $1",
    );
    let mut found = connection.all(SQL, &[name.into()], "repositories").await?;
    Ok(found.pop().map(|mut row| rows::repository(&mut row)).transpose()?)
}

async fn repositories(connection: &mut Connection) -> Result<Vec<Repository>, BatchError> {
    const SQL: Sql = Sql::both(
        "SELECT name, branch, head_sha, units, shallow, policy, policy_hash, policy_text FROM repositories \
         WHERE name > '' ORDER BY name",
    );
    let found = connection.all(SQL, &[], "repositories").await?;
    found.into_iter().map(|mut row| Ok(rows::repository(&mut row)?)).collect()
}

/// Units of a repository from a place on, as they were read.
async fn units_from(
    connection: &mut Connection,
    repository: &str,
    position: i64,
) -> Result<Vec<ReadUnit>, BatchError> {
    const SQL: Sql = Sql::both(
        "SELECT facts FROM units WHERE repository = $1 AND position >= $2 AND position < $3 ORDER BY position",
    );
    let values = [repository.into(), position.into(), (position + CHUNK).into()];
    let found = connection.all(SQL, &values, "units").await?;
    found.into_iter().map(|mut row| Ok(rows::facts(&mut row)?)).collect()
}

impl Reading {
    /// By a repository's policy, and by what people decided.
    pub async fn new(connection: &mut Connection, repository: &Repository) -> Result<Self, BatchError> {
        let everybody = people::decided(connection).await?;
        Self::with(repository, &everybody)
    }

    /// By a repository's policy, and by what people decided, already read.
    pub fn with(repository: &Repository, everybody: &Everybody) -> Result<Self, BatchError> {
        let unfit = |why: String| Error::Store(format!("the policy of {}: {why}", repository.name));
        let policy = ContributionPolicy::from_toml(&repository.policy_text)
            .map_err(|error| unfit(error.to_string()))?;
        let weights = WeightSet::named(&policy.weight_set)
            .ok_or_else(|| unfit("its weight set is not known".into()))?;
        Ok(Self { repository: repository.name.clone(), policy, weights, people: everybody.people() })
    }

    /// What kind of work a unit is.
    pub fn class(&self, unit: &ReadUnit) -> UnitClass {
        classify(unit.paths.iter().map(|path| path.path.as_str()), &self.policy.paths)
    }

    fn proposer(&self, unit: &ReadUnit) -> Option<String> {
        proposer(unit, &self.people, &self.policy).map(|(contributor, _)| contributor)
    }

    /// Everything of a unit's row but its facts and whether it ended.
    pub fn unit_row(&self, unit: &ReadUnit) -> Value {
        let proposer = self.proposer(unit);
        json!([
            unit.id(),
            unit.repository,
            unit.position,
            unit.sha,
            unit.kind,
            self.class(unit),
            unit.forge,
            unit.number,
            unit.title,
            proposer,
            unit.merged_at.timestamp_micros(),
            unit.paths.len(),
            unit.lines_added,
            unit.lines_removed,
            i64::from(unit.lines_partial),
            search_text(unit, proposer.as_deref()),
        ])
    }

    /// Derives units that are kept and follow those before them; how many credits there are more.
    pub async fn derive(&self, connection: &mut Connection, units: &[ReadUnit]) -> Result<i64, BatchError> {
        let mut identities = Identities::default();
        units.iter().for_each(|unit| identities.add(unit, &self.policy));
        identities.write(connection).await?;
        let mut kept = knowledge::keep(connection, &self.repository, units).await?;
        let reverted = ending::keep_reverts(connection, units).await?;
        let ids = ids(units);
        let moved = ending::end_units(connection, &reverted.union(&ids).copied().collect()).await?;
        let elsewhere = moved.difference(&ids).copied().collect();
        kept.touched.extend(touched_by(connection, &self.repository, &elsewhere).await?);
        let (more, _) = self.put_credits(connection, units, &ids).await?;
        if !kept.severed.is_empty() {
            kept.touched.extend(self.cited_by_moved(connection, kept.severed).await?);
        }
        self.recompute(connection, kept.touched, &ids).await?;
        Ok(more)
    }

    async fn put_credits(
        &self,
        connection: &mut Connection,
        units: &[ReadUnit],
        ids: &BTreeSet<UnitId>,
    ) -> Result<(i64, BTreeSet<String>), BatchError> {
        let ended = ending::ended(connection, ids).await?;
        let mut book = Book::of_units(connection, ids).await?;
        let mut claims = book.claims();
        book.after.clear();
        for unit in units {
            let mut credits = derive(unit, &self.people, &self.policy, self.weights);
            let ended_at = ended.get(&unit.id()).copied();
            credits.iter_mut().for_each(|credit| credit.ended_at = ended_at);
            book.put_unit(&self.repository, credits);
        }
        claims.extend(book.claims());
        Ok((book.write(connection).await?, claims))
    }

    /// Derives the proposers and credits of units again; what these credits were or are for.
    async fn derive_credits_again(
        &self,
        connection: &mut Connection,
        units: &[ReadUnit],
    ) -> Result<BTreeSet<String>, BatchError> {
        let proposers: JsonRows = units
            .iter()
            .map(|unit| {
                let proposer = self.proposer(unit);
                json!([unit.id(), proposer, search_text(unit, proposer.as_deref())])
            })
            .collect();
        if let Some(rows) = proposers.finish() {
            connection.run(UPDATE_PROPOSERS, &[rows.as_str().into()]).await?;
        }
        Ok(self.put_credits(connection, units, &ids(units)).await?.1)
    }
}

/// Sets from when on units count nothing, with all that follows of it: call it for whatever a veto touched.
pub async fn end_units(connection: &mut Connection, touched: &BTreeSet<UnitId>) -> Result<(), BatchError> {
    let moved = ending::end_units(connection, touched).await?;
    let everybody = people::decided(connection).await?;
    for repository in repositories(connection).await? {
        let paths = touched_by(connection, &repository.name, &moved).await?;
        if !paths.is_empty() {
            let reading = Reading::with(&repository, &everybody)?;
            reading.recompute(connection, paths, &BTreeSet::new()).await?;
        }
    }
    Ok(())
}

/// The pieces that units touched: whether these moved what was challenged may be told anew.
async fn touched_by(
    connection: &mut Connection,
    repository: &str,
    units: &BTreeSet<UnitId>,
) -> Result<BTreeSet<String>, BatchError> {
    const UNITS: Sql = of_texts!("SELECT facts FROM units WHERE repository = $2 AND id", "");
    if units.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = connection.all(UNITS, &[to_json(units)?.as_str().into(), repository.into()], "units").await?;
    let mut paths = BTreeSet::new();
    for mut row in found {
        paths.extend(pieces_of(&rows::facts(&mut row)?));
    }
    Ok(paths)
}

/// The pieces that a unit touches.
fn pieces_of(unit: &ReadUnit) -> impl Iterator<Item = String> {
    unit.objects.iter().map(|object| object.path.clone())
}

/// The words that a unit is found by, in small letters.
fn search_text(unit: &ReadUnit, proposer: Option<&str>) -> String {
    let number = unit.number.map(|number| format!("#{number}")).unwrap_or_default();
    [unit.title.as_str(), proposer.unwrap_or_default(), &unit.sha, &number].join("\n").to_lowercase()
}

/// Derives the credits of all units again.
pub async fn again(connection: &mut Connection) -> Result<(), BatchError> {
    let everybody = people::decided(connection).await?;
    for repository in repositories(connection).await? {
        let reading = Reading::with(&repository, &everybody)?;
        let mut position = 0;
        loop {
            let units = units_from(connection, &repository.name, position).await?;
            if units.is_empty() {
                break;
            }
            position += CHUNK;
            reading.derive_credits_again(connection, &units).await?;
        }
        reading.recompute_all(connection).await?;
    }
    Ok(connection.run(Sql::both("DELETE FROM units_to_derive"), &[]).await?)
}

/// Notes the units whose credits a decision may change: those that name any of these handles, and those whose sources may
/// tell of any of these names. How many there are now.
pub async fn mark(
    connection: &mut Connection,
    handles: &BTreeSet<String>,
    told: &BTreeSet<String>,
) -> Result<i64, BatchError> {
    const NAMED: Sql = of_texts!(
        "INSERT INTO units_to_derive (unit_id) SELECT DISTINCT unit_id FROM unit_names WHERE handle",
        "ON CONFLICT (unit_id) DO NOTHING"
    );
    const TOLD: Sql = Sql::each(
        "INSERT INTO units_to_derive (unit_id) SELECT id FROM units WHERE instr(lower(facts), $1) > 0 \
         ON CONFLICT (unit_id) DO NOTHING",
        "INSERT INTO units_to_derive (unit_id) SELECT id FROM units WHERE strpos(lower(facts), $1) > 0 \
         ON CONFLICT (unit_id) DO NOTHING",
    );
    const ALL: Sql = Sql::both(
        "INSERT INTO units_to_derive (unit_id) SELECT id FROM units WHERE id > '' ON CONFLICT (unit_id) DO NOTHING",
    );
    const COUNT: Sql = Sql::both("SELECT COUNT(*) FROM units_to_derive");
    connection.run(NAMED, &[to_json(handles)?.as_str().into()]).await?;
    for name in told {
        // Other letters than these are written in more than one way, also in JSON.
        match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .-_'".contains(&byte)) {
            true => connection.run(TOLD, &[name.as_str().into()]).await?,
            false => connection.run(ALL, &[]).await?,
        }
    }
    let counted = connection.all(COUNT, &[], "units_to_derive").await?.pop();
    Ok(counted.map(|mut row| row.integer()).transpose()?.unwrap_or_default())
}

/// Derives the credits of some of the units again that were noted; whether there are more.
///
/// What became of the work is recomputed with each of them, from whatever holds then. Whatever it follows from is followed
/// by it once more when that is derived in its turn, so in the end it is as if all had been derived at once.
pub async fn waiting(connection: &mut Connection) -> Result<bool, BatchError> {
    const NEXT: Sql =
        Sql::both("SELECT unit_id FROM units_to_derive WHERE unit_id > '' ORDER BY unit_id LIMIT $1");
    const UNITS: Sql = of_texts!("SELECT facts FROM units WHERE repository = $2 AND id", "");
    const DONE: Sql = of_texts!("DELETE FROM units_to_derive WHERE unit_id", "");
    let mut next: BTreeSet<UnitId> = BTreeSet::new();
    for mut row in connection.all(NEXT, &[AT_ONCE.into()], "units_to_derive").await? {
        next.insert(row.parsed(str::parse)?);
    }
    if next.is_empty() {
        return Ok(false);
    }
    let list = to_json(&next)?;
    let everybody = people::decided(connection).await?;
    for repository in repositories(connection).await? {
        let found =
            connection.all(UNITS, &[list.as_str().into(), repository.name.as_str().into()], "units").await?;
        let mut units =
            found.into_iter().map(|mut row| rows::facts(&mut row)).collect::<Result<Vec<ReadUnit>, _>>()?;
        if units.is_empty() {
            continue;
        }
        units.sort_by_key(|unit| unit.position);
        let reading = Reading::with(&repository, &everybody)?;
        let mut claims = reading.derive_credits_again(connection, &units).await?;
        // Who changed what was challenged may be another now.
        claims.extend(units.iter().flat_map(pieces_of));
        reading.recompute_after_makers(connection, claims, &ids(&units)).await?;
    }
    connection.run(DONE, &[list.as_str().into()]).await?;
    Ok(next.len() as i64 == AT_ONCE)
}

/// Drops everything that follows of units and derives it again; how many units there are.
pub async fn everything(connection: &mut Connection) -> Result<i64, BatchError> {
    for sql in [
        Sql::both("DELETE FROM unit_reverts"),
        Sql::both("DELETE FROM knowledge"),
        Sql::both("DELETE FROM knowledge_touches"),
        Sql::both("DELETE FROM citations"),
        Sql::both("DELETE FROM credits"),
        Sql::both("DELETE FROM credit_totals"),
        Sql::both("DELETE FROM identities"),
        Sql::both("DELETE FROM addresses"),
        Sql::both("DELETE FROM unit_names"),
        Sql::both("DELETE FROM units_to_derive"),
        Sql::both(
            "UPDATE units SET reverted_by = NULL, ended_at = NULL WHERE reverted_by IS NOT NULL OR ended_at IS NOT NULL",
        ),
    ] {
        connection.run(sql, &[]).await?;
    }
    let everybody = people::decided(connection).await?;
    let mut done = 0;
    for repository in repositories(connection).await? {
        let reading = Reading::with(&repository, &everybody)?;
        let mut position = 0;
        loop {
            let units = units_from(connection, &repository.name, position).await?;
            if units.is_empty() {
                break;
            }
            position += CHUNK;
            done += i64::try_from(units.len()).unwrap_or_default();
            let rows: JsonRows = units.iter().map(|unit| reading.unit_row(unit)).collect();
            if let Some(rows) = rows.finish() {
                connection.run(UPDATE_UNITS, &[rows.as_str().into()]).await?;
            }
            reading.derive(connection, &units).await?;
        }
    }
    Ok(done)
}

/// Drops everything that follows of units, derives it again, and compares.
pub async fn rebuild(connection: &mut Connection) -> Result<Rebuilt, BatchError> {
    // What waits for its turn differs because of that alone.
    while waiting(connection).await? {}
    let before = digest::of_derived(connection).await?;
    let units = everything(connection).await?;
    let after = digest::of_derived(connection).await?;
    Ok(Rebuilt { units, before, after })
}
