//! From rows of the registry to the types of the domain.

use super::super::connection::Row;
use super::super::rows::time;
use domain::{
    change_request::ChangeRequest,
    error::Error,
    idea::{Idea, IdeaContent},
    money::Amount,
    registry::InventorySource,
    spec::{SpecCard, SpecTotals},
};

/// Columns of a spec, in the order in which [`spec`] reads them.
macro_rules! spec_columns {
    () => {
        "spec_id, seq, registered, version, inventory_source, idea_id, potential_value, estimated_cost, given_cost, \
         has_implementation, has_evidence, actual_value, link_cost, link_count, named_link_count, \
         implemented_link_count, event_count, created_at, updated_at, title, excerpt"
    };
}
pub(super) use spec_columns;

fn amount(row: &mut Row) -> Result<Amount, Error> {
    row.integer().map(Amount::from_micros)
}

/// A spec, its place among others, and the row at the column behind them.
pub fn spec_and_rest(mut rest: Row) -> Result<(String, SpecCard, Row), Error> {
    let row = &mut rest;
    let spec_id = row.text()?;
    let seq = row.text()?;
    let card = SpecCard {
        spec_id,
        registered: row.integer()? != 0,
        version: row.integer()?,
        inventory_source: row.parsed(|name| InventorySource::named(name).ok_or("no inventory source"))?,
        idea_id: row.optional_text()?,
        potential_value: amount(row)?,
        estimated_cost: amount(row)?,
        given_cost: row.optional_integer()?.map(Amount::from_micros),
        has_implementation: row.integer()? != 0,
        has_evidence: row.integer()? != 0,
        totals: SpecTotals {
            actual_value: amount(row)?,
            link_cost: amount(row)?,
            link_count: row.integer()?,
            named_link_count: row.integer()?,
            implemented_link_count: row.integer()?,
            event_count: row.integer()?,
        },
        created_at: time(row.integer()?)?,
        updated_at: time(row.integer()?)?,
        title: row.text()?,
        excerpt: row.text()?,
    };
    Ok((seq, card, rest))
}

/// A spec, and its place among others.
pub fn spec_with_seq(row: Row) -> Result<(String, SpecCard), Error> {
    spec_and_rest(row).map(|(seq, card, _)| (seq, card))
}

/// A spec.
pub fn spec(row: Row) -> Result<SpecCard, Error> {
    spec_with_seq(row).map(|(_, card)| card)
}

/// An idea, with the beginning of its summary: id, version, times, title, excerpt.
pub fn idea(row: &mut Row) -> Result<Idea, Error> {
    let idea_id = row.text()?;
    let version = row.integer()?;
    let (created_at, updated_at) = (time(row.integer()?)?, time(row.integer()?)?);
    let content = IdeaContent { title: row.text()?, summary: row.text()? };
    Ok(Idea { idea_id, content, version, created_at, updated_at })
}

/// A change request: id, body.
pub fn change_request(mut row: Row) -> Result<ChangeRequest, Error> {
    let _ = row.text()?;
    row.parsed(|text| serde_json::from_str(text))
}
