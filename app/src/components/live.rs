//! Pages that keep in step with the server.

use crate::components::bundle::Bundle;
use crate::islands::live_refresh::LiveRefresh;
use crate::pages::site;
use leptos::prelude::*;

/// Refreshes what of the page is marked `data-live`; without the islands' bundle, a link that loads it again.
#[component]
pub(crate) fn Live(
    /// The page's own address.
    #[prop(into)]
    address: String,
    /// The actions of the ledger that it shows something of; all where none is named.
    actions: &'static [&'static str],
) -> impl IntoView {
    if !site().bundle {
        return view! { <p class="live"><a class="button slim" href=address>"Reload"</a></p> }.into_any();
    }
    let actions = actions.iter().map(|&action| action.to_owned()).collect::<Vec<_>>();
    view! { <Bundle/><LiveRefresh address=address actions=actions/> }.into_any()
}
