//! The index: what holds for every set of credits, uses and weights.

use super::config;
use crate::given::NOW;
use crate::kept::{contributor, this_month};
use chrono::Days;
use domain::contribution::{
    ClaimUses, ContributionPolicy, ContributorKind, CreditTotal, DECAY_PARTS, DEFAULT_POLICY, Earned,
    PerRole, Role, ScoreBasis, Usages, UsedRole, WeightSet, decay, earned, faded_uses, governance_share,
    governor, kinds,
};
use domain::money::{Index, Weight};
use proptest::prelude::*;
use std::collections::BTreeMap;

const WHO: [(&str, ContributorKind); 7] = [
    ("ann", ContributorKind::Person),
    ("bob", ContributorKind::Person),
    ("李", ContributorKind::Person),
    ("rio", ContributorKind::Agent),
    ("clay", ContributorKind::Agent),
    ("bostrom", ContributorKind::External),
    ("ci-bot", ContributorKind::Infrastructure),
];
const SLUGS: [&str; 3] = ["tides", "rates", "cells"];
const ALL_MONTHS: (i64, i64) = (0, 120_000);

fn any_who() -> impl Strategy<Value = String> {
    prop::sample::select(WHO.to_vec()).prop_map(|(who, _)| who.to_owned())
}

fn any_principal() -> impl Strategy<Value = Option<String>> {
    let whom = prop::sample::select(vec!["ann", "bob", "clay", "ci-bot", "nobody-on-record"]);
    prop::option::of(whom.prop_map(str::to_owned))
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn any_total() -> impl Strategy<Value = CreditTotal> {
    let month = (this_month() - 4)..=this_month();
    (any_who(), any_principal(), any_role(), month, -3..40_i64, 0..60_000_000_i64).prop_map(
        |(contributor, principal, role, month, credits, outcome)| CreditTotal {
            contributor,
            principal,
            role,
            month,
            credits,
            outcome,
        },
    )
}

fn any_uses() -> impl Strategy<Value = ClaimUses> {
    (prop::sample::select(SLUGS.to_vec()), 0..700_u64, 1..50_000_i64).prop_map(|(slug, age, sessions)| {
        ClaimUses { slug: slug.to_owned(), day: NOW.date_naive() - Days::new(age), sessions }
    })
}

fn any_used() -> impl Strategy<Value = UsedRole> {
    let when = (0..800_u64, prop::option::of(0..400_u64));
    (prop::sample::select(SLUGS.to_vec()), any_role(), any_who(), any_principal(), when).prop_map(
        |(slug, role, contributor, principal, (age, lasted))| UsedRole {
            slug: slug.to_owned(),
            repository: "codex".to_owned(),
            role,
            contributor,
            principal,
            earned_at: NOW - Days::new(age),
            ended_at: lasted.map(|days| NOW - Days::new(age) + Days::new(days)),
        },
    )
}

fn any_basis() -> impl Strategy<Value = ScoreBasis> {
    let totals = prop::collection::vec(any_total(), 0..24);
    let uses = prop::collection::vec(any_uses(), 0..12);
    let used = prop::collection::vec(any_used(), 0..12);
    (totals, uses, used).prop_map(|(totals, uses, used_roles)| ScoreBasis {
        totals,
        contributors: WHO.iter().map(|(who, kind)| contributor(who, *kind, None)).collect(),
        uses,
        used_roles,
    })
}

fn any_weights(most: i64) -> impl Strategy<Value = WeightSet> {
    prop::array::uniform5(prop_oneof![1 => Just(0), 4 => 0..=most]).prop_map(|weights| WeightSet {
        name: "any".into(),
        title: String::new(),
        summary: String::new(),
        weights: PerRole::from_fn(|role| Weight::from_micros(weights[role as usize])),
    })
}

fn usages() -> Usages {
    Usages::new(BTreeMap::new(), ContributionPolicy::named(DEFAULT_POLICY).unwrap().usage.clone())
}

fn scored<'a>(basis: &'a ScoreBasis, weights: &WeightSet) -> Vec<Earned<'a>> {
    earned(basis, weights, &usages(), ALL_MONTHS, NOW.date_naive())
}

