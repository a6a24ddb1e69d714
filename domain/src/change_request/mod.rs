//! Change requests: somebody proposes, others vote, and at the required number of approvals it is applied.
//!
//! Desired properties:
//! - what is proposed is checked as the edit itself would be, so that applying it cannot fail for its content;
//! - nobody decides on their own proposal, and nobody votes twice, by name or by API key;
//! - once decided it never changes again, and a declined one never applies.

mod apply;
mod new;
mod query;
mod vote;

pub use new::{MAX_APPROVALS, NewChangeRequest};
pub use query::ChangeRequestQuery;
pub use vote::{Ballot, CastVote, NewVote, Ruling, Vote};

use crate::edit::{Changed, Patch};
use crate::id::{ChangeRequestId, LinkId};
use crate::idea::IdeaContent;
use crate::ledger::Actor;
use crate::spec::SpecContent;
use crate::stage::Stage;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::value::RawValue;

/// What is to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Proposal {
    /// Somebody is named for a stage of a link.
    LinkContributor(LinkContributor),
    /// A spec is edited.
    Spec(SpecChange),
    /// An idea is edited.
    Idea(IdeaChange),
}

/// Somebody is named for a stage of a link, in the place of whoever was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkContributor {
    /// The link.
    pub lineage_id: LinkId,
    /// The stage.
    pub stage: Stage,
    /// Who did it.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub contributor: String,
}

/// A spec is edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpecChange {
    /// The spec, which is registered.
    #[cfg_attr(feature = "openapi", schema(example = "048-value-lineage-and-payout-attribution"))]
    pub spec_id: String,
    /// The new values of some of its fields, as a PATCH takes them.
    #[cfg_attr(feature = "openapi", schema(value_type = SpecContent))]
    pub changes: Patch<SpecContent>,
}

/// An idea is edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdeaChange {
    /// The idea, which is registered.
    #[cfg_attr(feature = "openapi", schema(example = "oss-interface-alignment"))]
    pub idea_id: String,
    /// The new values of some of its fields, as a PATCH takes them.
    #[cfg_attr(feature = "openapi", schema(value_type = IdeaContent))]
    pub changes: Patch<IdeaContent>,
}

impl Proposal {
    /// The kinds, as they are sent.
    pub const KINDS: [&'static str; 3] = ["link_contributor", "spec", "idea"];
}

/// How far a change request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Status {
    /// Votes are taken.
    Open,
    /// It was approved and is done.
    Applied,
    /// It was voted down; it never applies.
    Declined,
    /// It was approved, but what it was about was gone.
    Failed,
}

impl Status {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 4] = ["open", "applied", "declined", "failed"];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The status of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Open, Self::Applied, Self::Declined, Self::Failed]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// What applying did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppliedResult {
    /// In a sentence; of a failed one, why.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Named rita for research of lnk_01h455vb4pex5vsknk084sn02q")
    )]
    pub summary: String,
    /// Field by field, before and after.
    pub changes: Vec<Changed>,
    /// The version that it made, of a spec or an idea.
    pub version: Option<i64>,
}

/// A change request, with its votes and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeRequest {
    /// Its id, `chg_…`.
    pub id: ChangeRequestId,
    /// What is to be changed.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// What to call it.
    pub title: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who proposes it, by name.
    #[cfg_attr(feature = "openapi", schema(example = "carol"))]
    pub proposer: String,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
    /// Votes with yes that apply it, and votes with no that decline it.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub required_approvals: i64,
    /// What it would change, from what was there when it was proposed: where that has changed since, it cannot be
    /// applied over it.
    pub proposed_changes: Vec<Changed>,
    /// How far it has come.
    pub status: Status,
    /// The votes, in the order in which they were cast.
    pub votes: Vec<Vote>,
    /// What applying did; null until then.
    pub applied_result: Option<AppliedResult>,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// When it was applied or declined; null until then.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Reads both halves from one text: a flattened struct would be read through a buffer that turns numbers into floats.
impl<'de> Deserialize<'de> for ChangeRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Head {
            id: ChangeRequestId,
            kind: String,
            title: Option<String>,
            reason: Option<String>,
            proposer: String,
            actor: Actor,
            required_approvals: i64,
            #[serde(default)]
            proposed_changes: Vec<Changed>,
            status: Status,
            votes: Vec<Vote>,
            applied_result: Option<AppliedResult>,
            created_at: DateTime<Utc>,
            decided_at: Option<DateTime<Utc>>,
        }
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let head: Head = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        let proposal = match head.kind.as_str() {
            "link_contributor" => serde_json::from_str(raw.get()).map(Proposal::LinkContributor),
            "spec" => serde_json::from_str(raw.get()).map(Proposal::Spec),
            _ => serde_json::from_str(raw.get()).map(Proposal::Idea),
        };
        Ok(Self {
            id: head.id,
            proposal: proposal.map_err(D::Error::custom)?,
            title: head.title,
            reason: head.reason,
            proposer: head.proposer,
            actor: head.actor,
            required_approvals: head.required_approvals,
            proposed_changes: head.proposed_changes,
            status: head.status,
            votes: head.votes,
            applied_result: head.applied_result,
            created_at: head.created_at,
            decided_at: head.decided_at,
        })
    }
}

/// What a change request is about, as lists of them are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A link.
    Link(LinkId),
    /// A spec, or a link of it.
    Spec(String),
    /// An idea, or a link of it.
    Idea(String),
}

impl Subject {
    /// The subject as it is kept: an idea and a spec may have the same id.
    pub fn key(&self) -> String {
        match self {
            Self::Link(id) => format!("link:{id}"),
            Self::Spec(id) => format!("spec:{id}"),
            Self::Idea(id) => format!("idea:{id}"),
        }
    }
}
