//! A server that listens, so that its gate asks it as anybody would; and one that breaks a promise.

use super::faults::{Fault, Switch, break_promise};
use crate::given::{Answer, Call, Database, FixedSource};
use axum::{Router, middleware};
use domain::store::Store;
use server::{
    Limits,
    auth::{ApiKeys, Auth},
    gate::{Gates, Settings},
    router,
    state::AppState,
};
use std::sync::{Arc, Mutex};
use tokio::{net::TcpListener, task::JoinHandle};
use tower::ServiceExt as _;

pub struct Served {
    pub address: String,
    pub database: Database,
    pub store: Arc<dyn Store>,
    pub source: Arc<FixedSource>,
    pub state: AppState,
    switch: Switch,
    router: Router,
    serving: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Served {
    /// Anybody may write, and nothing is broken.
    pub async fn new() -> Self {
        Self::on(Settings::default(), Auth::Open, None).await
    }

    /// With one promise broken.
    pub async fn broken(fault: Fault) -> Self {
        Self::on(Settings::default(), Auth::Open, Some(fault)).await
    }

    /// Writing asks for a key.
    pub async fn locked(keys: &str) -> Self {
        Self::on(Settings::default(), Auth::Keys(ApiKeys::from_text(keys).expect("keys")), None).await
    }

    pub async fn with(settings: Settings) -> Self {
        Self::on(settings, Auth::Open, None).await
    }

    pub async fn on(settings: Settings, auth: Auth, fault: Option<Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let database = Database::sqlite();
        let (store, source) = (database.open().await, Arc::new(FixedSource::new()));
        let (auth, own_key) = auth.with_own_key().expect("a key");
        let gates = Gates::new(settings, &address, own_key).expect("gates");
        let state = AppState::new(store.clone(), auth, source.clone(), gates);
        let sound = router(state.clone(), Limits::default());
        let switch: Switch = Arc::new(Mutex::new(fault));
        let served = sound.clone().layer(middleware::from_fn_with_state(switch.clone(), break_promise));
        let serving = tokio::spawn(async move {
            axum::serve(listener, served).await.expect("served");
        });
        Self { address, database, store, source, state, switch, router: sound, serving }
    }

    /// Breaks a promise from now on, or mends what was broken.
    pub fn switch(&self, fault: Option<Fault>) {
        *self.switch.lock().unwrap() = fault;
    }

    /// Asks the sound part of the server, without its network.
    pub async fn send(&self, call: Call) -> Answer {
        let response = self.router.clone().oneshot(call.request()).await.expect("an answer");
        Answer::read(response).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Call::get(path)).await
    }

    /// Runs the public gate now.
    pub async fn run(&self) -> Answer {
        self.send(Call::new("POST", "/api/gates/public-deploy-contract/runs")).await.assert_status(201)
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> usize {
        let rows = self.database.texts(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        rows[0].parse().expect("a number")
    }
}
