//! Payout policies: versioned data. A policy's weights never change under its name; new weights are a new version.

use crate::decimal::{self, MICROS_PER_UNIT};
use crate::money::{Energy, Score, Weight};
use crate::stage::{PerStage, Stage};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The policy of a request that names none.
pub const DEFAULT_POLICY: &str = "energy-balanced-v1";

/// What is held for each objective. On the wire an object with a member per objective, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PerObjective<T> {
    /// How well the work fits together.
    pub coherence: T,
    /// How much value flows for what it cost.
    pub energy_flow: T,
    /// How aware the work is of what is around it.
    pub awareness: T,
    /// How little it rubs.
    pub friction_relief: T,
    /// How evenly energy is spread over the stages.
    pub balance: T,
}

/// Something that work is weighed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Objective {
    /// How well the work fits together.
    Coherence,
    /// How much value flows for what it cost.
    EnergyFlow,
    /// How aware the work is of what is around it.
    Awareness,
    /// How little it rubs.
    FrictionRelief,
    /// How evenly energy is spread over the stages.
    Balance,
}

impl Objective {
    /// All objectives, in order.
    pub const ALL: [Self; 5] =
        [Self::Coherence, Self::EnergyFlow, Self::Awareness, Self::FrictionRelief, Self::Balance];

    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        ["Coherence", "Energy flow", "Awareness", "Friction relief", "Balance"][self as usize]
    }
}

impl<T> PerObjective<T> {
    /// What is held for an objective.
    pub const fn get(&self, objective: Objective) -> &T {
        match objective {
            Objective::Coherence => &self.coherence,
            Objective::EnergyFlow => &self.energy_flow,
            Objective::Awareness => &self.awareness,
            Objective::FrictionRelief => &self.friction_relief,
            Objective::Balance => &self.balance,
        }
    }

    /// Makes one of each objective.
    pub fn from_fn(mut make: impl FnMut(Objective) -> T) -> Self {
        Self {
            coherence: make(Objective::Coherence),
            energy_flow: make(Objective::EnergyFlow),
            awareness: make(Objective::Awareness),
            friction_relief: make(Objective::FrictionRelief),
            balance: make(Objective::Balance),
        }
    }
}

/// How the energy of a row enters its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnergyFactor {
    /// By its square root: ten times the energy weighs about three times as much.
    SquareRoot,
    /// In full.
    Linear,
}

/// What a named contributor without an investment in the stage is taken to have put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpliedRow {
    /// Energy.
    pub energy_units: Energy,
    /// Coherence.
    pub coherence_score: Score,
    /// Awareness.
    pub awareness_score: Score,
    /// Friction.
    pub friction_score: Score,
}

/// A payout policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name, with its version.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// How energy enters.
    pub energy: EnergyFactor,
    /// How much each stage weighs.
    pub stage_weights: PerStage<Weight>,
    /// How much each objective weighs.
    pub objective_weights: PerObjective<Weight>,
    /// The row of those who are named only; none where they are not paid.
    pub implied_row: Option<ImpliedRow>,
}

/// A policy file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy file: {0}")]
pub struct BadPolicy(String);

impl BadPolicy {
    /// With what is wrong about it.
    pub(crate) const fn new(problem: String) -> Self {
        Self(problem)
    }
}

impl Policy {
    /// Reads a policy file.
    pub fn from_toml(text: &str) -> Result<Self, BadPolicy> {
        let file: PolicyFile = toml::from_str(text).map_err(|error| BadPolicy(error.to_string()))?;
        // Stages up to ten and five objectives up to one weigh the largest energies at most 5 × 10^37 parts, which
        // [`crate::allocate::MAX_TOTAL_WEIGHT`] holds; objectives up to ten it would not.
        let weight = |name: &str, text: &str| micros(name, text, 10).map(Weight::from_micros);
        let objective_weight = |name: &str, text: &str| micros(name, text, 1).map(Weight::from_micros);
        let stages = &file.stage_weights;
        let objectives = &file.objective_weights;
        let implied_row = file.implied_row.as_ref().map(read_implied_row).transpose()?;
        Ok(Self {
            stage_weights: PerStage {
                idea: weight("idea", &stages.idea)?,
                research: weight("research", &stages.research)?,
                spec: weight("spec", &stages.spec)?,
                spec_upgrade: weight("spec_upgrade", &stages.spec_upgrade)?,
                implementation: weight("implementation", &stages.implementation)?,
                review: weight("review", &stages.review)?,
            },
            objective_weights: PerObjective {
                coherence: objective_weight("coherence", &objectives.coherence)?,
                energy_flow: objective_weight("energy_flow", &objectives.energy_flow)?,
                awareness: objective_weight("awareness", &objectives.awareness)?,
                friction_relief: objective_weight("friction_relief", &objectives.friction_relief)?,
                balance: objective_weight("balance", &objectives.balance)?,
            },
            implied_row,
            name: file.name,
            title: file.title,
            summary: file.summary,
            energy: file.energy,
        })
    }

