//! Payout previews over the API: the seed's sample, its laws, and why each row is what it is.

use crate::given::{Answer, Json, POOL, PREVIEW_ANSWER, TestApp, link_of_cost};
use domain::input::Node;

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
async fn the_seed_s_preview_has_the_seed_s_fields_names_nesting_and_order() {
    let (app, id) = TestApp::seed().await;
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
    let (app, id) = TestApp::seed().await;
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
    let (app, id) = TestApp::seed().await;
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
    let (app, id) = TestApp::seed().await;
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
async fn a_pool_that_nobody_earned_stays_unallocated() {
    let app = TestApp::new().await;
    let id = app.file_link(&link_of_cost("nobody", "1")).await;
    let preview = app.preview(&id, r#"{"payout_pool": 100.0}"#).await;
    assert_eq!(preview.json().at("payouts"), &Node::List(vec![]));
    assert_eq!(preview.at("unallocated"), "100.0");
}

#[tokio::test]
async fn a_currency_s_minor_unit_is_the_resolution() {
    let (app, id) = TestApp::seed().await;
    for (currency, places) in [("EUR", 2), ("JPY", 0), ("KWD", 3)] {
        let body = format!(r#"{{"payout_pool": 1000, "currency": "{currency}"}}"#);
        for amount in app.preview(&id, &body).await.json().each("payouts", "amount") {
            let digits = amount.split_once('.').unwrap().1.trim_end_matches('0').len();
            assert!(digits <= places, "{amount} {currency}");
        }
    }
}
