//! The gate of a merged commit: facts about it, gathered by ports, judged by the contract.

use super::contract::{CheckKind, Contract, commit_of, first_digits, same_commit};
use super::report::{GateReport, Verdict, milliseconds};
use super::run::{Clock, Found};
use crate::error::Error;
use crate::id::RunId;
use crate::link::LinkRecord;
use crate::page::{LinkQuery, LinkSort, MAX_LIMIT, Order};
use crate::stage::Stage;
use crate::store::{SpecEntry, Store};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A commit as a repository has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitFacts {
    /// All forty digits.
    pub sha: String,
    /// The first line of its message.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// When it was committed.
    pub committed_at: DateTime<Utc>,
    /// Whether the branch's head descends from it, or is it.
    pub on_branch: bool,
}

/// The head of a branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BranchHead {
    /// The repository, by the name of its folder.
    #[cfg_attr(feature = "openapi", schema(example = "tributary"))]
    pub repository: String,
    /// The branch.
    #[cfg_attr(feature = "openapi", schema(example = "main"))]
    pub branch: String,
    /// The commit at its head.
    #[cfg_attr(feature = "openapi", schema(example = "a6b1932f0c1f4f0d9e6f1f4c1f0b7d2a9c3e5d77"))]
    pub sha: String,
    /// The first line of its message.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// When it was committed.
    pub committed_at: DateTime<Utc>,
}

/// The port to a git repository. An error is why it cannot be asked.
#[async_trait]
pub trait History: Send + Sync {
    /// The head of the branch.
    async fn head(&self) -> Result<BranchHead, String>;

    /// A commit by 7 to 40 of its digits; none where it is not there.
    async fn commit(&self, sha: &str) -> Result<Option<CommitFacts>, String>;
}

/// A check run of a forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    /// Its name.
    pub name: String,
    /// `success`, `failure`, …; none while it runs.
    pub conclusion: Option<String>,
}

/// The port to a forge. An error is why it cannot be asked.
#[async_trait]
pub trait Forge: Send + Sync {
    /// Who approved the change that brought a commit, its author left out.
    async fn approvers(&self, sha: &str) -> Result<Vec<String>, String>;

    /// What ran on a commit.
    async fn check_runs(&self, sha: &str) -> Result<Vec<CheckRun>, String>;
}

/// What a look at a commit is about.
pub struct CommitRun<'r> {
    /// The run's id.
    pub id: RunId,
    /// The commit asked about, by 7 to 40 digits.
    pub sha: &'r str,
    /// Where links and specs are kept.
    pub store: &'r dyn Store,
    /// The repository.
    pub history: &'r dyn History,
    /// The forge, where there is one.
    pub forge: Option<&'r dyn Forge>,
    /// The clock.
    pub clock: &'r dyn Clock,
}

/// All that is found out of a commit before it is judged.
struct Facts {
    commit: Result<Option<CommitFacts>, String>,
    links: Vec<LinkRecord>,
    specs: Vec<SpecEntry>,
}

impl Contract {
    /// Looks at a commit, check after check. `expected_sha` of the report is the commit where it was found.
    pub async fn run_on_commit(&self, run: CommitRun<'_>) -> Result<GateReport, Error> {
        let started_at = run.clock.now();
        let commit = run.history.commit(run.sha).await;
        let found = commit.as_ref().ok().and_then(Option::as_ref).map(|commit| commit.sha.clone());
        let full = found.clone().unwrap_or_else(|| run.sha.to_owned());
        let facts = Facts {
            links: links_naming(run.store, &full).await?,
            specs: specs_naming(run.store, &full).await?,
            commit,
        };
        // Whoever may name any commit must not have the forge asked about each.
        let forge = match &facts.commit {
            Ok(Some(_)) => run.forge.ok_or(Unasked::NoForge),
            Ok(None) => Err(Unasked::NoCommit("there is no such commit to ask the forge about".into())),
            Err(why) => Err(Unasked::NoCommit(format!("the forge was not asked: {why}"))),
        };
        let mut checks = Vec::with_capacity(self.checks.len());
        let mut began = started_at;
        for spec in &self.checks {
            let found = match &spec.kind {
                CheckKind::Spec => specs(run.store, &facts).await?,
                CheckKind::Approvals { at_least } => approvals(&forge, &full, *at_least).await,
                CheckKind::CheckRuns => check_runs(&forge, &full).await,
                kind => judge(kind, &facts),
            };
            let ended = run.clock.now();
            checks.push(found.check(spec, milliseconds(began, ended)));
            began = ended;
        }
        let report = self.report(run.id, format!("commit {full}"), checks, (started_at, run.clock.now()));
        Ok(GateReport { expected_sha: found, ..report })
    }
}

