//! Credits that an operation touches, as they were and as they will be; and the totals that move by the difference.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::{JsonRows, to_json};
use super::rows::{self, KeptCredit, credit_columns};
use super::statements::{ADD_TOTALS, DELETE_CREDITS, DELETE_EMPTY_TOTALS, PUT_CREDITS, of_texts};
use domain::{
    contribution::{Credit, month_of},
    error::Error,
    id::UnitId,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Credits by id, before and after.
#[derive(Debug, Default)]
pub struct Book {
    before: BTreeMap<String, KeptCredit>,
    /// As they will be.
    pub after: BTreeMap<String, KeptCredit>,
}

/// Credits of units.
const OF_UNITS: Sql =
    of_texts!(concat!("SELECT ", credit_columns!(), " FROM credits WHERE unit_id"), "ORDER BY id");

impl Book {
    /// The credits of some units, as they are kept.
    pub async fn of_units<'a>(
        connection: &mut Connection,
        units: impl IntoIterator<Item = &'a UnitId>,
    ) -> Result<Self, BatchError> {
        let units: BTreeSet<&UnitId> = units.into_iter().collect();
        let mut book = Self::default();
        if units.is_empty() {
            return Ok(book);
        }
        for mut row in connection.all(OF_UNITS, &[to_json(&units)?.as_str().into()], "credits").await? {
            let kept = rows::credit(&mut row)?;
            book.before.insert(kept.id.clone(), kept);
        }
        book.after.clone_from(&book.before);
        Ok(book)
    }

    /// The pieces that its credits are for.
    pub fn claims(&self) -> BTreeSet<String> {
        self.after.values().filter_map(|kept| kept.credit.claim.clone()).collect()
    }

    /// What a unit earned, instead of whatever it had. What became of the work is not known by what it was, so outcomes
    /// stay.
    pub fn put_unit(&mut self, repository: &str, credits: Vec<Credit>) {
        for credit in credits {
            let mut kept = KeptCredit::of(repository, credit);
            if let Some(before) = self.before.get(&kept.id) {
                kept.credit.outcome = before.credit.outcome;
            }
            self.after.insert(kept.id.clone(), kept);
        }
    }

    /// Writes what differs; how many credits there are more.
    pub async fn write(self, connection: &mut Connection) -> Result<i64, BatchError> {
        let (mut gone, mut put) = (Vec::new(), JsonRows::default());
        let mut totals: BTreeMap<TotalKey, (i64, i64)> = BTreeMap::new();
        for (id, kept) in &self.before {
            if self.after.get(id) != Some(kept) {
                add(&mut totals, &kept.credit, -1);
                if !self.after.contains_key(id) {
                    gone.push(id);
                }
            }
        }
        for (id, kept) in &self.after {
            if self.before.get(id) != Some(kept) {
                add(&mut totals, &kept.credit, 1);
                put.push(&kept.row().to_string());
            }
        }
        let more = i64::try_from(self.after.len()).unwrap_or_default()
            - i64::try_from(self.before.len()).unwrap_or_default();
        let mut writes: Vec<(Sql, String)> = Vec::new();
        if !gone.is_empty() {
            writes.push((DELETE_CREDITS, to_json(&gone)?));
        }
        writes.extend(put.finish().map(|rows| (PUT_CREDITS, rows)));
        totals.retain(|_, sums| *sums != (0, 0));
        let months: BTreeSet<i64> = totals.keys().map(|key| key.0).collect();
        let rows: JsonRows = totals
            .iter()
            .map(|((month, contributor, role, principal), (credits, outcome))| {
                json!([month, contributor, role, principal, credits, outcome])
            })
            .collect();
        if let Some(rows) = rows.finish() {
            writes.push((ADD_TOTALS, rows));
            writes.push((DELETE_EMPTY_TOTALS, to_json(&months)?));
        }
        connection.run_all(&writes).await?;
        Ok(more)
    }
}

/// Month, contributor, role, principal.
pub type TotalKey = (i64, String, &'static str, String);

/// Adds a credit to totals, or takes it away: in the month in which it was earned, and the other way round in that in
/// which it ended.
pub fn add(totals: &mut BTreeMap<TotalKey, (i64, i64)>, credit: &Credit, times: i64) {
    if !credit.counted {
        return;
    }
    let mut move_by = |month: i64, times: i64| {
        let principal = credit.principal.clone().unwrap_or_default();
        let sums =
            totals.entry((month, credit.contributor.clone(), credit.role.name(), principal)).or_default();
        sums.0 += times;
        sums.1 += times * credit.outcome.micros();
    };
    move_by(month_of(credit.earned_at.date_naive()), times);
    if let Some(ended) = credit.ended_at {
        move_by(month_of(ended.date_naive()), -times);
    }
}

/// A number of a list as the error of a row that cannot be.
pub fn broken(error: impl std::fmt::Display) -> BatchError {
    Error::Store(error.to_string()).into()
}
