//! The gate of a merged commit, over git repositories that each test makes commit by commit.

use super::{
    check,
    forge::{Forge, Says},
    report,
    served::Served,
    texts,
};
use crate::given::{Call, LINKS, TestApp, git};
use serde_json::{Value, json};
use server::gate::Settings;
use tempfile::TempDir;

/// What is broken of a commit that is else accounted for, and the checks that must fail.
pub const FAULTS: [(&str, &[&str]); 7] = [
    ("unknown", &["commit_reachable", "commit_on_branch"]),
    ("beside", &["commit_on_branch"]),
    ("no link", &["lineage_link", "contributors"]),
    ("stub", &["spec"]),
    ("nobody", &["contributors"]),
    ("not approved", &["approvals"]),
    ("run failed", &["check_runs"]),
];

/// A repository with a commit on its branch and one beside it; their ids.
pub fn repository() -> (TempDir, String, String) {
    let folder = TempDir::new().expect("a folder");
    let git = |words: &[&str]| git(folder.path(), words);
    git(&["init", "-q", "-b", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "Begin"]);
    git(&["checkout", "-q", "-b", "side"]);
    git(&["commit", "-q", "--allow-empty", "-m", "Not merged"]);
    let side = git(&["rev-parse", "HEAD"]);
    git(&["checkout", "-q", "main"]);
    git(&["commit", "-q", "--allow-empty", "-m", "Merged work"]);
    let merged = git(&["rev-parse", "HEAD"]);
    git(&["commit", "-q", "--allow-empty", "-m", "Later"]);
    (folder, merged, side)
}

async fn served_with(folder: &TempDir) -> Served {
    Served::with(Settings { repository: Some(folder.path().to_owned()), ..Settings::default() }).await
}

pub async fn look(served: &Served, sha: &str) -> Value {
    report(&served.get(&format!("/api/gates/merged-contract?sha={sha}")).await.assert_status(200))
}

/// A link that names a commit.
fn link(reference: &str, contributors: Value) -> String {
    json!({"idea_id": "i", "spec_id": "s", "implementation_refs": [reference], "contributors": contributors,
        "estimated_cost": 1})
    .to_string()
}

async fn register_spec(served: &Served) {
    let spec = json!({"spec_id": "s", "title": "S"}).to_string();
    served.send(Call::post("/api/spec-registry", &spec)).await.assert_status(201);
}

#[tokio::test]
async fn a_commit_that_is_accounted_for_passes() {
    let (folder, merged, _) = repository();
    let served = served_with(&folder).await;
    register_spec(&served).await;
    let body = link(&format!("commit:{}", &merged[..7]), json!({"implementation": "ann", "review": "bob"}));
    served.send(Call::post(LINKS, &body)).await.assert_status(201);
    let found = look(&served, &merged[..9]).await;
    assert_eq!(
        (&found["verdict"], &found["result"]),
        (&"pass".into(), &"merged_contract_passed".into()),
        "{found:#}"
    );
    assert_eq!(found["expected_sha"], *merged);
    let warnings = texts(&found["warnings"]);
    assert!(
        warnings.len() == 2 && warnings.iter().all(|it| it.contains("no forge is configured")),
        "{warnings:?}"
    );
    assert_eq!(check(&found, "approvals")["verdict"], "inconclusive");
    assert!(
        check(&found, "contributors")["observed"].as_str().expect("text").contains("ann (implementation)")
    );
}

/// Looks at a commit of which one thing is broken, or nothing.
async fn look_at_broken(fault: &str) -> Value {
    let (folder, merged, side) = repository();
    let runs: &[_] = if fault == "run failed" { &[Some("failure")] } else { Says::WELL.runs };
    let forge = Forge::saying(Says { approved: fault != "not approved", runs }).await;
    let served = forge.served(&folder).await;
    let sha = match fault {
        "unknown" => "0123456789".to_owned(),
        "beside" => side,
        _ => merged,
    };
    if fault != "stub" {
        let spec = json!({"spec_id": "s", "title": "S", "evidence_refs": [format!("commit:{sha}")]});
        served.send(Call::post("/api/spec-registry", &spec.to_string())).await.assert_status(201);
    }
    if fault != "no link" {
        let role = if fault == "nobody" { "review" } else { "implementation" };
        let body = link(&format!("commit:{sha}"), json!({role: "ann"}));
        served.send(Call::post(LINKS, &body)).await.assert_status(201);
    }
    look(&served, &sha).await
}

#[tokio::test]
async fn every_broken_promise_of_a_commit_is_noticed_by_name() {
    let sound = look_at_broken("nothing").await;
    assert_eq!((&sound["verdict"], texts(&sound["warnings"]).len()), (&"pass".into(), 0), "{sound:#}");
    for (fault, failing) in FAULTS {
        let found = look_at_broken(fault).await;
        assert_eq!(texts(&found["failing_checks"]), failing, "{fault}: {found:#}");
    }
}

