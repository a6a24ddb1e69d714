//! Keeps a page in step with the server, with a pause for a quieter view.

#![allow(missing_docs, reason = "the island macro writes a struct that cannot be given a comment")]

use crate::islands::live::Live;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::rc::Rc;

/// When the page was last refreshed, and a button that pauses it.
#[island]
pub fn LiveRefresh(
    /// The page's own address.
    address: String,
    /// The actions of the ledger that it shows something of; all where none is named.
    actions: Vec<String>,
) -> impl IntoView {
    let (paused, refreshed) = (RwSignal::new(false), RwSignal::new(None::<String>));
    // Wrapped in the browser only: a server may drop this on another thread than it made it on.
    let live = StoredValue::new(None::<SendWrapper<Rc<Live>>>);
    let reload = address.clone();
    // An effect runs in the browser only.
    Effect::new(move |_| {
        let started = Live::start(address.clone(), actions.clone(), paused, refreshed);
        live.set_value(Some(SendWrapper::new(started)));
    });
    let toggle = move |_| {
        live.with_value(|live| {
            if let Some(live) = live {
                live.toggle();
            }
        })
    };
    view! {
        <div class="live">
            <p class="needs-js">
                {move || if paused.get() {
                    "Paused: this page stays as it is."
                } else {
                    "Keeps this page in sync as the ledger changes. Pause it any time for a quieter view."
                }}
            </p>
            <p class="needs-js">
                <span>"Last refresh "{move || refreshed.get().unwrap_or_else(|| "never".into())}</span>
                <button class="button slim" type="button" on:click=toggle>
                    {move || if paused.get() { "Resume" } else { "Pause" }}
                </button>
            </p>
            <p class="no-js"><a class="button slim" href=reload>"Reload"</a></p>
        </div>
    }
}
