//! `cargo xtask bench`: how fast the engine is, and how fast the whole server.

use std::path::Path;

use anyhow::Result;

use crate::shell;

/// The load generator: a binary of the `server` crate. The one place that names it.
const LOAD: &str = "tributary-bench";

/// Criterion's benchmarks of the domain, then a load test against a server of its own.
pub fn run() -> Result<()> {
    shell::run(&mut shell::cargo(&["bench", "--package", "domain"]))?;
    let source = format!("server/src/bin/{LOAD}");
    if !Path::new(&format!("{source}.rs")).is_file() && !Path::new(&source).is_dir() {
        shell::warn(&format!("no load test: {source}.rs is not there"));
        return Ok(());
    }
    shell::run(&mut shell::cargo(&["run", "--release", "--package", "server", "--bin", LOAD]))
}
