//! What would it be with another pool, or other weights? Computed by the same engine as the server's answer.

#![allow(missing_docs, reason = "the island macro writes a struct that cannot be given a comment")]

use crate::shared::chip::chip;
use crate::shared::number::{amount, fixed, signed, split, whole};
use crate::shared::order::largest_first;
use crate::shared::slide::{Slide, objective_name, read_units, read_weight};
use domain::decimal;
use domain::link::LinkRecord;
use domain::money::{Amount, Weight};
use domain::payout::{PayoutPreview, Pool, preview};
use domain::policy::{Objective, PerObjective, Policy};
use leptos::prelude::*;

/// Rows that are shown, largest first.
const SHOWN: usize = 24;

/// What everything is computed from.
pub(crate) struct Ground {
    /// The policy.
    pub policy: Policy,
    /// The link with its totals.
    pub record: LinkRecord,
    /// The places of one unit of the pool.
    pub places: u32,
}

impl Ground {
    fn preview(&self, units: u64, weights: PerObjective<Weight>) -> PayoutPreview {
        let policy = Policy { objective_weights: weights, ..self.policy.clone() };
        preview(&policy, &self.record, &Pool::of_units(units, self.places, None))
    }
}

/// What the sliders stand at.
#[derive(Clone, Copy)]
struct Trial {
    units: RwSignal<u64>,
    weights: PerObjective<RwSignal<Weight>>,
}

impl Trial {
    fn weights(&self) -> PerObjective<Weight> {
        PerObjective::from_fn(|objective| self.weights.get(objective).get())
    }

    fn set(&self, units: u64, weights: PerObjective<Weight>) {
        self.units.set(units);
        for objective in Objective::ALL {
            self.weights.get(objective).set(*weights.get(objective));
        }
    }
}

/// Sliders for the pool and the weights, and what they would make of each row, beside the policy's answer.
#[island]
pub fn WhatIf(
    /// The policy as JSON.
    policy: String,
    /// The link with its totals as JSON.
    record: String,
    /// The pool in units of its resolution.
    units: u64,
    /// The places of one unit.
    places: u32,
    /// The pool's currency.
    currency: Option<String>,
    /// The pool that is tried first.
    tried_units: u64,
    /// The weights that are tried first, in millionths and in the order of the objectives.
    tried_weights: Vec<i64>,
    /// The path of this page.
    path: String,
    /// The address of this page without anything tried.
    back: String,
) -> impl IntoView {
    let (Ok(policy), Ok(record)) = (serde_json::from_str::<Policy>(&policy), serde_json::from_str(&record))
    else {
        return view! { <p class="sub">"What-ifs are not available here."</p> }.into_any();
    };
    let tried = |objective: Objective| {
        tried_weights
            .get(objective as usize)
            .map_or(*policy.objective_weights.get(objective), |&micros| Weight::from_micros(micros))
    };
    let tried = (tried_units, PerObjective::from_fn(tried));
    let form = Form { units, currency, tried, path, back, live: true };
    what_if(Ground { policy, record, places }, form).into_any()
}

/// What the form of sliders is made from, besides what everything is computed from.
pub(crate) struct Form {
    /// The pool in units of its resolution.
    pub units: u64,
    /// The pool's currency.
    pub currency: Option<String>,
    /// The pool and the weights that are tried first.
    pub tried: (u64, PerObjective<Weight>),
    /// The path of this page.
    pub path: String,
    /// The address of this page without anything tried.
    pub back: String,
    /// Whether the sliders answer by themselves, where there is JavaScript.
    pub live: bool,
}

/// The same without an island: the form asks the server, with JavaScript too.
pub(crate) fn what_if(ground: Ground, form: Form) -> impl IntoView {
    let Form { units, currency, tried, path, back, live } = form;
    let (policy, places) = (&ground.policy, ground.places);
    let own = policy.objective_weights;
    let trial = Trial {
        units: RwSignal::new(tried.0),
        weights: PerObjective::from_fn(|objective| RwSignal::new(*tried.1.get(objective))),
    };
    let hidden = [
        ("pool", Some(decimal::print(i128::from(units), places))),
        ("currency", currency),
        ("policy", Some(policy.name.clone())),
    ];
    let answer = ground.preview(units, own);
    let ground = StoredValue::new(ground);
    let what_if =
        Memo::new(move |_| ground.with_value(|ground| ground.preview(trial.units.get(), trial.weights())));
    let hidden =
        hidden.map(|(name, value)| value.map(|value| view! { <input type="hidden" name=name value=value/> }));
    let weights = Objective::ALL.map(|objective| weight_slider(objective, *own.get(objective), trial));
    view! {
        <div class="what-if">
            <form class="sliders" method="get" action=format!("{path}#what-if") autocomplete="off" aria-label="What if">
                {hidden.into_iter().collect::<Vec<_>>()}
                {pool_slider(units, places, trial)}
                {weights.into_iter().collect::<Vec<_>>()}
                <div class="actions">
                    <button class=if live { "button slim no-js" } else { "button slim" } type="submit">"Recompute"</button>
                    <a class="button slim" href=back on:click=move |event| {
                        event.prevent_default();
                        trial.set(units, own);
                    }>"Back to the policy"</a>
                </div>
            </form>
            {table(&answer, what_if, places)}
        </div>
    }
}

