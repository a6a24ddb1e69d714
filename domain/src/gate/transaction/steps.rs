//! The steps of the transaction, and what each found.

use super::INVARIANTS;
use crate::decimal;
use crate::gate::answer::text;
use crate::gate::report::{Invariant, Verdict};
use crate::gate::target::{NoAnswer, Request, Target, TargetAnswer};
use crate::input::Node;
use crate::money::Amount;
use crate::stage::PerStage;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where links are filed.
pub const LINKS: &str = "/api/value-lineage/links";

/// What is filed: its figures come from the nonce, so that no two runs send the same.
pub(super) struct Script {
    /// What this run's links are found by.
    pub marker: String,
    pub cost: Amount,
    pub values: [Amount; 2],
    /// The pool of the link with investments.
    pub second_pool: Amount,
}

impl Script {
    pub fn new(nonce: &str) -> Self {
        let digest = Sha256::digest(nonce);
        let micros = |at: usize, least: i64, step: i64| {
            Amount::from_micros(least + i64::from(digest[at]) * step + i64::from(digest[at + 1]) * 1_000)
        };
        Self {
            marker: format!("gate-{nonce}"),
            cost: micros(0, 2_250_000, 1_000_000),
            values: [micros(2, 5_500_000, 1_000_000), micros(4, 45_250_000, 1_000_000)],
            second_pool: micros(6, 333_333_300, 70_000_000),
        }
    }

    /// The first link, as it is sent: four roles named and no investments.
    pub fn link(&self) -> String {
        let marker = &self.marker;
        json(&serde_json::json!({
            "idea_id": marker, "spec_id": marker, "implementation_refs": [format!("contract:{marker}")],
            "contributors": {"idea": "gate-idea", "spec": "gate-spec", "implementation": "gate-implementation",
                "review": "gate-review"},
            "investments": [], "estimated_cost": self.cost,
        }))
    }

    /// What both events come to.
    pub fn total(&self) -> Amount {
        Amount::from_micros(self.values[0].micros() + self.values[1].micros())
    }
}

/// The transaction under way.
pub(super) struct Steps<'t> {
    target: &'t dyn Target,
    pub script: Script,
    found: BTreeMap<&'static str, Invariant>,
    /// What came before that makes the rest impossible to look at.
    stopped: Option<String>,
    /// Whether anything was answered at all.
    reached: bool,
    pub parts: FlowParts,
}

/// The parts of a transaction, as they were answered.
#[derive(Debug, Clone, Default)]
pub struct FlowParts {
    /// The link's id.
    pub lineage_id: Option<String>,
    /// The first event's id.
    pub usage_event_id: Option<String>,
    /// The valuation, as JSON.
    pub valuation: Option<String>,
    /// The preview, as JSON.
    pub payout_preview: Option<String>,
}

/// Runs the transaction once; its parts and what it looked at.
pub async fn flow(
    target: &dyn Target,
    nonce: &str,
    pool: Amount,
    shares: &PerStage<Option<Amount>>,
) -> (FlowParts, Vec<Invariant>) {
    let mut steps = Steps::new(target, nonce);
    steps.run(pool, shares).await;
    let invariants = steps.invariants();
    (steps.parts, invariants)
}

/// An answer with what was asked for it.
pub(super) struct Asked {
    pub request: String,
    pub answer: Result<TargetAnswer, NoAnswer>,
}

impl Asked {
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().ok().map(|answer| answer.status)
    }

    /// The body of an answer of this status; otherwise what was there instead, and whether it tells anything.
    pub fn body(&self, status: u16) -> Result<Node, (Verdict, String)> {
        let answer = self.answer.as_ref().map_err(|none| (Verdict::Inconclusive, none.to_string()))?;
        match answer.status {
            401 | 403 if status != answer.status => {
                let why = format!("{}: the gate has no credential that this target takes", answer.status);
                Err((Verdict::Inconclusive, why))
            }
            other if other != status => Err((Verdict::Fail, format!("{other}: {}", answer.excerpt()))),
            _ => answer.json().map_err(|why| (Verdict::Fail, format!("{status}, {why}"))),
        }
    }
}

impl<'t> Steps<'t> {
    pub fn new(target: &'t dyn Target, nonce: &str) -> Self {
        let parts = FlowParts::default();
        Self {
            target,
            script: Script::new(nonce),
            found: BTreeMap::new(),
            stopped: None,
            reached: false,
            parts,
        }
    }

