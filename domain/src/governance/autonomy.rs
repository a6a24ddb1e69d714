//! Autonomy by record: a level is proposed by what an agent's work came to, and a person decides.
//!
//! Desired properties:
//! - a better record is never proposed a lower level;
//! - a proposal says of every threshold what is needed and what is, and what is shown decides;
//! - nothing changes by itself: a level holds from a decision to the next one.

use super::read_reason;
use crate::catalog::Catalog;
use crate::contribution::TrackRecord;
use crate::decimal::MICROS_PER_UNIT;
use crate::error::Error;
use crate::id::AutonomyId;
use crate::input::{Errors, Fields, Node, word};
use crate::ledger::Actor;
use crate::link::MAX_NAME;
use crate::money::{Score, Weight};
use crate::policy::{BadPolicy, micros};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The policy by which levels are proposed.
pub const DEFAULT_AUTONOMY: &str = "autonomy-v1";

/// A level of autonomy, with what it takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Level {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(example = "trusted"))]
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it means, in a sentence.
    pub summary: String,
    /// Changes that must have been merged.
    pub min_units: i64,
    /// Changes that somebody else must have reviewed since the last one that was flagged, reverted or rolled back.
    pub clean_run: i64,
    /// The highest part of the changes that may be flagged.
    pub max_flag_rate: Score,
    /// The highest part of the changes that may have been reverted or rolled back.
    pub max_rollback_rate: Score,
}

/// A policy of autonomy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AutonomyPolicy {
    /// Its name, with its version.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// The least share of governance CI with which a person may roll a change back.
    pub veto_minimum_share: Score,
    /// The levels, the least autonomy first.
    pub levels: Vec<Level>,
}

impl AutonomyPolicy {
    /// Reads a policy file. Thresholds may only get harder from level to level, and the first takes nothing: so every
    /// agent has a level, and a better record never a lower one.
    pub fn from_toml(text: &str) -> Result<Self, BadPolicy> {
        let file: File = toml::from_str(text).map_err(|error| BadPolicy::new(error.to_string()))?;
        let share = |name: &str, text: &str| micros(name, text, 1).map(Score::from_micros);
        let level = |level: LevelFile| {
            Ok(Level {
                max_flag_rate: share("max_flag_rate", &level.max_flag_rate)?,
                max_rollback_rate: share("max_rollback_rate", &level.max_rollback_rate)?,
                name: level.name,
                title: level.title,
                summary: level.summary,
                min_units: level.min_units,
                clean_run: level.clean_run,
            })
        };
        let levels = file.levels.into_iter().map(level).collect::<Result<Vec<_>, BadPolicy>>()?;
        let Some(first) = levels.first() else {
            return Err(BadPolicy::new("levels must not be empty".into()));
        };
        if !first.check(&TrackRecord::default()).met || first.max_flag_rate < Score::ONE {
            return Err(BadPolicy::new(format!("the first level, {:?}, must take nothing", first.name)));
        }
        for pair in levels.windows(2) {
            if !pair[1].is_harder_than(&pair[0]) || pair[0].name == pair[1].name {
                let (name, before) = (&pair[1].name, &pair[0].name);
                return Err(BadPolicy::new(format!("level {name:?} must not be easier than {before:?}")));
            }
        }
        let veto_minimum_share = share("veto_minimum_share", &file.veto_minimum_share)?;
        Ok(Self { name: file.name, title: file.title, summary: file.summary, veto_minimum_share, levels })
    }

    /// The policies that come with Tributary, then the one that was added.
    pub fn all() -> &'static [Self] {
        POLICIES.all()
    }

    /// Adds a policy of one's own, which is in force from now on, before any policy is asked for.
    pub fn add(own: Self) -> Result<(), BadPolicy> {
        POLICIES.add(vec![own])
    }

    /// The policy that is in force: one's own, where one was added.
    pub fn in_force() -> &'static Self {
        Self::all().last().expect("one comes along")
    }

    /// The level of a name.
    pub fn level(&self, name: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.name == name)
    }

    /// SHA-256 of the canonical JSON (RFC 8785) of all that the policy decides by.
    pub fn hash(&self) -> String {
        let level = |level: &Level| {
            let Level { name, min_units, clean_run, max_flag_rate, max_rollback_rate, .. } = level.clone();
            (name, min_units, clean_run, max_flag_rate, max_rollback_rate)
        };
        let levels: Vec<_> = self.levels.iter().map(level).collect();
        let digest = Sha256::digest(crate::canonical::bytes(&(&self.name, self.veto_minimum_share, levels)));
        format!("sha256:{}", crate::canonical::hex(&digest))
    }

    /// The level that a record has earned: the last one whose thresholds, and those of all before it, are met.
    pub fn propose(&self, record: &TrackRecord) -> LevelProposal {
        let levels: Vec<LevelCheck> = self.levels.iter().map(|level| level.check(record)).collect();
        let earned = levels.iter().take_while(|check| check.met).last();
        let level = earned.or(levels.first()).map(|check| check.level.clone()).unwrap_or_default();
        LevelProposal { policy: self.name.clone(), level, levels }
    }
}

