//! Every number that enters an index, with what it does.

use super::scoring::{Basis, policy_of};
use crate::contribution::{ContributionPolicy, IndexVersion, Role, Usage};
use crate::decimal::MICROS_PER_UNIT;
use crate::money::Weight;
use serde::Serialize;

/// A number that enters a version of the index, with what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExplainedFactor {
    /// The version it enters.
    pub version: IndexVersion,
    /// Its name in the policy's or weight set's file.
    #[cfg_attr(feature = "openapi", schema(example = "per_citation"))]
    pub name: String,
    /// Its value.
    #[cfg_attr(feature = "openapi", schema(example = 0.1))]
    pub value: Weight,
    /// What it does, in a sentence.
    pub meaning: String,
    /// The repository whose policy it is of; null of a weight set's.
    pub repository: Option<String>,
}

/// All numbers that enter what is computed from a basis: by version, then repository.
pub(super) fn factors(basis: &Basis) -> Vec<ExplainedFactor> {
    let weights = Role::ALL.map(|role| ExplainedFactor {
        version: IndexVersion::V1,
        name: role.name().to_owned(),
        value: *basis.weights.weights.get(role),
        meaning: format!("How much one credit as {} counts.", role.label().to_lowercase()),
        repository: None,
    });
    let outcomes = basis.repositories.iter().flat_map(|repository| {
        policy_of(repository).map(|policy| outcomes(&repository.name, &policy)).unwrap_or_default()
    });
    let own = basis.repositories.iter().filter_map(|repository| Some((repository, policy_of(repository)?)));
    let with_claims = own.filter(|(_, policy)| !policy.paths.claims.is_empty());
    let mut usage: Vec<ExplainedFactor> =
        with_claims.flat_map(|(it, policy)| fading(&policy.usage, Some(&it.name))).collect();
    if usage.is_empty() {
        usage.extend(fading(basis.usages.other(), None));
    }
    weights.into_iter().chain(outcomes).chain(usage).collect()
}

/// How uses of a repository's claims fade.
fn fading(usage: &Usage, repository: Option<&str>) -> [ExplainedFactor; 2] {
    let factor = |name: &str, days: u32, meaning: &str| ExplainedFactor {
        version: IndexVersion::V3,
        name: name.to_owned(),
        value: Weight::from_micros(i64::from(days) * MICROS_PER_UNIT),
        meaning: meaning.to_owned(),
        repository: repository.map(str::to_owned),
    };
    [
        factor("half_life_days", usage.half_life_days, "After so many days a use of a claim counts half."),
        factor("forget_after_days", usage.forget_after_days, "After so many days it counts nothing."),
    ]
}

fn outcomes(repository: &str, policy: &ContributionPolicy) -> Vec<ExplainedFactor> {
    let outcome = &policy.outcome;
    let most = Weight::from_micros(outcome.max_citations * MICROS_PER_UNIT);
    let factors = [
        ("stands", outcome.stands, "Of work that stands."),
        ("retired", outcome.retired, "Of work that was retired."),
        ("removed", outcome.removed, "Of work that was removed."),
        ("per_citation", outcome.per_citation, "Added for each other piece that cites it, made by others."),
        ("max_citations", most, "So many of those count at the most."),
        ("challenge_open", outcome.challenge_open, "Of a challenge that came to nothing yet."),
        (
            "challenge_target_changed",
            outcome.challenge_target_changed,
            "Added where others made its target say something else after it.",
        ),
        (
            "challenge_confidence_moved",
            outcome.challenge_confidence_moved,
            "Added where its target's confidence moved after it.",
        ),
    ];
    let explained = factors.map(|(name, value, meaning)| ExplainedFactor {
        version: IndexVersion::V2,
        name: name.to_owned(),
        value,
        meaning: meaning.to_owned(),
        repository: Some(repository.to_owned()),
    });
    explained.to_vec()
}
