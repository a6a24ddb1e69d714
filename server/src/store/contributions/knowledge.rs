//! Pieces of knowledge as they stand on the branch, what units did to them, and what they name.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::{JsonRows, to_json};
use super::rows::{self, object_columns};
use super::statements::{
    DELETE_CITATIONS, INSERT_CITATIONS, INSERT_TOUCHES, PUT_KNOWLEDGE, RESOLVE_READ_PATHS, RESOLVE_SLUGS,
    of_texts,
};
use domain::contribution::{
    ChangeKind, Citation, CitationKind, KnowledgeKind, KnowledgeObject, ObjectChange, ObjectState, ReadUnit,
    renamed,
};
use domain::error::Error;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// A piece as it is kept.
struct Piece {
    object: KnowledgeObject,
    /// What stands against it by its own words.
    challenges: Vec<String>,
    moved_to: Option<String>,
}

/// What a unit did to a piece.
#[derive(Default)]
struct Touch {
    /// Whether it made it say something else.
    wrote: bool,
    confidence_moved: bool,
    challenges: Vec<String>,
}

/// Pieces that a chunk of units touches, by path.
#[derive(Default)]
struct Pieces {
    now: BTreeMap<String, Piece>,
    touches: BTreeMap<(String, i64), Touch>,
    /// What each names now; nothing where it was removed.
    named: BTreeMap<String, Vec<Citation>>,
    /// Names and paths that lead elsewhere now.
    slugs: BTreeSet<String>,
    paths: BTreeSet<String>,
}

/// What units did to knowledge.
#[derive(Default)]
pub struct Kept {
    /// The paths of the pieces that they touched, and of those to which citations led or lead.
    pub touched: BTreeSet<String>,
    /// Where pieces had been moved to from paths at which they put others: it is no more known from where these came.
    pub severed: BTreeSet<String>,
}

/// Applies what units did to knowledge.
pub async fn keep(
    connection: &mut Connection,
    repository: &str,
    units: &[ReadUnit],
) -> Result<Kept, BatchError> {
    let touched: BTreeSet<&String> =
        units.iter().flat_map(|unit| unit.objects.iter().map(|object| &object.path)).collect();
    if touched.is_empty() {
        return Ok(Kept::default());
    }
    let mut pieces = Pieces::load(connection, repository, &touched).await?;
    let severed = pieces.now.values().filter_map(|piece| piece.moved_to.clone()).collect();
    units.iter().for_each(|unit| pieces.apply(unit));
    let mut led = pieces.write(connection, repository).await?;
    led.extend(touched.into_iter().cloned());
    Ok(Kept { touched: led, severed })
}

impl Pieces {
    async fn load(
        connection: &mut Connection,
        repository: &str,
        touched: &BTreeSet<&String>,
    ) -> Result<Self, BatchError> {
        const SQL: Sql = of_texts!(
            concat!(
                "SELECT ",
                object_columns!(),
                ", challenges, moved_to FROM knowledge WHERE repository = $2 AND path"
            ),
            ""
        );
        let mut pieces = Self::default();
        let touched = to_json(touched)?;
        let values = [touched.as_str().into(), repository.into()];
        for mut row in connection.all(SQL, &values, "knowledge").await? {
            let object = rows::object(&mut row)?;
            let challenges = row.parsed(|text| serde_json::from_str(text))?;
            let moved_to = row.optional_text()?;
            pieces.now.insert(object.path.clone(), Piece { object, challenges, moved_to });
        }
        Ok(pieces)
    }

    fn apply(&mut self, unit: &ReadUnit) {
        // A piece that goes here and comes there under the same name, or saying the same, was moved: it is as old as it was.
        let renamed = renamed(&unit.objects);
        let mut gone: BTreeMap<(KnowledgeKind, &str), &str> = BTreeMap::new();
        let (removed, rest): (Vec<_>, Vec<_>) =
            unit.objects.iter().partition(|object| object.change == ChangeKind::Removed);
        for change in removed {
            gone.insert((change.kind, &change.slug), &change.path);
            self.put(unit, change, None);
        }
        for change in rest {
            let from = (change.change == ChangeKind::Added)
                .then(|| gone.remove(&(change.kind, change.slug.as_str())))
                .flatten()
                .or_else(|| renamed.get(change.path.as_str()).copied());
            self.put(unit, change, from);
            let same = from.is_some_and(|from| {
                let old = unit.objects.iter().find(|object| object.path == from);
                old.is_some_and(|old| old.before == change.after)
                    || renamed.contains_key(change.path.as_str())
            });
            if !same {
                self.touch(unit, change);
            }
        }
        let left = gone.into_values().filter(|path| !renamed.values().any(|from| from == path));
        for path in left {
            self.touches.entry((path.to_owned(), unit.position)).or_default().wrote = true;
        }
    }

