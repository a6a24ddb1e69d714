//! Who connected it.

use super::{Draft, Reading};
use crate::contribution::{CitationKind, KnowledgeKind, ObjectState, Role};

/// Those whom blocks name; of a claim that names nobody and newly connects domains, whoever proposed the change.
pub(super) fn synthesizers(reading: &Reading<'_>) -> Vec<Draft> {
    let mut drafts = reading.by_block(Role::Synthesizer);
    if reading.policy().rules.synthesizer_structure {
        let claims = reading.pieces.iter().filter(|piece| {
            piece.kind == KnowledgeKind::Claim
                && !piece.attributes(Role::Synthesizer)
                && connects(piece.after, piece.path)
                && !piece.before.is_some_and(|before| connects(before, piece.path))
        });
        drafts.extend(claims.filter_map(|claim| reading.to_proposer(Role::Synthesizer, claim.path)));
    }
    drafts
}

/// Whether a claim names a domain that is not its own, and cites a claim in it.
fn connects(claim: &ObjectState, path: &str) -> bool {
    let plain = |domain: &str| domain.trim().to_lowercase();
    let Some(own) = claim.domain.as_deref().map(plain) else { return false };
    let foreign: Vec<String> =
        claim.secondary_domains.iter().map(|domain| plain(domain)).filter(|domain| *domain != own).collect();
    let cites = |kind| matches!(kind, CitationKind::Cites | CitationKind::DependsOn);
    let targets = claim.citations.iter().filter(|citation| cites(citation.kind));
    targets.filter_map(|citation| citation.target.as_ref()).any(|target| {
        target.kind == KnowledgeKind::Claim
            && target.path != path
            && target.domain.as_deref().map(plain).is_some_and(|domain| foreign.contains(&domain))
    })
}
