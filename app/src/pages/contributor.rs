//! What did somebody contribute, and what came of it?

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::field::summary;
use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::months::months;
use crate::components::time::Time;
use crate::components::title::PageTitle;
use crate::components::url::contributor_under;
use crate::context::{SentForm, Visit};
use crate::pages::contributor_credits::{credits, profile_address, uses};
use crate::pages::contributor_forms::{FIELDS, decide, identities};
use crate::pages::contributor_parts::{agents, factors, payouts, principals, roles};
use crate::pages::contributors::share_text;
use crate::pages::{load, parameters, site, visit};
use crate::shared::number::{count, fixed};
use domain::contribution::{ContributorKind, CreditQuery, IndexVersion, weights};
use domain::error::Error;
use domain::page::{Page, Parameters};
use domain::report::{self, ContributorProfile, ExplainedCredit, NEWEST_CREDITS};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Places of an index in the row of figures.
const PLACES: u32 = 2;

/// `/contributors/{handle}`: the index by version, role and month, credits with their provenance, and what people decided.
#[component]
pub(crate) fn ContributorPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let handle = use_params_map().with_untracked(|map| map.get("handle"));
    let sent = parameters(&["weights", "credits", "cursor"]);
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let handle = handle.ok_or(Error::ContributorNotFound)?;
        let sent: Vec<_> = sent.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let weights = weights(&Parameters(&sent))?;
        let profile = report::contributor(&*site.store, &handle, weights, visit.now).await?;
        let cursor = sent.iter().filter(|(name, _)| name == "cursor").cloned().collect::<Vec<_>>();
        let query = CreditQuery {
            contributor: Some(profile.scored.handle.clone()),
            counted: !sent.iter().any(|(name, value)| name == "credits" && value == "all"),
            limit: NEWEST_CREDITS,
            ..CreditQuery::read(&Parameters(&cursor))?
        };
        let Page { items, next_cursor } = site.store.credits(&query).await?;
        let page = Page { items: report::explained(&*site.store, items).await?, next_cursor };
        let cursor = cursor.first().map_or("", |(_, cursor)| cursor);
        let own = profile_address(&profile.scored.handle, &weights.name, query.counted, cursor);
        Ok(content(&profile, &page, &query, own, &visit, &form))
    })
}

/// What a kind is called.
pub(crate) const fn kind_label(kind: ContributorKind) -> &'static str {
    match kind {
        ContributorKind::Person => "Person",
        ContributorKind::Agent => "Agent",
        ContributorKind::External => "External author",
        ContributorKind::Infrastructure => "Infrastructure",
    }
}

fn content(
    profile: &ContributorProfile,
    page: &Page<ExplainedCredit>,
    query: &CreditQuery,
    own: String,
    visit: &Visit,
    form: &SentForm,
) -> AnyView {
    let scored = &profile.scored;
    let error = if form.is_refused() { "Error: " } else { "" };
    // A form that is shown again must stay as it is.
    let live = (!form.is_refused()).then(|| {
        view! { <Live address=own actions=&["edit_contributor", "import_history", "cast_veto", "undo_veto"]/> }
    });
    view! {
        <PageTitle text=format!("{error}{}", scored.handle)/>
        {summary(form, "Nothing was decided", &FIELDS.map(str::to_owned))}
        {done(visit)}
        {header(profile, live.into_any())}
        <div class="stack" data-live="">
            <Figures list=figures(profile)/>
            <section id="course" aria-labelledby="course-h">
                <h2 id="course-h">"Course over time"</h2>
                {months(&profile.months)}
            </section>
            {roles(scored, &profile.under)}
            {agents(scored, &profile.under)}
            {credits(profile, &page.items, page.next_cursor.as_deref(), query)}
            {uses(profile)}
            {payouts(profile)}
            {principals(profile)}
            {factors(profile)}
        </div>
        {identities(profile, visit)}
        {decide(profile, visit, form)}
    }
    .into_any()
}

fn done(visit: &Visit) -> Option<AnyView> {
    let words = match visit.done.as_deref()? {
        "decided" => "Decided, and on record. Credits follow it from now on.",
        "merged" => "Merged. Credits of both are counted together; a role in one change counts once.",
        "dismissed" => "Dismissed. It is not proposed again.",
        _ => return None,
    };
    Some(view! { <div class="notice ok" role="status"><p>{words}</p></div> }.into_any())
}

fn header(profile: &ContributorProfile, live: AnyView) -> AnyView {
    let scored = &profile.scored;
    let assumed = (!scored.kind_decided).then_some(" (assumed until somebody decides)");
    let principal = scored.principal.clone().map(|principal| {
        view! { <div><dt>"Works for"</dt><dd><a href=contributor_under(&principal, &profile.under.weight_set)>{principal.clone()}</a></dd></div> }
    });
    let aliases = (!scored.aliases.is_empty())
        .then(|| view! { <div><dt>"Also known as"</dt><dd>{scored.aliases.join(", ")}</dd></div> });
    let seen = scored.first_at.zip(scored.last_at).map(|(first, last)| {
        view! {
            <div><dt>"First change"</dt><dd><Time at=first day_only=true/></dd></div>
            <div><dt>"Last change"</dt><dd><Time at=last day_only=true/></dd></div>
        }
    });
    view! {
        <header class="head">
            <div>
                <Crumbs above=vec![("Contributors".into(), "/contributors".into())] here=scored.handle.clone()/>
                <h1>{scored.name.clone()}</h1>
                <dl class="facts">
                    <div><dt>"Handle"</dt><dd><Copyable text=scored.handle.clone() what="handle"/></dd></div>
                    <div><dt>"Kind"</dt><dd>{kind_label(scored.kind)}{assumed}</dd></div>
                    {principal}
                    {aliases}
                    {seen}
                </dl>
            </div>
            {live}
        </header>
    }
    .into_any()
}

fn figures(profile: &ContributorProfile) -> Vec<Figure> {
    let scored = &profile.scored;
    let index = |label, version: IndexVersion| {
        let note = match version {
            IndexVersion::V1 if scored.from_agents.micros() != 0 => {
                format!(
                    "{} own, {} from agents",
                    fixed(scored.own, PLACES),
                    fixed(scored.from_agents, PLACES)
                )
            }
            IndexVersion::V1 => "by roles".to_owned(),
            IndexVersion::V2 => "by outcomes".to_owned(),
            IndexVersion::V3 => "by use".to_owned(),
        };
        let href = match version {
            IndexVersion::V3 => "#uses".to_owned(),
            IndexVersion::V1 | IndexVersion::V2 => format!("#factors-{}", version.name()),
        };
        Figure::new(label, fixed(scored.ci.get(version), PLACES), href, note)
    };
    let governance = match scored.kind {
        ContributorKind::Person => {
            format!("{} of {}", fixed(profile.governance.ci, PLACES), fixed(profile.governance.total, PLACES))
        }
        ContributorKind::Agent => "counts for its principal".to_owned(),
        ContributorKind::External | ContributorKind::Infrastructure => "never counts".to_owned(),
    };
    vec![
        index("CI v1", IndexVersion::V1),
        index("CI v2", IndexVersion::V2),
        index("CI v3", IndexVersion::V3),
        Figure::new("Governance share", share_text(profile.governance.share), "/governance", governance),
        Figure::new("Credits", count(scored.credits), "#credits", "that count"),
    ]
}
