//! Links, pools and answers that the other tests begin with.

use chrono::DateTime;
use domain::event::NewEvent;
use domain::id::{EventId, LinkId};
use domain::input::Node;
use domain::link::{Contributors, Investment, LineageLink, LinkRecord, LinkTotals, NewLink};
use domain::money::{Amount, Energy, Score};
use domain::origin::Origin;
use domain::payout::{Contributions, PayoutPreview, PayoutRequest, PayoutRow, preview_under};
use domain::policy::Policy;
use domain::stage::Stage;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The seed's request that files a link, byte for byte.
pub const SEED_LINK: &str = include_str!("../../../docs/examples/link.json");

/// The seed's request that appends an event.
pub const SEED_EVENT: &str = r#"{
  "source": "api",
  "metric": "adoption_events",
  "value": 45.5
}"#;

/// The seed's request for a preview.
pub const SEED_POOL: &str = r#"{
  "payout_pool": 1000.0
}"#;

/// The time at which everything in these tests happens: 2026-02-15T00:00:00Z.
pub const NOW: DateTime<chrono::Utc> = DateTime::from_timestamp(1_771_113_600, 0).unwrap();

/// JSON as the node that every reader takes.
pub fn node(json: &str) -> Node {
    Node::from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// A policy that comes along.
pub fn policy(name: &str) -> &'static Policy {
    Policy::named(name).expect("a policy that comes along")
}

/// The policy with roots and implied rows.
pub fn balanced() -> &'static Policy {
    policy("energy-balanced-v1")
}

/// The policy without either.
pub fn linear() -> &'static Policy {
    policy("energy-linear-v1")
}

/// A whole number of energy units.
pub const fn energy(units: i64) -> Energy {
    Energy::from_micros(units * 1_000_000)
}

/// An investment with scores in hundredths: coherence, awareness, friction.
pub fn invested(stage: Stage, contributor: &str, energy_units: Energy, scores: [i64; 3]) -> Investment {
    let [coherence, awareness, friction] = scores.map(|hundredths| Score::from_micros(hundredths * 10_000));
    Investment {
        stage,
        contributor: contributor.to_owned(),
        energy_units,
        coherence_score: coherence,
        awareness_score: awareness,
        friction_score: friction,
    }
}

/// The link that a body files, without events.
pub fn filed(body: &str) -> LineageLink {
    NewLink::read(&node(body)).expect("a link").filed(LinkId::new(Uuid::from_u128(1)), Origin::Work, NOW)
}

/// A link of these investments, with nobody named, no cost and no events.
pub fn record_of(investments: Vec<Investment>) -> LinkRecord {
    let new = NewLink {
        idea_id: "idea".into(),
        spec_id: "spec".into(),
        implementation_refs: Vec::new(),
        contributors: Contributors::default(),
        investments,
        estimated_cost: Amount::ZERO,
    };
    LinkRecord {
        link: new.filed(LinkId::new(Uuid::from_u128(1)), Origin::Work, NOW),
        totals: LinkTotals::default(),
    }
}

/// A link with the totals of events given by their bodies.
pub fn with_events(link: LineageLink, bodies: &[&str]) -> LinkRecord {
    let read = |body: &&str| NewEvent::read(&node(body), NOW).expect("an event");
    let events: Vec<_> = bodies
        .iter()
        .map(|body| read(body).appended(EventId::new(Uuid::from_u128(2)), link.id, NOW))
        .collect();
    let distinct = |names: BTreeSet<&str>| names.len() as i64;
    let totals = LinkTotals {
        measured_value_total: Amount::from_micros(events.iter().map(|event| event.value.micros()).sum()),
        event_count: events.len() as i64,
        source_count: distinct(events.iter().map(|event| event.source.as_str()).collect()),
        metric_count: distinct(events.iter().map(|event| event.metric.as_str()).collect()),
    };
    LinkRecord { link, totals }
}

/// The preview that a request's body asks for.
pub fn asked(record: &LinkRecord, body: &str) -> PayoutPreview {
    let request = PayoutRequest::read(&node(body)).expect("a request for a preview");
    preview_under(request.policy, record, &request.pool, &Contributions::default(), request.pay_principals)
}

/// The row of a contributor who has one.
pub fn row_of<'p>(preview: &'p PayoutPreview, contributor: &str) -> &'p PayoutRow {
    let mut found = preview.payouts.iter().filter(|row| row.contributor == contributor);
    let row = found.next().unwrap_or_else(|| panic!("a row of {contributor}"));
    assert!(found.next().is_none(), "one row of {contributor}");
    row
}

/// What each row is paid, as it is shown, in order.
pub fn paid(preview: &PayoutPreview) -> Vec<(&'static str, &str, String)> {
    let shown = |row: &PayoutRow| row.amount.to_string();
    preview.payouts.iter().map(|row| (row.role.name(), row.contributor.as_str(), shown(row))).collect()
}
