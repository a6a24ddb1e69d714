//! The seed's own example, and what the reference gives for it, to the unit.

use crate::given::{
    SEED_EVENT, SEED_LINK, SEED_POOL, asked, balanced, energy, filed, invested, linear, paid, record_of,
    row_of, with_events,
};
use domain::link::LinkRecord;
use domain::payout::{PayoutPreview, Pool, preview};
use domain::stage::Stage;
use domain::valuation::Valuation;

/// The event that brings the seed's 45.5 to 100.
const SECOND_EVENT: &str = r#"{"source": "api", "metric": "adoption_events", "value": 54.5}"#;

/// The seed's link with a hundred measured.
fn seed_record() -> LinkRecord {
    with_events(filed(SEED_LINK), &[SEED_EVENT, SECOND_EVENT])
}

/// The same without anybody named.
fn seed_record_of_investments() -> LinkRecord {
    let mut record = seed_record();
    record.link.contributors = Default::default();
    record
}

/// A link with these roles named and nothing invested.
fn named(roles: &str) -> LinkRecord {
    let body =
        format!(r#"{{"idea_id": "i", "spec_id": "s", "contributors": {{{roles}}}, "estimated_cost": 2.25}}"#);
    with_events(filed(&body), &[r#"{"source": "gate", "metric": "flow", "value": 5.0}"#])
}

fn shown_signals(preview: &PayoutPreview) -> [String; 5] {
    let signals = preview.signals.expect("a policy with objectives has signals");
    [signals.coherence, signals.energy_flow, signals.awareness, signals.friction, signals.balance]
        .map(|signal| signal.to_string())
}

fn shown_shares(preview: &PayoutPreview) -> Vec<String> {
    preview.payouts.iter().map(|row| row.effective_weight.to_string()).collect()
}

#[test]
fn four_names_and_no_investment_share_by_stage_weight_exactly() {
    let record = named(r#""idea": "a", "spec": "b", "implementation": "c", "review": "d""#);
    let preview = asked(&record, r#"{"payout_pool": 100.0}"#);
    let expected = [
        ("idea", "a", "10.0".to_owned()),
        ("spec", "b", "20.0".to_owned()),
        ("implementation", "c", "50.0".to_owned()),
        ("review", "d", "20.0".to_owned()),
    ];
    assert_eq!(paid(&preview), expected);
    assert_eq!(shown_shares(&preview), ["0.1", "0.2", "0.5", "0.2"]);
    assert!(preview.payouts.iter().all(|row| row.explanation.implied));
    // Whatever one person is called in, each role pays.
    let record = named(r#""idea": "a", "spec": "a", "implementation": "a", "review": "a""#);
    let preview = asked(&record, r#"{"payout_pool": 100.0}"#);
    let amounts: Vec<_> = preview.payouts.iter().map(|row| row.amount.to_string()).collect();
    assert_eq!(amounts, ["10.0", "20.0", "50.0", "20.0"]);
}

#[test]
fn the_seed_s_link_is_valued_as_the_seed_says() {
    let valuation = serde_json::to_string_pretty(&Valuation::of(&seed_record())).unwrap();
    insta::assert_snapshot!(valuation);
}

#[test]
fn the_seed_s_link_has_the_signals_of_the_reference() {
    let preview = asked(&seed_record(), r#"{"payout_pool": 1000.0}"#);
    assert_eq!(shown_signals(&preview), ["0.4545", "0.4545", "0.5", "0.25", "0.4242"]);
}

#[test]
fn the_seed_s_link_is_paid_as_the_reference_pays_to_the_last_unit() {
    // The reference's own figures; they sum to 1000.0001.
    let reference = [48.2555, 193.9465, 96.5110, 72.3833, 492.3927, 96.5110];
    let preview = asked(&seed_record(), r#"{"payout_pool": 1000.0}"#);
    for (row, reference) in preview.payouts.iter().zip(reference) {
        let units = row.amount.micros() / 100;
        assert!((units - (reference * 10_000.0_f64).round() as i64).abs() <= 1, "{}", row.contributor);
    }
    let exactly = [
        ("idea", "alice", "48.2555".to_owned()),
        ("research", "rita", "193.9465".to_owned()),
        ("spec", "bob", "96.511".to_owned()),
        ("spec_upgrade", "sam", "72.3833".to_owned()),
        ("implementation", "carol", "492.3927".to_owned()),
        ("review", "dave", "96.511".to_owned()),
    ];
    assert_eq!(paid(&preview), exactly);
    assert_eq!(preview.unallocated.to_string(), "0.0");
}

#[test]
fn the_seed_s_investments_alone_are_paid_as_the_reference_pays() {
    let preview = asked(&seed_record_of_investments(), r#"{"payout_pool": 1000.0}"#);
    let exactly =
        [("research", "rita", "270.7031".to_owned()), ("implementation", "carol", "729.2969".to_owned())];
    assert_eq!(paid(&preview), exactly);
}

#[test]
fn the_linear_policy_gives_the_seed_s_240_and_760_to_two_digits() {
    let preview = asked(&seed_record(), r#"{"payout_pool": 1000.0, "policy": "energy-linear-v1"}"#);
    let to_two_digits: Vec<i128> = preview
        .payouts
        .iter()
        .map(|row| (row.effective_weight.parts() + 5_000_000_000) / 10_000_000_000)
        .collect();
    assert_eq!(to_two_digits, [24, 76]);
    let exactly =
        [("research", "rita", "243.258".to_owned()), ("implementation", "carol", "756.742".to_owned())];
    assert_eq!(paid(&preview), exactly);
    // Being named makes no difference to it.
    let investments_alone = r#"{"payout_pool": 1000.0, "policy": "energy-linear-v1"}"#;
    assert_eq!(asked(&seed_record_of_investments(), investments_alone), preview);
}

#[test]
fn better_work_in_a_shared_stage_outweighs_more_energy() {
    let record = record_of(vec![
        invested(Stage::Implementation, "careful", energy(2), [95, 90, 5]),
        invested(Stage::Implementation, "busy", energy(3), [30, 30, 90]),
    ]);
    for policy in [balanced(), linear()] {
        let preview = preview(policy, &record, &Pool::of_units(10_000_000, 4, None));
        let (careful, busy) = (row_of(&preview, "careful"), row_of(&preview, "busy"));
        assert!(careful.energy_units < busy.energy_units);
        assert!(careful.amount > busy.amount, "{}", policy.name);
    }
}

#[test]
fn in_euros_the_seed_s_link_is_paid_in_cents() {
    let preview = asked(&seed_record(), r#"{"payout_pool": 1000.0, "currency": "EUR"}"#);
    let amounts: Vec<_> = preview.payouts.iter().map(|row| row.amount.to_string()).collect();
    // Two cents are left over by whole cents; the largest remainders, idea's and research's, get them.
    assert_eq!(amounts, ["48.26", "193.95", "96.51", "72.38", "492.39", "96.51"]);
    assert_eq!(preview.currency.as_deref(), Some("EUR"));
}

#[test]
fn the_whole_preview_of_the_seed_s_link() {
    // As the seed asks: the same names in the same order at the head, and nothing of them renamed.
    let preview = asked(&seed_record(), SEED_POOL);
    let json = serde_json::to_string(&preview).unwrap();
    let mut from = 0;
    for name in [
        "lineage_id",
        "schema_version",
        "payout_pool",
        "measured_value_total",
        "estimated_cost",
        "roi_ratio",
        "weights",
        "objective_weights",
        "signals",
        "payouts",
    ] {
        let at = json[from..].find(&format!("\"{name}\":"));
        from += at.unwrap_or_else(|| panic!("{name} comes after the names before it"));
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&preview).unwrap());
}

#[test]
fn nobody_there_leaves_the_pool_unallocated() {
    let nobody = r#"{"idea_id": "i", "spec_id": "s", "contributors": {}, "estimated_cost": 0}"#;
    let record = with_events(filed(nobody), &[]);
    let preview = asked(&record, r#"{"payout_pool": 100.0}"#);
    assert_eq!(paid(&preview), []);
    assert_eq!(preview.unallocated, preview.payout_pool);
    assert_eq!(shown_signals(&preview), ["0.0", "0.0", "0.0", "0.0", "0.0"]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&preview).unwrap());
    // And under the policy that does not pay names, neither do names make a difference.
    let record = named(r#""idea": "a", "review": "b""#);
    let preview = asked(&record, r#"{"payout_pool": 100.0, "policy": "energy-linear-v1"}"#);
    assert_eq!(paid(&preview), []);
    assert_eq!(preview.unallocated.to_string(), "100.0");
}

#[test]
fn an_investor_who_holds_the_role_too_has_one_row() {
    let preview = asked(&seed_record(), r#"{"payout_pool": 1000.0}"#);
    let rita = row_of(&preview, "rita");
    assert!(!rita.explanation.implied);
    assert_eq!(rita.energy_units, energy(3));
    // Another's investment does not push out who holds the role.
    let mut record = seed_record();
    record.link.investments[0].contributor = "rob".into();
    let preview = asked(&record, r#"{"payout_pool": 1000.0}"#);
    assert!(row_of(&preview, "rita").explanation.implied);
    assert!(!row_of(&preview, "rob").explanation.implied);
}
