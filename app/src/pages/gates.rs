//! May this deployment be trusted?

use crate::components::crumbs::Crumbs;
use crate::components::field::summary;
use crate::components::live::Live;
use crate::components::strip::strip;
use crate::components::title::PageTitle;
use crate::context::{GateSite, SentForm, Visit};
use crate::pages::gate_forms::{expected_commit, gate_page, merged_commit, pipeline};
use crate::pages::gate_report::{checks, checks_passed, never_ran, overall, proved, to_do, warnings};
use crate::pages::gates_list::gates_list;
use crate::pages::{load, site, visit};
use domain::error::Error;
use domain::gate::contract::CheckKind;
use domain::gate::{Contract, GateReport, GateRun, GateSummary, PUBLIC_DEPLOY_CONTRACT};
use domain::page::EventQuery;
use domain::report;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

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

/// `/gates`: the last verdict, why, what to do about it, and how to ask again; `?gate=…` the same of another gate.
#[component]
pub(crate) fn GatesPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let form = use_context::<SentForm>().unwrap_or_default();
    let asked = use_query_map().with_untracked(|map| map.get("gate"));
    load(async move {
        let name = asked.as_deref().unwrap_or(PUBLIC_DEPLOY_CONTRACT);
        let contract = Contract::named(&site.gates.contracts, name).ok_or(Error::GateNotFound)?;
        let store = &*site.store;
        let history = EventQuery { limit: HISTORY, cursor: None };
        let shown = Shown {
            report: report::last_gate_report(store, name, contract.official()).await?,
            runs: report::gate_runs(store, name, contract.official(), &history).await?.items,
            gates: report::gates(store, &site.gates.contracts).await?,
        };
        Ok(content(contract, &shown, &site.gates, &visit, &form))
    })
}

fn content(contract: &Contract, shown: &Shown, gates: &GateSite, visit: &Visit, form: &SentForm) -> AnyView {
    let error = if form.is_refused() { "Error: " } else { "" };
    let own = gate_page(&contract.name);
    let head = match contract.name == PUBLIC_DEPLOY_CONTRACT {
        true => view! {
            <h1>"Gates"</h1>
            <p class="sub">
                "May this deployment be trusted? A gate does what a user does, and compares what comes back."
            </p>
        }
        .into_any(),
        false => view! {
            <Crumbs above=vec![("Gates".into(), "/gates".into())] here=contract.name.clone()/>
            <h1>{contract.title.clone()}</h1>
            <p class="sub">{contract.summary.clone()}</p>
        }
        .into_any(),
    };
    let of_commit = contract.is_of_commit();
    let looks = contract.checks.iter().any(|check| matches!(check.kind, CheckKind::DeployedCommit { .. }));
    view! {
        <PageTitle text=format!("{error}{}", title(contract))/>
        {summary(form, "No gate was run", &FIELDS.map(str::to_owned))}
        <header class="head">
            <div>{head}</div>
            {(!form.is_refused()).then(|| view! { <Live address=own actions=&["keep_gate_report"]/> })}
        </header>
        <div class="stack" data-live="">{live(contract, shown, gates, visit)}</div>
        <div class="split">
            <div>
                {looks.then(|| expected_commit(contract, gates, visit, form))}
                {is_about_merges(contract).then(|| merged_commit(gates, visit, form))}
            </div>
            {(!of_commit).then(|| pipeline(contract, gates, &visit.origin))}
        </div>
    }
    .into_any()
}

fn title(contract: &Contract) -> String {
    let is_public = contract.name == PUBLIC_DEPLOY_CONTRACT;
    if is_public { "Gates".to_owned() } else { format!("Gate: {}", contract.title) }
}

/// The form about a commit stands with the gate that looks at it, and on the page that one comes to first.
fn is_about_merges(contract: &Contract) -> bool {
    contract.is_of_commit() || contract.name == PUBLIC_DEPLOY_CONTRACT
}

/// What changes with every run.
fn live(contract: &Contract, shown: &Shown, gates: &GateSite, visit: &Visit) -> AnyView {
    let list = gates_list(&shown.gates);
    let Some(report) = &shown.report else {
        return view! { {never_ran(contract, gates, visit)}{list} }.into_any();
    };
    view! {
        {overall(report, (!contract.is_of_commit()).then_some(visit))}
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
