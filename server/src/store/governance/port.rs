//! The store as a place to keep governance.

use super::super::SqlStore;
use super::super::contributions::reads as contributions;
use super::reads;
use async_trait::async_trait;
use domain::{
    contribution::ContributorRecord,
    error::Error,
    governance::{
        AutonomyDecision, Flag, FlagQuery, FlagRecord, FlaggedQuery, FlaggedSubject, GovernanceStore, Veto,
        VetoQuery,
    },
    id::{FlagId, VetoId},
    page::{EventQuery, Page},
};

#[async_trait]
impl GovernanceStore for SqlStore {
    async fn flag(&self, id: FlagId) -> Result<Option<FlagRecord>, Error> {
        reads::flag(&self.readers, id).await
    }

    async fn flags(&self, query: &FlagQuery) -> Result<Page<FlagRecord>, Error> {
        reads::flags(&self.readers, query).await
    }

    async fn flagged(&self, query: &FlaggedQuery) -> Result<Page<FlaggedSubject>, Error> {
        reads::flagged(&self.readers, query).await
    }

    async fn standing_flags(&self, subjects: &[String]) -> Result<Vec<Flag>, Error> {
        reads::standing_flags(&self.readers, subjects).await
    }

    async fn veto(&self, id: VetoId) -> Result<Option<Veto>, Error> {
        reads::veto(&self.readers, id).await
    }

    async fn vetoes(&self, query: &VetoQuery) -> Result<Page<Veto>, Error> {
        reads::vetoes(&self.readers, query).await
    }

    async fn agents(&self) -> Result<Vec<ContributorRecord>, Error> {
        contributions::agents(&self.readers).await
    }

    async fn last_decisions(&self, agents: &[String]) -> Result<Vec<AutonomyDecision>, Error> {
        reads::last_decisions(&self.readers, agents).await
    }

    async fn decisions(&self, agent: &str, query: &EventQuery) -> Result<Page<AutonomyDecision>, Error> {
        reads::decisions(&self.readers, agent, query).await
    }
}
