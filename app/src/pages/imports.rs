//! What was read of history, and what could not be?

use crate::components::command::Command;
use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::pager::Pager;
use crate::components::scroll::{table_region, twin};
use crate::components::time::Time;
use crate::components::title::PageTitle;
use crate::components::url::address;
use crate::pages::contributor_parts::{short, shown_title, unit_page};
use crate::pages::unit::class_label;
use crate::pages::{load, parameters, site};
use crate::shared::number::{count, counted};
use domain::contribution::{
    ImportIssue, ImportQuery, ImportRun, ImportStatus, IssueCount, Repository, UnitCard, UnitQuery,
};
use domain::page::{Page, Parameters};
use domain::report::{self, ImportsReport};
use leptos::prelude::*;

/// Issues that are listed for a reason.
const ISSUES: i64 = 50;
/// Changes that are listed.
const UNITS: i64 = 20;

/// `/imports`: repositories, runs with their counts, what could not be read by reason, and the newest changes.
#[component]
pub(crate) fn ImportsPage() -> impl IntoView {
    let site = site();
    let sent = parameters(&["repository", "reason", "limit", "cursor"]);
    load(async move {
        let sent: Vec<_> = sent.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let asked = ImportQuery::read(&Parameters(&sent))?;
        let runs = ImportQuery { reason: None, ..asked.clone() };
        let report = report::imports(&*site.store, &runs).await?;
        let issues = match asked.reason {
            None => None,
            Some(_) => {
                let query = ImportQuery { limit: ISSUES, cursor: None, ..asked.clone() };
                Some(report::import_issues(&*site.store, &query).await?)
            }
        };
        let units = UnitQuery { repository: asked.repository.clone(), limit: UNITS, ..UnitQuery::default() };
        let units = report::contribution_units(&*site.store, &units).await?;
        let own: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Ok(content(&asked, &report, issues.as_ref(), &units, address("/imports", &own)))
    })
}

fn content(
    asked: &ImportQuery,
    report: &ImportsReport,
    issues: Option<&Page<ImportIssue>>,
    units: &Page<UnitCard>,
    own: String,
) -> AnyView {
    let nothing = report.repositories.is_empty() && report.runs.is_empty();
    let parts = if nothing { nothing_there() } else { parts(asked, report, issues, units) };
    view! {
        <PageTitle text="Imports"/>
        <header class="head">
            <div>
                <h1>"Imports"</h1>
                <p class="sub">
                    "History is the source of truth: everything here is derived of it, and can be dropped and read again. "
                    <a href="/contributors">"Contributors"</a>" are scored by it."
                </p>
            </div>
            <Live address=own actions=&["import_history"]/>
        </header>
        <div class="stack" data-live="">{parts}</div>
    }
    .into_any()
}

fn parts(
    asked: &ImportQuery,
    report: &ImportsReport,
    issues: Option<&Page<ImportIssue>>,
    units: &Page<UnitCard>,
) -> AnyView {
    let repository = asked.repository.as_deref().unwrap_or_default();
    let next = report.next_cursor.as_deref();
    let next = next
        .map(|cursor| ("Older runs", address("/imports", &[("repository", repository), ("cursor", cursor)])));
    let first =
        asked.cursor.is_some().then(|| ("Newest runs", address("/imports", &[("repository", repository)])));
    let shown = counted(report.runs.len() as i64, "run");
    view! {
        <Figures list=figures(report)/>
        <section aria-labelledby="repositories-h">
            <h2 id="repositories-h">"Repositories"</h2>
            {repositories(&report.repositories)}
        </section>
        <section id="runs" aria-labelledby="runs-h">
            <h2 id="runs-h">"Runs"</h2>
            {runs(&report.runs)}
            <Pager shown=shown first=first next=next/>
        </section>
        <section id="issues" aria-labelledby="issues-h">
            <h2 id="issues-h">"What could not be read whole"</h2>
            {reasons(&report.issues, repository)}
            {issues.map(listed)}
        </section>
        <section id="changes" aria-labelledby="changes-h">
            <h2 id="changes-h">"Newest changes"</h2>
            {changes(&units.items)}
        </section>
    }
    .into_any()
}

fn figures(report: &ImportsReport) -> Vec<Figure> {
    let units: i64 = report.repositories.iter().map(|repository| repository.units).sum();
    let issues: i64 = report.issues.iter().map(|issue| issue.count).sum();
    let last = report.runs.first().map(|run| view! { "last "<Time at=run.finished_at/> }.into_any());
    let runs = Figure::new("Runs", count(report.runs.len() as i64), "#runs", "on this page");
    vec![
        Figure::new(
            "Repositories",
            count(report.repositories.len() as i64),
            "#repositories-h",
            "read up to a commit",
        ),
        Figure::new("Changes", count(units), "#changes", "merged, each once"),
        match last {
            Some(last) => runs.noting(last),
            None => runs,
        },
        Figure::new("Unread parts", count(issues), "#issues", "counted, never fatal"),
    ]
}

