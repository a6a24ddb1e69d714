//! From page to page of a list.

use leptos::prelude::*;

/// The ways to the first and the next page of a list that goes forward only.
#[component]
pub(crate) fn Pager(
    /// What is on this page: `50 links`.
    #[prop(into)]
    shown: String,
    /// The word and address of the first page, unless this is it.
    first: Option<(&'static str, String)>,
    /// The word and address of the next page, unless this is the last.
    next: Option<(&'static str, String)>,
) -> impl IntoView {
    let link = |(word, href), rel| view! { <li><a class="button slim" rel=rel href=href>{word}</a></li> };
    let alone = first.is_none() && next.is_none();
    let ways = (!alone).then(|| {
        view! {
            <ul role="list">{first.map(|way| link(way, "start"))}{next.map(|way| link(way, "next"))}</ul>
        }
    });
    view! { <nav class="pager" aria-label="Pages"><span>{shown}</span>{ways}</nav> }
}
