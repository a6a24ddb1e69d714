//! What is claimed, who made it, and what stands on it?

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::scroll::table_region;
use crate::components::title::PageTitle;
use crate::components::trace_picture::{kind_label, trace_page};
use crate::components::url::claim_page;
use crate::context::{SentForm, Visit};
use crate::pages::contributor_credits::credits_table;
use crate::pages::contributor_parts::unit_page;
use crate::pages::flag_form::{flag_done, flag_form, flag_summary};
use crate::pages::{load, site, visit};
use crate::shared::number::counted;
use domain::contribution::{CitationEdge, KnowledgeKind};
use domain::error::Error;
use domain::governance::{FlagSubject, Flaggable};
use domain::report::{self, ClaimEntry, ClaimReport};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Claims of one name that are shown; the API has all of them.
const NAMESAKES: usize = 3;
/// Credits and citations in each table; the API has all of them.
const SHOWN: usize = 40;

/// `/claims/{slug}`: roles, sources and citations both ways; all claims of that name.
#[component]
pub(crate) fn ClaimPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let slug = use_params_map().with_untracked(|map| map.get("slug"));
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let report = report::claim(&*site.store, &slug.ok_or(Error::ClaimNotFound)?).await?;
        Ok(content(&report, &visit, &form))
    })
}

fn content(report: &ClaimReport, visit: &Visit, form: &SentForm) -> AnyView {
    let title = report.claims.first().map_or(report.slug.clone(), |claim| claim.object.title.clone());
    let several = (report.claims.len() > 1).then(|| {
        let words = format!(
            "{} have this name, in different folders or repositories; links that name it lead to all of them. The first {NAMESAKES} are shown.",
            counted(report.claims.len() as i64, "claim")
        );
        view! { <p class="notice">{words}</p> }
    });
    let error = if form.is_refused() { "Error: " } else { "" };
    let subject = FlagSubject { kind: Flaggable::Claim, id: report.slug.clone() };
    view! {
        <PageTitle text=format!("{error}Claim: {title}")/>
        {flag_summary(form)}
        {flag_done(visit)}
        <header class="head">
            <div>
                <Crumbs above=vec![("Contributors".into(), "/contributors".into())] here=report.slug.clone()/>
                <h1>{title}</h1>
                <dl class="facts">
                    <div><dt>"Name"</dt><dd><Copyable text=report.slug.clone() what="name of the claim"/></dd></div>
                    <div><dt>"In links"</dt><dd><Copyable text=format!("claim:{}", report.slug) what="reference"/></dd></div>
                </dl>
            </div>
            <p class="actions"><a class="button primary" href=trace_page(KnowledgeKind::Claim, &report.slug)>"Trace to sources"</a></p>
        </header>
        <div class="stack">
            {several}
            {report.claims.iter().take(NAMESAKES).enumerate().map(|(at, claim)| entry(claim, at, report.claims.len())).collect::<Vec<_>>()}
        </div>
        {flag_form(&subject, &claim_page(&report.slug), visit, form)}
    }
    .into_any()
}

/// One claim of the name.
fn entry(claim: &ClaimEntry, at: usize, of: usize) -> AnyView {
    let object = &claim.object;
    let state = if claim.stands { "stands" } else { "was removed" };
    let fact = |label: &'static str, value: Option<String>| {
        value.map(|value| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
    };
    let sources = object
        .sources
        .iter()
        .take(SHOWN)
        .map(|source| view! { <li>{source.clone()}</li> })
        .collect::<Vec<_>>();
    let sources = if sources.is_empty() {
        view! { <p class="sub">"It names no source."</p> }.into_any()
    } else {
        view! { <ul>{sources}</ul> }.into_any()
    };
    let heading = match of {
        1 => view! { <h2 class="vh">"The claim"</h2> }.into_any(),
        _ => view! { <h2>{object.path.clone()}</h2> }.into_any(),
    };
    let id = |name: &str| format!("{name}-{at}");
    let credits = if claim.credits.is_empty() {
        view! { <p class="sub">"Nobody is credited for it yet."</p> }.into_any()
    } else {
        credits_table(&id("credits"), &claim.credits[..claim.credits.len().min(SHOWN)])
    };
    let more = claim.cited_by_more.then_some("; more in the API");
    view! {
        <section class="stack" aria-label=object.path.clone()>
            {heading}
            <dl class="facts">
                <div><dt>"State"</dt><dd>{state}</dd></div>
                {fact("Domain", object.domain.clone())}
                {fact("Confidence", object.confidence.clone())}
                {fact("Status", object.status.clone())}
                <div><dt>"File"</dt><dd>{object.repository.clone()}": "<code>{object.path.clone()}</code></dd></div>
                <div><dt>"Added"</dt><dd><a href=unit_page(&object.added_by)>"change that added it"</a></dd></div>
                <div><dt>"Last touched"</dt><dd><a href=unit_page(&object.touched_by)>"newest change"</a></dd></div>
            </dl>
            <div><h3>"Sources"</h3>{sources}</div>
            <div><h3>"Who made it"</h3>{credits}</div>
            <div class="split">
                <div>
                    <h3>{format!("Names {}", claim.cites.len())}</h3>
                    {citations(&id("cites"), "What it stands on", &claim.cites, true)}
                </div>
                <div>
                    <h3>{format!("Named by {}", claim.cited_by.len())}{more}</h3>
                    {citations(&id("cited"), "What stands on it or against it", &claim.cited_by, false)}
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Citations in one direction: down to what is named, or up to what names.
fn citations(id: &str, caption: &'static str, edges: &[CitationEdge], down: bool) -> AnyView {
    if edges.is_empty() {
        return view! { <p class="sub">"None."</p> }.into_any();
    }
    let row = |edge: &CitationEdge| {
        let other = if down {
            edge.to_kind.map(|kind| {
                (kind, edge.to_slug.clone(), edge.to_title.clone().unwrap_or_else(|| edge.to_slug.clone()))
            })
        } else {
            Some((edge.from_kind, edge.from_slug.clone(), edge.from_title.clone()))
        };
        let named = match other {
            Some((KnowledgeKind::Claim, slug, title)) => {
                view! { <a class="cell-main" href=claim_page(&slug)>{title}</a> }.into_any()
            }
            Some((kind, slug, title)) => view! {
                <a class="cell-main" href=trace_page(kind, &slug)>{title}</a><span class="cell-sub">{kind_label(kind)}</span>
            }
            .into_any(),
            None => view! { {edge.to_slug.clone()}" "<span class="tag">"leads nowhere"</span> }.into_any(),
        };
        view! { <tr><th scope="row">{named}</th><td>{edge.kind.name().replace('_', " ")}</td></tr> }
    };
    let rest = edges.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| format!("; {rest} more in the API"));
    table_region(
        id,
        view! { {caption}{rest} },
        view! {
            <thead><tr><th scope="col">"Piece"</th><th scope="col">"How"</th></tr></thead>
            <tbody>{edges.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}
