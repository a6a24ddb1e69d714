//! The app over a real database, entered by its router.

use super::{Answer, CHANGE_REQUESTS, Call, Database, FixedSource, LINKS, SPECS};
use axum::{Router, response::Response};
use domain::store::Store;
use server::{
    Limits,
    auth::{ApiKeys, Auth},
    gate::{Gates, Settings},
    router,
    state::AppState,
};
use std::sync::Arc;
use tower::ServiceExt as _;

/// The real router over a real database, with a clock and ids of its own.
pub struct TestApp {
    pub database: Database,
    pub store: Arc<dyn Store>,
    pub source: Arc<FixedSource>,
    router: Router,
}

/// Gates of an app that does not listen: they find nothing out.
pub fn unreachable_gates() -> Gates {
    Gates::new(Settings::default(), "http://127.0.0.1:1", None).expect("gates")
}

impl TestApp {
    /// On a SQLite file; anybody may write.
    pub async fn new() -> Self {
        Self::on(Database::sqlite(), Auth::Open, Limits::default()).await
    }

    /// With the seed's link, its two events in it, and its id.
    pub async fn seed() -> (Self, String) {
        let app = Self::new().await;
        let id = app.file_link(super::LINK).await;
        app.append_event(&id, super::EVENT).await;
        app.append_event(&id, super::SECOND_EVENT).await;
        (app, id)
    }

    /// On a SQLite file; whoever holds one of these keys may write.
    pub async fn with_keys(keys: &str) -> Self {
        let keys = ApiKeys::from_text(keys).expect("keys");
        Self::on(Database::sqlite(), Auth::Keys(keys), Limits::default()).await
    }

    pub async fn on(database: Database, auth: Auth, limits: Limits) -> Self {
        Self::of(database, auth, limits, |state| state).await
    }

    /// On a SQLite file, anybody may write; with the islands' bundle or without it.
    pub async fn with_bundle(bundle: bool) -> Self {
        let state = |state: AppState| state.with_bundle(bundle);
        Self::of(Database::sqlite(), Auth::Open, Limits::default(), state).await
    }

    async fn of(
        database: Database,
        auth: Auth,
        limits: Limits,
        set: impl FnOnce(AppState) -> AppState,
    ) -> Self {
        let (store, source) = (database.open().await, Arc::new(FixedSource::new()));
        let state = set(AppState::new(store.clone(), auth, source.clone(), unreachable_gates()));
        let router = router(state, limits);
        Self { database, store, source, router }
    }

    /// An answer whose body is yet to be read.
    pub async fn respond(&self, call: Call) -> Response {
        self.router.clone().oneshot(call.request()).await.expect("an answer")
    }

    pub async fn send(&self, call: Call) -> Answer {
        Answer::read(self.respond(call).await).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Call::get(path)).await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(Call::post(path, body)).await
    }

    /// Files a link that must be taken; its id.
    pub async fn file_link(&self, body: &str) -> String {
        self.post(LINKS, body).await.assert_status(201).at("id")
    }

    /// Registers a spec that must be taken.
    pub async fn register_spec(&self, body: &str) -> Answer {
        self.post(SPECS, body).await.assert_status(201)
    }

    /// Proposes somebody for a stage of a link; the request's id.
    pub async fn propose_contributor(&self, link: &str, stage: &str, name: &str, proposer: &str) -> String {
        let body = format!(
            r#"{{"kind": "link_contributor", "lineage_id": "{link}", "stage": "{stage}", "contributor": "{name}",
                "proposer": "{proposer}"}}"#
        );
        self.post(CHANGE_REQUESTS, &body).await.assert_status(201).at("id")
    }

    /// Votes on a change request.
    pub async fn vote(&self, request: &str, voter: &str, vote: &str) -> Answer {
        let body = format!(r#"{{"voter": "{voter}", "vote": "{vote}"}}"#);
        self.post(&format!("{CHANGE_REQUESTS}/{request}/votes"), &body).await
    }

    /// Appends an event that must be taken.
    pub async fn append_event(&self, link: &str, body: &str) -> Answer {
        self.post(&format!("{LINKS}/{link}/usage-events"), body).await.assert_status(201)
    }

    /// Appends an event of a value that must be taken.
    pub async fn append_value(&self, link: &str, value: &str) -> Answer {
        let body = format!(r#"{{"source": "api", "metric": "adoption_events", "value": {value}}}"#);
        self.append_event(link, &body).await
    }

    pub async fn link(&self, link: &str) -> Answer {
        self.get(&format!("{LINKS}/{link}")).await.assert_status(200)
    }

    pub async fn valuation(&self, link: &str) -> Answer {
        self.get(&format!("{LINKS}/{link}/valuation")).await.assert_status(200)
    }

    pub async fn preview(&self, link: &str, body: &str) -> Answer {
        self.post(&format!("{LINKS}/{link}/payout-preview"), body).await.assert_status(200)
    }

    pub async fn events(&self, link: &str) -> Answer {
        self.get(&format!("{LINKS}/{link}/usage-events?limit=500")).await.assert_status(200)
    }

    /// Measured total and number of events, as the valuation says.
    pub async fn assert_valued(&self, link: &str, total: &str, events: usize) {
        let valuation = self.valuation(link).await;
        assert_eq!(valuation.at("measured_value_total"), total);
        assert_eq!(valuation.at("event_count"), events.to_string());
    }

    /// Every total agrees with its events, and the ledger with what is kept.
    pub async fn assert_verified(&self) {
        assert_eq!(self.store.verify().await.expect("a verification").differences, []);
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> usize {
        let rows = self.database.texts(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        rows[0].parse().expect("a number")
    }

    /// Sends what must be refused, and looks that nothing whatever was changed by it.
    pub async fn refuse(&self, call: Call) -> Answer {
        let before = self.database.dump().await;
        let answer = self.send(call).await;
        assert!(answer.status.is_client_error(), "{}", answer.shown());
        assert_eq!(self.database.dump().await, before, "what is refused stores nothing");
        answer
    }
}
