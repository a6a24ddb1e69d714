//! `kill -9` under load: what was answered is kept, and nothing is half written.

use crate::given::{Client, Database, Json, LINK, LINKS, Running, Tributary, on_postgres};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// Kills of a server on SQLite, whose file is written by the very process that is killed.
const ROUNDS: u64 = 24;
/// Kills of a server on Postgres, which lives on and must undo what was under way.
const ROUNDS_ON_POSTGRES: u64 = 8;
const WRITERS: u64 = 6;

/// One who writes one thing after the other, and sends again what was not answered.
struct Writer {
    name: u64,
    link: String,
    sent: u64,
    /// Bodies of all answers of 201, by what was sent.
    events: BTreeMap<u64, String>,
    links: BTreeMap<u64, String>,
}

impl Writer {
    /// Every tenth thing is a link, the others are events; each says which it is in every field.
    fn send(&self, client: &mut Client, at: u64) -> std::io::Result<String> {
        let key = format!("{}-{at}", self.name);
        let received = if at.is_multiple_of(10) {
            let body = format!(
                r#"{{"idea_id": "idea-{key}", "spec_id": "spec-{key}", "contributors": {{"idea": "{key}"}},
                    "estimated_cost": {at}.25}}"#
            );
            let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
            client.send("POST", LINKS, &headers, &body)?
        } else {
            let body = format!(
                r#"{{"source": "writer-{}", "metric": "metric-{}", "value": {at}.5, "external_id": "{key}"}}"#,
                self.name,
                at % 3
            );
            client.post(&format!("{LINKS}/{}/usage-events", self.link), &body)?
        };
        assert_eq!(received.status, 201, "{}", received.body);
        Ok(received.body)
    }

    /// Writes until the server is gone, and counts what was answered.
    fn run(mut self, addr: SocketAddr, answered: &AtomicU64) -> Self {
        let Ok(mut client) = Client::connect(addr) else { return self };
        loop {
            let at = self.sent;
            let Ok(body) = self.send(&mut client, at) else { return self };
            answered.fetch_add(1, Ordering::Relaxed);
            let kept = if at.is_multiple_of(10) { &mut self.links } else { &mut self.events };
            kept.insert(at, body);
            self.sent += 1;
        }
    }

    /// Everything answered is there with its content; of the rest, at most the one that was under way.
    fn assert_kept(&self, client: &mut Client) {
        for (at, filed) in &self.links {
            let id = Json::read(filed).text("id");
            let kept = client.get(&format!("{LINKS}/{id}")).expect("an answer");
            assert_eq!((kept.status, &kept.body), (200, filed), "link {at} of writer {}", self.name);
        }
        let mut kept = events_of(client, &self.link);
        for (at, appended) in &self.events {
            let appended = Json::read(appended);
            let found = kept.remove(&appended.text("external_id")).expect("an event that was answered");
            for field in ["id", "source", "metric", "value", "captured_at", "created_at"] {
                assert_eq!(found.text(field), appended.text(field), "event {at} of writer {}", self.name);
            }
        }
        let last = format!("{}-{}", self.name, self.sent);
        assert!(
            kept.keys().all(|key| *key == last),
            "beyond what was answered only {last}: {:?}",
            kept.keys()
        );
        for event in kept.values() {
            assert_eq!(event.text("value"), format!("{}.5", self.sent), "whole, though never answered");
        }
    }

    /// What was under way when the server died is sent again, and kept once.
    fn send_the_last_again(&self, client: &mut Client) {
        self.send(client, self.sent).expect("an answer");
        let valuation = client.get(&format!("{LINKS}/{}/valuation", self.link)).expect("an answer");
        let events = (1..=self.sent).filter(|at| !at.is_multiple_of(10));
        let (count, halves) = events.fold((0, 0), |(count, halves), at| (count + 1, halves + 2 * at + 1));
        assert_eq!(valuation.at("event_count"), count.to_string());
        assert_eq!(valuation.at("measured_value_total"), format!("{}.{}", halves / 2, halves % 2 * 5));
    }
}

/// All events of a link, by the sender's id.
fn events_of(client: &mut Client, link: &str) -> BTreeMap<String, Json> {
    let (mut events, mut cursor) = (BTreeMap::new(), String::new());
    loop {
        let path = format!("{LINKS}/{link}/usage-events?limit=500&cursor={cursor}");
        let page = client.get(&path).expect("a page");
        let json = Json::read(&page.body);
        for at in 0..json.len("usage_events") {
            let event = json.item("usage_events", at);
            assert!(events.insert(event.text("external_id"), event).is_none(), "an event was kept twice");
        }
        cursor = match json.text("next_cursor") {
            next if next == "Null" => return events,
            next => next,
        };
    }
}

fn assert_verified(database: &Database) {
    let output = Tributary::new(&["verify", "--database", &database.address]).output();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

/// Lets all write, and kills the server in the middle of it: once so much was answered, or after a while.
fn kill_under_load(mut server: Running, writers: Vec<Writer>, after: u64) -> Vec<Writer> {
    let answered = Arc::new(AtomicU64::new(0));
    let addr = server.addr;
    let threads: Vec<JoinHandle<Writer>> = writers
        .into_iter()
        .map(|writer| {
            let answered = answered.clone();
            std::thread::spawn(move || writer.run(addr, &answered))
        })
        .collect();
    let began = Instant::now();
    while answered.load(Ordering::Relaxed) < after && began.elapsed() < Duration::from_secs(1) {
        std::thread::sleep(Duration::from_micros(200));
    }
    server.kill();
    threads.into_iter().map(|thread| thread.join().expect("a writer")).collect()
}

#[test]
fn killed_in_the_middle_of_a_load_of_writes_nothing_answered_is_lost_and_nothing_is_half_written() {
    kill_again_and_again(&Database::sqlite(), ROUNDS);
}

#[tokio::test]
async fn killed_in_the_middle_of_a_load_on_postgres_nothing_is_lost_either() {
    on_postgres(|database| async move {
        let killing =
            tokio::task::spawn_blocking(move || kill_again_and_again(&database, ROUNDS_ON_POSTGRES));
        killing.await.expect("nothing lost");
    })
    .await;
}

fn kill_again_and_again(database: &Database, rounds: u64) {
    let mut writers = writers(database);
    for round in 0..rounds {
        let server = Tributary::serve(&database.address, &[]).start();
        // Now early, now late: in the first write as well as in the thick of it.
        writers = kill_under_load(server, writers, round * 37 % 150);
        assert_verified(database);
        let server = Tributary::serve(&database.address, &[]).start();
        let mut client = server.client();
        writers.iter().for_each(|writer| writer.assert_kept(&mut client));
    }
    let answered: usize = writers.iter().map(|writer| writer.events.len() + writer.links.len()).sum();
    eprintln!("{rounds} kills, {answered} answers of 201 all kept");
    assert!(answered as u64 > 5 * rounds, "enough to be cut off in: {answered}");
    let server = Tributary::serve(&database.address, &[]).start();
    let mut client = server.client();
    writers.iter().for_each(|writer| writer.send_the_last_again(&mut client));
    drop(server);
    assert_verified(database);
}

/// Writers, each with a link of its own.
fn writers(database: &Database) -> Vec<Writer> {
    let server = Tributary::serve(&database.address, &[]).start();
    let mut client = server.client();
    let writer = |name| {
        let link = client.post(LINKS, LINK).expect("an answer").at("id");
        Writer { name, link, sent: 1, events: BTreeMap::new(), links: BTreeMap::new() }
    };
    (0..WRITERS).map(writer).collect()
}
