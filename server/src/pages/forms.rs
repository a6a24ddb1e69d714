//! From a form, as a browser sends it, to the same tree that a JSON body becomes.
//!
//! Field names are the paths of the API (`investments[0].energy_units`), so that an error's path is its field.

use domain::{input::Node, spec::SpecContent, stage::Stage};
use std::{collections::BTreeMap, ops::Range};

/// Fields of an investment, in the order in which the form shows them.
const INVESTMENT: [&str; 6] =
    ["stage", "contributor", "energy_units", "coherence_score", "awareness_score", "friction_score"];
/// Fields that are numbers.
const NUMBERS: [&str; 9] = [
    "required_approvals",
    "estimated_cost",
    "potential_value",
    "actual_cost",
    "value",
    "energy_units",
    "coherence_score",
    "awareness_score",
    "friction_score",
];

/// Fields of a spec that hold one value each.
const SPEC: [&str; 9] = [
    "title",
    "summary",
    "process_summary",
    "pseudocode_summary",
    "implementation_summary",
    "idea_id",
    "potential_value",
    "estimated_cost",
    "actual_cost",
];
/// Fields of a spec that hold one reference a line.
const SPEC_LISTS: [&str; 6] =
    ["implementation_refs", "evidence_refs", "source_files", "task_ids", "branches", "public_endpoints"];

/// What was typed, by field name.
pub type Typed = BTreeMap<String, String>;

/// A form under reading: spaces at the ends are cut, and investments counted without gaps.
pub struct Form {
    typed: Typed,
    investments: usize,
}

impl Form {
    /// Reads the fields of a form.
    pub fn read(fields: impl Iterator<Item = (String, String)>) -> Self {
        let typed =
            fields.map(|(name, value)| (name, value.replace("\r\n", "\n").trim().to_owned())).collect();
        let mut form = Self { typed, investments: 0 };
        form.renumber(None);
        form
    }

    /// What was typed.
    pub fn typed(self) -> Typed {
        self.typed
    }

    /// A field that is not blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.typed.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Adds an empty investment at the end.
    pub fn add_investment(&mut self) {
        for field in INVESTMENT {
            self.typed.insert(investment(self.investments, field), String::new());
        }
        self.investments += 1;
    }

    /// Removes an investment; those behind it move up.
    pub fn remove_investment(&mut self, at: usize) {
        self.renumber(Some(at));
    }

    /// Counts investments without gaps, leaving one out.
    fn renumber(&mut self, left_out: Option<usize>) {
        let numbered = |name: &str| -> Option<(usize, String)> {
            let (number, field) = name.strip_prefix("investments[")?.split_once("].")?;
            Some((number.parse().ok()?, field.to_owned()))
        };
        let mut rows: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
        self.typed.retain(|name, value| match numbered(name) {
            None => true,
            Some((number, field)) => {
                rows.entry(number).or_default().push((field, std::mem::take(value)));
                false
            }
        });
        rows.retain(|number, _| Some(*number) != left_out);
        self.investments = rows.len();
        for (at, row) in rows.into_values().enumerate() {
            self.typed.extend(row.into_iter().map(|(field, value)| (investment(at, &field), value)));
        }
    }

    /// The form as a new link. Investments of which nothing but the stage was filled in are left out.
    pub fn link(&mut self) -> Node {
        let blank = |form: &Self, at: usize| {
            INVESTMENT.iter().skip(1).all(|field| form.get(&investment(at, field)).is_none())
        };
        for at in (0..self.investments).rev().filter(|&at| blank(self, at)).collect::<Vec<_>>() {
            self.remove_investment(at);
        }
        let mut members = self.members(&["idea_id", "spec_id", "estimated_cost"], "");
        members.push(("implementation_refs".into(), self.lines("implementation_refs")));
        members.push(("contributors".into(), Node::Object(self.members(&Stage::NAMES, "contributors."))));
        let investments =
            (0..self.investments).map(|at| Node::Object(self.members(&INVESTMENT, &investment(at, ""))));
        members.push(("investments".into(), Node::List(investments.collect())));
        Node::Object(members)
    }

    /// The form as a new event.
    pub fn event(&self) -> Node {
        Node::Object(self.members(&["source", "metric", "value", "captured_at", "external_id"], ""))
    }

