//! The one error of the product, and the one mapping of it to a status, a title and a message.

use crate::id::{FlagId, VetoId};
use crate::registry::{IDEAS, SPECS, entry_path};
use serde::{Deserialize, Serialize};

/// A field of a request that cannot be taken, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's path in what was sent, such as `investments[0].energy_units`.
    #[cfg_attr(feature = "openapi", schema(example = "investments[0].energy_units"))]
    pub field: String,
    /// What is wrong and what to send instead.
    #[cfg_attr(feature = "openapi", schema(example = "must be above zero"))]
    pub message: String,
}

/// Everything that can go wrong between a request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No link has that id.
    #[error("Lineage link not found")]
    LinkNotFound,
    /// No link, spec or registration names that spec.
    #[error("Spec not found")]
    SpecNotFound,
    /// No link, spec or registration names that idea.
    #[error("Idea not found")]
    IdeaNotFound,
    /// No change request has that id.
    #[error("Change request not found")]
    ChangeRequestNotFound,
    /// No flag has that id.
    #[error("Flag not found")]
    FlagNotFound,
    /// No veto has that id.
    #[error("Veto not found")]
    VetoNotFound,
    /// No agent has that handle.
    #[error("Agent not found; GET /api/governance/autonomy lists them")]
    AgentNotFound,
    /// The contributor's earlier flag of the same still stands.
    #[error(
        "{contributor:?} has flagged this already, and {id} still stands; withdraw it by POST /api/governance/flags/{id}/withdraw to flag it anew"
    )]
    FlaggedAlready {
        /// Whose.
        contributor: String,
        /// The flag.
        id: FlagId,
    },
    /// It was withdrawn before.
    #[error("This flag was withdrawn before; raise another to flag it anew")]
    FlagWithdrawn,
    /// Only whoever raised it may withdraw it.
    #[error("{0:?} did not raise this flag; whoever did may withdraw it, or the one for whom they work")]
    NotYourFlag(String),
    /// The key is somebody's own, who is another.
    #[error(
        "This key bears the name of {owner:?}: it speaks for them and for agents who work for them, and not for {contributor:?}"
    )]
    NotYourKey {
        /// Whose name it bears.
        owner: String,
        /// For whom it was to speak.
        contributor: String,
    },
    /// The change is rolled back already.
    #[error(
        "This change is rolled back already, by {0}; undo that by POST /api/governance/vetoes/{0}/undo to decide anew"
    )]
    VetoedAlready(VetoId),
    /// It was undone before.
    #[error("This veto was undone before; cast another to roll the change back again")]
    VetoUndone,
    /// Somebody who may not roll changes back.
    #[error("{contributor:?} may not roll changes back or undo that: {why}")]
    MayNotVeto {
        /// Who.
        contributor: String,
        /// Why not.
        why: String,
    },
    /// Nobody is known by that handle.
    #[error("Contributor not found; GET /api/contributors lists them")]
    ContributorNotFound,
    /// No unit of contribution has that id.
    #[error("Contribution unit not found; GET /api/contribution-units lists them")]
    UnitNotFound,
    /// No claim has that slug.
    #[error("Claim not found")]
    ClaimNotFound,
    /// No piece of knowledge of that kind has that slug.
    #[error("No {0} has that slug")]
    KnowledgeNotFound(&'static str),
    /// Somebody else went on with an import of the same repository.
    #[error(
        "Another import of {0} went on meanwhile; what was read so far is kept, run it again for the rest"
    )]
    ImportedMeanwhile(String),
    /// It is registered already: the kind of entry, its id, and the path of its kind.
    #[error("The {kind} {id:?} is registered already; change it with PATCH {path}")]
    RegisteredAlready {
        /// `spec` or `idea`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// Its path.
        path: String,
    },
    /// It is only named by others, so there is nothing to edit.
    #[error(
        "The {kind} {id:?} is named by others but not registered yet; register it first with POST {path}"
    )]
    NotRegistered {
        /// `spec` or `idea`.
        kind: &'static str,
        /// Its id.
        id: String,
        /// Where entries of the kind are.
        path: &'static str,
    },
    /// An edit that does not say which version it is made to.
    #[error(
        "Say which version this changes: send the ETag of the answer that you read as If-Match, or If-Match: * for whichever it is"
    )]
    IfMatchMissing,
    /// An edit of a version that is no longer there.
    #[error(
        "This is at version {0}, which If-Match does not name: somebody may have changed it meanwhile; read it again and send the ETag of that answer as If-Match"
    )]
    Stale(i64),
    /// A change request takes no votes any more.
    #[error("This change request is {0} and takes no more votes")]
    RequestDecided(&'static str),
    /// A proposer's vote on their own request.
    #[error(
        "Whoever proposed a change may not vote on it; somebody else has to, with a name and an API key of their own"
    )]
    OwnProposal,
    /// A second vote of the same person.
    #[error("{0:?} has voted on this change request already, by this name or with this API key")]
    VotedAlready(String),
    /// No gate has that name.
    #[error("Gate not found; GET /api/gates lists them")]
    GateNotFound,
    /// No run of a gate has that id.
    #[error("Gate run not found")]
    RunNotFound,
    /// Nobody told this server of a git repository.
    #[error("No git repository is configured; start the server with --repository PATH")]
    NoRepository,
    /// The content cannot be taken; every wrong field is named.
    #[error("{}", summarise(.0))]
    Invalid(Vec<FieldError>),
    /// The sender's own id was used before for an event with other content.
    #[error(
        "external_id {0:?} was used on this link for an event with other content; send the same content again, or another external_id"
    )]
    ExternalIdReused(String),
    /// The sender's own id was used before for a use with other content.
    #[error(
        "external_id {0:?} was used for a use of this claim with other content; send the same content again, or another external_id"
    )]
    UseIdReused(String),
    /// The idempotency key was used before with other content.
    #[error(
        "Idempotency-Key {0:?} was used for a request with other content; send the same content again, or another key"
    )]
    IdempotencyKeyReused(String),
    /// The store did not do what it was asked to; the text is for the log, never for a reader.
    #[error("{0}")]
    Store(String),
    /// The store cannot be reached or is shutting down.
    #[error("{0}")]
    Unavailable(String),
}