    /// The policies that come with Tributary.
    pub fn all() -> &'static [Self] {
        static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
            [
                include_str!("../policies/energy-balanced-v1.toml"),
                include_str!("../policies/energy-linear-v1.toml"),
            ]
            .into_iter()
            .map(|text| Policy::from_toml(text).expect("the policies that come along are checked by tests"))
            .collect()
        });
        &POLICIES
    }

    /// The policy of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|policy| policy.name == name)
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that the policy computes with, so that a result can say
    /// which weights made it. Its title and summary are words only, and left out.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(crate::canonical::bytes(&(
            &self.name,
            self.energy,
            &self.stage_weights,
            &self.objective_weights,
            &self.implied_row,
        )));
        // Not remembered: a table of known policies would bring the reader of their files into the browser's bundle.
        format!("sha256:{}", crate::canonical::hex(&digest))
    }

    /// The weight of a stage.
    pub fn stage_weight(&self, stage: Stage) -> Weight {
        *self.stage_weights.get(stage)
    }
}

/// A policy file as it is written: decimals are texts, so that no float comes near them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    name: String,
    title: String,
    summary: String,
    energy: EnergyFactor,
    stage_weights: PerStage<String>,
    objective_weights: PerObjective<String>,
    implied_row: Option<ImpliedRowFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImpliedRowFile {
    energy_units: String,
    coherence_score: String,
    awareness_score: String,
    friction_score: String,
}

fn read_implied_row(file: &ImpliedRowFile) -> Result<ImpliedRow, BadPolicy> {
    let score = |name: &str, text: &str| micros(name, text, 1).map(Score::from_micros);
    Ok(ImpliedRow {
        energy_units: Energy::from_micros(micros("energy_units", &file.energy_units, 1_000)?),
        coherence_score: score("coherence_score", &file.coherence_score)?,
        awareness_score: score("awareness_score", &file.awareness_score)?,
        friction_score: score("friction_score", &file.friction_score)?,
    })
}

/// A number of a policy file in millionths: exact, from 0 to `max` units.
pub(crate) fn micros(name: &str, text: &str, max: i64) -> Result<i64, BadPolicy> {
    let read = decimal::read(text).map_err(|_| BadPolicy(format!("{name} = {text:?} is not a number")))?;
    if !read.fits_places(6) || read.is_negative() || read.micros > i128::from(max * MICROS_PER_UNIT) {
        return Err(BadPolicy(format!("{name} = {text:?} must be from 0 to {max} with at most six places")));
    }
    i64::try_from(read.micros).map_err(|_| BadPolicy(format!("{name} = {text:?} is too large")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_that_come_along_are_read_and_have_hashes_of_their_own() {
        let names: Vec<&str> = Policy::all().iter().map(|policy| policy.name.as_str()).collect();
        assert_eq!(names, ["energy-balanced-v1", "energy-linear-v1"]);
        // A change of any weight must be a new version: these hashes are for good.
        insta::assert_snapshot!(Policy::all().iter().map(Policy::hash).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn refuses_a_file_that_cannot_be_used() {
        let good = include_str!("../policies/energy-balanced-v1.toml");
        for (from, to) in [
            ("\"0.35\"", "\"-0.35\""),
            ("\"0.35\"", "\"eleven\""),
            ("\"0.35\"", "\"11\""),
            ("\"0.35\"", "\"0.0000001\""),
            ("\"square_root\"", "\"cubed\""),
            ("title =", "titel ="),
        ] {
            assert!(Policy::from_toml(&good.replace(from, to)).is_err(), "{from} -> {to}");
        }
    }
}
