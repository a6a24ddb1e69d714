//! The fault switch: a layer that breaks one promise and keeps all others. It is compiled into tests only.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A promise to be broken, by the check or invariant that must notice.
pub type Fault = &'static str;
/// The switch: what is broken now, if anything is.
pub type Switch = Arc<Mutex<Option<Fault>>>;

/// Every fault: the check that must fail, and for the live transaction the invariants that must.
pub const FAULTS: [(Fault, &str, &[&str]); 44] = [
    ("liveness", "liveness", &[]),
    ("readiness", "readiness", &[]),
    ("deployed_version", "deployed_version", &[]),
    ("deployed_commit", "deployed_commit", &[]),
    ("page_overview", "page_overview", &[]),
    ("page_overview_other", "page_overview", &[]),
    ("page_overview_type", "page_overview", &[]),
    ("page_links", "page_links", &[]),
    ("page_links_type", "page_links", &[]),
    ("page_gates", "page_gates", &[]),
    ("page_gates_type", "page_gates", &[]),
    ("openapi", "openapi", &[]),
    ("link_created", E2E, &["link_created"]),
    ("link_created_id", E2E, &["link_created"]),
    ("link_kept_as_sent", E2E, &["link_kept_as_sent"]),
    ("link_marked_as_gate", E2E, &["link_marked_as_gate"]),
    ("link_fetched_same", E2E, &["link_fetched_same"]),
    ("events_appended", E2E, &["events_appended"]),
    ("events_appended_status", E2E, &["events_appended"]),
    ("events_appended_id", E2E, &["events_appended"]),
    ("events_appended_link", E2E, &["events_appended"]),
    ("link_fetched_with_more", E2E, &["link_fetched_same"]),
    ("link_fetched_rewritten", E2E, &["link_fetched_same"]),
    ("valuation_total", E2E, &["valuation_total"]),
    ("valuation_roi", E2E, &["valuation_roi"]),
    ("valuation_count", E2E, &["valuation_count"]),
    ("payout_shares", E2E, &["payout_shares"]),
    ("payout_recipient", E2E, &["payout_shares"]),
    ("payout_sum", E2E, &["payout_sum"]),
    ("payout_explained", E2E, &["payout_explained"]),
    ("payout_explained_version", E2E, &["payout_explained"]),
    ("payout_explained_weights", E2E, &["payout_explained"]),
    ("payout_explained_objectives", E2E, &["payout_explained"]),
    ("payout_explained_bounds", E2E, &["payout_explained"]),
    ("quality_outweighs_energy", E2E, &["quality_outweighs_energy"]),
    ("investments_sum", E2E, &["investments_sum"]),
    ("unknown_link_404", E2E, &["unknown_link_404"]),
    ("unknown_link_status", E2E, &["unknown_link_404"]),
    ("invalid_body_422", E2E, &["invalid_body_422"]),
    ("invalid_body_stored", E2E, &["invalid_body_422"]),
    ("gate_links_hidden", E2E, &["gate_links_hidden"]),
    ("gate_links_missing", E2E, &["gate_links_hidden"]),
    ("gate_links_spec", E2E, &["gate_links_hidden"]),
    ("gate_links_idea", E2E, &["gate_links_hidden"]),
];
const E2E: &str = "value_lineage_e2e";
/// A commit that nothing was built from.
pub const OTHER_COMMIT: &str = "ffffffffffffffffffffffffffffffffffffffff";

const LINKS: &str = "/api/value-lineage/links";

