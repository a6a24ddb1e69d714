//! What a payout drew from imported history: what each ref of the link leads to.

use crate::components::scroll::{cell_name, table_region};
use domain::contribution::RefStatus;
use domain::payout::{PaidRef, PayoutPreview};
use leptos::prelude::*;

/// Refs that are shown; the API has all of them.
const SHOWN: usize = 50;

/// The refs with what they lead to; nothing under a policy that draws nothing from history, or of a link without refs.
pub(crate) fn refs_drawn_on(answer: &PayoutPreview) -> AnyView {
    let Some(drawn_on) = answer.drawn_on.as_ref().filter(|drawn_on| !drawn_on.refs.is_empty()) else {
        return ().into_any();
    };
    let rows: Vec<_> = drawn_on.refs.iter().take(SHOWN).map(row).collect();
    let all = drawn_on.refs.len();
    let part = if all > SHOWN { format!(" The first {SHOWN} of {all}.") } else { String::new() };
    let principals = if drawn_on.pay_principals {
        "What agents earned goes to those they worked for then."
    } else {
        "What agents earned stands under their own names."
    };
    view! {
        <section aria-labelledby="refs-h">
            <h2 id="refs-h">"What the link names"</h2>
            <p class="sub">{principals}</p>
            {table_region(
                "refs-cap",
                format!("Implementation refs, and what each leads to.{part}"),
                view! {
                    <thead><tr><th scope="col">"Ref"</th><th scope="col">"Leads to"</th></tr></thead>
                    <tbody>{rows}</tbody>
                },
            )}
        </section>
    }
    .into_any()
}

fn row(of: &PaidRef) -> AnyView {
    let leads = match (of.status, &of.message) {
        (RefStatus::Resolved, _) => "an imported change or claim".to_owned(),
        (_, Some(message)) => message.clone(),
        (_, None) => "nothing that was imported".to_owned(),
    };
    view! { <tr><th scope="row">{cell_name(&of.reference)}</th><td>{leads}</td></tr> }.into_any()
}
