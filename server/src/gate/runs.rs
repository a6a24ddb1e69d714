//! Runs gates of deployments: one at a time, and each to its end.

use super::{SourceClock, check_sha};
use crate::state::AppState;
use chrono::TimeDelta;
use domain::{
    error::Error,
    gate::{GateReport, OFFICIAL, run::Run},
    id::RunId,
    ledger::Actor,
    record, report,
};
use std::time::Duration;

/// Runs a deployment gate on schedule, where nobody waits for it: each of its checks may take all the time that the
/// contract gives it.
pub async fn run_on_schedule(state: &AppState, name: &str) -> Result<GateReport, Error> {
    let id = RunId::new(state.source.id());
    let (state, name) = (state.clone(), name.to_owned());
    tokio::spawn(async move {
        let _one_at_a_time = state.gates.running.lock().await;
        run_alone(&state, &name, id, None, Asked { actor: Actor::schedule(), within: None }).await
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

/// Runs a deployment gate now, or waits for the run that is under way. `told` is the commit that whoever asks expects.
pub async fn run_now(
    state: &AppState,
    name: &str,
    id: RunId,
    told: Option<String>,
    actor: Actor,
) -> Result<GateReport, Error> {
    check_sha(told.as_deref(), "expected_sha")?;
    state.gates.contract(name)?;
    let (state, name) = (state.clone(), name.to_owned());
    // A task of its own: a run that was begun is kept, whoever goes away meanwhile.
    tokio::spawn(async move {
        let _one_at_a_time = state.gates.running.lock().await;
        // The same request may have waited for its own first try.
        if let Some(report) = state.store.gate_report(id).await? {
            return Ok(report);
        }
        let within = Some(state.gates.settings.run_within());
        run_alone(&state, &name, id, told, Asked { actor, within }).await
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

/// By whom a run is asked for, and how long they wait for it.
struct Asked {
    actor: Actor,
    within: Option<Duration>,
}

async fn run_alone(
    state: &AppState,
    name: &str,
    id: RunId,
    told: Option<String>,
    Asked { actor, within }: Asked,
) -> Result<GateReport, Error> {
    let gates = &state.gates;
    let contract = gates.contract(name)?;
    let clock = SourceClock(state.source.clone());
    let expected_sha = gates.expected_sha(told.clone()).await;
    let run = Run {
        id,
        nonce: id.to_string().replace('_', "-"),
        target: &gates.target.waiting(contract.timeout_seconds, within),
        expected_sha,
        expected_version: gates.settings.expected.version.clone(),
        clock: &clock,
    };
    let report = contract.run(run).await;
    if gates.saw_the_end() {
        return Err(Error::Unavailable("the server is about to end".into()));
    }
    tracing::info!(gate = name, verdict = %report.verdict, milliseconds = report.duration_ms, "a gate ran");
    let official = told.is_none();
    let report = match keep(state, told, report.clone(), actor).await {
        Ok(report) => report,
        Err(error) => not_kept(state, report, &error).await,
    };
    if official {
        gates.remember(&report);
    }
    Ok(report)
}

/// A report that the store would not take: it may be the very store that is broken, so it is answered all the same,
/// and told at once where it lets nothing pass.
async fn not_kept(state: &AppState, mut report: GateReport, error: &Error) -> GateReport {
    tracing::error!(%error, gate = report.gate, verdict = %report.verdict, "a report could not be kept");
    report.warnings.push("This report could not be kept: the log of this server has the reason".into());
    if let (Some(receiver), false) = (&state.gates.settings.webhook, report.verdict.passes()) {
        let told = receiver.tell(&report, state.source.now()).await;
        if let Err(why) = told {
            tracing::error!(?why, "a webhook was not taken");
        }
    }
    report
}

/// Keeps a report, and has it told where the verdict changed to or from pass.
pub(super) async fn keep(
    state: &AppState,
    subject: Option<String>,
    report: GateReport,
    actor: Actor,
) -> Result<GateReport, Error> {
    let official = subject.is_none() && state.gates.settings.webhook.is_some();
    let announce = match official {
        true => {
            let last = report::last_gate_report(&*state.store, &report.gate, Some(OFFICIAL)).await?;
            // Before its first run nobody relied on it: that it passes is no change that anybody must hear of.
            last.is_none_or(|last| last.verdict.passes()) != report.verdict.passes()
        }
        false => false,
    };
    let context = state.context(actor, None);
    record::keep_gate_report(&*state.store, context, subject, report.clone(), announce).await?;
    Ok(report)
}

/// The report of a run that is not older than `max_age`, or of a new one.
pub async fn fresh(
    state: &AppState,
    name: &str,
    max_age: TimeDelta,
    actor: Actor,
) -> Result<GateReport, Error> {
    state.gates.contract(name)?;
    if let Some(report) = younger_than(state, name, max_age).await {
        return Ok(report);
    }
    let (state, name) = (state.clone(), name.to_owned());
    tokio::spawn(async move {
        let _one_at_a_time = state.gates.running.lock().await;
        // Whoever waited is answered by the run that they waited for.
        match younger_than(&state, &name, max_age).await {
            Some(report) => Ok(report),
            None => {
                let (id, within) = (RunId::new(state.source.id()), Some(state.gates.settings.run_within()));
                run_alone(&state, &name, id, None, Asked { actor, within }).await
            }
        }
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

async fn younger_than(state: &AppState, name: &str, max_age: TimeDelta) -> Option<GateReport> {
    // A store that cannot be read is a finding of the run, not a reason for none; nor is it one for many.
    let kept = report::last_gate_report(&*state.store, name, Some(OFFICIAL)).await.unwrap_or_default();
    let last = kept.into_iter().chain(state.gates.remembered(name)).max_by_key(|report| report.finished_at);
    last.filter(|report| report.finished_at + max_age > state.source.now())
}
