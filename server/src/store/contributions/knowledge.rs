//! Pieces of knowledge as they stand on the branch, and what they name.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::{JsonRows, to_json};
use super::rows::{self, object_columns, object_row};
use super::statements::{
    DELETE_CITATIONS, INSERT_CITATIONS, PUT_KNOWLEDGE, RESOLVE_READ_PATHS, RESOLVE_SLUGS, of_texts,
};
use domain::contribution::{
    ChangeKind, Citation, KnowledgeObject, ObjectChange, ObjectState, ReadUnit,
};
use domain::id::UnitId;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Pieces that a chunk of units touches, by path.
#[derive(Default)]
struct Pieces {
    now: BTreeMap<String, KnowledgeObject>,
    /// What each names now; nothing where it was removed.
    named: BTreeMap<String, Vec<Citation>>,
    /// Names and paths that lead elsewhere now.
    slugs: BTreeSet<String>,
    paths: BTreeSet<String>,
}

/// Applies what units did to knowledge; the paths of the pieces whose citations lead elsewhere now.
pub async fn keep(
    connection: &mut Connection,
    repository: &str,
    units: &[ReadUnit],
) -> Result<BTreeSet<String>, BatchError> {
    let touched: BTreeSet<&String> =
        units.iter().flat_map(|unit| unit.objects.iter().map(|object| &object.path)).collect();
    if touched.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut pieces = Pieces::load(connection, repository, &touched).await?;
    for unit in units {
        for change in &unit.objects {
            pieces.apply(repository, unit.id(), change);
        }
    }
    let mut objects = JsonRows::default();
    for object in pieces.now.values() {
        objects.push(&object_row(object)?.to_string());
    }
    if let Some(rows) = objects.finish() {
        connection.run(PUT_KNOWLEDGE, &[rows.as_str().into()]).await?;
    }
    pieces.write_citations(connection, repository).await
}

impl Pieces {
    async fn load(
        connection: &mut Connection,
        repository: &str,
        touched: &BTreeSet<&String>,
    ) -> Result<Self, BatchError> {
        const SQL: Sql =
            of_texts!(concat!("SELECT ", object_columns!(), " FROM knowledge WHERE repository = $2 AND path"), "");
        let mut pieces = Self::default();
        let values = [to_json(touched)?, repository.to_owned()];
        for mut row in connection.all(SQL, &[values[0].as_str().into(), values[1].as_str().into()], "knowledge").await? {
            let object = rows::object(&mut row)?;
            pieces.now.insert(object.path.clone(), object);
        }
        Ok(pieces)
    }

    fn apply(&mut self, repository: &str, unit: UnitId, change: &ObjectChange) {
        let known = self.now.get(&change.path);
        let stood = known.is_some_and(|object| object.removed_by.is_none());
        let removed = change.change == ChangeKind::Removed;
        let leads = |object: &KnowledgeObject| (object.slug.clone(), object.kind);
        let before = known.filter(|_| stood).map(leads);
        let state = change.after.as_ref().or(change.before.as_ref());
        let object = KnowledgeObject {
            repository: repository.to_owned(),
            path: change.path.clone(),
            slug: change.slug.clone(),
            kind: change.kind,
            title: state.map(|state| state.title.clone()).unwrap_or_default(),
            domain: state.and_then(|state| state.domain.clone()),
            confidence: state.and_then(|state| state.confidence.clone()),
            status: state.and_then(|state| state.status.clone()),
            sources: state.map(|state| state.sources.clone()).unwrap_or_default(),
            added_by: known.filter(|_| stood).map_or(unit, |object| object.added_by),
            touched_by: unit,
            removed_by: removed.then_some(unit),
        };
        let after = Some(leads(&object)).filter(|_| !removed);
        if before != after {
            self.slugs.extend(before.into_iter().chain(after).map(|(slug, _)| slug));
            self.paths.insert(change.path.clone());
        }
        // What was removed and is added again was added by whoever did so last; what is removed keeps who added it.
        let added_by = match (removed, known) {
            (true, Some(known)) => known.added_by,
            _ => object.added_by,
        };
        let named = change.after.as_ref().filter(|_| !removed).map(citations).unwrap_or_default();
        self.named.insert(change.path.clone(), named);
        self.now.insert(change.path.clone(), KnowledgeObject { added_by, ..object });
    }

    async fn write_citations(
        self,
        connection: &mut Connection,
        repository: &str,
    ) -> Result<BTreeSet<String>, BatchError> {
        let from: BTreeSet<&String> = self.named.keys().collect();
        let from = to_json(&from)?;
        let of_repository = |list: &str| [list.to_owned(), repository.to_owned()];
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
        let values = of_repository(&from);
        connection.run(DELETE_CITATIONS, &[values[0].as_str().into(), values[1].as_str().into()]).await?;
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
