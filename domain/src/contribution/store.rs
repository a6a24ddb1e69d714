//! The port to where contributions are kept.

use super::knowledge::KnowledgeKind;
use super::outcome::ExplainedOutcome;
use super::people::People;
use super::query::{CreditQuery, ImportQuery, UnitQuery};
use super::records::{
    CitationEdge, ContributorRecord, CreditEntry, CreditedObject, ImportCounts, ImportIssue, ImportRun,
    IssueCount, MergeProposal, Repository, ScoreBasis, TrackRecord, UnitCard, UnitDetail,
};
use super::unit::ReadUnit;
use crate::error::Error;
use crate::id::UnitId;
use crate::link::LinkRecord;
use crate::page::Page;
use async_trait::async_trait;
use chrono::NaiveDate;

/// Units that are kept in one transaction, and how far that leads.
#[derive(Debug, Clone)]
pub struct UnitBatch {
    /// The repository as it is after them.
    pub repository: Repository,
    /// The units, oldest first.
    pub units: Vec<ReadUnit>,
    /// What could not be read in them.
    pub issues: Vec<ImportIssue>,
    /// Lines of `.mailmap` are not kept as such; these are the merges of identities that they propose: all of them, in
    /// place of those before. An alias may be an address ([`super::ADDRESS_OF`]).
    pub proposals: Vec<MergeProposal>,
}

/// What dropping and deriving again came to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    /// Units that were looked at.
    pub units: i64,
    /// The digest of every derived row before.
    pub before: String,
    /// The same after.
    pub after: String,
}

impl Rebuilt {
    /// Whether every derived row is what it was, byte for byte.
    pub fn is_same(&self) -> bool {
        self.before == self.after
    }
}

/// A place to keep contributions. What people decide about them goes through [`crate::store::Store::write`].
#[async_trait]
pub trait ContributionStore: Send + Sync {
    /// Keeps units with all that follows of them: knowledge, citations, credits and totals, in one transaction.
    /// They must continue what is kept of the repository; where somebody else went on with it meanwhile, nothing is
    /// kept ([`Error::ImportedMeanwhile`]).
    async fn keep_units(&self, batch: UnitBatch) -> Result<ImportCounts, Error>;

    /// Drops all that was derived of a repository, its units included. What people decided stays.
    async fn drop_repository(&self, name: &str) -> Result<(), Error>;

    /// Derives the credits of all units again, from what was read and what people decided.
    async fn derive_again(&self) -> Result<(), Error>;

    /// Drops everything that follows from what was read, derives it again, and says whether it came to the same.
    async fn rebuild(&self) -> Result<Rebuilt, Error>;

    /// SHA-256 over every derived row in one order: two databases that agree have the same.
    async fn derived_digest(&self) -> Result<String, Error>;

    /// Every repository, by name.
    async fn repositories(&self) -> Result<Vec<Repository>, Error>;

    /// A repository, with the policy's file.
    async fn repository(&self, name: &str) -> Result<Option<Repository>, Error>;

    /// Runs of imports, newest first.
    async fn import_runs(&self, query: &ImportQuery) -> Result<Page<ImportRun>, Error>;

    /// What could not be read, by repository, path, then unit.
    async fn import_issues(&self, query: &ImportQuery) -> Result<Page<ImportIssue>, Error>;

    /// How often each reason was met, the most frequent first: in a repository, or in all.
    async fn issue_counts(&self, repository: Option<&str>) -> Result<Vec<IssueCount>, Error>;

    /// What people decided, as credits need it.
    async fn people(&self) -> Result<People, Error>;

    /// All that scoring reads: totals of months up to and including `to_month` and from `from_month` on, and uses from
    /// a day on.
    async fn score_basis(
        &self,
        from_month: i64,
        to_month: i64,
        uses_from: NaiveDate,
    ) -> Result<ScoreBasis, Error>;

    /// A contributor, by their handle or an alias.
    async fn contributor(&self, handle: &str) -> Result<Option<ContributorRecord>, Error>;

    /// Merges of identities that the machine proposes and nobody accepted or dismissed.
    async fn merge_proposals(&self) -> Result<Vec<MergeProposal>, Error>;

    /// Credits, newest first.
    async fn credits(&self, query: &CreditQuery) -> Result<Page<CreditEntry>, Error>;

    /// How the factors of these units' credits come about, of one contributor's credits or of all.
    async fn outcomes(
        &self,
        units: &[UnitId],
        contributor: Option<&str>,
    ) -> Result<Vec<ExplainedOutcome>, Error>;

    /// Units, newest first.
    async fn units(&self, query: &UnitQuery) -> Result<Page<UnitCard>, Error>;

    /// A unit with all that is known of it.
    async fn unit(&self, id: UnitId) -> Result<Option<UnitDetail>, Error>;

    /// The units whose commit begins with these digits, or that have this number; a few at the most.
    async fn units_named(&self, reference: &UnitReference) -> Result<Vec<UnitDetail>, Error>;

    /// The pieces of knowledge of a kind and slug (any kind where none is given): several where folders share a name.
    async fn knowledge(&self, kind: Option<KnowledgeKind>, slug: &str) -> Result<Vec<CreditedObject>, Error>;

    /// What these pieces name, by path, kind, then slug.
    async fn citations_of(&self, repository: &str, paths: &[String]) -> Result<Vec<CitationEdge>, Error>;

    /// What names this piece, by path, then kind; at most `limit`.
    async fn cited_by(&self, repository: &str, path: &str, limit: i64) -> Result<Vec<CitationEdge>, Error>;

    /// Which sources name these pieces as taken from them, by piece, source, then kind.
    async fn sources_naming(&self, repository: &str, paths: &[String]) -> Result<Vec<CitationEdge>, Error>;

    /// The credited pieces at these paths.
    async fn knowledge_at(&self, repository: &str, paths: &[String]) -> Result<Vec<CreditedObject>, Error>;

    /// The links of work that name anybody of these handles, newest first.
    async fn links_of_people(&self, handles: &[String], limit: i64) -> Result<Vec<LinkRecord>, Error>;

    /// What each of these contributors' proposals came to, in their order.
    async fn track_records(&self, handles: &[String]) -> Result<Vec<TrackRecord>, Error>;
}

/// How an implementation ref names units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitReference {
    /// `commit:0a1b2c3`: at least seven hexadecimal digits, lower case.
    Commit(String),
    /// `PR#12`, or `github:PR#12` and `codex:PR#12` where it is told where.
    PullRequest {
        /// The forge or the repository, where either is told.
        place: Option<String>,
        /// The number.
        number: i64,
    },
}
