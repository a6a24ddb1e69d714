//! `verify`: clean after anything that the server does, and nothing done behind its back goes unseen.

mod plans;

use crate::given::{
    AUTONOMY, CHANGE_REQUESTS, Call, Client, Database, EVENT, FLAGS, IDEAS, LINK, LINKS, POOL, SECOND_EVENT,
    TestApp, Tributary, VETOES, link_of_cost, sea,
};
use domain::store::Difference;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// An app with two links and three events.
async fn filled() -> (TestApp, String) {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    app.file_link(&link_of_cost("other", "7")).await;
    app.append_event(&link, EVENT).await;
    app.append_event(&link, SECOND_EVENT).await;
    app.append_event(&link, r#"{"source": "web", "metric": "clicks", "value": 0.000001}"#).await;
    (app, link)
}

/// Every kept total, with how to spoil it and what is then said of it.
const SPOILT: [(&str, &str, &str); 15] = [
    (
        "UPDATE links SET measured_value_total = measured_value_total + 1 WHERE event_count > 0",
        "{link}",
        "measured_value_total: 100.000002, not 100.000001",
    ),
    ("UPDATE links SET event_count = 4 WHERE event_count = 3", "{link}", "event_count: 4, not 3"),
    ("UPDATE links SET source_count = 1 WHERE source_count = 2", "{link}", "source_count: 1, not 2"),
    ("UPDATE links SET metric_count = 3 WHERE metric_count = 2", "{link}", "metric_count: 3, not 2"),
    ("UPDATE links SET roi_sort = 8334 WHERE roi_sort = 8333", "{link}", "roi_sort: 8334, not 8333"),
    ("DELETE FROM link_labels WHERE label = 'web'", "{link} source web", "link_labels: 0, not 1"),
    (
        "UPDATE link_labels SET label = 'wep' WHERE label = 'web'",
        "{link} source wep",
        "link_labels: 1, not 0",
    ),
    (
        "UPDATE link_days SET measured_value = measured_value - 1",
        "{link} day 20499",
        "measured_value: 100.0, not 100.000001",
    ),
    ("DELETE FROM link_days", "{link} day 20499", "event_count: 0, not 3"),
    ("UPDATE store_days SET event_count = 2", "everything day 20499", "event_count: 2, not 3"),
    (
        "UPDATE store_totals SET estimated_cost = estimated_cost + 1000000",
        "everything",
        "estimated_cost: 128.0, not 127.0",
    ),
    ("UPDATE store_totals SET link_count = 3, event_count = 2", "everything", "event_count: 2, not 3"),
    (
        "DELETE FROM ledger_entries WHERE action = 'file_link' AND subject = '{link}'",
        "{link}",
        "ledger_entries: 0, not 1",
    ),
    ("DELETE FROM usage_events WHERE source = 'web'", "everything", "event_count: 3, not 2"),
    (
        "UPDATE usage_events SET value = value + 1 WHERE source = 'web'",
        "{link}",
        "measured_value_total: 100.000001, not 100.000002",
    ),
];

#[tokio::test]
async fn each_total_that_was_spoilt_is_found_and_named() {
    for (sql, subject, said) in SPOILT {
        let (app, link) = filled().await;
        app.assert_verified().await;
        app.database.run(&sql.replace("{link}", &link)).await;
        let found = app.store.verify().await.expect("a verification");
        let subject = subject.replace("{link}", &link);
        let all: Vec<String> = found
            .differences
            .iter()
            .map(|found| {
                format!("{} {}: {}, not {}", found.subject, found.field, found.kept, found.recomputed)
            })
            .collect();
        assert!(all.iter().any(|one| one.starts_with(&format!("{subject} {said}"))), "{sql}\n{all:#?}");
    }
}

#[tokio::test]
async fn random_traffic_leaves_every_total_as_its_events_say() {
    let app = TestApp::new().await;
    let mut links = vec![app.file_link(LINK).await];
    // A generator of its own, the same in every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..600 {
        let link = links[next(links.len() as u64) as usize].clone();
        let events = format!("{LINKS}/{link}/usage-events");
        let (value, label, day) = (next(1_000_000_000), next(4), next(28) + 1);
        let event = format!(
            r#"{{"source": "s{label}", "metric": "m{}", "value": {}.{:06}, "captured_at": "2026-01-{day:02}T0{}:00:00Z""#,
            next(3),
            value / 1_000_000,
            value % 1_000_000,
            next(10)
        );
        let call = match next(8) {
            0 => Call::post(LINKS, &link_of_cost("idea", &format!("{}.{label}", next(50)))),
            1 => Call::post(LINKS, LINK).idempotency_key(&format!("k{}", next(5))),
            2 => Call::post(&events, &format!(r#"{event}, "external_id": "x{}"}}"#, next(9))),
            3 => Call::post(&events, &format!("{event}}}")).idempotency_key(&format!("k{}", next(5))),
            4 => Call::post(&events, &format!(r#"{event}, "unknown": 1}}"#)),
            5 => Call::post(&format!("{LINKS}/{link}/payout-preview"), POOL)
                .idempotency_key(&format!("k{}", next(3))),
            _ => Call::post(&events, &format!("{event}}}")),
        };
        let answer = app.send(call).await;
        assert!(!answer.status.is_server_error(), "{}", answer.shown());
        if answer.status == 201 && answer.at("id").starts_with("lnk_") && links.len() < 12 {
            links.push(answer.at("id"));
        }
    }
    let found = app.store.verify().await.expect("a verification");
    assert_eq!(found.differences, []);
    assert!(found.events > 150 && found.links > 50, "{found:?}");
    assert_eq!(found.ledger_entries, found.events + found.links);
}

/// Every kept column of the registry that follows from others, with how to spoil it and what is then said of it.
const SPOILT_REGISTRY: [(&str, &str); 24] = [
    (
        "UPDATE specs SET actual_value = actual_value + 1 WHERE spec_id = 's'",
        "spec s actual_value: 9.000001, not 9.0",
    ),
    ("UPDATE specs SET link_cost = 0 WHERE spec_id = 's'", "spec s link_cost: 0.0, not 7.0"),
    ("UPDATE specs SET link_count = 3 WHERE spec_id = 's'", "spec s link_count: 3, not 1"),
    ("UPDATE specs SET named_link_count = 1 WHERE spec_id = 's'", "spec s named_link_count: 1, not 0"),
    (
        "UPDATE specs SET implemented_link_count = 1 WHERE spec_id = 's'",
        "spec s implemented_link_count: 1, not 0",
    ),
    ("UPDATE specs SET event_count = 2 WHERE spec_id = 's'", "spec s event_count: 2, not 1"),
    ("UPDATE specs SET value_gap = 0 WHERE spec_id = 's'", "spec s value_gap sort: 0, not 11000000"),
    ("UPDATE specs SET cost_gap = 0 WHERE spec_id = 's'", "spec s cost_gap sort: 0, not 2000000"),
    (
        "UPDATE specs SET estimated_roi_sort = 1 WHERE spec_id = 's'",
        "spec s estimated_roi sort: 1, not 40000",
    ),
    ("UPDATE specs SET actual_roi_sort = 1 WHERE spec_id = 's'", "spec s actual_roi sort: 1, not 12857"),
    (
        "UPDATE specs SET potential_value = 1 WHERE spec_id = 's'",
        "spec s potential_value: 0.000001, not 20.0",
    ),
    ("UPDATE specs SET given_cost = 1 WHERE spec_id = 's'", "spec s given_cost: 0.000001, not "),
    ("UPDATE specs SET title = 'T' WHERE spec_id = 's'", "spec s title: T, not S"),
    ("UPDATE specs SET registered = 1 WHERE registered = 0", "registered: true, not false"),
    ("UPDATE specs SET version = 3 WHERE spec_id = 's'", "spec:s ledger_entries: 2, not 3"),
    ("DELETE FROM specs WHERE spec_id = 's'", "spec s rows: 0, not 1"),
    ("DELETE FROM spec_contents WHERE spec_id = 's'", "spec s registered: true, not false"),
    ("DELETE FROM ideas WHERE idea_id = 'idea'", "idea idea rows: 0, not 1"),
    ("UPDATE ideas SET version = 1 WHERE idea_id = 'idea'", "idea:idea ledger_entries: 0, not 1"),
    ("UPDATE ideas SET title = 'T' WHERE idea_id = 'i'", "idea i title: T, not I"),
    ("UPDATE change_requests SET status = 'open' WHERE kind = 'spec'", "status: open, not applied"),
    ("UPDATE change_requests SET vote_count = 2 WHERE kind = 'spec'", "vote_count: 2, not 1"),
    ("DELETE FROM ledger_entries WHERE action = 'cast_vote'", "ledger_entries: 1, not 2"),
    ("DELETE FROM ledger_entries WHERE action = 'register_spec'", "spec:s ledger_entries: 1, not 2"),
];

/// An app with a spec that was edited by a vote, a stub beside it, and an idea.
async fn filled_registry() -> TestApp {
    let app = TestApp::new().await;
    let link = app.file_link(&link_of_cost("idea", "7").replace("\"spec\"", "\"s\"")).await;
    app.append_value(&link, "9").await;
    app.file_link(&link_of_cost("idea", "1")).await;
    app.post(IDEAS, r#"{"idea_id": "i", "title": "I"}"#).await.assert_status(201);
    app.register_spec(r#"{"spec_id": "s", "title": "S", "potential_value": 10, "estimated_cost": 5}"#).await;
    let edit = r#"{"kind": "spec", "spec_id": "s", "changes": {"potential_value": 20}, "proposer": "carol"}"#;
    let request = app.post(CHANGE_REQUESTS, edit).await.assert_status(201).at("id");
    assert_eq!(app.vote(&request, "dave", "yes").await.assert_status(201).at("status"), "applied");
    app
}

#[tokio::test]
async fn each_part_of_the_registry_that_was_spoilt_is_found_and_named() {
    for (sql, said) in SPOILT_REGISTRY {
        let app = filled_registry().await;
        app.assert_verified().await;
        app.database.run(sql).await;
        let found = app.store.verify().await.expect("a verification").differences;
        let shown = |found: &Difference| {
            format!("{} {}: {}, not {}", found.subject, found.field, found.kept, found.recomputed)
        };
        let all: Vec<String> = found.iter().map(shown).collect();
        assert!(all.iter().any(|one| one.contains(said)), "{sql}\n{all:#?}");
    }
}

/// Every kept column of governance that follows from others, with how to spoil it and what is then said of it.
const SPOILT_GOVERNANCE: [(&str, &str); 20] = [
    ("UPDATE flag_subjects SET weight = weight + 1 WHERE kind = 'unit'", " weight: 611112, not 611111"),
    ("UPDATE flag_subjects SET active = 1 WHERE kind = 'unit'", " active: 1, not 2"),
    ("UPDATE flag_subjects SET flags = 4 WHERE kind = 'unit'", " flags: 4, not 2"),
    ("UPDATE flag_subjects SET newest = 'x' WHERE kind = 'unit'", " newest: x, not flg_"),
    ("UPDATE flags SET subject_weight = 0 WHERE contributor = 'zoe'", " subject_weight: 0, not 611111"),
    ("UPDATE flags SET weight = 0 WHERE contributor = 'zoe'", " weight: 0, not 222222"),
    ("UPDATE flags SET status = 'withdrawn' WHERE contributor = 'zoe'", " status: withdrawn, not active"),
    ("UPDATE flags SET contributor = 'zoey' WHERE contributor = 'zoe'", " contributor: zoey, not zoe"),
    ("UPDATE flags SET kind = 'link' WHERE contributor = 'zoe'", " kind: link, not unit"),
    ("DELETE FROM flags WHERE contributor = 'zoe'", " active: 2, not 1"),
    ("DELETE FROM ledger_entries WHERE action = 'withdraw_flag'", " ledger_entries: 1, not 2"),
    ("UPDATE vetoes SET status = 'undone'", " status: undone, not active"),
    ("UPDATE vetoes SET created_at = created_at + 1", " ended_at: "),
    ("DELETE FROM ledger_entries WHERE action = 'cast_veto'", " ledger_entries: 0, not 1"),
    ("UPDATE autonomy_decisions SET agent = 'leo'", " agent: leo, not rio"),
    ("DELETE FROM autonomy_decisions", " ledger_entries: 1, not 0"),
    ("UPDATE claim_use_days SET sessions = 3", "claim tides-rise day 20499 sessions: 3, not 2"),
    ("DELETE FROM claim_uses WHERE session = 's'", "claim:tides-rise ledger_entries: 1, not 0"),
    ("UPDATE claim_uses SET session = 'x' WHERE event_id IS NOT NULL", " event: 1, not 0"),
    ("UPDATE links SET names_claims = 0", " names_claims: 0, not 1"),
];

#[tokio::test]
async fn each_part_of_governance_that_was_spoilt_is_found_and_named() {
    let filled = async || {
        let app = TestApp::new().await;
        let sea = sea(&*app.store, &app.source).await;
        let flag = |kind: &str, subject: &str, by: &str| {
            format!(
                r#"{{"subject_kind": "{kind}", "subject": "{subject}", "contributor": "{by}", "reason": "x"}}"#
            )
        };
        for by in ["zoe", "mo"] {
            app.post(FLAGS, &flag("unit", &sea.tides, by)).await.assert_status(201);
        }
        let id = app.post(FLAGS, &flag("claim", "sun-helps", "mo")).await.assert_status(201).at("id");
        let by = r#"{"contributor": "mo", "reason": "y"}"#;
        app.post(&format!("{FLAGS}/{id}/withdraw"), by).await.assert_status(201);
        let veto = format!(r#"{{"unit": "{}", "contributor": "zoe", "reason": "x"}}"#, sea.sun);
        app.post(VETOES, &veto).await.assert_status(201);
        let decision = r#"{"agent": "rio", "level": "reviewed", "decided_by": "rita", "reason": "x"}"#;
        app.post(AUTONOMY, decision).await.assert_status(201);
        let uses = "/api/claims/tides-rise/usage-events";
        app.post(uses, r#"{"session": "s"}"#).await.assert_status(201);
        let link = r#"{"idea_id": "i", "spec_id": "s", "implementation_refs": ["claim:tides-rise"],
            "contributors": {}, "estimated_cost": 1}"#;
        let link = app.file_link(link).await;
        app.append_event(&link, r#"{"source": "c", "metric": "claim_usage", "value": 1}"#).await;
        app
    };
    filled().await.assert_verified().await;
    for (sql, said) in SPOILT_GOVERNANCE {
        let app = filled().await;
        app.database.run(sql).await;
        let found = app.store.verify().await.expect("a verification").differences;
        let shown = |found: &Difference| {
            format!("{} {}: {}, not {}", found.subject, found.field, found.kept, found.recomputed)
        };
        let all: Vec<String> = found.iter().map(shown).collect();
        assert!(all.iter().any(|one| one.contains(said)), "{sql}\n{all:#?}");
    }
}

/// What `tributary verify` says of a database, and its exit code.
fn verify(database: &Database, words: &[&str]) -> (Option<i32>, String) {
    let mut all = vec!["verify", "--database", &database.address];
    all.extend(words);
    let output = Tributary::new(&all).output();
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

#[tokio::test]
async fn the_command_exits_with_0_where_all_agrees_and_with_1_and_says_what_where_not() {
    let (app, _) = filled().await;
    let (code, said) = verify(&app.database, &[]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "2 links, 3 events, 5 ledger entries: every total agrees with its events\n")
    );
    app.database.run("UPDATE links SET event_count = 4 WHERE event_count = 3").await;
    let (code, said) = verify(&app.database, &[]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(said);
    let (code, said) = verify(&app.database, &["--json"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(said);
}

#[test]
fn the_command_may_be_run_while_a_server_writes() {
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &[]).start();
    let (addr, stop) = (server.addr, Arc::new(AtomicBool::new(false)));
    let stopped = stop.clone();
    let writing = std::thread::spawn(move || {
        let mut client = Client::connect(addr).expect("a connection");
        let mut written = 0;
        while !stopped.load(Ordering::Relaxed) {
            assert_eq!(client.post(LINKS, LINK).expect("an answer").status, 201);
            written += 1;
        }
        written
    });
    for _ in 0..5 {
        let (code, said) = verify(&database, &[]);
        assert_eq!(code, Some(0), "{said}");
    }
    stop.store(true, Ordering::Relaxed);
    let written: usize = writing.join().expect("a writer");
    let (_, said) = verify(&database, &[]);
    assert_eq!(
        said,
        format!("{written} links, 0 events, {written} ledger entries: every total agrees with its events\n")
    );
}

#[test]
fn the_command_says_where_there_is_no_database_and_makes_none() {
    let database = Database::sqlite();
    let output = Tributary::new(&["verify", "--database", &database.address]).output();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("there is no database") && said.contains("--database"), "{said}");
    assert!(!database.file().exists());
}
