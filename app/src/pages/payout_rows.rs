//! The rows of a payout, and why each is what it is.

use crate::components::bar::bar;
use crate::components::chain_shape::width;
use crate::components::scroll::{cell_name, table_region};
use crate::components::waterfall::{Ground, Why};
use crate::pages::payout_request::{Asked, preview_address};
use crate::shared::chip::{class, stage_chip};
use crate::shared::number::{counted, fixed, percent, places_of};
use crate::shared::order::largest_first;
use domain::id::LinkId;
use domain::money::{Energy, Factor};
use domain::payout::{PayoutPolicy, PayoutPreview, PayoutRequest, PayoutRow};
use leptos::prelude::*;

/// Rows of the table; the API has all of them.
const SHOWN: usize = 30;
/// How wide a name is that stays on a line with its mark, in tenths of an average character.
const NARROW: usize = 120;
/// Characters of energy and amount that fit where the explanations stand beside the rows.
const BESIDE: usize = 22;
/// Rows that are explained at once; others when asked.
const EXPLAINED: usize = 6;

/// The rows, largest first, beside their explanations.
pub(crate) fn rows(link: LinkId, asked: &Asked, request: &PayoutRequest, answer: &PayoutPreview) -> AnyView {
    let order = largest_first(answer);
    let why = asked.why().filter(|&place| place < order.len());
    let rows = || answer.payouts.iter();
    let energies = places_of(rows().map(|row| row.energy_units), 1);
    let energy = rows().map(|row| fixed(row.energy_units, energies).len()).max().unwrap_or(0);
    let long = energy + fixed(answer.payout_pool, request.pool.places()).len() > BESIDE;
    view! {
        <div class=if long { "split split-why stacked" } else { "split split-why" }>
            <section id="rows" aria-labelledby="rows-h">
                <h2 id="rows-h">"Rows"</h2>
                {table(link, request, answer, &order)}
            </section>
            <section aria-labelledby="why-h">
                <h2 id="why-h">"Why this amount"</h2>
                <p class="sub small">
                    {made_of(request.policy)}
                </p>
                {reasons(request, answer, &order, why)}
            </section>
        </div>
    }
    .into_any()
}

fn table(link: LinkId, request: &PayoutRequest, answer: &PayoutPreview, order: &[usize]) -> AnyView {
    let rows: Vec<&PayoutRow> = order.iter().map(|&at| &answer.payouts[at]).collect();
    let energies = places_of(rows.iter().map(|row| row.energy_units), 1);
    let most = rows.iter().map(|row| row.effective_weight.parts()).max().unwrap_or(1).max(1);
    let total = Energy::from_micros(rows.iter().map(|row| row.energy_units.micros()).sum());
    let share = Factor::from_parts(rows.iter().map(|row| row.effective_weight.parts()).sum());
    let places = request.pool.places();
    let shown = rows.iter().take(SHOWN).enumerate().map(|(place, row)| {
        let href = if place < EXPLAINED {
            format!("#why-{place}")
        } else {
            preview_address(link, request, &[("why", &place.to_string())]) + &format!("#why-{place}")
        };
        table_row(row, &href, places, energies, most)
    });
    let count = counted(i64::try_from(rows.len()).unwrap_or(i64::MAX), "row");
    let shown_part = if rows.len() > SHOWN { format!(", the {SHOWN} largest shown") } else { String::new() };
    table_region(
        "rows-cap",
        format!("{count}, largest first{shown_part}. Select an amount to see why."),
        view! {
            <thead>
                <tr>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Contributor"</th>
                    <th scope="col" class="num wide-only">{for_what(request.policy)}</th>
                    <th scope="col" class="cell-bar wide-only">"Weight"</th>
                    <th scope="col" class="num wide-only">"Share, %"</th>
                    <th scope="col" class="num">"Amount"</th>
                </tr>
            </thead>
            <tbody>{shown.collect::<Vec<_>>()}</tbody>
            <tfoot>
                <tr>
                    <th scope="row" colspan="2">"Total"</th>
                    <td class="num wide-only">{fixed(total, energies)}</td>
                    <td class="wide-only"></td>
                    <td class="num wide-only">{percent(share, 2)}</td>
                    <td class="num">{fixed(answer.payout_pool, places)}</td>
                </tr>
            </tfoot>
        },
    )
}

/// What a row is paid by.
const fn for_what(policy: &PayoutPolicy) -> &'static str {
    match policy {
        PayoutPolicy::Energy(_) => "Energy",
        PayoutPolicy::Index(_) => "Credits",
        PayoutPolicy::Cost(_) => "Cost",
    }
}

/// How a row's weight comes about.
const fn made_of(policy: &PayoutPolicy) -> &'static str {
    match policy {
        PayoutPolicy::Energy(_) => {
            "Five objectives make the score. Score, stage weight and energy make the weight."
        }
        PayoutPolicy::Index(_) => "Each credit weighs as much as its role.",
        PayoutPolicy::Cost(_) => "Each investment and change weighs its cost by its coherence.",
    }
}

fn table_row(row: &PayoutRow, href: &str, places: u32, energies: u32, most: i128) -> AnyView {
    let implied =
        row.explanation.implied.then(|| view! { " "<span class="tag implied wide-only">"implied"</span> });
    let part = row.effective_weight.parts() as f64 / most as f64;
    view! {
        <tr>
            <th scope="row">{stage_chip(row.role)}</th>
            <td class=(width(&row.contributor) <= NARROW).then_some("nowrap")>
                {cell_name(&row.contributor)}{implied}
            </td>
            <td class="num wide-only">{fixed(row.energy_units, energies)}</td>
            <td class="cell-bar wide-only">{bar(part, class(row.role))}</td>
            <td class="num wide-only">{percent(row.effective_weight, 2)}</td>
            <td class="num"><a href=href.to_owned()>{fixed(row.amount, places)}<span class="vh">": why?"</span></a></td>
        </tr>
    }
    .into_any()
}

fn reasons(request: &PayoutRequest, answer: &PayoutPreview, order: &[usize], why: Option<usize>) -> AnyView {
    let ground = Ground { pool: answer.payout_pool, places: request.pool.places(), policy: request.policy };
    let asked = why.filter(|&place| place >= EXPLAINED);
    let places = (0..order.len().min(EXPLAINED)).chain(asked);
    let open = why.unwrap_or(0);
    let reasons = places.map(|place| {
        let row = answer.payouts[order[place]].clone();
        view! { <Why row=row ground=ground id=format!("why-{place}") open=place == open/> }
    });
    let more = (order.len() > EXPLAINED).then(|| {
        view! { <p class="sub small">"The largest rows are explained here; select another amount to add its row."</p> }
    });
    view! { <div>{reasons.collect::<Vec<_>>()}</div>{more} }.into_any()
}