    /// The form as a new spec.
    pub fn spec(&self) -> Node {
        let mut members = self.members(&["spec_id"], "");
        members.extend(self.members(&SPEC, ""));
        members.extend(SPEC_LISTS.map(|name| (name.to_owned(), self.lines(name))));
        Node::Object(members)
    }

    /// The form as an edit of a spec: what is sent blank is taken away, and what is not sent stays as it is. Where the
    /// form holds a part of a list, it takes that part's place in the list as it is kept.
    pub fn spec_edit(&self, kept: &SpecContent) -> Node {
        let sent = |name: &&&str| self.typed.contains_key(**name);
        let mut members = self.members(&SPEC, "");
        let blank = SPEC.iter().filter(sent).filter(|name| self.get(name).is_none());
        members.extend(blank.map(|name| {
            // A title cannot be taken away: that it is blank is told beside it.
            let node = if *name == "title" { Node::Text(String::new()) } else { Node::Null };
            ((*name).to_owned(), node)
        }));
        members.extend(SPEC_LISTS.iter().filter(sent).map(|name| {
            let lines = self.lines(name);
            let lines = match (lines, self.part_of(name)) {
                (Node::List(lines), Some(part)) => Node::List(spliced(kept.list(name), part, lines)),
                (lines, _) => lines,
            };
            ((*name).to_owned(), lines)
        }));
        Node::Object(members)
    }

    /// Which part of a list the form holds, where it does not hold all of it.
    fn part_of(&self, name: &str) -> Option<Range<usize>> {
        let number = |name: &str| self.get(name)?.parse::<usize>().ok();
        (self.get("part_of") == Some(name)).then_some(number("part_from")?..number("part_until")?)
    }

    /// The form as a change request that names somebody for a stage of a link.
    pub fn link_contributor(&self) -> Node {
        let names = ["lineage_id", "stage", "contributor", "proposer", "required_approvals", "reason"];
        let mut members = self.members(&names, "");
        members.push(("kind".into(), Node::Text("link_contributor".into())));
        Node::Object(members)
    }

    /// The form as a change request that gives a field of a spec or idea another value, blank for none.
    pub fn change(&self, kind: &str, id: &str) -> Node {
        let text = |text: &str| Node::Text(text.to_owned());
        let field = self.get("change_field").unwrap_or_default();
        let value = match self.get("change_value") {
            _ if SPEC_LISTS.contains(&field) => self.lines("change_value"),
            Some(value) if NUMBERS.contains(&field) => Node::Number(value.to_owned()),
            Some(value) => text(value),
            // A title cannot be taken away: that it is blank is told beside it.
            None if field == "title" => text(""),
            None => Node::Null,
        };
        let mut members = vec![
            ("kind".to_owned(), text(kind)),
            (format!("{kind}_id"), text(id)),
            ("changes".to_owned(), Node::Object(vec![(field.to_owned(), value)])),
        ];
        for (name, own) in [("proposer", "change_proposer"), ("reason", "change_reason")] {
            members.extend(self.get(own).map(|value| (name.to_owned(), text(value))));
        }
        let approvals = self.get("change_approvals").map(|count| Node::Number(count.to_owned()));
        members.extend(approvals.map(|count| ("required_approvals".to_owned(), count)));
        Node::Object(members)
    }

    /// The form as a new idea.
    pub fn idea(&self, idea_id: &str) -> Node {
        let mut members = self.members(&["title", "summary"], "");
        members.push(("idea_id".into(), Node::Text(idea_id.to_owned())));
        Node::Object(members)
    }

    /// The form as an edit of an idea: what is sent blank is taken away, but for the title, which has to be told.
    pub fn idea_edit(&self) -> Node {
        let title = Node::Text(self.get("title").unwrap_or_default().to_owned());
        let summary = self.get("summary").map_or(Node::Null, |summary| Node::Text(summary.to_owned()));
        Node::Object(vec![("title".into(), title), ("summary".into(), summary)])
    }

    /// The form as a decision about a contributor: what is blank is taken away, but for the time, which is then now.
    pub fn contributor(&self) -> Node {
        let mut members = self.members(&["kind", "name", "principal", "principal_from", "reason"], "");
        // A name that was only shown is no decision: history may write another tomorrow.
        let untouched = self.get("name") == self.get("name_shown");
        members.retain(|(name, _)| name != "name" || !untouched);
        for name in ["kind", "name", "principal"] {
            if self.get(name).is_none() && !(name == "name" && untouched) {
                members.push((name.to_owned(), Node::Null));
            }
        }
        members.push(("aliases".into(), self.lines("aliases")));
        Node::Object(members)
    }

