//! A change of verdict is told, signed, and told again until it is taken; a forge is asked where there is one.

use super::{check, commits, report, served::Served, settings, texts};
use crate::given::{BEGINNING, Call};
use axum::{
    Json, Router,
    extract::{RawQuery, Request, State},
    http::StatusCode,
    routing::{get, post},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use server::{
    gate::{Rhythm, Settings, start_at, tell_what_is_due, webhook::Webhook},
    state::Source as _,
};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

/// Id, timestamp, signature and body.
type Sent = (String, i64, String, String);

/// What a receiver was sent, and whether it takes it.
#[derive(Clone, Default)]
struct Receiver {
    sent: Arc<Mutex<Vec<Sent>>>,
    refuses: Arc<Mutex<Option<StatusCode>>>,
}

impl Receiver {
    /// How many messages it was sent.
    fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

async fn receive(State(receiver): State<Receiver>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        let value = parts.headers.get(name).expect("the header");
        value.to_str().expect("text").to_owned()
    };
    let (id, signature) = (header("webhook-id"), header("webhook-signature"));
    let timestamp = header("webhook-timestamp").parse().expect("seconds");
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let body = String::from_utf8(body.to_vec()).expect("text");
    receiver.sent.lock().unwrap().push((id, timestamp, signature, body));
    receiver.refuses.lock().unwrap().unwrap_or(StatusCode::NO_CONTENT)
}

/// Serves something on a port of its own; its address.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
    address
}

async fn told() -> (Receiver, Served) {
    let receiver = Receiver::default();
    let address = serve(Router::new().route("/hook", post(receive)).with_state(receiver.clone())).await;
    let webhook = Webhook::new(&format!("{address}/hook"), SECRET).expect("a webhook");
    let served = Served::with(Settings { webhook: Some(webhook), ..settings() }).await;
    // A first verdict is told where it does not pass.
    served.switch(Some("valuation_roi"));
    (receiver, served)
}

/// Runs the gate with a target that is there, or with none.
async fn run(served: &Served) -> Value {
    report(&served.run().await)
}

#[tokio::test]
async fn each_change_to_or_from_pass_is_told_once_and_a_first_verdict_where_it_is_none() {
    let (receiver, served) = told().await;
    let mut runs = Vec::new();
    // Passes twice, breaks in two ways, and is mended.
    for fault in [None, None, Some("valuation_roi"), Some("readiness"), None, None] {
        served.switch(fault);
        runs.push(run(&served).await);
        tell_what_is_due(&served.state).await.expect("told");
        tell_what_is_due(&served.state).await.expect("told");
    }
    let sent = receiver.sent.lock().unwrap().clone();
    let ids: Vec<&str> = sent.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(ids, [2, 4].map(|at: usize| runs[at]["id"].as_str().expect("an id")));
    let webhook = Webhook::new("http://receiver.example/hook", SECRET).expect("a webhook");
    for ((id, timestamp, signature, body), verdict) in sent.iter().zip(["fail", "pass"]) {
        assert_eq!(*signature, webhook.sign(id, *timestamp, body));
        let body: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(
            (&body["type"], &body["data"]["verdict"]),
            (&"gate.verdict_changed".into(), &verdict.into())
        );
    }
    assert_eq!(served.count("gate_announcements").await, 0);
    let (receiver, served) = told().await;
    run(&served).await;
    tell_what_is_due(&served.state).await.expect("told");
    assert_eq!(receiver.count(), 1, "the very first did not pass");
}

