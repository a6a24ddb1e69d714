//! What became of a credited piece of work: the factor of CI v2, with its explanation.
//!
//! A credit's factor is the mean of those of the pieces it is for, and 1 where it is for none. Of a piece that was made:
//! what its state is worth, and so much more for each other piece that cites it, made by others. Of a challenge: what an
//! open one is worth, and so much more where others made its target say something else after it, and where the target's
//! confidence moved; nothing where the challenge itself was taken back, or where it is of the challenger's own work.

use super::policy;
use super::role::Role;
use crate::decimal::{MICROS_PER_UNIT, divide_half_even};
use crate::id::UnitId;
use crate::money::Weight;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What became of a piece of knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PieceState {
    /// It stands.
    Stands,
    /// It says of itself that it is retired.
    Retired,
    /// It is there no more.
    Removed,
}

impl PieceState {
    /// The state of a piece, by its status and whether it was removed.
    pub fn of(status: Option<&str>, removed: bool) -> Self {
        match status.map(|status| status.trim().to_lowercase()).as_deref() {
            _ if removed => Self::Removed,
            Some("retired" | "withdrawn" | "superseded" | "deprecated") => Self::Retired,
            _ => Self::Stands,
        }
    }
}

/// Who made something, and for whom they worked then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Maker {
    /// Who.
    pub contributor: String,
    /// For whom.
    pub principal: Option<String>,
}

/// A piece that cites another, by a link that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitingPiece {
    /// Its path.
    pub path: String,
    /// Who made it: its extractors, else whoever proposed the change that added it.
    pub makers: Vec<Maker>,
}

/// What a challenge led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChallengeFate {
    /// Its target was made by the challenger.
    pub own_piece: bool,
    /// A later unit than the challenge's, not the challenger's and not reverted since, made its target say something else.
    pub target_changed: bool,
    /// Such a unit, or the challenge's own, changed the target's confidence.
    pub confidence_moved: bool,
    /// What the challenge added was taken away again.
    pub taken_back: bool,
}

/// All that became of a piece that a credit is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceFate {
    /// Its path.
    pub path: String,
    /// What it is now.
    pub state: PieceState,
    /// Who made it.
    pub makers: Vec<Maker>,
    /// The pieces that cite it now, by links that lead to it.
    pub citing: Vec<CitingPiece>,
    /// What the challenge led to; only read for a challenger's credit, whose target the piece is.
    pub challenge: ChallengeFate,
}

/// Why a factor is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OutcomeReason {
    /// The piece stands.
    Stands,
    /// It is retired.
    Retired,
    /// It was removed.
    Removed,
    /// Others cite it.
    Cited,
    /// The challenge is open.
    ChallengeOpen,
    /// Its target changed after it.
    TargetChanged,
    /// The target's confidence moved.
    ConfidenceMoved,
    /// It was taken back.
    TakenBack,
    /// It challenges what the challenger made.
    OwnPiece,
}

/// One term of a piece's factor: so many times so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutcomeTerm {
    /// What for.
    pub reason: OutcomeReason,
    /// How many times it counts.
    #[cfg_attr(feature = "openapi", schema(example = 3))]
    pub count: i64,
    /// How much each time.
    #[cfg_attr(feature = "openapi", schema(example = 0.1))]
    pub each: Weight,
    /// The product.
    #[cfg_attr(feature = "openapi", schema(example = 0.3))]
    pub value: Weight,
}

/// A piece's factor: the sum of its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PieceOutcome {
    /// The piece.
    pub path: String,
    /// Its factor.
    #[cfg_attr(feature = "openapi", schema(example = 1.3))]
    pub factor: Weight,
    /// What it comes from.
    pub terms: Vec<OutcomeTerm>,
}

