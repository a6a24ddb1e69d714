//! One merged change: what it touched, what it earned, and what can be said against it.

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::field::Line;
use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::scroll::table_region;
use crate::components::time::Time;
use crate::components::title::PageTitle;
use crate::components::trace_picture::{kind_label, trace_page};
use crate::components::url::{address, contributor_page};
use crate::context::{SentForm, Visit};
use crate::pages::contributor_credits::outcome_lines;
use crate::pages::contributor_parts::{provenance_label, short, shown_title, unit_page};
use crate::pages::flag_form::{flag_done, flag_form, flag_summary, reason_field};
use crate::pages::{load, site, visit};
use crate::shared::chip::stage_chip;
use crate::shared::number::{count, counted, fixed, percent, whole};
use domain::contribution::{ChangeKind, Credit, MergeKind, PathChange, UnitClass};
use domain::error::Error;
use domain::governance::{FlagSubject, Flaggable};
use domain::id::UnitId;
use domain::money::Weight;
use domain::report::{self, TouchedPiece, UnitReport};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Paths and pieces in the tables; the API has more of them.
const SHOWN: usize = 100;

/// `/units/{id}`: a merged change whole, with forms to flag it, to roll it back, and to file a link from it.
#[component]
pub(crate) fn UnitPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let id = use_params_map().with_untracked(|map| map.get("id"));
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        let id: UnitId = id.and_then(|id| id.parse().ok()).ok_or(Error::UnitNotFound)?;
        Ok(content(&report::contribution_unit(&*site.store, id).await?, &visit, &form))
    })
}

/// What a change is, in a word.
pub(crate) const fn class_label(class: UnitClass) -> &'static str {
    match class {
        UnitClass::Knowledge => "Knowledge",
        UnitClass::Pipeline => "Pipeline",
        UnitClass::Other => "Other",
    }
}

fn content(report: &UnitReport, visit: &Visit, form: &SentForm) -> AnyView {
    let card = &report.card;
    let own = unit_page(&card.id);
    let error = if form.is_refused() { "Error: " } else { "" };
    let live = (!form.is_refused())
        .then(|| view! { <Live address=own.clone() actions=&["edit_contributor", "import_history", "cast_veto", "undo_veto"]/> });
    let subject = FlagSubject { kind: Flaggable::Unit, id: card.id.to_string() };
    view! {
        <PageTitle text=format!("{error}{}", card.title)/>
        {flag_summary(form)}
        {flag_done(visit)}
        {vetoed(visit)}
        {header(report, live.into_any())}
        <div class="stack" data-live="">
            {ended(report)}
            {reverts_a_part(report)}
            <Figures list=figures(report)/>
            {credits(report)}
            {pieces(report)}
            {paths(report)}
        </div>
        {flag_form(&subject, &own, visit, form)}
        {card.ended_at.is_none().then(|| veto_form(&card.id, visit, form))}
    }
    .into_any()
}

fn vetoed(visit: &Visit) -> Option<AnyView> {
    (visit.done.as_deref() == Some("vetoed")).then(|| {
        view! {
            <div class="notice ok" role="status">
                <p>"Rolled back: its credits stop counting from now on. It is on record under "<a href="/governance#vetoes">"governance"</a>", where it can be undone."</p>
            </div>
        }
        .into_any()
    })
}

fn header(report: &UnitReport, live: AnyView) -> AnyView {
    let card = &report.card;
    let number = card.number.map(|number| {
        let forge = card.forge.clone().map(|forge| format!(" on {forge}"));
        view! { <div><dt>"Pull request"</dt><dd>{format!("#{number}")}{forge}</dd></div> }
    });
    let proposer = card.proposer.clone().map(|handle| {
        view! { <div><dt>"Proposed by"</dt><dd><a href=contributor_page(&handle)>{handle.clone()}</a></dd></div> }
    });
    let kind = match card.kind {
        MergeKind::Merge => "merge commit",
        MergeKind::Squash => "squashed pull request",
        MergeKind::Direct => "direct commit",
    };
    let branch = report
        .branch
        .clone()
        .map(|branch| view! { <div><dt>"Branch"</dt><dd><code>{branch}</code></dd></div> });
    let link = address("/links/new", &[("unit", &card.id.to_string())]);
    view! {
        <header class="head">
            <div>
                <Crumbs above=vec![("Contributors".into(), "/contributors".into())] here=short(&card.sha)/>
                <h1>{shown_title(&card.title)}</h1>
                <dl class="facts">
                    <div><dt>"Commit"</dt><dd><Copyable text=card.sha.clone() what="commit"/></dd></div>
                    <div><dt>"Repository"</dt><dd>{card.repository.clone()}</dd></div>
                    {number}
                    {proposer}
                    <div><dt>"Merged"</dt><dd><Time at=card.merged_at/>", by "{report.merger.clone()}</dd></div>
                    <div><dt>"As"</dt><dd>{kind}</dd></div>
                    {branch}
                    <div><dt>"Id"</dt><dd><Copyable text=card.id.to_string() what="id"/></dd></div>
                </dl>
            </div>
            <div>
                {live}
                <p class="actions"><a class="button primary slim" href=link>"Create a link from this change"</a></p>
            </div>
        </header>
    }
    .into_any()
}

