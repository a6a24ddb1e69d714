//! Runs a contract against a deployment, check after check.

use super::answer::{at, shown, text};
use super::contract::{CheckKind, CheckSpec, Contract, is_sha, same_commit};
use super::report::{BLOCKED, Check, Concluded, GateReport, Invariant, Verdict, milliseconds};
use super::target::{NoAnswer, Request, Target, TargetAnswer};
use super::transaction;
use crate::id::RunId;
use chrono::{DateTime, Utc};

/// Where a run takes its time from: a clock that is asked again and again.
pub trait Clock: Send + Sync {
    /// Now, to the microsecond.
    fn now(&self) -> DateTime<Utc>;
}

/// What a run is about.
pub struct Run<'r> {
    /// The run's id.
    pub id: RunId,
    /// A text that no other run has: by it what this run files is found again.
    pub nonce: String,
    /// What is looked at.
    pub target: &'r dyn Target,
    /// The commit that should be deployed, where anybody told; or why nobody could.
    pub expected_sha: Result<String, String>,
    /// The version that should be deployed, where anybody told.
    pub expected_version: Option<String>,
    /// The clock.
    pub clock: &'r dyn Clock,
}

/// What a check found, before its contract's words are added.
pub(super) struct Found {
    pub verdict: Verdict,
    pub url: Option<String>,
    pub status_code: Option<u16>,
    pub expected: String,
    pub observed: String,
    pub invariants: Vec<Invariant>,
    /// What to do, where it is not what the contract says.
    pub remedy: Option<String>,
}

impl Found {
    pub fn new(verdict: Verdict, expected: impl Into<String>, observed: impl Into<String>) -> Self {
        let (expected, observed) = (expected.into(), observed.into());
        Self {
            verdict,
            url: None,
            status_code: None,
            expected,
            observed,
            invariants: Vec::new(),
            remedy: None,
        }
    }

    pub fn passed_if(passed: bool, expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self::new(if passed { Verdict::Pass } else { Verdict::Fail }, expected, observed)
    }

    /// The check, with what its contract says of it.
    pub fn check(self, spec: &CheckSpec, duration_ms: i64) -> Check {
        let ok = self.verdict.passes();
        let held = self.invariants.iter().filter(|invariant| invariant.verdict.passes());
        Check {
            name: spec.name.clone(),
            title: spec.title.clone(),
            ok,
            verdict: self.verdict,
            required: spec.required,
            url: self.url,
            status_code: self.status_code,
            expected: self.expected,
            observed: self.observed,
            duration_ms,
            remedy: (!ok).then(|| self.remedy.unwrap_or_else(|| spec.remedy.clone())),
            validated_invariants: held.map(|invariant| invariant.name.clone()).collect(),
            invariants: self.invariants,
        }
    }
}

impl Contract {
    /// Runs every check, one after the other, whatever came of those before.
    pub async fn run(&self, run: Run<'_>) -> GateReport {
        let started_at = run.clock.now();
        let mut checks = Vec::with_capacity(self.checks.len());
        let mut deployed = Deployed::default();
        for spec in &self.checks {
            let began = run.clock.now();
            let found = look(spec, &run, &mut deployed).await;
            let check = found.check(spec, milliseconds(began, run.clock.now()));
            // Whoever tells which commit should be deployed insists on it.
            let told = matches!(spec.kind, CheckKind::DeployedCommit { .. }) && run.expected_sha.is_ok();
            checks.push(Check { required: check.required || (told && !spec.optional), ..check });
        }
        let finished_at = run.clock.now();
        let target = run.target.address().to_owned();
        let report = self.report(run.id, target, checks, (started_at, finished_at));
        GateReport {
            expected_sha: run.expected_sha.ok(),
            deployed_sha: deployed.sha,
            deployed_version: deployed.version,
            ..report
        }
    }

