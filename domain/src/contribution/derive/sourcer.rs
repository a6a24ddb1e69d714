//! Who found it.

use super::{Draft, Piece, Reading};
use crate::contribution::{KnowledgeKind, Provenance, Role};
use std::collections::BTreeSet;

/// Letters that a known name has at least, to be looked for in texts: shorter ones are found in anything.
const MIN_NAME: usize = 3;

/// Those whom blocks name; of a claim that names nobody, the known persons whom its source newly names.
pub(super) fn sourcers(reading: &Reading<'_>) -> Vec<Draft> {
    let mut drafts = reading.by_block(Role::Sourcer);
    if reading.policy().rules.sourcer_text {
        let claims = reading
            .pieces
            .iter()
            .filter(|piece| piece.kind == KnowledgeKind::Claim && !piece.attributes(Role::Sourcer));
        drafts.extend(claims.flat_map(|claim| named_in_source(reading, claim)));
    }
    drafts
}

fn named_in_source(reading: &Reading<'_>, claim: &Piece<'_>) -> Vec<Draft> {
    let known = &reading.register.people.known_names;
    let people = |state: &crate::contribution::ObjectState| -> BTreeSet<String> {
        let texts: Vec<String> = state.sources.iter().map(|text| text.to_lowercase()).collect();
        let by_text = known
            .iter()
            .filter(|(name, _)| name.chars().count() >= MIN_NAME)
            .filter(|(name, _)| texts.iter().any(|text| names(text, name)))
            .map(|(_, handle)| handle.clone());
        state.source_people.iter().cloned().chain(by_text).collect()
    };
    let before = claim.before.map(people).unwrap_or_default();
    let new = people(claim.after).into_iter().filter(|person| !before.contains(person));
    let named = new.filter_map(|person| reading.register.named(&person, Provenance::SourceText, false));
    named.map(|named| Draft { role: Role::Sourcer, claim: Some(claim.path.to_owned()), named }).collect()
}

/// Whether a text holds a name as whole words; both in lower case.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let is_word = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
        !is_word(text[..at].chars().next_back()) && !is_word(text[at + name.len()..].chars().next())
    })
}