fn pool_slider(units: u64, places: u32, trial: Trial) -> impl IntoView {
    let Slide { min, max, step } = Slide::of_pool(units, places);
    let text = move || decimal::print(i128::from(trial.units.get()), places);
    let shown = move || {
        let pool = Pool::of_units(trial.units.get(), places, None);
        amount(pool.amount())
    };
    let moved = move |event| {
        if let Some(units) = read_units(&event_target_value(&event), places) {
            trial.units.set(units);
        }
    };
    view! {
        <div class="slider">
            <label for="wi-pool">"Pool"</label>
            <input
                type="range" id="wi-pool" name="wi_pool" min=min max=max step=step
                value=text() prop:value=text on:input=moved
            />
            <output for="wi-pool" aria-live="off">{shown}</output>
        </div>
    }
}

fn weight_slider(objective: Objective, own: Weight, trial: Trial) -> impl IntoView {
    let Slide { min, max, step } = Slide::of_weight(own);
    let id = format!("wi-{}", objective_name(objective));
    let weight = *trial.weights.get(objective);
    let text = move || weight.get().to_string();
    let moved = move |event| {
        if let Some(read) = read_weight(&event_target_value(&event)) {
            weight.set(read);
        }
    };
    view! {
        <div class="slider">
            <label for=id.clone()>{objective.label()}</label>
            <input
                type="range" id=id.clone() name=format!("wi_{}", objective_name(objective))
                min=min max=max step=step value=text() prop:value=text on:input=moved
            />
            <output for=id aria-live="off">{move || whole(weight.get(), 2)}</output>
        </div>
    }
}

fn table(answer: &PayoutPreview, what_if: Memo<PayoutPreview>, places: u32) -> impl IntoView + use<> {
    let order = largest_first(answer).into_iter().take(SHOWN);
    let rows: Vec<_> = order.map(|at| row(answer, at, what_if, places)).collect();
    let words = if answer.payouts.len() > SHOWN {
        format!(
            "Amounts under the policy, and what if: the {SHOWN} largest of {} rows.",
            answer.payouts.len()
        )
    } else {
        "Amounts under the policy, and what if.".to_owned()
    };
    let caption = move || match what_if.with(|preview| preview.unallocated) {
        Amount::ZERO => words.clone(),
        left => format!("With these weights nobody is paid: all of {} is unallocated.", fixed(left, places)),
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby="what-if-cap">
            <table>
                <caption id="what-if-cap">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Contributor"</th>
                        <th scope="col" class="num wide-only">"Policy"</th>
                        <th scope="col" class="num">"What if"</th>
                        <th scope="col" class="num">"Delta"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(
    answer: &PayoutPreview,
    at: usize,
    what_if: Memo<PayoutPreview>,
    places: u32,
) -> impl IntoView + use<> {
    let row = &answer.payouts[at];
    let own = row.amount;
    let tried = Memo::new(move |_| what_if.with(|preview| preview.payouts[at].amount));
    let parts = move || split(&fixed(tried.get(), places));
    let delta = move || Amount::from_micros(tried.get().micros() - own.micros());
    let class = move || match delta().micros() {
        ..0 => "num down",
        0 => "num",
        1.. => "num up",
    };
    let (whole, fraction) = split(&fixed(own, places));
    view! {
        <tr>
            <th scope="row">{chip(row.role, &row.contributor)}</th>
            <td class="num wide-only">{whole}<span class="frac">{fraction}</span></td>
            <td class="num">{move || parts().0}<span class="frac">{move || parts().1}</span></td>
            <td class=class>{move || signed(delta(), places)}</td>
        </tr>
    }
}
