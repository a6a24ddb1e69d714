//! What the browser calls.

use domain::link::LinkRecord;
use domain::payout::{Pool, preview};
use domain::policy::Policy;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes ready for the islands, which the page's script then wakes one by one.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}

/// A payout preview as JSON, computed in the browser from a policy and a link's record, both JSON, and a pool of
/// units of `10^-places`. A test compares it with the server's answer byte for byte.
///
/// # Errors
/// Where a text cannot be read, with the reason.
#[wasm_bindgen]
pub fn preview_json(policy: &str, record: &str, pool_units: &str, places: u32) -> Result<String, String> {
    let policy: Policy = serde_json::from_str(policy).map_err(|error| format!("policy: {error}"))?;
    let record: LinkRecord = serde_json::from_str(record).map_err(|error| format!("record: {error}"))?;
    let units = pool_units.parse().map_err(|error| format!("pool_units: {error}"))?;
    if places > 6 {
        return Err("places: at most 6".into());
    }
    let preview = preview(&policy, &record, &Pool::of_units(units, places, None));
    serde_json::to_string(&preview).map_err(|error| error.to_string())
}
