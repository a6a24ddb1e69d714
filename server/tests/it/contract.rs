//! The seed's examples, one by one, and what it requires in words.

use crate::given::{
    EVENT, LINK, LINK_ANSWER, LINKS, POOL, TestApp, UNKNOWN, VALUATION_ANSWER, link_of_cost, minified,
};

const NOT_FOUND: &str = r#"{"detail":"Lineage link not found"}"#;

#[tokio::test]
async fn a_link_that_is_not_there_is_a_404_of_those_bytes() {
    let (app, id) = TestApp::seed().await;
    let other_kind = id.replace("lnk_", "evt_");
    for id in [
        UNKNOWN,
        "lnk_123",
        "nothing",
        "%00",
        "%ff",
        "a%2Fb",
        "%F0%9F%92%A5",
        &other_kind,
        &"x".repeat(5_000),
    ] {
        let path = format!("{LINKS}/{id}");
        for answer in [
            app.get(&path).await,
            app.get(&format!("{path}/valuation")).await,
            app.get(&format!("{path}/usage-events")).await,
            app.post(&format!("{path}/usage-events"), EVENT).await,
            app.post(&format!("{path}/payout-preview"), POOL).await,
        ] {
            assert_eq!((answer.status.as_u16(), answer.text.as_str()), (404, NOT_FOUND), "{id}");
            assert_eq!(answer.header("content-type"), Some("application/json"));
        }
    }
    assert_eq!(app.count("usage_events").await, 2);
    assert_eq!(app.count("ledger_entries").await, 3);
}

#[tokio::test]
async fn a_missing_link_is_told_of_before_wrong_content() {
    let app = TestApp::new().await;
    for route in ["usage-events", "payout-preview"] {
        let answer = app.post(&format!("{LINKS}/{UNKNOWN}/{route}"), r#"{"value": "x"}"#).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (404, NOT_FOUND), "{route}");
    }
}

#[tokio::test]
async fn the_seed_s_link_is_filed_and_every_field_comes_back_as_it_was_sent() {
    let app = TestApp::new().await;
    let filed = app.post(LINKS, LINK).await.assert_status(201);
    let id = filed.at("id");
    assert!(id.starts_with("lnk_"));
    let sent = minified(LINK_ANSWER);
    let as_sent = format!(r#"{{"id":"{id}",{}"#, &sent[1..sent.len() - 1]);
    assert!(filed.text.starts_with(&as_sent), "digit for digit, in the order of the seed: {}", filed.text);
    insta::assert_snapshot!(filed.shown());
    assert_eq!(app.link(&id).await.text, filed.text, "fetched as it was filed, byte for byte");
    app.assert_verified().await;
}

#[tokio::test]
async fn the_seed_s_event_is_appended() {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    let appended = app.append_event(&id, EVENT).await;
    assert!(appended.at("id").starts_with("evt_"));
    assert_eq!(appended.at("lineage_id"), id);
    assert_eq!(appended.at("captured_at"), "2026-02-15T00:00:01Z", "the server's clock, in UTC");
    insta::assert_snapshot!(appended.shown());
}

#[tokio::test]
async fn the_seed_s_events_add_up_to_the_seed_s_valuation() {
    let (app, id) = TestApp::seed().await;
    let expected = minified(VALUATION_ANSWER).replace("lnk_123", &id);
    assert_eq!(app.valuation(&id).await.text, expected);
}

#[tokio::test]
async fn what_is_absent_is_null_empty_or_a_half() {
    let app = TestApp::new().await;
    let bare = r#"{"idea_id": "i", "spec_id": "s", "contributors": {"review": "dave"}, "estimated_cost": 0}"#;
    let filed = app.post(LINKS, bare).await.assert_status(201);
    insta::assert_snapshot!(filed.text.split_once(r#","created_at""#).unwrap().0);
    let invested = r#"{"idea_id": "i", "spec_id": "s", "contributors": {}, "estimated_cost": 0, "investments":
        [{"stage": "idea", "contributor": "alice", "energy_units": 1}]}"#;
    let filed = app.post(LINKS, invested).await.assert_status(201);
    for score in ["coherence_score", "awareness_score", "friction_score"] {
        assert_eq!(filed.at(&format!("investments[0].{score}")), "0.5");
    }
}

#[tokio::test]
async fn without_cost_the_return_is_zero() {
    let app = TestApp::new().await;
    let id = app.file_link(&link_of_cost("free", "0")).await;
    app.append_value(&id, "7").await;
    let valuation = app.valuation(&id).await;
    assert_eq!((valuation.at("roi_ratio"), valuation.at("estimated_cost")), ("0.0".into(), "0.0".into()));
    assert_eq!(valuation.at("measured_value_total"), "7.0");
}

#[tokio::test]
async fn numbers_are_kept_to_six_places_half_to_even_and_the_answer_shows_what_was_kept() {
    let app = TestApp::new().await;
    for (sent, kept) in [
        ("0.0000005", "0.0"),
        ("0.0000015", "0.000002"),
        ("0.00000050000000000000000001", "0.000001"),
        ("1e2", "100.0"),
        ("45.50", "45.5"),
        ("0.1", "0.1"),
        ("999999999999.9999995", "1000000000000.0"),
        ("123456789012.123456", "123456789012.123456"),
    ] {
        let filed = app.post(LINKS, &link_of_cost("cost", sent)).await.assert_status(201);
        assert_eq!(filed.at("estimated_cost"), kept, "cost {sent}");
        let appended = app.append_value(&filed.at("id"), sent).await;
        assert_eq!(appended.at("value"), kept, "value {sent}");
        app.assert_valued(&filed.at("id"), kept, 1).await;
    }
    app.assert_verified().await;
}

#[tokio::test]
async fn a_sender_may_say_when_an_event_was_measured() {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    for (sent, kept) in [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2020-02-29T23:59:59.123456+02:00", "2020-02-29T21:59:59.123456Z"),
        ("2026-02-15T00:04:59Z", "2026-02-15T00:04:59Z"),
    ] {
        let body = format!(r#"{{"source": "a", "metric": "b", "value": 1, "captured_at": "{sent}"}}"#);
        assert_eq!(app.append_event(&id, &body).await.at("captured_at"), kept);
    }
    app.assert_valued(&id, "3.0", 3).await;
    app.assert_verified().await;
}