fn repositories(repositories: &[Repository]) -> AnyView {
    let row = |repository: &Repository| {
        let shallow = repository.shallow.then(|| {
            view! { <span class="cell-sub">"shallow: its beginning is missing; fetch it whole with git fetch --unshallow"</span> }
        });
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=address("/imports", &[("repository", &repository.name)])>{repository.name.clone()}</a>
                    <span class="cell-sub">"branch "{repository.branch.clone()}</span>
                    {shallow}
                </th>
                <td><code>{short(&repository.head_sha)}</code></td>
                <td class="num">{count(repository.units)}</td>
                <td class="wide-only"><code>{repository.policy.clone()}</code></td>
            </tr>
        }
    };
    table_region(
        "repositories-cap",
        "As far as each was read",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Repository"</th>
                    <th scope="col">"Read up to"</th>
                    <th scope="col" class="num">"Changes"</th>
                    <th scope="col" class="wide-only">"Policy"</th>
                </tr>
            </thead>
            <tbody>{repositories.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

const fn status_label(status: ImportStatus) -> (&'static str, &'static str) {
    match status {
        ImportStatus::Complete => ("mark pass", "complete"),
        ImportStatus::Rewritten => ("mark fail", "history rewritten"),
        ImportStatus::Failed => ("mark fail", "failed"),
    }
}

fn runs(runs: &[ImportRun]) -> AnyView {
    let row = |run: &ImportRun| {
        let (class, word) = status_label(run.status);
        let shallow = run.shallow.then(|| view! { " "<span class="tag">"shallow clone"</span> });
        let message = run.message.clone().map(|message| view! { <span class="cell-sub">{message}</span> });
        let from = run.from_sha.as_deref().map_or("the beginning".to_owned(), short);
        view! {
            <tr>
                <td><Time at=run.finished_at/></td>
                <th scope="row" class="wordy">
                    {run.repository.clone()}{shallow}
                    <span class="cell-sub">{format!("{from} to {}", short(&run.to_sha))}</span>
                    {message}
                </th>
                <td><span class=class>{word}</span></td>
                <td class="num">{count(run.counts.units)}</td>
                <td class="num wide-only">{count(run.counts.knowledge)}</td>
                <td class="num wide-only">{count(run.counts.credits)}</td>
                <td class="num wide-only">{count(run.counts.issues)}</td>
            </tr>
        }
    };
    if runs.is_empty() {
        return view! { <p class="sub">"None yet."</p> }.into_any();
    }
    table_region(
        "runs-cap",
        "Newest first; a run that found nothing new is not kept",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Ended"</th>
                    <th scope="col">"Repository"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col" class="num">"New changes"</th>
                    <th scope="col" class="num wide-only">"Knowledge"</th>
                    <th scope="col" class="num wide-only">"Credits"</th>
                    <th scope="col" class="num wide-only">"Unread"</th>
                </tr>
            </thead>
            <tbody>{runs.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

fn reasons(issues: &[IssueCount], repository: &str) -> AnyView {
    if issues.is_empty() {
        return view! { <p class="sub">"Nothing: every file was read whole."</p> }.into_any();
    }
    let row = |issue: &IssueCount| {
        let href = address("/imports", &[("repository", repository), ("reason", &issue.reason)]) + "#issues";
        view! {
            <tr>
                <th scope="row"><a class="cell-main" href=href>{issue.reason.replace('_', " ")}</a></th>
                <td class="num">{count(issue.count)}</td>
            </tr>
        }
    };
    table_region(
        "reasons-cap",
        "By reason, the most frequent first; what could be read of these files was",
        view! {
            <thead><tr><th scope="col">"Reason"</th><th scope="col" class="num">"Files"</th></tr></thead>
            <tbody>{issues.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

fn listed(page: &Page<ImportIssue>) -> AnyView {
    let row = |issue: &ImportIssue| {
        view! {
            <tr>
                <th scope="row" class="wordy"><code>{if issue.path.is_empty() { "the commit itself".to_owned() } else { issue.path.clone() }}</code></th>
                <td class="wordy">{issue.detail.clone()}</td>
                <td><a href=unit_page(&issue.unit)>"change"</a></td>
            </tr>
        }
    };
    let more = page.next_cursor.is_some().then_some("; more in the API");
    table_region(
        "listed-cap",
        view! { "By repository and path"{more} },
        view! {
            <thead><tr><th scope="col">"File"</th><th scope="col">"What exactly"</th><th scope="col">"Met in"</th></tr></thead>
            <tbody>{page.items.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

/// Changes as a table, newest first.
pub(crate) fn changes(units: &[UnitCard]) -> AnyView {
    let row = |unit: &UnitCard| {
        let number = unit.number.map(|number| format!(" #{number}"));
        let ended = unit.ended_at.is_some().then(|| view! { " "<span class="tag">"ended"</span> });
        view! {
            <tr>
                <td><Time at=unit.merged_at day_only=true/></td>
                <th scope="row">
                    <a class="cell-main" href=unit_page(&unit.id)>{shown_title(&unit.title)}</a>
                    <span class="cell-sub">{unit.repository.clone()}" "<code>{short(&unit.sha)}</code>{number}{ended}</span>
                </th>
                <td>{unit.proposer.clone()}</td>
                <td class="wide-only">{class_label(unit.class)}</td>
                <td class="num wide-only">{count(unit.files)}</td>
            </tr>
        }
    };
    if units.is_empty() {
        return view! { <p class="sub">"None yet."</p> }.into_any();
    }
    table_region(
        "changes-cap",
        "Newest first; each is one merged change",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Merged"</th>
                    <th scope="col">"Change"</th>
                    <th scope="col">"Proposed by"</th>
                    <th scope="col" class="wide-only">"Class"</th>
                    <th scope="col" class="num wide-only">"Files"</th>
                </tr>
            </thead>
            <tbody>{units.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

fn nothing_there() -> AnyView {
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">"Nothing is imported yet"</h2>
            <p class="sub">"Read the history of a local clone, bare or not. It is safe to repeat: only new changes are read."</p>
            <Command text="tributary import git PATH --branch main".to_owned() label="Command that imports a history"/>
            {twin("By itself, on a schedule", view! {
                <p class="sub">"Start the server with "<code>"--import-repository PATH --import-every-minutes 10"</code>"."</p>
            })}
        </section>
    }
    .into_any()
}
