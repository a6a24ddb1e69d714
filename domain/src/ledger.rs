//! Who acts, what they change, and the entry that every accepted write leaves behind.

use crate::canonical;
use crate::change_request::{CastVote, ChangeRequest, Subject};
use crate::contribution::{ContributorEdit, ImportRun};
use crate::error::Error;
use crate::event::UsageEvent;
use crate::gate::GateReport;
use crate::governance::{AutonomyDecision, ClaimUse, Flag, Undoing, Veto, Withdrawal};
use crate::id::{EntryId, EventId, FlagId, LinkId, VetoId};
use crate::idea::{Idea, IdeaContent};
use crate::link::LineageLink;
use crate::money::Amount;
use crate::registry::Edit;
use crate::spec::{Spec, SpecContent};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who makes a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor(String);

impl Actor {
    /// Anybody, on a server that asks for no key.
    pub fn anonymous() -> Self {
        Self("anonymous".into())
    }

    /// The holder of an API key, by the key's name.
    pub fn key(name: &str) -> Self {
        Self(format!("key:{name}"))
    }

    /// The server itself, by its schedule.
    pub fn schedule() -> Self {
        Self("schedule".into())
    }

    /// Whoever reads specs from files or a repository's history.
    pub fn import() -> Self {
        Self("import".into())
    }

    /// The name of the key, of whoever holds one.
    pub fn key_name(&self) -> Option<&str> {
        self.0.strip_prefix("key:")
    }

    /// The actor as kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A change to what is kept. Every write is one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Change {
    /// A link is filed.
    FileLink {
        /// The link.
        link: LineageLink,
    },
    /// An event is appended to a link.
    AppendEvent {
        /// The event.
        event: UsageEvent,
    },
    /// The report of a gate's run is kept.
    KeepGateReport {
        /// The commit that it is about, where it is about one.
        subject: Option<String>,
        /// The report.
        report: Box<GateReport>,
        /// Whether it is to be told to others, as the verdict changed to or from pass.
        announce: bool,
    },
    /// Links that a gate filed are removed, with their events; their entries stay.
    RemoveGateLinks {
        /// The links.
        links: Vec<LinkId>,
        /// When.
        at: DateTime<Utc>,
    },
    /// A spec is registered.
    RegisterSpec {
        /// The spec.
        spec: Spec,
    },
    /// A spec is edited.
    EditSpec {
        /// The edit.
        edit: Edit<SpecContent>,
    },
    /// An idea is registered.
    RegisterIdea {
        /// The idea.
        idea: Idea,
    },
    /// An idea is edited.
    EditIdea {
        /// The edit.
        edit: Edit<IdeaContent>,
    },
    /// A change is proposed.
    ProposeChange {
        /// The request.
        request: ChangeRequest,
        /// What it is about, to be found by.
        #[serde(skip)]
        subjects: Vec<Subject>,
    },
    /// A change request is voted on, and decided where that was the last vote needed.
    CastVote {
        /// The vote.
        cast: CastVote,
    },
    /// Something is flagged.
    RaiseFlag {
        /// The flag.
        flag: Flag,
    },
    /// A flag is withdrawn.
    WithdrawFlag {
        /// The flag.
        flag_id: FlagId,
        /// How.
        withdrawal: Withdrawal,
    },
    /// A merged change is rolled back.
    CastVeto {
        /// The veto.
        veto: Veto,
        /// What forbids it, unless the same request was answered before.
        #[serde(skip)]
        objection: Option<Box<Error>>,
    },
    /// A veto is undone.
    UndoVeto {
        /// The veto.
        veto_id: VetoId,
        /// How.
        undoing: Undoing,
        /// What forbids it, unless the same request was answered before.
        #[serde(skip)]
        objection: Option<Box<Error>>,
    },
    /// A person decides about an agent's autonomy.
    DecideAutonomy {
        /// The decision.
        decision: AutonomyDecision,
    },
    /// A use of a claim is told of, by itself. Those that events tell of are on record with the events.
    UseClaim {
        /// The use.
        claim_use: ClaimUse,
    },
    /// Something is decided about a contributor.
    EditContributor {
        /// The decision.
        edit: ContributorEdit,
    },
    /// A repository's history was read, or could not be.
    ImportHistory {
        /// The run.
        run: ImportRun,
    },
}