    /// Every step. Where the first link cannot be filed, those that need it are inconclusive for that reason.
    pub async fn run(&mut self, pool: Amount, shares: &PerStage<Option<Amount>>) {
        if let Some(link) = self.file_link().await {
            self.fetch_link(&link).await;
            self.append_events(&link.id).await;
            self.value(&link.id).await;
            self.share(&link.id, pool, shares).await;
        }
        if self.stopped.is_none() {
            let invested = self.share_investments().await;
            let filed: Vec<String> = self.parts.lineage_id.iter().cloned().chain(invested).collect();
            self.look_hidden(&filed).await;
        }
        // Where nothing answers, asking on would only wait as long again for each.
        if self.reached {
            self.ask_unknown_link().await;
            self.send_invalid_body().await;
        }
    }

    /// Sends a request.
    pub(super) async fn ask(&mut self, request: Request) -> Asked {
        let shown = format!("{} {}{}", request.method, self.target.address(), request.path);
        let answer = self.target.send(request).await;
        self.reached |= answer.is_ok();
        Asked { request: shown, answer }
    }

    /// Notes what came of a promise.
    pub(super) fn note(
        &mut self,
        name: &'static str,
        asked: &Asked,
        expected: impl Into<String>,
        outcome: Result<String, (Verdict, String)>,
    ) {
        let (verdict, observed) = match outcome {
            Ok(observed) => (Verdict::Pass, observed),
            Err(other) => other,
        };
        let remedy = (!verdict.passes()).then(|| remedy(name).to_owned());
        let invariant = Invariant {
            name: name.to_owned(),
            verdict,
            request: Some(asked.request.clone()),
            status_code: asked.status(),
            expected: expected.into(),
            observed,
            remedy,
        };
        self.found.insert(name, invariant);
    }

    /// Notes that nothing that follows can be looked at.
    pub(super) fn stop(&mut self, why: String) {
        self.stopped = Some(why);
    }

    /// What came of every promise, in order.
    pub fn invariants(&self) -> Vec<Invariant> {
        let one = |name: &&'static str| {
            self.found.get(name).cloned().unwrap_or_else(|| {
                let why = self.stopped.as_deref().unwrap_or("what comes before did not go through");
                Invariant {
                    name: (*name).to_owned(),
                    verdict: Verdict::Inconclusive,
                    request: None,
                    status_code: None,
                    expected: "to be looked at".into(),
                    observed: format!("not reached: {why}"),
                    remedy: Some(remedy(name).to_owned()),
                }
            })
        };
        INVARIANTS.iter().map(one).collect()
    }
}

/// An amount as it is sent.
pub(super) fn number(amount: Amount) -> Node {
    Node::Number(amount.to_string())
}

/// Compares a number of an answer with what it must be, to the last digit.
pub(super) fn must_be(answer: &Node, path: &str, micros: i128) -> Result<String, (Verdict, String)> {
    use crate::gate::answer::{at, micros as read, shown};
    match read(answer, path) {
        Some(found) if found == micros => Ok(decimal::print(micros, 6)),
        _ => Err((Verdict::Fail, format!("{path} is {}", shown(at(answer, path))))),
    }
}

/// The id of an answer, which must begin with its kind's prefix.
pub(super) fn id_of(answer: &Node, prefix: &str) -> Result<String, (Verdict, String)> {
    let id = text(answer, "id").unwrap_or_default();
    match id.strip_prefix(prefix).is_some_and(|rest| rest.len() > 1) {
        true => Ok(id.to_owned()),
        false => Err((Verdict::Fail, format!("an id {id:?} that does not begin with {prefix}"))),
    }
}

/// A body to be sent.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What to do where a promise is broken.
fn remedy(name: &str) -> &'static str {
    match name {
        "link_created" => {
            "See why a link cannot be filed: the credential, the store, a proxy that changes requests."
        }
        "link_kept_as_sent" | "link_fetched_same" | "link_marked_as_gate" => {
            "What is answered is not what was sent: look for a proxy that changes bodies or headers, or a cache."
        }
        "events_appended" => "See in the log why events are not taken as they are sent.",
        "valuation_total" | "valuation_count" => {
            "Run `tributary verify` on the database: a running total differs from its events, or a cache answers."
        }
        "valuation_roi" => "Value over cost is not what it must be: roll back to the version before.",
        "payout_shares" | "payout_sum" | "payout_explained" => {
            "Do not pay by this deployment: compare its payout policy's hash with the one that was agreed."
        }
        "quality_outweighs_energy" | "investments_sum" => {
            "Do not pay by this deployment: investments are not weighed as the policy says."
        }
        "unknown_link_404" => {
            "Unknown links must answer 404 with the contract's body: look for a proxy's own page."
        }
        "invalid_body_422" => {
            "What cannot be taken must be refused and not stored: roll back to the version before."
        }
        _ => "What gates file must not show among the work: roll back to the version before.",
    }
}
