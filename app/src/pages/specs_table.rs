//! Specs as a table: what they should bring and cost beside what they did.

use crate::components::bar::{bar, roi_bar};
use crate::components::scroll::table_region;
use crate::components::url::spec_page;
use crate::pages::specs::list_address;
use crate::shared::number::{fixed, places_of, quiet_fraction, signed};
use domain::page::Order;
use domain::spec::{MissingKind, SpecCard, SpecQuery, SpecSort};
use leptos::prelude::*;

/// A page of specs; with a query, the heads of its columns sort it.
pub(crate) fn specs_table(query: Option<&SpecQuery>, specs: &[SpecCard]) -> AnyView {
    let values =
        specs.iter().flat_map(|card| [card.potential_value, card.totals.actual_value, card.value_gap()]);
    let places = (places_of(values, 2), places_of(specs.iter().map(SpecCard::cost_gap), 2));
    let most = specs.iter().map(|card| card.potential_value.max(card.totals.actual_value));
    let most = most.map(|value| value.micros()).max().unwrap_or(0).max(1);
    let row = |card: &SpecCard| row(card, places, most);
    let head = |sort, label, class| head(query, sort, label, class);
    table_region(
        "specs-cap",
        "Bars set actual value above potential, on one scale for the list. The mark on each ROI bar is break-even.",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Spec"</th>
                    {head(SpecSort::PotentialValue, "Potential", "num wide-only")}
                    {head(SpecSort::ActualValue, "Actual", "num")}
                    {head(SpecSort::ValueGap, "Value gap", "num")}
                    {head(SpecSort::CostGap, "Cost gap", "num wide-only")}
                    {head(SpecSort::EstimatedRoi, "Est. ROI", "num wide-only")}
                    {head(SpecSort::ActualRoi, "ROI", "num roomy")}
                </tr>
            </thead>
            <tbody>{specs.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

/// A column's head: sorts by it, or turns the order around.
fn head(query: Option<&SpecQuery>, sort: SpecSort, label: &'static str, class: &'static str) -> AnyView {
    let Some(query) = query else { return view! { <th scope="col" class=class>{label}</th> }.into_any() };
    let (state, order) = match (query.sort == sort, query.order) {
        (true, Order::Desc) => (Some("descending"), Order::Asc),
        (true, Order::Asc) => (Some("ascending"), Order::Desc),
        (false, _) => (None, Order::Desc),
    };
    view! {
        <th scope="col" class=class aria-sort=state>
            <a class="sort" href=list_address(query, sort, order, "")>{label}</a>
        </th>
    }
    .into_any()
}

fn row(card: &SpecCard, (values, costs): (u32, u32), most: i64) -> AnyView {
    let part = |value: i64| value as f64 / most as f64;
    let roi = card.actual_roi();
    // A stub is called by its id already.
    let id = (!card.title.is_empty()).then(|| card.spec_id.clone());
    let words: Vec<String> = id.into_iter().chain(card.idea_id.clone()).collect();
    view! {
        <tr>
            <th scope="row">
                <a class="cell-main" href=spec_page(&card.spec_id)>{card.name().to_owned()}</a>
                <span class="cell-sub">{words.join(" · ")}</span>
                {lacks(card)}
            </th>
            <td class="num wide-only">{quiet_fraction(&fixed(card.potential_value, values))}</td>
            <td class="num">
                {quiet_fraction(&fixed(card.totals.actual_value, values))}
                <span class="cell-bars">
                    {bar(part(card.totals.actual_value.micros()), "")}
                    {bar(part(card.potential_value.micros()), "meant")}
                </span>
            </td>
            <td class="num">{quiet_fraction(&fixed(card.value_gap(), values))}</td>
            <td class="num wide-only">{signed(card.cost_gap(), costs)}</td>
            <td class="num wide-only">{fixed(card.estimated_roi(), 4)}</td>
            <td class="num roomy">{fixed(roi, 4)}{roi_bar(roi.parts() as f64 / 10_000.0)}</td>
        </tr>
    }
    .into_any()
}

/// What is missing, in a few words.
fn lacks(card: &SpecCard) -> Option<AnyView> {
    let word = |kind: &MissingKind| match kind {
        MissingKind::Registration => "registration",
        MissingKind::ContributorLinkage => "contributors",
        MissingKind::Implementation => "implementation",
        MissingKind::Evidence => "evidence",
        MissingKind::ValueSignal => "value signal",
    };
    let missing = card.missing();
    let words: Vec<&str> = missing.iter().map(word).collect();
    (!words.is_empty())
        .then(|| view! { <span class="cell-sub lacks">"Missing: "{words.join(", ")}</span> }.into_any())
}