/// The links that name a commit among their implementation refs, by `commit:…` or by an address that ends so.
async fn links_naming(store: &dyn Store, sha: &str) -> Result<Vec<LinkRecord>, Error> {
    let query = LinkQuery {
        search: first_digits(sha).to_owned(),
        sort: LinkSort::Created,
        order: Order::Asc,
        limit: MAX_LIMIT,
        ..LinkQuery::default()
    };
    let found = store.links(&query).await?.items;
    Ok(found.into_iter().filter(|record| names(&record.link.implementation_refs, sha)).collect())
}

/// The specs that name a commit among their own refs or evidence.
async fn specs_naming(store: &dyn Store, sha: &str) -> Result<Vec<SpecEntry>, Error> {
    let mut found = store.specs_naming(first_digits(sha), MAX_LIMIT).await?;
    let of = |entry: &SpecEntry| {
        names(&entry.content.implementation_refs, sha) || names(&entry.content.evidence_refs, sha)
    };
    found.retain(of);
    Ok(found)
}

/// Whether any of these refs names the commit.
fn names(refs: &[String], sha: &str) -> bool {
    refs.iter().filter_map(|reference| commit_of(reference)).any(|name| same_commit(&name, sha))
}

fn judge(kind: &CheckKind, facts: &Facts) -> Found {
    match kind {
        CheckKind::CommitReachable => match &facts.commit {
            Err(why) => Found::new(Verdict::Inconclusive, "to be found", why),
            Ok(None) => Found::new(Verdict::Fail, "to be found", "there is no such commit"),
            Ok(Some(commit)) => Found::new(
                Verdict::Pass,
                "to be found",
                format!("{} by {}: {}", commit.sha, commit.author, commit.title),
            ),
        },
        CheckKind::CommitOnBranch => match &facts.commit {
            Err(why) => Found::new(Verdict::Inconclusive, "below the branch's head", why),
            Ok(None) => Found::new(Verdict::Fail, "below the branch's head", "there is no such commit"),
            Ok(Some(commit)) => Found::passed_if(
                commit.on_branch,
                "below the branch's head",
                if commit.on_branch { "it is" } else { "it is not: not merged, or the branch was rewritten" },
            ),
        },
        CheckKind::LineageLink => {
            let ids: Vec<String> = facts.links.iter().map(|record| record.link.id.to_string()).collect();
            let observed = if ids.is_empty() { "none".to_owned() } else { few(&ids) };
            Found::passed_if(!ids.is_empty(), "at least one link", observed)
        }
        CheckKind::Contributors => contributors(&facts.links),
        _ => Found::new(Verdict::Inconclusive, "a deployment", "this gate looks at a commit"),
    }
}

/// Whoever implemented must be named; the others that are named are told.
fn contributors(links: &[LinkRecord]) -> Found {
    const EXPECTED: &str = "who implemented it, in every link that names it";
    if links.is_empty() {
        return Found::new(Verdict::Fail, EXPECTED, "no link names the commit");
    }
    let mut named = Vec::new();
    for record in links {
        let invested = record.link.investments.iter().map(|row| (row.stage, row.contributor.as_str()));
        let roles = Stage::ALL
            .into_iter()
            .filter_map(|stage| record.link.contributors.get(stage).as_deref().map(|name| (stage, name)));
        let people: Vec<(Stage, &str)> = roles.chain(invested).collect();
        if !people.iter().any(|(stage, _)| *stage == Stage::Implementation) {
            return Found::new(Verdict::Fail, EXPECTED, format!("{} names nobody", record.link.id));
        }
        named.extend(people.iter().map(|(stage, name)| format!("{name} ({})", stage.label().to_lowercase())));
    }
    named.sort();
    named.dedup();
    Found::new(Verdict::Pass, EXPECTED, few(&named))
}

