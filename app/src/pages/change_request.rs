//! Change requests: what is proposed, how the votes stand, what came of it, and a form to vote.

use crate::components::field::{Problem, optional_word};
use crate::components::notice::must_sign_in;
use crate::components::time::Time;
use crate::components::url::{address, idea_page, spec_page};
use crate::context::{SentForm, Visit};
use crate::pages::change_requests::PATH;
use crate::shared::number::counted;
use domain::change_request::{Ballot, ChangeRequest, Proposal, Status, Vote};
use domain::edit::Changed;
use leptos::prelude::*;

/// Characters of a value, before and after an edit, that are shown.
const SHOWN_VALUE: usize = 160;
/// Characters of a reason that are shown.
const SHOWN_REASON: usize = 600;

/// The page of a request.
pub(crate) fn page_of(request: &ChangeRequest) -> String {
    format!("{PATH}/{}", request.id)
}

/// What is told to whoever has just voted.
pub(crate) fn voted(visit: &Visit) -> Option<AnyView> {
    (visit.done.as_deref() == Some("voted")).then(|| {
        view! {
            <div class="notice ok" role="status"><p>"Your vote is on record; what came of it stands below."</p></div>
        }
        .into_any()
    })
}

/// Requests as they stand, newest first. A vote that was refused is shown again at its request.
pub(crate) fn requests(requests: &[ChangeRequest], visit: &Visit, form: &SentForm) -> AnyView {
    if requests.is_empty() {
        return view! { <p class="sub">"None yet."</p> }.into_any();
    }
    let item = |request: &ChangeRequest| one(request, visit, form);
    view! { <ol class="requests" role="list">{requests.iter().map(item).collect::<Vec<_>>()}</ol> }.into_any()
}

fn one(request: &ChangeRequest, visit: &Visit, form: &SentForm) -> AnyView {
    let id = request.id.to_string();
    let vote = (request.status == Status::Open).then(|| match must_sign_in() {
        true => {
            let href = address("/sign-in", &[("next", &page_of(request))]);
            view! { <p class="small"><a href=href>"Sign in to vote"</a></p> }.into_any()
        }
        false => vote_form(request, visit, form),
    });
    view! {
        <li id=id>
            <h3>{request.title.clone().map(|title| format!("{title}: "))}{proposed(&request.proposal)}</h3>
            <p class="small muted">
                {status(request)}" proposed by "<b>{request.proposer.clone()}</b>", "<a href=page_of(request)><Time at=request.created_at/></a>
                {decided(request)}
            </p>
            {request.reason.as_ref().map(|reason| view! { <p class="written">{cut(reason, SHOWN_REASON)}</p> })}
            {changes(request)}
            {votes(&request.votes)}
            {vote}
        </li>
    }
    .into_any()
}

/// How far it has come, in a word and a sign.
fn status(request: &ChangeRequest) -> AnyView {
    let (class, sign) = match request.status {
        Status::Open => ("", "○"),
        Status::Applied => ("pass", "✓"),
        Status::Declined => ("fail", "✕"),
        Status::Failed => ("inconclusive", "?"),
    };
    view! {
        <span class=format!("mark {class}")><span aria-hidden="true">{sign}</span>{request.status.name()}</span>
    }
    .into_any()
}

/// What is to be changed, with the way to it.
fn proposed(proposal: &Proposal) -> AnyView {
    match proposal {
        Proposal::LinkContributor(of) => {
            let id = of.lineage_id.to_string();
            view! {
                {of.contributor.clone()}" for "{of.stage.label().to_lowercase()}" of "
                <a href=format!("/links/{id}")><code>{id.clone()}</code></a>
            }
            .into_any()
        }
        Proposal::Spec(of) => {
            view! { "Edit of spec "<a href=spec_page(&of.spec_id)>{of.spec_id.clone()}</a> }.into_any()
        }
        Proposal::Idea(of) => {
            view! { "Edit of idea "<a href=idea_page(&of.idea_id)>{of.idea_id.clone()}</a> }.into_any()
        }
    }
}

