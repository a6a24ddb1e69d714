//! Who made us better, and by how much?

use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::pager::Pager;
use crate::components::roles::roles_legend;
use crate::components::title::PageTitle;
use crate::components::url::{address, contributor_page};
use crate::pages::contributors_table::contributors_table;
use crate::pages::{load, parameters, site, visit};
use crate::shared::number::{count, counted, fixed, percent};
use domain::contribution::{
    ContributorKind, ContributorQuery, ContributorSort, DEFAULT_WEIGHTS, IndexVersion, MergeProposal, Role,
    WeightSet, month_name,
};
use domain::page::{DEFAULT_LIMIT, MAX_SEARCH, Order, Parameters};
use domain::report::{self, ContributorList, KindTotal, ScoredContributor, ScoredUnder};
use leptos::prelude::*;

/// Proposals of merges that are shown.
const SHOWN_PROPOSALS: usize = 20;

/// `/contributors`: people ranked, with their agents beneath them; everybody else in tables of their own.
#[component]
pub(crate) fn ContributorsPage() -> impl IntoView {
    let (site, now) = (site(), visit().now);
    let sent =
        parameters(&["q", "kind", "weights", "version", "from", "to", "sort", "order", "limit", "cursor"]);
    load(async move {
        // A form sends its empty fields too.
        let sent: Vec<_> = sent.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query = ContributorQuery::read(&Parameters(&sent))?;
        let list = report::contributors(&*site.store, &query, now).await?;
        let proposals = site.store.merge_proposals().await?;
        let own = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
        Ok(content(&query, &list, &proposals, address("/contributors", &own)))
    })
}

/// What an index is, in a word.
pub(crate) const fn version_label(version: IndexVersion) -> &'static str {
    match version {
        IndexVersion::V1 => "v1, roles",
        IndexVersion::V2 => "v2, outcomes",
        IndexVersion::V3 => "v3, use",
    }
}

/// What an index counts, in a sentence.
pub(crate) const fn version_meaning(version: IndexVersion) -> &'static str {
    match version {
        IndexVersion::V1 => "One credit for each role in each merged change, times the role's weight.",
        IndexVersion::V2 => {
            "The same, each credit times what became of the work: whether it stands, is cited by others, or moved what it \
             challenged."
        }
        IndexVersion::V3 => {
            "Uses of claims, one for each session and day, fading by their half-life, shared among the claim's roles."
        }
    }
}

/// The address of the list with another order; the first page of it unless a cursor is given.
pub(crate) fn list_address(
    query: &ContributorQuery,
    sort: ContributorSort,
    order: Order,
    cursor: &str,
) -> String {
    let limit = if query.limit == DEFAULT_LIMIT { String::new() } else { query.limit.to_string() };
    let month = |month: Option<i64>| month.map(month_name).unwrap_or_default();
    let (from, to) = (month(query.from_month), month(query.to_month));
    let version = if query.version == IndexVersion::default() { "" } else { query.version.name() };
    let weights = if query.weights.name == DEFAULT_WEIGHTS { "" } else { query.weights.name.as_str() };
    let parameters = [
        ("q", query.search.as_str()),
        ("kind", query.kind.map_or("", ContributorKind::name)),
        ("weights", weights),
        ("version", version),
        ("from", &from),
        ("to", &to),
        ("sort", if sort == ContributorSort::default() { "" } else { sort.name() }),
        ("order", if order == Order::Asc { "asc" } else { "" }),
        ("limit", &limit),
        ("cursor", cursor),
    ];
    address("/contributors", &parameters)
}

fn content(
    query: &ContributorQuery,
    list: &ContributorList,
    proposals: &[MergeProposal],
    own: String,
) -> AnyView {
    let title = match query.search.as_str() {
        "" => "Contributors".to_owned(),
        search => format!("Contributors with “{search}”"),
    };
    let nobody = list.totals.iter().all(|total| total.contributors == 0);
    let sub = view! {
        "Contribution Index "<b>{version_label(query.version)}</b>" under the weights "<b>{query.weights.name.clone()}</b>": "
        {version_meaning(query.version)}
    };
    let parts = if nobody { nothing_there() } else { everybody(query, list, proposals) };
    view! {
        <PageTitle text=title/>
        <header class="head">
            <div>
                <h1>"Contributors"</h1>
                <p class="sub">{sub}</p>
                <p class="sub">
                    <a href="/imports">"Imports"</a>" tell which repositories were read, and what could not be. "
                    <a href="/governance">"Governance"</a>" weighs flags by this index."
                </p>
            </div>
            <Live address=own actions=&["edit_contributor", "import_history", "cast_veto", "undo_veto"]/>
        </header>
        {(!nobody).then(|| search_form(query))}
        <div class="stack" data-live="">{parts}</div>
    }
    .into_any()
}

