//! Payout previews that draw on imported history, over the API and on their page.

use crate::given::{Answer, Branch, Call, TestApp, VETOES};
use domain::contribution::CitationKind;
use domain::store::Store;
use std::fmt::Write as _;

/// Rio proposes a claim that Bob merges; Ann challenges it and Bob reviews; then a change of the pipeline.
async fn keep_changes(store: &dyn Store) -> Branch {
    let mut branch = Branch::new("codex");
    branch
        .merge("rio: tides rise twice", "rio", "Bob")
        .trailer("pentagon-agent", "rio")
        .claim("domains/tides/tides-rise.md", &[])
        .done();
    branch
        .merge("Lakes have none", "Ann", "Bob")
        .trailer("reviewed-by", "Bob")
        .claim("domains/tides/lakes.md", &[(CitationKind::Challenges, "tides-rise")])
        .done();
    branch.merge("Archive", "rio", "Bob").touch("inbox/queue.txt").done();
    branch.keep(store, 10).await;
    branch
}

fn link(refs: &[&str], investments: &str) -> String {
    let refs: Vec<String> = refs.iter().map(|text| format!("\"{text}\"")).collect();
    format!(
        r#"{{"idea_id": "i", "spec_id": "s", "contributors": {{"review": "Bob"}}, "estimated_cost": 1,
            "implementation_refs": [{}], "investments": [{investments}]}}"#,
        refs.join(",")
    )
}

/// Role, contributor and amount of each row.
fn rows(preview: &Answer) -> Vec<String> {
    assert_eq!(preview.status, 200, "{}", preview.text);
    let json = preview.json();
    let row = |at: usize| {
        let text = |name: &str| json.text(&format!("payouts[{at}].{name}"));
        format!("{} {} {}", text("role"), text("contributor"), text("amount"))
    };
    (0..json.len("payouts")).map(row).collect()
}

const BY_INDEX: &str = r#"{"payout_pool": 100, "currency": "EUR", "policy": "contribution-index-v1"}"#;
const TO_PRINCIPALS: &str =
    r#"{"payout_pool": 100, "currency": "EUR", "policy": "contribution-index-v1", "pay_principals": true}"#;
const BY_COST: &str = r#"{"payout_pool": 100, "currency": "EUR", "policy": "cost-coherence-v1"}"#;

