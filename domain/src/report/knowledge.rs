//! What is known, who made it, and on what it stands: claims with their citations both ways, and the chain from a
//! position to its sources.

use crate::contribution::{
    CitationEdge, CitationKind, ContributionStore, CreditEntry, CreditedObject, KnowledgeKind,
    KnowledgeObject, PerRole, Role,
};
use crate::error::Error;
use crate::id::UnitId;
use crate::page::Parameters;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Citations of a claim by others that a report shows.
const CITED_BY: i64 = 200;
/// How many steps a trace goes where it is not said.
pub const DEFAULT_DEPTH: i64 = 5;
/// How many at the most.
pub const MAX_DEPTH: i64 = 10;
/// Pieces of a trace at the most.
const MAX_PIECES: usize = 300;

/// A claim with who made it, what it names and what names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimEntry {
    /// The claim as it stands now, or stood last.
    #[serde(flatten)]
    pub object: KnowledgeObject,
    /// Whether it stands.
    pub stands: bool,
    /// Who played which role in it, in which change: by role, then time.
    pub credits: Vec<CreditEntry>,
    /// What it names, by kind, then slug; broken links have no path.
    pub cites: Vec<CitationEdge>,
    /// What names it, by path, then kind.
    pub cited_by: Vec<CitationEdge>,
    /// Whether more name it than are shown.
    pub cited_by_more: bool,
}

/// All claims of a slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimReport {
    /// The slug.
    pub slug: String,
    /// The claims: several where folders or repositories share a name, standing ones first.
    pub claims: Vec<ClaimEntry>,
}

/// Everything of a kind and slug. What holds a control character is no slug, and not every store takes it.
async fn called(
    store: &dyn ContributionStore,
    kind: KnowledgeKind,
    slug: &str,
) -> Result<Vec<CreditedObject>, Error> {
    match slug.chars().any(char::is_control) {
        true => Ok(Vec::new()),
        false => store.knowledge(Some(kind), &slug.to_lowercase()).await,
    }
}

/// The claims of a slug.
pub async fn claim(store: &dyn ContributionStore, slug: &str) -> Result<ClaimReport, Error> {
    let found = called(store, KnowledgeKind::Claim, slug).await?;
    if found.is_empty() {
        return Err(Error::ClaimNotFound);
    }
    let mut claims = Vec::with_capacity(found.len());
    for CreditedObject { object, credits } in found {
        let paths = [object.path.clone()];
        let cites = store.citations_of(&object.repository, &paths).await?;
        let mut cited_by = store.cited_by(&object.repository, &object.path, CITED_BY + 1).await?;
        let cited_by_more = cited_by.len() as i64 > CITED_BY;
        cited_by.truncate(CITED_BY as usize);
        let stands = object.removed_by.is_none();
        claims.push(ClaimEntry { object, stands, credits, cites, cited_by, cited_by_more });
    }
    Ok(ClaimReport { slug: slug.to_owned(), claims })
}

/// Who played a role in a piece of a trace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TraceCredit {
    /// The role.
    pub role: Role,
    /// Who.
    pub contributor: String,
    /// For whom they worked then.
    pub principal: Option<String>,
    /// In which change.
    pub unit: UnitId,
    /// Whether it still counts.
    pub ended: bool,
}

/// A piece of knowledge on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TracePiece {
    /// The piece.
    #[serde(flatten)]
    pub object: KnowledgeObject,
    /// How many steps from where the trace began.
    pub distance: i64,
    /// Who played which role in it.
    pub credits: Vec<TraceCredit>,
}

/// A step of a trace: one piece stands on another, because it names that, or because that is a source which names it as
/// taken from there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TraceStep {
    /// The repository.
    pub repository: String,
    /// The piece that stands on the other.
    pub from_path: String,
    /// The piece that it stands on; none where the link is broken.
    pub to_path: Option<String>,
    /// That one's slug.
    pub to_slug: String,
    /// How.
    pub kind: CitationKind,
}

