//! The command line.

mod gate;
mod import;
mod new_key;
mod openapi;
mod policies;
mod serve;
mod verify;

use anyhow::{Context as _, Result};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};

/// From idea to payout: records who did what along a chain of work, values it, and previews how a pool is shared.
#[derive(Debug, Parser)]
#[command(name = "tributary", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the web app and its API
    Serve(Box<serve::Serve>),
    /// Bring in what was written elsewhere
    #[command(subcommand)]
    Import(import::ImportFrom),
    /// Recompute every running total from the events, and say what differs
    Verify(verify::Verify),
    /// Try a deployment, for a pipeline: exit code 0 pass, 1 fail, 2 inconclusive
    #[command(subcommand)]
    Gate(gate::Gate),
    /// Print a line for an API key file, with a new secret
    NewKey(new_key::NewKey),
    /// Print the OpenAPI document
    Openapi,
}

/// Where everything is kept.
#[derive(Debug, Args)]
struct Database {
    /// Database: sqlite://FILE, or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long = "database",
        env = "TRIBUTARY_DATABASE",
        default_value = "sqlite://tributary.db",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    address: String,
}

impl Cli {
    /// Reads the command line. `cargo leptos watch` runs the binary without any: then it serves.
    pub fn read() -> Self {
        let watched = std::env::args_os().len() == 1 && std::env::var_os("LEPTOS_WATCH").is_some();
        let arguments: Vec<OsString> = match watched {
            true => vec!["tributary".into(), "serve".into()],
            false => std::env::args_os().collect(),
        };
        let matches = Self::command_with_help().get_matches_from(arguments);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// The command, whose own `--help` tells the options of `serve` too: what most come for.
    fn command_with_help() -> clap::Command {
        // Built, so that the usage of `serve` names the whole command.
        let mut built = Self::command();
        built.build();
        match built.find_subcommand_mut("serve").map(|serve| serve.render_long_help().to_string()) {
            Some(serve) => Self::command().after_long_help(format!("In full:\n\n{serve}")),
            None => built,
        }
    }

    /// Does what was asked.
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Serve(serve) => block_on(serve.run()),
            Command::Import(import) => block_on(import.run()),
            Command::Verify(verify) => block_on(verify.run()),
            Command::Gate(gate) => gate.run(),
            Command::NewKey(new_key) => new_key.run(),
            Command::Openapi => openapi::run(),
        }
    }
}

fn block_on(task: impl Future<Output = Result<ExitCode>>) -> Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime cannot be started")?
        .block_on(task)
}
