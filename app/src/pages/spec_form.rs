//! The form that names who did a stage of a spec's link: a change request, for others to vote on.

use crate::components::field::{Line, Problem, field_id};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::url::spec_page;
use crate::context::{SentForm, Visit};
use domain::link::LinkRecord;
use domain::report::SpecReport;
use domain::stage::Stage;
use leptos::prelude::*;

/// The fields of the form.
pub(crate) const FIELDS: [&str; 5] = ["lineage_id", "stage", "contributor", "proposer", "reason"];

/// Proposes somebody for a stage of a link; nothing where there is no link that could name anybody.
pub(crate) fn contribute(report: &SpecReport, visit: &Visit, form: &SentForm) -> Option<AnyView> {
    if report.links.is_empty() {
        return None;
    }
    let own = spec_page(&report.card.spec_id);
    let form = if must_sign_in() {
        view! { <SignInFirst what="propose a contributor" next=own/> }.into_any()
    } else {
        fields(report, visit, form, format!("{own}/change-requests"))
    };
    Some(
        view! {
            <section id="contribute" aria-labelledby="contribute-h">
                <h2 id="contribute-h">"Name a contributor"</h2>
                <p class="sub">
                    "Submit a change request with contributor attribution. Somebody else votes; with one yes it is applied."
                </p>
                {form}
            </section>
        }
        .into_any(),
    )
}

fn fields(report: &SpecReport, visit: &Visit, form: &SentForm, action: String) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let link = |record: &LinkRecord| {
        let id = record.link.id.to_string();
        (id.clone(), format!("{} · {id}", record.link.idea_id))
    };
    let links = report.links.iter().map(link).collect();
    let stages = Stage::ALL.map(|stage| (stage.name().to_owned(), stage.label().to_owned()));
    view! {
        <form class="form panel" method="post" action=action aria-labelledby="contribute-h">
            <input type="hidden" name="request_key" value=key/>
            <div class="fields">
                {choice(form, "lineage_id", "Link", links)}
                {choice(form, "stage", "Stage", stages.into())}
                {Line::new("contributor", "Contributor").required().hint("Who did it, by handle.").show(form)}
                {Line::new("proposer", "Proposed by").required().hint("Your own handle; you cannot vote on it.").show(form)}
                {Line::new("reason", "Reason").optional().show(form)}
            </div>
            <div class="actions"><button class="button primary" type="submit">"Submit change request"</button></div>
        </form>
    }
    .into_any()
}

/// A field to choose from values, each with its label.
fn choice(
    form: &SentForm,
    name: &'static str,
    label: &'static str,
    values: Vec<(String, String)>,
) -> AnyView {
    let id = field_id(name);
    let problem = Problem::of(form, name);
    let typed = form.typed(name).unwrap_or_default().to_owned();
    let option = |(value, label): (String, String)| {
        let selected = value == typed;
        view! { <option value=value selected=selected>{label}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                class="input" id=id.clone() name=name
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, false)
            >
                {values.into_iter().map(option).collect::<Vec<_>>()}
            </select>
            {problem.show(&id)}
        </div>
    }
    .into_any()
}