/// A credit's factor: the mean of its pieces'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreditOutcome {
    /// The factor, to six places, half to even.
    #[cfg_attr(feature = "openapi", schema(example = 1.3))]
    pub factor: Weight,
    /// How many pieces it is for.
    #[cfg_attr(feature = "openapi", schema(example = 1))]
    pub piece_count: i64,
    /// The pieces, by path; of very many only the first.
    pub pieces: Vec<PieceOutcome>,
}

/// What became of what a credit is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExplainedOutcome {
    /// The credit's unit.
    #[serde(skip)]
    pub unit: UnitId,
    /// Whose it is.
    pub contributor: String,
    /// The role.
    pub role: Role,
    /// The piece, where credits are counted by piece; else it is of all that the role's credits in the change are for.
    pub claim: Option<String>,
    /// The factor and its terms.
    #[serde(flatten)]
    pub outcome: CreditOutcome,
}

/// What became of what a credit is for. Where a policy counts per change, the pieces are all those that the change's
/// credits of this contributor and role are for.
pub fn outcome(role: Role, pieces: &[PieceFate], policy: &policy::Outcome) -> CreditOutcome {
    let mut pieces: Vec<PieceOutcome> =
        pieces.iter().map(|piece| piece_outcome(role, piece, policy)).collect();
    pieces.sort_by(|one, other| one.path.cmp(&other.path));
    let sum: i128 = pieces.iter().map(|piece| i128::from(piece.factor.micros())).sum();
    let factor = match pieces.len() as i128 {
        0 => MICROS_PER_UNIT,
        count => divide_half_even(sum, count) as i64,
    };
    CreditOutcome { factor: Weight::from_micros(factor), piece_count: pieces.len() as i64, pieces }
}

fn piece_outcome(role: Role, piece: &PieceFate, policy: &policy::Outcome) -> PieceOutcome {
    let terms = if role == Role::Challenger {
        challenge_terms(piece.challenge, policy)
    } else {
        made_terms(piece, policy)
    };
    let factor = terms.iter().map(|term| term.value.micros()).sum();
    PieceOutcome { path: piece.path.clone(), factor: Weight::from_micros(factor), terms }
}

fn term(reason: OutcomeReason, count: i64, each: Weight) -> OutcomeTerm {
    OutcomeTerm { reason, count, each, value: Weight::from_micros(count * each.micros()) }
}

fn made_terms(piece: &PieceFate, policy: &policy::Outcome) -> Vec<OutcomeTerm> {
    let state = match piece.state {
        PieceState::Stands => term(OutcomeReason::Stands, 1, policy.stands),
        PieceState::Retired => term(OutcomeReason::Retired, 1, policy.retired),
        // What is not there cannot be cited: links to it are broken.
        PieceState::Removed => return vec![term(OutcomeReason::Removed, 1, policy.removed)],
    };
    match cited_by_others(piece).min(policy.max_citations) {
        0 => vec![state],
        count => vec![state, term(OutcomeReason::Cited, count, policy.per_citation)],
    }
}

fn challenge_terms(fate: ChallengeFate, policy: &policy::Outcome) -> Vec<OutcomeTerm> {
    if fate.own_piece {
        return vec![term(OutcomeReason::OwnPiece, 1, Weight::ZERO)];
    }
    if fate.taken_back {
        return vec![term(OutcomeReason::TakenBack, 1, Weight::ZERO)];
    }
    let mut terms = vec![term(OutcomeReason::ChallengeOpen, 1, policy.challenge_open)];
    if fate.target_changed {
        terms.push(term(OutcomeReason::TargetChanged, 1, policy.challenge_target_changed));
    }
    if fate.confidence_moved {
        terms.push(term(OutcomeReason::ConfidenceMoved, 1, policy.challenge_confidence_moved));
    }
    terms
}

