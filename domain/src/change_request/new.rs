//! A change request as it is proposed.

use super::{ChangeRequest, IdeaChange, LinkContributor, Proposal, SpecChange, Status};
use crate::edit::{Changed, Editable, MAX_PROSE, Patch};
use crate::error::Error;
use crate::id::{ChangeRequestId, LinkId};
use crate::input::{Errors, Fields, Node, prose, word};
use crate::ledger::Actor;
use crate::link::MAX_NAME;
use crate::registry::read_id;
use crate::stage::Stage;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Approvals that a request may require at the most.
pub const MAX_APPROVALS: i64 = 10;

/// A change request as a sender proposes it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChangeRequest {
    /// What is to be changed.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// Who proposes it, by name; whoever that is may not vote on it.
    #[cfg_attr(feature = "openapi", schema(example = "carol", min_length = 1, max_length = 200))]
    pub proposer: String,
    /// What to call it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub title: Option<String>,
    /// Why.
    #[cfg_attr(feature = "openapi", schema(max_length = 10_000))]
    pub reason: Option<String>,
    /// Votes with yes that apply it, and votes with no that decline it.
    #[cfg_attr(feature = "openapi", schema(required = false, default = 1, minimum = 1, maximum = 10))]
    pub required_approvals: i64,
}

impl NewChangeRequest {
    /// Checks what was sent, naming every wrong field. What it is about is looked for elsewhere.
    pub fn read(node: &Node) -> Result<Self, Error> {
        const OF_ALL: [&str; 5] = ["kind", "proposer", "title", "reason", "required_approvals"];
        const OF_LINKS: [&str; 3] = ["lineage_id", "stage", "contributor"];
        let of_kind: &[&str] = match kind(node) {
            Some("link_contributor") => &OF_LINKS,
            Some("spec") => &["spec_id", "changes"],
            Some("idea") => &["idea_id", "changes"],
            // Which fields there may be is not known either; the kind is the first thing to be told of.
            _ => &["lineage_id", "stage", "contributor", "spec_id", "idea_id", "changes"],
        };
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let request = Fields::open(node, "", &[&OF_ALL, of_kind].concat(), errors_ref).and_then(|fields| {
            let proposal = read_proposal(&fields, errors_ref);
            let proposer = fields.text("proposer", MAX_NAME, errors_ref);
            let title = fields.optional_text("title", MAX_NAME, errors_ref);
            let reason = read_reason(&fields, errors_ref);
            let required_approvals = read_approvals(&fields, errors_ref);
            Some(Self {
                proposal: proposal?,
                proposer: proposer?,
                title,
                reason,
                required_approvals: required_approvals?,
            })
        });
        errors.finish(request)
    }

    /// The request as kept: open, without a vote.
    pub fn proposed(
        self,
        id: ChangeRequestId,
        actor: Actor,
        proposed_changes: Vec<Changed>,
        at: DateTime<Utc>,
    ) -> ChangeRequest {
        ChangeRequest {
            id,
            proposal: self.proposal,
            title: self.title,
            reason: self.reason,
            proposer: self.proposer,
            actor,
            required_approvals: self.required_approvals,
            proposed_changes,
            status: Status::Open,
            votes: Vec::new(),
            applied_result: None,
            created_at: at,
            decided_at: None,
        }
    }
}

/// The kind that was sent, whatever else was.
fn kind(node: &Node) -> Option<&str> {
    let Node::Object(members) = node else { return None };
    members.iter().find_map(|(name, value)| match value {
        Node::Text(text) if name == "kind" => Some(text.as_str()),
        _ => None,
    })
}

fn read_proposal(fields: &Fields<'_>, errors: &mut Errors) -> Option<Proposal> {
    let node = fields.required("kind", errors)?;
    match word(node, &fields.path("kind"), &Proposal::KINDS, errors)? {
        "link_contributor" => {
            let lineage_id = read_link(fields, errors);
            let stage = fields
                .required("stage", errors)
                .and_then(|node| word(node, &fields.path("stage"), &Stage::NAMES, errors))
                .and_then(Stage::named);
            let contributor = fields.text("contributor", MAX_NAME, errors);
            Some(Proposal::LinkContributor(LinkContributor {
                lineage_id: lineage_id?,
                stage: stage?,
                contributor: contributor?,
            }))
        }
        "spec" => {
            let (spec_id, changes) = (read_id(fields, "spec_id", errors), read_changes(fields, errors));
            Some(Proposal::Spec(SpecChange { spec_id: spec_id?, changes: changes? }))
        }
        _ => {
            let (idea_id, changes) = (read_id(fields, "idea_id", errors), read_changes(fields, errors));
            Some(Proposal::Idea(IdeaChange { idea_id: idea_id?, changes: changes? }))
        }
    }
}

fn read_link(fields: &Fields<'_>, errors: &mut Errors) -> Option<LinkId> {
    let text = fields.text("lineage_id", MAX_NAME, errors)?;
    let id = text.parse().ok();
    if id.is_none() {
        errors.add(
            fields.path("lineage_id"),
            "must be the id of a lineage link, such as lnk_01h455vb4pex5vsknk084sn02q",
        );
    }
    id
}

fn read_changes<C: Editable>(fields: &Fields<'_>, errors: &mut Errors) -> Option<Patch<C>> {
    let node = fields.required("changes", errors)?;
    let path = fields.path("changes");
    let changes = Patch::read_all(node, &path, errors)?;
    if matches!(node, Node::Object(members) if members.is_empty()) {
        errors.add(path, format!("must name at least one of {}", Patch::<C>::names().join(", ")));
    }
    Some(changes)
}

fn read_reason(fields: &Fields<'_>, errors: &mut Errors) -> Option<String> {
    let node = fields.optional("reason")?;
    prose(node, &fields.path("reason"), MAX_PROSE, errors).filter(|reason| !reason.is_empty())
}

fn read_approvals(fields: &Fields<'_>, errors: &mut Errors) -> Option<i64> {
    let Some(node) = fields.optional("required_approvals") else { return Some(1) };
    let count = match node {
        Node::Number(text) => text.parse().ok().filter(|count| (1..=MAX_APPROVALS).contains(count)),
        _ => None,
    };
    if count.is_none() {
        let path = fields.path("required_approvals");
        errors.add(path, format!("must be a whole number from 1 to {MAX_APPROVALS}"));
    }
    count
}
