//! Writes of uses: a claim was used in a session.

use super::Context;
use crate::contribution::KnowledgeKind;
use crate::error::Error;
use crate::governance::{ClaimUse, NewClaimUse, claim_slugs, metrics_of};
use crate::input::Node;
use crate::ledger::Change;
use crate::store::{Made, Store, Written};

/// Tells of a use of a claim. The answer says whether it counts: each session does once a day.
pub async fn use_claim(
    store: &dyn Store,
    context: Context,
    slug: &str,
    content: &Node,
) -> Result<Written<ClaimUse>, Error> {
    // A claim that is not there is the first thing to be told of.
    let claim = claim_called(store, slug).await?.ok_or(Error::ClaimNotFound)?;
    let metrics = metrics_of(&store.repositories().await?);
    let new = NewClaimUse::read(content, &metrics, context.now)?;
    let key = context.key(&format!("use_claim {claim}"), &new)?;
    let captured_at_given = new.captured_at.is_some();
    let claim_use = new.of(claim, context.now);
    let written = store.write(context.write(Change::UseClaim { claim_use }, captured_at_given, key)).await?;
    match written.made {
        Made::ClaimUse(made) => Ok(Written { made, replayed: written.replayed }),
        _ => Err(Error::Store("the store answered a use with something else".into())),
    }
}

/// The slug of the claim that a text names; none where none is called so.
async fn claim_called(store: &dyn Store, text: &str) -> Result<Option<String>, Error> {
    for slug in claim_slugs(text) {
        if !store.knowledge(Some(KnowledgeKind::Claim), &slug).await?.is_empty() {
            return Ok(Some(slug));
        }
    }
    Ok(None)
}
