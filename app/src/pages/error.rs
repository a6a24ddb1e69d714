//! What is shown where a page cannot be.

use crate::components::title::PageTitle;
use crate::pages::set_status;
use domain::error::{Described, Error, FieldError};
use leptos::prelude::*;

/// The way on from a page that is not there.
const SEARCH: (&str, &str) = ("Search links", "/links");

/// An error in a page's place, with its status. What only an operator may know goes to the log.
pub(crate) fn failed(error: &Error) -> AnyView {
    let told = error.describe();
    if told.status >= 500 {
        tracing::error!(%error, "a page could not be made");
    }
    let (title, words) = match error {
        Error::LinkNotFound => {
            let words = "It may be mistyped, or filed on another server. Links are never deleted.";
            (told.detail.as_str(), words)
        }
        Error::SpecNotFound | Error::IdeaNotFound => {
            let words = "It may be mistyped. Whatever a lineage link names is there, registered or not.";
            (told.detail.as_str(), words)
        }
        Error::RunNotFound => (
            told.detail.as_str(),
            "It may be mistyped, or have run on another server. Reports are never deleted.",
        ),
        Error::Invalid(_) => ("This address cannot be understood", told.detail.as_str()),
        _ => (told.title, told.detail.as_str()),
    };
    let fields = error.fields();
    let list = (fields.len() > 1).then(|| {
        let item = |field: &FieldError| {
            view! { <li><code>{field.field.clone()}</code>{format!(" {}", field.message)}</li> }
        };
        view! { <ul>{fields.iter().map(item).collect::<Vec<_>>()}</ul> }
    });
    let way = match error {
        Error::SpecNotFound | Error::IdeaNotFound => ("Search specs", "/specs"),
        Error::RunNotFound | Error::GateNotFound => ("All gates", "/gates"),
        _ => SEARCH,
    };
    page(told.status, title, words, list.into_any(), way)
}

/// What went wrong before any page could be asked.
pub(crate) fn described(told: &Described) -> AnyView {
    page(told.status, told.title, &told.detail, ().into_any(), SEARCH)
}

fn page(status: u16, title: &str, words: &str, list: AnyView, way: (&'static str, &'static str)) -> AnyView {
    set_status(status);
    let (way, address) = if status >= 500 { ("Load again", "") } else { way };
    view! {
        <PageTitle text=title/>
        <div class="oops narrow">
            <p class="code">{status.to_string()}</p>
            <h1>{title.to_owned()}</h1>
            <p class="sub">{words.to_owned()}</p>
            {list}
            <p class="actions">
                <a class="button primary" href=address>{way}</a>
                <a class="button" href="/">"Overview"</a>
            </p>
        </div>
    }
    .into_any()
}

/// What is shown where no page has that address.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let words = "It may be mistyped. Every link, with its events and its payout preview, is in the list.";
    page(404, "There is no page at this address", words, ().into_any(), SEARCH)
}
