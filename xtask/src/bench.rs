//! `cargo xtask bench`: how fast the engine is, how fast the whole server, and how fast history is read.

use anyhow::{Result, bail};

use crate::shell;

/// Each benchmark: its name, its package, its target there.
const BENCHES: [(&str, &str, &str); 3] =
    [("engine", "domain", "engine"), ("load", "server", "load"), ("history", "server", "history")];

/// Criterion's benchmarks of the domain, a bounded load over loopback, and the reading of a long git history; the last
/// two printed as ratios.
///
/// With `strict`, one that misses what is aimed at fails.
pub fn run(only: Option<&str>, strict: bool) -> Result<()> {
    let chosen: Vec<_> =
        BENCHES.into_iter().filter(|(name, ..)| only.is_none_or(|only| only == *name)).collect();
    if chosen.is_empty() {
        bail!(
            "{} is no benchmark; there are {}",
            only.unwrap_or_default(),
            BENCHES.map(|it| it.0).join(", ")
        );
    }
    for (_, package, bench) in chosen {
        let mut command = shell::cargo(&["bench", "--package", package, "--bench", bench]);
        if strict {
            command.env("TRIBUTARY_BENCH_STRICT", "1");
        }
        shell::run(&mut command)?;
    }
    Ok(())
}
