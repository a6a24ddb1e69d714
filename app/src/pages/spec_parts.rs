//! The parts of a spec's page: its head, its figures beside what was meant, and what is missing.

use crate::components::copy::Copyable;
use crate::components::crumbs::Crumbs;
use crate::components::lines::prose;
use crate::components::pair::{Side, pair};
use crate::components::time::Time;
use crate::components::url::{address, encoded, idea_page, spec_page};
use crate::shared::number::{counted, fixed, places_of, signed};
use domain::money::Ratio;
use domain::report::SpecReport;
use domain::spec::{CostSource, Missing, MissingKind, SpecCard, SpecContent};
use leptos::prelude::*;

/// What the spec is, where it comes from and where machines find it.
pub(crate) fn header(report: &SpecReport, live: AnyView) -> AnyView {
    let card = &report.card;
    let api = format!("/api/spec-registry/{}", encoded(&card.spec_id));
    let idea = card.idea_id.clone().map(|idea| {
        view! { <div><dt>"Idea"</dt><dd><a href=idea_page(&idea)>{idea.clone()}</a></dd></div> }
    });
    let edit = card.registered.then(|| {
        let href = format!("{}/edit", spec_page(&card.spec_id));
        view! { <p class="actions"><a class="button slim" href=href>"Edit spec"</a></p> }
    });
    let edited = (card.version > 1).then(|| {
        let version = format!(", version {}", card.version);
        view! { <div><dt>"Edited"</dt><dd><Time at=card.updated_at/>{version}</dd></div> }
    });
    view! {
        <header class="head">
            <div>
                <Crumbs above=vec![("Specs".into(), "/specs".into())] here=card.spec_id.clone()/>
                <h1>{card.name().to_owned()}</h1>
                <dl class="facts">
                    <div><dt>"Spec id"</dt><dd><Copyable text=card.spec_id.clone() what="spec id"/></dd></div>
                    {idea}
                    <div><dt>"Inventory source"</dt><dd>{card.inventory_source.name()}</dd></div>
                    <div>
                        <dt>"Spec API"</dt>
                        <dd><a href=api.clone()><code>{api.clone()}</code></a></dd>
                    </div>
                    <div>
                        <dt>{if card.registered { "Registered" } else { "First named" }}</dt>
                        <dd><Time at=card.created_at/></dd>
                    </div>
                    {edited}
                </dl>
            </div>
            <div>
                {live}
                {edit}
            </div>
        </header>
    }
    .into_any()
}

/// What is missing, each with the way to close it.
pub(crate) fn missing(report: &SpecReport) -> Option<AnyView> {
    let card = &report.card;
    let link = report.people.first();
    let edit = |field: &str| format!("{}/edit#field-{field}", spec_page(&card.spec_id));
    let way = |kind: MissingKind| match (kind, link) {
        (MissingKind::Registration, _) => address("/specs/new", &[("spec_id", &card.spec_id)]),
        (MissingKind::ContributorLinkage, _) if card.totals.link_count > 0 => "#contribute".to_owned(),
        (MissingKind::ValueSignal, Some(link)) => format!("/links/{link}#append"),
        (MissingKind::ContributorLinkage | MissingKind::ValueSignal, _) => "/links/new".to_owned(),
        (MissingKind::Implementation | MissingKind::Evidence, _) if !card.registered => {
            address("/specs/new", &[("spec_id", &card.spec_id)])
        }
        (MissingKind::Implementation, _) => edit("implementation_refs"),
        (MissingKind::Evidence, _) => edit("evidence_refs"),
    };
    let item = |missing: Missing| {
        let (href, label) = (way(missing.kind), missing.action.label);
        view! { <li>{missing.message}". "<a href=href>{label}</a>"."</li> }
    };
    let missing = report.missing();
    (!missing.is_empty()).then(|| {
        view! {
            <section class="notice warn" aria-labelledby="missing-h">
                <h2 id="missing-h">"What is missing"</h2>
                <ul>{missing.into_iter().map(item).collect::<Vec<_>>()}</ul>
            </section>
        }
        .into_any()
    })
}

/// Value, cost and return: what was meant beside what came of it.
pub(crate) fn figures(card: &SpecCard) -> AnyView {
    let value = card.totals.actual_value;
    let values = places_of([card.potential_value, value, card.value_gap()], 2);
    let costs = places_of([card.estimated_cost, card.actual_cost(), card.cost_gap()], 2);
    let side = |label, length: i128, text| Side { label, length, text };
    let cost_mood = match card.cost_gap().micros() {
        ..0 => "good",
        0 => "",
        1.. => "bad",
    };
    let (estimated, actual) = (card.estimated_roi(), card.actual_roi());
    let roi_gap = Ratio::from_parts(actual.parts().saturating_sub(estimated.parts()));
    let source = match card.actual_cost_source() {
        CostSource::Given => "Actual cost as given.".to_owned(),
        CostSource::Links => {
            format!("Actual cost is the sum over {}.", counted(card.totals.link_count, "link"))
        }
    };
    let events = counted(card.totals.event_count, "event");
    let caption = format!("Actual value is measured by {events} on its lineage links. {source}");
    view! {
        <section aria-labelledby="figures-h">
            <h2 id="figures-h">"Potential against actual"</h2>
            <p class="sub">{caption}</p>
            <div class="pairs">
                {pair(
                    "Value",
                    [
                        side("Potential value", card.potential_value.micros().into(), fixed(card.potential_value, values)),
                        side("Actual value", value.micros().into(), fixed(value, values)),
                    ],
                    ("Value gap", fixed(card.value_gap(), values), ""),
                )}
                {pair(
                    "Cost",
                    [
                        side("Estimated cost", card.estimated_cost.micros().into(), fixed(card.estimated_cost, costs)),
                        side("Actual cost", card.actual_cost().micros().into(), fixed(card.actual_cost(), costs)),
                    ],
                    ("Cost gap", signed(card.cost_gap(), costs), cost_mood),
                )}
                {pair(
                    "Return",
                    [
                        side("Estimated ROI", estimated.parts(), fixed(estimated, 4)),
                        side("Actual ROI", actual.parts(), fixed(actual, 4)),
                    ],
                    ("Difference", signed(roi_gap, 4), ""),
                )}
            </div>
        </section>
    }
    .into_any()
}

/// What is written of the spec.
pub(crate) fn summaries(content: &SpecContent) -> Option<AnyView> {
    let parts: Vec<AnyView> = [
        prose("Summary", &content.summary),
        prose("Process", &content.process_summary),
        prose("Pseudocode", &content.pseudocode_summary),
        prose("Implementation", &content.implementation_summary),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| {
        view! {
            <section aria-labelledby="summaries-h">
                <h2 id="summaries-h">"Summaries"</h2>
                <div class="summaries">{parts}</div>
            </section>
        }
        .into_any()
    })
}