/// How many pieces cite it that are others': each path once, not itself, and none that any of its own makers made,
/// their principal, or an agent of theirs. Of a piece whose makers nobody knows, nobody knows that they are others.
fn cited_by_others(piece: &PieceFate) -> i64 {
    let own: BTreeSet<&str> = piece.makers.iter().map(|maker| maker.contributor.as_str()).collect();
    let above: BTreeSet<&str> = piece.makers.iter().filter_map(|maker| maker.principal.as_deref()).collect();
    let is_own = |maker: &Maker| {
        let name = maker.contributor.as_str();
        own.contains(name)
            || above.contains(name)
            || maker.principal.as_deref().is_some_and(|principal| own.contains(principal))
    };
    let others = piece.citing.iter().filter(|citing| {
        citing.path != piece.path && !citing.makers.is_empty() && !citing.makers.iter().any(is_own)
    });
    others.map(|citing| citing.path.as_str()).collect::<BTreeSet<_>>().len() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contribution::{ContributionPolicy, DEFAULT_POLICY};

    fn maker(contributor: &str, principal: Option<&str>) -> Maker {
        Maker { contributor: contributor.to_owned(), principal: principal.map(str::to_owned) }
    }

    fn fate(citing: &[(&str, Maker)]) -> PieceFate {
        let citing = citing
            .iter()
            .map(|(path, maker)| CitingPiece { path: (*path).to_owned(), makers: vec![maker.clone()] });
        PieceFate {
            path: "domains/a.md".into(),
            state: PieceState::Stands,
            makers: vec![maker("rio", Some("mike"))],
            citing: citing.collect(),
            challenge: ChallengeFate::default(),
        }
    }

    fn factor(role: Role, pieces: &[PieceFate]) -> String {
        let policy = ContributionPolicy::named(DEFAULT_POLICY).unwrap();
        outcome(role, pieces, &policy.outcome).factor.to_string()
    }

    #[test]
    fn a_piece_counts_by_its_state_and_by_the_others_that_cite_it() {
        let cited = fate(&[
            ("domains/b.md", maker("ann", None)),
            ("domains/b.md", maker("ann", None)),
            ("domains/c.md", maker("rio", Some("mike"))),
            ("domains/d.md", maker("mike", None)),
            ("domains/e.md", maker("clay", Some("mike"))),
            ("domains/f.md", maker("tool", Some("rio"))),
            ("domains/a.md", maker("ann", None)),
        ]);
        assert_eq!(factor(Role::Extractor, std::slice::from_ref(&cited)), "1.2", "ann and clay");
        let retired = PieceFate { state: PieceState::Retired, ..cited.clone() };
        assert_eq!(factor(Role::Reviewer, std::slice::from_ref(&retired)), "0.7");
        let removed = PieceFate { state: PieceState::Removed, ..cited.clone() };
        assert_eq!(factor(Role::Sourcer, std::slice::from_ref(&removed)), "0.25");
        assert_eq!(factor(Role::Extractor, &[cited, retired, removed]), "0.716667", "the mean");
        assert_eq!(factor(Role::Extractor, &[]), "1.0", "of nothing");
        let crowd: Vec<String> = (0..30).map(|at| format!("domains/x{at}.md")).collect();
        let crowd: Vec<_> = crowd.iter().map(|path| (path.as_str(), maker("ann", None))).collect();
        assert_eq!(factor(Role::Extractor, &[fate(&crowd)]), "2.0", "ten at the most");
    }

    #[test]
    fn a_challenge_counts_by_what_it_moved() {
        let challenge = |target_changed, confidence_moved, taken_back| {
            let challenge = ChallengeFate { own_piece: false, target_changed, confidence_moved, taken_back };
            factor(Role::Challenger, &[PieceFate { challenge, ..fate(&[]) }])
        };
        assert_eq!(challenge(false, false, false), "0.5");
        assert_eq!(challenge(true, false, false), "1.0");
        assert_eq!(challenge(true, true, false), "1.5");
        assert_eq!(challenge(true, true, true), "0.0");
        let own = ChallengeFate { own_piece: true, target_changed: true, ..ChallengeFate::default() };
        assert_eq!(factor(Role::Challenger, &[PieceFate { challenge: own, ..fate(&[]) }]), "0.0");
    }
}
