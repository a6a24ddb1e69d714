//! Which contributors, credits and units to list.

use super::people::ContributorKind;
use super::role::Role;
use super::unit::UnitClass;
use super::weights::{DEFAULT_WEIGHTS, WeightSet};
use crate::error::Error;
use crate::page::{Cursor, DEFAULT_LIMIT, Order, Parameters};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum IndexVersion {
    /// By the roles that were played.
    #[default]
    V1,
    /// By what became of the work.
    V2,
    /// By its use.
    V3,
}

impl IndexVersion {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::V1, Self::V2, Self::V3];
    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 3] = ["v1", "v2", "v3"];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The version of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}

/// What contributors are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ContributorSort {
    /// The index asked for, with that of agents who work for them.
    #[default]
    Ci,
    /// Handle.
    Handle,
    /// How many credits count.
    Credits,
    /// When they were first seen.
    First,
    /// When last.
    Last,
}

impl ContributorSort {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Ci, Self::Handle, Self::Credits, Self::First, Self::Last];
    /// The names as they are sent, in order.
    pub const NAMES: [&'static str; 5] = ["ci", "handle", "credits", "first", "last"];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The sort of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// Which contributors to list, and how they are scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContributorQuery {
    /// Words that must all be in the handle, name or aliases, whatever their case.
    pub search: String,
    /// Of this kind only.
    pub kind: Option<ContributorKind>,
    /// Under which weight set.
    pub weights: &'static WeightSet,
    /// By which index.
    pub version: IndexVersion,
    /// The first month that counts, as year × 12 + month − 1.
    pub from_month: Option<i64>,
    /// The last month that counts, likewise.
    pub to_month: Option<i64>,
    /// What to sort by.
    pub sort: ContributorSort,
    /// In which direction.
    pub order: Order,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl ContributorQuery {
    /// Reads `q`, `kind`, `weights`, `version`, `from` and `to` (months, `2026-03`), `sort`, `order`, `limit`, `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters
            .known(&["q", "kind", "weights", "version", "from", "to", "sort", "order", "limit", "cursor"])?;
        let (from_month, to_month) = (month(parameters, "from")?, month(parameters, "to")?);
        if let (Some(from), Some(to)) = (from_month, to_month)
            && from > to
        {
            return Err(Error::field("to", "must not be before from"));
        }
        Ok(Self {
            search: parameters.search()?,
            kind: word(parameters, "kind", &ContributorKind::NAMES, ContributorKind::named)?,
            weights: weights(parameters)?,
            version: word(parameters, "version", &IndexVersion::NAMES, IndexVersion::named)?
                .unwrap_or_default(),
            from_month,
            to_month,
            sort: word(parameters, "sort", &ContributorSort::NAMES, ContributorSort::named)?
                .unwrap_or_default(),
            order: parameters.order()?,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}

/// Which credits to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditQuery {
    /// Of this contributor only.
    pub contributor: Option<String>,
    /// For this role only.
    pub role: Option<Role>,
    /// Only those that count, and neither those that only say for what nor those that ended.
    pub counted: bool,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for CreditQuery {
    fn default() -> Self {
        Self { contributor: None, role: None, counted: false, limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl CreditQuery {
    /// Reads `role`, `counted`, `limit` and `cursor`; `weights` may stand beside them.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["role", "counted", "weights", "limit", "cursor"])?;
        let counted =
            word(parameters, "counted", &["true", "false"], |name| Some(name == "true"))?.unwrap_or(false);
        Ok(Self {
            contributor: None,
            role: word(parameters, "role", &Role::NAMES, Role::named)?,
            counted,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}

/// Which units to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitQuery {
    /// Words that must all be in the title, proposer, commit or number.
    pub search: String,
    /// Of this repository only.
    pub repository: Option<String>,
    /// Of this class only.
    pub class: Option<UnitClass>,
    /// Proposed by this contributor only.
    pub proposer: Option<String>,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for UnitQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            repository: None,
            class: None,
            proposer: None,
            limit: DEFAULT_LIMIT,
            cursor: None,
        }
    }
}

impl UnitQuery {
    /// Reads `q`, `repository`, `class`, `proposer`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["q", "repository", "class", "proposer", "limit", "cursor"])?;
        Ok(Self {
            search: parameters.search()?,
            repository: parameters.id("repository")?,
            class: word(parameters, "class", &UnitClass::NAMES, UnitClass::named)?,
            proposer: parameters.id("proposer")?,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}

/// Which runs or issues of imports to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportQuery {
    /// Of this repository only.
    pub repository: Option<String>,
    /// Of this reason only; for issues.
    pub reason: Option<String>,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for ImportQuery {
    fn default() -> Self {
        Self { repository: None, reason: None, limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl ImportQuery {
    /// Reads `repository`, `reason`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["repository", "reason", "limit", "cursor"])?;
        Ok(Self {
            repository: parameters.id("repository")?,
            reason: parameters.id("reason")?,
            limit: parameters.limit()?,
            cursor: parameters.cursor()?,
        })
    }
}

/// The month of a day, as year × 12 + month − 1.
pub fn month_of(day: NaiveDate) -> i64 {
    use chrono::Datelike as _;
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// A month as it is sent: `2026-03`.
pub fn month_name(month: i64) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

fn month(parameters: &Parameters<'_>, name: &str) -> Result<Option<i64>, Error> {
    let Some(text) = parameters.get(name) else { return Ok(None) };
    let read = (text.len() == 7).then(|| format!("{text}-01").parse().ok()).flatten();
    read.map(|day| Some(month_of(day))).ok_or_else(|| Error::field(name, "must be a month such as 2026-03"))
}

/// The weight set that `weights` names.
pub fn weights(parameters: &Parameters<'_>) -> Result<&'static WeightSet, Error> {
    let name = parameters.get("weights").unwrap_or(DEFAULT_WEIGHTS);
    WeightSet::named(name).ok_or_else(|| {
        let names: Vec<&str> = WeightSet::all().iter().map(|set| set.name.as_str()).collect();
        Error::field("weights", format!("must be one of {}", names.join(", ")))
    })
}

fn word<T>(
    parameters: &Parameters<'_>,
    name: &str,
    names: &[&str],
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    let Some(text) = parameters.get(name) else { return Ok(None) };
    let read = names.contains(&text).then(|| read(text)).flatten();
    read.map(Some).ok_or_else(|| Error::field(name, format!("must be one of {}", names.join(", "))))
}