    /// The report of checks that are done.
    pub(super) fn report(
        &self,
        id: RunId,
        target: String,
        checks: Vec<Check>,
        (started_at, finished_at): (DateTime<Utc>, DateTime<Utc>),
    ) -> GateReport {
        let concluded = Concluded::of(&checks);
        let result = if concluded.verdict.passes() { self.passed.clone() } else { BLOCKED.to_owned() };
        GateReport {
            id,
            gate: self.name.clone(),
            result,
            verdict: concluded.verdict,
            reason: concluded.reason,
            failing_checks: concluded.failing_checks,
            inconclusive_checks: concluded.inconclusive_checks,
            warnings: concluded.warnings,
            expected_sha: None,
            deployed_sha: None,
            deployed_version: None,
            target,
            contract_hash: self.hash.clone(),
            started_at,
            finished_at,
            duration_ms: milliseconds(started_at, finished_at),
            checks,
        }
    }
}

/// What the target says that it is.
#[derive(Default)]
struct Deployed {
    sha: Option<String>,
    version: Option<String>,
}

async fn look(spec: &CheckSpec, run: &Run<'_>, deployed: &mut Deployed) -> Found {
    let (path, expected) = match &spec.kind {
        CheckKind::LiveTransaction { pool, shares } => {
            return transaction::look(run.target, &run.nonce, *pool, shares).await;
        }
        CheckKind::Answer { path, status, content_type, .. } => {
            (path, format!("{status} {content_type}").trim().to_owned())
        }
        CheckKind::Page { path, landmark } => (path, format!("200, an HTML page with {landmark}")),
        CheckKind::OpenApi { path, routes } => {
            (path, format!("200, a document with {} routes", routes.len()))
        }
        CheckKind::DeployedVersion { path } => (path, expected_version(run)),
        CheckKind::DeployedCommit { path } => (path, expected_commit(run)),
        _ => return Found::new(Verdict::Inconclusive, "a commit", "this gate looks at a deployment"),
    };
    let url = format!("{}{path}", run.target.address());
    let found = match run.target.send(Request::get(path)).await {
        Err(none) => no_answer(expected, &none),
        Ok(answer) => {
            let (verdict, observed) = match answer.status {
                // A check may be about that very refusal: then it is an answer like any other.
                status @ (401 | 403) if spec.kind.wants() != Some(status) => {
                    (Verdict::Inconclusive, format!("{status}: no credential that it takes"))
                }
                _ => judge(&spec.kind, run, &answer, deployed),
            };
            let untold = matches!(spec.kind, CheckKind::DeployedCommit { .. }) && run.expected_sha.is_err();
            Found {
                status_code: Some(answer.status),
                remedy: untold.then(|| TELL.to_owned()),
                ..Found::new(verdict, expected, observed)
            }
        }
    };
    Found { url: Some(url), ..found }
}

/// What cannot be asked is not known.
pub(super) fn no_answer(expected: impl Into<String>, none: &NoAnswer) -> Found {
    Found::new(Verdict::Inconclusive, expected, none.to_string())
}

/// What to do where nobody told which commit is expected.
const TELL: &str = "Tell which commit should be deployed: --gate-expect-sha, --repository with --branch, or \
                    --expect-sha of `tributary gate run`.";

fn expected_version(run: &Run<'_>) -> String {
    run.expected_version.clone().unwrap_or_else(|| "any version, as none was told".into())
}

fn expected_commit(run: &Run<'_>) -> String {
    run.expected_sha.clone().unwrap_or_else(|_| "any commit, as none was told".into())
}

fn judge(
    kind: &CheckKind,
    run: &Run<'_>,
    answer: &TargetAnswer,
    deployed: &mut Deployed,
) -> (Verdict, String) {
    let of = |passed: bool| if passed { Verdict::Pass } else { Verdict::Fail };
    match kind {
        CheckKind::Answer { status, content_type, contains, .. } => {
            let (passed, observed) = judge_answer(answer, *status, content_type, contains);
            (of(passed), observed)
        }
        CheckKind::Page { landmark, .. } => {
            let (passed, observed) = judge_page(answer, landmark);
            (of(passed), observed)
        }
        CheckKind::OpenApi { routes, .. } => {
            let (passed, observed) = judge_document(answer, routes);
            (of(passed), observed)
        }
        CheckKind::DeployedVersion { .. } => {
            deployed.version = told(answer, "version");
            let told = deployed.version.as_deref();
            // Any version will do where none was told: the page shows which it is.
            let expected = run.expected_version.as_deref().or(told).ok_or("No version was told");
            judge_deployed(answer, told, expected, |one, other| one == other)
        }
        CheckKind::DeployedCommit { .. } => {
            // A name too short would be of many commits.
            deployed.sha = told(answer, "commit").filter(|sha| is_sha(sha));
            let expected = run.expected_sha.as_deref().map_err(String::as_str);
            judge_deployed(answer, deployed.sha.as_deref(), expected, same_commit)
        }
        _ => (Verdict::Inconclusive, "not looked at".into()),
    }
}