/// Since when its credits count nothing, and by what: a revert, a veto, or both.
fn ended(report: &UnitReport) -> Option<AnyView> {
    let at = report.card.ended_at?;
    let revert = report
        .card
        .reverted_by
        .map(|unit| view! { <p>"It was reverted by "<a href=unit_page(&unit)>"a later change"</a>"."</p> });
    let veto = report.veto.as_ref().map(|veto| {
        view! {
            <p>
                "It was rolled back by "<a href=contributor_page(&veto.contributor)>{veto.contributor.clone()}</a>", "
                <Time at=veto.created_at/>": "<span class="written">{veto.reason.clone()}</span>" "
                <a href="/governance#vetoes">"Vetoes, where this one can be undone"</a>
            </p>
        }
    });
    Some(
        view! {
            <div class="notice warn"><p>"Its credits count nothing since "<Time at=at/>"."</p>{revert}{veto}</div>
        }
        .into_any(),
    )
}

fn reverts_a_part(report: &UnitReport) -> Option<AnyView> {
    let merges: Vec<String> = report.reverts_parts_of.iter().map(|sha| short(sha)).collect();
    (!merges.is_empty()).then(|| {
        let merges = merges.join(", ");
        view! { <p class="sub">{format!("It reverts a part of {merges}, whose credits go on counting.")}</p> }
            .into_any()
    })
}

fn figures(report: &UnitReport) -> Vec<Figure> {
    let card = &report.card;
    let lines =
        if card.lines_partial { "added and removed; not all lines counted" } else { "added and removed" };
    let counted_credits: Vec<&Credit> =
        report.credits.iter().filter(|credit| credit.counted && credit.ended_at.is_none()).collect();
    let weight: i64 = counted_credits.iter().map(|credit| credit.weight.micros()).sum();
    let class = match card.class {
        UnitClass::Knowledge => "it touches knowledge",
        UnitClass::Pipeline => "keeps things running; earns nothing",
        UnitClass::Other => "neither knowledge nor pipeline; earns nothing",
    };
    vec![
        Figure::new("Class", class_label(card.class).to_owned(), "#paths", class),
        Figure::new(
            "CI earned",
            fixed(Weight::from_micros(weight), 2),
            "#credits",
            counted(counted_credits.len() as i64, "credit"),
        ),
        Figure::new("Files", count(card.files), "#paths", "touched"),
        Figure::new(
            "Lines",
            format!("+{} −{}", count(card.lines_added), count(card.lines_removed)),
            "#paths",
            lines,
        ),
        Figure::new("Pieces", count(report.piece_count), "#pieces", "of knowledge touched"),
    ]
}

fn credits(report: &UnitReport) -> AnyView {
    let row = |credit: &Credit| {
        let named = (credit.named_as != credit.contributor).then(|| format!("as {}", credit.named_as));
        let principal = credit.principal.clone().map(|principal| format!("for {principal}"));
        let words = named.into_iter().chain(principal).collect::<Vec<_>>().join(", ");
        let counts = match (credit.ended_at.is_some(), credit.counted) {
            (true, _) => view! { <span class="tag">"ended"</span> }.into_any(),
            (false, true) => view! {
                {fixed(credit.weight, 2)}
                <span class="cell-sub">{format!("× {}", whole(credit.outcome, 1))}</span>
            }
            .into_any(),
            (false, false) => view! { <span class="tag">"says for what"</span> }.into_any(),
        };
        let became = report.outcomes.iter().find(|it| {
            (it.role, &it.contributor) == (credit.role, &credit.contributor)
                && (it.claim.is_none() || it.claim == credit.claim)
        });
        let became = became.filter(|_| credit.counted).map(|it| outcome_lines(&it.outcome));
        view! {
            <tr>
                <td>{stage_chip(credit.role)}</td>
                <th scope="row">
                    <a class="cell-main" href=contributor_page(&credit.contributor)>{credit.contributor.clone()}</a>
                    {(!words.is_empty()).then(|| view! { <span class="cell-sub">{words}</span> })}
                    {became}
                </th>
                <td class="wordy wide-only">{credit.claim.clone()}</td>
                <td>{provenance_label(credit.provenance)}<span class="cell-sub">{format!("{} % sure", percent(credit.confidence, 0))}</span></td>
                <td class="num">{counts}</td>
            </tr>
        }
    };
    let content = if report.credits.is_empty() {
        let why = match report.card.class {
            UnitClass::Knowledge => "Nobody is credited: no rule of the policy finds a role in it.",
            UnitClass::Pipeline | UnitClass::Other => "It earns nothing: it touches no knowledge.",
        };
        view! { <p class="sub">{why}</p> }.into_any()
    } else {
        table_region(
            "credits-cap",
            "By role; a role counts once in a change, and the other rows say for what. In v2 the weight is taken times what became of the work",
            view! {
                <thead>
                    <tr>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Contributor"</th>
                        <th scope="col" class="wide-only">"For"</th>
                        <th scope="col">"Known by"</th>
                        <th scope="col" class="num">"Weight"</th>
                    </tr>
                </thead>
                <tbody>{report.credits.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
            },
        )
    };
    view! { <section id="credits" aria-labelledby="credits-h"><h2 id="credits-h">"Credits"</h2>{content}</section> }.into_any()
}

const fn change_word(change: ChangeKind) -> &'static str {
    match change {
        ChangeKind::Added => "added",
        ChangeKind::Changed => "changed",
        ChangeKind::Removed => "removed",
    }
}

