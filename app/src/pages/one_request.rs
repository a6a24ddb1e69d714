//! What is proposed here, and how do the votes stand?

use crate::components::crumbs::Crumbs;
use crate::components::field::summary;
use crate::components::live::Live;
use crate::components::title::PageTitle;
use crate::context::{SentForm, Visit};
use crate::pages::change_request::{page_of, requests, voted};
use crate::pages::change_requests::PATH;
use crate::pages::{load, site, visit};
use domain::change_request::ChangeRequest;
use domain::error::Error;
use domain::report;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/governance/change-requests/{id}`: one request, to vote on, with what came of it.
#[component]
pub(crate) fn OneRequestPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let id = use_params_map().with_untracked(|map| map.get("id"));
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let id = id.and_then(|id| id.parse().ok()).ok_or(Error::ChangeRequestNotFound)?;
        let request = report::change_request(&*site.store, id).await?;
        Ok(content(request, &visit, &form))
    })
}

fn content(request: ChangeRequest, visit: &Visit, form: &SentForm) -> AnyView {
    let id = request.id.to_string();
    let error = if form.is_refused() { "Error: " } else { "" };
    // A form that is shown again must stay as it is.
    let live = (!form.is_refused())
        .then(|| view! { <Live address=page_of(&request) actions=&["propose_change", "cast_vote"]/> });
    let title = request.title.clone().unwrap_or_else(|| "Change request".to_owned());
    view! {
        <PageTitle text=format!("{error}{title}")/>
        {summary(form, "Your vote was not taken", &[])}
        {voted(visit)}
        <header class="head">
            <div>
                <Crumbs above=vec![("Change requests".into(), PATH.into())] here=id/>
                <h1>{title}</h1>
            </div>
            {live}
        </header>
        <section data-live="" aria-labelledby="request-h">
            <h2 class="vh" id="request-h">"What is proposed"</h2>
            {requests(&[request], visit, form)}
        </section>
    }
    .into_any()
}
