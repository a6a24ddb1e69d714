//! Contributors of one kind as a table.

use crate::components::bar::bar;
use crate::components::roles::role_bar;
use crate::components::url::contributor_under;
use crate::pages::contributors::{list_address, share_text};
use crate::shared::number::{count, fixed, places_of, quiet_fraction};
use domain::contribution::{ContributorKind, ContributorQuery, ContributorSort, PerRole, Role};
use domain::money::Index;
use domain::page::Order;
use domain::report::{AgentScore, ScoredContributor};
use leptos::prelude::*;

/// Places of an index in a table at the most; the profile has all of them.
const MOST_PLACES: u32 = 3;

/// Contributors of one kind, in the order of the list.
pub(crate) fn contributors_table(
    query: &ContributorQuery,
    kind: ContributorKind,
    caption: &'static str,
    items: &[&ScoredContributor],
) -> AnyView {
    let places = places_of(items.iter().map(|item| item.score), 2).min(MOST_PLACES);
    let most = items.iter().map(|item| item.score.micros()).max().unwrap_or(0).max(1);
    let person = kind == ContributorKind::Person;
    let rows: Vec<AnyView> = items.iter().flat_map(|item| rows(query, item, person, places, most)).collect();
    let id = format!("{}-cap", kind.name());
    let head = |sort, label, class| head(query, sort, label, class);
    let parts = person.then(|| {
        view! {
            <th scope="col" class="num wide-only">"Own"</th>
            <th scope="col" class="num wide-only">"From agents"</th>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-labelledby=id.clone()>
            <table>
                <caption id=id.clone()>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num">"Rank"</th>
                        {head(ContributorSort::Handle, "Contributor", "")}
                        <th scope="col" class="cell-bar roomy">"Roles"</th>
                        {parts}
                        {head(ContributorSort::Ci, "CI", "num")}
                        <th scope="col" class="num">"Share"</th>
                        {head(ContributorSort::Credits, "Credits", "num wide-only")}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A column's head: sorts by it, or turns the order around.
fn head(
    query: &ContributorQuery,
    sort: ContributorSort,
    label: &'static str,
    class: &'static str,
) -> AnyView {
    // Names are read from A on.
    let first = if sort == ContributorSort::Handle { Order::Asc } else { Order::Desc };
    let (state, order) = match (query.sort == sort, query.order) {
        (true, Order::Desc) => (Some("descending"), Order::Asc),
        (true, Order::Asc) => (Some("ascending"), Order::Desc),
        (false, _) => (None, first),
    };
    view! {
        <th scope="col" class=class aria-sort=state>
            <a class="sort" href=list_address(query, sort, order, "")>{label}</a>
        </th>
    }
    .into_any()
}

fn rows(
    query: &ContributorQuery,
    item: &ScoredContributor,
    person: bool,
    places: u32,
    most: i64,
) -> Vec<AnyView> {
    let parts = PerRole::from_fn(|role: Role| item.roles.get(role).ci.micros());
    let index = |index: Index| quiet_fraction(&fixed(index, places));
    let own = person.then(|| {
        view! {
            <td class="num wide-only">{index(item.own)}</td>
            <td class="num wide-only">{index(item.from_agents)}</td>
        }
    });
    let words = [
        (item.name != item.handle).then(|| item.name.clone()),
        item.principal.as_ref().map(|principal| format!("works for {principal}")),
        (!item.kind_decided).then(|| "kind assumed".to_owned()),
    ];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let row = view! {
        <tr>
            <td class="num">{count(item.rank)}</td>
            <th scope="row">
                <a class="cell-main" href=contributor_under(&item.handle, &query.weights.name)>{item.handle.clone()}</a>
                {(!words.is_empty()).then(|| view! { <span class="cell-sub">{words}</span> })}
            </th>
            <td class="cell-bar roomy">{role_bar(&parts, most)}<span class="vh">{told(item)}</span></td>
            {own}
            <td class="num">{index(item.score)}</td>
            <td class="num">{share_text(item.share)}</td>
            <td class="num wide-only">{count(item.credits)}</td>
        </tr>
    };
    std::iter::once(row.into_any())
        .chain(item.agents.iter().map(|agent| agent_row(query, agent, places, most)))
        .collect()
}

/// The roles of a bar in words.
fn told(item: &ScoredContributor) -> String {
    let told = Role::ALL.into_iter().filter_map(|role| {
        let credits = item.roles.get(role).credits + item.roles.get(role).agent_credits;
        (credits != 0).then(|| format!("{} {}", count(credits), role.label().to_lowercase()))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// An agent beneath the person that it works for. Its part is in their CI already, so it has no rank and no share.
fn agent_row(query: &ContributorQuery, agent: &AgentScore, places: u32, most: i64) -> AnyView {
    let ended = (!agent.current).then(|| view! { <span class="cell-sub">"worked for them"</span> });
    view! {
        <tr class="beneath">
            <td></td>
            <th scope="row">
                <a class="cell-name" href=contributor_under(&agent.handle, &query.weights.name)>{agent.handle.clone()}</a>
                {ended}
            </th>
            <td class="cell-bar roomy">{bar(agent.score.micros() as f64 / most as f64, "")}</td>
            <td class="num wide-only"></td>
            <td class="num wide-only">{quiet_fraction(&fixed(agent.score, places))}</td>
            <td class="num"></td>
            <td class="num"></td>
            <td class="num wide-only">{count(agent.credits)}</td>
        </tr>
    }
    .into_any()
}
