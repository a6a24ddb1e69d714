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
use crate::pages::payout_refs::refs_drawn_on;
use crate::pages::payout_request::{Asked, page_errors, preview_address};
use crate::pages::payout_rows::rows;
use crate::pages::{link_of_address, load, set_status, site, visit};
use crate::shared::number::amount;
use domain::error::Error;
use domain::id::LinkId;
use domain::link::LinkRecord;
use domain::money::Amount;
use domain::payout::{Contributions, PayoutPreview, PayoutRequest, preview_under};
use domain::policy::{Objective, Policy};
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
            Ok(request) => {
                // All policies stand side by side, so what any of them draws on is read.
                let drawn = report::contributions(&*site.store, &record.link).await?;
                content(&record, &drawn, &asked, &request, &visit.origin)
            }
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
    drawn: &Contributions,
    asked: &Asked,
    request: &PayoutRequest,
    origin: &str,
) -> Result<AnyView, Error> {
    let answer = preview_under(request.policy, record, &request.pool, drawn, request.pay_principals);
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
        "A preview under "<b>{request.policy.name()}</b>": "{request.policy.summary()}" Nothing is paid."
    };
    let (parts, tried) = if nobody {
        (unallocated(&answer), ().into_any())
    } else {
        (
            shared(record.link.id, asked, request, &answer),
            match request.policy.energy() {
                Some(policy) => what_if(record, asked, request, policy, answer.payouts.len())?,
                None => ().into_any(),
            },
        )
    };
    Ok(view! {
        <PageTitle text=format!("Payout preview of {}", record.link.idea_id)/>
        {head(record, title, subtitle.into_any())}
        {pool_form(record.link.id, asked, &SentForm::default())}
        <Figures list=figures(record, &answer, request.pool.places())/>
        {parts}
        {refs_drawn_on(&answer)}
        {answer.signals.as_ref().map(|shown| view! {
            <section aria-labelledby="signals-h">
                <h2 id="signals-h">"Signals of the link"</h2>
                {signals(shown)}
            </section>
        })}
        {tried}
        {policies(record, drawn, request, &answer)}
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
    let principals = if request.pay_principals { r#", "pay_principals": true"# } else { "" };
    let (pool, policy) = (request.pool.amount(), request.policy.name());
    format!(r#"{{"payout_pool": {pool}, "policy": "{policy}"{currency}{principals}}}"#)
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
/// carry too much, and where the islands' bundle was not built: there they ask the server.
fn what_if(
    record: &LinkRecord,
    asked: &Asked,
    request: &PayoutRequest,
    policy: &Policy,
    rows: usize,
) -> Result<AnyView, Error> {
    let link = serde_json::to_string(record).map_err(unwritten)?;
    let (pool, id) = (&request.pool, record.link.id);
    let trial = asked.trial(policy, pool);
    let currency = pool.currency().map(str::to_owned);
    let (path, back) =
        (format!("/links/{id}/payout"), format!("{}#what-if", preview_address(id, request, &[])));
    let sliders = if !site().bundle || rows > MOST_LIVE_ROWS || link.len() > MOST_LIVE_BYTES {
        let ground = Ground { policy: policy.clone(), record: record.clone(), places: pool.places() };
        let tried = (trial.units, trial.weights);
        let form = Form { units: pool.units(), currency, tried, path, back, live: false };
        what_if_form(ground, form).into_any()
    } else {
        let weights = Objective::ALL.map(|objective| trial.weights.get(objective).micros());
        view! {
            <Bundle/>
            <WhatIf
                policy=serde_json::to_string(policy).map_err(unwritten)?
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
