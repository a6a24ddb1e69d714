//! Writes of autonomy: a person decides about an agent's level.

use super::Context;
use crate::contribution::{ContributorKind, ContributorRecord};
use crate::error::Error;
use crate::governance::{AutonomyDecision, AutonomyPolicy, NewDecision, contributor_named, speaker_named};
use crate::id::AutonomyId;
use crate::input::Node;
use crate::ledger::Change;
use crate::store::{Made, Store, Written};

/// Decides about an agent's level, whatever is proposed: only agents have one, and only a person decides.
pub async fn decide_autonomy(
    store: &dyn Store,
    context: Context,
    content: &Node,
) -> Result<Written<AutonomyDecision>, Error> {
    let policy = AutonomyPolicy::in_force();
    let new = NewDecision::read(policy, content)?;
    let agent = contributor_named(store, "agent", &new.agent).await?;
    let person = speaker_named(store, &context.actor, "decided_by", &new.decided_by, context.now).await?;
    must_be(&agent, ContributorKind::Agent, "agent", "only agents have a level of autonomy")?;
    must_be(&person, ContributorKind::Person, "decided_by", "only a person decides about an agent")?;
    let records = store.track_records(std::slice::from_ref(&agent.handle)).await?;
    let record = records.into_iter().next().unwrap_or_default();
    let key = context.key("decide_autonomy", &new)?;
    let decision = AutonomyDecision {
        id: AutonomyId::new(context.ids[0]),
        agent: agent.handle,
        level: new.level,
        decided_by: person.handle,
        reason: new.reason,
        proposed_level: policy.propose(&record).level,
        record,
        policy: policy.name.clone(),
        policy_hash: policy.hash(),
        actor: context.actor.clone(),
        at: context.now,
    };
    let written = store.write(context.write(Change::DecideAutonomy { decision }, false, key)).await?;
    match written.made {
        Made::Autonomy(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a decision with something else".into())),
    }
}

fn must_be(
    contributor: &ContributorRecord,
    kind: ContributorKind,
    field: &str,
    why: &str,
) -> Result<(), Error> {
    if contributor.kind == kind {
        return Ok(());
    }
    let (handle, kind) = (&contributor.handle, contributor.kind.name());
    let message = format!("is {handle:?}, which is kept as {kind}: {why}");
    Err(Error::field(field, message))
}
