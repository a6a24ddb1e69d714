//! The list of links as a table.

use crate::components::bar::roi_bar;
use crate::components::people::people_by_stage;
use crate::components::scroll::table_region;
use crate::components::sparkline::sparkline;
use crate::components::time::Time;
use crate::components::trace_shape::cut;
use crate::pages::links::list_address;
use crate::shared::number::{count, fixed, places_of, quiet_fraction};
use domain::page::{LinkQuery, LinkSort, LinksOf, Order};
use domain::report::ListedLink;
use leptos::prelude::*;

/// A page of links; the heads of its columns sort it.
pub(crate) fn links_table(query: &LinkQuery, links: &[ListedLink]) -> AnyView {
    let costs = places_of(links.iter().map(|listed| listed.record.link.estimated_cost), 2);
    let values = places_of(links.iter().map(|listed| listed.record.totals.measured_value_total), 2);
    let by_filing = query.sort == LinkSort::Created;
    let (touched, touched_label) =
        if by_filing { (LinkSort::Created, "Filed") } else { (LinkSort::Updated, "Last touched") };
    let row = |listed: &ListedLink| row(listed, query.of().map(|(of, _)| of), (costs, values), by_filing);
    table_region(
        "links-cap",
        caption(query),
        view! {
            <thead>
                <tr>
                    <th scope="col">{match query.of() {
                        None => "Idea and spec",
                        Some((LinksOf::Spec(_), _)) => "Link and idea",
                        Some((LinksOf::Idea(_), _)) => "Link and spec",
                    }}</th>
                    <th scope="col" class="wide-only">"People by stage"</th>
                    {head(query, LinkSort::Cost, "Cost", "num wide-only")}
                    {head(query, LinkSort::Value, "Value", "num")}
                    {head(query, LinkSort::Roi, "ROI", "num")}
                    <th scope="col" class="num wide-only">"Events"</th>
                    {head(query, touched, touched_label, "num roomy")}
                </tr>
            </thead>
            <tbody>{links.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

fn caption(query: &LinkQuery) -> String {
    let order = match (query.sort, query.order) {
        (LinkSort::Updated, Order::Desc) => "Last touched first",
        (LinkSort::Updated, Order::Asc) => "Longest untouched first",
        (LinkSort::Created, Order::Desc) => "Newest first",
        (LinkSort::Created, Order::Asc) => "Oldest first",
        (LinkSort::Value, Order::Desc) => "Most value first",
        (LinkSort::Value, Order::Asc) => "Least value first",
        (LinkSort::Cost, Order::Desc) => "Highest cost first",
        (LinkSort::Cost, Order::Asc) => "Lowest cost first",
        (LinkSort::Roi, Order::Desc) => "Highest ROI first",
        (LinkSort::Roi, Order::Asc) => "Lowest ROI first",
    };
    format!("{order}. Lines show how value grew; the mark on each ROI bar is break-even.")
}

/// A column's head: sorts by it, or turns the order around.
fn head(query: &LinkQuery, sort: LinkSort, label: &'static str, class: &'static str) -> AnyView {
    // The links of a spec or idea have one order.
    if query.of().is_some() && sort != LinkSort::Created {
        return view! { <th scope="col" class=class>{label}</th> }.into_any();
    }
    let sorted = query.sort == sort;
    let (state, order) = match (sorted, query.order) {
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

/// Characters of an id that a row has room for.
const SHOWN_ID: usize = 80;

fn row(
    listed: &ListedLink,
    of: Option<LinksOf<'_>>,
    (costs, values): (u32, u32),
    by_filing: bool,
) -> AnyView {
    let record = &listed.record;
    let (link, totals) = (&record.link, &record.totals);
    let (page, roi) = (format!("/links/{}", link.id), record.roi_ratio());
    // What all of them have in common tells none apart.
    let (main, sub) = match of {
        None => (cut(&link.idea_id, SHOWN_ID).into_any(), cut(&link.spec_id, SHOWN_ID)),
        Some(LinksOf::Spec(_)) => {
            (view! { <code>{link.id.to_string()}</code> }.into_any(), cut(&link.idea_id, SHOWN_ID))
        }
        Some(LinksOf::Idea(_)) => {
            (view! { <code>{link.id.to_string()}</code> }.into_any(), cut(&link.spec_id, SHOWN_ID))
        }
    };
    view! {
        <tr>
            <th scope="row">
                <a class="cell-main" href=page.clone()>{main}</a>
                <span class="cell-sub">{sub}</span>
            </th>
            <td class="wide-only">{people_by_stage(&link.contributors)}</td>
            <td class="num wide-only">{quiet_fraction(&fixed(link.estimated_cost, costs))}</td>
            <td class="num">
                {quiet_fraction(&fixed(totals.measured_value_total, values))}
                {sparkline(&listed.days, totals.measured_value_total)}
            </td>
            <td class="num">{fixed(roi, 4)}{roi_bar(roi.parts() as f64 / 10_000.0)}</td>
            <td class="num wide-only"><a href=format!("{page}#events")>{count(totals.event_count)}</a></td>
            <td class="num roomy">
                <Time at=if by_filing { link.created_at } else { link.updated_at } day_only=true/>
            </td>
        </tr>
    }
    .into_any()
}
