//! The parts of a gate's report: the verdict, what to do about it, and every check.

use crate::components::copy::Copyable;
use crate::components::scroll::{table_region, twin};
use crate::components::time::Time;
use crate::components::verdict::{mark, short_sha, sign, took};
use crate::context::{GateSite, Visit};
use crate::pages::gate_forms::run_now;
use domain::gate::contract::same_commit;
use domain::gate::{Check, Contract, GateReport, Invariant, MERGED_CONTRACT, Verdict};
use leptos::prelude::*;

/// Checks that the headline names.
const NAMED: usize = 3;

/// The verdict in words: `This deployment may be trusted`.
pub(crate) fn headline(report: &GateReport) -> String {
    let what = if report.gate == MERGED_CONTRACT { "This commit" } else { "This deployment" };
    let named = |verdict: Verdict| {
        let checks = report.checks.iter().filter(|check| check.required && check.verdict == verdict);
        let titles: Vec<String> = checks.map(|check| format!("“{}”", check.title)).collect();
        match titles.len() {
            0 => report.reason.clone().unwrap_or_default(),
            count if count > NAMED => {
                format!("{} and {} more", titles[..NAMED].join(", "), count - NAMED)
            }
            _ => titles.join(", "),
        }
    };
    match report.verdict {
        Verdict::Pass => format!("{what} may be trusted"),
        Verdict::Fail => format!("{what} must not be trusted: {} failed", named(Verdict::Fail)),
        Verdict::Inconclusive => format!("It could not be checked: {}", named(Verdict::Inconclusive)),
    }
}

/// `9 of 9 checks passed`.
pub(crate) fn checks_passed(report: &GateReport) -> String {
    let passed = report.checks.iter().filter(|check| check.ok).count();
    format!("{passed} of {} checks passed", report.checks.len())
}

/// The verdict with what was looked at; a button to run it again for whoever visits the gates' page.
pub(crate) fn overall(report: &GateReport, visit: Option<&Visit>) -> AnyView {
    let again = visit.map(|visit| run_now(&report.gate, visit));
    view! {
        <section class=format!("verdict {}", report.verdict) aria-labelledby="verdict-h">
            <span class="sign" aria-hidden="true">{sign(report.verdict)}</span>
            <div>
                <h2 id="verdict-h">{headline(report)}</h2>
                <p class="muted">
                    {report.gate.clone()}" · "{checks_passed(report)}" · "{took(report.duration_ms)}" · "
                    <Time at=report.started_at/>
                </p>
                {facts(report)}
            </div>
            {again}
        </section>
    }
    .into_any()
}

/// What was looked at, and whether it is what was meant.
fn facts(report: &GateReport) -> AnyView {
    let commit = |sha: &Option<String>, otherwise: &'static str| match sha {
        Some(sha) => view! { <Copyable text=short_sha(sha) copied=sha.clone() what="commit"/> }.into_any(),
        None => otherwise.into_any(),
    };
    if report.gate == MERGED_CONTRACT {
        return view! {
            <dl class="facts"><div><dt>"Looked at"</dt><dd>{report.target.clone()}</dd></div></dl>
        }
        .into_any();
    }
    let compared = match (&report.deployed_sha, &report.expected_sha) {
        (Some(deployed), Some(expected)) if same_commit(deployed, expected) => Some(("good", "as expected")),
        (Some(_), Some(_)) => Some(("bad", "another than expected")),
        _ => None,
    };
    let compared = compared.map(|(class, words)| view! { <span class=class>{words}</span> });
    let version = report.deployed_version.clone().unwrap_or_else(|| "not told".into());
    view! {
        <dl class="facts">
            <div><dt>"Target"</dt><dd>{report.target.clone()}</dd></div>
            <div><dt>"Version"</dt><dd>{version}</dd></div>
            <div><dt>"Commit"</dt><dd>{commit(&report.deployed_sha, "not told")}</dd>{compared.map(|words| view! { <dd>{words}</dd> })}</div>
            <div><dt>"Expected"</dt><dd>{commit(&report.expected_sha, "any commit")}</dd></div>
        </dl>
    }
    .into_any()
}

/// Stands where a verdict would, before the first run.
pub(crate) fn never_ran(contract: &Contract, gates: &GateSite, visit: &Visit) -> AnyView {
    let target = if gates.target.is_empty() { visit.origin.clone() } else { gates.target.clone() };
    let (words, again) = match contract.is_of_commit() {
        true => ("No commit has been checked yet: name one below.".to_owned(), None),
        false => (
            format!(
                "The gate has not run against {target}. Run it now, from a shell, or from the pipeline that deploys."
            ),
            Some(run_now(&contract.name, visit)),
        ),
    };
    view! {
        <section class="verdict" aria-labelledby="verdict-h">
            <span class="sign" aria-hidden="true">"–"</span>
            <div>
                <h2 id="verdict-h">"Nobody has asked yet"</h2>
                <p class="muted">{words}</p>
            </div>
            {again}
        </section>
    }
    .into_any()
}

/// What blocks, and for each what to do about it: before everything else that the page says.
pub(crate) fn to_do(report: &GateReport) -> Option<AnyView> {
    let blocking: Vec<&Check> = report.checks.iter().filter(|check| check.required && !check.ok).collect();
    let item = |check: &&Check| {
        let class = if check.verdict == Verdict::Fail { "notice fail" } else { "notice warn" };
        let broken = check.invariants.iter().filter(|invariant| !invariant.verdict.passes());
        let broken: Vec<_> = broken.map(broken_promise).collect();
        let promises = (!broken.is_empty()).then(|| view! { <ul class="promises" role="list">{broken}</ul> });
        view! {
            <li class=class>
                <h3>{mark(check.verdict)}" "{check.title.clone()}</h3>
                <p class="do">{check.remedy.as_deref().map(with_code)}</p>
                {expected_and_observed(&check.expected, &check.observed)}
                {promises}
            </li>
        }
    };
    (!blocking.is_empty()).then(|| {
        view! {
            <section aria-labelledby="do-h">
                <h2 id="do-h">"What to do"</h2>
                <ol class="stack" role="list">{blocking.iter().map(item).collect::<Vec<_>>()}</ol>
            </section>
        }
        .into_any()
    })
}

