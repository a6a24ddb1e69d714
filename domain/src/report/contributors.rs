//! Who made us better, and by how much: contributors, ranked.

use super::scoring::{Basis, Standing, standings};
use crate::contribution::{
    ByVersion, ContributionStore, ContributorKind, ContributorQuery, ContributorSort, IndexVersion, PerRole,
};
use crate::error::Error;
use crate::money::{Index, Score, Weight};
use crate::page::{Cursor, Order, Page};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;

/// Under what a score was computed: enough to compute it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoredUnder {
    /// The weight set's name and version.
    #[cfg_attr(feature = "openapi", schema(example = "ci-v1"))]
    pub weight_set: String,
    /// SHA-256 of the weight set's canonical JSON.
    pub weight_set_hash: String,
    /// How much one credit of each role counts.
    pub weights: PerRole<Weight>,
    /// The index that scores and shares are of.
    pub version: IndexVersion,
    /// The first month that counts, `2026-03`; none where all do.
    pub from: Option<String>,
    /// The last month that counts.
    pub to: Option<String>,
    /// When it was computed: uses fade until then.
    pub at: DateTime<Utc>,
    /// After how many days a use counts half, in the first repository that has claims; `policies` has it for each.
    pub half_life_days: u32,
    /// After how many days it counts nothing, likewise.
    pub forget_after_days: u32,
    /// The policies under which repositories were read, by repository.
    pub policies: Vec<AppliedPolicy>,
}

/// The policy under which a repository was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppliedPolicy {
    /// The repository's name.
    pub repository: String,
    /// The policy's name and version.
    #[cfg_attr(feature = "openapi", schema(example = "knowledge-base-v1"))]
    pub policy: String,
    /// SHA-256 of the policy's canonical JSON.
    pub policy_hash: String,
    /// After how many days a use of a claim of the repository counts half.
    pub half_life_days: u32,
    /// After how many days it counts nothing.
    pub forget_after_days: u32,
}

/// What somebody earned in one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoleScore {
    /// Their own credits that count, less those that ended in the window.
    pub credits: i64,
    /// Likewise, of agents while they worked for them.
    pub agent_credits: i64,
    /// The index that asked for, of both.
    pub ci: Index,
    /// The part of it that is their own.
    pub own: Index,
}

/// An agent beneath the person that it works or worked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentScore {
    /// Its handle.
    #[cfg_attr(feature = "openapi", schema(example = "rio"))]
    pub handle: String,
    /// Its name as people write it.
    pub name: String,
    /// Whether it works for them now.
    pub current: bool,
    /// Its credits that count, from while it worked for them.
    pub credits: i64,
    /// What these come to, by each version.
    pub ci: ByVersion,
    /// The version asked for.
    pub score: Index,
}

/// A contributor with their index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoredContributor {
    /// Their handle.
    #[cfg_attr(feature = "openapi", schema(example = "m3taversal"))]
    pub handle: String,
    /// Their name as people write it.
    pub name: String,
    /// What they are.
    pub kind: ContributorKind,
    /// Whether a person decided that, or it was assumed when they were first seen.
    pub kind_decided: bool,
    /// For whom they work now.
    pub principal: Option<String>,
    /// Other handles that are theirs.
    pub aliases: Vec<String>,
    /// Their place among those of their kind, from 1 on, by score; equal scores have equal places.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub rank: i64,
    /// Their index with that of agents who worked for them, by each version.
    pub ci: ByVersion,
    /// The version asked for: their own and from agents.
    pub score: Index,
    /// The part of the score that is their own.
    pub own: Index,
    /// The part that comes from agents while they worked for them; 0 of anybody but persons.
    pub from_agents: Index,
    /// The part of the score in what all of their kind scored, from 0 to 1.
    pub share: Score,
    /// What counts toward governance: the score of a person, 0 of everybody else.
    pub governance_ci: Index,
    /// Its part of what everybody has toward governance, from 0 to 1.
    pub governance_share: Score,
    /// Their own credits that count.
    pub credits: i64,
    /// What they earned in each role; the roles' `ci` sum to the score.
    pub roles: PerRole<RoleScore>,
    /// The agents behind `from_agents`, and those who work for them now: by score, then handle.
    pub agents: Vec<AgentScore>,
    /// When they were first seen in a change.
    pub first_at: Option<DateTime<Utc>>,
    /// When last.
    pub last_at: Option<DateTime<Utc>>,
}

/// What all contributors of a kind have together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindTotal {
    /// The kind.
    pub kind: ContributorKind,
    /// How many there are.
    pub contributors: i64,
    /// Their own credits that count.
    pub credits: i64,
    /// Their own index, by each version.
    pub own: ByVersion,
    /// The sum of their scores: agents' work stands here a second time under persons.
    pub score: Index,
}

