//! Reads JSON into a [`Node`] without turning any number into a float.

use super::Node;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// Lists and objects within one another that any request here has need of, with room to spare.
const MAX_DEPTH: usize = 16;

/// Stands before a word such as `NaN` that is no JSON but that some senders write where a number belongs. A
/// control character, so that no field takes it for text.
const NOT_JSON: char = '\u{1}';

/// A body that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The body is not valid JSON: {0}")]
pub struct JsonError(String);

impl Node {
    /// Reads a JSON text. `NaN` and `Infinity`, which some senders write, become values that every field refuses.
    pub fn from_json(body: &[u8]) -> Result<Self, JsonError> {
        let text = std::str::from_utf8(body).map_err(|_| JsonError("it is not UTF-8 text".into()))?;
        let text = quote_non_finite(text);
        let raw: &RawValue = serde_json::from_str(&text).map_err(|error| JsonError(error.to_string()))?;
        node(raw, 0)
    }

    /// The word that stood where a number belongs, if this is one.
    pub(super) fn non_finite(text: &str) -> Option<&str> {
        text.strip_prefix(NOT_JSON)
    }
}

fn node(raw: &RawValue, depth: usize) -> Result<Node, JsonError> {
    if depth > MAX_DEPTH {
        return Err(JsonError(format!("more than {MAX_DEPTH} lists and objects within one another")));
    }
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'n') => Node::Null,
        Some(b't') => Node::Bool(true),
        Some(b'f') => Node::Bool(false),
        Some(b'"') => Node::Text(parse(text)?),
        Some(b'[') => {
            let items: Vec<&RawValue> = parse(text)?;
            Node::List(items.into_iter().map(|item| node(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'{') => {
            let Members(members) = parse(text)?;
            let members = members.into_iter().map(|(name, value)| Ok((name, node(value, depth + 1)?)));
            Node::Object(members.collect::<Result<_, JsonError>>()?)
        }
        _ => Node::Number(text.to_owned()),
    })
}

fn parse<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError(error.to_string()))
}

/// An object's members in order; a name given twice is an error, for nobody can tell which was meant.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut names = std::collections::HashSet::new();
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if !names.insert(name.clone()) {
                        return Err(A::Error::custom(format!("the name {name:?} is given twice")));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// Puts the words `NaN`, `Infinity` and `-Infinity`, where they stand outside a text, in quotes behind a mark.
fn quote_non_finite(text: &str) -> Cow<'_, str> {
    const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let (mut in_text, mut escaped, mut at) = (false, false, 0);
    while let Some(character) = text[at..].chars().next() {
        let word = if in_text { None } else { WORDS.iter().find(|word| text[at..].starts_with(**word)) };
        if let Some(word) = word {
            out.push_str(&format!("\"\\u{:04x}{word}\"", u32::from(NOT_JSON)));
            at += word.len();
            continue;
        }
        in_text = if character == '"' && !escaped { !in_text } else { in_text };
        escaped = in_text && character == '\\' && !escaped;
        out.push(character);
        at += character.len_utf8();
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_were_written() {
        let node =
            Node::from_json(br#"{"a": 1e2, "b": [0.10000000000000000001, null], "c": "x\u00e9"}"#).unwrap();
        let Node::Object(members) = node else { panic!("an object") };
        assert_eq!(members[0], ("a".into(), Node::Number("1e2".into())));
        assert_eq!(members[1].1, Node::List(vec![Node::Number("0.10000000000000000001".into()), Node::Null]));
        assert_eq!(members[2].1, Node::Text("xé".into()));
    }

    #[test]
    fn refuses_what_is_not_json() {
        for body in
            ["", "{", "{\"a\":1,}", "[1 2]", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "'a'", "\"\\ud800\"", "01"]
        {
            assert!(Node::from_json(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Node::from_json(b"\xff").is_err());
        assert!(Node::from_json("[".repeat(100_000).as_bytes()).is_err());
        assert!(Node::from_json(format!("{}{}", "[".repeat(40), "]".repeat(40)).as_bytes()).is_err());
    }

    #[test]
    fn words_for_no_number_are_kept_apart_from_text() {
        let node = Node::from_json(br#"{"a": NaN, "b": -Infinity, "c": "NaN \" NaN"}"#).unwrap();
        let Node::Object(members) = node else { panic!("an object") };
        let Node::Text(word) = &members[0].1 else { panic!("a marked word") };
        assert_eq!(Node::non_finite(word), Some("NaN"));
        let Node::Text(word) = &members[1].1 else { panic!("a marked word") };
        assert_eq!(Node::non_finite(word), Some("-Infinity"));
        assert_eq!(members[2].1, Node::Text("NaN \" NaN".into()));
    }
}
