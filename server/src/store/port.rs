//! The store as a place to keep contributions.

use super::{
    SqlStore,
    contributions::{Done, Work, explain, pieces, reads},
    registry,
};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::{
    contribution::{
        CitationEdge, ContributionStore, ContributorRecord, CreditEntry, CreditQuery, CreditedObject,
        ExplainedOutcome, ImportCounts, ImportIssue, ImportQuery, ImportRun, IssueCount, KnowledgeKind,
        MergeProposal, People, Rebuilt, Repository, ScoreBasis, TrackRecord, UnitBatch, UnitCard, UnitDetail,
        UnitQuery, UnitReference,
    },
    error::Error,
    id::UnitId,
    link::LinkRecord,
    page::Page,
};

/// The error of a store that did one thing and told of another.
fn mixed_up() -> Error {
    Error::Store("the store did something else than it was asked to".into())
}

#[async_trait]
impl ContributionStore for SqlStore {
    async fn keep_units(&self, batch: UnitBatch) -> Result<ImportCounts, Error> {
        match self.writer.alone(Work::KeepUnits(Box::new(batch))).await? {
            Done::Kept(counts) => Ok(counts),
            _ => Err(mixed_up()),
        }
    }

    async fn drop_repository(&self, name: &str) -> Result<(), Error> {
        self.writer.alone(Work::DropRepository(name.to_owned())).await.map(drop)
    }

    async fn derive_again(&self) -> Result<(), Error> {
        self.writer.alone(Work::DeriveAgain).await.map(drop)
    }

    async fn rebuild(&self) -> Result<Rebuilt, Error> {
        match self.writer.alone(Work::Rebuild).await? {
            Done::Rebuilt(rebuilt) => Ok(rebuilt),
            _ => Err(mixed_up()),
        }
    }

    async fn derived_digest(&self) -> Result<String, Error> {
        reads::derived_digest(self.readers.clone()).await
    }

    async fn repositories(&self) -> Result<Vec<Repository>, Error> {
        reads::repositories(&self.readers).await
    }

    async fn repository(&self, name: &str) -> Result<Option<Repository>, Error> {
        reads::repository(&self.readers, name).await
    }

    async fn import_runs(&self, query: &ImportQuery) -> Result<Page<ImportRun>, Error> {
        reads::import_runs(&self.readers, query).await
    }

    async fn import_issues(&self, query: &ImportQuery) -> Result<Page<ImportIssue>, Error> {
        reads::import_issues(&self.readers, query).await
    }

    async fn issue_counts(&self, repository: Option<&str>) -> Result<Vec<IssueCount>, Error> {
        reads::issue_counts(&self.readers, repository).await
    }

    async fn people(&self) -> Result<People, Error> {
        reads::people(&self.readers).await
    }

    async fn score_basis(
        &self,
        from_month: i64,
        to_month: i64,
        uses_from: NaiveDate,
    ) -> Result<ScoreBasis, Error> {
        reads::score_basis(&self.readers, from_month, to_month, uses_from).await
    }

    async fn contributor(&self, handle: &str) -> Result<Option<ContributorRecord>, Error> {
        reads::contributor(&self.readers, handle).await
    }

    async fn merge_proposals(&self) -> Result<Vec<MergeProposal>, Error> {
        reads::merge_proposals(&self.readers).await
    }

    async fn credits(&self, query: &CreditQuery) -> Result<Page<CreditEntry>, Error> {
        reads::credits(&self.readers, query).await
    }

    async fn outcomes(
        &self,
        units: &[UnitId],
        contributor: Option<&str>,
    ) -> Result<Vec<ExplainedOutcome>, Error> {
        let contributor = contributor.unwrap_or_default().to_owned();
        explain::outcomes(self.readers.clone(), units.to_vec(), contributor).await
    }

    async fn units(&self, query: &UnitQuery) -> Result<Page<UnitCard>, Error> {
        reads::units(&self.readers, query).await
    }

    async fn unit(&self, id: UnitId) -> Result<Option<UnitDetail>, Error> {
        reads::unit(&self.readers, id).await
    }

    async fn units_named(&self, reference: &UnitReference) -> Result<Vec<UnitDetail>, Error> {
        reads::units_named(&self.readers, reference).await
    }

    async fn knowledge(&self, kind: Option<KnowledgeKind>, slug: &str) -> Result<Vec<CreditedObject>, Error> {
        pieces::knowledge(&self.readers, kind, slug).await
    }

    async fn citations_of(&self, repository: &str, paths: &[String]) -> Result<Vec<CitationEdge>, Error> {
        pieces::citations_of(&self.readers, repository, paths).await
    }

    async fn cited_by(&self, repository: &str, path: &str, limit: i64) -> Result<Vec<CitationEdge>, Error> {
        pieces::cited_by(&self.readers, repository, path, limit).await
    }

    async fn sources_naming(&self, repository: &str, paths: &[String]) -> Result<Vec<CitationEdge>, Error> {
        pieces::sources_naming(&self.readers, repository, paths).await
    }

    async fn knowledge_at(&self, repository: &str, paths: &[String]) -> Result<Vec<CreditedObject>, Error> {
        pieces::knowledge_at(&self.readers, repository, paths).await
    }

    async fn links_of_people(&self, handles: &[String], limit: i64) -> Result<Vec<LinkRecord>, Error> {
        registry::reads::links_of_people(&self.readers, handles, limit).await
    }

    async fn track_records(&self, handles: &[String]) -> Result<Vec<TrackRecord>, Error> {
        reads::track_records(&self.readers, handles).await
    }
}