fn everybody(query: &ContributorQuery, list: &ContributorList, proposals: &[MergeProposal]) -> AnyView {
    let tables: Vec<AnyView> =
        ContributorKind::ALL.into_iter().filter_map(|kind| of_kind(query, list, kind)).collect();
    let at = |cursor: &str| list_address(query, query.sort, query.order, cursor);
    let first = query.cursor.is_some().then(|| ("First page", at("")));
    let next = list.next_cursor.as_deref().map(|cursor| ("Next page", at(cursor)));
    let tables = if tables.is_empty() { nothing_found() } else { tables.into_any() };
    view! {
        <Figures list=figures(list)/>
        {roles_legend()}
        {tables}
        <Pager shown=counted(list.matching, "contributor") first=first next=next/>
        {merges(proposals)}
        {counting(&list.under)}
    }
    .into_any()
}

fn figures(list: &ContributorList) -> Vec<Figure> {
    let of = |kind: ContributorKind| list.totals.iter().find(|total| total.kind == kind);
    let number = |kind| of(kind).map_or(0, |total: &KindTotal| total.contributors);
    let credits: i64 = list.totals.iter().map(|total| total.credits).sum();
    vec![
        Figure::new("People", count(number(ContributorKind::Person)), "#person", "ranked, with their agents"),
        Figure::new("Agents", count(number(ContributorKind::Agent)), "#agent", "each on its own record"),
        Figure::new(
            "External authors",
            count(number(ContributorKind::External)),
            "#external",
            "whose work is drawn on",
        ),
        Figure::new("Credits", count(credits), "#counting", "one per role and merged change"),
        Figure::new(
            "Governance CI",
            fixed(list.governance_total, 2),
            "/governance",
            "of all people together",
        ),
    ]
}

/// The heading of a kind's table and what it shows.
const fn heading(kind: ContributorKind) -> (&'static str, &'static str) {
    match kind {
        ContributorKind::Person => {
            ("People", "Ranked by their own work and that of agents while these worked for them")
        }
        ContributorKind::Agent => {
            ("Agents", "Each by its own work; for governance it counts for its principal")
        }
        ContributorKind::External => {
            ("External authors", "Whose sources the claims are taken from; they hold no vote")
        }
        ContributorKind::Infrastructure => {
            ("Infrastructure", "Keeps things running; never counts toward governance")
        }
    }
}

fn of_kind(query: &ContributorQuery, list: &ContributorList, kind: ContributorKind) -> Option<AnyView> {
    let of_kind: Vec<&ScoredContributor> = list.items.iter().filter(|item| item.kind == kind).collect();
    if of_kind.is_empty() {
        return None;
    }
    let (label, caption) = heading(kind);
    let id = format!("{}-h", kind.name());
    Some(
        view! {
            <section id=kind.name() aria-labelledby=id.clone()>
                <h2 id=id.clone()>{label}</h2>
                {contributors_table(query, kind, caption, &of_kind)}
            </section>
        }
        .into_any(),
    )
}

