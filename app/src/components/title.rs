//! The document's title.

use leptos::prelude::*;
use leptos_meta::Title;

/// The title of a page, with the product's name behind it.
#[component]
pub(crate) fn PageTitle(
    /// What the page is about.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <Title text=escaped(&format!("{text} · Tributary"))/> }
}

/// leptos_meta writes a title into the head as it is, and a link's name may hold anything.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_title_cannot_close_its_element() {
        assert_eq!(super::escaped("a</title><b>&"), "a&lt;/title&gt;&lt;b&gt;&amp;");
    }
}
