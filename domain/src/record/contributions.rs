//! Writes of contributions: what people decide about contributors, and runs of imports.

use super::Context;
use crate::contribution::{ContributorEdit, ContributorPatch, ContributorRecord, ImportRun};
use crate::error::Error;
use crate::input::Node;
use crate::ledger::Change;
use crate::registry::Precondition;
use crate::store::{Made, Store};

/// Decides about a contributor by a merge patch, if nothing was decided since the version that `if_match` allows.
pub async fn edit_contributor(
    store: &dyn Store,
    context: Context,
    handle: &str,
    if_match: Option<&str>,
    content: &Node,
) -> Result<ContributorRecord, Error> {
    // Whoever is not there is the first thing to be told of; unless the patch is what makes them known.
    let patch = ContributorPatch::read(content, context.now);
    let makes_known = matches!(&patch, Ok(patch) if matches!(patch.kind, Some(Some(_))));
    if !makes_known && store.contributor(handle).await?.is_none() {
        return Err(Error::ContributorNotFound);
    }
    let precondition = Precondition::read(if_match)?;
    let patch = patch?;
    if crate::contribution::handle_of(handle).as_deref() != Some(handle) {
        return Err(Error::field("handle", "must be lower-case letters, digits, ., _ and -"));
    }
    let at = context.now;
    let edit = ContributorEdit { handle: handle.to_owned(), patch, precondition, at, version: None };
    let key = context.key(&format!("edit_contributor {handle}"), &edit)?;
    let written = store.write(context.write(Change::EditContributor { edit }, false, key)).await?;
    match written.made {
        Made::Contributor(made) => Ok(*made),
        _ => Err(Error::Store("the store answered a contributor with something else".into())),
    }
}

/// Keeps what a run of an import came to.
pub async fn keep_import_run(store: &dyn Store, context: Context, run: ImportRun) -> Result<(), Error> {
    store.write(context.write(Change::ImportHistory { run }, false, None)).await.map(drop)
}