fn decided(request: &ChangeRequest) -> AnyView {
    match request.decided_at {
        Some(at) => view! { ", decided "<Time at=at/> }.into_any(),
        None => {
            let left = request.required_approvals - request.count(Ballot::Yes);
            format!("; applied with {} more", counted(left, "yes vote")).into_any()
        }
    }
}

/// What applying did; of an edit that is still open, what it would do. Long values are cut: the API has all of it.
fn changes(request: &ChangeRequest) -> Option<AnyView> {
    if let Some(result) = &request.applied_result {
        return Some(view! { <p>{result.summary.clone()}"."</p>{list(&result.changes)} }.into_any());
    }
    if matches!(request.proposal, Proposal::LinkContributor(_)) {
        return None;
    }
    let what = match request.proposed_changes.is_empty() {
        true => view! { <p class="small">"It is so already."</p> }.into_any(),
        false => list(&request.proposed_changes).into_any(),
    };
    Some(view! { <details class="twin"><summary>"What it would set"</summary>{what}</details> }.into_any())
}

fn list(changes: &[Changed]) -> Option<impl IntoView + use<>> {
    let item = |change: &Changed| {
        let (before, after) = (value(change.before.as_str(), true), value(change.after.as_str(), false));
        view! { <li><code>{change.field.clone()}</code>": "{before}" → "{after}</li> }
    };
    (!changes.is_empty())
        .then(|| view! { <ul class="small">{changes.iter().map(item).collect::<Vec<_>>()}</ul> })
}

/// A value as JSON has it, before or after a change.
fn value(json: &str, is_before: bool) -> AnyView {
    match json {
        "null" | "\"\"" | "[]" => view! { <span class="muted">"nothing"</span> }.into_any(),
        json if is_before => view! { <s>{cut(json, SHOWN_VALUE)}</s> }.into_any(),
        json => cut(json, SHOWN_VALUE).into_any(),
    }
}

/// The first of a text that may be very long.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}

fn votes(votes: &[Vote]) -> Option<AnyView> {
    let item = |vote: &Vote| {
        let word = if vote.vote == Ballot::Yes { "yes" } else { "no" };
        let reason = vote.reason.as_ref().map(|reason| format!(": {}", cut(reason, SHOWN_VALUE)));
        view! { <li><b>{word}</b>", "{vote.voter.clone()}", "<Time at=vote.at/>{reason}</li> }
    };
    (!votes.is_empty()).then(|| {
        view! { <ul class="small" aria-label="Votes">{votes.iter().map(item).collect::<Vec<_>>()}</ul> }
            .into_any()
    })
}

fn vote_form(request: &ChangeRequest, visit: &Visit, form: &SentForm) -> AnyView {
    let id = request.id.to_string();
    let nothing = SentForm::default();
    let form = if form.typed("request_id") == Some(id.as_str()) { form } else { &nothing };
    let (voter, problem) = (format!("voter-{id}"), Problem::of(form, "voter"));
    let (reason, why) = (format!("reason-{id}"), Problem::of(form, "reason"));
    let button = |value: &'static str, word: &'static str| {
        view! {
            <button class="button slim" type="submit" name="vote" value=value>
                {word}<span class="vh">{format!(" on {id}")}</span>
            </button>
        }
    };
    view! {
        <form class="vote" method="post" action=format!("/governance/change-requests/{id}/votes")>
            <input type="hidden" name="request_key" value=visit.request_key.clone()/>
            <div class="field">
                <label for=voter.clone()>"Your name"</label>
                <input
                    class="input" id=voter.clone() name="voter" required=true autocomplete="off"
                    value=form.typed("voter").unwrap_or_default().to_owned()
                    aria-invalid=problem.mark() aria-describedby=problem.described_by(&voter, false)
                />
                {problem.show(&voter)}
            </div>
            <div class="field">
                <label for=reason.clone()>"Reason"{optional_word()}</label>
                <input
                    class="input" id=reason.clone() name="reason" autocomplete="off"
                    value=form.typed("reason").unwrap_or_default().to_owned()
                    aria-invalid=why.mark() aria-describedby=why.described_by(&reason, false)
                />
                {why.show(&reason)}
            </div>
            <div class="actions">
                {button("yes", "Vote yes")}
                {button("no", "Vote no")}
            </div>
        </form>
    }
    .into_any()
}
