//! Gates: every check is seen to fail when what it looks at is broken, and what a gate files disturbs nothing.

mod commands;
mod commits;
mod contracts;
mod faults;
mod forge;
mod kept;
mod limits;
mod served;
mod webhooks;

use crate::given::{Answer, Call, EVENT, LINK, LINKS, TestApp};
use axum::http::HeaderMap;
use domain::gate::Expectations;
use faults::FAULTS;
use serde_json::Value;
use served::Served;
use server::gate::Settings;
use std::sync::{Arc, Mutex};

/// What a gate of tests expects: the very version and commit that are under test.
fn settings() -> Settings {
    let expected = Expectations {
        version: Some(env!("CARGO_PKG_VERSION").into()),
        sha: server::commit().map(str::to_owned),
        ..Expectations::default()
    };
    Settings { expected, ..Settings::default() }
}

fn report(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).expect("a report")
}

/// Texts of a list.
fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("text")).collect()
}

/// A check of a report.
fn check<'r>(report: &'r Value, name: &str) -> &'r Value {
    let checks = report["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["name"] == name).expect("the check")
}

#[tokio::test]
async fn a_sound_server_passes() {
    let served = Served::with(settings()).await;
    let report = report(&served.run().await);
    assert_eq!(report["result"], "public_contract_passed", "{report:#}");
    assert_eq!((&report["verdict"], &report["reason"]), (&"pass".into(), &Value::Null));
    assert_eq!((texts(&report["failing_checks"]), texts(&report["warnings"])), (vec![], vec![]));
    let transaction = check(&report, "value_lineage_e2e");
    assert_eq!(texts(&transaction["validated_invariants"]), domain::gate::transaction::INVARIANTS);
    assert!(report["checks"].as_array().expect("checks").iter().all(|check| check["ok"] == true));
}

#[tokio::test]
async fn every_broken_promise_is_noticed_by_name() {
    for (fault, name, invariants) in FAULTS {
        let mut settings = settings();
        if fault == "deployed_commit" {
            // Also where the tests were built from no commit, one is expected.
            settings.expected.sha.get_or_insert("0123456".into());
        }
        let served = Served::on(settings, server::auth::Auth::Open, Some(fault)).await;
        let report = report(&served.run().await);
        assert_eq!(report["verdict"], "fail", "{fault}: {report:#}");
        assert_eq!(report["result"], "blocked", "{fault}");
        assert_eq!(texts(&report["failing_checks"]), [name], "{fault}: {report:#}");
        let check = check(&report, name);
        assert_eq!((&check["ok"], &check["verdict"]), (&false.into(), &"fail".into()), "{fault}");
        assert!(check["remedy"].as_str().is_some_and(|remedy| remedy.len() > 20), "{fault} says what to do");
        let broken: Vec<&str> = check["invariants"]
            .as_array()
            .expect("invariants")
            .iter()
            .filter(|invariant| invariant["verdict"] == "fail")
            .map(|invariant| invariant["name"].as_str().expect("a name"))
            .collect();
        assert_eq!(broken, invariants, "{fault}: {check:#}");
        assert!(report["reason"].as_str().expect("a reason").contains(name), "{fault}");
    }
}

#[test]
fn every_invariant_and_every_check_has_a_fault_that_it_must_notice() {
    let broken: Vec<&str> = FAULTS.iter().flat_map(|(_, _, invariants)| *invariants).copied().collect();
    for invariant in domain::gate::transaction::INVARIANTS {
        assert!(broken.contains(&invariant), "{invariant} was never seen to fail");
    }
    let contracts = domain::gate::Contract::built_in(&Expectations::default()).expect("contracts");
    for contract in &contracts {
        for check in &contract.checks {
            let noticed = match contract.is_of_commit() {
                true => commits::FAULTS.iter().any(|(_, names)| names.contains(&&*check.name)),
                false => FAULTS.iter().any(|(_, name, _)| *name == check.name),
            };
            assert!(noticed, "{} was never seen to fail", check.name);
        }
    }
}

#[tokio::test]
async fn another_commit_than_the_expected_one_fails() {
    let mut settings = settings();
    settings.expected.sha = Some("0123456".into());
    let served = Served::with(settings).await;
    let report = report(&served.run().await);
    let expected: &[&str] = if server::commit().is_some() { &["deployed_commit"] } else { &[] };
    assert_eq!(texts(&report["failing_checks"]), expected);
    assert_eq!(report["expected_sha"], "0123456");
    assert_eq!(report["deployed_sha"].as_str(), server::commit());
}