    /// One more handle among those that a list of a contributor holds.
    pub fn identities(&self, list: &str, held: &[String], more: &str) -> Node {
        let handles = held.iter().map(String::as_str).chain([more]);
        let handles = handles.map(|handle| Node::Text(handle.to_owned())).collect();
        Node::Object(vec![(list.to_owned(), Node::List(handles))])
    }

    /// The form as a new flag.
    pub fn flag(&self) -> Node {
        Node::Object(self.members(&["subject_kind", "subject", "contributor", "reason"], ""))
    }

    /// The form as a new veto.
    pub fn veto(&self) -> Node {
        Node::Object(self.members(&["unit", "contributor", "reason"], ""))
    }

    /// The form as the end of a flag or veto.
    pub fn ending(&self) -> Node {
        Node::Object(self.members(&["contributor", "reason"], ""))
    }

    /// The form as a decision about an agent's level.
    pub fn autonomy(&self) -> Node {
        Node::Object(self.members(&["agent", "level", "decided_by", "reason"], ""))
    }

    /// The form as a vote.
    pub fn vote(&self) -> Node {
        Node::Object(self.members(&["voter", "vote", "reason"], ""))
    }

    /// A field's lines that are not blank, as texts.
    fn lines(&self, name: &str) -> Node {
        let lines = self.get(name).unwrap_or_default().lines().map(str::trim);
        Node::List(lines.filter(|line| !line.is_empty()).map(|line| Node::Text(line.to_owned())).collect())
    }

    /// The form as what a gate is asked, by the one field that it has.
    pub fn gate_request(&self, name: &str) -> Node {
        Node::Object(self.members(&[name], ""))
    }

    /// Fields that are not blank, as members of an object.
    fn members(&self, names: &[&str], prefix: &str) -> Vec<(String, Node)> {
        let member = |name: &&str| {
            let text = self.get(&format!("{prefix}{name}"))?.to_owned();
            let node = if NUMBERS.contains(name) { Node::Number(text) } else { Node::Text(text) };
            Some(((*name).to_owned(), node))
        };
        names.iter().filter_map(member).collect()
    }
}

/// A list with a part of it replaced.
fn spliced(kept: &[String], part: Range<usize>, lines: Vec<Node>) -> Vec<Node> {
    let text = |line: &String| Node::Text(line.clone());
    let before = kept.iter().take(part.start).map(text);
    before.chain(lines).chain(kept.iter().skip(part.end.max(part.start)).map(text)).collect()
}

fn investment(at: usize, field: &str) -> String {
    format!("investments[{at}].{field}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        Form::read(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn a_form_becomes_what_a_json_body_would_be() {
        let mut form = form(&[
            ("idea_id", " idea "),
            ("spec_id", "spec"),
            ("estimated_cost", "120"),
            ("implementation_refs", "PR#26\r\n\r\n commit:e616516 \r\n"),
            ("contributors.idea", "alice"),
            ("contributors.review", ""),
            ("investments[0].stage", "idea"),
            ("investments[3].stage", "research"),
            ("investments[3].contributor", "rita"),
            ("investments[3].energy_units", "3"),
        ]);
        let body = br#"{"idea_id":"idea","spec_id":"spec","estimated_cost":120,
            "implementation_refs":["PR#26","commit:e616516"],"contributors":{"idea":"alice"},
            "investments":[{"stage":"research","contributor":"rita","energy_units":3}]}"#;
        assert_eq!(form.link(), Node::from_json(body).unwrap());
        assert_eq!(form.get("investments[0].contributor"), Some("rita"), "rows are counted without gaps");
    }

    #[test]
    fn rows_are_added_and_removed() {
        let mut form = form(&[("investments[0].contributor", "a"), ("investments[1].contributor", "b")]);
        form.add_investment();
        assert_eq!(form.typed.get("investments[2].contributor"), Some(&String::new()));
        form.remove_investment(0);
        assert_eq!(form.get("investments[0].contributor"), Some("b"));
        assert_eq!(form.investments, 2);
    }
}
