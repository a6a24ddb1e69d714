//! The parts of a contributor's page: roles, agents, credits, whom they work for, and the factors that entered.

use crate::components::bar::bar;
use crate::components::scroll::table_region;
use crate::components::time::Time;
use crate::components::url::{contributor_page, contributor_under};
use crate::pages::contributors::{role_meaning, version_label, version_meaning};
use crate::shared::chip::{class, stage_chip};
use crate::shared::number::{count, fixed, percent, places_of, quiet_fraction, whole};
use domain::contribution::{IndexVersion, PrincipalDecision, Provenance, Role};
use domain::report::{
    AgentScore, ContributorPayout, ContributorProfile, ExplainedFactor, ScoredContributor, ScoredUnder,
};
use leptos::prelude::*;

/// Digits of a commit that are shown.
pub(crate) const SHORT_SHA: usize = 10;
/// Places of an index in a table at the most.
const MOST_PLACES: u32 = 3;

/// How a credit is known, in words.
pub(crate) const fn provenance_label(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::AttributionBlock => "attribution block",
        Provenance::Trailer => "trailer",
        Provenance::TitleLabel => "label of the title",
        Provenance::BranchName => "name of the branch",
        Provenance::Author => "author of the commit",
        Provenance::StructuralTest => "what the change does",
        Provenance::SourceText => "text of the source",
        Provenance::MergerProxy => "merged it",
    }
}

