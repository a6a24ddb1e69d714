//! What gates write: reports, answers given again, and the removal of what they filed.

use super::{Context, remember};
use crate::error::Error;
use crate::gate::GateReport;
use crate::id::RunId;
use crate::ledger::Change;
use crate::store::{Made, Store, Written};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Removes what gates filed before a time, and says how many links that were. One call removes some at the most; call
/// again until there are none.
pub async fn remove_gate_links(
    store: &dyn Store,
    context: Context,
    before: DateTime<Utc>,
) -> Result<usize, Error> {
    const AT_ONCE: i64 = 200;
    let links = store.gate_links_before(before, AT_ONCE).await?;
    let count = links.len();
    if count > 0 {
        let at = context.now;
        store.write(context.write(Change::RemoveGateLinks { links, at }, false, None)).await?;
    }
    Ok(count)
}

/// Keeps the report of a gate's run. `announce` where its verdict changed to or from pass, which others are to be
/// told of.
pub async fn keep_gate_report(
    store: &dyn Store,
    context: Context,
    subject: Option<String>,
    report: GateReport,
    announce: bool,
) -> Result<(), Error> {
    let change = Change::KeepGateReport { subject, report: Box::new(report), announce };
    store.write(context.write(change, false, None)).await.map(drop)
}

/// Reserves a run's id under the sender's key, so that the same request sent again is the same run: the id, and
/// whether it was reserved before.
pub async fn reserve_run(
    store: &dyn Store,
    context: &Context,
    gate: &str,
    content: &impl Serialize,
) -> Result<Written<RunId>, Error> {
    let id = RunId::new(context.ids[0]);
    let key = context.key(&format!("run_gate {gate}"), content)?;
    let written = remember(store, context, key, id.to_string()).await?;
    let made = written.made.parse();
    let made = made.map_err(|_| Error::Store("the store answered a run's id with something else".into()))?;
    Ok(Written { made, replayed: written.replayed })
}

/// The answer that is kept under the sender's key, so that nothing is done twice. The answer is made anew each time, so
/// what it answers is the route alone.
pub async fn kept_answer(
    store: &dyn Store,
    context: &Context,
    route: &str,
) -> Result<Option<Written<String>>, Error> {
    let Some(key) = context.key(route, &())? else { return Ok(None) };
    match store.remembered(&key).await? {
        Some(Written { made: Made::Answer(made), replayed }) => Ok(Some(Written { made, replayed })),
        Some(_) => Err(Error::Store("the store answered a kept answer with something else".into())),
        None => Ok(None),
    }
}

/// Keeps an answer under the sender's key, if there is one: the answer, or the one that was kept before.
pub async fn keep_answer(
    store: &dyn Store,
    context: &Context,
    route: &str,
    answer: &impl Serialize,
) -> Result<Written<String>, Error> {
    let answer = serde_json::to_string(answer).map_err(|error| Error::Store(error.to_string()))?;
    let key = context.key(route, &())?;
    remember(store, context, key, answer).await
}
