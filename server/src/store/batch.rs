//! Decides a batch of operations for one transaction.
//!
//! Desired properties:
//! - an operation's outcome is the same whether it is alone or among others;
//! - what an operation refuses, it does not touch;
//! - the number of statements does not depend on the number of operations: what is needed is read first, every
//!   operation is decided in memory, then each table is written once.

use super::connection::{Connection, Sql, is_locked, unavailable};
use super::governance::known::KnownGovernance;
use super::plan::Plan;
use super::prepare::{PreparedRows, to_json};
use super::registry::known::KnownRegistry;
use super::rows::{self, event_columns};
use domain::{
    error::Error,
    event::UsageEvent,
    id::LinkId,
    ledger::Change,
    link::LinkTotals,
    money::Amount,
    origin::Origin,
    store::{IdempotencyKey, Made, StoreTotals, Write, Written},
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Something to be done in a transaction.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all operations are writes; a box would be one more allocation each"
)]
pub enum Operation {
    /// A change with its rows.
    Write(Write, PreparedRows),
    /// An answer to be kept under a key, at a time in microseconds.
    Remember {
        /// The key.
        key: IdempotencyKey,
        /// The answer.
        answer: String,
        /// When.
        at: i64,
    },
}

impl Operation {
    const fn key(&self) -> Option<&IdempotencyKey> {
        match self {
            Self::Write(write, _) => write.idempotency.as_ref(),
            Self::Remember { key, .. } => Some(key),
        }
    }

    const fn event(&self) -> Option<&UsageEvent> {
        match self {
            Self::Write(Write { change: Change::AppendEvent { event }, .. }, _) => Some(event),
            _ => None,
        }
    }
}

/// A link's running totals while a batch is decided.
#[derive(Debug, Clone, Copy)]
pub struct LinkState {
    /// Where it comes from.
    pub origin: Origin,
    /// What it cost.
    pub estimated_cost: Amount,
    /// Its totals so far.
    pub totals: LinkTotals,
    /// When it was last touched, in microseconds.
    pub updated_at: i64,
}

/// An answer kept under a key.
#[derive(Debug, Clone)]
pub struct KeptAnswer {
    /// Of the request that it answers.
    pub fingerprint: String,
    /// What was made.
    pub made: Made,
}

/// All that the store holds of what a batch is about.
#[derive(Debug, Default)]
pub struct Known {
    /// Links by id.
    pub links: HashMap<LinkId, LinkState>,
    /// Answers by scope and key.
    pub keys: HashMap<(String, String), KeptAnswer>,
    /// Events by link and external id.
    pub externals: HashMap<(LinkId, String), UsageEvent>,
    /// Sources and metrics that a link has already.
    pub labels: HashSet<Label>,
    /// This shard's totals.
    pub totals: StoreTotals,
    /// The specs of the links.
    pub specs_of: HashMap<LinkId, String>,
    /// Those of the links whose refs name claims.
    pub naming_claims: BTreeSet<LinkId>,
    /// What is registered, edited or voted on.
    pub registry: KnownRegistry,
    /// What is flagged, withdrawn or used.
    pub governance: KnownGovernance,
}

/// What the one writer remembers from batch to batch, to save reading it again. Nothing is decided by it that could
/// be wrong if another server wrote meanwhile: labels are never taken away, and totals are only checked for room.
#[derive(Debug, Default)]
pub struct Memory {
    totals: Option<StoreTotals>,
    labels: HashSet<Label>,
}

