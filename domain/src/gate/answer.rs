//! Reads what a target answered, number by number as it was written: a gate that rounds would miss what is off by one.

use super::target::TargetAnswer;
use crate::decimal::{self, ReadDecimal};
use crate::input::Node;
use std::cmp::Ordering;

impl TargetAnswer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Node, String> {
        Node::from_json(self.body.as_bytes()).map_err(|error| format!("a body that is no JSON: {error}"))
    }

    /// The first of the body, for a report.
    pub fn excerpt(&self) -> String {
        const LONGEST: usize = 160;
        let text: String = self.body.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.chars().count() > LONGEST {
            true => format!("{}…", text.chars().take(LONGEST).collect::<String>()),
            false => text,
        }
    }
}

/// A member of an answer by its path: `payouts[0].amount`.
pub fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    let steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    steps.filter(|step| !step.is_empty()).try_fold(node, |node, step| match node {
        Node::Object(members) => members.iter().find(|(name, _)| name == step).map(|(_, found)| found),
        Node::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A text of an answer.
pub fn text<'n>(node: &'n Node, path: &str) -> Option<&'n str> {
    match at(node, path)? {
        Node::Text(text) => Some(text),
        _ => None,
    }
}

/// A number of an answer, in millionths; none where it has digits beyond.
pub fn micros(node: &Node, path: &str) -> Option<i128> {
    number(at(node, path)?).filter(|read| read.exact == Ordering::Equal).map(|read| read.micros)
}

fn number(node: &Node) -> Option<ReadDecimal> {
    match node {
        Node::Number(text) => decimal::read(text).ok(),
        _ => None,
    }
}

/// The items of a list of an answer.
pub fn items<'n>(node: &'n Node, path: &str) -> Option<&'n [Node]> {
    match at(node, path)? {
        Node::List(items) => Some(items),
        _ => None,
    }
}

/// A value as a report shows it.
pub fn shown(node: Option<&Node>) -> String {
    match node {
        None => "nothing".into(),
        Some(Node::Null) => "null".into(),
        Some(Node::Bool(value)) => value.to_string(),
        Some(Node::Number(text)) => text.clone(),
        Some(Node::Text(text)) => format!("{text:?}"),
        Some(Node::List(items)) => format!("a list of {}", items.len()),
        Some(Node::Object(members)) => format!("an object of {}", members.len()),
    }
}

/// Every member of `sent` that is not in `answered` as it was sent, by its path. Members that were added do not
/// count; numbers are compared by value, to the last digit.
pub fn differences(sent: &Node, answered: Option<&Node>, path: &str) -> Vec<String> {
    let differs = || vec![format!("{path} is {}, not {}", shown(answered), shown(Some(sent)))];
    match (sent, answered) {
        (Node::Object(members), Some(node @ Node::Object(_))) => {
            let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            let find = |name: &str| at_name(node, name);
            members.iter().flat_map(|(name, sent)| differences(sent, find(name), &below(name))).collect()
        }
        (Node::List(sent), Some(Node::List(answered))) if sent.len() == answered.len() => {
            let pairs = sent.iter().zip(answered).enumerate();
            pairs
                .flat_map(|(at, (sent, answered))| {
                    differences(sent, Some(answered), &format!("{path}[{at}]"))
                })
                .collect()
        }
        (Node::Number(_), Some(answered)) => match (number(sent), number(answered)) {
            (Some(one), Some(other)) if one == other => Vec::new(),
            _ => differs(),
        },
        (sent, Some(answered)) if sent == answered => Vec::new(),
        _ => differs(),
    }
}

fn at_name<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match node {
        Node::Object(members) => members.iter().find(|(known, _)| known == name).map(|(_, found)| found),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(json: &str) -> Node {
        Node::from_json(json.as_bytes()).unwrap()
    }

    #[test]
    fn members_are_found_by_their_path() {
        let answer = node(r#"{"payouts": [{"amount": 10.0}, {"amount": 20.0000001}], "id": "lnk_1"}"#);
        assert_eq!(micros(&answer, "payouts[0].amount"), Some(10_000_000));
        assert_eq!(micros(&answer, "payouts[1].amount"), None, "finer than any amount");
        assert_eq!(text(&answer, "id"), Some("lnk_1"));
        assert_eq!(at(&answer, "payouts[2].amount"), None);
    }

    #[test]
    fn what_was_sent_must_come_back_and_more_may() {
        let sent = node(r#"{"cost": 2.250, "refs": ["a", "b"], "by": {"idea": "ann", "spec": null}}"#);
        let same = node(
            r#"{"id": 1, "cost": 2.25, "refs": ["a", "b"], "by": {"idea": "ann", "spec": null, "x": 1}}"#,
        );
        assert_eq!(differences(&sent, Some(&same), ""), [""; 0]);
        let other = node(r#"{"cost": 2.26, "refs": ["a"], "by": {"idea": "bob", "spec": null}}"#);
        assert_eq!(
            differences(&sent, Some(&other), ""),
            [
                "cost is 2.26, not 2.250",
                "refs is a list of 1, not a list of 2",
                "by.idea is \"bob\", not \"ann\""
            ]
        );
    }
}
