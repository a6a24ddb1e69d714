//! Ideas as they are answered, with what came of them.

use crate::api::spec_registry::answers::SpecSummary;
use domain::{
    idea::{Idea, IdeaRecord, IdeaTotals},
    money::Ratio,
    report::IdeaReport,
    stage::PerStage,
    valuation::Valuation,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An idea with its totals.
#[derive(Serialize, ToSchema)]
pub struct IdeaSummary {
    /// The idea; in a list, with the beginning of its summary.
    #[serde(flatten)]
    idea: Idea,
    /// Whether it is registered; if not, links or specs name it.
    registered: bool,
    /// What its links add up to.
    #[serde(flatten)]
    totals: IdeaTotals,
    /// Value over cost, to four places; 0 where that is 0.
    #[schema(example = 0.8333)]
    actual_roi: Ratio,
}

impl From<IdeaRecord> for IdeaSummary {
    fn from(record: IdeaRecord) -> Self {
        Self {
            registered: record.idea.is_registered(),
            actual_roi: record.totals.actual_roi(),
            totals: record.totals,
            idea: record.idea,
        }
    }
}

/// An idea with everything that is known of it.
#[derive(Serialize, ToSchema)]
pub struct IdeaDetail {
    /// The idea with its totals.
    #[serde(flatten)]
    summary: IdeaSummary,
    /// Its specs, by id: 50 at the most, of `spec_count`.
    specs: Vec<SpecSummary>,
    /// What came of its links, newest first: 50 at the most, of `link_count`; the list of links has the others:
    /// `GET /api/value-lineage/links?idea_id=…`.
    links: Vec<Valuation>,
    /// Who did what, as all of its links say: the names of each stage, each once, sorted.
    contributors: PerStage<Vec<String>>,
}

impl IdeaDetail {
    /// How often it was written.
    pub const fn version(&self) -> i64 {
        self.summary.idea.version
    }
}

impl From<IdeaReport> for IdeaDetail {
    fn from(report: IdeaReport) -> Self {
        Self {
            contributors: report.people.contributors,
            links: report.links.iter().map(Valuation::of).collect(),
            specs: report.specs.into_iter().map(SpecSummary::from).collect(),
            summary: report.record.into(),
        }
    }
}
