//! `cargo xtask test`: every check of the project, in order, stopping at the first that fails.
//!
//! What this machine cannot check (no wasm target, no Postgres, no Chromium, no Node) is skipped by name and
//! named again at the end. With `CI=true` a skip is a failure: a green light that checked nothing is worse
//! than a red one.

use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::{browser, postgres, shell, wasm_std, web};

/// What could not be checked, and why.
pub type Skips = Vec<String>;

struct Step {
    name: &'static str,
    run: fn(&mut Skips) -> Result<()>,
}

/// Cheap and telling first, slow last.
const STEPS: [Step; 7] = [
    Step { name: "fmt", run: |_| cargo(&["fmt", "--all", "--check"]) },
    Step { name: "clippy", run: |_| cargo(&["clippy", "--workspace", "--all-targets", "--", "-Dwarnings"]) },
    Step { name: "clippy-wasm", run: clippy_wasm },
    Step { name: "tests", run: postgres::tests },
    Step { name: "doctests", run: |_| cargo(&["test", "--doc", "--workspace"]) },
    Step { name: "docs", run: docs },
    Step { name: "browser", run: browser::tests },
];

/// The names that `--only` takes.
pub fn step_names() -> [&'static str; STEPS.len()] {
    STEPS.map(|step| step.name)
}

/// Runs all steps, or one.
pub fn run(only: Option<&str>) -> Result<()> {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    let chosen: Vec<Step> =
        STEPS.into_iter().filter(|step| only.is_none_or(|name| name == step.name)).collect();
    ensure!(!chosen.is_empty(), "no step of that name; there are {}", step_names().join(", "));
    let started = Instant::now();
    let mut skips = Skips::new();
    for step in chosen {
        println!("\n── {} ──", step.name);
        let step_started = Instant::now();
        (step.run)(&mut skips).with_context(|| format!("step `{}` failed", step.name))?;
        println!("── {}: {:.1} s ──", step.name, step_started.elapsed().as_secs_f32());
        if is_ci && !skips.is_empty() {
            bail!("step `{}` could not check everything, and CI is set: {}", step.name, skips.join("; "));
        }
    }
    println!("\nAll that was checked passed, in {:.1} s.", started.elapsed().as_secs_f32());
    for skip in &skips {
        shell::warn(&format!("NOT checked: {skip}"));
    }
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<()> {
    shell::run(&mut shell::cargo(arguments))
}

/// The browser's half of the app is never compiled by the workspace's own clippy.
fn clippy_wasm(skips: &mut Skips) -> Result<()> {
    if let Err(why) = wasm_std::ensure() {
        skips.push(format!("the browser's half of the app (clippy-wasm): {why:#}"));
        return Ok(());
    }
    shell::run(shell::cargo(&["clippy"]).args(web::SELECT).args(["--", "-Dwarnings"]))
}

fn docs(_: &mut Skips) -> Result<()> {
    shell::run(shell::cargo(&["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-Dwarnings"))
}
