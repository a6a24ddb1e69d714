//! What happened along this chain?

use crate::components::chain::Chain;
use crate::components::chart::Chart;
use crate::components::chart_shape::Course;
use crate::components::figures::Figures;
use crate::components::title::PageTitle;
use crate::context::{SentForm, Visit};
use crate::pages::flag_form::{flag_done, flag_form, flag_summary};
use crate::pages::link_events::{append, events, refusal};
use crate::pages::link_parts::{done, figures, header, investments};
use crate::pages::link_refs::link_refs;
use crate::pages::{link_of_address, load, parameters, site, visit};
use domain::error::Error;
use domain::governance::{FlagSubject, Flaggable};
use domain::page::{EventQuery, Parameters};
use domain::payout::{Pool, preview};
use domain::policy::{DEFAULT_POLICY, Policy};
use domain::report::{self, LinkReport, ResolvedRefs};
use leptos::prelude::*;

/// Events on a page of them.
const EVENTS: i64 = 20;

/// `/links/{id}`: the chain, what came of it, its events and investments, and a form for the next event.
#[component]
pub(crate) fn LinkPage() -> impl IntoView {
    let (site, visit, id) = (site(), visit(), link_of_address());
    let sent = parameters(&["cursor"]);
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let query = EventQuery { limit: EVENTS, ..EventQuery::read(&Parameters(&sent))? };
        let report = report::link_report(&*site.store, id?, &query).await?;
        let refs = report::resolved_refs(&*site.store, &report.record.link).await?;
        content(&report, &refs, &query, &visit, &form)
    })
}

fn content(
    report: &LinkReport,
    refs: &ResolvedRefs,
    query: &EventQuery,
    visit: &Visit,
    form: &SentForm,
) -> Result<AnyView, Error> {
    let (link, totals) = (&report.record.link, &report.record.totals);
    let policy = Policy::named(DEFAULT_POLICY).ok_or_else(|| Error::Store("the policy is missing".into()))?;
    // The shares do not depend on the pool.
    let shares = preview(policy, &report.record, &Pool::of_units(1, 0, None));
    let course = Course::of(&report.days, totals.measured_value_total, Some(link.created_at.date_naive()));
    let error = if form.is_refused() { "Error: " } else { "" };
    let list = figures(report, &shares);
    let (subject, own) =
        (FlagSubject { kind: Flaggable::Link, id: link.id.to_string() }, format!("/links/{}", link.id));
    Ok(view! {
        <PageTitle text=format!("{error}{}", link.idea_id)/>
        {if form.typed("act") == Some("flag") { flag_summary(form) } else { refusal(form) }}
        {flag_done(visit)}
        {done(visit, "filed", totals)}
        {header(link)}
        <Figures list=list/>
        <Chain preview=shares/>
        <div class="split split-main">
            <section id="value" aria-labelledby="value-h">
                <h2 id="value-h">"Value over time"</h2>
                <Chart course=course cost=link.estimated_cost title="Measured value of this link over time"/>
            </section>
            <div id="append">{append(link.id, visit, form)}</div>
            <section id="events" aria-labelledby="events-h">
                <h2 id="events-h">"Usage events"</h2>
                {done(visit, "appended", totals)}
                {events(link.id, query, &report.events)}
            </section>
            <section id="investments" aria-labelledby="investments-h">
                <h2 id="investments-h">"Investments"</h2>
                {investments(policy, link)}
            </section>
            {link_refs(link, refs)}
        </div>
        {flag_form(&subject, &own, visit, form)}
    }
    .into_any())
}
