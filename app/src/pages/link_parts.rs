//! The parts of a link's page: its head, its figures and its investments.

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::figures::Figure;
use crate::components::scroll::{cell_name, table_region};
use crate::components::time::Time;
use crate::components::url::{idea_page, spec_page};
use crate::context::Visit;
use crate::pages::overview::roi_figure;
use crate::shared::chip::stage_chip;
use crate::shared::number::{amount, count, counted, fixed, places_of, whole};
use domain::link::{LineageLink, LinkTotals};
use domain::money::{Energy, Score};
use domain::payout::{PayoutPreview, rows};
use domain::policy::Policy;
use domain::report::LinkReport;
use domain::stage::Stage;
use leptos::prelude::*;

/// Implementation refs in the head of the page.
const SHOWN_REFS: usize = 12;
/// Places of an energy in the table; the API has all of them.
const MOST_PLACES: u32 = 3;
/// Investments in the table.
const SHOWN_INVESTMENTS: usize = 100;

/// A word about what was just done: `filed` on top of the page, `appended` where the events are.
pub(crate) fn done(visit: &Visit, what: &str, totals: &LinkTotals) -> AnyView {
    let words = match visit.done.as_deref() {
        Some("filed") if what == "filed" => view! {
            <p>"Link filed. Append events as its value is measured, or preview a payout."</p>
        }
        .into_any(),
        Some("appended") if what == "appended" => view! {
            <p>"Event appended. Measured value is now "<b>{amount(totals.measured_value_total)}</b>"."</p>
        }
        .into_any(),
        _ => return ().into_any(),
    };
    view! { <div class="notice ok" role="status">{words}</div> }.into_any()
}

/// What the link binds.
pub(crate) fn header(link: &LineageLink) -> AnyView {
    let (id, name) = (link.id.to_string(), link.idea_id.clone());
    view! {
        <header class="head">
            <div>
                <Crumbs above=vec![("Links".into(), "/links".into())] here=name.clone()/>
                <h1>{name}</h1>
                <dl class="facts">
                    <div><dt>"Idea"</dt><dd><a href=idea_page(&link.idea_id)>{link.idea_id.clone()}</a></dd></div>
                    <div><dt>"Spec"</dt><dd><a href=spec_page(&link.spec_id)>{link.spec_id.clone()}</a></dd></div>
                    {references(&link.implementation_refs)}
                    <div><dt>"Filed"</dt><dd><Time at=link.created_at/></dd></div>
                    <div><dt>"Id"</dt><dd><Copyable text=id.clone() what="id"/></dd></div>
                </dl>
            </div>
            <div class="actions">
                <a class="button primary" href=format!("/links/{id}/payout")>"Preview payout"</a>
            </div>
        </header>
    }
    .into_any()
}

/// Implementation refs; those that are addresses lead there.
fn references(refs: &[String]) -> AnyView {
    if refs.is_empty() {
        return ().into_any();
    }
    let shown = refs.iter().take(SHOWN_REFS).map(|text| {
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        let code = view! { <code>{text.clone()}</code> };
        if is_address {
            view! { <a href=text.clone() rel="nofollow noreferrer">{code}</a>" " }.into_any()
        } else {
            view! { {code}" " }.into_any()
        }
    });
    let left = refs.len().saturating_sub(SHOWN_REFS);
    let more = (left > 0).then(|| format!("and {left} more"));
    view! { <div><dt>"Refs"</dt><dd>{shown.collect::<Vec<_>>()}{more}</dd></div> }.into_any()
}

