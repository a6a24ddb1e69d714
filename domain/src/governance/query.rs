//! Lists of flags and vetoes.

use super::{FlagStatus, FlagSubject, Flaggable, VetoStatus};
use crate::contribution::handle_of;
use crate::error::Error;
use crate::id::UnitId;
use crate::page::{Cursor, DEFAULT_LIMIT, Parameters};

/// Which flags to list: those whose subject is flagged most heavily first, then the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagQuery {
    /// Only those on this kind of thing.
    pub kind: Option<Flaggable>,
    /// Only those on this.
    pub subject: Option<FlagSubject>,
    /// Only those of this contributor, by handle.
    pub contributor: Option<String>,
    /// Only those that stand, or do not.
    pub status: Option<FlagStatus>,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for FlagQuery {
    fn default() -> Self {
        Self {
            kind: None,
            subject: None,
            contributor: None,
            status: None,
            limit: DEFAULT_LIMIT,
            cursor: None,
        }
    }
}

impl FlagQuery {
    /// Reads `subject_kind`, `subject` (which needs the kind), `contributor`, `status`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["subject_kind", "subject", "contributor", "status", "limit", "cursor"])?;
        let kind = named(parameters, "subject_kind", &Flaggable::NAMES, Flaggable::named)?;
        let subject = match (parameters.id("subject")?, kind) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(Error::field("subject_kind", "is needed where there is a subject"));
            }
            (Some(text), Some(kind)) => {
                Some(FlagSubject::read(kind, &text).map_err(|problem| Error::field("subject", problem))?)
            }
        };
        Ok(Self {
            kind,
            subject,
            contributor: contributor(parameters)?,
            status: named(parameters, "status", &FlagStatus::NAMES, FlagStatus::named)?,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}

/// Which flagged things to list: the most heavily flagged first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlaggedQuery {
    /// Only this kind of thing.
    pub kind: Option<Flaggable>,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for FlaggedQuery {
    fn default() -> Self {
        Self { kind: None, limit: DEFAULT_LIMIT, cursor: None }
    }
}

/// Which vetoes to list: newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VetoQuery {
    /// Only those of this change.
    pub unit: Option<UnitId>,
    /// Only those of this contributor, by handle.
    pub contributor: Option<String>,
    /// Only those that hold, or do not.
    pub status: Option<VetoStatus>,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for VetoQuery {
    fn default() -> Self {
        Self { unit: None, contributor: None, status: None, limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl VetoQuery {
    /// Reads `unit`, `contributor`, `status`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["unit", "contributor", "status", "limit", "cursor"])?;
        let unit = parameters
            .get("unit")
            .map(|text| text.parse().map_err(|_| Error::field("unit", "must be the id of a merged change")));
        Ok(Self {
            unit: unit.transpose()?,
            contributor: contributor(parameters)?,
            status: named(parameters, "status", &VetoStatus::NAMES, VetoStatus::named)?,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}

fn contributor(parameters: &Parameters<'_>) -> Result<Option<String>, Error> {
    let Some(name) = parameters.id("contributor")? else { return Ok(None) };
    let handle = handle_of(&name);
    handle.map(Some).ok_or_else(|| Error::field("contributor", "must be the handle of a contributor"))
}

fn named<T>(
    parameters: &Parameters<'_>,
    name: &str,
    names: &[&str],
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(text) = parameters.get(name) else { return Ok(None) };
    read(text).map(Some).ok_or_else(|| Error::field(name, format!("must be one of {}", names.join(", "))))
}
