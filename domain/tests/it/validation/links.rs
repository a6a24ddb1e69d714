//! Filing a link.

use super::{NO_NUMBERS, NO_TEXTS, body, refusals, text_of};
use crate::given::{NOW, SEED_LINK, node};
use domain::id::LinkId;
use domain::link::{MAX_ITEMS, MAX_NAME, MAX_REF, NewLink};
use domain::origin::Origin;
use uuid::Uuid;

const LINK: [(&str, &str); 4] =
    [("idea_id", r#""i""#), ("spec_id", r#""s""#), ("contributors", "{}"), ("estimated_cost", "1")];

const INVESTMENT: [(&str, &str); 3] =
    [("stage", r#""spec""#), ("contributor", r#""ann""#), ("energy_units", "1")];

fn link(changes: &[(&str, &str)]) -> String {
    body(&LINK, changes)
}

/// A link of one investment.
fn with_investment(changes: &[(&str, &str)]) -> String {
    link(&[("investments", &format!("[{}]", body(&INVESTMENT, changes)))])
}

/// A link of a list with so many of the same item.
fn with_items(name: &str, item: &str, count: usize) -> String {
    link(&[(name, &format!("[{}]", vec![item; count].join(", ")))])
}

/// What is kept of a body, as JSON.
fn kept(body: &str) -> String {
    let new = NewLink::read(&node(body)).unwrap_or_else(|error| panic!("{error:?}: {body}"));
    serde_json::to_string_pretty(&new).unwrap()
}

/// One member of what is kept, as JSON.
fn kept_at(body: &str, pointer: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(&kept(body)).unwrap();
    value.pointer(pointer).unwrap_or_else(|| panic!("{pointer} of {body}")).to_string()
}

#[test]
fn names_every_missing_and_wrong_field_at_once() {
    insta::assert_snapshot!(refusals(
        NewLink::read,
        [
            "{}".to_owned(),
            link(&[("idea_id", ""), ("estimated_cost", "")]),
            r#"{"idea_id": "", "spec_id": 7, "implementation_refs": ["a", "", 3], "contributors": {"idea": " ",
               "boss": "x"}, "investments": [{"stage": "spek", "energy_units": 0}, 5, {}], "estimated_cost": -1,
               "extra": null}"#
                .to_owned(),
        ]
    ));
}

#[test]
fn refuses_a_body_that_is_no_object() {
    let bodies = ["[]", "null", "true", "1", r#""link""#, "NaN", r#"[{"idea_id": "i"}]"#];
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_texts_that_are_none() {
    let too_long = text_of(MAX_NAME + 1);
    let wrong = NO_TEXTS.iter().copied().chain([too_long.as_str()]);
    let mut bodies: Vec<String> = wrong.clone().map(|text| link(&[("idea_id", text)])).collect();
    bodies.extend(["null", "1", r#""""#].map(|text| link(&[("spec_id", text)])));
    bodies.extend(wrong.map(|text| with_investment(&[("contributor", text)])));
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_costs_that_are_none() {
    let more = ["-1", "-0.0000001", "1000000000000.0000001", "1e13", "1e24", "-1e999"];
    let bodies = NO_NUMBERS.iter().chain(&more).filter(|json| !json.ends_with(' '));
    let bodies = bodies.map(|json| link(&[("estimated_cost", json)]));
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_energy_that_is_none() {
    let more = ["0", "-0.0", "-3", "0.0000005", "1e-9", "1000000000.0000001", "1e10"];
    let bodies = NO_NUMBERS.iter().chain(&more).map(|json| with_investment(&[("energy_units", json)]));
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_scores_outside_zero_to_one() {
    let wrong = ["-0.0000001", "-1", "1.0000001", "1.00000000000000000001", "2", "50", "1e999"];
    let mut bodies = Vec::new();
    for name in ["coherence_score", "awareness_score", "friction_score"] {
        bodies.extend(wrong.map(|json| with_investment(&[(name, json)])));
    }
    let kinds = NO_NUMBERS.iter().filter(|json| **json != "null" && !json.ends_with(' '));
    bodies.extend(kinds.map(|json| with_investment(&[("awareness_score", json)])));
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_stages_and_roles_that_are_none() {
    let stages = [
        r#""implementatoin""#,
        r#""Spec""#,
        r#""spec-upgrade""#,
        r#""reviews""#,
        r#""staker""#,
        r#""""#,
        r#"" spec""#,
        "null",
        "2",
        r#"["spec"]"#,
        "NaN",
    ];
    let mut bodies: Vec<String> = stages.iter().map(|stage| with_investment(&[("stage", stage)])).collect();
    let roles = [
        "null",
        "[]",
        r#""ann""#,
        r#"{"implementaton": "ann"}"#,
        r#"{"Review": "ann"}"#,
        r#"{"staker": "ann", "": "bob"}"#,
        r#"{"idea": 1, "spec": "", "review": ["dave"]}"#,
        r#"{"idea": "zero\u200bwidth"}"#,
    ];
    bodies.extend(roles.iter().map(|roles| link(&[("contributors", roles)])));
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_names_it_does_not_know() {
    let long = "stage".repeat(400_000);
    let bodies = [
        link(&[("idea", "1")]),
        link(&[("estimated_costs", "1")]),
        link(&[("Idea_Id", r#""i""#)]),
        link(&[("investment", "[]")]),
        link(&[("id", r#""lnk_1""#)]),
        link(&[("q", "1"), ("", "2"), ("a\\u0007b", "3")]),
        with_investment(&[("energy", "1")]),
        with_investment(&[("coherence", "1"), ("stages", "1"), ("role", "1")]),
        link(&[(&long, "1")]),
        with_investment(&[("stage", &format!("\"{long}\""))]),
    ];
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn refuses_lists_that_are_none_or_too_long() {
    let one = body(&INVESTMENT, &[]);
    let mut bodies = vec![
        with_items("implementation_refs", r#""a""#, MAX_ITEMS + 1),
        with_items("investments", &one, MAX_ITEMS + 1),
        link(&[("implementation_refs", &format!("[{}]", text_of(MAX_REF + 1)))]),
        link(&[("implementation_refs", r#"["a", null, "", " b", 1, [], {}]"#)]),
        link(&[("investments", r#"[null, "a", 1, true, []]"#)]),
    ];
    for name in ["implementation_refs", "investments"] {
        bodies.extend(["null", "{}", r#""a""#, "1", "false", "NaN"].map(|json| link(&[(name, json)])));
    }
    insta::assert_snapshot!(refusals(NewLink::read, bodies));
}

#[test]
fn takes_the_seed_s_link_and_answers_as_the_seed_does() {
    let filed =
        NewLink::read(&node(SEED_LINK)).unwrap().filed(LinkId::new(Uuid::from_u128(1)), Origin::Work, NOW);
    insta::assert_snapshot!(serde_json::to_string_pretty(&filed).unwrap());
}

#[test]
fn takes_absent_lists_null_roles_and_default_scores() {
    insta::assert_snapshot!(kept(&link(&[
        ("contributors", r#"{"idea": null, "review": "dave"}"#),
        (
            "investments",
            r#"[{"stage": "idea", "contributor": "ann", "energy_units": 1, "coherence_score": null}]"#
        ),
    ])));
}

#[test]
fn takes_everything_at_its_limits() {
    for accepted in [
        link(&[("idea_id", &text_of(MAX_NAME))]),
        link(&[("implementation_refs", &format!("[{}]", text_of(MAX_REF)))]),
        with_items("implementation_refs", r#""a""#, MAX_ITEMS),
        with_items("investments", &body(&INVESTMENT, &[]), MAX_ITEMS),
        with_investment(&[("coherence_score", "0"), ("awareness_score", "1"), ("friction_score", "1.000")]),
        link(&[("contributors", r#"{"idea": "李 雷", "spec": "agent:7", "review": "a b"}"#)]),
    ] {
        kept(&accepted);
    }
}

#[test]
fn rounds_half_to_even_to_six_places_and_shows_what_it_keeps() {
    for (sent, kept) in [
        ("120", "120.0"),
        ("1.2e2", "120.0"),
        ("12E-1", "1.2"),
        ("0.0000005", "0.0"),
        ("0.0000015", "0.000002"),
        ("0.0000025", "0.000002"),
        ("0.00000250000001", "0.000003"),
        ("0.30000000000000004", "0.3"),
        ("1e-999999999999999999999", "0.0"),
        ("0e999999999999999999999", "0.0"),
        ("-0.0", "0.0"),
        ("1000000000000", "1000000000000.0"),
        ("999999999999.999999", "999999999999.999999"),
    ] {
        let kept_text = format!("\"estimated_cost\": {kept}\n");
        assert!(super::links::kept(&link(&[("estimated_cost", sent)])).contains(&kept_text), "{sent}");
    }
    assert_eq!(
        kept_at(&with_investment(&[("energy_units", "0.0000015")]), "/investments/0/energy_units"),
        "2e-6"
    );
    let score = with_investment(&[("friction_score", "0.9999995")]);
    assert_eq!(kept_at(&score, "/investments/0/friction_score"), "1.0");
    let least = kept(&with_investment(&[("energy_units", "0.0000005000001")]));
    assert!(least.contains("\"energy_units\": 0.000001,"));
}
