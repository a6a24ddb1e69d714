//! What governance shows: what is flagged most heavily, what was rolled back, and how far agents have come.

use crate::contribution::{
    ContributorKind, ContributorRecord, Credit, DEFAULT_WEIGHTS, KnowledgeKind, TrackRecord, UnitCard,
    WeightSet,
};
use crate::error::Error;
use crate::governance::{
    AutonomyDecision, AutonomyPolicy, Flag, FlagQuery, FlagRecord, FlagSubject, Flaggable, FlaggedQuery,
    FlaggedSubject, LevelProposal, Veto, VetoQuery, VetoStatus,
};
use crate::id::{FlagId, UnitId, VetoId};
use crate::money::Index;
use crate::page::{EventQuery, Page};
use crate::store::Store;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// What `/governance` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GovernanceReport {
    /// What is flagged, the most heavily first.
    pub flagged: Page<FlaggedReport>,
    /// What was rolled back, the newest first.
    pub vetoes: Page<VetoReport>,
    /// Every agent with its record, by handle.
    pub agents: Vec<AgentReport>,
    /// The policy by which levels are proposed, and which says who may roll back.
    pub policy: &'static AutonomyPolicy,
}

/// Something that is flagged, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedReport {
    /// What it is, with what its standing flags weigh together.
    pub flagged: FlaggedSubject,
    /// What to call it; none where it is there no more.
    pub title: Option<String>,
    /// The standing flags, newest first.
    pub flags: Vec<Flag>,
}

/// A veto with what it rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VetoReport {
    /// The veto.
    #[serde(flatten)]
    pub veto: Veto,
    /// The change; null where its repository is not imported now.
    pub change: Option<UnitCard>,
    /// The change that reverts it, found by itself in history.
    pub reverted_by: Option<UnitCard>,
    /// The counted credits that it ended, by role, then contributor: none where it was undone, or a revert had ended
    /// them before.
    pub credits: Vec<Credit>,
    /// What those are less of the index, by contributor.
    pub ci_lost: Vec<LostIndex>,
    /// What all of them are less.
    #[cfg_attr(feature = "openapi", schema(example = 0.25))]
    pub ci_lost_total: Index,
    /// The weight set by which it was reckoned.
    #[cfg_attr(feature = "openapi", schema(example = "ci-v1"))]
    pub weight_set: &'static str,
}

/// What somebody lost of their index by a veto.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LostIndex {
    /// Who.
    #[cfg_attr(feature = "openapi", schema(example = "rio"))]
    pub contributor: String,
    /// For whom they worked then.
    pub principal: Option<String>,
    /// How many counted credits.
    pub credits: i64,
    /// What they come to.
    #[cfg_attr(feature = "openapi", schema(example = 0.05))]
    pub ci: Index,
}

/// An agent, how far its record would let it go, and how far a person lets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentReport {
    /// Its handle.
    #[cfg_attr(feature = "openapi", schema(example = "rio"))]
    pub agent: String,
    /// Its name.
    pub name: String,
    /// For whom it works now.
    pub principal: Option<String>,
    /// What its work came to.
    pub record: TrackRecord,
    /// Changes of the record that were accepted: merged, and neither reverted nor rolled back.
    #[cfg_attr(feature = "openapi", schema(example = 11))]
    pub accepted: i64,
    /// Those that were rejected after they were merged: reverted or rolled back. What was never merged is not in git.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub rejected: i64,
    /// The level that the policy proposes, with its reasons.
    pub proposed: LevelProposal,
    /// The last decision of a person; null where there is none.
    pub decided: Option<AutonomyDecision>,
}

/// Everything of governance on one page.
pub async fn governance(
    store: &dyn Store,
    flagged: &FlaggedQuery,
    vetoes: &VetoQuery,
    now: DateTime<Utc>,
) -> Result<GovernanceReport, Error> {
    Ok(GovernanceReport {
        flagged: flagged_subjects(store, flagged).await?,
        vetoes: self::vetoes(store, vetoes).await?,
        agents: autonomy(store, now).await?,
        policy: AutonomyPolicy::in_force(),
    })
}

