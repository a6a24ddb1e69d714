//! A form that registers a spec.

use crate::components::crumbs::Crumbs;
use crate::components::field::summary;
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::title::PageTitle;
use crate::components::url::address;
use crate::context::SentForm;
use crate::pages::spec_fields::{FIELDS, Purpose, spec_form};
use crate::pages::visit;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/specs/new`: says what is to be built and what it should be worth.
#[component]
pub(crate) fn NewSpecPage() -> impl IntoView {
    let visit = visit();
    let mut form = use_context::<SentForm>().unwrap_or_default();
    // A stub leads here with its id.
    if let Some(id) = use_query_map().with_untracked(|map| map.get("spec_id")) {
        form.typed.entry("spec_id".to_owned()).or_insert(id);
    }
    let purpose =
        Purpose { action: "/specs/new".into(), verb: "Register spec", back: "/specs".into(), version: None };
    let error = if form.is_refused() { "Error: " } else { "" };
    let content = if must_sign_in() {
        view! { <SignInFirst what="register a spec" next=address("/specs/new", &[("spec_id", form.typed("spec_id").unwrap_or_default())])/> }.into_any()
    } else {
        view! { {summary(&form, "Nothing was registered", &FIELDS.map(str::to_owned))}{spec_form(&form, &visit, purpose)} }
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
