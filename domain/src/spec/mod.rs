//! Specs: what was to be built, what it should be worth, and what came of it.
//!
//! Desired properties:
//! - what is derived is never stored by hand: actual value and gaps follow from links and their events;
//! - a spec that a link names is there, registered or not, so that nothing a link says is lost.

mod card;
mod import;
mod missing;
mod query;

pub use card::{CostSource, SpecCard, SpecTotals, roi_key};
pub use import::{Decision, ImportedSpec, Kept, SpecImport, TakenFields, TakenFile, decide};
pub use missing::{Action, Missing, MissingKind};
pub use query::{SpecQuery, SpecSort};

use crate::edit::{Editable, Field, Patch, field};
use crate::error::Error;
use crate::input::{Errors, Fields, Node};
use crate::money::Amount;
use crate::registry::{InventorySource, read_id};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::value::RawValue;

/// What is written of a spec, by hand or by an import.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpecContent {
    /// What it is called; needed to register it.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Value Lineage and Payout Attribution", min_length = 1, max_length = 200)
    )]
    pub title: String,
    /// What it is for.
    #[cfg_attr(feature = "openapi", schema(required = false, max_length = 10_000))]
    pub summary: String,
    /// How it is worked on.
    #[cfg_attr(feature = "openapi", schema(required = false, max_length = 10_000))]
    pub process_summary: String,
    /// What it does, step by step.
    #[cfg_attr(feature = "openapi", schema(required = false, max_length = 10_000))]
    pub pseudocode_summary: String,
    /// What was built of it.
    #[cfg_attr(feature = "openapi", schema(required = false, max_length = 10_000))]
    pub implementation_summary: String,
    /// The files that it is written in.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200, example = json!(["specs/assets-api.md"])))]
    pub source_files: Vec<String>,
    /// What shows that it works.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200))]
    pub evidence_refs: Vec<String>,
    /// The tasks that it is worked on in.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200))]
    pub task_ids: Vec<String>,
    /// The branches that it is worked on in.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200))]
    pub branches: Vec<String>,
    /// Where the work can be found: pull requests, commits, files.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200, example = json!(["PR#26"])))]
    pub implementation_refs: Vec<String>,
    /// What of it can be called.
    #[cfg_attr(feature = "openapi", schema(required = false, max_items = 200, example = json!(["GET /api/value-lineage/links"])))]
    pub public_endpoints: Vec<String>,
    /// The idea it belongs to.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 200, example = "oss-interface-alignment")
    )]
    pub idea_id: Option<String>,
    /// What it could be worth.
    #[cfg_attr(
        feature = "openapi",
        schema(required = false, example = 500.0, minimum = 0, maximum = 1_000_000_000_000_i64)
    )]
    pub potential_value: Amount,
    /// What it should cost.
    #[cfg_attr(
        feature = "openapi",
        schema(required = false, example = 120.0, minimum = 0, maximum = 1_000_000_000_000_i64)
    )]
    pub estimated_cost: Amount,
    /// What it did cost, where that is known better than by the sum of its links' costs.
    #[cfg_attr(feature = "openapi", schema(required = false, minimum = 0, maximum = 1_000_000_000_000_i64))]
    pub actual_cost: Option<Amount>,
}

impl Editable for SpecContent {
    const FIELDS: &'static [Field<Self>] = &[
        field!(title: Title),
        field!(summary: Prose),
        field!(process_summary: Prose),
        field!(pseudocode_summary: Prose),
        field!(implementation_summary: Prose),
        field!(source_files: Texts),
        field!(evidence_refs: Texts),
        field!(task_ids: Texts),
        field!(branches: Texts),
        field!(implementation_refs: Texts),
        field!(public_endpoints: Texts),
        field!(idea_id: Name),
        field!(potential_value: Amount),
        field!(estimated_cost: Amount),
        field!(actual_cost: OptionalAmount),
    ];
}

impl SpecContent {
    /// One of its lists, by its name; nothing where there is no such list.
    pub fn list(&self, name: &str) -> &[String] {
        match name {
            "source_files" => &self.source_files,
            "evidence_refs" => &self.evidence_refs,
            "task_ids" => &self.task_ids,
            "branches" => &self.branches,
            "implementation_refs" => &self.implementation_refs,
            "public_endpoints" => &self.public_endpoints,
            _ => &[],
        }
    }
}

/// A spec as a sender registers it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewSpec {
    /// Its id: lower-case letters, digits, `-`, `_` and `.`; or whatever a link names it by.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "048-value-lineage-and-payout-attribution", min_length = 1, max_length = 200)
    )]
    pub spec_id: String,
    /// What is written of it.
    #[serde(flatten)]
    pub content: SpecContent,
}

/// A spec as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spec {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(example = "048-value-lineage-and-payout-attribution"))]
    pub spec_id: String,
    /// What is written of it.
    #[serde(flatten)]
    pub content: SpecContent,
    /// Where it comes from.
    pub inventory_source: InventorySource,
    /// How often it was written: 1 when registered, one more with each edit.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub version: i64,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was last edited.
    pub updated_at: DateTime<Utc>,
}

/// Reads both halves from one text: a flattened struct would be read through a buffer that turns numbers into floats.
impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Head {
            spec_id: String,
            inventory_source: InventorySource,
            version: i64,
            created_at: DateTime<Utc>,
            updated_at: DateTime<Utc>,
        }
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let head: Head = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        Ok(Self {
            spec_id: head.spec_id,
            content: serde_json::from_str(raw.get()).map_err(D::Error::custom)?,
            inventory_source: head.inventory_source,
            version: head.version,
            created_at: head.created_at,
            updated_at: head.updated_at,
        })
    }
}

impl NewSpec {
    /// Checks what was sent, naming every wrong field.
    pub fn read(node: &Node) -> Result<Self, Error> {
        let (spec_id, given) = Self::read_given(node)?;
        Ok(Self { spec_id, content: given.applied_to(&SpecContent::default()) })
    }

    /// The same, but keeping apart what was sent from what was not: the id, and the fields that were given.
    pub fn read_given(node: &Node) -> Result<(String, Patch<SpecContent>), Error> {
        let mut known = Patch::<SpecContent>::names();
        known.insert(0, "spec_id");
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let given = Fields::open(node, "", &known, errors_ref).and_then(|fields| {
            let spec_id = read_id(&fields, "spec_id", errors_ref);
            let _ = fields.required("title", errors_ref);
            let given = Patch::read(&fields, errors_ref);
            Some((spec_id?, given))
        });
        errors.finish(given)
    }

    /// The spec as registered.
    pub fn registered(self, source: InventorySource, at: DateTime<Utc>) -> Spec {
        Spec {
            spec_id: self.spec_id,
            content: self.content,
            inventory_source: source,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }
}

impl Spec {
    /// The spec with other content: the next version.
    pub fn edited(self, content: SpecContent, at: DateTime<Utc>) -> Self {
        Self { content, version: self.version + 1, updated_at: self.updated_at.max(at), ..self }
    }
}
