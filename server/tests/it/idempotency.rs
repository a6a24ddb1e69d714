//! Sent twice is done once: by `Idempotency-Key` on every POST, and by `external_id` on events.

use crate::given::{Answer, Call, EVENT, LINK, LINKS, POOL, TestApp, UNKNOWN, link_of_cost};
use std::sync::Arc;
use tokio::task::JoinSet;

const ALICE: &str = "alice-has-a-secret-of-many-characters";
const BOB: &str = "bob-has-another-secret-of-many-characters";

fn event(value: &str, external_id: &str) -> String {
    format!(r#"{{"source": "api", "metric": "calls", "value": {value}, "external_id": "{external_id}"}}"#)
}

fn events_of(link: &str) -> String {
    format!("{LINKS}/{link}/usage-events")
}

/// The three POSTs, with content, the same content in other words, and other content.
fn posts(link: &str) -> [(String, &'static str, String, &'static str); 3] {
    [
        (
            LINKS.into(),
            LINK,
            LINK.replace("120.0", "1.2e2").replace('\n', " "),
            r#"{"idea_id": "other", "spec_id":
            "s", "contributors": {}, "estimated_cost": 1}"#,
        ),
        (
            events_of(link),
            EVENT,
            EVENT.replace("45.5", "45.50"),
            r#"{"source": "api", "metric": "m", "value": 1}"#,
        ),
        (
            format!("{LINKS}/{link}/payout-preview"),
            POOL,
            r#"{"payout_pool":1000,"policy":"energy-balanced-v1"}"#.into(),
            r#"{"payout_pool": 1000.0, "currency": "EUR"}"#,
        ),
    ]
}

/// Sends a call from many tasks at once; all answers.
async fn at_once(app: &Arc<TestApp>, calls: Vec<Call>) -> Vec<Answer> {
    let mut tasks = JoinSet::new();
    for call in calls {
        let app = app.clone();
        tasks.spawn(async move { app.send(call).await });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_key_used_for_other_content_is_a_409() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    for (path, content, _, other) in posts(&link) {
        let first = app.send(Call::post(&path, content).idempotency_key("k")).await;
        assert!(first.status.is_success(), "{}", first.shown());
        let conflict = app.refuse(Call::post(&path, other).idempotency_key("k")).await;
        assert_eq!(conflict.status, 409, "{path}");
        insta::allow_duplicates! { insta::assert_snapshot!(conflict.text) };
    }
}

#[tokio::test]
async fn keys_that_are_none_are_a_422() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    for (path, content, _, _) in posts(&link) {
        for key in ["", &"k".repeat(256), "ключ", "tab\there"] {
            let answer = app.refuse(Call::post(&path, content).idempotency_key(key)).await;
            assert_eq!(
                (answer.status.as_u16(), answer.at("errors[0].field")),
                (422, "Idempotency-Key".into()),
                "{key}"
            );
        }
        assert!(
            app.send(Call::post(&path, content).idempotency_key(&"k".repeat(255))).await.status.is_success()
        );
    }
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    for (path, content, _, _) in posts(&link) {
        for wrong in ["{}", "{", "[]"] {
            app.refuse(Call::post(&path, wrong).idempotency_key("again")).await;
        }
        let answer = app.send(Call::post(&path, content).idempotency_key("again")).await;
        assert!(answer.status.is_success() && !answer.is_replayed(), "{}", answer.shown());
    }
    let missing = Call::post(&events_of(UNKNOWN), EVENT).idempotency_key("missing");
    assert_eq!(app.refuse(missing.clone()).await.status, 404);
    assert_eq!(app.refuse(missing).await.status, 404);
    // A key whose external_id was refused is free as well.
    app.append_event(&link, &event("1", "mine")).await;
    let conflict = Call::post(&events_of(&link), &event("2", "mine")).idempotency_key("fresh");
    assert_eq!(app.refuse(conflict).await.status, 409);
    let other = Call::post(&events_of(&link), &event("2", "other")).idempotency_key("fresh");
    assert_eq!(app.send(other).await.status, 201);
}

#[tokio::test]
async fn the_same_content_gets_the_same_answer_however_it_is_written() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    for (path, content, rewritten, _) in posts(&link) {
        let first = app.send(Call::post(&path, content).idempotency_key("k")).await;
        assert!(!first.is_replayed());
        let before = app.database.dump().await;
        for again in [content, &rewritten] {
            let again = app.send(Call::post(&path, again).idempotency_key("k")).await;
            assert_eq!((again.status, &again.text), (first.status, &first.text));
            assert!(again.is_replayed(), "{path}");
        }
        assert_eq!(app.database.dump().await, before, "a replay stores nothing, not even in the ledger");
    }
    app.assert_valued(&link, "45.5", 1).await;
    app.assert_verified().await;
}

#[tokio::test]
async fn a_kept_preview_is_answered_again_though_events_came_since() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let call = Call::post(&format!("{LINKS}/{link}/payout-preview"), POOL);
    let first = app.send(call.clone().idempotency_key("k")).await;
    app.append_event(&link, EVENT).await;
    assert_eq!(app.send(call.clone().idempotency_key("k")).await.text, first.text);
    assert_ne!(app.send(call).await.text, first.text);
}

