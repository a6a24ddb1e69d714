//! A repository of knowledge with a long history, made by one stream into `git fast-import`.

use anyhow::{Context as _, Result, ensure};
use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Changed when another repository would be made.
const VERSION: u32 = 1;
const DOMAINS: u64 = 24;

/// The repository of so many commits: made once, then found again.
pub fn repository(commits: u64) -> Result<PathBuf> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("history-v{VERSION}-{commits}.git"));
    if path.join("made").exists() {
        return Ok(path);
    }
    println!("making a repository of {commits} commits …");
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    git(&path, &["init", "--quiet", "--bare", "--initial-branch=main"])?;
    let mut import = command(&path).args(["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    let mut stream = BufWriter::new(import.stdin.take().context("a stream to git")?);
    Maker { out: &mut stream, commits, made: 0, claims: 0, blobs: 0, seed: 1 }.make()?;
    drop(stream);
    ensure!(import.wait()?.success(), "git fast-import failed");
    // As a clone or a server has it.
    git(&path, &["gc", "--quiet"])?;
    fs::write(path.join("made"), "")?;
    Ok(path)
}

fn command(path: &Path) -> Command {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").arg("--git-dir").arg(path);
    command
}

fn git(path: &Path, words: &[&str]) -> Result<()> {
    let status = command(path).args(words).status().context("git")?;
    ensure!(status.success(), "git {words:?}: {status}");
    Ok(())
}

struct Maker<'a, W> {
    out: &'a mut W,
    commits: u64,
    made: u64,
    claims: u64,
    blobs: u64,
    seed: u64,
}

impl<W: Write> Maker<'_, W> {
    /// Of ten changes six are squashed, three merged from branches of two commits, one is put onto the branch.
    fn make(&mut self) -> Result<()> {
        let mut number = 0;
        while self.made < self.commits {
            let agent = ["ann", "bob", "cy", "dee"][self.pick(4) as usize];
            number += 1;
            match self.pick(10) {
                0 => {
                    let files = self.files()?;
                    self.commit("main", agent, &format!("{agent}: fix links"), None, &files)?;
                }
                1..=6 => {
                    let trailers = format!(
                        "Co-authored-by: {agent} <{agent}@example.org>\nCo-committed-by: {agent} <{agent}@example.org>"
                    );
                    let files = self.files()?;
                    let message = format!("{agent}: claims (#{number})\n{trailers}");
                    self.commit("main", agent, &message, None, &files)?;
                }
                _ => self.merge(agent, number)?,
            }
        }
        Ok(())
    }

    fn merge(&mut self, agent: &str, number: u64) -> Result<()> {
        if self.made == 0 {
            let files = self.files()?;
            self.commit("main", agent, "Begin", None, &files)?;
        }
        writeln!(self.out, "reset refs/heads/side\nfrom refs/heads/main\n")?;
        let mut all = Vec::new();
        for part in 1..=2 {
            let message = format!("{agent}: part {part}\n\nReviewed-by: Eve <eve@example.org>");
            let files = self.files()?;
            self.commit("side", agent, &message, None, &files)?;
            all.extend(files);
        }
        let message = format!(
            "Merge pull request '{agent}: claims' (#{number}) from {agent}/claims-{number} into main"
        );
        self.commit("main", "eve", &message, Some("side"), &all)
    }

    fn commit(
        &mut self,
        branch: &str,
        who: &str,
        message: &str,
        merged: Option<&str>,
        files: &[String],
    ) -> Result<()> {
        self.made += 1;
        let time = 1_700_000_000 + self.made * 60;
        writeln!(self.out, "commit refs/heads/{branch}")?;
        for role in ["author", "committer"] {
            writeln!(self.out, "{role} {who} <{who}@example.org> {time} +0000")?;
        }
        writeln!(self.out, "data {}\n{message}", message.len())?;
        if let Some(merged) = merged {
            writeln!(self.out, "merge refs/heads/{merged}")?;
        }
        for file in files {
            writeln!(self.out, "{file}")?;
        }
        writeln!(self.out)?;
        Ok(())
    }

    /// One to three files, as lines of a commit.
    fn files(&mut self) -> Result<Vec<String>> {
        (0..=self.pick(3)).map(|_| self.claim()).collect()
    }

    /// A new claim, or for every third time one that is there with another line.
    fn claim(&mut self) -> Result<String> {
        let is_old = self.claims > 10 && self.pick(3) == 0;
        let claim = if is_old { self.pick(self.claims) } else { self.claims };
        self.claims += u64::from(!is_old);
        let domain = claim % DOMAINS;
        let mut text = format!(
            "---\ntype: claim\ndomain: domain-{domain}\nconfidence: likely\nsource: \"a survey of harbours\"\ncreated: 2026-03-01\n---\n\n# Claim {claim} says that tides turn\n\n"
        );
        for line in 0..12 + self.pick(20) {
            let cited = self.pick(self.claims.max(1));
            text +=
                &format!("Line {line} of {} leans on [[claim {cited} says that tides turn]].\n", self.made);
        }
        let path = format!("domains/domain-{domain}/claim {claim} says that tides turn.md");
        self.blobs += 1;
        writeln!(self.out, "blob\nmark :{}\ndata {}\n{text}", self.blobs, text.len())?;
        Ok(format!("M 100644 :{} \"{path}\"", self.blobs))
    }

    /// A number below another, the same in every run.
    fn pick(&mut self, below: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % below
    }
}
