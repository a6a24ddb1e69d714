//! `tributary import specs` and `tributary import git`, as their user runs them.

mod files;
mod given;
mod hands;
mod history;
mod policies;

use crate::given::{Call, Database, LINK, SPECS, TestApp, Tributary, on_postgres};
use given::{Specs, TIDES};

/// The address of the example's spec.
const PATH: &str = "/api/spec-registry/012-tide-tables";

/// An edit by hand.
fn edit(path: &str, body: &str) -> Call {
    Call::new("PATCH", path)
        .body(body)
        .with("content-type", "application/merge-patch+json")
        .with("if-match", "*")
}

/// Who wrote what, in order.
async fn ledger(app: &TestApp) -> Vec<String> {
    app.database
        .texts("SELECT actor || ' ' || action || ' ' || subject FROM ledger_entries ORDER BY id")
        .await
}

#[tokio::test]
async fn a_spec_of_headings_is_registered_with_all_that_it_says() {
    let (app, specs) = (TestApp::new().await, Specs::of(&[("012-tide-tables.md", TIDES)]));
    let ran = specs.import(&app.database.address, &[]).await.assert_code(0);
    let took = "title, summary, 6 requirements, pseudocode_summary, 3 files, 3 endpoints";
    assert_eq!(
        ran.lines(),
        [
            &*format!("specs/012-tide-tables.md: registered 012-tide-tables: {took}"),
            "1 file: 1 registered, 0 updated, 0 unchanged, 0 kept (edited by hand), 0 could not be read",
        ]
    );
    let spec = app.get(PATH).await.assert_status(200);
    for (field, text) in [
        ("title", "Tide tables"),
        ("inventory_source", "import"),
        ("version", "1"),
        ("source_files[0]", "specs/012-tide-tables.md"),
        ("public_endpoints[1]", "POST /api/tides/{harbour}/readings"),
    ] {
        assert_eq!(spec.at(field), text, "{field}");
    }
    assert!(
        spec.at("summary").starts_with("Tell a skipper **when to leave**, from"),
        "{}",
        spec.at("summary")
    );
    assert!(
        spec.at("process_summary")
            .starts_with("A table gives high and low water of a day, in local time.; Each")
    );
    let built =
        "api/src/tides.rs (tables and readings); api/src/gauge.rs (talks to the gauge); web/tides.html";
    assert_eq!(spec.at("implementation_summary"), built);
    assert_eq!(ledger(&app).await, ["import register_spec spec:012-tide-tables"]);
    app.assert_verified().await;
}

#[tokio::test]
async fn front_matter_wins_over_headings_and_what_is_unknown_is_told() {
    let yaml = "---\nspec_id: tides\ntitle: Tides\nevidence_refs: [PR#26, PR#27]\npotential_value: 123456789012.345678\n\
                idea_id: harbours\nowner: ann\n---\n";
    let (app, specs) =
        (TestApp::new().await, Specs::of(&[("012-tide-tables.md", &format!("{yaml}{TIDES}"))]));
    let ran = specs.import(&app.database.address, &[]).await.assert_code(0);
    let line = ran.lines()[0];
    assert!(
        line.starts_with("specs/012-tide-tables.md: registered tides: title, summary, 6 requirements"),
        "{line}"
    );
    assert!(line.contains("evidence_refs (2)") && line.contains("potential_value"), "{line}");
    assert!(line.ends_with("; not taken: owner is no field of the registry"), "{line}");
    let spec = app.get(&format!("{SPECS}/tides")).await.assert_status(200);
    assert_eq!((spec.at("title"), spec.at("idea_id")), ("Tides".into(), "harbours".into()));
    assert_eq!(spec.at("potential_value"), "123456789012.345678", "digit for digit");
    assert!(spec.at("summary").starts_with("Tell a skipper"), "what front matter does not say");
    app.get("/api/ideas/harbours").await.assert_status(200);
    app.assert_verified().await;
}

