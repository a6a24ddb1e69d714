//! What is read of a file, and what is said of one that cannot be.

use super::{SpecFile, Unread, read};
use crate::import::front_matter::split;
use domain::{
    money::Amount,
    spec::{NewSpec, SpecContent},
};
use std::fmt::Write as _;

/// A spec without front matter, as the documentation shows one.
const TIDES: &str = include_str!("../../../../docs/examples/specs/012-tide-tables.md");

fn spec(text: &str) -> SpecFile {
    read("specs/012-tide-tables.md", text.as_bytes()).unwrap_or_else(|unread| panic!("{unread:?}: {text}"))
}

fn content(file: &SpecFile) -> SpecContent {
    file.spec.given.applied_to(&SpecContent::default())
}

fn took(file: &SpecFile) -> Vec<String> {
    file.found.iter().map(ToString::to_string).collect()
}

/// Why a text is not read.
fn problem(text: impl AsRef<[u8]>) -> String {
    match read("specs/a.md", text.as_ref()) {
        Err(Unread::Wrong(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn headings_become_the_fields_of_the_registry() {
    let file = spec(TIDES);
    assert_eq!(
        took(&file),
        ["title", "summary", "6 requirements", "pseudocode_summary", "3 files", "3 endpoints"]
    );
    assert_eq!((file.spec.spec_id.as_str(), file.notes.len()), ("012-tide-tables", 0));
    let expected = SpecContent {
        title: "Tide tables".into(),
        summary: "Tell a skipper **when to leave**, from the harbour's own gauge,\nand say how sure that is.".into(),
        process_summary: "A table gives high and low water of a day, in local time.; Each time comes with its \
                          uncertainty in minutes.; A gauge that fell silent is named:; within `15` minutes,; on every \
                          page.; Nothing is shown that was not measured."
            .into(),
        pseudocode_summary: "1. Take the last reading.\n2. Shift the table by its difference.".into(),
        implementation_summary: "api/src/tides.rs (tables and readings); api/src/gauge.rs (talks to the gauge); \
                                 web/tides.html"
            .into(),
        source_files: vec!["specs/012-tide-tables.md".into()],
        public_endpoints: vec![
            "GET /api/tides/{harbour}".into(),
            "POST /api/tides/{harbour}/readings".into(),
            "DELETE /api/tides/{harbour}/readings/{id}".into(),
        ],
        ..SpecContent::default()
    };
    assert_eq!(content(&file), expected);
}

#[test]
fn line_ends_marks_and_ways_of_writing_a_heading_make_no_difference() {
    let plain = content(&spec(TIDES));
    assert_eq!(content(&spec(&TIDES.replace('\n', "\r\n"))), plain);
    assert_eq!(content(&spec(&format!("\u{feff}{TIDES}"))), plain);
    let other = TIDES
        .replace("# Spec: Tide tables", "Tide tables\n===========")
        .replace("## Purpose", "## 1. PURPOSE:")
        .replace("## Requirements", "Requirements\n---")
        .replace("## Algorithm", "## Pseudocode (draft)");
    assert_eq!(content(&spec(&other)), plain);
}

#[test]
fn what_only_looks_like_a_heading_is_none() {
    let text = "# T\n\n```\n## Purpose\nnot this\n```\n\n> ## Purpose\n> nor this\n\n- ## Purpose\n\n## Purpose\n\nThis.\n\n### More\n\n```\n# code\n```\n\n# Next\n";
    assert_eq!(content(&spec(text)).summary, "This.\n\n### More\n\n```\n# code\n```");
}

#[test]
fn front_matter_wins_field_by_field() {
    let yaml = "---\nspec_id: tides\ntitle: Tides\nevidence_refs: [PR#26, \"commit:1\"]\ntask_ids:\n  - 12\n  - 0x1F\n\
                potential_value: 500.10\nestimated_cost: 0.1000000000000000000001\nactual_cost: '7'\nidea_id: 2026\n\
                public_endpoints: []\nprocess_summary: |\n  In two\n  lines.\nowner: ann\ntags: {a: [b]}\n---\n";
    let file = spec(&format!("{yaml}{TIDES}"));
    let plain = content(&spec(TIDES));
    let expected = SpecContent {
        title: "Tides".into(),
        process_summary: "In two\nlines.".into(),
        evidence_refs: vec!["PR#26".into(), "commit:1".into()],
        task_ids: vec!["12".into(), "0x1F".into()],
        public_endpoints: Vec::new(),
        idea_id: Some("2026".into()),
        potential_value: Amount::from_micros(500_100_000),
        estimated_cost: Amount::from_micros(100_000),
        actual_cost: Some(Amount::from_micros(7_000_000)),
        ..plain
    };
    assert_eq!((file.spec.spec_id.as_str(), content(&file)), ("tides", expected));
    assert_eq!(file.notes, ["owner is no field of the registry", "tags is no field of the registry"]);
    assert_eq!(took(&file)[..3], ["title", "summary", "process_summary"]);
    assert!(took(&file).contains(&"evidence_refs (2)".to_owned()), "{:?}", took(&file));
}

#[test]
fn a_number_in_front_matter_reaches_the_registry_digit_for_digit() {
    // As a double this would be 123456789012.34567.
    let file = spec("---\ntitle: T\npotential_value: 123456789012.345678\n---\n");
    assert_eq!(content(&file).potential_value, Amount::from_micros(123_456_789_012_345_678));
    let id = spec("---\nspec_id: 048\ntitle: 1.10\n---\n");
    assert_eq!((id.spec.spec_id.as_str(), content(&id).title.as_str()), ("048", "1.10"));
}

#[test]
fn null_empties_a_field_and_a_title_left_open_is_not_given() {
    let file = spec("---\ntitle:\nsummary:\nidea_id: ~\n---\n# Title\n\n## Purpose\n\nText.\n");
    assert_eq!((content(&file).title.as_str(), content(&file).summary.as_str()), ("Title", ""));
    let named: Vec<_> = file.spec.given.fields().collect();
    assert_eq!(named, ["title", "summary", "source_files", "idea_id"]);
}

#[test]
fn a_file_that_cannot_be_read_says_why_and_where() {
    let mut shown = String::new();
    for text in [
        "",
        " \n\t\n",
        "## Purpose\n\nNo title.\n",
        "---\nsummary: No title\n---\n",
        "---\ntitle: T\n",
        "---\ntitle: [\n---\n# T\n",
        "---\ntitle: T\n\tsummary: x\n---\n# T\n",
        "---\ntitle: T\ntitle: U\n---\n",
        "---\n- a list\n---\n",
        "---\njust text\n---\n",
        "---\ntitle: T\nbranches: main\n---\n",
        "---\ntitle: [T]\n---\n",
        "---\ntitle: T\npotential_value: much\nestimated_cost: -1\nactual_cost: .inf\n---\n",
        "---\ntitle: T\npotential_value: [1]\n---\n",
        "---\ntitle: T\nbranches: ['']\n---\n",
        "# Spec: Zero\u{200b}width\n",
    ] {
        let _ = writeln!(shown, "{text:?}\n    {}", problem(text));
    }
    let _ = writeln!(shown, "latin\n    {}", problem(b"# Spec: caf\xe9\n"));
    let long = format!("# Spec: {}\n", "x".repeat(201));
    let _ = writeln!(shown, "long title\n    {}", problem(long));
    insta::assert_snapshot!(shown);
}

#[test]
fn a_text_that_is_no_spec_is_passed_over() {
    for text in [
        "# Read me\n\nHow to build it.\n",
        "Notes\n",
        "# T\n\n## Usage\n\n- a\n",
        "---\nlayout: post\n---\n# T\n",
    ] {
        assert_eq!(read("README.md", text.as_bytes()).unwrap_err(), Unread::NoSpec, "{text}");
    }
    for text in
        ["# Spec: T\n", "# T\n\n## Requirements\n", "---\ntitle: T\n---\n", "# T\n\n## API Contract\n"]
    {
        assert_eq!(content(&spec(text)).title, "T", "{text}");
    }
}

#[test]
fn what_headings_have_too_much_of_is_cut_and_told() {
    let requirements: String =
        (0..500).map(|at| format!("- Requirement {at} {}\n", "x".repeat(60))).collect();
    let endpoints: String = (0..201).map(|at| format!("### GET /api/{at}\n")).collect();
    let purpose = "y".repeat(10_001);
    let text =
        format!("# T\n## Purpose\n{purpose}\n## Requirements\n{requirements}\n## API Contract\n{endpoints}");
    let file = spec(&text);
    assert_eq!(file.notes.len(), 3, "{:?}", file.notes);
    assert_eq!(file.notes[0], "summary: only its first 10000 of 10001 characters were taken");
    assert!(file.notes[1].starts_with("process_summary: only 12"), "{:?}", file.notes);
    assert_eq!(file.notes[2], "public_endpoints: no room for GET /api/200");
    let content = content(&file);
    assert!(content.process_summary.ends_with('x') && content.process_summary.chars().count() <= 10_000);
    // What front matter says instead need not be told of.
    let file = spec(&format!("---\nsummary: Short\nprocess_summary: Short\n---\n{text}"));
    assert_eq!(file.notes.len(), 1, "{:?}", file.notes);
}

#[test]
fn ids_come_of_file_names() {
    for (path, id) in [
        ("specs/048-Value Lineage.md", "048-value-lineage"),
        ("a.MD", "a"),
        ("x/y/deploy_gates.v2.md", "deploy_gates.v2"),
    ] {
        assert_eq!(read(path, b"# Spec: T\n").expect("a spec").spec.spec_id, id);
    }
}

#[test]
fn front_matter_ends_where_it_says() {
    assert_eq!(split("# T\n---\n").unwrap(), (None, "# T\n---\n"));
    assert_eq!(split("---\r\na: 1\r\n--- \r\nrest").unwrap(), (Some("a: 1\r\n"), "rest"));
    assert_eq!(split("---\na: 1\n...\nrest\n---\n").unwrap(), (Some("a: 1\n"), "rest\n---\n"));
    assert_eq!(split("---\n---").unwrap(), (Some(""), ""));
    assert_eq!(split("----\n").unwrap(), (None, "----\n"));
}

#[test]
fn what_is_read_is_what_the_api_would_take() {
    let file = spec(TIDES);
    let content = content(&file);
    let json =
        serde_json::to_string(&NewSpec { spec_id: file.spec.spec_id, content: content.clone() }).unwrap();
    let node = domain::input::Node::from_json(json.as_bytes()).unwrap();
    assert_eq!(NewSpec::read(&node).unwrap().content, content);
}
