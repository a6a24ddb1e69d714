//! Reads fields out of a [`Node`], collecting every error with its path.

use super::Node;
use crate::decimal::{self, DecimalError, ReadDecimal};
use crate::error::{Error, FieldError};
use std::cmp::Ordering;

/// The errors found so far.
#[derive(Debug, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Notes that a field cannot be taken.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    /// The value, unless anything was found wrong or a part is missing.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::Invalid(self.0)),
        }
    }
}

/// An object under reading. Names that are not known are errors from the start.
pub struct Fields<'n> {
    path: String,
    members: &'n [(String, Node)],
}

impl<'n> Fields<'n> {
    /// Opens an object that may hold `known` names and no other.
    pub fn open(node: &'n Node, path: &str, known: &[&str], errors: &mut Errors) -> Option<Self> {
        let Node::Object(members) = node else {
            let field = if path.is_empty() { "body" } else { path };
            errors.add(field, format!("must be an object, not {}", node.kind()));
            return None;
        };
        let fields = Self { path: path.to_owned(), members };
        for (name, _) in members.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let known = match nearest(name, known).as_str() {
                "" => format!("; known are {}", known.join(", ")),
                near => near.to_owned(),
            };
            errors.add(fields.path(&printable(name)), format!("is not a known field{known}"));
        }
        Some(fields)
    }

    /// The path of a member.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A member that may be absent.
    pub fn find(&self, name: &str) -> Option<&'n Node> {
        self.members.iter().find(|(member, _)| member == name).map(|(_, node)| node)
    }

    /// A member that may be absent or null.
    pub fn optional(&self, name: &str) -> Option<&'n Node> {
        self.find(name).filter(|node| **node != Node::Null)
    }

    /// A member that must be there.
    pub fn required(&self, name: &str, errors: &mut Errors) -> Option<&'n Node> {
        let found = self.find(name);
        if found.is_none() {
            errors.add(self.path(name), "is required");
        }
        found
    }

    /// A text that must be there.
    pub fn text(&self, name: &str, max: usize, errors: &mut Errors) -> Option<String> {
        text(self.required(name, errors)?, &self.path(name), max, errors)
    }

    /// A text that may be absent or null.
    pub fn optional_text(&self, name: &str, max: usize, errors: &mut Errors) -> Option<String> {
        text(self.optional(name)?, &self.path(name), max, errors)
    }

    /// A number that must be there, at least `min` (or above it, where it must be positive) and at most `max`.
    pub fn number(&self, name: &str, range: Range, errors: &mut Errors) -> Option<i64> {
        number(self.required(name, errors)?, &self.path(name), range, errors)
    }
}

/// What a number may be, in millionths.
#[derive(Debug, Clone, Copy)]
pub enum Range {
    /// From zero to this.
    UpTo(i64),
    /// Above zero, up to this.
    PositiveUpTo(i64),
}

/// Reads a text: not blank, no control characters, at most `max` characters.
pub fn text(node: &Node, path: &str, max: usize, errors: &mut Errors) -> Option<String> {
    let Node::Text(text) = node else {
        errors.add(path, format!("must be text, not {}", node.kind()));
        return None;
    };
    let problem = if Node::non_finite(text).is_some() {
        Some("must be text, not a number".to_owned())
    } else if text.trim().is_empty() {
        Some("must not be empty".to_owned())
    } else if text.chars().count() > max {
        Some(format!("must have at most {max} characters, not {}", text.chars().count()))
    } else if text.chars().any(is_unseen) {
        Some("must not hold control characters or characters that cannot be seen".to_owned())
    } else if text.trim() != text {
        Some("must not begin or end with a space".to_owned())
    } else {
        None
    };
    match problem {
        Some(message) => {
            errors.add(path, message);
            None
        }
        None => Some(text.clone()),
    }
}