#[tokio::test]
async fn two_servers_tell_once_between_them() {
    let (receiver, served) = told().await;
    run(&served).await;
    let [due] = &served.store.announcements_due(served.source.now(), 9).await.expect("due")[..] else {
        panic!("one")
    };
    let until = served.source.now() + TimeDelta::seconds(60);
    assert_eq!(served.store.claim_announcement(due, until).await, Ok(true), "the first has it");
    assert_eq!(served.store.claim_announcement(due, until).await, Ok(false), "the second leaves it alone");
    tell_what_is_due(&served.state).await.expect("nothing is due");
    assert_eq!(receiver.count(), 0);
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_later_and_survives_a_stop() {
    let (receiver, served) = told().await;
    *receiver.refuses.lock().unwrap() = Some(StatusCode::SERVICE_UNAVAILABLE);
    served.source.stop_at(BEGINNING);
    run(&served).await;
    let tell = async |at: TimeDelta| {
        served.source.stop_at(BEGINNING + at);
        tell_what_is_due(&served.state).await.expect("tried");
        receiver.count()
    };
    assert_eq!(tell(TimeDelta::zero()).await, 1);
    assert_eq!(tell(TimeDelta::seconds(4)).await, 1, "not before its time");
    assert_eq!(tell(TimeDelta::seconds(5)).await, 2);
    let error = served.database.texts("SELECT last_error FROM gate_announcements").await;
    assert_eq!(error, ["the receiver answers 503 Service Unavailable"]);
    *receiver.refuses.lock().unwrap() = None;
    assert_eq!(tell(TimeDelta::minutes(2)).await, 3);
    assert_eq!(tell(TimeDelta::days(2)).await, 3, "taken, so no more of it");
    let ids: Vec<String> = receiver.sent.lock().unwrap().iter().map(|it| it.0.clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "a repetition has the same id");
    assert_eq!(served.count("gate_announcements").await, 0);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_told_no_more() {
    let (receiver, served) = told().await;
    *receiver.refuses.lock().unwrap() = Some(StatusCode::GONE);
    run(&served).await;
    tell_what_is_due(&served.state).await.expect("tried");
    assert_eq!((receiver.count(), served.count("gate_announcements").await), (1, 0));
    tell_what_is_due(&served.state).await.expect("nothing is due");
    assert_eq!(receiver.count(), 1);
}

#[tokio::test]
async fn what_somebody_else_expects_is_no_change_of_the_verdict() {
    let (receiver, served) = told().await;
    served.switch(None);
    assert_eq!(run(&served).await["verdict"], "pass");
    let other = Call::post("/api/gates/public-deploy-contract/runs", r#"{"expected_sha": "ffffffffff"}"#);
    let found = report(&served.send(other).await.assert_status(201));
    assert_ne!(found["verdict"], "pass", "{found:#}");
    run(&served).await;
    tell_what_is_due(&served.state).await.expect("nothing is due");
    assert_eq!((receiver.count(), served.count("gate_announcements").await), (0, 0));
}

#[tokio::test]
async fn a_running_server_tells_and_clears_away_by_itself() {
    let (receiver, served) = told().await;
    served.source.stop_at(BEGINNING);
    run(&served).await;
    served.source.stop_at(BEGINNING + TimeDelta::days(8));
    let soon = std::time::Duration::from_millis(20);
    let _running = start_at(&served.state, Rhythm { telling: soon, first_clearing: soon, clearing: soon });
    for _ in 0..500 {
        if receiver.count() > 0 && served.count("links").await == 0 {
            return;
        }
        tokio::time::sleep(soon).await;
    }
    let links = served.count("links").await;
    panic!("{} were told, and {links} links are left", receiver.count());
}

async fn pulls() -> Json<Value> {
    let change = |number: u64, merged: Option<&str>, base: &str| json!({"number": number, "user": {"login": "ann"}, "merged_at": merged, "base": {"ref": base}});
    // One came onto the branch; one never did, and one onto another.
    Json(json!([
        change(7, Some("2026-02-01T00:00:00Z"), "main"),
        change(8, None, "main"),
        change(9, Some("2026-02-01T00:00:00Z"), "release")
    ]))
}

async fn reviews() -> Json<Value> {
    let review = |who: &str, state: &str| json!({"user": {"login": who}, "state": state});
    Json(json!([
        review("ann", "APPROVED"),
        review("bob", "APPROVED"),
        review("eve", "APPROVED"),
        review("eve", "CHANGES_REQUESTED"),
        review("bob", "COMMENTED")
    ]))
}

/// A hundred and one check runs on two pages, the last of which failed.
async fn runs(RawQuery(query): RawQuery) -> Json<Value> {
    let run = |name: String, conclusion: &str| json!({"name": name, "conclusion": conclusion});
    let page: Vec<Value> = match query.is_some_and(|query| query.contains("page=2")) {
        true => vec![run("tests".into(), "failure")],
        false => (0..100).map(|at| run(format!("lint {at}"), "success")).collect(),
    };
    Json(json!({"check_runs": page}))
}

#[tokio::test]
async fn a_forge_tells_of_approvals_by_others_and_of_check_runs() {
    let forge = Router::new()
        .route("/repos/o/n/commits/{sha}/pulls", get(pulls))
        .route("/repos/o/n/pulls/7/reviews", get(reviews))
        .route("/repos/o/n/commits/{sha}/check-runs", get(runs));
    let address = serve(forge).await;
    let (folder, merged, _) = commits::repository();
    let mut settings = Settings {
        repository: Some(folder.path().to_owned()),
        forge: Some(format!("{address}/repos/o/n")),
        ..Settings::default()
    };
    settings.expected.forge = true;
    let served = Served::with(settings.clone()).await;
    let found = commits::look(&served, &merged).await;
    assert_eq!(check(&found, "approvals")["observed"], "bob", "not the author, nor who changed their mind");
    assert_eq!(check(&found, "check_runs")["observed"], "tests: failure");
    assert!(texts(&found["failing_checks"]).contains(&"check_runs"));
    settings.forge = Some("http://127.0.0.1:1".into());
    let served = Served::with(settings).await;
    let call = Call::post("/api/gates/merged-contract/runs", &format!(r#"{{"sha": "{merged}"}}"#));
    let silent = report(&served.send(call).await.assert_status(201));
    assert_eq!(texts(&silent["inconclusive_checks"]), ["approvals", "check_runs"]);
}