/// The indices of everybody, by name.
fn sums<'a>(earned: &[Earned<'a>]) -> BTreeMap<&'a str, [i64; 3]> {
    let mut sums: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    for part in earned {
        let sum = sums.entry(part.contributor).or_default();
        for (sum, index) in sum.iter_mut().zip([part.ci.v1, part.ci.v2, part.ci.v3]) {
            *sum += index.micros();
        }
    }
    sums
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_in_which_it_is_read_changes_nothing(
        (basis, shuffled) in any_basis().prop_flat_map(|basis| {
            let totals = Just(basis.totals.clone()).prop_shuffle();
            let uses = Just(basis.uses.clone()).prop_shuffle();
            let used = Just(basis.used_roles.clone()).prop_shuffle();
            let contributors = Just(basis.contributors.clone()).prop_shuffle();
            (Just(basis), (totals, contributors, uses, used).prop_map(|(totals, contributors, uses, used_roles)| {
                ScoreBasis { totals, contributors, uses, used_roles }
            }))
        }),
        weights in any_weights(1_000_000),
    ) {
        prop_assert_eq!(scored(&basis, &weights), scored(&shuffled, &weights));
    }

    #[test]
    fn more_credits_never_lower_an_index(
        basis in any_basis(),
        more in any_total(),
        weights in any_weights(1_000_000),
    ) {
        let more = CreditTotal { credits: more.credits.abs(), ..more };
        let before = scored(&basis, &weights);
        let mut with_more = basis.clone();
        with_more.totals.push(more.clone());
        let after = scored(&with_more, &weights);
        let (before, after) = (sums(&before), sums(&after));
        for (who, sums) in after {
            let earlier = before.get(who).copied().unwrap_or_default();
            if who == more.contributor {
                prop_assert!(sums[0] >= earlier[0] && sums[1] >= earlier[1]);
            } else {
                prop_assert_eq!(sums, earlier);
            }
        }
    }

    #[test]
    fn splitting_what_one_earned_in_a_month_changes_nothing(
        basis in any_basis(),
        at in any::<prop::sample::Index>(),
        (credits, outcome) in (0..20_i64, 0..1_000_000_i64),
        weights in any_weights(1_000_000),
    ) {
        prop_assume!(!basis.totals.is_empty());
        let mut split = basis.clone();
        let at = at.index(split.totals.len());
        split.totals[at].credits -= credits;
        split.totals[at].outcome -= outcome;
        let part = CreditTotal { credits, outcome, ..split.totals[at].clone() };
        split.totals.push(part);
        prop_assert_eq!(scored(&basis, &weights), scored(&split, &weights));
    }

    #[test]
    fn governance_is_the_sum_of_what_persons_have(basis in any_basis(), weights in any_weights(1_000_000)) {
        let kinds = kinds(&basis);
        let all = scored(&basis, &weights);
        let counted = all.iter().filter(|part| governor(part, &kinds).is_some());
        let total: Index = counted.map(|part| part.ci.v1).sum();
        let mut sum = Index::ZERO;
        for (who, kind) in &kinds {
            let share = governance_share(&basis, &weights, who, NOW);
            prop_assert_eq!(share.total, total);
            prop_assert!(*kind == ContributorKind::Person || share.ci == Index::ZERO);
            // Their own, and that of agents who worked for them.
            let own: Index = all
                .iter()
                .filter(|part| {
                    let of = kinds[part.contributor];
                    part.contributor == *who && of == ContributorKind::Person
                        || of == ContributorKind::Agent && part.principal == Some(*who) && *kind == ContributorKind::Person
                })
                .map(|part| part.ci.v1)
                .sum();
            prop_assert_eq!(share.ci, own);
            sum = sum + share.ci;
        }
        prop_assert_eq!(sum, total);
    }

    #[test]
    fn the_parts_of_uses_sum_to_the_uses(basis in any_basis(), weights in any_weights(1_000_000)) {
        let parts: i64 = scored(&basis, &weights).iter().map(|part| part.ci.v3.micros()).sum();
        // Uses of claims that nobody with a weighty role is known of stay with nobody.
        let (usages, today) = (usages(), NOW.date_naive());
        let shared = faded_uses(&basis, &usages, today).into_iter().filter(|uses| {
            uses.holders().map(|holder| weights.weights.get(holder.role).micros()).sum::<i64>() > 0
        });
        let shared: Vec<_> = shared.collect();
        prop_assert_eq!(parts, shared.iter().map(|uses| uses.uses).sum::<i64>());
        // And each use on its own, by the day: every group is rounded by half a millionth.
        let all = faded_uses(&basis, &usages, today);
        let usage = usages.other();
        let known: i128 = basis
            .uses
            .iter()
            .filter(|uses| basis.used_roles.iter().any(|role| role.slug == uses.slug && role.held_on(uses.day)))
            .map(|uses| (uses.sessions, (today - uses.day).num_days() as u32))
            .filter(|(_, age)| *age <= usage.forget_after_days)
            .map(|(sessions, age)| i128::from(sessions) * decay(age, usage.half_life_days))
            .sum();
        let sum: i128 = all.iter().map(|uses| i128::from(uses.uses) * (DECAY_PARTS / 1_000_000)).sum();
        prop_assert!((sum - known).abs() * 2_000_000 <= DECAY_PARTS * all.len() as i128, "{} and {}", sum, known);
    }

    #[test]
    fn what_is_earned_or_ends_later_moves_no_use_of_before(
        basis in any_basis(),
        more in any_used(),
        end in any::<prop::sample::Index>(),
        weights in any_weights(1_000_000),
    ) {
        let day = more.earned_at.date_naive();
        let mut before = ScoreBasis { totals: Vec::new(), ..basis };
        before.uses.retain(|uses| uses.day < day);
        let mut after = before.clone();
        if !after.used_roles.is_empty() {
            let at = end.index(after.used_roles.len());
            let role = &mut after.used_roles[at];
            let ended_at = role.ended_at.map_or(more.earned_at, |at| at.max(more.earned_at));
            if role.ended_at.is_none_or(|at| at >= more.earned_at) {
                role.ended_at = Some(ended_at);
            }
        }
        after.used_roles.push(more);
        prop_assert_eq!(scored(&before, &weights), scored(&after, &weights));
    }

    #[test]
    fn equal_roles_in_a_claim_have_equal_parts(basis in any_basis(), weights in any_weights(1_000_000)) {
        let mut one_claim = basis;
        one_claim.totals.clear();
        one_claim.used_roles.retain(|used| used.slug == SLUGS[0]);
        for used in &mut one_claim.used_roles {
            (used.principal, used.earned_at, used.ended_at) = (None, NOW - Days::new(900), None);
        }
        let all = scored(&one_claim, &weights);
        for one in &all {
            for other in all.iter().filter(|other| (other.role, other.month) == (one.role, one.month)) {
                prop_assert!((one.ci.v3.micros() - other.ci.v3.micros()).abs() <= 1);
            }
        }
    }

    #[test]
    fn a_use_counts_half_after_each_half_life(age in 0..20_000_u32, half_life in 1..2_000_u32) {
        let (now, later) = (decay(age, half_life), decay(age + half_life, half_life));
        prop_assert!((now - 2 * later).abs() <= 1, "{} and {}", now, later);
        prop_assert!(later <= now && now <= DECAY_PARTS);
        // And against the float that it stands for.
        let float = (-f64::from(age) / f64::from(half_life)).exp2() * 1e12;
        prop_assert!((now as f64 - float).abs() <= 1.0, "{} and {}", now, float);
    }

    #[test]
    fn weights_are_linear(basis in any_basis(), one in any_weights(400_000), two in any_weights(400_000)) {
        let both = WeightSet {
            weights: PerRole::from_fn(|role| {
                Weight::from_micros(one.weights.get(role).micros() + two.weights.get(role).micros())
            }),
            ..one.clone()
        };
        let basis = ScoreBasis { uses: Vec::new(), ..basis };
        let parts = |weights: &WeightSet| scored(&basis, weights);
        for ((one, two), both) in parts(&one).iter().zip(&parts(&two)).zip(&parts(&both)) {
            prop_assert_eq!(one.ci.v1 + two.ci.v1, both.ci.v1);
            // Each is rounded by half a millionth.
            prop_assert!((one.ci.v2.micros() + two.ci.v2.micros() - both.ci.v2.micros()).abs() <= 1);
        }
    }
}
