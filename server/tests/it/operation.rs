//! What an operator relies on: health, request ids, headers, limits, logs and the end.

use crate::given::{Answer, Call, Client, Database, EVENT, Json, LINK, LINKS, TestApp, Tributary, UNKNOWN};
use std::time::{Duration, Instant};

#[tokio::test]
async fn health_says_whether_the_store_answers_and_livez_does_not_ask_it() {
    let app = TestApp::new().await;
    for path in ["/api/health", "/livez", "/readyz"] {
        let answer = app.get(path).await;
        assert_eq!(answer.text, format!(r#"{{"status":"ok","version":"{}"}}"#, env!("CARGO_PKG_VERSION")));
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/json")));
    }
    app.store.close().await;
    app.get("/livez").await.assert_status(200);
    for path in ["/api/health", "/readyz", LINKS] {
        let answer = app.get(path).await.assert_status(503);
        assert_eq!(answer.text, r#"{"detail":"This server cannot do it now; try again in a moment."}"#);
    }
    app.post(LINKS, LINK).await.assert_status(503);
}

#[tokio::test]
async fn the_version_is_told() {
    let app = TestApp::new().await;
    let answer = app.get("/api/version").await.assert_status(200);
    assert_eq!(
        (answer.at("name").as_str(), answer.at("version").as_str()),
        ("tributary", env!("CARGO_PKG_VERSION"))
    );
    let commit = answer.at("commit");
    assert!(commit == "Null" || commit.len() == 40, "{commit}");
}

#[tokio::test]
async fn a_request_id_is_given_back_or_made() {
    let app = TestApp::new().await;
    let id = async |sent: Option<&str>, path: &str| -> String {
        let call = Call::get(path).without("x-request-id");
        let call = match sent {
            Some(id) => call.with("x-request-id", id),
            None => call,
        };
        app.send(call).await.header("x-request-id").expect("an id").to_owned()
    };
    for path in ["/livez", "/", "/api/nothing"] {
        assert_eq!(id(Some("build-7.a_B"), path).await, "build-7.a_B");
        for unfit in ["", "a b", "<script>", &"x".repeat(65)] {
            let made = id(Some(unfit), path).await;
            assert!(made != unfit && made.len() == 32, "{made}");
        }
        assert_ne!(id(None, path).await, id(None, path).await);
    }
}

/// An answer of each kind.
async fn every_kind(app: &TestApp) -> Vec<(&'static str, Answer)> {
    let cross = Call::form("/links/new", &[])
        .with("sec-fetch-site", "cross-site")
        .with("origin", "https://evil.example");
    let kinds = [
        ("page", Call::get("/")),
        ("page that is not there", Call::get("/nowhere")),
        ("refused form", Call::form("/links/new", &[])),
        ("form of another site", cross),
        ("redirect", Call::form("/sign-out", &[])),
        ("JSON", Call::get(LINKS)),
        ("made", Call::post(LINKS, LINK)),
        ("400", Call::post(LINKS, "{")),
        ("404", Call::get("/api/nothing")),
        ("404 of a link", Call::get(&format!("{LINKS}/{UNKNOWN}"))),
        ("405", Call::new("DELETE", LINKS)),
        ("415", Call::post(LINKS, LINK).with("content-type", "text/plain")),
        ("422", Call::post(LINKS, "{}")),
        ("icon", Call::get("/favicon.svg")),
        ("file that is not there", Call::get("/assets/0/nothing.css")),
        ("document", Call::get("/api/openapi.json")),
        ("documentation", Call::get("/api/docs/")),
        ("health", Call::get("/livez")),
    ];
    let mut answers = Vec::new();
    for (kind, call) in kinds {
        answers.push((kind, app.send(call).await));
    }
    answers
}

#[tokio::test]
async fn every_kind_of_answer_has_the_headers_that_keep_browsers_safe() {
    let app = TestApp::new().await;
    for (kind, answer) in every_kind(&app).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {kind}");
        }
        let policy =
            answer.header("content-security-policy").unwrap_or_else(|| panic!("no policy of {kind}"));
        assert!(
            policy.contains("default-src") && policy.contains("frame-ancestors 'none'"),
            "{kind}: {policy}"
        );
        assert!(!policy.contains("'unsafe-eval'") && !policy.contains("*"), "{kind}: {policy}");
        assert!(answer.header("x-request-id").is_some(), "{kind}");
        assert_eq!(answer.header("server"), None, "{kind}");
    }
}

#[tokio::test]
async fn scripts_of_a_page_run_by_a_nonce_that_is_new_each_time() {
    let app = TestApp::new().await;
    let mut nonces = Vec::new();
    for path in ["/", "/", "/links/new", "/nowhere"] {
        let page = app.get(path).await;
        let policy = page.header("content-security-policy").expect("a policy").to_owned();
        let nonce =
            policy.split_once("'nonce-").expect("a nonce").1.split('\'').next().expect("a nonce").to_owned();
        let scripts: Vec<&str> =
            policy.split(';').filter(|part| part.trim().starts_with("script-src")).collect();
        assert!(scripts.len() == 1 && !scripts[0].contains("unsafe-inline"), "{policy}");
        for script in page.text.split("<script").skip(1) {
            let tag = script.split('>').next().expect("a tag");
            assert!(
                tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("application/json"),
                "{path}: {tag}"
            );
        }
        assert!(!page.text.contains(" onclick=") && !page.text.contains("javascript:"), "{path}");
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4);
}

/// Begins an event whose body stops in the middle.
fn begin_event(client: &mut Client, link: &str) -> String {
    let (first, rest) = EVENT.split_at(20);
    let path = format!("{LINKS}/{link}/usage-events");
    client.begin("POST", &path, &[("content-type", "application/json")], EVENT.len()).expect("sent");
    client.continue_with(first).expect("sent");
    rest.to_owned()
}

#[test]
fn told_to_stop_it_finishes_what_is_under_way_and_exits_with_0() {
    for signal in ["TERM", "INT"] {
        let database = Database::sqlite();
        let server = Tributary::serve(&database.address, &[]).start();
        let link = server.client().post(LINKS, LINK).expect("an answer").at("id");
        // One who never asked anything, and one who did and stays: neither holds the end up.
        let (_silent, mut idle) = (server.client(), server.client());
        idle.get("/livez").expect("an answer");
        let mut client = server.client();
        let rest = begin_event(&mut client, &link);
        std::thread::sleep(Duration::from_millis(500));
        server.signal(signal);
        let told = Instant::now();
        while Client::connect(server.addr).is_ok() {
            assert!(told.elapsed() < Duration::from_secs(5), "nobody else is let in");
            std::thread::sleep(Duration::from_millis(20));
        }
        let received = client.finish(&rest).expect("the answer to what was under way");
        assert_eq!(received.status, 201, "{}", received.body);
        drop(client);
        let (status, log) = server.ended(Duration::from_secs(10));
        assert_eq!(status.code(), Some(0), "{signal}: {log}");
        assert!(log.contains("stopping") && log.contains("stopped"), "{log}");
        let server = Tributary::serve(&database.address, &[]).start();
        let valuation = server.client().get(&format!("{LINKS}/{link}/valuation")).expect("an answer");
        assert_eq!(valuation.at("event_count"), "1", "what was answered is kept");
    }
}

#[test]
fn a_request_that_takes_too_long_is_a_408_of_its_kind() {
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &["--timeout-seconds", "1"]).start();
    let link = server.client().post(LINKS, LINK).expect("an answer").at("id");
    let mut client = server.client();
    let began = Instant::now();
    begin_event(&mut client, &link);
    let received = client.finish("").expect("an answer");
    let took = began.elapsed();
    assert_eq!(received.status, 408);
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert!(Json::read(&received.body).text("detail").contains("too long"), "{}", received.body);
    assert!((Duration::from_millis(900)..Duration::from_secs(8)).contains(&took), "{took:?}");
    let mut client = server.client();
    client
        .begin("POST", "/links/new", &[("content-type", "application/x-www-form-urlencoded")], 99)
        .expect("sent");
    let page = client.finish("idea_id=").expect("an answer");
    assert_eq!((page.status, page.header("content-type")), (408, Some("text/html; charset=utf-8")));
    let mut client = server.client();
    let wants = [("content-type", "application/json"), ("accept", "application/problem+json")];
    client.begin("POST", LINKS, &wants, 99).expect("sent");
    let problem = client.finish("{").expect("an answer");
    assert_eq!((problem.status, problem.header("content-type")), (408, Some("application/problem+json")));
    assert_eq!(Json::read(&problem.body).text("title"), "Time-out");
    let valuation = server.client().get(&format!("{LINKS}/{link}/valuation")).expect("an answer");
    assert_eq!(valuation.at("event_count"), "0");
}