fn judge_answer(answer: &TargetAnswer, status: u16, kind: &str, contains: &[String]) -> (bool, String) {
    if answer.status != status {
        return (false, format!("{}: {}", answer.status, answer.excerpt()));
    }
    if !answer.content_type.starts_with(kind) {
        return (false, format!("{} as {:?}", answer.status, answer.content_type));
    }
    match contains.iter().find(|text| !answer.body.contains(text.as_str())) {
        Some(missing) => (false, format!("{} without {missing}: {}", answer.status, answer.excerpt())),
        None => (true, format!("{} {}", answer.status, answer.content_type)),
    }
}

/// A page is whole only where it also ends; scripts of its framework may follow.
fn judge_page(answer: &TargetAnswer, landmark: &str) -> (bool, String) {
    let kind = answer.content_type.as_str();
    let whole = answer.body.contains("</html>");
    match (answer.status, kind.starts_with("text/html"), answer.body.contains(landmark), whole) {
        (200, true, true, true) => (true, format!("200, {} bytes of HTML with it", answer.body.len())),
        (200, true, true, false) => (false, "200, a page that stops in the middle".into()),
        (200, true, false, _) => (false, "200, an HTML page without it".into()),
        (200, false, ..) => (false, format!("200 as {kind:?}")),
        (status, ..) => (false, format!("{status} as {kind:?}")),
    }
}

fn judge_document(answer: &TargetAnswer, routes: &[(String, String)]) -> (bool, String) {
    if answer.status != 200 {
        return (false, format!("{}: {}", answer.status, answer.excerpt()));
    }
    let document = match answer.json() {
        Ok(document) => document,
        Err(why) => return (false, format!("200, {why}")),
    };
    let Some(version) = text(&document, "openapi") else {
        return (false, format!("200, a document whose openapi is {}", shown(at(&document, "openapi"))));
    };
    let paths = at(&document, "paths");
    // Paths hold dots and braces: looked up as they are, never as a path of this module.
    let has = |(method, path): &&(String, String)| {
        let operations = paths.and_then(|paths| member(paths, path));
        operations.and_then(|operations| member(operations, method)).is_some()
    };
    let missing: Vec<String> = routes
        .iter()
        .filter(|route| !has(route))
        .map(|(method, path)| format!("{} {path}", method.to_uppercase()))
        .collect();
    match missing.is_empty() {
        true => (true, format!("200, OpenAPI {version} with all of them")),
        false => (false, format!("200, OpenAPI {version} without {}", missing.join(", "))),
    }
}

fn member<'n>(node: &'n crate::input::Node, name: &str) -> Option<&'n crate::input::Node> {
    match node {
        crate::input::Node::Object(members) => {
            members.iter().find(|(known, _)| known == name).map(|(_, found)| found)
        }
        _ => None,
    }
}

fn told(answer: &TargetAnswer, name: &str) -> Option<String> {
    text(&answer.json().ok()?, name).map(str::to_owned)
}

/// Compares what the target says that it is with what it should be, where anybody can say.
fn judge_deployed(
    answer: &TargetAnswer,
    told: Option<&str>,
    expected: Result<&str, &str>,
    same: impl Fn(&str, &str) -> bool,
) -> (Verdict, String) {
    match (answer.status, told, expected) {
        (200, Some(told), Ok(expected)) if same(told, expected) => (Verdict::Pass, told.to_owned()),
        (200, Some(told), Ok(_)) => (Verdict::Fail, told.to_owned()),
        (200, None, Ok(_)) => (Verdict::Inconclusive, "the target does not say what it is".into()),
        (200, told, Err(why)) => {
            let told = told.map_or_else(|| "not told".to_owned(), str::to_owned);
            (Verdict::Inconclusive, format!("{why}; deployed is {told}"))
        }
        (status, ..) => (Verdict::Fail, format!("{status}: {}", answer.excerpt())),
    }
}
