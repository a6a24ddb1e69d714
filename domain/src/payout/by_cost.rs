//! Sharing a pool by cost and coherence, as contribution ledgers do.

use super::share::{Shared, explain_share, shown_weight};
use super::{
    Contributions, CostPolicy, ExplainedPart, Explanation, PartKind, PayoutPreview, PayoutRow, PolicyWeights,
    Pool,
};
use crate::allocate::allocate;
use crate::contribution::{CostBasis, Provenance};
use crate::decimal::{MICROS_PER_UNIT, divide_half_even};
use crate::link::{Investment, LinkRecord};
use crate::money::{Amount, Energy, Factor, Score, Weight};
use crate::stage::{PerStage, Stage};
use std::collections::{BTreeMap, BTreeSet};

/// Parts of twenty-four places in a millionth of a millionth.
const PARTS: u128 = 1_000_000_000_000;

/// Something that cost something.
struct Cost {
    /// How much, in millionths.
    cost: i64,
    /// How much of it counts: base and coherence, in millionths.
    counts: i64,
    /// What it is; its weight and amount are still to be filled in.
    part: ExplainedPart,
}

impl Cost {
    fn weight(&self) -> u128 {
        u128::from(self.cost.unsigned_abs()) * u128::from(self.counts.unsigned_abs()) * PARTS
    }
}

/// The preview: a row for each (stage, contributor), by stage, then name. Changes are implementation's.
pub(super) fn preview(
    policy: &CostPolicy,
    record: &LinkRecord,
    pool: &Pool,
    contributions: &Contributions,
) -> PayoutPreview {
    let mut rows: BTreeMap<(Stage, String), Vec<Cost>> = BTreeMap::new();
    for investment in &record.link.investments {
        // Whoever invested may have proposed changes too, under a handle.
        let name = &investment.contributor;
        let contributor = contributions.handles.get(name).unwrap_or(name).clone();
        let key = (investment.stage, contributor);
        rows.entry(key).or_default().push(of_investment(policy, investment));
    }
    for (proposer, cost) in changes(policy, contributions) {
        rows.entry((Stage::Implementation, proposer)).or_default().push(cost);
    }
    // Neither the order in which a link has them nor that of its refs shows.
    for costs in rows.values_mut() {
        costs.sort_by_cached_key(|cost| {
            (cost.part.kind, cost.part.unit, cost.cost, cost.counts, cost.part.reference.clone())
        });
    }
    let weights = rows.values().map(|costs| costs.iter().map(Cost::weight).sum()).collect();
    let shared = Shared::of(pool, weights);
    let payouts: Vec<PayoutRow> = rows
        .into_iter()
        .enumerate()
        .map(|(at, ((stage, contributor), costs))| row(stage, contributor, costs, &shared, at))
        .collect();
    let drawn_on = contributions.drawn_on(false, !payouts.is_empty());
    PayoutPreview {
        drawn_on: Some(drawn_on),
        ..shared.answer(
            (&policy.name, policy.hash()),
            record,
            PolicyWeights::Stages(PerStage::from_fn(|_| Weight::from_micros(MICROS_PER_UNIT))),
            payouts,
        )
    }
}

fn of_investment(policy: &CostPolicy, investment: &Investment) -> Cost {
    let coherence = investment.coherence_score;
    Cost {
        cost: investment.energy_units.micros(),
        counts: policy.coherence_base.micros() + coherence.micros(),
        part: part(
            PartKind::Investment,
            &investment.contributor,
            investment.energy_units.micros(),
            coherence,
        ),
    }
}

fn part(kind: PartKind, earned_by: &str, cost: i64, coherence: Score) -> ExplainedPart {
    ExplainedPart {
        kind,
        reference: None,
        unit: None,
        title: None,
        claim: None,
        earned_by: earned_by.to_owned(),
        provenance: None::<Provenance>,
        confidence: None,
        cost: Some(Amount::from_micros(cost)),
        coherence: Some(coherence),
        weight: Factor::ZERO,
        amount: Amount::ZERO,
    }
}

/// The changes that count, each once, with whoever proposed it.
fn changes(policy: &CostPolicy, contributions: &Contributions) -> Vec<(String, Cost)> {
    let mut seen = BTreeSet::new();
    let coherence = policy.unknown_coherence;
    let live = contributions.changes.iter().filter(|change| change.card.ended_at.is_none());
    live.filter_map(|change| {
        let card = &change.card;
        let proposer = card.proposer.clone()?;
        let estimate = policy.model().estimate(&CostBasis::of_unit(card))?;
        let part = ExplainedPart {
            reference: Some(change.reference.clone()),
            unit: Some(card.id),
            title: Some(card.title.clone()),
            confidence: Some(estimate.confidence),
            ..part(PartKind::Change, &proposer, estimate.cost.micros(), coherence)
        };
        let counts = policy.coherence_base.micros() + coherence.micros();
        seen.insert(card.id).then(|| (proposer, Cost { cost: estimate.cost.micros(), counts, part }))
    })
    .collect()
}

fn row(stage: Stage, contributor: String, costs: Vec<Cost>, shared: &Shared<'_>, at: usize) -> PayoutRow {
    let cost: i128 = costs.iter().map(|cost| i128::from(cost.cost)).sum();
    let counts: i128 = costs.iter().map(|cost| i128::from(cost.cost) * i128::from(cost.counts)).sum();
    let weights: Vec<u128> = costs.iter().map(Cost::weight).collect();
    let amounts = allocate(shared.units(at), &weights);
    let parts = costs.into_iter().zip(weights).zip(amounts).map(|((cost, weight), units)| ExplainedPart {
        weight: shown_weight(weight),
        amount: shared.pool().amount_of(units),
        ..cost.part
    });
    let score = if cost == 0 { 0 } else { divide_half_even(counts * i128::from(MICROS_PER_UNIT), cost) };
    PayoutRow {
        role: stage.into(),
        contributor,
        amount: shared.amount(at),
        energy_units: Energy::from_micros(cost as i64),
        effective_weight: shared.share(at),
        explanation: Explanation {
            stage_weight: Weight::from_micros(MICROS_PER_UNIT),
            energy_factor: Factor::from_parts(cost * i128::from(MICROS_PER_UNIT)),
            score: Factor::from_parts(score),
            parts: parts.collect(),
            ..explain_share(shared, at)
        },
    }
}
