//! Asking for a preview.

use super::{NO_NUMBERS, body, refusals};
use crate::given::{SEED_POOL, node};
use domain::payout::PayoutRequest;

fn asked(changes: &[(&str, &str)]) -> String {
    body(&[("payout_pool", "100")], changes)
}

fn taken(body: &str) -> PayoutRequest {
    PayoutRequest::read(&node(body)).unwrap_or_else(|error| panic!("{error:?}: {body}"))
}

#[test]
fn names_every_missing_and_wrong_field_at_once() {
    let bodies = [
        "{}",
        "[]",
        "null",
        r#"{"pool": 1}"#,
        r#"{"payout_pol": 1, "policies": "x", "Currency": "EUR"}"#,
        r#"{"payout_pool": -1, "policy": "energy-balanced-v2", "currency": "eur", "extra": 1}"#,
        r#"{"payout_pool": "1", "currency": "XAU"}"#,
        r#"{"payout_pool": 1e13, "currency": "EURO"}"#,
        r#"{"currency": "EURO"}"#,
    ];
    insta::assert_snapshot!(refusals(PayoutRequest::read, bodies));
}

#[test]
fn refuses_pools_that_are_none() {
    let more = ["0", "0.0", "-0.0", "-100", "-0.00000001", "1000000000000.0001", "1e25"];
    let bodies = NO_NUMBERS.iter().chain(&more).filter(|json| !json.ends_with(' '));
    insta::assert_snapshot!(refusals(
        PayoutRequest::read,
        bodies.map(|json| asked(&[("payout_pool", json)]))
    ));
}

#[test]
fn refuses_pools_finer_than_can_be_paid() {
    let bodies = [
        ("0.5", r#""JPY""#),
        ("0.001", r#""EUR""#),
        ("100.005", r#""EUR""#),
        ("0.0001", r#""KWD""#),
        ("0.00001", r#""CLF""#),
        ("0.00001", "null"),
        ("0.00000000001", ""),
        ("1e-9", r#""JPY""#),
        ("100.00000000000000000000001", r#""EUR""#),
    ];
    let bodies = bodies.map(|(pool, currency)| asked(&[("payout_pool", pool), ("currency", currency)]));
    insta::assert_snapshot!(refusals(PayoutRequest::read, bodies));
}

#[test]
fn refuses_policies_and_currencies_it_does_not_know() {
    let policies = [
        r#""energy-balanced-v2""#,
        r#""energy_linear_v1""#,
        r#""Energy-Balanced-V1""#,
        r#""balanced""#,
        r#""sourcecred""#,
        r#""""#,
        "1",
        "[]",
    ];
    let currencies = [
        r#""eur""#,
        r#""XAU""#,
        r#""XXX""#,
        r#""ABC""#,
        r#""€""#,
        r#""EURO""#,
        r#""""#,
        r#"" EU""#,
        "978",
        "{}",
    ];
    let bodies = policies.map(|policy| asked(&[("policy", policy)])).into_iter();
    let bodies = bodies.chain(currencies.map(|currency| asked(&[("currency", currency)])));
    insta::assert_snapshot!(refusals(PayoutRequest::read, bodies));
}

#[test]
fn takes_the_seed_s_request_for_the_default_policy_without_a_currency() {
    let request = taken(SEED_POOL);
    assert_eq!(request.policy.name(), "energy-balanced-v1");
    assert_eq!((request.pool.units(), request.pool.places(), request.pool.currency()), (10_000_000, 4, None));
    let nulls = taken(&asked(&[("payout_pool", "1000"), ("policy", "null"), ("currency", "null")]));
    assert_eq!(nulls.pool, request.pool);
}

#[test]
fn takes_the_smallest_and_the_largest_pool_of_every_resolution() {
    for (currency, smallest, places, largest) in [
        (r#""JPY""#, "1", 0, 1_000_000_000_000),
        (r#""EUR""#, "0.01", 2, 100_000_000_000_000),
        (r#""KWD""#, "0.001", 3, 1_000_000_000_000_000),
        (r#""CLF""#, "0.0001", 4, 10_000_000_000_000_000),
        ("null", "1e-4", 4, 10_000_000_000_000_000),
    ] {
        let pool = taken(&asked(&[("payout_pool", smallest), ("currency", currency)])).pool;
        assert_eq!((pool.units(), pool.places()), (1, places), "{currency}");
        assert_eq!(pool.currency(), serde_json::from_str::<Option<&str>>(currency).unwrap());
        let pool = taken(&asked(&[("payout_pool", "1e12"), ("currency", currency)])).pool;
        assert_eq!(pool.units(), largest, "{currency}");
        assert_eq!(pool.amount().to_string(), "1000000000000.0");
    }
}

#[test]
fn takes_digits_that_say_nothing() {
    let pool = taken(&asked(&[("payout_pool", "100.5000000000000"), ("currency", r#""EUR""#)])).pool;
    assert_eq!(pool.units(), 10_050);
}

#[test]
fn takes_either_policy_by_name() {
    for name in ["energy-balanced-v1", "energy-linear-v1"] {
        assert_eq!(taken(&asked(&[("policy", &format!("\"{name}\""))])).policy.name(), name);
    }
}
