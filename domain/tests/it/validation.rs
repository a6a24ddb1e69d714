//! What is refused, with the words it is refused in, and what is taken.
//!
//! Each table of refusals is a snapshot: what was sent, then every field that is named with its message.

mod events;
mod json;
mod links;
mod payouts;
mod registry;

use crate::given::node;
use domain::error::Error;
use domain::input::Node;
use std::fmt::Write;

/// Characters of a body that a snapshot shows.
const SHOWN: usize = 200;

/// A body with some of its members replaced, added, or left out where the text is empty.
fn body(base: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let mut members: Vec<(&str, &str)> = base.to_vec();
    for &(name, json) in changes {
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some(member) => member.1 = json,
            None => members.push((name, json)),
        }
    }
    let given = members.iter().filter(|(_, json)| !json.is_empty());
    let given: Vec<String> = given.map(|(name, json)| format!("\"{name}\": {json}")).collect();
    format!("{{{}}}", given.join(", "))
}

/// A text of so many characters, in JSON.
fn text_of(characters: usize) -> String {
    format!("\"{}\"", "ü".repeat(characters))
}

/// Reads every body, and writes down what each was refused with. None may be taken.
fn refusals<T>(
    read: impl Fn(&Node) -> Result<T, Error>,
    bodies: impl IntoIterator<Item = impl AsRef<str>>,
) -> String {
    let mut out = String::new();
    for body in bodies {
        let body = body.as_ref();
        let Err(error) = read(&node(body)) else { panic!("taken: {body}") };
        assert!(!error.fields().is_empty(), "no field is named for {body}");
        let shown: String = body.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let more = if body.chars().count() > SHOWN { " …" } else { "" };
        writeln!(out, "{shown}{more}").unwrap();
        for field in error.fields() {
            let line = format!("  {}: {}", field.field, field.message);
            assert!(!line.chars().any(char::is_control), "a message is plain text: {line:?}");
            assert!(line.len() < 400, "a message is short: {line}");
            writeln!(out, "{line}").unwrap();
        }
    }
    out
}

/// Values of every wrong kind for a number.
const NO_NUMBERS: [&str; 12] = [
    r#""1.0""#,
    r#""""#,
    "true",
    "null",
    "[1]",
    "{}",
    "NaN",
    "Infinity",
    "-Infinity",
    r#""NaN""#,
    "1e999",
    "1e-999999999999999999999 ",
];

/// Values of every wrong kind for a text.
const NO_TEXTS: [&str; 13] = [
    "1",
    "true",
    "null",
    r#"["a"]"#,
    r#"{"a": "b"}"#,
    "NaN",
    r#""""#,
    r#""   ""#,
    r#"" padded""#,
    r#""padded\u00a0""#,
    r#""two\nlines""#,
    r#""bell\u0007""#,
    r#""turned\u202eback""#,
];
