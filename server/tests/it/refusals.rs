//! What is refused, how it is said, and that nothing is stored then.

use crate::given::{Answer, BEGINNING, Call, EVENT, LINK, LINKS, POOL, TestApp, UNKNOWN, link_of_cost};
use std::fmt::Write as _;

/// The paths of the three POSTs on a link, each with content that could be taken.
fn posts(id: &str) -> [(String, &'static str); 3] {
    [
        (LINKS.to_owned(), LINK),
        (format!("{LINKS}/{id}/usage-events"), EVENT),
        (format!("{LINKS}/{id}/payout-preview"), POOL),
    ]
}

/// An app with one link and one event, that is to stay as it is.
async fn app() -> (TestApp, String) {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    app.append_event(&id, EVENT).await;
    (app, id)
}

/// A refused call's answer under a title, for a snapshot of several.
fn show(shown: &mut String, title: &str, answer: &Answer) {
    let _ = write!(shown, "## {title}\n{}\n\n", answer.shown());
}

#[tokio::test]
async fn unknown_paths_are_a_json_404() {
    let (app, id) = app().await;
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/value-lineage",
        "/api/value-lineage/links/",
        &format!("{LINKS}/{id}/nothing"),
        &format!("{LINKS}/{id}/usage-events/1"),
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = app.refuse(Call::new(method, path)).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(answer.header("content-type"), Some("application/json"), "{method} {path}");
        }
    }
    insta::assert_snapshot!(app.get("/api/nothing").await.shown());
}

