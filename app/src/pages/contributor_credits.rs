//! Credits as tables: what each is for, how it is known, and what became of the work; and the uses that CI v3 sums up.

use crate::components::pager::Pager;
use crate::components::scroll::table_region;
use crate::components::time::Time;
use crate::components::url::{address, claim_page, contributor_page, contributor_under, weights_parameter};
use crate::pages::contributor_parts::{provenance_label, short, shown_title, unit_page};
use crate::shared::chip::stage_chip;
use crate::shared::number::{count, counted, fixed, percent, places_of, quiet_fraction, whole};
use domain::contribution::{
    CreditEntry, CreditOutcome, CreditQuery, OutcomeReason, OutcomeTerm, PerRole, PieceOutcome,
};
use domain::money::{Index, Weight};
use domain::report::{ContributorProfile, ContributorUse, ExplainedCredit};
use leptos::prelude::*;

/// Pieces of a credit whose terms are written out; the API has more.
const SHOWN_PIECES: usize = 3;
/// Places of an index in the table of uses at the most.
const MOST_PLACES: u32 = 4;

/// A page of credits, newest first: those that count, or all.
pub(crate) fn credits(
    profile: &ContributorProfile,
    page: &[ExplainedCredit],
    next_cursor: Option<&str>,
    query: &CreditQuery,
) -> AnyView {
    let (handle, under) = (&profile.scored.handle, &profile.under);
    let at = |counted: bool, cursor: &str| {
        profile_address(handle, &under.weight_set, counted, cursor) + "#credits"
    };
    let first = query.cursor.is_some().then(|| ("Newest credits", at(query.counted, "")));
    let tab = |counted: bool, word: &'static str| {
        let current = (counted == query.counted).then_some("true");
        view! { <li><a href=at(counted, "") aria-current=current>{word}</a></li> }
    };
    let next = next_cursor.map(|cursor| ("Older credits", at(query.counted, cursor)));
    let shown = counted(i64::try_from(page.len()).unwrap_or(i64::MAX), "credit");
    let rows: Vec<AnyView> = page
        .iter()
        .map(|it| credit_row(&it.entry, it.explained.as_ref(), false, Some(&under.weights)))
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="sub">"None yet."</p> }.into_any()
    } else {
        table_of("credits-cap", rows, false)
    };
    view! {
        <section id="credits" aria-labelledby="credits-h">
            <h2 id="credits-h">"Credits"</h2>
            <nav aria-label="Which credits">
                <ul class="tabs" role="list">
                    {tab(true, "That count")}
                    {tab(false, "All, with ended ones and what each is for")}
                </ul>
            </nav>
            {table}
            <Pager shown=shown first=first next=next/>
        </section>
    }
    .into_any()
}

/// The page of a contributor under a weight set, with one page of their credits: those that count, or all.
pub(crate) fn profile_address(handle: &str, weights: &str, counted: bool, cursor: &str) -> String {
    let credits = if counted { "" } else { "all" };
    let parameters = [("weights", weights_parameter(weights)), ("credits", credits), ("cursor", cursor)];
    address(&contributor_page(handle), &parameters)
}

/// Credits as a table with who earned each, by the weights under which they were derived.
pub(crate) fn credits_table(id: &str, entries: &[CreditEntry]) -> AnyView {
    table_of(id, entries.iter().map(|entry| credit_row(entry, None, true, None)).collect(), true)
}

fn table_of(id: &str, rows: Vec<AnyView>, people: bool) -> AnyView {
    let who = people.then(|| view! { <th scope="col">"Contributor"</th> });
    table_region(
        id,
        "Newest first. What only says for what is marked; a role counts once in a change. The weight is what counts in v1, and times what became of the work in v2.",
        view! {
            <thead>
                <tr>
                    <th scope="col">"Merged"</th>
                    {who}
                    <th scope="col">"Role"</th>
                    <th scope="col">"Change"</th>
                    <th scope="col" class="wide-only">"Known by"</th>
                    <th scope="col" class="num">"Weight"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        },
    )
}

