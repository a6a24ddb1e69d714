//! Policies of one's own, given as files.

use anyhow::{Context as _, Result};
use clap::Args;
use domain::{
    contribution::{CostModel, WeightSet},
    governance::AutonomyPolicy,
    policy::BadPolicy,
};
use std::path::{Path, PathBuf};

/// Files of policies, as those under `domain/policies` in the source are written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policies")]
pub struct PolicyFiles {
    /// Weight set of your own, beside those that come along; may be given again
    #[arg(long, env = "TRIBUTARY_WEIGHTS", value_name = "FILE", value_delimiter = ',')]
    weights: Vec<PathBuf>,
    /// Cost model of your own, by which costs are proposed in place of commit-cost-v2
    #[arg(long, env = "TRIBUTARY_COST_MODEL", value_name = "FILE")]
    cost_model: Option<PathBuf>,
    /// Levels of autonomy of your own, in place of autonomy-v1
    #[arg(long, env = "TRIBUTARY_AUTONOMY", value_name = "FILE")]
    autonomy: Option<PathBuf>,
}

impl PolicyFiles {
    /// Reads them and adds them to those that come along.
    pub fn add(&self) -> Result<()> {
        let sets = self.weights.iter().map(|file| read(file, "weight set", WeightSet::from_toml));
        let sets = sets.collect::<Result<Vec<_>>>()?;
        if !sets.is_empty() {
            WeightSet::add(sets).context("a weight set of --weights cannot be used")?;
        }
        if let Some(file) = &self.cost_model {
            let model = read(file, "cost model", CostModel::from_toml)?;
            CostModel::add(model).context("the cost model of --cost-model cannot be used")?;
        }
        if let Some(file) = &self.autonomy {
            let policy = read(file, "policy of autonomy", AutonomyPolicy::from_toml)?;
            AutonomyPolicy::add(policy).context("the levels of --autonomy cannot be used")?;
        }
        Ok(())
    }
}

fn read<T>(file: &Path, what: &str, parse: impl Fn(&str) -> Result<T, BadPolicy>) -> Result<T> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the {what} {} cannot be read", file.display()))?;
    parse(&text).with_context(|| format!("the {what} {} cannot be used", file.display()))
}
