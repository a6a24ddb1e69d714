//! What the formulas do not promise, each with its numbers: the notes at the head of `policies/*.toml`, pinned.
//!
//! Nothing here is wanted; it is known. A policy that does better is a new version with limits of its own.

use crate::given::{balanced, energy, invested, linear, record_of, row_of};
use domain::allocate::allocate;
use domain::link::{Investment, LinkRecord};
use domain::money::{Amount, Energy};
use domain::payout::{PayoutPreview, Pool, preview};
use domain::policy::Policy;
use domain::stage::Stage;

/// Scores of which only balance is left: no coherence, no awareness, all friction.
const NOTHING: [i64; 3] = [0, 0, 100];
/// Scores of work done well.
const GOOD: [i64; 3] = [80, 80, 20];
/// Scores of work done as well as can be.
const BEST: [i64; 3] = [100, 100, 0];
/// The scores of an implied row.
const IMPLIED: [i64; 3] = [70, 70, 30];
/// The scores of an investment that does not say.
const MIDDLING: [i64; 3] = [50, 50, 50];

/// The preview of a pool of whole units, to four places.
fn shared(policy: &Policy, units: u64, investments: &[Investment]) -> PayoutPreview {
    preview(policy, &record_of(investments.to_vec()), &Pool::of_units(units * 10_000, 4, None))
}

/// What one contributor's rows are paid together.
fn pay(preview: &PayoutPreview, contributor: &str) -> String {
    let theirs = preview.payouts.iter().filter(|row| row.contributor == contributor);
    Amount::from_micros(theirs.map(|row| row.amount.micros()).sum()).to_string()
}

/// A link with these roles named, and nothing else changed.
fn naming(mut record: LinkRecord, stage: Stage, name: &str) -> LinkRecord {
    match stage {
        Stage::Idea => record.link.contributors.idea = Some(name.into()),
        Stage::Review => record.link.contributors.review = Some(name.into()),
        other => panic!("no test names anybody for {other}"),
    }
    record
}

#[test]
fn more_energy_can_pay_less_as_one_s_own_stage_outgrows_the_others() {
    let pay_at = |units| {
        let others = invested(Stage::Idea, "other", energy(1), GOOD);
        let own = invested(Stage::Implementation, "own", energy(units), NOTHING);
        pay(&shared(balanced(), 1_000, &[others, own]), "own")
    };
    // Nine times the energy counts three times, its balance a fifth.
    assert_eq!(pay_at(1), "431.0345");
    assert_eq!(pay_at(9), "340.9091");
}

#[test]
fn more_energy_can_pay_less_under_linear_too() {
    let pay_at = |units| {
        let own = invested(Stage::Implementation, "own", energy(units), NOTHING);
        let idea = invested(Stage::Idea, "other", energy(1), GOOD);
        let spec = invested(Stage::Spec, "other", energy(1), GOOD);
        pay(&shared(linear(), 1_000, &[idea, spec, own]), "own")
    };
    assert_eq!([1, 2, 3, 4].map(pay_at), ["201.6129", "207.9002", "138.8889", "0.0"]);
}

#[test]
fn more_energy_can_pay_the_best_work_less_as_it_evens_out_another_s_stage() {
    // The other's row stands on balance alone; the nearer the best work comes to it, the better it looks.
    let pay_at = |units| {
        let other = invested(Stage::SpecUpgrade, "other", energy(20), NOTHING);
        let own = invested(Stage::Review, "own", energy(units), BEST);
        pay(&shared(balanced(), 1_000, &[other, own]), "own")
    };
    assert_eq!(pay_at(1), "956.9181");
    assert_eq!(pay_at(4), "929.1698");
    let pay_at = |units| {
        let own = invested(Stage::Idea, "own", energy(units), BEST);
        let spec = invested(Stage::Spec, "other", energy(1), NOTHING);
        let implementation = invested(Stage::Implementation, "other", energy(10), NOTHING);
        pay(&shared(linear(), 1_000, &[own, spec, implementation]), "own")
    };
    assert_eq!(pay_at(4), "987.3418");
    assert_eq!(pay_at(14), "718.0493");
}

#[test]
fn a_first_small_investment_can_pay_less_than_being_named_only() {
    // An implied row counts as one unit of energy; an investment of less, done as well, takes its place.
    let idea = invested(Stage::Idea, "other", energy(1), IMPLIED);
    let pool = Pool::of_units(3_000_000, 4, None);
    let only_named = naming(record_of(vec![idea.clone()]), Stage::Review, "own");
    assert_eq!(pay(&preview(balanced(), &only_named, &pool), "own"), "200.0");
    let own = invested(Stage::Review, "own", Energy::from_micros(250_000), IMPLIED);
    let put_in = naming(record_of(vec![idea, own]), Stage::Review, "own");
    assert_eq!(pay(&preview(balanced(), &put_in, &pool), "own"), "150.0");
}

