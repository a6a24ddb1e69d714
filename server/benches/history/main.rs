//! Reading history, against `git log --first-parent --raw` over the same repository, in turn, in one run.
//!
//! The repository is generated once, by the build's own folder. `TRIBUTARY_BENCH_COMMITS` sets how many commits it has
//! (20,000); `TRIBUTARY_BENCH_REPOSITORY` names another repository instead, and what was read of it is told by counts.

mod generate;
mod told;

use anyhow::{Context as _, Result, ensure};
use domain::contribution::{ContributionPolicy, DEFAULT_POLICY};
use server::import::history::{Chain, Reader, Step};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Times that each is measured in turn.
const ROUNDS: usize = 5;

fn main() -> Result<()> {
    // `cargo test --benches` runs this too; there is nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let path = match std::env::var_os("TRIBUTARY_BENCH_REPOSITORY") {
        Some(path) => PathBuf::from(path),
        None => generate::repository(
            std::env::var("TRIBUTARY_BENCH_COMMITS")
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(20_000),
        )?,
    };
    let branch = reader(&path)?.branch().to_owned();
    let (mut ours, mut gits) = (Vec::new(), Vec::new());
    let mut units = 0;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        units = outline(&path)?;
        ours.push(begin.elapsed());
        let begin = Instant::now();
        git_log(&path, &branch)?;
        gits.push(begin.elapsed());
    }
    let (ours, gits) = (median(ours), median(gits));
    println!(
        "reading history, against git log --first-parent --raw: {:.2} of its time (aim 2)",
        ours.as_secs_f64() / gits.as_secs_f64()
    );
    println!("  tributary {:>8.1} ms for {units} units (walk, messages, paths)", millis(ours));
    println!("  git       {:>8.1} ms", millis(gits));
    println!("  peak memory {} MiB", peak_mebibytes());
    let begin = Instant::now();
    let counts = told::Counts::of(&path)?;
    println!("  with contents {:>8.1} ms, peak memory {} MiB", millis(begin.elapsed()), peak_mebibytes());
    println!("{counts}");
    Ok(())
}

fn reader(path: &Path) -> Result<Reader> {
    let policy = ContributionPolicy::named(DEFAULT_POLICY).context("the default policy comes along")?;
    Reader::open(path, None, "bench", policy.clone())
}

fn steps(reader: &Reader) -> Result<Vec<Step>> {
    match reader.chain(None)? {
        Chain::Steps(steps) => Ok(steps),
        other => anyhow::bail!("{other:?}"),
    }
}

/// Reads everything but contents.
fn outline(path: &Path) -> Result<usize> {
    let reader = reader(path)?;
    let steps = steps(&reader)?;
    for (step, position) in steps.iter().zip(0..) {
        std::hint::black_box(reader.outline(step, position)?);
    }
    Ok(steps.len())
}

fn git_log(path: &Path, branch: &str) -> Result<()> {
    let mut git = Command::new("git");
    git.arg("-C").arg(path).args(["log", "--first-parent", "--raw", branch]).stdout(Stdio::null());
    let status = git.env("GIT_CONFIG_GLOBAL", "/dev/null").status().context("git")?;
    ensure!(status.success(), "git log: {status}");
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The most memory that was ever held, files that are mapped into it included; 0 where the system does not tell.
fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    peak.and_then(|kibibytes| kibibytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}
