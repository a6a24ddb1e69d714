//! A form that registers an idea that is only named so far, or edits one at the version that its editor has seen.

use crate::components::crumbs::Crumbs;
use crate::components::field::{Line, area, summary};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::title::PageTitle;
use crate::components::url::idea_page;
use crate::context::{SentForm, Visit};
use crate::pages::{load, site, visit};
use domain::error::Error;
use domain::idea::Idea;
use domain::report;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The fields of the form.
const FIELDS: [&str; 2] = ["title", "summary"];

/// `/ideas/{idea_id}/edit`: what it is called and what it is about.
#[component]
pub(crate) fn EditIdeaPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let id = use_params_map().with_untracked(|map| map.get("id"));
    let form = use_context::<SentForm>();
    load(async move {
        let idea = report::idea(&*site.store, &id.ok_or(Error::IdeaNotFound)?).await?.record.idea;
        let kept = || SentForm {
            typed: [("title", &idea.content.title), ("summary", &idea.content.summary)]
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .into(),
            ..SentForm::default()
        };
        let form = form.unwrap_or_else(kept);
        Ok(content(&idea, &form, &visit))
    })
}

fn content(idea: &Idea, form: &SentForm, visit: &Visit) -> AnyView {
    let page = idea_page(&idea.idea_id);
    let edit = format!("{page}/edit");
    let (verb, what) = match idea.is_registered() {
        true => ("Save idea", format!("Edit {}", idea.name())),
        false => ("Register idea", format!("Register {}", idea.name())),
    };
    let error = if form.is_refused() { "Error: " } else { "" };
    let done = if idea.is_registered() { "Nothing was saved" } else { "Nothing was registered" };
    let content = if must_sign_in() {
        view! { <SignInFirst what="write of an idea" next=edit/> }.into_any()
    } else {
        let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
        // Nobody overwrites what they have not seen.
        let seen = idea.is_registered().then(|| idea.version.to_string());
        let version = form.typed("version").map(str::to_owned).or(seen);
        let version = version.map(|version| view! { <input type="hidden" name="version" value=version/> });
        view! {
            {summary(form, done, &FIELDS.map(str::to_owned))}
            <form class="form" method="post" action=edit>
                <input type="hidden" name="request_key" value=key/>
                {version}
                <div class="fields">{Line::new("title", "Title").required().show(form)}</div>
                {area(form, "summary", "Summary".into(), "What it is about.", 8)}
                <div class="actions group">
                    <button class="button primary" type="submit">{verb}</button>
                    <a class="button" href=page.clone()>"Cancel"</a>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        <PageTitle text=format!("{error}{what}")/>
        <header class="head">
            <div>
                <Crumbs above=vec![("Specs".into(), "/specs".into()), (idea.idea_id.clone(), page)] here="Edit"/>
                <h1>{what}</h1>
                <p class="sub">"Links and specs name an idea; here it is said what it is. If somebody else saves first, nothing of theirs is lost."</p>
            </div>
        </header>
        {content}
    }
    .into_any()
}
