//! How a repository is read and its changes are credited: versioned data.

use super::credit::Provenance;
use super::weights::WeightSet;
use crate::money::{Score, Weight};
use crate::policy::{BadPolicy, micros};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What is credited once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// A role counts once per merged change.
    PerChange,
    /// A role counts once per claim of a merged change.
    PerClaim,
}

/// When whoever proposed a change is its extractor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposerRule {
    /// Where the change adds claims.
    Claims,
    /// Where it touches any knowledge.
    Knowledge,
    /// Never.
    Off,
}

/// Which names at the start of a title or of a branch's name are taken for whoever proposed the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameRule {
    /// Any but those in [`Names::no_names`].
    Any,
    /// Those that somebody decided about, or that the change names elsewhere as well.
    Known,
    /// None.
    Off,
}

/// Paths, each a folder with `/` at its end, a file, or a pattern in which `*` is any part of a name and `**` anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// A change that touches any of these is knowledge.
    pub knowledge: Vec<String>,
    /// Else, a change that touches any of these is pipeline. A path that is also pipeline is no knowledge where the
    /// pattern of knowledge is `**`.
    pub pipeline: Vec<String>,
    /// Where claims are.
    pub claims: Vec<String>,
    /// Where beliefs are.
    pub beliefs: Vec<String>,
    /// Where positions are.
    pub positions: Vec<String>,
    /// Where sources are.
    pub sources: Vec<String>,
    /// Where entities are.
    pub entities: Vec<String>,
}

/// The rules that can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Which labels of titles name a proposer.
    pub proposer_label: NameRule,
    /// Which first parts of branches' names do.
    pub proposer_branch: NameRule,
    /// Whether and when a proposer is the extractor.
    pub extractor_proposer: ProposerRule,
    /// Whether review trailers make reviewers.
    pub reviewer_trailer: bool,
    /// Whether a merger stands for the reviewer where nobody else is named.
    pub reviewer_merger: bool,
    /// Whether what a change does to claims shows a challenger.
    pub challenger_structure: bool,
    /// Whether what a claim names shows a synthesizer.
    pub synthesizer_structure: bool,
    /// Whether the text of a claim's source shows its sourcer.
    pub sourcer_text: bool,
}

/// Names that are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Keys of trailers that name an agent, who proposed the change.
    pub agent_trailers: Vec<String>,
    /// Keys of trailers that name a reviewer.
    pub reviewer_trailers: Vec<String>,
    /// Keys of trailers that name whoever proposed the change.
    pub proposer_trailers: Vec<String>,
    /// Labels and first parts of branches that say what kind of change it is, and name nobody.
    pub no_names: Vec<String>,
    /// What the names of tools begin with, as handles.
    pub tools: Vec<String>,
    /// Names of infrastructure, `*` being any part.
    pub infrastructure: Vec<String>,
}

/// The factors of CI v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Of a piece that stands.
    pub stands: Weight,
    /// Of one that is retired.
    pub retired: Weight,
    /// Of one that was removed.
    pub removed: Weight,
    /// Added for each piece of others that cites it.
    pub per_citation: Weight,
    /// How many of those count.
    pub max_citations: i64,
    /// Of a challenge that came to nothing yet.
    pub challenge_open: Weight,
    /// Added where its target changed after it.
    pub challenge_target_changed: Weight,
    /// Added where its target's confidence moved after it.
    pub challenge_confidence_moved: Weight,
}

/// What CI v3 counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// Metrics of usage events that are uses of claims.
    pub metrics: Vec<String>,
    /// After how many days a use counts half.
    pub half_life_days: u32,
    /// After how many days it counts nothing.
    pub forget_after_days: u32,
}

/// A policy of contributions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContributionPolicy {
    /// Its name, with its version.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// The weight set that credits are derived under.
    pub weight_set: String,
    /// What is credited once.
    pub counting: Counting,
    /// Which paths are what.
    pub paths: Paths,
    /// Which rules hold.
    pub rules: Rules,
    /// How sure each provenance is.
    pub confidence: BTreeMap<Provenance, Score>,
    /// Names that are told apart.
    pub names: Names,
    /// CI v2.
    pub outcome: Outcome,
    /// CI v3.
    pub usage: Usage,
}

/// The policy of an import that names none.
pub const DEFAULT_POLICY: &str = "knowledge-base-v1";

