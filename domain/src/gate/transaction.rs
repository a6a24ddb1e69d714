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
use crate::money::Amount;
use crate::stage::PerStage;
use steps::Steps;

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