fn credit_row(
    entry: &CreditEntry,
    explained: Option<&CreditOutcome>,
    people: bool,
    weights: Option<&PerRole<Weight>>,
) -> AnyView {
    let credit = &entry.credit;
    let claim = entry.claim_slug.clone().map(|slug| {
        view! { <a class="cell-sub" href=claim_page(&slug)>{slug.clone()}</a> }
    });
    let named = (credit.named_as != credit.contributor).then(|| format!("as {}", credit.named_as));
    let principal = credit.principal.clone().map(|principal| format!("for {principal}"));
    let words = named.into_iter().chain(principal).collect::<Vec<_>>().join(", ");
    let ended = credit.ended_at.map(|at| {
        view! { <span class="cell-sub">"counts nothing since "<Time at=at day_only=true/></span> }
    });
    let who = people.then(|| {
        view! { <td><a class="cell-name" href=contributor_page(&credit.contributor)>{credit.contributor.clone()}</a></td> }
    });
    let weight = weights.map_or(credit.weight, |weights| *weights.get(credit.role));
    view! {
        <tr>
            <td><Time at=credit.earned_at day_only=true/></td>
            {who}
            <td>{stage_chip(credit.role)}{(!words.is_empty()).then(|| view! { <span class="cell-sub">{words}</span> })}</td>
            <th scope="row">
                <a class="cell-main" href=unit_page(&credit.unit)>{shown_title(&entry.title)}</a>
                <span class="cell-sub">{entry.repository.clone()}" "<code>{short(&entry.sha)}</code></span>
                {claim}
                {explained.map(outcome_lines)}
                {ended}
            </th>
            <td class="wide-only">
                {provenance_label(credit.provenance)}
                <span class="cell-sub">{format!("{} % sure", percent(credit.confidence, 0))}</span>
            </td>
            <td class="num">{weight_cell(entry, weight, explained.is_some())}</td>
        </tr>
    }
    .into_any()
}

fn weight_cell(entry: &CreditEntry, weight: Weight, explained: bool) -> AnyView {
    let credit = &entry.credit;
    match (credit.ended_at, credit.counted) {
        (Some(_), _) => view! { <span class="tag">"ended"</span> }.into_any(),
        (None, false) => view! { <span class="tag">"says for what"</span> }.into_any(),
        (None, true) => view! {
            {fixed(weight, 2)}
            {(explained || credit.outcome.micros() != 1_000_000)
                .then(|| view! { <span class="cell-sub">{format!("× {}", whole(credit.outcome, 1))}</span> })}
        }
        .into_any(),
    }
}

/// What became of the work, in lines under what was done: each piece with its terms.
pub(crate) fn outcome_lines(outcome: &CreditOutcome) -> AnyView {
    let lines = outcome_words(outcome);
    lines
        .into_iter()
        .map(|line| view! { <span class="cell-sub">{line}</span> })
        .collect::<Vec<_>>()
        .into_any()
}

/// What became of the work in words: `stands 1 + cited by 2 others 0.2 = 1.2`.
fn outcome_words(outcome: &CreditOutcome) -> Vec<String> {
    let own = |piece: &PieceOutcome| {
        let sum = piece.terms.iter().map(term_words).collect::<Vec<_>>().join(" + ");
        format!("{sum} = {}", whole(piece.factor, 1))
    };
    if outcome.piece_count == 0 {
        return vec!["for the change as a whole, so 1 in v2".to_owned()];
    }
    if let ([piece], 1) = (outcome.pieces.as_slice(), outcome.piece_count) {
        return vec![own(piece)];
    }
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md").to_owned();
    let mean = format!("mean of {} = {}", counted(outcome.piece_count, "piece"), whole(outcome.factor, 1));
    let shown = outcome.pieces.iter().take(SHOWN_PIECES);
    let pieces = shown.map(|piece| format!("{}: {}", name(&piece.path), own(piece)));
    let rest = outcome.piece_count - outcome.pieces.len().min(SHOWN_PIECES) as i64;
    let rest = (rest > 0).then(|| format!("and {}", counted(rest, "other piece")));
    std::iter::once(mean).chain(pieces).chain(rest).collect()
}

fn term_words(term: &OutcomeTerm) -> String {
    let value = whole(term.value, 1);
    match term.reason {
        OutcomeReason::Stands => format!("stands {value}"),
        OutcomeReason::Retired => format!("retired {value}"),
        OutcomeReason::Removed => format!("removed {value}"),
        OutcomeReason::Cited => {
            let others =
                if term.count == 1 { "1 other".to_owned() } else { format!("{} others", count(term.count)) };
            format!("cited by {others} {value}")
        }
        OutcomeReason::ChallengeOpen => format!("challenge made {value}"),
        OutcomeReason::TargetChanged => format!("target changed after it {value}"),
        OutcomeReason::ConfidenceMoved => format!("confidence moved {value}"),
        OutcomeReason::TakenBack => format!("taken back {value}"),
        OutcomeReason::OwnPiece => format!("against work of their own {value}"),
    }
}