/// A source or metric of a link: the link, which of the two, and its name.
pub type Label = (LinkId, &'static str, String);

/// Labels that are remembered at the most; beyond, all are forgotten.
const MAX_REMEMBERED_LABELS: usize = 100_000;

impl Memory {
    /// Remembers what a batch that is now durable found and added.
    pub fn learn(&mut self, totals: StoreTotals, labels: HashSet<Label>) {
        if self.labels.len() + labels.len() > MAX_REMEMBERED_LABELS {
            self.labels.clear();
        }
        self.totals = Some(totals);
        self.labels.extend(labels);
    }

    /// Forgets everything, as after a batch that failed.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The outcome of each operation of a batch.
pub type Outcomes = Vec<Result<Written<Made>, Error>>;

/// Reads what a batch is about, and decides it. The caller begins, writes and commits.
pub async fn decide(
    connection: &mut Connection,
    shard: i64,
    operations: &[Operation],
    memory: &Memory,
) -> Result<Decided, BatchError> {
    let known = Known::load(connection, shard, operations, memory).await?;
    let mut plan = Plan::new(known);
    let outcomes = operations.iter().map(|operation| plan.decide(operation)).collect();
    let writes = plan.writes(shard)?;
    let Known { totals, labels, .. } = plan.into_known();
    Ok(Decided { outcomes, writes, totals, labels })
}

/// A batch that is decided but not yet written.
pub struct Decided {
    /// The outcome of each operation, once it is durable.
    pub outcomes: Outcomes,
    /// What is to be written.
    pub writes: Vec<(Sql, String)>,
    /// Totals as they are then.
    pub totals: StoreTotals,
    /// Labels that are there then.
    pub labels: HashSet<Label>,
}

/// Why a whole batch failed.
#[derive(Debug)]
pub enum BatchError {
    /// The database said no.
    Sql(sqlx::Error),
    /// What it holds makes no sense.
    Corrupt(Error),
}

impl From<sqlx::Error> for BatchError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for BatchError {
    fn from(error: Error) -> Self {
        Self::Corrupt(error)
    }
}

impl BatchError {
    /// Whether the database asks to try again: it could not fit the transaction among others.
    pub fn wants_retry(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else { return false };
        // Postgres: serialization failure, deadlock, unique violation of another server's same key.
        matches!(error.code().as_deref(), Some("40001" | "40P01" | "23505"))
    }

    /// Whether another process holds the database: trying each operation by itself would wait as long for each.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Sql(error) if is_locked(error))
    }

    /// The error as an operation's outcome.
    pub fn into_error(self) -> Error {
        match self {
            Self::Sql(error) => unavailable(error),
            Self::Corrupt(error) => error,
        }
    }
}

impl Known {
    async fn load(
        connection: &mut Connection,
        shard: i64,
        operations: &[Operation],
        memory: &Memory,
    ) -> Result<Self, BatchError> {
        let mut known = Self::default();
        match memory.totals {
            Some(totals) => known.totals = totals,
            None => known.load_totals(connection, shard).await?,
        }
        let keys: HashSet<(&str, &str)> = operations
            .iter()
            .filter_map(|operation| operation.key().map(|key| (key.scope.as_str(), key.key.as_str())))
            .collect();
        if !keys.is_empty() {
            known.load_keys(connection, &to_json(&keys)?).await?;
        }
        let events: Vec<&UsageEvent> = operations.iter().filter_map(Operation::event).collect();
        if !events.is_empty() {
            known.load_links(connection, &events).await?;
            known.load_labels(connection, &events, memory).await?;
            known.load_externals(connection, &events).await?;
        }
        known.registry = KnownRegistry::load(connection, operations).await?;
        known.governance =
            KnownGovernance::load(connection, operations, &events, &known.naming_claims).await?;
        Ok(known)
    }

    async fn load_totals(&mut self, connection: &mut Connection, shard: i64) -> Result<(), BatchError> {
        const SQL: Sql = Sql::both(
            "SELECT link_count, event_count, measured_value_total, estimated_cost FROM store_totals WHERE shard = $1",
        );
        for mut row in connection.all(SQL, &[shard.into()], "store_totals").await? {
            self.totals = StoreTotals {
                link_count: row.integer()?,
                event_count: row.integer()?,
                measured_value_total: Amount::from_micros(row.integer()?),
                estimated_cost: Amount::from_micros(row.integer()?),
            };
        }
        Ok(())
    }

    async fn load_keys(&mut self, connection: &mut Connection, keys: &str) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            "SELECT scope, key, fingerprint, answer FROM idempotency_keys WHERE (scope, key) IN \
             (SELECT item.value ->> 0, item.value ->> 1 FROM json_each($1) AS item)",
            "SELECT scope, key, fingerprint, answer FROM idempotency_keys WHERE (scope, key) IN \
             (SELECT item.value ->> 0, item.value ->> 1 FROM json_array_elements($1::json) AS item (value))",
        );
        for mut row in connection.all(SQL, &[keys.into()], "idempotency_keys").await? {
            let (scope, key, fingerprint) = (row.text()?, row.text()?, row.text()?);
            let made = row.parsed(|text| serde_json::from_str(text))?;
            self.keys.insert((scope, key), KeptAnswer { fingerprint, made });
        }
        Ok(())
    }

    async fn load_links(
        &mut self,
        connection: &mut Connection,
        events: &[&UsageEvent],
    ) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            "SELECT id, estimated_cost, measured_value_total, event_count, source_count, metric_count, updated_at, \
             origin, spec_id, names_claims FROM links WHERE id IN (SELECT value FROM json_each($1))",
            // In one order, so that two servers that touch the same links wait for each other and do not deadlock.
            "SELECT id, estimated_cost, measured_value_total, event_count, source_count, metric_count, updated_at, \
             origin, spec_id, names_claims FROM links WHERE id IN (SELECT value FROM json_array_elements_text($1::json)) \
             ORDER BY id FOR UPDATE",
        );
        let ids: HashSet<LinkId> = events.iter().map(|event| event.lineage_id).collect();
        for mut row in connection.all(SQL, &[to_json(&ids)?.as_str().into()], "links").await? {
            let id = row.parsed(str::parse)?;
            let estimated_cost = Amount::from_micros(row.integer()?);
            let totals = LinkTotals {
                measured_value_total: Amount::from_micros(row.integer()?),
                event_count: row.integer()?,
                source_count: row.integer()?,
                metric_count: row.integer()?,
            };
            let updated_at = row.integer()?;
            let origin = rows::origin(&mut row)?;
            self.links.insert(id, LinkState { origin, estimated_cost, totals, updated_at });
            self.specs_of.insert(id, row.text()?);
            if row.integer()? == 1 && !origin.is_gate() {
                self.naming_claims.insert(id);
            }
        }
        Ok(())
    }

    async fn load_labels(
        &mut self,
        connection: &mut Connection,
        events: &[&UsageEvent],
        memory: &Memory,
    ) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            "SELECT lineage_id, kind, label FROM link_labels WHERE (lineage_id, kind, label) IN \
             (SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2 FROM json_each($1) AS item)",
            "SELECT lineage_id, kind, label FROM link_labels WHERE (lineage_id, kind, label) IN \
             (SELECT item.value ->> 0, item.value ->> 1, item.value ->> 2 \
              FROM json_array_elements($1::json) AS item (value))",
        );
        let labels: HashSet<Label> = events
            .iter()
            .flat_map(|event| {
                let (id, source, metric) = (event.lineage_id, event.source.clone(), event.metric.clone());
                [(id, "source", source), (id, "metric", metric)]
            })
            .collect();
        let (remembered, unknown): (HashSet<Label>, HashSet<Label>) =
            labels.into_iter().partition(|label| memory.labels.contains(label));
        self.labels = remembered;
        if unknown.is_empty() {
            return Ok(());
        }
        for mut row in connection.all(SQL, &[to_json(&unknown)?.as_str().into()], "link_labels").await? {
            let id = row.parsed(str::parse)?;
            let kind = if row.text()? == "source" { "source" } else { "metric" };
            self.labels.insert((id, kind, row.text()?));
        }
        Ok(())
    }

    async fn load_externals(
        &mut self,
        connection: &mut Connection,
        events: &[&UsageEvent],
    ) -> Result<(), BatchError> {
        const SQL: Sql = Sql::each(
            concat!(
                "SELECT ",
                event_columns!(),
                " FROM usage_events WHERE external_id IS NOT NULL AND (lineage_id, external_id) IN ",
                "(SELECT item.value ->> 0, item.value ->> 1 FROM json_each($1) AS item)"
            ),
            concat!(
                "SELECT ",
                event_columns!(),
                " FROM usage_events WHERE external_id IS NOT NULL AND (lineage_id, external_id) IN ",
                "(SELECT item.value ->> 0, item.value ->> 1 FROM json_array_elements($1::json) AS item (value))"
            ),
        );
        let externals: HashSet<(LinkId, &str)> = events
            .iter()
            .filter_map(|event| Some((event.lineage_id, event.external_id.as_deref()?)))
            .collect();
        if externals.is_empty() {
            return Ok(());
        }
        for row in connection.all(SQL, &[to_json(&externals)?.as_str().into()], "usage_events").await? {
            let event = rows::event(row)?;
            if let Some(external_id) = event.external_id.clone() {
                self.externals.insert((event.lineage_id, external_id), event);
            }
        }
        Ok(())
    }
}