/// A page of what is flagged, with titles and standing flags.
pub async fn flagged_subjects(store: &dyn Store, query: &FlaggedQuery) -> Result<Page<FlaggedReport>, Error> {
    let page = store.flagged(query).await?;
    let keys: Vec<String> = page.items.iter().map(|flagged| flagged.subject.key()).collect();
    let mut flags: BTreeMap<String, Vec<Flag>> = BTreeMap::new();
    for flag in store.standing_flags(&keys).await? {
        flags.entry(flag.about().key()).or_default().push(flag);
    }
    let mut items = Vec::with_capacity(page.items.len());
    for flagged in page.items {
        let title = title(store, &flagged.subject).await?;
        let flags = flags.remove(&flagged.subject.key()).unwrap_or_default();
        items.push(FlaggedReport { flagged, title, flags });
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// What to call something that can be flagged; none where it is there no more.
async fn title(store: &dyn Store, subject: &FlagSubject) -> Result<Option<String>, Error> {
    let unreadable = |_| Error::Store("a kept subject is no id".into());
    Ok(match subject.kind {
        Flaggable::Unit => {
            let unit = store.unit(subject.id.parse().map_err(unreadable)?).await?;
            unit.map(|unit| unit.card.title)
        }
        Flaggable::Link => {
            let link = store.link(subject.id.parse().map_err(unreadable)?).await?;
            link.map(|record| record.link.idea_id)
        }
        Flaggable::GateRun => {
            let report = store.gate_report(subject.id.parse().map_err(unreadable)?).await?;
            report.map(|report| format!("{}: {}", report.gate, report.verdict))
        }
        Flaggable::Claim => {
            let found = store.knowledge(Some(KnowledgeKind::Claim), &subject.id).await?;
            found.into_iter().next().map(|claim| claim.object.title)
        }
    })
}

/// A flag.
pub async fn flag(store: &dyn Store, id: FlagId) -> Result<FlagRecord, Error> {
    store.flag(id).await?.ok_or(Error::FlagNotFound)
}

/// A page of flags.
pub async fn flags(store: &dyn Store, query: &FlagQuery) -> Result<Page<FlagRecord>, Error> {
    store.flags(query).await
}

/// A veto with what it rolled back.
pub async fn veto(store: &dyn Store, id: VetoId) -> Result<VetoReport, Error> {
    let veto = store.veto(id).await?.ok_or(Error::VetoNotFound)?;
    veto_report(store, veto).await
}

/// A page of vetoes, each with what it rolled back.
pub async fn vetoes(store: &dyn Store, query: &VetoQuery) -> Result<Page<VetoReport>, Error> {
    let page = store.vetoes(query).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for veto in page.items {
        items.push(veto_report(store, veto).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}

async fn veto_report(store: &dyn Store, veto: Veto) -> Result<VetoReport, Error> {
    let weights = WeightSet::named(DEFAULT_WEIGHTS)
        .ok_or_else(|| Error::Store("the default weight set does not come along".into()))?;
    let unit = store.unit(veto.unit).await?;
    let (change, credits) = match unit {
        Some(unit) => (Some(unit.card), unit.credits),
        None => (None, Vec::new()),
    };
    let reverted_by = match change.as_ref().and_then(|change: &UnitCard| change.reverted_by) {
        Some(id) => card(store, id).await?,
        None => None,
    };
    // A revert that came before ended them earlier than this did.
    let ended = |credit: &Credit| {
        veto.status == VetoStatus::Active && credit.counted && credit.ended_at == Some(veto.created_at)
    };
    let credits: Vec<Credit> = credits.into_iter().filter(ended).collect();
    let mut lost: BTreeMap<(String, Option<String>), (i64, i64)> = BTreeMap::new();
    for credit in &credits {
        let sum = lost.entry((credit.contributor.clone(), credit.principal.clone())).or_default();
        *sum = (sum.0 + 1, sum.1 + weights.weights.get(credit.role).micros());
    }
    let lost = lost.into_iter().map(|((contributor, principal), (credits, ci))| LostIndex {
        contributor,
        principal,
        credits,
        ci: Index::from_micros(ci),
    });
    let ci_lost: Vec<LostIndex> = lost.collect();
    let total = ci_lost.iter().map(|lost| lost.ci.micros()).sum();
    let ci_lost_total = Index::from_micros(total);
    Ok(VetoReport { veto, change, reverted_by, credits, ci_lost, ci_lost_total, weight_set: &weights.name })
}

async fn card(store: &dyn Store, id: UnitId) -> Result<Option<UnitCard>, Error> {
    Ok(store.unit(id).await?.map(|unit| unit.card))
}

/// Every agent with its record, the level that is proposed for it and the level that a person decided, by handle.
pub async fn autonomy(store: &dyn Store, now: DateTime<Utc>) -> Result<Vec<AgentReport>, Error> {
    let policy = AutonomyPolicy::in_force();
    let agents = store.agents().await?;
    let handles: Vec<String> = agents.iter().map(|agent| agent.handle.clone()).collect();
    let records = store.track_records(&handles).await?;
    let decisions = store.last_decisions(&handles).await?;
    let mut decided: BTreeMap<String, AutonomyDecision> =
        decisions.into_iter().map(|decision| (decision.agent.clone(), decision)).collect();
    let report = |(agent, record): (ContributorRecord, TrackRecord)| AgentReport {
        principal: agent.principal_at(now).map(str::to_owned),
        proposed: policy.propose(&record),
        decided: decided.remove(&agent.handle),
        accepted: record.units - record.rolled_back,
        rejected: record.rolled_back,
        record,
        agent: agent.handle,
        name: agent.name,
    };
    Ok(agents.into_iter().zip(records).map(report).collect())
}

/// Decisions about an agent, newest first.
pub async fn autonomy_history(
    store: &dyn Store,
    handle: &str,
    query: &EventQuery,
) -> Result<Page<AutonomyDecision>, Error> {
    let found = match crate::contribution::handle_of(handle) {
        Some(handle) => store.contributor(&handle).await?,
        None => None,
    };
    // Whoever was an agent once has a history, whatever they are called now.
    let found = found.ok_or(Error::AgentNotFound)?;
    let page = store.decisions(&found.handle, query).await?;
    if page.items.is_empty() && found.kind != ContributorKind::Agent {
        return Err(Error::AgentNotFound);
    }
    Ok(page)
}
