//! Specs as they are answered, with all that is derived.

use chrono::{DateTime, Utc};
use domain::{
    id::LinkId,
    money::{Amount, Ratio},
    registry::InventorySource,
    report::{LinkedPeople, SpecReport},
    spec::{CostSource, Missing, MissingKind, SpecCard},
    stage::PerStage,
    valuation::Valuation,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What a spec should bring and cost, beside what it did.
#[derive(Serialize, ToSchema)]
pub struct SpecFigures {
    /// What it could be worth.
    #[schema(example = 500.0)]
    potential_value: Amount,
    /// The sum of the measured values of its links.
    #[schema(example = 100.0)]
    actual_value: Amount,
    /// What it could still bring: potential less actual value, never below zero.
    #[schema(example = 400.0)]
    value_gap: Amount,
    /// What it should cost.
    #[schema(example = 100.0)]
    estimated_cost: Amount,
    /// What it did cost: as given, else the sum of the costs of its links.
    #[schema(example = 120.0)]
    actual_cost: Amount,
    /// Where the actual cost comes from.
    actual_cost_source: CostSource,
    /// What it cost beyond the estimate; below zero where it cost less.
    #[schema(example = 20.0)]
    cost_gap: Amount,
    /// Potential value over estimated cost, to four places; 0 where that is 0.
    #[schema(example = 5.0)]
    estimated_roi: Ratio,
    /// Actual value over actual cost, to four places; 0 where that is 0.
    #[schema(example = 0.8333)]
    actual_roi: Ratio,
    /// How many links it has.
    #[schema(example = 1)]
    link_count: i64,
    /// How many events its links have.
    #[schema(example = 2)]
    event_count: i64,
}

impl From<&SpecCard> for SpecFigures {
    fn from(card: &SpecCard) -> Self {
        Self {
            potential_value: card.potential_value,
            actual_value: card.totals.actual_value,
            value_gap: card.value_gap(),
            estimated_cost: card.estimated_cost,
            actual_cost: card.actual_cost(),
            actual_cost_source: card.actual_cost_source(),
            cost_gap: card.cost_gap(),
            estimated_roi: card.estimated_roi(),
            actual_roi: card.actual_roi(),
            link_count: card.totals.link_count,
            event_count: card.totals.event_count,
        }
    }
}

/// A spec in a list.
#[derive(Serialize, ToSchema)]
pub struct SpecSummary {
    /// Its id.
    #[schema(example = "048-value-lineage-and-payout-attribution")]
    spec_id: String,
    /// Whether it is registered; if not, links name it.
    registered: bool,
    /// What it is called; empty where it is not registered.
    #[schema(example = "Value Lineage and Payout Attribution")]
    title: String,
    /// The beginning of its summary.
    summary: String,
    /// The idea it belongs to.
    #[schema(example = "oss-interface-alignment")]
    idea_id: Option<String>,
    /// Where it comes from.
    inventory_source: InventorySource,
    /// Its figures.
    #[serde(flatten)]
    figures: SpecFigures,
    /// What is missing; the spec itself says what closes it.
    missing: Vec<MissingKind>,
    /// How often it was written; 0 where it is not registered.
    #[schema(example = 1)]
    version: i64,
    /// When it was registered, or first named.
    created_at: DateTime<Utc>,
    /// When it was last edited.
    updated_at: DateTime<Utc>,
}

impl From<SpecCard> for SpecSummary {
    fn from(card: SpecCard) -> Self {
        Self {
            figures: SpecFigures::from(&card),
            missing: card.missing(),
            spec_id: card.spec_id,
            registered: card.registered,
            title: card.title,
            summary: card.excerpt,
            idea_id: card.idea_id,
            inventory_source: card.inventory_source,
            version: card.version,
            created_at: card.created_at,
            updated_at: card.updated_at,
        }
    }
}

/// A spec with everything that is known of it.
#[derive(Serialize, ToSchema)]
pub struct SpecDetail {
    /// Its id.
    #[schema(example = "048-value-lineage-and-payout-attribution")]
    spec_id: String,
    /// Whether it is registered; if not, links name it.
    registered: bool,
    /// What it is called; empty where it is not registered.
    #[schema(example = "Value Lineage and Payout Attribution")]
    title: String,
    /// What it is for.
    summary: String,
    /// How it is worked on.
    process_summary: String,
    /// What it does, step by step.
    pseudocode_summary: String,
    /// What was built of it.
    implementation_summary: String,
    /// The files that it is written in.
    source_files: Vec<String>,
    /// What shows that it works.
    evidence_refs: Vec<String>,
    /// The tasks that it is worked on in.
    task_ids: Vec<String>,
    /// The branches that it is worked on in.
    branches: Vec<String>,
    /// Where the work can be found.
    implementation_refs: Vec<String>,
    /// What of it can be called.
    public_endpoints: Vec<String>,
    /// The idea it belongs to.
    #[schema(example = "oss-interface-alignment")]
    idea_id: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    figures: SpecFigures,
    /// The ids of its links, newest first: 500 at the most, of `link_count`. The list of links has the others:
    /// `GET /api/value-lineage/links?spec_id=…`.
    lineage_ids: Vec<LinkId>,
    /// What came of its newest links, 50 at the most.
    links: Vec<Valuation>,
    /// Who did what, as all of its links say: the names of each stage, each once, sorted.
    contributors: PerStage<Vec<String>>,
    /// What is missing, each with the call that closes it.
    missing: Vec<Missing>,
    /// Where it comes from.
    inventory_source: InventorySource,
    /// How often it was written; 0 where it is not registered.
    #[schema(example = 1)]
    version: i64,
    /// When it was registered, or first named.
    created_at: DateTime<Utc>,
    /// When it was last edited.
    updated_at: DateTime<Utc>,
}

impl SpecDetail {
    /// How often it was written.
    pub const fn version(&self) -> i64 {
        self.version
    }
}

impl From<SpecReport> for SpecDetail {
    fn from(report: SpecReport) -> Self {
        let figures = SpecFigures::from(&report.card);
        let (missing, links) = (report.missing(), report.links.iter().map(Valuation::of).collect());
        let SpecReport { card, content, people, .. } = report;
        let LinkedPeople { lineage_ids, contributors, .. } = people;
        Self {
            spec_id: card.spec_id,
            registered: card.registered,
            title: content.title,
            summary: content.summary,
            process_summary: content.process_summary,
            pseudocode_summary: content.pseudocode_summary,
            implementation_summary: content.implementation_summary,
            source_files: content.source_files,
            evidence_refs: content.evidence_refs,
            task_ids: content.task_ids,
            branches: content.branches,
            implementation_refs: content.implementation_refs,
            public_endpoints: content.public_endpoints,
            // A stub belongs to the idea of the link that named it.
            idea_id: card.idea_id,
            figures,
            lineage_ids,
            links,
            contributors,
            missing,
            inventory_source: card.inventory_source,
            version: card.version,
            created_at: card.created_at,
            updated_at: card.updated_at,
        }
    }
}
