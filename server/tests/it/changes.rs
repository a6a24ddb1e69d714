//! Server-sent events of every accepted write.

use crate::given::{Call, Database, EVENT, LINK, LINKS, TestApp, Tributary};
use axum::response::Response;
use http_body_util::BodyExt as _;
use server::changes::{MOST_LISTENERS, SEATS_OF_ONE};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

const CHANGES: &str = "/api/changes";

/// What is heard until a text comes.
async fn hear_until(response: &mut Response, end: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(end) {
        let frame = tokio::time::timeout(Duration::from_secs(10), response.body_mut().frame()).await;
        let frame =
            frame.unwrap_or_else(|_| panic!("{end:?}, not {heard:?}")).expect("more").expect("a frame");
        heard.push_str(std::str::from_utf8(&frame.into_data().expect("data")).expect("text"));
    }
    heard
}

/// The ids of the events of a text.
fn ids(heard: &str) -> Vec<String> {
    let events = heard.split("\n\n").filter(|event| event.contains("event: change"));
    let id = |event: &str| event.lines().find_map(|line| line.strip_prefix("id: ").map(str::to_owned));
    events.map(|event| id(event).expect("an id")).collect()
}

#[tokio::test]
async fn each_accepted_write_is_an_event() {
    let app = TestApp::new().await;
    let mut listening = app.respond(Call::get(CHANGES)).await;
    assert_eq!(listening.status(), 200);
    let header = |name: &str| listening.headers().get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("content-type"), Some("text/event-stream"));
    assert_eq!((header("cache-control"), header("x-accel-buffering")), (Some("no-store"), Some("no")));
    assert_eq!(header("content-encoding"), None);
    let link = app.file_link(LINK).await;
    app.post(LINKS, "{}").await.assert_status(422);
    let event = app.append_event(&link, EVENT).await.at("id");
    let heard = hear_until(&mut listening, &event).await;
    let expected = [
        format!(r#""action":"file_link","subject":"{link}","recorded_at":"2026-02-15T"#),
        format!(r#""action":"append_event","subject":"{event}""#),
    ];
    for data in &expected {
        assert!(heard.contains(data), "{heard}");
    }
    assert_eq!(ids(&heard).len(), 2, "{heard}");
}

#[tokio::test]
async fn goes_on_from_the_last_event_heard_or_from_a_parameter() {
    let (app, _) = TestApp::seed().await;
    let begin = "led_00000000000000000000000000";
    for call in [
        Call::get(&format!("{CHANGES}?after={begin}")),
        Call::get(CHANGES).with("last-event-id", begin),
        // Where both are given, a browser comes back and knows better than the address it was once given.
        Call::get(&format!("{CHANGES}?after=led_7zzzzzzzzzzzzzzzzzzzzzzzzz")).with("last-event-id", begin),
    ] {
        let mut listening = app.respond(call).await;
        let heard = hear_until(&mut listening, "append_event").await;
        assert!(heard.starts_with(&format!("id: {begin}\n")), "{heard}");
    }
    // An id that cannot be read is none: it begins now.
    let mut listening = app.respond(Call::get(CHANGES).with("last-event-id", "nonsense")).await;
    let new = app.file_link(LINK).await;
    assert_eq!(ids(&hear_until(&mut listening, &new).await).len(), 1);
    let refused = app.get(&format!("{CHANGES}?after=nonsense")).await.assert_status(422);
    assert!(refused.text.contains("after"), "{}", refused.text);
}

#[tokio::test]
async fn no_more_listen_than_may_and_no_client_takes_every_seat() {
    let app = TestApp::new().await;
    let from = |last: usize| Call::get(CHANGES).sent_from(&format!("203.0.113.{last}"));
    let mut listening = Vec::new();
    for _ in 0..SEATS_OF_ONE {
        listening.push(app.respond(from(1)).await);
    }
    let refused = app.refuse(from(1)).await.assert_status(429);
    assert_eq!(refused.header("retry-after"), Some("10"));
    assert!(refused.at("detail").contains("from this address"), "{}", refused.text);
    // What the client says of itself is not believed where no proxy is known.
    app.refuse(from(1).with("x-forwarded-for", "198.51.100.1")).await.assert_status(429);
    for at in SEATS_OF_ONE..MOST_LISTENERS {
        let answer = app.respond(from(1 + at / SEATS_OF_ONE)).await;
        assert_eq!(answer.status(), 200, "{at}");
        listening.push(answer);
    }
    let refused = app.send(from(99)).await.assert_status(503);
    assert_eq!(refused.header("retry-after"), Some("10"));
    listening.pop();
    assert_eq!(app.respond(from(99)).await.status(), 200, "a seat that is left is free");
}

#[test]
fn behind_a_proxy_clients_are_told_apart_by_the_header_that_an_operator_names() {
    let database = Database::sqlite();
    let begin = |addr: SocketAddr, client: &str| {
        let mut stream = TcpStream::connect(addr).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
        write!(stream, "GET {CHANGES} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-real-ip: {client}\r\n\r\n")
            .expect("sent");
        let mut status = String::new();
        BufReader::new(stream.try_clone().expect("a stream")).read_line(&mut status).expect("a status");
        (stream, status)
    };
    for (words, status) in [(&[] as &[&str], "429"), (&["--client-address-header", "X-Real-IP"], "200")] {
        let server = Tributary::serve(&database.address, words).start();
        let own: Vec<_> = (0..SEATS_OF_ONE).map(|_| begin(server.addr, "203.0.113.1")).collect();
        assert!(own.iter().all(|(_, status)| status.contains("200")), "{own:?}");
        assert!(begin(server.addr, "203.0.113.1").1.contains("429"));
        assert!(begin(server.addr, "203.0.113.2").1.contains(status), "{words:?}");
    }
}

#[test]
fn outlives_the_time_of_an_answer_and_holds_nobody_up_at_the_end() {
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &["--timeout-seconds", "1"]).start();
    let mut stream = TcpStream::connect(server.addr).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time");
    write!(stream, "GET {CHANGES} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: gzip, br\r\n\r\n")
        .expect("sent");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut until = |end: &str| lines.by_ref().any(|line| line.contains(end));
    assert!(until("listening"));
    std::thread::sleep(Duration::from_millis(1_500));
    let link = server.client().post(LINKS, LINK).expect("an answer").at("id");
    assert!(until(&link), "it is told of what happens after the time that other answers may take");
    server.signal("TERM");
    let told = Instant::now();
    let (status, log) = server.ended(Duration::from_secs(10));
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
}
