//! Reading history, against `git log --first-parent --raw` over the same repository, in turn, in one run.
//!
//! The repository is generated once, by the build's own folder. `TRIBUTARY_BENCH_COMMITS` sets how many commits it has
//! (20,000); `TRIBUTARY_BENCH_REPOSITORY` names another repository instead, and what was read of it is told by counts.

mod generate;
mod kept;
mod told;

use anyhow::{Context as _, Result, ensure};
use domain::contribution::{ContributionPolicy, DEFAULT_POLICY};
use server::import::history::{Chain, Index, Reader, Step};
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
/// Of git's time, what reading may take at the most: half its speed.
const AIM: f64 = 2.0;
/// Mebibytes that reading may hold at the most: its caches, one unit with the trees and files that it takes, and what the
/// process has anyway; the packs are mapped besides.
const MEMORY_BOUND: u64 = 256;

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
    let mut missed = Vec::new();
    let units = steps(&reader(&path)?)?.len();
    println!("{units} units; what is read, against git over the same repository:");
    let raw = ["--first-parent", "--raw"];
    missed.extend(compare("walk, messages, paths", || outline(&path), &path, &branch, &raw, Some(AIM))?);
    // Git opens no file for this one: it is no peer of a reading that opens all of them.
    missed.extend(compare("all, as an import reads it", || whole(&path), &path, &branch, &raw, None)?);
    let patches = ["--first-parent", "-m", "-p"];
    missed.extend(compare(
        "all, as an import reads it",
        || whole(&path),
        &path,
        &branch,
        &patches,
        Some(AIM),
    )?);
    let bound = MEMORY_BOUND + mebibytes_of_packs(&path);
    let peak = peak_mebibytes();
    println!("  peak memory {peak} MiB (bound {bound}, of which packs {})", bound - MEMORY_BOUND);
    missed.extend((peak > bound).then(|| "peak memory".to_owned()));
    println!("{}", told::Counts::of(&path)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    missed.extend(runtime.block_on(kept::import_and_score(&path))?);
    let strict = std::env::var_os("TRIBUTARY_BENCH_STRICT").is_some();
    ensure!(!strict || missed.is_empty(), "missed its aim: {}", missed.join(", "));
    Ok(())
}

/// Measures a reading and `git log` in turn, and prints the ratio beside the aim; what missed it.
fn compare(
    what: &str,
    read: impl Fn() -> Result<()>,
    path: &Path,
    branch: &str,
    options: &[&str],
    aim: Option<f64>,
) -> Result<Option<String>> {
    let (mut ours, mut gits) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        read()?;
        ours.push(begin.elapsed());
        let begin = Instant::now();
        git_log(path, branch, options)?;
        gits.push(begin.elapsed());
    }
    let (ours, gits) = (median(ours), median(gits));
    let ratio = ours.as_secs_f64() / gits.as_secs_f64();
    let name = format!("{what}, against git log {}", options.join(" "));
    let aimed = aim.map(|aim| format!(" (aim {aim})")).unwrap_or_default();
    println!("{name}: {ratio:.2} of its time{aimed}");
    println!("  tributary {:>8.1} ms, git {:>8.1} ms", millis(ours), millis(gits));
    Ok(aim.is_some_and(|aim| ratio > aim).then_some(name))
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
fn outline(path: &Path) -> Result<()> {
    let reader = reader(path)?;
    for (step, position) in steps(&reader)?.iter().zip(0..) {
        std::hint::black_box(reader.outline(step, position)?);
    }
    Ok(())
}

/// Reads everything, contents too.
fn whole(path: &Path) -> Result<()> {
    let reader = reader(path)?;
    let mut index = Index::default();
    for (step, position) in steps(&reader)?.iter().zip(0..) {
        std::hint::black_box(reader.read(step, position, &mut index)?);
    }
    Ok(())
}

/// Bytes of packs, in mebibytes: they are mapped as far as they are read.
fn mebibytes_of_packs(path: &Path) -> u64 {
    let folders = ["objects/pack", ".git/objects/pack"].into_iter().map(|folder| path.join(folder));
    let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    files.filter_map(|file| Some(file.metadata().ok()?.len())).sum::<u64>().div_ceil(1024 * 1024)
}

fn git_log(path: &Path, branch: &str, options: &[&str]) -> Result<()> {
    let mut git = Command::new("git");
    git.arg("-C").arg(path).arg("log").args(options).arg(branch).stdout(Stdio::null());
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
