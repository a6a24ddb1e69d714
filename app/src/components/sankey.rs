//! How a pool flows through the stages to people.

use crate::components::chain_shape::{cut, width};
use crate::components::chart_shape::rounded;
use crate::components::sankey_shape::{Flow, Node};
use crate::shared::chip::class;
use crate::shared::number::{amount, fixed, percent};
use domain::decimal::divide_half_even;
use domain::money::{Amount, Factor};
use domain::payout::{PaidFor, PayoutPreview};
use leptos::prelude::*;

/// How wide a person's name and amount may be beside their node, in tenths of an average character.
const LABEL_ROOM: usize = 215;
/// The same where a long amount is written smaller, and how wide such an amount is.
const SMALL_LABEL_ROOM: usize = 268;
const LONG_FIGURE: usize = 130;
/// How wide a tenth of an average character of a stage's label is.
const STAGE_TENTH: f64 = 0.82;

/// The flow of a pool; nothing where nobody is paid.
#[component]
pub(crate) fn Sankey(
    /// What is shared.
    preview: PayoutPreview,
    /// The places of the pool's resolution.
    places: u32,
) -> impl IntoView {
    let flow = Flow::of(&preview)?;
    let pool = preview.payout_pool;
    let (y, label_y) = (rounded(flow.pool_y), rounded(flow.pool_y - 7.0));
    let streams: Vec<_> = flow.ribbons.iter().zip(&flow.stages).map(stream).collect();
    let stages: Vec<_> = flow.stages.iter().map(|stage| stage_label(stage, pool)).collect();
    let people: Vec<_> = flow.people.iter().map(|person| person_node(person, places)).collect();
    Some(view! {
        <div class="sankey">
            <svg
                class="sankey-svg" viewBox=format!("0 0 960 {}", rounded(flow.height))
                role="img" aria-labelledby="sankey-title sankey-words"
            >
                <title id="sankey-title">
                    {format!("How a pool of {} flows through the stages to people", amount(pool))}
                </title>
                <desc id="sankey-words">{words(&preview, places)}</desc>
                {streams}
                <rect class="node" x="0" y=y width="10" height=rounded(Flow::POOL)></rect>
                <text class="t-stage" x="0" y=label_y>"Pool "<tspan class="t-amount">{amount(pool)}</tspan></text>
                {stages}
                {people}
            </svg>
            {pool_bar(&flow, pool)}
        </div>
    })
}

fn stream(((stage, shapes), node): (&(PaidFor, Vec<String>), &Node<PaidFor>)) -> impl IntoView + use<> {
    let ribbons = shapes.iter().map(|shape| view! { <path class="ribbon" d=shape.clone()></path> });
    view! {
        <g class=class(*stage)>
            {ribbons.collect::<Vec<_>>()}
            <rect class="node" x="340" y=rounded(node.y) width="10" height=rounded(node.height)></rect>
        </g>
    }
}

/// A stage's name and share over its node, on a plate: ribbons pass behind it.
fn stage_label(stage: &Node<PaidFor>, pool: Amount) -> impl IntoView + use<> {
    let (name, share) =
        (format!("{} ", stage.of.label()), format!("{} %", percent(part(stage.amount, pool), 1)));
    let wide = (width(&name) + figure_width(&share)) as f64 * STAGE_TENTH + 8.0;
    view! {
        <rect class="plate" x="336" y=rounded(stage.y - 21.0) width=rounded(wide) height="19" rx="3"></rect>
        <text class="t-stage" x="340" y=rounded(stage.y - 7.0)>
            {name}
            <tspan class="t-amount">{share}</tspan>
        </text>
    }
}

/// How wide a figure is, as names are measured: its points and commas are narrow.
fn figure_width(figure: &str) -> usize {
    figure.chars().map(|letter| if letter.is_ascii_punctuation() && letter != '%' { 5 } else { 10 }).sum()
}

/// A part of the pool, to twelve places.
fn part(amount: Amount, pool: Amount) -> Factor {
    let parts = i128::from(amount.micros()) * 1_000_000_000_000;
    Factor::from_parts(divide_half_even(parts, i128::from(pool.micros().max(1))))
}

fn person_node(person: &Node<String>, places: u32) -> impl IntoView + use<> {
    let figure = fixed(person.amount, places);
    let wide = figure_width(&figure);
    let (class, all) =
        if wide > LONG_FIGURE { ("t-who t-long", SMALL_LABEL_ROOM) } else { ("t-who", LABEL_ROOM) };
    let room = all.saturating_sub(wide);
    let short = cut(&person.of, room);
    let full = (short != person.of).then(|| view! { <title>{person.of.clone()}</title> });
    view! {
        <rect class="node" x="720" y=rounded(person.y) width="10" height=rounded(person.height)></rect>
        <text class=class x="742" y=rounded(person.y + person.height / 2.0 + 5.0)>
            {short}" "
            <tspan class="t-amount" font-weight="400">{figure}</tspan>
            {full}
        </text>
    }
}

/// Where there is no room for the picture: the pool, cut into stages.
fn pool_bar(flow: &Flow, pool: Amount) -> impl IntoView + use<> {
    let mut x = 0.0;
    let pieces: Vec<_> = flow
        .stages
        .iter()
        .map(|stage| {
            let width = stage.amount.micros() as f64 / pool.micros().max(1) as f64 * 1000.0;
            let piece = view! {
                <rect class=class(stage.of) x=rounded(x) width=rounded((width - 4.0).max(1.0)) height="10"></rect>
            };
            x += width;
            piece
        })
        .collect();
    view! {
        <svg class="pool-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{pieces}</svg>
    }
}

/// The picture in words.
fn words(preview: &PayoutPreview, places: u32) -> String {
    const NAMED: usize = 24;
    let row = |row: &domain::payout::PayoutRow| {
        let stage = row.role.label().to_lowercase();
        format!("{} {} for {stage}", row.contributor, fixed(row.amount, places))
    };
    let rows: Vec<String> = preview.payouts.iter().take(NAMED).map(row).collect();
    let more = if preview.payouts.len() > NAMED { ", and others" } else { "" };
    format!("{}{more}. The table below has the same figures.", rows.join(", "))
}
