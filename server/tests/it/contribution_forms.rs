//! The forms of contributors, flags, vetoes and autonomy, as a browser without JavaScript sends them.

use crate::given::{Branch, Call, TestApp};

/// A person and an agent with a change each; the agent's id.
async fn app() -> (TestApp, String) {
    let app = TestApp::new().await;
    let mut branch = Branch::new("codex");
    branch.merge("Moon pulls", "Ann", "Bob").claim("domains/tides/moon-pulls.md", &[]).done();
    let unit = branch
        .merge("rio: tides rise", "Relay", "Bob")
        .trailer("pentagon-agent", "rio")
        .claim("domains/tides/tides-rise.md", &[])
        .done();
    branch.keep(&*app.store, 2).await;
    (app, unit.id().to_string())
}

fn form(path: &str, fields: &[(&str, &str)]) -> Call {
    Call::form(path, fields)
}

#[tokio::test]
async fn what_somebody_is_and_for_whom_they_work_is_decided_at_the_version_that_was_seen() {
    let (app, _) = app().await;
    let page = app.get("/contributors/rio").await.assert_status(200);
    assert!(page.text.contains(r#"name="version" value="0""#), "{}", page.text);
    let decide = |principal, version| {
        let fields = [
            ("version", version),
            ("kind", "agent"),
            ("principal", principal),
            ("aliases", ""),
            ("reason", "Ann directs it."),
        ];
        form("/contributors/rio/decide", &fields)
    };
    let refused = app.refuse(decide("rio", "0")).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("Nothing was decided") && refused.text.contains("somebody else"),
        "{}",
        refused.text
    );
    let saved = app.send(decide("ann", "0")).await.assert_status(303);
    assert_eq!(saved.header("location"), Some("/contributors/rio?done=decided"));
    assert_eq!(app.get("/api/contributors/rio").await.at("principal"), "ann");
    assert_eq!(app.refuse(decide("bob", "0")).await.status, 412, "somebody decided meanwhile");
    let ranked = app.get("/contributors").await.assert_status(200);
    assert!(ranked.text.contains("beneath"), "the agent stands beneath its principal");
    app.get("/contributors/nobody-of-this-name").await.assert_status(404);
}

#[tokio::test]
async fn a_handle_is_accepted_as_somebody_s_and_given_up_again() {
    let (app, _) = app().await;
    let settle = |act| form("/contributors/ann/identities", &[("act", act), ("alias", "bob")]);
    let merged = app.send(settle("accept")).await.assert_status(303);
    assert_eq!(merged.header("location"), Some("/contributors/ann?done=merged"));
    assert_eq!(app.get("/api/contributors/bob").await.at("handle"), "ann");
    let fields = [("version", "1"), ("kind", ""), ("name", ""), ("principal", ""), ("aliases", "")];
    app.send(form("/contributors/ann/decide", &fields)).await.assert_status(303);
    assert_eq!(app.get("/api/contributors/bob").await.at("handle"), "bob");
    app.send(settle("dismiss")).await.assert_status(303);
    assert!(app.get("/api/contributors/ann").await.text.contains(r#""aliases":[]"#));
}

#[tokio::test]
async fn a_change_is_flagged_rolled_back_and_given_back_by_forms() {
    let (app, unit) = app().await;
    let flag = |by| {
        form(
            "/governance/flags",
            &[
                ("act", "flag"),
                ("subject_kind", "unit"),
                ("subject", &unit),
                ("contributor", by),
                ("reason", "Wrong."),
            ],
        )
    };
    let refused = app.refuse(flag("nobody")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("is nobody who is known here"), "{}", refused.text);
    let raised = app.send(flag("ann")).await.assert_status(303);
    assert_eq!(raised.header("location"), Some(&*format!("/units/{unit}?done=flagged")));
    let veto = |by| {
        form(
            "/governance/vetoes",
            &[("act", "veto"), ("unit", &unit), ("contributor", by), ("reason", "Retracted.")],
        )
    };
    assert!(app.refuse(veto("rio")).await.text.contains("only a person may"));
    app.send(veto("ann")).await.assert_status(303);
    let page = app.get(&format!("/units/{unit}")).await.assert_status(200);
    assert!(page.text.contains("Its credits count nothing since"), "{}", page.text);
    let governance = app.get("/governance").await.assert_status(200);
    assert!(governance.text.contains("Wrong.") && governance.text.contains("Retracted."));

    let id = app.get("/api/governance/vetoes").await.at("vetoes[0].id");
    let undo = |reason| {
        form(
            &format!("/governance/vetoes/{id}/undo"),
            &[("about", &id), ("contributor", "ann"), ("reason", reason)],
        )
    };
    assert_eq!(app.refuse(undo("")).await.status, 422);
    let undone = app.send(undo("Reinstated.")).await.assert_status(303);
    assert_eq!(undone.header("location"), Some("/governance?done=undone#vetoes"));
    let id = app.get("/api/governance/flags").await.at("flags[0].id");
    let withdraw = form(
        &format!("/governance/flags/{id}/withdraw"),
        &[("about", &id), ("contributor", "ann"), ("reason", "Misread.")],
    );
    app.send(withdraw).await.assert_status(303);
    let governance = app.get("/governance").await.assert_status(200);
    assert!(governance.text.contains("Reinstated."));
    app.get("/units/unt_00000000000000000000000000").await.assert_status(404);
}

#[tokio::test]
async fn the_level_of_an_agent_is_decided_by_form() {
    let (app, _) = app().await;
    let decide = |by| {
        form(
            "/governance/autonomy",
            &[
                ("about", "autonomy"),
                ("agent", "rio"),
                ("level", "reviewed"),
                ("decided_by", by),
                ("reason", "Good."),
            ],
        )
    };
    assert_eq!(app.refuse(decide("rio")).await.status, 422, "only a person decides");
    let decided = app.send(decide("ann")).await.assert_status(303);
    assert_eq!(decided.header("location"), Some("/governance?done=decided#autonomy"));
    let page = app.get("/governance").await.assert_status(200);
    assert!(page.text.contains("Reviewed") && page.text.contains("ann"), "{}", page.text);
}

#[tokio::test]
async fn a_change_fills_the_form_of_a_link() {
    let (app, unit) = app().await;
    let page = app.get(&format!("/links/new?unit={unit}")).await.assert_status(200);
    for text in [
        r#"name="contributors.implementation" value="rio""#,
        r#"name="contributors.review" value="bob""#,
        "PR#2",
        "commit-cost-v2",
    ] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    app.get("/links/new?unit=unt_00000000000000000000000000").await.assert_status(404);
}
