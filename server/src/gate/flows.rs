//! The live transaction by itself, as often as somebody asks, and once for each key that is sent.

use crate::state::AppState;
use domain::{
    error::Error,
    gate::{
        Invariant, PUBLIC_DEPLOY_CONTRACT,
        contract::CheckKind,
        transaction::{FlowParts, flow},
    },
    record::{self, Context},
    store::Written,
};
use serde::Serialize;

/// The route, as keys know it.
const ROUTE: &str = "minimum_flow";

/// Runs the live transaction once and answers what is made of its parts; the same again to whoever sends the same key.
/// A key that cannot be taken runs nothing.
pub async fn minimum_flow<A: Serialize + Send + Sync>(
    state: &AppState,
    context: Context,
    answer: impl FnOnce(FlowParts, Vec<Invariant>) -> A + Send + 'static,
) -> Result<Written<String>, Error> {
    let state = state.clone();
    let too_many = |_| Error::Unavailable("too many ask for the transaction now".into());
    let waiting = state.gates.waiting.clone().try_acquire_owned().map_err(too_many)?;
    // A task of its own: what was begun is kept, whoever goes away meanwhile.
    tokio::spawn(async move {
        let _waiting = waiting;
        // The same request may wait here for its own first try.
        let _one_at_a_time = match context.idempotency_key {
            Some(_) => Some(state.gates.flowing.lock().await),
            None => None,
        };
        if let Some(kept) = record::kept_answer(&*state.store, &context, ROUTE).await? {
            return Ok(kept);
        }
        let (parts, invariants) = run(&state).await?;
        record::keep_answer(&*state.store, &context, ROUTE, &answer(parts, invariants)).await
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

async fn run(state: &AppState) -> Result<(FlowParts, Vec<Invariant>), Error> {
    let contract = state.gates.contract(PUBLIC_DEPLOY_CONTRACT)?;
    let found = contract.checks.iter().find_map(|check| match &check.kind {
        CheckKind::LiveTransaction { pool, shares } => Some((*pool, *shares)),
        _ => None,
    });
    let (pool, shares) = found.ok_or(Error::GateNotFound)?;
    let within = state.gates.settings.run_within();
    let target = state.gates.target.waiting(contract.timeout_seconds, Some(within));
    let nonce = state.source.id().simple().to_string();
    Ok(flow(&target, &nonce, pool, &shares).await)
}
