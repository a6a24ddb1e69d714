//! What the implementation refs of a link lead to: changes and claims, or why nowhere.

use crate::contribution::{
    ContributionStore, CostModel, CostProposal, CreditedObject, KnowledgeKind, KnowledgeObject, RefStatus,
    Reference, UnitCard, UnitDetail, UnitReference, handle_of,
};
use crate::error::Error;
use crate::link::LineageLink;
use crate::payout::{Contributions, PaidChange, PaidCredit, PaidRef};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Refs of a link that are resolved, and investors that are looked up: a link may name very many, and each is a read.
pub const MAX_RESOLVED: usize = 200;

/// What a ref leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolvedRef {
    /// The ref as the link has it.
    #[cfg_attr(feature = "openapi", schema(example = "PR#12"))]
    pub reference: String,
    /// How it ended.
    pub status: RefStatus,
    /// Why it leads nowhere, and what to write instead.
    pub message: Option<String>,
    /// The changes that it names: one where it is resolved, several where it is ambiguous.
    pub units: Vec<UnitCard>,
    /// The claims that it names, likewise.
    pub claims: Vec<KnowledgeObject>,
    /// The credits in them.
    #[serde(skip)]
    pub credits: Vec<PaidCredit>,
}

/// What all refs of a link lead to, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolvedRefs {
    /// The refs.
    pub refs: Vec<ResolvedRef>,
    /// What the changes that they name cost together, where they name any.
    pub cost: Option<CostProposal>,
}

impl ResolvedRefs {
    /// What payout policies draw on: of refs that lead to one thing only.
    pub fn contributions(&self) -> Contributions {
        let resolved = || self.refs.iter().filter(|resolved| resolved.status == RefStatus::Resolved);
        let changes = resolved().flat_map(|resolved| {
            resolved
                .units
                .iter()
                .map(|card| PaidChange { reference: resolved.reference.clone(), card: card.clone() })
        });
        Contributions {
            credits: resolved().flat_map(|resolved| resolved.credits.iter().cloned()).collect(),
            changes: changes.collect(),
            refs: self.refs.iter().map(ResolvedRef::paid).collect(),
            handles: BTreeMap::new(),
        }
    }
}

impl ResolvedRef {
    fn paid(&self) -> PaidRef {
        PaidRef { reference: self.reference.clone(), status: self.status, message: self.message.clone() }
    }

    fn nowhere(reference: &str, status: RefStatus, message: String) -> Self {
        Self {
            reference: reference.to_owned(),
            status,
            message: Some(message),
            units: Vec::new(),
            claims: Vec::new(),
            credits: Vec::new(),
        }
    }
}

/// What the refs of a link lead to.
pub async fn resolved_refs(store: &dyn ContributionStore, link: &LineageLink) -> Result<ResolvedRefs, Error> {
    resolve(store, &link.implementation_refs).await
}

/// What payout policies draw on of what was imported of a link: what its refs lead to, and as whom history knows those
/// who invested in it.
pub async fn contributions(
    store: &dyn ContributionStore,
    link: &LineageLink,
) -> Result<Contributions, Error> {
    let mut contributions = resolved_refs(store, link).await?.contributions();
    if contributions.changes.is_empty() {
        return Ok(contributions);
    }
    let names: BTreeSet<&str> =
        link.investments.iter().map(|investment| investment.contributor.as_str()).collect();
    for name in names.into_iter().take(MAX_RESOLVED) {
        let Some(handle) = handle_of(name) else { continue };
        if let Some(known) = store.contributor(&handle).await? {
            contributions.handles.insert(name.to_owned(), known.handle);
        }
    }
    Ok(contributions)
}

/// What refs lead to, each on its own, in their order.
pub async fn resolve(store: &dyn ContributionStore, refs: &[String]) -> Result<ResolvedRefs, Error> {
    let mut resolved = Vec::with_capacity(refs.len());
    for (place, reference) in refs.iter().enumerate() {
        resolved.push(if place < MAX_RESOLVED {
            resolve_one(store, reference).await?
        } else {
            let message = format!("is not looked up: only the first {MAX_RESOLVED} refs of a link are");
            ResolvedRef::nowhere(reference, RefStatus::Unknown, message)
        });
    }
    let units: Vec<&UnitCard> = resolved
        .iter()
        .filter(|resolved: &&ResolvedRef| resolved.status == RefStatus::Resolved)
        .flat_map(|resolved| &resolved.units)
        .collect();
    let cost = (!units.is_empty()).then(|| CostModel::in_force().propose(units));
    Ok(ResolvedRefs { refs: resolved, cost })
}

