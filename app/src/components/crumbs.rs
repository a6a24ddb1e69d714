//! Where a page stands.

use leptos::prelude::*;

/// The way to a page: names with addresses, then the page's own.
#[component]
pub(crate) fn Crumbs(
    /// The pages above it, from the top.
    above: Vec<(String, String)>,
    /// The page's own name.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    let above = above.into_iter().map(|(name, href)| view! { <li><a href=href>{name}</a></li> });
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>{above.collect::<Vec<_>>()}<li aria-current="page">{here}</li></ol>
        </nav>
    }
}