/// Their parts in the uses of claims: what CI v3 is the sum of.
pub(crate) fn uses(profile: &ContributorProfile) -> AnyView {
    let places =
        |of: fn(&ContributorUse) -> Index| places_of(profile.uses.iter().map(of), 2).min(MOST_PLACES);
    let (use_places, ci_places) = (places(|it| it.uses), places(|it| it.ci));
    let row = |it: &ContributorUse| {
        let agent = (it.contributor != profile.scored.handle).then(|| {
            let href = contributor_under(&it.contributor, &profile.under.weight_set);
            view! { <a class="cell-sub" href=href>{format!("by {}", it.contributor)}</a> }
        });
        view! {
            <tr>
                <th scope="row">
                    <a class="cell-main" href=claim_page(&it.slug)>{it.slug.clone()}</a>
                    <span class="cell-sub">{it.repository.clone()}</span>
                </th>
                <td>{stage_chip(it.role)}{agent}</td>
                <td class="num">{count(it.sessions)}</td>
                <td class="num wide-only">{counted(i64::from(it.half_life_days), "day")}</td>
                <td class="num">{quiet_fraction(&fixed(it.uses, use_places))}</td>
                <td class="num">{format!("{} %", percent(it.share, 1))}</td>
                <td class="num">{quiet_fraction(&fixed(it.ci, ci_places))}</td>
            </tr>
        }
    };
    let rest = profile.use_count - profile.uses.len() as i64;
    let caption = format!(
        "Sessions that used a claim on days on which the role was theirs, faded by the half-life, times the role's share{}",
        if rest > 0 { format!("; {} with smaller parts are left out", count(rest)) } else { String::new() }
    );
    let content = if profile.uses.is_empty() {
        view! { <p class="sub">"No claim of theirs was used lately. Events on links that name a claim are uses of it."</p> }
            .into_any()
    } else {
        table_region(
            "uses-cap",
            caption,
            view! {
                <thead>
                    <tr>
                        <th scope="col">"Claim"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col" class="num">"Sessions"</th>
                        <th scope="col" class="num wide-only">"Half-life"</th>
                        <th scope="col" class="num">"Uses now"</th>
                        <th scope="col" class="num">"Share"</th>
                        <th scope="col" class="num">"CI v3"</th>
                    </tr>
                </thead>
                <tbody>{profile.uses.iter().map(row).collect::<Vec<_>>()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"All uses"</th>
                        <td></td><td></td><td class="wide-only"></td><td></td><td></td>
                        <td class="num">{fixed(profile.scored.ci.v3, ci_places)}</td>
                    </tr>
                </tfoot>
            },
        )
    };
    view! { <section id="uses" aria-labelledby="uses-h"><h2 id="uses-h">"Uses of their claims"</h2>{content}</section> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(path: &str, terms: &[(OutcomeReason, i64, i64)]) -> PieceOutcome {
        let term = |&(reason, count, each): &(OutcomeReason, i64, i64)| OutcomeTerm {
            reason,
            count,
            each: Weight::from_micros(each),
            value: Weight::from_micros(count * each),
        };
        let terms: Vec<OutcomeTerm> = terms.iter().map(term).collect();
        let factor = Weight::from_micros(terms.iter().map(|term| term.value.micros()).sum());
        PieceOutcome { path: path.into(), factor, terms }
    }

    #[test]
    fn a_factor_is_told_term_by_term() {
        use OutcomeReason::{Cited, Removed, Stands};
        let one = piece("domains/a.md", &[(Stands, 1, 1_000_000), (Cited, 2, 100_000)]);
        let told = |pieces: Vec<PieceOutcome>, piece_count, factor| {
            outcome_words(&CreditOutcome { factor: Weight::from_micros(factor), piece_count, pieces })
        };
        assert_eq!(told(vec![one.clone()], 1, 1_200_000), ["stands 1.0 + cited by 2 others 0.2 = 1.2"]);
        assert_eq!(told(Vec::new(), 0, 1_000_000), ["for the change as a whole, so 1 in v2"]);
        let gone = piece("domains/b.md", &[(Removed, 1, 250_000)]);
        assert_eq!(
            told(vec![one.clone(), gone, one.clone(), one], 7, 1_100_000),
            [
                "mean of 7 pieces = 1.1",
                "a: stands 1.0 + cited by 2 others 0.2 = 1.2",
                "b: removed 0.25 = 0.25",
                "a: stands 1.0 + cited by 2 others 0.2 = 1.2",
                "and 4 other pieces"
            ]
        );
    }

    #[test]
    fn a_profile_keeps_what_was_asked_for() {
        assert_eq!(profile_address("rio", "ci-v1", true, ""), "/contributors/rio");
        assert_eq!(
            profile_address("rio", "ci-v0", false, "7.a"),
            "/contributors/rio?weights=ci-v0&credits=all&cursor=7.a"
        );
    }
}