#[tokio::test]
async fn wrong_methods_are_a_json_405_that_says_which_are_right() {
    let (app, id) = app().await;
    let mut shown = String::new();
    for (path, methods) in [
        (LINKS.to_owned(), ["PUT", "PATCH", "DELETE"]),
        (format!("{LINKS}/{id}"), ["POST", "PUT", "DELETE"]),
        (format!("{LINKS}/{id}/usage-events"), ["PUT", "PATCH", "DELETE"]),
        (format!("{LINKS}/{id}/valuation"), ["POST", "PUT", "DELETE"]),
        (format!("{LINKS}/{id}/payout-preview"), ["GET", "PUT", "DELETE"]),
        ("/api/health".into(), ["POST", "PUT", "DELETE"]),
        ("/api/version".into(), ["POST", "PUT", "DELETE"]),
        ("/livez".into(), ["POST", "PUT", "DELETE"]),
        ("/readyz".into(), ["POST", "PUT", "DELETE"]),
    ] {
        for method in methods {
            let answer = app.refuse(Call::new(method, &path)).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("content-type"), Some("application/json"), "{method} {path}");
            assert!(answer.at("detail").contains("Allow"));
            if method == methods[0] {
                let allow = answer.header("allow").expect("an Allow header");
                let _ = writeln!(shown, "{}: {allow}", path.replace(&id, "{id}"));
            }
        }
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn broken_json_is_a_400() {
    let (app, id) = app().await;
    let mut shown = String::new();
    for (path, _) in posts(&id) {
        for body in ["", "{", "{\"a\": 1,}", "{'a': 1}", "{\"a\": 1} x", "[1 2]", "{\"value\": 01}"] {
            assert_eq!(app.refuse(Call::post(&path, body)).await.status, 400, "{path} {body}");
        }
        let bytes = Call::post(&path, "x").body([b'"', 0xff, 0xfe, b'"']);
        assert_eq!(app.refuse(bytes).await.status, 400, "not UTF-8");
        let deep = Call::post(&path, &"[".repeat(200_000));
        assert_eq!(app.refuse(deep).await.status, 400, "too deep");
    }
    show(&mut shown, "an object that does not end", &app.refuse(Call::post(LINKS, "{\"idea_id\":")).await);
    let twice = r#"{"payout_pool": 1, "payout_pool": 2}"#;
    let path = format!("{LINKS}/{id}/payout-preview");
    show(&mut shown, "a name given twice", &app.refuse(Call::post(&path, twice)).await);
    insta::assert_snapshot!(shown.trim_end());
}

#[tokio::test]
async fn another_content_type_or_none_is_a_415() {
    let (app, id) = app().await;
    for (path, body) in posts(&id) {
        let call = Call::post(&path, body);
        for kind in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""]
        {
            assert_eq!(app.refuse(call.clone().with("content-type", kind)).await.status, 415, "{kind:?}");
        }
        assert_eq!(app.refuse(call.without("content-type")).await.status, 415, "{path}");
    }
    let plain = app.refuse(Call::post(LINKS, LINK).with("content-type", "text/plain")).await;
    insta::assert_snapshot!(plain.shown());
    for kind in ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.api+json"] {
        let call = Call::post(LINKS, LINK).with("content-type", kind);
        assert_eq!(app.send(call).await.status, 201, "{kind}");
    }
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_a_413() {
    let (app, id) = app().await;
    let mebibyte = 1024 * 1024;
    for (path, body) in posts(&id) {
        let padded = |length: usize| format!("{body}{}", " ".repeat(length - body.len()));
        let answer = app.refuse(Call::post(&path, &padded(mebibyte + 1))).await;
        assert_eq!(answer.status, 413, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(app.post(&path, &padded(mebibyte)).await.status.is_success(), "the very limit is taken");
    }
    let huge = app.refuse(Call::post(LINKS, &" ".repeat(5 * mebibyte))).await;
    insta::assert_snapshot!(huge.shown());
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_by_its_path() {
    let (app, id) = app().await;
    let mut shown = String::new();
    let link = r#"{"idea_id": "", "spec_id": "a\u0007b", "implementation_refs": ["ok", 7], "estimate_cost": 1,
        "contributors": {"idea": "  ", "reviewer": "dave"}, "estimated_cost": -0.0000001,
        "investments": [{"stage": "implementaton", "contributor": "carol", "energy_units": 0,
          "coherence_score": 1.0000001, "friction_score": NaN, "energy": 2}, 5]}"#;
    show(&mut shown, "a link", &app.refuse(Call::post(LINKS, link)).await.assert_status(422));
    let event = r#"{"source": null, "metric": 5, "value": "45.5", "captured_at": "yesterday",
        "external_id": "", "vlaue": 1}"#;
    let call = Call::post(&format!("{LINKS}/{id}/usage-events"), event);
    show(&mut shown, "an event", &app.refuse(call).await.assert_status(422));
    let pool = r#"{"payout_pool": 0, "policy": "energy-balanced-v2", "currency": "EURO", "pool": 1}"#;
    let call = Call::post(&format!("{LINKS}/{id}/payout-preview"), pool);
    show(&mut shown, "a pool", &app.refuse(call).await.assert_status(422));
    show(&mut shown, "no object", &app.refuse(Call::post(LINKS, "[]")).await.assert_status(422));
    show(&mut shown, "one field alone", &app.refuse(Call::post(LINKS, &link_of_cost("x", "true"))).await);
    insta::assert_snapshot!(shown.trim_end());
}

#[tokio::test]
async fn numbers_that_are_none_too_large_or_negative_are_a_422_on_each_post() {
    let (app, id) = app().await;
    for number in
        ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "-1", "-0.0000000001", "1000000000000.000001"]
    {
        let energy = format!(
            r#"{{"idea_id": "i", "spec_id": "s", "contributors": {{}}, "estimated_cost": 1, "investments":
                [{{"stage": "idea", "contributor": "a", "energy_units": {number}}}]}}"#
        );
        let cases = [
            (LINKS.to_owned(), link_of_cost("i", number), "estimated_cost"),
            (LINKS.to_owned(), energy, "investments[0].energy_units"),
            (
                format!("{LINKS}/{id}/usage-events"),
                format!(r#"{{"source": "a", "metric": "b", "value": {number}}}"#),
                "value",
            ),
            (
                format!("{LINKS}/{id}/payout-preview"),
                format!(r#"{{"payout_pool": {number}}}"#),
                "payout_pool",
            ),
        ];
        for (path, body, field) in cases {
            let answer = app.refuse(Call::post(&path, &body)).await.assert_status(422);
            assert_eq!(answer.at("errors[0].field"), field, "{number}");
        }
    }
}

