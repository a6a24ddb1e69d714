//! What is proposed, and who decided what?

use crate::components::field::summary;
use crate::components::live::Live;
use crate::components::pager::Pager;
use crate::components::title::PageTitle;
use crate::components::url::address;
use crate::context::{SentForm, Visit};
use crate::pages::change_request::{requests, voted};
use crate::pages::{load, parameters, site, visit};
use crate::shared::number::counted;
use domain::change_request::{ChangeRequest, ChangeRequestQuery, Status};
use domain::page::{Page, Parameters};
use domain::report;
use leptos::prelude::*;

/// Where change requests are.
pub(crate) const PATH: &str = "/governance/change-requests";

/// `/governance/change-requests`: those that are open, to vote on, and what came of the others.
#[component]
pub(crate) fn ChangeRequestsPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let sent = parameters(&["status", "lineage_id", "spec_id", "idea_id", "limit", "cursor"]);
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let sent: Vec<_> = sent.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query = ChangeRequestQuery::read(&Parameters(&sent))?;
        let page = report::change_requests(&*site.store, &query).await?;
        Ok(content(&sent, &query, &page, &visit, &form))
    })
}

fn content(
    sent: &[(String, String)],
    query: &ChangeRequestQuery,
    page: &Page<ChangeRequest>,
    visit: &Visit,
    form: &SentForm,
) -> AnyView {
    let given: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let other = |name: &str, value: &str| {
        let kept = given.iter().filter(|(known, _)| *known != name && *known != "cursor");
        address(PATH, &kept.copied().chain([(name, value)]).collect::<Vec<_>>())
    };
    let status = |status: Option<Status>, word: &'static str| {
        let current = (query.status == status).then_some("true");
        let href = other("status", status.map_or("", Status::name));
        view! { <li><a href=href aria-current=current>{word}</a></li> }
    };
    let first = query.cursor.is_some().then(|| ("Newest requests", other("cursor", "")));
    let next = page.next_cursor.as_deref().map(|cursor| ("Older requests", other("cursor", cursor)));
    let shown = counted(i64::try_from(page.items.len()).unwrap_or(i64::MAX), "request");
    let heading = match query.status {
        None => "All requests, newest first".to_owned(),
        Some(status) => format!("Requests that are {}, newest first", status.name()),
    };
    let error = if form.is_refused() { "Error: " } else { "" };
    let live = (!form.is_refused())
        .then(|| view! { <Live address=address(PATH, &given) actions=&["propose_change", "cast_vote"]/> });
    view! {
        <PageTitle text=format!("{error}Change requests")/>
        {summary(form, "Your vote was not taken", &[])}
        {voted(visit)}
        <header class="head">
            <div>
                <h1>"Change requests"</h1>
                <p class="sub">
                    "Somebody proposes, others vote, and with enough votes it is applied. Nobody decides on their own proposal, and declined ones never apply."
                </p>
            </div>
            {live}
        </header>
        <nav aria-label="Status">
            <ul class="tabs" role="list">
                {status(None, "All")}
                {status(Some(Status::Open), "Open")}
                {status(Some(Status::Applied), "Applied")}
                {status(Some(Status::Declined), "Declined")}
                {status(Some(Status::Failed), "Failed")}
            </ul>
        </nav>
        <section data-live="" aria-labelledby="requests-h">
            <h2 class="vh" id="requests-h">{heading}</h2>
            {requests(&page.items, visit, form)}
            <Pager shown=shown first=first next=next/>
        </section>
    }
    .into_any()
}
