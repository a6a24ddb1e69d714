//! What a change cost: proposed from its shape, with the evidence and how sure that is. A person may overrule it; both
//! are kept.

use super::records::UnitCard;
use crate::catalog::Catalog;
use crate::decimal::divide_half_even;
use crate::id::UnitId;
use crate::money::{Amount, Score};
use crate::policy::{BadPolicy, micros};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The cost model of a proposal, where none of one's own was added.
pub const DEFAULT_COST_MODEL: &str = "commit-cost-v2";

/// What a cost is known by, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CostEvidence {
    /// A receipt or invoice.
    Receipt,
    /// How many files and lines the change touches.
    FullShape,
    /// Only one of the two, or not all of them.
    PartialShape,
    /// A number that somebody submitted.
    Submitted,
}

/// How sure each kind of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CostConfidence {
    /// Of a receipt.
    pub receipt: Score,
    /// Of files and lines.
    pub full_shape: Score,
    /// Of one of the two, or of not all of them.
    pub partial_shape: Score,
    /// Of a number submitted.
    pub submitted: Score,
}

impl CostConfidence {
    /// That of a kind of evidence.
    pub const fn of(&self, evidence: CostEvidence) -> Score {
        match evidence {
            CostEvidence::Receipt => self.receipt,
            CostEvidence::FullShape => self.full_shape,
            CostEvidence::PartialShape => self.partial_shape,
            CostEvidence::Submitted => self.submitted,
        }
    }
}

/// A model of what changes cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CostModel {
    /// Its name, with its version.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// Of any change.
    pub base: Amount,
    /// Of each file.
    pub per_file: Amount,
    /// Of each line added or removed.
    pub per_line: Amount,
    /// The least.
    pub min: Amount,
    /// The most.
    pub max: Amount,
    /// How sure each kind of evidence is.
    pub confidence: CostConfidence,
}

/// All that is known of what a change cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CostBasis {
    /// A number that somebody submitted.
    pub submitted: Option<Amount>,
    /// The receipt or invoice that the number stands on.
    pub receipt: Option<String>,
    /// Files touched.
    pub files: Option<i64>,
    /// Lines added and removed.
    pub lines: Option<i64>,
    /// Whether files or lines are missing from these numbers.
    pub partial: bool,
}

impl CostBasis {
    /// What is known of an imported change.
    pub fn of_unit(unit: &UnitCard) -> Self {
        let lines = unit.lines_added.saturating_add(unit.lines_removed);
        Self { files: Some(unit.files), lines: Some(lines), partial: unit.lines_partial, ..Self::default() }
    }
}

/// What a change cost, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostEstimate {
    /// How much.
    #[cfg_attr(feature = "openapi", schema(example = 0.85))]
    pub cost: Amount,
    /// By what.
    pub evidence: CostEvidence,
    /// How sure that is, from 0 to 1.
    #[cfg_attr(feature = "openapi", schema(example = 0.75))]
    pub confidence: Score,
    /// Files that entered.
    pub files: Option<i64>,
    /// Lines that entered.
    pub lines: Option<i64>,
    /// The receipt or invoice.
    pub receipt: Option<String>,
}

/// One change of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostPart {
    /// The change.
    pub unit: UnitId,
    /// Its commit.
    pub sha: String,
    /// Its title.
    pub title: String,
    /// What it cost.
    #[serde(flatten)]
    pub estimate: CostEstimate,
}

/// What a link's changes cost together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostProposal {
    /// The sum of the parts.
    #[cfg_attr(feature = "openapi", schema(example = 1.7))]
    pub cost: Amount,
    /// How sure that is: the mean of the parts' confidence, by cost.
    #[cfg_attr(feature = "openapi", schema(example = 0.75))]
    pub confidence: Score,
    /// The model's name and version.
    #[cfg_attr(feature = "openapi", schema(example = "commit-cost-v2"))]
    pub model: String,
    /// SHA-256 of the model's canonical JSON.
    pub model_hash: String,
    /// The changes, each once, in the order given.
    pub parts: Vec<CostPart>,
}