impl ContributionPolicy {
    /// Reads a policy file.
    pub fn from_toml(text: &str) -> Result<Self, BadPolicy> {
        let file: File = toml::from_str(text).map_err(|error| BadPolicy::new(error.to_string()))?;
        if WeightSet::named(&file.weight_set).is_none() {
            return Err(BadPolicy::new(format!(
                "weight_set = {:?} is no weight set that comes along or was added",
                file.weight_set
            )));
        }
        let score = |provenance: Provenance| {
            let name = provenance.name();
            let text = file
                .confidence
                .get(name)
                .ok_or_else(|| BadPolicy::new(format!("confidence.{name} is missing")))?;
            micros(name, text, 1).map(|micros| (provenance, Score::from_micros(micros)))
        };
        let confidence = Provenance::ALL.into_iter().map(score).collect::<Result<BTreeMap<_, _>, _>>()?;
        if let Some(unknown) = file.confidence.keys().find(|name| Provenance::named(name).is_none()) {
            return Err(BadPolicy::new(format!("confidence.{unknown} is no provenance")));
        }
        if file.usage.half_life_days == 0 {
            return Err(BadPolicy::new("usage.half_life_days must be above zero".into()));
        }
        let factor = |name: &str, text: &str| micros(name, text, 10).map(Weight::from_micros);
        let outcome = &file.outcome;
        if !(0..=1_000).contains(&outcome.max_citations) {
            return Err(BadPolicy::new("outcome.max_citations must be from 0 to 1000".into()));
        }
        Ok(Self {
            outcome: Outcome {
                stands: factor("stands", &outcome.stands)?,
                retired: factor("retired", &outcome.retired)?,
                removed: factor("removed", &outcome.removed)?,
                per_citation: factor("per_citation", &outcome.per_citation)?,
                max_citations: outcome.max_citations,
                challenge_open: factor("challenge_open", &outcome.challenge_open)?,
                challenge_target_changed: factor(
                    "challenge_target_changed",
                    &outcome.challenge_target_changed,
                )?,
                challenge_confidence_moved: factor(
                    "challenge_confidence_moved",
                    &outcome.challenge_confidence_moved,
                )?,
            },
            confidence,
            name: file.name,
            title: file.title,
            summary: file.summary,
            weight_set: file.weight_set,
            counting: file.counting,
            paths: file.paths,
            rules: file.rules,
            names: file.names,
            usage: file.usage,
        })
    }

    /// The text of the file of a policy that comes with Tributary.
    pub fn text_of(name: &str) -> Option<&'static str> {
        FILES.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    /// The policies that come with Tributary.
    pub fn all() -> &'static [Self] {
        static POLICIES: LazyLock<Vec<ContributionPolicy>> = LazyLock::new(|| {
            let read = |(_, text)| {
                ContributionPolicy::from_toml(text)
                    .expect("the policies that come along are checked by tests")
            };
            FILES.into_iter().map(read).collect()
        });
        &POLICIES
    }

    /// The policy of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|policy| policy.name == name)
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that the policy computes with.
    pub fn hash(&self) -> String {
        let digest = Sha256::digest(crate::canonical::bytes(&(
            (&self.name, &self.weight_set, self.counting, &self.paths, self.rules),
            (&self.confidence, &self.names, self.outcome, &self.usage),
        )));
        format!("sha256:{}", crate::canonical::hex(&digest))
    }
}

/// The files that come along, by the name of their policy.
const FILES: [(&str, &str); 2] = [
    ("knowledge-base-v1", include_str!("../../policies/contributions/knowledge-base-v1.toml")),
    ("software-project-v1", include_str!("../../policies/contributions/software-project-v1.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    summary: String,
    weight_set: String,
    counting: Counting,
    paths: Paths,
    rules: Rules,
    confidence: BTreeMap<String, String>,
    names: Names,
    outcome: OutcomeFile,
    usage: Usage,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeFile {
    stands: String,
    retired: String,
    removed: String,
    per_citation: String,
    max_citations: i64,
    challenge_open: String,
    challenge_target_changed: String,
    challenge_confidence_moved: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policies_that_come_along_are_read_and_stand_under_their_own_names() {
        let names: Vec<_> = ContributionPolicy::all().iter().map(|policy| policy.name.as_str()).collect();
        assert_eq!(names, FILES.map(|(name, _)| name));
        assert!(ContributionPolicy::named(DEFAULT_POLICY).is_some());
        // What a name stands for never changes: another rule is another version, and these hashes are for good.
        let hashes =
            ContributionPolicy::all().iter().map(|policy| format!("{} {}", policy.name, policy.hash()));
        insta::assert_snapshot!(hashes.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn refuses_a_file_that_cannot_be_used() {
        let good = ContributionPolicy::text_of(DEFAULT_POLICY).unwrap();
        for (from, to) in [
            ("\"ci-v1\"", "\"ci-v9\""),
            ("\"per_change\"", "\"per_day\""),
            ("trailer = \"0.9\"", "trailer = \"1.1\""),
            ("trailer = \"0.9\"\n", ""),
            ("merger_proxy = \"0.4\"", "merger_proxy = \"0.4\"\nhearsay = \"0.1\""),
            ("half_life_days = 30", "half_life_days = 0"),
            ("stands = \"1\"", "stands = \"-1\""),
            ("sourcer_text", "sourcer_texts"),
        ] {
            assert!(ContributionPolicy::from_toml(&good.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
    }
}