impl Change {
    /// The action's name as kept.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::FileLink { .. } => "file_link",
            Self::AppendEvent { .. } => "append_event",
            Self::KeepGateReport { .. } => "keep_gate_report",
            Self::RemoveGateLinks { .. } => "remove_gate_links",
            Self::RegisterSpec { .. } => "register_spec",
            Self::EditSpec { .. } => "edit_spec",
            Self::RegisterIdea { .. } => "register_idea",
            Self::EditIdea { .. } => "edit_idea",
            Self::ProposeChange { .. } => "propose_change",
            Self::CastVote { .. } => "cast_vote",
            Self::RaiseFlag { .. } => "raise_flag",
            Self::WithdrawFlag { .. } => "withdraw_flag",
            Self::CastVeto { .. } => "cast_veto",
            Self::UndoVeto { .. } => "undo_veto",
            Self::DecideAutonomy { .. } => "decide_autonomy",
            Self::UseClaim { .. } => "use_claim",
            Self::EditContributor { .. } => "edit_contributor",
            Self::ImportHistory { .. } => "import_history",
        }
    }

    /// The id of what it makes; nothing where it only removes.
    pub fn subject(&self) -> String {
        match self {
            Self::FileLink { link } => link.id.to_string(),
            Self::AppendEvent { event } => event.id.to_string(),
            Self::KeepGateReport { report, .. } => report.id.to_string(),
            Self::RemoveGateLinks { .. } => String::new(),
            // Ids of specs and ideas are of the sender's choosing; with these words none is taken for another's.
            Self::RegisterSpec { spec } => format!("spec:{}", spec.spec_id),
            Self::EditSpec { edit } => format!("spec:{}", edit.id),
            Self::RegisterIdea { idea } => format!("idea:{}", idea.idea_id),
            Self::EditIdea { edit } => format!("idea:{}", edit.id),
            Self::ProposeChange { request, .. } => request.id.to_string(),
            Self::CastVote { cast } => cast.request_id.to_string(),
            Self::RaiseFlag { flag } => flag.id.to_string(),
            Self::WithdrawFlag { flag_id, .. } => flag_id.to_string(),
            Self::CastVeto { veto, .. } => veto.id.to_string(),
            Self::UndoVeto { veto_id, .. } => veto_id.to_string(),
            Self::DecideAutonomy { decision } => decision.id.to_string(),
            Self::UseClaim { claim_use } => format!("claim:{}", claim_use.claim),
            Self::EditContributor { edit } => format!("contributor:{}", edit.handle),
            Self::ImportHistory { run } => run.id.to_string(),
        }
    }

    /// When it is made.
    pub const fn at(&self) -> DateTime<Utc> {
        match self {
            Self::FileLink { link } => link.created_at,
            Self::AppendEvent { event } => event.created_at,
            Self::KeepGateReport { report, .. } => report.finished_at,
            Self::RemoveGateLinks { at, .. } => *at,
            Self::RegisterSpec { spec } => spec.created_at,
            Self::EditSpec { edit } => edit.at,
            Self::RegisterIdea { idea } => idea.created_at,
            Self::EditIdea { edit } => edit.at,
            Self::ProposeChange { request, .. } => request.created_at,
            Self::CastVote { cast } => cast.vote.at,
            Self::RaiseFlag { flag } => flag.created_at,
            Self::WithdrawFlag { withdrawal, .. } => withdrawal.at,
            Self::CastVeto { veto, .. } => veto.created_at,
            Self::UndoVeto { undoing, .. } => undoing.at,
            Self::DecideAutonomy { decision } => decision.at,
            Self::UseClaim { claim_use } => claim_use.created_at,
            Self::EditContributor { edit } => edit.at,
            Self::ImportHistory { run } => run.finished_at,
        }
    }
}

/// An accepted write, as those are told of it who listen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordedChange {
    /// The id of its entry.
    pub id: EntryId,
    /// What was done: `append_event`.
    pub action: String,
    /// The id of what was made or changed; empty where something was only removed.
    pub subject: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// An entry of the ledger, whose canonical bytes are kept for good.
#[derive(Debug, Clone, Serialize)]
pub struct Entry<'a> {
    /// Its id, `led_…`.
    pub id: EntryId,
    /// When it was made.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub actor: &'a Actor,
    /// What was changed.
    #[serde(flatten)]
    pub change: &'a Change,
}

impl Entry<'_> {
    /// The canonical bytes (RFC 8785) that are kept, and that proofs will be about.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        match self.change {
            // Events are most of what is ever written: their members are written in order from the start.
            Change::AppendEvent { event } => canonical::sorted_bytes(&EventEntry {
                action: self.change.action(),
                actor: self.actor,
                event: SortedEvent {
                    captured_at: event.captured_at,
                    created_at: event.created_at,
                    external_id: event.external_id.as_deref(),
                    id: event.id,
                    lineage_id: event.lineage_id,
                    metric: &event.metric,
                    source: &event.source,
                    value: event.value,
                },
                id: self.id,
                recorded_at: self.recorded_at,
            }),
            _ => canonical::bytes(self),
        }
    }
}

/// The entry of an event, its members in canonical order. A test compares it with [`canonical::bytes`].
#[derive(Serialize)]
struct EventEntry<'a> {
    action: &'static str,
    actor: &'a Actor,
    event: SortedEvent<'a>,
    id: EntryId,
    recorded_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct SortedEvent<'a> {
    captured_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    external_id: Option<&'a str>,
    id: EventId,
    lineage_id: LinkId,
    metric: &'a str,
    source: &'a str,
    value: Amount,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_event_s_entry_is_what_any_entry_would_be() {
        let at = DateTime::from_timestamp_micros(1_771_113_600_123_456).unwrap();
        for external_id in [None, Some("own \u{7f} \"id\" \\ é\u{2028}".to_owned())] {
            let event = UsageEvent {
                id: EventId::new(Uuid::from_u128(7)),
                lineage_id: LinkId::new(Uuid::from_u128(8)),
                source: "api".into(),
                metric: "adoption \u{1F600}".into(),
                value: Amount::from_micros(45_500_000),
                captured_at: at,
                external_id,
                created_at: at,
            };
            let change = Change::AppendEvent { event };
            let entry = Entry {
                id: EntryId::new(Uuid::from_u128(9)),
                recorded_at: at,
                actor: &Actor::anonymous(),
                change: &change,
            };
            assert_eq!(entry.canonical_bytes(), canonical::bytes(&entry));
        }
    }
}
