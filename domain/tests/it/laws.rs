//! Laws: what holds for every link, policy, pool and set of weights, tried on ten thousand each.
//!
//! A longer soak is run by hand:
//! `TRIBUTARY_LAW_CASES=10000000 cargo test --release -p domain --test it laws::`

mod allocation;
mod cases;
mod explanation;
mod formula;
mod history;
mod index;
mod people;
mod sharing;

use proptest::test_runner::{Config, RngAlgorithm};

/// How many cases each law is tried on: `TRIBUTARY_LAW_CASES`, else ten thousand.
fn config() -> Config {
    let cases = match std::env::var("TRIBUTARY_LAW_CASES") {
        Ok(text) => text.parse().expect("TRIBUTARY_LAW_CASES is a whole number"),
        Err(_) => 10_000,
    };
    // The default generator takes four fifths of the time of a test that is not optimised.
    Config { cases, rng_algorithm: RngAlgorithm::XorShift, ..Config::default() }
}
