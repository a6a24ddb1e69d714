//! Who is paid, who is not, and what doing better does.

use super::cases::{Case, NAMES, any_case, any_invested_case, any_score, any_stage};
use super::config;
use domain::link::{Contributors, Investment};
use domain::money::{Energy, Score};
use domain::payout::{PayoutPreview, PayoutRow, preview};
use domain::policy::Policy;
use domain::stage::{PerStage, Stage};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A name that no case has, between those that some have.
const TWIN: &str = "moritz";

fn row<'p>(preview: &'p PayoutPreview, stage: Stage, name: &str) -> Option<&'p PayoutRow> {
    preview.payouts.iter().find(|row| row.role == stage && row.contributor == name)
}

/// The (stage, name) pairs that the rules say are paid, found without the engine.
fn expected_rows(case: &Case) -> BTreeSet<(Stage, String)> {
    let invested = case.investments().iter().map(|item| (item.stage, item.contributor.clone()));
    let named = Stage::ALL
        .into_iter()
        .filter_map(|stage| case.record.link.contributors.get(stage).clone().map(|name| (stage, name)));
    let implied = case.policy.implied_row.is_some();
    invested.chain(named.filter(|_| implied)).collect()
}

/// The same case with everybody called by another name.
fn renamed(case: &Case, other: impl Fn(&str) -> String) -> Case {
    let mut case = case.clone();
    let link = &mut case.record.link;
    for investment in &mut link.investments {
        investment.contributor = other(&investment.contributor);
    }
    link.contributors = PerStage::from_fn(|stage| link.contributors.get(stage).as_deref().map(&other));
    case
}

/// What makes an investment better.
#[derive(Debug, Clone, Copy)]
enum Better {
    Coherence,
    Awareness,
    Friction,
}

impl Better {
    /// The investment with one score moved from where it is towards the best.
    fn make(self, investment: &mut Investment, to: Score) {
        match self {
            Self::Coherence => investment.coherence_score = investment.coherence_score.max(to),
            Self::Awareness => investment.awareness_score = investment.awareness_score.max(to),
            Self::Friction => investment.friction_score = investment.friction_score.min(to),
        }
    }
}

