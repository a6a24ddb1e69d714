//! Lists of specs: which, and in which order.

use super::{SpecCard, roi_key};
use crate::error::Error;
use crate::page::{Cursor, DEFAULT_LIMIT, Order, Parameters};
use serde::{Deserialize, Serialize};

/// What a list of specs is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SpecSort {
    /// When it was last edited.
    #[default]
    Updated,
    /// What it could still bring.
    ValueGap,
    /// What it cost beyond the estimate.
    CostGap,
    /// Potential value over estimated cost.
    EstimatedRoi,
    /// Actual value over actual cost.
    ActualRoi,
    /// What it could be worth.
    PotentialValue,
    /// What came of it.
    ActualValue,
}

impl SpecSort {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 7] = [
        "updated",
        "value_gap",
        "cost_gap",
        "estimated_roi",
        "actual_roi",
        "potential_value",
        "actual_value",
    ];
    /// All.
    pub const ALL: [Self; 7] = [
        Self::Updated,
        Self::ValueGap,
        Self::CostGap,
        Self::EstimatedRoi,
        Self::ActualRoi,
        Self::PotentialValue,
        Self::ActualValue,
    ];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The sort of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }

    /// What the sort compares, of a spec.
    pub fn key_of(self, card: &SpecCard) -> i64 {
        match self {
            Self::Updated => card.updated_at.timestamp_micros(),
            Self::ValueGap => card.value_gap().micros(),
            Self::CostGap => card.cost_gap().micros(),
            Self::EstimatedRoi => roi_key(card.potential_value, card.estimated_cost),
            Self::ActualRoi => roi_key(card.totals.actual_value, card.actual_cost()),
            Self::PotentialValue => card.potential_value.micros(),
            Self::ActualValue => card.totals.actual_value.micros(),
        }
    }
}

/// Which specs to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecQuery {
    /// Words that must all be in the spec's id, title, idea or the beginning of its summary, whatever their case.
    pub search: String,
    /// Only those of this idea: registered for it, or named by its links.
    pub idea_id: Option<String>,
    /// Only those that have no link, or a link that names nobody.
    pub missing_contributors: bool,
    /// What to sort by.
    pub sort: SpecSort,
    /// In which direction.
    pub order: Order,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for SpecQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            idea_id: None,
            missing_contributors: false,
            sort: SpecSort::default(),
            order: Order::default(),
            limit: DEFAULT_LIMIT,
            cursor: None,
        }
    }
}

impl SpecQuery {
    /// Reads `q`, `idea_id`, `missing`, `sort`, `order`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["q", "idea_id", "missing", "sort", "order", "limit", "cursor"])?;
        let sort = match parameters.get("sort") {
            None => SpecSort::default(),
            Some(name) => SpecSort::named(name).ok_or_else(|| {
                Error::field("sort", format!("must be one of {}", SpecSort::NAMES.join(", ")))
            })?,
        };
        let missing_contributors = match parameters.get("missing") {
            None => false,
            Some("contributors") => true,
            Some(_) => return Err(Error::field("missing", "must be contributors, or absent")),
        };
        Ok(Self {
            search: parameters.search()?,
            idea_id: parameters.id("idea_id")?,
            missing_contributors,
            sort,
            order: parameters.order()?,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}
