//! What a batch comes to: each operation decided in memory, then every table written once.

use super::batch::{KeptAnswer, Known, LinkState, Operation};
use super::connection::Sql;
use super::governance::plan::{GovernancePlan, is_of_governance};
use super::prepare::{JsonRows, PreparedRows, to_json};
use super::registry::plan::RegistryPlan;
use super::rows::day_number;
use super::statements::{
    ADD_LINK_DAYS, ADD_STORE_DAYS, ADD_STORE_TOTALS, INSERT_ANNOUNCEMENTS, INSERT_EVENTS, INSERT_GATE_RUNS,
    INSERT_KEYS, INSERT_LABELS, INSERT_LEDGER, INSERT_LINK_PEOPLE, INSERT_LINKS, REMOVE_LINKS, UPDATE_LINKS,
};
use domain::{
    error::Error,
    event::UsageEvent,
    id::LinkId,
    ledger::Change,
    link::{LineageLink, LinkTotals},
    money::Ratio,
    origin::MAX_GATE_EVENTS,
    report::people_of,
    store::{IdempotencyKey, Made, StoreTotals, Write, Written},
};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};

/// Rows to be written: each statement takes all of its rows as one parameter.
#[derive(Debug, Default)]
struct Rows {
    links: JsonRows,
    removed: JsonRows,
    gate_runs: JsonRows,
    announcements: JsonRows,
    events: JsonRows,
    labels: JsonRows,
    people: JsonRows,
    ledger: JsonRows,
    keys: JsonRows,
}

/// A batch under decision.
#[derive(Debug)]
pub struct Plan {
    known: Known,
    added: StoreTotals,
    touched: HashSet<LinkId>,
    days: BTreeMap<(LinkId, i64), (i64, i64)>,
    rows: Rows,
    registry: RegistryPlan,
    governance: GovernancePlan,
}

impl Plan {
    /// A batch of which nothing is decided.
    pub fn new(mut known: Known) -> Self {
        Self {
            registry: RegistryPlan::new(std::mem::take(&mut known.registry)),
            governance: GovernancePlan::new(std::mem::take(&mut known.governance)),
            known,
            added: StoreTotals::default(),
            touched: HashSet::new(),
            days: BTreeMap::new(),
            rows: Rows::default(),
        }
    }

    /// Decides an operation after those before it.
    pub fn decide(&mut self, operation: &Operation) -> Result<Written<Made>, Error> {
        match operation {
            Operation::Remember { key, answer, at } => {
                if let Some(kept) = self.kept(key)? {
                    return Ok(kept);
                }
                let made = Made::Answer(answer.clone());
                self.keep(key, &made, *at)?;
                Ok(Written { made, replayed: false })
            }
            Operation::Write(write, rows) => self.write_change(write, rows),
        }
    }

    fn write_change(&mut self, write: &Write, rows: &PreparedRows) -> Result<Written<Made>, Error> {
        if let Some(key) = &write.idempotency
            && let Some(kept) = self.kept(key)?
        {
            return Ok(kept);
        }
        let written = match &write.change {
            Change::FileLink { link } => self.file_link(link, rows)?,
            Change::AppendEvent { event } => self.append_event(event, write.captured_at_given, rows)?,
            Change::KeepGateReport { report, announce, .. } => {
                self.rows.gate_runs.push(&rows.content);
                if *announce {
                    let due = report.finished_at.timestamp_micros();
                    self.rows.announcements.push(&json!([report.id, due]).to_string());
                }
                Written { made: Made::Nothing, replayed: false }
            }
            Change::RemoveGateLinks { links, .. } => self.remove_links(links),
            change if is_of_governance(change) => {
                let (made, entry, replayed) = self.governance.decide(write)?;
                entry.inspect(|entry| self.rows.ledger.push(entry));
                return self.remember(write, Written { made, replayed });
            }
            _ => {
                let (made, entry) = self.registry.decide(write)?;
                entry.inspect(|entry| self.rows.ledger.push(entry));
                return self.remember(write, Written { made, replayed: false });
            }
        };
        if !written.replayed {
            self.rows.ledger.push(&rows.ledger);
        }
        self.remember(write, written)
    }

    /// Keeps what a write made under its key, if it has one.
    fn remember(&mut self, write: &Write, written: Written<Made>) -> Result<Written<Made>, Error> {
        if let Some(key) = &write.idempotency {
            self.keep(key, &written.made, write.change.at().timestamp_micros())?;
        }
        Ok(written)
    }