static POLICIES: Catalog<AutonomyPolicy> = Catalog::new(
    || {
        let text = include_str!("../../policies/autonomy/autonomy-v1.toml");
        vec![AutonomyPolicy::from_toml(text).expect("the policies that come along are checked by tests")]
    },
    |policy| &policy.name,
);

/// What a level is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Measure {
    /// Changes that were merged, at least.
    Units,
    /// Changes reviewed since the last one that was flagged, reverted or rolled back, at least.
    CleanRun,
    /// The part of the changes that are flagged, at most.
    FlagRate,
    /// The part of the changes that were reverted or rolled back, at most.
    RollbackRate,
}

impl Measure {
    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        ["Merged changes", "Clean run", "Flagged", "Rolled back"][self as usize]
    }

    /// Whether more of it is better: then what is needed is the least, else the most.
    pub const fn more_is_better(self) -> bool {
        matches!(self, Self::Units | Self::CleanRun)
    }

    /// Whether it is a part of the whole, else a count.
    pub const fn is_rate(self) -> bool {
        !self.more_is_better()
    }
}

/// A threshold of a level, and where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Threshold {
    /// What is judged.
    pub measure: Measure,
    /// The least of a count, the most of a rate.
    #[cfg_attr(feature = "openapi", schema(example = 20.0))]
    pub needed: Weight,
    /// What is: a rate to six places, rounded up.
    #[cfg_attr(feature = "openapi", schema(example = 7.0))]
    pub is: Weight,
    /// Whether that will do.
    pub met: bool,
}

/// A level, and whether a record meets its thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelCheck {
    /// The level's name.
    #[cfg_attr(feature = "openapi", schema(example = "trusted"))]
    pub level: String,
    /// Whether all of its thresholds are met.
    pub met: bool,
    /// Its thresholds.
    pub thresholds: Vec<Threshold>,
}

/// The level that a record has earned, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LevelProposal {
    /// The policy that proposes it.
    #[cfg_attr(feature = "openapi", schema(example = "autonomy-v1"))]
    pub policy: String,
    /// The level's name.
    #[cfg_attr(feature = "openapi", schema(example = "reviewed"))]
    pub level: String,
    /// Every level with its thresholds, the least autonomy first.
    pub levels: Vec<LevelCheck>,
}

impl Level {
    fn is_harder_than(&self, other: &Self) -> bool {
        self.min_units >= other.min_units
            && self.clean_run >= other.clean_run
            && self.max_flag_rate <= other.max_flag_rate
            && self.max_rollback_rate <= other.max_rollback_rate
    }

    fn check(&self, record: &TrackRecord) -> LevelCheck {
        let count = |measure, needed: i64, is: i64| Threshold {
            measure,
            needed: Weight::from_micros(needed.saturating_mul(MICROS_PER_UNIT)),
            is: Weight::from_micros(is.saturating_mul(MICROS_PER_UNIT)),
            met: is >= needed,
        };
        let rate = |measure, most: Score, part: i64| {
            let is = rate_of(part, record.units);
            Threshold {
                measure,
                needed: Weight::from_micros(most.micros()),
                is,
                met: is.micros() <= most.micros(),
            }
        };
        let thresholds = vec![
            count(Measure::Units, self.min_units, record.units),
            count(Measure::CleanRun, self.clean_run, record.clean_run),
            rate(Measure::FlagRate, self.max_flag_rate, record.flagged),
            rate(Measure::RollbackRate, self.max_rollback_rate, record.rolled_back),
        ];
        let met = thresholds.iter().all(|threshold| threshold.met);
        LevelCheck { level: self.name.clone(), met, thresholds }
    }
}

/// A part of a whole to six places, rounded up: so what is shown is at most what is needed exactly where the part is.
/// Nothing of nothing is 0.
fn rate_of(part: i64, whole: i64) -> Weight {
    if whole <= 0 || part <= 0 {
        return Weight::ZERO;
    }
    let (part, whole) = (i128::from(part) * i128::from(MICROS_PER_UNIT), i128::from(whole));
    Weight::from_micros(i64::try_from((part + whole - 1) / whole).unwrap_or(i64::MAX))
}

