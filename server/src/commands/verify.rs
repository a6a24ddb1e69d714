//! `tributary verify`

use super::{Database, policies::PolicyFiles};
use crate::{
    import::git::{GivenPolicy, ImportGit, NamedPath, Progress},
    state::System,
    store,
};
use anyhow::{Context as _, Result};
use clap::Args;
use domain::{
    contribution::Rebuilt,
    ledger::Actor,
    store::{Store, Verification},
};
use std::{process::ExitCode, sync::Arc};

/// Recomputes every running total. Exit code 0 where all agree, 1 where any differs.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    database: Database,
    /// Drop everything that follows from contributions as they were read, derive it again, and compare byte for byte;
    /// what people decided stays. Others wait to write meanwhile
    #[arg(long)]
    rebuild: bool,
    /// With --rebuild: read this git repository anew as well; its name here is that of its folder, unless one is given
    #[arg(long, value_name = "[NAME=]PATH", requires = "rebuild")]
    repository: Option<NamedPath>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    policies: PolicyFiles,
}

/// What was found.
#[derive(serde::Serialize)]
struct Found {
    #[serde(flatten)]
    verification: Verification,
    /// What dropping and deriving again came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    rebuilt: Option<Rebuilt>,
}

impl Verify {
    /// Verifies.
    pub async fn run(self) -> Result<ExitCode> {
        self.policies.add()?;
        let store = store::open_existing(&self.database.address).await?;
        let found = self.look(&store).await;
        store.close().await;
        let Found { verification: found, rebuilt } = found?;
        let same = rebuilt.as_ref().is_none_or(Rebuilt::is_same);
        if self.json {
            let whole = Found { verification: found.clone(), rebuilt };
            println!("{}", serde_json::to_string_pretty(&whole)?);
        } else {
            for difference in &found.differences {
                println!(
                    "{}: {} is kept as {}, but comes to {}",
                    difference.subject, difference.field, difference.kept, difference.recomputed
                );
            }
            println!(
                "{} links, {} events, {} ledger entries: {}",
                found.links,
                found.events,
                found.ledger_entries,
                match found.differences.len() {
                    0 => "every total agrees with its events".to_owned(),
                    1 => "1 total differs".to_owned(),
                    several => format!("{several} totals differ"),
                }
            );
            if let Some(rebuilt) = rebuilt {
                let Rebuilt { units, before, after } = &rebuilt;
                match rebuilt.is_same() {
                    true => println!("{units} changes derived again: byte for byte as before, {after}"),
                    false => println!(
                        "{units} changes derived again: not as before. It was {before} and is {after} now, which stays"
                    ),
                }
            }
        }
        Ok(if found.differences.is_empty() && same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Verify {
    async fn look(&self, store: &Arc<dyn Store>) -> Result<Found> {
        let verification = store.verify().await?;
        let rebuilt = match (&self.repository, self.rebuild) {
            (Some(repository), _) => Some(read_again(store, repository).await?),
            (None, true) => Some(store.rebuild().await?),
            (None, false) => None,
        };
        Ok(Found { verification, rebuilt })
    }
}

/// Drops all that was read of a repository, reads it anew up to the same commit, and compares.
async fn read_again(store: &Arc<dyn Store>, repository: &NamedPath) -> Result<Rebuilt> {
    let (name, path) = (repository.name()?, repository.path.clone());
    let kept = store.repository(&name).await?.with_context(|| {
        format!("{name} was never imported; NAME={} tells by which name it was", path.display())
    })?;
    let before = store.derived_digest().await?;
    let import = ImportGit {
        store: Some(store.clone()),
        source: Arc::new(System),
        actor: Actor::import(),
        path,
        branch: Some(kept.branch),
        name: Some(name),
        policy: Some(GivenPolicy::of(kept.policy_text)?),
        until: Some(kept.head_sha),
        again: true,
        dry_run: false,
    };
    let mut progress = Progress::new();
    let report = import.run(|done, of| progress.tell(done, of)).await;
    progress.end();
    let report = report?;
    anyhow::ensure!(report.is_complete(), "{}", report.message.unwrap_or_default());
    Ok(Rebuilt { units: report.counts.units, before, after: store.derived_digest().await? })
}
