//! Steps 5 and 6: payouts of roles, and of investments.

use super::steps::{LINKS, Steps, id_of, json, must_be};
use crate::decimal;
use crate::gate::answer::{at, items, micros, shown, text};
use crate::gate::report::Verdict;
use crate::gate::target::Request;
use crate::input::Node;
use crate::money::Amount;
use crate::policy::DEFAULT_POLICY;
use crate::stage::{PerStage, Stage};
use serde_json::json;

type Outcome = Result<String, (Verdict, String)>;

fn failed<T>(why: impl Into<String>) -> Result<T, (Verdict, String)> {
    Err((Verdict::Fail, why.into()))
}

impl Steps<'_> {
    /// Shares a pool among the roles of the first link: what each stage gets is fixed.
    pub(super) async fn share(&mut self, link: &str, pool: Amount, shares: &PerStage<Option<Amount>>) {
        let body = json(&json!({ "payout_pool": pool }));
        let asked = self.ask(Request::post(format!("{LINKS}/{link}/payout-preview"), body)).await;
        self.parts.payout_preview = asked.answer.as_ref().ok().map(|answer| answer.body.clone());
        let answer = asked.body(200);
        let looked = |look: &dyn Fn(&Node) -> Outcome| -> Outcome {
            answer.as_ref().map_err(Clone::clone).and_then(look)
        };
        let by_role = looked(&|answer| shares_as_expected(answer, shares));
        let sum = looked(&|answer| sum_is(answer, pool));
        let explained = looked(&explained);
        let named = Stage::ALL
            .into_iter()
            .filter_map(|stage| shares.get(stage).as_ref().map(|share| format!("{} {share}", stage.name())));
        self.note("payout_shares", &asked, named.collect::<Vec<_>>().join(", "), by_role);
        self.note("payout_sum", &asked, format!("{pool} in all"), sum);
        let expected = format!("{DEFAULT_POLICY}, weights, objective weights and five signals from 0 to 1");
        self.note("payout_explained", &asked, expected, explained);
    }

    /// Files a link on which two share a stage, one with more energy, one with better work; the link's id.
    pub(super) async fn share_investments(&mut self) -> Option<String> {
        let marker = self.script.marker.clone();
        let row = |who: &str, energy: &str, [coherence, awareness, friction]: [&str; 3]| {
            format!(
                r#"{{"stage":"implementation","contributor":"{who}","energy_units":{energy},"coherence_score":{coherence},"awareness_score":{awareness},"friction_score":{friction}}}"#
            )
        };
        let body = format!(
            r#"{{"idea_id":"{marker}","spec_id":"{marker}","contributors":{{"idea":"gate-idea"}},"investments":[{},{}],"estimated_cost":{}}}"#,
            row("gate-more", "5.0", ["0.1", "0.1", "0.9"]),
            row("gate-better", "4.0", ["0.95", "0.9", "0.05"]),
            self.script.cost
        );
        let filed = self.ask(Request::post(LINKS, body)).await;
        let id = filed.body(201).and_then(|answer| id_of(&answer, "lnk_"));
        let expected = "the better work is paid more than the larger energy";
        let id = match id {
            Ok(id) => id,
            Err(broken) => {
                self.note("quality_outweighs_energy", &filed, expected, Err(broken.clone()));
                self.note("investments_sum", &filed, "the pool in all", Err(broken));
                return None;
            }
        };
        let pool = self.script.second_pool;
        let body = json(&json!({ "payout_pool": pool }));
        let asked = self.ask(Request::post(format!("{LINKS}/{id}/payout-preview"), body)).await;
        let answer = asked.body(200);
        let better = answer.as_ref().map_err(Clone::clone).and_then(|answer| {
            let paid = |who: &str| paid_to(answer, who);
            match (paid("gate-better"), paid("gate-more")) {
                (Some(better), Some(more)) if better > more => {
                    Ok(format!("{} against {}", decimal::print(better, 6), decimal::print(more, 6)))
                }
                (Some(better), Some(more)) => {
                    failed(format!("{} against {}", decimal::print(better, 6), decimal::print(more, 6)))
                }
                _ => failed("a row is missing"),
            }
        });
        let sum = answer.as_ref().map_err(Clone::clone).and_then(|answer| sum_is(answer, pool));
        self.note("quality_outweighs_energy", &asked, expected, better);
        self.note("investments_sum", &asked, format!("{pool} in all"), sum);
        Some(id)
    }
}

