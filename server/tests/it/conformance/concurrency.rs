//! Many at once.

use super::{Given, event};
use crate::given::{Database, LINK};
use domain::{error::Error, store::Written};
use std::{collections::HashSet, path::Path};
use tokio::task::JoinSet;

pub async fn many_writers_at_once_lose_nothing(database: Database) {
    let given = Given::on(&database).await;
    let links = [given.seed().await, given.seed().await];
    let mut tasks = JoinSet::new();
    for at in 0..400_usize {
        let given = given.clone();
        tasks.spawn(async move {
            let body = event(&format!("source-{}", at % 7), "0.000001", "");
            given.event(links[at % 2], &body).await.id
        });
    }
    let ids: HashSet<_> = tasks.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 400);
    for link in links {
        let kept = given.store().link(link).await.expect("read").expect("there");
        assert_eq!(kept.totals.measured_value_total.to_string(), "0.0002");
        assert_eq!(
            (kept.totals.event_count, kept.totals.source_count, kept.totals.metric_count),
            (200, 7, 1)
        );
    }
    given.assert_verified().await;
}

pub async fn writers_at_once_share_transactions(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let before = transactions(&database).await;
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let given = given.clone();
        tasks.spawn(async move { given.event(link, &event("api", "1", "")).await });
    }
    assert_eq!(tasks.join_all().await.len(), 64);
    let made = transactions(&database).await - before;
    assert!((1..=16).contains(&made), "{made} transactions for 64 events");
}

/// How many transactions wrote to the ledger of Postgres, or at all to a SQLite file that is small yet.
async fn transactions(database: &Database) -> usize {
    if database.is_sqlite() {
        return commits(&database.file());
    }
    let counted =
        database.texts("SELECT CAST(COUNT(DISTINCT CAST(xmin AS TEXT)) AS TEXT) FROM ledger_entries").await;
    counted[0].parse().expect("a number")
}

/// Transactions in a SQLite file's write-ahead log: frames that carry the size of the database after them.
fn commits(file: &Path) -> usize {
    let log = std::fs::read(file.with_extension("db-wal")).expect("a write-ahead log");
    let page = u32::from_be_bytes(log[8..12].try_into().expect("four bytes")) as usize;
    log[32..].chunks_exact(24 + page).filter(|frame| frame[4..8] != [0; 4]).count()
}

pub async fn two_servers_on_one_database_agree(database: Database) {
    let servers = [Given::on(&database).await, Given::on(&database).await];
    // Ids of the two must differ, as those of real servers do.
    for _ in 0..1_000_000 {
        server::state::Source::id(&*servers[1].source);
    }
    let link = servers[0].seed().await;
    let mut tasks = JoinSet::new();
    for at in 0..200_usize {
        let given = servers[at % 2].clone();
        let external = format!(r#", "external_id": "event-{}""#, at / 2 % 50);
        tasks.spawn(async move {
            let body = event(&format!("source-{}", at % 5), "0.5", "");
            given.event(link, &body).await;
            // Every one of these is sent to both servers, twice.
            let body = event("meter", "0.25", &external);
            let event = given.try_event(link, &body, None).await.expect("an event");
            let filed = given.try_link(LINK, Some("the same")).await.expect("a link");
            (usize::from(!event.replayed), usize::from(!filed.replayed))
        });
    }
    let firsts = tasks.join_all().await;
    assert_eq!(firsts.iter().map(|(event, _)| event).sum::<usize>(), 50);
    assert_eq!(firsts.iter().map(|(_, filed)| filed).sum::<usize>(), 1);
    for given in &servers {
        let valuation = given.store().valuation(link).await.expect("read").expect("there");
        assert_eq!(
            (valuation.measured_value_total.to_string().as_str(), valuation.event_count),
            ("112.5", 250)
        );
        assert_eq!(given.store().totals().await.expect("totals").event_count, 250);
        given.assert_verified().await;
    }
}

pub async fn verify_is_clean_while_writes_go_on(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let writing = {
        let given = given.clone();
        tokio::spawn(async move {
            for at in 0..300 {
                given.event(link, &event(&format!("source-{at}"), "1", "")).await;
                given.seed().await;
            }
        })
    };
    let mut looked = 0;
    while !writing.is_finished() {
        given.assert_verified().await;
        looked += 1;
    }
    writing.await.expect("all written");
    assert!(looked > 3, "looked {looked} times");
}

pub async fn a_closed_store_says_that_it_is_not_available(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    given.event(link, &event("api", "1", "")).await;
    given.store().close().await;
    assert!(matches!(given.store().ready().await, Err(Error::Unavailable(_))));
    assert!(matches!(given.store().valuation(link).await, Err(Error::Unavailable(_))));
    let written: Result<Written<_>, Error> = given.try_event(link, &event("api", "1", ""), None).await;
    assert!(matches!(written, Err(Error::Unavailable(_))), "{written:?}");
    let again = Given::on(&database).await;
    assert_eq!(again.store().valuation(link).await.expect("read").expect("there").event_count, 1);
}
