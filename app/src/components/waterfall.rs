//! Why a row's amount is what it is, step by step.

use crate::components::chart_shape::rounded;
use crate::shared::chip::{chip, class};
use crate::shared::number::{amount, fixed, signed, whole};
use domain::decimal::{MICROS_PER_UNIT, divide_half_even};
use domain::money::{Amount, Factor};
use domain::payout::{PayoutPolicy, PayoutRow};
use domain::policy::EnergyFactor;
use leptos::prelude::*;

/// Credits, investments and changes of a row that are shown.
const SHOWN_PARTS: usize = 24;

/// What a pool and its policy say of every row.
#[derive(Clone, Copy)]
pub(crate) struct Ground {
    /// The pool.
    pub pool: Amount,
    /// The places of its resolution.
    pub places: u32,
    /// The policy.
    pub policy: &'static PayoutPolicy,
}

/// A row's explanation behind its amount; `id` is where the amount in the table points.
#[component]
pub(crate) fn Why(
    /// The row.
    row: PayoutRow,
    /// What it is a part of.
    ground: Ground,
    /// The id of the explanation.
    id: String,
    /// Whether it is open at first.
    open: bool,
) -> impl IntoView {
    let figure = fixed(row.amount, ground.places);
    let label = format!("Why {} gets {figure}", row.contributor);
    view! {
        <details class="why" name="why" open=open>
            <summary>{chip(row.role, &row.contributor)}<span class="num">{figure}</span></summary>
            <div class="scroll" tabindex="0" role="region" aria-label=label>
                <table class=format!("waterfall {}", class(row.role)) id=id>
                    <caption class="vh">
                        {format!("How the amount of {} for {} comes about", row.contributor, row.role.label())}
                    </caption>
                    <thead class="vh">
                        <tr><th scope="col">"Step"</th><th scope="col">"Picture"</th><th scope="col">"Result"</th></tr>
                    </thead>
                    <tbody>{terms(&row)}{parts(&row)}{steps(&row, ground)}</tbody>
                </table>
            </div>
        </details>
    }
}

/// What the row is made of, each with its bar where the one before ended; of a policy without objectives.
fn parts(row: &PayoutRow) -> AnyView {
    let whole_weight = row.explanation.weight.parts().max(1) as f64;
    let mut before = 0.0;
    let all = &row.explanation.parts;
    let parts: Vec<_> = all
        .iter()
        .take(SHOWN_PARTS)
        .map(|part| {
            let wide = part.weight.parts() as f64 / whole_weight * 100.0;
            let bar = step_bar(f64::min(before, 99.4), wide.max(0.6));
            before += wide;
            let by = (part.earned_by != row.contributor).then(|| format!("by {}", part.earned_by));
            let cost = part.cost.map(|cost| format!("cost {}", amount(cost)));
            let coherence = part.coherence.map(|coherence| format!("coherence {}", whole(coherence, 2)));
            let known = part.provenance.map(|provenance| provenance.name().replace('_', " "));
            let small: Vec<String> =
                [part.reference.clone(), by, known, cost, coherence].into_iter().flatten().collect();
            let name =
                part.claim.clone().or_else(|| part.title.clone()).unwrap_or_else(|| "Investment".into());
            view! {
                <tr>
                    <th scope="row">{name}" "<small>{small.join(", ")}</small></th>
                    <td class="step">{bar}</td>
                    <td class="num">{fixed(part.weight, 4)}</td>
                </tr>
            }
        })
        .collect();
    let more = (all.len() > SHOWN_PARTS).then(|| {
        view! { <tr><td colspan="3">{format!("and {} more, which the API has", all.len() - SHOWN_PARTS)}</td></tr> }
    });
    view! { {parts}{more} }.into_any()
}

/// The objectives, each with its bar where the one before ended, and their sum; nothing where there is none.
fn terms(row: &PayoutRow) -> AnyView {
    if row.explanation.objectives.is_empty() {
        return ().into_any();
    }
    let score = row.explanation.score.parts().max(1) as f64;
    let mut before = 0.0;
    let terms: Vec<_> = row
        .explanation
        .objectives
        .iter()
        .map(|term| {
            let part = term.share.parts() as f64 / score * 100.0;
            let bar = step_bar(f64::min(before, 99.4), part.max(0.6));
            before += part;
            let of = format!("{} × {}", fixed(term.signal, 4), whole(term.weight, 2));
            view! {
                <tr>
                    <th scope="row">{term.objective.label()}" "<small>{of}</small></th>
                    <td class="step">{bar}</td>
                    <td class="num">{fixed(term.share, 4)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        {terms}
        <tr class="sum">
            <th scope="row">"Score"</th>
            <td class="step">
                <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="total" width="100" height="12"></rect>
                </svg>
            </td>
            <td class="num">{fixed(row.explanation.score, 4)}</td>
        </tr>
    }
    .into_any()
}

fn step_bar(x: f64, width: f64) -> impl IntoView {
    view! {
        <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
            <rect x=rounded(x) width=rounded(width) height="12"></rect>
        </svg>
    }
}

/// From the score to the amount.
fn steps(row: &PayoutRow, ground: Ground) -> AnyView {
    let why = &row.explanation;
    let weighed = i128::from(why.stage_weight.micros()) * why.score.parts();
    let staged = Factor::from_parts(divide_half_even(weighed, i128::from(MICROS_PER_UNIT)));
    let energy = whole(row.energy_units, 1);
    let factor = fixed(why.energy_factor, 4);
    let (weight_step, energy_step, energy_words) = match ground.policy {
        PayoutPolicy::Energy(policy) => match policy.energy {
            EnergyFactor::SquareRoot => ("Stage weight", "√ energy", format!("× √{energy} = {factor}")),
            EnergyFactor::Linear => ("Stage weight", "Energy", format!("× {energy}")),
        },
        PayoutPolicy::Index(_) => ("Role weight", "Credits", format!("× {}", whole(row.energy_units, 0))),
        PayoutPolicy::Cost(_) => {
            ("Mean of base + coherence", "Cost", format!("× {}", fixed(why.energy_factor, 4)))
        }
    };
    let unit = Amount::from_micros(10_i64.pow(6 - ground.places));
    let steps = [
        (weight_step, format!("× {}", whole(why.stage_weight, 2)), fixed(staged, 4)),
        (energy_step, energy_words, fixed(why.weight, 4)),
        ("All rows together", format!("÷ {}", fixed(why.total_weight, 4)), fixed(row.effective_weight, 6)),
        ("Pool", format!("× {}", amount(ground.pool)), fixed(why.exact_amount, 6)),
        ("Rounding", format!("to {}", fixed(unit, ground.places)), signed(why.rounding, 6)),
    ];
    let step = |(name, operation, result): (&'static str, String, String)| {
        view! {
            <tr><th scope="row">{name}</th><td class="op">{operation}</td><td class="num">{result}</td></tr>
        }
    };
    view! {
        {steps.map(step).into_iter().collect::<Vec<_>>()}
        <tr class="sum">
            <th scope="row" colspan="2">{format!("{} gets", row.contributor)}</th>
            <td class="num">{fixed(row.amount, ground.places)}</td>
        </tr>
    }
    .into_any()
}
