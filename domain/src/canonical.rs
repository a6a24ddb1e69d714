//! Canonical bytes (RFC 8785 JSON) of anything that is hashed or kept in the ledger.
//!
//! RFC 8785 knows numbers only as IEEE doubles, which cannot hold every amount. So every fixed-point number is
//! written as a text here: `"120.0"`, and every other number is a whole one.

use crate::input::Node;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::{fmt::Write as _, io};

/// The largest whole number that every IEEE double holds exactly.
const MAX_WHOLE: u64 = 1 << 53;

/// Bytes, such as a hash's, in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The canonical bytes of a value.
pub fn bytes(value: &impl Serialize) -> Vec<u8> {
    // Own types only: their names are texts and their numbers finite, so neither step can fail.
    let json = serde_json::to_string(value).expect("own types serialise");
    let mut out = String::with_capacity(json.len() + 16);
    write(Node::from_json(json.as_bytes()).expect("own JSON reads back"), &mut out);
    out.into_bytes()
}

/// The canonical bytes of a value whose members are declared in canonical order, and whose whole numbers are small:
/// written at once, with nothing to sort.
pub(crate) fn sorted_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    value.serialize(&mut Serializer::with_formatter(&mut out, FractionsAsText)).expect("own types serialise");
    out
}

/// Compact JSON in which fixed-point numbers, which serialise as raw fragments, stand in quotes.
struct FractionsAsText;

impl Formatter for FractionsAsText {
    fn write_raw_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write!(writer, "\"{fragment}\"")
    }
}

/// Writes a value: no spaces, members sorted by their names' UTF-16 units, fractional numbers as texts.
fn write(node: Node, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(flag) => out.push_str(if flag { "true" } else { "false" }),
        Node::Number(text) => match text.parse::<i64>() {
            Ok(whole) if whole.unsigned_abs() <= MAX_WHOLE => out.push_str(&text),
            _ => write_text(&text, out),
        },
        Node::Text(text) => write_text(&text, out),
        Node::List(items) => {
            out.push('[');
            for (at, item) in items.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Node::Object(mut members) => {
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (name, member)) in members.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_text(&name, out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

/// Writes a text. What RFC 8785 escapes, and how, is what serde_json does.
fn write_text(text: &str, out: &mut String) {
    out.push_str(&serde_json::to_string(text).expect("a text is JSON"));
}

#[cfg(test)]
mod tests {
    use crate::money::Amount;
    use proptest::prelude::*;
    use serde_json::Value;

    fn trees() -> impl Strategy<Value = Value> {
        let leaves = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaves.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn agrees_with_another_implementation_of_rfc_8785(tree in trees()) {
            prop_assert_eq!(super::bytes(&tree), serde_json_canonicalizer::to_vec(&tree).unwrap());
        }
    }

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
