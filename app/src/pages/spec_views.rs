//! A spec seen as a process and as an implementation, and who did it.

use crate::components::lines::references;
use crate::components::people::people_by_stage;
use crate::components::scroll::table_region;
use crate::components::url::address;
use crate::shared::chip::stage_chip;
use crate::shared::number::{fixed, places_of, quiet_fraction};
use domain::link::LinkRecord;
use domain::page::LinksOf;
use domain::report::SpecReport;
use domain::spec::SpecContent;
use domain::stage::{PerStage, Stage};
use leptos::prelude::*;

/// How the spec is worked on.
pub(crate) fn process(content: &SpecContent) -> AnyView {
    view! {
        <details class="view" open=true>
            <summary><h2>"Process view"</h2></summary>
            <dl class="lists">
                {references("Tasks", &content.task_ids)}
                {references("Branches", &content.branches)}
                {references("Source files", &content.source_files)}
                {references("Evidence", &content.evidence_refs)}
            </dl>
        </details>
    }
    .into_any()
}

/// What was built of it, and the links that bind it.
pub(crate) fn implementation(report: &SpecReport) -> AnyView {
    let content = &report.content;
    view! {
        <details class="view" open=true>
            <summary><h2>"Implementation view"</h2></summary>
            <dl class="lists">
                {references("Implementation refs", &content.implementation_refs)}
                {references("Public endpoints", &content.public_endpoints)}
            </dl>
            <h3>"Lineage links"</h3>
            {links(LinksOf::Spec(&report.card.spec_id), &report.links, report.card.totals.link_count)}
        </details>
    }
    .into_any()
}

/// Rows of the table of links.
const ROWS: usize = 20;

/// The newest links of a spec or idea as a table, of so many in all.
pub(crate) fn links(of: LinksOf<'_>, links: &[LinkRecord], all: i64) -> AnyView {
    let links = &links[..links.len().min(ROWS)];
    if links.is_empty() {
        return view! {
            <p class="sub">
                "No link names it yet. "<a href="/links/new">"File one"</a>" to say who did it and to measure its value."
            </p>
        }
        .into_any();
    }
    let costs = places_of(links.iter().map(|record| record.link.estimated_cost), 2);
    let values = places_of(links.iter().map(|record| record.totals.measured_value_total), 2);
    let row = |record: &LinkRecord| {
        let (link, totals) = (&record.link, &record.totals);
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=format!("/links/{}", link.id)><code>{link.id.to_string()}</code></a>
                    <span class="cell-sub">{link.idea_id.clone()}</span>
                </th>
                <td class="wide-only">{people_by_stage(&link.contributors)}</td>
                <td class="num wide-only">{quiet_fraction(&fixed(link.estimated_cost, costs))}</td>
                <td class="num">{quiet_fraction(&fixed(totals.measured_value_total, values))}</td>
                <td class="num roomy">{fixed(record.roi_ratio(), 4)}</td>
            </tr>
        }
    };
    let shown = i64::try_from(links.len()).unwrap_or(i64::MAX);
    let caption =
        if shown < all { format!("The newest {shown} of {all}") } else { "Newest first".to_owned() };
    let rest = (shown < all).then(|| {
        let parameter = match of {
            LinksOf::Spec(id) => ("spec_id", id),
            LinksOf::Idea(id) => ("idea_id", id),
        };
        view! { <p class="after"><a href=address("/links", &[parameter])>{format!("Show all {all} links")}</a></p> }
    });
    let table = table_region(
        "links-cap",
        caption,
        view! {
            <thead>
                <tr>
                    <th scope="col">"Link and idea"</th>
                    <th scope="col" class="wide-only">"People by stage"</th>
                    <th scope="col" class="num wide-only">"Cost"</th>
                    <th scope="col" class="num">"Value"</th>
                    <th scope="col" class="num roomy">"ROI"</th>
                </tr>
            </thead>
            <tbody>{links.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    );
    view! { {table}{rest} }.into_any()
}

/// Who did it, by stage.
pub(crate) fn contributors(report: &SpecReport) -> Option<AnyView> {
    people(&report.people.contributors)
}

/// Names of a stage that are shown, and characters of them: a page stays light, and the API has all.
const NAMES: usize = 50;
const NAMES_LENGTH: usize = 2_000;

/// Names by stage; nothing where nobody is named.
pub(crate) fn people(named: &PerStage<Vec<String>>) -> Option<AnyView> {
    let stages: Vec<Stage> = Stage::ALL.into_iter().filter(|&stage| !named.get(stage).is_empty()).collect();
    let item = |stage: &Stage| {
        view! { <div><dt>{stage_chip(*stage)}</dt><dd>{some_of(named.get(*stage))}</dd></div> }
    };
    (!stages.is_empty()).then(|| {
        view! {
            <section aria-labelledby="people-h">
                <h2 id="people-h">"Contributors"</h2>
                <dl class="lists people">{stages.iter().map(item).collect::<Vec<_>>()}</dl>
            </section>
        }
        .into_any()
    })
}

/// Names in a row, and how many more there are.
fn some_of(names: &[String]) -> String {
    let mut room = NAMES_LENGTH;
    let fits = |name: &&String| {
        let length = name.chars().count();
        let fits = length <= room;
        room = room.saturating_sub(length);
        fits
    };
    let shown: Vec<&str> = names.iter().take(NAMES).take_while(fits).map(String::as_str).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        left => format!("{} and {left} more", shown.join(", ")),
    }
}
