//! Gates of this server: what carries their requests, when they run, and what is told of their verdicts.
//!
//! Desired properties:
//! - nobody who asks decides what is looked at: the target, the repository and the forge are the operator's;
//! - a crowd that asks cannot make it work: one run at a time, and a fresh report is given again;
//! - a run that was begun is kept, also where whoever asked went away.

mod background;
mod commits;
mod flows;
mod forge;
mod forge_cache;
mod http;
mod repository;
mod runs;
mod settings;
pub mod webhook;

pub use background::{Rhythm, clear_what_is_old, start, start_at, tell_what_is_due};
pub use commits::{Keep, look_at_commit, main_head};
pub use flows::minimum_flow;
pub use http::HttpTarget;
pub use repository::GitRepository;
pub use runs::{fresh, run_now, run_on_schedule};
pub use settings::{GateArgs, Settings, key};

use crate::state::Source;
use app::context::GateSite;
use chrono::{DateTime, Utc};
use domain::{
    error::Error,
    gate::{
        Contract, GateReport, Target as _,
        contract::is_sha,
        merged::{Forge, History},
        run::Clock,
    },
};
use forge_cache::ForgeCache;
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Mutex, Semaphore};

/// Everything that gates of a server need.
pub struct Gates {
    /// The contracts, in order.
    pub contracts: Vec<Contract>,
    /// What deployment gates look at.
    pub target: HttpTarget,
    /// The repository that is asked about commits.
    pub history: Option<Arc<dyn History>>,
    /// The forge that is asked about approvals.
    pub forge: Option<Arc<dyn Forge>>,
    /// What the operator chose.
    pub settings: Settings,
    /// One run of a deployment gate at a time.
    running: Mutex<()>,
    /// One look at a commit at a time, beside those runs.
    looking: Mutex<()>,
    /// Looks at commits that may wait for their turn.
    waiting: Arc<Semaphore>,
    /// What the forge answered lately.
    forge_cache: ForgeCache,
    /// One live transaction under a sender's key at a time.
    flowing: Mutex<()>,
    /// The last verdicts of this server's gates: where the store cannot tell them, a crowd still gets no run each.
    last: std::sync::Mutex<HashMap<String, GateReport>>,
    /// Whether this server is about to end.
    stopping: AtomicBool,
}

/// Looks at commits that wait at the most; whoever comes then is told to try again.
const MAX_WAITING: usize = 16;

impl Gates {
    /// Gates of a server that is reached at `own_address`, unless the operator chose another target.
    pub fn new(settings: Settings, own_address: &str, own_key: Option<String>) -> anyhow::Result<Self> {
        let contracts = settings.contracts()?;
        let address = settings.target.clone().unwrap_or_else(|| own_address.to_owned());
        // The server's own key is for the server itself: it opens every door here, and is nobody else's to see.
        let own_key = own_key.filter(|_| settings.target.is_none());
        let target = HttpTarget::new(&address, settings.key.clone().or(own_key))?;
        let history = settings.repository.as_ref().map(|path| -> anyhow::Result<Arc<dyn History>> {
            Ok(Arc::new(GitRepository::open(path, &settings.branch)?))
        });
        let forge = settings.forge.as_ref().map(|address| -> anyhow::Result<Arc<dyn Forge>> {
            Ok(Arc::new(forge::HttpForge::new(
                address,
                settings.forge_token.clone(),
                settings.branch.clone(),
            )?))
        });
        Ok(Self {
            contracts,
            target,
            history: history.transpose()?,
            forge: forge.transpose()?,
            settings,
            running: Mutex::default(),
            looking: Mutex::default(),
            waiting: Arc::new(Semaphore::new(MAX_WAITING)),
            forge_cache: ForgeCache::default(),
            flowing: Mutex::default(),
            last: std::sync::Mutex::default(),
            stopping: AtomicBool::new(false),
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
            max_age_seconds: settings.max_age_seconds.into(),
        }
    }

    /// Remembers a verdict of this server's own.
    fn remember(&self, report: &GateReport) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.insert(report.gate.clone(), report.clone());
    }

    /// The last verdict of a gate that this server came to since it started.
    fn remembered(&self, name: &str) -> Option<GateReport> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Tells that this server is about to end: what a gate sees of it from now on says nothing of the deployment.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether what was looked at is a server that is about to end.
    fn saw_the_end(&self) -> bool {
        self.settings.target.is_none() && self.stopping.load(Ordering::Relaxed)
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

fn check_sha(sha: Option<&str>, field: &str) -> Result<(), Error> {
    match sha {
        Some(sha) if !is_sha(sha) => {
            Err(Error::field(field, "must name a commit by 7 to 40 lower-case hexadecimal digits"))
        }
        _ => Ok(()),
    }
}
