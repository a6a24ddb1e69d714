//! What gates do by themselves: run on schedule, tell of changes, and clear away what they filed.

use super::webhook::{self, NotTaken};
use crate::state::AppState;
use chrono::TimeDelta;
use domain::{error::Error, ledger::Actor, record};
use std::time::Duration;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, interval_at},
};

/// How often a server looks what is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// Whether anybody is to be told.
    pub telling: Duration,
    /// How long after its start it first looks whether anything is to be cleared away: not at once, as a server that has
    /// just started has requests to answer.
    pub first_clearing: Duration,
    /// How often from then on.
    pub clearing: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        let [telling, first_clearing, clearing] = [2, 60, 600].map(Duration::from_secs);
        Self { telling, first_clearing, clearing }
    }
}

/// For how long a message is a server's own to send.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// Messages that are sent in one go.
const AT_ONCE: i64 = 20;

/// Starts what is to go on while the server runs. It ends when the set is dropped.
pub fn start(state: &AppState) -> JoinSet<()> {
    start_at(state, Rhythm::default())
}

/// The same at another rhythm.
pub fn start_at(state: &AppState, rhythm: Rhythm) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let settings = &state.gates.settings;
    if let Some(minutes) = settings.every_minutes {
        tasks.spawn(run_on_schedule(state.clone(), Duration::from_secs(60 * u64::from(minutes))));
    }
    if settings.webhook.is_some() {
        tasks.spawn(tell_of_changes(state.clone(), rhythm.telling));
    }
    tasks.spawn(clear_away(state.clone(), rhythm));
    tasks
}

async fn run_on_schedule(state: AppState, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // The first tick is at once: what was deployed with this start is looked at.
        ticks.tick().await;
        let gates = state.gates.contracts.iter().filter(|contract| !contract.is_of_commit());
        for contract in gates {
            if let Err(error) = super::run_on_schedule(&state, &contract.name).await {
                tracing::error!(%error, gate = contract.name, "a gate could not be run on schedule");
            }
        }
    }
}

async fn tell_of_changes(state: AppState, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = tell_what_is_due(&state).await {
            tracing::error!(%error, "changes of verdicts cannot be told");
        }
    }
}

/// Tells what is due; what fails is tried again later, and given up in the end.
pub async fn tell_what_is_due(state: &AppState) -> Result<(), Error> {
    let Some(receiver) = &state.gates.settings.webhook else { return Ok(()) };
    for due in state.store.announcements_due(state.source.now(), AT_ONCE).await? {
        let run = due.report.id;
        // Claimed for as long as telling may take: another server that finds it due meanwhile leaves it alone.
        if !state.store.claim_announcement(&due, state.source.now() + CLAIM).await? {
            continue;
        }
        let again = match receiver.tell(&due.report, state.source.now()).await {
            Ok(()) => None,
            Err(NotTaken::Gone) => {
                tracing::warn!(%run, "the receiver of webhooks is gone; it is not told");
                None
            }
            Err(NotTaken::Later(why)) => {
                tracing::warn!(%run, why, attempts = due.attempts + 1, "a webhook was not taken");
                webhook::next_try(due.attempts, state.source.now()).map(|time| (time, why))
            }
        };
        state.store.announced(run, again).await?;
    }
    Ok(())
}

async fn clear_away(state: AppState, rhythm: Rhythm) {
    let mut ticks = interval_at(Instant::now() + rhythm.first_clearing, rhythm.clearing);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = clear_what_is_old(&state).await {
            tracing::error!(%error, "what gates filed cannot be cleared away");
        }
    }
}

/// Removes what gates filed longer ago than it is to be kept.
pub async fn clear_what_is_old(state: &AppState) -> Result<usize, Error> {
    let days = TimeDelta::days(i64::from(state.gates.settings.retention_days));
    let mut removed = 0;
    loop {
        let context = state.context(Actor::schedule(), None);
        let before = context.now - days;
        match record::remove_gate_links(&*state.store, context, before).await? {
            0 => return Ok(removed),
            some => removed += some,
        }
    }
}
