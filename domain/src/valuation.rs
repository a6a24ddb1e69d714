//! Valuations: what came of a link, for what it cost.

use crate::id::LinkId;
use crate::link::LinkRecord;
use crate::money::{Amount, Ratio};
use serde::Serialize;

/// Measured value against cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Valuation {
    /// The link.
    pub lineage_id: LinkId,
    /// Its idea.
    #[cfg_attr(feature = "openapi", schema(example = "oss-interface-alignment"))]
    pub idea_id: String,
    /// Its spec.
    #[cfg_attr(feature = "openapi", schema(example = "048-value-lineage-and-payout-attribution"))]
    pub spec_id: String,
    /// The sum of the values of its events.
    #[cfg_attr(feature = "openapi", schema(example = 100.0))]
    pub measured_value_total: Amount,
    /// What it cost.
    #[cfg_attr(feature = "openapi", schema(example = 120.0))]
    pub estimated_cost: Amount,
    /// Measured value over estimated cost, to four places, half to even; 0 where the cost is 0.
    #[cfg_attr(feature = "openapi", schema(example = 0.8333))]
    pub roi_ratio: Ratio,
    /// How many events it has.
    #[cfg_attr(feature = "openapi", schema(example = 2))]
    pub event_count: i64,
}

impl Valuation {
    /// The valuation of a link: one row is all it takes, however many events there were.
    pub fn of(record: &LinkRecord) -> Self {
        Self {
            lineage_id: record.link.id,
            idea_id: record.link.idea_id.clone(),
            spec_id: record.link.spec_id.clone(),
            measured_value_total: record.totals.measured_value_total,
            estimated_cost: record.link.estimated_cost,
            roi_ratio: record.roi_ratio(),
            event_count: record.totals.event_count,
        }
    }
}
