//! The one port: what the rules need of a place to keep things.

use crate::change_request::{ChangeRequest, ChangeRequestQuery};
use crate::contribution::{ContributionStore, ContributorRecord};
use crate::error::Error;
use crate::event::UsageEvent;
use crate::gate::{GateReport, GateRun};
use crate::governance::{AutonomyDecision, ClaimUse, Flag, GovernanceStore, Veto};
use crate::id::{ChangeRequestId, EntryId, LinkId, RunId};
use crate::idea::{Idea, IdeaQuery, IdeaRecord};
use crate::ledger::{Actor, Change, RecordedChange};
use crate::link::{LineageLink, LinkPeople, LinkRecord};
use crate::money::Amount;
use crate::page::{EventQuery, LinkQuery, LinksOf, Page};
use crate::spec::{Spec, SpecCard, SpecContent, SpecImport, SpecQuery, TakenFile};
use crate::valuation::Valuation;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A sender's promise that requests with this key are one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Who sent it and to which route: the same key elsewhere is another key.
    pub scope: String,
    /// The key as sent.
    pub key: String,
    /// SHA-256 of the request's content in hexadecimal digits.
    pub fingerprint: String,
}

/// A change to be made, with all that is to be kept of it.
#[derive(Debug, Clone)]
pub struct Write {
    /// The id of the ledger entry that it leaves.
    pub entry_id: EntryId,
    /// Who makes it.
    pub actor: Actor,
    /// What it is.
    pub change: Change,
    /// For an event: whether the sender gave `captured_at`, which then must be the same when sent again.
    pub captured_at_given: bool,
    /// The sender's key, if one was given.
    pub idempotency: Option<IdempotencyKey>,
    /// For a spec that was read from a file: what to remember of that file.
    pub imported: Option<TakenFile>,
}

/// What a write made, or what the same write made before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// What was made.
    pub made: T,
    /// Whether it was made by an earlier request with the same id or key.
    pub replayed: bool,
}

/// What a change made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Made {
    /// A link.
    Link(LineageLink),
    /// An event.
    Event(UsageEvent),
    /// A spec, registered or edited.
    Spec(Spec),
    /// An idea, registered or edited.
    Idea(Idea),
    /// A change request, proposed or voted on.
    ChangeRequest(ChangeRequest),
    /// A flag, raised or withdrawn.
    Flag(Flag),
    /// A veto, cast or undone.
    Veto(Veto),
    /// A decision about an agent's autonomy.
    Autonomy(AutonomyDecision),
    /// A use of a claim.
    ClaimUse(ClaimUse),
    /// A contributor about whom something was decided.
    Contributor(Box<ContributorRecord>),
    /// Nothing that has to be told of.
    Nothing,
    /// An answer that changed nothing but is to be given again: its JSON.
    Answer(String),
}

/// Value measured on one day, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayValue {
    /// The day.
    pub day: NaiveDate,
    /// The sum of the values of its events.
    pub value: Amount,
    /// How many events it has.
    pub event_count: i64,
}

/// Everything the store holds, in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoreTotals {
    /// Links filed.
    pub link_count: i64,
    /// Events appended.
    pub event_count: i64,
    /// The sum of the values of all events.
    pub measured_value_total: Amount,
    /// The sum of the costs of all links.
    pub estimated_cost: Amount,
}

/// A recent event with the idea it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentEvent {
    /// The event.
    pub event: UsageEvent,
    /// The idea of its link.
    pub idea_id: String,
}

/// A run of a gate that others are to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its report.
    pub report: GateReport,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// A spec as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecEntry {
    /// Its figures.
    pub card: SpecCard,
    /// What is written of it; empty of a stub.
    pub content: SpecContent,
}

/// A running total that differs from what its events say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about: a link's id, a day, or the whole store.
    pub subject: String,
    /// Which total.
    pub field: String,
    /// What is kept.
    pub kept: String,
    /// What the events say.
    pub recomputed: String,
}

/// What a verification looked at and found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct Verification {
    /// Links looked at.
    pub links: i64,
    /// Events looked at.
    pub events: i64,
    /// Ledger entries looked at.
    pub ledger_entries: i64,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// A place to keep links, events and the ledger.
#[async_trait]
pub trait Store: ContributionStore + GovernanceStore {
    /// The one way to write: makes a change and appends its ledger entry in the same transaction.
    async fn write(&self, write: Write) -> Result<Written<Made>, Error>;

    /// Keeps an answer under a key, or gives the one kept before; 409 where the content was another.
    async fn remember(
        &self,
        key: IdempotencyKey,
        answer: String,
        at: DateTime<Utc>,
    ) -> Result<Written<Made>, Error>;

    /// The answer that is kept under a key; 409 where the content was another.
    async fn remembered(&self, key: &IdempotencyKey) -> Result<Option<Written<Made>>, Error>;

    /// A link with its totals.
    async fn link(&self, id: LinkId) -> Result<Option<LinkRecord>, Error>;

    /// A link's valuation: one row, however many events there are.
    async fn valuation(&self, id: LinkId) -> Result<Option<Valuation>, Error>;

    /// A page of links.
    async fn links(&self, query: &LinkQuery) -> Result<Page<LinkRecord>, Error>;