async fn resolve_one(store: &dyn ContributionStore, reference: &str) -> Result<ResolvedRef, Error> {
    match Reference::read(reference) {
        None => Ok(ResolvedRef::nowhere(
            reference,
            RefStatus::Other,
            "names neither a change nor a claim: write commit:0a1b2c3, PR#12 or claim:its-name for those"
                .into(),
        )),
        Some(Reference::Unit(named)) => {
            let found = store.units_named(&named).await?;
            Ok(unit_ref(reference, &named, found))
        }
        Some(Reference::Claim { slug, path }) => {
            let mut found = store.knowledge(Some(KnowledgeKind::Claim), &slug).await?;
            found.retain(|claim| path.as_deref().is_none_or(|path| ends_with(&claim.object.path, path)));
            Ok(claim_ref(reference, found))
        }
    }
}

/// Whether a path is another or ends with it, folder by folder, whatever its case.
fn ends_with(path: &str, end: &str) -> bool {
    let (path, end) = (path.to_lowercase(), end.to_lowercase());
    path == end || path.strip_suffix(&end).is_some_and(|folder| folder.ends_with('/'))
}

fn unit_ref(reference: &str, named: &UnitReference, found: Vec<UnitDetail>) -> ResolvedRef {
    let message = match found.len() {
        0 => Some("no imported change is this one: it may not be merged or not be imported yet".to_owned()),
        1 => None,
        count => Some(match named {
            UnitReference::PullRequest { .. } => format!(
                "{count} imported changes have this number: write {}",
                list(found.iter().map(|unit| names_one(&unit.card, &found)))
            ),
            UnitReference::Commit(_) => format!("{count} imported commits begin so: give more of its digits"),
        }),
    };
    let status = RefStatus::of_count(found.len());
    let only = found.iter().filter(|_| status == RefStatus::Resolved);
    let credits = only.flat_map(|unit| {
        unit.credits.iter().map(|credit| PaidCredit {
            reference: reference.to_owned(),
            title: unit.card.title.clone(),
            credit: credit.clone(),
        })
    });
    let credits = credits.collect();
    ResolvedRef {
        reference: reference.to_owned(),
        status,
        message,
        credits,
        units: found.into_iter().map(|unit| unit.card).collect(),
        claims: Vec::new(),
    }
}

/// A ref that names a change and none of the others of its number, with where it leads: by the forge, else by the
/// repository, else by the commit.
fn names_one(card: &UnitCard, others: &[UnitDetail]) -> String {
    let sha = card.sha.get(..10).unwrap_or(&card.sha);
    let named = |place: &str| {
        let is_place =
            |it: &&UnitDetail| it.card.forge.as_deref() == Some(place) || it.card.repository == place;
        others.iter().filter(is_place).count()
    };
    let places = card.forge.iter().chain([&card.repository]);
    let place = card.number.and_then(|number| {
        let place = places.into_iter().find(|place| named(place) == 1)?;
        Some(format!("{place}:PR#{number} for {} of {}", sha, card.repository))
    });
    place.unwrap_or_else(|| format!("commit:{sha} for that of {}", card.repository))
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// A ref that names a change by its number and leads to nothing else; none where only its commit tells it apart.
pub async fn numbered_ref(store: &dyn ContributionStore, card: &UnitCard) -> Result<Option<String>, Error> {
    let Some(number) = card.number else { return Ok(None) };
    let plain = format!("PR#{number}");
    let by_forge = card.forge.as_ref().map(|forge| format!("{forge}:{plain}"));
    for reference in [by_forge.unwrap_or(plain.clone()), format!("{}:{plain}", card.repository)] {
        let resolved = resolve_one(store, &reference).await?;
        if resolved.status == RefStatus::Resolved && resolved.units.iter().all(|unit| unit.id == card.id) {
            return Ok(Some(reference));
        }
    }
    Ok(None)
}

/// A claim by its name: where several share it, one that still stands; several of those are ambiguous.
fn claim_ref(reference: &str, mut found: Vec<CreditedObject>) -> ResolvedRef {
    if found.iter().any(|claim| claim.object.removed_by.is_none()) {
        found.retain(|claim| claim.object.removed_by.is_none());
    }
    let message = match found.len() {
        0 => Some("no imported claim has this name".to_owned()),
        1 => None,
        count => Some(format!(
            "{count} imported claims have this name: write the path behind claim: ({})",
            list(found.iter().map(|claim| claim.object.path.clone()))
        )),
    };
    let status = RefStatus::of_count(found.len());
    let credits = found.iter().filter(|_| status == RefStatus::Resolved).flat_map(|claim| &claim.credits);
    let credits = credits.map(|entry| PaidCredit {
        reference: reference.to_owned(),
        title: entry.title.clone(),
        credit: entry.credit.clone(),
    });
    ResolvedRef {
        reference: reference.to_owned(),
        status,
        message,
        units: Vec::new(),
        credits: credits.collect(),
        claims: found.into_iter().map(|claim| claim.object).collect(),
    }
}
