//! No read walks through a table: the statements that the real server runs, each asked how it is run.

use crate::given::{
    AUTONOMY, CHANGE_REQUESTS, Database, FLAGS, IDEAS, Json, LINK, LINKS, POOL, SPECS, Tributary, VETOES,
    branch::slug_of, busy,
};
use std::{collections::BTreeSet, time::Duration};

/// The statements that the server runs for these calls, in order.
fn statements_of(database: &Database, calls: &[(&str, String, &str)]) -> Vec<String> {
    statements_of_server(database, &["--log", "sqlx::query=debug", "--log-format", "json"], calls)
}

/// The same of a server that is started with these words.
fn statements_of_server(database: &Database, words: &[&str], calls: &[(&str, String, &str)]) -> Vec<String> {
    let server = Tributary::serve(&database.address, words).start();
    let mut client = server.client();
    // Whatever the start needed ends with this.
    client.get("/livez").expect("an answer");
    for (method, path, body) in calls {
        let headers = [("content-type", "application/json")];
        let received = client.send(method, path, &headers, body).expect("an answer");
        assert!(received.status < 300, "{method} {path}: {}", received.body);
    }
    server.signal("TERM");
    let (_, log) = server.ended(Duration::from_secs(10));
    let statement = |line: &str| {
        let json = Json::read(line);
        let whole = json.member("db.statement").trim().to_owned();
        if whole.is_empty() { json.text("summary") } else { whole }
    };
    log.lines().filter(|line| line.contains("sqlx::query")).map(statement).collect()
}

/// Of the statements, those that read what the API answers with.
fn reads(statements: Vec<String>) -> Vec<String> {
    let is_read = |sql: &String| sql.starts_with("SELECT") && !sql.contains("_sqlx_migrations");
    statements.into_iter().filter(is_read).collect()
}

/// A database with a link, and the path to it.
fn filled() -> (Database, String) {
    let database = Database::sqlite();
    let server = Tributary::serve(&database.address, &[]).start();
    let mut client = server.client();
    let id = client.post(LINKS, LINK).expect("an answer").at("id");
    (database, format!("{LINKS}/{id}"))
}

/// Every list of governance, by each of its filters.
fn reads_of_governance() -> Vec<(&'static str, String, &'static str)> {
    let unit = "unt_01h455vb4pex5vsknk084sn02q";
    let (of_unit, subject) = (format!("unit={unit}"), format!("subject_kind=unit&subject={unit}"));
    let flags = ["", "status=active", "subject_kind=unit", "contributor=rita", &subject]
        .map(|query| format!("{FLAGS}?{query}&limit=2"));
    let vetoes =
        ["", "status=active", "contributor=rita", &of_unit].map(|query| format!("{VETOES}?{query}&limit=2"));
    let paths = flags.into_iter().chain(vetoes).chain([AUTONOMY.to_owned()]);
    paths.map(|path| ("GET", path, "")).collect()
}

/// Lists and pages of links, specs and ideas.
fn reads_of_links(link: &str) -> Vec<(&'static str, String, &'static str)> {
    let mut calls = vec![
        ("GET", format!("{link}/valuation"), ""),
        ("GET", link.to_owned(), ""),
        ("GET", format!("{link}/usage-events?limit=2"), ""),
        ("POST", format!("{link}/payout-preview"), POOL),
    ];
    for sort in ["created", "updated", "value", "cost", "roi"] {
        for order in ["asc", "desc"] {
            calls.push(("GET", format!("{LINKS}?sort={sort}&order={order}&limit=2&q=oss"), ""));
        }
    }
    for sort in domain::spec::SpecSort::NAMES {
        for order in ["asc", "desc"] {
            let query = format!("sort={sort}&order={order}&limit=2&q=oss&missing=contributors");
            calls.push(("GET", format!("{SPECS}?{query}"), ""));
        }
    }
    for order in ["asc", "desc"] {
        for subject in ["spec_id=many", "idea_id=many", "spec_id=many&idea_id=many"] {
            calls.push(("GET", format!("{LINKS}?{subject}&order={order}&limit=2&q=oss"), ""));
        }
    }
    calls.extend([
        ("GET", format!("{SPECS}/many"), ""),
        ("GET", format!("{SPECS}?idea_id=many"), ""),
        ("GET", format!("{IDEAS}/many"), ""),
        ("GET", format!("{SPECS}/048-value-lineage-and-payout-attribution"), ""),
        ("GET", format!("{IDEAS}?q=oss"), ""),
        ("GET", format!("{IDEAS}/oss-interface-alignment"), ""),
        ("GET", CHANGE_REQUESTS.to_owned(), ""),
        ("GET", format!("{CHANGE_REQUESTS}?status=open"), ""),
        ("GET", format!("{CHANGE_REQUESTS}?spec_id=s&status=open"), ""),
    ]);
    calls
}

/// Contributors, units, claims and imports, of a branch that is kept first.
async fn reads_of_contributions(database: &Database) -> Vec<(&'static str, String, &'static str)> {
    let mut calls = Vec::new();
    let store = database.open().await;
    let branch = busy("codex", 40);
    branch.keep(&*store, 40).await;
    store.close().await;
    let unit = branch.units[3].id();
    let claim = slug_of(&branch.paths().into_iter().find(|path| path.contains("/c")).expect("a claim"));
    for path in [
        "/api/contributors",
        "/api/contributors?from=2026-01&to=2026-03",
        "/api/contributors/ann",
        "/api/contributors/ann/credits?role=extractor&counted=true",
        "/api/contributors/merge-proposals",
        "/api/contribution-units?q=change",
        "/api/contribution-units?repository=codex",
        "/api/contribution-units?class=knowledge",
        "/api/contribution-units?proposer=ann",
        "/api/imports",
        "/api/imports?repository=codex",
        "/api/imports/issues",
        "/api/imports/issues?repository=codex",
        "/api/imports/issues?reason=not_yaml",
        "/api/imports/issues?reason=not_yaml&repository=codex",
    ] {
        calls.push(("GET", path.to_owned(), ""));
    }
    calls.push(("GET", format!("/api/contribution-units/{unit}"), ""));
    calls.push(("GET", format!("/api/claims/{claim}"), ""));
    calls.push(("GET", format!("/api/trace/claim/{claim}"), ""));
    calls
}

