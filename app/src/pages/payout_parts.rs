//! The parts of a payout page around its rows.

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::field::{Problem, field_id};
use crate::components::figures::Figure;
use crate::components::scroll::{table_region, twin};
use crate::context::SentForm;
use crate::pages::payout_request::Asked;
use crate::shared::chip::{chip, stage_chip};
use crate::shared::number::{amount, count, counted, fixed, quiet_fraction, whole};
use crate::shared::order::largest_first;
use domain::contribution::Role;
use domain::id::LinkId;
use domain::link::LinkRecord;
use domain::payout::{Contributions, PaidFor, PayoutPolicy, PayoutPreview, PayoutRequest, preview_under};
use domain::policy::{Objective, Policy};
use domain::stage::Stage;
use leptos::prelude::*;

/// Currencies that are offered; any other of ISO 4217 may be typed.
const CURRENCIES: [&str; 5] = ["EUR", "USD", "GBP", "CHF", "JPY"];
/// The fields of the form that asks for a preview.
pub(crate) const POOL_FIELDS: [&str; 3] = ["pool", "currency", "policy"];
/// Rows of each policy that are set beside one another.
const COMPARED: usize = 24;
/// Characters of a hash that are shown.
const SHOWN_HASH: usize = 19;

/// The head of the page.
pub(crate) fn head(record: &LinkRecord, title: String, subtitle: AnyView) -> AnyView {
    let link = &record.link;
    let above =
        vec![("Links".into(), "/links".into()), (link.idea_id.clone(), format!("/links/{}", link.id))];
    view! {
        <header class="head">
            <div>
                <Crumbs above=above here="Payout preview"/>
                <h1>{title}</h1>
                <p class="sub">{subtitle}</p>
            </div>
        </header>
    }
    .into_any()
}

/// Asks for pool, currency and policy.
pub(crate) fn pool_form(link: LinkId, asked: &Asked, form: &SentForm) -> AnyView {
    let policy = |policy: &PayoutPolicy| {
        let name = policy.name().to_owned();
        let selected = name == asked.policy;
        view! { <option selected=selected>{name}</option> }
    };
    let known = CURRENCIES.map(|code| view! { <option value=code></option> });
    let [pool, currency, chosen] = POOL_FIELDS.map(|name| Problem::of(form, name));
    let [pool_id, currency_id, policy_id] = POOL_FIELDS.map(field_id);
    view! {
        <form
            class="bar-form top" method="get" action=format!("/links/{link}/payout") aria-label="Preview"
            autocomplete="off"
        >
            <div class="field">
                <label for=pool_id.clone()>"Pool"</label>
                <input
                    class="input num" id=pool_id.clone() name="pool" inputmode="decimal" autocomplete="off" required=true
                    value=asked.pool.clone() aria-invalid=pool.mark() aria-describedby=pool.described_by(&pool_id, false)
                />
                {pool.show(&pool_id)}
            </div>
            <div class="field">
                <label for=currency_id.clone()>"Currency"<span class="opt">" optional"</span></label>
                <input
                    class="input" id=currency_id.clone() name="currency" list="currencies" autocomplete="off" maxlength="3"
                    placeholder="None, 4 decimals" value=asked.currency.clone()
                    aria-invalid=currency.mark() aria-describedby=currency.described_by(&currency_id, false)
                />
                <datalist id="currencies">{known.into_iter().collect::<Vec<_>>()}</datalist>
                {currency.show(&currency_id)}
            </div>
            <div class="field">
                <label for=policy_id.clone()>"Policy"</label>
                <select
                    class="input" id=policy_id.clone() name="policy"
                    aria-invalid=chosen.mark() aria-describedby=chosen.described_by(&policy_id, false)
                >
                    {PayoutPolicy::all().iter().map(policy).collect::<Vec<_>>()}
                </select>
                {chosen.show(&policy_id)}
            </div>
            <div class="check">
                <input
                    type="checkbox" id="pay_principals" name="pay_principals" value="true"
                    checked=asked.pay_principals
                />
                <label for="pay_principals" title="Counts under contribution-index-v1">"Pay principals for their agents"</label>
            </div>
            <button class="button primary" type="submit">"Preview payout"</button>
        </form>
    }
    .into_any()
}

/// The link in figures, and what of the pool is shared.
pub(crate) fn figures(record: &LinkRecord, answer: &PayoutPreview, places: u32) -> Vec<Figure> {
    let (totals, page) = (&record.totals, format!("/links/{}", record.link.id));
    let evidence =
        format!("{}, {}", counted(totals.source_count, "source"), counted(totals.metric_count, "metric"));
    let shared =
        domain::money::Amount::from_micros(answer.payout_pool.micros() - answer.unallocated.micros());
    vec![
        Figure::new(
            "Measured value",
            amount(answer.measured_value_total),
            format!("{page}#events"),
            format!("from {}", counted(totals.event_count, "event")),
        ),
        Figure::new("Estimated cost", amount(answer.estimated_cost), page.clone(), "as filed"),
        Figure::new("ROI", fixed(answer.roi_ratio, 4), format!("{page}#value"), "value ÷ cost"),
        Figure::new("Events", count(totals.event_count), format!("{page}#events"), evidence),
        if answer.unallocated.micros() > 0 {
            Figure::new("Unallocated", fixed(answer.unallocated, places), "#main", "the whole pool")
        } else {
            Figure::new("Shared", fixed(shared, places), "#rows", "to the last unit")
        },
    ]
}

