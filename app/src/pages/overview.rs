//! Is the work paying?

use crate::components::bar::roi_bar;
use crate::components::chart::Chart;
use crate::components::chart_shape::Course;
use crate::components::figures::{Figure, Figures};
use crate::components::roles::role_bar;
use crate::components::scroll::table_region;
use crate::components::time::{Day, Time};
use crate::components::title::PageTitle;
use crate::components::url::contributor_page;
use crate::components::verdict::mark;
use crate::pages::contributors::share_text;
use crate::pages::overview_empty::Empty;
use crate::pages::{load, site, visit};
use crate::shared::number::{amount, count, counted, fixed, places_of, quiet_fraction};
use chrono::{DateTime, NaiveDate, Utc};
use domain::contribution::{ContributorQuery, PerRole, Role};
use domain::decimal::divide_half_even;
use domain::error::Error;
use domain::gate::{GateRun, OFFICIAL, PUBLIC_DEPLOY_CONTRACT};
use domain::link::LinkRecord;
use domain::money::{Amount, Ratio};
use domain::page::{EventQuery, Parameters};
use domain::report::{self, ContributorList, Overview, ScoredContributor};
use domain::store::{RecentEvent, Store, StoreTotals};
use leptos::prelude::*;

/// Contributors that are shown.
const TOP: &str = "5";
/// Characters of cost and value that fit where two tables of links stand side by side.
const BESIDE: usize = 28;

/// `/`: value, cost and return, their course, and the links at both ends.
#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let (origin, now) = (visit.origin, visit.now);
    load(async move {
        let overview = report::overview(&*site.store).await?;
        let content = match overview.totals.link_count {
            0 => view! { <Empty origin=origin/> }.into_any(),
            _ => {
                let people = top_contributors(&*site.store, now).await?;
                content(overview, last_run(&*site.store).await?.as_ref(), &people)
            }
        };
        Ok(view! { <PageTitle text="Overview"/>{content} }.into_any())
    })
}

/// The last run of the gate of this deployment.
async fn last_run(store: &dyn Store) -> Result<Option<GateRun>, Error> {
    let newest = EventQuery { limit: 1, cursor: None };
    Ok(report::gate_runs(store, PUBLIC_DEPLOY_CONTRACT, Some(OFFICIAL), &newest).await?.items.pop())
}

