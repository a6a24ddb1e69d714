//! What history shows of those it names. It follows from units and policies alone, not from what people decided.

use super::super::batch::BatchError;
use super::super::connection::{Connection, Sql};
use super::super::prepare::JsonRows;
use super::statements::{ADD_ADDRESSES, ADD_IDENTITIES, ADD_UNIT_NAMES};
use crate::import::git::address_digest;
use domain::{
    contribution::{
        ContributionPolicy, ContributorKind, People, ReadUnit, Sighting, Signature, handle_of, sightings,
    },
    error::Error,
    id::UnitId,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a name at the most.
const MAX_NAME: usize = 200;
/// What stands before the `@` of addresses that are nobody's own.
const NOBODY: [&str; 5] = ["", "noreply", "no-reply", "git", "root"];
/// Kinds as they are kept: the later, the stronger what shows it.
const KINDS: [ContributorKind; 4] = [
    ContributorKind::External,
    ContributorKind::Person,
    ContributorKind::Agent,
    ContributorKind::Infrastructure,
];

/// The number of a kind.
fn number_of(kind: ContributorKind) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap_or_default()
}

/// The kind of a number.
pub fn kind_of(number: i64) -> Result<ContributorKind, Error> {
    let kind = usize::try_from(number).ok().and_then(|number| KINDS.get(number).copied());
    kind.ok_or_else(|| Error::Store(format!("corrupt row in identities: {number} is no kind")))
}

/// What some units show of a handle.
#[derive(Debug, Clone)]
struct Shown {
    /// Compared in this order: the first time that a name is written out counts.
    named: (i64, String),
    name: String,
    kind: usize,
    first_at: i64,
    last_at: i64,
}

/// Identities of a chunk of units.
#[derive(Debug, Default)]
pub struct Identities {
    shown: BTreeMap<String, Shown>,
    addresses: BTreeSet<(String, String)>,
    names: BTreeSet<(String, UnitId)>,
}

impl Identities {
    /// Adds those whom a unit names.
    pub fn add(&mut self, unit: &ReadUnit, policy: &ContributionPolicy) {
        let (at, id) = (unit.merged_at.timestamp_micros(), unit.id());
        self.names.extend(names(unit).into_iter().map(|handle| (handle, id)));
        for signature in [&unit.author, &unit.merger] {
            self.add_address(signature);
        }
        for Sighting { contributor, name, kind } in sightings(unit, &People::default(), policy) {
            let name: String = name.chars().filter(|it| !it.is_control()).take(MAX_NAME).collect();
            // A name of which only the handle is known gives way to any that is written out.
            let written_at = if name == contributor || name.is_empty() { i64::MAX } else { at };
            let shown = Shown {
                named: (written_at, id.to_string()),
                name: if written_at == i64::MAX { contributor.clone() } else { name },
                kind: number_of(kind),
                first_at: at,
                last_at: at,
            };
            match self.shown.get_mut(&contributor) {
                Some(known) => known.merge(shown),
                None => drop(self.shown.insert(contributor, shown)),
            }
        }
    }

    fn add_address(&mut self, signature: &Signature) {
        let address = signature.email.trim().to_lowercase();
        let own =
            address.split_once('@').is_some_and(|(name, host)| !host.is_empty() && !NOBODY.contains(&name));
        if let Some(handle) = handle_of(&signature.name).filter(|_| own) {
            self.addresses.insert((address_digest(&address), handle));
        }
    }

    /// Adds them to what is kept.
    pub async fn write(self, connection: &mut Connection) -> Result<(), BatchError> {
        let row = |(handle, it): (&String, &Shown)| {
            json!([handle, it.name, it.named.0, it.named.1, it.kind, it.first_at, it.last_at])
        };
        let identities: JsonRows = self.shown.iter().map(row).collect();
        let addresses: JsonRows =
            self.addresses.iter().map(|(address, handle)| json!([address, handle])).collect();
        let names: JsonRows = self.names.iter().map(|(handle, unit)| json!([handle, unit])).collect();
        let tables = [(ADD_IDENTITIES, identities), (ADD_ADDRESSES, addresses), (ADD_UNIT_NAMES, names)];
        let writes: Vec<(Sql, String)> =
            tables.into_iter().filter_map(|(sql, rows)| Some((sql, rows.finish()?))).collect();
        Ok(connection.run_all(&writes).await?)
    }
}

impl Shown {
    fn merge(&mut self, other: Self) {
        if other.named < self.named {
            (self.named, self.name) = (other.named, other.name);
        }
        self.kind = self.kind.max(other.kind);
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
    }
}

/// Every handle that a unit names in any way: more than are credited, never fewer.
fn names(unit: &ReadUnit) -> BTreeSet<String> {
    let signed = [&unit.author, &unit.merger].into_iter().flat_map(|signature| {
        let local = signature.email.split('@').next().unwrap_or_default();
        [signature.name.as_str(), local]
    });
    let states = unit.objects.iter().flat_map(|object| object.before.iter().chain(&object.after));
    let said = states.flat_map(|state| {
        let attributed = state.attribution.iter().map(|entry| entry.handle.as_str());
        let people = state.source_people.iter().chain(&state.proposed_by).chain(&state.person);
        attributed.chain(people.map(String::as_str))
    });
    let branch = unit.branch.as_deref().unwrap_or_default().split('/');
    let trailers = unit.trailers.iter().map(|trailer| trailer.name.as_str());
    signed
        .chain(said)
        .chain(branch)
        .chain(trailers)
        .chain(unit.label.as_deref())
        .filter_map(handle_of)
        .collect()
}

/// The ids of some units.
pub fn ids(units: &[ReadUnit]) -> BTreeSet<UnitId> {
    units.iter().map(ReadUnit::id).collect()
}