#[tokio::test]
async fn a_finer_or_a_zero_pool_is_a_422_that_says_so() {
    let (app, id) = app().await;
    let mut shown = String::new();
    for (pool, currency) in [
        ("0", ""),
        ("0.0", ""),
        ("0.00001", ""),
        ("1.00001", ""),
        ("0.001", "EUR"),
        ("1.5", "JPY"),
        ("0.00001", "KWD"),
    ] {
        let name = if currency.is_empty() { String::new() } else { format!(r#", "currency": "{currency}""#) };
        let body = format!(r#"{{"payout_pool": {pool}{name}}}"#);
        let answer =
            app.refuse(Call::post(&format!("{LINKS}/{id}/payout-preview"), &body)).await.assert_status(422);
        let _ = writeln!(shown, "{pool} {currency}: {}", answer.at("errors[0].message"));
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn problems_are_rfc_9457_where_they_are_asked_for() {
    let (app, id) = app().await;
    let mut shown = String::new();
    let post = |body: &str| Call::post(LINKS, body);
    for (title, call) in [
        ("400", post("{")),
        ("404 of a link", Call::get(&format!("{LINKS}/{UNKNOWN}"))),
        ("404 of a path", Call::get("/api/nothing")),
        ("405", Call::new("DELETE", &format!("{LINKS}/{id}"))),
        ("413", post(&" ".repeat(1024 * 1024 + 1))),
        ("415", post(LINK).with("content-type", "text/plain")),
        ("422", post(&link_of_cost(" ", "-1"))),
    ] {
        let call = call.with("accept", "application/problem+json, application/json;q=0.5");
        let answer = app.refuse(call).await;
        assert_eq!(answer.at("status"), answer.status.as_str(), "{title}");
        show(&mut shown, title, &answer);
    }
    insta::assert_snapshot!(shown.trim_end());
}

#[tokio::test]
async fn an_event_more_than_five_minutes_ahead_or_before_1970_is_refused() {
    let (app, id) = app().await;
    app.source.stop_at(BEGINNING);
    for time in [
        "2026-02-15T00:05:00.000001Z",
        "2999-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2026-02-15",
        "now",
        "",
    ] {
        let body = format!(r#"{{"source": "a", "metric": "b", "value": 1, "captured_at": "{time}"}}"#);
        let answer = app.refuse(Call::post(&format!("{LINKS}/{id}/usage-events"), &body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.at("errors[0].field")),
            (422, "captured_at".into()),
            "{time}"
        );
    }
    let limit = r#"{"source": "a", "metric": "b", "value": 1, "captured_at": "2026-02-15T00:05:00Z"}"#;
    app.append_event(&id, limit).await;
}

#[tokio::test]
async fn a_total_beyond_what_can_be_counted_is_refused_and_nothing_is_half_done() {
    let (app, id) = app().await;
    for _ in 0..9 {
        app.append_value(&id, "1000000000000").await;
    }
    let call = Call::post(
        &format!("{LINKS}/{id}/usage-events"),
        r#"{"source": "new", "metric": "new", "value": 1000000000000}"#,
    );
    let answer = app.refuse(call.idempotency_key("beyond")).await.assert_status(422);
    assert_eq!(answer.at("errors[0].field"), "value");
    app.append_value(&id, "1").await;
    app.assert_valued(&id, "9000000000046.5", 11).await;
    app.assert_verified().await;
}
