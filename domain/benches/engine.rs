//! How long the engine takes: `cargo bench -p domain --bench engine`.

use chrono::DateTime;
use criterion::{Criterion, criterion_group, criterion_main};
use domain::allocate::allocate;
use domain::id::LinkId;
use domain::input::Node;
use domain::link::{Investment, LinkRecord, LinkTotals, NewLink};
use domain::money::{Amount, Energy, Score};
use domain::origin::Origin;
use domain::payout::{Pool, preview};
use domain::policy::Policy;
use domain::stage::Stage;
use std::hint::black_box;
use uuid::Uuid;

/// The seed's request that files a link.
const SEED_LINK: &str = r#"{
  "idea_id": "oss-interface-alignment",
  "spec_id": "048-value-lineage-and-payout-attribution",
  "implementation_refs": ["PR#26", "commit:e616516"],
  "contributors": {
    "idea": "alice", "research": "rita", "spec": "bob",
    "spec_upgrade": "sam", "implementation": "carol", "review": "dave"
  },
  "investments": [
    {"stage": "research", "contributor": "rita", "energy_units": 3.0,
     "coherence_score": 0.9, "awareness_score": 0.8, "friction_score": 0.1},
    {"stage": "implementation", "contributor": "carol", "energy_units": 4.0,
     "coherence_score": 0.85, "awareness_score": 0.7, "friction_score": 0.2}
  ],
  "estimated_cost": 120.0
}"#;

fn read(body: &str) -> NewLink {
    let node = Node::from_json(body.as_bytes()).expect("JSON");
    NewLink::read(&node).expect("a link")
}

/// The seed's link with a hundred measured, and so many investments of as many people in its place of two.
fn record(investments: Option<i64>) -> LinkRecord {
    let mut new = read(SEED_LINK);
    let invested = |at: i64| Investment {
        stage: Stage::ALL[(at % 6) as usize],
        contributor: format!("contributor-{at}"),
        energy_units: Energy::from_micros(1 + at * 37_000_001 % 90_000_000),
        coherence_score: Score::from_micros(at * 7_919 % 1_000_000),
        awareness_score: Score::from_micros(at * 104_729 % 1_000_000),
        friction_score: Score::from_micros(at * 1_299_709 % 1_000_000),
    };
    if let Some(count) = investments {
        new.investments = (0..count).map(invested).collect();
        new.contributors = Default::default();
    }
    let totals = LinkTotals {
        measured_value_total: Amount::from_micros(100_000_000),
        event_count: 2,
        source_count: 1,
        metric_count: 1,
    };
    LinkRecord { link: new.filed(LinkId::new(Uuid::nil()), Origin::Work, DateTime::UNIX_EPOCH), totals }
}

fn previews(criterion: &mut Criterion) {
    let pool = Pool::of_units(100_000, 2, Some("EUR"));
    let policy = Policy::named("energy-balanced-v1").expect("a policy that comes along");
    for (name, investments) in [
        ("preview of 6 rows", None),
        ("preview of 100 rows", Some(100)),
        ("preview of 1000 rows", Some(1_000)),
    ] {
        let record = record(investments);
        let rows = preview(policy, &record, &pool).payouts.len();
        assert!(name.contains(&format!(" {rows} ")), "{name}: {rows} rows");
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| preview(policy, black_box(&record), &pool));
        });
    }
}

fn allocations(criterion: &mut Criterion) {
    for count in [10_u128, 10_000] {
        // As large as the weights of rows are: twenty-four places.
        let weights: Vec<u128> =
            (1..=count).map(|at| at * 7_919 % 1_000_003 * 1_000_000_000_000_000_000).collect();
        criterion.bench_function(&format!("allocate of {count} weights"), |bencher| {
            bencher.iter(|| allocate(black_box(1_000_000_007), black_box(&weights)));
        });
    }
}

fn reading(criterion: &mut Criterion) {
    criterion
        .bench_function("read of the seed's link", |bencher| bencher.iter(|| read(black_box(SEED_LINK))));
    let policy = Policy::named("energy-balanced-v1").expect("a policy that comes along");
    criterion.bench_function("hash of a policy", |bencher| bencher.iter(|| black_box(policy).hash()));
}

criterion_group!(engine, previews, allocations, reading);
criterion_main!(engine);