/// Passes a request on, and breaks the promise on its way in or out.
pub async fn break_promise(State(switch): State<Switch>, request: Request, next: Next) -> Response {
    let fault = *switch.lock().unwrap();
    let Some(fault) = fault else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let sent = to_bytes(body, usize::MAX).await.expect("a body");
    let (path, method) = (parts.uri.path().to_owned(), parts.method.as_str().to_owned());
    if let Some(answer) = instead(fault, &path) {
        return answer;
    }
    let invalid = sent.windows(4).any(|four| four == b":-1}");
    let mut stored = sent.clone();
    match fault {
        "gate_links_hidden" if path == LINKS && method == "GET" => show_gates(&mut parts),
        "gate_links_missing" if path == LINKS && method == "GET" => {
            parts.uri = format!("{LINKS}?q=nothing-is-named-so").parse::<Uri>().expect("an address");
        }
        "page_overview_other" if path == "/" => parts.uri = Uri::from_static("/links"),
        "invalid_body_stored" if invalid => {
            stored = Bytes::from(String::from_utf8_lossy(&sent).replace(":-1}", ":1}"));
            parts.headers.remove(header::CONTENT_LENGTH);
        }
        "invalid_body_422" if invalid => return (StatusCode::BAD_REQUEST, "{}").into_response(),
        _ => {}
    }
    let response = next.run(Request::from_parts(parts, Body::from(stored))).await;
    if fault == "invalid_body_stored" && invalid {
        let refusal = json!({"detail": "no", "errors": [{"field": "estimated_cost", "message": "no"}]});
        return (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(refusal)).into_response();
    }
    alter(fault, &method, &path, response).await
}

/// Answers that come in the place of the server's own.
fn instead(fault: Fault, path: &str) -> Option<Response> {
    let page =
        |body: &'static str| ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    match (fault, path) {
        ("liveness", "/livez") => Some((StatusCode::BAD_GATEWAY, "{}").into_response()),
        ("readiness", "/readyz") => Some((StatusCode::SERVICE_UNAVAILABLE, "{}").into_response()),
        ("page_overview", "/") => Some(page("<title>Overview · Tributary</title><main id=\"main\">cut off")),
        ("page_links", "/links") => Some(page("<html>Parked</html>")),
        ("page_gates", "/gates") => Some((StatusCode::NOT_FOUND, "no such page").into_response()),
        ("unknown_link_404", path) if path.ends_with("/lnk_00000000000000000000000000") => {
            Some((StatusCode::NOT_FOUND, axum::Json(json!({"detail": "Not Found"}))).into_response())
        }
        ("unknown_link_status", path) if path.ends_with("/lnk_00000000000000000000000000") => {
            Some((StatusCode::GONE, axum::Json(json!({"detail": "Lineage link not found"}))).into_response())
        }
        // A stub, as links of work would make one.
        ("gate_links_spec", path) if path.starts_with("/api/spec-registry/gate-") => {
            Some(axum::Json(json!({"registered": false})).into_response())
        }
        ("gate_links_idea", path) if path.starts_with("/api/ideas/gate-") => {
            Some(axum::Json(json!({"registered": false})).into_response())
        }
        _ => None,
    }
}

/// Asks for gates' links where work was asked for.
fn show_gates(parts: &mut Parts) {
    let query = parts.uri.query().unwrap_or_default();
    if !query.contains("origin=") {
        parts.uri = format!("{LINKS}?{query}&origin=gate").parse::<Uri>().expect("an address");
    }
}

/// Changes the server's own answer.
async fn alter(fault: Fault, method: &str, path: &str, response: Response) -> Response {
    let of_one = path.strip_prefix(LINKS).is_some_and(|rest| rest.len() > 1 && !rest[1..].contains('/'));
    let concerned = match fault {
        "deployed_version" | "deployed_commit" => path == "/api/version",
        "openapi" => path == "/api/openapi.json",
        "link_created" | "link_created_id" => method == "POST" && path == LINKS,
        // In every answer: all of them say the same.
        "link_kept_as_sent" | "link_marked_as_gate" => (method == "POST" && path == LINKS) || of_one,
        "link_fetched_same" | "link_fetched_with_more" | "link_fetched_rewritten" => {
            method == "GET" && of_one
        }
        "events_appended" | "events_appended_status" | "events_appended_id" | "events_appended_link" => {
            path.ends_with("/usage-events")
        }
        "valuation_total" | "valuation_roi" | "valuation_count" => path.ends_with("/valuation"),
        "payout_shares"
        | "payout_recipient"
        | "payout_sum"
        | "payout_explained"
        | "payout_explained_version"
        | "payout_explained_weights"
        | "payout_explained_objectives"
        | "payout_explained_bounds"
        | "quality_outweighs_energy"
        | "investments_sum" => path.ends_with("/payout-preview"),
        _ => false,
    };
    let retyped = match fault {
        "page_overview_type" => path == "/",
        "page_links_type" => path == "/links",
        "page_gates_type" => path == "/gates",
        _ => false,
    };
    if retyped {
        let (mut parts, body) = response.into_parts();
        parts.headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/plain"));
        return Response::from_parts(parts, body);
    }
    if !concerned || !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    let mut answer: Value = serde_json::from_slice(&body).expect("JSON");
    if matches!(fault, "link_created" | "events_appended_status") {
        parts.status = StatusCode::OK;
    }
    spoil(fault, &mut answer);
    parts.headers.remove(header::CONTENT_LENGTH);
    let answer = match fault {
        "link_fetched_rewritten" => String::from_utf8_lossy(&body).replacen("\":", "\": ", 1),
        _ => answer.to_string(),
    };
    Response::from_parts(parts, Body::from(answer))
}

