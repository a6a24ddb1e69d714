//! Where is a link?

use crate::components::pager::Pager;
use crate::components::title::PageTitle;
use crate::components::url::{address, idea_page, spec_page};
use crate::pages::links_table::links_table;
use crate::pages::{load, parameters, site};
use crate::shared::number::counted;
use domain::page::{DEFAULT_LIMIT, LinkQuery, LinkSort, MAX_SEARCH, Order, Page, Parameters};
use domain::report::{self, ListedLink};
use leptos::prelude::*;

/// What the list may be sorted by: the name as it is sent, and for a reader.
const SORTS: [(LinkSort, &str); 5] = [
    (LinkSort::Updated, "Last touched"),
    (LinkSort::Created, "Filed"),
    (LinkSort::Value, "Value"),
    (LinkSort::Cost, "Cost"),
    (LinkSort::Roi, "ROI"),
];

/// `/links`: search, sort, and go on from page to page.
#[component]
pub(crate) fn LinksPage() -> impl IntoView {
    let site = site();
    let sent = parameters(&["q", "spec_id", "idea_id", "sort", "order", "limit", "cursor"]);
    load(async move {
        let mut query = LinkQuery::read(&Parameters(&sent))?;
        // The API has longer lists; a page stays light.
        query.limit = query.limit.min(DEFAULT_LIMIT);
        let page = report::listed_links(&*site.store, &query).await?;
        Ok(content(&query, &page))
    })
}

/// The address of the list with other parameters; the first page of it unless a cursor is given.
pub(crate) fn list_address(query: &LinkQuery, sort: LinkSort, order: Order, cursor: &str) -> String {
    // The links of a spec or idea have one order, which needs no saying.
    let unsaid = if query.of().is_some() { LinkSort::Created } else { LinkSort::default() };
    let sort = if sort == unsaid { "" } else { sort.name() };
    let order = if order == Order::Asc { "asc" } else { "" };
    let limit = if query.limit == DEFAULT_LIMIT { String::new() } else { query.limit.to_string() };
    let parameters = [
        ("q", query.search.as_str()),
        ("spec_id", query.spec_id.as_deref().unwrap_or_default()),
        ("idea_id", query.idea_id.as_deref().unwrap_or_default()),
        ("sort", sort),
        ("order", order),
        ("limit", &limit),
        ("cursor", cursor),
    ];
    address("/links", &parameters)
}

fn content(query: &LinkQuery, page: &Page<ListedLink>) -> AnyView {
    let of = [("spec", &query.spec_id, spec_page as fn(&str) -> String), ("idea", &query.idea_id, idea_page)];
    let of = of.into_iter().filter_map(|(kind, id, page)| Some((kind, id.as_deref()?, page)));
    let subject: Vec<String> = of.clone().map(|(kind, id, _)| format!("{kind} {id}")).collect();
    let subject = subject.join(" and ");
    let name = if subject.is_empty() { "Links".to_owned() } else { format!("Links of {subject}") };
    let title = match query.search.as_str() {
        "" => name.clone(),
        search => format!("{name} with “{search}”"),
    };
    let list = match (page.items.is_empty(), query.search.is_empty() && subject.is_empty()) {
        (false, _) => list(query, page),
        (true, false) => nothing_found(query),
        (true, true) => nothing_filed(),
    };
    let pages = of.map(|(kind, id, page)| {
        view! { "Only those of the "{kind}" "<a href=page(id)>{id.to_owned()}</a>". " }
    });
    let pages: Vec<_> = pages.collect();
    let narrowed = (!pages.is_empty()).then(|| {
        view! { <p class="sub">{pages}<a href="/links">"Show all links"</a></p> }
    });
    view! {
        <PageTitle text=title/>
        <header class="head">
            <div>
                <h1>{name}</h1>
                <p class="sub">"Each link binds an idea, a spec and what was built, with the people who did it."</p>
                {narrowed}
            </div>
        </header>
        {search_form(query)}
        {list}
    }
    .into_any()
}

fn search_form(query: &LinkQuery) -> AnyView {
    let sort = |(sort, label): (LinkSort, &'static str)| {
        view! { <option value=sort.name() selected=sort == query.sort>{label}</option> }
    };
    let order = |(order, value, label): (Order, &'static str, &'static str)| {
        view! { <option value=value selected=order == query.order>{label}</option> }
    };
    let orders =
        [(Order::Desc, "desc", "Most or newest first"), (Order::Asc, "asc", "Least or oldest first")];
    let kept = [("spec_id", query.spec_id.clone()), ("idea_id", query.idea_id.clone())];
    let kept = kept.into_iter().filter_map(|(name, id)| Some((name, id?)));
    let kept: Vec<_> = kept.map(|(name, id)| view! { <input type="hidden" name=name value=id/> }).collect();
    let sorts = kept.is_empty().then(|| {
        view! {
            <div class="field">
                <label for="sort">"Sort by"</label>
                <select class="input" id="sort" name="sort">{SORTS.map(sort).into_iter().collect::<Vec<_>>()}</select>
            </div>
        }
    });
    view! {
        // Going back shows what the address says, not what was typed on leaving.
        <form class="bar-form" method="get" action="/links" role="search" aria-label="Links" autocomplete="off">
            {kept}
            <div class="field grow">
                <label for="q">"Search"</label>
                <input
                    class="input" type="search" id="q" name="q" value=query.search.clone()
                    maxlength=MAX_SEARCH.to_string() placeholder="Idea, spec, ref or contributor"
                />
            </div>
            {sorts}
            <div class="field">
                <label for="order">"Order"</label>
                <select class="input" id="order" name="order">{orders.map(order).into_iter().collect::<Vec<_>>()}</select>
            </div>
            <button class="button" type="submit">"Search"</button>
        </form>
    }
    .into_any()
}

fn list(query: &LinkQuery, page: &Page<ListedLink>) -> AnyView {
    let at = |cursor: &str| list_address(query, query.sort, query.order, cursor);
    let first = query.cursor.is_some().then(|| ("First page", at("")));
    let next = page.next_cursor.as_deref().map(|cursor| ("Next page", at(cursor)));
    let shown = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
    view! {
        <section aria-label="Links">
            {links_table(query, &page.items)}
            <Pager shown=counted(shown, "link") first=first next=next/>
        </section>
    }
    .into_any()
}

fn nothing_found(query: &LinkQuery) -> AnyView {
    let title = match query.search.as_str() {
        "" => "No link of these is filed".to_owned(),
        search => format!("No link matches “{search}”"),
    };
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">{title}</h2>
            <p class="sub">
                "Search looks at idea ids, spec ids, implementation refs and contributors. Try a shorter word."
            </p>
            <p class="actions">
                <a class="button" href="/links">"Show all links"</a>
                <a class="button" href="/links/new">"File link"</a>
            </p>
        </section>
    }
    .into_any()
}

fn nothing_filed() -> AnyView {
    view! {
        <section class="empty" aria-labelledby="none-h">
            <h2 id="none-h">"No link is filed yet"</h2>
            <p class="sub">"A link needs an idea, a spec and a cost; people and investments may follow in the form."</p>
            <p class="actions"><a class="button primary" href="/links/new">"File link"</a></p>
        </section>
    }
    .into_any()
}
