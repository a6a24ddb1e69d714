//! The seed's examples, one by one, and what it requires in words.

use crate::given::{
    Answer, EVENT, Json, LINK, LINK_ANSWER, LINKS, POOL, PREVIEW_ANSWER, SECOND_EVENT, TestApp, UNKNOWN,
    VALUATION_ANSWER,
};
use crate::given::{link_of_cost, minified};
use domain::input::Node;

const NOT_FOUND: &str = r#"{"detail":"Lineage link not found"}"#;

/// The seed's link with its two events.
async fn seed() -> (TestApp, String) {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    app.append_event(&id, EVENT).await;
    app.append_event(&id, SECOND_EVENT).await;
    (app, id)
}

/// The paths of the seed's sample, in its order, are among those of an answer, of the same kinds.
fn assert_holds(answer: &Answer, sample: &str) {
    let paths = answer.json().paths();
    let mut rest = paths.iter();
    for path in Json::read(sample).paths() {
        assert!(rest.any(|found| *found == path), "{path} in the seed's order, in {paths:#?}");
    }
}

/// Role, contributor, amount and share of each row.
fn rows(preview: &Answer) -> Vec<String> {
    let json = preview.json();
    let each = |name| json.each("payouts", name);
    let (roles, people) = (each("role"), each("contributor"));
    let (amounts, shares) = (each("amount"), each("effective_weight"));
    (0..roles.len())
        .map(|at| format!("{} {} {} {}", roles[at], people[at], amounts[at], shares[at]))
        .collect()
}

#[tokio::test]
async fn a_link_that_is_not_there_is_a_404_of_those_bytes() {
    let (app, id) = seed().await;
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
    let (app, id) = seed().await;
    let expected = minified(VALUATION_ANSWER).replace("lnk_123", &id);
    assert_eq!(app.valuation(&id).await.text, expected);
}

#[tokio::test]
async fn the_seed_s_preview_has_the_seed_s_fields_names_nesting_and_order() {
    let (app, id) = seed().await;
    let preview = app.preview(&id, POOL).await;
    assert_holds(&preview, PREVIEW_ANSWER);
    let (answer, sample) = (preview.json(), Json::read(PREVIEW_ANSWER));
    for path in [
        "schema_version",
        "payout_pool",
        "measured_value_total",
        "estimated_cost",
        "roi_ratio",
        "weights",
        "objective_weights",
    ] {
        assert_eq!(answer.at(path), sample.at(path), "{path}");
    }
    assert_eq!(answer.text("lineage_id"), id);
    insta::assert_snapshot!(rows(&preview).join("\n"));
}

#[tokio::test]
async fn rows_come_by_role_then_contributor_and_sum_to_the_pool_and_to_one() {
    let (app, id) = seed().await;
    for pool in ["1000.0", "0.0001", "0.01", "333.3333", "1000000000000.0"] {
        let preview = app.preview(&id, &format!(r#"{{"payout_pool": {pool}}}"#)).await;
        let json = preview.json();
        let sum = |name| -> i128 { json.each("payouts", name).iter().map(|text| in_billionths(text)).sum() };
        assert_eq!(sum("amount"), in_billionths(pool), "{pool}");
        assert_eq!(sum("effective_weight"), 1_000_000_000);
        let roles = ["idea", "research", "spec", "spec_upgrade", "implementation", "review"];
        assert_eq!(json.each("payouts", "role"), roles);
    }
}

fn in_billionths(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<9}").parse().expect("a number")
}

#[tokio::test]
async fn rows_of_one_role_come_by_contributor_and_several_investments_of_one_are_one_row() {
    let app = TestApp::new().await;
    let investment = |stage: &str, name: &str| {
        format!(r#"{{"stage": "{stage}", "contributor": "{name}", "energy_units": 0.500001}}"#)
    };
    let investments =
        [("review", "b"), ("idea", "z"), ("review", "B"), ("idea", "é"), ("review", "a"), ("review", "b")]
            .map(|(stage, name)| investment(stage, name));
    let link = format!(
        r#"{{"idea_id": "i", "spec_id": "s", "contributors": {{"review": "c"}}, "estimated_cost": 1,
            "investments": [{}]}}"#,
        investments.join(",")
    );
    let id = app.file_link(&link).await;
    assert_eq!(app.link(&id).await.json().each("investments", "energy_units"), ["0.500001"; 6], "as sent");
    let preview = app.preview(&id, POOL).await.json();
    assert_eq!(preview.each("payouts", "role"), ["idea", "idea", "review", "review", "review", "review"]);
    assert_eq!(preview.each("payouts", "contributor"), ["z", "é", "B", "a", "b", "c"]);
    assert_eq!(preview.text("payouts[4].energy_units"), "1.000002");
}

