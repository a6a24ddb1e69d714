//! What the registry shows: specs, ideas and change requests.

use super::people::LinkedPeople;
use crate::change_request::{ChangeRequest, ChangeRequestQuery};
use crate::error::Error;
use crate::id::ChangeRequestId;
use crate::idea::{IdeaQuery, IdeaRecord};
use crate::link::LinkRecord;
use crate::page::{LinksOf, Page};
use crate::spec::{Missing, SpecCard, SpecContent, SpecQuery};
use crate::store::Store;

/// Links and specs that a report of a spec or idea shows, newest first; how many there are it says as well.
pub const SHOWN: i64 = 50;

/// A page of specs.
pub async fn specs(store: &dyn Store, query: &SpecQuery) -> Result<Page<SpecCard>, Error> {
    store.specs(query).await
}

/// A spec with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecReport {
    /// Its figures, with all that is derived.
    pub card: SpecCard,
    /// What is written of it; empty of a stub.
    pub content: SpecContent,
    /// Its links, newest first: [`SHOWN`] at the most, of `card.totals.link_count`.
    pub links: Vec<LinkRecord>,
    /// What all of its links say of people.
    pub people: LinkedPeople,
}

impl SpecReport {
    /// What is missing, each with the action that closes it.
    pub fn missing(&self) -> Vec<Missing> {
        // A link that names nobody comes first: it is what a change request would be about.
        Missing::of(&self.card, self.people.first())
    }
}

/// A spec with everything that is known of it.
pub async fn spec(store: &dyn Store, spec_id: &str) -> Result<SpecReport, Error> {
    let entry = store.spec(spec_id).await?.ok_or(Error::SpecNotFound)?;
    let links = store.links_of_spec(spec_id, SHOWN).await?;
    let people = LinkedPeople::of(store, LinksOf::Spec(spec_id), &links, SHOWN).await?;
    Ok(SpecReport { card: entry.card, content: entry.content, links, people })
}

/// A page of ideas.
pub async fn ideas(store: &dyn Store, query: &IdeaQuery) -> Result<Page<IdeaRecord>, Error> {
    store.ideas(query).await
}

/// An idea with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeaReport {
    /// The idea with its totals.
    pub record: IdeaRecord,
    /// Its specs, [`SHOWN`] at the most: those registered for it, and those that its links name.
    pub specs: Vec<SpecCard>,
    /// Its links, newest first: [`SHOWN`] at the most, of `record.totals.link_count`.
    pub links: Vec<LinkRecord>,
    /// What all of its links say of people.
    pub people: LinkedPeople,
}

/// An idea with what came of it.
pub async fn idea(store: &dyn Store, idea_id: &str) -> Result<IdeaReport, Error> {
    let record = store.idea(idea_id).await?.ok_or(Error::IdeaNotFound)?;
    let specs = store.specs_of_idea(idea_id, SHOWN).await?;
    let links = store.links_of_idea(idea_id, SHOWN).await?;
    let people = LinkedPeople::of(store, LinksOf::Idea(idea_id), &links, SHOWN).await?;
    Ok(IdeaReport { record, specs, links, people })
}

/// A page of change requests.
pub async fn change_requests(
    store: &dyn Store,
    query: &ChangeRequestQuery,
) -> Result<Page<ChangeRequest>, Error> {
    store.change_requests(query).await
}

/// A change request with its votes and what came of it.
pub async fn change_request(store: &dyn Store, id: ChangeRequestId) -> Result<ChangeRequest, Error> {
    store.change_request(id).await?.ok_or(Error::ChangeRequestNotFound)
}
