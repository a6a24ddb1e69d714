//! Flags and vetoes as they stand on the page of governance, each with the form that ends it.

use crate::components::field::Line;
use crate::components::notice::must_sign_in;
use crate::components::pager::Pager;
use crate::components::time::Time;
use crate::components::trace_shape::cut;
use crate::components::url::{address, claim_page, contributor_page};
use crate::context::{SentForm, Visit};
use crate::pages::contributor_parts::unit_page;
use crate::pages::flag_form::reason_field;
use crate::shared::number::{count, counted, fixed, percent};
use domain::governance::{Flag, FlagStatus, FlagSubject, Flaggable, VetoStatus};
use domain::page::Page;
use domain::report::{FlaggedReport, VetoReport};
use leptos::prelude::*;

/// Flags that are shown of one thing, and characters of a reason; the API has all of it.
const SHOWN_FLAGS: usize = 5;
const SHOWN_REASON: usize = 500;

/// The page of what is flagged.
fn subject_page(subject: &FlagSubject) -> String {
    match subject.kind {
        Flaggable::Unit => format!("/units/{}", subject.id),
        Flaggable::Claim => claim_page(&subject.id),
        Flaggable::Link => format!("/links/{}", subject.id),
        Flaggable::GateRun => format!("/gates/runs/{}", subject.id),
    }
}

const fn kind_label(kind: Flaggable) -> &'static str {
    match kind {
        Flaggable::Unit => "change",
        Flaggable::Claim => "claim",
        Flaggable::Link => "link",
        Flaggable::GateRun => "gate verdict",
    }
}

/// What is flagged, the most heavily first.
pub(crate) fn flagged(page: &Page<FlaggedReport>, visit: &Visit, form: &SentForm) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <p class="sub">"Nothing is flagged. A flag is raised on the page of a change, a claim, a link or a gate's run."</p>
        }
        .into_any();
    }
    let items: Vec<_> = page.items.iter().map(|item| flagged_item(item, visit, form)).collect();
    let next = page
        .next_cursor
        .as_deref()
        .map(|cursor| ("Lighter ones", address("/governance", &[("flags", cursor)]) + "#flags"));
    let shown = counted(page.items.len() as i64, "flagged thing");
    view! {
        <ol class="cards" role="list">{items}</ol>
        <Pager shown=shown first=None next=next/>
    }
    .into_any()
}

fn flagged_item(item: &FlaggedReport, visit: &Visit, form: &SentForm) -> AnyView {
    let subject = &item.flagged.subject;
    let title = item.title.clone().unwrap_or_else(|| subject.id.clone());
    let flags: Vec<_> =
        item.flags.iter().take(SHOWN_FLAGS).map(|flag| flag_item(flag, visit, form)).collect();
    let rest = item.flags.len().saturating_sub(SHOWN_FLAGS);
    let rest = (rest > 0).then(
        || view! { <li class="muted">{format!("and {} more in the API", counted(rest as i64, "flag"))}</li> },
    );
    let withdrawn = item.flagged.flags - item.flagged.active;
    let withdrawn = (withdrawn > 0).then(|| format!(", {} withdrawn", count(withdrawn)));
    view! {
        <li>
            <h3><a href=subject_page(subject)>{title}</a></h3>
            <p class="small muted">
                {kind_label(subject.kind)}" · weighs "<b>{format!("{} %", percent(item.flagged.weight, 1))}</b>
                " of governance CI · "{counted(item.flagged.active, "flag")}{withdrawn}
            </p>
            <ul class="plain" role="list">{flags}{rest}</ul>
        </li>
    }
    .into_any()
}

fn flag_item(flag: &Flag, visit: &Visit, form: &SentForm) -> AnyView {
    let ending = (flag.status == FlagStatus::Active).then(|| {
        ending(
            Ending {
                id: flag.id.to_string(),
                action: format!("/governance/flags/{}/withdraw", flag.id),
                summary: "Withdraw this flag",
                button: "Withdraw flag",
                who: "Withdrawn by",
                hint: "Whoever raised it, or whom they work for.",
            },
            visit,
            form,
        )
    });
    view! {
        <li id=flag.id.to_string()>
            <p class="written">{cut(&flag.reason, SHOWN_REASON)}</p>
            <p class="small muted">
                <a href=contributor_page(&flag.contributor)>{flag.contributor.clone()}</a>
                {format!(", weighing {} % then, ", percent(flag.weight, 1))}
                <Time at=flag.created_at/>
            </p>
            {ending}
        </li>
    }
    .into_any()
}

/// A form that ends something: a flag, a veto.
struct Ending {
    id: String,
    action: String,
    summary: &'static str,
    button: &'static str,
    who: &'static str,
    hint: &'static str,
}

