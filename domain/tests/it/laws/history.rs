//! Payouts that draw on imported history: what holds for every link, pool and set of credits.

use super::cases::{any_case, any_pool};
use super::config;
use crate::given::NOW;
use crate::kept::{card, credit};
use domain::contribution::{RefStatus, Role};
use domain::money::{Amount, Factor};
use domain::payout::{
    Contributions, PaidChange, PaidCredit, PaidFor, PaidRef, PayoutPolicy, PayoutPreview, Pool, preview_under,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const WHO: [&str; 4] = ["ann", "bob", "rio", "李"];
const CLAIMS: [Option<&str>; 3] = [None, Some("domains/a.md"), Some("domains/b.md")];

fn any_change() -> impl Strategy<Value = PaidChange> {
    (0..6_u8, prop::option::of(prop::sample::select(WHO.to_vec()))).prop_map(|(at, proposer)| {
        // The same change is the same, whatever named it.
        let mut card =
            card(&format!("{at}").repeat(40), Some(i64::from(at)), i64::from(at) * 3, i64::from(at) * 400);
        card.proposer = proposer.filter(|_| at != 5).map(|_| WHO[usize::from(at) % WHO.len()].to_owned());
        PaidChange { reference: format!("PR#{at}"), card }
    })
}

fn any_credit() -> impl Strategy<Value = PaidCredit> {
    let role = prop::sample::select(Role::ALL.to_vec());
    let names = (prop::sample::select(WHO.to_vec()), prop::sample::select(CLAIMS.to_vec()));
    (0..5_u8, role, names, any::<[bool; 3]>()).prop_map(
        |(at, role, (who, claim), [counted, ended, agent])| {
            let unit = card(&format!("{at}").repeat(40), None, 1, 1);
            let principal = (who == "rio" && agent).then_some("ann");
            let mut credit = credit(unit.id, who, principal, role, claim);
            credit.counted = counted;
            credit.ended_at = (ended && at == 4).then_some(NOW);
            PaidCredit { reference: format!("PR#{at}"), title: unit.title, credit }
        },
    )
}

fn any_contributions() -> impl Strategy<Value = Contributions> {
    let credits = prop::collection::vec(any_credit(), 0..24);
    (credits, prop::collection::vec(any_change(), 0..8)).prop_map(|(credits, changes)| Contributions {
        credits,
        changes,
        refs: vec![PaidRef { reference: "PR#1".into(), status: RefStatus::Resolved, message: None }],
        handles: BTreeMap::new(),
    })
}

fn index() -> &'static PayoutPolicy {
    PayoutPolicy::named("contribution-index-v1").unwrap()
}

fn cost() -> &'static PayoutPolicy {
    PayoutPolicy::named("cost-coherence-v1").unwrap()
}

/// What everybody is paid for each role, as far as it matters: parts may be told in another way.
fn paid(preview: &PayoutPreview) -> Vec<(PaidFor, String, Amount, Factor)> {
    let rows = preview.payouts.iter();
    rows.map(|row| (row.role, row.contributor.clone(), row.amount, row.effective_weight)).collect()
}

