//! Writes of vetoes: a merged change is rolled back, and that is undone.

use super::Context;
use crate::contribution::ContributorRecord;
use crate::error::Error;
use crate::governance::{
    AutonomyPolicy, NewUndoing, NewVeto, Standing, Veto, may_veto, speaker_named, standing,
};
use crate::id::VetoId;
use crate::input::Node;
use crate::ledger::{Actor, Change};
use crate::store::{Made, Store, Written};
use chrono::{DateTime, Utc};

/// Rolls a merged change back: its credits count nothing from now on.
///
/// Whoever lost all of their index by it may still send the same request again: what forbids a veto is decided where
/// it is kept, after the sender's key was looked for.
pub async fn cast_veto(store: &dyn Store, context: Context, content: &Node) -> Result<Written<Veto>, Error> {
    let new = NewVeto::read(content)?;
    if store.unit(new.unit).await?.is_none() {
        return Err(Error::field("unit", "is no merged change that is known here"));
    }
    let (contributor, standing, objection) =
        judge(store, &context.actor, &new.contributor, context.now).await?;
    let key = context.key("cast_veto", &new)?;
    let id = VetoId::new(context.ids[0]);
    let veto = new.cast(id, contributor.handle, standing, context.actor.clone(), context.now);
    made_veto(store.write(context.write(Change::CastVeto { veto, objection }, false, key)).await?)
}

/// Undoes a veto: the credits count again, unless a revert ended them. Whoever may roll back may undo it, and whoever
/// cast this one.
pub async fn undo_veto(
    store: &dyn Store,
    context: Context,
    id: VetoId,
    content: &Node,
) -> Result<Written<Veto>, Error> {
    let veto = store.veto(id).await?.ok_or(Error::VetoNotFound)?;
    let new = NewUndoing::read(content)?;
    let (contributor, standing, objection) =
        judge(store, &context.actor, &new.contributor, context.now).await?;
    let objection = objection.filter(|_| contributor.handle != veto.contributor);
    let key = context.key(&format!("undo_veto {id}"), &new)?;
    let undoing = new.by(contributor.handle, standing, context.actor.clone(), context.now);
    let change = Change::UndoVeto { veto_id: id, undoing, objection };
    made_veto(store.write(context.write(change, false, key)).await?)
}

/// Who it is, what they have earned by now, and what forbids them to roll changes back.
async fn judge(
    store: &dyn Store,
    actor: &Actor,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(ContributorRecord, Standing, Option<Box<Error>>), Error> {
    let contributor = speaker_named(store, actor, "contributor", name, now).await?;
    let standing = standing(store, &contributor.handle, now).await?;
    let objection = may_veto(AutonomyPolicy::in_force(), &contributor, &standing).err().map(Box::new);
    Ok((contributor, standing, objection))
}

fn made_veto(written: Written<Made>) -> Result<Written<Veto>, Error> {
    match written.made {
        Made::Veto(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a veto with something else".into())),
    }
}
