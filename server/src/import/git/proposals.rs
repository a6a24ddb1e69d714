//! Merges of identities that a `.mailmap` proposes.

use crate::import::history::Alias;
use domain::contribution::{MergeProposal, handle_of};
use domain::{canonical::hex, contribution::ADDRESS_OF};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

const EVIDENCE: &str = ".mailmap";

/// What its lines propose: of two names, that the second is the first's; of a name and an address, that whoever signs
/// with that address is.
pub fn of_mailmap(lines: &[Alias]) -> Vec<MergeProposal> {
    let mut proposals = BTreeSet::new();
    for line in lines {
        let Some(handle) = line.name.as_deref().and_then(handle_of) else { continue };
        let alias = match line.commit_name.as_deref().and_then(handle_of) {
            Some(alias) => alias,
            None => format!("{ADDRESS_OF}{}", address_digest(&line.commit_email)),
        };
        if alias != handle {
            proposals.insert(MergeProposal { handle, alias, evidence: EVIDENCE.to_owned() });
        }
    }
    proposals.into_iter().collect()
}

/// What is kept of an address.
pub fn address_digest(address: &str) -> String {
    let address = address.trim().to_lowercase();
    hex(&Sha256::digest(address.as_bytes())[..16])
}
