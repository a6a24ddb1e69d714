//! Who may write: API keys, sessions of a browser, and forms of other sites.

use crate::given::{Answer, BEGINNING, Call, Database, EVENT, LINK, LINKS, POOL, TestApp, Tributary};
use chrono::TimeDelta;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";
const FORM: [(&str, &str); 4] =
    [("idea_id", "i"), ("spec_id", "s"), ("estimated_cost", "1"), ("request_key", "r")];

async fn locked() -> TestApp {
    TestApp::with_keys(&format!("# keys of this test\nci {SECRET}\nroot {OTHER}\n")).await
}

async fn actors(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT actor FROM ledger_entries ORDER BY id").await
}

/// Signs in; the cookie as a browser sends it back.
async fn sign_in(app: &TestApp) -> (Answer, String) {
    let answer = app.send(Call::form("/sign-in", &[("key", SECRET), ("next", "/links/new")])).await;
    let cookie = answer.header("set-cookie").expect("a cookie").split(';').next().expect("a pair").to_owned();
    (answer, cookie)
}

#[tokio::test]
async fn without_a_known_key_every_post_is_a_401() {
    let app = locked().await;
    let link = app.send(Call::post(LINKS, LINK).with("x-api-key", SECRET)).await.at("id");
    for (path, body) in [
        (LINKS.to_owned(), LINK),
        (format!("{LINKS}/{link}/usage-events"), EVENT),
        (format!("{LINKS}/{link}/payout-preview"), POOL),
    ] {
        let call = Call::post(&path, body);
        let (_, session) = sign_in(&app).await;
        for call in [
            call.clone(),
            call.clone().with("x-api-key", ""),
            call.clone().with("x-api-key", &SECRET[1..]),
            call.clone().with("x-api-key", &format!("{SECRET}0")),
            call.clone().with("x-api-key", "ci"),
            call.clone().with("x-api-key", &SECRET.to_uppercase()),
            call.clone().with("authorization", SECRET),
            call.clone().with("authorization", &format!("Basic {SECRET}")),
            call.clone().with("authorization", "Bearer "),
            call.clone().with("x-api-key", "wrong").with("authorization", &format!("Bearer {SECRET}")),
            // A browser's session is for forms, which are guarded by their origin; the API is not.
            call.clone().with("cookie", &session),
        ] {
            let answer = app.refuse(call).await;
            assert_eq!(answer.status, 401);
            insta::allow_duplicates! { insta::assert_snapshot!(answer.shown(), @r#"
            401 Unauthorized
            content-type: application/json
            www-authenticate: Bearer

            {
              "detail": "Missing or unknown API key; send one as X-API-Key or as Authorization: Bearer"
            }
            "#) };
        }
    }
}

#[tokio::test]
async fn a_key_may_be_sent_either_way_and_its_name_is_in_the_ledger() {
    let app = locked().await;
    let call = Call::post(LINKS, LINK);
    app.send(call.clone().with("x-api-key", SECRET)).await.assert_status(201);
    app.send(call.clone().with("authorization", &format!("Bearer {OTHER}"))).await.assert_status(201);
    let link =
        app.send(call.with("authorization", &format!("bearer  {SECRET}"))).await.assert_status(201).at("id");
    let event = Call::post(&format!("{LINKS}/{link}/usage-events"), EVENT).with("x-api-key", OTHER);
    app.send(event).await.assert_status(201);
    assert_eq!(actors(&app).await, ["key:ci", "key:root", "key:ci", "key:root"]);
}

#[tokio::test]
async fn reading_needs_no_key() {
    let app = locked().await;
    let link = app.send(Call::post(LINKS, LINK).with("x-api-key", SECRET)).await.at("id");
    app.link(&link).await;
    app.valuation(&link).await;
    app.events(&link).await;
    for path in [
        LINKS,
        "/api/health",
        "/api/version",
        "/livez",
        "/readyz",
        "/api/openapi.json",
        "/",
        "/links",
        "/sign-in",
    ] {
        app.get(path).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_form_without_a_session_is_shown_again_as_it_was_typed_and_stores_nothing() {
    let app = locked().await;
    let link = app.send(Call::post(LINKS, LINK).with("x-api-key", SECRET)).await.at("id");
    let before = app.database.dump().await;
    let event = [("source", "s"), ("metric", "m"), ("value", "1")];
    for (path, form, typed) in [
        ("/links/new".to_owned(), &FORM[..], "value=\"i\""),
        (format!("/links/{link}/events"), &event[..], "value=\"s\""),
        ("/specs/new".to_owned(), &[("spec_id", "typed-spec")][..], "value=\"typed-spec\""),
    ] {
        for cookie in
            ["", "tributary_session=", "tributary_session=ci.99999999999.00", "tributary_session=ci"]
        {
            let answer = app.send(Call::form(&path, form).with("cookie", cookie)).await;
            assert_eq!(answer.status, 401, "{path}");
            assert!(
                answer.text.contains(typed) && answer.text.contains("Sign in from another tab"),
                "{path}"
            );
        }
    }
    assert_eq!(app.database.dump().await, before);
}

#[tokio::test]
async fn a_wrong_key_opens_no_session() {
    let app = locked().await;
    for key in ["", "ci", &SECRET[1..]] {
        let answer = app.refuse(Call::form("/sign-in", &[("key", key)])).await;
        assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (401, None));
        assert!(key.is_empty() || !answer.text.contains(key), "a key is not shown again");
    }
}

#[tokio::test]
async fn a_session_lets_forms_write_until_it_is_signed_out() {
    let app = locked().await;
    let (answer, cookie) = sign_in(&app).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/links/new")));
    let set = answer.header("set-cookie").expect("a cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"] {
        assert!(set.split("; ").any(|found| found == part), "{part} in {set}");
    }
    assert!(!set.contains(SECRET) && !set.contains("Secure"));
    let https = Call::form("/sign-in", &[("key", SECRET)]).with("x-forwarded-proto", "https");
    assert!(app.send(https).await.header("set-cookie").expect("a cookie").ends_with("; Secure"));
    let filed = app.send(Call::form("/links/new", &FORM).with("cookie", &cookie)).await.assert_status(303);
    assert!(filed.header("location").expect("a location").starts_with("/links/lnk_"));
    assert_eq!(actors(&app).await, ["key:ci"]);
    app.source.stop_at(BEGINNING + TimeDelta::days(15));
    let late = app.send(Call::form("/links/new", &FORM).with("cookie", &cookie)).await;
    assert_eq!(late.status, 401, "it ends after two weeks");
    let out = app.send(Call::form("/sign-out", &[]).with("cookie", &cookie)).await.assert_status(303);
    let set = out.header("set-cookie").expect("a cookie");
    assert!(set.starts_with("tributary_session=;") && set.contains("Max-Age=0"), "{set}");
    let elsewhere = app.send(Call::form("/sign-in", &[("key", SECRET), ("next", "//evil.example")])).await;
    assert_eq!(elsewhere.header("location"), Some("/"), "nobody is led away from here");
}

#[tokio::test]
async fn forms_of_other_sites_are_refused_by_origin_and_store_nothing() {
    for app in [TestApp::new().await, locked().await] {
        let link = app.send(Call::post(LINKS, LINK).with("x-api-key", SECRET)).await.at("id");
        // An open server gives no cookie, and needs none.
        let signed_in = app.send(Call::form("/sign-in", &[("key", SECRET)])).await;
        let cookie = signed_in.header("set-cookie").and_then(|set| set.split(';').next()).unwrap_or_default();
        for path in ["/links/new", &format!("/links/{link}/events"), "/sign-in", "/sign-out"] {
            let call = Call::form(path, &FORM).with("cookie", cookie);
            let plain = call.clone().without("sec-fetch-site");
            for call in [
                call.clone().with("sec-fetch-site", "cross-site").with("origin", "https://evil.example"),
                call.clone().with("sec-fetch-site", "same-site").with("origin", "http://127.0.0.1:9999"),
                plain.clone().with("origin", "https://evil.example"),
                plain.clone().with("origin", "http://127.0.0.1:9999"),
                plain.clone().with("origin", "null"),
            ] {
                let answer = app.refuse(call).await;
                assert_eq!(answer.status, 403, "{path}");
                assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            }
        }
        let event = [("source", "s"), ("metric", "m"), ("value", "1"), ("request_key", "r")];
        let own = Call::form(&format!("/links/{link}/events"), &event).with("cookie", cookie);
        app.send(own.clone().without("sec-fetch-site")).await.assert_status(303);
        app.send(own.without("origin").without("sec-fetch-site")).await.assert_status(303);
    }
}

/// A file of keys beside a database.
fn key_file(database: &Database, text: &str) -> String {
    let path = database.folder().join("keys");
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("text").to_owned()
}

#[test]
fn on_another_address_than_loopback_it_starts_with_keys_or_when_told_that_it_is_open() {
    let database = Database::sqlite();
    for addr in ["0.0.0.0:0", "[::]:0", "10.1.2.3:0"] {
        let refusal = Tributary::new(&["serve", "--addr", addr, "--database", &database.address]).refusal();
        for word in [addr, "--api-key-file", "--auth open", "new-key"] {
            assert!(refusal.contains(word), "{word} in {refusal}");
        }
        assert!(!database.file().exists(), "nothing was made");
    }
    let keys = key_file(&database, &format!("ci {SECRET}\n"));
    let post = |addr: &str, words: &[&str], key: &str| {
        let mut all = vec!["serve", "--addr", addr, "--database", &database.address];
        all.extend(words);
        let mut server = Tributary::new(&all).start();
        server.addr.set_ip([127, 0, 0, 1].into());
        let headers = [("content-type", "application/json"), ("x-api-key", key)];
        server.client().send("POST", LINKS, &headers, LINK).expect("an answer").status
    };
    assert_eq!(post("0.0.0.0:0", &["--auth", "open"], ""), 201);
    assert_eq!(post("0.0.0.0:0", &["--api-key-file", &keys], SECRET), 201);
    assert_eq!(post("0.0.0.0:0", &["--api-key-file", &keys], ""), 401);
    assert_eq!(post("127.0.0.1:0", &[], ""), 201, "open on a loopback address");
    assert_eq!(post("127.0.0.1:0", &["--api-key-file", &keys], ""), 401, "unless there are keys");
}

#[test]
fn key_files_and_modes_that_make_no_sense_stop_the_start() {
    let database = Database::sqlite();
    let keys = key_file(&database, &format!("ci {SECRET}\n"));
    let refusal = |words: &[&str]| Tributary::serve(&database.address, words).refusal();
    assert!(refusal(&["--auth", "keys"]).contains("--api-key-file"));
    assert!(refusal(&["--auth", "open", "--api-key-file", &keys]).contains("contradict"));
    assert!(refusal(&["--api-key-file", "/nowhere/keys"]).contains("/nowhere/keys"));
    for (text, said) in
        [("", "no key"), ("ci short", "line 1"), ("# only\nci\n", "line 2"), ("a b c", "line 1")]
    {
        let refusal = refusal(&["--api-key-file", &key_file(&database, text)]);
        assert!(refusal.contains(said) && !refusal.contains("short\n"), "{said} in {refusal}");
    }
}

#[test]
fn a_new_key_is_one_that_a_server_takes() {
    let database = Database::sqlite();
    let output = Tributary::new(&["new-key", "ci"]).output();
    let line = String::from_utf8(output.stdout).expect("text");
    let secret = line.strip_prefix("ci ").expect("its name first").trim();
    let server =
        Tributary::serve(&database.address, &["--api-key-file", &key_file(&database, &line)]).start();
    let bearer = format!("Bearer {secret}");
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    assert_eq!(server.client().send("POST", LINKS, &headers, LINK).expect("an answer").status, 201);
}