/// Somebody on the way: in how many pieces they played each role. What ended counts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TraceContributor {
    /// Who.
    pub contributor: String,
    /// In how many pieces, by role.
    pub pieces: PerRole<i64>,
}

/// On what a piece of knowledge stands, step by step, and everybody who contributed on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TraceReport {
    /// Of what kind it is.
    pub kind: KnowledgeKind,
    /// Its slug.
    pub slug: String,
    /// How many steps were gone at the most.
    pub depth: i64,
    /// The pieces, each once: by distance, then kind, then repository and path.
    pub pieces: Vec<TracePiece>,
    /// The steps between them and broken links, by repository, path, then slug.
    pub steps: Vec<TraceStep>,
    /// Everybody on the way, those in the most pieces first.
    pub contributors: Vec<TraceContributor>,
    /// Why the chain goes on behind what is shown; none where all of it is.
    pub cut: Option<String>,
}

/// How many steps to go, from 1 to [`MAX_DEPTH`].
pub fn read_depth(parameters: &Parameters<'_>) -> Result<i64, Error> {
    parameters.known(&["depth"])?;
    let Some(text) = parameters.get("depth") else { return Ok(DEFAULT_DEPTH) };
    let depth = text.parse().ok().filter(|depth| (1..=MAX_DEPTH).contains(depth));
    depth.ok_or_else(|| Error::field("depth", format!("must be a whole number from 1 to {MAX_DEPTH}")))
}

/// The kind of a name in a path.
pub fn read_kind(name: &str) -> Result<KnowledgeKind, Error> {
    let wrong = || Error::field("kind", format!("must be one of {}", KnowledgeKind::NAMES.join(", ")));
    KnowledgeKind::named(name).ok_or_else(wrong)
}

/// Pieces by repository and path, with how far they are.
type Met = BTreeMap<(String, String), i64>;

/// From a piece down the chain: positions stand on beliefs, beliefs on claims, claims on claims and sources, also on those
/// sources that name them. What stands against a piece is no ground of it, but what it says is set against it belongs to
/// it.
pub async fn trace(
    store: &dyn ContributionStore,
    kind: KnowledgeKind,
    slug: &str,
    depth: i64,
) -> Result<TraceReport, Error> {
    let found = called(store, kind, slug).await?;
    if found.is_empty() {
        return Err(Error::KnowledgeNotFound(kind.name()));
    }
    let mut met: Met =
        found.iter().map(|it| ((it.object.repository.clone(), it.object.path.clone()), 0)).collect();
    let (mut steps, mut too_many, mut deeper) = (BTreeSet::new(), false, false);
    let mut next: BTreeSet<(String, String)> = met.keys().cloned().collect();
    for distance in 1..=depth + 1 {
        let mut reached = BTreeSet::new();
        for edge in edges(store, &next).await? {
            let to = edge.to_path.clone().map(|path| (edge.repository.clone(), path));
            if let Some(to) = &to
                && !met.contains_key(to)
            {
                if distance > depth {
                    deeper = true;
                    continue;
                }
                if met.len() + reached.len() >= MAX_PIECES && !reached.contains(to) {
                    too_many = true;
                    continue;
                }
                reached.insert(to.clone());
            }
            if distance <= depth || to.is_some() {
                steps.insert(step(edge));
            }
        }
        met.extend(reached.iter().map(|it| (it.clone(), distance)));
        next = reached;
        if next.is_empty() {
            break;
        }
    }
    let pieces = pieces(store, &met).await?;
    let cut = match (too_many, deeper) {
        (true, _) => {
            Some(format!("There are more than the {MAX_PIECES} pieces shown; begin further down the chain."))
        }
        (false, true) => Some(format!("The chain goes on behind depth {depth}; a greater one shows more.")),
        (false, false) => None,
    };
    let contributors = contributors(&pieces);
    Ok(TraceReport {
        kind,
        slug: slug.to_owned(),
        depth,
        pieces,
        steps: steps.into_iter().collect(),
        contributors,
        cut,
    })
}