#[test]
fn a_second_name_gains_up_to_the_root_of_two_under_balanced() {
    let implementation = invested(Stage::Implementation, "other", energy(2), MIDDLING);
    let one = invested(Stage::Idea, "one", energy(2), MIDDLING);
    let before = shared(balanced(), 600, &[implementation.clone(), one.clone()]);
    assert_eq!(pay(&before, "one"), "100.0");
    let halves = |names: &[&str]| {
        let micros = 2_000_000 / names.len() as i64;
        let half = |name: &&str| invested(Stage::Idea, name, Energy::from_micros(micros), MIDDLING);
        let rows: Vec<_> = names.iter().map(half).chain([implementation.clone()]).collect();
        shared(balanced(), 600, &rows)
    };
    let after = halves(&["one", "two"]);
    assert_eq!([pay(&after, "one"), pay(&after, "two")], ["66.1444", "66.1443"]);
    // The stage holds as much as before, so balance is as before, and the weights grow by just the root of two.
    assert_eq!(after.signals.unwrap().balance, before.signals.unwrap().balance);
    let weight = row_of(&after, "one").explanation.weight.parts() as f64;
    let ratio = 2.0 * weight / row_of(&before, "one").explanation.weight.parts() as f64;
    assert!((ratio - 2.0_f64.sqrt()).abs() < 1e-9, "{ratio}");
    // Four names, the root of four.
    let four = halves(&["one", "two", "three", "four"]);
    let weight = row_of(&four, "one").explanation.weight.parts() as f64;
    let ratio = 4.0 * weight / row_of(&before, "one").explanation.weight.parts() as f64;
    assert!((ratio - 2.0).abs() < 1e-9, "{ratio}");
}

#[test]
fn an_uneven_split_over_two_names_gains_less_than_halves() {
    let other = invested(Stage::Implementation, "other", energy(2), MIDDLING);
    let part = |name, micros| invested(Stage::Idea, name, Energy::from_micros(micros), MIDDLING);
    let after = shared(balanced(), 600, &[other, part("one", 1_500_000), part("two", 500_000)]);
    // Together 128.7484: more than the 100 of one name, less than the 132.2888 of halves.
    assert_eq!([pay(&after, "one"), pay(&after, "two")], ["81.6232", "47.1252"]);
}

#[test]
fn a_second_name_gains_nothing_under_linear() {
    let other = invested(Stage::Implementation, "other", energy(2), MIDDLING);
    let part = |name, micros| invested(Stage::Idea, name, Energy::from_micros(micros), MIDDLING);
    let before = shared(linear(), 600, &[other.clone(), part("one", 2_000_000)]);
    let after = shared(linear(), 600, &[other, part("one", 1_500_000), part("two", 500_000)]);
    assert_eq!(pay(&before, "one"), "100.0");
    assert_eq!([pay(&after, "one"), pay(&after, "two")], ["75.0", "25.0"]);
    assert_eq!(after.signals.unwrap().balance, before.signals.unwrap().balance);
}

#[test]
fn a_second_stage_gains_though_it_is_the_same_name() {
    // Rows of one (stage, contributor) are one row, not rows of one contributor: spec and review weigh the same.
    let other = invested(Stage::Implementation, "other", energy(2), MIDDLING);
    let part = |stage, units| invested(stage, "one", energy(units), MIDDLING);
    let one_stage = [other.clone(), part(Stage::Spec, 2)];
    let two_stages = [other, part(Stage::Spec, 1), part(Stage::Review, 1)];
    assert_eq!(pay(&shared(balanced(), 1_000, &one_stage), "one"), "285.7143");
    assert_eq!(pay(&shared(balanced(), 1_000, &two_stages), "one"), "375.4063");
    // Under linear it gains by balance alone: more stages, nearer to one another.
    assert_eq!(pay(&shared(linear(), 1_000, &one_stage), "one"), "285.7143");
    assert_eq!(pay(&shared(linear(), 1_000, &two_stages), "one"), "298.2456");
}

#[test]
fn naming_somebody_pays_two_more_than_one_for_no_energy_at_all() {
    let own = invested(Stage::Idea, "own", energy(4), IMPLIED);
    let review = invested(Stage::Review, "other", energy(1), IMPLIED);
    let record = record_of(vec![own, review]);
    let pool = Pool::of_units(3_000_000, 4, None);
    assert_eq!(pay(&preview(balanced(), &record, &pool), "own"), "150.0");
    let after = preview(balanced(), &naming(record.clone(), Stage::Idea, "friend"), &pool);
    assert_eq!([pay(&after, "own"), pay(&after, "friend")], ["120.0", "60.0"]);
    let after = preview(linear(), &naming(record, Stage::Idea, "friend"), &pool);
    assert!(after.payouts.iter().all(|row| row.contributor != "friend"));
}

