//! What somebody has earned the right to weigh.

use crate::contribution::{
    ContributionStore, ContributorKind, ContributorRecord, DEFAULT_WEIGHTS, GovernanceShare, WeightSet,
    governance_share, handle_of, month_of,
};
use crate::error::Error;
use crate::ledger::Actor;
use crate::money::{Index, Score};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Somebody's share of governance CI at a moment, with what it is the share of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// Their governance CI: their own and that of agents who worked for them.
    #[cfg_attr(feature = "openapi", schema(example = 3.4))]
    pub ci: Index,
    /// Everybody's.
    #[cfg_attr(feature = "openapi", schema(example = 13.6))]
    pub total: Index,
    /// The share, to six places; 0 of infrastructure.
    #[cfg_attr(feature = "openapi", schema(example = 0.25))]
    pub share: Score,
    /// The weight set by which it was reckoned.
    #[cfg_attr(feature = "openapi", schema(example = "ci-v1"))]
    pub weight_set: String,
}

/// The contributor of a name as somebody wrote it: a handle, or an alias of one.
pub async fn contributor_named(
    store: &dyn ContributionStore,
    field: &str,
    name: &str,
) -> Result<ContributorRecord, Error> {
    let found = match handle_of(name) {
        Some(handle) => store.contributor(&handle).await?,
        None => None,
    };
    found.ok_or_else(|| {
        let message = "is nobody who is known here; give the handle of a contributor, or a name of theirs";
        Error::field(field, message)
    })
}

/// The contributor of a name for whom an actor may speak.
///
/// Weight is earned by name, so names must not be free to take where keys are asked for: a key that bears the name of
/// somebody who was decided to be a person or an agent speaks for them, and for agents who work for them now. A key of any other name is that of a
/// service, which passes on what somebody did there.
pub async fn speaker_named(
    store: &dyn ContributionStore,
    actor: &Actor,
    field: &str,
    name: &str,
    now: DateTime<Utc>,
) -> Result<ContributorRecord, Error> {
    let contributor = contributor_named(store, field, name).await?;
    let owner = match actor.key_name().and_then(handle_of) {
        Some(handle) => store.contributor(&handle).await?,
        None => None,
    };
    // Decided, as anybody may sign a change with the name of a service.
    let owner = owner.filter(|owner| {
        owner.kind_decided && matches!(owner.kind, ContributorKind::Person | ContributorKind::Agent)
    });
    match owner {
        Some(owner)
            if owner.handle != contributor.handle
                && contributor.principal_at(now) != Some(owner.handle.as_str()) =>
        {
            Err(Error::NotYourKey { owner: owner.handle, contributor: contributor.handle })
        }
        _ => Ok(contributor),
    }
}

/// What a contributor has earned by now, under the default weight set.
pub async fn standing(
    store: &dyn ContributionStore,
    handle: &str,
    now: DateTime<Utc>,
) -> Result<Standing, Error> {
    let today = now.date_naive();
    let basis = store.score_basis(0, month_of(today), today).await?;
    let weights = WeightSet::named(DEFAULT_WEIGHTS)
        .ok_or_else(|| Error::Store("the default weight set does not come along".into()))?;
    let GovernanceShare { ci, total, share } = governance_share(&basis, weights, handle, now);
    Ok(Standing { ci, total, share, weight_set: weights.name.clone() })
}
