//! One contributor: what they did, for whom, when, and what it came to.

use super::contributors::{ScoredContributor, ScoredUnder};
use super::credits::{ContributorUse, ExplainedCredit, SHOWN_USES, explained, uses_of};
use super::factors::{ExplainedFactor, factors};
use super::payouts_of::{ContributorPayout, payouts_of};
use super::scoring::{Basis, months, standings};
use crate::contribution::{
    ByVersion, ContributionStore, CreditQuery, GovernanceShare, IndexVersion, MergeProposal, PerRole,
    PrincipalDecision, WeightSet, governance_share, month_name,
};
use crate::error::Error;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Credits that a profile shows, newest first; the rest are a list of their own.
pub const NEWEST_CREDITS: i64 = 20;

/// What one month brought, and how far it led.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MonthScore {
    /// The month.
    #[cfg_attr(feature = "openapi", schema(example = "2026-03"))]
    pub month: String,
    /// Their own credits that count, less those that ended in it.
    pub credits: PerRole<i64>,
    /// Their own index.
    pub own: ByVersion,
    /// That of agents while they worked for them; 0 of anybody but persons.
    pub from_agents: ByVersion,
    /// Both, of this and all months before.
    pub running: ByVersion,
}

/// All about a contributor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContributorProfile {
    /// Who they are and what they earned, by role and version, with the agents beneath them; by v1.
    #[serde(flatten)]
    pub scored: ScoredContributor,
    /// Their part in governance, by v1.
    pub governance: GovernanceShare,
    /// Months in which anything counts, the oldest first.
    pub months: Vec<MonthScore>,
    /// For whom they work and worked, by time, and who decided it.
    pub principals: Vec<PrincipalDecision>,
    /// The newest credits, ended ones too; at most [`NEWEST_CREDITS`].
    pub newest_credits: Vec<ExplainedCredit>,
    /// Their parts in the uses of claims, the greatest first: what CI v3 sums up; [`SHOWN_USES`] at the most.
    pub uses: Vec<ContributorUse>,
    /// How many such parts there are.
    pub use_count: i64,
    /// What they would be paid of the newest links that name them in a stage or investment, by the policy told there.
    pub payouts: Vec<ContributorPayout>,
    /// Handles that may be theirs as well, to be accepted or dismissed.
    pub proposals: Vec<MergeProposal>,
    /// Under what they were scored.
    pub under: ScoredUnder,
    /// Every number that entered, with what it does.
    pub factors: Vec<ExplainedFactor>,
    /// Goes up with every decision about them.
    pub version: i64,
}

/// A contributor, by their handle or an alias, with all that they did and what it came to.
pub async fn contributor(
    store: &dyn ContributionStore,
    handle: &str,
    weights: &'static WeightSet,
    now: DateTime<Utc>,
) -> Result<ContributorProfile, Error> {
    let record = store.contributor(handle).await?.ok_or(Error::ContributorNotFound)?;
    let basis = Basis::read(store, weights, IndexVersion::V1, (None, None), now).await?;
    let standing = standings(&basis).into_iter().find(|standing| standing.scored.handle == record.handle);
    let scored = standing.ok_or(Error::ContributorNotFound)?.scored;
    let query = CreditQuery {
        contributor: Some(record.handle.clone()),
        limit: NEWEST_CREDITS,
        ..CreditQuery::default()
    };
    let mut proposals = store.merge_proposals().await?;
    proposals.retain(|proposal| proposal.handle == record.handle || proposal.alias == record.handle);
    let uses = uses_of(&basis, &record.handle);
    Ok(ContributorProfile {
        governance: governance_share(&basis.read, weights, &record.handle, now),
        months: course(&basis, &record.handle),
        newest_credits: explained(store, store.credits(&query).await?.items).await?,
        use_count: uses.len() as i64,
        uses: uses.into_iter().take(SHOWN_USES).collect(),
        payouts: payouts_of(store, &scored).await?,
        proposals,
        under: basis.under(),
        factors: factors(&basis),
        principals: record.principals,
        version: record.version,
        scored,
    })
}

/// The months in which anything counts, with how far each led.
fn course(basis: &Basis, handle: &str) -> Vec<MonthScore> {
    let mut running = ByVersion::default();
    let of_month = |(month, (own, from_agents, credits))| {
        running += own;
        running += from_agents;
        MonthScore { month: month_name(month), credits, own, from_agents, running }
    };
    months(basis, handle).into_iter().map(of_month).collect()
}
