//! Credits with everything that enters them: what became of the work, and how its uses are shared.

use super::scoring::{Basis, kinds_of};
use crate::contribution::{
    ContributionStore, CreditEntry, CreditOutcome, CreditQuery, ExplainedOutcome, IndexVersion, Role,
    WeightSet, faded_uses, governor_of,
};
use crate::error::Error;
use crate::id::UnitId;
use crate::money::{Index, Score};
use crate::page::Page;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Claims in whose uses somebody has a part that are shown, those with the greatest parts.
pub const SHOWN_USES: usize = 50;

/// A credit with what became of the work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExplainedCredit {
    /// The credit.
    #[serde(flatten)]
    pub entry: CreditEntry,
    /// How its `outcome` comes about, term by term; null where the credit only says for what.
    pub explained: Option<CreditOutcome>,
}

/// Somebody's part in the uses of a claim, by one role: what CI v3 is the sum of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContributorUse {
    /// The claim's slug. Events on links that name the claim are among its uses.
    #[cfg_attr(feature = "openapi", schema(example = "tides-rise"))]
    pub slug: String,
    /// Its repository. Where several have a claim of that name, they share its uses.
    pub repository: String,
    /// Whose role it is: theirs, or that of an agent while it worked for them.
    pub contributor: String,
    /// The role.
    pub role: Role,
    /// Sessions that used it on days on which the role was theirs.
    #[cfg_attr(feature = "openapi", schema(example = 12))]
    pub sessions: i64,
    /// After how many days a use counts half.
    #[cfg_attr(feature = "openapi", schema(example = 30))]
    pub half_life_days: u32,
    /// What these uses come to by now.
    #[cfg_attr(feature = "openapi", schema(example = 8.5))]
    pub uses: Index,
    /// The role's share of that, from 0 to 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.05))]
    pub share: Score,
    /// The product: their part of CI v3.
    #[cfg_attr(feature = "openapi", schema(example = 0.425))]
    pub ci: Index,
}

/// A page of credits with everything that enters them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreditReport {
    /// The credits, newest first; ended ones too, unless asked otherwise.
    pub credits: Vec<ExplainedCredit>,
    /// Give it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// On the first page: their parts in the uses of claims, the greatest first; [`SHOWN_USES`] at the most.
    pub uses: Vec<ContributorUse>,
    /// How many such parts there are.
    pub use_count: i64,
}

/// A page of the credits of a contributor, named by handle or alias, newest first.
pub async fn credits_of(
    store: &dyn ContributionStore,
    handle: &str,
    query: CreditQuery,
    weights: &'static WeightSet,
    now: DateTime<Utc>,
) -> Result<CreditReport, Error> {
    let record = store.contributor(handle).await?.ok_or(Error::ContributorNotFound)?;
    let uses = match query.cursor {
        None => {
            let basis = Basis::read(store, weights, IndexVersion::V3, (None, None), now).await?;
            uses_of(&basis, &record.handle)
        }
        Some(_) => Vec::new(),
    };
    let query = CreditQuery { contributor: Some(record.handle), ..query };
    let Page { items, next_cursor } = store.credits(&query).await?;
    let use_count = uses.len() as i64;
    Ok(CreditReport {
        credits: explained(store, items).await?,
        next_cursor,
        uses: uses.into_iter().take(SHOWN_USES).collect(),
        use_count,
    })
}

/// Credits with what became of the work.
pub async fn explained(
    store: &dyn ContributionStore,
    entries: Vec<CreditEntry>,
) -> Result<Vec<ExplainedCredit>, Error> {
    let counted = entries.iter().filter(|entry| entry.credit.counted);
    let units: BTreeSet<UnitId> = counted.clone().map(|entry| entry.credit.unit).collect();
    let who: BTreeSet<&str> = counted.map(|entry| entry.credit.contributor.as_str()).collect();
    let only = who.first().copied().filter(|_| who.len() == 1);
    let units: Vec<UnitId> = units.into_iter().collect();
    let found = if units.is_empty() { Vec::new() } else { store.outcomes(&units, only).await? };
    type Key = (UnitId, String, Role, Option<String>);
    let key = |it: &ExplainedOutcome| -> Key { (it.unit, it.contributor.clone(), it.role, it.claim.clone()) };
    let found: BTreeMap<Key, CreditOutcome> = found.into_iter().map(|it| (key(&it), it.outcome)).collect();
    let explain = |entry: CreditEntry| {
        let credit = &entry.credit;
        // Counted by claim, or once for all that the change's credits of the role are for.
        let of =
            |claim: Option<String>| found.get(&(credit.unit, credit.contributor.clone(), credit.role, claim));
        let explained = of(credit.claim.clone()).or_else(|| of(None)).filter(|_| credit.counted).cloned();
        ExplainedCredit { entry, explained }
    };
    Ok(entries.into_iter().map(explain).collect())
}

/// Somebody's parts in the uses of claims, and those of agents while they worked for them: the greatest first.
pub(super) fn uses_of(basis: &Basis, handle: &str) -> Vec<ContributorUse> {
    let kinds = kinds_of(basis);
    // Sessions, uses and parts by slug, repository, role, then contributor.
    type Key<'a> = (&'a str, &'a str, Role, &'a str);
    let mut sums: BTreeMap<Key<'_>, (i64, i64, i64)> = BTreeMap::new();
    let faded = faded_uses(&basis.read, &basis.usages, basis.now.date_naive());
    for uses in &faded {
        let mut met: BTreeSet<(Role, &str)> = BTreeSet::new();
        for (holder, part) in uses.shared(basis.weights) {
            let theirs = holder.contributor == handle
                || governor_of(holder.contributor, holder.principal, &kinds) == Some(handle);
            if theirs {
                let key = (uses.slug, uses.repository, holder.role, holder.contributor);
                let sum = sums.entry(key).or_default();
                // Whoever had a role under two principals has two parts in the same uses.
                if met.insert((holder.role, holder.contributor)) {
                    sum.0 += uses.sessions;
                    sum.1 += uses.uses;
                }
                sum.2 += part;
            }
        }
    }
    let mut all: Vec<ContributorUse> = sums
        .into_iter()
        .map(|((slug, repository, role, contributor), (sessions, uses, ci))| {
            let (uses, ci) = (Index::from_micros(uses), Index::from_micros(ci));
            ContributorUse {
                slug: slug.to_owned(),
                repository: repository.to_owned(),
                contributor: contributor.to_owned(),
                role,
                sessions,
                half_life_days: basis.usages.of(repository).half_life_days,
                uses,
                share: ci.part_of(uses),
                ci,
            }
        })
        .collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.ci));
    all
}
