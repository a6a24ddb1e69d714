//! What the implementation refs of a link lead to, and what that was proposed to cost.

use crate::components::scroll::{cell_name, table_region};
use crate::components::time::Time;
use crate::components::url::{claim_page, contributor_page};
use crate::pages::contributor_parts::{shown_title, unit_page};
use crate::shared::number::{amount, counted, percent};
use domain::contribution::{CostEvidence, LinkCost, RefStatus};
use domain::link::LineageLink;
use domain::report::{ResolvedRef, ResolvedRefs};
use leptos::prelude::*;

/// Refs in the table; the API has all of them.
const SHOWN: usize = 50;

/// The refs with what each leads to; nothing where none leads to anything that was imported.
pub(crate) fn link_refs(link: &LineageLink, resolved: &ResolvedRefs) -> Option<AnyView> {
    let leads = |of: &&ResolvedRef| of.status == RefStatus::Resolved || of.status == RefStatus::Ambiguous;
    let found = resolved.refs.iter().filter(leads).count();
    if found == 0 && link.cost.is_none() {
        return None;
    }
    let all = resolved.refs.len();
    let caption = format!("{found} of {} lead to what was imported", counted(all as i64, "ref"));
    let rows: Vec<_> = resolved.refs.iter().take(SHOWN).map(row).collect();
    Some(
        view! {
            <section id="refs" class="span" aria-labelledby="refs-h">
                <h2 id="refs-h">"What was built"</h2>
                {link.cost.as_ref().map(|cost| cost_words(link, cost))}
                {table_region(
                    "refs-cap",
                    caption,
                    view! {
                        <thead>
                            <tr>
                                <th scope="col">"Ref"</th>
                                <th scope="col">"Leads to"</th>
                                <th scope="col" class="wide-only">"Merged"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    },
                )}
            </section>
        }
        .into_any(),
    )
}

fn row(of: &ResolvedRef) -> AnyView {
    let units = of.units.iter().map(|unit| {
        let by = unit.proposer.clone().map(|handle| {
            view! { <span class="cell-sub">"by "<a href=contributor_page(&handle)>{handle.clone()}</a></span> }
        });
        view! { <a class="cell-main" href=unit_page(&unit.id)>{shown_title(&unit.title)}</a>{by} }
    });
    let claims = of.claims.iter().map(|claim| {
        view! { <a class="cell-main" href=claim_page(&claim.slug)>{claim.title.clone()}</a><span class="cell-sub">"claim"</span> }
    });
    let message = (of.status != RefStatus::Resolved)
        .then(|| view! { <span class="muted">{of.message.clone().unwrap_or_default()}</span> });
    let merged = of.units.first().map(|unit| view! { <Time at=unit.merged_at day_only=true/> });
    view! {
        <tr>
            <th scope="row">{cell_name(&of.reference)}</th>
            <td>{units.collect::<Vec<_>>()}{claims.collect::<Vec<_>>()}{message}</td>
            <td class="wide-only">{merged}</td>
        </tr>
    }
    .into_any()
}

/// How the cost is known, in a sentence: what was filed, and what the changes propose.
fn cost_words(link: &LineageLink, cost: &LinkCost) -> AnyView {
    let known = match cost.evidence {
        CostEvidence::Receipt => format!("on record as {}", cost.receipt.clone().unwrap_or_default()),
        CostEvidence::FullShape => "proposed from the changes".to_owned(),
        CostEvidence::PartialShape => {
            "proposed from the changes, of which not all lines are counted".to_owned()
        }
        CostEvidence::Submitted => "submitted by whoever filed the link".to_owned(),
    };
    let proposed =
        cost.proposed.as_ref().filter(|proposed| proposed.cost != link.estimated_cost).map(|proposed| {
            format!(
                " {} propose {} by {}, {} % sure; both are kept.",
                counted(proposed.changes, "change"),
                amount(proposed.cost),
                proposed.model,
                percent(proposed.confidence, 0)
            )
        });
    view! {
        <p class="sub">
            {format!("The cost of {} is {known}, {} % sure.", amount(link.estimated_cost), percent(cost.confidence, 0))}
            {proposed}
        </p>
    }
    .into_any()
}
