//! A link's events, and the form for the next one.

use crate::components::command::{Command, append_event};
use crate::components::field::{Line, summary};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::pager::Pager;
use crate::components::scroll::{cell_name, table_region};
use crate::components::time::Time;
use crate::components::url::address;
use crate::context::{SentForm, Visit};
use crate::shared::number::{counted, fixed, places_of, quiet_fraction};
use domain::event::UsageEvent;
use domain::id::LinkId;
use domain::page::{EventQuery, Page};
use leptos::prelude::*;

/// The fields of the form; the last two are seldom needed.
const FIELDS: [&str; 5] = ["source", "metric", "value", "captured_at", "external_id"];

const TIME_HINT: &str = "With its zone, such as 2026-02-15T00:00:00Z. Empty means now.";
const OWN_ID_HINT: &str = "Sent twice with the same id, an event counts once.";

/// What is wrong with a refused event, for the top of the page: the form stands far below it.
pub(crate) fn refusal(form: &SentForm) -> AnyView {
    summary(form, "Nothing was appended", &FIELDS.map(str::to_owned))
}

/// A page of events, newest first.
pub(crate) fn events(link: LinkId, query: &EventQuery, page: &Page<UsageEvent>) -> AnyView {
    if page.items.is_empty() && query.cursor.is_none() {
        return view! {
            <p class="sub">"None yet. Append the first here, or send it from the job or meter that sees the use."</p>
        }
        .into_any();
    }
    let places = places_of(page.items.iter().map(|event| event.value), 2);
    let at = |cursor: &str| address(&format!("/links/{link}"), &[("cursor", cursor)]) + "#events";
    let first = query.cursor.is_some().then(|| ("Newest events", at("")));
    let next = page.next_cursor.as_deref().map(|cursor| ("Older events", at(cursor)));
    let shown = counted(i64::try_from(page.items.len()).unwrap_or(i64::MAX), "event");
    let pager = (first.is_some() || next.is_some())
        .then(move || view! { <Pager shown=shown first=first next=next/> });
    view! {
        {table_region("events-cap", "Newest first. Each event adds its value to the link.", view! {
            <thead>
                <tr>
                    <th scope="col">"Captured"</th>
                    <th scope="col">"Source"</th>
                    <th scope="col">"Metric"</th>
                    <th scope="col" class="num">"Value"</th>
                </tr>
            </thead>
            <tbody>{page.items.iter().map(|event| row(event, places)).collect::<Vec<_>>()}</tbody>
        })}
        {pager}
    }
    .into_any()
}

fn row(event: &UsageEvent, places: u32) -> AnyView {
    let own_id = event.external_id.clone().map(|id| view! { <span class="cell-sub">{id}</span> });
    view! {
        <tr id=event.id.to_string()>
            <td><Time at=event.captured_at/></td>
            <td>{cell_name(&event.source)}</td>
            <td>{cell_name(&event.metric)}{own_id}</td>
            <td class="num">{quiet_fraction(&fixed(event.value, places))}</td>
        </tr>
    }
    .into_any()
}

/// The form for the next event, and the command that does the same.
pub(crate) fn append(link: LinkId, visit: &Visit, form: &SentForm) -> AnyView {
    let command = append_event(&visit.origin, &link.to_string());
    let form = if must_sign_in() {
        view! { <SignInFirst what="append an event" next=format!("/links/{link}")/> }.into_any()
    } else {
        event_form(link, visit, form)
    };
    view! {
        {form}
        <details class="twin">
            <summary>"From a shell or a job"</summary>
            <Command text=command label="Command that appends an event"/>
        </details>
    }
    .into_any()
}

fn event_form(link: LinkId, visit: &Visit, form: &SentForm) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let rare = FIELDS[3..].iter().any(|name| {
        form.typed(name).is_some_and(|typed| !typed.is_empty()) || form.errors_of(name).next().is_some()
    });
    let line = |name: &'static str, label: &'static str| Line::new(name, label);
    view! {
        <form class="form panel" method="post" action=format!("/links/{link}/events") aria-labelledby="append-h">
            <input type="hidden" name="request_key" value=key/>
            <h2 id="append-h">"Append event"</h2>
            {line("source", "Source").required().hint("Where it was measured, such as api or web.").show(form)}
            {line("metric", "Metric").required().hint("What was counted, such as adoption_events.").show(form)}
            {line("value", "Value").required().numeric().placeholder("45.5").show(form)}
            <details class="twin" open=rare>
                <summary>"Time and your own id"</summary>
                <div class="form">
                    {line("captured_at", "Captured at").optional().hint(TIME_HINT).show(form)}
                    {line("external_id", "External id").optional().hint(OWN_ID_HINT).show(form)}
                </div>
            </details>
            <button class="button primary" type="submit">"Append event"</button>
        </form>
    }
    .into_any()
}
