//! The live transaction: what a team does with Tributary, done once, each answer compared with what was promised.
//!
//! Desired properties:
//! - an answer that is fixed once and for all would be noticed: costs and values differ from run to run;
//! - one broken promise does not hide the others: whatever can still be looked at is looked at;
//! - what could not be looked at is inconclusive, never taken for granted.

mod links;
mod payouts;
mod refusals;
mod steps;

pub use steps::{FlowParts, flow};

use super::report::{Invariant, Verdict};
use super::run::Found;
use super::target::Target;
use crate::error::Error;
use crate::id::LinkId;
use crate::input::Node;
use crate::link::{LinkRecord, LinkTotals, NewLink};
use crate::money::Amount;
use crate::origin::Origin;
use crate::payout::{Contributions, PayoutRequest, preview_under};
use crate::stage::PerStage;
use chrono::DateTime;
use steps::{Script, Steps};
use uuid::Uuid;

/// Every promise that the transaction looks at, in order.
pub const INVARIANTS: [&str; 16] = [
    "link_created",
    "link_kept_as_sent",
    "link_marked_as_gate",
    "link_fetched_same",
    "events_appended",
    "valuation_total",
    "valuation_roi",
    "valuation_count",
    "payout_shares",
    "payout_sum",
    "payout_explained",
    "quality_outweighs_energy",
    "investments_sum",
    "unknown_link_404",
    "invalid_body_422",
    "gate_links_hidden",
];

/// What each stage gets of a pool by the policy that a preview is made by, on such a link as the transaction files.
pub(super) fn shares_by_policy(pool: Amount) -> Result<PerStage<Option<Amount>>, Error> {
    let script = Script::new("");
    let body = Node::from_json(script.link().as_bytes()).map_err(|error| Error::Store(error.to_string()))?;
    let new = NewLink::read(&body)?;
    let totals =
        LinkTotals { measured_value_total: script.total(), event_count: 2, source_count: 1, metric_count: 2 };
    // Neither its id nor its time has any part in a payout.
    let link = new.filed(LinkId::new(Uuid::nil()), Origin::Gate, DateTime::UNIX_EPOCH);
    let pool = Node::Object(vec![("payout_pool".into(), steps::number(pool))]);
    let request = PayoutRequest::read(&pool)?;
    let record = LinkRecord { link, totals };
    let preview = preview_under(request.policy, &record, &request.pool, &Contributions::default(), false);
    let mut shares = PerStage::from_fn(|_| None);
    for row in preview.payouts {
        if let Some(stage) = row.role.stage() {
            *shares.get_mut(stage) = Some(row.amount);
        }
    }
    Ok(shares)
}

/// Runs the transaction as a check of a gate.
pub(super) async fn look(
    target: &dyn Target,
    nonce: &str,
    pool: Amount,
    shares: &PerStage<Option<Amount>>,
) -> Found {
    let mut steps = Steps::new(target, nonce);
    steps.run(pool, shares).await;
    let invariants = steps.invariants();
    let verdict = Verdict::worst(invariants.iter().map(|invariant| invariant.verdict));
    let held = invariants.iter().filter(|invariant| invariant.verdict.passes()).count();
    let mut broken = invariants.iter().filter(|invariant| !invariant.verdict.passes());
    let observed = match broken.next() {
        None => format!("all {held} hold"),
        Some(first) => {
            let Invariant { name, observed, .. } = first;
            let more = broken.count();
            let more = if more == 0 { String::new() } else { format!(", and {more} more") };
            format!("{held} hold; not {name}: {observed}{more}")
        }
    };
    let expected = format!("{} invariants", invariants.len());
    Found {
        url: Some(format!("{}{}", target.address(), steps::LINKS)),
        invariants,
        ..Found::new(verdict, expected, observed)
    }
}
