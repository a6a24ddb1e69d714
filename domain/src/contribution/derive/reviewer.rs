//! Who judged it.

use super::{Draft, Piece, Reading};
use crate::contribution::proposer::Named;
use crate::contribution::{KnowledgeKind, MergeKind, Provenance, Role};

/// Those whom blocks and review trailers name; else, where there is none but whoever proposed or wrote it, whoever
/// merged it. Nobody reviews their own: neither what they proposed nor a piece that they are an extractor of. That an
/// agent's principal reviews what the agent proposed is a review.
pub(super) fn reviewers(reading: &Reading<'_>, others: &[Draft]) -> Vec<Draft> {
    let is_own = |draft: &Draft| {
        let who = &draft.named.contributor;
        reading.proposer.as_ref().is_some_and(|proposer| proposer.contributor == *who)
            || others.iter().any(|other| {
                other.role == Role::Extractor && other.claim == draft.claim && other.named.contributor == *who
            })
    };
    let rules = &reading.policy().rules;
    let mut drafts = reading.by_block(Role::Reviewer);
    if rules.reviewer_trailer {
        drafts.extend(reading.register.reviewers(reading.unit).flat_map(|named| of_change(reading, &named)));
    }
    drafts.retain(|draft| !is_own(draft));
    if drafts.is_empty() && rules.reviewer_merger {
        drafts.extend(merger(reading).iter().flat_map(|named| of_change(reading, named)));
        drafts.retain(|draft| !is_own(draft));
    }
    drafts
}

/// A reviewer of the whole change, for each piece that it adds; for the change as such where it adds none.
fn of_change(reading: &Reading<'_>, named: &Named) -> Vec<Draft> {
    let draft = |claim| Draft { role: Role::Reviewer, claim, named: named.clone() };
    let judged = |piece: &&Piece<'_>| {
        piece.is_added() && !matches!(piece.kind, KnowledgeKind::Source | KnowledgeKind::Entity)
    };
    let added: Vec<_> =
        reading.pieces.iter().filter(judged).map(|piece| draft(Some(piece.path.to_owned()))).collect();
    if added.is_empty() { vec![draft(None)] } else { added }
}

/// Whoever merged it, where that was an act of its own and of somebody: a forge's own identity judges nothing, and a
/// commit that its author put straight onto the branch was merged by nobody.
fn merger(reading: &Reading<'_>) -> Option<Named> {
    let unit = reading.unit;
    let merger = reading.register.signed(&unit.merger, Provenance::MergerProxy)?;
    let author = reading.register.signed(&unit.author, Provenance::Author);
    let own = unit.kind == MergeKind::Direct
        && author.is_some_and(|author| author.contributor == merger.contributor);
    (!own && !reading.register.is_infrastructure(&merger)).then_some(merger)
}