#[test]
fn a_connection_without_a_whole_head_is_closed_in_time() {
    use std::io::{Read as _, Write as _};
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &["--timeout-seconds", "1"]).start();
    for head in ["", "GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n"] {
        let mut stream = std::net::TcpStream::connect(server.addr).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
        stream.write_all(head.as_bytes()).expect("sent");
        let began = Instant::now();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("closed, not waited for");
        assert!(began.elapsed() >= Duration::from_millis(500), "{head:?}: {:?}", began.elapsed());
    }
    assert_eq!(server.client().get("/livez").expect("an answer").status, 200);
}

#[tokio::test]
async fn a_panic_ends_its_own_request_as_an_error_of_its_kind() {
    let app = TestApp::new().await;
    app.source.panic_once();
    let answer = app.post(LINKS, LINK).await.assert_status(500);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.at("detail").contains("the log has the reason"), "{}", answer.text);
    app.source.panic_once();
    let call = Call::post(LINKS, LINK).with("accept", "application/problem+json");
    let problem = app.send(call).await.assert_status(500);
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    app.source.panic_once();
    let page = app.get("/links/new").await.assert_status(500);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text.contains("Something went wrong here") && page.text.contains("<nav"), "{}", page.text);
    app.post(LINKS, LINK).await.assert_status(201);
}

