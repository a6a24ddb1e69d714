//! A report as text, and as JUnit's XML.

use anyhow::Result;
use domain::gate::{Check, GateReport, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::{fmt::Write as _, time::Duration};

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "FAIL",
        Verdict::Inconclusive => "????",
    }
}

/// For people: the verdict last, where a terminal shows it.
pub fn text(report: &GateReport) -> String {
    let mut text = format!("{} against {}\n\n", report.gate, report.target);
    for check in &report.checks {
        let mark = if check.required || check.ok { word(check.verdict) } else { "note" };
        let _ = writeln!(text, "{mark}  {:<22} {:>6} ms  {}", check.name, check.duration_ms, check.observed);
        for invariant in check.invariants.iter().filter(|invariant| !invariant.verdict.passes()) {
            let _ = writeln!(
                text,
                "      {} {}: expected {}; {}",
                word(invariant.verdict),
                invariant.name,
                invariant.expected,
                invariant.observed
            );
        }
        if let (false, Some(remedy)) = (check.ok, &check.remedy) {
            let _ = writeln!(text, "      expected {}\n      {remedy}", check.expected);
        }
    }
    let reason = report.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    let _ = writeln!(
        text,
        "\n{} ({}) in {} ms{reason}",
        report.verdict.name(),
        report.result,
        report.duration_ms
    );
    text
}

/// For pipelines: a test case a check, and one each for what a check of several steps looked at.
pub fn junit(report: &GateReport) -> Result<String> {
    let mut suite = TestSuite::new(report.gate.clone());
    suite.set_time(milliseconds(report.duration_ms)).set_timestamp(report.started_at.fixed_offset());
    for check in &report.checks {
        let mut case = TestCase::new(check.name.clone(), status(check));
        case.set_classname(report.gate.clone()).set_time(milliseconds(check.duration_ms));
        suite.add_test_case(case);
        for invariant in &check.invariants {
            let status = outcome(
                invariant.verdict,
                true,
                &invariant.expected,
                &invariant.observed,
                invariant.remedy.as_deref(),
            );
            let mut case = TestCase::new(invariant.name.clone(), status);
            case.set_classname(format!("{}.{}", report.gate, check.name));
            suite.add_test_case(case);
        }
    }
    let mut document = Report::new(format!("{} against {}", report.gate, report.target));
    document.set_time(milliseconds(report.duration_ms)).add_test_suite(suite);
    Ok(document.to_string()?)
}

fn status(check: &Check) -> TestCaseStatus {
    outcome(check.verdict, check.required, &check.expected, &check.observed, check.remedy.as_deref())
}

fn outcome(
    verdict: Verdict,
    required: bool,
    expected: &str,
    observed: &str,
    remedy: Option<&str>,
) -> TestCaseStatus {
    let mut status = match verdict {
        Verdict::Pass => return TestCaseStatus::success(),
        _ if !required => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    let told = format!("expected {expected}; observed {observed}. {}", remedy.unwrap_or_default());
    status.set_message(told.trim_end());
    status
}

fn milliseconds(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or_default())
}