/// What they earned in each role.
pub(crate) fn roles(scored: &ScoredContributor, under: &ScoredUnder) -> AnyView {
    let places = places_of(Role::ALL.map(|role| scored.roles.get(role).ci), 2).min(MOST_PLACES);
    let most = Role::ALL.iter().map(|role| scored.roles.get(*role).ci.micros()).max().unwrap_or(0).max(1);
    let agents = Role::ALL.iter().any(|role| scored.roles.get(*role).agent_credits != 0);
    let row = |role: Role| {
        let of = scored.roles.get(role);
        view! {
            <tr>
                <th scope="row">{stage_chip(role)}<span class="cell-sub wide-only">{role_meaning(role)}</span></th>
                <td class="num">{count(of.credits)}</td>
                {agents.then(|| view! { <td class="num wide-only">{count(of.agent_credits)}</td> })}
                <td class="num wide-only">{fixed(*under.weights.get(role), 2)}</td>
                <td class="cell-bar roomy">{bar(of.ci.micros() as f64 / most as f64, class(role))}</td>
                <td class="num">{quiet_fraction(&fixed(of.ci, places))}</td>
            </tr>
        }
    };
    view! {
        <section id="roles" aria-labelledby="roles-h">
            <h2 id="roles-h">"Roles"</h2>
            {table_region(
                "roles-cap",
                format!("Credits times the weight of {}: CI v1", under.weight_set),
                view! {
                    <thead>
                        <tr>
                            <th scope="col">"Role"</th>
                            <th scope="col" class="num">"Credits"</th>
                            {agents.then(|| view! { <th scope="col" class="num wide-only">"Of agents"</th> })}
                            <th scope="col" class="num wide-only">"Weight"</th>
                            <th scope="col" class="cell-bar roomy">"Part"</th>
                            <th scope="col" class="num">"CI"</th>
                        </tr>
                    </thead>
                    <tbody>{Role::ALL.map(row).into_iter().collect::<Vec<_>>()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"Total"</th>
                            <td class="num">{count(scored.credits)}</td>
                            {agents.then(|| view! { <td class="wide-only"></td> })}
                            <td class="wide-only"></td>
                            <td class="roomy"></td>
                            <td class="num">{fixed(scored.score, places)}</td>
                        </tr>
                    </tfoot>
                },
            )}
        </section>
    }
    .into_any()
}

/// The agents whose work counts for them.
pub(crate) fn agents(scored: &ScoredContributor, under: &ScoredUnder) -> Option<AnyView> {
    let index = |version| {
        let places = places_of(scored.agents.iter().map(|agent| agent.ci.get(version)), 2).min(MOST_PLACES);
        move |agent: &AgentScore| fixed(agent.ci.get(version), places)
    };
    let shown = IndexVersion::ALL.map(index);
    let row = |agent: &AgentScore| {
        let ended = (!agent.current)
            .then(|| view! { <span class="cell-sub">"until their principal was ended"</span> });
        view! {
            <tr>
                <th scope="row"><a class="cell-main" href=contributor_under(&agent.handle, &under.weight_set)>{agent.handle.clone()}</a>{ended}</th>
                <td class="num">{count(agent.credits)}</td>
                {shown.each_ref().map(|show| view! { <td class="num">{show(agent)}</td> }).into_iter().collect::<Vec<_>>()}
            </tr>
        }
    };
    let heads = IndexVersion::ALL.map(|version| view! { <th scope="col" class="num">{version.name()}</th> });
    (!scored.agents.is_empty()).then(|| {
        view! {
            <section id="agents" aria-labelledby="agents-h">
                <h2 id="agents-h">"Agents"</h2>
                {table_region(
                    "agents-cap",
                    "Credits earned while they worked for them",
                    view! {
                        <thead>
                            <tr>
                                <th scope="col">"Agent"</th>
                                <th scope="col" class="num">"Credits"</th>
                                {heads.into_iter().collect::<Vec<_>>()}
                            </tr>
                        </thead>
                        <tbody>{scored.agents.iter().map(row).collect::<Vec<_>>()}</tbody>
                    },
                )}
            </section>
        }
        .into_any()
    })
}

/// The title of a change as a reader knows it: some forges wrap the pull request's own title into a sentence.
pub(crate) fn shown_title(title: &str) -> String {
    let wrapped = title.strip_prefix("Merge pull request '").and_then(|rest| rest.rsplit_once("' (#"));
    match wrapped.and_then(|(own, rest)| Some((own, rest.split_once(')')?.0))) {
        Some((own, number)) => format!("{own} (#{number})"),
        None => title.to_owned(),
    }
}

/// The page of a change.
pub(crate) fn unit_page(id: &domain::id::UnitId) -> String {
    format!("/units/{id}")
}

/// The first digits of a commit.
pub(crate) fn short(sha: &str) -> String {
    sha.chars().take(SHORT_SHA).collect()
}

/// What they would be paid of the newest links that name them.
pub(crate) fn payouts(profile: &ContributorProfile) -> AnyView {
    let row = |payout: &ContributorPayout| {
        let href = format!("/links/{}/payout", payout.lineage_id);
        let chips = payout.roles.iter().map(|&role| view! { {stage_chip(role)}" " }).collect::<Vec<_>>();
        view! {
            <tr>
                <th scope="row"><a class="cell-main" href=format!("/links/{}", payout.lineage_id)>{payout.idea_id.clone()}</a></th>
                <td>{chips}</td>
                <td class="num wide-only">{fixed(payout.measured_value_total, 2)}</td>
                <td class="num wide-only">{fixed(payout.roi_ratio, 4)}</td>
                <td class="num"><a href=href>{format!("{} %", percent(payout.share, 2))}<span class="vh">": why?"</span></a></td>
            </tr>
        }
    };
    let content = if profile.payouts.is_empty() {
        view! { <p class="sub">"No link names them in a stage or an investment. A link made from one of their changes does."</p> }
            .into_any()
    } else {
        table_region(
            "payouts-cap",
            format!(
                "Their share of any pool of the newest links that name them in a stage or investment, as {} previews it; \
                 nothing is paid by it. Policies by history pay whoever is credited in the changes that a link names: its \
                 payout page shows them.",
                profile.payouts[0].policy
            ),
            view! {
                <thead>
                    <tr>
                        <th scope="col">"Link"</th>
                        <th scope="col">"For"</th>
                        <th scope="col" class="num wide-only">"Value"</th>
                        <th scope="col" class="num wide-only">"ROI"</th>
                        <th scope="col" class="num">"Share"</th>
                    </tr>
                </thead>
                <tbody>{profile.payouts.iter().map(row).collect::<Vec<_>>()}</tbody>
            },
        )
    };
    view! { <section id="payouts" aria-labelledby="payouts-h"><h2 id="payouts-h">"Payouts"</h2>{content}</section> }.into_any()
}

/// For whom they worked, by time.
pub(crate) fn principals(profile: &ContributorProfile) -> Option<AnyView> {
    let row = |decision: &PrincipalDecision| {
        let whom = match &decision.period.principal {
            Some(principal) => {
                view! { <a class="cell-main" href=contributor_page(principal)>{principal.clone()}</a> }
                    .into_any()
            }
            None => "nobody".into_any(),
        };
        view! {
            <tr>
                <td><Time at=decision.period.from/></td>
                <th scope="row">{whom}</th>
                <td>{decision.reason.clone()}</td>
                <td>{decision.decided_by.clone()}<span class="cell-sub"><Time at=decision.decided_at/></span></td>
            </tr>
        }
    };
    (!profile.principals.is_empty()).then(|| {
        view! {
            <section id="principals" aria-labelledby="principals-h">
                <h2 id="principals-h">"For whom they work"</h2>
                {table_region(
                    "principals-cap",
                    "Each holds until the next; a credit counts for whom they worked when it was earned",
                    view! {
                        <thead>
                            <tr>
                                <th scope="col">"From"</th>
                                <th scope="col">"Principal"</th>
                                <th scope="col">"Reason"</th>
                                <th scope="col">"Decided by"</th>
                            </tr>
                        </thead>
                        <tbody>{profile.principals.iter().rev().map(row).collect::<Vec<_>>()}</tbody>
                    },
                )}
            </section>
        }
        .into_any()
    })
}

/// Every number that entered an index, with what it does.
pub(crate) fn factors(profile: &ContributorProfile) -> AnyView {
    let row = |factor: &ExplainedFactor| {
        view! {
            <tr>
                <th scope="row"><code>{factor.name.clone()}</code></th>
                <td class="num">{whole(factor.value, 1)}</td>
                <td>{factor.meaning.clone()}<span class="cell-sub">{factor.repository.clone()}</span></td>
            </tr>
        }
    };
    let part = |version: IndexVersion| {
        let rows: Vec<_> =
            profile.factors.iter().filter(|factor| factor.version == version).map(row).collect();
        view! {
            <details class="twin" id=format!("factors-{}", version.name())>
                <summary>{format!("What enters CI {}", version_label(version))}</summary>
                <p class="sub">{version_meaning(version)}</p>
                <div class="scroll" tabindex="0" role="region" aria-label=format!("Factors of {}", version.name())>
                    <table>
                        <caption>{format!("Every number that enters {}", version.name())}</caption>
                        <thead>
                            <tr><th scope="col">"Factor"</th><th scope="col" class="num">"Value"</th><th scope="col">"What it does"</th></tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        }
    };
    view! {
        <section aria-labelledby="factors-h">
            <h2 id="factors-h">"How it is counted"</h2>
            {IndexVersion::ALL.map(part).into_iter().collect::<Vec<_>>()}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::shown_title;

    #[test]
    fn a_title_is_shown_without_the_sentence_that_a_forge_made_of_it() {
        let of_forge = "Merge pull request 'rio: it's (#1) of 'two'' (#803) from extract/a into main";
        assert_eq!(shown_title(of_forge), "rio: it's (#1) of 'two' (#803)");
        for plain in ["Merge pull request #12 from octo/branch", "Merge pull request 'x", "rio: one (#3)"] {
            assert_eq!(shown_title(plain), plain);
        }
    }
}
