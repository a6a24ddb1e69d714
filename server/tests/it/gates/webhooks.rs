//! A change of verdict is told, signed, and told again until it is taken; a forge is asked where there is one.

use super::{check, report, served::Served, settings, texts};
use crate::given::{BEGINNING, Call};
use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::StatusCode,
    routing::{get, post},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use server::gate::{Settings, tell_what_is_due, webhook::Webhook};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

/// Id, timestamp, signature and body.
type Sent = (String, i64, String, String);

/// What a receiver was sent, and whether it takes it.
#[derive(Clone, Default)]
struct Receiver {
    sent: Arc<Mutex<Vec<Sent>>>,
    refuses: Arc<Mutex<bool>>,
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
    if *receiver.refuses.lock().unwrap() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
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
    (receiver, Served::with(Settings { webhook: Some(webhook), ..settings() }).await)
}

/// Runs the gate with a target that is there, or with none.
async fn run(served: &Served) -> Value {
    report(&served.run().await)
}

#[tokio::test]
async fn the_first_verdict_and_each_change_to_or_from_pass_is_told_once() {
    let (receiver, served) = told().await;
    let first = run(&served).await;
    run(&served).await;
    tell_what_is_due(&served.state).await.expect("told");
    tell_what_is_due(&served.state).await.expect("told");
    let sent = receiver.sent.lock().unwrap().clone();
    let [(id, timestamp, signature, body)] = &sent[..] else { panic!("{} messages", sent.len()) };
    assert_eq!(first["id"], **id);
    let webhook = Webhook::new("http://receiver.example/hook", SECRET).expect("a webhook");
    assert_eq!(*signature, webhook.sign(id, *timestamp, body));
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!((&body["type"], &body["data"]["verdict"]), (&"gate.verdict_changed".into(), &"pass".into()));
    assert_eq!(served.count("gate_announcements").await, 0);
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_later_and_survives_a_stop() {
    let (receiver, served) = told().await;
    *receiver.refuses.lock().unwrap() = true;
    served.source.stop_at(BEGINNING);
    run(&served).await;
    let tell = async |at: TimeDelta| {
        served.source.stop_at(BEGINNING + at);
        tell_what_is_due(&served.state).await.expect("tried");
        receiver.sent.lock().unwrap().len()
    };
    assert_eq!(tell(TimeDelta::zero()).await, 1);
    assert_eq!(tell(TimeDelta::seconds(4)).await, 1, "not before its time");
    assert_eq!(tell(TimeDelta::seconds(5)).await, 2);
    let error = served.database.texts("SELECT last_error FROM gate_announcements").await;
    assert_eq!(error, ["the receiver answers 503 Service Unavailable"]);
    *receiver.refuses.lock().unwrap() = false;
    assert_eq!(tell(TimeDelta::minutes(2)).await, 3);
    assert_eq!(tell(TimeDelta::days(2)).await, 3, "taken, so no more of it");
    let ids: Vec<String> = receiver.sent.lock().unwrap().iter().map(|it| it.0.clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "a repetition has the same id");
    assert_eq!(served.count("gate_announcements").await, 0);
}

async fn pulls() -> Json<Value> {
    Json(json!([{"number": 7, "user": {"login": "ann"}}]))
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

async fn runs(Path(sha): Path<String>) -> Json<Value> {
    let conclusion = if sha.starts_with('0') { "failure" } else { "success" };
    Json(json!({"check_runs": [{"name": "tests", "conclusion": conclusion}]}))
}

#[tokio::test]
async fn a_forge_tells_of_approvals_by_others_and_of_check_runs() {
    let forge = Router::new()
        .route("/repos/o/n/commits/{sha}/pulls", get(pulls))
        .route("/repos/o/n/pulls/7/reviews", get(reviews))
        .route("/repos/o/n/commits/{sha}/check-runs", get(runs));
    let address = serve(forge).await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut settings = Settings {
        repository: Some(folder),
        forge: Some(format!("{address}/repos/o/n")),
        ..Settings::default()
    };
    settings.expected.forge = true;
    let served = Served::with(settings.clone()).await;
    let found = report(&served.get("/api/gates/merged-contract?sha=0123456").await);
    assert_eq!(check(&found, "approvals")["observed"], "bob", "not the author, nor who changed their mind");
    assert_eq!(check(&found, "check_runs")["observed"], "tests: failure");
    assert!(texts(&found["failing_checks"]).contains(&"check_runs"));
    settings.forge = Some("http://127.0.0.1:1".into());
    let served = Served::with(settings).await;
    let call = Call::post("/api/gates/merged-contract/runs", r#"{"sha": "0123456"}"#);
    let silent = report(&served.send(call).await.assert_status(201));
    assert_eq!(texts(&silent["inconclusive_checks"]), ["approvals", "check_runs"]);
}