#[tokio::test]
async fn a_commit_that_nobody_told_is_a_warning() {
    let served = Served::new().await;
    let report = report(&served.run().await);
    assert_eq!(report["verdict"], "pass", "{report:#}");
    assert_eq!(report["expected_sha"], Value::Null);
    let warnings = texts(&report["warnings"]);
    assert!(warnings.len() == 1 && warnings[0].contains("Nobody told which commit"), "{warnings:?}");
    assert_eq!(check(&report, "deployed_commit")["ok"], false);
}

#[tokio::test]
async fn what_cannot_be_asked_is_inconclusive_and_does_not_pass() {
    let app = TestApp::new().await;
    let answer = app.send(Call::new("POST", "/api/gates/public-deploy-contract/runs")).await;
    let report = report(&answer.assert_status(201));
    assert_eq!((&report["verdict"], &report["result"]), (&"inconclusive".into(), &"blocked".into()));
    assert_eq!(texts(&report["failing_checks"]), [""; 0]);
    assert!(texts(&report["inconclusive_checks"]).contains(&"liveness"));
    assert!(report["reason"].as_str().expect("a reason").starts_with("could not be checked: "));
}

#[tokio::test]
async fn a_gate_without_a_credential_is_inconclusive_and_with_its_own_it_passes() {
    let secret = "0123456789abcdef0123456789abcdef";
    let served = Served::locked(&format!("ci {secret}")).await;
    let anonymous = served.send(Call::new("POST", "/api/gates/public-deploy-contract/runs")).await;
    anonymous.assert_status(401);
    let run = Call::new("POST", "/api/gates/public-deploy-contract/runs").with("x-api-key", secret);
    let passed = report(&served.send(run.clone()).await.assert_status(201));
    assert_eq!(passed["verdict"], "pass", "{passed:#}");
    let settings = Settings {
        target: Some(served.address.clone()),
        key: Some("not the key".into()),
        ..Settings::default()
    };
    let elsewhere = Served::with(settings).await;
    let refused = report(&elsewhere.run().await);
    assert_eq!(refused["verdict"], "inconclusive", "{refused:#}");
    assert_eq!(texts(&refused["inconclusive_checks"]), ["value_lineage_e2e"]);
    let transaction = check(&refused, "value_lineage_e2e");
    assert!(transaction["observed"].as_str().expect("text").contains("no credential"), "{transaction:#}");
    assert_eq!(texts(&transaction["validated_invariants"]), ["unknown_link_404"]);
}

#[tokio::test]
async fn a_crowd_that_asks_makes_it_run_once() {
    let served = Served::with(settings()).await;
    let asked =
        futures::future::join_all((0..20).map(|_| served.get("/api/gates/public-deploy-contract"))).await;
    let ids: std::collections::HashSet<String> =
        asked.iter().map(|answer| report(answer)["id"].to_string()).collect();
    assert_eq!((ids.len(), served.count("gate_runs").await), (1, 1));
    served.source.stop_at(crate::given::BEGINNING + chrono::TimeDelta::hours(1));
    let later = served.get("/api/gates/public-deploy-contract").await.assert_status(200);
    assert!(!ids.contains(&report(&later)["id"].to_string()), "an hour later it runs again");
    let much_older = served.get("/api/gates/public-deploy-contract?max_age=4000").await;
    assert_eq!(report(&much_older)["id"], report(&later)["id"]);
}

