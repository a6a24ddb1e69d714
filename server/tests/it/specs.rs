//! The registry of specs, as the API gives it.

use crate::given::{Call, EVENT, LINK, LINKS, SECOND_EVENT, SPECS, TestApp, link_of_cost};
use std::fmt::Write as _;

/// The seed's own spec, as whoever wrote it would register it.
const SPEC: &str = r#"{
  "spec_id": "048-value-lineage-and-payout-attribution",
  "title": "Value Lineage and Payout Attribution",
  "summary": "Create a verifiable chain\nfrom idea to payout.",
  "source_files": ["specs/value-lineage-and-payout-attribution.md"],
  "evidence_refs": ["PR#26"],
  "idea_id": "oss-interface-alignment",
  "potential_value": 500.0,
  "estimated_cost": 100.0
}"#;
const PATH: &str = "/api/spec-registry/048-value-lineage-and-payout-attribution";

fn patch(path: &str, tag: &str, body: &str) -> Call {
    Call::new("PATCH", path)
        .body(body)
        .with("content-type", "application/merge-patch+json")
        .with("if-match", tag)
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_and_stores_nothing() {
    let app = TestApp::new().await;
    app.file_link(LINK).await;
    app.register_spec(&SPEC.replace("048-value-lineage-and-payout-attribution", "there")).await;
    let mut shown = String::new();
    let there = format!("{SPECS}/there");
    for (name, call) in [
        ("unknown", Call::get(&format!("{SPECS}/nobody-s"))),
        ("no text", Call::get(&format!("{SPECS}/%FF"))),
        ("control", Call::get(&format!("{SPECS}/a%00b"))),
        ("registered", Call::post(SPECS, r#"{"spec_id": "there", "title": "Other"}"#)),
        ("no slug", Call::post(SPECS, r#"{"spec_id": "Not A Slug", "title": "Other"}"#)),
        ("wrong fields", Call::post(SPECS, r#"{"spec_id": "x", "actual_value": 1, "branches": [""]}"#)),
        ("broken", Call::post(SPECS, "{")),
        ("edit of none", patch(&format!("{SPECS}/nobody-s"), "*", "{}")),
        ("edit of a stub", patch(PATH, "*", "{}")),
        ("no version", Call::new("PATCH", &there).body("{}").with("content-type", "application/json")),
        ("old version", patch(&there, "\"0\"", r#"{"title": "x"}"#)),
        ("weak tag", patch(&there, "W/\"1\"", r#"{"title": "x"}"#)),
        ("no tag", patch(&there, "1", r#"{"title": "x"}"#)),
        ("wrong edit", patch(&there, "*", r#"{"title": null, "spec_id": "y", "potential_value": -1}"#)),
        ("wrong type", patch(&there, "*", "{}").with("content-type", "text/plain")),
        ("deleted", Call::new("DELETE", &there)),
    ] {
        let answer = app.refuse(call).await;
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    insta::assert_snapshot!(shown);
    let missing = app.get(&format!("{SPECS}/nobody-s")).await;
    assert_eq!(missing.text, r#"{"detail":"Spec not found"}"#);
}

#[tokio::test]
async fn a_link_s_spec_is_there_as_a_stub_and_registering_fills_it() {
    let (app, link) = TestApp::seed().await;
    insta::assert_snapshot!("a_stub", app.get(PATH).await.assert_status(200).shown());
    insta::assert_snapshot!("registered", app.register_spec(SPEC).await.shown());
    let answer = app.get(PATH).await.assert_status(200);
    insta::assert_snapshot!("a_registered_spec", answer.shown());
    assert_eq!(answer.at("lineage_ids[0]"), link);
    assert_eq!((answer.at("actual_value"), answer.at("value_gap")), ("100.0".into(), "400.0".into()));
    assert_eq!((answer.at("actual_cost"), answer.at("actual_cost_source")), ("120.0".into(), "links".into()));
    insta::assert_snapshot!("listed", app.get(SPECS).await.shown());
    app.assert_verified().await;
}

#[tokio::test]
async fn an_empty_registry_is_a_list() {
    let app = TestApp::new().await;
    assert_eq!(app.get(SPECS).await.assert_status(200).text, r#"{"specs":[],"next_cursor":null}"#);
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other() {
    let app = TestApp::new().await;
    app.register_spec(SPEC).await;
    let read = app.get(PATH).await;
    let tag = read.header("etag").expect("a tag").to_owned();
    let first = app.send(patch(PATH, &tag, r#"{"title": "First"}"#)).await.assert_status(200);
    assert_eq!((first.at("title"), first.at("version")), ("First".into(), "2".into()));
    let second = app.send(patch(PATH, &tag, r#"{"title": "Second"}"#)).await.assert_status(412);
    assert!(second.at("detail").contains("read it again"), "{}", second.at("detail"));
    let again = app.send(patch(PATH, first.header("etag").expect("a tag"), r#"{"branches": ["b"]}"#)).await;
    assert_eq!(
        again.assert_status(200).at("version"),
        "3",
        "the tag of an edit's answer is good for the next"
    );
    let kept = app.get(PATH).await;
    assert_eq!((kept.at("title"), kept.at("branches[0]")), ("First".into(), "b".into()));
    app.send(patch(PATH, "*", r#"{"title": "Whatever"}"#)).await.assert_status(200);
    app.assert_verified().await;
}

#[tokio::test]
async fn measured_value_makes_old_answers_stale_but_stops_no_editor() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    app.register_spec(SPEC).await;
    let read = app.get(PATH).await;
    let tag = read.header("etag").expect("a tag").to_owned();
    for sent in [tag.as_str(), &format!("\"x\", W/{tag}"), "*"] {
        let same = app.send(Call::get(PATH).with("if-none-match", sent)).await.assert_status(304);
        assert_eq!((same.text.as_str(), same.header("etag")), ("", Some(tag.as_str())), "{sent}");
    }
    app.append_event(&link, EVENT).await;
    let changed = app.send(Call::get(PATH).with("if-none-match", &tag)).await.assert_status(200);
    assert_eq!(changed.at("actual_value"), "45.5");
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
    app.send(patch(PATH, &tag, r#"{"title": "Still mine"}"#)).await.assert_status(200);
}

#[tokio::test]
async fn null_empties_a_field_and_what_is_not_named_stays() {
    let app = TestApp::new().await;
    app.register_spec(SPEC).await;
    let edit = r#"{"summary": null, "idea_id": null, "source_files": null, "actual_cost": 7, "potential_value": null}"#;
    app.send(patch(PATH, "*", edit)).await.assert_status(200);
    let kept = app.get(PATH).await;
    assert_eq!((kept.at("summary"), kept.at("idea_id")), (String::new(), "Null".into()));
    assert_eq!((kept.json().len("source_files"), kept.at("evidence_refs[0]")), (0, "PR#26".into()));
    assert_eq!((kept.at("actual_cost"), kept.at("actual_cost_source")), ("7.0".into(), "given".into()));
    assert_eq!((kept.at("cost_gap"), kept.at("estimated_roi")), ("-93.0".into(), "0.0".into()));
    let nothing = app.send(patch(PATH, "\"2\"", r#"{"actual_cost": 7.0}"#)).await.assert_status(200);
    assert_eq!(nothing.at("version"), "2", "what changes nothing makes no version");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_spec_of_any_name_is_found_by_its_address() {
    let app = TestApp::new().await;
    for (id, path) in [("a/b c", "a%2Fb%20c"), ("Ünï?#&", "%C3%9Cn%C3%AF%3F%23%26"), ("100%", "100%25")] {
        let body =
            format!(r#"{{"idea_id": "i", "spec_id": "{id}", "contributors": {{}}, "estimated_cost": 1}}"#);
        app.file_link(&body).await;
        let found = app.get(&format!("{SPECS}/{path}")).await.assert_status(200);
        assert_eq!(found.at("spec_id"), id);
        let action = found.at("missing[0].action.href");
        assert_eq!(action, SPECS, "it can be registered as it is named");
        app.register_spec(&format!(r#"{{"spec_id": "{id}", "title": "T"}}"#)).await;
        let found = app.get(&format!("{SPECS}/{path}")).await.assert_status(200);
        assert_eq!(found.at("missing[1].action.href"), format!("{SPECS}/{path}"), "{}", found.shown());
    }
}

#[tokio::test]
async fn registering_again_under_a_key_answers_the_first() {
    let app = TestApp::new().await;
    let keyed = |body: &str| Call::post(SPECS, body).idempotency_key("k");
    let first = app.send(keyed(SPEC)).await.assert_status(201);
    app.send(patch(PATH, "*", r#"{"title": "Edited"}"#)).await.assert_status(200);
    let again = app.send(keyed(&SPEC.replace("500.0", "500"))).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text, "{}", again.shown());
    app.send(keyed(&SPEC.replace("500.0", "501"))).await.assert_status(409);
    assert_eq!(app.get(PATH).await.at("title"), "Edited");
}

#[tokio::test]
async fn writing_asks_for_a_key_where_there_are_keys_and_reading_does_not() {
    let app = TestApp::with_keys(&format!("ci {}", "x".repeat(40))).await;
    app.refuse(Call::post(SPECS, SPEC)).await.assert_status(401);
    let with_key = |call: Call| call.with("x-api-key", &"x".repeat(40));
    app.send(with_key(Call::post(SPECS, SPEC))).await.assert_status(201);
    app.refuse(patch(PATH, "*", r#"{"title": "x"}"#)).await.assert_status(401);
    app.send(with_key(patch(PATH, "*", r#"{"title": "x"}"#))).await.assert_status(200);
    app.get(PATH).await.assert_status(200);
    let ledger = "SELECT actor || ' ' || action || ' ' || subject FROM ledger_entries ORDER BY id";
    let subject = "spec:048-value-lineage-and-payout-attribution";
    let expected = [format!("key:ci register_spec {subject}"), format!("key:ci edit_spec {subject}")];
    assert_eq!(app.database.texts(ledger).await, expected);
}

#[tokio::test]
async fn lists_are_sorted_filtered_searched_and_paged() {
    let app = TestApp::new().await;
    for (id, potential, cost, value) in [("a", 10, 1, 4), ("b", 100, 50, 20), ("c", 5, 5, 30), ("d", 0, 0, 0)]
    {
        let body = format!(
            r#"{{"spec_id": "{id}", "title": "Spec {id}", "potential_value": {potential}, "estimated_cost": {cost},
                "summary": "About the {id}-Team"}}"#
        );
        app.register_spec(&body).await;
        let link = link_of_cost("idea", "10").replace("\"spec\"", &format!("\"{id}\""));
        let named = link.replace("{}", r#"{"review": "dave"}"#);
        let link = app.file_link(if id < "c" { &named } else { &link }).await;
        app.append_value(&link, &value.to_string()).await;
    }
    let ids = async |query: &str| {
        let list = app.get(&format!("{SPECS}?{query}")).await.assert_status(200);
        list.json().each("specs", "spec_id").concat()
    };
    for (query, found) in [
        ("", "dcba"),
        ("sort=value_gap", "badc"),
        ("sort=cost_gap", "dacb"),
        ("sort=estimated_roi", "abcd"),
        ("sort=actual_roi", "cbad"),
        ("sort=potential_value&order=asc", "dcab"),
        ("sort=actual_value", "cbad"),
        ("missing=contributors", "dc"),
        ("q=SPEC+b-team", "b"),
        ("q=c-team", "c"),
        ("q=idea", ""),
    ]
    .map(|(query, found)| (query, found.to_owned()))
    {
        assert_eq!(ids(query).await, found, "{query}");
    }
    let first = app.get(&format!("{SPECS}?sort=actual_value&limit=3")).await;
    let cursor = first.at("next_cursor");
    assert_eq!(ids(&format!("sort=actual_value&limit=3&cursor={cursor}")).await, "d");
    for query in ["sort=title", "missing=all", "limit=0", "cursor=x", "order=up", "page=1", "q=%00"] {
        app.refuse(Call::get(&format!("{SPECS}?{query}"))).await.assert_status(422);
    }
}

/// Links of one spec, the oldest of nobody's, the one after it by an odd name, the others by `dave`.
async fn spec_of_many_links(app: &TestApp, count: usize) -> Vec<String> {
    let link = link_of_cost("idea", "1");
    let invested = r#"{}, "investments": [{"stage": "research", "contributor": "ünï", "energy_units": 1}]"#;
    let mut ids = vec![app.file_link(&link).await, app.file_link(&link.replace("{}", invested)).await];
    for _ in 2..count {
        ids.push(app.file_link(&link.replace("{}", r#"{"review": "dave"}"#)).await);
    }
    ids
}

#[tokio::test]
async fn people_and_ids_are_of_all_links_however_old() {
    let app = TestApp::new().await;
    let mut ids = spec_of_many_links(&app, 60).await;
    ids.reverse();
    for path in [format!("{SPECS}/spec"), "/api/ideas/idea".into()] {
        let answer = app.get(&path).await.assert_status(200);
        assert_eq!(answer.at("contributors.review[0]"), "dave");
        assert_eq!(answer.at("contributors.research[0]"), "ünï", "as an old link says by an investment");
        assert_eq!((answer.json().len("contributors.review"), answer.json().len("links")), (1, 50));
        assert_eq!(answer.at("link_count"), "60");
    }
    let spec = app.get(&format!("{SPECS}/spec")).await;
    let listed: Vec<String> = (0..60).map(|at| spec.at(&format!("lineage_ids[{at}]"))).collect();
    assert_eq!((listed, spec.json().len("lineage_ids")), (ids.clone(), 60));
    // The one that names nobody is the oldest: it is offered before all others, and gone once it names somebody.
    let page = app.get("/specs/spec").await.text;
    let oldest = ids.last().expect("the oldest");
    let offered: Vec<&str> = page.split("<option value=\"lnk_").skip(1).map(|rest| &rest[..26]).collect();
    assert_eq!((offered.len(), format!("lnk_{}", offered[0])), (50, oldest.clone()));
    assert!(page.contains("/links?spec_id=spec"), "the way to all links");
    let request = app.propose_contributor(oldest, "idea", "erin", "carol").await;
    app.vote(&request, "dave", "yes").await.assert_status(201);
    let spec = app.get(&format!("{SPECS}/spec")).await;
    assert!(!spec.json().each("missing", "kind").contains(&"contributor_linkage".to_owned()));
    assert!(!app.get("/specs/spec").await.text.contains("Nobody is named yet"));
}

#[tokio::test]
async fn more_ids_than_a_spec_tells_of_are_in_the_list_of_its_links() {
    let app = TestApp::new().await;
    let ids = spec_of_many_links(&app, 503).await;
    let spec = app.get(&format!("{SPECS}/spec")).await;
    assert_eq!((spec.json().len("lineage_ids"), spec.at("link_count")), (500, "503".into()));
    assert_eq!(spec.at("contributors.research[0]"), "ünï");
    app.file_link(&link_of_cost("idea", "1").replace("\"spec\"", "\"other\"")).await;
    let list = async |query: &str| app.get(&format!("{LINKS}?{query}")).await.assert_status(200);
    let first = list("spec_id=spec&limit=500").await;
    let rest = list(&format!("spec_id=spec&limit=500&cursor={}", first.at("next_cursor"))).await;
    let mut all = [first.json().each("links", "id"), rest.json().each("links", "id")].concat();
    all.reverse();
    assert_eq!(all, ids);
    assert_eq!(rest.at("next_cursor"), "Null");
    for (query, count) in [
        ("spec_id=spec&q=DAVE&limit=500&order=asc", 500),
        ("idea_id=idea&spec_id=other", 1),
        ("idea_id=other&spec_id=spec", 0),
        ("spec_id=nobody-s&sort=created", 0),
    ] {
        assert_eq!(list(query).await.json().len("links"), count, "{query}");
    }
    assert_eq!(list("idea_id=idea&order=asc&limit=1").await.at("links[0].id"), ids[0]);
    for query in ["spec_id=spec&sort=value", "idea_id=idea&origin=gate", "spec_id=%00"] {
        app.refuse(Call::get(&format!("{LINKS}?{query}"))).await.assert_status(422);
    }
    let page = app.get("/links?spec_id=spec&limit=2").await.assert_status(200).text;
    assert!(
        page.contains("Links of spec spec") && page.contains("spec_id=spec&amp;limit=2&amp;cursor="),
        "{page}"
    );
}

#[tokio::test]
async fn what_is_missing_goes_away_by_doing_what_it_says() {
    let app = TestApp::new().await;
    let link = app.file_link(&link_of_cost("idea", "1")).await;
    let kinds = async || app.get(&format!("{SPECS}/spec")).await.json().each("missing", "kind");
    let all = ["registration", "contributor_linkage", "implementation", "evidence", "value_signal"];
    assert_eq!(kinds().await, all);
    app.register_spec(r#"{"spec_id": "spec", "title": "Spec"}"#).await;
    assert_eq!(kinds().await, all[1..]);
    let request = app.propose_contributor(&link, "review", "dave", "carol").await;
    assert_eq!(app.vote(&request, "erin", "yes").await.assert_status(201).at("status"), "applied");
    assert_eq!(kinds().await, all[2..]);
    let edit = r#"{"implementation_refs": ["PR#1"], "evidence_refs": ["PR#2"]}"#;
    app.send(patch(&format!("{SPECS}/spec"), "*", edit)).await.assert_status(200);
    assert_eq!(kinds().await, all[4..]);
    app.append_event(&link, SECOND_EVENT).await;
    assert_eq!(kinds().await, [""; 0]);
    let spec = app.get(&format!("{SPECS}/spec")).await;
    assert_eq!(spec.at("contributors.review[0]"), "dave");
    assert_eq!(app.post(LINKS, "{}").await.status, 422);
    app.assert_verified().await;
}

#[tokio::test]
async fn the_example_in_the_documentation_is_registered_and_shown() {
    let app = TestApp::new().await;
    let example = include_str!("../../../docs/examples/spec.json");
    let answer = app.post(SPECS, example).await.assert_status(201);
    let id = answer.at("spec_id");
    let page = app.get(&format!("/specs/{id}")).await.assert_status(200);
    for shown in ["<h1>Value Lineage and Payout Attribution</h1>", "oss-interface-alignment", "500", "250"] {
        assert!(page.text.contains(shown), "{shown}");
    }
}
