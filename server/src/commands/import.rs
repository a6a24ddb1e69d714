//! `tributary import specs` and `tributary import git`

use super::{Database, policies::PolicyFiles};
use crate::{
    import::{
        git::{GivenPolicy, ImportGit, Progress},
        specs::{Import, files::Files},
    },
    state::System,
    store,
};
use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use domain::{ledger::Actor, store::Store};
use std::{
    io::{Write as _, stdout},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

/// Brings in what was written elsewhere.
#[derive(Debug, Subcommand)]
pub enum ImportFrom {
    /// Read Markdown specs into the registry: exit code 0 where every file could be read, 1 where any could not
    Specs(ImportSpecs),
    /// Read the history of a git repository into contributions: exit code 0 where everything new was read, 1 where not
    Git(ImportHistory),
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
        match self {
            Self::Specs(specs) => specs.run().await,
            Self::Git(history) => history.run().await,
        }
    }
}

/// Reads the first-parent history of a branch: each merged change with who proposed, reviewed and made what of it. Run
/// again, it reads only what is new.
#[derive(Debug, Args)]
pub struct ImportHistory {
    /// A git repository on this machine, bare or not
    path: PathBuf,
    /// Branch to read [default: as before, else main, master, or the one that it stands on]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Name of the repository here [default: that of its folder]
    #[arg(long, value_name = "NAME", value_parser = handle)]
    repository: Option<String>,
    /// Policy by which it is read, by its name or its file [default: as before, else knowledge-base-v1]
    #[arg(long, value_name = "NAME|FILE")]
    policy: Option<String>,
    /// Drop what was read of it and read all of it anew; what people decided stays
    #[arg(long)]
    again: bool,
    /// Say what would be read, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    policies: PolicyFiles,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

/// A name that stands in addresses as it is.
fn handle(text: &str) -> Result<String, String> {
    match domain::contribution::handle_of(text) {
        Some(handle) if handle == text => Ok(handle),
        _ => Err("must be lower-case letters, digits, ., _ and -".to_owned()),
    }
}

/// Where it is kept. A dry run makes no database and migrates none.
async fn store_of(database: &Database, dry_run: bool) -> Result<Option<Arc<dyn Store>>> {
    match dry_run {
        true => store::open_to_look(&database.address).await,
        false => store::open(&database.address).await.map(Some),
    }
}

impl ImportHistory {
    async fn run(self) -> Result<ExitCode> {
        self.policies.add()?;
        let store = store_of(&self.database, self.dry_run).await?;
        let import = ImportGit {
            store: store.clone(),
            source: Arc::new(System),
            actor: Actor::import(),
            path: self.path,
            branch: self.branch,
            name: self.repository,
            policy: self.policy.as_deref().map(GivenPolicy::named).transpose()?,
            until: None,
            again: self.again,
            dry_run: self.dry_run,
        };
        let mut progress = Progress::new();
        let report = import.run(|done, of| progress.tell(done, of)).await;
        progress.end();
        if let Some(store) = &store {
            store.close().await;
        }
        let report = report?;
        match self.format {
            Format::Json => writeln!(stdout(), "{}", serde_json::to_string_pretty(&report)?)?,
            Format::Text => writeln!(stdout(), "{report}")?,
        }
        Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl ImportSpecs {
    async fn run(self) -> Result<ExitCode> {
        let files = Files::find(&self.path, self.branch.as_deref(), self.folder.as_deref())?;
        let store = store_of(&self.database, self.dry_run).await?;
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
