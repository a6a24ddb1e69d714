//! Lists of references, and texts as they were written.

use leptos::prelude::*;

/// Items of a list that are shown; the API has all of them.
const SHOWN: usize = 100;

/// References under a name: those that are addresses lead there. A dash where there is none.
pub(crate) fn references(label: &'static str, items: &[String]) -> AnyView {
    let item = |text: &String| {
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        let code = view! { <code>{text.clone()}</code> };
        if is_address {
            view! { <li><a href=text.clone() rel="nofollow noreferrer">{code}</a></li> }.into_any()
        } else {
            view! { <li>{code}</li> }.into_any()
        }
    };
    let content = if items.is_empty() {
        view! { <span class="muted">"–"<span class="vh">"none"</span></span> }.into_any()
    } else {
        let left = items.len().saturating_sub(SHOWN);
        let more = (left > 0).then(|| view! { <li class="muted">{format!("and {left} more")}</li> });
        view! { <ul role="list">{items.iter().take(SHOWN).map(item).collect::<Vec<_>>()}{more}</ul> }
            .into_any()
    };
    view! { <div><dt>{label}</dt><dd>{content}</dd></div> }.into_any()
}

/// A text under its heading, its line breaks kept; nothing where there is none.
pub(crate) fn prose(heading: &'static str, text: &str) -> Option<AnyView> {
    (!text.is_empty())
        .then(|| view! { <div><h3>{heading}</h3><p class="written">{text.to_owned()}</p></div> }.into_any())
}