impl CostModel {
    /// Reads a cost model's file.
    pub fn from_toml(text: &str) -> Result<Self, BadPolicy> {
        let file: File = toml::from_str(text).map_err(|error| BadPolicy::new(error.to_string()))?;
        let amount = |name: &str, text: &str| micros(name, text, 1_000_000).map(Amount::from_micros);
        let score = |name: &str, text: &str| micros(name, text, 1).map(Score::from_micros);
        let model = Self {
            base: amount("base", &file.base)?,
            per_file: amount("per_file", &file.per_file)?,
            per_line: amount("per_line", &file.per_line)?,
            min: amount("min", &file.min)?,
            max: amount("max", &file.max)?,
            confidence: CostConfidence {
                receipt: score("receipt", &file.confidence.receipt)?,
                full_shape: score("full_shape", &file.confidence.full_shape)?,
                partial_shape: score("partial_shape", &file.confidence.partial_shape)?,
                submitted: score("submitted", &file.confidence.submitted)?,
            },
            name: file.name,
            title: file.title,
            summary: file.summary,
        };
        if model.min > model.max {
            return Err(BadPolicy::new("min must not be above max".into()));
        }
        Ok(model)
    }

    /// The models that come with Tributary, then the one that was added.
    pub fn all() -> &'static [Self] {
        MODELS.all()
    }

    /// Adds a model of one's own, by which costs are proposed from now on, before any model is asked for.
    pub fn add(own: Self) -> Result<(), BadPolicy> {
        MODELS.add(vec![own])
    }

    /// The model by which costs are proposed: one's own, where one was added.
    pub fn in_force() -> &'static Self {
        Self::all().last().expect("one comes along")
    }

    /// The model of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|model| model.name == name)
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that the model computes with.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(crate::canonical::bytes(&(
            (&self.name, self.base, self.per_file, self.per_line),
            (self.min, self.max, self.confidence),
        )));
        format!("sha256:{}", crate::canonical::hex(&digest))
    }

    /// What a change cost; none where nothing is known of it. A number on a receipt comes first, then the shape of the
    /// change, then a number that was merely submitted.
    pub fn estimate(&self, basis: &CostBasis) -> Option<CostEstimate> {
        let (cost, evidence) = match (basis.submitted, &basis.receipt, basis.files, basis.lines) {
            (Some(submitted), Some(_), ..) => (submitted, CostEvidence::Receipt),
            (_, _, Some(files), Some(lines)) => {
                let whole = if basis.partial { CostEvidence::PartialShape } else { CostEvidence::FullShape };
                (self.of_shape(files, lines), whole)
            }
            (_, _, Some(files), None) => (self.of_shape(files, 0), CostEvidence::PartialShape),
            (_, _, None, Some(lines)) => (self.of_shape(0, lines), CostEvidence::PartialShape),
            (Some(submitted), None, None, None) => (submitted, CostEvidence::Submitted),
            (None, _, None, None) => return None,
        };
        let shaped = matches!(evidence, CostEvidence::FullShape | CostEvidence::PartialShape);
        Some(CostEstimate {
            cost,
            evidence,
            confidence: self.confidence.of(evidence),
            files: basis.files.filter(|_| shaped),
            lines: basis.lines.filter(|_| shaped),
            receipt: basis.receipt.clone().filter(|_| evidence == CostEvidence::Receipt),
        })
    }

    /// Base, files and lines, held within its bounds; exact to the millionth.
    fn of_shape(&self, files: i64, lines: i64) -> Amount {
        let cost = i128::from(self.base.micros())
            + i128::from(self.per_file.micros()) * i128::from(files.max(0))
            + i128::from(self.per_line.micros()) * i128::from(lines.max(0));
        let held = cost.clamp(i128::from(self.min.micros()), i128::from(self.max.micros()));
        Amount::from_micros(held as i64)
    }

    /// What several imported changes cost together, each counted once.
    pub fn propose<'a>(&self, units: impl IntoIterator<Item = &'a UnitCard>) -> CostProposal {
        let mut parts: Vec<CostPart> = Vec::new();
        for unit in units {
            let known = parts.iter().any(|part| part.unit == unit.id);
            let estimate = self.estimate(&CostBasis::of_unit(unit)).filter(|_| !known);
            parts.extend(estimate.map(|estimate| CostPart {
                unit: unit.id,
                sha: unit.sha.clone(),
                title: unit.title.clone(),
                estimate,
            }));
        }
        let cost: i128 = parts.iter().map(|part| i128::from(part.estimate.cost.micros())).sum();
        let sure = |part: &CostPart| {
            i128::from(part.estimate.cost.micros()) * i128::from(part.estimate.confidence.micros())
        };
        let confidence = match cost {
            0 => 0,
            cost => divide_half_even(parts.iter().map(sure).sum(), cost) as i64,
        };
        CostProposal {
            cost: Amount::from_micros(cost as i64),
            confidence: Score::from_micros(confidence),
            model: self.name.clone(),
            model_hash: self.hash(),
            parts,
        }
    }
}

