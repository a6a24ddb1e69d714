//! The part of a page that changes with what it shows.

use super::morph;
use leptos::prelude::document;
use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::{DomParser, Element, Event, Response, SupportedType, js_sys::Date};
use wasm_bindgen_futures::JsFuture;

/// By what the part is known.
const REGION: &str = "[data-live]";
/// What one types into or chooses from.
const FIELDS: &str = "input, select, textarea";
/// Tells the page's script that there are new elements.
const REFRESHED: &str = "tributary:refreshed";

fn region() -> Option<Element> {
    document().query_selector(REGION).ok()?
}

/// Whether the reader is at a field of the part: then nothing of it may change.
pub(super) fn is_in_use() -> bool {
    let (Some(region), Some(active)) = (region(), document().active_element()) else { return false };
    region.contains(Some(&active)) && active.matches(FIELDS).unwrap_or(false)
}

/// Fetches the page at an address; its text.
pub(super) async fn fetch(address: &str) -> Result<String, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(address)).await?.dyn_into::<Response>()?;
    if !response.ok() {
        return Err(JsValue::from(response.status()));
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}

/// Takes over the part from another version of the page.
pub(super) fn replace(page: &str) -> Result<(), JsValue> {
    let page = DomParser::new()?.parse_from_string(page, SupportedType::TextHtml)?;
    if let (Some(into), Some(from)) = (region(), page.query_selector(REGION)?) {
        morph::take_over(&document(), &into, &from);
        document().dispatch_event(&Event::new(REFRESHED)?)?;
    }
    Ok(())
}

/// The time of day where the reader is: `12:03:04`.
pub(super) fn time_of_day() -> String {
    String::from(Date::new_0().to_locale_time_string("en-GB"))
}
