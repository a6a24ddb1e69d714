//! The pages: each reads a report of the domain and shows it.

mod change_form;
mod change_request;
pub(crate) mod change_requests;
pub(crate) mod claim;
pub(crate) mod contributor;
mod contributor_credits;
mod contributor_forms;
pub(crate) mod contributor_parts;
pub(crate) mod contributors;
mod contributors_table;
pub(crate) mod edit_idea;
pub(crate) mod edit_spec;
pub(crate) mod error;
mod flag_form;
mod gate_forms;
mod gate_report;
pub(crate) mod gate_run;
pub(crate) mod gates;
mod gates_list;
pub(crate) mod governance;
mod governance_agents;
mod governance_parts;
pub(crate) mod idea;
pub(crate) mod imports;
pub(crate) mod link;
mod link_events;
mod link_parts;
mod link_refs;
pub(crate) mod links;
mod links_table;
pub(crate) mod new_link;
pub(crate) mod new_spec;
pub(crate) mod one_request;
pub(crate) mod overview;
mod overview_empty;
pub(crate) mod payout;
mod payout_parts;
mod payout_refs;
mod payout_request;
mod payout_rows;
pub(crate) mod sign_in;
pub(crate) mod spec;
mod spec_alone;
mod spec_fields;
mod spec_form;
mod spec_parts;
mod spec_views;
pub(crate) mod specs;
mod specs_table;
pub(crate) mod trace;
pub(crate) mod unit;

use crate::context::{Site, Visit};
use domain::error::Error;
use domain::id::LinkId;
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::{use_params_map, use_query_map};

/// A page that must wait for the store; where that fails, the error's page in its place.
pub(crate) fn load(work: impl Future<Output = Result<AnyView, Error>> + Send + 'static) -> impl IntoView {
    Suspend::new(async move { work.await.unwrap_or_else(|error| error::failed(&error)) })
}

/// The server's part of the context.
pub(crate) fn site() -> Site {
    expect_context::<Site>()
}

/// What is known of this request.
pub(crate) fn visit() -> Visit {
    use_context::<Visit>().unwrap_or_default()
}

/// Sets the status of the answer.
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// The link that the address names; a text that is no id names no link.
pub(crate) fn link_of_address() -> Result<LinkId, Error> {
    let id = use_params_map().with_untracked(|map| map.get("id"));
    id.and_then(|id| id.parse().ok()).ok_or(Error::LinkNotFound)
}

/// The parameters of the address that a page knows, in the order given.
pub(crate) fn parameters(known: &[&str]) -> Vec<(String, String)> {
    use_query_map().with_untracked(|map| {
        let given = |name: &&str| map.get(name).map(|value| ((*name).to_owned(), value));
        known.iter().filter_map(given).collect()
    })
}
