//! Steps 1 to 4: a link is filed, fetched, given events, and valued.

use super::steps::{Asked, LINKS, Steps, id_of, json, must_be, number};
use crate::gate::answer::{at, differences, items, shown, text};
use crate::gate::report::Verdict;
use crate::gate::target::Request;
use crate::input::Node;
use crate::money::{Amount, Ratio};
use serde_json::json;

/// A link that was filed, with the answer.
pub(super) struct Filed {
    pub id: String,
    /// The answer, byte for byte.
    text: String,
}

impl Steps<'_> {
    /// Files a link with four roles named and no investments.
    pub(super) async fn file_link(&mut self) -> Option<Filed> {
        let body = self.script.link();
        let asked = self.ask(Request::post(LINKS, &body)).await;
        let expected = "201 and an id lnk_…";
        let filed = asked.body(201).and_then(|answer| Ok((id_of(&answer, "lnk_")?, answer)));
        let (id, answer) = match filed {
            Ok(filed) => filed,
            Err((verdict, why)) => {
                self.note("link_created", &asked, expected, Err((verdict, why.clone())));
                self.stop(format!("no link could be filed ({why})"));
                return None;
            }
        };
        self.note("link_created", &asked, expected, Ok(format!("201 {id}")));
        self.parts.lineage_id = Some(id.clone());
        let sent = Node::from_json(body.as_bytes()).unwrap_or(Node::Null);
        let differing = differences(&sent, Some(&answer), "");
        self.note(
            "link_kept_as_sent",
            &asked,
            "every field back as it was sent",
            none(&differing, "6 fields"),
        );
        let origin = at(&answer, "origin");
        let marked = match origin {
            Some(Node::Text(origin)) if origin == "gate" => Ok("origin gate".to_owned()),
            other => Err((Verdict::Fail, format!("origin is {}", shown(other)))),
        };
        let is_marked = marked.is_ok();
        self.note("link_marked_as_gate", &asked, "origin gate", marked);
        if !is_marked {
            // What is not marked counts as work, and is never removed: one such link is one too many.
            self.stop("what is filed there would count as work".into());
            return None;
        }
        let text = asked.answer.map(|answer| answer.body).unwrap_or_default();
        Some(Filed { id, text })
    }

    /// Fetches it again.
    pub(super) async fn fetch_link(&mut self, filed: &Filed) {
        let asked = self.ask(Request::get(format!("{LINKS}/{}", filed.id))).await;
        let fetched = asked.answer.as_ref().map(|answer| answer.body.as_str()).unwrap_or_default();
        let outcome = asked.body(200).and_then(|again| match fetched == filed.text {
            true => Ok(format!("the same {} bytes", fetched.len())),
            false => none(&changed(&filed.text, &again), "").and_then(|_| other_bytes()),
        });
        self.note("link_fetched_same", &asked, "200 and the same bytes", outcome);
    }

    /// Appends two events.
    pub(super) async fn append_events(&mut self, link: &str) {
        let mut outcome = Ok("two events".to_owned());
        let mut asked = None;
        for (value, metric) in self.script.values.into_iter().zip(["validated_flow", "adoption_events"]) {
            let body = Node::Object(vec![
                ("source".into(), Node::Text("public-contract".into())),
                ("metric".into(), Node::Text(metric.into())),
                ("value".into(), number(value)),
            ]);
            let text_body = json(&json!({"source": "public-contract", "metric": metric, "value": value}));
            let one = self.ask(Request::post(format!("{LINKS}/{link}/usage-events"), text_body)).await;
            let appended = one.body(201).and_then(|answer| {
                let id = id_of(&answer, "evt_")?;
                if text(&answer, "lineage_id") != Some(link) {
                    return Err((Verdict::Fail, format!("{id} is of another link")));
                }
                none(&differences(&body, Some(&answer), ""), "as sent").map(|_| id)
            });
            match appended {
                Ok(id) => {
                    self.parts.usage_event_id.get_or_insert(id);
                }
                // Both are appended whatever came of the first: what follows counts on two.
                Err(broken) => outcome = Err(broken),
            }
            asked = Some(one);
        }
        if let Some(asked) = asked {
            self.note("events_appended", &asked, "201, an id evt_… and the value as sent, twice", outcome);
        }
    }

    /// Values the link.
    pub(super) async fn value(&mut self, link: &str) {
        let asked = self.ask(Request::get(format!("{LINKS}/{link}/valuation"))).await;
        let total = self.script.total();
        let roi = ratio(total, self.script.cost);
        let answer = asked.body(200);
        self.parts.valuation = asked.answer.as_ref().ok().map(|answer| answer.body.clone());
        let looked = |path: &str, micros: i128| -> Result<String, (Verdict, String)> {
            answer.as_ref().map_err(Clone::clone).and_then(|answer| must_be(answer, path, micros))
        };
        let total_outcome = looked("measured_value_total", i128::from(total.micros()));
        // A ratio has four places; an answer is compared in millionths.
        let roi_outcome = looked("roi_ratio", roi.parts() * 100);
        let count_outcome = looked("event_count", 2_000_000);
        self.note("valuation_total", &asked, format!("measured_value_total {total}"), total_outcome);
        let expected = format!("roi_ratio {roi}, which is {total} over {}", self.script.cost);
        self.note("valuation_roi", &asked, expected, roi_outcome);
        self.note("valuation_count", &asked, "event_count 2", count_outcome);
    }

    /// Looks that what was filed here is found among gates' links, and not among the work.
    pub(super) async fn look_hidden(&mut self, filed: &[String]) {
        let marker = self.script.marker.clone();
        let among_work = self.ask(Request::get(format!("{LINKS}?q={marker}"))).await;
        let among_gates = self.ask(Request::get(format!("{LINKS}?q={marker}&origin=gate"))).await;
        let listed = listed(&among_work).and_then(|work| match work.first() {
            Some(shown) => Err((Verdict::Fail, format!("{shown} is listed among the work"))),
            None => listed(&among_gates).and_then(|gates| {
                let missing = filed.iter().find(|id| !gates.contains(id));
                match missing {
                    Some(id) => {
                        Err((Verdict::Fail, format!("{id} is not listed even where it is asked for")))
                    }
                    None => Ok(format!("{} listed where asked for, none otherwise", filed.len())),
                }
            }),
        });
        let expected = "listed only with origin=gate, and no spec or idea made of it";
        let mut outcome = listed;
        let mut asked = among_work;
        for (what, path) in [("spec", "/api/spec-registry"), ("idea", "/api/ideas")] {
            if outcome.is_ok() {
                asked = self.ask(Request::get(format!("{path}/{marker}"))).await;
                outcome = outcome.and_then(|listed| not_there(&asked, what).map(|()| listed));
            }
        }
        self.note("gate_links_hidden", &asked, expected, outcome);
    }
}

