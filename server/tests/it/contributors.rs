//! Contributors, units, claims, traces and imports, as the API gives them.

use crate::given::{Branch, Call, TestApp};
use domain::contribution::{Citation, CitationKind, KnowledgeKind, ObjectState};
use std::fmt::Write as _;

const CONTRIBUTORS: &str = "/api/contributors";

fn patch(handle: &str, tag: &str, body: &str) -> Call {
    Call::new("PATCH", &format!("{CONTRIBUTORS}/{handle}"))
        .body(body)
        .with("content-type", "application/merge-patch+json")
        .with("if-match", tag)
}

fn piece(title: &str, cites: &[(CitationKind, &str)]) -> ObjectState {
    let citation =
        |(kind, slug): &(CitationKind, &str)| Citation { kind: *kind, slug: (*slug).into(), target: None };
    ObjectState {
        title: title.into(),
        citations: cites.iter().map(citation).collect(),
        ..ObjectState::default()
    }
}

/// A small branch with the whole chain: a position on a belief on claims on a source, with a link that is broken and a
/// claim that cites back.
fn chain() -> Branch {
    let mut branch = Branch::new("codex");
    let source = ObjectState { sources: vec!["A tide table".into()], ..piece("Tide table", &[]) };
    branch
        .merge("Archive the table", "rio", "Bob")
        .trailer("pentagon-agent", "rio")
        .put(KnowledgeKind::Source, "inbox/archive/tide-table.md", source)
        .done();
    branch
        .merge("rio: tides rise twice", "rio", "Bob")
        .trailer("pentagon-agent", "rio")
        .claim(
            "domains/tides/tides-rise.md",
            &[(CitationKind::Source, "tide-table"), (CitationKind::Cites, "lost")],
        )
        .done();
    branch
        .merge("The moon pulls", "Ann", "Bob")
        .claim(
            "domains/moon/moon-pulls.md",
            &[(CitationKind::Cites, "tides-rise"), (CitationKind::Cites, "we-wait")],
        )
        .done();
    let belief = piece(
        "The sea keeps time",
        &[(CitationKind::DependsOn, "moon-pulls"), (CitationKind::DependsOn, "tides-rise")],
    );
    branch
        .merge("A belief", "rio", "Ann")
        .trailer("pentagon-agent", "rio")
        .put(KnowledgeKind::Belief, "agents/rio/beliefs/sea-keeps-time.md", belief)
        .done();
    let position = piece("We wait for the tide", &[(CitationKind::DependsOn, "sea-keeps-time")]);
    branch
        .merge("A position", "Ann", "Bob")
        .put(KnowledgeKind::Position, "agents/rio/positions/we-wait.md", position)
        .done();
    let state = branch.state("domains/tides/tides-rise.md");
    let state = ObjectState { challenged_by: vec!["Lakes have none".into()], ..state };
    branch
        .merge("Challenge it", "Bob", "Ann")
        .put(KnowledgeKind::Claim, "domains/tides/tides-rise.md", state)
        .done();
    branch
}

