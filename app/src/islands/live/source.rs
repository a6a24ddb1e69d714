//! When to look again: told by the server's events, or where they do not come, every half a minute.

use super::region;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use leptos::web_sys::{EventSource, EventTarget, MessageEvent, js_sys::Function};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// Where the server tells of changes.
const CHANGES: &str = "/api/changes";
/// Changes that come close together are looked at once.
const GATHER: Duration = Duration::from_millis(500);
/// However many changes there are, the page is fetched no more often.
const REST: Duration = Duration::from_secs(3);
/// How often the page is fetched where the server cannot tell of changes.
const POLL: Duration = Duration::from_secs(30);
/// Where the browser keeps whether the reader has paused.
const PAUSED: &str = "tributary-live-paused";

/// A page that is kept in step.
pub(in crate::islands) struct Live {
    /// Its own address.
    pub address: String,
    /// The actions that it shows something of; all where none is named.
    pub actions: Vec<String>,
    /// Whether the reader has paused.
    pub paused: RwSignal<bool>,
    /// When it was last taken over.
    pub refreshed: RwSignal<Option<String>>,
    source: RefCell<Option<EventSource>>,
    poll: Cell<Option<IntervalHandle>>,
    /// Whether it is about to be fetched, or rests after that.
    due: Cell<bool>,
    /// Whether it is to be fetched again after the rest.
    again: Cell<bool>,
    /// Whether it waits for the reader to leave a field.
    waiting: Cell<bool>,
}

impl Live {
    /// Begins, unless the reader has paused before.
    pub fn start(
        address: String,
        actions: Vec<String>,
        paused: RwSignal<bool>,
        refreshed: RwSignal<Option<String>>,
    ) -> Rc<Self> {
        let (source, poll) = (RefCell::default(), Cell::new(None));
        let (due, again, waiting) = (Cell::new(false), Cell::new(false), Cell::new(false));
        let live = Rc::new(Self { address, actions, paused, refreshed, source, poll, due, again, waiting });
        paused.set(storage().and_then(|kept| kept.get_item(PAUSED).ok()?).is_some());
        let page = document();
        let this = live.clone();
        // A page in the background neither asks nor holds a connection; it looks when it comes to the front.
        on(&page, "visibilitychange", move |_| this.go());
        let this = live.clone();
        on(&page, "focusout", move |_| {
            if this.waiting.replace(false) {
                this.clone().soon(GATHER);
            }
        });
        if !live.is_idle() {
            live.listen();
        }
        live
    }

    /// Pauses or resumes.
    pub fn toggle(self: &Rc<Self>) {
        let paused = !self.paused.get_untracked();
        self.paused.set(paused);
        if let Some(kept) = storage() {
            let _ = if paused { kept.set_item(PAUSED, "1") } else { kept.remove_item(PAUSED) };
        }
        self.go();
    }

    /// Listens and looks what was missed, or lets go.
    fn go(self: &Rc<Self>) {
        self.quiet();
        if !self.is_idle() {
            self.listen();
            self.clone().soon(Duration::ZERO);
        }
    }

    fn is_idle(&self) -> bool {
        self.paused.get_untracked() || document().hidden()
    }

    fn quiet(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
        if let Some(poll) = self.poll.take() {
            poll.clear();
        }
    }

    fn listen(self: &Rc<Self>) {
        let Ok(source) = EventSource::new(CHANGES) else { return self.ask_again_and_again() };
        let this = self.clone();
        on(&source, "change", move |event| {
            let data = event.dyn_into::<MessageEvent>().ok().and_then(|event| event.data().as_string());
            if this.shows(&data.unwrap_or_default()) {
                this.clone().soon(GATHER);
            }
        });
        let this = self.clone();
        on(&source, "error", move |_| {
            // A connection that broke is made again by the browser; one that was refused is not.
            let closed = |source: &EventSource| source.ready_state() == EventSource::CLOSED;
            if this.source.borrow().as_ref().is_some_and(closed) && !this.is_idle() {
                this.quiet();
                this.ask_again_and_again();
            }
        });
        self.source.replace(Some(source));
    }

    fn ask_again_and_again(self: &Rc<Self>) {
        let this = self.clone();
        self.poll.set(set_interval_with_handle(move || this.clone().soon(Duration::ZERO), POLL).ok());
    }

    /// Whether the page shows anything of a change.
    fn shows(&self, data: &str) -> bool {
        let told = |action: &String| data.contains(&format!("\"action\":\"{action}\""));
        self.actions.is_empty() || self.actions.iter().any(told)
    }

    /// Fetches the page in a moment, and rests after that.
    fn soon(self: Rc<Self>, wait: Duration) {
        if self.due.replace(true) {
            self.again.set(true);
            return;
        }
        set_timeout(move || spawn_local(self.look()), wait);
    }

    async fn look(self: Rc<Self>) {
        if self.is_idle() {
            return self.rest();
        }
        // What is told from here on may not be on the page that is fetched now.
        self.again.set(false);
        let page = region::fetch(&self.address).await;
        // The reader may have gone to a field, or paused, while the page was on its way.
        if region::is_in_use() {
            self.waiting.set(true);
        } else if let Ok(page) = page
            && !self.paused.get_untracked()
            && region::replace(&page).is_ok()
        {
            self.refreshed.set(Some(region::time_of_day()));
        }
        self.rest();
    }

    /// Whatever is told meanwhile is looked at when the rest is over.
    fn rest(self: Rc<Self>) {
        set_timeout(
            move || {
                self.due.set(false);
                if self.again.replace(false) {
                    self.soon(Duration::ZERO);
                }
            },
            REST,
        );
    }
}

fn storage() -> Option<leptos::web_sys::Storage> {
    window().local_storage().ok()?
}

/// Listens for as long as the page lives.
fn on(target: &EventTarget, event: &str, heard: impl FnMut(leptos::web_sys::Event) + 'static) {
    let heard: JsValue = Closure::<dyn FnMut(leptos::web_sys::Event)>::new(heard).into_js_value();
    let _ = target.add_event_listener_with_callback(event, heard.unchecked_ref::<Function>());
}
