//! Writes of the registry: specs and ideas are registered and edited.

use super::Context;
use crate::edit::{Editable, Patch};
use crate::error::Error;
use crate::idea::{Idea, IdeaContent, NewIdea};
use crate::input::{Errors, Node};
use crate::ledger::Change;
use crate::registry::{Edit, InventorySource, Precondition, is_slug, not_a_slug};
use crate::spec::{NewSpec, Spec, SpecContent};
use crate::store::{Made, Store, Written};

/// Registers a spec. Where a link names it already, this fills what was a stub.
pub async fn register_spec(
    store: &dyn Store,
    context: Context,
    content: &Node,
    source: InventorySource,
) -> Result<Written<Spec>, Error> {
    let new = NewSpec::read(content)?;
    if !is_slug(&new.spec_id) && store.spec(&new.spec_id).await?.is_none() {
        return Err(not_a_slug("spec_id"));
    }
    let key = context.key("register_spec", &new)?;
    let spec = new.registered(source, context.now);
    let written = store.write(context.write(Change::RegisterSpec { spec }, false, key)).await?;
    made_spec(written)
}

/// Edits a spec by a merge patch, if it still is at a version that `if_match` allows.
pub async fn edit_spec(
    store: &dyn Store,
    context: Context,
    spec_id: &str,
    if_match: Option<&str>,
    content: &Node,
) -> Result<Spec, Error> {
    let entry = store.spec(spec_id).await?.ok_or(Error::SpecNotFound)?;
    if !entry.card.registered {
        return Err(Error::spec_not_registered(spec_id));
    }
    let edit = read_edit::<SpecContent>(&context, spec_id, if_match, content)?;
    let written = store.write(context.write(Change::EditSpec { edit }, false, None)).await?;
    Ok(made_spec(written)?.made)
}

/// Registers an idea. Where a link or a spec names it already, this fills what was a stub.
pub async fn register_idea(
    store: &dyn Store,
    context: Context,
    content: &Node,
) -> Result<Written<Idea>, Error> {
    let new = NewIdea::read(content)?;
    if !is_slug(&new.idea_id) && store.idea(&new.idea_id).await?.is_none() {
        return Err(not_a_slug("idea_id"));
    }
    let key = context.key("register_idea", &new)?;
    let idea = new.registered(context.now);
    let written = store.write(context.write(Change::RegisterIdea { idea }, false, key)).await?;
    made_idea(written)
}

/// Edits an idea by a merge patch, if it still is at a version that `if_match` allows.
pub async fn edit_idea(
    store: &dyn Store,
    context: Context,
    idea_id: &str,
    if_match: Option<&str>,
    content: &Node,
) -> Result<Idea, Error> {
    let record = store.idea(idea_id).await?.ok_or(Error::IdeaNotFound)?;
    if !record.idea.is_registered() {
        return Err(Error::idea_not_registered(idea_id));
    }
    let edit = read_edit::<IdeaContent>(&context, idea_id, if_match, content)?;
    let written = store.write(context.write(Change::EditIdea { edit }, false, None)).await?;
    Ok(made_idea(written)?.made)
}

fn read_edit<C: Editable>(
    context: &Context,
    id: &str,
    if_match: Option<&str>,
    content: &Node,
) -> Result<Edit<C>, Error> {
    let precondition = Precondition::read(if_match)?;
    let mut errors = Errors::default();
    let read = Patch::read_all(content, "", &mut errors);
    let changes = errors.finish(read)?;
    Ok(Edit { id: id.to_owned(), changes, precondition, at: context.now, version: None })
}

pub(super) fn made_spec(written: Written<Made>) -> Result<Written<Spec>, Error> {
    match written.made {
        Made::Spec(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a spec with something else".into())),
    }
}

fn made_idea(written: Written<Made>) -> Result<Written<Idea>, Error> {
    match written.made {
        Made::Idea(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered an idea with something else".into())),
    }
}
