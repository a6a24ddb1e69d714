//! A spec in figures: what it should bring and cost beside what it did.

use super::MissingKind;
use crate::money::{Amount, Ratio};
use crate::registry::InventorySource;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a spec's links and their events add up to, kept in their own transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpecTotals {
    /// The sum of the measured values of its links.
    pub actual_value: Amount,
    /// The sum of the estimated costs of its links.
    pub link_cost: Amount,
    /// How many links it has.
    pub link_count: i64,
    /// How many of them name somebody, as contributor or by an investment.
    pub named_link_count: i64,
    /// How many of them have implementation refs.
    pub implemented_link_count: i64,
    /// How many events its links have.
    pub event_count: i64,
}

/// Where an actual cost comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CostSource {
    /// It was given.
    Given,
    /// It is the sum of the costs of the spec's links.
    Links,
}

/// A spec in a list, with all that is derived of it: one row of the store. A stub, which is named by a link but not
/// registered, has only its id and totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecCard {
    /// Its id.
    pub spec_id: String,
    /// Whether it was registered.
    pub registered: bool,
    /// What it is called; empty of a stub.
    pub title: String,
    /// The beginning of its summary.
    pub excerpt: String,
    /// The idea it belongs to.
    pub idea_id: Option<String>,
    /// Where it comes from.
    pub inventory_source: InventorySource,
    /// How often it was written; 0 of a stub.
    pub version: i64,
    /// What it could be worth.
    pub potential_value: Amount,
    /// What it should cost.
    pub estimated_cost: Amount,
    /// What it did cost, where that was given.
    pub given_cost: Option<Amount>,
    /// What its links add up to.
    pub totals: SpecTotals,
    /// Whether it names where the work can be found.
    pub has_implementation: bool,
    /// Whether it names what shows that it works.
    pub has_evidence: bool,
    /// When it was registered, or of a stub when it was first named.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    pub updated_at: DateTime<Utc>,
}

impl SpecCard {
    /// What to call it: its title, or its id where it has none.
    pub fn name(&self) -> &str {
        if self.title.is_empty() { &self.spec_id } else { &self.title }
    }

    /// What it did cost: as given, else the sum of the costs of its links.
    pub fn actual_cost(&self) -> Amount {
        self.given_cost.unwrap_or(self.totals.link_cost)
    }

    /// Where the actual cost comes from.
    pub const fn actual_cost_source(&self) -> CostSource {
        if self.given_cost.is_some() { CostSource::Given } else { CostSource::Links }
    }

    /// What it could still bring: potential less actual value, never below zero.
    pub fn value_gap(&self) -> Amount {
        let gap = self.potential_value.micros().saturating_sub(self.totals.actual_value.micros());
        Amount::from_micros(gap.max(0))
    }

    /// What it cost beyond the estimate; below zero where it cost less.
    pub fn cost_gap(&self) -> Amount {
        Amount::from_micros(self.actual_cost().micros().saturating_sub(self.estimated_cost.micros()))
    }

    /// Potential value over estimated cost; 0 where that is 0.
    pub fn estimated_roi(&self) -> Ratio {
        Ratio::of(self.potential_value, self.estimated_cost)
    }

    /// Actual value over actual cost; 0 where that is 0.
    pub fn actual_roi(&self) -> Ratio {
        Ratio::of(self.totals.actual_value, self.actual_cost())
    }

    /// What is missing of it, in the order in which it should be closed.
    pub fn missing(&self) -> Vec<MissingKind> {
        let totals = &self.totals;
        let unnamed = totals.link_count == 0 || totals.named_link_count < totals.link_count;
        let checks = [
            (MissingKind::Registration, !self.registered),
            (MissingKind::ContributorLinkage, unnamed),
            (MissingKind::Implementation, !self.has_implementation && totals.implemented_link_count == 0),
            (MissingKind::Evidence, !self.has_evidence),
            (MissingKind::ValueSignal, totals.event_count == 0),
        ];
        checks.into_iter().filter_map(|(kind, missing)| missing.then_some(kind)).collect()
    }
}

/// The largest quotient that still has room for four more places.
const MAX_QUOTIENT: i64 = i64::MAX / 10_000;

/// Value over cost in ten-thousandths, rounded down and held at the largest number: for sorting only. It is what the
/// store computes in SQL, where whole numbers have 64 bits; above a cost of 900 million the last place may be off.
pub const fn roi_key(value: Amount, cost: Amount) -> i64 {
    let (value, cost) = (value.micros(), cost.micros());
    if cost <= 0 {
        return 0;
    }
    let (whole, rest) = (value / cost, value % cost);
    if whole >= MAX_QUOTIENT {
        i64::MAX
    } else if cost < MAX_QUOTIENT {
        whole * 10_000 + rest * 10_000 / cost
    } else {
        whole * 10_000 + rest / (cost / 10_000)
    }
}
