//! Ideas, as the API gives them.

use crate::given::{Call, IDEAS, LINK, SPECS, TestApp, link_of_cost};
use std::fmt::Write as _;

const IDEA: &str =
    r#"{"idea_id": "oss-interface-alignment", "title": "Align our interfaces", "summary": "Why\nnot?"}"#;
const PATH: &str = "/api/ideas/oss-interface-alignment";

fn patch(tag: &str, body: &str) -> Call {
    Call::new("PATCH", PATH).body(body).with("content-type", "application/json").with("if-match", tag)
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_and_stores_nothing() {
    let app = TestApp::new().await;
    app.file_link(LINK).await;
    let mut shown = String::new();
    for (name, call) in [
        ("unknown", Call::get(&format!("{IDEAS}/nobody-s"))),
        ("wrong fields", Call::post(IDEAS, r#"{"idea_id": "x", "summary": 1, "potential_value": 2}"#)),
        ("no slug", Call::post(IDEAS, r#"{"idea_id": "X Y", "title": "T"}"#)),
        ("edit of a stub", patch("*", r#"{"title": "x"}"#)),
        ("sorted", Call::get(&format!("{IDEAS}?sort=value"))),
    ] {
        let _ = writeln!(shown, "── {name}\n{}\n", app.refuse(call).await.shown());
    }
    app.post(IDEAS, IDEA).await.assert_status(201);
    for (name, call) in [
        ("registered", Call::post(IDEAS, IDEA)),
        ("old version", patch("\"7\"", r#"{"title": "x"}"#)),
        ("no version", Call::new("PATCH", PATH).body("{}").with("content-type", "application/json")),
        ("wrong edit", patch("*", r#"{"title": null, "idea_id": "y"}"#)),
    ] {
        let _ = writeln!(shown, "── {name}\n{}\n", app.refuse(call).await.shown());
    }
    insta::assert_snapshot!(shown);
    assert_eq!(app.get(&format!("{IDEAS}/nobody-s")).await.text, r#"{"detail":"Idea not found"}"#);
}

#[tokio::test]
async fn an_idea_has_its_specs_its_links_and_their_totals() {
    let (app, link) = TestApp::seed().await;
    insta::assert_snapshot!("an_idea_that_only_a_link_names", app.get(PATH).await.assert_status(200).shown());
    let other = link_of_cost("oss-interface-alignment", "30").replace("\"spec\"", "\"second-spec\"");
    let second = app.file_link(&other).await;
    app.register_spec(r#"{"spec_id": "a-third", "title": "T", "idea_id": "oss-interface-alignment"}"#).await;
    insta::assert_snapshot!("an_idea_registered", app.post(IDEAS, IDEA).await.shown());
    let idea = app.get(PATH).await.assert_status(200);
    assert_eq!(
        (idea.at("registered"), idea.at("title")),
        ("Bool(true)".into(), "Align our interfaces".into())
    );
    assert_eq!((idea.at("link_count"), idea.at("spec_count")), ("2".into(), "3".into()));
    assert_eq!((idea.at("actual_value"), idea.at("actual_cost")), ("100.0".into(), "150.0".into()));
    assert_eq!(idea.at("actual_roi"), "0.6667");
    assert_eq!(idea.json().each("links", "lineage_id"), [second, link]);
    let specs = ["048-value-lineage-and-payout-attribution", "a-third", "second-spec"];
    assert_eq!(idea.json().each("specs", "spec_id"), specs);
    app.assert_verified().await;
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other() {
    let app = TestApp::new().await;
    app.post(IDEAS, IDEA).await.assert_status(201);
    let tag = app.get(PATH).await.header("etag").expect("a tag").to_owned();
    app.send(Call::get(PATH).with("if-none-match", &tag)).await.assert_status(304);
    let edited = app.send(patch(&tag, r#"{"summary": null}"#)).await.assert_status(200);
    assert_eq!((edited.at("version"), edited.at("summary")), ("2".into(), String::new()));
    app.send(patch(&tag, r#"{"title": "Mine"}"#)).await.assert_status(412);
    assert_eq!(app.get(PATH).await.at("title"), "Align our interfaces");
    app.assert_verified().await;
}

#[tokio::test]
async fn ideas_are_listed_last_edited_first() {
    let app = TestApp::new().await;
    for at in 0..5 {
        app.file_link(&link_of_cost(&format!("idea-{at}"), "2")).await;
    }
    app.post(IDEAS, r#"{"idea_id": "idea-1", "title": "Known"}"#).await.assert_status(201);
    app.post(SPECS, r#"{"spec_id": "s", "title": "S", "idea_id": "of-a-spec"}"#).await.assert_status(201);
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    while cursor != "Null" {
        let page = app.get(&format!("{IDEAS}?limit=4&cursor={cursor}")).await.assert_status(200);
        seen.extend(page.json().each("ideas", "idea_id"));
        cursor = page.at("next_cursor");
    }
    assert_eq!(seen, ["of-a-spec", "idea-1", "idea-4", "idea-3", "idea-2", "idea-0"]);
    let found = app.get(&format!("{IDEAS}?q=KNOWN")).await;
    assert_eq!(found.json().each("ideas", "idea_id"), ["idea-1"]);
    assert_eq!(found.at("ideas[0].actual_cost"), "2.0");
}

#[tokio::test]
async fn registering_again_under_a_key_answers_the_first() {
    let app = TestApp::new().await;
    let keyed = |body: &str| Call::post(IDEAS, body).idempotency_key("k");
    let first = app.send(keyed(IDEA)).await.assert_status(201);
    let again = app.send(keyed(IDEA)).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text);
    app.send(keyed(&IDEA.replace("Align", "Unalign"))).await.assert_status(409);
}

#[tokio::test]
async fn an_idea_has_the_specs_that_its_links_name_whosever_else_they_are() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "s", "title": "S", "idea_id": "first"}"#).await;
    let body = r#"{"idea_id": "second", "spec_id": "s", "contributors": {}, "estimated_cost": 1}"#;
    for _ in 0..2 {
        app.file_link(body).await;
    }
    for idea in ["first", "second"] {
        let found = app.get(&format!("/api/ideas/{idea}")).await.assert_status(200);
        assert_eq!(
            (found.at("spec_count").as_str(), found.at("specs[0].spec_id").as_str()),
            ("1", "s"),
            "{idea}"
        );
    }
}

#[tokio::test]
async fn no_spec_is_called_as_the_page_on_which_they_are_registered() {
    let app = TestApp::new().await;
    app.refuse(Call::post("/api/spec-registry", r#"{"spec_id": "new", "title": "N"}"#)).await;
}
