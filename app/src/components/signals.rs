//! What a link as a whole looks like to a policy.

use crate::components::bar::bar;
use crate::shared::number::fixed;
use domain::money::Ratio;
use domain::payout::Signals;
use leptos::prelude::*;

/// The five signals of a link, each with what it says.
pub(crate) fn signals(signals: &Signals) -> AnyView {
    let list = [
        ("Coherence", signals.coherence, "How far value outweighs cost: ROI ÷ (1 + ROI)."),
        ("Energy flow", signals.energy_flow, "How much of the turnover is value: value ÷ (value + cost)."),
        (
            "Awareness",
            signals.awareness,
            "How varied the evidence is: distinct sources and metrics per event.",
        ),
        ("Friction", signals.friction, "Mean friction of all rows. Less is better."),
        ("Balance", signals.balance, "How evenly energy is spread over the stages."),
    ];
    let signal = |(name, ratio, meaning): (&'static str, Ratio, &'static str)| {
        view! {
            <div>
                <dt><span>{name}</span><span class="num">{fixed(ratio, 4)}</span></dt>
                <dd>{bar(ratio.parts() as f64 / 10_000.0, "")}</dd>
                <dd>{meaning}</dd>
            </div>
        }
    };
    view! { <dl class="signals">{list.map(signal).into_iter().collect::<Vec<_>>()}</dl> }.into_any()
}