/// That what a gate's link names was not made an entry of the registry.
fn not_there(asked: &Asked, what: &str) -> Result<(), (Verdict, String)> {
    let answer = asked.answer.as_ref().map_err(|none| (Verdict::Inconclusive, none.to_string()))?;
    match answer.status {
        404 => Ok(()),
        status @ (401 | 403) => {
            let why = format!("{status}: the gate has no credential that this target takes");
            Err((Verdict::Inconclusive, why))
        }
        200 => Err((Verdict::Fail, format!("the {what} of the gate's links is among those of the work"))),
        status => Err((Verdict::Fail, format!("{status} for the {what}: {}", answer.excerpt()))),
    }
}

/// What is in one but not the other, either way.
fn changed(filed: &str, again: &Node) -> Vec<String> {
    let filed = Node::from_json(filed.as_bytes()).unwrap_or(Node::Null);
    let mut changed = differences(&filed, Some(again), "");
    if changed.is_empty() {
        changed = differences(again, Some(&filed), "").into_iter().map(|it| format!("added: {it}")).collect();
    }
    changed
}

fn other_bytes() -> Result<String, (Verdict, String)> {
    Err((Verdict::Fail, "the same members, written otherwise".into()))
}

/// Value over cost to four places, half to even. The gate's own arithmetic: the server's would agree with itself.
fn ratio(value: Amount, cost: Amount) -> Ratio {
    let (dividend, divisor) = (i128::from(value.micros()) * 10_000, i128::from(cost.micros()));
    let (quotient, rest) = (dividend / divisor, dividend % divisor);
    let up = 2 * rest > divisor || (2 * rest == divisor && quotient % 2 == 1);
    Ratio::from_parts(quotient + i128::from(up))
}

/// The ids of listed links.
pub(super) fn listed(asked: &Asked) -> Result<Vec<String>, (Verdict, String)> {
    let answer = asked.body(200)?;
    let links = items(&answer, "links").ok_or((Verdict::Fail, "an answer without links".to_owned()))?;
    Ok(links.iter().filter_map(|link| text(link, "id")).map(str::to_owned).collect())
}

/// Passes where nothing differs.
fn none(differences: &[String], same: &str) -> Result<String, (Verdict, String)> {
    match differences {
        [] => Ok(same.to_owned()),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
            Err((Verdict::Fail, format!("{first}{more}")))
        }
    }
}
