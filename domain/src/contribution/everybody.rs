//! Everybody: what history shows of contributors, what people decided about them, and the rules of deciding.
//!
//! Desired properties:
//! - what is decided is kept by itself, and outlives whatever is derived;
//! - a merge of identities is undone by taking the alias away: what was decided of it before is there again;
//! - the past is not rewritten: for whom somebody works may be told of the past once, where nobody decided it before;
//!   every later decision holds from when it is made;
//! - only agents work for somebody, and nobody works for a program, for themselves, or in a circle.

use super::assumed_kind;
use super::people::{ContributorKind, People, PrincipalPeriod};
use super::records::{ContributorRecord, PrincipalDecision};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What history shows of a handle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The name as it was first written.
    pub name: String,
    /// What they seem to be.
    pub kind: ContributorKind,
    /// When it was first named.
    pub first_at: DateTime<Utc>,
    /// When last.
    pub last_at: DateTime<Utc>,
}

/// What people decided of a contributor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decisions {
    /// What they are.
    pub kind: Option<ContributorKind>,
    /// Their name.
    pub name: Option<String>,
    /// For whom they work, by time.
    pub principals: Vec<PrincipalDecision>,
    /// Handles that are theirs too.
    pub aliases: BTreeSet<String>,
    /// Handles that are not theirs, whatever the machine proposes.
    pub dismissed: BTreeSet<String>,
    /// Goes up with every decision.
    pub version: i64,
}

impl Decisions {
    /// For whom they work by the last decision.
    pub fn principal(&self) -> Option<&str> {
        self.principals.last()?.period.principal.as_deref()
    }
}

/// Everybody, by handle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Everybody {
    /// Whom history shows.
    pub seen: BTreeMap<String, Seen>,
    /// About whom anything was decided.
    pub decided: BTreeMap<String, Decisions>,
}

impl Everybody {
    /// Whose a handle is, where it is an alias.
    pub fn target_of(&self, handle: &str) -> Option<&str> {
        self.decided.iter().find(|(_, it)| it.aliases.contains(handle)).map(|(owner, _)| owner.as_str())
    }

    /// The contributor behind a handle.
    pub fn resolve<'a>(&'a self, handle: &'a str) -> &'a str {
        self.target_of(handle).unwrap_or(handle)
    }

    /// What somebody is: as decided, else as it looks.
    pub fn kind_of(&self, handle: &str) -> ContributorKind {
        let decided = self.decided.get(handle);
        if let Some(kind) = decided.and_then(|decided| decided.kind) {
            return kind;
        }
        let aliases = decided.into_iter().flat_map(|decided| &decided.aliases);
        let names = std::iter::once(handle).chain(aliases.map(String::as_str));
        let seen: Vec<ContributorKind> =
            names.filter_map(|handle| self.seen.get(handle)).map(|seen| seen.kind).collect();
        // Of whom history shows nothing somebody has spoken: they take part.
        if seen.is_empty() { ContributorKind::Person } else { assumed_kind(seen) }
    }

    /// All that people decided, as credits need it.
    pub fn people(&self) -> People {
        let mut people = People::default();
        for (handle, decisions) in &self.decided {
            let owner = self.resolve(handle);
            people.aliases.extend(decisions.aliases.iter().map(|alias| (alias.clone(), handle.clone())));
            if owner != handle {
                continue;
            }
            if !decisions.principals.is_empty() {
                let periods = decisions.principals.iter().map(|decision| decision.period.clone());
                people.principals.insert(handle.clone(), periods.collect());
            }
            if let Some(kind) = decisions.kind {
                people.kinds.insert(handle.clone(), kind);
            }
            let named = matches!(decisions.kind, Some(ContributorKind::Person | ContributorKind::External));
            if named {
                for name in names_of(handle, decisions) {
                    people.known_names.entry(name).or_insert_with(|| handle.clone());
                }
            }
        }
        people
    }

    /// A contributor, by their handle or an alias; none where nobody is known by it.
    pub fn record(&self, handle: &str) -> Option<ContributorRecord> {
        let handle = self.resolve(handle);
        let none = Decisions::default();
        let decided = self.decided.get(handle);
        let decisions = decided.unwrap_or(&none);
        let names = std::iter::once(handle).chain(decisions.aliases.iter().map(String::as_str));
        let seen: Vec<&Seen> = names.filter_map(|handle| self.seen.get(handle)).collect();
        if decided.is_none() && seen.is_empty() {
            return None;
        }
        // Their own name as it is written, else that of the first of their aliases.
        let written = seen.first().map(|seen| seen.name.clone());
        Some(ContributorRecord {
            handle: handle.to_owned(),
            name: decisions.name.clone().or(written).unwrap_or_else(|| handle.to_owned()),
            kind: self.kind_of(handle),
            kind_decided: decisions.kind.is_some(),
            principals: decisions.principals.clone(),
            aliases: decisions.aliases.iter().cloned().collect(),
            dismissed: decisions.dismissed.iter().cloned().collect(),
            first_at: seen.iter().map(|seen| seen.first_at).min(),
            last_at: seen.iter().map(|seen| seen.last_at).max(),
            version: decisions.version,
        })
    }

    /// Every contributor, by handle; aliases are not among them.
    pub fn records(&self) -> Vec<ContributorRecord> {
        let handles: BTreeSet<&String> = self.seen.keys().chain(self.decided.keys()).collect();
        let aliases: BTreeSet<&String> = self.decided.values().flat_map(|it| &it.aliases).collect();
        handles.difference(&aliases).filter_map(|handle| self.record(handle)).collect()
    }

    /// Whether anybody is known by a handle.
    pub fn knows(&self, handle: &str) -> bool {
        self.seen.contains_key(handle)
            || self.decided.contains_key(handle)
            || self.target_of(handle).is_some()
    }

    /// Those who work for somebody by the last decision about them.
    pub fn agents_of<'a>(&'a self, principal: &'a str) -> impl Iterator<Item = &'a str> {
        self.decided
            .iter()
            .filter(move |(_, it)| it.principal().is_some_and(|named| self.resolve(named) == principal))
            .map(|(handle, _)| handle.as_str())
    }
}

/// By what texts may name somebody, in small letters: their name, and their handles as they are and as words.
fn names_of(handle: &str, decisions: &Decisions) -> impl Iterator<Item = String> {
    let handles: Vec<String> =
        std::iter::once(handle.to_owned()).chain(decisions.aliases.iter().cloned()).collect();
    let words = handles.iter().map(|handle| handle.replace('-', " ")).collect::<Vec<_>>();
    let name = decisions.name.as_ref().map(|name| name.to_lowercase());
    name.into_iter().chain(handles).chain(words)
}

/// A decision about for whom somebody works.
pub(super) fn decision(
    principal: Option<String>,
    from: DateTime<Utc>,
    reason: Option<String>,
    decided_by: String,
    decided_at: DateTime<Utc>,
) -> PrincipalDecision {
    PrincipalDecision { period: PrincipalPeriod { principal, from }, reason, decided_by, decided_at }
}
