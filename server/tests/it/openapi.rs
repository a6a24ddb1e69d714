//! The document of the API, and the page that shows it.

use crate::given::{Call, FLAGS, LINK, TestApp, Tributary, UNKNOWN, VETOES, minified, sea};
use domain::gate::PUBLIC_DEPLOY_CONTRACT;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Every route of the API. A new one is added here and documented, or a test below fails.
const ROUTES: [(&str, &[&str]); 45] = [
    ("/api/changes", &["get"]),
    ("/api/claims/{slug}", &["get"]),
    ("/api/claims/{slug}/usage-events", &["post"]),
    ("/api/contribution-units", &["get"]),
    ("/api/contribution-units/{unit_id}", &["get"]),
    ("/api/contributors", &["get"]),
    ("/api/contributors/merge-proposals", &["get"]),
    ("/api/contributors/{handle}", &["get", "patch"]),
    ("/api/contributors/{handle}/credits", &["get"]),
    ("/api/gates", &["get"]),
    ("/api/gates/main-head", &["get"]),
    ("/api/gates/merged-contract", &["get"]),
    ("/api/gates/runs/{run_id}", &["get"]),
    ("/api/gates/{name}", &["get"]),
    ("/api/gates/{name}/badge.svg", &["get"]),
    ("/api/gates/{name}/runs", &["get", "post"]),
    ("/api/governance/autonomy", &["get", "post"]),
    ("/api/governance/autonomy/{handle}", &["get"]),
    ("/api/governance/change-requests", &["get", "post"]),
    ("/api/governance/change-requests/{request_id}", &["get"]),
    ("/api/governance/change-requests/{request_id}/votes", &["post"]),
    ("/api/governance/flags", &["get", "post"]),
    ("/api/governance/flags/{flag_id}", &["get"]),
    ("/api/governance/flags/{flag_id}/withdraw", &["post"]),
    ("/api/governance/vetoes", &["get", "post"]),
    ("/api/governance/vetoes/{veto_id}", &["get"]),
    ("/api/governance/vetoes/{veto_id}/undo", &["post"]),
    ("/api/health", &["get"]),
    ("/api/ideas", &["get", "post"]),
    ("/api/ideas/{idea_id}", &["get", "patch"]),
    ("/api/imports", &["get"]),
    ("/api/imports/issues", &["get"]),
    ("/api/spec-registry", &["get", "post"]),
    ("/api/spec-registry/{spec_id}", &["get", "patch"]),
    ("/api/trace/{kind}/{slug}", &["get"]),
    ("/api/value-lineage/links", &["get", "post"]),
    ("/api/value-lineage/links/{lineage_id}", &["get"]),
    ("/api/value-lineage/links/{lineage_id}/payout-preview", &["post"]),
    ("/api/value-lineage/links/{lineage_id}/references", &["get"]),
    ("/api/value-lineage/links/{lineage_id}/usage-events", &["get", "post"]),
    ("/api/value-lineage/links/{lineage_id}/valuation", &["get"]),
    ("/api/value-lineage/minimum-e2e-flow", &["post"]),
    ("/api/version", &["get"]),
    ("/livez", &["get"]),
    ("/readyz", &["get"]),
];

async fn document(app: &TestApp) -> Value {
    let answer = app.get("/api/openapi.json").await.assert_status(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    serde_json::from_str(&answer.text).expect("JSON")
}

/// Path, method and description of every operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of = |(path, methods): (&String, &Value)| -> Vec<(String, String, Value)> {
        let methods = methods.as_object().expect("methods").iter();
        methods.map(|(method, operation)| (path.clone(), method.clone(), operation.clone())).collect()
    };
    paths.iter().flat_map(of).collect()
}

/// What the source of the API says, of all its files.
fn source() -> String {
    fn of(folder: &Path) -> String {
        let files = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
        let text = |path: PathBuf| match path.is_dir() {
            true => of(&path),
            false => std::fs::read_to_string(path).expect("a source"),
        };
        files.map(text).collect()
    }
    of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"))
}

#[tokio::test]
async fn the_document_is_as_it_was() {
    let app = TestApp::new().await;
    let text = app.get("/api/openapi.json").await.text;
    let output = Tributary::new(&["openapi"]).output();
    let printed = String::from_utf8(output.stdout).expect("text");
    assert_eq!(minified(&printed), minified(&text), "`tributary openapi` prints what is served");
    insta::assert_snapshot!(printed);
}

#[tokio::test]
async fn it_is_openapi_3_1_and_says_how_keys_are_sent() {
    let document = document(&TestApp::new().await).await;
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1."));
    assert_eq!(document["components"]["securitySchemes"]["api_key"]["name"], "X-API-Key");
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
}

#[tokio::test]
async fn every_route_is_in_the_document_and_no_other() {
    let document = document(&TestApp::new().await).await;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, method, _) in operations(&document) {
        found.entry(path).or_default().push(method);
    }
    let expected =
        ROUTES.map(|(path, methods)| (path.to_owned(), methods.iter().map(|&m| m.to_owned()).collect()));
    assert_eq!(found, BTreeMap::from(expected));
}

