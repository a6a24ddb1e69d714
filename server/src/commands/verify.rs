//! `tributary verify`

use super::Database;
use crate::store;
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;

/// Recomputes every running total. Exit code 0 where all agree, 1 where any differs.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    database: Database,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Verifies.
    pub async fn run(self) -> Result<ExitCode> {
        let store = store::open_existing(&self.database.address).await?;
        let found = store.verify().await?;
        store.close().await;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&found)?);
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
        }
        Ok(if found.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