fn broken_promise(invariant: &Invariant) -> AnyView {
    view! {
        <li>
            <p>{mark(invariant.verdict)}" "<b>{plain(&invariant.name)}</b></p>
            {invariant.remedy.as_deref().map(|remedy| view! { <p>{with_code(remedy)}</p> })}
            {expected_and_observed(&invariant.expected, &invariant.observed)}
        </li>
    }
    .into_any()
}

fn expected_and_observed(expected: &str, observed: &str) -> AnyView {
    view! {
        <dl class="facts">
            <div><dt>"Expected"</dt><dd>{expected.to_owned()}</dd></div>
            <div><dt>"Observed"</dt><dd>{observed.to_owned()}</dd></div>
        </dl>
    }
    .into_any()
}

/// What blocks nothing but should be known.
pub(crate) fn warnings(report: &GateReport) -> Option<AnyView> {
    let item = |warning: &String| {
        let of = |check: &&Check| *warning == format!("{}: {}", check.title, check.observed);
        let remedy = report.checks.iter().find(of).and_then(|check| check.remedy.clone());
        let remedy = remedy.map(|remedy| view! { ". "{with_code(&remedy)} });
        view! { <li>{warning.clone()}{remedy}</li> }
    };
    (!report.warnings.is_empty()).then(|| {
        view! {
            <section class="notice warn" aria-labelledby="warnings-h">
                <h2 id="warnings-h">"Warnings"</h2>
                <ul>{report.warnings.iter().map(item).collect::<Vec<_>>()}</ul>
            </section>
        }
        .into_any()
    })
}

/// Every check with what was expected and what was seen.
pub(crate) fn checks(report: &GateReport) -> AnyView {
    let row = |check: &Check| {
        let required = (!check.required).then_some(", not required");
        view! {
            <tr>
                <td>{mark(check.verdict)}</td>
                <th scope="row" class="wordy">
                    <span class="cell-main">{check.title.clone()}</span>
                    <span class="cell-sub"><code>{check.name.clone()}</code>{required}</span>
                </th>
                <td class="wordy">{check.expected.clone()}</td>
                <td class="wordy">{check.observed.clone()}</td>
                <td class="num">{took(check.duration_ms)}</td>
            </tr>
        }
    };
    table_region(
        "checks-cap",
        "In the order of the contract",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Verdict"</th>
                    <th scope="col">"Check"</th>
                    <th scope="col">"Expected"</th>
                    <th scope="col">"Observed"</th>
                    <th scope="col" class="num">"Took"</th>
                </tr>
            </thead>
            <tbody>{report.checks.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

/// What a check of several steps looked at, step by step.
pub(crate) fn proved(report: &GateReport) -> Vec<AnyView> {
    report.checks.iter().filter(|check| !check.invariants.is_empty()).map(steps).collect()
}

fn steps(check: &Check) -> AnyView {
    let (held, all) = (check.validated_invariants.len(), check.invariants.len());
    let id = format!("{}-h", check.name);
    let item = |invariant: &Invariant| {
        view! {
            <li>
                <span class=format!("mark {}", invariant.verdict)>
                    <span aria-hidden="true">{sign(invariant.verdict)}</span>
                    <span class="vh">{invariant.verdict.name()}": "</span>
                </span>
                {plain(&invariant.name)}
            </li>
        }
    };
    view! {
        <section aria-labelledby=id.clone()>
            <h2 id=id.clone()>{check.title.clone()}</h2>
            <p class="sub">{format!("{held} of {all} promises kept.")}</p>
            <ul class="proved" role="list">{check.invariants.iter().map(item).collect::<Vec<_>>()}</ul>
            {twin("Each with what was asked, expected and observed", steps_table(&check.invariants))}
        </section>
    }
    .into_any()
}

fn steps_table(invariants: &[Invariant]) -> AnyView {
    let row = |invariant: &Invariant| {
        let status = invariant.status_code.map(|status| format!(" answered {status}"));
        let request = invariant.request.clone().map(|request| {
            view! { <span class="cell-sub"><code>{request}</code>{status}</span> }
        });
        view! {
            <tr>
                <td>{mark(invariant.verdict)}</td>
                <th scope="row" class="wordy"><span class="cell-main">{plain(&invariant.name)}</span>{request}</th>
                <td class="wordy">{invariant.expected.clone()}</td>
                <td class="wordy">{invariant.observed.clone()}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption>"In the order of the transaction"</caption>
            <thead>
                <tr>
                    <th scope="col">"Verdict"</th>
                    <th scope="col">"Promise"</th>
                    <th scope="col">"Expected"</th>
                    <th scope="col">"Observed"</th>
                </tr>
            </thead>
            <tbody>{invariants.iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}

/// A text whose parts between backticks are code.
fn with_code(text: &str) -> AnyView {
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => part.to_owned().into_any(),
        _ => view! { <code>{part.to_owned()}</code> }.into_any(),
    };
    text.split('`').enumerate().map(part).collect::<Vec<_>>().into_any()
}

/// A name for a reader: `unknown_link_404` is `Unknown link 404`.
fn plain(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
