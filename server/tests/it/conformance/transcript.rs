//! The same sequence of requests, down to the bytes of every answer and of the ledger.

use crate::given::{
    Answer, Call, Database, EVENT, LINK, LINKS, POOL, SECOND_EVENT, TestApp, UNKNOWN, link_of_cost,
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
