//! On what does it stand, and who made each part?

use crate::components::crumbs::Crumbs;
use crate::components::scroll::table_region;
use crate::components::title::PageTitle;
use crate::components::trace_picture::{kind_label, trace_page, trace_picture};
use crate::components::url::{address, claim_page, contributor_page};
use crate::pages::{load, parameters, site};
use crate::shared::chip::{letters, stage_chip};
use crate::shared::number::{count, counted};
use domain::contribution::{KnowledgeKind, Role};
use domain::error::Error;
use domain::page::Parameters;
use domain::report::{self, DEFAULT_DEPTH, MAX_DEPTH, TraceContributor, TracePiece, TraceReport, TraceStep};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Pieces and contributors in the tables; the API has all of them.
const SHOWN: usize = 40;

/// `/trace/{kind}/{slug}`: from a position through beliefs and claims to sources, and everybody on the way.
#[component]
pub(crate) fn TracePage() -> impl IntoView {
    let site = site();
    let named = use_params_map().with_untracked(|map| (map.get("kind"), map.get("slug")));
    let sent = parameters(&["depth"]);
    load(async move {
        let kind = named
            .0
            .as_deref()
            .and_then(KnowledgeKind::named)
            .ok_or(Error::KnowledgeNotFound("piece of knowledge"))?;
        let slug = named.1.ok_or(Error::KnowledgeNotFound(kind.name()))?;
        let depth = report::read_depth(&Parameters(&sent))?;
        Ok(content(&report::trace(&*site.store, kind, &slug, depth).await?))
    })
}

fn content(report: &TraceReport) -> AnyView {
    let title = report.pieces.first().map_or(report.slug.clone(), |piece| piece.object.title.clone());
    let label = kind_label(report.kind);
    let claim = (report.kind == KnowledgeKind::Claim)
        .then(|| view! { <p class="actions"><a class="button slim" href=claim_page(&report.slug)>"Open claim"</a></p> });
    let cut = report.cut.clone().map(|cut| view! { <p class="notice">{cut}</p> });
    view! {
        <PageTitle text=format!("{label}: {title}")/>
        <header class="head">
            <div>
                <Crumbs above=vec![("Contributors".into(), "/contributors".into())] here=report.slug.clone()/>
                <h1>{title}</h1>
                <p class="sub">
                    {format!(
                        "{label}. It stands on {} within {}, made by {}.",
                        counted(report.pieces.len() as i64 - 1, "piece"),
                        counted(report.depth, "step"),
                        counted(report.contributors.len() as i64, "contributor")
                    )}
                </p>
            </div>
            {claim}
        </header>
        <div class="stack">
            {cut}
            {depth_form(report)}
            <section aria-labelledby="chain-h">
                <h2 id="chain-h">"The chain"</h2>
                {trace_picture(report)}
                {steps(&report.steps)}
            </section>
            {people(&report.contributors)}
            {pieces(&report.pieces)}
        </div>
    }
    .into_any()
}

fn depth_form(report: &TraceReport) -> AnyView {
    let own = trace_page(report.kind, &report.slug);
    let depth = |depth: i64| {
        let text = if depth == DEFAULT_DEPTH { String::new() } else { depth.to_string() };
        let current = (depth == report.depth).then_some("true");
        view! { <li><a href=address(&own, &[("depth", &text)]) aria-current=current>{counted(depth, "step")}</a></li> }
    };
    let depths = [1, 2, DEFAULT_DEPTH, MAX_DEPTH].map(depth);
    view! {
        <nav aria-label="Depth"><ul class="tabs" role="list">{depths.into_iter().collect::<Vec<_>>()}</ul></nav>
    }
    .into_any()
}

