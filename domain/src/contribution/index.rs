//! The index: what credits and uses come to, for whom, for which role and in which month.
//!
//! Desired properties, each a law in `tests/it/laws/`:
//! - everything is a sum of [`Earned`], which are whole millionths: of a contributor, for whoever they worked for then,
//!   in one role and month. So parts add up to wholes exactly, in whatever order they come;
//! - v1 is linear in the weights, v2 but for half a millionth of each [`Earned`];
//! - what counts toward governance is the sum over persons, to the last millionth.

use super::IndexVersion;
use super::people::ContributorKind;
use super::query::month_of;
use super::records::ScoreBasis;
use super::role::Role;
use super::uses::{Usages, faded_uses};
use super::weights::WeightSet;
use crate::decimal::{MICROS_PER_UNIT, divide_half_even};
use crate::money::{Index, Score};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An index by each of its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ByVersion {
    /// By the roles that were played: Σ weight × credits.
    #[cfg_attr(feature = "openapi", schema(example = 4.35))]
    pub v1: Index,
    /// By what became of the work: Σ weight × outcome.
    #[cfg_attr(feature = "openapi", schema(example = 3.975))]
    pub v2: Index,
    /// By its use: the part in the uses of claims, each fading by its half-life.
    #[cfg_attr(feature = "openapi", schema(example = 12.407_112))]
    pub v3: Index,
}

impl ByVersion {
    /// The index of a version.
    pub const fn get(&self, version: IndexVersion) -> Index {
        match version {
            IndexVersion::V1 => self.v1,
            IndexVersion::V2 => self.v2,
            IndexVersion::V3 => self.v3,
        }
    }
}

impl std::ops::AddAssign for ByVersion {
    fn add_assign(&mut self, other: Self) {
        self.v1 = self.v1 + other.v1;
        self.v2 = self.v2 + other.v2;
        self.v3 = self.v3 + other.v3;
    }
}

/// What somebody earned in one role and month while working for one principal. The smallest part of every figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earned<'a> {
    /// Who.
    pub contributor: &'a str,
    /// For whom they worked then.
    pub principal: Option<&'a str>,
    /// The role.
    pub role: Role,
    /// The month, as year × 12 + month − 1.
    pub month: i64,
    /// Counted credits, less those that ended.
    pub credits: i64,
    /// What they come to.
    pub ci: ByVersion,
}

type Key<'a> = (&'a str, Option<&'a str>, Role, i64);

/// What everybody earned, by contributor, principal, role, then month; each once.
///
/// The months are those that count, both ends included. A month's v3 is what the uses in that month come to now.
pub fn earned<'a>(
    basis: &'a ScoreBasis,
    weights: &WeightSet,
    usages: &Usages,
    months: (i64, i64),
    today: NaiveDate,
) -> Vec<Earned<'a>> {
    #[derive(Default)]
    struct Sums {
        credits: i64,
        outcome: i64,
        uses: i64,
    }
    let within = |month: i64| (months.0..=months.1).contains(&month);
    let mut sums: BTreeMap<Key<'a>, Sums> = BTreeMap::new();
    for total in basis.totals.iter().filter(|total| within(total.month)) {
        let key = (total.contributor.as_str(), total.principal.as_deref(), total.role, total.month);
        let sum = sums.entry(key).or_default();
        sum.credits += total.credits;
        sum.outcome += total.outcome;
    }
    for uses in faded_uses(basis, usages, today).into_iter().filter(|uses| within(uses.month)) {
        for (holder, part) in uses.shared(weights) {
            let key = (holder.contributor, holder.principal, holder.role, uses.month);
            sums.entry(key).or_default().uses += part;
        }
    }
    let weigh = |((contributor, principal, role, month), sums): (Key<'a>, Sums)| {
        let weight = i128::from(weights.weights.get(role).micros());
        let v2 = divide_half_even(weight * i128::from(sums.outcome), i128::from(MICROS_PER_UNIT));
        let ci = ByVersion {
            v1: Index::from_micros(held(weight * i128::from(sums.credits))),
            v2: Index::from_micros(held(v2)),
            v3: Index::from_micros(sums.uses),
        };
        Earned { contributor, principal, role, month, credits: sums.credits, ci }
    };
    sums.into_iter().map(weigh).collect()
}

