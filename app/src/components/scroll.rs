//! Tables that scroll in themselves where the page is narrow.

use crate::components::chain_shape::width;
use leptos::prelude::*;

/// How wide a name is that stays on one line, in tenths of an average character.
const SHORT_NAME: usize = 150;

/// A name in a cell: a short one on one line, a long one broken wherever it must be.
pub(crate) fn cell_name(name: &str) -> AnyView {
    let class = if width(name) <= SHORT_NAME { "cell-name nowrap" } else { "cell-name" };
    view! { <span class=class>{name.to_owned()}</span> }.into_any()
}

/// A table with its caption, in a region that can be scrolled by keyboard too; `id` is the caption's, unique on
/// the page.
pub(crate) fn table_region(
    id: &str,
    caption: impl IntoView + 'static,
    content: impl IntoView + 'static,
) -> AnyView {
    let id = id.to_owned();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby=id.clone()>
            <table><caption id=id.clone()>{caption}</caption>{content}</table>
        </div>
    }
    .into_any()
}

/// The figures behind a picture, as a table that opens under it.
pub(crate) fn twin(summary: &'static str, table: impl IntoView + 'static) -> AnyView {
    view! {
        <details class="twin">
            <summary>{summary}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=summary>{table}</div>
        </details>
    }
    .into_any()
}
