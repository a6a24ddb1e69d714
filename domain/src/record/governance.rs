//! Writes of governance: changes are proposed and voted on.

use super::Context;
use crate::change_request::{CastVote, ChangeRequest, NewChangeRequest, NewVote, Proposal, Subject};
use crate::edit::{Changed, changed};
use crate::error::Error;
use crate::id::ChangeRequestId;
use crate::input::Node;
use crate::ledger::Change;
use crate::store::{Made, Store, Written};
use chrono::{DateTime, Utc};

/// Proposes a change. Its content is checked as the edit itself would be, and what it is about must be there.
pub async fn propose_change(
    store: &dyn Store,
    context: Context,
    content: &Node,
) -> Result<Written<ChangeRequest>, Error> {
    let new = NewChangeRequest::read(content)?;
    let (subjects, would_change) = about(store, &new.proposal, context.now).await?;
    let key = context.key("propose_change", &new)?;
    let id = ChangeRequestId::new(context.ids[0]);
    let request = new.proposed(id, context.actor.clone(), would_change, context.now);
    let change = Change::ProposeChange { request, subjects };
    made_request(store.write(context.write(change, false, key)).await?)
}

/// Casts a vote on a change request. The one that decides applies it, too, in the same transaction.
pub async fn cast_vote(
    store: &dyn Store,
    context: Context,
    id: ChangeRequestId,
    content: &Node,
) -> Result<Written<ChangeRequest>, Error> {
    let new = match NewVote::read(content) {
        // A request that is not there is the first thing to be told of.
        Err(_) if store.change_request(id).await?.is_none() => return Err(Error::ChangeRequestNotFound),
        read => read?,
    };
    let key = context.key(&format!("cast_vote {id}"), &new)?;
    let vote = new.cast(context.actor.clone(), context.now);
    let cast = CastVote { request_id: id, vote, status: None, applied_result: None };
    made_request(store.write(context.write(Change::CastVote { cast }, false, key)).await?)
}

/// All that a proposal is about, which must be there, and what it would change of it now.
async fn about(
    store: &dyn Store,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<(Vec<Subject>, Vec<Changed>), Error> {
    Ok(match proposal {
        Proposal::LinkContributor(of) => {
            let record = store.link(of.lineage_id).await?;
            let record =
                record.ok_or_else(|| Error::field("lineage_id", "is no lineage link that is known here"))?;
            let (link, result) = of.apply(record.link, now);
            let subjects =
                vec![Subject::Link(link.id), Subject::Spec(link.spec_id), Subject::Idea(link.idea_id)];
            (subjects, result.changes)
        }
        Proposal::Spec(of) => match store.spec(&of.spec_id).await? {
            Some(entry) if entry.card.registered => {
                let changes = changed(&entry.content, &of.changes.applied_to(&entry.content));
                (vec![Subject::Spec(of.spec_id.clone())], changes)
            }
            Some(_) => {
                return Err(Error::field(
                    "spec_id",
                    "is named by links but not registered; register it first",
                ));
            }
            None => return Err(Error::field("spec_id", "is no spec that is known here")),
        },
        Proposal::Idea(of) => match store.idea(&of.idea_id).await? {
            Some(record) if record.idea.is_registered() => {
                let content = &record.idea.content;
                let changes = changed(content, &of.changes.applied_to(content));
                (vec![Subject::Idea(of.idea_id.clone())], changes)
            }
            Some(_) => {
                return Err(Error::field(
                    "idea_id",
                    "is named by links but not registered; register it first",
                ));
            }
            None => return Err(Error::field("idea_id", "is no idea that is known here")),
        },
    })
}

fn made_request(written: Written<Made>) -> Result<Written<ChangeRequest>, Error> {
    match written.made {
        Made::ChangeRequest(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a change request with something else".into())),
    }
}