/// A page of contributors. Kinds are never mixed: all persons come first, then agents, then external authors, then
/// infrastructure, each in the order asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContributorList {
    /// The contributors.
    #[serde(rename = "contributors")]
    pub items: Vec<ScoredContributor>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
    /// How many match the search and kind, on all pages.
    pub matching: i64,
    /// Under what they were scored.
    pub under: ScoredUnder,
    /// What each kind has together, whatever was searched for; every kind, in order.
    pub totals: Vec<KindTotal>,
    /// What counts toward governance, of everybody.
    pub governance_total: Index,
}

/// A page of contributors with their index.
pub async fn contributors(
    store: &dyn ContributionStore,
    query: &ContributorQuery,
    now: DateTime<Utc>,
) -> Result<ContributorList, Error> {
    let months = (query.from_month, query.to_month);
    let basis = Basis::read(store, query.weights, query.version, months, now).await?;
    let everybody = standings(&basis);
    let governance_total = everybody.iter().map(|standing| standing.scored.governance_ci).sum();
    let totals = ContributorKind::ALL.map(|kind| kind_total(kind, &everybody)).to_vec();
    let mut matching: Vec<ScoredContributor> = everybody
        .into_iter()
        .map(|standing| standing.scored)
        .filter(|scored| query.kind.is_none_or(|kind| kind == scored.kind) && found(scored, &query.search))
        .collect();
    matching.sort_by(|one, other| in_order(query, one, other));
    let count = matching.len() as i64;
    let page = page(query, matching);
    Ok(ContributorList {
        items: page.items,
        next_cursor: page.next_cursor,
        matching: count,
        under: basis.under(),
        totals,
        governance_total,
    })
}

fn kind_total(kind: ContributorKind, everybody: &[Standing]) -> KindTotal {
    let mut total =
        KindTotal { kind, contributors: 0, credits: 0, own: ByVersion::default(), score: Index::ZERO };
    for standing in everybody.iter().filter(|standing| standing.scored.kind == kind) {
        total.contributors += 1;
        total.credits += standing.scored.credits;
        total.own += standing.own;
        total.score = total.score + standing.scored.score;
    }
    total
}

fn found(scored: &ScoredContributor, search: &str) -> bool {
    let names = std::iter::once(&scored.handle).chain([&scored.name]).chain(&scored.aliases);
    let text = names.map(|name| name.to_lowercase()).collect::<Vec<_>>().join("\n");
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// What a sort compares; handles are compared as such.
fn key_of(sort: ContributorSort, scored: &ScoredContributor) -> i64 {
    let micros = |time: Option<DateTime<Utc>>| time.map_or(0, |time| time.timestamp_micros());
    match sort {
        ContributorSort::Ci => scored.score.micros(),
        ContributorSort::Handle => 0,
        ContributorSort::Credits => scored.credits,
        ContributorSort::First => micros(scored.first_at),
        ContributorSort::Last => micros(scored.last_at),
    }
}

/// By kind, then as asked for; ties by handle, always from the first letter on.
fn in_order(query: &ContributorQuery, one: &ScoredContributor, other: &ScoredContributor) -> Ordering {
    let directed = |order: Ordering| match query.order {
        Order::Asc => order,
        Order::Desc => order.reverse(),
    };
    let by_handle = one.handle.cmp(&other.handle);
    one.kind.cmp(&other.kind).then_with(|| match query.sort {
        ContributorSort::Handle => directed(by_handle),
        sort => directed(key_of(sort, one).cmp(&key_of(sort, other))).then(by_handle),
    })
}

/// The page behind a cursor. A handle may be any letters, so the cursor names it by its hash. Where the contributor it
/// names is gone or another's alias by now, the list begins again behind everybody with that key.
fn page(query: &ContributorQuery, items: Vec<ScoredContributor>) -> Page<ScoredContributor> {
    let from = query.cursor.as_ref().map_or(0, |cursor| {
        let named = items.iter().position(|item| id_of(&item.handle) == cursor.id);
        named.map_or_else(|| behind(query, &items, cursor.key), |at| at + 1)
    });
    let limit = usize::try_from(query.limit).unwrap_or(0);
    let more = items.len() > from + limit;
    let items: Vec<_> = items.into_iter().skip(from).take(limit).collect();
    let last = items.last().filter(|_| more);
    let next_cursor =
        last.map(|last| Cursor { key: key_of(query.sort, last), id: id_of(&last.handle) }.encode());
    Page { items, next_cursor }
}

fn behind(query: &ContributorQuery, items: &[ScoredContributor], key: i64) -> usize {
    let is_behind = |item: &ScoredContributor| match query.order {
        Order::Asc => key_of(query.sort, item) > key,
        Order::Desc => key_of(query.sort, item) < key,
    };
    items.iter().position(is_behind).unwrap_or(items.len())
}

fn id_of(handle: &str) -> String {
    crate::canonical::hex(&Sha256::digest(handle.as_bytes())[..16])
}
