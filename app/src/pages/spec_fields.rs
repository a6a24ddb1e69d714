//! The fields of a spec, to be filled when it is registered and when it is edited.

use crate::components::field::{Line, area, field_id};
use crate::components::url::address;
use crate::context::{SentForm, Visit};
use leptos::prelude::*;

/// The names of all fields, in their order.
pub(crate) const FIELDS: [&str; 16] = [
    "spec_id",
    "title",
    "idea_id",
    "potential_value",
    "estimated_cost",
    "actual_cost",
    "summary",
    "process_summary",
    "pseudocode_summary",
    "implementation_summary",
    "implementation_refs",
    "evidence_refs",
    "source_files",
    "task_ids",
    "branches",
    "public_endpoints",
];
/// The text that is always to be seen.
const SUMMARY: (&str, &str, &str) = ("summary", "Summary", "What it is for.");
/// Texts of several lines.
const TEXTS: [(&str, &str, &str); 3] = [
    ("process_summary", "Process", "How it is worked on."),
    ("pseudocode_summary", "Pseudocode", "What it does, step by step."),
    ("implementation_summary", "Implementation", "What was built of it."),
];
/// Those that hold one reference a line.
const LISTS: [(&str, &str, &str); 6] = [
    ("implementation_refs", "Implementation refs", "One per line, such as PR#26 or commit:e616516."),
    ("evidence_refs", "Evidence", "One per line: what shows that it works."),
    ("source_files", "Source files", "One per line: the files that it is written in."),
    ("task_ids", "Tasks", "One per line."),
    ("branches", "Branches", "One per line."),
    ("public_endpoints", "Public endpoints", "One per line, such as GET /api/value-lineage/links."),
];

/// A field of several lines: its name, its label, and what to type.
pub(crate) fn area_named(name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    [SUMMARY].into_iter().chain(LISTS).chain(TEXTS).find(|(known, _, _)| *known == name)
}

/// Fields of several lines, in the order in which the form shows them.
pub(crate) fn areas() -> impl Iterator<Item = &'static str> {
    [SUMMARY].into_iter().chain(LISTS).chain(TEXTS).map(|(name, _, _)| name)
}

/// Whether a field holds one reference a line.
pub(crate) fn is_list(name: &str) -> bool {
    LISTS.iter().any(|(known, _, _)| *known == name)
}

/// What the form is for.
pub(crate) struct Purpose {
    /// Where it is sent.
    pub action: String,
    /// The word on its button.
    pub verb: &'static str,
    /// Where the reader goes who changes their mind.
    pub back: String,
    /// The version that is edited; none where a spec is registered.
    pub version: Option<i64>,
}

/// The form of a spec.
pub(crate) fn spec_form(form: &SentForm, visit: &Visit, purpose: Purpose) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let id_hint = "Lower-case letters, digits, -, _ and ., such as 048-value-lineage.";
    let cost_hint = "Left empty, it is the sum of its links' costs.";
    let id = purpose
        .version
        .is_none()
        .then(|| Line::new("spec_id", "Spec id").required().hint(id_hint).show(form));
    // What is edited was typed before, however it got there: nobody overwrites what they have not seen.
    let version =
        form.typed("version").map(str::to_owned).or(purpose.version.map(|version| version.to_string()));
    let version = version.map(|version| view! { <input type="hidden" name="version" value=version/> });
    let editing = purpose.version.is_some();
    let area = |(name, label, words): (&'static str, &'static str, &'static str)| {
        if editing && form.typed(name).is_none() {
            return alone(&purpose.action, name, label);
        }
        area(form, name, label.into(), words, 3)
    };
    let open = purpose.version.is_some() || form.is_refused();
    let (texts, more) =
        (area(SUMMARY), LISTS.map(area).into_iter().chain(TEXTS.map(area)).collect::<Vec<_>>());
    view! {
        <form class="form" method="post" action=purpose.action>
            <input type="hidden" name="request_key" value=key/>
            {version}
            <div class="fields">
                {id}
                {Line::new("title", "Title").required().show(form)}
                {Line::new("idea_id", "Idea id").optional().show(form)}
                {Line::new("potential_value", "Potential value").optional().numeric().show(form)}
                {Line::new("estimated_cost", "Estimated cost").optional().numeric().show(form)}
                {Line::new("actual_cost", "Actual cost").optional().numeric().hint(cost_hint).show(form)}
            </div>
            {texts}
            <details class="twin" open=open>
                <summary>"More: how it is worked on, refs, evidence, files, tasks, branches, endpoints"</summary>
                <div class="fields">{more}</div>
            </details>
            <div class="actions group">
                <button class="button primary" type="submit">{purpose.verb}</button>
                <a class="button" href=purpose.back>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

/// Stands where a field would that is too long to be edited beside the others.
fn alone(edit: &str, name: &'static str, label: &'static str) -> AnyView {
    let href = address(edit, &[("field", name)]);
    view! {
        <div class="field" id=field_id(name)>
            <p class="label">{label}</p>
            <p class="hint">"Too long to be edited beside the others, and kept as it is here. "<a href=href>{format!("Edit {} alone", label.to_lowercase())}</a></p>
        </div>
    }
    .into_any()
}
