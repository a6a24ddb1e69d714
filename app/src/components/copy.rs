//! Texts that copy themselves where there is JavaScript.

use leptos::prelude::*;

/// A text in the typeface of code, with a button that copies the whole of it.
#[component]
pub(crate) fn Copyable(
    /// What is shown.
    #[prop(into)]
    text: String,
    /// What is copied, where that is more than is shown.
    #[prop(optional, into)]
    copied: Option<String>,
    /// What it is, for those who hear the button: `id`.
    what: &'static str,
) -> impl IntoView {
    let copied = copied.unwrap_or_else(|| text.clone());
    view! {
        <span class="copy">
            <code>{text}</code>
            <button class="link-button needs-js" type="button" data-copy=copied>
                "Copy"<span class="vh">{format!(" {what}")}</span>
            </button>
        </span>
    }
}
