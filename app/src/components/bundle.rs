//! The script that wakes the islands of a page.

use crate::context::Site;
use leptos::prelude::*;

/// Loads the islands' bundle, where there is one. It stands beside an island, so that a page without any loads
/// nothing.
#[component]
pub(crate) fn Bundle() -> impl IntoView {
    let built = use_context::<Site>().is_some_and(|site| site.bundle);
    let options = use_context::<LeptosOptions>().filter(|_| built);
    options.map(|options| view! { <HydrationScripts options islands=true/> })
}
