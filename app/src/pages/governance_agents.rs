//! Agents with their records: what the policy proposes, what a person decided, and the form to decide.

use crate::components::field::{Line, choice};
use crate::components::notice::{SignInFirst, must_sign_in};
use crate::components::scroll::table_region;
use crate::components::time::Time;
use crate::components::url::contributor_page;
use crate::context::{SentForm, Visit};
use crate::pages::flag_form::reason_field;
use crate::shared::number::{count, counted, percent, whole};
use domain::governance::{AutonomyPolicy, Level, LevelCheck, Threshold};
use domain::report::{AgentReport, GovernanceReport};
use leptos::prelude::*;

/// Every agent, and the form by which a person decides about one.
pub(crate) fn agents(report: &GovernanceReport, visit: &Visit, form: &SentForm) -> AnyView {
    if report.agents.is_empty() {
        return view! {
            <p class="sub">"No agent is known. Whoever is one is found in history, or decided on a contributor's page."</p>
        }
        .into_any();
    }
    let policy = report.policy;
    view! {
        <p class="sub">{policy.summary.clone()}" A level is proposed; a person decides it, and it holds until the next decision."</p>
        {table(&report.agents, policy)}
        {reasons(&report.agents)}
        {levels(policy)}
        {decide(report, visit, form)}
    }
    .into_any()
}

fn title_of(policy: &AutonomyPolicy, level: &str) -> String {
    policy.level(level).map_or_else(|| level.to_owned(), |level| level.title.clone())
}

fn table(agents: &[AgentReport], policy: &AutonomyPolicy) -> AnyView {
    let row = |agent: &AgentReport| {
        let decided = match &agent.decided {
            Some(decided) => view! {
                {title_of(policy, &decided.level)}
                <span class="cell-sub">{decided.decided_by.clone()}", "<Time at=decided.at day_only=true/></span>
            }
            .into_any(),
            None => view! { <span class="muted">"nobody yet"</span> }.into_any(),
        };
        let record = &agent.record;
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=contributor_page(&agent.agent)>{agent.agent.clone()}</a>
                    {agent.principal.clone().map(|principal| view! { <span class="cell-sub">{format!("works for {principal}")}</span> })}
                </th>
                <td class="num">
                    {count(record.units)}
                    <span class="cell-sub">{format!("{} reviewed", count(record.reviewed))}</span>
                </td>
                <td class="num">{count(record.clean_run)}</td>
                <td class="num wide-only">{count(record.flagged)}</td>
                <td class="num wide-only">{format!("{} : {}", count(agent.accepted), count(agent.rejected))}</td>
                <td>{title_of(policy, &agent.proposed.level)}</td>
                <td>{decided}</td>
            </tr>
        }
    };
    table_region(
        "agents-cap",
        "Merged changes of knowledge that each proposed; the clean run counts those that somebody else reviewed since the last that was flagged, reverted or rolled back, which are the rejected ones: pull requests that were closed are not in git",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col" class="num">"Merged"</th>
                    <th scope="col" class="num">"Clean run"</th>
                    <th scope="col" class="num wide-only">"Flagged"</th>
                    <th scope="col" class="num wide-only">"Accepted : rejected"</th>
                    <th scope="col">"Proposed"</th>
                    <th scope="col">"Decided"</th>
                </tr>
            </thead>
            <tbody>{agents.iter().map(row).collect::<Vec<_>>()}</tbody>
        },
    )
}

/// Why the next level is not proposed yet, agent by agent.
fn reasons(agents: &[AgentReport]) -> AnyView {
    let item = |agent: &AgentReport| {
        let next = agent.proposed.levels.iter().find(|level| !level.met);
        let words = match next {
            None => "every threshold of every level is met".to_owned(),
            Some(LevelCheck { level, thresholds, .. }) => {
                let missing = thresholds.iter().filter(|threshold| !threshold.met).map(missing);
                format!("for {level}: {}", missing.collect::<Vec<_>>().join("; "))
            }
        };
        view! { <li><b>{agent.agent.clone()}</b>": "{words}</li> }
    };
    view! {
        <details class="twin">
            <summary>"Why not more"</summary>
            <ul>{agents.iter().map(item).collect::<Vec<_>>()}</ul>
        </details>
    }
    .into_any()
}

fn missing(threshold: &Threshold) -> String {
    let label = threshold.measure.label().to_lowercase();
    let (side, number) =
        if threshold.measure.more_is_better() { ("at least", false) } else { ("at most", true) };
    let text = |value| if number { format!("{} %", percent(value, 1)) } else { whole(value, 0) };
    format!("{label} {}, needed {side} {}", text(threshold.is), text(threshold.needed))
}

fn levels(policy: &'static AutonomyPolicy) -> AnyView {
    let row = |level: &Level| {
        view! {
            <tr>
                <th scope="row">{level.title.clone()}<span class="cell-sub">{level.summary.clone()}</span></th>
                <td class="num">{count(level.min_units)}</td>
                <td class="num">{count(level.clean_run)}</td>
                <td class="num">{format!("{} %", percent(level.max_flag_rate, 0))}</td>
                <td class="num">{format!("{} %", percent(level.max_rollback_rate, 0))}</td>
            </tr>
        }
    };
    view! {
        <details class="twin">
            <summary>{format!("The levels of {}", policy.name)}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Levels">
                <table>
                    <caption>{counted(policy.levels.len() as i64, "level")}", each with all thresholds before it"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Level"</th>
                            <th scope="col" class="num">"Merged, at least"</th>
                            <th scope="col" class="num">"Clean run, at least"</th>
                            <th scope="col" class="num">"Flagged, at most"</th>
                            <th scope="col" class="num">"Rolled back, at most"</th>
                        </tr>
                    </thead>
                    <tbody>{policy.levels.iter().map(row).collect::<Vec<_>>()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn decide(report: &GovernanceReport, visit: &Visit, form: &SentForm) -> AnyView {
    if must_sign_in() {
        return view! { <SignInFirst what="decide" next="/governance".to_owned()/> }.into_any();
    }
    let acting = form.typed("about") == Some("autonomy");
    // What is refused is found by the plain ids.
    let own = if acting { "" } else { "autonomy" };
    let plain = SentForm::default();
    let form = if acting { form } else { &plain };
    let key =
        form.typed("request_key").map_or_else(|| format!("{}-autonomy", visit.request_key), str::to_owned);
    let agents = report.agents.iter().map(|agent| (agent.agent.clone(), agent.agent.clone())).collect();
    let levels = report.policy.levels.iter().map(|level| (level.name.clone(), level.title.clone())).collect();
    view! {
        <details class="twin" id="decide" open=acting>
            <summary>"Decide the level of an agent"</summary>
            <form class="form panel" method="post" action="/governance/autonomy" aria-label="Decide the level of an agent">
                <input type="hidden" name="request_key" value=key/>
                <input type="hidden" name="about" value="autonomy"/>
                <div class="fields">
                    {choice(form, "agent", "Agent", vec![("", agents)])}
                    {choice(form, "level", "Level", vec![("", levels)])}
                    {Line::new("decided_by", "Decided by").required().hint("The handle of a person.").of(own).show(form)}
                </div>
                {reason_field(form, "Why", own)}
                <div class="actions"><button class="button primary" type="submit">"Save decision"</button></div>
            </form>
        </details>
    }
    .into_any()
}
