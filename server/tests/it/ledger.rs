//! The ledger: one entry for every accepted write, canonical, and none for anything else.

use crate::given::{Call, EVENT, Json, LINK, LINKS, POOL, TestApp, UNKNOWN, link_of_cost};
use domain::input::Node;

const ENTRIES: &str = "SELECT actor || ' ' || action || ' ' || subject FROM ledger_entries ORDER BY id";

async fn entries(app: &TestApp) -> Vec<String> {
    app.database.texts(ENTRIES).await
}

async fn bodies(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT body FROM ledger_entries ORDER BY id").await
}

#[tokio::test]
async fn refusals_replays_reads_and_previews_leave_none() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let events = format!("{LINKS}/{link}/usage-events");
    let keyed = Call::post(LINKS, &link_of_cost("keyed", "1")).idempotency_key("k");
    app.send(keyed.clone()).await.assert_status(201);
    let external = EVENT.replace('}', r#", "external_id": "e"}"#);
    app.append_event(&link, &external).await;
    let before = entries(&app).await;
    assert_eq!(before.len(), 3);
    for call in [
        keyed,
        Call::post(&events, &external),
        Call::post(&events, &external.replace("45.5", "1")),
        Call::post(&events, "{}"),
        Call::post(&format!("{LINKS}/{UNKNOWN}/usage-events"), EVENT),
        Call::post(LINKS, "{}"),
        Call::post(LINKS, "{"),
        Call::post(&format!("{LINKS}/{link}/payout-preview"), POOL),
        Call::post(&format!("{LINKS}/{link}/payout-preview"), POOL).idempotency_key("k"),
        Call::get(LINKS),
        Call::get(&events),
        Call::get(&format!("{LINKS}/{link}/valuation")),
        Call::get("/"),
        Call::form("/links/new", &[("idea_id", "")]),
    ] {
        app.send(call).await;
    }
    assert_eq!(entries(&app).await, before);
}

#[tokio::test]
async fn every_accepted_write_leaves_exactly_one_by_whom_and_of_what() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let event = app.append_event(&link, EVENT).await.at("id");
    let form = [("idea_id", "idea"), ("spec_id", "spec"), ("estimated_cost", "1.50"), ("request_key", "r")];
    let filed = app.send(Call::form("/links/new", &form)).await.assert_status(303);
    let of_form = filed.header("location").expect("a location").trim_start_matches("/links/").to_owned();
    let of_form = of_form.split('?').next().expect("an id").to_owned();
    let form = [("source", "web"), ("metric", "clicks"), ("value", "2"), ("request_key", "r2")];
    app.send(Call::form(&format!("/links/{of_form}/events"), &form)).await.assert_status(303);
    let last = app.events(&of_form).await.at("usage_events[0].id");
    assert_eq!(
        entries(&app).await,
        [
            format!("anonymous file_link {link}"),
            format!("anonymous append_event {event}"),
            format!("anonymous file_link {of_form}"),
            format!("anonymous append_event {last}"),
        ]
    );
    app.assert_verified().await;
}

#[tokio::test]
async fn bodies_are_the_canonical_bytes_of_what_was_written() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    app.append_event(&link, &EVENT.replace('}', r#", "external_id": "é\"\\\u20ac\ud83d\udca7"}"#)).await;
    let bodies = bodies(&app).await;
    insta::assert_snapshot!(bodies.join("\n"));
    for body in &bodies {
        assert_canonical(&Node::from_json(body.as_bytes()).expect("JSON"));
        assert_eq!(*body, crate::given::minified(body), "no white space");
    }
    let (filed, entry) = (app.get(&format!("{LINKS}/{link}")).await, Json::read(&bodies[0]));
    assert_eq!(entry.text("link.id"), filed.at("id"));
    assert_eq!(entry.text("recorded_at"), filed.at("created_at"));
    let ids = app.database.texts("SELECT id || ' ' || recorded_at FROM ledger_entries ORDER BY id").await;
    assert!(ids[0].starts_with("led_") && ids[0].ends_with(" 1771113600000000"), "{}", ids[0]);
    assert!(ids[0].starts_with(&entry.text("id")));
}

/// Members in the order of their UTF-16 code units, and no number that a double could not hold.
fn assert_canonical(node: &Node) {
    match node {
        Node::Object(members) => {
            let names: Vec<Vec<u16>> =
                members.iter().map(|(name, _)| name.encode_utf16().collect()).collect();
            assert!(names.is_sorted(), "{members:?}");
            members.iter().for_each(|(_, node)| assert_canonical(node));
        }
        Node::List(items) => items.iter().for_each(assert_canonical),
        Node::Number(text) => assert!(text.parse::<i64>().is_ok(), "amounts are texts, unlike {text}"),
        _ => {}
    }
}
