//! The foot of every page.

use crate::context::Site;
use leptos::prelude::*;

/// Digits of a commit that are shown.
const SHOWN_COMMIT: usize = 9;

/// The foot of every page: what runs here, and its documents for machines.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    let site = use_context::<Site>();
    let commit = site.as_ref().and_then(|site| site.commit).filter(|commit| !commit.is_empty());
    let commit = commit.map(|commit| format!(" ({})", &commit[..commit.len().min(SHOWN_COMMIT)]));
    let running = format!("Tributary {}{}", site.map_or("", |site| site.version), commit.unwrap_or_default());
    view! {
        <footer class="foot">
            <div class="foot-in">
                <span>{running}" · "<span data-zone="">"all times in UTC"</span></span>
                <a href="/api/docs">"API docs"</a>
                <a href="/api/openapi.json">"openapi.json"</a>
            </div>
        </footer>
    }
}