#[tokio::test]
async fn a_key_is_another_on_another_route_and_for_another_actor() {
    let app = TestApp::with_keys(&format!("alice {ALICE}\nbob {BOB}")).await;
    let call = Call::post(LINKS, LINK).idempotency_key("k");
    let by = |call: &Call, secret: &str| call.clone().with("x-api-key", secret);
    let alice = app.send(by(&call, ALICE)).await.assert_status(201);
    let bob = app.send(by(&call, BOB)).await.assert_status(201);
    assert_ne!(alice.at("id"), bob.at("id"), "each has a link of their own");
    assert!(app.send(by(&call, ALICE)).await.is_replayed());
    for link in [alice.at("id"), bob.at("id")] {
        let event = Call::post(&events_of(&link), EVENT).idempotency_key("k");
        let appended = app.send(by(&event, ALICE)).await.assert_status(201);
        assert!(!appended.is_replayed(), "the key is another on another link's route");
        let preview = Call::post(&format!("{LINKS}/{link}/payout-preview"), POOL).idempotency_key("k");
        assert!(!app.send(by(&preview, ALICE)).await.assert_status(200).is_replayed());
    }
    assert_eq!((app.count("links").await, app.count("usage_events").await), (2, 2));
}

#[tokio::test]
async fn an_external_id_sent_again_answers_the_first_event() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let first = app.append_event(&link, &event("45.5", "meter-1")).await;
    let again = app.append_event(&link, &event("45.500", "meter-1")).await;
    assert_eq!(again.text, first.text);
    assert!(again.is_replayed() && !first.is_replayed());
    let conflict = app.refuse(Call::post(&events_of(&link), &event("45.6", "meter-1"))).await;
    insta::assert_snapshot!(conflict.shown());
    let timed = event("45.5", "meter-1").replace('}', r#", "captured_at": "2026-02-14T00:00:00Z"}"#);
    assert_eq!(
        app.refuse(Call::post(&events_of(&link), &timed)).await.status,
        409,
        "a time of its own is content"
    );
    let same_time = timed.replace("2026-02-14T00:00:00Z", &first.at("captured_at"));
    assert!(app.append_event(&link, &same_time).await.is_replayed(), "the very time that was kept is not");
    let other = app.file_link(LINK).await;
    assert!(!app.append_event(&other, &event("1", "meter-1")).await.is_replayed(), "ids are a link's own");
    app.append_event(&link, &event("1", &"x".repeat(128))).await;
    let long = app.refuse(Call::post(&events_of(&link), &event("1", &"x".repeat(129)))).await;
    assert_eq!(long.at("errors[0].field"), "external_id");
    app.assert_valued(&link, "46.5", 2).await;
    app.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_duplicates_at_once_are_one() {
    let app = Arc::new(TestApp::new().await);
    let link = app.file_link(LINK).await;
    let filed = app.count("links").await;
    for call in [
        Call::post(LINKS, LINK).idempotency_key("storm"),
        Call::post(&events_of(&link), EVENT).idempotency_key("storm"),
        Call::post(&events_of(&link), &event("54.5", "storm")),
        Call::post(&format!("{LINKS}/{link}/payout-preview"), POOL).idempotency_key("storm"),
    ] {
        let answers = at_once(&app, vec![call; 64]).await;
        assert!(answers.iter().all(|answer| answer.status.is_success()));
        assert!(answers.iter().all(|answer| answer.text == answers[0].text), "all get the one answer");
        assert_eq!(answers.iter().filter(|answer| !answer.is_replayed()).count(), 1);
    }
    assert_eq!(app.count("links").await, filed + 1);
    assert_eq!(app.count("ledger_entries").await, filed + 3);
    app.assert_valued(&link, "100.0", 2).await;
    app.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_contents_at_once_under_one_key_one_is_kept_and_the_other_refused() {
    let app = Arc::new(TestApp::new().await);
    let calls = (0..64).map(|at| {
        Call::post(LINKS, &link_of_cost(if at % 2 == 0 { "even" } else { "odd" }, "1")).idempotency_key("one")
    });
    let answers = at_once(&app, calls.collect()).await;
    let with = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(201), with(409)), (32, 32));
    assert_eq!(app.count("links").await, 1);
    app.assert_verified().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn distinct_and_duplicate_events_at_once_end_with_exact_totals() {
    let app = Arc::new(TestApp::new().await);
    let links = [app.file_link(LINK).await, app.file_link(LINK).await];
    // On each link: 100 events of 0.01 to 1.00, each sent three times; and 50 of 0.001 without any id.
    let mut calls = Vec::new();
    for link in &links {
        for at in 1..=100 {
            let body = event(&format!("{}.{:02}", at / 100, at % 100), &format!("event-{at}"));
            calls.extend(vec![Call::post(&events_of(link), &body); 3]);
        }
        let plain = r#"{"source": "meter", "metric": "calls", "value": 0.001}"#;
        calls.extend(vec![Call::post(&events_of(link), plain); 50]);
    }
    let answers = at_once(&app, calls).await;
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert_eq!(answers.iter().filter(|answer| answer.is_replayed()).count(), 2 * 200);
    for link in &links {
        app.assert_valued(link, "50.55", 150).await;
    }
    assert_eq!(app.count("ledger_entries").await, 2 + 2 * 150);
    app.assert_verified().await;
}