    /// The answer kept under a key, if there is one and it answers the same content.
    fn kept(&self, key: &IdempotencyKey) -> Result<Option<Written<Made>>, Error> {
        match self.known.keys.get(&(key.scope.clone(), key.key.clone())) {
            None => Ok(None),
            Some(kept) if kept.fingerprint == key.fingerprint => {
                Ok(Some(Written { made: kept.made.clone(), replayed: true }))
            }
            Some(_) => Err(Error::IdempotencyKeyReused(key.key.clone())),
        }
    }

    fn keep(&mut self, key: &IdempotencyKey, made: &Made, at: i64) -> Result<(), Error> {
        let answer = to_json(made)?;
        self.rows.keys.push(&json!([key.scope, key.key, key.fingerprint, answer, at]).to_string());
        let kept = KeptAnswer { fingerprint: key.fingerprint.clone(), made: made.clone() };
        self.known.keys.insert((key.scope.clone(), key.key.clone()), kept);
        Ok(())
    }

    fn file_link(&mut self, link: &LineageLink, rows: &PreparedRows) -> Result<Written<Made>, Error> {
        if !link.origin.is_gate() {
            let estimated_cost = link.estimated_cost;
            self.add_to_store(StoreTotals { link_count: 1, estimated_cost, ..StoreTotals::default() })
                .ok_or_else(|| beyond_count("estimated_cost"))?;
            for handle in people_of(link) {
                self.rows.people.push(&json!([handle, link.id]).to_string());
            }
        }
        self.rows.links.push(&rows.content);
        self.registry.file_link(link);
        Ok(Written { made: Made::Link(link.clone()), replayed: false })
    }

    fn append_event(
        &mut self,
        event: &UsageEvent,
        captured_at_given: bool,
        rows: &PreparedRows,
    ) -> Result<Written<Made>, Error> {
        let id = event.lineage_id;
        let state = *self.known.links.get(&id).ok_or(Error::LinkNotFound)?;
        let external = event.external_id.clone().map(|external_id| (id, external_id));
        if let Some(external) = &external
            && let Some(kept) = self.known.externals.get(external)
        {
            return if event.repeats(kept, captured_at_given) {
                Ok(Written { made: Made::Event(kept.clone()), replayed: true })
            } else {
                Err(Error::ExternalIdReused(external.1.clone()))
            };
        }
        let measured_value_total = state
            .totals
            .measured_value_total
            .checked_add(event.value)
            .ok_or_else(|| beyond_count("value"))?;
        if !state.origin.is_gate() {
            let added =
                StoreTotals { event_count: 1, measured_value_total: event.value, ..StoreTotals::default() };
            self.add_to_store(added).ok_or_else(|| beyond_count("value"))?;
        } else if state.totals.event_count >= MAX_GATE_EVENTS {
            let message = format!("is a gate's own link, which takes at most {MAX_GATE_EVENTS} events");
            return Err(Error::field("lineage_id", message));
        }
        let totals = LinkTotals {
            measured_value_total,
            event_count: state.totals.event_count + 1,
            source_count: state.totals.source_count + self.add_label(id, "source", &event.source),
            metric_count: state.totals.metric_count + self.add_label(id, "metric", &event.metric),
        };
        let updated_at = state.updated_at.max(event.created_at.timestamp_micros());
        self.known.links.insert(id, LinkState { totals, updated_at, ..state });
        self.touched.insert(id);
        let day = self.days.entry((id, day_number(event.captured_at))).or_default();
        *day = (day.0 + event.value.micros(), day.1 + 1);
        self.rows.events.push(&rows.content);
        if !state.origin.is_gate() {
            self.governance.append_event(event);
        }
        if let Some(external) = external {
            self.known.externals.insert(external, event.clone());
        }
        Ok(Written { made: Made::Event(event.clone()), replayed: false })
    }

    /// Removes a gate's links, once everything else of the batch is written.
    fn remove_links(&mut self, links: &[LinkId]) -> Written<Made> {
        for link in links {
            self.known.links.remove(link);
            self.touched.remove(link);
            self.rows.removed.push(&json!([link]).to_string());
        }
        Written { made: Made::Nothing, replayed: false }
    }