fn spoil(fault: Fault, answer: &mut Value) {
    let more = |value: &mut Value, by: f64| *value = json!(value.as_f64().expect("a number") + by);
    match fault {
        // Its status or its writing alone is another.
        "link_created" | "events_appended_status" | "link_fetched_rewritten" => {}
        "deployed_commit" => answer["commit"] = json!(OTHER_COMMIT),
        "link_created_id" => answer["id"] = json!("evt_01h455vb4pex5vsknk084sn02q"),
        "events_appended_id" => answer["id"] = json!("lnk_01h455vb4pex5vsknk084sn02q"),
        "events_appended_link" => answer["lineage_id"] = json!("lnk_01h455vb4pex5vsknk084sn02q"),
        "payout_explained_version" => answer["schema_version"] = json!("another-policy-v9"),
        "payout_explained_bounds" => answer["signals"]["friction"] = json!(1.000_001),
        "payout_explained_weights" => {
            answer["weights"].as_object_mut().expect("weights").remove("review");
        }
        "payout_explained_objectives" => {
            answer["objective_weights"].as_object_mut().expect("weights").remove("balance");
        }
        "deployed_version" => answer["version"] = json!("0.0.9"),
        "openapi" => {
            let paths = answer["paths"].as_object_mut().expect("paths");
            paths.remove("/api/value-lineage/links/{lineage_id}/valuation");
        }
        "link_kept_as_sent" => answer["contributors"]["review"] = json!("somebody else"),
        "link_marked_as_gate" => answer["origin"] = json!("work"),
        "link_fetched_same" => answer["estimated_cost"] = json!(1.5),
        "link_fetched_with_more" => answer["note"] = json!("passed on by a proxy"),
        "events_appended" => more(&mut answer["value"], 0.000_001),
        "valuation_total" => more(&mut answer["measured_value_total"], 0.01),
        "valuation_roi" => more(&mut answer["roi_ratio"], 0.0001),
        "valuation_count" => answer["event_count"] = json!(3),
        "payout_explained" => {
            answer["signals"].as_object_mut().expect("signals").remove("balance");
        }
        _ => spoil_rows(fault, answer),
    }
}

/// Rows of the preview: of the first link, where roles are shared among, or of the second, with investments.
fn spoil_rows(fault: Fault, answer: &mut Value) {
    let rows = answer["payouts"].as_array_mut().expect("rows");
    let invested = rows.iter().any(|row| row["contributor"] == "gate-better");
    match (fault, invested) {
        // Two roles change places, so that the sum stays.
        ("payout_shares", false) => {
            let amount = rows[0]["amount"].take();
            rows[0]["amount"] = rows[1]["amount"].take();
            rows[1]["amount"] = amount;
        }
        ("payout_recipient", false) => rows[2]["contributor"] = json!("mallory"),
        // The pool itself is said to be another, so that each role's share stays.
        ("payout_sum", false) => answer["payout_pool"] = json!(100.0001),
        ("quality_outweighs_energy", true) => {
            let at = |rows: &[Value], who: &str| {
                rows.iter().position(|row| row["contributor"] == who).expect("a row")
            };
            let (better, more) = (at(rows, "gate-better"), at(rows, "gate-more"));
            let amount = rows[better]["amount"].take();
            rows[better]["amount"] = rows[more]["amount"].take();
            rows[more]["amount"] = amount;
        }
        ("investments_sum", true) => {
            let cut = rows[0]["amount"].as_f64().expect("a number") - 0.0001;
            rows[0]["amount"] = json!((cut * 10_000.0).round() / 10_000.0);
        }
        _ => {}
    }
}
