//! Rows made ready before their turn: by the request that brings them, so that the one writer only joins texts.

use domain::{
    error::Error,
    event::UsageEvent,
    gate::GateReport,
    governance::may_name_claim,
    ledger::{Change, Entry},
    link::LineageLink,
    money::{Amount, Ratio},
    stage::Stage,
    store::Write,
};
use serde::Serialize;
use serde_json::{Value, json};

/// The rows of a change that do not depend on what is kept: JSON lists, one for each table.
#[derive(Debug, Clone)]
pub struct PreparedRows {
    /// The link or the event.
    pub content: String,
    /// The ledger entry.
    pub ledger: String,
}

impl PreparedRows {
    /// The rows of a change.
    pub fn of(write: &Write) -> Result<Self, Error> {
        let content = match &write.change {
            Change::FileLink { link } => link_row(link)?,
            Change::AppendEvent { event } => event_row(event)?,
            Change::KeepGateReport { subject, report, .. } => gate_run_row(subject.as_deref(), report)?,
            Change::RemoveGateLinks { .. } => String::new(),
            // What the registry keeps is decided in the writer's turn, its ledger entry too.
            _ => return Ok(Self { content: String::new(), ledger: String::new() }),
        };
        Ok(Self { content, ledger: ledger_row(write)? })
    }
}

/// Rows of a table as one JSON list of lists.
#[derive(Debug, Default)]
pub struct JsonRows(String);

impl JsonRows {
    /// Adds a row, a JSON list.
    pub fn push(&mut self, row: &str) {
        self.0.push(if self.0.is_empty() { '[' } else { ',' });
        self.0.push_str(row);
    }

    /// All rows, if there are any.
    pub fn finish(mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| {
            self.0.push(']');
            self.0
        })
    }
}

impl FromIterator<Value> for JsonRows {
    fn from_iter<I: IntoIterator<Item = Value>>(rows: I) -> Self {
        let mut all = Self::default();
        for row in rows {
            all.push(&row.to_string());
        }
        all
    }
}

fn link_row(link: &LineageLink) -> Result<String, Error> {
    to_json(&json!([
        link.id,
        link.idea_id,
        link.spec_id,
        link.estimated_cost.micros(),
        Ratio::of(Amount::ZERO, link.estimated_cost).sort_key(),
        link.created_at.timestamp_micros(),
        to_json(&link.implementation_refs)?,
        to_json(&link.contributors)?,
        to_json(&link.investments)?,
        search_text(link),
        link.origin,
        i64::from(link.implementation_refs.iter().any(|reference| may_name_claim(reference))),
        link.cost.as_ref().map(to_json).transpose()?.unwrap_or_default()
    ]))
}

fn event_row(event: &UsageEvent) -> Result<String, Error> {
    to_json(&(
        event.lineage_id,
        event.captured_at.timestamp_micros(),
        event.id,
        &event.source,
        &event.metric,
        event.value.micros(),
        &event.external_id,
        event.created_at.timestamp_micros(),
    ))
}

fn gate_run_row(subject: Option<&str>, report: &GateReport) -> Result<String, Error> {
    to_json(&(
        report.id,
        &report.gate,
        subject.unwrap_or_default(),
        report.started_at.timestamp_micros(),
        report.verdict,
        report.duration_ms,
        to_json(report)?,
    ))
}

/// The entry of a change.
pub fn ledger_row(write: &Write) -> Result<String, Error> {
    let entry = Entry {
        id: write.entry_id,
        recorded_at: write.change.at(),
        actor: &write.actor,
        change: &write.change,
    };
    let body = String::from_utf8(entry.canonical_bytes()).map_err(|error| Error::Store(error.to_string()))?;
    let mut row = to_json(&(
        write.entry_id,
        write.change.at().timestamp_micros(),
        write.actor.as_str(),
        write.change.action(),
        write.change.subject(),
    ))?;
    // The body is JSON and stands in the row as such: escaping it as a text would cost more than all the rest.
    row.pop();
    row.push(',');
    row.push_str(&body);
    row.push(']');
    Ok(row)
}

/// The words that a link is found by, in small letters.
pub fn search_text(link: &LineageLink) -> String {
    let named = Stage::ALL.into_iter().filter_map(|stage| link.contributors.get(stage).as_deref());
    let invested = link.investments.iter().map(|investment| investment.contributor.as_str());
    let id = link.id.to_string();
    let words: Vec<&str> = [id.as_str(), &link.idea_id, &link.spec_id]
        .into_iter()
        .chain(link.implementation_refs.iter().map(String::as_str))
        .chain(named)
        .chain(invested)
        .collect();
    words.join("\n").to_lowercase()
}

/// A value as JSON, as it is kept or handed to a statement.
pub fn to_json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Store(error.to_string()))
}