    /// Adds a source or metric to a link; 1 where it is new there.
    fn add_label(&mut self, id: LinkId, kind: &'static str, label: &str) -> i64 {
        let new = self.known.labels.insert((id, kind, label.to_owned()));
        if new {
            self.rows.labels.push(&json!([id, kind, label]).to_string());
        }
        i64::from(new)
    }

    /// Adds to the totals of everything, unless they could not be counted.
    fn add_to_store(&mut self, more: StoreTotals) -> Option<()> {
        let sum = |a: &StoreTotals| {
            Some(StoreTotals {
                link_count: a.link_count + more.link_count,
                event_count: a.event_count + more.event_count,
                measured_value_total: a.measured_value_total.checked_add(more.measured_value_total)?,
                estimated_cost: a.estimated_cost.checked_add(more.estimated_cost)?,
            })
        };
        let (totals, added) = (sum(&self.known.totals)?, sum(&self.added)?);
        (self.known.totals, self.added) = (totals, added);
        Some(())
    }

    /// What is to be written: for every table that has anything new, its statement and rows.
    pub fn writes(&mut self, shard: i64) -> Result<Vec<(Sql, String)>, Error> {
        let touched = self.touched_links();
        let link_days: JsonRows =
            self.days.iter().map(|((id, day), (value, count))| json!([id, day, value, count])).collect();
        let mut store_days: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        let mut spec_values: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for ((id, day), (value, count)) in &self.days {
            if self.known.links.get(id).is_none_or(|state| state.origin.is_gate()) {
                continue;
            }
            let sum = store_days.entry(*day).or_default();
            *sum = (sum.0 + value, sum.1 + count);
            let spec_id = self.known.specs_of.get(id).map(String::as_str).unwrap_or_default();
            let sum = spec_values.entry(spec_id).or_default();
            *sum = (sum.0 + value, sum.1 + count);
        }
        let registry = self.registry.tables(&spec_values)?;
        let governance = self.governance.tables()?;
        let store_days: JsonRows =
            store_days.iter().map(|(day, (value, count))| json!([day, shard, value, count])).collect();
        let store_totals: JsonRows = (self.added != StoreTotals::default())
            .then(|| {
                let StoreTotals { link_count, event_count, measured_value_total, estimated_cost } =
                    self.added;
                json!([
                    shard,
                    link_count,
                    event_count,
                    measured_value_total.micros(),
                    estimated_cost.micros()
                ])
            })
            .into_iter()
            .collect();
        let Rows { links, removed, gate_runs, announcements, events, labels, people, ledger, keys } =
            std::mem::take(&mut self.rows);
        let tables = [
            (INSERT_LINKS, links),
            (INSERT_EVENTS, events),
            (INSERT_LABELS, labels),
            (INSERT_LINK_PEOPLE, people),
            (UPDATE_LINKS, touched),
            (ADD_LINK_DAYS, link_days),
            (ADD_STORE_DAYS, store_days),
            (ADD_STORE_TOTALS, store_totals),
            (INSERT_GATE_RUNS, gate_runs),
            (INSERT_ANNOUNCEMENTS, announcements),
            (INSERT_LEDGER, ledger),
            (INSERT_KEYS, keys),
        ];
        let mut writes: Vec<(Sql, String)> = tables
            .into_iter()
            .chain(registry)
            .chain(governance)
            .filter_map(|(sql, rows)| Some((sql, rows.finish()?)))
            .collect();
        if let Some(removed) = removed.finish() {
            writes.extend(REMOVE_LINKS.map(|sql| (sql, removed.clone())));
        }
        Ok(writes)
    }

    /// What the store holds once the plan is written.
    pub fn into_known(self) -> Known {
        self.known
    }

    fn touched_links(&self) -> JsonRows {
        let mut touched: Vec<&LinkId> = self.touched.iter().collect();
        touched.sort();
        let rows = touched.into_iter().filter_map(|id| Some((id, self.known.links.get(id)?)));
        rows.map(|(id, state)| {
            let LinkTotals { measured_value_total, event_count, source_count, metric_count } = state.totals;
            let roi = Ratio::of(measured_value_total, state.estimated_cost).sort_key();
            json!([
                id,
                measured_value_total.micros(),
                event_count,
                source_count,
                metric_count,
                roi,
                state.updated_at
            ])
        })
        .collect()
    }
}

fn beyond_count(field: &str) -> Error {
    Error::field(field, "would take a total beyond what can be counted here, 9223372036854.775807")
}