#[tokio::test]
async fn reads_use_an_index_and_sort_nothing() {
    let (database, link) = filled();
    // So many links that those behind the newest are read by themselves.
    let many = LINK.replace("048-value-lineage-and-payout-attribution", "many");
    let many = many.replace("oss-interface-alignment", "many");
    statements_of(&database, &vec![("POST", LINKS.to_owned(), many.as_str()); 51]);
    let mut calls = reads_of_links(&link);
    calls.extend(reads_of_governance());
    calls.extend(reads_of_contributions(&database).await);
    let reads: BTreeSet<String> = reads(statements_of(&database, &calls)).into_iter().collect();
    assert!(reads.len() >= 13, "{reads:#?}");
    let mut plans = String::new();
    for sql in &reads {
        let plan = database.plan(sql).await;
        for step in &plan {
            // What is walked may only be a list of a statement's own: the words of a search, the ids of a page.
            let walks = step.starts_with("SCAN") && !step.ends_with(" VIRTUAL TABLE INDEX 1:");
            assert!(!walks && !step.contains("TEMP B-TREE"), "{sql}\n{plan:#?}");
        }
        let step = plan.iter().find(|step| step.starts_with("SEARCH")).expect("a search");
        plans.push_str(&format!("{step}\n"));
    }
    let mut plans: Vec<&str> = plans.lines().collect();
    plans.sort_unstable();
    insta::assert_snapshot!(plans.join("\n"));
}

#[tokio::test]
async fn a_look_at_a_commit_walks_through_no_table() {
    let repository = crate::given::Repository::new();
    repository.git(&["commit", "-q", "--allow-empty", "-m", "One"]);
    let sha = repository.git(&["rev-parse", "HEAD"]);
    let (database, _) = filled();
    let path = repository.path().display().to_string();
    let words = ["--log", "sqlx::query=debug", "--log-format", "json", "--repository", &path];
    let calls = [&sha, "0123456"].map(|sha| ("GET", format!("/api/gates/merged-contract?sha={sha}"), ""));
    let reads = reads(statements_of_server(&database, &words, &calls));
    assert!(reads.iter().any(|sql| sql.contains("spec_commits")), "{reads:#?}");
    assert!(reads.iter().any(|sql| sql.contains("unknown_commit_runs")), "{reads:#?}");
    for sql in &reads {
        let plan = database.plan(sql).await;
        let walks = |step: &String| step.starts_with("SCAN") && !step.ends_with(" VIRTUAL TABLE INDEX 1:");
        assert!(!plan.iter().any(|step| walks(step) || step.contains("TEMP B-TREE")), "{sql}\n{plan:#?}");
    }
}

#[test]
fn a_valuation_is_one_read_of_one_row_however_many_events_there_are() {
    let (database, link) = filled();
    let event = r#"{"source": "s", "metric": "m", "value": 1}"#;
    let valuation = ("GET", format!("{link}/valuation"), "");
    for _ in 0..2 {
        let mut reads = reads(statements_of(&database, &[valuation.clone(), valuation.clone()]));
        // Asked once, when the database is opened.
        reads.retain(|sql| !sql.contains("units_to_derive"));
        assert_eq!(reads.len(), 2, "one each: {reads:#?}");
        assert!(reads.iter().all(|sql| sql.ends_with("FROM links WHERE id = $1")), "{reads:#?}");
        statements_of(&database, &vec![("POST", format!("{link}/usage-events"), event); 100]);
    }
}

#[test]
fn an_event_costs_as_many_statements_as_it_did_before_there_were_others() {
    let (database, link) = filled();
    let event = ("POST", format!("{link}/usage-events"), r#"{"source": "s", "metric": "m", "value": 1}"#);
    let statements_of = |times: usize| statements_of(&database, &vec![event.clone(); times]).len();
    statements_of(1);
    let first = statements_of(1);
    statements_of(200);
    assert_eq!(statements_of(1), first);
}

#[test]
fn an_event_that_tells_of_no_use_asks_nothing_about_claims() {
    let (database, link) = filled();
    let event =
        ("POST", format!("{link}/usage-events"), r#"{"source": "s", "metric": "claim_usage", "value": 1}"#);
    let statements = statements_of(&database, &[event]);
    let asked = |table: &str| statements.iter().any(|sql| sql.contains(table));
    assert!(asked("usage_events"), "{statements:#?}");
    assert!(!asked("claim_use") && !asked("policy_text") && !asked("flags"), "{statements:#?}");
}

#[test]
fn a_commit_waits_for_the_disk() {
    let (database, link) = filled();
    let statements = statements_of(&database, &[("GET", link, "")]);
    let settings = statements.iter().filter(|sql| sql.contains("PRAGMA"));
    let writing: Vec<&String> = settings.filter(|sql| sql.contains("journal_mode = WAL")).collect();
    assert!(!writing.is_empty(), "{statements:#?}");
    for sql in writing {
        assert!(sql.contains("synchronous = FULL") && sql.contains("foreign_keys = ON"), "{sql}");
    }
}