#[tokio::test]
async fn switches_that_say_nothing_are_refused() {
    let app = TestApp::new().await;
    let id = app.file_link(&link(&[], "")).await;
    let mut shown = String::new();
    for body in [
        r#"{"payout_pool": 1, "pay_principals": true}"#,
        r#"{"payout_pool": 1, "policy": "cost-coherence-v1", "pay_principals": true}"#,
        r#"{"payout_pool": 1, "policy": "contribution-index-v1", "pay_principals": "yes"}"#,
        r#"{"payout_pool": 1, "policy": "contribution-index-v2"}"#,
    ] {
        let refused = app.post(&format!("/api/value-lineage/links/{id}/payout-preview"), body).await;
        let refused = refused.assert_status(422);
        let _ = writeln!(shown, "{body}\n{}", refused.text);
    }
    insta::assert_snapshot!(shown);
    // False is what it is without being said.
    app.preview(&id, r#"{"payout_pool": 1, "pay_principals": false}"#).await;
}

#[tokio::test]
async fn a_pool_is_shared_by_the_roles_played_in_what_the_link_names() {
    let app = TestApp::new().await;
    let branch = keep_changes(&*app.store).await;
    let challenge = format!("commit:{}", &branch.units[1].sha[..10]);
    let id = app.file_link(&link(&["forgejo:PR#1", &challenge, "PR#3", "src/tides.rs"], "")).await;
    let preview = app.preview(&id, BY_INDEX).await;
    // .35 for the challenge, .2 for each of two reviews, .05 for each of two claims, of .85.
    assert_eq!(
        rows(&preview),
        ["challenger ann 41.18", "reviewer bob 47.06", "extractor ann 5.88", "extractor rio 5.88"]
    );
    assert_eq!(preview.json().text("drawn_on.refs[3].status"), "other");
    let one = app.file_link(&link(&["claim:tides-rise"], "")).await;
    let of_claim = app.preview(&one, BY_INDEX).await;
    assert_eq!(rows(&of_claim), ["challenger ann 58.34", "reviewer bob 33.33", "extractor rio 8.33"]);
}

#[tokio::test]
async fn what_agents_earned_goes_to_those_they_worked_for_where_asked() {
    let app = TestApp::new().await;
    keep_changes(&*app.store).await;
    let decide = Call::new("PATCH", "/api/contributors/rio")
        .body(r#"{"principal": "ann", "principal_from": "2025-01-01T00:00:00Z"}"#)
        .with("content-type", "application/merge-patch+json")
        .with("if-match", "*");
    app.send(decide).await.assert_status(200);
    let id = app.file_link(&link(&["PR#1"], "")).await;
    assert_eq!(rows(&app.preview(&id, BY_INDEX).await), ["reviewer bob 80.0", "extractor rio 20.0"]);
    let principals = app.preview(&id, TO_PRINCIPALS).await;
    assert_eq!(rows(&principals), ["reviewer bob 80.0", "extractor ann 20.0"]);
    assert_eq!(principals.json().text("payouts[1].explanation.parts[0].earned_by"), "rio");
    let page = app.get(&format!("/links/{id}/payout?policy=contribution-index-v1&pay_principals=true")).await;
    let page = page.assert_status(200);
    assert!(page.text.contains("by rio"), "the page says who earned it");
    let checked = |page: &str| {
        let before = page.split("id=\"pay_principals\"").next().expect("a form");
        let start = before.rfind("<input").expect("a box");
        let input = page[start..].split('>').next().expect("its end");
        assert!(input.contains("type=\"checkbox\"") && input.contains("value=\"true\""), "{input}");
        input.contains("checked")
    };
    assert!(checked(&page.text), "the box says that principals are paid");
    let page = app.get(&format!("/links/{id}/payout?policy=contribution-index-v1")).await.assert_status(200);
    assert!(!checked(&page.text) && page.text.contains("Pay principals for their agents"));
}

#[tokio::test]
async fn investments_and_changes_weigh_their_cost_by_their_coherence() {
    let app = TestApp::new().await;
    keep_changes(&*app.store).await;
    let invested =
        r#"{"stage": "spec", "contributor": "Eve", "energy_units": 0.516, "coherence_score": 1.0}"#;
    let id = app.file_link(&link(&["PR#1", "PR#2"], invested)).await;
    // A change of one file and four lines costs 0.258 and counts once; Eve's 0.516 counts one and a half times.
    let preview = app.preview(&id, BY_COST).await;
    assert_eq!(rows(&preview), ["spec Eve 60.0", "implementation ann 20.0", "implementation rio 20.0"]);
}

#[tokio::test]
async fn whoever_invested_and_proposed_is_one_by_whatever_name() {
    let app = TestApp::new().await;
    keep_changes(&*app.store).await;
    let alias = Call::new("PATCH", "/api/contributors/ann")
        .body(r#"{"aliases": ["annie"]}"#)
        .with("content-type", "application/merge-patch+json")
        .with("if-match", "*");
    app.send(alias).await.assert_status(200);
    for name in ["Ann", "Annie"] {
        let invested = format!(
            r#"{{"stage": "implementation", "contributor": "{name}", "energy_units": 0.258, "coherence_score": 0.5}}"#
        );
        let id = app.file_link(&link(&["PR#2"], &invested)).await;
        let preview = app.preview(&id, BY_COST).await;
        assert_eq!(rows(&preview), ["implementation ann 100.0"], "{name}");
        let parts = preview.json().each("payouts[0].explanation.parts", "earned_by");
        assert_eq!(parts, [name, "ann"], "each by the name it stands under");
        // A policy that draws on investments only keeps the name as it was typed.
        let by_energy = app.preview(&id, r#"{"payout_pool": 1, "policy": "energy-linear-v1"}"#).await;
        assert_eq!(rows(&by_energy), [format!("implementation {name} 1.0")]);
    }
}

#[tokio::test]
async fn a_link_that_leads_nowhere_pays_nobody_and_says_why() {
    let app = TestApp::new().await;
    let mut shown = String::new();
    for refs in [&[][..], &["PR#1"], &["PR#1", "src/main.rs"]] {
        let id = app.file_link(&link(refs, "")).await;
        let preview = app.preview(&id, BY_INDEX).await;
        assert_eq!((rows(&preview), preview.at("unallocated")), (Vec::new(), "100.0".to_owned()));
        let _ = writeln!(shown, "{refs:?}: {}", preview.at("drawn_on.message"));
        let page = app.get(&format!("/links/{id}/payout?policy=contribution-index-v1")).await;
        let page = page.assert_status(200);
        assert!(page.text.contains("The whole pool is unallocated"));
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn an_answer_kept_under_a_key_stays_what_it_was_when_history_goes_on() {
    let app = TestApp::new().await;
    let id = app.file_link(&link(&["PR#1"], "")).await;
    let call = || {
        Call::post(&format!("/api/value-lineage/links/{id}/payout-preview"), BY_INDEX).idempotency_key("k")
    };
    let before = app.send(call()).await;
    keep_changes(&*app.store).await;
    assert_eq!(app.send(call()).await.text, before.text);
    assert_ne!(app.preview(&id, BY_INDEX).await.text, before.text);
}

#[tokio::test]
async fn what_is_rolled_back_is_paid_no_more_until_that_is_undone() {
    let app = TestApp::new().await;
    let branch = keep_changes(&*app.store).await;
    let id = app.file_link(&link(&["PR#1", "PR#2"], "")).await;
    let call = || {
        Call::post(&format!("/api/value-lineage/links/{id}/payout-preview"), BY_INDEX).idempotency_key("k")
    };
    let before = app.send(call()).await;
    let all = ["challenger ann 41.18", "reviewer bob 47.06", "extractor ann 5.88", "extractor rio 5.88"];
    assert_eq!(rows(&before), all);
    let veto = format!(
        r#"{{"unit": "{}", "contributor": "ann", "reason": "It rests on a retracted paper."}}"#,
        branch.units[0].id()
    );
    let veto = app.post(VETOES, &veto).await.assert_status(201).at("id");
    let fresh = app.preview(&id, BY_INDEX).await;
    // .35 for the challenge, .2 for its review and .05 for the claim that came with it, of .6.
    assert_eq!(rows(&fresh), ["challenger ann 58.34", "reviewer bob 33.33", "extractor ann 8.33"]);
    let again = app.send(call()).await;
    assert!(again.is_replayed() && again.text == before.text, "what was answered under a key stays");
    let undoing = r#"{"contributor": "ann", "reason": "The paper was reinstated."}"#;
    app.post(&format!("{VETOES}/{veto}/undo"), undoing).await.assert_status(201);
    assert_eq!(rows(&app.preview(&id, BY_INDEX).await), all);
    let again = app.send(call()).await;
    assert!(again.is_replayed() && again.text == before.text);
    app.assert_verified().await;
}
