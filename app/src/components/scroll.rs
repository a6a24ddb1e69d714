//! Tables that scroll in themselves where the page is narrow.

use leptos::prelude::*;

/// A table with its caption, in a region that can be scrolled by keyboard too; `id` is the caption's, unique on
/// the page.
pub(crate) fn table_region(
    id: &'static str,
    caption: impl IntoView + 'static,
    content: impl IntoView + 'static,
) -> AnyView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby=id>
            <table><caption id=id>{caption}</caption>{content}</table>
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
