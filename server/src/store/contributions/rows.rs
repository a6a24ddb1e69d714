//! From rows to the types of contributions and back, once, at the edge.

use super::super::connection::Row;
use super::super::prepare::to_json;
use super::super::rows::time;
use chrono::{DateTime, Utc};
use domain::{
    canonical::hex,
    contribution::{
        Credit, KnowledgeKind, KnowledgeObject, MergeKind, Provenance, ReadUnit, Repository, Role, UnitCard,
        UnitClass,
    },
    error::Error,
    id::UnitId,
    money::{Score, Weight},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Columns of a unit in short, in the order in which [`card`] reads them.
macro_rules! card_columns {
    () => {
        "units.id, units.repository, units.sha, units.position, units.kind, units.class, units.forge, units.number, \
         units.title, units.proposer, units.merged_at, units.files, units.lines_added, units.lines_removed, \
         units.lines_partial, units.reverted_by, units.ended_at"
    };
}
/// Columns of a credit, in the order in which [`credit`] reads them.
macro_rules! credit_columns {
    () => {
        "credits.id, credits.contributor, credits.named_as, credits.role, credits.unit_id, credits.repository, \
         credits.claim, credits.counted, credits.principal, credits.weight_set, credits.weight, credits.provenance, \
         credits.confidence, credits.earned_at, credits.ended_at, credits.outcome"
    };
}
/// Columns of a piece of knowledge, in the order in which [`object`] reads them.
macro_rules! object_columns {
    () => {
        "knowledge.repository, knowledge.path, knowledge.slug, knowledge.kind, knowledge.title, knowledge.domain, \
         knowledge.confidence, knowledge.status, knowledge.sources, knowledge.added_by, knowledge.touched_by, \
         knowledge.removed_by"
    };
}
pub(super) use {card_columns, credit_columns, object_columns};

/// A credit as it is kept: its id, its repository, itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCredit {
    /// Its id.
    pub id: String,
    /// The unit's repository.
    pub repository: String,
    /// The credit.
    pub credit: Credit,
}

impl KeptCredit {
    /// A credit of a unit of a repository.
    pub fn of(repository: &str, credit: Credit) -> Self {
        let claim = credit.claim.as_deref().unwrap_or_default();
        let id = digest_of(&[&credit.unit.to_string(), credit.role.name(), &credit.contributor, claim]);
        Self { id, repository: repository.to_owned(), credit }
    }

    /// Its row.
    pub fn row(&self) -> Value {
        let credit = &self.credit;
        json!([
            self.id,
            credit.contributor,
            credit.named_as,
            credit.role,
            credit.unit,
            self.repository,
            credit.claim.as_deref().unwrap_or_default(),
            i64::from(credit.counted),
            credit.principal.as_deref().unwrap_or_default(),
            credit.weight_set,
            credit.weight.micros(),
            credit.provenance,
            credit.confidence.micros(),
            credit.earned_at.timestamp_micros(),
            credit.ended_at.map(|at| at.timestamp_micros()),
            credit.outcome.micros(),
        ])
    }
}

/// A digest of texts: the first 16 bytes of their SHA-256, each with its length before it.
pub fn digest_of(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hex(&hash.finalize()[..16])
}

