//! What was meant beside what came of it: two bars of one scale, and the gap in words.

use crate::components::bar::bar;
use leptos::prelude::*;

/// A bar with its label and its figure.
pub(crate) struct Side {
    /// What it is.
    pub label: &'static str,
    /// How long it is.
    pub length: i128,
    /// The figure.
    pub text: String,
}

/// What was meant, what came of it, and the gap between them, with its class: `good`, `bad` or none.
pub(crate) fn pair(
    title: &'static str,
    sides: [Side; 2],
    gap: (&'static str, String, &'static str),
) -> AnyView {
    let longest = sides.iter().map(|side| side.length).max().unwrap_or(0).max(1) as f64;
    let side = |(side, class): (Side, &'static str)| {
        let part = side.length as f64 / longest;
        view! {
            <div>
                <dt>{side.label}</dt>
                <dd class="num">{side.text}</dd>
                <dd>{bar(part, class)}</dd>
            </div>
        }
    };
    let [meant, came] = sides;
    let sides = [(meant, "meant"), (came, "")];
    let (label, text, mood) = gap;
    view! {
        <div class="pair">
            <h3>{title}</h3>
            <dl>
                {sides.map(side).into_iter().collect::<Vec<_>>()}
                <div class=format!("gap {mood}")><dt>{label}</dt><dd class="num">{text}</dd></div>
            </dl>
        </div>
    }
    .into_any()
}
