//! Uses of claims: how they fade, and among whom they are shared.
//!
//! Desired properties, each a law in `tests/it/laws/`:
//! - a day's uses are shared among those who had a role in the claim on that day: what is earned or ends later moves no
//!   use of before;
//! - the parts of a claim's uses sum to its uses, to the last millionth, whenever any of its roles has a weight;
//! - a use names a claim and no repository: repositories that have a claim of that name share it equally, and in each it
//!   fades as that one's policy says.

use super::decay::{PARTS, decay};
use super::index::held;
use super::policy::Usage;
use super::query::month_of;
use super::records::{ScoreBasis, UsedRole};
use super::role::Role;
use super::weights::WeightSet;
use crate::allocate::allocate;
use crate::decimal::{MICROS_PER_UNIT, divide_half_even};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// How uses fade, by the repository of the claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usages {
    by_repository: BTreeMap<String, Usage>,
    other: Usage,
}

impl Usages {
    /// By repositories' own policies; of any other repository as said.
    pub const fn new(by_repository: BTreeMap<String, Usage>, other: Usage) -> Self {
        Self { by_repository, other }
    }

    /// How uses of a repository's claims fade.
    pub fn of(&self, repository: &str) -> &Usage {
        self.by_repository.get(repository).unwrap_or(&self.other)
    }

    /// How those of any other repository do.
    pub const fn other(&self) -> &Usage {
        &self.other
    }

    /// After how many days uses count nothing in any repository.
    pub fn forget_after_days(&self) -> u32 {
        let all = self.by_repository.values().chain([&self.other]);
        all.map(|usage| usage.forget_after_days).max().unwrap_or_default()
    }
}

impl UsedRole {
    /// Whether it was earned and had not ended on a day.
    pub fn held_on(&self, day: NaiveDate) -> bool {
        self.earned_at.date_naive() <= day && self.ended_at.is_none_or(|at| day < at.date_naive())
    }

    fn holder(&self) -> Holder<'_> {
        Holder { role: self.role, contributor: &self.contributor, principal: self.principal.as_deref() }
    }
}

/// Somebody with a role in a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder<'a> {
    /// The role.
    pub role: Role,
    /// Who.
    pub contributor: &'a str,
    /// For whom they worked when they earned it.
    pub principal: Option<&'a str>,
}

/// A claim's uses in one month, on days on which the same people had a role in it, as they count now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FadedUses<'a> {
    /// The claim's slug.
    pub slug: &'a str,
    /// Its repository.
    pub repository: &'a str,
    /// The month, as year × 12 + month − 1.
    pub month: i64,
    /// Sessions that used a claim of that name.
    pub sessions: i64,
    /// What these come to by now in this repository, in millionths.
    pub uses: i64,
    holders: BTreeSet<Holder<'a>>,
}

/// Where uses count the same: slug, repository, month, how many repositories share them, and who had a role then.
type Key<'a> = (&'a str, &'a str, i64, i64, BTreeSet<Holder<'a>>);

/// All uses of claims in which anybody had a role on the day, as they count now: by slug, repository, then month.
pub fn faded_uses<'a>(basis: &'a ScoreBasis, usages: &Usages, today: NaiveDate) -> Vec<FadedUses<'a>> {
    let mut used: BTreeMap<&str, BTreeMap<&str, Vec<&UsedRole>>> = BTreeMap::new();
    for role in &basis.used_roles {
        used.entry(&role.slug).or_default().entry(&role.repository).or_default().push(role);
    }
    let mut sums: BTreeMap<Key<'a>, (i64, i128)> = BTreeMap::new();
    for uses in &basis.uses {
        let repositories = used.get(uses.slug.as_str()).into_iter().flatten();
        let held: Vec<(&str, BTreeSet<Holder<'_>>)> = repositories
            .map(|(repository, roles)| {
                let roles = roles.iter().filter(|role| role.held_on(uses.day));
                (*repository, roles.map(|role| role.holder()).collect::<BTreeSet<_>>())
            })
            .filter(|(_, holders)| !holders.is_empty())
            .collect();
        // Of a clock that runs ahead: as if it were today.
        let age = u32::try_from((today - uses.day).num_days().max(0)).unwrap_or(u32::MAX);
        let among = held.len() as i64;
        for (repository, holders) in held {
            let usage = usages.of(repository);
            if age <= usage.forget_after_days {
                let key = (uses.slug.as_str(), repository, month_of(uses.day), among, holders);
                let sum = sums.entry(key).or_default();
                sum.0 += uses.sessions;
                sum.1 += i128::from(uses.sessions) * decay(age, usage.half_life_days);
            }
        }
    }
    let parts_per_micro = PARTS / i128::from(MICROS_PER_UNIT);
    let faded = |((slug, repository, month, among, holders), (sessions, parts)): (Key<'a>, (i64, i128))| {
        let uses = held(divide_half_even(parts, parts_per_micro * i128::from(among)));
        FadedUses { slug, repository, month, sessions, uses, holders }
    };
    sums.into_iter().map(faded).collect()
}

impl<'a> FadedUses<'a> {
    /// Who had a role in it.
    pub fn holders(&self) -> impl Iterator<Item = Holder<'a>> {
        self.holders.iter().copied()
    }

    /// The parts of whoever had a role, in millionths: shared among roles by their weights, then equally among the role's
    /// contributors, then equally among those they worked for.
    pub fn shared(&self, weights: &WeightSet) -> Vec<(Holder<'a>, i64)> {
        let mut roles: BTreeMap<Role, BTreeMap<&str, Vec<Holder<'a>>>> = BTreeMap::new();
        for holder in self.holders() {
            roles.entry(holder.role).or_default().entry(holder.contributor).or_default().push(holder);
        }
        let whole = u64::try_from(self.uses).unwrap_or(0);
        let by_weight: Vec<u128> =
            roles.keys().map(|role| weights.weights.get(*role).micros().unsigned_abs().into()).collect();
        let mut parts = Vec::new();
        for (contributors, of_role) in roles.into_values().zip(allocate(whole, &by_weight)) {
            let each = allocate(of_role, &vec![1; contributors.len()]);
            for (periods, own) in contributors.into_values().zip(each) {
                let each = allocate(own, &vec![1; periods.len()]);
                parts.extend(periods.into_iter().zip(each.into_iter().map(u64::cast_signed)));
            }
        }
        parts
    }
}
