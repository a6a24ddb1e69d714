//! Every payout policy: those that share by energy, and those that draw on imported history.

use crate::contribution::{CostModel, PerRole, WeightSet};
use crate::money::{Score, Weight};
use crate::policy::{BadPolicy, Policy, micros};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A policy that shares by the Contribution Index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexPolicy {
    /// Its name, with its version.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// The weight set.
    pub weight_set: &'static WeightSet,
}

impl IndexPolicy {
    /// How much a credit of each role weighs.
    pub const fn weights(&self) -> &'static PerRole<Weight> {
        &self.weight_set.weights
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that it computes with.
    pub fn hash(&self) -> String {
        hash(&("contribution_index", &self.name, self.weight_set.hash()))
    }
}

/// A policy that shares by cost and coherence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostPolicy {
    /// Its name, with its version.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// What is added to every coherence.
    pub coherence_base: Score,
    /// The coherence of what nobody scored.
    pub unknown_coherence: Score,
    model: &'static CostModel,
}

impl CostPolicy {
    /// What changes cost.
    pub const fn model(&self) -> &'static CostModel {
        self.model
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that it computes with.
    pub fn hash(&self) -> String {
        let own = ("cost_coherence", &self.name, self.coherence_base, self.unknown_coherence);
        hash(&(own, self.model.hash()))
    }
}

fn hash(content: &impl serde::Serialize) -> String {
    format!("sha256:{}", crate::canonical::hex(&Sha256::digest(crate::canonical::bytes(content))))
}

/// A payout policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutPolicy {
    /// By energy and objectives, stage by stage.
    Energy(Policy),
    /// By the Contribution Index, role by role.
    Index(IndexPolicy),
    /// By cost and coherence.
    Cost(CostPolicy),
}

impl PayoutPolicy {
    /// Reads the file of a policy that draws on history.
    fn from_toml(text: &str) -> Result<Self, BadPolicy> {
        let file: File = toml::from_str(text).map_err(|error| BadPolicy::new(error.to_string()))?;
        let score = |name: &str, text: &str| micros(name, text, 1).map(Score::from_micros);
        Ok(match file {
            File::ContributionIndex { name, title, summary, weight_set } => {
                let weight_set = WeightSet::named(&weight_set)
                    .ok_or_else(|| BadPolicy::new(format!("weight_set = {weight_set:?} is no weight set")))?;
                Self::Index(IndexPolicy { name, title, summary, weight_set })
            }
            File::CostCoherence { name, title, summary, coherence_base, unknown_coherence, cost_model } => {
                let model = CostModel::named(&cost_model)
                    .ok_or_else(|| BadPolicy::new(format!("cost_model = {cost_model:?} is no cost model")))?;
                Self::Cost(CostPolicy {
                    name,
                    title,
                    summary,
                    coherence_base: score("coherence_base", &coherence_base)?,
                    unknown_coherence: score("unknown_coherence", &unknown_coherence)?,
                    model,
                })
            }
        })
    }

    /// The policies that come with Tributary: those by energy first.
    pub fn all() -> &'static [Self] {
        static POLICIES: LazyLock<Vec<PayoutPolicy>> = LazyLock::new(|| {
            let drawing = [
                include_str!("../../policies/contribution-index-v1.toml"),
                include_str!("../../policies/cost-coherence-v1.toml"),
            ];
            let read = |text| {
                PayoutPolicy::from_toml(text).expect("the policies that come along are checked by tests")
            };
            let energy = Policy::all().iter().cloned().map(PayoutPolicy::Energy);
            energy.chain(drawing.into_iter().map(read)).collect()
        });
        &POLICIES
    }

    /// The policy of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|policy| policy.name() == name)
    }

    /// Its name, with its version.
    pub fn name(&self) -> &str {
        match self {
            Self::Energy(policy) => &policy.name,
            Self::Index(policy) => &policy.name,
            Self::Cost(policy) => &policy.name,
        }
    }

    /// Its name for a reader.
    pub fn title(&self) -> &str {
        match self {
            Self::Energy(policy) => &policy.title,
            Self::Index(policy) => &policy.title,
            Self::Cost(policy) => &policy.title,
        }
    }

    /// What it does, in a sentence.
    pub fn summary(&self) -> &str {
        match self {
            Self::Energy(policy) => &policy.summary,
            Self::Index(policy) => &policy.summary,
            Self::Cost(policy) => &policy.summary,
        }
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that it computes with.
    pub fn hash(&self) -> String {
        match self {
            Self::Energy(policy) => policy.hash(),
            Self::Index(policy) => policy.hash(),
            Self::Cost(policy) => policy.hash(),
        }
    }

    /// Whether it draws on imported history, so that a link's refs must be resolved for it.
    pub const fn draws_on_history(&self) -> bool {
        !matches!(self, Self::Energy(_))
    }

    /// The policy itself, where it shares by energy.
    pub const fn energy(&self) -> Option<&Policy> {
        match self {
            Self::Energy(policy) => Some(policy),
            Self::Index(_) | Self::Cost(_) => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
enum File {
    ContributionIndex {
        name: String,
        title: String,
        summary: String,
        weight_set: String,
    },
    CostCoherence {
        name: String,
        title: String,
        summary: String,
        coherence_base: String,
        unknown_coherence: String,
        cost_model: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_that_comes_along_is_read_and_has_a_hash_of_its_own() {
        let hashes = PayoutPolicy::all().iter().map(|policy| format!("{} {}", policy.name(), policy.hash()));
        // A change of any weight must be a new version: these hashes are for good.
        insta::assert_snapshot!(hashes.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn refuses_a_file_that_cannot_be_used() {
        let index = include_str!("../../policies/contribution-index-v1.toml");
        let cost = include_str!("../../policies/cost-coherence-v1.toml");
        for (good, from, to) in [
            (index, "\"ci-v1\"", "\"ci-v9\""),
            (index, "kind = \"contribution_index\"", "kind = \"hearsay\""),
            (cost, "\"commit-cost-v2\"", "\"commit-cost-v9\""),
            (cost, "\"0.5\"", "\"1.5\""),
            (cost, "summary =", "sumary ="),
        ] {
            assert!(PayoutPolicy::from_toml(&good.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
    }
}
