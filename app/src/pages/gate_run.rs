//! What did one run of a gate find?

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::title::PageTitle;
use crate::context::{SentForm, Visit};
use crate::pages::flag_form::{flag_done, flag_form, flag_summary};
use crate::pages::gate_report::{checks, checks_passed, headline, overall, proved, to_do, warnings};
use crate::pages::{load, site, visit};
use domain::error::Error;
use domain::gate::GateReport;
use domain::governance::{FlagSubject, Flaggable};
use domain::report;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/gates/runs/{id}`: the report of one run, whole.
#[component]
pub(crate) fn GateRunPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let form = use_context::<SentForm>().unwrap_or_default();
    let id = use_params_map().with_untracked(|map| map.get("id"));
    load(async move {
        // A text that is no id names no run.
        let id = id.and_then(|id| id.parse().ok()).ok_or(Error::RunNotFound)?;
        Ok(content(&report::gate_report(&*site.store, id).await?, &visit, &form))
    })
}

fn content(report: &GateReport, visit: &Visit, form: &SentForm) -> AnyView {
    let subject = FlagSubject { kind: Flaggable::GateRun, id: report.id.to_string() };
    let own = format!("/gates/runs/{}", report.id);
    let error = if form.is_refused() { "Error: " } else { "" };
    view! {
        <PageTitle text=format!("{error}{}", headline(report))/>
        {flag_summary(form)}
        {flag_done(visit)}
        <header class="head">
            <div>
                <Crumbs above=vec![("Gates".into(), "/gates".into())] here=format!("Run of {}", report.gate)/>
                <h1>{format!("Run of {}", report.gate)}</h1>
                <dl class="facts">
                    <div><dt>"Run"</dt><dd><Copyable text=report.id.to_string() what="id"/></dd></div>
                    <div><dt>"Result"</dt><dd><code>{report.result.clone()}</code></dd></div>
                    <div>
                        <dt>"Contract"</dt>
                        <dd>
                            <Copyable
                                text=format!("sha256:{}", &report.contract_hash.chars().take(12).collect::<String>())
                                copied=report.contract_hash.clone() what="hash of the contract"
                            />
                        </dd>
                    </div>
                </dl>
            </div>
        </header>
        {overall(report, None)}
        {to_do(report)}
        {warnings(report)}
        <section aria-labelledby="checks-h">
            <h2 id="checks-h">"Checks"</h2>
            <p class="sub">{checks_passed(report)}</p>
            {checks(report)}
        </section>
        {proved(report)}
        <p><a href=format!("/api/gates/runs/{}", report.id)>"The same report as JSON"</a></p>
        {flag_form(&subject, &own, visit, form)}
    }
    .into_any()
}
