//! Lists of change requests.

use super::{Status, Subject};
use crate::error::Error;
use crate::page::{Cursor, DEFAULT_LIMIT, Parameters};

/// Which change requests to list: newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRequestQuery {
    /// Only those that have come this far.
    pub status: Option<Status>,
    /// Only those about this.
    pub subject: Option<Subject>,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for ChangeRequestQuery {
    fn default() -> Self {
        Self { status: None, subject: None, limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl ChangeRequestQuery {
    /// Reads `status`, one of `lineage_id`, `spec_id` and `idea_id`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["status", "lineage_id", "spec_id", "idea_id", "limit", "cursor"])?;
        let status = match parameters.get("status") {
            None => None,
            Some(name) => Some(Status::named(name).ok_or_else(|| {
                Error::field("status", format!("must be one of {}", Status::NAMES.join(", ")))
            })?),
        };
        let link = match parameters.get("lineage_id") {
            None => None,
            Some(text) => Some(
                text.parse().map_err(|_| Error::field("lineage_id", "must be the id of a lineage link"))?,
            ),
        };
        let mut subjects = [
            link.map(Subject::Link),
            parameters.id("spec_id")?.map(Subject::Spec),
            parameters.id("idea_id")?.map(Subject::Idea),
        ]
        .into_iter()
        .flatten();
        let subject = subjects.next();
        if subjects.next().is_some() {
            return Err(Error::field("lineage_id", "give one of lineage_id, spec_id and idea_id"));
        }
        Ok(Self { status, subject, limit: parameters.limit()?, cursor: parameters.cursor()? })
    }
}
