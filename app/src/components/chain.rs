//! The chain from idea to review, and what came of it.

use crate::components::bar::bar;
use crate::components::chain_shape::{Column, Lane, Outcome, columns, short_names};
use crate::components::chart_shape::rounded;
use crate::components::scroll::{cell_name, twin};
use crate::shared::chip::{class, stage_chip};
use crate::shared::number::{amount, fixed, percent, whole};
use domain::money::Amount;
use domain::payout::PayoutPreview;
use leptos::prelude::*;

/// Names of one stage that are spelt out.
const SHOWN_NAMES: usize = 12;
/// Characters of an energy that has all of its places in the picture; the table has them always.
const LONGEST_ENERGY: usize = 13;
/// Rows of the table; the API has all of them.
const SHOWN_ROWS: usize = 100;

/// The chain as a picture, as a list where there is no room for it, and as a table.
#[component]
pub(crate) fn Chain(
    /// What the policy makes of the link.
    preview: PayoutPreview,
) -> impl IntoView {
    let lanes = Lane::all(&preview);
    let (value, cost) = (preview.measured_value_total, preview.estimated_cost);
    view! {
        <section class="chain" aria-labelledby="chain-h">
            <h2 id="chain-h">"How it came about"</h2>
            {picture(&lanes, value, cost)}
            {list(&lanes, value, cost)}
            <ul class="legend" role="list">
                <li class="key-energy">"Energy invested"</li>
                <li class="key-implied">"Energy implied: named, no investment filed"</li>
                <li class="key-stream">
                    {format!("Width of stream: share of the effect under {}", preview.policy)}
                </li>
            </ul>
            {twin("The chain as a table", table(&preview, &lanes))}
        </section>
    }
}

fn picture(lanes: &[Lane], value: Amount, cost: Amount) -> AnyView {
    let columns = columns(lanes);
    let streams: Vec<_> = lanes
        .iter()
        .zip(&columns)
        .filter_map(|(lane, column)| {
            let (shape, _) = column.stream.clone()?;
            Some(view! { <path class=format!("stream {}", class(lane.stage)) d=shape></path> })
        })
        .collect();
    let heads: Vec<_> = lanes.iter().zip(&columns).map(|(lane, column)| head(lane, column)).collect();
    let outcome = Outcome::of(value, cost);
    let line = format!("M936 {0}H996", rounded(outcome.cost));
    view! {
        <svg class="chain-svg" viewBox="0 0 1152 268" role="img" aria-labelledby="chain-title chain-words">
            <title id="chain-title">"The chain from idea to review, and what came of it"</title>
            <desc id="chain-words">{words(lanes, value, cost)}</desc>
            {streams}
            {heads}
            <rect
                class="glass" x="944" y=rounded(Outcome::BOTTOM - Outcome::HEIGHT)
                width="44" height=rounded(Outcome::HEIGHT)
            ></rect>
            <rect
                class="value" x="944" y=rounded(outcome.value)
                width="44" height=rounded(Outcome::BOTTOM - outcome.value)
            ></rect>
            <path class="cost-halo" d=line.clone()></path>
            <path class="cost" d=line></path>
            {label(outcome.cost_label, "t-who", amount(cost), "estimated cost")}
            {label(outcome.value_label, "t-total", amount(value), "measured value")}
        </svg>
    }
    .into_any()
}

/// What stands over a column: stage, people, energy; and the share beside its stream.
fn head(lane: &Lane, column: &Column) -> AnyView {
    let x = column.x.clone();
    let Some((_, share_x)) = column.stream.clone() else {
        let start = rounded(x.parse::<f64>().unwrap_or_default() + 0.5);
        return view! {
            <g class=class(lane.stage)>
                <text class="t-stage" x=x.clone() y="12">{lane.stage.label()}</text>
                <text class="t-none" x=x y="34">"nobody"</text>
                <rect class="slot" x=start y="64.5" width="123" height="9"></rect>
            </g>
        }
        .into_any();
    };
    let implied = if lane.is_implied() { ", implied" } else { "" };
    let exact = whole(lane.energy(), 1);
    let energy = if exact.len() > LONGEST_ENERGY { fixed(lane.energy(), 1) } else { exact };
    let invested = column.invested.clone().map(|width| {
        view! { <rect class="energy" x=x.clone() y="64" width=width height="10"></rect> }
    });
    let outlined = column.implied.clone().map(|(x, width)| {
        view! { <rect class="energy implied" x=x y="64.5" width=width height="9"></rect> }
    });
    let short = short_names(&lane.names);
    let full = first_names(&lane.names, ", ");
    let full = (full != short).then(|| view! { <title>{full}</title> });
    view! {
        <g class=class(lane.stage)>
            <text class="t-stage" x=x.clone() y="12">{lane.stage.label()}</text>
            <text class="t-who" x=x.clone() y="34">{short}{full}</text>
            <text class="t-quiet" x=x.clone() y="54">{format!("{energy} energy{implied}")}</text>
            {invested}
            {outlined}
            <text class="t-quiet" x=share_x y="100">{format!("{} %", percent(lane.share, 1))}</text>
        </g>
    }
    .into_any()
}