fn step(edge: CitationEdge) -> TraceStep {
    let CitationEdge { repository, from_path, to_path, to_slug, kind, .. } = edge;
    TraceStep { repository, from_path, to_path, to_slug, kind }
}

/// What these pieces stand on.
async fn edges(
    store: &dyn ContributionStore,
    pieces: &BTreeSet<(String, String)>,
) -> Result<Vec<CitationEdge>, Error> {
    let mut all = Vec::new();
    for (repository, paths) in by_repository(pieces.iter()) {
        let edges = store.citations_of(&repository, &paths).await?;
        // Down the chain only: a claim that mentions a belief does not stand on it.
        all.extend(edges.into_iter().filter(|edge| {
            edge.kind != CitationKind::Challenges && edge.to_kind.is_none_or(|to| to >= edge.from_kind)
        }));
        let taken = store.sources_naming(&repository, &paths).await?;
        all.extend(taken.into_iter().filter_map(turned));
    }
    Ok(all)
}

/// A source that names what was taken from it, as that piece standing on it. Only claims are taken from sources.
fn turned(edge: CitationEdge) -> Option<CitationEdge> {
    let (path, kind) = (edge.to_path?, edge.to_kind?);
    (kind == KnowledgeKind::Claim && path != edge.from_path).then(|| CitationEdge {
        repository: edge.repository,
        from_path: path,
        from_slug: edge.to_slug,
        from_kind: kind,
        from_title: edge.to_title.unwrap_or_default(),
        kind: CitationKind::Source,
        to_slug: edge.from_slug,
        to_path: Some(edge.from_path),
        to_kind: Some(edge.from_kind),
        to_title: Some(edge.from_title),
    })
}

fn by_repository<'a>(pieces: impl Iterator<Item = &'a (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut grouped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (repository, path) in pieces {
        grouped.entry(repository.clone()).or_default().push(path.clone());
    }
    grouped
}

async fn pieces(store: &dyn ContributionStore, met: &Met) -> Result<Vec<TracePiece>, Error> {
    let mut pieces = Vec::with_capacity(met.len());
    for (repository, paths) in by_repository(met.keys()) {
        for CreditedObject { object, credits } in store.knowledge_at(&repository, &paths).await? {
            let distance = met.get(&(repository.clone(), object.path.clone())).copied().unwrap_or_default();
            let credit = |entry: CreditEntry| TraceCredit {
                role: entry.credit.role,
                contributor: entry.credit.contributor,
                principal: entry.credit.principal,
                unit: entry.credit.unit,
                ended: entry.credit.ended_at.is_some(),
            };
            let credits = credits.into_iter().map(credit).collect();
            pieces.push(TracePiece { object, distance, credits });
        }
    }
    pieces.sort_by(|one, other| {
        let key = |it: &TracePiece| {
            (it.distance, it.object.kind, it.object.repository.clone(), it.object.path.clone())
        };
        key(one).cmp(&key(other))
    });
    Ok(pieces)
}

fn contributors(pieces: &[TracePiece]) -> Vec<TraceContributor> {
    let mut all: BTreeMap<&str, PerRole<i64>> = BTreeMap::new();
    for piece in pieces {
        let standing = piece.credits.iter().filter(|credit| !credit.ended);
        let roles: BTreeSet<(&str, Role)> =
            standing.map(|credit| (credit.contributor.as_str(), credit.role)).collect();
        for (contributor, role) in roles {
            *all.entry(contributor).or_default().get_mut(role) += 1;
        }
    }
    let mut all: Vec<TraceContributor> = all
        .into_iter()
        .map(|(contributor, pieces)| TraceContributor { contributor: contributor.to_owned(), pieces })
        .collect();
    let sum = |it: &TraceContributor| Role::ALL.iter().map(|role| it.pieces.get(*role)).sum::<i64>();
    all.sort_by_key(|it| std::cmp::Reverse(sum(it)));
    all
}
