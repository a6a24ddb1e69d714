//! Writes of flags: something is flagged, and a flag is withdrawn.

use super::Context;
use crate::contribution::KnowledgeKind;
use crate::error::Error;
use crate::governance::{Flag, FlagSubject, Flaggable, NewFlag, NewWithdrawal, speaker_named, standing};
use crate::id::FlagId;
use crate::input::Node;
use crate::ledger::Change;
use crate::store::{Made, Store, Written};

/// Flags something that is there, with the weight that the contributor has earned by now.
pub async fn raise_flag(store: &dyn Store, context: Context, content: &Node) -> Result<Written<Flag>, Error> {
    let mut new = NewFlag::read(content)?;
    let mut known = is_there(store, &new.about()).await?;
    if let (false, Some(otherwise)) = (known, new.otherwise.take()) {
        new.subject = otherwise;
        known = is_there(store, &new.about()).await?;
    }
    if !known {
        let message = format!("is no {} that is known here", new.subject_kind.label());
        return Err(Error::field("subject", message));
    }
    let contributor =
        speaker_named(store, &context.actor, "contributor", &new.contributor, context.now).await?;
    let standing = standing(store, &contributor.handle, context.now).await?;
    let key = context.key("raise_flag", &new)?;
    let id = FlagId::new(context.ids[0]);
    let flag = new.raised(id, contributor.handle, standing, context.actor.clone(), context.now);
    made_flag(store.write(context.write(Change::RaiseFlag { flag }, false, key)).await?)
}

/// Withdraws a flag. Whoever raised it may, and the one for whom they work now.
pub async fn withdraw_flag(
    store: &dyn Store,
    context: Context,
    id: FlagId,
    content: &Node,
) -> Result<Written<Flag>, Error> {
    let flag = store.flag(id).await?.ok_or(Error::FlagNotFound)?.flag;
    let new = NewWithdrawal::read(content)?;
    let contributor =
        speaker_named(store, &context.actor, "contributor", &new.contributor, context.now).await?;
    let raiser = store.contributor(&flag.contributor).await?;
    let may = raiser.is_some_and(|raiser| {
        let principal = raiser.principal_at(context.now);
        raiser.handle == contributor.handle || principal == Some(contributor.handle.as_str())
    });
    if !may {
        return Err(Error::NotYourFlag(contributor.handle));
    }
    let key = context.key(&format!("withdraw_flag {id}"), &new)?;
    let withdrawal = new.by(contributor.handle, context.actor.clone(), context.now);
    let change = Change::WithdrawFlag { flag_id: id, withdrawal };
    made_flag(store.write(context.write(change, false, key)).await?)
}

async fn is_there(store: &dyn Store, subject: &FlagSubject) -> Result<bool, Error> {
    let unreadable = |_| Error::Store("a subject that was read is no id".into());
    Ok(match subject.kind {
        Flaggable::Unit => store.unit(subject.id.parse().map_err(unreadable)?).await?.is_some(),
        Flaggable::Link => store.link(subject.id.parse().map_err(unreadable)?).await?.is_some(),
        Flaggable::GateRun => store.gate_report(subject.id.parse().map_err(unreadable)?).await?.is_some(),
        Flaggable::Claim => !store.knowledge(Some(KnowledgeKind::Claim), &subject.id).await?.is_empty(),
    })
}

fn made_flag(written: Written<Made>) -> Result<Written<Flag>, Error> {
    match written.made {
        Made::Flag(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a flag with something else".into())),
    }
}