    fn put(&mut self, unit: &ReadUnit, change: &ObjectChange, moved_from: Option<&str>) {
        let removed = change.change == ChangeKind::Removed;
        let known = self.now.get(&change.path).map(|piece| &piece.object);
        let stood = known.filter(|object| object.removed_by.is_none());
        let leads = |object: &KnowledgeObject| (object.slug.clone(), object.kind);
        let before = stood.map(leads);
        let origin = moved_from.and_then(|path| self.now.get(path)).map(|piece| piece.object.added_by);
        let none = ObjectState::default();
        let state = change.after.as_ref().or(change.before.as_ref()).unwrap_or(&none);
        let object = KnowledgeObject {
            repository: unit.repository.clone(),
            path: change.path.clone(),
            slug: change.slug.clone(),
            kind: change.kind,
            title: state.title.clone(),
            domain: state.domain.clone(),
            confidence: state.confidence.clone(),
            status: state.status.clone(),
            sources: state.sources.clone(),
            added_by: stood.map(|object| object.added_by).or(origin).unwrap_or_else(|| unit.id()),
            touched_by: unit.id(),
            removed_by: removed.then(|| unit.id()),
        };
        let after = Some(leads(&object)).filter(|_| !removed);
        if before != after {
            self.slugs.extend(before.into_iter().chain(after).map(|(slug, _)| slug));
            self.paths.insert(change.path.clone());
        }
        let standing = change.after.as_ref().filter(|_| !removed);
        self.named.insert(change.path.clone(), standing.map(citations).unwrap_or_default());
        let challenges = standing.map(challenges).unwrap_or_default();
        self.now.insert(change.path.clone(), Piece { object, challenges, moved_to: None });
        if let Some(old) = moved_from.and_then(|path| self.now.get_mut(path)) {
            old.moved_to = Some(change.path.clone());
        }
    }

    /// Notes what a unit did to a piece, and to those that it sets the piece against.
    fn touch(&mut self, unit: &ReadUnit, change: &ObjectChange) {
        let Some(after) = &change.after else { return };
        let before = change.before.as_ref();
        let touch = self.touches.entry((change.path.clone(), unit.position)).or_default();
        touch.wrote = before.is_none_or(|before| says_another(before, after));
        touch.confidence_moved = before.is_some_and(|before| before.confidence != after.confidence);
        let old = before.map(challenges).unwrap_or_default();
        let new = challenges(after).into_iter().filter(|text| !old.contains(text));
        touch.challenges.extend(new.map(|text| format!("text:{text}")));
        for citation in after.citations.iter().filter(|it| it.kind == CitationKind::Challenges) {
            let known = before.is_some_and(|before| {
                before.citations.iter().any(|it| (it.kind, &it.slug) == (citation.kind, &citation.slug))
            });
            let Some(target) = citation.target.as_ref().filter(|target| !known && target.path != change.path)
            else {
                continue;
            };
            let touch = self.touches.entry((target.path.clone(), unit.position)).or_default();
            touch.challenges.push(format!("piece:{}", change.path));
        }
    }

    async fn write(
        self,
        connection: &mut Connection,
        repository: &str,
    ) -> Result<BTreeSet<String>, BatchError> {
        let mut objects = JsonRows::default();
        for piece in self.now.values() {
            objects.push(&piece.row()?.to_string());
        }
        let mut touches = JsonRows::default();
        for ((path, position), touch) in &self.touches {
            let challenges = to_json(&touch.challenges)?;
            let (wrote, moved) = (i64::from(touch.wrote), i64::from(touch.confidence_moved));
            touches.push(&json!([repository, path, position, wrote, moved, challenges]).to_string());
        }
        for (sql, rows) in [(PUT_KNOWLEDGE, objects), (INSERT_TOUCHES, touches)] {
            if let Some(rows) = rows.finish() {
                connection.run(sql, &[rows.as_str().into()]).await?;
            }
        }
        // A piece that something is set against has that to answer for as well.
        let mut led = self.write_citations(connection, repository).await?;
        led.extend(self.touches.into_keys().map(|(path, _)| path));
        Ok(led)
    }

