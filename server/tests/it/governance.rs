//! Change requests: proposed, voted on, applied or declined, all of it on record.

use crate::given::{CHANGE_REQUESTS, Call, IDEAS, LINK, SPECS, TestApp, link_of_cost, minified};
use std::fmt::Write as _;

fn edit_of(spec: &str, changes: &str, more: &str) -> String {
    format!(r#"{{"kind": "spec", "spec_id": "{spec}", "changes": {changes}, "proposer": "carol"{more}}}"#)
}

async fn propose(app: &TestApp, body: &str) -> String {
    app.post(CHANGE_REQUESTS, body).await.assert_status(201).at("id")
}

#[tokio::test]
async fn what_cannot_be_proposed_is_refused_and_stores_nothing() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    app.register_spec(r#"{"spec_id": "there", "title": "There"}"#).await;
    let unknown = "lnk_01h455vb4pex5vsknk084sn02q";
    let naming = |link: &str, more: &str| {
        format!(
            r#"{{"kind": "link_contributor", "lineage_id": "{link}", "stage": "review", "contributor": "rita",
                "proposer": "carol"{more}}}"#
        )
    };
    let mut shown = String::new();
    for body in [
        "{}".to_owned(),
        naming(unknown, ""),
        naming("lnk_1", ""),
        naming(&link, r#", "required_approvals": 0"#),
        naming(&link, r#", "votes": []"#),
        edit_of("nobody-s", r#"{"title": "x"}"#, ""),
        edit_of("048-value-lineage-and-payout-attribution", r#"{"title": "x"}"#, ""),
        edit_of("there", r#"{"title": "", "potential_value": -1, "branches": [1], "version": 3}"#, ""),
        edit_of("there", "{}", ""),
        r#"{"kind": "idea", "idea_id": "nobody-s", "changes": {"title": "x"}, "proposer": "carol"}"#
            .to_owned(),
    ] {
        let answer = app.refuse(Call::post(CHANGE_REQUESTS, &body)).await.assert_status(422);
        let _ = writeln!(shown, "{}\n{}\n", minified(&body), answer.shown());
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn votes_that_cannot_be_taken_are_refused_and_store_nothing() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let open = app.propose_contributor(&link, "research", "zoe", "Carol").await;
    let more = r#", "required_approvals": 2"#;
    app.register_spec(r#"{"spec_id": "s", "title": "S"}"#).await;
    let voted = propose(&app, &edit_of("s", r#"{"title": "T"}"#, more)).await;
    app.vote(&voted, "Dave", "yes").await.assert_status(201);
    let declined = propose(&app, &edit_of("s", r#"{"title": "U"}"#, "")).await;
    app.vote(&declined, "dave", "no").await.assert_status(201);
    let unknown = "chg_01h455vb4pex5vsknk084sn02q";
    let mut shown = String::new();
    let yes = |voter: &str| format!(r#"{{"voter": "{voter}", "vote": "yes"}}"#);
    for (name, request, body, status) in [
        ("unknown", unknown, yes("dave"), 404),
        ("unknown, and no vote", unknown, "{}".to_owned(), 404),
        ("no id", "chg_1", yes("dave"), 404),
        ("no vote", open.as_str(), "{}".to_owned(), 422),
        ("the proposer", &open, yes("carol"), 403),
        ("the proposer, in capitals", &open, yes("CAROL"), 403),
        ("twice", &voted, yes("DAVE"), 409),
        ("too late", &declined, yes("erin"), 409),
    ] {
        let call = Call::post(&format!("{CHANGE_REQUESTS}/{request}/votes"), &body);
        let answer = app.refuse(call).await.assert_status(status);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    insta::assert_snapshot!(shown);
    let unknown = app.get(&format!("{CHANGE_REQUESTS}/{unknown}")).await.assert_status(404);
    assert_eq!(unknown.text, r#"{"detail":"Change request not found"}"#);
}

#[tokio::test]
async fn a_contributor_that_was_approved_is_paid_from_then_on() {
    let app = TestApp::new().await;
    let link = app.file_link(&link_of_cost("idea", "1").replace("{}", r#"{"idea": "alice"}"#)).await;
    let body = format!(
        r#"{{"kind": "link_contributor", "lineage_id": "{link}", "stage": "review", "contributor": "Rita",
            "proposer": "carol", "title": "Name the reviewer", "reason": "She did it.\nSee PR#26."}}"#
    );
    let proposed = app.post(CHANGE_REQUESTS, &body).await.assert_status(201);
    insta::assert_snapshot!("proposed", proposed.shown());
    let before = app.preview(&link, r#"{"payout_pool": 300}"#).await;
    assert_eq!(before.json().each("payouts", "contributor"), ["alice"]);
    let voted = app.vote(&proposed.at("id"), "dave", "yes").await.assert_status(201);
    insta::assert_snapshot!("approved_and_applied", voted.shown());
    let after = app.preview(&link, r#"{"payout_pool": 300}"#).await;
    assert_eq!(after.json().each("payouts", "contributor"), ["alice", "Rita"]);
    assert_eq!(after.json().each("payouts", "amount"), ["100.0", "200.0"]);
    let kept = app.link(&link).await;
    assert!(kept.at("updated_at") > kept.at("created_at"));
    let found = app.get("/api/value-lineage/links?q=rita").await;
    assert_eq!(found.json().len("links"), 1, "found by the new name");
    let again = app.get(&format!("{CHANGE_REQUESTS}/{}", proposed.at("id"))).await;
    assert_eq!(again.text, voted.text);
    app.assert_verified().await;
}

#[tokio::test]
async fn a_declined_change_never_applies() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "Before"}"#).await;
    let id = propose(&app, &edit_of("s", r#"{"title": "After"}"#, r#", "required_approvals": 2"#)).await;
    for (voter, vote, status) in [("a", "no", "open"), ("b", "yes", "open"), ("c", "no", "declined")] {
        assert_eq!(app.vote(&id, voter, vote).await.assert_status(201).at("status"), status, "{voter}");
    }
    app.vote(&id, "d", "yes").await.assert_status(409);
    let spec = app.get(&format!("{SPECS}/s")).await;
    assert_eq!((spec.at("title"), spec.at("version")), ("Before".into(), "1".into()));
    let request = app.get(&format!("{CHANGE_REQUESTS}/{id}")).await;
    assert_eq!((request.at("applied_result"), request.json().len("votes")), ("Null".into(), 3));
    assert_ne!(request.at("decided_at"), "Null");
    app.assert_verified().await;
}

#[tokio::test]
async fn an_approved_edit_is_made_to_what_is_there_by_then() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "One", "summary": "Old", "potential_value": 5}"#).await;
    app.post(IDEAS, r#"{"idea_id": "i", "title": "Idea"}"#).await.assert_status(201);
    let id = propose(&app, &edit_of("s", r#"{"potential_value": 7.5, "summary": null}"#, "")).await;
    let edit = Call::new("PATCH", &format!("{SPECS}/s")).body(r#"{"title": "Two"}"#);
    app.send(edit.with("content-type", "application/json").with("if-match", "*")).await.assert_status(200);
    let applied = app.vote(&id, "dave", "yes").await.assert_status(201);
    assert_eq!(applied.at("applied_result.changes[0].before"), "Old");
    assert_eq!(applied.at("applied_result.changes[1].before"), "5.0");
    assert_eq!(applied.at("applied_result.changes[1].after"), "7.5");
    assert_eq!(applied.at("applied_result.version"), "3");
    let spec = app.get(&format!("{SPECS}/s")).await;
    assert_eq!(
        (spec.at("title"), spec.at("potential_value"), spec.at("summary")),
        ("Two".into(), "7.5".into(), String::new())
    );
    let of_idea = r#"{"kind": "idea", "idea_id": "i", "changes": {"title": "Better"}, "proposer": "carol"}"#;
    let id = propose(&app, of_idea).await;
    app.vote(&id, "dave", "yes").await.assert_status(201);
    assert_eq!(app.get(&format!("{IDEAS}/i")).await.at("title"), "Better");
    app.assert_verified().await;
}

#[tokio::test]
async fn what_is_gone_by_then_fails_and_says_so() {
    let app = TestApp::new().await;
    let call = Call::post("/api/value-lineage/links", LINK).with("tributary-origin", "gate");
    let filed = app.send(call).await;
    let link = filed.at("id");
    let id = app.propose_contributor(&link, "review", "rita", "carol").await;
    app.database.run(&format!("DELETE FROM links WHERE id = '{link}'")).await;
    let voted = app.vote(&id, "dave", "yes").await.assert_status(201);
    assert_eq!(voted.at("status"), "failed");
    assert_eq!(voted.at("applied_result.summary"), format!("The lineage link {link} is gone"));
}

#[tokio::test]
async fn one_api_key_is_one_voter_whatever_it_calls_itself() {
    let keys = ["a", "b", "c"].map(|name| format!("{name} {}", name.repeat(40))).join("\n");
    let app = TestApp::with_keys(&keys).await;
    let by = |key: &str, path: &str, body: &str| Call::post(path, body).with("x-api-key", &key.repeat(40));
    app.send(by("a", SPECS, r#"{"spec_id": "s", "title": "S"}"#)).await.assert_status(201);
    let body = edit_of("s", r#"{"title": "T"}"#, r#", "required_approvals": 2"#);
    let id = app.send(by("a", CHANGE_REQUESTS, &body)).await.assert_status(201).at("id");
    let votes = format!("{CHANGE_REQUESTS}/{id}/votes");
    let yes = |voter: &str| format!(r#"{{"voter": "{voter}", "vote": "yes"}}"#);
    app.refuse(Call::post(&votes, &yes("dave"))).await.assert_status(401);
    app.refuse(by("a", &votes, &yes("not-carol"))).await.assert_status(403);
    app.send(by("b", &votes, &yes("dave"))).await.assert_status(201);
    app.refuse(by("b", &votes, &yes("erin"))).await.assert_status(409);
    app.refuse(by("c", &votes, &yes("Dave"))).await.assert_status(409);
    let applied = app.send(by("c", &votes, &yes("erin"))).await.assert_status(201);
    assert_eq!((applied.at("status"), applied.at("votes[1].actor")), ("applied".into(), "key:c".into()));
}

#[tokio::test]
async fn a_vote_sent_again_under_its_key_counts_once() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "S"}"#).await;
    let body = edit_of("s", r#"{"title": "T"}"#, r#", "required_approvals": 2"#);
    let keyed = |path: &str, body: &str| Call::post(path, body).idempotency_key("k");
    let first = app.send(keyed(CHANGE_REQUESTS, &body)).await.assert_status(201);
    let again = app.send(keyed(CHANGE_REQUESTS, &body)).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text);
    let votes = format!("{CHANGE_REQUESTS}/{}/votes", first.at("id"));
    let yes = r#"{"voter": "dave", "vote": "yes"}"#;
    let first = app.send(keyed(&votes, yes)).await.assert_status(201);
    let again = app.send(keyed(&votes, yes)).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text);
    assert_eq!(again.json().len("votes"), 1);
    app.send(keyed(&votes, &yes.replace("yes", "no"))).await.assert_status(409);
    app.assert_verified().await;
}

#[tokio::test]
async fn requests_are_listed_newest_first_by_status_and_by_what_they_are_about() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    app.register_spec(r#"{"spec_id": "s", "title": "S"}"#).await;
    let naming = app.propose_contributor(&link, "review", "rita", "carol").await;
    let first = propose(&app, &edit_of("s", r#"{"title": "T"}"#, "")).await;
    let second = propose(&app, &edit_of("s", r#"{"title": "U"}"#, "")).await;
    app.vote(&first, "dave", "no").await.assert_status(201);
    let ids = async |query: &str| {
        let list = app.get(&format!("{CHANGE_REQUESTS}?{query}")).await.assert_status(200);
        list.json().each("change_requests", "id")
    };
    let by_link = format!("lineage_id={link}");
    for (query, found) in [
        ("", vec![&second, &first, &naming]),
        ("status=open", vec![&second, &naming]),
        ("status=applied", vec![]),
        ("spec_id=s", vec![&second, &first]),
        ("spec_id=s&status=declined", vec![&first]),
        ("spec_id=048-value-lineage-and-payout-attribution", vec![&naming]),
        ("idea_id=oss-interface-alignment", vec![&naming]),
        ("idea_id=s", vec![]),
        (by_link.as_str(), vec![&naming]),
    ] {
        assert_eq!(ids(query).await.iter().collect::<Vec<_>>(), found, "{query}");
    }
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    while cursor != "Null" {
        let page = app.get(&format!("{CHANGE_REQUESTS}?limit=1&cursor={cursor}")).await.assert_status(200);
        seen.extend(page.json().each("change_requests", "id"));
        cursor = page.at("next_cursor");
    }
    assert_eq!(seen, [second, first, naming]);
    for query in ["status=done", "lineage_id=x", "spec_id=s&idea_id=i", "sort=x", "limit=0", "spec_id=%00"] {
        app.refuse(Call::get(&format!("{CHANGE_REQUESTS}?{query}"))).await.assert_status(422);
    }
}

#[tokio::test]
async fn all_of_it_is_on_record() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "S", "potential_value": 1}"#).await;
    let id = propose(&app, &edit_of("s", r#"{"potential_value": 2.5}"#, "")).await;
    app.vote(&id, "carol", "yes").await.assert_status(403);
    app.vote(&id, "dave", "yes").await.assert_status(201);
    let ledger = "SELECT action || ' ' || subject || ' ' || body FROM ledger_entries ORDER BY id";
    insta::assert_snapshot!(app.database.texts(ledger).await.join("\n"));
}

/// Edits a spec or idea at whatever version it is.
async fn patch(app: &TestApp, path: &str, body: &str) {
    let call = Call::new("PATCH", path).body(body).with("content-type", "application/json");
    app.send(call.with("if-match", "*")).await.assert_status(200);
}

#[tokio::test]
async fn what_was_changed_since_is_not_written_over_by_a_vote() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "S", "summary": "First."}"#).await;
    let stale = propose(&app, &edit_of("s", r#"{"title": "T", "summary": "Proposed."}"#, "")).await;
    patch(&app, "/api/spec-registry/s", r#"{"summary": "Newer."}"#).await;
    let voted = app.vote(&stale, "dave", "yes").await.assert_status(201);
    assert_eq!(voted.at("status"), "failed", "{}", voted.text);
    assert!(voted.text.contains("summary was changed after this was proposed"), "{}", voted.text);
    let kept = app.get("/api/spec-registry/s").await.assert_status(200);
    assert_eq!((kept.at("title").as_str(), kept.at("summary").as_str()), ("S", "Newer."));
    // Another field's edit stands in nobody's way.
    let beside = propose(&app, &edit_of("s", r#"{"title": "T"}"#, "")).await;
    patch(&app, "/api/spec-registry/s", r#"{"summary": "Newest."}"#).await;
    assert_eq!(app.vote(&beside, "dave", "yes").await.assert_status(201).at("status"), "applied");
    // Nor is a name that was given meanwhile taken away.
    let link = app.file_link(LINK).await;
    let first = app.propose_contributor(&link, "review", "rita", "carol").await;
    let second = app.propose_contributor(&link, "review", "zoe", "carol").await;
    assert_eq!(app.vote(&first, "erin", "yes").await.assert_status(201).at("status"), "applied");
    assert_eq!(app.vote(&second, "erin", "yes").await.assert_status(201).at("status"), "failed");
    assert_eq!(app.link(&link).await.at("contributors.review"), "rita");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_request_for_what_is_so_already_makes_no_version() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "S"}"#).await;
    let request = propose(&app, &edit_of("s", r#"{"title": "S"}"#, "")).await;
    let voted = app.vote(&request, "dave", "yes").await.assert_status(201);
    assert_eq!(voted.at("status"), "applied");
    assert!(voted.text.contains("Changed nothing of the spec s"), "{}", voted.text);
    assert_eq!(app.get("/api/spec-registry/s").await.at("version"), "1");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_long_proposal_is_cut_on_the_page() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "S"}"#).await;
    let long = "word ".repeat(1_900);
    let body = edit_of("s", &format!(r#"{{"summary": "{}"}}"#, long.trim()), "");
    for _ in 0..20 {
        propose(&app, &body).await;
    }
    let page = app.get("/governance/change-requests").await.assert_status(200);
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
}
