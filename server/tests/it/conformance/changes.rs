//! Listening for changes.

use super::{Given, event};
use crate::given::Database;
use domain::{id::EntryId, ledger::RecordedChange};
use server::changes::{Client, Listener};
use std::{collections::BTreeSet, time::Duration};

/// How long a change is waited for; the ledger is looked at each second.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long silence is listened to: longer than from one look to the next.
const SILENCE: Duration = Duration::from_millis(2_500);

async fn listen(given: &Given, after: Option<EntryId>) -> Listener {
    given.state.changes.listen(Client::default(), after).await.expect("a store").expect("a seat")
}

async fn hear(listener: &mut Listener, count: usize) -> Vec<RecordedChange> {
    let mut heard = Vec::new();
    while heard.len() < count {
        let next = tokio::time::timeout(PATIENCE, listener.next()).await;
        heard.push(next.unwrap_or_else(|_| panic!("{count} changes, not {heard:?}")).expect("a change"));
    }
    heard
}

async fn assert_silent(listener: &mut Listener) {
    let next = tokio::time::timeout(SILENCE, listener.next()).await;
    assert!(next.is_err(), "nothing more, not {next:?}");
}

pub async fn changes_are_told_in_order_and_once(database: Database) {
    let given = Given::on(&database).await;
    given.seed().await;
    let (mut first, mut second) = (listen(&given, None).await, listen(&given, None).await);
    let link = given.seed().await;
    let mut made = vec![("file_link".to_owned(), link.to_string())];
    for value in 0..5 {
        let event = given.event(link, &event("api", &value.to_string(), "")).await;
        made.push(("append_event".to_owned(), event.id.to_string()));
    }
    for listener in [&mut first, &mut second] {
        let heard = hear(listener, made.len()).await;
        let ids: BTreeSet<EntryId> = heard.iter().map(|change| change.id).collect();
        assert!(heard.iter().map(|change| change.id).eq(ids), "in order, each once: {heard:?}");
        let told: Vec<_> = heard.into_iter().map(|change| (change.action, change.subject)).collect();
        assert_eq!(told, made, "what came before is not told");
    }
    assert_silent(&mut first).await;
}

pub async fn what_is_committed_late_is_told_all_the_same(database: Database) {
    let given = Given::on(&database).await;
    let mut listener = listen(&given, None).await;
    let early = EntryId::new(server::state::Source::id(&*given.source));
    given.seed().await;
    let greater = hear(&mut listener, 1).await[0].id;
    assert!(early < greater);
    let columns = "id, recorded_at, actor, action, subject, body";
    let row = format!("'{early}', 1, 'anonymous', 'append_event', 'late', '{{}}'");
    database.run(&format!("INSERT INTO ledger_entries ({columns}) VALUES ({row})")).await;
    let late = &hear(&mut listener, 1).await[0];
    assert_eq!((late.id, late.subject.as_str()), (early, "late"));
    assert_silent(&mut listener).await;
}

pub async fn who_comes_back_misses_nothing(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let mut all = BTreeSet::new();
    // More than are read at once.
    for value in 0..520 {
        given.event(link, &event("api", &value.to_string(), "")).await;
    }
    let mut from_the_start = listen(&given, Some(EntryId::FIRST)).await;
    for change in hear(&mut from_the_start, 521).await {
        assert!(all.insert(change.id), "once in a connection: {change:?}");
    }
    drop(from_the_start);
    let last = *all.last().expect("an id");
    let new = given.event(link, &event("api", "1", "")).await;
    let mut back = listen(&given, Some(last)).await;
    // At least once: what is as young as the last one heard comes again, and then what is new.
    let heard = hear(&mut back, 522).await;
    assert_eq!(heard.last().expect("a change").subject, new.id.to_string());
    let next = given.event(link, &event("api", "2", "")).await;
    assert_eq!(
        hear(&mut back, 1).await[0].subject,
        next.id.to_string(),
        "and goes on with what is new, once"
    );
    assert_silent(&mut back).await;
}