#[tokio::test]
async fn specs_that_name_a_commit_themselves_count_beside_those_of_its_links() {
    let (folder, merged, _) = repository();
    let served = served_with(&folder).await;
    let spec = async |id: &str, field: &str, reference: &str| {
        let body = json!({"spec_id": id, "title": id, field: [reference]}).to_string();
        served.send(Call::post("/api/spec-registry", &body)).await.assert_status(201);
    };
    spec("by-ref", "implementation_refs", &format!("commit:{}", merged[..8].to_uppercase())).await;
    spec("by-evidence", "evidence_refs", &format!("https://forge.example/o/n/commit/{merged}")).await;
    // Begins alike, and is another.
    let other = if merged.as_bytes()[7] == b'0' { '1' } else { '0' };
    spec("other", "implementation_refs", &format!("commit:{}{other}", &merged[..7])).await;
    let observed = async || check(&look(&served, &merged).await, "spec")["observed"].clone();
    assert_eq!(observed().await, "by-evidence, by-ref");
    let edit = Call::new("PATCH", "/api/spec-registry/by-ref").body(r#"{"implementation_refs": []}"#);
    let edit = edit.with("content-type", "application/json").with("if-match", "*");
    served.send(edit).await.assert_status(200);
    assert_eq!(observed().await, "by-evidence", "what is no longer named does not count");
    let body = link(&format!("commit:{merged}"), json!({"implementation": "ann"}));
    served.send(Call::post(LINKS, &body)).await.assert_status(201);
    assert_eq!(observed().await, "s is not registered");
}

#[tokio::test]
async fn a_commit_is_checked_by_the_form_of_the_page() {
    let (folder, merged, _) = repository();
    let served = served_with(&folder).await;
    register_spec(&served).await;
    let body = link(&format!("commit:{merged}"), json!({"implementation": "ann"}));
    served.send(Call::post(LINKS, &body)).await.assert_status(201);
    let form = Call::form("/gates/merged", &[("sha", &merged), ("request_key", "once")]);
    let sent = served.send(form.clone()).await.assert_status(303);
    let place = sent.header("location").expect("a location").to_owned();
    assert!(place.starts_with("/gates/runs/run_"), "{place}");
    let page = served.get(&place).await.assert_status(200);
    assert!(page.text.contains("This commit may be trusted") && page.text.contains("Merged work"));
    assert_eq!(served.send(form).await.header("location"), Some(&*place), "sent twice it is one run");
    let listed = served.get("/gates").await.assert_status(200);
    assert!(listed.text.contains(&place), "the list of gates leads there");
}

#[tokio::test]
async fn each_thing_that_is_missing_is_named() {
    let (folder, merged, side) = repository();
    let served = served_with(&folder).await;
    let nothing = look(&served, &merged).await;
    assert_eq!(texts(&nothing["failing_checks"]), ["lineage_link", "spec", "contributors"]);
    let body = link(&format!("https://forge.example/o/n/commit/{merged}"), json!({"review": "bob"}));
    served.send(Call::post(LINKS, &body)).await.assert_status(201);
    let nobody = look(&served, &merged).await;
    assert_eq!(texts(&nobody["failing_checks"]), ["spec", "contributors"], "{nobody:#}");
    register_spec(&served).await;
    assert_eq!(texts(&look(&served, &merged).await["failing_checks"]), ["contributors"]);
    let beside = look(&served, &side).await;
    assert_eq!(texts(&beside["failing_checks"])[0], "commit_on_branch");
    let unknown = look(&served, "0123456789").await;
    assert_eq!(texts(&unknown["failing_checks"])[..2], ["commit_reachable", "commit_on_branch"]);
}

#[tokio::test]
async fn asking_alone_fills_no_store() {
    let (folder, merged, _) = repository();
    let served = served_with(&folder).await;
    let first = look(&served, &merged).await;
    for sha in [&merged[..7], &merged[..12], &merged] {
        assert_eq!(look(&served, sha).await, first, "nothing new to say");
    }
    let unknown = ["0123456".to_owned(), "1234567".to_owned(), "0".repeat(40), "f".repeat(40)];
    for sha in &unknown {
        let found = look(&served, sha).await;
        let id = found["id"].as_str().expect("an id");
        let kept = served.get(&format!("/api/gates/runs/{id}")).await.assert_status(200);
        assert_eq!(report(&kept), found, "what was answered can be read again");
        assert_eq!(look(&served, sha).await, found, "and is given again");
        served.get(&format!("/gates/runs/{id}")).await.assert_status(200);
    }
    assert_eq!(served.count("gate_runs").await, 1);
    assert_eq!(served.count("unknown_commit_runs").await, unknown.len());
    let kept = served.get(&format!("/api/gates/runs/{}", first["id"].as_str().expect("an id"))).await;
    assert_eq!(report(&kept), first);
    let body = format!(r#"{{"sha": "{merged}"}}"#);
    served.send(Call::post("/api/gates/merged-contract/runs", &body)).await.assert_status(201);
    assert_eq!(served.count("gate_runs").await, 2, "who may write may have it kept");
}

#[tokio::test]
async fn of_reports_about_unknown_commits_the_newest_stay() {
    let (folder, _, _) = repository();
    let served = served_with(&folder).await;
    let mut ids = Vec::new();
    for at in 0..103 {
        let found = look(&served, &format!("{at:07}")).await;
        ids.push(found["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(served.count("unknown_commit_runs").await, 100);
    for (at, status) in [(0, 404), (2, 404), (3, 200), (102, 200)] {
        served.get(&format!("/api/gates/runs/{}", ids[at])).await.assert_status(status);
    }
    assert_eq!((served.count("gate_runs").await, served.count("ledger_entries").await), (0, 0));
    assert_eq!(served.store.verify().await.expect("a verification").differences, []);
}

#[tokio::test]
async fn the_head_of_the_branch_is_told_and_expected() {
    let (folder, _, _) = repository();
    let served = served_with(&folder).await;
    let head = report(&served.get("/api/gates/main-head").await.assert_status(200));
    assert_eq!(head["sha"], *git(folder.path(), &["rev-parse", "main"]));
    assert_eq!(
        (&head["branch"], &head["title"], &head["author"]),
        (&"main".into(), &"Later".into(), &"ann".into())
    );
    let gate = report(&served.run().await);
    assert_eq!(gate["expected_sha"], head["sha"]);
    if server::commit().is_some() {
        assert_eq!(texts(&gate["failing_checks"]), ["deployed_commit"], "another commit is deployed");
    }
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "Newer"]);
    let newer = report(&served.get("/api/gates/main-head").await);
    assert_eq!(newer["title"], "Newer", "what was fetched meanwhile is seen");
}

#[tokio::test]
async fn without_a_repository_it_says_how_to_have_one() {
    let app = TestApp::new().await;
    for path in ["main-head", "merged-contract?sha=0123456"] {
        let answer = app.get(&format!("/api/gates/{path}")).await.assert_status(404);
        assert!(answer.text.contains("--repository"), "{}", answer.text);
    }
    for path in [
        "merged-contract",
        "merged-contract?sha=main",
        "merged-contract?sha=0123",
        "merged-contract?commit=0123456",
    ] {
        app.get(&format!("/api/gates/{path}")).await.assert_status(422);
    }
}

#[tokio::test]
async fn a_branch_that_is_not_there_is_inconclusive() {
    let (folder, merged, _) = repository();
    let settings = Settings {
        repository: Some(folder.path().to_owned()),
        branch: "trunk".into(),
        ..Settings::default()
    };
    let served = Served::with(settings).await;
    served.get("/api/gates/main-head").await.assert_status(503);
    let found = look(&served, &merged).await;
    assert_eq!(check(&found, "commit_on_branch")["verdict"], "inconclusive", "{found:#}");
    let gate = report(&served.run().await);
    assert!(texts(&gate["warnings"])[0].contains("no branch trunk"), "{gate:#}");
}

#[tokio::test]
async fn what_a_shallow_clone_cannot_tell_is_inconclusive() {
    let (folder, merged, _) = repository();
    let shallow = TempDir::new().expect("a folder");
    let from = format!("file://{}", folder.path().display());
    git(shallow.path(), &["clone", "-q", "--depth", "1", "--branch", "main", &from, "."]);
    let served = served_with(&shallow).await;
    let found = look(&served, &merged).await;
    for name in ["commit_reachable", "commit_on_branch"] {
        let check = check(&found, name);
        assert_eq!(check["verdict"], "inconclusive", "{check:#}");
        assert!(check["observed"].as_str().expect("text").contains("shallow"), "{check:#}");
    }
}

#[tokio::test]
async fn a_branch_that_is_named_like_a_commit_is_none() {
    let (folder, _, _) = repository();
    git(folder.path(), &["branch", "abcdef1"]);
    let served = served_with(&folder).await;
    let found = look(&served, "abcdef1").await;
    assert_eq!(check(&found, "commit_reachable")["verdict"], "fail", "{found:#}");
}

#[tokio::test]
async fn a_commit_on_the_branch_stays_so_whatever_is_merged_besides() {
    let (folder, merged, side) = repository();
    git(folder.path(), &["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    let served = served_with(&folder).await;
    for sha in [&merged, &side] {
        assert_eq!(check(&look(&served, sha).await, "commit_on_branch")["verdict"], "pass");
    }
}
