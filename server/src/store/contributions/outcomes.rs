//! What became of credited work, as its factors in CI v2: recomputed where anything moved that they follow from.
//!
//! A piece that was moved is looked at where it is now.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::to_json;
use super::super::rows::time;
use super::book::Book;
use super::derive::Reading;
use super::rows::KeptCredit;
use super::statements::of_texts;
use domain::{
    contribution::{ChallengeFate, CitingPiece, Counting, Maker, PieceFate, PieceState, Role, outcome},
    id::UnitId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Units whose credits are looked at together.
const UNITS: usize = 400;

/// A piece as far as factors follow from it.
struct Standing {
    state: PieceState,
    challenges: Vec<String>,
    moved_to: Option<String>,
}

/// What a unit did to a piece.
struct Touch {
    position: i64,
    /// Whether it made the piece say something else, and was neither reverted nor rolled back since.
    holds: bool,
    /// Who proposed it.
    proposer: Option<String>,
    confidence_moved: bool,
    challenges: Vec<String>,
}

/// What a credit's factor is of: its unit, contributor and role, and its id where it is counted alone.
pub type Group = (UnitId, String, Role, String);

/// All that factors of some pieces follow from.
#[derive(Default)]
pub struct World {
    standing: BTreeMap<String, Standing>,
    /// Those who extracted pieces.
    extractors: BTreeMap<String, Vec<Maker>>,
    /// Those who proposed the changes that added them.
    proposers: BTreeMap<String, Vec<Maker>>,
    citing: BTreeMap<String, Vec<String>>,
    touches: BTreeMap<String, Vec<Touch>>,
    /// From where pieces that cite were moved, by where they were moved to.
    origins: BTreeMap<String, Vec<String>>,
}

impl Reading {
    /// Recomputes the factors of credits for these pieces and of these units.
    pub async fn recompute(
        &self,
        connection: &mut Connection,
        paths: BTreeSet<String>,
        units: &BTreeSet<UnitId>,
    ) -> Result<(), BatchError> {
        const UNITS_OF: Sql =
            of_texts!("SELECT DISTINCT unit_id FROM credits WHERE repository = $2 AND claim", "");
        let paths = self.moved_there(connection, paths).await?;
        let mut units = units.clone();
        let paths = to_json(&paths)?;
        for mut row in connection
            .all(UNITS_OF, &[paths.as_str().into(), self.repository.as_str().into()], "credits")
            .await?
        {
            units.insert(row.parsed(str::parse)?);
        }
        self.recompute_units(connection, units).await
    }

    /// Recomputes the factors of credits for these pieces and those that units added, and for whatever these cite: who
    /// made them may be another now.
    pub async fn recompute_after_makers(
        &self,
        connection: &mut Connection,
        mut paths: BTreeSet<String>,
        units: &BTreeSet<UnitId>,
    ) -> Result<(), BatchError> {
        const ADDED: Sql = of_texts!("SELECT path FROM knowledge WHERE repository = $2 AND added_by", "");
        let list = to_json(units)?;
        let repository = self.repository.as_str();
        for mut row in connection.all(ADDED, &[list.as_str().into(), repository.into()], "knowledge").await? {
            paths.insert(row.text()?);
        }
        let paths = self.cited_by_moved(connection, paths).await?;
        self.recompute(connection, paths, units).await
    }

    /// These paths, where pieces were moved to from there, and whatever these cite.
    pub async fn cited_by_moved(
        &self,
        connection: &mut Connection,
        paths: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, BatchError> {
        const CITED: Sql = of_texts!(
            "SELECT DISTINCT to_path FROM citations WHERE to_path IS NOT NULL AND repository = $2 AND from_path",
            ""
        );
        let mut paths = self.moved_on(connection, paths).await?;
        let list = to_json(&paths)?;
        let values = [list.as_str().into(), self.repository.as_str().into()];
        for mut row in connection.all(CITED, &values, "citations").await? {
            paths.insert(row.text()?);
        }
        Ok(paths)
    }

    /// These paths, and where pieces were moved to from there.
    async fn moved_on(
        &self,
        connection: &mut Connection,
        mut paths: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, BatchError> {
        const MOVED: Sql = of_texts!(
            "SELECT moved_to FROM knowledge WHERE moved_to IS NOT NULL AND repository = $2 AND path",
            ""
        );
        let mut next = paths.clone();
        while !next.is_empty() {
            let list = to_json(&next)?;
            next.clear();
            let values = [list.as_str().into(), self.repository.as_str().into()];
            for mut row in connection.all(MOVED, &values, "knowledge").await? {
                let path = row.text()?;
                if paths.insert(path.clone()) {
                    next.insert(path);
                }
            }
        }
        Ok(paths)
    }

    /// Recomputes the factors of every credit of the repository.
    pub async fn recompute_all(&self, connection: &mut Connection) -> Result<(), BatchError> {
        const ALL: Sql =
            Sql::both("SELECT DISTINCT unit_id FROM credits WHERE repository = $1 AND claim > ''");
        let mut units = BTreeSet::new();
        for mut row in connection.all(ALL, &[self.repository.as_str().into()], "credits").await? {
            units.insert(row.parsed(str::parse)?);
        }
        self.recompute_units(connection, units).await
    }

    /// These paths, and those of pieces that were moved there.
    async fn moved_there(
        &self,
        connection: &mut Connection,
        mut paths: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, BatchError> {
        const MOVED: Sql = of_texts!("SELECT path FROM knowledge WHERE repository = $2 AND moved_to", "");
        let mut next = paths.clone();
        while !next.is_empty() {
            let list = to_json(&next)?;
            next.clear();
            let values = [list.as_str().into(), self.repository.as_str().into()];
            for mut row in connection.all(MOVED, &values, "knowledge").await? {
                let path = row.text()?;
                if paths.insert(path.clone()) {
                    next.insert(path);
                }
            }
        }
        Ok(paths)
    }

    /// What a credit's factor is of: all that the change's credits of the contributor and role are for, or itself alone.
    pub fn group(&self, kept: &KeptCredit) -> Group {
        let alone = match self.policy.counting {
            Counting::PerChange => String::new(),
            Counting::PerClaim => kept.id.clone(),
        };
        (kept.credit.unit, kept.credit.contributor.clone(), kept.credit.role, alone)
    }

    async fn recompute_units(
        &self,
        connection: &mut Connection,
        units: BTreeSet<UnitId>,
    ) -> Result<(), BatchError> {
        let units: Vec<UnitId> = units.into_iter().collect();
        for units in units.chunks(UNITS) {
            let mut book = Book::of_units(connection, units).await?;
            let claims: BTreeSet<&String> =
                book.after.values().filter_map(|kept| kept.credit.claim.as_ref()).collect();
            if claims.is_empty() {
                continue;
            }
            let positions = positions(connection, units).await?;
            let world = World::load(connection, self, &claims).await?;
            let mut groups: BTreeMap<Group, Vec<String>> = BTreeMap::new();
            for kept in book.after.values() {
                groups.entry(self.group(kept)).or_default().extend(kept.credit.claim.clone());
            }
            let mut factors = BTreeMap::new();
            for (group, claims) in groups {
                let position = positions.get(&group.0).copied().unwrap_or_default();
                let fates: Vec<PieceFate> =
                    claims.iter().map(|claim| world.fate(claim, position, &group.1)).collect();
                let factor = outcome(group.2, &fates, &self.policy.outcome).factor;
                factors.insert(group, factor);
            }
            for kept in book.after.values_mut() {
                if let Some(factor) = factors.get(&self.group(kept)) {
                    kept.credit.outcome = *factor;
                }
            }
            book.write(connection).await?;
        }
        Ok(())
    }
}

/// The places of units on their branch.
pub async fn positions(
    connection: &mut Connection,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, i64>, BatchError> {
    const SQL: Sql = of_texts!("SELECT id, position FROM units WHERE id", "");
    let found = connection.all(SQL, &[to_json(&units)?.as_str().into()], "units").await?;
    found.into_iter().map(|mut row| Ok((row.parsed(str::parse)?, row.integer()?))).collect()
}

impl World {
    /// Reads it.
    pub async fn load(
        connection: &mut Connection,
        reading: &Reading,
        claims: &BTreeSet<&String>,
    ) -> Result<Self, BatchError> {
        let mut world = Self::default();
        let mut all: BTreeSet<String> = claims.iter().map(|claim| (*claim).clone()).collect();
        // Pieces, and where they were moved to.
        let mut next = all.clone();
        while !next.is_empty() {
            world.load_standing(connection, reading, &next).await?;
            let moved = next.iter().filter_map(|path| world.standing.get(path)?.moved_to.clone());
            next = moved.filter(|path| !all.contains(path)).collect();
            all.extend(next.iter().cloned());
        }
        let list = to_json(&all)?;
        world.load_citing(connection, &reading.repository, &list).await?;
        world.load_touches(connection, &reading.repository, &list).await?;
        let citing: BTreeSet<String> = world.citing.values().flatten().cloned().collect();
        world.load_origins(connection, reading, &citing).await?;
        all.extend(world.origins.values().flatten().cloned());
        all.extend(citing);
        world.load_makers(connection, reading, &all).await?;
        Ok(world)
    }

    async fn load_standing(
        &mut self,
        connection: &mut Connection,
        reading: &Reading,
        paths: &BTreeSet<String>,
    ) -> Result<(), BatchError> {
        const SQL: Sql = of_texts!(
            "SELECT path, status, removed_by, challenges, moved_to FROM knowledge WHERE repository = $2 AND path",
            ""
        );
        let list = to_json(paths)?;
        let values = [list.as_str().into(), reading.repository.as_str().into()];
        for mut row in connection.all(SQL, &values, "knowledge").await? {
            let path = row.text()?;
            let status = row.optional_text()?;
            let removed = row.optional_text()?.is_some();
            let challenges = row.parsed(|text| serde_json::from_str(text))?;
            let state = PieceState::of(status.as_deref(), removed);
            self.standing.insert(path, Standing { state, challenges, moved_to: row.optional_text()? });
        }
        Ok(())
    }

    /// From where pieces were moved, and from where before that.
    async fn load_origins(
        &mut self,
        connection: &mut Connection,
        reading: &Reading,
        paths: &BTreeSet<String>,
    ) -> Result<(), BatchError> {
        const SQL: Sql =
            of_texts!("SELECT moved_to, path FROM knowledge WHERE repository = $2 AND moved_to", "");
        let (mut met, mut next) = (paths.clone(), paths.clone());
        while !next.is_empty() {
            let list = to_json(&next)?;
            next.clear();
            let values = [list.as_str().into(), reading.repository.as_str().into()];
            for mut row in connection.all(SQL, &values, "knowledge").await? {
                let (to, from) = (row.text()?, row.text()?);
                if met.insert(from.clone()) {
                    next.insert(from.clone());
                }
                self.origins.entry(to).or_default().push(from);
            }
        }
        Ok(())
    }

    async fn load_citing(
        &mut self,
        connection: &mut Connection,
        repository: &str,
        list: &str,
    ) -> Result<(), BatchError> {
        // To be challenged is not to be cited; nor is it to be named by the source that it was taken from.
        const SQL: Sql = of_texts!(
            "SELECT to_path, from_path FROM citations JOIN knowledge AS cites \
             ON cites.repository = citations.repository AND cites.path = from_path \
             AND cites.kind NOT IN ('source', 'entity') \
             WHERE citations.repository = $2 AND citations.kind <> 'challenges' AND to_path",
            ""
        );
        for mut row in connection.all(SQL, &[list.into(), repository.into()], "citations").await? {
            let to = row.text()?;
            self.citing.entry(to).or_default().push(row.text()?);
        }
        Ok(())
    }

    async fn load_touches(
        &mut self,
        connection: &mut Connection,
        repository: &str,
        list: &str,
    ) -> Result<(), BatchError> {
        const SQL: Sql = of_texts!(
            "SELECT path, knowledge_touches.position, wrote, confidence_moved, challenges, units.proposer, units.ended_at \
             FROM knowledge_touches JOIN units ON units.repository = knowledge_touches.repository \
             AND units.position = knowledge_touches.position WHERE knowledge_touches.repository = $2 AND path",
            ""
        );
        for mut row in connection.all(SQL, &[list.into(), repository.into()], "knowledge_touches").await? {
            let path = row.text()?;
            let (position, wrote) = (row.integer()?, row.integer()? != 0);
            let confidence_moved = row.integer()? != 0;
            let challenges = row.parsed(|text| serde_json::from_str(text))?;
            let proposer = row.optional_text()?;
            let holds = wrote && row.optional_integer()?.is_none();
            let touch = Touch { position, holds, proposer, confidence_moved, challenges };
            self.touches.entry(path).or_default().push(touch);
        }
        let pieces: BTreeSet<String> = self
            .touches
            .values()
            .flatten()
            .flat_map(|touch| &touch.challenges)
            .filter_map(|text| text.strip_prefix("piece:"))
            .filter(|path| !self.standing.contains_key(*path))
            .map(str::to_owned)
            .collect();
        const STANDING: Sql = of_texts!(
            "SELECT path FROM knowledge WHERE repository = $2 AND (removed_by IS NULL OR moved_to IS NOT NULL) AND path",
            ""
        );
        let list = to_json(&pieces)?;
        for mut row in
            connection.all(STANDING, &[list.as_str().into(), repository.into()], "knowledge").await?
        {
            let standing = Standing { state: PieceState::Stands, challenges: Vec::new(), moved_to: None };
            self.standing.insert(row.text()?, standing);
        }
        Ok(())
    }

    /// Who made pieces: their extractors, else whoever proposed the change that added them.
    async fn load_makers(
        &mut self,
        connection: &mut Connection,
        reading: &Reading,
        paths: &BTreeSet<String>,
    ) -> Result<(), BatchError> {
        const EXTRACTORS: Sql = of_texts!(
            "SELECT claim, contributor, principal FROM credits \
             WHERE repository = $2 AND role = 'extractor' AND claim",
            ""
        );
        const PROPOSERS: Sql = of_texts!(
            "SELECT path, units.proposer, units.merged_at FROM knowledge JOIN units ON units.id = added_by \
             WHERE units.proposer IS NOT NULL AND knowledge.repository = $2 AND path",
            ""
        );
        let list = to_json(paths)?;
        let values = [list.as_str().into(), reading.repository.as_str().into()];
        for mut row in connection.all(EXTRACTORS, &values, "credits").await? {
            let claim = row.text()?;
            let contributor = row.text()?;
            let principal = Some(row.text()?).filter(|principal| !principal.is_empty());
            let maker = Maker { contributor, principal };
            let known = self.extractors.entry(claim).or_default();
            if !known.contains(&maker) {
                known.push(maker);
            }
        }
        for mut row in connection.all(PROPOSERS, &values, "units").await? {
            let path = row.text()?;
            let contributor = row.text()?;
            let principal =
                reading.people.principal_at(&contributor, time(row.integer()?)?).map(str::to_owned);
            self.proposers.insert(path, vec![Maker { contributor, principal }]);
        }
        Ok(())
    }

    /// Where a piece is now.
    fn whereabouts<'a>(&'a self, path: &'a str) -> &'a str {
        let mut met = BTreeSet::from([path]);
        let mut at = path;
        while let Some(next) = self.standing.get(at).and_then(|piece| piece.moved_to.as_deref()) {
            if !met.insert(next) {
                break;
            }
            at = next;
        }
        at
    }

    /// Who made a piece that was not moved.
    fn makers_at(&self, path: &str) -> Option<&Vec<Maker>> {
        self.extractors.get(path).or_else(|| self.proposers.get(path))
    }

    /// Who made a piece, as it is now or before it was moved: the credits for it stay where it was.
    fn makers_of(&self, path: &str) -> Vec<Maker> {
        let (mut met, mut next, mut makers) = (BTreeSet::from([path]), vec![path], Vec::new());
        while let Some(at) = next.pop() {
            makers.extend(self.extractors.get(at).into_iter().flatten().cloned());
            let origins = self.origins.get(at).into_iter().flatten();
            next.extend(origins.map(String::as_str).filter(|from| met.insert(from)));
        }
        match makers.is_empty() {
            true => self.proposers.get(path).cloned().unwrap_or_default(),
            false => makers,
        }
    }

    /// What became of a piece since somebody's unit at a place.
    pub fn fate(&self, claim: &str, position: i64, who: &str) -> PieceFate {
        let path = self.whereabouts(claim);
        let makers = self.makers_at(claim).or_else(|| self.makers_at(path)).cloned().unwrap_or_default();
        let citing = self
            .citing
            .get(path)
            .into_iter()
            .flatten()
            .map(|path| CitingPiece { path: path.clone(), makers: self.makers_of(path) });
        PieceFate {
            path: path.to_owned(),
            state: self.standing.get(path).map_or(PieceState::Removed, |piece| piece.state),
            makers,
            citing: citing.collect(),
            challenge: self.challenge(claim, path, position, who),
        }
    }

    fn challenge(&self, claim: &str, path: &str, position: i64, who: &str) -> ChallengeFate {
        let of = |path: &str| self.touches.get(path).into_iter().flatten();
        // A challenge moves others: what its own challenger changes later shows nothing.
        let later = || {
            let all = of(claim).chain(of(path)).filter(|touch| touch.holds && touch.position > position);
            all.filter(|touch| touch.proposer.as_deref() != Some(who))
        };
        let own = of(claim).find(|touch| touch.position == position);
        let added: &[String] = own.map_or(&[], |touch| &touch.challenges);
        let now: &[String] = self.standing.get(path).map_or(&[], |piece| &piece.challenges);
        let is_left = |text: &String| match (text.strip_prefix("text:"), text.strip_prefix("piece:")) {
            (Some(text), _) => now.iter().any(|it| it == text),
            (_, Some(piece)) => {
                let piece = self.standing.get(self.whereabouts(piece));
                piece.is_some_and(|piece| piece.state != PieceState::Removed)
            }
            _ => false,
        };
        let makers = self.makers_at(claim).or_else(|| self.makers_at(path));
        ChallengeFate {
            own_piece: makers.is_some_and(|makers| makers.iter().any(|maker| maker.contributor == who)),
            target_changed: later().next().is_some(),
            confidence_moved: later().chain(own).any(|touch| touch.confidence_moved),
            taken_back: !added.is_empty() && !added.iter().any(is_left),
        }
    }
}
