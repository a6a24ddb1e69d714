//! What somebody would be paid of the links that name them.

use super::contributors::ScoredContributor;
use crate::contribution::{ContributionStore, handle_of};
use crate::error::Error;
use crate::id::LinkId;
use crate::link::{LineageLink, LinkRecord};
use crate::money::{Amount, Factor, Ratio};
use crate::payout::{PaidFor, Pool, preview};
use crate::policy::{DEFAULT_POLICY, Policy};
use crate::stage::Stage;
use serde::Serialize;
use std::collections::BTreeSet;

/// Links that are shown, the newest first.
pub const NEWEST_PAYOUTS: i64 = 20;

/// What somebody would be paid of a link's pool. It is a preview: nothing is paid by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContributorPayout {
    /// The link.
    pub lineage_id: LinkId,
    /// Its idea.
    #[cfg_attr(feature = "openapi", schema(example = "oss-interface-alignment"))]
    pub idea_id: String,
    /// The stages they are paid for.
    pub roles: Vec<PaidFor>,
    /// Their share of any pool, to nine places.
    #[cfg_attr(feature = "openapi", schema(example = 0.492392741))]
    pub share: Factor,
    /// The policy that shares it.
    #[cfg_attr(feature = "openapi", schema(example = "energy-balanced-v1"))]
    pub policy: String,
    /// What the link measured.
    #[cfg_attr(feature = "openapi", schema(example = 100.0))]
    pub measured_value_total: Amount,
    /// Value over cost.
    #[cfg_attr(feature = "openapi", schema(example = 0.8333))]
    pub roi_ratio: Ratio,
}

/// The handles of everybody whom a link names, each once.
pub fn people_of(link: &LineageLink) -> BTreeSet<String> {
    let named = Stage::ALL.into_iter().filter_map(|stage| link.contributors.get(stage).as_deref());
    let invested = link.investments.iter().map(|investment| investment.contributor.as_str());
    named.chain(invested).map(handle_on_link).collect()
}

/// The handle of a name as a link has it; where nothing of it makes one, the name in small letters.
pub fn handle_on_link(name: &str) -> String {
    handle_of(name).unwrap_or_else(|| name.to_lowercase())
}

/// What somebody would be paid of the newest links that name them in a stage or investment, by any of their handles, under
/// the default policy. Whoever is only credited in the changes that a link names is paid by policies of history: that is told
/// on the link's own page, for what its refs lead to changes with every import.
pub async fn payouts_of(
    store: &dyn ContributionStore,
    scored: &ScoredContributor,
) -> Result<Vec<ContributorPayout>, Error> {
    let handles: Vec<String> = std::iter::once(&scored.handle).chain(&scored.aliases).cloned().collect();
    let links = store.links_of_people(&handles, NEWEST_PAYOUTS).await?;
    let policy =
        Policy::named(DEFAULT_POLICY).ok_or_else(|| Error::Store("the default policy is missing".into()))?;
    Ok(links.iter().filter_map(|record| payout(policy, record, &handles)).collect())
}

/// The rows that are theirs, together; none where the policy pays them nothing.
fn payout(policy: &Policy, record: &LinkRecord, handles: &[String]) -> Option<ContributorPayout> {
    // Shares do not depend on the pool.
    let preview = preview(policy, record, &Pool::of_units(1, 0, None));
    let theirs: Vec<_> =
        preview.payouts.iter().filter(|row| handles.contains(&handle_on_link(&row.contributor))).collect();
    let share: i128 = theirs.iter().map(|row| row.effective_weight.parts()).sum();
    (!theirs.is_empty()).then(|| ContributorPayout {
        lineage_id: record.link.id,
        idea_id: record.link.idea_id.clone(),
        roles: theirs.iter().map(|row| row.role).collect(),
        share: Factor::from_parts(share),
        policy: preview.policy.clone(),
        measured_value_total: preview.measured_value_total,
        roi_ratio: preview.roi_ratio,
    })
}
