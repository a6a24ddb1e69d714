//! The reads: what a page, a server function and a JSON route all call to show anything.

mod contributor;
mod contributors;
mod credits;
mod factors;
mod gates;
mod governance;
mod imports;
mod knowledge;
mod payouts_of;
mod people;
mod references;
mod scoring;
mod specs;

pub use contributor::{ContributorProfile, MonthScore, NEWEST_CREDITS, contributor};
pub use contributors::{
    AgentScore, AppliedPolicy, ContributorList, KindTotal, RoleScore, ScoredContributor, ScoredUnder,
    contributors,
};
pub use credits::{ContributorUse, CreditReport, ExplainedCredit, SHOWN_USES, credits_of, explained};
pub use factors::ExplainedFactor;
pub use gates::{gate_report, gate_runs, gates, last_gate_report};
pub use governance::{
    AgentReport, FlaggedReport, GovernanceReport, LostIndex, VetoReport, autonomy, autonomy_history, flag,
    flagged_subjects, flags, governance, veto, vetoes,
};
pub use imports::{
    ImportsReport, NamedBy, SHOWN_PATHS, TouchedPiece, UnitReport, contribution_unit, contribution_units,
    import_issues, imports,
};
pub use knowledge::{
    ClaimEntry, ClaimReport, DEFAULT_DEPTH, MAX_DEPTH, TraceContributor, TraceCredit, TracePiece,
    TraceReport, TraceStep, claim, read_depth, read_kind, trace,
};
pub use payouts_of::{ContributorPayout, NEWEST_PAYOUTS, handle_on_link, payouts_of, people_of};
pub use people::{LISTED, LinkedPeople, OFFERED, OfferedLink, READ};
pub use references::{
    MAX_RESOLVED, ResolvedRef, ResolvedRefs, contributions, numbered_ref, resolve, resolved_refs,
};
pub use specs::{IdeaReport, SHOWN, SpecReport, change_request, change_requests, idea, ideas, spec, specs};

use crate::contribution::ContributionStore;
use crate::error::Error;
use crate::event::UsageEvent;
use crate::id::LinkId;
use crate::link::LinkRecord;
use crate::page::{EventQuery, LinkQuery, LinkSort, Order, Page};
use crate::payout::{Contributions, PayoutPolicy, PayoutPreview, PayoutRequest, preview_under};
use crate::store::{DayValue, RecentEvent, Store, StoreTotals};
use crate::valuation::Valuation;
use chrono::Days;
use std::collections::HashMap;

/// Days of history that a chart shows.
const CHART_DAYS: i64 = 366;
/// Days of history that a line in a list shows.
const SPARKLINE_DAYS: Days = Days::new(90);
/// Links in each list of the overview.
const OVERVIEW_LINKS: i64 = 5;
/// Events in the overview and at first on a link's page.
const OVERVIEW_EVENTS: i64 = 8;

/// Is the work paying?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Everything in figures.
    pub totals: StoreTotals,
    /// Value by day.
    pub days: Vec<DayValue>,
    /// The links with the most measured value.
    pub earning_most: Vec<LinkRecord>,
    /// The links with the lowest return.
    pub earning_least: Vec<LinkRecord>,
    /// The newest events.
    pub newest_events: Vec<RecentEvent>,
}

/// Everything in figures, its course, and the links at both ends.
pub async fn overview(store: &dyn Store) -> Result<Overview, Error> {
    let list = |sort, order| LinkQuery { sort, order, limit: OVERVIEW_LINKS, ..LinkQuery::default() };
    Ok(Overview {
        totals: store.totals().await?,
        days: store.store_days(CHART_DAYS).await?,
        earning_most: store.links(&list(LinkSort::Value, Order::Desc)).await?.items,
        earning_least: store.links(&list(LinkSort::Roi, Order::Asc)).await?.items,
        newest_events: store.recent_events(OVERVIEW_EVENTS).await?,
    })
}

/// A page of links.
pub async fn links(store: &dyn Store, query: &LinkQuery) -> Result<Page<LinkRecord>, Error> {
    store.links(query).await
}

/// A link in a list, with the course of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLink {
    /// The link with its totals.
    pub record: LinkRecord,
    /// Its value by day, over the days before the list's newest touch.
    pub days: Vec<DayValue>,
}

/// A page of links, each with the course of its value: two reads, however long the history.
pub async fn listed_links(store: &dyn Store, query: &LinkQuery) -> Result<Page<ListedLink>, Error> {
    let page = store.links(query).await?;
    let newest = page.items.iter().map(|record| record.link.updated_at).max().unwrap_or_default();
    let from = newest.date_naive().checked_sub_days(SPARKLINE_DAYS).unwrap_or_default();
    let ids: Vec<LinkId> = page.items.iter().map(|record| record.link.id).collect();
    let mut days: HashMap<LinkId, Vec<DayValue>> = HashMap::new();
    for (id, day) in store.days_of(&ids, from).await? {
        days.entry(id).or_default().push(day);
    }
    let listed = page
        .items
        .into_iter()
        .map(|record| ListedLink { days: days.remove(&record.link.id).unwrap_or_default(), record });
    Ok(Page { items: listed.collect(), next_cursor: page.next_cursor })
}

/// A link with its totals.
pub async fn link(store: &dyn Store, id: LinkId) -> Result<LinkRecord, Error> {
    store.link(id).await?.ok_or(Error::LinkNotFound)
}

/// What happened along a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkReport {
    /// The link with its totals.
    pub record: LinkRecord,
    /// Value by day.
    pub days: Vec<DayValue>,
    /// A page of its events.
    pub events: Page<UsageEvent>,
}

/// A link, its value over time and a page of its events.
pub async fn link_report(store: &dyn Store, id: LinkId, events: &EventQuery) -> Result<LinkReport, Error> {
    let record = link(store, id).await?;
    Ok(LinkReport {
        record,
        days: store.link_days(id, CHART_DAYS).await?,
        events: store.events(id, events).await?,
    })
}

/// A page of a link's events.
pub async fn events(store: &dyn Store, id: LinkId, query: &EventQuery) -> Result<Page<UsageEvent>, Error> {
    let page = store.events(id, query).await?;
    if page.items.is_empty() {
        valuation(store, id).await?;
    }
    Ok(page)
}

/// What came of a link, for what it cost.
pub async fn valuation(store: &dyn Store, id: LinkId) -> Result<Valuation, Error> {
    store.valuation(id).await?.ok_or(Error::LinkNotFound)
}

/// Who would get what of a pool. What was imported of the link is read only for a policy that draws on it.
pub async fn payout(store: &dyn Store, id: LinkId, request: &PayoutRequest) -> Result<PayoutPreview, Error> {
    let record = link(store, id).await?;
    let drawn = drawn_on(store, &record, request.policy).await?;
    Ok(preview_under(request.policy, &record, &request.pool, &drawn, request.pay_principals))
}

/// What a policy draws on of what was imported of a link: nothing, of one that shares by energy.
pub async fn drawn_on(
    store: &dyn ContributionStore,
    record: &LinkRecord,
    policy: &PayoutPolicy,
) -> Result<Contributions, Error> {
    if !policy.draws_on_history() {
        return Ok(Contributions::default());
    }
    contributions(store, &record.link).await
}
