//! Registering, editing, proposing and voting.

use super::{NO_NUMBERS, body, refusals, text_of};
use crate::given::node;
use domain::change_request::{NewChangeRequest, NewVote, Proposal};
use domain::edit::{MAX_LIST, MAX_PROSE, Patch};
use domain::error::Error;
use domain::idea::NewIdea;
use domain::input::{Errors, Node};
use domain::link::{MAX_NAME, MAX_REF, NewLink};
use domain::page::Parameters;
use domain::registry::{Precondition, excerpt, is_slug};
use domain::spec::{NewSpec, SpecContent, SpecQuery};

const SPEC: [(&str, &str); 2] = [("spec_id", r#""s""#), ("title", r#""A spec""#)];
const NAMING: [(&str, &str); 5] = [
    ("kind", r#""link_contributor""#),
    ("lineage_id", r#""lnk_01h455vb4pex5vsknk084sn02q""#),
    ("stage", r#""review""#),
    ("contributor", r#""rita""#),
    ("proposer", r#""carol""#),
];
const EDIT: [(&str, &str); 4] = [
    ("kind", r#""spec""#),
    ("spec_id", r#""s""#),
    ("changes", r#"{"title": "Other"}"#),
    ("proposer", r#""carol""#),
];

fn spec(changes: &[(&str, &str)]) -> String {
    body(&SPEC, changes)
}

fn patch(node: &Node) -> Result<Patch<SpecContent>, Error> {
    let mut errors = Errors::default();
    let read = Patch::read_all(node, "", &mut errors);
    errors.finish(read)
}

#[test]
fn every_wrong_field_of_a_spec_is_named_at_once() {
    insta::assert_snapshot!(refusals(
        NewSpec::read,
        [
            "{}".to_owned(),
            "[]".to_owned(),
            spec(&[("title", "null")]),
            spec(&[("title", "\"two\\nlines\"")]),
            spec(&[
                ("spec_id", "\" s\""),
                ("title", "\"\""),
                ("summary", "7"),
                ("process_summary", "\"\\u0007\""),
                ("source_files", "\"a\""),
                ("evidence_refs", r#"["a", "", 3, null]"#),
                ("idea_id", "\"\""),
                ("potential_value", "-1"),
                ("estimated_cost", "\"1\""),
                ("actual_cost", "1000000000001"),
                ("actual_value", "5"),
                ("value_gap", "5"),
                ("version", "2"),
                ("inventory_source", "\"import\""),
            ]),
            spec(&[("summary", &text_of(MAX_PROSE + 1)), ("title", &text_of(MAX_NAME + 1))]),
            spec(&[("task_ids", &format!("[{}]", vec!["\"t\""; MAX_LIST + 1].join(",")))]),
            spec(&[("branches", &format!("[{}]", text_of(MAX_REF + 1)))]),
        ]
    ));
}

#[test]
fn numbers_of_a_spec_are_read_as_strictly_as_a_link_s() {
    for wrong in NO_NUMBERS.iter().filter(|wrong| **wrong != "null") {
        let link =
            format!(r#"{{"idea_id": "i", "spec_id": "s", "contributors": {{}}, "estimated_cost": {wrong}}}"#);
        let refused = NewLink::read(&node(&link)).is_err();
        for field in ["potential_value", "estimated_cost", "actual_cost"] {
            let of_spec = NewSpec::read(&node(&spec(&[(field, wrong)])));
            assert_eq!(of_spec.is_err(), refused, "{field}: {wrong}");
        }
    }
}

#[test]
fn a_spec_keeps_what_was_sent_and_is_empty_where_nothing_was() {
    let whole = spec(&[
        ("summary", "\"  First\\r\\nsecond\\ttab \\n\""),
        ("source_files", r#"["a.md", "b.md", "a.md"]"#),
        ("actual_cost", "0"),
        ("potential_value", "0.000001"),
    ]);
    let content = NewSpec::read(&node(&whole)).unwrap().content;
    assert_eq!(content.summary, "First\nsecond\ttab");
    assert_eq!(content.source_files, ["a.md", "b.md", "a.md"]);
    assert_eq!(content.actual_cost.unwrap().to_string(), "0.0", "given, and zero");
    assert_eq!(content.potential_value.to_string(), "0.000001");
    let bare = NewSpec::read(&node(&spec(&[]))).unwrap().content;
    assert_eq!(bare, SpecContent { title: "A spec".into(), ..SpecContent::default() });
    let nulls = spec(&[
        ("summary", "null"),
        ("branches", "null"),
        ("idea_id", "null"),
        ("potential_value", "null"),
        ("actual_cost", "null"),
    ]);
    assert_eq!(NewSpec::read(&node(&nulls)).unwrap().content, bare);
}

#[test]
fn an_edit_names_every_wrong_field_at_once() {
    insta::assert_snapshot!(refusals(
        patch,
        [
            r#"{"spec_id": "other", "title": null, "summary": 5, "branches": [""], "potential_value": -0.1}"#,
            r#"{"actual_value": 3, "versions": 1, "titel": "x"}"#,
            "[]",
            "null",
        ]
    ));
}

#[test]
fn every_wrong_field_of_an_idea_is_named_at_once() {
    insta::assert_snapshot!(refusals(
        NewIdea::read,
        ["{}".to_owned(), r#"{"idea_id": 1, "title": null, "summary": [], "potential_value": 1}"#.to_owned(),]
    ));
}

#[test]
fn every_wrong_field_of_a_proposal_is_named_at_once() {
    insta::assert_snapshot!(refusals(
        NewChangeRequest::read,
        [
            "{}".to_owned(),
            body(&NAMING, &[("kind", "\"links\"")]),
            body(
                &NAMING,
                &[
                    ("lineage_id", "\"lnk_1\""),
                    ("stage", "\"reviews\""),
                    ("contributor", "\" \""),
                    ("proposer", "null"),
                    ("required_approvals", "0"),
                    ("changes", "{}"),
                ],
            ),
            body(&NAMING, &[("required_approvals", "11")]),
            body(&NAMING, &[("required_approvals", "1.5")]),
            body(&NAMING, &[("required_approvals", "\"1\"")]),
            body(&EDIT, &[("changes", "{}")]),
            body(&EDIT, &[("changes", "")]),
            body(&EDIT, &[("changes", r#"{"title": "", "potential_value": -1, "version": 1}"#)]),
            body(&EDIT, &[("kind", "\"idea\""), ("spec_id", ""), ("changes", r#"{"branches": []}"#)]),
        ]
    ));
}

#[test]
fn a_proposal_needs_one_approval_unless_it_says_more() {
    let new = NewChangeRequest::read(&node(&body(&NAMING, &[]))).unwrap();
    assert_eq!(new.required_approvals, 1);
    assert!(matches!(new.proposal, Proposal::LinkContributor(_)));
    let more = [("required_approvals", "10"), ("title", "\"t\""), ("reason", "\"a\\nb\"")];
    let new = NewChangeRequest::read(&node(&body(&EDIT, &more))).unwrap();
    assert_eq!((new.required_approvals, new.reason.as_deref()), (10, Some("a\nb")));
}

#[test]
fn every_wrong_field_of_a_vote_is_named_at_once() {
    insta::assert_snapshot!(refusals(
        NewVote::read,
        [
            "{}",
            r#"{"voter": "", "vote": "maybe", "reason": 1, "weight": 3}"#,
            r#"{"voter": "a", "vote": true}"#
        ]
    ));
}

#[test]
fn slugs_are_what_can_stand_in_an_address_as_it_is() {
    for slug in ["a", "048-value-lineage", "v1.2_x", "...a", &"a".repeat(MAX_NAME)] {
        assert!(is_slug(slug), "{slug}");
    }
    for other in ["", ".", "..", "A", "a b", "a/b", "é", "a%20", "a\n", &"a".repeat(MAX_NAME + 1)] {
        assert!(!is_slug(other), "{other}");
    }
}

#[test]
fn an_edit_says_which_version_it_is_made_to() {
    assert_eq!(Precondition::read(None), Err(Error::IfMatchMissing));
    for (sent, matches) in [
        ("*", true),
        ("\"3\"", true),
        ("\"3-00ff\"", true),
        ("\"1\", \"3-ab\"", true),
        ("\"2\"", false),
        ("W/\"3\"", false),
        ("3", false),
        ("\"x\"", false),
        ("\"33\"", false),
        ("", false),
    ] {
        assert_eq!(Precondition::read(Some(sent)).unwrap().allows(3), matches, "{sent:?}");
    }
}

#[test]
fn an_excerpt_is_short_and_says_that_it_is_one() {
    assert_eq!(excerpt("short"), "short");
    let cut = excerpt(&"ü ".repeat(400));
    assert!(cut.chars().count() <= 280 && cut.ends_with("ü…"), "{cut}");
}

#[test]
fn parameters_of_a_list_that_cannot_be_taken_say_why() {
    let read = |name: &str, value: &str| {
        SpecQuery::read(&Parameters(&[(name.to_owned(), value.to_owned())]))
            .map_err(|error| error.to_string())
    };
    let said: Vec<String> = [("sort", "title"), ("missing", "evidence"), ("order", "up"), ("origin", "gate")]
        .into_iter()
        .map(|(name, value)| read(name, value).unwrap_err())
        .collect();
    insta::assert_snapshot!(said.join("\n"));
    assert!(read("missing", "contributors").unwrap().missing_contributors);
    assert!(!read("missing", "").unwrap().missing_contributors);
}