#[tokio::test]
async fn the_same_files_again_change_nothing_whatever() {
    let app = TestApp::new().await;
    app.file_link(LINK).await;
    let linked = "---\nspec_id: 048-value-lineage-and-payout-attribution\n---\n# Spec: Lineage\n";
    let specs = Specs::of(&[("a.md", TIDES), ("sub/b.md", "# Spec: B\n"), ("linked.md", linked)]);
    specs.import(&app.database.address, &[]).await.assert_code(0);
    let before = app.database.dump().await;
    for words in [&[][..], &["--force"], &["--dry-run"]] {
        let again = specs.import(&app.database.address, words).await.assert_code(0);
        assert_eq!(
            again.lines()[..2],
            [
                "specs/a.md: unchanged a",
                "specs/linked.md: unchanged 048-value-lineage-and-payout-attribution"
            ]
        );
        assert!(again.counts().contains("3 unchanged"), "{}", again.counts());
        assert_eq!(app.database.dump().await, before, "{words:?}");
    }
    // A file by itself is told of as it was in its folder.
    let alone = given::import(&specs.path().join("a.md"), &app.database.address, &[]).await.assert_code(0);
    assert_eq!(alone.lines()[0], "specs/a.md: unchanged a");
}

#[tokio::test]
async fn a_file_that_changed_updates_its_spec_and_no_other() {
    let (app, specs) =
        (TestApp::new().await, Specs::of(&[("012-tide-tables.md", TIDES), ("b.md", "# Spec: B\n")]));
    specs.import(&app.database.address, &[]).await.assert_code(0);
    let start = TIDES.find("## Algorithm").expect("a section");
    specs.write("012-tide-tables.md", TIDES[..start].replace("Tide tables", "Tides"));
    let ran = specs.import(&app.database.address, &[]).await.assert_code(0);
    assert!(ran.lines()[0].starts_with("specs/012-tide-tables.md: updated 012-tide-tables: title, summary"));
    assert_eq!(ran.lines()[1], "specs/b.md: unchanged b");
    let spec = app.get(PATH).await;
    assert_eq!((spec.at("title"), spec.at("version")), ("Tides".into(), "2".into()));
    let emptied = (spec.at("pseudocode_summary"), spec.at("implementation_summary"));
    assert_eq!(emptied, (String::new(), String::new()), "what the file says no more");
    assert_eq!(app.get(&format!("{SPECS}/b")).await.at("version"), "1");
    assert_eq!(ledger(&app).await[2], "import edit_spec spec:012-tide-tables");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_stub_is_filled_and_keeps_what_its_links_say() {
    let (app, link) = TestApp::seed().await;
    let id = "048-value-lineage-and-payout-attribution";
    let specs = Specs::of(&[(&format!("{id}.md"), TIDES)]);
    let ran = specs.import(&app.database.address, &[]).await.assert_code(0);
    assert!(ran.lines()[0].contains(&format!("registered {id}: title")), "{}", ran.out);
    let spec = app.get(&format!("{SPECS}/{id}")).await;
    assert_eq!(
        (spec.at("title"), spec.at("idea_id")),
        ("Tide tables".into(), "oss-interface-alignment".into())
    );
    assert_eq!((spec.at("actual_value"), spec.at("lineage_ids[0]")), ("100.0".into(), link));
    // The idea that a link gave it is nothing that the file would have to say.
    specs.write(&format!("{id}.md"), TIDES.replace("Tide tables", "Tides"));
    specs.import(&app.database.address, &[]).await.assert_code(0);
    assert_eq!(app.get(&format!("{SPECS}/{id}")).await.at("idea_id"), "oss-interface-alignment");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let (app, specs) = (TestApp::new().await, Specs::of(&[("a.md", TIDES), ("b.md", "# Spec: B\n")]));
    specs.import(&app.database.address, &[]).await.assert_code(0);
    specs.write("b.md", "# Spec: Other\n");
    specs.write("c.md", "# Spec: C\n");
    let before = app.database.dump().await;
    let ran = specs.import(&app.database.address, &["--dry-run"]).await.assert_code(0);
    assert_eq!(
        ran.lines(),
        [
            "specs/a.md: unchanged a",
            "specs/b.md: would update b: title",
            "specs/c.md: would register c: title",
            "3 files: 1 would be registered, 1 would be updated, 1 unchanged, 0 kept (edited by hand), \
             0 could not be read; nothing was written",
        ]
    );
    assert_eq!(app.database.dump().await, before);
    let nowhere = Database::sqlite();
    let ran = specs.import(&nowhere.address, &["--dry-run"]).await.assert_code(0);
    assert!(ran.counts().starts_with("3 files: 3 would be registered"), "{}", ran.out);
    assert!(!nowhere.file().exists(), "not even a database");
}

#[tokio::test]
async fn as_json_it_is_one_object() {
    let (app, specs) =
        (TestApp::new().await, Specs::of(&[("a.md", TIDES), ("b.md", ""), ("c.md", "# Notes\n")]));
    specs.write("d.md", "---\nowner: ann\ntitle: D\n---\n");
    app.register_spec(r#"{"spec_id": "d", "title": "By hand"}"#).await;
    let ran = specs.import(&app.database.address, &["--json"]).await.assert_code(1);
    assert_eq!(
        ran.json().each("files", "outcome"),
        ["registered", "could_not_be_read", "passed_over", "kept"]
    );
    insta::assert_snapshot!(ran.out);
}

/// The whole way, on either database.
async fn imports_are_safe_to_repeat(database: Database) {
    let specs =
        Specs::of(&[("a.md", TIDES), ("b.md", "# Spec: B\n"), ("c.md", "---\nspec_id: a\n---\n# C\n")]);
    let address = database.address.clone();
    let counts = async |words: &[&str], code| {
        specs.import(&address, words).await.assert_code(code).counts().to_owned()
    };
    let told = |counts: &str| format!("3 files: {counts}, 1 could not be read");
    let first = counts(&[], 1).await;
    assert_eq!(first, told("2 registered, 0 updated, 0 unchanged, 0 kept (edited by hand)"));
    assert_eq!(counts(&[], 1).await, told("0 registered, 0 updated, 2 unchanged, 0 kept (edited by hand)"));
    specs.write("a.md", TIDES.replace("Tide", "High tide"));
    assert_eq!(counts(&[], 1).await, told("0 registered, 1 updated, 1 unchanged, 0 kept (edited by hand)"));
    specs.write("c.md", "# Spec: C\n");
    // Whatever made a newer version, it was not the import; nor is it known which fields it wrote, as once it was not.
    let by_hand =
        r#"UPDATE spec_imports SET version = 1, fields = '["title", "summary"]' WHERE spec_id = 'a'"#;
    database.run(by_hand).await;
    specs.write("a.md", TIDES);
    let kept = counts(&[], 0).await;
    assert_eq!(
        kept,
        "3 files: 1 registered, 0 updated, 1 unchanged, 1 kept (edited by hand), 0 could not be read"
    );
    let forced = counts(&["--force"], 0).await;
    assert_eq!(
        forced,
        "3 files: 0 registered, 1 updated, 2 unchanged, 0 kept (edited by hand), 0 could not be read"
    );
    let verify = Tributary::new(&["verify", "--database", &address]).output();
    let said = String::from_utf8_lossy(&verify.stdout).into_owned();
    assert_eq!(said, "0 links, 0 events, 5 ledger entries: every total agrees with its events\n");
    database.run("UPDATE spec_imports SET version = 9 WHERE spec_id = 'a'").await;
    let verify = Tributary::new(&["verify", "--database", &address]).output();
    let said = String::from_utf8_lossy(&verify.stdout).into_owned();
    assert!(said.starts_with("spec a: imported version is kept as 9, but comes to 3\n"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_are_safe_to_repeat_on_sqlite() {
    imports_are_safe_to_repeat(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_are_safe_to_repeat_on_postgres() {
    on_postgres(imports_are_safe_to_repeat).await;
}

/// Two at once: every spec is registered once, and neither fails.
async fn two_imports_at_once_agree(database: Database) {
    let specs = Specs::of(&[]);
    (0..20).for_each(|at| specs.write(&format!("{at:02}.md"), format!("# Spec: {at}\n")));
    database.open().await.close().await;
    let (one, two) = tokio::join!(
        specs.import(&database.address, &["--json"]),
        specs.import(&database.address, &["--json"])
    );
    let (one, two) = (one.assert_code(0).json(), two.assert_code(0).json());
    let count = |name: &str| [&one, &two].map(|ran| ran.text(name).parse::<usize>().expect("a number"));
    assert_eq!(count("registered").iter().sum::<usize>(), 20);
    assert_eq!(count("unchanged").iter().sum::<usize>(), 20);
    assert_eq!(database.open().await.verify().await.expect("a verification").differences, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_agree_on_sqlite() {
    two_imports_at_once_agree(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_at_once_agree_on_postgres() {
    on_postgres(two_imports_at_once_agree).await;
}
