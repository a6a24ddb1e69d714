//! `tributary import specs`

use super::Database;
use crate::{
    import::specs::{Import, files::Files},
    state::System,
    store,
};
use anyhow::Result;
use clap::{Args, Subcommand};
use std::{
    io::{Write as _, stdout},
    path::PathBuf,
    process::ExitCode,
};

/// Brings in what was written elsewhere.
#[derive(Debug, Subcommand)]
pub enum ImportFrom {
    /// Read Markdown specs into the registry: exit code 0 where every file could be read, 1 where any could not
    Specs(ImportSpecs),
}

/// Reads Markdown specs into the registry, from a file, a folder or a git repository. Run again, it changes only the
/// specs whose files changed. A spec that somebody else wrote or edited since is kept.
#[derive(Debug, Args)]
pub struct ImportSpecs {
    /// A Markdown file, a folder of them, or a git repository, bare or not
    path: PathBuf,
    /// Branch to read, from the repository's own store and not from its work tree [default: for a bare repository the
    /// one that it stands on]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Folder below PATH to limit it to
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    /// Overwrite what was registered or edited by hand, in the fields that a file names
    #[arg(long)]
    force: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl ImportFrom {
    /// Imports what was asked for.
    pub async fn run(self) -> Result<ExitCode> {
        let Self::Specs(specs) = self;
        specs.run().await
    }
}

impl ImportSpecs {
    async fn run(self) -> Result<ExitCode> {
        let files = Files::find(&self.path, self.branch.as_deref(), self.folder.as_deref())?;
        // A dry run makes no database either.
        let store = match self.dry_run && store::missing_file(&self.database.address)?.is_some() {
            true => None,
            false => Some(store::open(&self.database.address).await?),
        };
        let import =
            Import { store: store.as_deref(), source: &System, force: self.force, dry_run: self.dry_run };
        let mut out = stdout();
        let report = import
            .run(&files, |file| {
                if !self.json {
                    writeln!(out, "{}", file.line(self.dry_run))?;
                }
                Ok(())
            })
            .await?;
        if let Some(store) = &store {
            store.close().await;
        }
        match self.json {
            true => writeln!(stdout(), "{}", serde_json::to_string_pretty(&report)?)?,
            false => writeln!(stdout(), "{report}")?,
        }
        Ok(if report.could_not_be_read == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
