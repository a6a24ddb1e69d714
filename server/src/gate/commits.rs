//! Looks at commits of the repository, as often as somebody asks and no more than is good for the server.

use super::{SourceClock, check_sha, forge_cache::CachedForge, runs::keep};
use crate::state::AppState;
use domain::{
    error::Error,
    gate::{
        GateReport, MERGED_CONTRACT,
        merged::{BranchHead, CommitRun, Forge},
    },
    id::RunId,
    ledger::Actor,
    report,
};

/// Whether a report that says nothing new is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Where it says something that the last one about the commit did not; of reports about commits that no repository
    /// holds, which could be of any number, the newest hundred stay. So asking alone, which anybody may, fills
    /// no store.
    News,
    /// Always.
    Always,
}

/// Reports about commits that no repository holds, that are kept for whoever only asked.
const MAX_UNKNOWN: i64 = 100;

/// Looks at a commit of the repository.
pub async fn look_at_commit(
    state: &AppState,
    id: RunId,
    sha: &str,
    keeping: Keep,
    actor: Actor,
) -> Result<GateReport, Error> {
    check_sha(Some(sha), "sha")?;
    state.gates.history()?;
    let waiting = state
        .gates
        .waiting
        .clone()
        .try_acquire_owned()
        .map_err(|_| Error::Unavailable("too many look at commits now".into()))?;
    let (state, sha) = (state.clone(), sha.to_owned());
    tokio::spawn(async move {
        let _waiting = waiting;
        let _one_at_a_time = state.gates.looking.lock().await;
        match state.store.gate_report(id).await? {
            Some(report) => Ok(report),
            None => look_alone(&state, id, &sha, keeping, actor).await,
        }
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

async fn look_alone(
    state: &AppState,
    id: RunId,
    sha: &str,
    keeping: Keep,
    actor: Actor,
) -> Result<GateReport, Error> {
    let gates = &state.gates;
    let contract = gates.contract(MERGED_CONTRACT)?;
    let clock = SourceClock(state.source.clone());
    let forge = gates.forge.as_deref();
    let forge = forge.map(|forge| CachedForge { forge, cache: &gates.forge_cache, clock: &clock });
    let run = CommitRun {
        id,
        sha,
        store: &*state.store,
        history: &**gates.history()?,
        forge: forge.as_ref().map(|forge| forge as &dyn Forge),
        clock: &clock,
    };
    let report = contract.run_on_commit(run).await?;
    let found = report.expected_sha.clone();
    match (keeping, found) {
        (Keep::News, None) => keep_unknown(state, sha, report).await,
        (Keep::News, Some(full)) => {
            let last = report::last_gate_report(&*state.store, MERGED_CONTRACT, Some(&full)).await?;
            match last.filter(|last| findings(last) == findings(&report)) {
                Some(last) => Ok(last),
                None => keep(state, Some(full), report, actor).await,
            }
        }
        (Keep::Always, found) => keep(state, found.or_else(|| Some(sha.to_owned())), report, actor).await,
    }
}

/// Keeps what was said of a commit that is not there, unless it was said before.
async fn keep_unknown(state: &AppState, sha: &str, report: GateReport) -> Result<GateReport, Error> {
    let last = state.store.unknown_commit(MERGED_CONTRACT, sha).await?;
    if let Some(last) = last.filter(|last| findings(last) == findings(&report)) {
        return Ok(last);
    }
    // Whoever asks for it gets it all the same: the database may be busy with what matters more.
    if let Err(error) = state.store.keep_unknown_commit(sha, &report, MAX_UNKNOWN).await {
        tracing::warn!(%error, "a report about an unknown commit was not kept");
    }
    Ok(report)
}

/// What a report says, without its times.
fn findings(report: &GateReport) -> Vec<(&str, &str)> {
    report.checks.iter().map(|check| (check.verdict.name(), check.observed.as_str())).collect()
}

/// The head of the branch of the repository.
pub async fn main_head(state: &AppState) -> Result<BranchHead, Error> {
    let head = state.gates.history()?.head().await;
    head.map_err(|why| Error::Unavailable(format!("the repository cannot be read: {why}")))
}
