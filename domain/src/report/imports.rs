//! What was read of git: units, runs of imports, and what could not be read.

use crate::contribution::{
    ChangeKind, ContributionStore, Credit, ExplainedOutcome, ImportIssue, ImportQuery, ImportRun, IssueCount,
    KnowledgeKind, ObjectChange, PathChange, ReadUnit, Repository, UnitCard, UnitDetail, UnitQuery,
};
use crate::error::Error;
use crate::governance::{Veto, VetoQuery, VetoStatus};
use crate::id::UnitId;
use crate::page::Page;
use crate::store::Store;
use serde::Serialize;

/// Paths and pieces of a unit that a report shows, of each.
pub const SHOWN_PATHS: usize = 500;

/// Who is named by a line of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedBy {
    /// The line's key, in lower case: `reviewed-by`.
    pub key: String,
    /// The name; addresses are not shown.
    pub name: String,
}

/// What a unit did to a piece of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TouchedPiece {
    /// What it is.
    pub kind: KnowledgeKind,
    /// Its path.
    pub path: String,
    /// The name by which others cite it.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub change: ChangeKind,
}

/// One merged change with all that was read of it and what it earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitReport {
    /// In short.
    #[serde(flatten)]
    pub card: UnitCard,
    /// The branch that was merged, where the message tells.
    pub branch: Option<String>,
    /// Who wrote it, as they sign.
    pub author: String,
    /// Who put it onto the branch, as they sign.
    pub merger: String,
    /// Who is named by lines of its message.
    pub trailers: Vec<NamedBy>,
    /// The commits that it says it reverts.
    pub reverts: Vec<String>,
    /// The numbers of the changes that it says it reverts.
    pub reverts_numbers: Vec<i64>,
    /// The merges of which it says it reverts some commits and not all: they go on counting.
    pub reverts_parts_of: Vec<String>,
    /// The paths it touches, by path: [`SHOWN_PATHS`] at the most, of `files`.
    pub paths: Vec<PathChange>,
    /// The pieces of knowledge it touches, by path: [`SHOWN_PATHS`] at the most, of `piece_count`.
    pub pieces: Vec<TouchedPiece>,
    /// How many pieces of knowledge it touches.
    pub piece_count: i64,
    /// What it earned, by role, then contributor.
    pub credits: Vec<Credit>,
    /// What became of it, term by term: how the `outcome` of credits that count comes about, by role.
    pub outcomes: Vec<ExplainedOutcome>,
    /// The veto that rolls it back, with its reason; null where none holds.
    pub veto: Option<Veto>,
}

impl UnitReport {
    fn new(detail: UnitDetail, outcomes: Vec<ExplainedOutcome>, veto: Option<Veto>) -> Self {
        let UnitDetail { card, read, credits } = detail;
        let ReadUnit { branch, author, merger, trailers, reverts, reverted, mut paths, objects, .. } = read;
        paths.truncate(SHOWN_PATHS);
        let piece_count = objects.len() as i64;
        Self {
            card,
            branch,
            author: author.name,
            merger: merger.name,
            trailers: trailers.into_iter().map(|it| NamedBy { key: it.key, name: it.name }).collect(),
            reverts,
            reverts_numbers: reverted.numbers.into_iter().map(|reverted| reverted.number).collect(),
            reverts_parts_of: reverted.parts,
            paths,
            pieces: objects.into_iter().take(SHOWN_PATHS).map(touched).collect(),
            piece_count,
            credits,
            outcomes,
            veto,
        }
    }
}

fn touched(change: ObjectChange) -> TouchedPiece {
    let ObjectChange { kind, path, slug, change, before, after } = change;
    let title = after.or(before).map(|state| state.title).unwrap_or_default();
    TouchedPiece { kind, path, slug, title, change }
}

/// A page of units, newest first.
pub async fn contribution_units(
    store: &dyn ContributionStore,
    query: &UnitQuery,
) -> Result<Page<UnitCard>, Error> {
    store.units(query).await
}

/// A unit with all that is known of it.
pub async fn contribution_unit(store: &dyn Store, id: UnitId) -> Result<UnitReport, Error> {
    let detail = store.unit(id).await?.ok_or(Error::UnitNotFound)?;
    let mut outcomes = store.outcomes(&[id], None).await?;
    outcomes.sort_by(|one, other| {
        (one.role, &one.contributor, &one.claim).cmp(&(other.role, &other.contributor, &other.claim))
    });
    let holding =
        VetoQuery { unit: Some(id), status: Some(VetoStatus::Active), limit: 1, ..VetoQuery::default() };
    let veto = store.vetoes(&holding).await?.items.into_iter().next();
    Ok(UnitReport::new(detail, outcomes, veto))
}

/// What was read: repositories, runs, and how often what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportsReport {
    /// Every repository as far as it was read, by name.
    pub repositories: Vec<Repository>,
    /// Runs of imports that changed anything or could not, newest first.
    pub runs: Vec<ImportRun>,
    /// Where the next page of runs begins; null on the last.
    pub next_cursor: Option<String>,
    /// How often each reason was met, the most frequent first: in the repository that is asked for, else in all.
    pub issues: Vec<IssueCount>,
}

/// What was read.
pub async fn imports(store: &dyn ContributionStore, query: &ImportQuery) -> Result<ImportsReport, Error> {
    if query.reason.is_some() {
        return Err(Error::field("reason", "is of issues; GET /api/imports/issues takes it"));
    }
    let Page { items, next_cursor } = store.import_runs(query).await?;
    let mut repositories = store.repositories().await?;
    if let Some(name) = &query.repository {
        repositories.retain(|repository| repository.name == *name);
    }
    let issues = store.issue_counts(query.repository.as_deref()).await?;
    Ok(ImportsReport { repositories, runs: items, next_cursor, issues })
}

/// A page of what could not be read, by repository, path, then unit.
pub async fn import_issues(
    store: &dyn ContributionStore,
    query: &ImportQuery,
) -> Result<Page<ImportIssue>, Error> {
    store.import_issues(query).await
}
