//! Fields that were found in a file.

use domain::input::Node;
use serde::Serialize;
use std::fmt;

/// A field with its value, as the JSON of the API would have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The field's name.
    pub field: &'static str,
    /// Its value.
    pub node: Node,
    /// How many things it was made of, where it was made of several.
    pub count: Option<Count>,
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// How many.
    pub items: usize,
    /// Of what: `requirement`, or the field's name.
    pub of: &'static str,
}

/// What was taken, in a few words: `title`, `5 requirements`, `evidence_refs (2)`.
impl fmt::Display for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            None => formatter.write_str(self.field),
            Some(Count { items, of }) if of == self.field => write!(formatter, "{of} ({items})"),
            Some(Count { items: 1, of }) => write!(formatter, "1 {of}"),
            Some(Count { items, of }) => write!(formatter, "{items} {of}s"),
        }
    }
}