static MODELS: Catalog<CostModel> = Catalog::new(
    || {
        let text = include_str!("../../policies/costs/commit-cost-v2.toml");
        vec![CostModel::from_toml(text).expect("the models that come along are checked by tests")]
    },
    |model| &model.name,
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    summary: String,
    base: String,
    per_file: String,
    per_line: String,
    min: String,
    max: String,
    confidence: ConfidenceFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfidenceFile {
    receipt: String,
    full_shape: String,
    partial_shape: String,
    submitted: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(basis: &CostBasis) -> Option<(String, CostEvidence, String)> {
        let estimate = CostModel::named(DEFAULT_COST_MODEL).unwrap().estimate(basis)?;
        Some((estimate.cost.to_string(), estimate.evidence, estimate.confidence.to_string()))
    }

    #[test]
    fn a_cost_is_known_by_its_surest_evidence() {
        let shape = |files, lines| CostBasis { files, lines, ..CostBasis::default() };
        let said = |basis| CostBasis { submitted: Some(Amount::from_micros(3_000_000)), ..basis };
        let receipt = |basis| CostBasis { receipt: Some("invoice 12".into()), ..basis };
        let known = |cost: &str, evidence, confidence: &str| Some((cost.into(), evidence, confidence.into()));
        for (basis, expected) in [
            (shape(Some(3), Some(150)), known("0.85", CostEvidence::FullShape, "0.75")),
            (shape(Some(0), Some(0)), known("0.1", CostEvidence::FullShape, "0.75")),
            (shape(Some(500), Some(90_000)), known("10.0", CostEvidence::FullShape, "0.75")),
            (shape(Some(i64::MAX), Some(i64::MAX)), known("10.0", CostEvidence::FullShape, "0.75")),
            (shape(Some(2), None), known("0.4", CostEvidence::PartialShape, "0.65")),
            (shape(None, Some(1)), known("0.102", CostEvidence::PartialShape, "0.65")),
            (
                CostBasis { partial: true, ..shape(Some(3), Some(150)) },
                known("0.85", CostEvidence::PartialShape, "0.65"),
            ),
            (said(shape(None, None)), known("3.0", CostEvidence::Submitted, "0.4")),
            (said(shape(Some(3), Some(150))), known("0.85", CostEvidence::FullShape, "0.75")),
            (receipt(said(shape(Some(3), None))), known("3.0", CostEvidence::Receipt, "1.0")),
            (receipt(shape(Some(2), None)), known("0.4", CostEvidence::PartialShape, "0.65")),
            (receipt(shape(None, None)), None),
        ] {
            assert_eq!(estimate(&basis), expected, "{basis:?}");
        }
    }

    #[test]
    fn refuses_a_model_that_cannot_be_used() {
        let good = include_str!("../../policies/costs/commit-cost-v2.toml");
        for (from, to) in
            [("\"10.00\"", "\"0.01\""), ("\"0.002\"", "\"-1\""), ("\"0.75\"", "\"2\""), ("title", "t")]
        {
            assert!(CostModel::from_toml(&good.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
    }
}
