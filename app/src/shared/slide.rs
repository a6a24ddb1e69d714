//! What the what-if's sliders stand at: whole units of the pool, and weights in millionths.

use domain::decimal;
use domain::money::{Amount, Weight};
use domain::policy::{Objective, PerObjective, Policy};

/// The most that an objective's weight may be, as in a policy file.
const MOST_WEIGHT: i64 = 1_000_000;

/// A pool and weights to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// The pool in units of its resolution.
    pub units: u64,
    /// The weights of the objectives.
    pub weights: PerObjective<Weight>,
}

impl Trial {
    /// What a policy and its pool are.
    pub const fn of(policy: &Policy, units: u64) -> Self {
        Self { units, weights: policy.objective_weights }
    }

    /// The same with what was typed instead, by parameter: `wi_pool`, `wi_coherence`. What is no number is left out.
    pub fn with(self, places: u32, typed: impl Fn(&str) -> Option<String>) -> Self {
        let weight = |objective| {
            let name = format!("wi_{}", objective_name(objective));
            typed(&name).and_then(|text| read_weight(&text)).unwrap_or(*self.weights.get(objective))
        };
        let units = typed("wi_pool").and_then(|text| read_units(&text, places));
        Self { units: units.unwrap_or(self.units), weights: PerObjective::from_fn(weight) }
    }
}

/// An objective's name as it is sent.
pub const fn objective_name(objective: Objective) -> &'static str {
    ["coherence", "energy_flow", "awareness", "friction_relief", "balance"][objective as usize]
}

/// A pool as a slider or an address has it, in units; cut to whole ones.
pub fn read_units(text: &str, places: u32) -> Option<u64> {
    let micros = decimal::read(text).ok()?.micros.min(i128::from(Amount::MAX.micros()));
    u64::try_from(micros / 10_i128.pow(6 - places)).ok().filter(|&units| units > 0)
}

/// A weight as a slider or an address has it.
pub fn read_weight(text: &str) -> Option<Weight> {
    let micros = i64::try_from(decimal::read(text).ok()?.micros).ok()?;
    (0..=MOST_WEIGHT).contains(&micros).then(|| Weight::from_micros(micros))
}

/// The ends and steps of a slider, as the attributes of its element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    /// The lower end.
    pub min: String,
    /// The upper end.
    pub max: String,
    /// From one value to the next.
    pub step: String,
}

impl Slide {
    /// A slider for a pool: to about ten times the pool, in round steps that meet the pool itself.
    pub fn of_pool(units: u64, places: u32) -> Self {
        let step = (10_u64.pow(units.max(1).ilog10()) / 10).max(1);
        let min = if units.is_multiple_of(step) { step } else { units % step };
        let most = (u128::from(units) * 10).min(i128::from(Amount::MAX.micros()).unsigned_abs());
        let most = u64::try_from(most).unwrap_or(units).min(most_units(places)).max(units);
        let print = |units: u64| decimal::print(i128::from(units), places);
        Self { min: print(min), max: print(most - (most - min) % step), step: print(step) }
    }

    /// A slider for a weight.
    pub fn of_weight(weight: Weight) -> Self {
        let micros = weight.micros();
        let step = if micros % 10_000 == 0 { 10_000 } else { 1 };
        let print = |micros: i64| decimal::print(i128::from(micros), 6);
        Self { min: "0".into(), max: print(MOST_WEIGHT), step: print(step) }
    }
}

fn most_units(places: u32) -> u64 {
    Amount::MAX.micros().unsigned_abs() / 10_u64.pow(6 - places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_s_slider_meets_the_pool() {
        let slide = |units, places| {
            let Slide { min, max, step } = Slide::of_pool(units, places);
            (min, max, step)
        };
        let texts = |min: &str, max: &str, step: &str| (min.to_owned(), max.to_owned(), step.to_owned());
        assert_eq!(slide(10_000_000, 4), texts("100.0", "10000.0", "100.0"));
        assert_eq!(slide(123_456, 2), texts("34.56", "12334.56", "100.0"));
        assert_eq!(slide(1, 0), texts("1.0", "10.0", "1.0"));
        let most = 1_000_000_000_000_000_000;
        assert_eq!(slide(most, 6).1, "1000000000000.0");
    }

    #[test]
    fn what_is_typed_is_taken_where_it_can_be() {
        assert_eq!(read_units("12.3456", 2), Some(1_234));
        assert_eq!(read_units("0", 2), None);
        assert_eq!(read_units("-1", 2), None);
        assert_eq!(read_units("much", 2), None);
        assert_eq!(read_weight("0.55"), Some(Weight::from_micros(550_000)));
        assert_eq!(read_weight("1.1"), None);
        let policy = &Policy::all()[0];
        let trial = Trial::of(policy, 7).with(4, |name| (name == "wi_balance").then(|| "1".to_owned()));
        assert_eq!(trial.units, 7);
        assert_eq!(trial.weights.balance, Weight::from_micros(1_000_000));
        assert_eq!(trial.weights.coherence, policy.objective_weights.coherence);
    }

    #[test]
    fn names_of_objectives_are_those_of_the_api() {
        for objective in Objective::ALL {
            assert_eq!(
                serde_json::to_string(&objective).unwrap(),
                format!("{:?}", objective_name(objective))
            );
        }
    }
}
