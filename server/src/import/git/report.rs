//! What an import of a history did.

use crate::import::history::Reason;
use domain::contribution::{ImportCounts, ImportStatus, IssueCount};
use serde::Serialize;
use std::fmt;

/// An import.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The repository's name.
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// What it came to.
    pub status: ImportStatus,
    /// Why nothing was read, and what to do about it.
    pub message: Option<String>,
    /// The commit up to which it is read now; none where nothing was ever.
    pub head_sha: Option<String>,
    /// The policy's name.
    pub policy: String,
    /// The policy's hash.
    pub policy_hash: String,
    /// Whether the clone is shallow.
    pub shallow: bool,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// What was counted.
    pub counts: ImportCounts,
    /// What could not be read whole, by reason.
    pub issues: Vec<IssueCount>,
}

impl Report {
    /// Whether everything new was read.
    pub const fn is_complete(&self) -> bool {
        matches!(self.status, ImportStatus::Complete)
    }
}

/// How many of what.
fn count(number: i64, one: &str, several: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {several}") }
}

/// The summary for a reader, of a few lines.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.head_sha.as_deref().unwrap_or("nothing").chars().take(12).collect::<String>();
        write!(formatter, "{}, {} at {head}, by {}: ", self.repository, self.branch, self.policy)?;
        if let Some(message) = &self.message {
            return formatter.write_str(message);
        }
        let counts = &self.counts;
        if counts.units == 0 {
            return formatter.write_str("nothing new");
        }
        let would = if self.dry_run { " would be read" } else { "" };
        write!(
            formatter,
            "{}{would} ({} of knowledge, {} of the pipeline, {} of neither), {} to pieces of knowledge, {}",
            count(counts.units, "new change", "new changes"),
            counts.knowledge,
            counts.pipeline,
            counts.other,
            count(counts.objects, "change", "changes"),
            count(counts.credits, "credit", "credits"),
        )?;
        if counts.issues > 0 {
            write!(formatter, "\n{} not as it should be:", count(counts.issues, "thing was", "things were"))?;
        }
        for issue in &self.issues {
            let label: &str = Reason::named(&issue.reason).map_or(&*issue.reason, |reason| reason.label());
            write!(formatter, "\n{:>7}  {label} ({})", issue.count, issue.reason)?;
        }
        formatter.write_str(if self.dry_run { "\nNothing was written." } else { "" })
    }
}
