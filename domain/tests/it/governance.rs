//! Laws of flags, vetoes and autonomy.

use crate::given::{NOW, node};
use domain::contribution::{ContributorKind, ContributorRecord, TrackRecord};
use domain::error::Error;
use domain::governance::{
    AutonomyPolicy, FlagStatus, FlagSubject, Flaggable, NewClaimUse, NewDecision, NewFlag, NewUndoing,
    NewVeto, NewWithdrawal, Standing, may_veto, usage_metrics,
};
use domain::id::FlagId;
use domain::ledger::Actor;
use domain::money::{Index, Score};
use proptest::prelude::*;
use uuid::Uuid;

fn standing(ci: i64, total: i64, share: i64) -> Standing {
    Standing {
        ci: Index::from_micros(ci),
        total: Index::from_micros(total),
        share: Score::from_micros(share),
        weight_set: "ci-v1".into(),
    }
}

fn refused<T: std::fmt::Debug>(read: Result<T, Error>) -> String {
    let error = read.expect_err("a refusal");
    let fields = error.fields().iter().map(|field| format!("  {}: {}", field.field, field.message));
    fields.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_cannot_be_taken_is_named_field_by_field() {
    let policy = AutonomyPolicy::in_force();
    let flags = [
        "{}",
        r#"{"subject_kind": "unit", "subject": "lnk_01h455vb4pex5vsknk084sn02q", "contributor": "a", "reason": " "}"#,
        r#"{"subject_kind": "claims", "subject": ".md", "contributor": "", "reason": 1, "weight": 1}"#,
        r#"{"subject_kind": "claim", "subject": ".md", "contributor": "a", "reason": "x"}"#,
        r#"{"subject_kind": "gate_run", "subject": "run_1", "contributor": "a", "reason": "x"}"#,
    ];
    let mut shown: Vec<String> =
        flags.iter().map(|body| format!("{body}\n{}", refused(NewFlag::read(&node(body))))).collect();
    let mut add = |body: &str, said: String| shown.push(format!("{body}\n{said}"));
    add("withdrawal: {}", refused(NewWithdrawal::read(&node("{}"))));
    let veto = r#"{"unit": "unt_1", "contributor": "a", "reason": ""}"#;
    add(veto, refused(NewVeto::read(&node(veto))));
    add("undoing: {}", refused(NewUndoing::read(&node("{}"))));
    let decision = r#"{"agent": "rio", "level": "trust", "decided_by": "rita", "reason": "x", "at": 1}"#;
    add(decision, refused(NewDecision::read(policy, &node(decision))));
    let claim_use = r#"{"session": "", "metric": "clicks", "captured_at": "2026-02-16T00:00:00Z"}"#;
    add(claim_use, refused(NewClaimUse::read(&node(claim_use), &usage_metrics([]), NOW)));
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_claim_s_slug_is_one_however_it_is_written() {
    let read = |text| FlagSubject::read(Flaggable::Claim, text).map(|subject| subject.key());
    assert_eq!(read(" Some-Claim.md"), Ok("claim:some-claim".into()));
    assert_eq!(read("some-claim"), read("SOME-CLAIM"));
}

#[test]
fn only_a_person_with_an_index_may_roll_back_and_whoever_may_not_is_told_why() {
    let policy = AutonomyPolicy::in_force();
    let strict = AutonomyPolicy { veto_minimum_share: Score::from_micros(100_000), ..policy.clone() };
    let somebody = |kind| ContributorRecord {
        handle: "rita".into(),
        name: "Rita".into(),
        kind,
        kind_decided: true,
        principals: Vec::new(),
        aliases: Vec::new(),
        dismissed: Vec::new(),
        first_at: None,
        last_at: None,
        version: 1,
    };
    let person = somebody(ContributorKind::Person);
    // However small the share: 1 of a million millions.
    assert_eq!(may_veto(policy, &person, &standing(1, 1_000_000_000_000, 0)), Ok(()));
    assert_eq!(may_veto(&strict, &person, &standing(1, 10, 100_000)), Ok(()));
    let mut shown = Vec::new();
    let mut add = |judged: Result<(), Error>| {
        let described = judged.expect_err("a refusal").describe();
        shown.push(format!("{} {}", described.status, described.detail));
    };
    for kind in [ContributorKind::Agent, ContributorKind::External, ContributorKind::Infrastructure] {
        add(may_veto(policy, &somebody(kind), &standing(5, 10, 500_000)));
    }
    add(may_veto(policy, &person, &standing(0, 10, 0)));
    add(may_veto(policy, &person, &standing(-5, 10, 0)));
    add(may_veto(&strict, &person, &standing(1, 11, 90_909)));
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn levels_are_earned_one_after_the_other_with_every_reason_told() {
    let policy = AutonomyPolicy::in_force();
    let record = |units, flagged, rolled_back, clean_run| TrackRecord {
        units,
        reviewed: units,
        flagged,
        rolled_back,
        clean_run,
    };
    for (record, level) in [
        (record(0, 0, 0, 0), "supervised"),
        (record(5, 0, 0, 5), "reviewed"),
        (record(5, 1, 0, 4), "supervised"),
        (record(10, 2, 0, 5), "reviewed"),
        (record(10, 3, 0, 5), "supervised"),
        (record(40, 2, 2, 20), "trusted"),
        (record(40, 2, 2, 19), "reviewed"),
        (record(100, 2, 1, 50), "autonomous"),
        (record(100, 2, 2, 50), "trusted"),
    ] {
        assert_eq!(policy.propose(&record).level, level, "{record:?}");
    }
    let proposal = policy.propose(&record(30, 1, 0, 19));
    insta::assert_snapshot!(serde_json::to_string_pretty(&proposal).unwrap());
}

/// The level's place among others, the least autonomy first.
fn rank(record: &TrackRecord) -> usize {
    let policy = AutonomyPolicy::in_force();
    let level = policy.propose(record).level;
    policy.levels.iter().position(|known| known.name == level).expect("a level of the policy")
}

proptest! {
    #[test]
    fn a_better_record_is_never_proposed_a_lower_level(
        units in 0..300_i64, flagged in 0..20_i64, rolled_back in 0..20_i64, clean_run in 0..120_i64, more in 0..60_i64
    ) {
        let record = TrackRecord { units, reviewed: units, flagged, rolled_back, clean_run };
        let rank_of = rank(&record);
        let longer = TrackRecord { clean_run: clean_run + more, ..record };
        prop_assert!(rank(&longer) >= rank_of, "a longer clean run");
        let merged = TrackRecord { units: units + more, clean_run: clean_run + more, ..record };
        prop_assert!(rank(&merged) >= rank_of, "more clean changes");
        let unflagged = TrackRecord { flagged: 0, rolled_back: 0, ..record };
        prop_assert!(rank(&unflagged) >= rank_of, "fewer flags");
    }

    #[test]
    fn what_is_shown_of_a_threshold_decides(
        units in 0..300_i64, flagged in 0..300_i64, rolled_back in 0..300_i64, clean_run in 0..120_i64
    ) {
        let record = TrackRecord { units, reviewed: units, flagged, rolled_back, clean_run };
        let proposal = AutonomyPolicy::in_force().propose(&record);
        for check in &proposal.levels {
            for threshold in &check.thresholds {
                let shown = match threshold.measure.more_is_better() {
                    true => threshold.is >= threshold.needed,
                    false => threshold.is <= threshold.needed,
                };
                prop_assert_eq!(shown, threshold.met);
            }
            prop_assert_eq!(check.met, check.thresholds.iter().all(|threshold| threshold.met));
        }
    }

    #[test]
    fn flags_weigh_what_their_contributors_had_earned_until_they_are_withdrawn(
        shares in proptest::collection::vec((0..=1_000_000_i64, any::<bool>()), 0..20)
    ) {
        let body = r#"{"subject_kind": "claim", "subject": "c", "contributor": "rita", "reason": "x"}"#;
        let withdrawal = NewWithdrawal::read(&node(r#"{"contributor": "rita", "reason": "y"}"#)).unwrap();
        let mut sum = 0;
        let flags: Vec<_> = shares.iter().map(|&(share, stays)| {
            let new = NewFlag::read(&node(body)).unwrap();
            let id = FlagId::new(Uuid::from_u128(1));
            let flag = new.raised(id, "rita".into(), standing(share, 1_000_000, share), Actor::anonymous(), NOW);
            sum += if stays { share } else { 0 };
            if stays { return flag }
            let withdrawal = withdrawal.clone().by("rita".into(), Actor::anonymous(), NOW);
            flag.withdrawn(withdrawal).unwrap()
        }).collect();
        prop_assert_eq!(flags.iter().map(|flag| flag.adds().micros()).sum::<i64>(), sum);
        for flag in flags.into_iter().filter(|flag| flag.status == FlagStatus::Withdrawn) {
            let withdrawal = withdrawal.clone().by("rita".into(), Actor::anonymous(), NOW);
            prop_assert_eq!(flag.withdrawn(withdrawal), Err(Error::FlagWithdrawn));
        }
    }
}
