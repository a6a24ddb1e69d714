//! A form that registers a spec.

use crate::components::crumbs::Crumbs;
use crate::components::field::{Line, Problem, field_id, hint, optional_word, summary};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::title::PageTitle;
use crate::context::{SentForm, Visit};
use crate::pages::visit;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The names of all fields, in their order.
const FIELDS: [&str; 13] = [
    "spec_id",
    "title",
    "idea_id",
    "summary",
    "potential_value",
    "estimated_cost",
    "actual_cost",
    "implementation_refs",
    "evidence_refs",
    "source_files",
    "task_ids",
    "branches",
    "public_endpoints",
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

/// `/specs/new`: says what is to be built and what it should be worth.
#[component]
pub(crate) fn NewSpecPage() -> impl IntoView {
    let visit = visit();
    let mut form = use_context::<SentForm>().unwrap_or_default();
    // A stub leads here with its id.
    if let Some(id) = use_query_map().with_untracked(|map| map.get("spec_id")) {
        form.typed.entry("spec_id".to_owned()).or_insert(id);
    }
    let error = if form.is_refused() { "Error: " } else { "" };
    let content = if must_sign_in() {
        view! { <SignInFirst what="register a spec" next="/specs/new".to_owned()/> }.into_any()
    } else {
        view! { {summary(&form, "Nothing was registered", &FIELDS.map(str::to_owned))}{fields(&form, &visit)} }
            .into_any()
    };
    view! {
        <PageTitle text=format!("{error}Register spec")/>
        <header class="head">
            <div>
                <Crumbs above=vec![("Specs".into(), "/specs".into())] here="Register spec"/>
                <h1>"Register spec"</h1>
                <p class="sub">"Say what is to be built and what it should be worth; links say what came of it."</p>
            </div>
        </header>
        {content}
    }
}

fn fields(form: &SentForm, visit: &Visit) -> AnyView {
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    let id_hint = "Lower-case letters, digits, -, _ and ., such as 048-value-lineage.";
    let cost_hint = "Left empty, it is the sum of its links' costs.";
    let lists = LISTS.map(|(name, label, words)| area(form, name, label, words));
    view! {
        <form class="form" method="post" action="/specs/new">
            <input type="hidden" name="request_key" value=key/>
            <div class="fields">
                {Line::new("spec_id", "Spec id").required().hint(id_hint).show(form)}
                {Line::new("title", "Title").required().show(form)}
                {Line::new("idea_id", "Idea id").optional().show(form)}
                {Line::new("potential_value", "Potential value").optional().numeric().show(form)}
                {Line::new("estimated_cost", "Estimated cost").optional().numeric().show(form)}
                {Line::new("actual_cost", "Actual cost").optional().numeric().hint(cost_hint).show(form)}
            </div>
            {area(form, "summary", "Summary", "What it is for.")}
            <details class="twin" open=form.is_refused()>
                <summary>"References: implementation, evidence, files, tasks, branches, endpoints"</summary>
                <div class="fields">{lists.into_iter().collect::<Vec<_>>()}</div>
            </details>
            <div class="actions group">
                <button class="button primary" type="submit">"Register spec"</button>
                <a class="button" href="/specs">"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

/// A field of several lines.
fn area(form: &SentForm, name: &'static str, label: &'static str, words: &'static str) -> AnyView {
    let id = field_id(name);
    let problem = Problem::of(form, name);
    // A text area's own first line break is not part of its value.
    let typed = form.typed(name).unwrap_or_default().replace('&', "&amp;").replace('<', "&lt;");
    view! {
        <div class="field">
            <label for=id.clone()>{label}{optional_word()}</label>
            <textarea
                class="input" id=id.clone() name=name rows="3" spellcheck="false"
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, true)
                inner_html=format!("\n{typed}")
            ></textarea>
            {problem.show(&id)}
            {hint(&id, words)}
        </div>
    }
    .into_any()
}
