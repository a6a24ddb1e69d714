//! Who would get what, and why?

use crate::components::bundle::Bundle;
use crate::components::command::{Command, preview_payout};
use crate::components::field::summary;
use crate::components::figures::Figures;
use crate::components::sankey::Sankey;
use crate::components::signals::signals;
use crate::components::title::PageTitle;
use crate::context::SentForm;
use crate::islands::what_if::{Form, Ground, WhatIf, what_if as what_if_form};
use crate::pages::payout_parts::{POOL_FIELDS, figures, head, policies, pool_form, unallocated};
use crate::pages::payout_request::{Asked, page_errors, preview_address};
use crate::pages::payout_rows::rows;
use crate::pages::{link_of_address, load, set_status, site, visit};
use crate::shared::number::amount;
use domain::error::Error;
use domain::id::LinkId;
use domain::link::LinkRecord;
use domain::money::Amount;
use domain::payout::{PayoutPreview, PayoutRequest, preview};
use domain::policy::Objective;
use domain::report;
use leptos::prelude::*;

/// Rows of a link whose what-if is computed in the browser, and bytes of it as JSON: a page carries them.
const MOST_LIVE_ROWS: usize = 100;
const MOST_LIVE_BYTES: usize = 24_000;

/// `/links/{id}/payout`: a pool shared by a policy, explained, and what would be if.
#[component]
pub(crate) fn PayoutPage() -> impl IntoView {
    let (site, visit, id, asked) = (site(), visit(), link_of_address(), Asked::of_address());
    load(async move {
        let record = report::link(&*site.store, id?).await?;
        match asked.read() {
            Ok(request) => content(&record, &asked, &request, &visit.origin),
            Err(error @ Error::Invalid(_)) => Ok(refused(&record, &asked, &error)),
            Err(error) => Err(error),
        }
    })
}

/// The form again, with what is wrong beside its fields.
fn refused(record: &LinkRecord, asked: &Asked, error: &Error) -> AnyView {
    set_status(error.describe().status);
    let form = SentForm { errors: page_errors(error), ..SentForm::default() };
    view! {
        <PageTitle text=format!("Error: Payout preview of {}", record.link.idea_id)/>
        {summary(&form, "Nothing was previewed", &POOL_FIELDS.map(str::to_owned))}
        {head(record, "Who would get what".to_owned(), "Nothing is shared yet: change the fields below.".into_any())}
        {pool_form(record.link.id, asked, &form)}
    }
    .into_any()
}

fn content(
    record: &LinkRecord,
    asked: &Asked,
    request: &PayoutRequest,
    origin: &str,
) -> Result<AnyView, Error> {
    let answer = preview(request.policy, record, &request.pool);
    let pool = match request.pool.currency() {
        Some(currency) => format!("{} {currency}", amount(request.pool.amount())),
        None => amount(request.pool.amount()),
    };
    let nobody = answer.payouts.is_empty() || answer.unallocated > Amount::ZERO;
    let title = if nobody {
        format!("Nobody to share {pool} with yet")
    } else {
        format!("Who would get what of {pool}")
    };
    let subtitle = view! {
        "A preview under "<b>{request.policy.name.clone()}</b>": "{request.policy.summary.clone()}" Nothing is paid."
    };
    let (parts, tried) = if nobody {
        (unallocated(&request.policy.name), ().into_any())
    } else {
        (
            shared(record.link.id, asked, request, &answer),
            what_if(record, asked, request, answer.payouts.len())?,
        )
    };
    Ok(view! {
        <PageTitle text=format!("Payout preview of {}", record.link.idea_id)/>
        {head(record, title, subtitle.into_any())}
        {pool_form(record.link.id, asked, &SentForm::default())}
        <Figures list=figures(record, &answer, request.pool.places())/>
        {parts}
        <section aria-labelledby="signals-h">
            <h2 id="signals-h">"Signals of the link"</h2>
            {signals(&answer.signals)}
        </section>
        {tried}
        {policies(record, request, &answer)}
        <details class="twin">
            <summary>"The same preview from a shell"</summary>
            <Command
                text=preview_payout(origin, &record.link.id.to_string(), &body(request))
                label="Command that previews this payout"
            />
        </details>
    }
    .into_any())
}

/// The request as the API takes it.
fn body(request: &PayoutRequest) -> String {
    let currency = request.pool.currency();
    let currency = currency.map(|code| format!(r#", "currency": "{code}""#)).unwrap_or_default();
    format!(r#"{{"payout_pool": {}, "policy": "{}"{currency}}}"#, request.pool.amount(), request.policy.name)
}

/// The flow, and the rows with their reasons.
fn shared(link: LinkId, asked: &Asked, request: &PayoutRequest, answer: &PayoutPreview) -> AnyView {
    view! {
        <section aria-labelledby="flow-h">
            <h2 id="flow-h">"From the pool to people"</h2>
            <Sankey preview=answer.clone() places=request.pool.places()/>
        </section>
        {rows(link, asked, request, answer)}
    }
    .into_any()
}

/// Sliders to try another pool or other weights. They answer by themselves, but for a link so large that its page would
/// carry too much: there they ask the server.
fn what_if(
    record: &LinkRecord,
    asked: &Asked,
    request: &PayoutRequest,
    rows: usize,
) -> Result<AnyView, Error> {
    let link = serde_json::to_string(record).map_err(unwritten)?;
    let trial = asked.trial(request);
    let (pool, id) = (&request.pool, record.link.id);
    let currency = pool.currency().map(str::to_owned);
    let (path, back) =
        (format!("/links/{id}/payout"), format!("{}#what-if", preview_address(id, request, &[])));
    let sliders = if rows > MOST_LIVE_ROWS || link.len() > MOST_LIVE_BYTES {
        let ground = Ground { policy: request.policy.clone(), record: record.clone(), places: pool.places() };
        let tried = (trial.units, trial.weights);
        let form = Form { units: pool.units(), currency, tried, path, back, live: false };
        what_if_form(ground, form).into_any()
    } else {
        let weights = Objective::ALL.map(|objective| trial.weights.get(objective).micros());
        view! {
            <Bundle/>
            <WhatIf
                policy=serde_json::to_string(request.policy).map_err(unwritten)?
                record=link
                units=pool.units()
                places=pool.places()
                currency=currency
                tried_units=trial.units
                tried_weights=weights.to_vec()
                path=path
                back=back
            />
        }
        .into_any()
    };
    Ok(view! {
        <section class="what-if-section" id="what-if" aria-labelledby="what-if-h">
            <h2 id="what-if-h">"What if"</h2>
            <p class="sub">
                "Try another pool or other weights. This is a what-if: the policy does not change, and nothing here is saved."
            </p>
            {sliders}
        </section>
    }
    .into_any())
}

fn unwritten(error: serde_json::Error) -> Error {
    Error::Store(error.to_string())
}
