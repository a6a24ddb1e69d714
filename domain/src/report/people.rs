//! Who did what of a spec or idea, as all of its links say, however many they are.
//!
//! Desired properties:
//! - what is told of people, of ids and of links that name nobody is of every link, not of the newest alone;
//! - a subject of few links costs no read beside that of the links themselves, and one of many costs as many reads as
//!   it has [`READ`]s of links, none of them of more than that.

use crate::error::Error;
use crate::id::LinkId;
use crate::link::{Contributors, Investment, LinkPeople, LinkRecord, names_somebody};
use crate::page::LinksOf;
use crate::stage::{PerStage, Stage};
use crate::store::Store;
use std::collections::BTreeSet;

/// Ids of links that a report gives, newest first; the list of links has the others.
pub const LISTED: usize = 500;
/// Links that a form offers to choose from.
pub const OFFERED: usize = 50;
/// Links offered that name somebody, at the least: whoever is named may not be the only one.
const OFFERED_NAMED: usize = 10;
/// Links that are read at once.
pub const READ: i64 = 1_000;

/// A link that a form offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedLink {
    /// Its id.
    pub id: LinkId,
    /// The idea it began with.
    pub idea_id: String,
    /// Whether it names somebody already.
    pub names_somebody: bool,
}

/// What all links of a subject say of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedPeople {
    /// The ids of its links, newest first: [`LISTED`] at the most.
    pub lineage_ids: Vec<LinkId>,
    /// Links to choose from: those that name nobody, then the others, each newest first; [`OFFERED`] at the most.
    pub offered: Vec<OfferedLink>,
    /// Who did what, by role and by investment: names of each stage, each once, sorted.
    pub contributors: PerStage<Vec<String>>,
}

impl LinkedPeople {
    /// What is to be acted on first: a link that names nobody, or the newest.
    pub fn first(&self) -> Option<LinkId> {
        self.offered.first().map(|link| link.id)
    }

    /// Of a subject whose newest links are these, of so many at the most that were asked for.
    pub(super) async fn of(
        store: &dyn Store,
        subject: LinksOf<'_>,
        newest: &[LinkRecord],
        asked: i64,
    ) -> Result<Self, Error> {
        let mut reading = Reading::default();
        for LinkRecord { link, .. } in newest {
            reading.take(link.id, &link.idea_id, &link.contributors, &link.investments);
        }
        let is_full = |length: usize, asked: i64| i64::try_from(length).is_ok_and(|length| length >= asked);
        let mut more = is_full(newest.len(), asked);
        let mut last = newest.last().map(|record| record.link.id);
        while let (true, Some(before)) = (more, last) {
            let older = store.people_of_links(subject, before, READ).await?;
            more = is_full(older.len(), READ);
            last = older.last().map(|link| link.id);
            for LinkPeople { id, idea_id, contributors, investments } in &older {
                reading.take(*id, idea_id, contributors, investments);
            }
        }
        Ok(reading.finish())
    }
}

/// Links under reading, newest first.
#[derive(Default)]
struct Reading {
    ids: Vec<LinkId>,
    unnamed: Vec<OfferedLink>,
    named: Vec<OfferedLink>,
    names: PerStage<BTreeSet<String>>,
}

impl Reading {
    fn take(&mut self, id: LinkId, idea_id: &str, contributors: &Contributors, investments: &[Investment]) {
        if self.ids.len() < LISTED {
            self.ids.push(id);
        }
        let names_somebody = names_somebody(contributors, investments);
        let offered = if names_somebody { &mut self.named } else { &mut self.unnamed };
        if offered.len() < OFFERED {
            offered.push(OfferedLink { id, idea_id: idea_id.to_owned(), names_somebody });
        }
        let roles =
            Stage::ALL.into_iter().filter_map(|stage| Some((stage, contributors.get(stage).as_ref()?)));
        let invested = investments.iter().map(|row| (row.stage, &row.contributor));
        for (stage, name) in roles.chain(invested) {
            let names = self.names.get_mut(stage);
            if !names.contains(name) {
                names.insert(name.clone());
            }
        }
    }

    fn finish(mut self) -> LinkedPeople {
        self.unnamed.truncate(OFFERED - self.named.len().min(OFFERED_NAMED));
        let room = OFFERED - self.unnamed.len();
        let offered = self.unnamed.into_iter().chain(self.named.into_iter().take(room)).collect();
        let contributors =
            PerStage::from_fn(|stage| std::mem::take(self.names.get_mut(stage)).into_iter().collect());
        LinkedPeople { lineage_ids: self.ids, offered, contributors }
    }
}
