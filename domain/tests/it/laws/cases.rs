//! Any link, policy and pool, with a liking for the ends of every range.

use crate::given::NOW;
use domain::id::LinkId;
use domain::link::{Contributors, Investment, LinkRecord, LinkTotals, NewLink};
use domain::money::{Amount, Energy, Score};
use domain::origin::Origin;
use domain::payout::{PayoutPreview, Pool, preview};
use domain::policy::Policy;
use domain::stage::{PerStage, Stage};
use proptest::prelude::*;
use uuid::Uuid;

/// Few names, so that they come again; their order as text is not that of any alphabet.
pub const NAMES: [&str; 5] = ["ann", "bob", "Zoë", "agent:7", "李"];

/// The resolutions that pools come in: a currency of each kind, and none.
pub const RESOLUTIONS: [(Option<&str>, u32); 4] =
    [(Some("JPY"), 0), (Some("EUR"), 2), (Some("KWD"), 3), (None, 4)];

/// Everything that a preview is made of.
#[derive(Debug, Clone)]
pub struct Case {
    pub policy: &'static Policy,
    pub record: LinkRecord,
    pub pool: Pool,
}

impl Case {
    pub fn preview(&self) -> PayoutPreview {
        preview(self.policy, &self.record, &self.pool)
    }

    /// The preview of the same case with other investments.
    pub fn preview_with(&self, investments: Vec<Investment>) -> PayoutPreview {
        let mut record = self.record.clone();
        record.link.investments = investments;
        preview(self.policy, &record, &self.pool)
    }

    pub fn investments(&self) -> &[Investment] {
        &self.record.link.investments
    }

    /// One unit of the pool, in millionths.
    pub fn unit(&self) -> i64 {
        10_i64.pow(6 - self.pool.places())
    }
}

/// Any case of either policy.
pub fn any_case() -> impl Strategy<Value = Case> {
    case_with(0..=12)
}

/// Any case with at least one investment.
pub fn any_invested_case() -> impl Strategy<Value = Case> {
    case_with(1..=12)
}

fn case_with(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Case> {
    let investments = prop::collection::vec(any_investment(), count);
    (any_policy(), investments, any_contributors(), any_amount(), any_totals(), any_pool()).prop_map(
        |(policy, investments, contributors, estimated_cost, totals, pool)| {
            let new = NewLink {
                idea_id: "idea".into(),
                spec_id: "spec".into(),
                implementation_refs: Vec::new(),
                contributors,
                investments,
                estimated_cost,
            };
            let record = LinkRecord { link: new.filed(LinkId::new(Uuid::nil()), Origin::Work, NOW), totals };
            Case { policy, record, pool }
        },
    )
}

/// Either policy that comes along.
pub fn any_policy() -> impl Strategy<Value = &'static Policy> {
    prop::sample::select(Policy::all().iter().collect::<Vec<_>>())
}

/// Any stage.
pub fn any_stage() -> impl Strategy<Value = Stage> {
    prop::sample::select(Stage::ALL.to_vec())
}

/// One of the few names.
pub fn any_name() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

/// Any investment that a link may hold.
pub fn any_investment() -> impl Strategy<Value = Investment> {
    (any_stage(), any_name(), any_energy(), any_score(), any_score(), any_score()).prop_map(
        |(stage, contributor, energy_units, coherence_score, awareness_score, friction_score)| Investment {
            stage,
            contributor,
            energy_units,
            coherence_score,
            awareness_score,
            friction_score,
        },
    )
}

/// From 0.000001 to 1,000,000,000, of every size, and often one of a few usual numbers.
pub fn any_energy() -> impl Strategy<Value = Energy> {
    let most = Energy::MAX.micros();
    prop_oneof![
        4 => prop::sample::select(vec![1_000_000, 2_000_000, 3_000_000, 4_000_000, 250_000]),
        2 => of_any_size(most),
        1 => 1..=9_i64,
        1 => most - 9..=most,
    ]
    .prop_map(Energy::from_micros)
}

/// From 0 to 1, the ends and the middle often.
pub fn any_score() -> impl Strategy<Value = Score> {
    prop_oneof![
        2 => Just(0),
        2 => Just(1_000_000),
        1 => Just(500_000),
        1 => prop_oneof![1..=3_i64, 999_997..=999_999_i64],
        4 => 0..=1_000_000_i64,
    ]
    .prop_map(Score::from_micros)
}

/// Nothing, a little, a lot and the most.
fn any_amount() -> impl Strategy<Value = Amount> {
    let most = Amount::MAX.micros();
    prop_oneof![Just(0), Just(120_000_000), of_any_size(most), Just(most)].prop_map(Amount::from_micros)
}

/// Totals that events can add up to.
fn any_totals() -> impl Strategy<Value = LinkTotals> {
    let some = (any_amount(), 1..=1_000_000_i64, any::<[u32; 2]>()).prop_map(|(value, events, picks)| {
        let [sources, metrics] = picks.map(|pick| 1 + i64::from(pick) % events);
        LinkTotals {
            measured_value_total: value,
            event_count: events,
            source_count: sources,
            metric_count: metrics,
        }
    });
    prop_oneof![1 => Just(LinkTotals::default()), 4 => some]
}

/// Anybody or nobody in each role.
fn any_contributors() -> impl Strategy<Value = Contributors> {
    let role = || prop::option::of(any_name());
    let roles = (role(), role(), role(), role(), role(), role());
    let named = roles.prop_map(|(idea, research, spec, spec_upgrade, implementation, review)| PerStage {
        idea,
        research,
        spec,
        spec_upgrade,
        implementation,
        review,
    });
    prop_oneof![1 => Just(Contributors::default()), 3 => named]
}

/// From one unit to the most, in every resolution.
pub fn any_pool() -> impl Strategy<Value = Pool> {
    prop::sample::select(RESOLUTIONS.to_vec()).prop_flat_map(|(currency, places)| {
        let most = Amount::MAX.micros() / 10_i64.pow(6 - places);
        prop_oneof![
            2 => 1..=20_i64,
            3 => of_any_size(most),
            1 => Just(most),
        ]
        .prop_map(move |units| Pool::of_units(units as u64, places, currency))
    })
}

/// A whole number from 1 to `most`, small ones as often as large ones.
pub fn of_any_size(most: i64) -> impl Strategy<Value = i64> {
    (0..=most.ilog2(), any::<u64>()).prop_map(move |(bits, random)| {
        let below = 1_u64 << bits;
        ((below | (random % below)) as i64).min(most)
    })
}