#[tokio::test]
async fn every_row_says_why() {
    let (app, id) = seed().await;
    let preview = app.preview(&id, POOL).await;
    let json = preview.json();
    for at in 0..json.len("payouts") {
        let row = format!("payouts[{at}]");
        let objectives = json.each(&format!("{row}.explanation.objectives"), "objective");
        assert_eq!(objectives, ["coherence", "energy_flow", "awareness", "friction_relief", "balance"]);
        let parts = json.each(&format!("{row}.explanation.objectives"), "amount");
        let sum: i128 = parts.iter().map(|part| in_billionths(part)).sum();
        assert_eq!(sum, in_billionths(&json.text(&format!("{row}.amount"))), "the parts are the amount");
        for factor in ["stage_weight", "energy_factor", "score", "weight", "total_weight", "exact_amount"] {
            assert!(in_twelve_places(&json.text(&format!("{row}.explanation.{factor}"))) > 0, "{factor}");
        }
    }
}

fn in_twelve_places(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<12}").parse().expect("a number")
}

#[tokio::test]
async fn the_linear_policy_shows_the_seed_s_240_and_760() {
    let (app, id) = seed().await;
    let body = r#"{"payout_pool": 1000.0, "policy": "energy-linear-v1"}"#;
    let shares = app.preview(&id, body).await.json().each("payouts", "effective_weight");
    let to_two_digits: Vec<String> =
        shares.iter().map(|share| format!("{:.2}", share.parse::<f64>().expect("a number"))).collect();
    assert_eq!(to_two_digits, ["0.24", "0.76"]);
}

#[tokio::test]
async fn four_roles_and_no_investment_share_a_hundred_as_10_20_50_20() {
    let app = TestApp::new().await;
    let link = r#"{"idea_id": "i", "spec_id": "s", "estimated_cost": 2.25, "contributors":
        {"idea": "gate-idea", "spec": "gate-spec", "implementation": "gate-impl", "review": "gate-review"}}"#;
    let id = app.file_link(link).await;
    app.append_event(&id, r#"{"source": "gate", "metric": "flow", "value": 5.0}"#).await;
    let preview = app.preview(&id, r#"{"payout_pool": 100.0}"#).await;
    insta::assert_snapshot!(rows(&preview).join("\n"), @r"
    idea gate-idea 10.0 0.1
    spec gate-spec 20.0 0.2
    implementation gate-impl 50.0 0.5
    review gate-review 20.0 0.2
    ");
}

#[tokio::test]
async fn better_work_in_a_shared_stage_outweighs_more_energy() {
    let app = TestApp::new().await;
    let link = r#"{"idea_id": "i", "spec_id": "s", "contributors": {}, "estimated_cost": 1, "investments": [
        {"stage": "implementation", "contributor": "busy", "energy_units": 3, "coherence_score": 0.3,
         "awareness_score": 0.3, "friction_score": 0.9},
        {"stage": "implementation", "contributor": "careful", "energy_units": 2, "coherence_score": 0.95,
         "awareness_score": 0.9, "friction_score": 0.05}]}"#;
    let id = app.file_link(link).await;
    let amounts = app.preview(&id, POOL).await.json().each("payouts", "amount");
    let amounts: Vec<i128> = amounts.iter().map(|amount| in_billionths(amount)).collect();
    assert!(amounts[1] > amounts[0], "careful before busy: {amounts:?}");
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
async fn a_pool_that_nobody_earned_stays_unallocated() {
    let app = TestApp::new().await;
    let id = app.file_link(&link_of_cost("nobody", "1")).await;
    let preview = app.preview(&id, r#"{"payout_pool": 100.0}"#).await;
    assert_eq!(preview.json().at("payouts"), &Node::List(vec![]));
    assert_eq!(preview.at("unallocated"), "100.0");
}

#[tokio::test]
async fn a_currency_s_minor_unit_is_the_resolution() {
    let (app, id) = seed().await;
    for (currency, places) in [("EUR", 2), ("JPY", 0), ("KWD", 3)] {
        let body = format!(r#"{{"payout_pool": 1000, "currency": "{currency}"}}"#);
        for amount in app.preview(&id, &body).await.json().each("payouts", "amount") {
            let digits = amount.split_once('.').unwrap().1.trim_end_matches('0').len();
            assert!(digits <= places, "{amount} {currency}");
        }
    }
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