fn ending(of: Ending, visit: &Visit, form: &SentForm) -> Option<AnyView> {
    if must_sign_in() {
        return None;
    }
    let acting = form.typed("about") == Some(&of.id);
    let plain = SentForm::default();
    let form = if acting { form } else { &plain };
    let key =
        form.typed("request_key").map_or_else(|| format!("{}-{}", visit.request_key, of.id), str::to_owned);
    // Several forms of the page have the same fields; what is refused is found by the plain ids.
    let own = if acting { "" } else { of.id.as_str() };
    let fields = view! {
        <div class="fields">{Line::new("contributor", of.who).required().hint(of.hint).of(own).show(form)}</div>
        {reason_field(form, "Why", own)}
    };
    Some(
        view! {
            <details class="twin" open=acting>
                <summary>{of.summary}</summary>
                <form class="form panel" method="post" action=of.action aria-label=of.button>
                    <input type="hidden" name="request_key" value=key/>
                    <input type="hidden" name="about" value=of.id/>
                    {fields}
                    <div class="actions"><button class="button" type="submit">{of.button}</button></div>
                </form>
            </details>
        }
        .into_any(),
    )
}

/// What was rolled back, the newest first.
pub(crate) fn vetoes(page: &Page<VetoReport>, visit: &Visit, form: &SentForm) -> AnyView {
    if page.items.is_empty() {
        return view! {
            <p class="sub">"Nothing was rolled back. A veto is cast on the page of a change; it ends what was credited, and can be undone."</p>
        }
        .into_any();
    }
    let items: Vec<_> = page.items.iter().map(|item| veto_item(item, visit, form)).collect();
    let next = page
        .next_cursor
        .as_deref()
        .map(|cursor| ("Older vetoes", address("/governance", &[("vetoes", cursor)]) + "#vetoes"));
    let shown = counted(page.items.len() as i64, "veto").replace("vetos", "vetoes");
    view! {
        <ol class="cards" role="list">{items}</ol>
        <Pager shown=shown first=None next=next/>
    }
    .into_any()
}

fn veto_item(item: &VetoReport, visit: &Visit, form: &SentForm) -> AnyView {
    let veto = &item.veto;
    let title = item.change.as_ref().map_or_else(|| veto.unit.to_string(), |change| change.title.clone());
    let reverted = item.reverted_by.as_ref().map(|unit| {
        view! { <p class="small">"Reverted by "<a href=unit_page(&unit.id)>{unit.title.clone()}</a></p> }
    });
    let lost: Vec<_> = item
        .ci_lost
        .iter()
        .map(|lost| {
            let principal = lost.principal.clone().map(|principal| format!(" (for {principal})"));
            view! {
                <li>
                    <a href=contributor_page(&lost.contributor)>{lost.contributor.clone()}</a>{principal}
                    {format!(": {} CI in {}", fixed(lost.ci, 2), counted(lost.credits, "credit"))}
                </li>
            }
        })
        .collect();
    let lost = (!lost.is_empty()).then(|| view! { <ul>{lost}</ul> });
    let undone = veto.undone.as_ref().map(|undone| {
        view! {
            <p class="written">"Undone: "{cut(&undone.reason, SHOWN_REASON)}</p>
            <p class="small muted">
                <a href=contributor_page(&undone.contributor)>{undone.contributor.clone()}</a>", "<Time at=undone.at/>
            </p>
        }
    });
    let (class, word) = match veto.status {
        VetoStatus::Active => ("mark fail", "rolled back"),
        VetoStatus::Undone => ("mark", "undone"),
    };
    let ending = (veto.status == VetoStatus::Active).then(|| {
        ending(
            Ending {
                id: veto.id.to_string(),
                action: format!("/governance/vetoes/{}/undo", veto.id),
                summary: "Undo this veto",
                button: "Undo veto",
                who: "Undone by",
                hint: "The handle of a person with governance CI.",
            },
            visit,
            form,
        )
    });
    view! {
        <li id=veto.id.to_string()>
            <h3><a href=unit_page(&veto.unit)>{title}</a>" "<span class=class>{word}</span></h3>
            <p class="written">{cut(&veto.reason, SHOWN_REASON)}</p>
            <p class="small muted">
                <a href=contributor_page(&veto.contributor)>{veto.contributor.clone()}</a>
                {format!(", with {} % of governance CI then, ", percent(veto.standing.share, 1))}
                <Time at=veto.created_at/>
            </p>
            {reverted}
            {lost}
            {undone}
            {ending}
        </li>
    }
    .into_any()
}