/// A decision as a sender sends it, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDecision {
    /// The agent: its handle, or a name of it.
    #[cfg_attr(feature = "openapi", schema(example = "rio", min_length = 1, max_length = 200))]
    pub agent: String,
    /// The level that it has from now on.
    #[cfg_attr(feature = "openapi", schema(example = "reviewed"))]
    pub level: String,
    /// The person who decides: their handle, or a name of theirs.
    #[cfg_attr(feature = "openapi", schema(example = "rita", min_length = 1, max_length = 200))]
    pub decided_by: String,
    /// Why.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Thirty clean changes in a row.", min_length = 1, max_length = 10_000)
    )]
    pub reason: String,
}

/// A decision about an agent's level, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AutonomyDecision {
    /// Its id, `aut_…`.
    pub id: AutonomyId,
    /// The agent, by handle.
    #[cfg_attr(feature = "openapi", schema(example = "rio"))]
    pub agent: String,
    /// The level that it has from then on.
    #[cfg_attr(feature = "openapi", schema(example = "reviewed"))]
    pub level: String,
    /// The person who decided, by handle.
    #[cfg_attr(feature = "openapi", schema(example = "rita"))]
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// What its work had come to then.
    pub record: TrackRecord,
    /// What the policy proposed then.
    #[cfg_attr(feature = "openapi", schema(example = "reviewed"))]
    pub proposed_level: String,
    /// That policy.
    #[cfg_attr(feature = "openapi", schema(example = "autonomy-v1"))]
    pub policy: String,
    /// The policy's hash.
    pub policy_hash: String,
    /// Who sent it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "key:ci"))]
    pub actor: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

impl NewDecision {
    /// Checks what was sent, naming every wrong field. Who is what is looked for elsewhere.
    pub fn read(policy: &AutonomyPolicy, node: &Node) -> Result<Self, Error> {
        const KNOWN: [&str; 4] = ["agent", "level", "decided_by", "reason"];
        let levels: Vec<&str> = policy.levels.iter().map(|level| level.name.as_str()).collect();
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let decision = Fields::open(node, "", &KNOWN, errors_ref).and_then(|fields| {
            let agent = fields.text("agent", MAX_NAME, errors_ref);
            let level = fields
                .required("level", errors_ref)
                .and_then(|node| word(node, &fields.path("level"), &levels, errors_ref));
            let decided_by = fields.text("decided_by", MAX_NAME, errors_ref);
            let reason = read_reason(&fields, errors_ref);
            Some(Self { agent: agent?, level: level?.to_owned(), decided_by: decided_by?, reason: reason? })
        });
        errors.finish(decision)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    title: String,
    summary: String,
    veto_minimum_share: String,
    levels: Vec<LevelFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelFile {
    name: String,
    title: String,
    summary: String,
    min_units: i64,
    clean_run: i64,
    max_flag_rate: String,
    max_rollback_rate: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_that_comes_along_is_read_and_has_a_hash_of_its_own() {
        let policy = AutonomyPolicy::in_force();
        assert_eq!(policy.name, DEFAULT_AUTONOMY);
        let names: Vec<&str> = policy.levels.iter().map(|level| level.name.as_str()).collect();
        assert_eq!(names, ["supervised", "reviewed", "trusted", "autonomous"]);
        // A change of any threshold must be a new version: this hash is for good.
        insta::assert_snapshot!(policy.hash());
    }

    #[test]
    fn refuses_a_file_that_cannot_be_used() {
        let good = include_str!("../../policies/autonomy/autonomy-v1.toml");
        for (from, to) in [
            ("min_units = 0", "min_units = 1"),
            ("max_flag_rate = \"1\"", "max_flag_rate = \"0.9\""),
            ("clean_run = 20", "clean_run = 4"),
            ("max_flag_rate = \"0.05\"", "max_flag_rate = \"0.3\""),
            ("max_rollback_rate = \"0.01\"", "max_rollback_rate = \"0.06\""),
            ("min_units = 100", "min_units = 24"),
            ("name = \"trusted\"", "name = \"reviewed\""),
            ("veto_minimum_share = \"0\"", "veto_minimum_share = \"1.1\""),
            ("veto_minimum_share = \"0\"", "veto_minimum = \"0\""),
        ] {
            assert!(good.contains(from), "{from}");
            assert!(AutonomyPolicy::from_toml(&good.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_rate_is_rounded_up_so_that_what_is_shown_decides() {
        assert_eq!(rate_of(1, 20).to_string(), "0.05");
        assert_eq!(rate_of(1, 3).to_string(), "0.333334");
        assert_eq!(rate_of(0, 0).to_string(), "0.0");
    }
}