/// What a contributor is paid, in millionths.
fn paid_to(answer: &Node, contributor: &str) -> Option<i128> {
    let rows = items(answer, "payouts")?;
    let row = rows.iter().find(|row| text(row, "contributor") == Some(contributor))?;
    micros(row, "amount")
}

/// Every stage gets what it must, by whoever was named for it and in one row, and no other gets anything.
fn shares_as_expected(answer: &Node, shares: &PerStage<Option<Amount>>) -> Outcome {
    let Some(rows) = items(answer, "payouts") else { return failed("an answer without payouts") };
    let mut paid = PerStage::from_fn(|_| None::<i128>);
    for (at_row, row) in rows.iter().enumerate() {
        let Some(stage) = text(row, "role").and_then(Stage::named) else {
            return failed(format!("payouts[{at_row}].role is {}", shown(at(row, "role"))));
        };
        let Some(amount) = micros(row, "amount") else {
            return failed(format!("payouts[{at_row}].amount is {}", shown(at(row, "amount"))));
        };
        if text(row, "contributor") != Some(&format!("gate-{}", stage.name())) {
            return failed(format!("{} goes to {}", stage.name(), shown(at(row, "contributor"))));
        }
        if paid.get_mut(stage).replace(amount).is_some() {
            return failed(format!("{} is paid twice", stage.name()));
        }
    }
    let observed = Stage::ALL.into_iter().filter_map(|stage| {
        paid.get(stage).map(|micros| format!("{} {}", stage.name(), decimal::print(micros, 6)))
    });
    let observed = observed.collect::<Vec<_>>().join(", ");
    let same = Stage::ALL
        .into_iter()
        .all(|stage| *paid.get(stage) == shares.get(stage).as_ref().map(|share| i128::from(share.micros())));
    if same { Ok(observed) } else { failed(observed) }
}

/// The rows come to the pool, to the last digit.
fn sum_is(answer: &Node, pool: Amount) -> Outcome {
    must_be(answer, "payout_pool", i128::from(pool.micros()))?;
    let Some(rows) = items(answer, "payouts") else { return failed("an answer without payouts") };
    let sum: Option<i128> = rows.iter().map(|row| micros(row, "amount")).sum();
    match sum {
        Some(sum) if sum == i128::from(pool.micros()) => Ok(decimal::print(sum, 6)),
        Some(sum) => failed(format!("{} in all", decimal::print(sum, 6))),
        None => failed("an amount that is no plain number"),
    }
}

/// Schema version, weights and signals are there, and every signal is within bounds.
fn explained(answer: &Node) -> Outcome {
    const OBJECTIVES: [&str; 5] = ["coherence", "energy_flow", "awareness", "friction_relief", "balance"];
    const SIGNALS: [&str; 5] = ["coherence", "energy_flow", "awareness", "friction", "balance"];
    if text(answer, "schema_version") != Some(DEFAULT_POLICY) {
        return failed(format!("schema_version is {}", shown(at(answer, "schema_version"))));
    }
    let weights = Stage::NAMES.iter().map(|name| format!("weights.{name}"));
    let objectives = OBJECTIVES.iter().map(|name| format!("objective_weights.{name}"));
    let signals = SIGNALS.iter().map(|name| format!("signals.{name}"));
    for path in weights.chain(objectives).chain(signals) {
        let within = micros(answer, &path).is_some_and(|micros| (0..=1_000_000).contains(&micros));
        if !within {
            return failed(format!("{path} is {}", shown(at(answer, &path))));
        }
    }
    Ok("all of it".into())
}
