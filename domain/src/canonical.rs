//! Canonical bytes (RFC 8785 JSON) of anything that is hashed or kept in the ledger.
//!
//! RFC 8785 knows numbers only as IEEE doubles, which cannot hold every amount. So every fixed-point number is
//! written as a text here: `"120.0"`, and every other number is a whole one.

use serde::Serialize;
use serde_json::Value;

/// The canonical bytes of a value.
pub fn bytes(value: &impl Serialize) -> Vec<u8> {
    // Own types only: their names are texts and their numbers finite, so neither step can fail.
    let json = serde_json::to_string(value).expect("own types serialise");
    let value = crate::input::Node::from_json(json.as_bytes()).expect("own JSON reads back");
    serde_json_canonicalizer::to_vec(&texts(value)).expect("texts, lists and objects canonicalise")
}

/// The same tree with every fractional number as text.
fn texts(node: crate::input::Node) -> Value {
    use crate::input::Node;
    match node {
        Node::Null => Value::Null,
        Node::Bool(flag) => Value::Bool(flag),
        Node::Number(text) => match text.parse::<i64>() {
            Ok(whole) if whole.unsigned_abs() <= 1 << 53 => Value::from(whole),
            _ => Value::String(text),
        },
        Node::Text(text) => Value::String(text),
        Node::List(items) => Value::Array(items.into_iter().map(texts).collect()),
        Node::Object(members) => members.into_iter().map(|(name, node)| (name, texts(node))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::money::Amount;

    #[test]
    fn amounts_are_texts_and_members_are_sorted() {
        #[derive(serde::Serialize)]
        struct Thing {
            z: Amount,
            a: Option<u8>,
            count: i64,
        }
        let thing = Thing { z: Amount::MAX, a: None, count: 2 };
        assert_eq!(super::bytes(&thing), br#"{"a":null,"count":2,"z":"1000000000000.0"}"#);
    }
}