fn search_form(query: &ContributorQuery) -> AnyView {
    let set = |set: &'static WeightSet| {
        view! { <option value=set.name.clone() selected=set.name == query.weights.name>{set.name.clone()}</option> }
    };
    let version = |version: IndexVersion| {
        view! { <option value=version.name() selected=version == query.version>{version_label(version)}</option> }
    };
    let month = |name: &'static str, label: &'static str, month: Option<i64>| {
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <input
                    class="input" id=name name=name value=month.map(month_name) pattern="[0-9]{4}-[0-9]{2}"
                    placeholder="2026-03" maxlength="7" size="8"
                />
            </div>
        }
    };
    view! {
        <form class="bar-form" method="get" action="/contributors" role="search" aria-label="Contributors" autocomplete="off">
            <div class="field grow">
                <label for="q">"Search"</label>
                <input
                    class="input" type="search" id="q" name="q" value=query.search.clone()
                    maxlength=MAX_SEARCH.to_string() placeholder="Handle or name"
                />
            </div>
            <div class="field">
                <label for="weights">"Weights"</label>
                <select class="input" id="weights" name="weights">{WeightSet::all().iter().map(set).collect::<Vec<_>>()}</select>
            </div>
            <div class="field">
                <label for="version">"Index"</label>
                <select class="input" id="version" name="version">
                    {IndexVersion::ALL.map(version).into_iter().collect::<Vec<_>>()}
                </select>
            </div>
            {month("from", "From month", query.from_month)}
            {month("to", "To month", query.to_month)}
            <button class="button" type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

/// Identities that may be one, each with the way to decide it.
fn merges(proposals: &[MergeProposal]) -> Option<AnyView> {
    let item = |proposal: &MergeProposal| {
        view! {
            <li>
                <a href=format!("{}#identities", contributor_page(&proposal.handle))>{proposal.alias.clone()}</a>
                " may be "<b>{proposal.handle.clone()}</b>": "{proposal.evidence.clone()}
            </li>
        }
    };
    let more = proposals.len().saturating_sub(SHOWN_PROPOSALS);
    let more = (more > 0).then(|| format!("and {more} more"));
    (!proposals.is_empty()).then(|| {
        view! {
            <section class="notice" aria-labelledby="merges-h">
                <h2 id="merges-h">"Identities that may be one"</h2>
                <p class="sub">"Nothing is merged by itself: open one to accept or dismiss it. A merge can be undone without loss."</p>
                <ul>
                    {proposals.iter().take(SHOWN_PROPOSALS).map(item).collect::<Vec<_>>()}
                    {more.map(|more| view! { <li>{more}</li> })}
                </ul>
            </section>
        }
        .into_any()
    })
}

/// How the index is computed, with every weight.
pub(crate) fn counting(under: &ScoredUnder) -> AnyView {
    let weight = |role: Role| {
        view! {
            <tr>
                <th scope="row">{role.label()}</th>
                <td class="num">{fixed(*under.weights.get(role), 2)}</td>
                <td>{role_meaning(role)}</td>
            </tr>
        }
    };
    let policies = under.policies.iter().map(|applied| {
        view! { <li><b>{applied.repository.clone()}</b>" is read under "<code>{applied.policy.clone()}</code></li> }
    });
    let version = |version: IndexVersion| {
        view! { <li><b>{version_label(version)}</b>": "{version_meaning(version)}</li> }
    };
    let fading = format!(
        "A use counts half after {}, nothing after {}.",
        counted(i64::from(under.half_life_days), "day"),
        counted(i64::from(under.forget_after_days), "day")
    );
    view! {
        <details class="twin" id="counting">
            <summary>"How this is counted"</summary>
            <ul>{IndexVersion::ALL.map(version).into_iter().collect::<Vec<_>>()}<li>{fading}</li></ul>
            <div class="scroll" tabindex="0" role="region" aria-label="Weights of roles">
                <table>
                    <caption>"Weights of "{under.weight_set.clone()}", "<code class="small">{under.weight_set_hash.clone()}</code></caption>
                    <thead>
                        <tr><th scope="col">"Role"</th><th scope="col" class="num">"Weight"</th><th scope="col">"For"</th></tr>
                    </thead>
                    <tbody>{Role::ALL.map(weight).into_iter().collect::<Vec<_>>()}</tbody>
                </table>
            </div>
            <ul>{policies.collect::<Vec<_>>()}</ul>
        </details>
    }
    .into_any()
}

/// What a role is for, in a few words.
pub(crate) const fn role_meaning(role: Role) -> &'static str {
    match role {
        Role::Challenger => "Tested a claim by counter-evidence or its limits",
        Role::Synthesizer => "Connected claims of different domains",
        Role::Reviewer => "Judged quality, approved or refused",
        Role::Sourcer => "Found the material or the direction",
        Role::Extractor => "Wrote it down",
    }
}

fn nothing_found() -> AnyView {
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">"Nobody matches"</h2>
            <p class="sub">"Search looks at handles, names and aliases. Try a shorter word, or everybody."</p>
            <p class="actions"><a class="button" href="/contributors">"Show everybody"</a></p>
        </section>
    }
    .into_any()
}

fn nothing_there() -> AnyView {
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">"No history is imported yet"</h2>
            <p class="sub">
                "Contributions are read from the history of a git repository, a local clone, bare or not: "
                <code>"tributary import git PATH --branch main"</code>
                ". A repository of software is read with "<code>"--policy software-project-v1"</code>"."
            </p>
            <p class="actions"><a class="button" href="/imports">"Imports"</a></p>
        </section>
    }
    .into_any()
}

/// A share as a percentage, with its sign behind it.
pub(crate) fn share_text(share: domain::money::Score) -> String {
    format!("{} %", percent(share, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_only_what_is_not_as_it_always_is() {
        let plain = ContributorQuery::read(&Parameters(&[])).unwrap();
        assert_eq!(list_address(&plain, plain.sort, plain.order, ""), "/contributors");
        let sent = [("weights", "ci-v0"), ("version", "v2"), ("from", "2026-03"), ("q", "rio b")];
        let sent: Vec<_> = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let query = ContributorQuery::read(&Parameters(&sent)).unwrap();
        let asked = list_address(&query, ContributorSort::Credits, Order::Asc, "");
        assert_eq!(
            asked,
            "/contributors?q=rio%20b&weights=ci-v0&version=v2&from=2026-03&sort=credits&order=asc"
        );
    }
}
