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
async fn each_credit_tells_what_became_of_the_work() {
    let app = TestApp::new().await;
    let mut branch = chain();
    branch
        .merge("Another cites it", "Zoe", "Bob")
        .claim("domains/moon/neap.md", &[(CitationKind::Cites, "tides-rise")])
        .done();
    branch
        .merge("Two at once", "Zoe", "Bob")
        .claim("domains/moon/one.md", &[])
        .claim("domains/moon/two.md", &[])
        .done();
    branch.merge("Not two", "Zoe", "Bob").remove("domains/moon/two.md").done();
    branch.keep(&*app.store, 20).await;
    let credits =
        app.get("/api/contributors/zoe/credits?counted=true&role=extractor").await.assert_status(200);
    insta::assert_snapshot!("credits_explained", credits.shown());
    // Of every credit that counts the terms come to the factor that was kept.
    for handle in ["ann", "bob", "rio", "zoe"] {
        let credits = app.get(&format!("/api/contributors/{handle}/credits")).await.assert_status(200);
        for at in 0..credits.json().len("credits") {
            let of = |member: &str| credits.at(&format!("credits[{at}].{member}"));
            match of("counted").contains("true") {
                true => assert_eq!(of("explained.factor"), of("outcome"), "{}", credits.shown()),
                false => assert!(of("explained").contains("Null"), "{}", of("explained")),
            }
        }
    }
    let page = app.get("/contributors/rio").await.assert_status(200);
    assert!(page.text.contains("stands 1.0 + cited by 2 others 0.2 = 1.2"), "of ann and zoe");
    let page = app.get("/contributors/zoe").await.assert_status(200);
    assert!(page.text.contains("mean of 2 pieces = 0.625"));
    let unit = app.get("/api/contribution-units?q=twice").await.at("units[0].id");
    let page = app.get(&format!("/units/{unit}")).await.assert_status(200);
    assert!(page.text.contains("stands 1.0 + cited by 2 others 0.2 = 1.2"), "by the change too");
    let unit = app.get(&format!("/api/contribution-units/{unit}")).await.assert_status(200);
    assert_eq!(unit.at("outcomes[1].factor"), "1.2", "{}", unit.shown());
}

#[tokio::test]
async fn pages_keep_what_was_asked_for() {
    let app = with_chain().await;
    app.send(patch("rio", "*", r#"{"principal": "ann", "principal_from": "2026-01-01T00:00:00Z"}"#))
        .await
        .assert_status(200);
    let list = app.get("/contributors?weights=ci-v0").await.assert_status(200);
    for handle in ["ann", "bob", "rio"] {
        let href = format!(r#"href="/contributors/{handle}?weights=ci-v0""#);
        assert!(list.text.contains(&href), "{handle}");
    }
    let profile = app.get("/contributors/ann?weights=ci-v0&credits=all").await.assert_status(200);
    for link in [
        r#"href="/contributors/ann?weights=ci-v0#credits""#,
        r#"href="/contributors/ann?weights=ci-v0&amp;credits=all#credits""#,
        r#"href="/contributors/rio?weights=ci-v0""#,
    ] {
        assert!(profile.text.contains(link), "{link}");
    }
    // The address that a page fetches itself by again.
    let reload = |page: &crate::given::Answer, href: &str| {
        let before = page.text.split(">Reload<").next().expect("a live part");
        let near = before.rsplit("<a ").next().expect("a link");
        assert!(near.contains(&format!("\"{href}\"")), "{href}: {near}");
    };
    reload(&profile, "/contributors/ann?weights=ci-v0&amp;credits=all");
    // An extractor counts .05 by one set and .40 by the other.
    let weight = |page: &crate::given::Answer, number: &str| {
        page.text.contains(&format!(r#"<td class="num">{number}"#))
    };
    let rio = app.get("/contributors/rio").await.assert_status(200);
    assert!(weight(&rio, "0.05") && !weight(&rio, "0.40"));
    let rio = app.get("/contributors/rio?weights=ci-v0").await.assert_status(200);
    assert!(weight(&rio, "0.40") && !weight(&rio, "0.05<span"), "of the set that was chosen");
    let imports = app.get("/imports?reason=not_yaml&repository=codex").await.assert_status(200);
    reload(&imports, "/imports?repository=codex&amp;reason=not_yaml");
    let governance = app.get("/governance?flags=7.x&vetoes=").await.assert_status(200);
    reload(&governance, "/governance?flags=7.x");
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
async fn a_trace_of_very_many_pieces_is_cut_and_says_so() {
    let app = TestApp::new().await;
    let mut branch = Branch::new("codex");
    let names: Vec<String> = (0..320).map(|at| format!("c{at:03}")).collect();
    let mut merge = branch.merge("All at once", "Ann", "Bob");
    for name in &names {
        merge = merge.claim(&format!("domains/tides/{name}.md"), &[]);
    }
    merge.done();
    let cites: Vec<_> = names.iter().map(|name| (CitationKind::DependsOn, name.as_str())).collect();
    branch
        .merge("A position", "Ann", "Bob")
        .put(KnowledgeKind::Position, "agents/rio/positions/we-wait.md", piece("We wait", &cites))
        .done();
    branch.keep(&*app.store, 2).await;
    let trace = app.get("/api/trace/position/we-wait").await.assert_status(200);
    assert_eq!(trace.json().len("pieces"), 300);
    assert_eq!(trace.at("cut"), "There are more than the 300 pieces shown; begin further down the chain.");
    let page = app.get("/trace/position/we-wait").await.assert_status(200);
    assert!(
        page.text.contains("more than the 300 pieces") && page.text.len() < 100_000,
        "{}",
        page.text.len()
    );
}

#[tokio::test]
async fn pages_draw_the_course_the_chain_and_the_parts_of_roles() {
    let app = with_chain().await;
    app.send(patch("rio", "*", r#"{"principal": "ann", "principal_from": "2026-01-01T00:00:00Z"}"#))
        .await
        .assert_status(200);
    let shapes = |page: &str, from: &str, to: &str, shape: &str| {
        let part = page.split(from).nth(1).unwrap_or_else(|| panic!("{from} in {page}"));
        part.split(to).next().expect("a part").matches(shape).count()
    };
    let profile = app.get("/contributors/ann").await.assert_status(200).text;
    // One month: her own work, and rio's above it.
    assert_eq!(shapes(&profile, "months-words\">The index rose to", "</svg>", "class=\"column\""), 1);
    assert_eq!(shapes(&profile, "months-words\">The index rose to", "</svg>", "class=\"own\""), 1);
    assert_eq!(shapes(&profile, "months-words\">The index rose to", "</svg>", "class=\"agents\""), 1);
    assert!(profile.contains("at the end of 2026-01; the columns begin with 2026-01."));
    let list = app.get("/contributors?kind=person").await.assert_status(200).text;
    // Bob challenges and reviews: two parts behind the rail.
    let bob = list.split("href=\"/contributors/bob\"").nth(1).expect("bob's row");
    assert_eq!(shapes(bob, "bar parts", "</svg>", "<rect"), 3, "{bob}");
    let trace = app.get("/trace/position/we-wait").await.assert_status(200).text;
    assert_eq!(
        shapes(
            &trace,
            "trace-words\">5 pieces and 6 steps between them, in 4 columns.",
            "</svg>",
            "<g transform"
        ),
        5
    );
    assert!(trace.contains("href=\"/trace/source/tide-table\""));
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
