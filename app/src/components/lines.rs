//! Lists of references, and texts as they were written.

use leptos::prelude::*;

/// Items of a list that are shown, and bytes of HTML that they take: a page stays light, and the API has all.
const MOST_ITEMS: usize = 50;
const MOST_LIST: usize = 4_000;
/// Characters of a text that are shown, and bytes of HTML that they take.
const MOST_TEXT: usize = 5_000;
const MOST_TEXT_BYTES: usize = 10_000;

/// Bytes of HTML that a character takes.
const fn weight(character: char) -> usize {
    match character {
        '&' => "&amp;".len(),
        '<' | '>' => "&lt;".len(),
        _ => character.len_utf8(),
    }
}

/// References under a name: those that are addresses lead there. A dash where there is none.
pub(crate) fn references(label: &'static str, items: &[String]) -> AnyView {
    let mut room = MOST_LIST;
    let fits = |text: &&String| {
        let length = text.chars().map(weight).sum();
        let fits = length <= room;
        room = room.saturating_sub(length);
        fits
    };
    let shown: Vec<AnyView> = items.iter().take(MOST_ITEMS).take_while(fits).map(|text| item(text)).collect();
    let content = if items.is_empty() {
        view! { <span class="muted">"–"<span class="vh">"none"</span></span> }.into_any()
    } else {
        let left = items.len() - shown.len();
        let more = (left > 0).then(|| view! { <li class="muted">{format!("and {left} more")}</li> });
        view! { <ul role="list">{shown}{more}</ul> }.into_any()
    };
    view! { <div><dt>{label}</dt><dd>{content}</dd></div> }.into_any()
}

fn item(text: &str) -> AnyView {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let code = view! { <code>{text.to_owned()}</code> };
    if is_address {
        view! { <li><a href=text.to_owned() rel="nofollow noreferrer">{code}</a></li> }.into_any()
    } else {
        view! { <li>{code}</li> }.into_any()
    }
}

/// A text under its heading, its line breaks kept, cut where it is very long; nothing where there is none.
pub(crate) fn prose(heading: &'static str, text: &str) -> Option<AnyView> {
    let mut room = MOST_TEXT_BYTES;
    let fits = |character: &char| match room.checked_sub(weight(*character)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let mut shown: String = text.chars().take(MOST_TEXT).take_while(fits).collect();
    if shown.len() < text.len() {
        shown.push_str("… (the API has all of it)");
    }
    (!text.is_empty()).then(|| {
        view! {
            <div>
                <h3>{heading}</h3>
                <p class="written">{shown}</p>
            </div>
        }
        .into_any()
    })
}
