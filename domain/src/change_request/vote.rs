//! Votes, and what they decide.

use super::{AppliedResult, ChangeRequest, Status};
use crate::edit::MAX_PROSE;
use crate::error::Error;
use crate::id::ChangeRequestId;
use crate::input::{Errors, Fields, Node, prose, word};
use crate::ledger::Actor;
use crate::link::MAX_NAME;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// For or against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Ballot {
    /// For.
    Yes,
    /// Against.
    No,
}

/// A vote as a sender casts it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewVote {
    /// Who votes, by name.
    #[cfg_attr(feature = "openapi", schema(example = "dave", min_length = 1, max_length = 200))]
    pub voter: String,
    /// For or against.
    pub vote: Ballot,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub reason: Option<String>,
}

/// A vote as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Vote {
    /// Who voted, by name.
    #[cfg_attr(feature = "openapi", schema(example = "dave"))]
    pub voter: String,
    /// For or against.
    pub vote: Ballot,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
}

/// A vote on its way to a request, and what it decided once it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CastVote {
    /// The request that is voted on.
    pub request_id: ChangeRequestId,
    /// The vote.
    pub vote: Vote,
    /// How far the request has come by it, once it is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// What applying did, if it came to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_result: Option<AppliedResult>,
}

/// What the votes so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// More votes are needed.
    Undecided,
    /// It is approved, and to be applied now.
    Approved,
    /// It is voted down.
    Declined,
}

impl NewVote {
    /// Checks what was sent, naming every wrong field.
    pub fn read(node: &Node) -> Result<Self, Error> {
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let vote = Fields::open(node, "", &["voter", "vote", "reason"], errors_ref).and_then(|fields| {
            let voter = fields.text("voter", MAX_NAME, errors_ref);
            let vote = fields
                .required("vote", errors_ref)
                .and_then(|node| word(node, &fields.path("vote"), &["yes", "no"], errors_ref));
            let reason = fields
                .optional("reason")
                .and_then(|node| prose(node, &fields.path("reason"), MAX_PROSE, errors_ref))
                .filter(|reason| !reason.is_empty());
            let vote = if vote? == "yes" { Ballot::Yes } else { Ballot::No };
            Some(Self { voter: voter?, vote, reason })
        });
        errors.finish(vote)
    }

    /// The vote as kept.
    pub fn cast(self, actor: Actor, at: DateTime<Utc>) -> Vote {
        Vote { voter: self.voter, vote: self.vote, reason: self.reason, at, actor }
    }
}

/// Whether two names are one person's, whatever their case.
fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Whether two senders are known to be one: on a server without keys nobody is known.
fn same_key(a: &Actor, b: &Actor) -> bool {
    a == b && *a != Actor::anonymous()
}

impl ChangeRequest {
    /// Takes a vote, unless:
    /// 1. it is decided already;
    /// 2. the voter proposed it, by name or by API key;
    /// 3. the voter voted already, by name or by API key.
    pub fn voted(mut self, vote: Vote) -> Result<(Self, Ruling), Error> {
        if self.status != Status::Open {
            return Err(Error::RequestDecided(self.status.name()));
        }
        if same_name(&self.proposer, &vote.voter) || same_key(&self.actor, &vote.actor) {
            return Err(Error::OwnProposal);
        }
        let before = |cast: &&Vote| same_name(&cast.voter, &vote.voter) || same_key(&cast.actor, &vote.actor);
        if let Some(cast) = self.votes.iter().find(before) {
            return Err(Error::VotedAlready(cast.voter.clone()));
        }
        self.votes.push(vote);
        let ruling = if self.count(Ballot::Yes) >= self.required_approvals {
            Ruling::Approved
        } else if self.count(Ballot::No) >= self.required_approvals {
            Ruling::Declined
        } else {
            Ruling::Undecided
        };
        Ok((self, ruling))
    }

    /// How many votes were cast one way.
    pub fn count(&self, ballot: Ballot) -> i64 {
        let votes = self.votes.iter().filter(|vote| vote.vote == ballot).count();
        i64::try_from(votes).unwrap_or(i64::MAX)
    }

    /// The request once it is voted down.
    pub fn declined(self, at: DateTime<Utc>) -> Self {
        Self { status: Status::Declined, decided_at: Some(at), ..self }
    }

    /// The request once it is approved: applied, or failed with the reason.
    pub fn approved(self, result: Result<AppliedResult, String>, at: DateTime<Utc>) -> Self {
        let (status, result) = match result {
            Ok(result) => (Status::Applied, result),
            Err(summary) => (Status::Failed, AppliedResult { summary, changes: Vec::new(), version: None }),
        };
        Self { status, applied_result: Some(result), decided_at: Some(at), ..self }
    }
}
