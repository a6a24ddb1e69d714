//! Pieces of knowledge in a repository: claims, beliefs, positions, sources, challenges and entities.

use super::role::Role;
use super::unit::ChangeKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a piece of knowledge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum KnowledgeKind {
    /// Somebody acts on it: it cites beliefs and claims.
    Position,
    /// It is held to be true: it cites claims.
    Belief,
    /// An atomic statement with its source.
    Claim,
    /// Evidence against a claim, in a file of its own.
    Challenge,
    /// What claims were taken from.
    Source,
    /// A person, company or thing that is spoken of.
    Entity,
}

impl KnowledgeKind {
    /// All, in the order of the chain.
    pub const ALL: [Self; 6] =
        [Self::Position, Self::Belief, Self::Claim, Self::Challenge, Self::Source, Self::Entity];

    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 6] = ["position", "belief", "claim", "challenge", "source", "entity"];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The kind of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Somebody named in an `attribution:` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attribution {
    /// In which role.
    pub role: Role,
    /// The handle as it stands there, made a handle by [`super::handle_of`].
    pub handle: String,
    /// The agent's id, where one is given.
    pub agent_id: Option<String>,
    /// What for.
    pub context: Option<String>,
    /// When, as it stands there.
    pub date: Option<String>,
}

/// How one piece of knowledge names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CitationKind {
    /// A wiki link in its text.
    Cites,
    /// It is in its `depends_on`.
    DependsOn,
    /// It challenges it: the target of a challenge or counter-claim.
    Challenges,
    /// It is in its `challenged_by`.
    ChallengedBy,
    /// It was taken from it.
    Source,
}

impl CitationKind {
    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 5] = ["cites", "depends_on", "challenges", "challenged_by", "source"];
    /// All, in order.
    pub const ALL: [Self; 5] =
        [Self::Cites, Self::DependsOn, Self::Challenges, Self::ChallengedBy, Self::Source];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The kind of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a citation leads to, in the state of the branch right after the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Target {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: KnowledgeKind,
    /// Its domain.
    pub domain: Option<String>,
    /// Whether it was there before the unit.
    pub existed_before: bool,
}

/// A piece of knowledge naming another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Citation {
    /// How.
    pub kind: CitationKind,
    /// The slug that it names, case-folded, without folder, `.md`, heading and alias.
    pub slug: String,
    /// What that leads to; none where the link is broken.
    pub target: Option<Target>,
}

/// What a file says of a piece of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ObjectState {
    /// Its title: of the front matter, else the first heading, else the file's name.
    pub title: String,
    /// Its domain: of the front matter, else the folder under `domains/`.
    pub domain: Option<String>,
    /// Other domains that it names.
    pub secondary_domains: Vec<String>,
    /// How sure one is of it: `proven`, `likely`, `experimental`, `speculative`, or any other word that stands there.
    pub confidence: Option<String>,
    /// Its status, such as `retired`.
    pub status: Option<String>,
    /// Texts that tell where it was taken from, as they stand there.
    pub sources: Vec<String>,
    /// Persons that those texts name, by the handles of person entities in the branch at the time.
    pub source_people: Vec<String>,
    /// Entries of `challenged_by`, as they stand there.
    pub challenged_by: Vec<String>,
    /// Whoever proposed it, by its own front matter (`proposed_by`, `staked_by`, `processed_by`), as a handle.
    pub proposed_by: Option<String>,
    /// Its attribution block.
    pub attribution: Vec<Attribution>,
    /// What it names, by kind, then slug; each once.
    pub citations: Vec<Citation>,
    /// Evidence blocks in the text that challenge it: their headings, each once.
    pub challenge_notes: Vec<String>,
    /// Whether the claim is a person's entity, and by which handle it is known.
    pub person: Option<String>,
}

