//! What a sender sent, before any of it is believed: a tree with numbers still as text, and a reader that
//! names every wrong field at once.
//!
//! JSON bodies and HTML forms become the same [`Node`], so that one rule validates both.

mod fields;
mod json;
mod prose;

pub use fields::{Errors, Fields, Range, decimal, list, number, text, word};
pub use json::JsonError;
pub use prose::prose;

/// A value as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digit for digit as written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object; its names in the order they were sent, each once.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// What kind of value it is, for a message.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(text) if Self::non_finite(text).is_some() => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}
