//! The gate of a merged commit, over git repositories that each test makes commit by commit.

use super::{check, report, served::Served, texts};
use crate::given::{Call, LINKS, TestApp, git};
use serde_json::{Value, json};
use server::gate::Settings;
use tempfile::TempDir;

/// A repository with a commit on its branch and one beside it; their ids.
fn repository() -> (TempDir, String, String) {
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

async fn look(served: &Served, sha: &str) -> Value {
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
        look(&served, sha).await;
    }
    assert_eq!(served.count("gate_runs").await, 1);
    let kept = served.get(&format!("/api/gates/runs/{}", first["id"].as_str().expect("an id"))).await;
    assert_eq!(report(&kept), first);
    let body = format!(r#"{{"sha": "{merged}"}}"#);
    served.send(Call::post("/api/gates/merged-contract/runs", &body)).await.assert_status(201);
    assert_eq!(served.count("gate_runs").await, 2, "who may write may have it kept");
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
