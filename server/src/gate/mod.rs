//! Gates of this server: what carries their requests, when they run, and what is told of their verdicts.
//!
//! Desired properties:
//! - nobody who asks decides what is looked at: the target, the repository and the forge are the operator's;
//! - a crowd that asks cannot make it work: one run at a time, and a fresh report is given again;
//! - a run that was begun is kept, also where whoever asked went away.

mod background;
mod forge;
mod http;
mod repository;
mod settings;
pub mod webhook;

pub use background::{clear_what_is_old, start, tell_what_is_due};
pub use http::HttpTarget;
pub use repository::GitRepository;
pub use settings::{GateArgs, Settings, key};

use crate::state::{AppState, Source};
use app::context::GateSite;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    error::Error,
    gate::{
        Contract, GateReport, MERGED_CONTRACT, PUBLIC_DEPLOY_CONTRACT, Target,
        contract::{CheckKind, OFFICIAL, is_sha},
        merged::{BranchHead, CommitRun, Forge, History},
        report::Invariant,
        run::{Clock, Run},
        transaction::{FlowParts, flow},
    },
    id::RunId,
    ledger::Actor,
    record, report,
};
use std::sync::Arc;

/// Everything that gates of a server need.
pub struct Gates {
    /// The contracts, in order.
    pub contracts: Vec<Contract>,
    /// What deployment gates look at.
    pub target: Arc<dyn Target>,
    /// The repository that is asked about commits.
    pub history: Option<Arc<dyn History>>,
    /// The forge that is asked about approvals.
    pub forge: Option<Arc<dyn Forge>>,
    /// What the operator chose.
    pub settings: Settings,
    /// One run at a time.
    running: tokio::sync::Mutex<()>,
}

impl Gates {
    /// Gates of a server that is reached at `own_address`, unless the operator chose another target.
    pub fn new(settings: Settings, own_address: &str, own_key: Option<String>) -> anyhow::Result<Self> {
        let contracts = settings.contracts()?;
        let address = settings.target.clone().unwrap_or_else(|| own_address.to_owned());
        let key = settings.key.clone().or(own_key);
        let timeout = contracts.iter().map(|contract| contract.timeout_seconds).max().unwrap_or(10);
        let target = Arc::new(HttpTarget::new(&address, key, timeout)?);
        let history = settings.repository.as_ref().map(|path| -> anyhow::Result<Arc<dyn History>> {
            Ok(Arc::new(GitRepository::open(path, &settings.branch)?))
        });
        let forge = settings.forge.as_ref().map(|address| -> anyhow::Result<Arc<dyn Forge>> {
            Ok(Arc::new(forge::HttpForge::new(address, settings.forge_token.clone())?))
        });
        Ok(Self {
            contracts,
            target,
            history: history.transpose()?,
            forge: forge.transpose()?,
            settings,
            running: tokio::sync::Mutex::default(),
        })
    }

    /// What pages need to know of them.
    pub fn site(&self) -> GateSite {
        let settings = &self.settings;
        let folder = settings.repository.as_ref().and_then(|path| path.canonicalize().ok());
        let folder = folder.as_ref().and_then(|path| path.file_name());
        GateSite {
            contracts: self.contracts.clone(),
            target: self.target.address().to_owned(),
            repository: folder.map(|name| name.to_string_lossy().into_owned()),
            branch: settings.branch.clone(),
            expected_sha: settings.expected.sha.clone(),
            every_minutes: settings.every_minutes.map(u64::from),
            retention_days: settings.retention_days.into(),
        }
    }

    /// The contract of a name.
    pub fn contract(&self, name: &str) -> Result<&Contract, Error> {
        Contract::named(&self.contracts, name).ok_or(Error::GateNotFound)
    }

    /// The repository, where there is one.
    pub fn history(&self) -> Result<&Arc<dyn History>, Error> {
        self.history.as_ref().ok_or(Error::NoRepository)
    }

    /// The commit that should be deployed: told by whoever asks, by the operator, or the head of the branch.
    async fn expected_sha(&self, told: Option<String>) -> Result<String, String> {
        if let Some(sha) = told.or_else(|| self.settings.expected.sha.clone()) {
            return Ok(sha);
        }
        match &self.history {
            None => Err("Nobody told which commit is expected".to_owned()),
            Some(history) => {
                let head = history.head().await.map(|head| head.sha);
                head.map_err(|why| format!("The head of the branch cannot be read: {why}"))
            }
        }
    }
}

/// The clock of a server, as a run asks it.
struct SourceClock(Arc<dyn Source>);

impl Clock for SourceClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
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
        run_alone(&state, &name, id, told, actor).await
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