fn adds_up(preview: &PayoutPreview, pool: &Pool) -> Result<(), TestCaseError> {
    let shared: i64 = preview.payouts.iter().map(|row| row.amount.micros()).sum();
    prop_assert_eq!(shared + preview.unallocated.micros(), pool.amount().micros());
    let weighty = preview.payouts.iter().any(|row| row.explanation.weight > Factor::ZERO);
    prop_assert_eq!(preview.unallocated == Amount::ZERO, weighty);
    let said = preview.drawn_on.as_ref().unwrap();
    prop_assert_eq!(said.message.is_some(), preview.payouts.is_empty());
    if weighty {
        let shares: i128 = preview.payouts.iter().map(|row| row.effective_weight.parts()).sum();
        prop_assert_eq!(shares, 1_000_000_000_000);
    }
    for row in &preview.payouts {
        let why = &row.explanation;
        prop_assert!(!why.parts.is_empty());
        prop_assert_eq!(why.parts.iter().map(|part| part.amount.micros()).sum::<i64>(), row.amount.micros());
        let weights: i128 = why.parts.iter().map(|part| part.weight.parts()).sum();
        prop_assert!((weights - why.weight.parts()).abs() <= why.parts.len() as i128);
        // stage_weight × energy_factor × score is the weight, but for the score's twelve places.
        let product = why.stage_weight.micros() as f64 / 1e6
            * (why.energy_factor.parts() as f64 / 1e12)
            * (why.score.parts() as f64 / 1e12);
        let weight = why.weight.parts() as f64 / 1e12;
        let off = why.energy_factor.parts() as f64 / 1e24 + weight * 1e-12 + 1e-12;
        prop_assert!((product - weight).abs() <= off, "{} and {}", product, weight);
        prop_assert_eq!(
            why.exact_amount.parts() + why.rounding.parts(),
            i128::from(row.amount.micros()) * 1_000_000
        );
    }
    let order: Vec<_> = preview.payouts.iter().map(|row| (row.role, &row.contributor)).collect();
    prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "by role, then contributor, each once");
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pools_are_shared_to_the_last_unit_and_explained(
        case in any_case(),
        given in any_contributions(),
        principals in any::<bool>(),
    ) {
        adds_up(&preview_under(index(), &case.record, &case.pool, &given, principals), &case.pool)?;
        adds_up(&preview_under(cost(), &case.record, &case.pool, &given, false), &case.pool)?;
    }

    #[test]
    fn neither_order_nor_naming_a_change_twice_changes_anything(
        case in any_case(),
        (given, shuffled) in any_contributions().prop_flat_map(|given| {
            let credits = Just([given.credits.clone(), given.credits.clone()].concat()).prop_shuffle();
            let changes = Just([given.changes.clone(), given.changes.clone()].concat()).prop_shuffle();
            let refs = given.refs.clone();
            (Just(given), (credits, changes).prop_map(move |(credits, changes)| {
                Contributions { credits, changes, refs: refs.clone(), handles: BTreeMap::new() }
            }))
        }),
    ) {
        for policy in [index(), cost()] {
            let once = preview_under(policy, &case.record, &case.pool, &given, false);
            let twice = preview_under(policy, &case.record, &case.pool, &shuffled, false);
            prop_assert_eq!(paid(&once), paid(&twice));
        }
    }

    #[test]
    fn what_ended_pays_nothing(case in any_case(), given in any_contributions()) {
        let mut ended = given.clone();
        ended.credits.iter_mut().for_each(|paid| paid.credit.ended_at = Some(NOW));
        ended.changes.iter_mut().for_each(|change| change.card.ended_at = Some(NOW));
        let preview = preview_under(index(), &case.record, &case.pool, &ended, false);
        prop_assert_eq!((preview.payouts.len(), preview.unallocated), (0, case.pool.amount()));
        // Of a link's costs, the investments are left.
        let without = Contributions { changes: Vec::new(), ..given.clone() };
        let left = preview_under(cost(), &case.record, &case.pool, &ended, false);
        prop_assert_eq!(paid(&left), paid(&preview_under(cost(), &case.record, &case.pool, &without, false)));
        // And among others, what ended might as well not be there.
        let mut live = given.clone();
        live.credits.retain(|paid| paid.credit.ended_at.is_none());
        let all = preview_under(index(), &case.record, &case.pool, &given, false);
        prop_assert_eq!(paid(&all), paid(&preview_under(index(), &case.record, &case.pool, &live, false)));
    }

    #[test]
    fn equal_credits_are_equally_paid(pool in any_pool(), case in any_case(), given in any_contributions()) {
        let unit = 10_i64.pow(6 - pool.places());
        let preview = preview_under(index(), &case.record, &pool, &given, false);
        for one in &preview.payouts {
            for other in preview.payouts.iter().filter(|other| other.role == one.role) {
                let (one_credits, other_credits) = (one.energy_units, other.energy_units);
                prop_assert!(one_credits != other_credits || (one.amount.micros() - other.amount.micros()).abs() <= unit);
                prop_assert!(one_credits <= other_credits || one.amount >= other.amount);
            }
        }
    }

    #[test]
    fn paying_principals_moves_pay_between_names_and_to_no_other_role(
        case in any_case(),
        given in any_contributions(),
    ) {
        let by_role = |preview: &PayoutPreview| {
            let mut sums: BTreeMap<PaidFor, i64> = BTreeMap::new();
            for row in &preview.payouts {
                *sums.entry(row.role).or_default() += row.energy_units.micros();
            }
            sums
        };
        let own = preview_under(index(), &case.record, &case.pool, &given, false);
        let principals = preview_under(index(), &case.record, &case.pool, &given, true);
        prop_assert_eq!(by_role(&own), by_role(&principals));
        for row in &principals.payouts {
            for part in &row.explanation.parts {
                prop_assert!(part.earned_by == row.contributor || row.contributor == "ann");
            }
        }
    }
}
