//! Vetoes: a merged change is rolled back after the fact, what counted counts no more, and all of it can be undone.

use crate::given::{AUTONOMY, Call, FLAGS, LINK, TestApp, VETOES, sea};
use domain::{
    gate::PUBLIC_DEPLOY_CONTRACT,
    governance::{FlaggedQuery, VetoQuery},
    report,
};
use std::fmt::Write as _;

fn veto_of(unit: &str, contributor: &str) -> String {
    format!(
        r#"{{"unit": "{unit}", "contributor": "{contributor}", "reason": "It rests on a retracted paper."}}"#
    )
}

fn undoing_by(contributor: &str) -> String {
    format!(r#"{{"contributor": "{contributor}", "reason": "The paper was reinstated."}}"#)
}

/// A contributor's share of governance CI, as a flag of theirs shows it.
async fn share(app: &TestApp, contributor: &str, claim: &str) -> String {
    let body = format!(
        r#"{{"subject_kind": "claim", "subject": "{claim}", "contributor": "{contributor}", "reason": "x"}}"#
    );
    let flag = app.post(FLAGS, &body).await.assert_status(201);
    let withdraw = format!(r#"{{"contributor": "{contributor}", "reason": "y"}}"#);
    app.post(&format!("{FLAGS}/{}/withdraw", flag.at("id")), &withdraw).await.assert_status(201);
    format!("{} of {}", flag.at("standing.ci"), flag.at("standing.total"))
}

#[tokio::test]
async fn who_may_not_roll_back_is_told_why_and_nothing_is_stored() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    let held = app.post(VETOES, &veto_of(&sea.moon, "rita")).await.assert_status(201).at("id");
    let mut shown = String::new();
    for (name, body, status) in [
        ("nothing", "{}".to_owned(), 422),
        ("no such change", veto_of("unt_01h455vb4pex5vsknk084sn02q", "rita"), 422),
        ("no id", veto_of("tides", "rita"), 422),
        ("nobody who is known", veto_of(&sea.tides, "nobody"), 422),
        ("an agent", veto_of(&sea.tides, "rio"), 403),
        ("infrastructure", veto_of(&sea.tides, "bot"), 403),
        ("a person without an index", veto_of(&sea.tides, "zoe"), 403),
        ("twice", veto_of(&sea.moon, "mo"), 409),
    ] {
        let answer = app.refuse(Call::post(VETOES, &body)).await.assert_status(status);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    let undo = |id: &str, body: &str| Call::post(&format!("{VETOES}/{id}/undo"), body);
    for (name, id, body, status) in [
        ("undoing none", "vto_01h455vb4pex5vsknk084sn02q", undoing_by("rita"), 404),
        ("undoing without a reason", held.as_str(), r#"{"contributor": "rita"}"#.to_owned(), 422),
        ("undoing as an agent", &held, undoing_by("rio"), 403),
        ("undoing without an index", &held, undoing_by("zoe"), 403),
    ] {
        let answer = app.refuse(undo(id, &body)).await.assert_status(status);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    app.send(undo(&held, &undoing_by("mo"))).await.assert_status(201);
    let twice = app.refuse(undo(&held, &undoing_by("mo"))).await.assert_status(409);
    let _ = writeln!(shown, "── undoing twice\n{}\n", twice.shown());
    insta::assert_snapshot!(shown.replace(&sea.moon, "UNIT"));
    app.get(&format!("{VETOES}/vto_1")).await.assert_status(404);
    for query in ["unit=x", "status=x", "limit=0", "sort=x"] {
        app.refuse(Call::get(&format!("{VETOES}?{query}"))).await.assert_status(422);
    }
    app.assert_verified().await;
}

#[tokio::test]
async fn what_is_rolled_back_counts_no_more_until_that_is_undone() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    let before = app.store.derived_digest().await.expect("a digest");
    assert_eq!(share(&app, "rita", "tides-rise").await, "0.35 of 0.9");
    let cast = app.post(VETOES, &veto_of(&sea.tides, "mo")).await.assert_status(201);
    insta::assert_snapshot!("cast", cast.shown());
    assert_eq!(share(&app, "rita", "tides-rise").await, "0.1 of 0.65", "the review and rio's part are gone");
    let veto = app.get(&format!("{VETOES}/{}", cast.at("id"))).await.assert_status(200);
    insta::assert_snapshot!("rolled_back", veto.shown());
    let unit = format!("/api/contribution-units/{}", sea.tides);
    let told = app.get(&unit).await.assert_status(200);
    assert_eq!((told.at("veto.id"), told.at("veto.reason")), (cast.at("id"), cast.at("reason")));
    let page = app.get(&format!("/units/{}", sea.tides)).await.assert_status(200).text;
    assert!(page.contains("rolled back by") && page.contains(&cast.at("reason")), "{page}");
    app.assert_verified().await;
    let undone = app.post(&format!("{VETOES}/{}/undo", cast.at("id")), &undoing_by("zoe")).await;
    insta::assert_snapshot!("undone", undone.assert_status(201).shown());
    assert_eq!(share(&app, "rita", "tides-rise").await, "0.35 of 0.9");
    assert_eq!(
        app.store.derived_digest().await.expect("a digest"),
        before,
        "as if it had not been, to the byte"
    );
    let veto = app.get(&format!("{VETOES}/{}", cast.at("id"))).await.assert_status(200);
    assert_eq!((veto.json().len("credits"), veto.at("ci_lost_total").as_str()), (0, "0.0"));
    // What was rolled back and restored can be rolled back again.
    assert_eq!(app.get(&unit).await.assert_status(200).at("veto"), "Null", "none holds any more");
    app.post(VETOES, &veto_of(&sea.tides, "zoe")).await.assert_status(201);
    app.assert_verified().await;
}

#[tokio::test]
async fn what_a_revert_ended_stays_ended_when_the_veto_is_undone() {
    let app = TestApp::new().await;
    let mut sea = sea(&*app.store, &app.source).await;
    let cast = app.post(VETOES, &veto_of(&sea.tides, "mo")).await.assert_status(201).at("id");
    // History has the reverting commit only now; it was merged before the veto was cast.
    let reverting = sea.codex.revert(&sea.tides);
    sea.codex.keep(&*app.store).await;
    let veto = app.get(&format!("{VETOES}/{cast}")).await.assert_status(200);
    assert_eq!(veto.at("reverted_by.id"), reverting, "found by itself");
    assert_eq!(veto.json().len("credits"), 0, "the revert had ended them");
    let page = app.get(&format!("/units/{}", sea.tides)).await.assert_status(200).text;
    assert!(page.contains("It was reverted by") && page.contains("It was rolled back by"), "both are told");
    app.assert_verified().await;
    app.post(&format!("{VETOES}/{cast}/undo"), &undoing_by("mo")).await.assert_status(201);
    assert_eq!(share(&app, "rita", "tides-rise").await, "0.1 of 0.65");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_veto_outlives_what_is_derived() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    app.post(VETOES, &veto_of(&sea.tides, "mo")).await.assert_status(201);
    let rebuilt = app.store.rebuild().await.expect("rebuilt");
    assert!(rebuilt.is_same(), "{rebuilt:?}");
    assert_eq!(share(&app, "rita", "tides-rise").await, "0.1 of 0.65");
    app.store.drop_repository("sea").await.expect("dropped");
    let list = app.get(VETOES).await.assert_status(200);
    assert_eq!((list.json().len("vetoes"), list.at("vetoes[0].change").as_str()), (1, "Null"));
    app.assert_verified().await;
}

#[tokio::test]
async fn whoever_lost_their_index_by_a_veto_may_send_it_again_and_undo_it() {
    let keys = ["a", "b"].map(|name| format!("{name} {}", name.repeat(40))).join("\n");
    let app = TestApp::with_keys(&keys).await;
    let sea = sea(&*app.store, &app.source).await;
    let by = |key: &str, path: &str, body: &str| {
        Call::post(path, body).with("x-api-key", &key.repeat(40)).idempotency_key("k")
    };
    let body = veto_of(&sea.sun, "mo");
    let first = app.send(by("a", VETOES, &body)).await.assert_status(201);
    assert_eq!(first.at("actor"), "key:a");
    let again = app.send(by("a", VETOES, &body)).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text, "mo has no index any more");
    app.refuse(by("a", VETOES, &veto_of(&sea.tides, "mo"))).await.assert_status(409);
    app.refuse(by("b", VETOES, &veto_of(&sea.tides, "mo"))).await.assert_status(403);
    let path = format!("{VETOES}/{}/undo", first.at("id"));
    let undone = app.send(by("b", &path, &undoing_by("mo"))).await.assert_status(201);
    assert_eq!(undone.at("undone.actor"), "key:b");
    let again = app.send(by("b", &path, &undoing_by("mo"))).await.assert_status(201);
    assert!(again.is_replayed() && again.text == undone.text);
    let ledger = "SELECT actor || ' ' || action || ' ' || subject || ' ' || body FROM ledger_entries \
                  WHERE action LIKE '%_veto' ORDER BY id";
    insta::assert_snapshot!(app.database.texts(ledger).await.join("\n"));
    app.assert_verified().await;
}

#[tokio::test]
async fn vetoes_are_listed_newest_first_by_change_contributor_and_status() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    let cast =
        async |unit: &str, by: &str| app.post(VETOES, &veto_of(unit, by)).await.assert_status(201).at("id");
    let (first, second) = (cast(&sea.tides, "mo").await, cast(&sea.moon, "mo").await);
    app.post(&format!("{VETOES}/{first}/undo"), &undoing_by("mo")).await.assert_status(201);
    let third = cast(&sea.tides, "rita").await;
    let of_tides = format!("unit={}", sea.tides);
    for (query, found) in [
        ("", vec![&third, &second, &first]),
        ("status=active", vec![&third, &second]),
        ("status=undone", vec![&first]),
        ("contributor=mo", vec![&second, &first]),
        ("contributor=mo&status=active", vec![&second]),
        (of_tides.as_str(), vec![&third, &first]),
    ] {
        let list = app.get(&format!("{VETOES}?{query}")).await.assert_status(200);
        assert_eq!(list.json().each("vetoes", "id").iter().collect::<Vec<_>>(), found, "{query}");
    }
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    while cursor != "Null" {
        let page = app.get(&format!("{VETOES}?limit=1&cursor={cursor}")).await.assert_status(200);
        seen.extend(page.json().each("vetoes", "id"));
        cursor = page.at("next_cursor");
    }
    assert_eq!(seen, [third, second, first]);
}

#[tokio::test]
async fn the_page_has_what_is_flagged_by_title_what_was_lost_and_how_far_agents_are() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    let link = app.file_link(LINK).await;
    let run = app.send(Call::new("POST", &format!("/api/gates/{PUBLIC_DEPLOY_CONTRACT}/runs"))).await;
    let run = run.assert_status(201).at("id");
    for (kind, subject, by) in [
        ("gate_run", run.as_str(), "bot"),
        ("link", &link, "zoe"),
        ("claim", "moon-pulls", "mo"),
        ("unit", &sea.tides, "mo"),
        ("unit", &sea.tides, "zoe"),
    ] {
        let body = format!(
            r#"{{"subject_kind": "{kind}", "subject": "{subject}", "contributor": "{by}", "reason": "x"}}"#
        );
        app.post(FLAGS, &body).await.assert_status(201);
    }
    app.post(VETOES, &veto_of(&sea.sun, "rita")).await.assert_status(201);
    let decision = r#"{"agent": "rio", "level": "reviewed", "decided_by": "rita", "reason": "x"}"#;
    app.post(AUTONOMY, decision).await.assert_status(201);
    let now = server::state::Source::now(&*app.source);
    let page = report::governance(&*app.store, &FlaggedQuery::default(), &VetoQuery::default(), now).await;
    let page = page.expect("a report");
    let flagged = page.flagged.items.iter().map(|it| {
        let by: Vec<&str> = it.flags.iter().map(|flag| flag.contributor.as_str()).collect();
        format!("{} {:?} {by:?}", it.flagged.weight, it.title)
    });
    insta::assert_snapshot!("flagged", flagged.collect::<Vec<_>>().join("\n"));
    let veto = &page.vetoes.items[0];
    assert_eq!(veto.change.as_ref().map(|change| change.title.as_str()), Some("Add sun-helps"));
    let lost = veto.ci_lost.iter().map(|it| format!("{} {:?} {}", it.contributor, it.principal, it.ci));
    assert_eq!(lost.collect::<Vec<_>>(), ["mo None 0.35", "rio Some(\"rita\") 0.05"]);
    let agent = &page.agents[0];
    assert_eq!((agent.agent.as_str(), agent.proposed.level.as_str()), ("rio", "supervised"));
    assert_eq!(agent.decided.as_ref().map(|decided| decided.level.as_str()), Some("reviewed"));
}
