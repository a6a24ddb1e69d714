//! The port to governance: what is read of it. It is written by [`crate::store::Store::write`], as everything is.

use super::{AutonomyDecision, Flag, FlagQuery, FlagRecord, FlaggedQuery, FlaggedSubject, Veto, VetoQuery};
use crate::contribution::ContributorRecord;
use crate::error::Error;
use crate::id::{FlagId, VetoId};
use crate::page::{EventQuery, Page};
use async_trait::async_trait;

/// A place to keep governance.
#[async_trait]
pub trait GovernanceStore: Send + Sync {
    /// A flag.
    async fn flag(&self, id: FlagId) -> Result<Option<FlagRecord>, Error>;

    /// Flags: those whose subject is flagged most heavily first, then the newest.
    async fn flags(&self, query: &FlagQuery) -> Result<Page<FlagRecord>, Error>;

    /// What was flagged, with its standing flags' weight: the most heavily flagged first.
    async fn flagged(&self, query: &FlaggedQuery) -> Result<Page<FlaggedSubject>, Error>;

    /// The standing flags of these subjects, by their keys: by subject, then newest first.
    async fn standing_flags(&self, subjects: &[String]) -> Result<Vec<Flag>, Error>;

    /// A veto.
    async fn veto(&self, id: VetoId) -> Result<Option<Veto>, Error>;

    /// Vetoes, newest first.
    async fn vetoes(&self, query: &VetoQuery) -> Result<Page<Veto>, Error>;

    /// All agents, by handle.
    async fn agents(&self) -> Result<Vec<ContributorRecord>, Error>;

    /// The last decision about each of these agents that there is one about.
    async fn last_decisions(&self, agents: &[String]) -> Result<Vec<AutonomyDecision>, Error>;

    /// Decisions about an agent, newest first.
    async fn decisions(&self, agent: &str, query: &EventQuery) -> Result<Page<AutonomyDecision>, Error>;
}
