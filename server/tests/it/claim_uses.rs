//! Uses of claims: told of by themselves or by events on links, each session once a day.

use crate::given::{Call, Codex, FLAGS, LINKS, TestApp, sea};
use chrono::NaiveDate;
use domain::contribution::{ContributionPolicy, DEFAULT_POLICY, Role};
use std::fmt::Write as _;

const TIDES: &str = "/api/claims/tides-rise/usage-events";

/// Uses by day, as they are kept.
async fn days(app: &TestApp) -> Vec<String> {
    let sql = "SELECT slug || ' ' || day || ' ' || sessions FROM claim_use_days ORDER BY slug, day";
    app.database.texts(sql).await
}

#[tokio::test]
async fn what_is_no_use_is_refused_and_stores_nothing() {
    let app = TestApp::new().await;
    sea(&*app.store, &app.source).await;
    let first = r#"{"session": "s", "external_id": "x"}"#;
    app.post(TIDES, first).await.assert_status(201);
    let mut shown = String::new();
    for (name, path, body, status) in [
        ("no such claim", "/api/claims/nobody-said-it/usage-events", r#"{"session": "s"}"#, 404),
        ("no such claim, and nothing", "/api/claims/nobody-said-it/usage-events", "{}", 404),
        ("nothing", TIDES, "{}", 422),
        ("another metric", TIDES, r#"{"session": "s", "metric": "clicks"}"#, 422),
        ("of tomorrow", TIDES, r#"{"session": "s", "captured_at": "2026-02-17T00:00:00Z"}"#, 422),
        ("an own id of another use", TIDES, r#"{"session": "t", "external_id": "x"}"#, 409),
    ] {
        let answer = app.refuse(Call::post(path, body)).await.assert_status(status);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_claim_whose_name_holds_signs_is_used_and_flagged_by_its_whole_name() {
    let app = TestApp::new().await;
    let mut codex = Codex::new("codex");
    codex.claim("c", &[(Role::Extractor, "ann")]);
    codex.claim("c# | a tide", &[(Role::Extractor, "ann")]);
    codex.keep(&*app.store).await;
    for (text, slug) in
        [("C%23%20%7C%20a%20tide.md", "c# | a tide"), ("c%23heading", "c"), ("%5B%5BC%7Calias%5D%5D", "c")]
    {
        let path = format!("/api/claims/{text}/usage-events");
        let used = app.post(&path, &format!(r#"{{"session": "{text}"}}"#)).await.assert_status(201);
        assert_eq!(used.at("claim"), slug, "{text}");
    }
    for (subject, slug, by) in
        [("C# | a tide", "c# | a tide", "ann"), ("c#heading", "c", "ann"), ("[[C|alias]]", "c", "keeper")]
    {
        let body = format!(
            r#"{{"subject_kind": "claim", "subject": "{subject}", "contributor": "{by}", "reason": "x"}}"#
        );
        let flag = app.post(FLAGS, &body).await.assert_status(201);
        assert_eq!(flag.at("subject"), slug, "{subject}");
    }
    let listed = app.get(&format!("{FLAGS}?subject_kind=claim&subject=C%23%20%7C%20a%20tide")).await;
    assert_eq!(listed.assert_status(200).json().len("flags"), 1);
    app.assert_verified().await;
}

#[tokio::test]
async fn each_session_counts_once_a_day() {
    let app = TestApp::new().await;
    sea(&*app.store, &app.source).await;
    let first = app.post(TIDES, r#"{"session": "one", "source": "agent"}"#).await.assert_status(201);
    insta::assert_snapshot!("counted", first.shown());
    let again =
        app.post("/api/claims/Tides-Rise.md/usage-events", r#"{"session": "one"}"#).await.assert_status(200);
    insta::assert_snapshot!("not_counted", again.shown());
    for (body, counted, uses) in [
        (r#"{"session": "two"}"#, "Bool(true)", "2"),
        (r#"{"session": "one", "captured_at": "2026-02-14T23:59:59Z"}"#, "Bool(true)", "1"),
        (r#"{"session": "one", "captured_at": "2026-02-15T01:00:00+02:00"}"#, "Bool(false)", "1"),
        (r#"{"session": "three", "external_id": "x"}"#, "Bool(true)", "3"),
        (r#"{"session": "four"}"#, "Bool(true)", "4"),
    ] {
        let answer = app.post(TIDES, body).await;
        assert_eq!(
            (answer.at("counted").as_str(), answer.at("uses_that_day").as_str()),
            (counted, uses),
            "{body}"
        );
    }
    let replayed = app.post(TIDES, r#"{"session": "three", "external_id": "x"}"#).await.assert_status(201);
    assert!(replayed.is_replayed());
    let keyed = |body: &str| Call::post(TIDES, body).idempotency_key("k");
    let first = app.send(keyed(r#"{"session": "five"}"#)).await.assert_status(201);
    let again = app.send(keyed(r#"{"session": "five"}"#)).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text);
    app.refuse(keyed(r#"{"session": "six"}"#)).await.assert_status(409);
    assert_eq!(days(&app).await, ["tides-rise 20498 1", "tides-rise 20499 5"]);
    app.assert_verified().await;
    let basis = app.store.score_basis(0, 30_000, NaiveDate::from_ymd_opt(2026, 2, 15).expect("a day")).await;
    let basis = basis.expect("a basis");
    let uses: Vec<String> =
        basis.uses.iter().map(|it| format!("{} {} {}", it.slug, it.day, it.sessions)).collect();
    assert_eq!(uses, ["tides-rise 2026-02-15 5"]);
    let roles: Vec<String> = basis
        .used_roles
        .iter()
        .map(|it| format!("{} {} {:?}", it.role, it.contributor, it.principal))
        .collect();
    assert_eq!(roles, ["reviewer rita None", "extractor rio Some(\"rita\")"]);
}

fn link_of(refs: &str) -> String {
    format!(
        r#"{{"idea_id": "i", "spec_id": "s", "implementation_refs": {refs}, "contributors": {{}}, "estimated_cost": 1}}"#
    )
}

#[tokio::test]
async fn events_on_links_that_name_claims_tell_of_uses() {
    let app = TestApp::new().await;
    sea(&*app.store, &app.source).await;
    let link =
        app.file_link(&link_of(r#"["PR#1", "claim:tides-rise", "Claim:domains/sea/Moon-Pulls.md"]"#)).await;
    let plain = app.file_link(&link_of(r#"["PR#1", "x\",\"claim:tides-rise"]"#)).await;
    let gate = Call::post(LINKS, &link_of(r#"["claim:tides-rise"]"#)).with("tributary-origin", "gate");
    let gate = app.send(gate).await.assert_status(201).at("id");
    let event = |source: &str, metric: &str, more: &str| {
        format!(r#"{{"source": "{source}", "metric": "{metric}", "value": 1{more}}}"#)
    };
    for (link, body) in [
        (&link, event("session-1", "claim_usage", "")),
        (&link, event("session-1", "claim_usage", "")),
        (&link, event("session-2", "claim_usage", r#", "external_id": "x""#)),
        (&link, event("session-2", "claim_usage", r#", "external_id": "x""#)),
        (&link, event("session-1", "claim_usage", r#", "captured_at": "2026-02-01T00:00:00Z""#)),
        (&link, event("session-3", "adoption_events", "")),
        (&plain, event("session-4", "claim_usage", "")),
        (&gate, event("session-5", "claim_usage", "")),
    ] {
        app.append_event(link, &body).await;
    }
    // The same session, told of by itself.
    app.post(TIDES, r#"{"session": "session-2"}"#).await.assert_status(200);
    assert_eq!(
        days(&app).await,
        ["moon-pulls 20485 1", "moon-pulls 20499 2", "tides-rise 20485 1", "tides-rise 20499 2"]
    );
    app.assert_verified().await;
    // What is refused tells of nothing.
    let refused = event("session-9", "claim_usage", r#", "external_id": "x""#);
    app.refuse(Call::post(&format!("{LINKS}/{link}/usage-events"), &refused)).await.assert_status(409);
}

#[tokio::test]
async fn metrics_are_those_of_the_repositories_that_were_imported() {
    let app = TestApp::new().await;
    let default = ContributionPolicy::text_of(DEFAULT_POLICY).expect("a policy");
    let own = default.replace("metrics = [\"claim_usage\"]", "metrics = [\"reads\"]");
    let mut codex = Codex::with_policy("own", own);
    codex.claim("tides-rise", &[(Role::Extractor, "rio")]);
    codex.keep(&*app.store).await;
    let link = app.file_link(&link_of(r#"["claim:tides-rise"]"#)).await;
    app.append_event(&link, r#"{"source": "a", "metric": "claim_usage", "value": 1}"#).await;
    assert!(days(&app).await.is_empty());
    app.append_event(&link, r#"{"source": "a", "metric": "reads", "value": 1}"#).await;
    assert_eq!(days(&app).await, ["tides-rise 20499 1"]);
    app.refuse(Call::post(TIDES, r#"{"session": "b"}"#)).await.assert_status(422);
    app.post(TIDES, r#"{"session": "b", "metric": "reads"}"#).await.assert_status(201);
    app.assert_verified().await;
}

/// A contributor's parts in uses, each with its claim, role, sessions and share, and what all come to.
async fn parts(app: &TestApp, handle: &str) -> (Vec<String>, String) {
    let profile = app.get(&format!("/api/contributors/{handle}")).await.assert_status(200);
    let credits = app.get(&format!("/api/contributors/{handle}/credits")).await.assert_status(200);
    let part = |at: usize| {
        let of = |member: &str| {
            let path = format!("uses[{at}].{member}");
            assert_eq!(profile.at(&path), credits.at(&path), "the same on both");
            profile.at(&path)
        };
        format!(
            "{} {} {} {} {} {}",
            of("slug"),
            of("contributor"),
            of("role"),
            of("sessions"),
            of("share"),
            of("ci")
        )
    };
    ((0..profile.json().len("uses")).map(part).collect(), profile.at("ci.v3"))
}

#[tokio::test]
async fn uses_are_shared_among_those_who_had_a_role_on_the_day() {
    let app = TestApp::new().await;
    let mut sea = sea(&*app.store, &app.source).await;
    // Zoe reviews what rio wrote, in a change of its own.
    let review = sea.codex.claim("tides-rise", &[(Role::Reviewer, "zoe"), (Role::Extractor, "rio")]);
    sea.codex.keep(&*app.store).await;
    app.post(TIDES, r#"{"session": "one", "captured_at": "2026-02-14T08:00:00Z"}"#).await.assert_status(201);
    // Reviewers, rita and zoe, have .2 between them; the extractor .05.
    assert_eq!(parts(&app, "zoe").await.0, ["tides-rise zoe reviewer 1 0.4 0.390864"]);
    let before = parts(&app, "rio").await;
    assert_eq!(before.0, ["tides-rise rio extractor 1 0.2 0.195432"]);
    let veto = format!(r#"{{"unit": "{review}", "contributor": "mo", "reason": "She did not read it."}}"#);
    let veto = app.post(crate::given::VETOES, &veto).await.assert_status(201).at("id");
    assert_eq!(parts(&app, "rio").await, before, "of the past nothing moved to whoever is left");
    assert_eq!(parts(&app, "zoe").await.0, ["tides-rise zoe reviewer 1 0.4 0.390864"]);
    app.source.stop_at(chrono::DateTime::from_timestamp(1_771_286_400, 0).expect("2026-02-17"));
    app.post(TIDES, r#"{"session": "two"}"#).await.assert_status(201);
    let zoes = parts(&app, "zoe").await;
    assert_eq!(zoes, (vec!["tides-rise zoe reviewer 1 0.4 0.373213".to_owned()], "0.373213".to_owned()));
    // Today's is rita's and rio's alone; rita's index has both.
    let ritas = parts(&app, "rita").await;
    assert_eq!(
        ritas,
        (
            vec![
                "tides-rise rita reviewer 2 0.606929 1.173213".to_owned(),
                "tides-rise rio extractor 2 0.2 0.386607".to_owned(),
            ],
            "1.55982".to_owned()
        )
    );
    let page = app.get("/contributors/rita").await.assert_status(200);
    assert!(page.text.contains("Uses of their claims") && page.text.contains("60.7 %"), "and shown");
    let undo = r#"{"contributor": "mo", "reason": "She did."}"#;
    app.post(&format!("{}/{veto}/undo", crate::given::VETOES), undo).await.assert_status(201);
    assert_eq!(parts(&app, "zoe").await.0, ["tides-rise zoe reviewer 2 0.4 0.773213"]);
}
