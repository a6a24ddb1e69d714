//! What came of an idea?

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::field::summary;
use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::time::Time;
use crate::components::title::PageTitle;
use crate::components::url::{address, idea_page};
use crate::context::{SentForm, Visit};
use crate::pages::change_form::{FIELDS, propose_change};
use crate::pages::change_request::requests;
use crate::pages::overview::roi_figure;
use crate::pages::spec_views::{links, people};
use crate::pages::specs_table::specs_table;
use crate::pages::{load, site, visit};
use crate::shared::number::{amount, count};
use domain::change_request::{ChangeRequest, ChangeRequestQuery, Subject};
use domain::edit::Patch;
use domain::error::Error;
use domain::idea::IdeaContent;
use domain::page::LinksOf;
use domain::report::{self, IdeaReport};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What is written of ideas, specs and links: whatever else is written, the page stays as it is.
const ACTIONS: [&str; 8] = [
    "file_link",
    "append_event",
    "register_spec",
    "edit_spec",
    "register_idea",
    "edit_idea",
    "propose_change",
    "cast_vote",
];
/// Change requests on the page, newest first.
const REQUESTS: i64 = 10;

/// `/ideas/{idea_id}`: its specs, its links, and what they come to.
#[component]
pub(crate) fn IdeaPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let id = use_params_map().with_untracked(|map| map.get("id"));
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let id = id.ok_or(Error::IdeaNotFound)?;
        let report = report::idea(&*site.store, &id).await?;
        let about = ChangeRequestQuery {
            subject: Some(Subject::Idea(id)),
            limit: REQUESTS,
            ..ChangeRequestQuery::default()
        };
        let requests = report::change_requests(&*site.store, &about).await?.items;
        Ok(content(&report, &requests, &visit, &form))
    })
}

fn content(report: &IdeaReport, asked: &[ChangeRequest], visit: &Visit, form: &SentForm) -> AnyView {
    let idea = &report.record.idea;
    let own = idea_page(&idea.idea_id);
    let written = idea.content.summary.clone();
    let error = if form.is_refused() { "Error: " } else { "" };
    // A form that is shown again must stay as it is.
    let live = (!form.is_refused()).then(|| view! { <Live address=own.clone() actions=&ACTIONS/> });
    let edit = if idea.is_registered() { "Edit idea" } else { "Register idea" };
    let propose = idea
        .is_registered()
        .then(|| propose_change("idea", &own, &Patch::<IdeaContent>::names(), visit, form));
    view! {
        <PageTitle text=format!("{error}Idea: {}", idea.name())/>
        {summary(form, "Nothing was proposed", &FIELDS.map(str::to_owned))}
        {done(visit)}
        <header class="head">
            <div>
                <Crumbs above=vec![("Specs".into(), "/specs".into())] here=idea.idea_id.clone()/>
                <h1>{idea.name().to_owned()}</h1>
                <dl class="facts">
                    <div><dt>"Idea id"</dt><dd><Copyable text=idea.idea_id.clone() what="idea id"/></dd></div>
                    <div>
                        <dt>{if idea.is_registered() { "Registered" } else { "First named" }}</dt>
                        <dd><Time at=idea.created_at/></dd>
                    </div>
                </dl>
            </div>
            <div>
                {live}
                <p class="actions"><a class="button slim" href=format!("{own}/edit")>{edit}</a></p>
            </div>
        </header>
        <div class="stack" data-live="">
            <Figures list=figures(report)/>
            {(!written.is_empty()).then(|| view! { <p class="written">{written}</p> })}
            <section id="specs" aria-labelledby="specs-h">
                <h2 id="specs-h">"Specs"</h2>
                {specs(report)}
            </section>
            <section id="links" aria-labelledby="links-h">
                <h2 id="links-h">"Lineage links"</h2>
                {links(LinksOf::Idea(&idea.idea_id), &report.links, report.record.totals.link_count)}
            </section>
            {people(&report.people.contributors)}
            <section id="requests" aria-labelledby="requests-h">
                <h2 id="requests-h">"Change requests"</h2>
                {requests(asked, visit, &SentForm::default())}
            </section>
        </div>
        {propose}
    }
    .into_any()
}

/// The first of its specs, and the way to all of them.
fn specs(report: &IdeaReport) -> AnyView {
    let all = report.record.totals.spec_count;
    if report.specs.is_empty() {
        return view! { <p class="sub">"No spec belongs to it yet."</p> }.into_any();
    }
    let rest = usize::try_from(all).is_ok_and(|all| all > report.specs.len()).then(|| {
        let href = address("/specs", &[("idea_id", &report.record.idea.idea_id)]);
        view! { <p class="after"><a href=href>{format!("Show all {all} specs")}</a></p> }
    });
    view! { {specs_table(None, &report.specs)}{rest} }.into_any()
}

fn done(visit: &Visit) -> Option<AnyView> {
    let words = match visit.done.as_deref()? {
        "proposed" => "Change requested. It is applied once enough others vote yes.",
        "saved" => "Idea saved.",
        "registered" => "Idea registered. Specs and links that name it are counted here.",
        _ => return None,
    };
    Some(view! { <div class="notice ok" role="status"><p>{words}</p></div> }.into_any())
}

fn figures(report: &IdeaReport) -> Vec<Figure> {
    let totals = report.record.totals;
    vec![
        Figure::new("Actual value", amount(totals.actual_value), "#links", "measured on its links"),
        Figure::new("Actual cost", amount(totals.actual_cost), "#links", "of its links"),
        roi_figure(totals.actual_value, totals.actual_cost, "#links"),
        Figure::new("Specs", count(totals.spec_count), "#specs", "registered or named"),
        Figure::new("Links", count(totals.link_count), "#links", "that begin with it"),
    ]
}
