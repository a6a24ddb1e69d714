//! A forge of three routes that says what a test wants, and how what it says is judged.

use super::{check, commits, report, served::Served, texts};
use crate::given::{BEGINNING, Call};
use axum::{Json, Router, extract::State, routing::get};
use chrono::TimeDelta;
use serde_json::{Value, json};
use server::gate::Settings;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// What a forge says of every commit.
#[derive(Clone, Copy)]
pub struct Says {
    pub approved: bool,
    /// Conclusions of check runs; none of one that runs still.
    pub runs: &'static [Option<&'static str>],
}

impl Says {
    /// That all is well.
    pub const WELL: Self = Self { approved: true, runs: &[Some("success"), Some("skipped")] };
}

/// A forge that listens.
#[derive(Clone)]
pub struct Forge {
    pub address: String,
    says: Arc<Mutex<Says>>,
    asked: Arc<Mutex<usize>>,
}

impl Forge {
    pub async fn saying(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}/repos/o/n", listener.local_addr().expect("an address"));
        let forge = Self { address, says: Arc::new(Mutex::new(says)), asked: Arc::default() };
        let router = Router::new()
            .route("/repos/o/n/commits/{sha}/pulls", get(pulls))
            .route("/repos/o/n/pulls/7/reviews", get(reviews))
            .route("/repos/o/n/commits/{sha}/check-runs", get(runs))
            .with_state(forge.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("served") });
        forge
    }

    /// A server that asks it about the commits of a repository.
    pub async fn served(&self, folder: &TempDir) -> Served {
        let mut settings = Settings {
            repository: Some(folder.path().to_owned()),
            forge: Some(self.address.clone()),
            ..Settings::default()
        };
        settings.expected.forge = true;
        Served::with(settings).await
    }

    /// How often it was asked anything.
    pub fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }

    fn hear(&self) -> Says {
        *self.asked.lock().unwrap() += 1;
        *self.says.lock().unwrap()
    }
}

async fn pulls(State(forge): State<Forge>) -> Json<Value> {
    forge.hear();
    Json(
        json!([{"number": 7, "user": {"login": "ann"}, "merged_at": "2026-02-01T00:00:00Z", "base": {"ref": "main"}}]),
    )
}

async fn reviews(State(forge): State<Forge>) -> Json<Value> {
    let state = if forge.hear().approved { "APPROVED" } else { "COMMENTED" };
    Json(json!([{"user": {"login": "bob"}, "state": state}]))
}

async fn runs(State(forge): State<Forge>) -> Json<Value> {
    let run = |conclusion: &Option<&str>| json!({"name": "tests", "conclusion": conclusion});
    Json(json!({"check_runs": forge.hear().runs.iter().map(run).collect::<Vec<_>>()}))
}

#[tokio::test]
async fn what_a_forge_says_is_judged() {
    let (folder, merged, _) = commits::repository();
    for (runs, approved, verdicts) in [
        (Says::WELL.runs, true, ("pass", "pass")),
        (&[Some("success"), Some("failure")], false, ("fail", "fail")),
        (&[Some("success"), None], true, ("pass", "inconclusive")),
        (&[None, Some("cancelled")], true, ("pass", "fail")),
        (&[], true, ("pass", "inconclusive")),
    ] {
        let served = Forge::saying(Says { approved, runs }).await.served(&folder).await;
        let found = commits::look(&served, &merged).await;
        let verdict = |name| check(&found, name)["verdict"].as_str().expect("a verdict").to_owned();
        assert_eq!((&*verdict("approvals"), &*verdict("check_runs")), verdicts, "{runs:?} {found:#}");
    }
}

#[tokio::test]
async fn a_forge_is_asked_once_a_minute_about_a_commit_and_about_none_that_is_not_there() {
    let (folder, merged, _) = commits::repository();
    let forge = Forge::saying(Says::WELL).await;
    let served = forge.served(&folder).await;
    served.source.stop_at(BEGINNING);
    let unknown = commits::look(&served, "0123456").await;
    assert_eq!(forge.asked(), 0);
    let approvals = check(&unknown, "approvals");
    assert_eq!(approvals["verdict"], "inconclusive");
    assert!(approvals["observed"].as_str().expect("text").contains("no such commit"), "{approvals:#}");
    for sha in [&merged[..7], &merged] {
        commits::look(&served, sha).await;
        assert_eq!(forge.asked(), 3, "pulls, reviews and check runs, once each");
    }
    *forge.says.lock().unwrap() = Says { approved: false, ..Says::WELL };
    let call = Call::post("/api/gates/merged-contract/runs", &format!(r#"{{"sha": "{merged}"}}"#));
    let kept = report(&served.send(call.clone()).await.assert_status(201));
    assert_eq!((check(&kept, "approvals")["verdict"].as_str(), forge.asked()), (Some("pass"), 3));
    served.source.stop_at(BEGINNING + TimeDelta::seconds(60));
    let later = report(&served.send(call).await.assert_status(201));
    assert_eq!((check(&later, "approvals")["verdict"].as_str(), forge.asked()), (Some("fail"), 6));
    assert!(texts(&later["failing_checks"]).contains(&"approvals"), "{later:#}");
}