/// Why nothing is shared, and what to do.
pub(crate) fn unallocated(answer: &PayoutPreview) -> AnyView {
    if let Some(message) = answer.drawn_on.as_ref().and_then(|drawn_on| drawn_on.message.clone()) {
        return view! {
            <div class="notice warn">
                <h2>"The whole pool is unallocated"</h2>
                <p>{message}</p>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="notice warn">
            <h2>"The whole pool is unallocated"</h2>
            <p>
                {format!("Under {} no row of this link can receive an amount: nobody is named for a ", answer.policy)}
                "stage that it pays, or no energy was invested there. "
                <a href="/links/new">"File a link"</a>
                " that names at least one contributor, or choose another policy."
            </p>
        </div>
    }
    .into_any()
}

/// The same pool under every policy, and the weights of the one chosen.
pub(crate) fn policies(
    record: &LinkRecord,
    drawn: &Contributions,
    request: &PayoutRequest,
    answer: &PayoutPreview,
) -> AnyView {
    let of_policy = |policy| preview_under(policy, record, &request.pool, drawn, request.pay_principals);
    let answers: Vec<PayoutPreview> = PayoutPolicy::all().iter().map(of_policy).collect();
    let mut rows: Vec<(PaidFor, &str)> = Vec::new();
    for answer in std::iter::once(answer).chain(&answers) {
        let largest = largest_first(answer).into_iter().take(COMPARED);
        for row in largest.map(|at| &answer.payouts[at]) {
            if !rows.contains(&(row.role, &row.contributor)) {
                rows.push((row.role, &row.contributor));
            }
        }
    }
    let heads =
        answers.iter().map(|answer| view! { <th scope="col" class="num">{answer.policy.clone()}</th> });
    let places = request.pool.places();
    let row = |&(paid_for, name): &(PaidFor, &str)| -> AnyView {
        let cells = answers.iter().map(|answer| {
            let paid = answer.payouts.iter().find(|row| row.role == paid_for && row.contributor == name);
            match paid {
                Some(row) => {
                    view! { <td class="num">{quiet_fraction(&fixed(row.amount, places))}</td> }.into_any()
                }
                None => view! { <td class="num muted">"not paid"</td> }.into_any(),
            }
        });
        view! { <tr><th scope="row">{chip(paid_for, name)}</th>{cells.collect::<Vec<_>>()}</tr> }.into_any()
    };
    let table = (!rows.is_empty()).then(|| {
        table_region(
            "policies-cap",
            "Amounts of the same pool, row by row",
            view! {
                <thead><tr><th scope="col">"Contributor"</th>{heads.collect::<Vec<_>>()}</tr></thead>
                <tbody>{rows.iter().map(row).collect::<Vec<_>>()}</tbody>
            },
        )
    });
    view! {
        <section aria-labelledby="policies-h">
            <h2 id="policies-h">"Policies side by side"</h2>
            <p class="sub">
                "A policy’s weights never change under its name. This one’s hash: "
                <Copyable text=short_hash(&answer.policy_hash) copied=answer.policy_hash.clone() what="policy hash"/>
            </p>
            {table}
            {twin("The weights of the policy", weights(request.policy))}
        </section>
    }
    .into_any()
}

fn short_hash(hash: &str) -> String {
    hash.chars().take(SHOWN_HASH).chain(['…']).collect()
}

fn weights(policy: &PayoutPolicy) -> AnyView {
    match policy {
        PayoutPolicy::Energy(policy) => weights_of_energy(policy),
        PayoutPolicy::Index(policy) => {
            let role = |role: Role| {
                let weight = whole(*policy.weights().get(role), 2);
                view! { <tr><th scope="row">{stage_chip(role)}</th><td class="num">{weight}</td></tr> }
            };
            view! {
                <table>
                    <caption>{format!("Weights of {}: those of {}.", policy.name, policy.weight_set.name)}</caption>
                    <thead><tr><th scope="col">"Role"</th><th scope="col" class="num">"Weight"</th></tr></thead>
                    <tbody>{Role::ALL.map(role).into_iter().collect::<Vec<_>>()}</tbody>
                </table>
            }
            .into_any()
        }
        PayoutPolicy::Cost(policy) => {
            let words = format!(
                "Weight = cost × ({} + coherence). A change costs what {} says, and its coherence is taken to be {}.",
                policy.coherence_base,
                policy.model().name,
                policy.unknown_coherence,
            );
            view! { <p class="sub">{words}</p> }.into_any()
        }
    }
}

fn weights_of_energy(policy: &Policy) -> AnyView {
    let stage = |stage: Stage| {
        view! {
            <tr><th scope="row">{stage_chip(stage)}</th><td class="num">{whole(policy.stage_weight(stage), 2)}</td></tr>
        }
    };
    let objective = |objective: Objective| {
        let weight = *policy.objective_weights.get(objective);
        view! { <tr><th scope="row">{objective.label()}</th><td class="num">{whole(weight, 2)}</td></tr> }
    };
    view! {
        <table>
            <caption>{format!("Weights of {}. Stages are weighed against one another.", policy.name)}</caption>
            <thead><tr><th scope="col">"Stage or objective"</th><th scope="col" class="num">"Weight"</th></tr></thead>
            <tbody>
                {Stage::ALL.map(stage).into_iter().collect::<Vec<_>>()}
                {Objective::ALL.map(objective).into_iter().collect::<Vec<_>>()}
            </tbody>
        </table>
    }
    .into_any()
}
