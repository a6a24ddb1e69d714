//! What a link's refs lead to, and how its cost is known.

use crate::given::{Branch, Call, LINK, LINKS, TestApp, UNKNOWN};
use domain::contribution::ReadUnit;

/// A link with these refs and this cost.
fn link(refs: &[&str], cost: &str) -> String {
    let refs = serde_json::to_string(refs).expect("JSON");
    format!(
        r#"{{"idea_id":"tides","spec_id":"tides","implementation_refs":{refs},"contributors":{{}},"estimated_cost":{cost}}}"#
    )
}

/// A change of one claim, three lines added and one removed, imported.
async fn imported(app: &TestApp) -> ReadUnit {
    let mut branch = Branch::new("codex");
    let unit = branch.merge("Tides rise", "Ann", "Bob").claim("domains/tides/tides-rise.md", &[]).done();
    branch.keep(&*app.store, 1).await;
    unit
}

#[tokio::test]
async fn a_link_that_is_not_there_has_no_refs() {
    let app = TestApp::new().await;
    app.get(&format!("{LINKS}/{UNKNOWN}/references")).await.assert_status(404);
}

#[tokio::test]
async fn refs_lead_to_what_was_imported_or_say_why_not() {
    let app = TestApp::new().await;
    let unit = imported(&app).await;
    let commit = format!("commit:{}", &unit.sha[..12]);
    let refs = [commit.as_str(), "forgejo:PR#1", "claim:tides-rise", "PR#99", "docs/notes.md"];
    let id = app.post(LINKS, &link(&refs, "0.5")).await.assert_status(201).at("id");
    let answer = app.get(&format!("{LINKS}/{id}/references")).await.assert_status(200);
    insta::assert_snapshot!(answer.shown());
}

#[tokio::test]
async fn what_was_filed_and_what_the_changes_propose_are_both_kept() {
    let app = TestApp::new().await;
    let unit = imported(&app).await;
    let commit = format!("commit:{}", unit.sha);
    // 0.10 + 0.15 for a file + 4 lines at 0.002.
    let of = async |refs: &[&str], cost: &str| {
        let answer = app.post(LINKS, &link(refs, cost)).await.assert_status(201);
        let again = app.get(&format!("{LINKS}/{}", answer.at("id"))).await.assert_status(200);
        let read =
            |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON")["cost"].to_string();
        assert_eq!(read(&answer.text), read(&again.text), "what was answered is what is kept");
        read(&again.text)
    };
    let proposed = of(&[&commit], "0.258").await;
    assert!(
        proposed.contains(r#""evidence":"full_shape""#) && proposed.contains(r#""confidence":0.75"#),
        "{proposed}"
    );
    let overruled = of(&[&commit], "9").await;
    assert!(
        overruled.contains(r#""evidence":"submitted""#) && overruled.contains(r#""cost":0.258"#),
        "{overruled}"
    );
    let receipt = of(&[&commit, "invoice:2026-114"], "9").await;
    assert!(receipt.contains(r#""evidence":"receipt""#) && receipt.contains("2026-114"), "{receipt}");
    assert_eq!(of(&["docs/notes.md"], "9").await, "null");
    assert!(
        !app.post(LINKS, LINK).await.assert_status(201).text.contains("\"cost\""),
        "the contract's own answer stays"
    );
}

#[tokio::test]
async fn somebody_s_payouts_are_of_the_links_that_name_them_by_any_of_their_handles() {
    let app = TestApp::new().await;
    imported(&app).await;
    let of = |who: &str| {
        format!(
            r#"{{"idea_id":"{who}","spec_id":"s","contributors":{{"idea":"{who}","review":"Ann"}},"estimated_cost":1}}"#
        )
    };
    app.post(LINKS, &of("Bob")).await.assert_status(201);
    app.post(LINKS, &of("robert")).await.assert_status(201);
    let paid = async || {
        let profile = app.get("/api/contributors/bob").await.assert_status(200);
        let read: serde_json::Value = serde_json::from_str(&profile.text).expect("JSON");
        let of = |payout: &serde_json::Value| {
            format!("{} {} {}", payout["idea_id"], payout["roles"], payout["share"])
        };
        read["payouts"].as_array().expect("payouts").iter().map(of).collect::<Vec<_>>()
    };
    // An idea weighs 0.1, a review 0.2.
    assert_eq!(paid().await, [r#""Bob" ["idea"] 0.333333333"#]);
    let alias = Call::new("PATCH", "/api/contributors/bob").with("if-match", "*");
    let alias = alias.with("content-type", "application/merge-patch+json").body(r#"{"aliases":["robert"]}"#);
    app.send(alias).await.assert_status(200);
    assert_eq!(paid().await.len(), 2, "an alias's links are theirs");
    let page = app.get("/contributors/bob").await.assert_status(200);
    assert!(page.text.contains("33.33 %"), "{}", page.text);
}

#[tokio::test]
async fn the_overview_tells_who_made_us_better_first() {
    let app = TestApp::new().await;
    app.post(LINKS, LINK).await.assert_status(201);
    assert!(!app.get("/").await.text.contains("Top contributors"), "nothing before a history is imported");
    imported(&app).await;
    let page = app.get("/").await.assert_status(200);
    assert!(
        page.text.contains("Top contributors") && page.text.contains("/contributors/ann"),
        "{}",
        page.text
    );
}
