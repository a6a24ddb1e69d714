//! Targets that do not answer as they should: nobody waits for them without end, and nothing is taken for granted.

use super::{check, report, served::Served, settings, texts};
use crate::given::{BEGINNING, Call, LINKS};
use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse as _,
    routing::get,
};
use chrono::TimeDelta;
use serde_json::Value;
use server::gate::Settings;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;

const RUN: &str = "/api/gates/public-deploy-contract/runs";
const FLOW: &str = "/api/value-lineage/minimum-e2e-flow";

async fn listening(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
    address
}

/// A target that takes every request and answers none.
async fn hanging() -> String {
    listening(Router::new().fallback(std::future::pending::<()>)).await
}

/// A contract of one check that a path answers 200 within a second.
fn own(path: &str) -> String {
    format!(
        "name = \"own\"\ntitle = \"Own\"\nsummary = \"Own.\"\npassed = \"own_passed\"\ntimeout_seconds = 1\n\
         [[check]]\nname = \"one\"\ntitle = \"One\"\nremedy = \"Look.\"\nkind = \"answer\"\npath = \"{path}\"\nstatus = 200\n"
    )
}

async fn run_own(target: String, path: &str) -> Value {
    let settings = Settings { target: Some(target), own_contracts: vec![own(path)], ..Settings::default() };
    let served = Served::with(settings).await;
    report(&served.send(Call::new("POST", "/api/gates/own/runs")).await.assert_status(201))
}

#[tokio::test]
async fn a_target_that_hangs_does_not_keep_a_reader_beyond_the_time_of_an_answer() {
    let within = Duration::from_millis(600);
    let settings = Settings { target: Some(hanging().await), answer_within: within, ..settings() };
    let served = Served::with(settings).await;
    let found = report(&served.send(Call::new("POST", RUN)).await.assert_status(201));
    assert_eq!((&found["verdict"], &found["result"]), (&"inconclusive".into(), &"blocked".into()));
    let observed = |name: &str| check(&found, name)["observed"].as_str().expect("text").to_owned();
    for name in ["liveness", "page_gates", "value_lineage_e2e"] {
        assert!(observed(name).contains("not reached: the run had taken all the time"), "{}", observed(name));
    }
    let call = Call::new("POST", FLOW).idempotency_key("once");
    let flow = report(&served.send(call).await.assert_status(200));
    assert_eq!((&flow["ok"], &flow["lineage_id"]), (&false.into(), &Value::Null));
}