/// Every step as a table, broken links too.
fn steps(steps: &[TraceStep]) -> AnyView {
    let row = |step: &TraceStep| {
        let to = match &step.to_path {
            Some(path) => view! { {path.clone()} }.into_any(),
            None => view! { {step.to_slug.clone()}" "<span class="tag">"leads nowhere"</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row" class="wordy">{step.from_path.clone()}</th>
                <td>{step.kind.name().replace('_', " ")}</td>
                <td class="wordy">{to}</td>
            </tr>
        }
    };
    let rest = steps.len().saturating_sub(SHOWN);
    let rest = (rest > 0).then(|| format!("; {} more in the API", count(rest as i64)));
    let table = view! {
        <table>
            <caption>"What names what, by path"{rest}</caption>
            <thead><tr><th scope="col">"From"</th><th scope="col">"How"</th><th scope="col">"To"</th></tr></thead>
            <tbody>{steps.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
        </table>
    };
    crate::components::scroll::twin("The steps as a table", table)
}

fn people(contributors: &[TraceContributor]) -> AnyView {
    let row = |of: &TraceContributor| {
        let cell = |role: Role| {
            let pieces = *of.pieces.get(role);
            view! { <td class="num">{(pieces > 0).then(|| count(pieces))}</td> }
        };
        view! {
            <tr>
                <th scope="row"><a class="cell-main" href=contributor_page(&of.contributor)>{of.contributor.clone()}</a></th>
                {Role::ALL.map(cell).into_iter().collect::<Vec<_>>()}
            </tr>
        }
    };
    let head = |role: Role| view! { <th scope="col" class="num"><abbr title=role.label()>{letters(role)}</abbr></th> };
    let content = if contributors.is_empty() {
        view! { <p class="sub">"No credit is known for any piece of it."</p> }.into_any()
    } else {
        table_region(
            "people-cap",
            "In how many pieces each played which role; those in the most first",
            view! {
                <thead>
                    <tr>
                        <th scope="col">"Contributor"</th>
                        {Role::ALL.map(head).into_iter().collect::<Vec<_>>()}
                    </tr>
                </thead>
                <tbody>{contributors.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
            },
        )
    };
    view! {
        <section id="people" aria-labelledby="people-h">
            <h2 id="people-h">"Everybody on the way"</h2>
            {content}
        </section>
    }
    .into_any()
}

fn pieces(pieces: &[TracePiece]) -> AnyView {
    let row = |piece: &TracePiece| {
        let object = &piece.object;
        let mut seen = Vec::new();
        for credit in piece.credits.iter().filter(|credit| !credit.ended) {
            if !seen.contains(&(credit.role, credit.contributor.clone())) {
                seen.push((credit.role, credit.contributor.clone()));
            }
        }
        let credits = seen.into_iter().map(|(role, contributor)| {
            view! { <li>{stage_chip(role)}" "<a href=contributor_page(&contributor)>{contributor.clone()}</a></li> }
        });
        let gone = object.removed_by.is_some().then(|| view! { " "<span class="tag">"removed"</span> });
        view! {
            <tr>
                <td class="num">{count(piece.distance)}</td>
                <th scope="row">
                    <a class="cell-main" href=trace_page(object.kind, &object.slug)>{object.title.clone()}</a>
                    <span class="cell-sub">{kind_label(object.kind)}" · "{object.path.clone()}{gone}</span>
                </th>
                <td class="wide-only">{object.confidence.clone()}</td>
                <td><ul class="plain" role="list">{credits.collect::<Vec<_>>()}</ul></td>
            </tr>
        }
    };
    let rest = pieces.len().saturating_sub(SHOWN);
    let caption = match rest {
        0 => "Every piece, by steps from the beginning".to_owned(),
        rest => format!("By steps from the beginning; {} more in the API", count(rest as i64)),
    };
    view! {
        <section id="pieces" aria-labelledby="pieces-h">
            <h2 id="pieces-h">"Pieces"</h2>
            {table_region(
                "pieces-cap",
                caption,
                view! {
                    <thead>
                        <tr>
                            <th scope="col" class="num">"Steps"</th>
                            <th scope="col">"Piece"</th>
                            <th scope="col" class="wide-only">"Confidence"</th>
                            <th scope="col">"Made by"</th>
                        </tr>
                    </thead>
                    <tbody>{pieces.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
                },
            )}
        </section>
    }
    .into_any()
}