/// Control characters, and those by which two names that look alike would differ or a line would turn around.
/// Joiners (U+200C and U+200D) stay: words of some scripts, and families of emoji, are written with them.
pub(super) fn is_unseen(character: char) -> bool {
    let hidden = ['\u{ad}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}'];
    character.is_control()
        || hidden.contains(&character)
        || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Reads a number within `range`, rounded half to even to millionths.
pub fn number(node: &Node, path: &str, range: Range, errors: &mut Errors) -> Option<i64> {
    let read = decimal(node, path, errors)?;
    let (max, message) = match range {
        _ if read.is_negative() => (0, Some("must not be negative".to_owned())),
        Range::PositiveUpTo(max) if read.micros == 0 && read.exact == Ordering::Equal => {
            (max, Some("must be above zero".to_owned()))
        }
        Range::PositiveUpTo(max) if read.micros == 0 => {
            (max, Some("is below the smallest part kept, 0.000001; send a larger number".to_owned()))
        }
        Range::UpTo(max) | Range::PositiveUpTo(max) => (max, None),
    };
    let message = message.or_else(|| {
        (read.compare(i128::from(max)) == Ordering::Greater)
            .then(|| format!("must be at most {}", decimal::print(i128::from(max), 6)))
    });
    if let Some(message) = message {
        errors.add(path, message);
        return None;
    }
    i64::try_from(read.micros).ok()
}

/// Reads a decimal number of any sign and size that text can hold.
pub fn decimal(node: &Node, path: &str, errors: &mut Errors) -> Option<ReadDecimal> {
    let message = match node {
        Node::Number(text) => match decimal::read(text) {
            Ok(read) => return Some(read),
            Err(DecimalError::TooLarge) => "is too large a number".to_owned(),
            Err(DecimalError::NotANumber) => {
                format!("must be a plain number such as 45.5, not {}", printable(text))
            }
        },
        Node::Text(text) if Node::non_finite(text).is_some() => {
            format!("must be a finite number, not {}", printable(Node::non_finite(text).unwrap_or_default()))
        }
        Node::Text(_) => "must be a number, not text; send it without quotes".to_owned(),
        other => format!("must be a number, not {}", other.kind()),
    };
    errors.add(path, message);
    None
}

/// Reads a list of at most `max` items.
pub fn list<'n>(node: &'n Node, path: &str, max: usize, errors: &mut Errors) -> Option<&'n [Node]> {
    match node {
        Node::List(items) if items.len() <= max => Some(items),
        Node::List(items) => {
            errors.add(path, format!("must have at most {max} items, not {}", items.len()));
            None
        }
        other => {
            errors.add(path, format!("must be a list, not {}", other.kind()));
            None
        }
    }
}

/// Reads one of the words of a fixed list.
pub fn word<'w>(node: &Node, path: &str, words: &[&'w str], errors: &mut Errors) -> Option<&'w str> {
    let Node::Text(text) = node else {
        errors.add(path, format!("must be one of {}, not {}", words.join(", "), node.kind()));
        return None;
    };
    let found = words.iter().copied().find(|word| word == text);
    if found.is_none() {
        errors.add(path, format!("must be one of {}{}", words.join(", "), nearest(text, words)));
    }
    found
}

/// "; did you mean …?", where one of the words is near enough: by its letters, or by a part that is the whole of either,
/// as `total_value` and `value`.
fn nearest(text: &str, words: &[&str]) -> String {
    // Longer than any of the words: a text of megabytes is not to be compared letter by letter.
    let text = text.chars().take(40).collect::<String>().to_lowercase();
    let by_letters = words
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&text, word), *word))
        .filter(|(distance, word)| *distance <= word.len().max(3) / 2)
        .min()
        .map(|(_, word)| word);
    let is_part = |part: &str, whole: &str| whole.split('_').any(|of_whole| of_whole == part);
    let by_part = || words.iter().copied().find(|word| is_part(word, &text) || is_part(&text, word));
    by_letters.or_else(by_part).map(|word| format!("; did you mean {word}?")).unwrap_or_default()
}

/// A sender's text, cut and cleaned for a message.
fn printable(text: &str) -> String {
    text.chars().take(40).map(|character| if is_unseen(character) { '\u{fffd}' } else { character }).collect()
}
