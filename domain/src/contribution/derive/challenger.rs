//! Who tested it.

use super::{Draft, Piece, Reading};
use crate::contribution::{CitationKind, KnowledgeKind, Role};
use std::collections::BTreeSet;

/// Those whom blocks name; and for each piece that was there before and that the change challenges without naming a
/// challenger, whoever proposed the change. The credit is for the piece that is challenged.
pub(super) fn challengers(reading: &Reading<'_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    // Pieces whose challengers the change names itself.
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for piece in reading.pieces.iter().filter(|piece| piece.newly_attributes(Role::Challenger)) {
        let targets: Vec<&str> = match piece.kind {
            KnowledgeKind::Challenge => targets(piece).collect(),
            _ => Vec::new(),
        };
        let targets = if targets.is_empty() { vec![piece.path] } else { targets };
        for target in targets {
            named.insert(target);
            drafts.extend(reading.attributed(piece, Role::Challenger).map(|who| Draft {
                role: Role::Challenger,
                claim: Some(target.to_owned()),
                named: who,
            }));
        }
    }
    if reading.policy().rules.challenger_structure {
        let challenged: BTreeSet<&str> = reading.pieces.iter().flat_map(challenged).collect();
        drafts.extend(
            challenged.difference(&named).filter_map(|target| reading.to_proposer(Role::Challenger, target)),
        );
    }
    drafts
}

/// What a piece, as the change leaves it, newly challenges: itself, where it was there before and is said to be
/// challenged now; and what was there before and it stands against.
fn challenged<'a>(piece: &Piece<'a>) -> Vec<&'a str> {
    let admits = piece.before.is_some_and(|before| {
        let adds = |now: &[String], then: &[String]| {
            now.iter().any(|entry| !entry.trim().is_empty() && !then.contains(entry))
        };
        adds(&piece.after.challenged_by, &before.challenged_by)
            || adds(&piece.after.challenge_notes, &before.challenge_notes)
    });
    targets(piece).chain(admits.then_some(piece.path)).collect()
}

/// What was there before the change and a piece newly stands against.
fn targets<'a>(piece: &Piece<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let own = piece.path;
    piece
        .new_citations()
        .filter(|citation| citation.kind == CitationKind::Challenges)
        .filter_map(|citation| citation.target.as_ref())
        .filter(move |target| target.existed_before && target.path != own)
        .map(|target| target.path.as_str())
}