fn any_better() -> impl Strategy<Value = Better> {
    prop_oneof![Just(Better::Coherence), Just(Better::Awareness), Just(Better::Friction)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_contribution_no_pay(case in any_case()) {
        let preview = case.preview();
        let rows: Vec<_> = preview.payouts.iter().map(|row| (row.role.stage().unwrap(), row.contributor.clone())).collect();
        // In order too: by stage, then name.
        prop_assert_eq!(rows, expected_rows(&case).into_iter().collect::<Vec<_>>());
        for row in &preview.payouts {
            let theirs = case.investments().iter();
            let theirs = theirs.filter(|item| row.role == item.stage && item.contributor == row.contributor);
            let energy: i64 = theirs.map(|item| item.energy_units.micros()).sum();
            prop_assert_eq!(row.explanation.implied, energy == 0);
            if energy > 0 {
                prop_assert_eq!(row.energy_units, Energy::from_micros(energy));
            }
        }
        if preview.payouts.is_empty() {
            prop_assert_eq!(preview.unallocated, case.pool.amount());
        }
    }

    #[test]
    fn linear_pays_nobody_for_being_named(case in any_case()) {
        let case = Case { policy: Policy::named("energy-linear-v1").unwrap(), ..case };
        let mut nobody = case.record.clone();
        nobody.link.contributors = Contributors::default();
        prop_assert_eq!(case.preview(), preview(case.policy, &nobody, &case.pool));
    }

    #[test]
    fn equal_inputs_are_paid_equally(case in any_invested_case(), at in any::<prop::sample::Index>()) {
        let mut investments = case.investments().to_vec();
        let model = at.get(&investments).clone();
        let like = |item: &&Investment| item.stage == model.stage && item.contributor == model.contributor;
        let twins: Vec<Investment> = investments
            .iter()
            .filter(like)
            .map(|item| Investment { contributor: TWIN.into(), ..item.clone() })
            .collect();
        investments.extend(twins);
        let preview = case.preview_with(investments);
        let one = row(&preview, model.stage, &model.contributor).unwrap();
        let two = row(&preview, model.stage, TWIN).unwrap();
        prop_assert_eq!(one.explanation.weight, two.explanation.weight);
        prop_assert_eq!(one.explanation.exact_amount, two.explanation.exact_amount);
        prop_assert!((one.amount.micros() - two.amount.micros()).abs() <= case.unit());
        prop_assert!((one.effective_weight.parts() - two.effective_weight.parts()).abs() <= 1_000);
    }

    #[test]
    fn names_are_only_names(case in any_case(), turn in 0..NAMES.len()) {
        let other = |name: &str| {
            let at = NAMES.iter().position(|known| *known == name).unwrap();
            NAMES[(at + turn) % NAMES.len()].to_owned()
        };
        let (before, after) = (case.preview(), renamed(&case, other).preview());
        prop_assert_eq!(before.signals, after.signals);
        prop_assert_eq!(before.unallocated, after.unallocated);
        for one in &before.payouts {
            let two = row(&after, one.role.stage().unwrap(), &other(&one.contributor)).unwrap();
            prop_assert_eq!(one.explanation.weight, two.explanation.weight);
            prop_assert_eq!(one.explanation.exact_amount, two.explanation.exact_amount);
            // Only who of several equals gets an odd unit may change.
            prop_assert!((one.amount.micros() - two.amount.micros()).abs() <= case.unit());
        }
    }

    #[test]
    fn more_quality_never_pays_less(
        case in any_invested_case(),
        at in any::<prop::sample::Index>(),
        better in any_better(),
        to in any_score(),
    ) {
        let mut investments = case.investments().to_vec();
        let investment = at.get(&investments).clone();
        better.make(&mut investments[at.index(case.investments().len())], to);
        let (before, after) = (case.preview(), case.preview_with(investments));
        let before_row = row(&before, investment.stage, &investment.contributor).unwrap();
        let after_row = row(&after, investment.stage, &investment.contributor).unwrap();
        prop_assert!(after_row.amount >= before_row.amount);
        prop_assert!(after_row.effective_weight >= before_row.effective_weight);
        prop_assert!(after_row.explanation.score >= before_row.explanation.score);
        // And it makes no other row's work look better or worse.
        for one in before.payouts.iter().filter(|row| *row != before_row) {
            let two = row(&after, one.role.stage().unwrap(), &one.contributor).unwrap();
            prop_assert_eq!(one.explanation.weight, two.explanation.weight);
        }
    }

    #[test]
    fn linear_pays_two_names_what_it_pays_one(
        case in any_invested_case(),
        at in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let case = Case { policy: Policy::named("energy-linear-v1").unwrap(), ..case };
        let mut investments = case.investments().to_vec();
        let whole = investments.remove(at.index(investments.len()));
        // Alone in its row, so that the second name takes half of all that the first has there.
        investments.retain(|item| item.stage != whole.stage || item.contributor != whole.contributor);
        let first = cut.index(whole.energy_units.micros() as usize) as i64;
        let mut one_name = investments.clone();
        one_name.push(whole.clone());
        for (energy, name) in [(first, whole.contributor.as_str()), (whole.energy_units.micros() - first, TWIN)] {
            if energy > 0 {
                let energy_units = Energy::from_micros(energy);
                investments.push(Investment { energy_units, contributor: name.into(), ..whole.clone() });
            }
        }
        let (one, two) = (case.preview_with(one_name), case.preview_with(investments));
        let paid_one = row(&one, whole.stage, &whole.contributor).unwrap().amount.micros();
        let paid = |name| row(&two, whole.stage, name).map_or(0, |row| row.amount.micros());
        let paid_two = paid(&whole.contributor) + paid(TWIN);
        prop_assert!((paid_one - paid_two).abs() <= case.unit(), "{} against {}", paid_one, paid_two);
    }

    #[test]
    fn a_stage_without_rows_is_not_there(case in any_case(), stage in any_stage()) {
        let preview = case.preview();
        let there = expected_rows(&case).iter().any(|(of, _)| *of == stage);
        prop_assert_eq!(preview.payouts.iter().any(|row| row.role == stage), there);
    }
}
