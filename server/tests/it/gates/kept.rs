//! What is kept of gates, and for how long.

use super::{report, served::Served, settings};
use crate::given::{BEGINNING, Call, LINK, LINKS};
use chrono::TimeDelta;
use server::gate::Settings;

#[tokio::test]
async fn what_a_gate_filed_is_removed_after_its_time_and_nothing_else_is() {
    let served = Served::with(settings()).await;
    let link = served.send(Call::post(LINKS, LINK)).await.assert_status(201).at("id");
    served.run().await;
    assert_eq!((served.count("links").await, served.count("usage_events").await), (3, 2));
    let entries = served.count("ledger_entries").await;
    served.source.stop_at(BEGINNING + TimeDelta::days(6));
    assert_eq!(server::gate::clear_what_is_old(&served.state).await, Ok(0), "not before its time");
    served.source.stop_at(BEGINNING + TimeDelta::days(8));
    assert_eq!(server::gate::clear_what_is_old(&served.state).await, Ok(2));
    assert_eq!((served.count("links").await, served.count("usage_events").await), (1, 0));
    assert_eq!((served.count("link_days").await, served.count("link_labels").await), (0, 0));
    served.get(&format!("{LINKS}/{link}")).await.assert_status(200);
    assert_eq!(
        served.count("ledger_entries").await,
        entries + 1,
        "entries stay, and one says what was removed"
    );
    assert_eq!(served.store.verify().await.expect("a verification").differences, []);
    assert_eq!(server::gate::clear_what_is_old(&served.state).await, Ok(0));
}

#[tokio::test]
async fn what_an_entry_says_was_removed_must_be_gone() {
    let served = Served::with(settings()).await;
    served.run().await;
    let dump = served.database.texts("SELECT id FROM links ORDER BY id").await;
    served.source.stop_at(BEGINNING + TimeDelta::days(8));
    server::gate::clear_what_is_old(&served.state).await.expect("removed");
    let back = format!(
        "INSERT INTO links (id, idea_id, spec_id, estimated_cost, measured_value_total, event_count, source_count, \
         metric_count, roi_sort, created_at, updated_at, implementation_refs, contributors, investments, \
         search_text, origin) VALUES ('{}', 'i', 's', 0, 0, 0, 0, 0, 0, 0, 0, '[]', \
         '{{\"idea\":null,\"research\":null,\"spec\":null,\"spec_upgrade\":null,\"implementation\":null,\"review\":null}}', \
         '[]', 's', 'gate')",
        dump[0]
    );
    served.database.run(&back).await;
    let found = served.store.verify().await.expect("a verification").differences;
    assert!(found.iter().any(|it| it.subject == dump[0] && it.field == "removed"), "{found:?}");
}

#[tokio::test]
async fn a_gate_s_link_takes_so_many_events_and_no_more() {
    let served = Served::new().await;
    let filed = served.send(Call::post(LINKS, LINK).with("tributary-origin", "gate")).await;
    let link = filed.assert_status(201).at("id");
    let append = || served.send(Call::post(&format!("{LINKS}/{link}/usage-events"), crate::given::EVENT));
    for _ in 0..100 {
        append().await.assert_status(201);
    }
    append().await.assert_status(422);
    assert_eq!(served.store.verify().await.expect("a verification").differences, []);
}

#[tokio::test]
async fn an_origin_that_is_none_is_refused() {
    let app = crate::given::TestApp::new().await;
    let answer = app.refuse(Call::post(LINKS, LINK).with("tributary-origin", "robot")).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert!(
        answer.text.contains("Tributary-Origin") && answer.text.contains("work, gate"),
        "{}",
        answer.text
    );
    app.get(&format!("{LINKS}?origin=robot")).await.assert_status(422);
}

#[tokio::test]
async fn every_report_is_kept_whole_and_listed_newest_first() {
    let served = Served::with(settings()).await;
    let runs = [served.run().await, served.run().await, served.run().await];
    let first = served.get("/api/gates/public-deploy-contract/runs?limit=2").await.assert_status(200);
    let page = report(&first);
    assert_eq!(page["runs"][0]["id"], report(&runs[2])["id"]);
    let cursor = page["next_cursor"].as_str().expect("another page");
    let path = format!("/api/gates/public-deploy-contract/runs?limit=2&cursor={cursor}");
    let rest = report(&served.get(&path).await.assert_status(200));
    assert_eq!(
        (&rest["runs"][0]["id"], &rest["next_cursor"]),
        (&report(&runs[0])["id"], &serde_json::Value::Null)
    );
    for run in &runs {
        let id = report(run)["id"].as_str().expect("an id").to_owned();
        let kept = served.get(&format!("/api/gates/runs/{id}")).await.assert_status(200);
        assert_eq!(kept.text, run.text);
        assert_eq!(run.header("location"), Some(&*format!("/api/gates/runs/{id}")));
    }
    assert_eq!(served.store.verify().await.expect("a verification").differences, []);
}

#[tokio::test]
async fn a_schedule_runs_every_gate_of_a_deployment_by_itself() {
    let served = Served::with(Settings { every_minutes: Some(1), ..settings() }).await;
    let _running = server::gate::start(&served.state);
    for _ in 0..200 {
        if served.count("gate_runs").await > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let kept = "SELECT gate || ' ' || verdict FROM gate_runs ORDER BY id";
    assert_eq!(served.database.texts(kept).await, ["public-deploy-contract pass"]);
    let actors = "SELECT actor FROM ledger_entries WHERE action = 'keep_gate_report'";
    assert_eq!(served.database.texts(actors).await, ["schedule"]);
}