#[tokio::test]
async fn a_page_of_a_store_that_does_not_answer_says_so() {
    let (app, id) = TestApp::seed().await;
    app.store.close().await;
    for path in ["/", "/links", &format!("/links/{id}")] {
        let page = app.get(path).await.assert_status(503);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(page.text.contains("try again in a moment"), "{path}: {}", page.text);
    }
}

#[tokio::test]
async fn a_form_that_lacks_its_field_is_a_page_that_says_so() {
    let app = TestApp::with_keys("ci a-secret-of-some-length-0123456789").await;
    let page = app.send(Call::form("/sign-in", &[("next", "/")])).await.assert_status(422);
    assert!(page.text.contains("The form did not arrive whole"), "{}", page.text);
}

#[tokio::test]
async fn without_the_bundle_the_what_if_asks_the_server() {
    for (bundle, live) in [(true, true), (false, false)] {
        let app = TestApp::with_bundle(bundle).await;
        let id = app.file_link(LINK).await;
        let page = app.get(&format!("/links/{id}/payout")).await.assert_status(200).text;
        let button = page.split("Recompute").next().and_then(|before| before.rsplit('<').next());
        let button = button.expect("a button");
        assert_eq!(button.contains("no-js"), live, "hidden from those whom an island answers: {button}");
        assert_eq!(page.contains("leptos-island"), live);
    }
}

#[test]
fn an_open_server_on_this_machine_answers_to_this_machines_names_only() {
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &[]).start();
    let ask = |server: &crate::given::Running, path: &str, host: &str| {
        server.client().get_of(host, path).expect("an answer")
    };
    for host in ["localhost", "localhost:3000", "127.0.0.1:80", "127.9.9.9", "[::1]:3000", "app.localhost"] {
        assert_eq!(ask(&server, "/links", host).status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:3000",
        "localhost.evil.example",
        "192.168.0.1",
        "127.0.0.1.evil.example",
    ] {
        let page = ask(&server, "/links", host);
        assert_eq!(page.status, 421, "{host}");
        assert!(page.body.contains("--auth open"), "{}", page.body);
        let refused = ask(&server, LINKS, host);
        assert_eq!((refused.status, refused.header("content-type")), (421, Some("application/json")));
    }
    drop(server);
    let open = Tributary::serve(&database.address, &["--auth", "open"]).start();
    assert_eq!(ask(&open, "/links", "evil.example").status, 200, "whoever says open means it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_process_holds_is_a_503_for_everybody_at_once() {
    let app = TestApp::new().await;
    app.file_link(LINK).await;
    let holder = sqlx::SqlitePool::connect(&app.database.address).await.expect("the file");
    let held = holder.begin_with("BEGIN IMMEDIATE").await.expect("the write lock");
    let began = Instant::now();
    let answers = futures::future::join_all((0..6).map(|_| app.post(LINKS, LINK))).await;
    assert!(answers.iter().all(|answer| answer.status == 503), "{}", answers[0].text);
    // One wait for those that went first and one for those that came meanwhile, and not one for each.
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    held.rollback().await.expect("let go");
    app.post(LINKS, LINK).await.assert_status(201);
}

#[test]
fn the_largest_body_is_what_the_operator_says() {
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &["--max-body-bytes", "100"]).start();
    let small = r#"{"idea_id": "i", "spec_id": "s", "contributors": {}, "estimated_cost": 1}"#;
    assert_eq!(server.client().post(LINKS, small).expect("an answer").status, 201);
    assert_eq!(server.client().post(LINKS, LINK).expect("an answer").status, 413);
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let form = format!("idea_id={}", "x".repeat(200));
    assert_eq!(server.client().send("POST", "/links/new", &headers, &form).expect("an answer").status, 413);
}

