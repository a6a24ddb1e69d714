//! What is kept of contributions, as it is read back.

use super::credit::{Credit, CreditTotal};
use super::knowledge::{CitationKind, KnowledgeKind, KnowledgeObject};
use super::people::{ContributorKind, PrincipalPeriod};
use super::role::Role;
use super::unit::{MergeKind, ReadUnit, UnitClass};
use crate::id::{ImportId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A repository as far as it was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Repository {
    /// Its name here.
    pub name: String,
    /// The branch that is read.
    pub branch: String,
    /// The commit up to which it was read.
    pub head_sha: String,
    /// How many units were read.
    pub units: i64,
    /// Whether the clone was shallow, so that its beginning is missing.
    pub shallow: bool,
    /// The policy's name.
    pub policy: String,
    /// The policy's hash.
    pub policy_hash: String,
    /// The policy's file, so that credits can be derived again without it.
    #[serde(skip)]
    pub policy_text: String,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ImportStatus {
    /// Everything new was read.
    Complete,
    /// The commit read last is no longer on the branch: nothing was read.
    Rewritten,
    /// It could not be read.
    Failed,
}

/// What an import counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// New units.
    pub units: i64,
    /// Those of knowledge.
    pub knowledge: i64,
    /// Those of the pipeline.
    pub pipeline: i64,
    /// The rest.
    pub other: i64,
    /// Changes to pieces of knowledge.
    pub objects: i64,
    /// Credits.
    pub credits: i64,
    /// Files that could not be read whole.
    pub issues: i64,
}

/// A run of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRun {
    /// Its id, `imp_…`.
    pub id: ImportId,
    /// The repository's name.
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// What it came to.
    pub status: ImportStatus,
    /// Why it failed, or what to do about a rewritten or shallow history.
    pub message: Option<String>,
    /// The commit read last before; none at the first.
    pub from_sha: Option<String>,
    /// The branch's head.
    pub to_sha: String,
    /// Whether the clone is shallow.
    pub shallow: bool,
    /// The policy's name.
    pub policy: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// What it counted.
    pub counts: ImportCounts,
}

/// A file that could not be read whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportIssue {
    /// The repository's name.
    pub repository: String,
    /// The unit in which it was met.
    pub unit: UnitId,
    /// The file.
    pub path: String,
    /// Why, in words that are the same for every such file.
    pub reason: String,
    /// What exactly.
    pub detail: String,
}

/// How many files could not be read whole for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueCount {
    /// Why.
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// One merged change, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitCard {
    /// Its id, `unt_…`.
    pub id: UnitId,
    /// The repository's name.
    pub repository: String,
    /// Its commit on the branch.
    pub sha: String,
    /// Its place on the branch, the oldest commit's being 0.
    pub position: i64,
    /// How it came there.
    pub kind: MergeKind,
    /// What kind of work it is.
    pub class: UnitClass,
    /// The forge that numbered it.
    pub forge: Option<String>,
    /// Its number there.
    pub number: Option<i64>,
    /// The first line of its message.
    pub title: String,
    /// The contributor who proposed it.
    pub proposer: Option<String>,
    /// When it was merged.
    pub merged_at: DateTime<Utc>,
    /// How many files it touches.
    pub files: i64,
    /// Lines added.
    pub lines_added: i64,
    /// Lines removed.
    pub lines_removed: i64,
    /// Whether not all lines could be counted.
    pub lines_partial: bool,
    /// The unit that reverts it.
    pub reverted_by: Option<UnitId>,
    /// From when on its credits count nothing, by a revert or a veto.
    pub ended_at: Option<DateTime<Utc>>,
}

/// One merged change with all that was read of it and what it earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitDetail {
    /// In short.
    pub card: UnitCard,
    /// As it was read.
    pub read: ReadUnit,
    /// What it earned, by role, then contributor.
    pub credits: Vec<Credit>,
}

