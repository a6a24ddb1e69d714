//! From a link to the rows that are paid: one for each (stage, contributor).

use crate::decimal::divide_half_even;
use crate::link::{Investment, LineageLink};
use crate::money::Energy;
use crate::policy::Policy;
use crate::stage::Stage;
use std::collections::BTreeMap;

/// Parts of a unit in which means of scores are kept: twelve places.
const MEAN_PARTS_PER_MICRO: i128 = 1_000_000;

/// All that one contributor put into one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The stage.
    pub stage: Stage,
    /// Whose it is.
    pub contributor: String,
    /// Energy, summed.
    pub energy: Energy,
    /// Coherence, the energy-weighted mean, to twelve places.
    pub coherence: i128,
    /// Awareness, likewise.
    pub awareness: i128,
    /// Friction, likewise.
    pub friction: i128,
    /// Whether it stands for somebody who is named only.
    pub implied: bool,
}

/// Sums kept exactly until all pieces are in, so that splitting a row changes nothing.
#[derive(Default)]
struct Sums {
    energy: i128,
    coherence: i128,
    awareness: i128,
    friction: i128,
}

impl Sums {
    fn add(&mut self, investment: &Investment) {
        let energy = i128::from(investment.energy_units.micros());
        self.energy += energy;
        self.coherence += energy * i128::from(investment.coherence_score.micros());
        self.awareness += energy * i128::from(investment.awareness_score.micros());
        self.friction += energy * i128::from(investment.friction_score.micros());
    }

    fn row(&self, stage: Stage, contributor: &str) -> Row {
        let mean = |sum: i128| divide_half_even(sum * MEAN_PARTS_PER_MICRO, self.energy);
        Row {
            stage,
            contributor: contributor.to_owned(),
            // At most a thousand investments of a thousand million units each: far within 64 bits.
            energy: Energy::from_micros(self.energy as i64),
            coherence: mean(self.coherence),
            awareness: mean(self.awareness),
            friction: mean(self.friction),
            implied: false,
        }
    }
}

/// The rows of a link under a policy, by stage, then contributor.
pub fn rows(policy: &Policy, link: &LineageLink) -> Vec<Row> {
    let mut invested: BTreeMap<(Stage, &str), Sums> = BTreeMap::new();
    for investment in &link.investments {
        invested.entry((investment.stage, &investment.contributor)).or_default().add(investment);
    }
    let mut rows: BTreeMap<(Stage, &str), Row> =
        invested.iter().map(|(&(stage, name), sums)| ((stage, name), sums.row(stage, name))).collect();
    if let Some(implied) = &policy.implied_row {
        for stage in Stage::ALL {
            let Some(name) = link.contributors.get(stage).as_deref() else { continue };
            rows.entry((stage, name)).or_insert_with(|| Row {
                stage,
                contributor: name.to_owned(),
                energy: implied.energy_units,
                coherence: i128::from(implied.coherence_score.micros()) * MEAN_PARTS_PER_MICRO,
                awareness: i128::from(implied.awareness_score.micros()) * MEAN_PARTS_PER_MICRO,
                friction: i128::from(implied.friction_score.micros()) * MEAN_PARTS_PER_MICRO,
                implied: true,
            });
        }
    }
    rows.into_values().collect()
}
