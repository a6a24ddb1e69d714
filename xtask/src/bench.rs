//! `cargo xtask bench`: how fast the engine is, and how fast the whole server.

use anyhow::Result;

use crate::shell;

/// Criterion's benchmarks of the domain, then a bounded load over loopback, printed as ratios.
pub fn run() -> Result<()> {
    shell::run(&mut shell::cargo(&["bench", "--package", "domain", "--bench", "engine"]))?;
    shell::run(&mut shell::cargo(&["bench", "--package", "server", "--bench", "load"]))
}
