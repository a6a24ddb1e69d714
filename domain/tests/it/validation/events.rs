//! Appending an event.

use super::{NO_NUMBERS, NO_TEXTS, body, refusals, text_of};
use crate::given::{NOW, SEED_EVENT, node};
use chrono::{DateTime, Utc};
use domain::error::Error;
use domain::event::{MAX_EXTERNAL_ID, NewEvent, UsageEvent};
use domain::id::{EventId, LinkId};
use domain::input::Node;
use domain::link::MAX_NAME;
use uuid::Uuid;

const EVENT: [(&str, &str); 3] = [("source", r#""api""#), ("metric", r#""calls""#), ("value", "1")];

fn event(changes: &[(&str, &str)]) -> String {
    body(&EVENT, changes)
}

fn read(node: &Node) -> Result<NewEvent, Error> {
    NewEvent::read(node, NOW)
}

fn taken(body: &str) -> NewEvent {
    read(&node(body)).unwrap_or_else(|error| panic!("{error:?}: {body}"))
}

fn appended(new: NewEvent, at: DateTime<Utc>) -> UsageEvent {
    new.appended(EventId::new(Uuid::from_u128(2)), LinkId::new(Uuid::from_u128(1)), at)
}

#[test]
fn names_every_missing_and_wrong_field_at_once() {
    insta::assert_snapshot!(refusals(
        read,
        [
            "{}",
            "[]",
            "null",
            r#"{"source": "", "metric": null, "value": "45.5", "captured_at": "today", "external_id": 7, "amount": 1}"#,
            r#"{"source": "api", "metric": "calls", "total_value": 1}"#,
            r#"{"sources": "api", "metrics": "calls", "valeu": 1, "Captured_At": null, "id": "e"}"#,
        ]
    ));
}

#[test]
fn refuses_texts_that_are_none() {
    let too_long = text_of(MAX_NAME + 1);
    let mut bodies: Vec<String> = Vec::new();
    for name in ["source", "metric"] {
        bodies.extend(NO_TEXTS.iter().copied().chain([too_long.as_str()]).map(|text| event(&[(name, text)])));
    }
    insta::assert_snapshot!(refusals(read, bodies));
}

#[test]
fn refuses_values_that_are_none() {
    let more = ["-1", "-0.0000001", "1000000000000.0000001", "1.7e308", r#""\u0001\u0007Infinity""#];
    let bodies = NO_NUMBERS.iter().chain(&more).filter(|json| !json.ends_with(' '));
    insta::assert_snapshot!(refusals(read, bodies.map(|json| event(&[("value", json)]))));
}

#[test]
fn refuses_ids_that_are_none() {
    let too_long = text_of(MAX_EXTERNAL_ID + 1);
    let bodies = NO_TEXTS.iter().filter(|text| **text != "null").copied().chain([too_long.as_str()]);
    insta::assert_snapshot!(refusals(read, bodies.map(|text| event(&[("external_id", text)]))));
}

#[test]
fn refuses_times_that_are_none() {
    let bodies = [
        r#""2026-02-15""#,
        r#""2026-02-15T00:00:00""#,
        r#""2026-02-15T00:00Z""#,
        r#""2026-02-30T00:00:00Z""#,
        r#""2026-02-15T24:00:00Z""#,
        r#""2026-02-15T00:00:00+25:00""#,
        r#""20260215T000000Z""#,
        r#""Sun, 15 Feb 2026 00:00:00 GMT""#,
        r#""now""#,
        r#""""#,
        r#"" 2026-02-14T00:00:00Z""#,
        r#""1969-12-31T23:59:59.9999999Z""#,
        r#""1970-01-01T00:00:00+00:01""#,
        r#""0000-01-01T00:00:00Z""#,
        r#""+12026-02-15T00:00:00Z""#,
        r#""2026-02-15T00:05:00.000001Z""#,
        r#""2026-02-15T02:00:00+01:00""#,
        r#""9999-12-31T23:59:59Z""#,
        "1771113600",
        "true",
        "[]",
        "NaN",
    ];
    insta::assert_snapshot!(refusals(read, bodies.map(|json| event(&[("captured_at", json)]))));
}

#[test]
fn takes_the_seed_s_event_and_answers_as_the_seed_does() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&appended(taken(SEED_EVENT), NOW)).unwrap());
}

#[test]
fn takes_times_in_any_zone_and_keeps_them_in_utc_to_the_microsecond() {
    for (sent, kept) in [
        ("2026-02-15T00:00:00Z", "2026-02-15T00:00:00Z"),
        ("2026-02-14t23:00:00z", "2026-02-14T23:00:00Z"),
        ("2026-02-14 23:00:00Z", "2026-02-14T23:00:00Z"),
        ("2026-02-15T05:30:00+05:30", "2026-02-15T00:00:00Z"),
        ("2026-02-14T19:00:00.5-05:00", "2026-02-15T00:00:00.500Z"),
        ("2026-02-14T23:59:59.123456789Z", "2026-02-14T23:59:59.123456Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2026-02-15T00:05:00Z", "2026-02-15T00:05:00Z"),
        ("2026-02-15T00:05:00.0000009Z", "2026-02-15T00:05:00Z"),
    ] {
        let event = appended(taken(&event(&[("captured_at", &format!("\"{sent}\""))])), NOW);
        let json: serde_json::Value = serde_json::to_value(event.captured_at).unwrap();
        assert_eq!(json, kept, "{sent}");
    }
}

#[test]
fn keeps_a_leap_second_as_a_store_gives_it_back() {
    // A store keeps microseconds since 1970, which have no leap seconds: the event sent again must be the same.
    let body = event(&[("captured_at", r#""2016-12-31T23:59:60.25Z""#), ("external_id", r#""e""#)]);
    let sent = appended(taken(&body), NOW);
    let micros = sent.captured_at.timestamp_micros();
    let kept = UsageEvent { captured_at: DateTime::from_timestamp_micros(micros).unwrap(), ..sent.clone() };
    assert!(sent.repeats(&kept, true));
}

#[test]
fn takes_null_for_what_may_be_absent() {
    let new = taken(&event(&[("captured_at", "null"), ("external_id", "null"), ("value", "0")]));
    assert_eq!((new.captured_at, new.external_id.as_deref()), (None, None));
    assert_eq!(appended(new, NOW).captured_at, NOW, "an event that does not say was measured as it arrived");
}

#[test]
fn takes_an_external_id_of_128_characters() {
    let new = taken(&event(&[("external_id", &text_of(MAX_EXTERNAL_ID))]));
    assert_eq!(new.external_id.map(|id| id.chars().count()), Some(128));
}

#[test]
fn tells_an_event_sent_again_from_another() {
    let usual = [("external_id", r#""e""#), ("captured_at", r#""2026-02-14T00:00:00Z""#)];
    let sent = |changes: &[(&str, &str)]| {
        let new = taken(&event(&[&usual, changes].concat()));
        let given = new.captured_at.is_some();
        (appended(new, NOW), given)
    };
    let (kept, _) = sent(&[]);
    for again in [&[][..], &[("captured_at", "null")], &[("value", "1.0000000")]] {
        let (event, given) = sent(again);
        assert!(event.repeats(&kept, given), "{again:?}");
    }
    for other in [
        ("value", "2"),
        ("source", r#""API""#),
        ("metric", r#""call""#),
        ("external_id", r#""f""#),
        ("captured_at", r#""2026-02-14T00:00:00.000001Z""#),
    ] {
        let (event, given) = sent(&[other]);
        assert!(!event.repeats(&kept, given), "{other:?}");
    }
}
