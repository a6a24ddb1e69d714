//! The pages' forms, as a browser without JavaScript sends them: status, place and what was typed.

use crate::given::{Answer, Call, LINK, TestApp, UNKNOWN};

/// A whole link, as it is typed.
const TYPED: [(&str, &str); 12] = [
    ("idea_id", "oss-interface-alignment"),
    ("spec_id", " 048-value-lineage "),
    ("implementation_refs", "PR#26\r\n\r\ncommit:e616516"),
    ("contributors.idea", "alice"),
    ("contributors.review", ""),
    ("investments[0].stage", "research"),
    ("investments[0].contributor", "rita"),
    ("investments[0].energy_units", "3"),
    ("investments[0].coherence_score", "0.9"),
    ("investments[0].friction_score", ""),
    ("estimated_cost", "120.50"),
    ("request_key", "once"),
];

/// The same form with some fields typed otherwise.
fn typed(other: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = TYPED.to_vec();
    for (name, value) in other {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn send_link(app: &TestApp, other: &[(&'static str, &'static str)]) -> Answer {
    app.send(Call::form("/links/new", &typed(other))).await
}

/// The link that an answer leads to.
fn link_of(answer: &Answer) -> String {
    let location = answer.header("location").expect("a location");
    let rest = location.strip_prefix("/links/").expect("a link's page");
    rest.split(['?', '#']).next().expect("an id").to_owned()
}

#[tokio::test]
async fn a_form_that_cannot_be_taken_is_shown_again_as_it_was_typed() {
    let app = TestApp::new().await;
    let form = Call::form(
        "/links/new",
        &typed(&[("estimated_cost", "twelve <b>dozen</b>"), ("investments[0].energy_units", "-3.25")]),
    );
    let answer = app.refuse(form).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    for kept in ["oss-interface-alignment", "048-value-lineage", "commit:e616516", "alice", "rita", "-3.25"] {
        assert!(answer.text.contains(kept), "{kept} is kept");
    }
    assert!(answer.text.contains("must not be negative"), "what is wrong is said");
    assert!(!answer.text.contains("<b>dozen"), "what was typed is text, and never markup");
    assert!(answer.text.contains("twelve"));
    let empty = app.refuse(Call::form("/links/new", &[])).await;
    assert_eq!(empty.status, 422);
}

#[tokio::test]
async fn a_link_is_filed_and_its_page_shown() {
    let app = TestApp::new().await;
    let answer = send_link(&app, &[]).await.assert_status(303);
    assert!(answer.header("location").expect("a location").ends_with("?done=filed"));
    let link = app.link(&link_of(&answer)).await;
    assert_eq!(link.at("spec_id"), "048-value-lineage");
    assert_eq!(link.at("implementation_refs[1]"), "commit:e616516");
    assert_eq!(link.at("estimated_cost"), "120.5");
    assert_eq!(link.at("investments[0].energy_units"), "3.0");
    assert_eq!(link.at("investments[0].friction_score"), "0.5", "blank is absent");
    assert_eq!(link.at("contributors.review"), "Null");
    let page = app.get(answer.header("location").expect("a location")).await.assert_status(200);
    assert!(page.text.contains("oss-interface-alignment"));
}

#[tokio::test]
async fn rows_are_added_and_removed_without_javascript() {
    let app = TestApp::new().await;
    let added = send_link(&app, &[("add_investment", "1")]).await.assert_status(200);
    assert!(added.text.contains("investments[1].contributor"), "a second row");
    assert!(
        added.text.contains("rita") && added.text.contains("oss-interface-alignment"),
        "what was typed is kept"
    );
    let removed = send_link(&app, &[("remove_investment", "0")]).await.assert_status(200);
    assert!(!removed.text.contains("rita"), "the row is gone");
    assert!(removed.text.contains("oss-interface-alignment"));
    let far = send_link(&app, &[("remove_investment", "99")]).await.assert_status(200);
    assert!(far.text.contains("rita"), "no such row, and no harm");
    assert_eq!(app.count("links").await, 0);
}

#[tokio::test]
async fn the_same_form_sent_twice_files_one_link() {
    let app = TestApp::new().await;
    let first = send_link(&app, &[]).await.assert_status(303);
    let again = send_link(&app, &[]).await.assert_status(303);
    assert_eq!(link_of(&first), link_of(&again));
    assert_eq!(app.count("links").await, 1);
    let other = app.refuse(Call::form("/links/new", &typed(&[("estimated_cost", "7")]))).await;
    assert_eq!(other.status, 409, "the same page's key with other content");
    let fresh = send_link(&app, &[("request_key", "another")]).await.assert_status(303);
    assert_ne!(link_of(&first), link_of(&fresh));
    app.assert_verified().await;
}

#[tokio::test]
async fn an_event_is_appended_once_and_shown_again_where_it_cannot_be_taken() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let path = format!("/links/{link}/events");
    let event =
        |value| [("source", "meter-7"), ("metric", "clicks"), ("value", value), ("request_key", "once")];
    for _ in 0..2 {
        let answer = app.send(Call::form(&path, &event("45.5"))).await.assert_status(303);
        assert_eq!(answer.header("location"), Some(format!("/links/{link}?done=appended#events").as_str()));
    }
    app.assert_valued(&link, "45.5", 1).await;
    let refused = app.refuse(Call::form(&path, &event("-1"))).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("meter-7") && refused.text.contains("must not be negative"));
    for id in [UNKNOWN, "lnk_123", "nothing"] {
        let answer = app.refuse(Call::form(&format!("/links/{id}/events"), &event("1"))).await;
        assert_eq!(answer.status, 404, "{id}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    }
    app.assert_verified().await;
}

#[tokio::test]
async fn what_is_no_form_is_refused_as_a_page() {
    let app = TestApp::new().await;
    let form = Call::form("/links/new", &TYPED);
    let large = Call::form("/links/new", &[("idea_id", &"x".repeat(1024 * 1024))]);
    for (call, status) in [
        (form.clone().with("content-type", "application/json"), 415),
        (form.clone().with("content-type", "multipart/form-data; boundary=x"), 415),
        (form.without("content-type"), 415),
        (large, 413),
        (Call::new("PUT", "/links/new"), 405),
        (Call::new("DELETE", "/"), 405),
        (Call::form("/links", &[]), 405),
        (Call::get("/nowhere"), 404),
        (Call::get(&format!("/links/{UNKNOWN}")), 404),
        (Call::get("/links/lnk_123"), 404),
        (Call::get(&format!("/links/{UNKNOWN}/payout")), 404),
    ] {
        let answer = app.refuse(call).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{status}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{status} {}", answer.text);
    }
}

#[tokio::test]
async fn every_page_answers() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    app.append_value(&link, "45.5").await;
    for path in [
        "/",
        "/links",
        "/links?q=oss&sort=roi&order=asc&limit=1",
        "/links/new",
        "/sign-in",
        "/gates",
        "/specs",
        "/specs?q=oss&missing=contributors&sort=value_gap&order=asc&limit=1",
        "/specs/new",
        "/specs/048-value-lineage-and-payout-attribution",
        "/ideas/oss-interface-alignment",
        "/governance/change-requests",
        "/governance/change-requests?status=open",
        &format!("/links/{link}"),
        &format!("/links/{link}/payout"),
        &format!("/links/{link}/payout?payout_pool=1000&policy=energy-linear-v1&currency=EUR"),
    ] {
        let page = app.get(path).await.assert_status(200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(page.text.starts_with("<!DOCTYPE html>") && page.text.contains("</html>"), "{path} is whole");
    }
}
