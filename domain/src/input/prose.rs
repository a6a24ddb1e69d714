//! Texts of several lines.

use super::{Errors, Node, fields::is_unseen};

/// Reads a text that may have several lines, and may be empty: at most `max` characters. Line ends of any system
/// become `\n`, and white space around the whole is dropped, as forms add both.
pub fn prose(node: &Node, path: &str, max: usize, errors: &mut Errors) -> Option<String> {
    let Node::Text(text) = node else {
        errors.add(path, format!("must be text, not {}", node.kind()));
        return None;
    };
    if Node::non_finite(text).is_some() {
        errors.add(path, "must be text, not a number");
        return None;
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    let count = text.chars().count();
    if count > max {
        errors.add(path, format!("must have at most {max} characters, not {count}"));
    } else if text.chars().any(|character| is_unseen(character) && !matches!(character, '\n' | '\t')) {
        errors.add(path, "must not hold control characters or characters that cannot be seen");
    } else {
        return Some(text.to_owned());
    }
    None
}