#[tokio::test]
async fn no_route_is_added_beside_the_document() {
    let source = source();
    let beside: Vec<&str> =
        source.lines().map(str::trim).filter(|line| line.starts_with(".route(")).collect();
    let of_unknown_paths =
        ["/api", "/api/", "/api/{*path}"].map(|path| format!(r#".route("{path}", any(not_found))"#));
    assert_eq!(
        beside, of_unknown_paths,
        "routes are added by `.routes(routes!(…))`, with their documentation"
    );
    let documented = source.matches("#[utoipa::path(").count();
    assert_eq!(
        documented,
        operations(&document(&TestApp::new().await).await).len(),
        "each handler has its route"
    );
}

#[tokio::test]
async fn every_operation_of_the_document_is_served() {
    let app = TestApp::new().await;
    let link = app.file_link(LINK).await;
    let spec = app.link(&link).await.at("spec_id");
    let request = app.propose_contributor(&link, "review", "rita", "carol").await;
    let runs = format!("/api/gates/{PUBLIC_DEPLOY_CONTRACT}/runs");
    let run = app.send(Call::new("POST", &runs)).await.assert_status(201).at("id");
    let sea = sea(&*app.store, &app.source).await;
    let of_unit =
        format!(r#""contributor": "zoe", "reason": "x", "subject_kind": "unit", "subject": "{}""#, sea.tides);
    let flag = app.post(FLAGS, &format!("{{{of_unit}}}")).await.assert_status(201).at("id");
    let veto = format!(r#"{{"contributor": "zoe", "reason": "x", "unit": "{}"}}"#, sea.tides);
    let veto = app.post(VETOES, &veto).await.assert_status(201).at("id");
    // What listens for changes answers without end; its own tests read it.
    let all = operations(&document(&app).await);
    for (path, method, operation) in all.into_iter().filter(|(path, ..)| path != "/api/changes") {
        let path = path.replace("{lineage_id}", &link).replace("{request_id}", &request);
        let path = path.replace("{spec_id}", &spec).replace("{idea_id}", "oss-interface-alignment");
        let path = path.replace("{name}", PUBLIC_DEPLOY_CONTRACT).replace("{run_id}", &run);
        let path = path.replace("{flag_id}", &flag).replace("{veto_id}", &veto);
        let path = path.replace("{handle}", "rio").replace("{slug}", "tides-rise");
        let path = path.replace("{unit_id}", &sea.tides).replace("{kind}", "claim");
        let call = Call::new(&method.to_uppercase(), &path);
        let answer = app.send(call.with("content-type", "application/json").body("{}")).await;
        // A server without a repository says so.
        let there = ![404, 405].contains(&answer.status.as_u16()) || answer.text.contains("--repository");
        assert!(there, "{method} {path}: {}", answer.shown());
        let documented = &operation["responses"][answer.status.as_str()];
        assert!(
            documented.is_object(),
            "{method} {path} answered {}, which is not documented",
            answer.status
        );
    }
}

#[tokio::test]
async fn every_operation_that_can_be_refused_says_how() {
    let app = TestApp::new().await;
    for (path, method, operation) in operations(&document(&app).await) {
        let documented = |status: &str| operation["responses"][status].is_object();
        let has_query = operation["parameters"].to_string().contains(r#""in":"query""#);
        let mut expected = Vec::new();
        if path.contains('{') {
            expected.push("404");
        }
        if method == "patch" {
            expected.extend(["400", "401", "409", "412", "413", "415", "422", "428"]);
        }
        if method == "post" {
            expected.extend(["401", "409", "422"]);
        }
        if method == "post" && operation["requestBody"].is_object() {
            expected.extend(["400", "413", "415"]);
        }
        if has_query {
            expected.push("422");
        }
        for status in expected {
            assert!(documented(status), "{method} {path} does not document {status}");
        }
        for (status, response) in operation["responses"].as_object().expect("responses") {
            if status == "304" {
                assert!(response["content"].is_null(), "{method} {path}: 304 has no body");
                continue;
            }
            let content = response["content"].as_object().and_then(|content| content.values().next());
            if response["content"]["image/svg+xml"].is_object() {
                continue;
            }
            let schema = &content.expect("what it answers")["schema"]["$ref"];
            assert!(schema.is_string(), "{method} {path} {status} says what it answers: {response}");
            let is_error = schema.as_str() == Some("#/components/schemas/ErrorBody");
            assert_eq!(is_error, !status.starts_with('2'), "{method} {path} {status}: {schema}");
        }
        assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{method} {path}");
    }
    let missing = app.get(&format!("/api/value-lineage/links/{UNKNOWN}")).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn the_page_of_the_document_needs_nobody_else() {
    let app = TestApp::new().await;
    let page = app.get("/api/docs/").await.assert_status(200);
    assert!(page.header("content-type").expect("a type").starts_with("text/html"));
    let mut files = 0;
    for attribute in ["src=\"", "href=\""] {
        for rest in page.text.split(attribute).skip(1) {
            let address = rest.split('"').next().expect("an address");
            assert!(!address.contains("//"), "{address} is of another host");
            let file =
                app.get(&format!("/api/docs/{}", address.trim_start_matches("./"))).await.assert_status(200);
            assert!(file.header("content-security-policy").is_some());
            files += 1;
        }
    }
    assert!(files >= 3, "scripts and styles: {}", page.text);
    let settings = app.get("/api/docs/swagger-initializer.js").await.assert_status(200);
    assert!(settings.text.contains("/api/openapi.json"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("http"), "{policy}");
}
