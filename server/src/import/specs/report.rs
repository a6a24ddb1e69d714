//! What an import did, file by file.

use super::fields::{Count, Found};
use serde::Serialize;
use std::fmt;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its spec was registered.
    Registered,
    /// Its spec was there, and has a new version.
    Updated,
    /// The registry says the same already.
    Unchanged,
    /// Somebody else wrote what is there, and it stays.
    Kept,
    /// It could not be read.
    CouldNotBeRead,
    /// It is no spec.
    PassedOver,
}

/// What was taken of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Took {
    /// The field.
    pub field: &'static str,
    /// How many of what it was made of, where it was made of several.
    #[serde(flatten)]
    pub count: Option<Count>,
    #[serde(skip)]
    words: String,
}

impl From<&Found> for Took {
    fn from(found: &Found) -> Self {
        Self { field: found.field, count: found.count, words: found.to_string() }
    }
}

/// A file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file.
    pub path: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The spec that it is about, where that could be read.
    pub spec_id: Option<String>,
    /// The version that the spec has, where it was written.
    pub version: Option<i64>,
    /// What was read of it.
    pub took: Vec<Took>,
    /// What of it was not.
    pub not_taken: Vec<String>,
    /// Why nothing was written, where that is not as it should be.
    pub reason: Option<String>,
}

/// An import.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// Specs that were registered; in a dry run, those that would be.
    pub registered: usize,
    /// Specs that were updated.
    pub updated: usize,
    /// Specs that were as their files have them.
    pub unchanged: usize,
    /// Specs that somebody else wrote, and that stay.
    pub kept: usize,
    /// Files that could not be read.
    pub could_not_be_read: usize,
    /// Files that are no specs.
    pub passed_over: usize,
    /// Every file.
    pub files: Vec<FileReport>,
}

impl FileReport {
    /// A file of which nothing is known yet but what became of it.
    pub fn of(path: &str, outcome: Outcome) -> Self {
        Self {
            path: path.to_owned(),
            outcome,
            spec_id: None,
            version: None,
            took: Vec::new(),
            not_taken: Vec::new(),
            reason: None,
        }
    }

    /// What became of it, on one line.
    pub fn line(&self, dry_run: bool) -> String {
        let id = self.spec_id.as_deref().unwrap_or_default();
        let reason = self.reason.as_deref().unwrap_or_default();
        let what = match (self.outcome, dry_run) {
            (Outcome::Registered, false) => format!("registered {id}: {}", self.taken()),
            (Outcome::Registered, true) => format!("would register {id}: {}", self.taken()),
            (Outcome::Updated, false) => format!("updated {id}: {}", self.taken()),
            (Outcome::Updated, true) => format!("would update {id}: {}", self.taken()),
            (Outcome::Unchanged, _) => format!("unchanged {id}"),
            (Outcome::Kept, _) => format!("kept {id}: {reason}"),
            (Outcome::CouldNotBeRead, _) => format!("could not be read: {reason}"),
            (Outcome::PassedOver, _) => format!("passed over: {reason}"),
        };
        let rest = match self.not_taken.as_slice() {
            [] => String::new(),
            notes => format!("; not taken: {}", notes.join("; ")),
        };
        // A path or a message may hold anything; a line is a line.
        format!("{}: {what}{rest}", self.path).replace(char::is_control, "\u{fffd}")
    }

    fn taken(&self) -> String {
        self.took.iter().map(|took| took.words.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Report {
    /// Counts a file.
    pub fn add(&mut self, file: FileReport) {
        *match file.outcome {
            Outcome::Registered => &mut self.registered,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Kept => &mut self.kept,
            Outcome::CouldNotBeRead => &mut self.could_not_be_read,
            Outcome::PassedOver => &mut self.passed_over,
        } += 1;
        self.files.push(file);
    }
}

/// The counts, on one line.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { registered, updated, unchanged, kept, could_not_be_read, passed_over, .. } = self;
        match self.files.len() {
            1 => write!(formatter, "1 file: ")?,
            several => write!(formatter, "{several} files: ")?,
        }
        let would = if self.dry_run { "would be " } else { "" };
        write!(
            formatter,
            "{registered} {would}registered, {updated} {would}updated, {unchanged} unchanged, \
             {kept} kept (edited by hand), {could_not_be_read} could not be read"
        )?;
        if *passed_over > 0 {
            write!(formatter, ", {passed_over} passed over (no specs)")?;
        }
        formatter.write_str(if self.dry_run { "; nothing was written" } else { "" })
    }
}