/// Every spec of the links must be more than a name; those that name the commit themselves are.
async fn specs(store: &dyn Store, facts: &Facts) -> Result<Found, Error> {
    const EXPECTED: &str = "every spec that names it, or that a link which does names, is registered";
    let of_links = facts.links.iter().map(|record| record.link.spec_id.as_str());
    let own: BTreeSet<&str> = facts.specs.iter().map(|entry| entry.card.spec_id.as_str()).collect();
    let ids: BTreeSet<&str> = of_links.chain(own.iter().copied()).collect();
    let mut missing = Vec::new();
    for id in ids.difference(&own) {
        if !store.spec(id).await?.is_some_and(|spec| spec.card.registered) {
            missing.push(format!("{id} is not registered"));
        }
    }
    let names: Vec<String> = ids.into_iter().map(str::to_owned).collect();
    Ok(match (names.is_empty(), missing.is_empty()) {
        (true, _) => Found::new(Verdict::Fail, EXPECTED, "no link and no spec names the commit"),
        (false, true) => Found::new(Verdict::Pass, EXPECTED, few(&names)),
        (false, false) => Found::new(Verdict::Fail, EXPECTED, few(&missing)),
    })
}

/// Why no forge is asked.
enum Unasked {
    /// There is none.
    NoForge,
    /// There is nothing to ask it about.
    NoCommit(String),
}

/// What only a forge could tell, where it is not asked.
fn unasked(expected: &str, why: &Unasked) -> Found {
    match why {
        Unasked::NoForge => Found {
            remedy: Some(
                "Start the server with --forge, so that it can ask; or check it there yourself.".into(),
            ),
            ..Found::new(Verdict::Inconclusive, expected, "no forge is configured that could tell")
        },
        Unasked::NoCommit(why) => Found {
            remedy: Some("Let the server's clone fetch the commit (git fetch), then check again.".into()),
            ..Found::new(Verdict::Inconclusive, expected, why)
        },
    }
}

async fn approvals(forge: &Result<&dyn Forge, Unasked>, sha: &str, at_least: u32) -> Found {
    let expected = format!("{at_least} by others than the author, or more");
    let forge = match forge {
        Ok(forge) => forge,
        Err(why) => return unasked(&expected, why),
    };
    match forge.approvers(sha).await {
        Err(why) => Found::new(Verdict::Inconclusive, expected, why),
        Ok(names) if names.is_empty() => Found::new(Verdict::Fail, expected, "nobody approved it"),
        Ok(names) => Found::passed_if(names.len() >= at_least as usize, expected, few(&names)),
    }
}

async fn check_runs(forge: &Result<&dyn Forge, Unasked>, sha: &str) -> Found {
    const EXPECTED: &str = "every check run finished and passed";
    let forge = match forge {
        Ok(forge) => forge,
        Err(why) => return unasked(EXPECTED, why),
    };
    let runs = match forge.check_runs(sha).await {
        Err(why) => return Found::new(Verdict::Inconclusive, EXPECTED, why),
        Ok(runs) => runs,
    };
    if runs.is_empty() {
        return Found::new(Verdict::Inconclusive, EXPECTED, "nothing ran on this commit");
    }
    let of = |run: &CheckRun| format!("{}: {}", run.name, run.conclusion.as_deref().unwrap_or("runs still"));
    let passed =
        |run: &&CheckRun| matches!(run.conclusion.as_deref(), Some("success" | "neutral" | "skipped"));
    let bad: Vec<String> = runs.iter().filter(|run| !passed(run)).map(of).collect();
    let unfinished = runs.iter().any(|run| run.conclusion.is_none());
    match (bad.is_empty(), unfinished) {
        (true, _) => Found::new(Verdict::Pass, EXPECTED, format!("{} of {}", runs.len(), runs.len())),
        (false, true) if bad.iter().all(|text| text.ends_with("runs still")) => {
            Found::new(Verdict::Inconclusive, EXPECTED, few(&bad))
        }
        _ => Found::new(Verdict::Fail, EXPECTED, few(&bad)),
    }
}

/// The first few of many.
fn few(texts: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = texts.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match texts.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!("{shown}, and {more} more"),
        _ => shown,
    }
}
