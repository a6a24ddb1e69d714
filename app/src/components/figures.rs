//! The row of totals.

use leptos::prelude::*;

/// A figure with its label and a word about it.
pub(crate) struct Figure {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub value: String,
    /// Where its parts are.
    pub href: String,
    /// A word about it.
    pub note: AnyView,
    /// The note's class: `good`, `bad` or none.
    pub mood: &'static str,
}

impl Figure {
    /// A figure with a plain note.
    pub(crate) fn new(
        label: &'static str,
        value: String,
        href: impl Into<String>,
        note: impl Into<String>,
    ) -> Self {
        let note: String = note.into();
        Self { label, value, href: href.into(), note: note.into_any(), mood: "" }
    }

    /// The same with a mood.
    pub(crate) fn mood(self, mood: &'static str) -> Self {
        Self { mood, ..self }
    }

    /// The same with a note of more than text.
    pub(crate) fn noting(self, note: impl IntoView + 'static) -> Self {
        Self { note: note.into_any(), ..self }
    }
}

/// The row of totals.
#[component]
pub(crate) fn Figures(
    /// The figures, most important first.
    list: Vec<Figure>,
) -> impl IntoView {
    let figure = |Figure { label, value, href, note, mood }: Figure| {
        let size = match value.chars().count() {
            0..=9 => "",
            10..=12 => "long",
            13..=18 => "longer",
            _ => "longest",
        };
        view! {
            <div>
                <dt>{label}</dt>
                <dd class=size><a href=href>{value}</a></dd>
                <dd class=mood>{note}</dd>
            </div>
        }
    };
    view! { <dl class="figures">{list.into_iter().map(figure).collect::<Vec<_>>()}</dl> }
}