/// A figure beside the glass with a word under it; a long figure steps down, so that it stays in the picture.
fn label(y: f64, class: &'static str, figure: String, what: &'static str) -> impl IntoView {
    let class = match figure.chars().count() {
        0..=11 => class,
        12..=15 => "t-who",
        _ => "t-long",
    };
    view! {
        <text class=class x="1004" y=rounded(y + 5.0)>{figure}</text>
        <text class="t-quiet" x="1004" y=rounded(y + 22.0)>{what}</text>
    }
}

/// The picture in words.
fn words(lanes: &[Lane], value: Amount, cost: Amount) -> String {
    let lane = |lane: &Lane| match lane.names.as_slice() {
        [] => format!("{}: nobody", lane.stage.label()),
        names => format!(
            "{}: {}, {} energy{}, {} % of the effect",
            lane.stage.label(),
            first_names(names, " and "),
            whole(lane.energy(), 1),
            if lane.is_implied() { " (implied)" } else { "" },
            percent(lane.share, 1),
        ),
    };
    let lanes: Vec<String> = lanes.iter().map(lane).collect();
    format!("{}. Measured value {} against a cost of {}.", lanes.join("; "), amount(value), amount(cost))
}

/// As many names as are spelt out, and how many there are besides.
fn first_names(names: &[String], between: &str) -> String {
    let shown = names[..names.len().min(SHOWN_NAMES)].join(between);
    match names.len().saturating_sub(SHOWN_NAMES) {
        0 => shown,
        left => format!("{shown} and {left} more"),
    }
}

fn list(lanes: &[Lane], value: Amount, cost: Amount) -> AnyView {
    let full = value.micros() as f64 / value.max(cost).micros().max(1) as f64;
    view! {
        <ol class="chain-list" role="list">
            {lanes.iter().map(item).collect::<Vec<_>>()}
            <li>
                <span class="chain-stage">"Outcome"</span>
                <span class="who">{format!("{} measured value", amount(value))}</span>
                <span class="num">{format!("{} cost", amount(cost))}</span>
                {bar(full, "")}
            </li>
        </ol>
    }
    .into_any()
}

fn item(lane: &Lane) -> AnyView {
    if lane.names.is_empty() {
        return view! {
            <li class=format!("{} none", class(lane.stage))>
                <span class="chain-stage">{lane.stage.label()}</span>
                <span class="muted">"nobody"</span>
            </li>
        }
        .into_any();
    }
    let implied = lane.is_implied().then(|| view! { " "<span class="tag implied">"implied"</span> });
    view! {
        <li class=class(lane.stage)>
            <span class="chain-stage">{lane.stage.label()}</span>
            <span class="who">{first_names(&lane.names, ", ")}</span>
            <span class="num">{format!("{} energy", whole(lane.energy(), 1))}{implied}</span>
            {bar(lane.share.parts() as f64 / 1e12, class(lane.stage))}
            <span class="small muted">{format!("{} % of the effect", percent(lane.share, 1))}</span>
        </li>
    }
    .into_any()
}

fn table(preview: &PayoutPreview, lanes: &[Lane]) -> AnyView {
    let row = |row: &domain::payout::PayoutRow| {
        view! {
            <tr>
                <th scope="row">{stage_chip(row.role)}</th>
                <td>{cell_name(&row.contributor)}</td>
                <td class="num">{whole(row.energy_units, 1)}</td>
                <td>{if row.explanation.implied { "implied" } else { "investment" }}</td>
                <td class="num">{percent(row.effective_weight, 2)}</td>
            </tr>
        }
    };
    let nobody = |lane: &Lane| {
        view! {
            <tr>
                <th scope="row">{stage_chip(lane.stage)}</th>
                <td class="muted">"nobody"</td>
                <td class="num">"0.0"</td>
                <td></td>
                <td class="num">"0.00"</td>
            </tr>
        }
    };
    let mut room = SHOWN_ROWS;
    let rows = lanes.iter().map(|lane| {
        let of_stage = preview.payouts.iter().filter(|row| row.role == lane.stage);
        let rows: Vec<_> = of_stage.take(room).map(row).collect();
        room -= rows.len();
        let nobody = lane.names.is_empty().then(|| nobody(lane));
        view! { {rows}{nobody} }
    });
    let rows: Vec<_> = rows.collect();
    let all = preview.payouts.len();
    let part = if all > SHOWN_ROWS { format!(" The first {SHOWN_ROWS} of {all}.") } else { String::new() };
    view! {
        <table>
            <caption>
                {format!("The chain, stage by stage. Share of effect is what {} gives each row.{part}", preview.policy)}
            </caption>
            <thead>
                <tr>
                    <th scope="col">"Stage"</th>
                    <th scope="col">"People"</th>
                    <th scope="col" class="num">"Energy"</th>
                    <th scope="col">"Source"</th>
                    <th scope="col" class="num">"Share of effect, %"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