fn pieces(report: &UnitReport) -> Option<AnyView> {
    let row = |piece: &TouchedPiece| {
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=trace_page(piece.kind, &piece.slug)>{piece.title.clone()}</a>
                    <span class="cell-sub">{piece.path.clone()}</span>
                </th>
                <td>{kind_label(piece.kind)}</td>
                <td>{change_word(piece.change)}</td>
            </tr>
        }
    };
    let rest = report.piece_count - report.pieces.len().min(SHOWN) as i64;
    let rest = (rest > 0).then(|| format!("; {} more in the API", count(rest)));
    (!report.pieces.is_empty()).then(|| {
        view! {
            <section id="pieces" aria-labelledby="pieces-h">
                <h2 id="pieces-h">"Pieces of knowledge"</h2>
                {table_region(
                    "pieces-cap",
                    view! { "By path"{rest} },
                    view! {
                        <thead><tr><th scope="col">"Piece"</th><th scope="col">"Kind"</th><th scope="col">"Change"</th></tr></thead>
                        <tbody>{report.pieces.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
                    },
                )}
            </section>
        }
        .into_any()
    })
}

fn paths(report: &UnitReport) -> AnyView {
    let row = |path: &PathChange| {
        view! { <tr><th scope="row" class="wordy"><code>{path.path.clone()}</code></th><td>{change_word(path.change)}</td></tr> }
    };
    let rest = report.card.files - report.paths.len().min(SHOWN) as i64;
    let rest = (rest > 0).then(|| format!("; {} more in the API", count(rest)));
    let table = view! {
        <table>
            <caption>"Against the first parent, by path"{rest}</caption>
            <thead><tr><th scope="col">"Path"</th><th scope="col">"Change"</th></tr></thead>
            <tbody>{report.paths.iter().take(SHOWN).map(row).collect::<Vec<_>>()}</tbody>
        </table>
    };
    view! {
        <section id="paths" aria-labelledby="paths-h">
            <h2 id="paths-h">"Files"</h2>
            {crate::components::scroll::twin("Files it touches", table)}
        </section>
    }
    .into_any()
}

/// Rolls the change back. It blocks nothing: it undoes what was credited.
fn veto_form(unit: &UnitId, visit: &Visit, form: &SentForm) -> AnyView {
    if crate::components::notice::must_sign_in() {
        return ().into_any();
    }
    let acting = form.typed("act") == Some("veto");
    // The form that flags has the same fields; what is refused is found by the plain ids.
    let own = if acting { "" } else { "veto" };
    let plain = SentForm::default();
    let form = if acting { form } else { &plain };
    let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
    view! {
        <details class="twin" id="veto" open=acting>
            <summary>"Roll back: its credits stop counting"</summary>
            <p class="sub">"A veto never blocks: it rolls back what was merged, from now on, with its reason. It can be undone."</p>
            <form class="form panel" method="post" action="/governance/vetoes" aria-label="Roll this change back">
                <input type="hidden" name="request_key" value=key/>
                <input type="hidden" name="act" value="veto"/>
                <input type="hidden" name="unit" value=unit.to_string()/>
                <div class="fields">
                    {Line::new("contributor", "Rolled back by").required().hint("The handle of a person with governance CI.").of(own).show(form)}
                </div>
                {reason_field(form, "Why", own)}
                <div class="actions"><button class="button" type="submit">"Roll back"</button></div>
            </form>
        </details>
    }
    .into_any()
}
