//! May this deployment be trusted?

use crate::components::field::summary;
use crate::components::live::Live;
use crate::components::strip::strip;
use crate::components::title::PageTitle;
use crate::context::{GateSite, SentForm, Visit};
use crate::pages::gate_forms::{expected_commit, merged_commit, pipeline};
use crate::pages::gate_report::{checks, checks_passed, never_ran, overall, proved, to_do, warnings};
use crate::pages::gates_list::gates_list;
use crate::pages::{load, site, visit};
use domain::gate::{GateReport, GateRun, GateSummary, OFFICIAL, PUBLIC_DEPLOY_CONTRACT};
use domain::page::EventQuery;
use domain::report;
use leptos::prelude::*;

/// Runs that the history shows.
const HISTORY: i64 = 30;
/// The fields of the page's forms.
const FIELDS: [&str; 2] = ["expected_sha", "sha"];

/// What the page shows.
struct Shown {
    report: Option<GateReport>,
    runs: Vec<GateRun>,
    gates: Vec<GateSummary>,
}

/// `/gates`: the last verdict, why, what to do about it, and how to ask again.
#[component]
pub(crate) fn GatesPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let store = &*site.store;
        let history = EventQuery { limit: HISTORY, cursor: None };
        let shown = Shown {
            report: report::last_gate_report(store, PUBLIC_DEPLOY_CONTRACT, Some(OFFICIAL)).await?,
            runs: report::gate_runs(store, PUBLIC_DEPLOY_CONTRACT, Some(OFFICIAL), &history).await?.items,
            gates: report::gates(store, &site.gates.contracts).await?,
        };
        Ok(content(&shown, &site.gates, &visit, &form))
    })
}

fn content(shown: &Shown, gates: &GateSite, visit: &Visit, form: &SentForm) -> AnyView {
    let error = if form.is_refused() { "Error: " } else { "" };
    view! {
        <PageTitle text=format!("{error}Gates")/>
        {summary(form, "No gate was run", &FIELDS.map(str::to_owned))}
        <header class="head">
            <div>
                <h1>"Gates"</h1>
                <p class="sub">
                    "May this deployment be trusted? A gate does what a user does, and compares what comes back."
                </p>
            </div>
            {(!form.is_refused()).then(|| view! { <Live address="/gates" actions=&["keep_gate_report"]/> })}
        </header>
        <div class="stack" data-live="">{live(shown, gates, visit)}</div>
        <div class="split">
            <div>
                {expected_commit(gates, visit, form)}
                {merged_commit(gates, visit, form)}
            </div>
            {pipeline(&visit.origin)}
        </div>
    }
    .into_any()
}

/// What changes with every run.
fn live(shown: &Shown, gates: &GateSite, visit: &Visit) -> AnyView {
    let list = gates_list(&shown.gates);
    let Some(report) = &shown.report else {
        return view! { {never_ran(gates, visit)}{list} }.into_any();
    };
    view! {
        {overall(report, Some(visit))}
        {to_do(report)}
        {warnings(report)}
        <section aria-labelledby="history-h">
            <h2 id="history-h">"History"</h2>
            {strip(&shown.runs)}
        </section>
        <section aria-labelledby="checks-h">
            <h2 id="checks-h">"Checks"</h2>
            <p class="sub">{checks_passed(report)}</p>
            {checks(report)}
        </section>
        {proved(report)}
        {list}
    }
    .into_any()
}