/// A number that 64 bits hold for all counts that a store can hold.
pub(super) fn held(micros: i128) -> i64 {
    i64::try_from(micros).unwrap_or(if micros < 0 { i64::MIN } else { i64::MAX })
}

/// What every contributor is, by handle. Whoever has no record is somebody that an agent works for: a person.
pub fn kinds(basis: &ScoreBasis) -> BTreeMap<&str, ContributorKind> {
    let mut kinds: BTreeMap<&str, ContributorKind> = BTreeMap::new();
    for total in &basis.totals {
        kinds.insert(&total.contributor, ContributorKind::Person);
        kinds.extend(total.principal.as_deref().map(|principal| (principal, ContributorKind::Person)));
    }
    for role in &basis.used_roles {
        kinds.insert(&role.contributor, ContributorKind::Person);
        kinds.extend(role.principal.as_deref().map(|principal| (principal, ContributorKind::Person)));
    }
    kinds.extend(basis.contributors.iter().map(|record| (record.handle.as_str(), record.kind)));
    kinds
}

/// Whose governance index it counts toward: a person's own, and an agent's that of the person it worked for then.
/// Infrastructure's counts toward nobody's; nor does that of external authors, who take no part in governing.
pub fn governor<'a>(earned: &Earned<'a>, kinds: &BTreeMap<&'a str, ContributorKind>) -> Option<&'a str> {
    governor_of(earned.contributor, earned.principal, kinds)
}

/// Whose governance index what a contributor did for a principal counts toward.
pub fn governor_of<'a>(
    contributor: &'a str,
    principal: Option<&'a str>,
    kinds: &BTreeMap<&'a str, ContributorKind>,
) -> Option<&'a str> {
    let kind_of = |handle: &str| kinds.get(handle).copied().unwrap_or(ContributorKind::Person);
    match kind_of(contributor) {
        ContributorKind::Person => Some(contributor),
        ContributorKind::Agent => principal.filter(|principal| kind_of(principal) == ContributorKind::Person),
        ContributorKind::External | ContributorKind::Infrastructure => None,
    }
}

/// Somebody's part in governance, by v1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GovernanceShare {
    /// Their governance index: their own, and that of agents while they worked for them.
    pub ci: Index,
    /// Everybody's.
    pub total: Index,
    /// Their part of it, from 0 to 1.
    pub share: Score,
}

/// A person's part in governance under a weight set, by v1: roles as they were played, over all months up to `now`'s.
/// Nothing of it fades and nothing of it depends on use, so that a flag's weight can be told from credits alone.
pub fn governance_share(
    basis: &ScoreBasis,
    weights: &WeightSet,
    handle: &str,
    now: DateTime<Utc>,
) -> GovernanceShare {
    let kinds = kinds(basis);
    let to = month_of(now.date_naive());
    let (mut ci, mut total) = (Index::ZERO, Index::ZERO);
    for part in &basis.totals {
        if part.month > to {
            continue;
        }
        let weight = i128::from(weights.weights.get(part.role).micros());
        let v1 = Index::from_micros(held(weight * i128::from(part.credits)));
        let earned = Earned {
            contributor: &part.contributor,
            principal: part.principal.as_deref(),
            role: part.role,
            month: part.month,
            credits: part.credits,
            ci: ByVersion { v1, ..ByVersion::default() },
        };
        if let Some(governor) = governor(&earned, &kinds) {
            total = total + v1;
            if governor == handle {
                ci = ci + v1;
            }
        }
    }
    GovernanceShare { ci, total, share: ci.part_of(total) }
}