/// The link in figures.
pub(crate) fn figures(report: &LinkReport, shares: &PayoutPreview) -> Vec<Figure> {
    let (link, totals) = (&report.record.link, &report.record.totals);
    let energy = |implied: bool| {
        let rows = shares.payouts.iter().filter(|row| row.explanation.implied == implied);
        Energy::from_micros(rows.map(|row| row.energy_units.micros()).sum())
    };
    let (invested, implied) = (energy(false), energy(true));
    let all = Energy::from_micros(invested.micros() + implied.micros());
    let events = Figure::new("Events", count(totals.event_count), "#events", "none yet");
    let last = report.days.last().map(|day| day.day);
    vec![
        Figure::new(
            "Measured value",
            amount(totals.measured_value_total),
            "#events",
            format!("from {}", counted(totals.event_count, "event")),
        ),
        Figure::new("Estimated cost", amount(link.estimated_cost), "#investments", "as filed"),
        roi_figure(totals.measured_value_total, link.estimated_cost, "#value"),
        Figure::new(
            "Energy",
            whole(all, 1),
            "#investments",
            format!("{} invested, {} implied", whole(invested, 1), whole(implied, 1)),
        ),
        match last {
            Some(day) => events.noting(view! { "last "<crate::components::time::Day day=day/> }),
            None => events,
        },
    ]
}

/// A row of the table: what was filed, or what the policy takes somebody who is only named to have put in.
struct Line {
    stage: Stage,
    contributor: String,
    implied: bool,
    energy: Energy,
    scores: [Score; 3],
}

fn lines(policy: &Policy, link: &LineageLink) -> Vec<Line> {
    let filed = link.investments.iter().map(|investment| Line {
        stage: investment.stage,
        contributor: investment.contributor.clone(),
        implied: false,
        energy: investment.energy_units,
        scores: [investment.coherence_score, investment.awareness_score, investment.friction_score],
    });
    // A row keeps its scores to twelve places.
    let score = |parts: i128| Score::from_micros(i64::try_from(parts / 1_000_000).unwrap_or(0));
    let implied = rows(policy, link).into_iter().filter(|row| row.implied).map(|row| Line {
        stage: row.stage,
        contributor: row.contributor,
        implied: true,
        energy: row.energy,
        scores: [score(row.coherence), score(row.awareness), score(row.friction)],
    });
    let mut lines: Vec<Line> = filed.chain(implied).collect();
    lines.sort_by_key(|line| line.stage);
    lines
}

/// Who put what into which stage.
pub(crate) fn investments(policy: &Policy, link: &LineageLink) -> AnyView {
    let lines = lines(policy, link);
    if lines.is_empty() {
        return view! { <p class="sub">"Nobody is named and nothing is invested, so a payout would have no rows."</p> }
            .into_any();
    }
    let energies = places_of(lines.iter().map(|line| line.energy), 1).min(MOST_PLACES);
    let scores = places_of(lines.iter().flat_map(|line| line.scores), 2);
    let total = Energy::from_micros(lines.iter().map(|line| line.energy.micros()).sum());
    let caption = match lines.len() {
        0..=SHOWN_INVESTMENTS => "Energy in units; scores from 0 to 1.".to_owned(),
        all => format!("Energy in units; scores from 0 to 1. The first {SHOWN_INVESTMENTS} of {all}."),
    };
    let row = |line: &Line| row(line, energies, scores);
    table_region(
        "investments-cap",
        caption,
        view! {
            <thead>
                <tr>
                    <th scope="col">"Stage"</th>
                    <th scope="col">"Contributor"</th>
                    <th scope="col" class="num">"Energy"</th>
                    <th scope="col" class="num">"Coherence"</th>
                    <th scope="col" class="num">"Awareness"</th>
                    <th scope="col" class="num">"Friction"</th>
                </tr>
            </thead>
            <tbody>{lines.iter().take(SHOWN_INVESTMENTS).map(row).collect::<Vec<_>>()}</tbody>
            <tfoot>
                <tr>
                    <th scope="row" colspan="2">"Total"</th>
                    <td class="num">{fixed(total, energies)}</td>
                    <td></td><td></td><td></td>
                </tr>
            </tfoot>
        },
    )
}

fn row(line: &Line, energies: u32, scores: u32) -> AnyView {
    let implied = line.implied.then(|| view! { " "<span class="tag implied">"implied"</span> });
    let cells = line.scores.map(|score| view! { <td class="num">{fixed(score, scores)}</td> });
    view! {
        <tr>
            <th scope="row">{stage_chip(line.stage)}</th>
            <td>{cell_name(&line.contributor)}{implied}</td>
            <td class="num">{fixed(line.energy, energies)}</td>
            {cells.into_iter().collect::<Vec<_>>()}
        </tr>
    }
    .into_any()
}