#[tokio::test]
async fn nobody_who_asks_decides_what_is_looked_at() {
    let served = Served::new().await;
    for path in ["?target=http://127.0.0.1:1", "?api_base=http://127.0.0.1:1", "?max_age=-1", "?max_age=x"] {
        let path = format!("/api/gates/public-deploy-contract{path}");
        served.get(&path).await.assert_status(422);
    }
    for body in
        [r#"{"target": "http://127.0.0.1:1"}"#, r#"{"expected_sha": "xyz"}"#, "[]", "{\"sha\": \"0123456\"}"]
    {
        let call = Call::post("/api/gates/public-deploy-contract/runs", body);
        served.send(call).await.assert_status(422);
    }
    assert_eq!(served.count("gate_runs").await, 0);
}

#[tokio::test]
async fn what_somebody_else_expects_is_no_verdict_of_this_deployment() {
    let served = Served::with(settings()).await;
    served.run().await;
    let call = Call::post("/api/gates/public-deploy-contract/runs", r#"{"expected_sha": "0123456"}"#);
    let asked = report(&served.send(call).await.assert_status(201));
    assert_eq!(asked["expected_sha"], "0123456");
    if server::commit().is_some() {
        assert_eq!(
            (&asked["verdict"], texts(&asked["failing_checks"])),
            (&"fail".into(), vec!["deployed_commit"])
        );
    }
    let gates = served.get("/api/gates").await.assert_status(200);
    assert_eq!(report(&gates)["gates"][0]["last_run"]["verdict"], "pass");
    let runs = report(&served.get("/api/gates/public-deploy-contract/runs").await);
    assert_eq!(runs["runs"].as_array().expect("runs").len(), 2);
    assert_eq!(runs["runs"][0]["subject"], "0123456");
    let badge = served.get("/api/gates/public-deploy-contract/badge.svg").await.assert_status(200);
    assert!(badge.text.contains("passes") && badge.text.starts_with("<svg"), "{}", badge.text);
}

#[tokio::test]
async fn the_same_request_sent_again_is_the_same_run() {
    let served = Served::with(settings()).await;
    let call = Call::new("POST", "/api/gates/public-deploy-contract/runs").idempotency_key("once");
    let first = served.send(call.clone()).await.assert_status(201);
    let again = served.send(call).await.assert_status(201);
    assert_eq!(first.text, again.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let other = Call::post("/api/gates/public-deploy-contract/runs", r#"{"expected_sha": "0123456"}"#);
    served.send(other.idempotency_key("once")).await.assert_status(409);
    assert_eq!(served.count("gate_runs").await, 1);
}

#[tokio::test]
async fn what_a_gate_files_is_left_out_of_everything() {
    let served = Served::with(settings()).await;
    let link = served.send(Call::post(LINKS, LINK)).await.assert_status(201).at("id");
    served.send(Call::post(&format!("{LINKS}/{link}/usage-events"), EVENT)).await.assert_status(201);
    let before = (served.store.totals().await, served.store.store_days(10).await);
    let (links, overview) = (served.get(LINKS).await, served.get("/").await);
    served.run().await;
    assert_eq!((served.store.totals().await, served.store.store_days(10).await), before);
    assert_eq!(served.get(LINKS).await.text, links.text);
    assert!(overview.text.contains(&link) && !served.get("/").await.text.contains("gate-run-"));
    let gates = served.get(&format!("{LINKS}?origin=gate")).await.assert_status(200);
    assert_eq!(report(&gates)["links"].as_array().expect("links").len(), 2);
    assert_eq!(served.store.verify().await.expect("a verification").differences, []);
}

#[tokio::test]
async fn the_minimum_flow_answers_its_parts() {
    let served = Served::new().await;
    let answer =
        served.send(Call::new("POST", "/api/value-lineage/minimum-e2e-flow")).await.assert_status(200);
    let flow = report(&answer);
    assert_eq!(flow["ok"], true, "{flow:#}");
    let (link, event) =
        (flow["lineage_id"].as_str().expect("id"), flow["usage_event_id"].as_str().expect("id"));
    assert!(link.starts_with("lnk_") && event.starts_with("evt_"));
    assert_eq!(
        (&flow["valuation"]["event_count"], &flow["valuation"]["lineage_id"]),
        (&2.into(), &link.into())
    );
    assert_eq!(flow["payout_preview"]["payouts"].as_array().expect("rows").len(), 4);
    assert_eq!(flow["checks"].as_array().expect("checks").len(), domain::gate::transaction::INVARIANTS.len());
    let keyed = Call::new("POST", "/api/value-lineage/minimum-e2e-flow").idempotency_key("one");
    let first = served.send(keyed.clone()).await.assert_status(200);
    assert_eq!(served.send(keyed).await.text, first.text);
}

#[tokio::test]
async fn unknown_gates_and_runs_are_404() {
    let app = TestApp::new().await;
    for path in
        ["nothing", "nothing/runs", "nothing/badge.svg", "runs/run_1", "runs/lnk_01h455vb4pex5vsknk084sn02q"]
    {
        app.get(&format!("/api/gates/{path}")).await.assert_status(404);
    }
    app.send(Call::new("POST", "/api/gates/nothing/runs")).await.assert_status(404);
    app.get("/api/gates/runs/run_01h455vb4pex5vsknk084sn02q").await.assert_status(404);
    app.send(Call::new("DELETE", "/api/gates")).await.assert_status(405);
}

/// What a server that is not ours is sent.
async fn eavesdropper() -> (String, Arc<Mutex<Vec<HeaderMap>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let hearing = heard.clone();
    let hear = move |headers: HeaderMap| {
        hearing.lock().unwrap().push(headers);
        async { axum::Json(serde_json::json!({"version": "0.1.0", "commit": ""})) }
    };
    let router = axum::Router::new().fallback(hear);
    tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
    (address, heard)
}

#[tokio::test]
async fn the_server_s_own_key_is_shown_to_nobody_else() {
    let (address, heard) = eavesdropper().await;
    let keys = server::auth::ApiKeys::from_text("ci 0123456789abcdef0123456789abcdef").expect("keys");
    let settings = Settings { target: Some(address), ..settings() };
    let served = Served::on(settings, server::auth::Auth::Keys(keys), None).await;
    served.get("/api/gates/public-deploy-contract").await.assert_status(200);
    let heard = heard.lock().unwrap();
    assert!(heard.len() > 5 && heard.iter().all(|headers| !headers.contains_key("x-api-key")), "{heard:?}");
}

#[tokio::test]
async fn a_commit_that_is_told_by_no_digits_is_not_the_one_expected() {
    let (address, _) = eavesdropper().await;
    let mut settings = Settings { target: Some(address), ..settings() };
    settings.expected.sha = Some("0123456".into());
    let report = report(&Served::with(settings).await.run().await);
    assert_eq!(check(&report, "deployed_commit")["verdict"], "inconclusive", "{report:#}");
}

#[tokio::test]
async fn where_the_mark_is_lost_nothing_more_is_filed() {
    let served = Served::broken("link_marked_as_gate").await;
    served.run().await;
    assert_eq!((served.count("links").await, served.count("usage_events").await), (1, 0));
}

#[tokio::test]
async fn a_store_that_is_broken_keeps_no_report_but_the_report_says_so() {
    let served = Served::with(settings()).await;
    served.database.run("DROP TABLE gate_announcements; DROP TABLE gate_runs").await;
    let answer = served.get("/api/gates/public-deploy-contract").await.assert_status(200);
    let report = report(&answer);
    assert!(texts(&report["warnings"]).iter().any(|it| it.contains("could not be kept")), "{report:#}");
}

#[tokio::test]
async fn a_run_that_saw_the_server_end_is_no_verdict() {
    let served = Served::with(settings()).await;
    served.state.gates.stop();
    let call = Call::new("POST", "/api/gates/public-deploy-contract/runs");
    served.send(call).await.assert_status(503);
    assert_eq!(served.count("gate_runs").await, 0);
}

#[tokio::test]
async fn newest_events_stay_on_the_overview_however_often_a_gate_runs() {
    let served = Served::with(settings()).await;
    let link = served.send(Call::post(LINKS, LINK)).await.assert_status(201).at("id");
    served.send(Call::post(&format!("{LINKS}/{link}/usage-events"), EVENT)).await.assert_status(201);
    for _ in 0..102 {
        served.run().await;
    }
    let recent = served.store.recent_events(8).await.expect("events");
    assert_eq!(recent.len(), 1, "510 entries of gates stand behind it");
    assert_eq!(recent[0].event.lineage_id.to_string(), link);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_asked_for_at_once_all_arrive_whole() {
    let served = Served::with(settings()).await;
    served.run().await;
    let client = server::gate::HttpTarget::new(&served.address, None).expect("a client");
    for _ in 0..12 {
        let pages = ["/gates", "/specs", "/governance/change-requests"].repeat(16);
        let asked = pages.into_iter().map(|path| {
            let client = client.clone();
            tokio::spawn(async move {
                domain::gate::Target::send(&client, domain::gate::Request::get(path)).await
            })
        });
        for answer in futures::future::join_all(asked).await {
            let answer = answer.expect("a task").expect("an answer");
            assert!(
                answer.status == 200 && answer.body.contains("</html>"),
                "{} {}",
                answer.status,
                answer.body
            );
        }
    }
}