#[tokio::test]
async fn no_answer_in_time_is_inconclusive() {
    let found = run_own(hanging().await, "/").await;
    let one = check(&found, "one");
    assert_eq!((&one["verdict"], &one["observed"]), (&"inconclusive".into(), &"no answer within 1 s".into()));
    assert_eq!(found["verdict"], "inconclusive");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_inconclusive() {
    let large = Router::new().fallback(|| async { "x".repeat(4 * 1024 * 1024 + 1) });
    let found = run_own(listening(large).await, "/").await;
    let one = check(&found, "one");
    assert_eq!(one["verdict"], "inconclusive");
    assert_eq!(one["observed"], "the answer is larger than 4194304 bytes");
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let heard = followed.clone();
    let elsewhere = move || {
        heard.fetch_add(1, Ordering::Relaxed);
        async { "ok" }
    };
    let away = || async { (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")], "").into_response() };
    let target = listening(Router::new().route("/", get(away)).route("/elsewhere", get(elsewhere))).await;
    let found = run_own(target, "/").await;
    let one = check(&found, "one");
    assert_eq!((&one["verdict"], &one["status_code"]), (&"fail".into(), &302.into()), "{one:#}");
    assert_eq!(followed.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_broken_store_lets_no_crowd_make_it_run() {
    let served = Served::with(settings()).await;
    served.source.stop_at(BEGINNING);
    served.database.run("DROP TABLE gate_announcements; DROP TABLE gate_runs").await;
    let ask = async || report(&served.get("/api/gates/public-deploy-contract").await.assert_status(200));
    let first = ask().await;
    assert_eq!(ask().await, first, "given again, though nothing was kept");
    assert_eq!(served.count("links").await, 2, "one live transaction");
    served.source.stop_at(BEGINNING + TimeDelta::seconds(61));
    assert_ne!(ask().await["id"], first["id"], "and no longer than a kept one");
}

#[tokio::test]
async fn no_age_that_is_asked_for_makes_it_run_more_often_than_the_operator_allows() {
    let served = Served::with(settings()).await;
    served.source.stop_at(BEGINNING);
    let first = report(&served.get("/api/gates/public-deploy-contract").await.assert_status(200));
    for age in ["0", "1", "59"] {
        let path = format!("/api/gates/public-deploy-contract?max_age={age}");
        assert_eq!(report(&served.get(&path).await.assert_status(200)), first, "{age}");
    }
    assert_eq!(served.count("gate_runs").await, 1);
}

#[tokio::test]
async fn a_live_transaction_runs_once_under_a_key_however_often_it_is_sent() {
    let served = Served::new().await;
    let keyed = |key: &str| Call::new("POST", FLOW).idempotency_key(key);
    let unfit = served.send(keyed(&"x".repeat(256))).await;
    assert_eq!((unfit.status.as_u16(), served.count("links").await), (422, 0), "an unfit key runs nothing");
    let sent = futures::future::join_all((0..5).map(|_| served.send(keyed("one")))).await;
    assert!(sent.iter().all(|answer| answer.status == 200 && answer.text == sent[0].text));
    let replayed = sent.iter().filter(|answer| answer.header("idempotency-replayed") == Some("true")).count();
    assert_eq!((served.count("links").await, replayed), (2, 4), "at once they are one");
    assert_eq!(served.send(keyed("one")).await.text, sent[0].text);
    assert_eq!(served.count("links").await, 2, "and later too");
    served.send(keyed("two")).await.assert_status(200);
    assert_eq!(served.count("links").await, 4, "another key is another request");
}

#[tokio::test]
async fn a_report_says_what_was_asked_when_and_what_came_back() {
    let served = Served::with(settings()).await;
    let found = report(&served.run().await);
    assert_eq!(found["target"], *served.address);
    let times = ["started_at", "finished_at"].map(|name| found[name].as_str().expect("a time").to_owned());
    assert!(times[0] < times[1] && times[0].starts_with("2026-"), "{times:?}");
    assert!(found["duration_ms"].as_i64().expect("a number") > 0);
    for (name, path) in [("liveness", "/livez"), ("page_links", "/links"), ("openapi", "/api/openapi.json")] {
        let one = check(&found, name);
        assert_eq!(
            (&one["url"], &one["status_code"]),
            (&format!("{}{path}", served.address).into(), &200.into())
        );
        assert!(one["duration_ms"].as_i64().expect("a number") > 0, "{one:#}");
        assert_eq!(one["remedy"], Value::Null);
    }
    let transaction = check(&found, "value_lineage_e2e");
    let first = &transaction["invariants"][0];
    assert_eq!(first["request"], format!("POST {}{LINKS}", served.address));
    assert_eq!((&first["status_code"], &first["verdict"]), (&201.into(), &"pass".into()));
}

#[tokio::test]
async fn a_commit_that_is_required_and_cannot_be_told_blocks() {
    let (folder, _, _) = super::commits::repository();
    let mut settings = Settings {
        repository: Some(folder.path().to_owned()),
        branch: "trunk".into(),
        ..Settings::default()
    };
    settings.expected.repository = true;
    settings.expected.require_sha = true;
    let found = report(&Served::with(settings).await.run().await);
    assert_eq!((&found["verdict"], &found["result"]), (&"inconclusive".into(), &"blocked".into()));
    assert_eq!(texts(&found["inconclusive_checks"]), ["deployed_commit"], "{found:#}");
    let remedy = check(&found, "deployed_commit")["remedy"].as_str().expect("what to do").to_owned();
    assert!(remedy.contains("--expect-sha"), "{remedy}");
}

#[tokio::test]
async fn a_check_may_expect_that_it_is_refused() {
    let refused = own("/refused").replace("status = 200", "status = 403");
    let locked = own("/locked").replace("status = 200", "status = 401").replace("\"own\"", "\"other\"");
    let answer = |status: StatusCode| get(move || async move { status });
    let target = listening(
        Router::new()
            .route("/refused", answer(StatusCode::FORBIDDEN))
            .route("/locked", answer(StatusCode::UNAUTHORIZED)),
    )
    .await;
    let settings =
        Settings { target: Some(target), own_contracts: vec![refused, locked], ..Settings::default() };
    let served = Served::with(settings).await;
    for name in ["own", "other"] {
        let run = served.send(Call::new("POST", &format!("/api/gates/{name}/runs"))).await;
        assert_eq!(report(&run.assert_status(201))["verdict"], "pass", "{name}");
    }
}

#[tokio::test]
async fn a_badge_tells_every_verdict() {
    let served = Served::with(settings()).await;
    let badge =
        async || served.get("/api/gates/public-deploy-contract/badge.svg").await.assert_status(200).text;
    assert!(badge().await.contains("never ran"));
    served.switch(Some("readiness"));
    served.run().await;
    assert!(badge().await.contains(": fails"));
    let elsewhere =
        Served::with(Settings { target: Some("http://127.0.0.1:1".into()), ..Settings::default() }).await;
    elsewhere.run().await;
    let badge = elsewhere.get("/api/gates/public-deploy-contract/badge.svg").await.assert_status(200);
    assert!(badge.text.contains(": inconclusive"), "{}", badge.text);
}