#[test]
fn the_log_is_one_json_object_a_line_and_names_each_request_by_its_id() {
    let database = Database::sqlite();
    let words = ["--log", "server=debug", "--log-format", "json"];
    let server = Tributary::serve(&database.address, &words).start();
    let mut client = server.client();
    let headers = [("x-request-id", "of-this-test"), ("x-api-key", "a-secret"), ("cookie", "a-secret")];
    client.send("GET", "/api/nothing?q=a-secret", &headers, "").expect("an answer");
    drop(client);
    server.signal("TERM");
    let (_, log) = server.ended(Duration::from_secs(10));
    let lines: Vec<Json> = log.lines().map(Json::read).collect();
    assert!(
        lines.iter().all(|line| line.text("level") != "ERROR" && !line.text("timestamp").is_empty()),
        "{log}"
    );
    let answered =
        lines.iter().find(|line| line.member("message") == "answered").expect("a line of the request");
    assert_eq!((answered.text("path"), answered.text("status")), ("/api/nothing".into(), "404".into()));
    assert_eq!((answered.text("method"), answered.text("span.id")), ("GET".into(), "of-this-test".into()));
    assert!(!log.contains("a-secret"), "{log}");
}

#[test]
fn options_may_be_given_by_the_environment_too() {
    let database = Database::sqlite();
    let server = Tributary::new(&["serve"])
        .env("TRIBUTARY_ADDR", "127.0.0.1:0")
        .env("TRIBUTARY_DATABASE", &database.address)
        .env("TRIBUTARY_MAX_BODY_BYTES", "10")
        .start();
    assert_eq!(server.client().post(LINKS, LINK).expect("an answer").status, 413);
    assert!(database.file().exists());
    drop(server);
    let output = Tributary::new(&["verify"]).env("TRIBUTARY_DATABASE", &database.address).output();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn help_names_every_option_with_its_variable_and_default() {
    let help = |words: &[&str]| String::from_utf8(Tributary::new(words).output().stdout).expect("text");
    let all = help(&["--help"]);
    for command in ["serve", "verify", "new-key", "openapi"] {
        assert!(all.contains(command), "{command} in {all}");
    }
    let serve = help(&["serve", "--help"]);
    for (option, variable, default) in [
        ("--addr", "TRIBUTARY_ADDR", "127.0.0.1:3000"),
        ("--database", "TRIBUTARY_DATABASE", "sqlite://tributary.db"),
        ("--api-key-file", "TRIBUTARY_API_KEY_FILE", ""),
        ("--auth", "TRIBUTARY_AUTH", ""),
        ("--max-body-bytes", "TRIBUTARY_MAX_BODY_BYTES", "1048576"),
        ("--timeout-seconds", "TRIBUTARY_TIMEOUT_SECONDS", "30"),
        ("--log", "TRIBUTARY_LOG", "info"),
        ("--log-format", "TRIBUTARY_LOG_FORMAT", "text"),
    ] {
        for word in [option, variable, default] {
            assert!(serve.contains(word), "{word} in {serve}");
            assert!(all.contains(word), "{word} in {all}");
        }
    }
    assert!(help(&["verify", "--help"]).contains("TRIBUTARY_DATABASE"));
}

#[test]
fn what_cannot_work_is_said_at_the_start() {
    let refusal = |words: &[&str]| Tributary::new(words).refusal();
    for (database, said) in [
        ("mysql://nowhere", "sqlite:// or postgres://"),
        ("sqlite::memory:", "name a file"),
        ("sqlite:///proc/nowhere/tributary.db", "/proc/nowhere"),
        ("postgres://nobody:secret-word@127.0.0.1:1/none", "does not answer"),
    ] {
        let refusal = refusal(&["serve", "--addr", "127.0.0.1:0", "--database", database]);
        assert!(refusal.contains(said) && !refusal.contains("secret-word"), "{said} in {refusal}");
    }
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &[]).start();
    let taken = refusal(&["serve", "--addr", &server.addr.to_string(), "--database", &database.address]);
    assert!(taken.contains(&server.addr.to_string()) && taken.contains("--addr"), "{taken}");
}
