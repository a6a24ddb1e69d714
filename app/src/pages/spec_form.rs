//! The form that names who did a stage of a spec's link: a change request, for others to vote on.

use crate::components::field::{Group, Line, choice};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::url::spec_page;
use crate::context::{SentForm, Visit};
use domain::report::{OfferedLink, SpecReport};
use domain::stage::Stage;
use leptos::prelude::*;

/// The fields of the form.
pub(crate) const FIELDS: [&str; 6] =
    ["lineage_id", "stage", "contributor", "proposer", "required_approvals", "reason"];

/// Proposes somebody for a stage of a link; nothing where there is no link that could name anybody.
pub(crate) fn contribute(report: &SpecReport, visit: &Visit, form: &SentForm) -> Option<AnyView> {
    if report.links.is_empty() {
        return None;
    }
    let own = spec_page(&report.card.spec_id);
    let form = if must_sign_in() {
        view! { <SignInFirst what="propose a contributor" next=format!("{own}#contribute")/> }.into_any()
    } else {
        fields(report, visit, form, format!("{own}/change-requests"))
    };
    Some(
        view! {
            <section id="contribute" aria-labelledby="contribute-h">
                <h2 id="contribute-h">"Name a contributor"</h2>
                <p class="sub">
                    "Submit a change request with contributor attribution. Others vote; with enough approvals, one unless said otherwise, it is applied."
                </p>
                {form}
            </section>
        }
        .into_any(),
    )
}

fn fields(report: &SpecReport, visit: &Visit, form: &SentForm, action: String) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let stages = Stage::ALL.map(|stage| (stage.name().to_owned(), stage.label().to_owned()));
    let stages = vec![("", stages.into())];
    view! {
        <form class="form panel" method="post" action=action aria-labelledby="contribute-h">
            <input type="hidden" name="request_key" value=key/>
            <div class="fields">
                {choice(form, "lineage_id", "Link", links(report, form))}
                {choice(form, "stage", "Stage", stages)}
                {Line::new("contributor", "Contributor").required().hint("Who did it, by handle.").show(form)}
                {Line::new("proposer", "Proposed by").required().hint("Your own handle; you cannot vote on it.").show(form)}
                {Line::new("required_approvals", "Approvals").optional().numeric().hint("1 to 10; 1 when left empty.").show(form)}
                {Line::new("reason", "Reason").optional().show(form)}
            </div>
            <div class="actions"><button class="button primary" type="submit">"Submit change request"</button></div>
        </form>
    }
    .into_any()
}

/// The links to choose from: those that name nobody come first. What was chosen before stays, wherever it stands now.
fn links(report: &SpecReport, form: &SentForm) -> Vec<Group> {
    let value = |link: &OfferedLink| (link.id.to_string(), format!("{} · {}", link.idea_id, link.id));
    let (unnamed, named): (Vec<_>, Vec<_>) =
        report.people.offered.iter().partition(|link| !link.names_somebody);
    let chosen = form
        .typed("lineage_id")
        .filter(|id| !id.is_empty() && report.people.offered.iter().all(|link| link.id.to_string() != **id));
    let chosen = chosen.map(|id| ("Chosen before", vec![(id.to_owned(), id.to_owned())]));
    let groups = [("Nobody is named yet", unnamed), ("Somebody is named", named)];
    let groups = groups.map(|(name, links)| (name, links.into_iter().map(value).collect::<Vec<_>>()));
    chosen.into_iter().chain(groups.into_iter().filter(|(_, links)| !links.is_empty())).collect()
}
