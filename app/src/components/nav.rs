//! The head of every page.

use crate::components::url::address;
use crate::context::{Failure, Site, Visit};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The mark of Tributary: three streams that become one.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 32" aria-hidden="true">
            <g fill="none" stroke="currentColor" stroke-linecap="round">
                <path d="M16 4v25" stroke-width="4"></path>
                <path d="M6 5c0 8 10 7 10 15" stroke-width="3"></path>
                <path d="M26 5c0 8-10 7-10 15" stroke-width="3"></path>
            </g>
        </svg>
    }
}

/// Who is signed in, with the way out; or the way in, where writing asks for a key.
#[component]
fn Account(
    /// The address of this page.
    path: String,
) -> impl IntoView {
    let locked = use_context::<Site>().is_some_and(|site| site.locked);
    match use_context::<Visit>().unwrap_or_default().signed_in {
        Some(name) => view! {
            <form class="account" method="post" action="/sign-out">
                <span class="account-name">"Signed in as "<b>{name}</b></span>
                <button class="link-button" type="submit">"Sign out"</button>
            </form>
        }
        .into_any(),
        None if locked && path != "/sign-in" => view! {
            <a class="account" href=address("/sign-in", &[("next", &path)])>"Sign in"</a>
        }
        .into_any(),
        None => ().into_any(),
    }
}

/// The head of every page: where to go, what to file, who is here.
#[component]
pub(crate) fn Nav() -> impl IntoView {
    // A page that says what went wrong stands at no address of its own.
    let path = match use_context::<Failure>() {
        Some(_) => String::new(),
        None => use_location().pathname.get_untracked(),
    };
    let filing = (path == "/links/new").then_some("page");
    let current = |href: &str| match path.as_str() {
        path if path == href => Some("page"),
        // The part that the page belongs to.
        path if filing.is_none() && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')) => {
            Some("true").filter(|_| href != "/")
        }
        _ => None,
    };
    view! {
        <header class="nav">
            <a class="skip" href="#main">"Skip to content"</a>
            <div class="nav-in">
                <a class="brand" href="/"><Mark/>"Tributary"</a>
                <nav aria-label="Main">
                    <ul role="list">
                        <li><a href="/" aria-current=current("/")>"Overview"</a></li>
                        <li><a href="/links" aria-current=current("/links")>"Links"</a></li>
                        <li><a href="/specs" aria-current=current("/specs")>"Specs"</a></li>
                        <li><a href="/contributors" aria-current=current("/contributors")>"Contributors"</a></li>
                        <li><a href="/gates" aria-current=current("/gates")>"Gates"</a></li>
                        <li class="spare"><a href="/api/docs">"API docs"</a></li>
                    </ul>
                </nav>
                <Account path=path.clone()/>
                <a class="button primary slim" href="/links/new" aria-current=filing>"File link"</a>
            </div>
        </header>
    }
}
