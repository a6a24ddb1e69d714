//! `tributary serve`

use super::{Database, policies::PolicyFiles};
use crate::{
    Limits,
    auth::{ApiKeys, Auth},
    connections,
    gate::{self, GateArgs, Gates, Settings},
    import::git::{self, ImportArgs},
    router,
    state::{AppState, System},
    store,
};
use anyhow::{Context as _, Result, bail};
use axum::http::HeaderName;
use clap::{Args, ValueEnum};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, signal};

/// How long requests that are under way may take to finish at the end, or as long as an answer may take if that is
/// longer.
const DRAIN: Duration = Duration::from_secs(20);

/// Runs the web app and its API.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address to listen on
    #[arg(long, env = "TRIBUTARY_ADDR", default_value = "127.0.0.1:3000")]
    addr: SocketAddr,
    #[command(flatten)]
    database: Database,
    /// File of API keys, one `name secret` a line; `tributary new-key NAME` makes such a line
    #[arg(long, env = "TRIBUTARY_API_KEY_FILE", value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// Who may write: holders of a key, or anybody. Without it: keys where a key file is given, else anybody on a
    /// loopback address that is asked for by its own name, and no start on any other
    #[arg(long, env = "TRIBUTARY_AUTH", value_enum)]
    auth: Option<AuthMode>,
    /// Bytes that a request's body may have
    #[arg(long, env = "TRIBUTARY_MAX_BODY_BYTES", default_value_t = 1024 * 1024, value_name = "BYTES")]
    max_body_bytes: usize,
    /// Seconds that an answer may take, and before it the head of its request
    #[arg(long, env = "TRIBUTARY_TIMEOUT_SECONDS", default_value_t = 30, value_name = "SECONDS")]
    timeout_seconds: u64,
    /// Header in which a proxy in front names the client, such as `X-Real-IP`; of several addresses the last counts.
    /// Give it only where every request comes through that proxy. Without it a client is whoever connects
    #[arg(long, env = "TRIBUTARY_CLIENT_ADDRESS_HEADER", value_name = "HEADER")]
    client_address_header: Option<HeaderName>,
    #[command(flatten)]
    gates: GateArgs,
    #[command(flatten)]
    imports: ImportArgs,
    #[command(flatten)]
    policies: PolicyFiles,
    /// How the log is written
    #[arg(long, env = "TRIBUTARY_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// What is logged, such as `info` or `server=debug` for a line a request
    #[arg(long, env = "TRIBUTARY_LOG", default_value = "info")]
    log: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AuthMode {
    /// Whoever holds a key of --api-key-file may write
    Keys,
    /// Anybody may write, on any address
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// For machines, one object a line
    Json,
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self) -> Result<ExitCode> {
        self.start_log()?;
        let auth = self.auth()?;
        // Before anything that may use one: reading a gate's contract shares a pool.
        self.policies.add()?;
        let timeout = Duration::from_secs(self.timeout_seconds);
        let limits = Limits {
            body_bytes: self.max_body_bytes,
            timeout,
            own_names_only: matches!(auth, Auth::Open) && self.auth.is_none(),
        };
        let gate_settings = Settings { answer_within: timeout, ..self.gates.read()? };
        let imports = self.imports.read()?;
        let store = store::open(&self.database.address).await?;
        let listener = TcpListener::bind(self.addr)
            .await
            .with_context(|| format!("cannot listen on {}; --addr names another address", self.addr))?;
        let addr = listener.local_addr()?;
        let (auth, own_key) = auth.with_own_key()?;
        let gates = Gates::new(gate_settings, &reached_at(addr), own_key)?;
        let state = AppState::new(store.clone(), auth, Arc::new(System), gates)
            .with_client_header(self.client_address_header.clone());
        let mut background = gate::start(&state);
        let mut importing = git::start(&state, imports);
        let gates = state.clone();
        let router = router(state.clone(), limits);
        println!("Tributary listens on http://{addr}");
        tracing::info!(%addr, version = env!("CARGO_PKG_VERSION"), commit = crate::commit(), "listening");
        let stop = async move {
            stop_signal().await;
            tracing::info!("stopping: finishing what is under way");
            gates.gates.stop();
            background.abort_all();
            importing.abort_all();
            state.changes.stop();
        };
        let open = connections::serve(listener, router, timeout, stop).await;
        if tokio::time::timeout(DRAIN.max(timeout), open.shutdown()).await.is_err() {
            tracing::warn!("some requests did not finish in time");
        }
        store.close().await;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }

    /// Who may write. Refuses to open a door that nobody asked for.
    fn auth(&self) -> Result<Auth> {
        let loopback = self.addr.ip().is_loopback();
        match (self.auth, &self.api_key_file) {
            (Some(AuthMode::Open), Some(_)) => {
                bail!("--auth open and --api-key-file contradict each other; give one of them")
            }
            (Some(AuthMode::Open), None) => Ok(Auth::Open),
            (_, Some(file)) => Ok(Auth::Keys(ApiKeys::from_file(file)?)),
            (Some(AuthMode::Keys), None) => bail!("--auth keys needs --api-key-file"),
            (None, None) if loopback => Ok(Auth::Open),
            (None, None) => bail!(
                "{} is not a loopback address, so anybody who reaches it could write: give --api-key-file FILE \
                 (`tributary new-key NAME` makes a line for it), or say --auth open",
                self.addr
            ),
        }
    }

    fn start_log(&self) -> Result<()> {
        let filter = tracing_subscriber::EnvFilter::try_new(&self.log)
            .with_context(|| format!("--log {:?} cannot be read", self.log))?;
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => log.init(),
            LogFormat::Json => log.json().flatten_event(true).init(),
        }
        Ok(())
    }
}

/// The address at which a server reaches itself.
fn reached_at(addr: SocketAddr) -> String {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, addr.port()))
}

/// Waits for SIGINT or SIGTERM.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = signal::ctrl_c() => return,
            }
        }
    }
    let _ = signal::ctrl_c().await;
}
