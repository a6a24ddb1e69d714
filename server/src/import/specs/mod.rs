//! Reads specs from Markdown files and writes them into the registry.
//!
//! Desired properties:
//! - a file that cannot be read stops no other;
//! - what is read becomes the tree that a JSON body becomes, so that one rule checks both;
//! - of every file one line says what was taken and what was not.

mod fields;
pub mod files;
mod front_matter;
mod headings;
mod outline;
mod report;
mod repository;
mod run;
#[cfg(test)]
mod tests;

pub use report::{FileReport, Outcome, Report};
pub use run::Import;

use crate::import::front_matter::split;
use domain::{
    edit::Editable as _,
    input::Node,
    spec::{ImportedSpec, SpecContent},
};
use fields::Found;

/// Bytes that a file may have.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A spec that was read from a file.
#[derive(Debug)]
pub struct SpecFile {
    /// The spec, checked.
    pub spec: ImportedSpec,
    /// What was found, field by field.
    pub found: Vec<Found>,
    /// What was passed over.
    pub notes: Vec<String>,
}

/// Why no spec was read from a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Unread {
    /// It should be one and cannot be taken.
    Wrong(String),
    /// Nothing in it says that it is one.
    NoSpec,
}

/// Reads the file at a path: front matter, and headings for what it does not say.
pub fn read(path: &str, bytes: &[u8]) -> Result<SpecFile, Unread> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Unread::Wrong(format!("it is not UTF-8 text, as its byte {} shows", error.valid_up_to() + 1))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Unread::Wrong("it is empty".into()));
    }
    let (yaml, markdown) = split(text).map_err(Unread::Wrong)?;
    let front = front_matter::read(yaml.unwrap_or_default()).map_err(Unread::Wrong)?;
    let headings = headings::read(markdown);
    if front.found.is_empty() && front.spec_id.is_none() && !headings.is_spec {
        return Err(Unread::NoSpec);
    }
    let mut notes: Vec<String> =
        front.unknown.iter().map(|name| format!("{name} is no field of the registry")).collect();
    let said = |field: &str| front.found.iter().any(|found| found.field == field);
    notes.extend(headings.notes.into_iter().filter(|note| !note.split(':').next().is_some_and(said)));
    let spec_id = front.spec_id.unwrap_or_else(|| id_of(path));
    let mut found = merged(path, front.found, headings.found);
    if !found.iter().any(|found| found.field == "title") {
        return Err(Unread::Wrong(
            "it has no title, neither a heading with one # nor in front matter".into(),
        ));
    }
    let members = found.iter().map(|found| (found.field.to_owned(), found.node.clone()));
    let node =
        Node::Object([("spec_id".to_owned(), Node::Text(spec_id))].into_iter().chain(members).collect());
    let spec = ImportedSpec::read(path, &node).map_err(|error| Unread::Wrong(told(&error)))?;
    // That a file is its own source goes without saying.
    found.retain(|found| found.field != "source_files" || found.count.is_some());
    Ok(SpecFile { spec, found, notes })
}

/// The first of each field, in the registry's order; the file itself where nothing else is said to be its source.
fn merged(path: &str, front: Vec<Found>, headings: Vec<Found>) -> Vec<Found> {
    let own = Node::List(vec![Node::Text(path.to_owned())]);
    let own = Found { field: "source_files", node: own, count: None };
    let all: Vec<Found> = front.into_iter().chain(headings).chain([own]).collect();
    let of_field = |name: &str| all.iter().find(|found| found.field == name).cloned();
    SpecContent::FIELDS.iter().filter_map(|field| of_field(field.name)).collect()
}

/// The id of a file that does not name its own: `048-value-lineage` of `specs/048-Value Lineage.md`.
fn id_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    name.strip_suffix(".md").unwrap_or(&name).replace(' ', "-")
}

/// Every wrong field, on one line.
pub(crate) fn told(error: &domain::error::Error) -> String {
    match error.fields() {
        [] => error.to_string(),
        fields => {
            let each = fields.iter().map(|wrong| format!("{} {}", wrong.field, wrong.message));
            each.collect::<Vec<_>>().join("; ")
        }
    }
}
