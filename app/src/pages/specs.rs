//! What should be done next, and what came of what was specified?

use crate::components::live::Live;
use crate::components::pager::Pager;
use crate::components::title::PageTitle;
use crate::components::url::{address, idea_page};
use crate::pages::specs_table::specs_table;
use crate::pages::{load, parameters, site};
use crate::shared::number::counted;
use domain::page::{DEFAULT_LIMIT, MAX_SEARCH, Order, Page, Parameters};
use domain::report;
use domain::spec::{SpecCard, SpecQuery, SpecSort};
use leptos::prelude::*;

/// What is written of specs and their links.
const ACTIONS: [&str; 5] = ["file_link", "append_event", "register_spec", "edit_spec", "cast_vote"];
/// What the list may be sorted by, for a reader.
const SORTS: [(SpecSort, &str); 7] = [
    (SpecSort::Updated, "Last edited"),
    (SpecSort::ValueGap, "Value gap"),
    (SpecSort::CostGap, "Cost gap"),
    (SpecSort::EstimatedRoi, "Estimated ROI"),
    (SpecSort::ActualRoi, "Actual ROI"),
    (SpecSort::PotentialValue, "Potential value"),
    (SpecSort::ActualValue, "Actual value"),
];

/// `/specs`: search, sort by what is to be gained, and see what is missing.
#[component]
pub(crate) fn SpecsPage() -> impl IntoView {
    let site = site();
    let sent = parameters(&["q", "idea_id", "missing", "sort", "order", "limit", "cursor"]);
    load(async move {
        // A form sends its empty fields too.
        let sent: Vec<_> = sent.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query = SpecQuery::read(&Parameters(&sent))?;
        let page = report::specs(&*site.store, &query).await?;
        let own = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
        Ok(content(&query, &page, address("/specs", &own)))
    })
}

/// The address of the list with another order; the first page of it unless a cursor is given.
pub(crate) fn list_address(query: &SpecQuery, sort: SpecSort, order: Order, cursor: &str) -> String {
    let limit = if query.limit == DEFAULT_LIMIT { String::new() } else { query.limit.to_string() };
    let parameters = [
        ("q", query.search.as_str()),
        ("idea_id", query.idea_id.as_deref().unwrap_or_default()),
        ("missing", if query.missing_contributors { "contributors" } else { "" }),
        ("sort", if sort == SpecSort::default() { "" } else { sort.name() }),
        ("order", if order == Order::Asc { "asc" } else { "" }),
        ("limit", &limit),
        ("cursor", cursor),
    ];
    address("/specs", &parameters)
}

fn content(query: &SpecQuery, page: &Page<SpecCard>, own: String) -> AnyView {
    let name = query.idea_id.as_ref().map_or("Specs".to_owned(), |idea| format!("Specs of idea {idea}"));
    let title = match query.search.as_str() {
        "" => name.clone(),
        search => format!("{name} with “{search}”"),
    };
    let narrowed = query.idea_id.clone().map(|idea| {
        view! {
            <p class="sub">
                "Only those of the idea "<a href=idea_page(&idea)>{idea.clone()}</a>". "
                <a href="/specs">"Show all specs"</a>
            </p>
        }
    });
    let is_narrowed = !query.search.is_empty() || query.missing_contributors || query.idea_id.is_some();
    let list = match (page.items.is_empty(), is_narrowed) {
        (false, _) => list(query, page),
        (true, true) => nothing_found(),
        (true, false) => nothing_there(),
    };
    view! {
        <PageTitle text=title/>
        <header class="head">
            <div>
                <h1>{name}</h1>
                <p class="sub">
                    "What was specified, what it should be worth, and what came of it. "
                    <a href="/specs/new">"Register a spec"</a>", or see the "
                    <a href="/governance/change-requests">"change requests"</a>"."
                </p>
                {narrowed}
            </div>
            <Live address=own actions=&ACTIONS/>
        </header>
        {search_form(query)}
        <div data-live="">{list}</div>
    }
    .into_any()
}

fn search_form(query: &SpecQuery) -> AnyView {
    let sort = |(sort, label): (SpecSort, &'static str)| {
        view! { <option value=sort.name() selected=sort == query.sort>{label}</option> }
    };
    let order = |(order, value, label): (Order, &'static str, &'static str)| {
        view! { <option value=value selected=order == query.order>{label}</option> }
    };
    let orders =
        [(Order::Desc, "desc", "Most or newest first"), (Order::Asc, "asc", "Least or oldest first")];
    let of_idea =
        query.idea_id.clone().map(|idea| view! { <input type="hidden" name="idea_id" value=idea/> });
    view! {
        <form class="bar-form" method="get" action="/specs" role="search" aria-label="Specs" autocomplete="off">
            {of_idea}
            <div class="field grow">
                <label for="q">"Search"</label>
                <input
                    class="input" type="search" id="q" name="q" value=query.search.clone()
                    maxlength=MAX_SEARCH.to_string() placeholder="Id, title, idea or summary"
                />
            </div>
            <div class="field">
                <label for="sort">"Sort by"</label>
                <select class="input" id="sort" name="sort">{SORTS.map(sort).into_iter().collect::<Vec<_>>()}</select>
            </div>
            <div class="field">
                <label for="order">"Order"</label>
                <select class="input" id="order" name="order">{orders.map(order).into_iter().collect::<Vec<_>>()}</select>
            </div>
            <div class="check">
                <input
                    type="checkbox" id="missing" name="missing" value="contributors" checked=query.missing_contributors
                />
                <label for="missing">"Missing contributors"</label>
            </div>
            <button class="button" type="submit">"Search"</button>
        </form>
    }
    .into_any()
}

fn list(query: &SpecQuery, page: &Page<SpecCard>) -> AnyView {
    let at = |cursor: &str| list_address(query, query.sort, query.order, cursor);
    let first = query.cursor.is_some().then(|| ("First page", at("")));
    let next = page.next_cursor.as_deref().map(|cursor| ("Next page", at(cursor)));
    let shown = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
    view! {
        <section aria-label="Specs">
            {specs_table(Some(query), &page.items)}
            <Pager shown=counted(shown, "spec") first=first next=next/>
        </section>
    }
    .into_any()
}

fn nothing_found() -> AnyView {
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">"No spec matches"</h2>
            <p class="sub">
                "Search looks at ids, titles, ideas and the beginning of summaries. Try a shorter word, or all specs."
            </p>
            <p class="actions"><a class="button" href="/specs">"Show all specs"</a></p>
        </section>
    }
    .into_any()
}

fn nothing_there() -> AnyView {
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">"No spec is known yet"</h2>
            <p class="sub">
                "Register one, import Markdown specs with "<code>"tributary import specs PATH"</code>
                ", or file a link: the spec that it names appears here."
            </p>
            <p class="actions">
                <a class="button primary" href="/specs/new">"Register spec"</a>
                <a class="button" href="/links/new">"File link"</a>
            </p>
        </section>
    }
    .into_any()
}
