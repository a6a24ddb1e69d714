//! Who wrote it down.

use super::{Draft, Reading};
use crate::contribution::{KnowledgeKind, ProposerRule, Role};

/// Those whom a piece's block names; of an added claim that names nobody, whoever proposed the change. Where every
/// change of knowledge counts, its proposer as well where it adds no claim and no block names anybody.
pub(super) fn extractors(reading: &Reading<'_>) -> Vec<Draft> {
    let mut drafts = reading.by_block(Role::Extractor);
    let rule = reading.policy().rules.extractor_proposer;
    let (Some(proposer), true) = (&reading.proposer, rule != ProposerRule::Off) else { return drafts };
    let draft = |claim: Option<&str>| Draft {
        role: Role::Extractor,
        claim: claim.map(str::to_owned),
        named: proposer.clone(),
    };
    let claims = reading.pieces.iter().filter(|piece| piece.kind == KnowledgeKind::Claim && piece.is_added());
    drafts.extend(
        claims.filter(|claim| !claim.attributes(Role::Extractor)).map(|claim| draft(Some(claim.path))),
    );
    if rule == ProposerRule::Knowledge && drafts.is_empty() {
        drafts.push(draft(None));
    }
    drafts
}
