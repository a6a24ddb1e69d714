//! The seed's examples, to the letter.

/// The request that files a link.
pub const LINK: &str = include_str!("../../../../docs/examples/link.json");

/// The answer to it, but for its id, which is the first member here as there.
pub const LINK_ANSWER: &str = LINK;

/// The request that appends an event.
pub const EVENT: &str = r#"{
  "source": "api",
  "metric": "adoption_events",
  "value": 45.5
}"#;

/// The event that brings the seed's 45.5 to the 100.0 that it shows.
pub const SECOND_EVENT: &str = r#"{
  "source": "api",
  "metric": "adoption_events",
  "value": 54.5
}"#;

/// The valuation, with `lnk_123` for the link's id.
pub const VALUATION_ANSWER: &str = r#"{
  "lineage_id": "lnk_123",
  "idea_id": "oss-interface-alignment",
  "spec_id": "048-value-lineage-and-payout-attribution",
  "measured_value_total": 100.0,
  "estimated_cost": 120.0,
  "roi_ratio": 0.8333,
  "event_count": 2
}"#;

/// The request for a preview.
pub const POOL: &str = r#"{
  "payout_pool": 1000.0
}"#;

/// The preview, whose signals and rows illustrate (see docs/ARCHITECTURE.md).
pub const PREVIEW_ANSWER: &str = r#"{
  "lineage_id": "lnk_123",
  "schema_version": "energy-balanced-v1",
  "payout_pool": 1000.0,
  "measured_value_total": 100.0,
  "estimated_cost": 120.0,
  "roi_ratio": 0.8333,
  "weights": {
    "idea": 0.1,
    "research": 0.2,
    "spec": 0.2,
    "spec_upgrade": 0.15,
    "implementation": 0.5,
    "review": 0.2
  },
  "objective_weights": {
    "coherence": 0.35,
    "energy_flow": 0.2,
    "awareness": 0.2,
    "friction_relief": 0.15,
    "balance": 0.1
  },
  "signals": {
    "coherence": 0.45,
    "energy_flow": 0.45,
    "awareness": 0.5,
    "friction": 0.2,
    "balance": 0.9
  },
  "payouts": [
    {
      "role": "research",
      "contributor": "rita",
      "amount": 240.0,
      "energy_units": 3.0,
      "effective_weight": 0.24
    },
    {
      "role": "implementation",
      "contributor": "carol",
      "amount": 760.0,
      "energy_units": 4.0,
      "effective_weight": 0.76
    }
  ]
}"#;

/// A link of nobody's, with a cost.
pub fn link_of_cost(idea: &str, cost: &str) -> String {
    format!(r#"{{"idea_id": "{idea}", "spec_id": "spec", "contributors": {{}}, "estimated_cost": {cost}}}"#)
}