/// The people with the highest Contribution Index.
async fn top_contributors(store: &dyn Store, now: DateTime<Utc>) -> Result<ContributorList, Error> {
    let asked = [("kind", "person"), ("limit", TOP)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    report::contributors(store, &ContributorQuery::read(&Parameters(&asked))?, now).await
}

/// Those who made us better, first; nothing before a history is imported.
fn top(people: &ContributorList) -> Option<AnyView> {
    let most = people.items.iter().map(|person| person.score.micros()).max().unwrap_or(0).max(1);
    let row = |person: &ScoredContributor| {
        let parts = PerRole::from_fn(|role: Role| person.roles.get(role).ci.micros());
        view! {
            <tr>
                <th scope="row"><a class="cell-main" href=contributor_page(&person.handle)>{person.handle.clone()}</a></th>
                <td class="cell-bar roomy">{role_bar(&parts, most)}</td>
                <td class="num">{quiet_fraction(&fixed(person.score, 2))}</td>
                <td class="num">{share_text(person.share)}</td>
            </tr>
        }
    };
    (!people.items.is_empty()).then(|| {
        view! {
            <section class="span" aria-labelledby="top-h">
                <h2 id="top-h"><a href="/contributors">"Top contributors"</a></h2>
                {table_region("top-cap", "People by Contribution Index, with their agents' work", view! {
                    <thead>
                        <tr>
                            <th scope="col">"Contributor"</th>
                            <th scope="col" class="cell-bar roomy">"Roles"</th>
                            <th scope="col" class="num">"CI"</th>
                            <th scope="col" class="num">"Share"</th>
                        </tr>
                    </thead>
                    <tbody>{people.items.iter().map(row).collect::<Vec<_>>()}</tbody>
                })}
            </section>
        }
        .into_any()
    })
}

/// May this deployment be trusted, in a word?
fn gate(run: Option<&GateRun>) -> AnyView {
    let verdict = match run {
        Some(run) => view! { {mark(run.verdict)}" "<Time at=run.started_at/> }.into_any(),
        None => "has not run yet".into_any(),
    };
    view! { <p class="small muted"><a href="/gates">"Deploy gate"</a>" "{verdict}</p> }.into_any()
}

fn content(overview: Overview, run: Option<&GateRun>, people: &ContributorList) -> AnyView {
    let totals = overview.totals;
    let (value, cost) = (totals.measured_value_total, totals.estimated_cost);
    let course = Course::of(&overview.days, value, None);
    let title = if cost == Amount::ZERO {
        format!("{} of measured value, at no cost", amount(value))
    } else {
        format!("Each 1.00 of cost has returned {}", fixed(Ratio::of(value, cost), 2))
    };
    let last = overview.days.last().map(|day| day.day);
    let until = last.map(|day| view! { ", up to "<Day day=day/> });
    let ends_shown = || overview.earning_most.iter().chain(&overview.earning_least);
    let costs = longest(ends_shown().map(|record| record.link.estimated_cost));
    let values = longest(ends_shown().map(|record| record.totals.measured_value_total));
    let long = costs + values > BESIDE;
    view! {
        <header class="head">
            <div>
                <h1>{title}</h1>
                <p class="sub">"All links together"{until}"."</p>
            </div>
            {gate(run)}
        </header>
        <Figures list=figures(&totals, last)/>
        <section aria-labelledby="course-h">
            <h2 id="course-h">"Value over time"</h2>
            <Chart course=course cost=cost title="Measured value of all links over time" tall=true/>
        </section>
        <div class=if long { "split stacked" } else { "split" }>
            {ends(&overview)}
            {top(people)}
            <section class="span" id="newest" aria-labelledby="newest-h">
                <h2 id="newest-h">"Newest events"</h2>
                {newest(&overview.newest_events)}
            </section>
        </div>
    }
    .into_any()
}

/// How many characters the longest of a column's amounts has.
fn longest(amounts: impl Iterator<Item = Amount> + Clone) -> usize {
    let places = places_of(amounts.clone(), 2);
    amounts.map(|amount| fixed(amount, places).len()).max().unwrap_or(0)
}

fn ends(overview: &Overview) -> AnyView {
    view! {
        <section aria-labelledby="most-h">
            <h2 id="most-h">"Links that earn most"</h2>
            {table_region("most-cap", "By measured value, most first", view! {
                {ranking(&overview.earning_most)}
            })}
        </section>
        <section aria-labelledby="least-h">
            <h2 id="least-h">"Links that return least"</h2>
            {table_region("least-cap", "By ROI, lowest first", view! {{ranking(&overview.earning_least)}})}
        </section>
    }
    .into_any()
}

fn figures(totals: &StoreTotals, last: Option<NaiveDate>) -> Vec<Figure> {
    let (value, cost) = (totals.measured_value_total, totals.estimated_cost);
    let mean = divide_half_even(i128::from(cost.micros()), i128::from(totals.link_count.max(1)));
    let mean = Amount::from_micros(i64::try_from(mean).unwrap_or(0));
    let last = last.map(|day| view! { "last "<Day day=day/> });
    vec![
        Figure::new(
            "Measured value",
            amount(value),
            "/links?sort=value",
            format!("from {}", counted(totals.event_count, "event")),
        ),
        Figure::new(
            "Estimated cost",
            amount(cost),
            "/links?sort=cost",
            format!("over {}", counted(totals.link_count, "link")),
        ),
        roi_figure(value, cost, "/links?sort=roi"),
        Figure::new(
            "Links",
            count(totals.link_count),
            "/links",
            format!("{} each on average", fixed(mean, 2)),
        ),
        Figure::new("Events", count(totals.event_count), "#newest", "none yet").noting_some(last),
    ]
}

impl Figure {
    /// The same with a note of more than text, where there is one.
    fn noting_some(self, note: Option<impl IntoView + 'static>) -> Self {
        match note {
            Some(note) => self.noting(note),
            None => self,
        }
    }
}

/// The return, and how far value is above or short of cost.
pub(crate) fn roi_figure(value: Amount, cost: Amount, href: &str) -> Figure {
    let difference = Amount::from_micros((value.micros() - cost.micros()).abs());
    let figure = |note: String| Figure::new("ROI", fixed(Ratio::of(value, cost), 4), href, note);
    if cost == Amount::ZERO {
        figure("no cost filed".into())
    } else if value == Amount::ZERO {
        figure("no value measured yet".into())
    } else if value < cost {
        figure(format!("{} short of cost", amount(difference))).mood("bad")
    } else {
        figure(format!("{} above cost", amount(difference))).mood("good")
    }
}

fn ranking(links: &[LinkRecord]) -> AnyView {
    let costs = places_of(links.iter().map(|record| record.link.estimated_cost), 2);
    let values = places_of(links.iter().map(|record| record.totals.measured_value_total), 2);
    let row = |record: &LinkRecord| {
        let roi = record.roi_ratio();
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=format!("/links/{}", record.link.id)>{record.link.idea_id.clone()}</a>
                </th>
                <td class="num roomy">{quiet_fraction(&fixed(record.link.estimated_cost, costs))}</td>
                <td class="num">{quiet_fraction(&fixed(record.totals.measured_value_total, values))}</td>
                <td class="num">{fixed(roi, 4)}{roi_bar(roi.parts() as f64 / 10_000.0)}</td>
            </tr>
        }
    };
    view! {
        <thead>
            <tr>
                <th scope="col">"Idea"</th>
                <th scope="col" class="num roomy">"Cost"</th>
                <th scope="col" class="num">"Value"</th>
                <th scope="col" class="num">"ROI"</th>
            </tr>
        </thead>
        <tbody>{links.iter().map(row).collect::<Vec<_>>()}</tbody>
    }
    .into_any()
}

fn newest(events: &[RecentEvent]) -> AnyView {
    if events.is_empty() {
        return view! { <p class="sub">"No event has arrived yet. Append one on a link's page, or send it to the API."</p> }
            .into_any();
    }
    let places = places_of(events.iter().map(|recent| recent.event.value), 2);
    let row = |RecentEvent { event, idea_id }: &RecentEvent| {
        let href = format!("/links/{}#{}", event.lineage_id, event.id);
        view! {
            <tr>
                <td><Time at=event.captured_at/></td>
                <th scope="row">
                    <a class="cell-main" href=href>{idea_id.clone()}</a>
                    <span class="cell-sub">{format!("{}, {}", event.metric, event.source)}</span>
                </th>
                <td class="num">{quiet_fraction(&fixed(event.value, places))}</td>
            </tr>
        }
    };
    table_region(
        "newest-cap",
        "Over all links, last to arrive first",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Captured"</th>
                    <th scope="col">"Link and metric"</th>
                    <th scope="col" class="num">"Value"</th>
                </tr>
            </thead>
            <tbody>{events.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}