#[test]
fn a_larger_pool_can_pay_somebody_one_unit_less() {
    // Exact shares of 10 are 4.29, 4.29 and 1.43; of 11 they are 4.71, 4.71 and 1.57.
    assert_eq!(allocate(10, &[6, 6, 2]), [4, 4, 2]);
    assert_eq!(allocate(11, &[6, 6, 2]), [5, 5, 1]);
    for (policy, energies) in [(balanced(), [36, 36, 4]), (linear(), [6, 6, 2])] {
        let rows = ["a", "b", "c"].into_iter().zip(energies);
        let rows: Vec<_> =
            rows.map(|(name, units)| invested(Stage::Spec, name, energy(units), MIDDLING)).collect();
        let yen = |units| {
            let preview = preview(policy, &record_of(rows.clone()), &Pool::of_units(units, 0, Some("JPY")));
            ["a", "b", "c"].map(|name| pay(&preview, name))
        };
        assert_eq!(yen(10), ["4.0", "4.0", "2.0"], "{}", policy.name);
        assert_eq!(yen(11), ["5.0", "5.0", "1.0"], "{}", policy.name);
    }
}

#[test]
fn the_largest_investor_can_get_nothing() {
    // No quality, and twice the mean of the stages: a score of nothing, whatever the energy.
    for policy in [balanced(), linear()] {
        let preview = shared(
            policy,
            1_000,
            &[
                invested(Stage::Idea, "idea", energy(1), NOTHING),
                invested(Stage::Spec, "spec", energy(1), NOTHING),
                invested(Stage::Implementation, "most", energy(4), NOTHING),
            ],
        );
        assert_eq!(pay(&preview, "most"), "0.0");
        assert_eq!(pay(&preview, "spec"), "666.6667");
        assert_eq!(preview.unallocated, Amount::ZERO);
    }
}

#[test]
fn a_pool_stays_whole_where_no_work_scores_to_twelve_places() {
    // The stages are so far apart that neither has any balance, and nothing else counts for anybody.
    for policy in [balanced(), linear()] {
        let most = invested(Stage::Idea, "most", Energy::MAX, NOTHING);
        let least = invested(Stage::Spec, "least", Energy::from_micros(1), NOTHING);
        let preview = shared(policy, 1_000, &[most, least]);
        assert_eq!([pay(&preview, "most"), pay(&preview, "least")], ["0.0", "0.0"]);
        assert_eq!(preview.payouts.len(), 2);
        assert_eq!(preview.unallocated.to_string(), "1000.0");
    }
}

#[test]
fn the_largest_link_is_shared_to_the_last_unit() {
    let rows: Vec<_> =
        (0..1_000).map(|at| invested(Stage::ALL[at % 6], &format!("{at}"), Energy::MAX, BEST)).collect();
    let pool = Pool::of_units(1_000_000_000_000_000_000, 6, None);
    for policy in [balanced(), linear(), &heaviest_policy()] {
        let preview = preview(policy, &record_of(rows.clone()), &pool);
        let paid: i64 = preview.payouts.iter().map(|row| row.amount.micros()).sum();
        assert_eq!(paid, Amount::MAX.micros(), "{}", policy.name);
    }
}

#[test]
fn the_heaviest_policy_that_is_read_can_share_the_largest_row() {
    // All of a link's energy in one stage, where every signal is 1: the largest weight there can be.
    let mut record = record_of(vec![invested(Stage::Review, "one", Energy::MAX, BEST); 1_000]);
    record.totals.measured_value_total = Amount::MAX;
    record.totals.event_count = 1;
    let preview = preview(&heaviest_policy(), &record, &Pool::of_units(100, 2, Some("EUR")));
    assert_eq!(pay(&preview, "one"), "1.0");
}

/// The linear policy with every weight as large as a policy file may have it.
fn heaviest_policy() -> Policy {
    let text = include_str!("../../policies/energy-linear-v1.toml");
    let (head, weights) = text.split_once("[stage_weights]").unwrap();
    let (stages, objectives) = weights.split_once("[objective_weights]").unwrap();
    let all = |lines: &str, weight| {
        let names = lines.lines().filter_map(|line| line.split_once(" = "));
        names.map(|(name, _)| format!("{name} = \"{weight}\"\n")).collect::<String>()
    };
    let read = |objective_weight| {
        let (stages, objectives) = (all(stages, "10"), all(objectives, objective_weight));
        Policy::from_toml(&format!("{head}[stage_weights]\n{stages}[objective_weights]\n{objectives}"))
    };
    // As heavy as the reader takes.
    read("10").or_else(|_| read("1")).expect("a policy of the heaviest weights")
}
