//! The same sequence of requests, down to the bytes of every answer and of the ledger.

use crate::given::{
    Answer, CHANGE_REQUESTS, Call, Database, EVENT, IDEAS, LINK, LINKS, POOL, SECOND_EVENT, SPECS, TestApp,
    UNKNOWN, link_of_cost,
};
use server::{Limits, auth::Auth};
use std::fmt::Write as _;

/// The snapshots are the same for both databases, so that neither can come to differ from the other.
pub async fn the_same_operations_give_the_same_bytes(database: Database) {
    let app = TestApp::on(database, Auth::Open, Limits::default()).await;
    let seed = app.file_link(LINK).await;
    let mut transcript = String::new();
    let mut add = |name: &str, answer: Answer| {
        let _ = writeln!(transcript, "{name}\n{} {}\n", answer.status.as_u16(), answer.text);
    };
    let events = format!("{LINKS}/{seed}/usage-events");
    add("event", app.post(&events, EVENT).await);
    let late =
        SECOND_EVENT.replace('}', r#", "captured_at": "2025-12-31T23:00:00-05:00", "external_id": "late"}"#);
    add("late event", app.post(&events, &late).await);
    add("late event again", app.post(&events, &late).await);
    add("late event, other content", app.post(&events, &late.replace("54.5", "54.6")).await);
    add("event on no link", app.post(&format!("{LINKS}/{UNKNOWN}/usage-events"), EVENT).await);
    add("event that is none", app.post(&events, "{}").await);
    let keyed = |body: &str| Call::post(LINKS, body).idempotency_key("key");
    add("link under a key", app.send(keyed(&link_of_cost("Ünï \u{1f4a7} \\\"", "0.1"))).await);
    add("again", app.send(keyed(&link_of_cost("Ünï \u{1f4a7} \\\"", "0.10"))).await);
    add("other content", app.send(keyed(&link_of_cost("x", "0.1"))).await);
    add(
        "preview",
        app.send(Call::post(&format!("{LINKS}/{seed}/payout-preview"), POOL).idempotency_key("key")).await,
    );
    add("events", app.get(&format!("{events}?limit=1")).await);
    add("valuation", app.get(&format!("{LINKS}/{seed}/valuation")).await);
    for sort in ["created", "updated", "value", "cost", "roi"] {
        for order in ["asc", "desc"] {
            add(
                &format!("{sort} {order}"),
                app.get(&format!("{LINKS}?sort={sort}&order={order}&limit=1")).await,
            );
        }
    }
    add("search", app.get(&format!("{LINKS}?q=%C3%9CN%C3%8F+spec")).await);
    insta::assert_snapshot!("answers", transcript.trim_end());
    let ledger = "SELECT recorded_at || ' ' || actor || ' ' || action || ' ' || subject || ' ' || body \
                  FROM ledger_entries ORDER BY id";
    insta::assert_snapshot!("ledger", app.database.texts(ledger).await.join("\n"));
    let totals = "SELECT link_count || ' ' || event_count || ' ' || measured_value_total || ' ' || estimated_cost \
                  FROM store_totals";
    assert_eq!(app.database.texts(totals).await, ["2 2 100000000 120100000"]);
    app.assert_verified().await;
}

/// The registry likewise: every answer, every order, every refusal and the ledger.
pub async fn the_same_registry_gives_the_same_bytes(database: Database) {
    let app = TestApp::on(database, Auth::Open, Limits::default()).await;
    let seed = app.file_link(LINK).await;
    app.append_event(&seed, EVENT).await;
    let mut transcript = String::new();
    let mut add = |name: &str, answer: Answer| {
        let tag = answer.header("etag").map(|tag| format!(" {tag}")).unwrap_or_default();
        let _ = writeln!(transcript, "{name}\n{}{tag} {}\n", answer.status.as_u16(), answer.text);
    };
    let spec = r#"{"spec_id": "b", "title": "Ünï \"b\"", "summary": "one\r\ntwo", "idea_id": "I d/é",
        "potential_value": 10.5, "estimated_cost": 3, "source_files": ["specs/b.md"]}"#;
    add("register", app.post(SPECS, spec).await);
    add("again", app.post(SPECS, spec).await);
    let keyed = Call::post(SPECS, &spec.replace("\"b\"", "\"c\"")).idempotency_key("key");
    add("register under a key", app.send(keyed.clone()).await);
    add("replayed", app.send(keyed).await);
    let patch = |path: &str, tag: Option<&str>, body: &str| {
        let call = Call::new("PATCH", path).body(body).with("content-type", "application/merge-patch+json");
        tag.map_or(call.clone(), |tag| call.with("if-match", tag))
    };
    let path = format!("{SPECS}/b");
    add("edit without a version", app.send(patch(&path, None, "{}")).await);
    add("edit", app.send(patch(&path, Some("\"1\""), r#"{"actual_cost": 0.1, "idea_id": null}"#)).await);
    add("edit of an old version", app.send(patch(&path, Some("\"1\""), r#"{"title": "x"}"#)).await);
    let stub = format!("{SPECS}/048-value-lineage-and-payout-attribution");
    add("edit of a stub", app.send(patch(&stub, Some("*"), "{}")).await);
    let mut proposals = Vec::new();
    for body in [
        format!(
            r#"{{"kind": "link_contributor", "lineage_id": "{seed}", "stage": "idea", "contributor": "Zoë", "proposer": "p"}}"#
        ),
        r#"{"kind": "spec", "spec_id": "b", "changes": {"potential_value": 0.3, "actual_cost": null}, "proposer": "p"}"#
            .into(),
        r#"{"kind": "spec", "spec_id": "nobody-s", "changes": {"title": "x"}, "proposer": "p"}"#.into(),
    ] {
        let answer = app.post(CHANGE_REQUESTS, &body).await;
        if answer.status == 201 {
            proposals.push(answer.at("id"));
        }
        add("propose", answer);
    }
    for (id, voter, vote) in
        [(0, "P", "yes"), (0, "v", "yes"), (0, "w", "yes"), (1, "v", "no"), (1, "v", "yes")]
    {
        add("vote", app.vote(&proposals[id], voter, vote).await);
    }
    add("idea", app.get(&format!("{IDEAS}/I%20d%2F%C3%A9")).await);
    add("spec", app.get(&path).await);
    add("stub", app.get(&stub).await);
    add("ideas", app.get(&format!("{IDEAS}?limit=2")).await);
    for sort in domain::spec::SpecSort::NAMES {
        for order in ["asc", "desc"] {
            add(
                &format!("{sort} {order}"),
                app.get(&format!("{SPECS}?sort={sort}&order={order}&limit=1")).await,
            );
        }
    }
    add("requests", app.get(&format!("{CHANGE_REQUESTS}?spec_id=b&status=declined")).await);
    insta::assert_snapshot!("registry_answers", transcript.trim_end());
    let ledger = "SELECT recorded_at || ' ' || actor || ' ' || action || ' ' || subject || ' ' || body \
                  FROM ledger_entries ORDER BY id";
    insta::assert_snapshot!("registry_ledger", app.database.texts(ledger).await.join("\n"));
    app.assert_verified().await;
}
