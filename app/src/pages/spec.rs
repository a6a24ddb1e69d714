//! What was specified, what came of it, and what is missing?

use crate::components::field::summary;
use crate::components::live::Live;
use crate::components::title::PageTitle;
use crate::components::url::spec_page;
use crate::context::{SentForm, Visit};
use crate::pages::change_form::{self, propose_change};
use crate::pages::change_request::requests;
use crate::pages::spec_form::{FIELDS, contribute};
use crate::pages::spec_parts::{figures, header, missing, summaries};
use crate::pages::spec_views::{contributors, implementation, process};
use crate::pages::{load, site, visit};
use domain::change_request::{ChangeRequest, ChangeRequestQuery, Subject};
use domain::edit::Patch;
use domain::error::Error;
use domain::report::{self, SpecReport};
use domain::spec::SpecContent;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What is written of specs and their links: whatever else is written, the page stays as it is.
const ACTIONS: [&str; 6] =
    ["file_link", "append_event", "register_spec", "edit_spec", "propose_change", "cast_vote"];
/// Change requests on the page, newest first.
const REQUESTS: i64 = 10;

/// `/specs/{spec_id}`: every field, the gaps as pictures, and a form that names who did it.
#[component]
pub(crate) fn SpecPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let id = use_params_map().with_untracked(|map| map.get("id"));
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let id = id.ok_or(Error::SpecNotFound)?;
        let report = report::spec(&*site.store, &id).await?;
        let about = ChangeRequestQuery {
            subject: Some(Subject::Spec(id)),
            limit: REQUESTS,
            ..ChangeRequestQuery::default()
        };
        let requests = report::change_requests(&*site.store, &about).await?.items;
        Ok(content(&report, &requests, &visit, &form))
    })
}

fn content(report: &SpecReport, asked: &[ChangeRequest], visit: &Visit, form: &SentForm) -> AnyView {
    let card = &report.card;
    let own = spec_page(&card.spec_id);
    let error = if form.is_refused() { "Error: " } else { "" };
    // A form that is shown again must stay as it is.
    let live = (!form.is_refused()).then(|| view! { <Live address=own.clone() actions=&ACTIONS/> });
    let names = FIELDS.into_iter().chain(change_form::FIELDS).map(str::to_owned).collect::<Vec<_>>();
    let propose =
        card.registered.then(|| propose_change("spec", &own, &Patch::<SpecContent>::names(), visit, form));
    view! {
        <PageTitle text=format!("{error}Spec: {}", card.name())/>
        {summary(form, "Nothing was proposed", &names)}
        {done(visit)}
        {header(report, live.into_any())}
        <div class="stack" data-live="">
            {missing(report)}
            {figures(card)}
            {summaries(&report.content)}
            {contributors(report)}
            <section class="views" aria-label="Process and implementation">
                {process(&report.content)}
                {implementation(report)}
            </section>
            <section id="requests" aria-labelledby="requests-h">
                <h2 id="requests-h">"Change requests"</h2>
                {requests(asked, visit, &SentForm::default())}
            </section>
        </div>
        {contribute(report, visit, form)}
        {propose}
    }
    .into_any()
}

fn done(visit: &Visit) -> Option<AnyView> {
    let words = match visit.done.as_deref()? {
        "proposed" => "Change requested. It is applied once enough others vote yes.",
        "saved" => "Spec saved.",
        "registered" => "Spec registered. File links that name it, and its value is counted here.",
        _ => return None,
    };
    Some(view! { <div class="notice ok" role="status"><p>{words}</p></div> }.into_any())
}