/// For whom somebody works from when on, and who decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrincipalDecision {
    /// Whom and from when on.
    #[serde(flatten)]
    pub period: PrincipalPeriod,
    /// Why, where it was said.
    pub reason: Option<String>,
    /// Who decided, as the ledger names them.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// A contributor as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContributorRecord {
    /// Their handle.
    pub handle: String,
    /// Their name as people write it.
    pub name: String,
    /// What they are.
    pub kind: ContributorKind,
    /// Whether a person decided that, or it was assumed when they were first seen.
    pub kind_decided: bool,
    /// For whom they work and worked, by time.
    pub principals: Vec<PrincipalDecision>,
    /// Other handles that are theirs.
    pub aliases: Vec<String>,
    /// Handles that are not theirs, whatever the machine proposes.
    pub dismissed: Vec<String>,
    /// When they were first seen in a change.
    pub first_at: Option<DateTime<Utc>>,
    /// When last.
    pub last_at: Option<DateTime<Utc>>,
    /// Goes up with every decision about them.
    pub version: i64,
}

impl ContributorRecord {
    /// For whom they work at a time.
    pub fn principal_at(&self, at: DateTime<Utc>) -> Option<&str> {
        let decision = self.principals.iter().rev().find(|decision| decision.period.from <= at)?;
        decision.period.principal.as_deref()
    }
}

/// What an alias begins with that is no handle but a digest of an address: whoever signs with it.
pub const ADDRESS_OF: &str = "address:";

/// Two handles that may be the same one's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeProposal {
    /// Whose the other would become.
    pub handle: String,
    /// The other.
    pub alias: String,
    /// Why: `same address`, `.mailmap`, `same handle but for its separators`.
    pub evidence: String,
}

/// A credit with what is needed to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreditEntry {
    /// The credit.
    #[serde(flatten)]
    pub credit: Credit,
    /// The repository's name.
    pub repository: String,
    /// The change's commit.
    pub sha: String,
    /// The change's title.
    pub title: String,
    /// The slug of the piece of knowledge it is for.
    pub claim_slug: Option<String>,
}

/// Uses of a claim on one day, one for each session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimUses {
    /// The claim's slug.
    pub slug: String,
    /// The day, UTC.
    pub day: NaiveDate,
    /// Sessions that used it.
    pub sessions: i64,
}

/// One piece of knowledge naming another, as it stands on the branch now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CitationEdge {
    /// The repository's name.
    pub repository: String,
    /// The path of that which names.
    pub from_path: String,
    /// The slug of that which names.
    pub from_slug: String,
    /// What that is.
    pub from_kind: KnowledgeKind,
    /// Its title.
    pub from_title: String,
    /// How it names it.
    pub kind: CitationKind,
    /// The slug that is named.
    pub to_slug: String,
    /// What that leads to; none where the link is broken.
    pub to_path: Option<String>,
    /// What that is.
    pub to_kind: Option<KnowledgeKind>,
    /// Its title.
    pub to_title: Option<String>,
}

/// A piece of knowledge with the credits for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreditedObject {
    /// The piece.
    pub object: KnowledgeObject,
    /// Who played which role in it, in which change: by role, then time, then contributor.
    pub credits: Vec<CreditEntry>,
}

/// What an agent's work came to, for judging its autonomy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrackRecord {
    /// Changes of knowledge that it proposed and that were merged.
    pub units: i64,
    /// Those of them that somebody else reviewed.
    #[serde(default)]
    pub reviewed: i64,
    /// Those of them that were flagged and still are, or of which a claim is, by anybody who has weight.
    pub flagged: i64,
    /// Those of them that were reverted or rolled back.
    pub rolled_back: i64,
    /// Changes reviewed since the last one that was flagged, reverted or rolled back.
    pub clean_run: i64,
}

/// All that scoring reads: small, however long the history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScoreBasis {
    /// Credits by contributor, principal, role and month.
    pub totals: Vec<CreditTotal>,
    /// Every contributor.
    pub contributors: Vec<ContributorRecord>,
    /// Uses of claims that still count.
    pub uses: Vec<ClaimUses>,
    /// For each claim that is in `uses`: who played which role in it, and when.
    pub used_roles: Vec<UsedRole>,
}

/// Who played a role in a claim, from when on, and until when it counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UsedRole {
    /// The claim's slug.
    pub slug: String,
    /// Its repository.
    pub repository: String,
    /// The role.
    pub role: Role,
    /// Who.
    pub contributor: String,
    /// For whom they worked when they did.
    pub principal: Option<String>,
    /// When they earned it.
    pub earned_at: DateTime<Utc>,
    /// From when on it counts nothing.
    pub ended_at: Option<DateTime<Utc>>,
}
