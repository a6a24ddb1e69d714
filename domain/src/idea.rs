//! Ideas: where chains begin. Links and specs name them; whoever registers one says what it is.

use crate::edit::{Editable, Field, Patch, field};
use crate::error::Error;
use crate::input::{Errors, Fields, Node};
use crate::money::{Amount, Ratio};
use crate::page::{Cursor, DEFAULT_LIMIT, Parameters};
use crate::registry::read_id;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is written of an idea.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdeaContent {
    /// What it is called; needed to register it.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Align our open source interfaces", min_length = 1, max_length = 200)
    )]
    pub title: String,
    /// What it is about.
    #[cfg_attr(feature = "openapi", schema(required = false, max_length = 10_000))]
    pub summary: String,
}

impl Editable for IdeaContent {
    const FIELDS: &'static [Field<Self>] = &[field!(title: Title), field!(summary: Prose)];
}

/// An idea as a sender registers it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewIdea {
    /// Its id: lower-case letters, digits, `-`, `_` and `.`; or whatever a link names it by.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "oss-interface-alignment", min_length = 1, max_length = 200)
    )]
    pub idea_id: String,
    /// What is written of it.
    #[serde(flatten)]
    pub content: IdeaContent,
}

/// An idea as it is registered. Of a stub, which is named by a link or a spec but not registered, all texts are empty
/// and the version is 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Idea {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(example = "oss-interface-alignment"))]
    pub idea_id: String,
    /// What is written of it.
    #[serde(flatten)]
    pub content: IdeaContent,
    /// How often it was written: 1 when registered, one more with each edit; 0 of a stub.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub version: i64,
    /// When it was registered, or of a stub when it was first named.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    pub updated_at: DateTime<Utc>,
}

/// What an idea's links add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdeaTotals {
    /// How many links begin with it.
    #[cfg_attr(feature = "openapi", schema(example = 2))]
    pub link_count: i64,
    /// How many specs belong to it or are named by its links.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub spec_count: i64,
    /// The sum of the measured values of its links.
    #[cfg_attr(feature = "openapi", schema(example = 100.0))]
    pub actual_value: Amount,
    /// The sum of the estimated costs of its links.
    #[cfg_attr(feature = "openapi", schema(example = 120.0))]
    pub actual_cost: Amount,
}

impl IdeaTotals {
    /// Value over cost; 0 where that is 0.
    pub fn actual_roi(&self) -> Ratio {
        Ratio::of(self.actual_value, self.actual_cost)
    }
}

/// An idea with its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeaRecord {
    /// The idea.
    pub idea: Idea,
    /// What its links add up to.
    pub totals: IdeaTotals,
}

impl Idea {
    /// Whether it was registered.
    pub const fn is_registered(&self) -> bool {
        self.version > 0
    }

    /// What to call it: its title, or its id where it has none.
    pub fn name(&self) -> &str {
        if self.content.title.is_empty() { &self.idea_id } else { &self.content.title }
    }

    /// The idea with other content: the next version.
    pub fn edited(self, content: IdeaContent, at: DateTime<Utc>) -> Self {
        Self { content, version: self.version + 1, updated_at: self.updated_at.max(at), ..self }
    }
}

impl NewIdea {
    /// Checks what was sent, naming every wrong field.
    pub fn read(node: &Node) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let idea = Fields::open(node, "", &["idea_id", "title", "summary"], errors_ref).and_then(|fields| {
            let idea_id = read_id(&fields, "idea_id", errors_ref);
            let _ = fields.required("title", errors_ref);
            let content = Patch::read(&fields, errors_ref).applied_to(&IdeaContent::default());
            Some(Self { idea_id: idea_id?, content })
        });
        errors.finish(idea)
    }

    /// The idea as registered.
    pub fn registered(self, at: DateTime<Utc>) -> Idea {
        Idea { idea_id: self.idea_id, content: self.content, version: 1, created_at: at, updated_at: at }
    }
}

/// Which ideas to list: last edited first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeaQuery {
    /// Words that must all be in the idea's id, title or the beginning of its summary, whatever their case.
    pub search: String,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for IdeaQuery {
    fn default() -> Self {
        Self { search: String::new(), limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl IdeaQuery {
    /// Reads `q`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["q", "limit", "cursor"])?;
        Ok(Self { search: parameters.search()?, limit: parameters.limit()?, cursor: parameters.cursor()? })
    }
}