fn optional(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn optional_time(row: &mut Row) -> Result<Option<DateTime<Utc>>, Error> {
    row.optional_integer()?.map(time).transpose()
}

/// A text that is an id, or nothing.
fn optional_unit(row: &mut Row) -> Result<Option<UnitId>, Error> {
    let read =
        |text: String| text.parse().map_err(|_| Error::Store(format!("corrupt row: {text:?} is no unit")));
    row.optional_text()?.map(read).transpose()
}

/// A unit in short.
pub fn card(row: &mut Row) -> Result<UnitCard, Error> {
    Ok(UnitCard {
        id: row.parsed(str::parse)?,
        repository: row.text()?,
        sha: row.text()?,
        position: row.integer()?,
        kind: row.parsed(|name| serde_json::from_value::<MergeKind>(Value::from(name)))?,
        class: row.parsed(|name| UnitClass::named(name).ok_or("no class"))?,
        forge: row.optional_text()?,
        number: row.optional_integer()?,
        title: row.text()?,
        proposer: row.optional_text()?,
        merged_at: time(row.integer()?)?,
        files: row.integer()?,
        lines_added: row.integer()?,
        lines_removed: row.integer()?,
        lines_partial: row.integer()? != 0,
        reverted_by: optional_unit(row)?,
        ended_at: optional_time(row)?,
    })
}

/// A credit.
pub fn credit(row: &mut Row) -> Result<KeptCredit, Error> {
    let id = row.text()?;
    let contributor = row.text()?;
    let named_as = row.text()?;
    let role = row.parsed(|name| Role::named(name).ok_or("no role"))?;
    let unit = row.parsed(str::parse)?;
    let repository = row.text()?;
    let credit = Credit {
        contributor,
        named_as,
        role,
        unit,
        claim: optional(row.text()?),
        counted: row.integer()? != 0,
        principal: optional(row.text()?),
        weight_set: row.text()?,
        weight: Weight::from_micros(row.integer()?),
        provenance: row.parsed(|name| Provenance::named(name).ok_or("no provenance"))?,
        confidence: Score::from_micros(row.integer()?),
        earned_at: time(row.integer()?)?,
        ended_at: optional_time(row)?,
        outcome: Weight::from_micros(row.integer()?),
    };
    Ok(KeptCredit { id, repository, credit })
}

/// A piece of knowledge.
pub fn object(row: &mut Row) -> Result<KnowledgeObject, Error> {
    Ok(KnowledgeObject {
        repository: row.text()?,
        path: row.text()?,
        slug: row.text()?,
        kind: row.parsed(|name| KnowledgeKind::named(name).ok_or("no kind"))?,
        title: row.text()?,
        domain: row.optional_text()?,
        confidence: row.optional_text()?,
        status: row.optional_text()?,
        sources: row.parsed(|text| serde_json::from_str(text))?,
        added_by: row.parsed(str::parse)?,
        touched_by: row.parsed(str::parse)?,
        removed_by: optional_unit(row)?,
    })
}

/// A repository: name, branch, head, units, shallow, policy, its hash and its file.
pub fn repository(row: &mut Row) -> Result<Repository, Error> {
    Ok(Repository {
        name: row.text()?,
        branch: row.text()?,
        head_sha: row.text()?,
        units: row.integer()?,
        shallow: row.integer()? != 0,
        policy: row.text()?,
        policy_hash: row.text()?,
        policy_text: row.text()?,
    })
}

/// A repository's row.
pub fn repository_row(it: &Repository) -> Value {
    json!([
        it.name,
        it.branch,
        it.head_sha,
        it.units,
        i64::from(it.shallow),
        it.policy,
        it.policy_hash,
        it.policy_text
    ])
}

/// A unit as it was read.
pub fn facts(row: &mut Row) -> Result<ReadUnit, Error> {
    row.parsed(|text| serde_json::from_str(text))
}

/// A unit's facts as they are kept. No database keeps the character zero in a text.
pub fn facts_text(unit: &ReadUnit) -> Result<String, Error> {
    fn without_zero(value: &mut Value) {
        match value {
            Value::String(text) => *text = text.replace('\0', "\u{fffd}"),
            Value::Array(items) => items.iter_mut().for_each(without_zero),
            Value::Object(members) => members.values_mut().for_each(without_zero),
            _ => {}
        }
    }
    let text = to_json(unit)?;
    if !text.contains("\\u0000") {
        return Ok(text);
    }
    let mut value: Value = serde_json::from_str(&text).map_err(|error| Error::Store(error.to_string()))?;
    without_zero(&mut value);
    to_json(&value)
}
