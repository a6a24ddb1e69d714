//! What a gate found: the answer to "may this be trusted?", whole and kept for good.

use crate::id::RunId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What came of a check, or of a whole gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// It is as expected.
    Pass,
    /// It could not be checked: no answer, a time-out, no credential.
    Inconclusive,
    /// It is not as expected.
    Fail,
}

impl Verdict {
    /// All, from best to worst.
    pub const NAMES: [&'static str; 3] = ["pass", "inconclusive", "fail"];

    /// The name as it is sent and kept.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The verdict of a name as it is kept.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Pass, Self::Inconclusive, Self::Fail].into_iter().find(|verdict| verdict.name() == name)
    }

    /// Whether it lets anything through.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Pass)
    }

    /// The worst of several; a gate that looked at nothing has found nothing out.
    pub fn worst(verdicts: impl Iterator<Item = Self>) -> Self {
        verdicts.max().unwrap_or(Self::Inconclusive)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One thing that a check of several steps looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invariant {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "payout_shares"))]
    pub name: String,
    /// What came of it.
    pub verdict: Verdict,
    /// What was asked, such as `POST http://127.0.0.1:3000/api/value-lineage/links`.
    pub request: Option<String>,
    /// The status of the answer.
    pub status_code: Option<u16>,
    /// What was expected.
    pub expected: String,
    /// What was observed.
    pub observed: String,
    /// What to do about it, where it did not pass.
    pub remedy: Option<String>,
}

/// One check of a gate, done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Check {
    /// Its name in the contract.
    #[cfg_attr(feature = "openapi", schema(example = "value_lineage_e2e"))]
    pub name: String,
    /// Its name for a reader.
    #[cfg_attr(feature = "openapi", schema(example = "Live transaction"))]
    pub title: String,
    /// Whether it passed; false also where it could not be checked.
    pub ok: bool,
    /// What came of it.
    pub verdict: Verdict,
    /// Whether the gate's verdict depends on it; what does not is a warning where it does not pass.
    pub required: bool,
    /// What was asked, where one address was.
    #[cfg_attr(feature = "openapi", schema(example = "http://127.0.0.1:3000/livez"))]
    pub url: Option<String>,
    /// The status of the answer.
    pub status_code: Option<u16>,
    /// What was expected.
    pub expected: String,
    /// What was observed.
    pub observed: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// What to do about it, where it did not pass.
    pub remedy: Option<String>,
    /// The invariants that held, of a check of several steps.
    #[serde(default)]
    pub validated_invariants: Vec<String>,
    /// All of them, each with what was expected and seen.
    #[serde(default)]
    pub invariants: Vec<Invariant>,
}

/// The report of one run of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GateReport {
    /// The run's id, `run_…`.
    pub id: RunId,
    /// The gate's name.
    #[cfg_attr(feature = "openapi", schema(example = "public-deploy-contract"))]
    pub gate: String,
    /// `public_contract_passed` (or what else the contract names), or `blocked`.
    #[cfg_attr(feature = "openapi", schema(example = "public_contract_passed"))]
    pub result: String,
    /// What came of it as a whole.
    pub verdict: Verdict,
    /// Why it is blocked; null where it passed.
    pub reason: Option<String>,
    /// Names of the required checks that failed.
    pub failing_checks: Vec<String>,
    /// Names of the required checks that could not be checked, which blocks as well.
    pub inconclusive_checks: Vec<String>,
    /// What should be known though it blocks nothing.
    pub warnings: Vec<String>,
    /// The commit that was expected, where anybody told.
    pub expected_sha: Option<String>,
    /// The commit that the target says it was built from.
    pub deployed_sha: Option<String>,
    /// The version that the target says it is.
    pub deployed_version: Option<String>,
    /// What was looked at: a base address, or a commit of a repository.
    #[cfg_attr(feature = "openapi", schema(example = "http://127.0.0.1:3000"))]
    pub target: String,
    /// SHA-256 of the contract that was applied, in hexadecimal digits.
    pub contract_hash: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Every check, in the contract's order.
    pub checks: Vec<Check>,
}

/// A run as lists and pictures show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GateRun {
    /// Its id, `run_…`.
    pub id: RunId,
    /// The gate's name.
    pub gate: String,
    /// The commit that was looked at, where the gate is about one.
    pub subject: Option<String>,
    /// What came of it.
    pub verdict: Verdict,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// A gate with its last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GateSummary {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "public-deploy-contract"))]
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it is for, in a sentence.
    pub summary: String,
    /// Names of its checks.
    pub checks: Vec<String>,
    /// Its last run; null where it never ran.
    pub last_run: Option<GateRun>,
}

impl GateReport {
    /// The run as lists show it.
    pub fn run(&self, subject: Option<String>) -> GateRun {
        GateRun {
            id: self.id,
            gate: self.gate.clone(),
            subject,
            verdict: self.verdict,
            started_at: self.started_at,
            duration_ms: self.duration_ms,
        }
    }
}

/// The name of a report's result where it did not pass.
pub const BLOCKED: &str = "blocked";

/// What a whole gate comes to, from its checks.
pub struct Concluded {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is blocked.
    pub reason: Option<String>,
    /// Required checks that failed.
    pub failing_checks: Vec<String>,
    /// Required checks that could not be checked.
    pub inconclusive_checks: Vec<String>,
    /// What blocks nothing but should be known.
    pub warnings: Vec<String>,
}

impl Concluded {
    /// The worst of what is required decides; what is not becomes a warning.
    pub fn of(checks: &[Check]) -> Self {
        let names = |verdict: Verdict| -> Vec<String> {
            let found = checks.iter().filter(|check| check.required && check.verdict == verdict);
            found.map(|check| check.name.clone()).collect()
        };
        let verdict = Verdict::worst(checks.iter().filter(|check| check.required).map(|check| check.verdict));
        let (failing_checks, inconclusive_checks) = (names(Verdict::Fail), names(Verdict::Inconclusive));
        let mut reasons = Vec::new();
        if !failing_checks.is_empty() {
            reasons.push(format!("failed: {}", failing_checks.join(", ")));
        }
        if !inconclusive_checks.is_empty() {
            reasons.push(format!("could not be checked: {}", inconclusive_checks.join(", ")));
        }
        let reason = (!verdict.passes()).then(|| match reasons.is_empty() {
            true => "nothing was checked".to_owned(),
            false => reasons.join("; "),
        });
        let warnings = checks.iter().filter(|check| !check.required && !check.ok);
        let warnings = warnings.map(|check| format!("{}: {}", check.title, check.observed)).collect();
        Self { verdict, reason, failing_checks, inconclusive_checks, warnings }
    }
}

/// Whole milliseconds from one time to another; none where the clock was set back.
pub fn milliseconds(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (to - from).num_milliseconds().max(0)
}
