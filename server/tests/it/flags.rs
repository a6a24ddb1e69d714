//! Flags: raised with the weight that was earned, listed by what they weigh together, withdrawn, all of it on record.

use crate::given::{AUTONOMY, Call, FLAGS, LINK, TestApp, UNKNOWN, VETOES, sea};
use std::fmt::Write as _;

fn flag_of(kind: &str, subject: &str, contributor: &str) -> String {
    format!(
        r#"{{"subject_kind": "{kind}", "subject": "{subject}", "contributor": "{contributor}", "reason": "Looks wrong."}}"#
    )
}

async fn raise(app: &TestApp, kind: &str, subject: &str, contributor: &str) -> String {
    app.post(FLAGS, &flag_of(kind, subject, contributor)).await.assert_status(201).at("id")
}

fn withdrawal_by(contributor: &str) -> String {
    format!(r#"{{"contributor": "{contributor}", "reason": "I misread it."}}"#)
}

#[tokio::test]
async fn what_cannot_be_flagged_is_refused_and_stores_nothing() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    raise(&app, "unit", &sea.tides, "zoe").await;
    let mut shown = String::new();
    for (name, body, status) in [
        ("nothing", "{}".to_owned(), 422),
        ("no such change", flag_of("unit", "unt_01h455vb4pex5vsknk084sn02q", "zoe"), 422),
        ("no such claim", flag_of("claim", "nobody-said-it", "zoe"), 422),
        ("no such link", flag_of("link", UNKNOWN, "zoe"), 422),
        ("no such run", flag_of("gate_run", "run_01h455vb4pex5vsknk084sn02q", "zoe"), 422),
        ("an id of another kind", flag_of("link", &sea.tides, "zoe"), 422),
        ("nobody who is known", flag_of("unit", &sea.tides, "nobody"), 422),
        ("no name", flag_of("unit", &sea.tides, "—"), 422),
        ("twice", flag_of("unit", &sea.tides, "Zoe"), 409),
    ] {
        let answer = app.refuse(Call::post(FLAGS, &body)).await.assert_status(status);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    insta::assert_snapshot!(shown);
    for query in [
        "subject_kind=x",
        "subject=x",
        "subject_kind=unit&subject=x",
        "status=x",
        "limit=0",
        "sort=x",
        "contributor=%00",
    ] {
        app.refuse(Call::get(&format!("{FLAGS}?{query}"))).await.assert_status(422);
    }
    app.get(&format!("{FLAGS}/flg_01h455vb4pex5vsknk084sn02q")).await.assert_status(404);
    app.get(&format!("{FLAGS}/x")).await.assert_status(404);
}

#[tokio::test]
async fn only_whoever_raised_a_flag_or_answers_for_them_withdraws_it_and_once() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    let (own, agents) =
        (raise(&app, "unit", &sea.tides, "mo").await, raise(&app, "unit", &sea.moon, "rio").await);
    let withdraw = |id: &str, body: &str| Call::post(&format!("{FLAGS}/{id}/withdraw"), body);
    let mut shown = String::new();
    for (name, id, body, status) in [
        ("no such flag", "flg_01h455vb4pex5vsknk084sn02q", withdrawal_by("mo"), 404),
        ("no such flag, and no reason", "flg_01h455vb4pex5vsknk084sn02q", "{}".to_owned(), 404),
        ("no reason", own.as_str(), r#"{"contributor": "mo"}"#.to_owned(), 422),
        ("nobody who is known", &own, withdrawal_by("nobody"), 422),
        ("somebody else", &own, withdrawal_by("zoe"), 403),
        ("whoever works for them", &own, withdrawal_by("rio"), 403),
    ] {
        let answer = app.refuse(withdraw(id, &body)).await.assert_status(status);
        let _ = writeln!(shown, "── {name}\n{}\n", answer.shown());
    }
    app.send(withdraw(&own, &withdrawal_by("Mo"))).await.assert_status(201);
    let again = app.refuse(withdraw(&own, &withdrawal_by("mo"))).await.assert_status(409);
    let _ = writeln!(shown, "── twice\n{}\n", again.shown());
    // Rita answers for rio, by whichever name.
    let withdrawn = app.send(withdraw(&agents, &withdrawal_by("marguerite"))).await.assert_status(201);
    let _ = writeln!(shown, "── by the one for whom they work\n{}\n", withdrawn.shown());
    insta::assert_snapshot!(shown);
    app.assert_verified().await;
}

#[tokio::test]
async fn a_flag_weighs_what_its_contributor_had_earned_and_keeps_it() {
    let app = TestApp::new().await;
    let mut sea = sea(&*app.store, &app.source).await;
    let link = app.file_link(LINK).await;
    let first = app.post(FLAGS, &flag_of("unit", &sea.tides, "Marguerite")).await.assert_status(201);
    insta::assert_snapshot!("raised", first.shown());
    for (kind, subject, by, weight) in [
        ("unit", sea.tides.as_str(), "zoe", "0.222222"),
        ("claim", "Tides-Rise.md", "mo", "0.388889"),
        // An agent's index counts toward that of the person it works for; infrastructure's toward nobody's.
        ("link", &link, "rio", "0.0"),
        ("link", &link, "bot", "0.0"),
    ] {
        let flag = app.post(FLAGS, &flag_of(kind, subject, by)).await.assert_status(201);
        assert_eq!(flag.at("weight"), weight, "{by}");
    }
    // Later work makes no flag heavier or lighter.
    sea.codex.claim("stars-shine", &[(domain::contribution::Role::Challenger, "zoe")]);
    sea.codex.keep(&*app.store).await;
    let kept = app.get(&format!("{FLAGS}/{}", first.at("id"))).await.assert_status(200);
    assert_eq!(
        (kept.at("weight").as_str(), kept.at("accumulated_weight").as_str()),
        ("0.388889", "0.611111")
    );
    let heavier = app.post(FLAGS, &flag_of("claim", "stars-shine", "zoe")).await.assert_status(201);
    assert_eq!(heavier.at("weight"), "0.423077", "0.55 of 1.3: whoever put it there has a part too");
    app.assert_verified().await;
}

#[tokio::test]
async fn what_is_flagged_most_heavily_is_listed_first_then_the_newest() {
    let app = TestApp::new().await;
    let sea = sea(&*app.store, &app.source).await;
    let light = raise(&app, "unit", &sea.moon, "zoe").await;
    let nothing = raise(&app, "unit", &sea.sun, "bot").await;
    let heavy = raise(&app, "unit", &sea.tides, "zoe").await;
    let heavy_too = raise(&app, "unit", &sea.tides, "mo").await;
    let claim = raise(&app, "claim", "moon-pulls", "mo").await;
    let ids = async |query: &str| {
        let list = app.get(&format!("{FLAGS}?{query}")).await.assert_status(200);
        list.json().each("flags", "id")
    };
    let of_tides = format!("subject_kind=unit&subject={}", sea.tides);
    for (query, found) in [
        ("", vec![&heavy_too, &heavy, &claim, &light, &nothing]),
        ("status=active", vec![&heavy_too, &heavy, &claim, &light, &nothing]),
        ("status=withdrawn", vec![]),
        ("subject_kind=claim", vec![&claim]),
        ("subject_kind=claim&subject=Moon-Pulls", vec![&claim]),
        (of_tides.as_str(), vec![&heavy_too, &heavy]),
        ("contributor=zoe", vec![&heavy, &light]),
        ("contributor=zoe&subject_kind=claim", vec![]),
        ("contributor=mo&subject_kind=unit&status=active", vec![&heavy_too]),
    ] {
        assert_eq!(ids(query).await.iter().collect::<Vec<_>>(), found, "{query}");
    }
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    while cursor != "Null" {
        let page = app.get(&format!("{FLAGS}?limit=1&cursor={cursor}")).await.assert_status(200);
        seen.extend(page.json().each("flags", "id"));
        cursor = page.at("next_cursor");
    }
    assert_eq!(seen, [&heavy_too, &heavy, &claim, &light, &nothing].map(Clone::clone));
    // What is withdrawn weighs nothing from then on; what is raised anew is another flag.
    app.post(&format!("{FLAGS}/{heavy_too}/withdraw"), &withdrawal_by("mo")).await.assert_status(201);
    assert_eq!(ids("").await, [&claim, &heavy_too, &heavy, &light, &nothing].map(Clone::clone));
    assert_eq!(ids("status=withdrawn").await, [heavy_too.as_str()]);
    let anew = raise(&app, "unit", &sea.tides, "mo").await;
    assert_eq!(ids("").await[0], anew);
    app.assert_verified().await;
}

#[tokio::test]
async fn flags_under_a_key_are_raised_once_and_whoever_sent_them_is_on_record() {
    let keys = ["a", "b"].map(|name| format!("{name} {}", name.repeat(40))).join("\n");
    let app = TestApp::with_keys(&keys).await;
    let sea = sea(&*app.store, &app.source).await;
    let body = flag_of("unit", &sea.tides, "zoe");
    let by = |key: &str, path: &str, body: &str| Call::post(path, body).with("x-api-key", &key.repeat(40));
    app.refuse(Call::post(FLAGS, &body)).await.assert_status(401);
    let keyed = || by("a", FLAGS, &body).idempotency_key("k");
    let first = app.send(keyed()).await.assert_status(201);
    assert_eq!(first.at("actor"), "key:a");
    let again = app.send(keyed()).await.assert_status(201);
    assert!(again.is_replayed() && again.text == first.text);
    app.refuse(by("a", FLAGS, &flag_of("unit", &sea.moon, "zoe")).idempotency_key("k"))
        .await
        .assert_status(409);
    let path = format!("{FLAGS}/{}/withdraw", first.at("id"));
    let withdrawn = app.send(by("b", &path, &withdrawal_by("zoe")).idempotency_key("k")).await;
    assert_eq!(withdrawn.assert_status(201).at("withdrawn.actor"), "key:b");
    let ledger = "SELECT actor || ' ' || action || ' ' || subject || ' ' || body FROM ledger_entries \
                  WHERE action LIKE '%_flag' ORDER BY id";
    insta::assert_snapshot!(app.database.texts(ledger).await.join("\n"));
    app.assert_verified().await;
}

#[tokio::test]
async fn a_key_that_bears_a_name_speaks_for_them_and_their_agents_and_nobody_else() {
    let keys = ["marguerite", "bot", "desk"].map(|name| format!("{name} {}", name.repeat(20))).join("\n");
    let app = TestApp::with_keys(&keys).await;
    let sea = sea(&*app.store, &app.source).await;
    let by = |key: &str, path: &str, body: &str| Call::post(path, body).with("x-api-key", &key.repeat(20));
    // Marguerite is an alias of rita, for whom rio works.
    let refused = app.refuse(by("marguerite", FLAGS, &flag_of("unit", &sea.moon, "zoe"))).await;
    assert_eq!(
        refused.assert_status(403).at("detail"),
        "This key bears the name of \"rita\": it speaks for them and for agents who work for them, and not for \"zoe\""
    );
    app.send(by("marguerite", FLAGS, &flag_of("unit", &sea.moon, "rita"))).await.assert_status(201);
    let own = app.send(by("marguerite", FLAGS, &flag_of("unit", &sea.moon, "rio"))).await.assert_status(201);
    let veto = |by: &str| format!(r#"{{"unit": "{}", "contributor": "{by}", "reason": "No."}}"#, sea.tides);
    app.refuse(by("marguerite", VETOES, &veto("mo"))).await.assert_status(403);
    let veto = app.send(by("marguerite", VETOES, &veto("rita"))).await.assert_status(201).at("id");
    let undo = format!("{VETOES}/{veto}/undo");
    app.refuse(by("marguerite", &undo, &withdrawal_by("mo"))).await.assert_status(403);
    let level = |by: &str| {
        format!(r#"{{"agent": "rio", "level": "reviewed", "decided_by": "{by}", "reason": "Good."}}"#)
    };
    app.refuse(by("marguerite", AUTONOMY, &level("zoe"))).await.assert_status(403);
    app.send(by("marguerite", AUTONOMY, &level("rita"))).await.assert_status(201);
    // Infrastructure is nobody, and a desk that nobody is called passes on what whoever said.
    app.send(by("bot", FLAGS, &flag_of("unit", &sea.sun, "zoe"))).await.assert_status(201);
    app.send(by("desk", FLAGS, &flag_of("unit", &sea.sun, "mo"))).await.assert_status(201);
    let withdraw = format!("{FLAGS}/{}/withdraw", own.at("id"));
    app.send(by("desk", &withdraw, &withdrawal_by("rita"))).await.assert_status(201);
    app.assert_verified().await;
}
