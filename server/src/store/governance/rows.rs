//! From rows to the types of the domain, and back.

use super::super::connection::Row;
use super::super::prepare::to_json;
use super::super::rows::{day, day_number, time};
use domain::{
    error::Error,
    governance::{ClaimUse, Flag, FlagRecord, FlagSubject, Flaggable, FlaggedSubject, Veto},
    money::Weight,
};
use serde_json::json;

/// A flag: id, body, subject's weight.
pub fn flag(mut row: Row) -> Result<FlagRecord, Error> {
    row.text()?;
    let flag = row.parsed(|text| serde_json::from_str(text))?;
    Ok(FlagRecord { flag, accumulated_weight: Weight::from_micros(row.integer()?) })
}

/// What is kept of a flag.
pub fn flag_row(flag: &Flag) -> Result<String, Error> {
    to_json(&json!([
        flag.id,
        flag.about().key(),
        flag.subject_kind.name(),
        flag.contributor,
        flag.status.name(),
        flag.weight.micros(),
        to_json(flag)?
    ]))
}

/// Something flagged: subject, kind, weight, standing flags, all flags, the newest.
pub fn flagged(mut row: Row) -> Result<FlaggedSubject, Error> {
    let row = &mut row;
    let key = row.text()?;
    let kind = row.parsed(|name| Flaggable::named(name).ok_or("nothing that can be flagged"))?;
    let id = key.split_once(':').map(|(_, id)| id.to_owned()).unwrap_or_default();
    Ok(FlaggedSubject {
        subject: FlagSubject { kind, id },
        weight: Weight::from_micros(row.integer()?),
        active: row.integer()?,
        flags: row.integer()?,
        newest: row.parsed(str::parse)?,
    })
}

/// What is kept as JSON in its second column, behind its id.
pub fn body<T: serde::de::DeserializeOwned>(mut row: Row) -> Result<T, Error> {
    row.text()?;
    row.parsed(|text| serde_json::from_str(text))
}

/// What is kept of a veto.
pub fn veto_row(veto: &Veto) -> Result<String, Error> {
    to_json(&json!([
        veto.id,
        veto.unit,
        veto.contributor,
        veto.status.name(),
        veto.created_at.timestamp_micros(),
        to_json(veto)?
    ]))
}

/// Columns of a use, in the order in which [`claim_use`] reads them.
macro_rules! use_columns {
    () => {
        "slug, day, metric, session, source, captured_at, external_id, created_at"
    };
}
pub(super) use use_columns;

/// A use of a claim that counts. How many count for its day stands elsewhere.
pub fn claim_use(mut row: Row) -> Result<ClaimUse, Error> {
    let row = &mut row;
    Ok(ClaimUse {
        claim: row.text()?,
        day: day(row.integer()?)?,
        metric: row.text()?,
        session: row.text()?,
        source: row.optional_text()?,
        captured_at: time(row.integer()?)?,
        external_id: row.optional_text()?,
        created_at: time(row.integer()?)?,
        counted: true,
        uses_that_day: 0,
    })
}

/// What is kept of a use, and the event that told of it.
pub fn use_row(claim_use: &ClaimUse, event: Option<&str>) -> String {
    json!([
        claim_use.claim,
        day_number(claim_use.captured_at),
        claim_use.metric,
        claim_use.session,
        claim_use.source,
        claim_use.captured_at.timestamp_micros(),
        claim_use.external_id,
        claim_use.created_at.timestamp_micros(),
        event
    ])
    .to_string()
}
