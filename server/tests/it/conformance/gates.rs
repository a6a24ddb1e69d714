//! Runs of gates, what is told of them, and the removal of what they filed.

use super::{Given, event};
use crate::given::{BEGINNING, Database, LINK};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    gate::{GateReport, OFFICIAL, Verdict},
    id::RunId,
    input::Node,
    origin::Origin,
    page::{Cursor, EventQuery},
    record::{self, Context},
    report,
};
use uuid::Uuid;

/// A report that began so many seconds after the beginning.
fn report_at(seconds: i64, verdict: Verdict) -> GateReport {
    let time = BEGINNING + TimeDelta::seconds(seconds);
    GateReport {
        id: RunId::new(Uuid::from_u128(1_000 + seconds as u128)),
        gate: "public-deploy-contract".into(),
        result: "ünicode \"quoted\" \\ \u{1F600}".into(),
        verdict,
        reason: None,
        failing_checks: vec!["openapi".into()],
        inconclusive_checks: Vec::new(),
        warnings: Vec::new(),
        expected_sha: Some("0123456".into()),
        deployed_sha: None,
        deployed_version: None,
        target: "http://127.0.0.1:1".into(),
        contract_hash: "00".into(),
        started_at: time,
        finished_at: time,
        duration_ms: 7,
        checks: Vec::new(),
    }
}

async fn keep(given: &Given, subject: Option<&str>, report: &GateReport, announce: bool) {
    let subject = subject.map(str::to_owned);
    let kept =
        record::keep_gate_report(given.store(), given.context(None), subject, report.clone(), announce).await;
    kept.expect("kept");
}

pub async fn reports_are_kept_whole_and_paged_newest_first(database: Database) {
    let given = Given::on(&database).await;
    let official: Vec<GateReport> = (0..5).map(|at| report_at(at, Verdict::Pass)).collect();
    for one in &official {
        keep(&given, None, one, false).await;
    }
    let other = report_at(9, Verdict::Fail);
    keep(&given, Some("0123456"), &other, false).await;
    let gate = official[0].gate.as_str();
    let (mut listed, mut cursor) = (Vec::new(), None);
    loop {
        let query = EventQuery { limit: 2, cursor };
        let page = report::gate_runs(given.store(), gate, Some(OFFICIAL), &query).await.expect("a page");
        listed.extend(page.items.into_iter().map(|run| run.id));
        match page.next_cursor {
            Some(next) => cursor = Some(Cursor::decode(&next).expect("a cursor")),
            None => break,
        }
    }
    assert_eq!(listed, official.iter().rev().map(|one| one.id).collect::<Vec<_>>());
    let last = |subject: Option<&'static str>| report::last_gate_report(given.store(), gate, subject);
    assert_eq!(last(None).await.expect("read"), Some(other.clone()));
    assert_eq!(last(Some(OFFICIAL)).await.expect("read"), Some(official[4].clone()));
    assert_eq!(last(Some("0123456")).await.expect("read"), Some(other));
    assert_eq!(last(Some("7654321")).await.expect("read"), None);
    given.assert_verified().await;
}

pub async fn what_is_to_be_told_is_claimed_once_and_goes_when_done(database: Database) {
    let given = Given::on(&database).await;
    let (first, second) = (report_at(0, Verdict::Pass), report_at(1, Verdict::Fail));
    keep(&given, None, &first, true).await;
    keep(&given, None, &second, true).await;
    let due = async |now: DateTime<Utc>| given.store().announcements_due(now, 9).await.expect("read");
    let at = |seconds: i64| BEGINNING + TimeDelta::seconds(seconds);
    let both = due(at(5)).await;
    assert_eq!(both.iter().map(|it| it.report.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert_eq!(due(at(0)).await.len(), 1, "not before its time");
    assert_eq!(given.store().claim_announcement(&both[0], at(60)).await, Ok(true));
    assert_eq!(given.store().claim_announcement(&both[0], at(60)).await, Ok(false));
    assert_eq!(due(at(5)).await.len(), 1);
    given.store().announced(first.id, Some((at(70), "no answer".into()))).await.expect("noted");
    assert_eq!(due(at(69)).await.len(), 1);
    let again = due(at(70)).await;
    assert_eq!(again.iter().find(|it| it.report.id == first.id).map(|it| it.attempts), Some(1));
    for report in [&first, &second] {
        given.store().announced(report.id, None).await.expect("done");
    }
    assert_eq!(due(at(1_000)).await, []);
}

pub async fn what_gates_filed_is_removed_and_nothing_else_is(database: Database) {
    let given = Given::on(&database).await;
    let work = given.link(LINK).await;
    given.event(work.id, &event("api", "1", "")).await;
    let of_gate = Context { origin: Origin::Gate, ..given.context(None) };
    let content = Node::from_json(LINK.as_bytes()).expect("JSON");
    let link = record::file_link(given.store(), of_gate, &content).await.expect("a link").made;
    given.event(link.id, &event("api", "2", "")).await;
    given.event(link.id, &event("web", "3", r#", "external_id": "one""#)).await;
    let before = (given.store().totals().await, given.store().store_days(9).await);
    let remove = async |time: DateTime<Utc>| {
        record::remove_gate_links(given.store(), given.context(None), time).await.expect("removed")
    };
    assert_eq!(remove(link.created_at).await, 0, "not at its very time");
    assert_eq!(remove(link.created_at + TimeDelta::microseconds(1)).await, 1);
    assert_eq!(given.store().link(link.id).await, Ok(None));
    assert!(given.store().link(work.id).await.expect("read").is_some());
    assert_eq!((given.store().totals().await, given.store().store_days(9).await), before);
    let refused = given.try_event(link.id, &event("api", "1", ""), None).await;
    assert_eq!(refused.expect_err("gone"), domain::error::Error::LinkNotFound);
    given.assert_verified().await;
}

pub async fn reports_about_unknown_commits_are_kept_up_to_a_number(database: Database) {
    let given = Given::on(&database).await;
    let reports: Vec<GateReport> = (0..4).map(|at| report_at(at, Verdict::Fail)).collect();
    for (at, report) in reports.iter().enumerate() {
        let subject = if at == 1 { "0123456" } else { "7654321" };
        given.store().keep_unknown_commit(subject, report, 3).await.expect("kept");
    }
    let of = |subject: &'static str| given.store().unknown_commit("public-deploy-contract", subject);
    assert_eq!(of("7654321").await, Ok(Some(reports[3].clone())), "the newest");
    assert_eq!(of("0123456").await, Ok(Some(reports[1].clone())));
    assert_eq!(of("fffffff").await, Ok(None));
    let kept = [false, true, true, true];
    for (report, kept) in reports.iter().zip(kept) {
        assert_eq!(given.store().gate_report(report.id).await, Ok(kept.then(|| report.clone())));
    }
    let other = GateReport { gate: "merged-contract".into(), ..report_at(9, Verdict::Fail) };
    given.store().keep_unknown_commit("0123456", &other, 1).await.expect("kept");
    assert_eq!(of("0123456").await, Ok(Some(reports[1].clone())), "each gate has its own");
    given.assert_verified().await;
}
