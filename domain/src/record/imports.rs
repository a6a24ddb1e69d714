//! Writes of an import: specs that were read from files.

use super::{Context, registry::made_spec};
use crate::error::Error;
use crate::ledger::Change;
use crate::registry::{Edit, InventorySource, Precondition};
use crate::spec::{Decision, ImportedSpec, NewSpec, Spec, SpecContent, decide};
use crate::store::Store;

/// How often a spec is decided about that somebody else writes between looking and writing.
const MAX_ATTEMPTS: usize = 3;

/// What would become of a spec that was read from a file.
pub async fn plan_import(store: &dyn Store, spec: &ImportedSpec, force: bool) -> Result<Decision, Error> {
    let kept = store.spec(&spec.spec_id).await?;
    let before = store.spec_import(&spec.spec_id).await?;
    decide(spec, kept.as_ref(), before.as_ref(), force)
}

/// Writes what a file says of a spec, unless there is a reason not to (see [`decide`]): what was decided, and the spec
/// where it was written. `context` is asked anew for each attempt, as no two writes have the same ids.
pub async fn import_spec(
    store: &dyn Store,
    context: &(dyn Fn() -> Context + Sync),
    spec: &ImportedSpec,
    force: bool,
) -> Result<(Decision, Option<Spec>), Error> {
    let mut attempts = 1;
    loop {
        let decision = plan_import(store, spec, force).await?;
        match write(store, context(), spec, &decision).await {
            // Somebody was faster: what they wrote is looked at like anything else that is there.
            Err(Error::Stale(_) | Error::RegisteredAlready { .. }) if attempts < MAX_ATTEMPTS => {
                attempts += 1
            }
            written => return Ok((decision, written?)),
        }
    }
}

async fn write(
    store: &dyn Store,
    context: Context,
    spec: &ImportedSpec,
    decision: &Decision,
) -> Result<Option<Spec>, Error> {
    let change = match decision {
        Decision::Register => {
            let content = spec.given.applied_to(&SpecContent::default());
            let new = NewSpec { spec_id: spec.spec_id.clone(), content };
            Change::RegisterSpec { spec: new.registered(InventorySource::Import, context.now) }
        }
        Decision::Update { version, changes } => {
            let (id, changes) = (spec.spec_id.clone(), changes.clone());
            let precondition = Precondition::Versions(vec![*version]);
            Change::EditSpec { edit: Edit { id, changes, precondition, at: context.now, version: None } }
        }
        Decision::Unchanged | Decision::Keep(_) => return Ok(None),
    };
    let mut write = context.write(change, false, None);
    write.imported = Some(spec.file.clone());
    made_spec(store.write(write).await?).map(|written| Some(written.made))
}