/// An error as a reader is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The HTTP status.
    pub status: u16,
    /// A few words, the same for every error of the kind.
    pub title: &'static str,
    /// What happened here and what to do.
    pub detail: String,
}

impl Error {
    /// An error about one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// A spec that is registered already.
    pub fn spec_registered(id: &str) -> Self {
        Self::RegisteredAlready { kind: "spec", id: id.to_owned(), path: entry_path(SPECS, id) }
    }

    /// An idea that is registered already.
    pub fn idea_registered(id: &str) -> Self {
        Self::RegisteredAlready { kind: "idea", id: id.to_owned(), path: entry_path(IDEAS, id) }
    }

    /// A spec that is not registered yet.
    pub fn spec_not_registered(id: &str) -> Self {
        Self::NotRegistered { kind: "spec", id: id.to_owned(), path: SPECS }
    }

    /// An idea that is not registered yet.
    pub fn idea_not_registered(id: &str) -> Self {
        Self::NotRegistered { kind: "idea", id: id.to_owned(), path: IDEAS }
    }

    /// How to tell a reader of it. What only an operator may know stays in the log.
    pub fn describe(&self) -> Described {
        let (status, title) = match self {
            Self::LinkNotFound
            | Self::SpecNotFound
            | Self::IdeaNotFound
            | Self::ChangeRequestNotFound
            | Self::GateNotFound
            | Self::RunNotFound
            | Self::FlagNotFound
            | Self::VetoNotFound
            | Self::AgentNotFound
            | Self::ContributorNotFound
            | Self::UnitNotFound
            | Self::ClaimNotFound
            | Self::KnowledgeNotFound(_)
            | Self::NoRepository => (404, "Not found"),
            Self::OwnProposal | Self::NotYourFlag(_) | Self::NotYourKey { .. } | Self::MayNotVeto { .. } => {
                (403, "Not allowed")
            }
            Self::RegisteredAlready { .. }
            | Self::NotRegistered { .. }
            | Self::RequestDecided(_)
            | Self::FlaggedAlready { .. }
            | Self::FlagWithdrawn
            | Self::VetoedAlready(_)
            | Self::VetoUndone
            | Self::ImportedMeanwhile(_)
            | Self::VotedAlready(_) => (409, "Conflict"),
            Self::Stale(_) => (412, "Changed meanwhile"),
            Self::IfMatchMissing => (428, "Version needed"),
            Self::Invalid(_) => (422, "Content cannot be taken"),
            Self::ExternalIdReused(_) | Self::UseIdReused(_) | Self::IdempotencyKeyReused(_) => {
                (409, "Conflict")
            }
            Self::Store(_) => (500, "Something went wrong here"),
            Self::Unavailable(_) => (503, "Not available now"),
        };
        let detail = match self {
            Self::Store(_) => {
                "The server could not do this; nothing was changed. The log has the reason.".into()
            }
            Self::Unavailable(_) => "This server cannot do it now; try again in a moment.".into(),
            other => other.to_string(),
        };
        Described { status, title, detail }
    }

    /// The wrong fields, where it is about fields.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(fields) => fields,
            _ => &[],
        }
    }
}

/// One sentence for any number of wrong fields.
fn summarise(fields: &[FieldError]) -> String {
    match fields {
        [only] => format!("{}: {}", only.field, only.message),
        several => format!("{} fields cannot be taken; see errors", several.len()),
    }
}