    async fn write_citations(
        &self,
        connection: &mut Connection,
        repository: &str,
    ) -> Result<BTreeSet<String>, BatchError> {
        let from: BTreeSet<&String> = self.named.keys().collect();
        let from = to_json(&from)?;
        let (mut slugs, mut rows) = (self.slugs.clone(), JsonRows::default());
        for (path, citations) in &self.named {
            for citation in citations {
                slugs.insert(citation.slug.clone());
                let read = citation.target.as_ref().map(|target| &target.path);
                rows.push(&json!([repository, path, citation.kind, citation.slug, read]).to_string());
            }
        }
        let (slugs, paths) = (to_json(&slugs)?, to_json(&self.paths)?);
        let mut led = targets(connection, repository, &from, &slugs, &paths).await?;
        connection.run(DELETE_CITATIONS, &[from.as_str().into(), repository.into()]).await?;
        if let Some(rows) = rows.finish() {
            connection.run(INSERT_CITATIONS, &[rows.as_str().into()]).await?;
        }
        for (sql, list) in [(RESOLVE_SLUGS, &slugs), (RESOLVE_READ_PATHS, &paths)] {
            connection.run(sql, &[list.as_str().into(), repository.into()]).await?;
        }
        led.extend(targets(connection, repository, &from, &slugs, &paths).await?);
        Ok(led)
    }
}

impl Piece {
    fn row(&self) -> Result<serde_json::Value, Error> {
        let it = &self.object;
        Ok(json!([
            it.repository,
            it.path,
            it.slug,
            it.kind,
            it.title,
            it.domain,
            it.confidence,
            it.status,
            to_json(&it.sources)?,
            it.added_by,
            it.touched_by,
            it.removed_by,
            to_json(&self.challenges)?,
            self.moved_to,
        ]))
    }
}

/// Whether a piece says something else than before: by its title, confidence or status, or in its text, which alone can
/// have changed where nothing that is read of the file did. What is only noted of it (sources, links, who made it, what
/// stands against it) is none of that.
fn says_another(before: &ObjectState, after: &ObjectState) -> bool {
    (&before.title, &before.confidence, &before.status) != (&after.title, &after.confidence, &after.status)
        || before == after
}

/// What stands against a piece by its own words.
fn challenges(state: &ObjectState) -> Vec<String> {
    state.challenged_by.iter().chain(&state.challenge_notes).cloned().collect()
}

/// What a piece names: each kind and slug once.
fn citations(state: &ObjectState) -> Vec<Citation> {
    let mut met = BTreeSet::new();
    let citations = state.citations.iter();
    citations.filter(|citation| met.insert((citation.kind, citation.slug.as_str()))).cloned().collect()
}

/// What the citations of these pieces, names and paths lead to.
async fn targets(
    connection: &mut Connection,
    repository: &str,
    from: &str,
    slugs: &str,
    paths: &str,
) -> Result<BTreeSet<String>, BatchError> {
    const FROM: Sql = of_texts!(
        "SELECT DISTINCT to_path FROM citations WHERE to_path IS NOT NULL AND repository = $2 AND from_path",
        ""
    );
    const SLUGS: Sql = of_texts!(
        "SELECT DISTINCT to_path FROM citations WHERE to_path IS NOT NULL AND repository = $2 AND to_slug",
        ""
    );
    const PATHS: Sql = of_texts!(
        "SELECT DISTINCT to_path FROM citations WHERE to_path IS NOT NULL AND repository = $2 AND read_path",
        ""
    );
    let mut all = BTreeSet::new();
    for (sql, list) in [(FROM, from), (SLUGS, slugs), (PATHS, paths)] {
        for mut row in connection.all(sql, &[list.into(), repository.into()], "citations").await? {
            all.insert(row.text()?);
        }
    }
    Ok(all)
}
