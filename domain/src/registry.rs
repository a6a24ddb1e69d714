//! What specs and ideas have in common as entries of the registry: ids, versions, and edits that no other editor's
//! work is lost by.

use crate::edit::Patch;
use crate::error::Error;
use crate::input::{Errors, Fields};
use crate::link::MAX_NAME;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Characters of a summary in a list.
pub const EXCERPT: usize = 280;

/// Where specs are, over the API.
pub const SPECS: &str = "/api/spec-registry";
/// Where ideas are, over the API.
pub const IDEAS: &str = "/api/ideas";

/// The path of an entry, whose id may be any text.
pub fn entry_path(base: &str, id: &str) -> String {
    format!("{base}/{}", percent_encoded(id))
}

/// A text with all but the unreserved characters of RFC 3986 percent-encoded.
pub fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Where an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum InventorySource {
    /// Registered here, by a form or the API.
    #[default]
    Local,
    /// Read from files.
    Import,
    /// Named by a link or a spec, and not registered.
    Lineage,
}

impl InventorySource {
    const ALL: [Self; 3] = [Self::Local, Self::Import, Self::Lineage];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        ["local", "import", "lineage"][self as usize]
    }

    /// The source of a name as it is kept.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// Which versions an edit may be made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precondition {
    /// Whichever there is.
    Any,
    /// One of these.
    Versions(Vec<i64>),
}

impl Precondition {
    /// Reads an `If-Match` header. A tag begins with the version that it was given for; what is no tag of ours
    /// matches nothing.
    pub fn read(if_match: Option<&str>) -> Result<Self, Error> {
        let if_match = if_match.ok_or(Error::IfMatchMissing)?.trim();
        if if_match == "*" {
            return Ok(Self::Any);
        }
        let version = |tag: &str| {
            let tag = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
            tag.split('-').next()?.parse().ok()
        };
        Ok(Self::Versions(if_match.split(',').filter_map(version).collect()))
    }

    /// Whether an edit may be made to a version.
    pub fn allows(&self, version: i64) -> bool {
        match self {
            Self::Any => true,
            Self::Versions(versions) => versions.contains(&version),
        }
    }
}

/// An edit of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit<C: crate::edit::Editable> {
    /// The entry's id.
    pub id: String,
    /// The new values.
    pub changes: Patch<C>,
    /// Which versions it may be made to.
    #[serde(skip)]
    pub precondition: Precondition,
    /// When it is made.
    #[serde(skip)]
    pub at: DateTime<Utc>,
    /// The version that it made, once it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// Whether a text may be the id of a new entry: lower-case letters, digits, `-`, `_` and `.`, and not dots alone,
/// which no address can end with.
pub fn is_slug(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    // Where others are registered there can be none of that name.
    (1..=MAX_NAME).contains(&id.len())
        && id.bytes().all(plain)
        && id.bytes().any(|byte| byte != b'.')
        && id != "new"
}

/// What is wrong with an id that is no slug.
pub fn not_a_slug(field: &str) -> Error {
    let message = format!(
        "must have 1 to {MAX_NAME} lower-case letters, digits, -, _ and ., such as 048-value-lineage; another text only where a link names it already"
    );
    Error::field(field, message)
}

/// Reads an entry's id: any text that a link may name it by. Whether it may be a new one is another question.
pub fn read_id(fields: &Fields<'_>, name: &str, errors: &mut Errors) -> Option<String> {
    fields.text(name, MAX_NAME, errors)
}

/// The beginning of a summary, for a list.
pub fn excerpt(summary: &str) -> String {
    if summary.chars().count() <= EXCERPT {
        return summary.to_owned();
    }
    let cut: String = summary.chars().take(EXCERPT - 1).collect();
    format!("{}…", cut.trim_end())
}