    /// A page of a link's events, newest first. Empty where there is no such link.
    async fn events(&self, id: LinkId, query: &EventQuery) -> Result<Page<UsageEvent>, Error>;

    /// A link's value by day, oldest first: the last `days` days that have any.
    async fn link_days(&self, id: LinkId, days: i64) -> Result<Vec<DayValue>, Error>;

    /// The value by day of several links, from a day on: by link, then oldest first.
    async fn days_of(&self, ids: &[LinkId], from: NaiveDate) -> Result<Vec<(LinkId, DayValue)>, Error>;

    /// Everyone's value by day, oldest first: the last `days` days that have any.
    async fn store_days(&self, days: i64) -> Result<Vec<DayValue>, Error>;

    /// Everything in figures.
    async fn totals(&self) -> Result<StoreTotals, Error>;

    /// The events that arrived last, newest first.
    async fn recent_events(&self, limit: i64) -> Result<Vec<RecentEvent>, Error>;

    /// A gate's links that were filed before a time, oldest first.
    async fn gate_links_before(&self, time: DateTime<Utc>, limit: i64) -> Result<Vec<LinkId>, Error>;

    /// A spec, registered or a stub.
    async fn spec(&self, spec_id: &str) -> Result<Option<SpecEntry>, Error>;

    /// What the last import took of a spec, where one did.
    async fn spec_import(&self, spec_id: &str) -> Result<Option<SpecImport>, Error>;

    /// A page of specs, stubs among them.
    async fn specs(&self, query: &SpecQuery) -> Result<Page<SpecCard>, Error>;

    /// A spec's links, newest first; a gate's are not among them.
    async fn links_of_spec(&self, spec_id: &str, limit: i64) -> Result<Vec<LinkRecord>, Error>;

    /// An idea, registered or a stub, with its totals.
    async fn idea(&self, idea_id: &str) -> Result<Option<IdeaRecord>, Error>;

    /// A page of ideas, stubs among them, last edited first.
    async fn ideas(&self, query: &IdeaQuery) -> Result<Page<IdeaRecord>, Error>;

    /// An idea's links, newest first; a gate's are not among them.
    async fn links_of_idea(&self, idea_id: &str, limit: i64) -> Result<Vec<LinkRecord>, Error>;

    /// The specs that belong to an idea or are named by its links, by id.
    async fn specs_of_idea(&self, idea_id: &str, limit: i64) -> Result<Vec<SpecCard>, Error>;

    /// The specs whose refs or evidence name a commit that begins with these seven digits, by id.
    async fn specs_naming(&self, digits: &str, limit: i64) -> Result<Vec<SpecEntry>, Error>;

    /// What a spec's or idea's links say of people, from behind a link on, newest first; a gate's are not among them.
    async fn people_of_links(
        &self,
        of: LinksOf<'_>,
        before: LinkId,
        limit: i64,
    ) -> Result<Vec<LinkPeople>, Error>;

    /// A change request.
    async fn change_request(&self, id: ChangeRequestId) -> Result<Option<ChangeRequest>, Error>;

    /// A page of change requests, newest first.
    async fn change_requests(&self, query: &ChangeRequestQuery) -> Result<Page<ChangeRequest>, Error>;

    /// A page of a gate's runs, newest first; of one subject where one is given.
    async fn gate_runs(
        &self,
        gate: &str,
        subject: Option<&str>,
        query: &EventQuery,
    ) -> Result<Page<GateRun>, Error>;

    /// Keeps a report about a commit that is in no repository, and of such reports of its gate the newest `most`. It
    /// changes nothing, so it leaves no entry in the ledger.
    async fn keep_unknown_commit(&self, subject: &str, report: &GateReport, most: i64) -> Result<(), Error>;

    /// The newest such report about a commit.
    async fn unknown_commit(&self, gate: &str, subject: &str) -> Result<Option<GateReport>, Error>;

    /// The report of a run.
    async fn gate_report(&self, id: RunId) -> Result<Option<GateReport>, Error>;

    /// The accepted writes whose entries' ids are behind one, by id. An id is made before its write is committed: one
    /// that was committed later may have a smaller id.
    async fn changes_after(&self, id: EntryId, limit: i64) -> Result<Vec<RecordedChange>, Error>;

    /// The greatest id of the ledger's entries.
    async fn last_entry(&self) -> Result<Option<EntryId>, Error>;

    /// Runs of gates that others are to be told of by now, the longest due first.
    async fn announcements_due(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Announcement>, Error>;

    /// Puts off when it is due, unless another server did; whether this one may tell now.
    async fn claim_announcement(&self, due: &Announcement, until: DateTime<Utc>) -> Result<bool, Error>;

    /// Notes what came of telling: when it is tried again and why it failed, or nothing where it is done with.
    async fn announced(&self, run: RunId, again: Option<(DateTime<Utc>, String)>) -> Result<(), Error>;

    /// Whether it answers and is at the newest migration.
    async fn ready(&self) -> Result<(), Error>;

    /// Recomputes every running total from the events and says what differs.
    async fn verify(&self) -> Result<Verification, Error>;

    /// Finishes what is under way and lets go.
    async fn close(&self);
}