async fn run_alone(
    state: &AppState,
    name: &str,
    id: RunId,
    told: Option<String>,
    actor: Actor,
) -> Result<GateReport, Error> {
    let gates = &state.gates;
    let contract = gates.contract(name)?;
    let clock = SourceClock(state.source.clone());
    let expected_sha = gates.expected_sha(told.clone()).await;
    let run = Run {
        id,
        nonce: id.to_string().replace('_', "-"),
        target: &*gates.target,
        expected_sha,
        expected_version: gates.settings.expected.version.clone(),
        clock: &clock,
    };
    let report = contract.run(run).await;
    tracing::info!(gate = name, verdict = %report.verdict, milliseconds = report.duration_ms, "a gate ran");
    keep(state, told, report, actor).await
}

/// Keeps a report, and has it told where the verdict changed to or from pass.
async fn keep(
    state: &AppState,
    subject: Option<String>,
    report: GateReport,
    actor: Actor,
) -> Result<GateReport, Error> {
    let official = subject.is_none() && state.gates.settings.webhook.is_some();
    let announce = match official {
        true => {
            let last = report::last_gate_report(&*state.store, &report.gate, Some(OFFICIAL)).await?;
            last.is_none_or(|last| last.verdict.passes() != report.verdict.passes())
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
    if let Some(report) = younger_than(state, name, max_age).await? {
        return Ok(report);
    }
    let (state, name) = (state.clone(), name.to_owned());
    tokio::spawn(async move {
        let _one_at_a_time = state.gates.running.lock().await;
        // Whoever waited is answered by the run that they waited for.
        match younger_than(&state, &name, max_age).await? {
            Some(report) => Ok(report),
            None => run_alone(&state, &name, RunId::new(state.source.id()), None, actor).await,
        }
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

async fn younger_than(state: &AppState, name: &str, max_age: TimeDelta) -> Result<Option<GateReport>, Error> {
    let last = report::last_gate_report(&*state.store, name, Some(OFFICIAL)).await?;
    Ok(last.filter(|report| report.finished_at + max_age > state.source.now()))
}

/// Whether a report that says nothing new is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Where it is about a commit that is there, and says something that the one before did not: asking alone, which
    /// anybody may, fills no store.
    News,
    /// Always.
    Always,
}

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
    let (state, sha) = (state.clone(), sha.to_owned());
    tokio::spawn(async move {
        let _one_at_a_time = state.gates.running.lock().await;
        if let Some(report) = state.store.gate_report(id).await? {
            return Ok(report);
        }
        let gates = &state.gates;
        let contract = gates.contract(MERGED_CONTRACT)?;
        let clock = SourceClock(state.source.clone());
        let run = CommitRun {
            id,
            sha: &sha,
            store: &*state.store,
            history: &**gates.history()?,
            forge: gates.forge.as_deref(),
            clock: &clock,
        };
        let report = contract.run_on_commit(run).await?;
        let subject = report.expected_sha.clone().unwrap_or(sha);
        if keeping == Keep::News {
            let last = report::last_gate_report(&*state.store, MERGED_CONTRACT, Some(&subject)).await?;
            match last {
                Some(last) if findings(&last) == findings(&report) => return Ok(last),
                None if subject.len() < 40 => return Ok(report),
                _ => {}
            }
        }
        keep(&state, Some(subject), report, actor).await
    })
    .await
    .map_err(|error| Error::Store(error.to_string()))?
}

/// What a report says, without its times.
fn findings(report: &GateReport) -> Vec<(&str, &str)> {
    report.checks.iter().map(|check| (check.verdict.name(), check.observed.as_str())).collect()
}

fn check_sha(sha: Option<&str>, field: &str) -> Result<(), Error> {
    match sha {
        Some(sha) if !is_sha(sha) => {
            Err(Error::field(field, "must name a commit by 7 to 40 lower-case hexadecimal digits"))
        }
        _ => Ok(()),
    }
}

/// The head of the branch of the repository.
pub async fn main_head(state: &AppState) -> Result<BranchHead, Error> {
    let head = state.gates.history()?.head().await;
    head.map_err(|why| Error::Unavailable(format!("the repository cannot be read: {why}")))
}

/// Runs the live transaction once; its parts and what it looked at.
pub async fn minimum_flow(state: &AppState) -> Result<(FlowParts, Vec<Invariant>), Error> {
    let contract = state.gates.contract(PUBLIC_DEPLOY_CONTRACT)?;
    let found = contract.checks.iter().find_map(|check| match &check.kind {
        CheckKind::LiveTransaction { pool, shares } => Some((*pool, *shares)),
        _ => None,
    });
    let (pool, shares) = found.ok_or(Error::GateNotFound)?;
    let (target, nonce) = (state.gates.target.clone(), state.source.id().simple().to_string());
    tokio::spawn(async move { flow(&*target, &nonce, pool, &shares).await })
        .await
        .map_err(|error| Error::Store(error.to_string()))
}
