//! What somebody wrote by hand is not overwritten, unless that is asked for.

use super::{PATH, edit, given::Specs, given::TIDES};
use crate::given::{CHANGE_REQUESTS, SPECS, TestApp};

const FILE: &str = "012-tide-tables.md";

#[tokio::test]
async fn what_was_edited_by_hand_is_kept_until_force() {
    let (app, specs) = (TestApp::new().await, Specs::of(&[(FILE, TIDES), ("b.md", "# Spec: B\n")]));
    specs.import(&app.database.address, &[]).await.assert_code(0);
    let by_hand = r#"{"title": "By hand", "evidence_refs": ["PR#1"], "potential_value": 500}"#;
    app.send(edit(PATH, by_hand)).await.assert_status(200);
    let before = app.database.dump().await;
    let kept = specs.import(&app.database.address, &[]).await.assert_code(0);
    let line = "specs/012-tide-tables.md: kept 012-tide-tables: it was edited by hand since";
    assert_eq!(
        kept.lines()[0],
        format!("{line}, and the file is as it was; --force takes what the file says")
    );
    assert!(kept.counts().contains("1 unchanged, 1 kept (edited by hand)"), "{}", kept.counts());
    specs.write(FILE, TIDES.replace("Tide tables", "Tides"));
    let changed = specs.import(&app.database.address, &[]).await.assert_code(0);
    assert_eq!(
        changed.lines()[0],
        format!("{line}, and the file has changed too; --force takes what the file says")
    );
    assert_eq!(app.database.dump().await, before, "kept is not written");
    let forced = specs.import(&app.database.address, &["--force"]).await.assert_code(0);
    assert!(forced.lines()[0].starts_with("specs/012-tide-tables.md: updated 012-tide-tables: "));
    let spec = app.get(PATH).await;
    assert_eq!((spec.at("title"), spec.at("version")), ("Tides".into(), "3".into()));
    let not_in_file = (spec.at("evidence_refs[0]"), spec.at("potential_value"));
    assert_eq!(not_in_file, ("PR#1".into(), "500.0".into()), "of which the file says nothing");
    // From then on the file is followed again.
    specs.write(FILE, TIDES);
    specs.import(&app.database.address, &[]).await.assert_code(0);
    assert_eq!(app.get(PATH).await.at("title"), "Tide tables");
    app.assert_verified().await;
}

#[tokio::test]
async fn what_was_registered_by_hand_is_kept_until_force() {
    let (app, specs) = (TestApp::new().await, Specs::of(&[(FILE, TIDES), ("same.md", "# Spec: Same\n")]));
    app.register_spec(r#"{"spec_id": "012-tide-tables", "title": "By hand"}"#).await;
    let same =
        r#"{"spec_id": "same", "title": "Same", "source_files": ["specs/same.md"], "summary": "More"}"#;
    app.register_spec(same).await;
    let before = app.database.dump().await;
    let kept = specs.import(&app.database.address, &[]).await.assert_code(0);
    assert_eq!(
        kept.lines()[0],
        "specs/012-tide-tables.md: kept 012-tide-tables: it was registered by hand and says something else; \
         --force takes what the file says"
    );
    assert_eq!(kept.lines()[1], "specs/same.md: unchanged same");
    assert_eq!(app.database.dump().await, before);
    specs.import(&app.database.address, &["--force"]).await.assert_code(0);
    let spec = app.get(PATH).await;
    assert_eq!((spec.at("title"), spec.at("inventory_source")), ("Tide tables".into(), "local".into()));
    app.assert_verified().await;
}

#[tokio::test]
async fn an_edit_that_was_voted_for_is_kept() {
    let (app, specs) = (TestApp::new().await, Specs::of(&[(FILE, TIDES)]));
    specs.import(&app.database.address, &[]).await.assert_code(0);
    let proposal =
        r#"{"kind": "spec", "spec_id": "012-tide-tables", "changes": {"title": "Voted"}, "proposer": "ann"}"#;
    let request = app.post(CHANGE_REQUESTS, proposal).await.assert_status(201).at("id");
    assert_eq!(app.vote(&request, "bob", "yes").await.assert_status(201).at("status"), "applied");
    let kept = specs.import(&app.database.address, &[]).await.assert_code(0);
    assert!(kept.counts().contains("1 kept"), "{}", kept.out);
    assert_eq!(app.get(PATH).await.at("title"), "Voted");
    app.assert_verified().await;
}

#[tokio::test]
async fn the_second_file_of_a_spec_is_told_of_and_not_taken() {
    let second = "---\nspec_id: a\n---\n# Spec: Second\n";
    let (app, specs) = (TestApp::new().await, Specs::of(&[("a.md", "# Spec: First\n"), ("b.md", second)]));
    specs.write("sub/a.md", "# Spec: Third\n");
    for outcome in ["registered a: title", "unchanged a"] {
        let ran = specs.import(&app.database.address, &["--force"]).await.assert_code(1);
        let other = "could not be read: specs/a.md has the spec_id a already; give one of them another in front matter";
        assert_eq!(
            ran.lines()[..3],
            [
                format!("specs/a.md: {outcome}"),
                format!("specs/b.md: {other}"),
                format!("specs/sub/a.md: {other}")
            ]
        );
    }
    assert_eq!(app.get(&format!("{SPECS}/a")).await.at("title"), "First");
}