async fn with_chain() -> TestApp {
    let app = TestApp::new().await;
    chain().keep(&*app.store, 10).await;
    app
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_and_stores_nothing() {
    let app = with_chain().await;
    app.send(patch("rio", "*", r#"{"principal": "ann"}"#)).await.assert_status(200);
    let mut shown = String::new();
    for (name, call) in [
        ("unknown", Call::get("/api/contributors/nobody")),
        ("no text", Call::get("/api/contributors/%FF")),
        ("wrong weights", Call::get("/api/contributors?weights=ci-v9")),
        ("wrong month", Call::get("/api/contributors?from=2026-13")),
        ("turned window", Call::get("/api/contributors?from=2026-03&to=2026-02")),
        ("wrong version", Call::get("/api/contributors/rio?version=v2")),
        ("unknown parameter", Call::get("/api/contributors?hat=1")),
        ("wrong role", Call::get("/api/contributors/rio/credits?role=cook")),
        ("credits of nobody", Call::get("/api/contributors/nobody/credits")),
        ("no unit", Call::get("/api/contribution-units/unt_01h455vb4pex5vsknk084sn02q")),
        ("no id", Call::get("/api/contribution-units/7")),
        ("wrong class", Call::get("/api/contribution-units?class=big")),
        ("no claim", Call::get("/api/claims/nothing")),
        ("a belief is no claim", Call::get("/api/claims/sea-keeps-time")),
        ("no such position", Call::get("/api/trace/position/nothing")),
        ("no text of a claim", Call::get("/api/claims/%00")),
        ("no text of a position", Call::get("/api/trace/position/we%00wait")),
        ("no such kind", Call::get("/api/trace/opinion/we-wait")),
        ("too deep", Call::get("/api/trace/position/we-wait?depth=11")),
        ("reason of runs", Call::get("/api/imports?reason=not_yaml")),
        ("wrong cursor", Call::get("/api/imports/issues?cursor=0.abc")),
        ("edit of nobody", patch("nobody", "*", r#"{"name": "N"}"#)),
        (
            "no version",
            Call::new("PATCH", "/api/contributors/rio").body("{}").with("content-type", "application/json"),
        ),
        ("old version", patch("rio", "\"0\"", r#"{"name": "Rio"}"#)),
        (
            "wrong fields",
            patch("rio", "*", r#"{"kind": "robot", "principal": "Ann B", "aliases": [1], "hat": 2}"#),
        ),
        ("works for itself", patch("rio", "*", r#"{"principal": "rio"}"#)),
        ("the past", patch("rio", "*", r#"{"principal": null, "principal_from": "2026-01-02T00:00:00Z"}"#)),
        ("a made-up handle", patch("Not%20One", "*", r#"{"kind": "person"}"#)),
        ("deleted", Call::new("DELETE", "/api/contributors/rio")),
    ] {
        let answer = app.refuse(call).await;
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn contributors_are_ranked_and_told_of_with_their_credits() {
    let app = with_chain().await;
    let list = app.get(CONTRIBUTORS).await.assert_status(200);
    insta::assert_snapshot!("contributors", list.shown());
    let profile = app.get("/api/contributors/rio").await.assert_status(200);
    insta::assert_snapshot!("a_contributor", profile.shown());
    assert!(profile.header("etag").is_some_and(|tag| tag.starts_with("\"0-")));
    let credits = app.get("/api/contributors/bob/credits?counted=true&limit=2").await.assert_status(200);
    insta::assert_snapshot!("credits", credits.shown());
    let rest = app.get(&format!("/api/contributors/bob/credits?cursor={}", credits.at("next_cursor"))).await;
    assert_ne!(rest.assert_status(200).at("credits[0].unit"), credits.at("credits[0].unit"));
}

#[tokio::test]
async fn what_is_decided_is_kept_under_its_version_and_on_record() {
    let app = with_chain().await;
    let decided = app.send(patch("rio", "\"0\"", r#"{"principal": "ann", "reason": "She set it up"}"#)).await;
    assert_eq!(decided.assert_status(200).header("etag"), Some("\"1\""));
    insta::assert_snapshot!("decided", app.get("/api/contributors/rio").await.shown());
    let stale = app.send(patch("rio", "\"0\"", r#"{"principal": null}"#)).await;
    stale.assert_status(412);
    let same = app.send(patch("rio", "\"1\"", r#"{"principal": "ann"}"#)).await.assert_status(200);
    assert_eq!(same.header("etag"), Some("\"1\""), "what changes nothing makes no version");
    let made_known =
        app.send(patch("zoe", "*", r#"{"kind": "person", "name": "Zoë"}"#)).await.assert_status(200);
    assert_eq!((made_known.at("name"), made_known.at("version")), ("Zoë".into(), "1".into()));
    app.send(patch("ann", "*", r#"{"aliases": ["annette"]}"#)).await.assert_status(200);
    assert_eq!(app.get("/api/contributors/annette").await.assert_status(200).at("handle"), "ann");
    assert_eq!(app.get("/api/contributors/merge-proposals").await.text, r#"{"proposals":[]}"#);
    let key = |body: &str| patch("bob", "*", body).with("idempotency-key", "once");
    app.send(key(r#"{"name": "Bob the elder"}"#)).await.assert_status(200);
    app.send(patch("bob", "*", r#"{"name": "Bob"}"#)).await.assert_status(200);
    let again = app.send(key(r#"{"name": "Bob the elder"}"#)).await.assert_status(200);
    assert_eq!(again.at("name"), "Bob the elder", "the answer of then");
    assert_eq!(app.get("/api/contributors/bob").await.at("name"), "Bob");
    app.send(key(r#"{"name": "Robert"}"#)).await.assert_status(409);
    let entries = app
        .database
        .texts("SELECT body FROM ledger_entries WHERE action = 'edit_contributor' ORDER BY id")
        .await;
    insta::assert_snapshot!("on_record", entries.join("\n"));
    app.assert_verified().await;
}

#[tokio::test]
async fn units_tell_what_was_read_of_them_and_what_they_earned() {
    let app = with_chain().await;
    let units = app.get("/api/contribution-units?limit=2&q=the").await.assert_status(200);
    insta::assert_snapshot!("units", units.shown());
    let unit = app.get("/api/contribution-units?proposer=rio&class=knowledge").await.at("units[1].id");
    let unit = app.get(&format!("/api/contribution-units/{unit}")).await.assert_status(200);
    insta::assert_snapshot!("a_unit", unit.shown());
    assert!(!unit.text.contains('@'), "addresses are nobody's business");
}

#[tokio::test]
async fn a_claim_tells_who_made_it_and_what_it_stands_on() {
    let app = with_chain().await;
    insta::assert_snapshot!("a_claim", app.get("/api/claims/Tides-Rise").await.assert_status(200).shown());
}

#[tokio::test]
async fn a_position_is_traced_to_its_sources() {
    let app = with_chain().await;
    insta::assert_snapshot!(
        "a_trace",
        app.get("/api/trace/position/we-wait").await.assert_status(200).shown()
    );
    let cut = app.get("/api/trace/position/we-wait?depth=1").await.assert_status(200);
    assert_eq!(cut.at("cut"), "The chain goes on behind depth 1; a greater one shows more.");
    assert_eq!(cut.text.matches("\"distance\":").count(), 2);
}

#[tokio::test]
async fn a_claim_is_traced_to_the_source_that_names_it_and_to_nobody_whose_credit_ended() {
    let app = TestApp::new().await;
    let mut branch = Branch::new("codex");
    let claim = branch.merge("Tides rise", "Ann", "Bob").claim("domains/tides/tides-rise.md", &[]).done();
    let belief = piece("The sea keeps time", &[(CitationKind::DependsOn, "tides-rise")]);
    branch
        .merge("A belief", "Zoe", "Bob")
        .put(KnowledgeKind::Belief, "agents/rio/beliefs/sea-keeps-time.md", belief)
        .done();
    // Only the source says what was taken from it; a belief that it names stands on nothing of it.
    let source = piece(
        "Tide table",
        &[(CitationKind::Source, "tides-rise"), (CitationKind::Source, "sea-keeps-time")],
    );
    branch
        .merge("Archive it", "Ann", "Bob")
        .put(KnowledgeKind::Source, "inbox/archive/tide-table.md", source)
        .done();
    branch.keep(&*app.store, 3).await;
    let trace = app.get("/api/trace/belief/sea-keeps-time").await.assert_status(200);
    let pieces: Vec<String> = (0..3)
        .map(|at| {
            format!(
                "{} {}",
                trace.at(&format!("pieces[{at}].distance")),
                trace.at(&format!("pieces[{at}].slug"))
            )
        })
        .collect();
    assert_eq!(pieces, ["0 sea-keeps-time", "1 tides-rise", "2 tide-table"]);
    let step = |member: &str| trace.at(&format!("steps[1].{member}"));
    assert_eq!(trace.json().len("steps"), 2, "{}", trace.shown());
    assert_eq!(
        [step("from_path"), step("to_path"), step("to_slug"), step("kind")],
        ["domains/tides/tides-rise.md", "inbox/archive/tide-table.md", "tide-table", "source"]
    );
    assert!(trace.text.contains(r#""contributor":"ann","pieces""#), "{}", trace.shown());
    let page = app.get("/trace/belief/sea-keeps-time").await.assert_status(200);
    assert!(page.text.contains("inbox/archive/tide-table.md"), "in the tables");
    assert!(page.text.contains(r#"href="/trace/source/tide-table""#), "and led to");

    branch.merge("Revert", "Bob", "Bob").touch("core/x").reverts(&claim.sha).done();
    app.store.keep_units(branch.batch(3, 4)).await.expect("kept");
    let trace = app.get("/api/trace/belief/sea-keeps-time").await.assert_status(200);
    assert!(!trace.text.contains(r#""contributor":"ann","pieces""#), "what ended counts nothing");
    assert!(trace.text.contains(r#""ended":true"#), "but is told of");
}

#[tokio::test]
async fn imports_tell_what_was_read_and_what_could_not_be() {
    let app = TestApp::new().await;
    assert_eq!(
        app.get("/api/imports").await.assert_status(200).text,
        r#"{"repositories":[],"runs":[],"next_cursor":null,"issues":[]}"#
    );
    chain().keep(&*app.store, 3).await;
    insta::assert_snapshot!("imports", app.get("/api/imports").await.assert_status(200).shown());
    let issues = app.get("/api/imports/issues?limit=1").await.assert_status(200);
    insta::assert_snapshot!("issues", issues.shown());
    let next = app.get(&format!("/api/imports/issues?cursor={}", issues.at("next_cursor"))).await;
    assert!(next.assert_status(200).text.ends_with(r#""next_cursor":null}"#));
    let of_reason = app.get("/api/imports/issues?reason=bad_date&repository=codex").await.assert_status(200);
    assert_eq!(of_reason.text, r#"{"issues":[],"next_cursor":null}"#);
}
