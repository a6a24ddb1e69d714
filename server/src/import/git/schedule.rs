//! Imports by a schedule, while the server runs.

use super::{
    GivenPolicy, ImportGit,
    run::is_passing,
    source::{NamedPath, refuse_namesakes},
};
use crate::state::AppState;
use anyhow::Result;
use clap::Args;
use domain::ledger::Actor;
use std::{sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

/// Options of imports.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Imports")]
pub struct ImportArgs {
    /// Git repository whose history is imported while the server runs: a clone or a mirror on this machine; may be
    /// given again. Its name here is that of its folder, unless one is given
    #[arg(long, env = "TRIBUTARY_IMPORT_REPOSITORY", value_name = "[NAME=]PATH", value_delimiter = ',')]
    import_repository: Vec<NamedPath>,
    /// Minutes between imports
    #[arg(long, env = "TRIBUTARY_IMPORT_EVERY_MINUTES", value_name = "MINUTES", default_value_t = 10,
        value_parser = clap::value_parser!(u32).range(1..))]
    import_every_minutes: u32,
    /// Branch to read of each [default: as before, else main, master, or the one that it stands on]
    #[arg(long, env = "TRIBUTARY_IMPORT_BRANCH", value_name = "NAME", requires = "import_repository")]
    import_branch: Option<String>,
    /// Policy by which they are read, by its name or its file [default: as before, else knowledge-base-v1]
    #[arg(long, env = "TRIBUTARY_IMPORT_POLICY", value_name = "NAME|FILE", requires = "import_repository")]
    import_policy: Option<String>,
}

/// What is imported by itself, and how often.
#[derive(Debug, Clone)]
pub struct Schedule {
    repositories: Vec<NamedPath>,
    every: Duration,
    branch: Option<String>,
    policy: Option<GivenPolicy>,
}

impl Schedule {
    /// These, every so often, each as before, else by the default.
    pub fn new(repositories: Vec<NamedPath>, every: Duration) -> Self {
        Self { repositories, every, branch: None, policy: None }
    }

    /// How often.
    pub const fn every(&self) -> Duration {
        self.every
    }
}

impl ImportArgs {
    /// Reads the policy's file, and refuses two repositories of one name.
    pub fn read(&self) -> Result<Schedule> {
        refuse_namesakes(&self.import_repository)?;
        Ok(Schedule {
            repositories: self.import_repository.clone(),
            every: Duration::from_secs(60 * u64::from(self.import_every_minutes)),
            branch: self.import_branch.clone(),
            policy: self.import_policy.as_deref().map(GivenPolicy::named).transpose()?,
        })
    }
}

/// Starts what is imported by itself. It ends when the set is dropped.
pub fn start(state: &AppState, schedule: Schedule) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    if !schedule.repositories.is_empty() {
        tasks.spawn(run(state.clone(), schedule));
    }
    tasks
}

async fn run(state: AppState, schedule: Schedule) {
    let mut ticks = interval(schedule.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // One after the other: no two at once.
        for NamedPath { name, path } in &schedule.repositories {
            let import = ImportGit {
                store: Some(state.store.clone()),
                source: Arc::clone(&state.source),
                actor: Actor::schedule(),
                path: path.clone(),
                branch: schedule.branch.clone(),
                name: name.clone(),
                policy: schedule.policy.clone(),
                until: None,
                again: false,
                dry_run: false,
            };
            match import.run(|_, _| ()).await {
                Ok(report) if !report.is_complete() => {
                    tracing::warn!(repository = report.repository, message = report.message, "not imported");
                }
                Ok(report) if report.counts.units > 0 => {
                    tracing::info!(repository = report.repository, units = report.counts.units, "imported");
                }
                Ok(_) => {}
                Err(error) if is_passing(&error) => {
                    tracing::info!(path = %path.display(), "an import goes on at the next turn: {error:#}");
                }
                Err(error) => tracing::error!(path = %path.display(), "an import failed: {error:#}"),
            }
        }
    }
}
