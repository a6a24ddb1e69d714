//! Weight sets: how much each role counts. Versioned data; scoring under another set reads nothing but totals.

use super::role::PerRole;
use crate::catalog::Catalog;
use crate::decimal::MICROS_PER_UNIT;
use crate::money::Weight;
use crate::policy::{BadPolicy, micros};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The weight set of a request that names none.
pub const DEFAULT_WEIGHTS: &str = "ci-v1";

/// A weight set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WeightSet {
    /// Its name, with its version.
    #[cfg_attr(feature = "openapi", schema(example = "ci-v1"))]
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it rewards, in a sentence.
    pub summary: String,
    /// How much one credit of each role counts.
    pub weights: PerRole<Weight>,
}

impl WeightSet {
    /// Reads a weight set's file.
    pub fn from_toml(text: &str) -> Result<Self, BadPolicy> {
        let file: File = toml::from_str(text).map_err(|error| BadPolicy::new(error.to_string()))?;
        let mut wrong = None;
        let weights = PerRole::from_fn(|role| {
            micros(role.name(), file.weights.get(role), 1).map(Weight::from_micros).unwrap_or_else(|error| {
                wrong.get_or_insert(error);
                Weight::ZERO
            })
        });
        if let Some(error) = wrong {
            return Err(error);
        }
        let sum: i64 = super::Role::ALL.iter().map(|role| weights.get(*role).micros()).sum();
        if sum == 0 || sum > MICROS_PER_UNIT {
            return Err(BadPolicy::new("weights must sum to more than 0 and at most 1".into()));
        }
        Ok(Self { name: file.name, title: file.title, summary: file.summary, weights })
    }

    /// The weight sets that come with Tributary, the newest first, then those that were added.
    pub fn all() -> &'static [Self] {
        SETS.all()
    }

    /// Adds sets of one's own, before any set is asked for.
    pub fn add(own: Vec<Self>) -> Result<(), BadPolicy> {
        SETS.add(own)
    }

    /// The set of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|set| set.name == name)
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of its name and weights.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(crate::canonical::bytes(&(&self.name, &self.weights)));
        format!("sha256:{}", crate::canonical::hex(&digest))
    }
}

static SETS: Catalog<WeightSet> = Catalog::new(
    || {
        [include_str!("../../policies/weights/ci-v1.toml"), include_str!("../../policies/weights/ci-v0.toml")]
            .into_iter()
            .map(|text| WeightSet::from_toml(text).expect("the sets that come along are checked by tests"))
            .collect()
    },
    |set| &set.name,
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    summary: String,
    weights: PerRole<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contribution::Role;

    #[test]
    fn the_sets_that_come_along_have_the_weights_of_their_documents() {
        let of = |name: &str| {
            let set = WeightSet::named(name).unwrap();
            Role::ALL.map(|role| set.weights.get(role).to_string())
        };
        assert_eq!(of("ci-v1"), ["0.35", "0.25", "0.2", "0.15", "0.05"]);
        assert_eq!(of("ci-v0"), ["0.2", "0.15", "0.1", "0.15", "0.4"]);
    }

    #[test]
    fn refuses_a_set_that_cannot_be_used() {
        let good = include_str!("../../policies/weights/ci-v1.toml");
        for (from, to) in
            [("\"0.35\"", "\"-0.35\""), ("\"0.35\"", "\"1\""), ("\"0.35\"", "\"x\""), ("title", "t")]
        {
            assert!(WeightSet::from_toml(&good.replace(from, to)).is_err(), "{from} -> {to}");
        }
    }
}
