//! `tributary gate run`

mod print;

use super::block_on;
use crate::{
    gate::{HttpTarget, key},
    state::{Source as _, System},
};
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    gate::{
        Contract, Expectations, GateReport, Verdict,
        run::{Clock, Run},
    },
    id::RunId,
};
use std::{io::Write as _, path::PathBuf, process::ExitCode};

/// Tries a deployment.
#[derive(Debug, Subcommand)]
pub enum Gate {
    /// Run a gate against a target, and print its report
    Run(RunGate),
}

/// Runs a gate from here: nothing is kept of it but the links that it files at the target, marked as a gate's own.
#[derive(Debug, Args)]
pub struct RunGate {
    /// The gate: public-deploy-contract, or that of --contract
    #[arg(default_value = domain::gate::PUBLIC_DEPLOY_CONTRACT)]
    name: String,
    /// Base address of the deployment
    #[arg(
        long,
        env = "TRIBUTARY_GATE_TARGET",
        default_value = "http://127.0.0.1:3000",
        value_name = "ADDRESS"
    )]
    target: String,
    /// Commit that should be deployed, by 7 to 40 digits
    #[arg(long, env = "TRIBUTARY_GATE_EXPECT_SHA", value_name = "SHA")]
    expect_sha: Option<String>,
    /// Version that should be deployed
    #[arg(long, env = "TRIBUTARY_GATE_EXPECT_VERSION", value_name = "VERSION")]
    expect_version: Option<String>,
    /// File with the key that the target asks for: one line, `name secret`
    #[arg(long, env = "TRIBUTARY_GATE_KEY_FILE", value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// File of a contract of your own
    #[arg(long, value_name = "FILE")]
    contract: Option<PathBuf>,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The report as the API answers it
    Json,
    /// JUnit's XML, which pipelines show
    Junit,
}

/// Exit code of a gate that could not be run, the same as of one that could not be decided.
const INCONCLUSIVE: u8 = 2;

impl Gate {
    /// Runs what was asked for. What keeps it from running at all is no verdict on the target.
    pub fn run(self) -> Result<ExitCode> {
        let Self::Run(run) = self;
        block_on(async move {
            match run.run().await {
                Ok(code) => Ok(code),
                Err(error) => {
                    eprintln!("tributary: the gate could not be run: {error:#}");
                    Ok(ExitCode::from(INCONCLUSIVE))
                }
            }
        })
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        System.now()
    }
}

impl RunGate {
    async fn run(self) -> Result<ExitCode> {
        let report = self.report().await?;
        let printed = match self.format {
            Format::Text => print::text(&report),
            Format::Json => serde_json::to_string_pretty(&report)? + "\n",
            Format::Junit => print::junit(&report)?,
        };
        // Whoever reads may have seen enough: the verdict stands.
        let _ = std::io::stdout().write_all(printed.as_bytes());
        Ok(match report.verdict {
            Verdict::Pass => ExitCode::SUCCESS,
            Verdict::Fail => ExitCode::FAILURE,
            Verdict::Inconclusive => ExitCode::from(INCONCLUSIVE),
        })
    }

    async fn report(&self) -> Result<GateReport> {
        let expected = Expectations {
            sha: self.expect_sha.clone(),
            version: self.expect_version.clone(),
            ..Expectations::default()
        };
        let contract = self.contract(&expected)?;
        let key = self.key_file.as_deref().map(key).transpose()?;
        let target = HttpTarget::new(&self.target, key)?.waiting(contract.timeout_seconds, None);
        let id = RunId::new(System.id());
        let run = Run {
            id,
            nonce: id.to_string().replace('_', "-"),
            target: &target,
            expected_sha: self
                .expect_sha
                .clone()
                .ok_or_else(|| "Nobody told which commit is expected (--expect-sha)".into()),
            expected_version: self.expect_version.clone(),
            clock: &SystemClock,
        };
        Ok(contract.run(run).await)
    }

    fn contract(&self, expected: &Expectations) -> Result<Contract> {
        let mut contracts = Contract::built_in(expected)?;
        if let Some(file) = &self.contract {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("the contract {} cannot be read", file.display()))?;
            let own = Contract::from_toml(&text, expected)?;
            contracts.retain(|contract| contract.name != own.name);
            contracts.push(own);
        }
        let known: Vec<String> = contracts.iter().map(|contract| contract.name.clone()).collect();
        let found = contracts.into_iter().find(|contract| contract.name == self.name);
        match found {
            Some(contract) if contract.is_of_commit() => bail!(
                "{} looks at a commit, which a server with --repository does: \
                 GET /api/gates/merged-contract?sha=SHA",
                self.name
            ),
            Some(contract) => Ok(contract),
            None => bail!("there is no gate {:?}; known are {}", self.name, known.join(", ")),
        }
    }
}
