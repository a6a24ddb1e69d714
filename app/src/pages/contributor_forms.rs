//! What people decide about a contributor: kind, name, principal, and which identities are theirs.

use crate::components::field::{Line, Problem, area, field_id};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::url::contributor_page;
use crate::context::{SentForm, Visit};
use crate::pages::contributor::kind_label;
use domain::contribution::{ContributorKind, MergeProposal};
use domain::report::ContributorProfile;
use leptos::prelude::*;

/// The fields of the form.
pub(crate) const FIELDS: [&str; 6] = ["kind", "name", "principal", "principal_from", "aliases", "reason"];

const PRINCIPAL_HINT: &str = "The handle of the person it works for. Empty means nobody.";
const ALIASES_HINT: &str = "One per line. Taking one away undoes the merge without loss.";
const FIRST_HINT: &str = "With its zone, such as 2026-02-15T00:00:00Z. Empty means from now on; only the first decision may lie in the past.";
const LATER_HINT: &str =
    "Leave it empty: a later decision holds from when it is made, so that the past is not rewritten.";

/// Identities that may be theirs, each with a button to accept and one to dismiss it.
pub(crate) fn identities(profile: &ContributorProfile, visit: &Visit) -> Option<AnyView> {
    let own = contributor_page(&profile.scored.handle);
    let item = |proposal: &MergeProposal| {
        let other = if proposal.handle == profile.scored.handle { &proposal.alias } else { &proposal.handle };
        let button = |act: &'static str, label: &'static str| {
            view! {
                <form method="post" action=format!("{}/identities", contributor_page(&proposal.handle))>
                    <input type="hidden" name="request_key" value=format!("{}-{act}", visit.request_key)/>
                    <input type="hidden" name="alias" value=proposal.alias.clone()/>
                    <button class="button slim" type="submit" name="act" value=act>
                        {label}<span class="vh">{format!(" {other}")}</span>
                    </button>
                </form>
            }
        };
        view! {
            <li>
                <span>
                    <a href=contributor_page(other)>{other.clone()}</a>
                    " may be the same: "{proposal.evidence.clone()}
                </span>
                {(!must_sign_in()).then(|| view! { {button("accept", "Merge")}{button("dismiss", "Dismiss")} })}
            </li>
        }
    };
    (!profile.proposals.is_empty()).then(|| {
        let sign_in = must_sign_in().then(|| view! { <SignInFirst what="decide" next=own/> });
        view! {
            <section id="identities" aria-labelledby="identities-h">
                <h2 id="identities-h">"Identities that may be theirs"</h2>
                <ul class="decisions" role="list">{profile.proposals.iter().map(item).collect::<Vec<_>>()}</ul>
                {sign_in}
            </section>
        }
        .into_any()
    })
}

/// The form by which people decide; every decision is dated and kept.
pub(crate) fn decide(profile: &ContributorProfile, visit: &Visit, form: &SentForm) -> AnyView {
    let own = contributor_page(&profile.scored.handle);
    let content = if must_sign_in() {
        view! { <SignInFirst what="decide about a contributor" next=own/> }.into_any()
    } else {
        fields(profile, visit, &filled(profile, form), own)
    };
    view! {
        <details class="twin" id="decide" open=form.is_refused()>
            <summary>"Decide what they are, and for whom they work"</summary>
            {content}
        </details>
    }
    .into_any()
}

/// The form as it was sent, else with what holds now.
fn filled(profile: &ContributorProfile, form: &SentForm) -> SentForm {
    if !form.typed.is_empty() {
        return form.clone();
    }
    let scored = &profile.scored;
    let kind = if scored.kind_decided { scored.kind.name() } else { "" };
    let held = [
        ("kind", kind.to_owned()),
        ("name", scored.name.clone()),
        ("principal", scored.principal.clone().unwrap_or_default()),
        ("aliases", scored.aliases.join("\n")),
        ("version", profile.version.to_string()),
    ];
    SentForm {
        typed: held.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        ..form.clone()
    }
}

fn fields(profile: &ContributorProfile, visit: &Visit, form: &SentForm, own: String) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let version = form.typed("version").unwrap_or_default().to_owned();
    let from_hint = if profile.principals.is_empty() { FIRST_HINT } else { LATER_HINT };
    view! {
        <form class="form panel" method="post" action=format!("{own}/decide") aria-label="Decide about this contributor">
            <input type="hidden" name="request_key" value=key/>
            <input type="hidden" name="version" value=version/>
            <input type="hidden" name="name_shown" value=profile.scored.name.clone()/>
            <div class="fields">
                {kind_field(profile, form)}
                {Line::new("name", "Name").optional().show(form)}
                {Line::new("principal", "Works for").optional().hint(PRINCIPAL_HINT).show(form)}
                {Line::new("principal_from", "From").optional().hint(from_hint).show(form)}
                {Line::new("reason", "Reason").optional().hint("Kept with the decision.").show(form)}
            </div>
            {area(form, "aliases", "Other handles that are theirs".into(), ALIASES_HINT, 3)}
            <div class="actions"><button class="button primary" type="submit">"Save decision"</button></div>
        </form>
    }
    .into_any()
}

fn kind_field(profile: &ContributorProfile, form: &SentForm) -> AnyView {
    let id = field_id("kind");
    let problem = Problem::of(form, "kind");
    let typed = form.typed("kind").unwrap_or_default().to_owned();
    let assumed = format!("As it looks ({})", kind_label(profile.scored.kind).to_lowercase());
    let undecided = view! { <option value="" selected=typed.is_empty()>{assumed}</option> };
    let option = |kind: ContributorKind| {
        view! { <option value=kind.name() selected=kind.name() == typed>{kind_label(kind)}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>"Kind"</label>
            <select
                class="input" id=id.clone() name="kind"
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, false)
            >
                {undecided}
                {ContributorKind::ALL.map(option).into_iter().collect::<Vec<_>>()}
            </select>
            {problem.show(&id)}
        </div>
    }
    .into_any()
}
