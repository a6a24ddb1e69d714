//! The YAML that a file may begin with, between two lines of `---`.

use super::fields::{Count, Found};
use domain::{
    edit::{Editable as _, Kind},
    input::Node,
    spec::SpecContent,
};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// What a file's front matter says.
#[derive(Debug, Default)]
pub struct FrontMatter {
    /// The spec's id.
    pub spec_id: Option<String>,
    /// The registry's fields.
    pub found: Vec<Found>,
    /// Keys that are none of the registry's fields.
    pub unknown: Vec<String>,
}

/// Reads front matter.
pub fn read(yaml: &str) -> Result<FrontMatter, String> {
    if yaml.trim().is_empty() {
        return Ok(FrontMatter::default());
    }
    // With the line of the `---`, the parser's lines are those of the file.
    let text = format!("\n{yaml}");
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options::<FrontMatter>(&text, options)
        .map_err(|error| format!("the front matter: {}", one_line(&error)))
}

/// What the parser says that is meant for whoever calls it, in words for whoever wrote the file.
const PLAIN: [(&str, &str); 4] = [
    ("expected mapping start", "names with values are expected, such as title: Deploy gates,"),
    ("expected sequence start", "this is none"),
    ("expected string scalar", "this is a list or an object, or it does not end"),
    (", set DuplicateKeyPolicy in Options if acceptable", ""),
];

fn one_line(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let plain = PLAIN.iter().fold(text, |text, (said, plain)| text.replace(said, plain));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<'de> Deserialize<'de> for FrontMatter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = FrontMatter;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("names with values, one a line, such as `title: Deploy gates`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FrontMatter, A::Error> {
                let mut read = FrontMatter::default();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "spec_id" {
                        read.spec_id =
                            map.next_value_seed(Value { name: "spec_id", kind: Kind::Name })?.text();
                    } else if let Some(field) = SpecContent::FIELDS.iter().find(|field| field.name == name) {
                        let value = map.next_value_seed(Value { name: field.name, kind: field.kind })?;
                        // A title that is left open is one that is not given.
                        read.found.extend(Some(value).filter(|value| !value.is_open_title(field.kind)));
                    } else {
                        map.next_value::<IgnoredAny>()?;
                        read.unknown.push(name);
                    }
                }
                Ok(read)
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

impl Found {
    fn text(self) -> Option<String> {
        match self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    fn is_open_title(&self, kind: Kind) -> bool {
        kind == Kind::Title && self.node == Node::Null
    }
}

/// Reads the value of a field. Every scalar is asked for as a text, so that what looks like a number keeps its digits:
/// `048` stays an id, and `1.10` is not turned into a float on its way to an amount.
struct Value {
    name: &'static str,
    kind: Kind,
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        let name = self.name;
        let (node, count) = match self.kind {
            Kind::Texts => {
                let items = Option::<Vec<String>>::deserialize(deserializer)
                    .map_err(|error| wrong(name, "a list of texts", &error))?;
                let count = items.as_ref().map(|items| Count { items: items.len(), of: name });
                let list = |items: Vec<String>| Node::List(items.into_iter().map(Node::Text).collect());
                (items.map_or(Node::Null, list), count)
            }
            kind => {
                let is_amount = matches!(kind, Kind::Amount | Kind::OptionalAmount);
                let (what, wrap): (_, fn(String) -> Node) =
                    if is_amount { ("a number", Node::Number) } else { ("one text", Node::Text) };
                let scalar =
                    Option::<String>::deserialize(deserializer).map_err(|error| wrong(name, what, &error))?;
                (scalar.map_or(Node::Null, wrap), None)
            }
        };
        Ok(Found { field: self.name, node, count })
    }
}

/// The error of a value that is not what its field takes. The parser puts its place behind it once more.
fn wrong<E: serde::de::Error>(name: &str, what: &str, error: &E) -> E {
    let error = error.to_string();
    let reason = error.rsplit_once(" at line ").map_or(error.as_str(), |(reason, _)| reason);
    E::custom(format!("{name} must be {what}: {reason}"))
}