/// What a unit did to a piece of knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectChange {
    /// What it is.
    pub kind: KnowledgeKind,
    /// Where: a path, with `#3` behind it where the file holds several.
    pub path: String,
    /// The name by which others cite it: the file's name without `.md`, case-folded.
    pub slug: String,
    /// What became of it.
    pub change: ChangeKind,
    /// What was said before; none where it was added.
    pub before: Option<ObjectState>,
    /// What is said now; none where it was removed.
    pub after: Option<ObjectState>,
}

/// Pairs of pieces that are compared at the most: a unit that exchanges thousands of them names nothing anew.
const MOST_COMPARED: usize = 1_000_000;

/// Pieces that a unit gives another name: by where each is now, where it was. What goes and what comes say the same, and
/// neither goes on under its own name elsewhere; each once, by path.
pub fn renamed(objects: &[ObjectChange]) -> BTreeMap<&str, &str> {
    let of = |change: ChangeKind| objects.iter().filter(move |object| object.change == change);
    let named = |objects: Vec<&ObjectChange>| -> BTreeSet<(KnowledgeKind, String)> {
        objects.into_iter().map(|object| (object.kind, object.slug.clone())).collect()
    };
    let (gone, come) = (named(of(ChangeKind::Removed).collect()), named(of(ChangeKind::Added).collect()));
    let is_in = |names: &BTreeSet<(KnowledgeKind, String)>, object: &ObjectChange| {
        names.contains(&(object.kind, object.slug.clone()))
    };
    let mut left: Vec<&ObjectChange> = of(ChangeKind::Removed).filter(|it| !is_in(&come, it)).collect();
    left.sort_by(|one, other| one.path.cmp(&other.path));
    let mut added: Vec<&ObjectChange> = of(ChangeKind::Added).filter(|it| !is_in(&gone, it)).collect();
    added.sort_by(|one, other| one.path.cmp(&other.path));
    let mut renamed = BTreeMap::new();
    if left.len().saturating_mul(added.len()) > MOST_COMPARED {
        return renamed;
    }
    for now in added {
        if let Some(at) = left.iter().position(|then| says_the_same(then, now)) {
            renamed.insert(now.path.as_str(), left.remove(at).path.as_str());
        }
    }
    renamed
}

/// Whether a piece that goes and one that comes are the same but for their names.
fn says_the_same(then: &ObjectChange, now: &ObjectChange) -> bool {
    let (Some(before), Some(after)) = (&then.before, &now.after) else { return false };
    let names = |state: &ObjectState| -> Vec<(CitationKind, String)> {
        state.citations.iter().map(|citation| (citation.kind, citation.slug.clone())).collect()
    };
    // A title that only is the file's name changes with it; then the rest must say something.
    let by_file = |title: &str, slug: &str| title.to_lowercase() == slug;
    let tells = !before.sources.is_empty() || !before.citations.is_empty() || !before.attribution.is_empty();
    let same_title = before.title == after.title
        || (tells && by_file(&before.title, &then.slug) && by_file(&after.title, &now.slug));
    then.kind == now.kind
        && same_title
        && (&before.confidence, &before.status, &before.sources)
            == (&after.confidence, &after.status, &after.sources)
        && (&before.attribution, &before.proposed_by) == (&after.attribution, &after.proposed_by)
        && names(before) == names(after)
}

/// A piece of knowledge as it stands on the branch now, or stood last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KnowledgeObject {
    /// The repository.
    pub repository: String,
    /// Its path.
    pub path: String,
    /// The name by which others cite it.
    pub slug: String,
    /// What it is.
    pub kind: KnowledgeKind,
    /// Its title.
    pub title: String,
    /// Its domain.
    pub domain: Option<String>,
    /// How sure one is of it.
    pub confidence: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// Texts that tell where it was taken from.
    pub sources: Vec<String>,
    /// The unit that added it.
    pub added_by: crate::id::UnitId,
    /// The unit that touched it last.
    pub touched_by: crate::id::UnitId,
    /// The unit that removed it; none while it stands.
    pub removed_by: Option<crate::id::UnitId>,
}
