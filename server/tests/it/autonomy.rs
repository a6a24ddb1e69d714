//! Autonomy: a level is proposed by record, and a person decides.

use crate::given::{AUTONOMY, Call, FLAGS, TestApp, VETOES, decide, sea};
use std::fmt::Write as _;

fn decision(agent: &str, level: &str, by: &str) -> String {
    format!(
        r#"{{"agent": "{agent}", "level": "{level}", "decided_by": "{by}", "reason": "Looked at what it did."}}"#
    )
}

#[tokio::test]
async fn what_cannot_be_decided_is_refused_and_stores_nothing() {
    let app = TestApp::new().await;
    sea(&*app.store, &app.source).await;
    let mut shown = String::new();
    for (name, body) in [
        ("nothing", "{}".to_owned()),
        ("no such level", decision("rio", "free", "rita")),
        ("nobody who is known", decision("nobody", "trusted", "nobody")),
        ("a person has no level", decision("zoe", "trusted", "rita")),
        ("nor has infrastructure", decision("bot", "trusted", "rita")),
        ("an agent decides nothing", decision("rio", "trusted", "rio")),
    ] {
        let answer = app.refuse(Call::post(AUTONOMY, &body)).await.assert_status(422);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    for handle in ["nobody", "zoe", "%E2%80%94"] {
        let answer = app.get(&format!("{AUTONOMY}/{handle}")).await.assert_status(404);
        let _ = writeln!(shown, "── history of {handle}\n{}\n", answer.shown());
    }
    insta::assert_snapshot!(shown);
    app.refuse(Call::get(&format!("{AUTONOMY}/rio?limit=x"))).await.assert_status(422);
}

#[tokio::test]
async fn a_level_is_proposed_by_record_and_holds_when_a_person_decides() {
    let app = TestApp::new().await;
    let mut sea = sea(&*app.store, &app.source).await;
    for at in 0..6 {
        sea.codex.reviewed(&format!("Clean change {at}"), "rio", "zoe");
    }
    let flagged = sea.codex.reviewed("Doubtful change", "rio", "zoe");
    let last: Vec<String> =
        (0..5).map(|at| sea.codex.reviewed(&format!("Clean again {at}"), "rio", "zoe")).collect();
    sea.codex.keep(&*app.store).await;
    insta::assert_snapshot!("proposed", app.get(AUTONOMY).await.assert_status(200).shown());
    let record = async || {
        let list = app.get(AUTONOMY).await.assert_status(200);
        let of = |field: &str| list.at(&format!("agents[0].record.{field}"));
        let figures = ["units", "flagged", "rolled_back", "clean_run"].map(of).join(" ");
        format!("{figures} {} {}", list.at("agents[0].proposed.level"), list.at("agents[0].decided"))
    };
    assert_eq!(record().await, "12 0 0 12 reviewed Null");
    // Decided otherwise than proposed: a person decides.
    let first = app.post(AUTONOMY, &decision("Rio", "trusted", "Marguerite")).await.assert_status(201);
    insta::assert_snapshot!("decided", first.shown());
    let flag = format!(
        r#"{{"subject_kind": "unit", "subject": "{flagged}", "contributor": "zoe", "reason": "Looks wrong."}}"#
    );
    let flag = app.post(FLAGS, &flag).await.assert_status(201).at("id");
    assert!(record().await.starts_with("12 1 0 5 reviewed "), "{}", record().await);
    let veto =
        format!(r#"{{"unit": "{}", "contributor": "rita", "reason": "It broke something."}}"#, last[1]);
    let veto = app.post(VETOES, &veto).await.assert_status(201).at("id");
    assert!(record().await.starts_with("12 1 1 3 supervised "), "{}", record().await);
    // Nothing changes by itself: trusted it is until somebody decides otherwise.
    let list = app.get(AUTONOMY).await.assert_status(200);
    assert_eq!(list.at("agents[0].decided.level"), "trusted");
    assert_eq!((list.at("agents[0].accepted"), list.at("agents[0].rejected")), ("11".into(), "1".into()));
    let second = app.post(AUTONOMY, &decision("rio", "supervised", "zoe")).await.assert_status(201);
    assert_eq!(second.at("record.clean_run"), "3");
    let history = app.get(&format!("{AUTONOMY}/rio")).await.assert_status(200);
    assert_eq!(history.json().each("decisions", "id"), [second.at("id"), first.at("id")]);
    assert_eq!(history.json().each("decisions", "record.clean_run"), ["3", "12"], "kept as it was then");
    let page = app.get(&format!("{AUTONOMY}/rio?limit=1")).await.assert_status(200);
    let next = app.get(&format!("{AUTONOMY}/rio?limit=1&cursor={}", page.at("next_cursor"))).await;
    assert_eq!(next.assert_status(200).json().each("decisions", "id"), [first.at("id")]);
    // What is withdrawn and undone is clean again.
    let withdrawal = r#"{"contributor": "zoe", "reason": "I misread it."}"#;
    app.post(&format!("{FLAGS}/{flag}/withdraw"), withdrawal).await.assert_status(201);
    let undoing = r#"{"contributor": "rita", "reason": "It did not."}"#;
    app.post(&format!("{VETOES}/{veto}/undo"), undoing).await.assert_status(201);
    assert!(record().await.starts_with("12 0 0 12 reviewed "), "{}", record().await);
    app.assert_verified().await;
}

#[tokio::test]
async fn a_run_is_of_changes_that_somebody_reviewed_and_ends_where_what_was_flagged_weighs() {
    let app = TestApp::new().await;
    let mut sea = sea(&*app.store, &app.source).await;
    let run = async || {
        let list = app.get(AUTONOMY).await.assert_status(200);
        ["units", "reviewed", "flagged", "clean_run"]
            .map(|field| list.at(&format!("agents[0].record.{field}")))
            .join(" ")
    };
    sea.codex.reviewed("Reviewed", "rio", "zoe");
    sea.codex.change("Nobody looked", "rio");
    let other = sea.codex.reviewed("Reviewed too", "rio", "zoe");
    sea.codex.keep(&*app.store).await;
    assert_eq!(run().await, "3 2 0 2", "one that nobody looked at is no review, and ends no run");
    let flag = async |kind: &str, subject: &str, by: &str| {
        let flag = format!(
            r#"{{"subject_kind": "{kind}", "subject": "{subject}", "contributor": "{by}", "reason": "Looks wrong."}}"#
        );
        app.post(FLAGS, &flag).await.assert_status(201);
    };
    flag("unit", &other, "bot").await;
    assert_eq!(run().await, "3 2 0 2", "infrastructure has no weight");
    flag("unit", &other, "mo").await;
    assert_eq!(run().await, "3 2 1 0");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_flag_on_a_claim_is_one_on_the_change_that_added_it() {
    let app = TestApp::new().await;
    let mut branch = crate::given::Branch::new("codex");
    branch
        .merge("rio: tides rise twice", "rio", "Zoe")
        .trailer("pentagon-agent", "rio")
        .claim("domains/tides/tides-rise.md", &[])
        .done();
    branch.keep(&*app.store, 10).await;
    decide(&*app.store, &app.source, "rio", r#"{"kind": "agent"}"#).await;
    let record = async || {
        let list = app.get(AUTONOMY).await.assert_status(200);
        ["flagged", "clean_run"].map(|field| list.at(&format!("agents[0].record.{field}"))).join(" ")
    };
    assert_eq!(record().await, "0 1");
    let flag = r#"{"subject_kind": "claim", "subject": "tides-rise", "contributor": "zoe", "reason": "No."}"#;
    app.post(FLAGS, flag).await.assert_status(201);
    assert_eq!(record().await, "1 0");
}

#[tokio::test]
async fn a_decision_is_kept_once_under_its_key_and_outlives_the_agent_s_being_one() {
    let app = TestApp::new().await;
    sea(&*app.store, &app.source).await;
    let keyed = || Call::post(AUTONOMY, &decision("rio", "reviewed", "rita")).idempotency_key("k");
    let first = app.send(keyed()).await.assert_status(201);
    let again = app.send(keyed()).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text);
    let other = Call::post(AUTONOMY, &decision("rio", "trusted", "rita")).idempotency_key("k");
    app.refuse(other).await.assert_status(409);
    decide(&*app.store, &app.source, "rio", r#"{"kind": "person", "principal": null}"#).await;
    assert_eq!(app.get(AUTONOMY).await.assert_status(200).json().len("agents"), 0);
    let history = app.get(&format!("{AUTONOMY}/rio")).await.assert_status(200);
    assert_eq!(history.json().each("decisions", "id"), [first.at("id")]);
    let ledger = "SELECT action || ' ' || subject || ' ' || body FROM ledger_entries \
                  WHERE action = 'decide_autonomy' ORDER BY id";
    insta::assert_snapshot!(app.database.texts(ledger).await.join("\n"));
    app.assert_verified().await;
}
