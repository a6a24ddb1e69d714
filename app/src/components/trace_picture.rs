//! A chain of knowledge as a picture, from what is held down to its sources.

use crate::components::chart_shape::rounded;
use crate::components::trace_shape::{BOX, Placed, Shape, cut};
use crate::components::url::encoded;
use crate::shared::number::counted;
use domain::contribution::{KnowledgeKind, Role};
use domain::report::{TracePiece, TraceReport};
use leptos::prelude::*;

/// Characters of a title that fit into a box.
const TITLE: usize = 25;

/// The name of a kind for a reader.
pub(crate) const fn kind_label(kind: KnowledgeKind) -> &'static str {
    match kind {
        KnowledgeKind::Position => "Position",
        KnowledgeKind::Belief => "Belief",
        KnowledgeKind::Claim => "Claim",
        KnowledgeKind::Challenge => "Challenge",
        KnowledgeKind::Source => "Source",
        KnowledgeKind::Entity => "Entity",
    }
}

/// The page of a piece's own chain.
pub(crate) fn trace_page(kind: KnowledgeKind, slug: &str) -> String {
    format!("/trace/{}/{}", kind.name(), encoded(slug))
}

/// The chain: a column for each step, boxes that lead to their own chains.
pub(crate) fn trace_picture(report: &TraceReport) -> AnyView {
    let shape = Shape::of(report);
    let heads: Vec<_> = shape
        .columns
        .iter()
        .map(|column| {
            let head = match column.distance {
                0 => kind_label(report.kind).to_owned(),
                1 => "stands on".to_owned(),
                steps => format!("{steps} steps down"),
            };
            let more = column.more.map(|(y, more)| {
                let (x, y) = (rounded(column.x), rounded(y + 14.0));
                view! { <text class="muted" x=x y=y>{format!("and {} more", counted(more as i64, "piece"))}</text> }
            });
            view! { <text class="muted" x=rounded(column.x) y="14">{head}</text>{more} }
        })
        .collect();
    let curves: Vec<_> = shape.curves.iter().map(|curve| view! { <path d=curve.clone()></path> }).collect();
    let boxes: Vec<_> =
        shape.boxes.iter().map(|placed| piece_box(&report.pieces[placed.piece], *placed)).collect();
    let (width, height) = (rounded(shape.width), rounded(shape.height));
    let words = format!(
        "{} and {} between them, in {}.",
        counted(report.pieces.len() as i64, "piece"),
        counted(report.steps.len() as i64, "step"),
        counted(shape.columns.len() as i64, "column")
    );
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="The chain as a picture">
            <svg
                class="trace" viewBox=format!("0 0 {width} {height}") width=width.clone() height=height.clone()
                role="group" aria-labelledby="trace-title trace-words"
            >
                <title id="trace-title">"From here down to the sources"</title>
                <desc id="trace-words">{words}</desc>
                {heads}
                <g class="curves">{curves}</g>
                {boxes}
            </svg>
        </div>
    }
    .into_any()
}

fn piece_box(piece: &TracePiece, Placed { x, y, .. }: Placed) -> AnyView {
    let object = &piece.object;
    let kind = object.kind.name();
    let gone = if object.removed_by.is_some() { " gone" } else { "" };
    let people = Role::ALL.into_iter().filter_map(|role| {
        piece
            .credits
            .iter()
            .find(|credit| credit.role == role && !credit.ended)
            .map(|credit| credit.contributor.clone())
    });
    let mut names: Vec<String> = Vec::new();
    for name in people {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let words = match names.len() {
        0 => kind_label(object.kind).to_owned(),
        _ => format!("{} · {}", kind_label(object.kind), names.join(", ")),
    };
    let (title, words) = (cut(&object.title, TITLE), cut(&words, TITLE + 4));
    let transform = format!("translate({} {})", rounded(x), rounded(y));
    view! {
        <a href=trace_page(object.kind, &object.slug) class=format!("piece {kind}{gone}")>
            <title>{object.title.clone()}</title>
            <g transform=transform>
                <rect width=rounded(BOX.0) height=rounded(BOX.1) rx="4"></rect>
                <rect class="edge" width="4" height=rounded(BOX.1)></rect>
                <text class="name" x="12" y="19">{title}</text>
                <text class="muted" x="12" y="35">{words}</text>
            </g>
        </a>
    }
    .into_any()
}
