//! What looks wrong, what was rolled back, and how far may agents go?

use crate::components::field::summary;
use crate::components::figures::{Figure, Figures};
use crate::components::live::Live;
use crate::components::title::PageTitle;
use crate::components::url::address;
use crate::context::{SentForm, Visit};
use crate::pages::governance_agents::agents;
use crate::pages::governance_parts::{flagged, vetoes};
use crate::pages::{load, parameters, site, visit};
use crate::shared::number::{count, fixed};
use domain::governance::{FlaggedQuery, VetoQuery, VetoStatus};
use domain::money::{Index, Weight};
use domain::page::Parameters;
use domain::report::{self, GovernanceReport};
use leptos::prelude::*;

/// Flagged things and vetoes on the page.
const SHOWN: i64 = 20;
/// The fields of all forms of the page.
const FIELDS: [&str; 5] = ["contributor", "reason", "agent", "level", "decided_by"];

/// `/governance`: flags by weight, vetoes with what they rolled back, and agents with their records.
#[component]
pub(crate) fn GovernancePage() -> impl IntoView {
    let (site, visit) = (site(), visit());
    let sent = parameters(&["flags", "vetoes"]);
    let form = use_context::<SentForm>().unwrap_or_default();
    load(async move {
        // Two lists on one page: each has a cursor of its own.
        let cursor = |name: &str| {
            let given = sent.iter().find(|(known, value)| known == name && !value.is_empty());
            let parameter: Vec<_> =
                given.map(|(_, value)| ("cursor".to_owned(), value.clone())).into_iter().collect();
            VetoQuery::read(&Parameters(&parameter)).map(|query| query.cursor)
        };
        let flagged = FlaggedQuery { limit: SHOWN, cursor: cursor("flags")?, ..FlaggedQuery::default() };
        let vetoes = VetoQuery { limit: SHOWN, cursor: cursor("vetoes")?, ..VetoQuery::default() };
        let report = report::governance(&*site.store, &flagged, &vetoes, visit.now).await?;
        let own: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Ok(content(&report, address("/governance", &own), &visit, &form))
    })
}

fn content(report: &GovernanceReport, own: String, visit: &Visit, form: &SentForm) -> AnyView {
    let error = if form.is_refused() { "Error: " } else { "" };
    let actions =
        &["raise_flag", "withdraw_flag", "cast_veto", "undo_veto", "decide_autonomy", "import_history"];
    let live = (!form.is_refused()).then(|| view! { <Live address=own actions=actions/> });
    view! {
        <PageTitle text=format!("{error}Governance")/>
        {summary(form, "Nothing was kept", &FIELDS.map(str::to_owned))}
        {done(visit)}
        <header class="head">
            <div>
                <h1>"Governance"</h1>
                <p class="sub">
                    "Work is never blocked. Whoever sees something wrong flags it, with the weight that they have earned; a veto "
                    "rolls back what was merged; agents earn autonomy by their record, and people decide it. "
                    <a href="/governance/change-requests">"Change requests"</a>" are voted on besides."
                </p>
            </div>
            {live}
        </header>
        <div class="stack" data-live="">
            <Figures list=figures(report)/>
            <section id="flags" aria-labelledby="flags-h">
                <h2 id="flags-h">"Flags"</h2>
                {flagged(&report.flagged, visit, form)}
            </section>
            <section id="vetoes" aria-labelledby="vetoes-h">
                <h2 id="vetoes-h">"Vetoes"</h2>
                {vetoes(&report.vetoes, visit, form)}
            </section>
            <section id="autonomy" aria-labelledby="autonomy-h">
                <h2 id="autonomy-h">"Autonomy of agents"</h2>
                {agents(report, visit, form)}
            </section>
        </div>
    }
    .into_any()
}

fn done(visit: &Visit) -> Option<AnyView> {
    let words = match visit.done.as_deref()? {
        "withdrawn" => "Withdrawn: the flag weighs nothing any more, and stays on record.",
        "undone" => "Undone: the credits count again, unless a revert had ended them.",
        "decided" => "Decided and dated. Nothing changes by itself.",
        _ => return None,
    };
    Some(view! { <div class="notice ok" role="status"><p>{words}</p></div> }.into_any())
}

fn figures(report: &GovernanceReport) -> Vec<Figure> {
    let standing: i64 = report.flagged.items.iter().map(|item| item.flagged.active).sum();
    let weight: i64 = report.flagged.items.iter().map(|item| item.flagged.weight.micros()).sum();
    let standing_vetoes =
        report.vetoes.items.iter().filter(|item| item.veto.status == VetoStatus::Active).count() as i64;
    let lost: Index = report.vetoes.items.iter().map(|item| item.ci_lost_total).sum();
    let beyond = report
        .agents
        .iter()
        .filter(|agent| agent.decided.as_ref().is_none_or(|decided| decided.level != agent.proposed.level));
    vec![
        Figure::new(
            "Standing flags",
            count(standing),
            "#flags",
            format!("weighing {}, on this page", fixed(Weight::from_micros(weight), 2)),
        ),
        Figure::new(
            "Vetoes",
            count(standing_vetoes),
            "#vetoes",
            format!("{} CI rolled back, on this page", fixed(lost, 2)),
        ),
        Figure::new(
            "Agents",
            count(report.agents.len() as i64),
            "#autonomy",
            format!("{} to be decided", count(beyond.count() as i64)),
        ),
    ]
}
