//! What came of an idea?

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::time::Time;
use crate::components::title::PageTitle;
use crate::components::url::idea_page;
use crate::pages::overview::roi_figure;
use crate::pages::spec_views::{links, people};
use crate::pages::specs_table::specs_table;
use crate::pages::{load, site};
use crate::shared::number::{amount, count};
use domain::error::Error;
use domain::page::LinksOf;
use domain::report::{self, IdeaReport};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/ideas/{idea_id}`: its specs, its links, and what they come to.
#[component]
pub(crate) fn IdeaPage() -> impl IntoView {
    let site = site();
    let id = use_params_map().with_untracked(|map| map.get("id"));
    load(async move {
        let id = id.ok_or(Error::IdeaNotFound)?;
        Ok(content(&report::idea(&*site.store, &id).await?))
    })
}

fn content(report: &IdeaReport) -> AnyView {
    let idea = &report.record.idea;
    let summary = idea.content.summary.clone();
    let specs = if report.specs.is_empty() {
        view! { <p class="sub">"No spec belongs to it yet."</p> }.into_any()
    } else {
        specs_table(None, &report.specs)
    };
    view! {
        <PageTitle text=format!("Idea: {}", idea.name())/>
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
            <Live address=idea_page(&idea.idea_id) actions=&[]/>
        </header>
        <div class="stack" data-live="">
            <Figures list=figures(report)/>
            {(!summary.is_empty()).then(|| view! { <p class="written">{summary}</p> })}
            <section id="specs" aria-labelledby="specs-h">
                <h2 id="specs-h">"Specs"</h2>
                {specs}
            </section>
            <section id="links" aria-labelledby="links-h">
                <h2 id="links-h">"Lineage links"</h2>
                {links(LinksOf::Idea(&idea.idea_id), &report.links, report.record.totals.link_count)}
            </section>
            {people(&report.people.contributors)}
        </div>
    }
    .into_any()
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
