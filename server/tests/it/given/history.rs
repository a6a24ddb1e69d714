//! Git repositories that a test makes commit by commit.

use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// When the first commit is made: 2026-02-01T00:00:00Z. Each later one is a minute younger.
const BEGIN: i64 = 1_769_904_000;

/// A repository with a work tree.
pub struct Repository {
    folder: TempDir,
    commits: Cell<i64>,
}

/// Who signs a commit.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    pub author: &'a str,
    pub committer: &'a str,
    /// The committer's address; `<committer>@example.org` where there is none.
    pub committer_email: Option<&'a str>,
}

impl<'a> Signed<'a> {
    pub const fn by(name: &'a str) -> Self {
        Self { author: name, committer: name, committer_email: None }
    }

    pub const fn committed_by(self, committer: &'a str) -> Self {
        Self { committer, ..self }
    }
}

impl Repository {
    pub fn new() -> Self {
        Self::on("main")
    }

    /// One whose first branch has this name.
    pub fn on(branch: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        git(folder.path(), &["init", "-q", "-b", branch]);
        Self { folder, commits: Cell::new(0) }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn git(&self, words: &[&str]) -> String {
        git(self.path(), words)
    }

    /// Writes a file, to be committed.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, text).expect("a file");
        self
    }

    /// Removes a file, to be committed.
    pub fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.path().join(path)).expect("a file");
        self
    }

    /// Moves a file, to be committed.
    pub fn rename(&self, from: &str, to: &str) -> &Self {
        let text = fs::read(self.path().join(from)).expect("a file");
        self.remove(from).write(to, text)
    }

    /// Commits all that was written, as ann; the commit.
    pub fn commit(&self, message: &str) -> String {
        self.commit_as(Signed::by("ann"), message)
    }

    pub fn commit_as(&self, signed: Signed<'_>, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.sign(signed, &["commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message])
    }

    /// Begins a branch where the branch stands, and goes onto it.
    pub fn branch(&self, name: &str) -> &Self {
        self.git(&["checkout", "-q", "-b", name]);
        self
    }

    pub fn checkout(&self, name: &str) -> &Self {
        self.git(&["checkout", "-q", name]);
        self
    }

    /// Merges a branch into the one it stands on, by a commit of its own; the commit.
    pub fn merge(&self, signed: Signed<'_>, branch: &str, message: &str) -> String {
        self.sign(signed, &["merge", "-q", "--no-ff", "--cleanup=verbatim", "-m", message, branch])
    }

    /// A bare clone of all branches.
    pub fn bare(&self) -> TempDir {
        self.clone_with(&["--bare"])
    }

    /// A clone of the newest commits.
    pub fn shallow(&self, depth: u32) -> TempDir {
        self.clone_with(&["--depth", &depth.to_string()])
    }

    fn clone_with(&self, words: &[&str]) -> TempDir {
        let folder = TempDir::new().expect("a folder");
        let from = format!("file://{}", self.path().display());
        git(folder.path(), &[&["clone", "-q"], words, &[&from, "."]].concat());
        folder
    }

    fn sign(&self, signed: Signed<'_>, words: &[&str]) -> String {
        let time = BEGIN + 60 * self.commits.get();
        self.commits.set(self.commits.get() + 1);
        let email = format!("{}@example.org", signed.committer);
        let email = signed.committer_email.unwrap_or(&email);
        run(command(self.path(), words)
            .envs([("GIT_AUTHOR_NAME", signed.author), ("GIT_COMMITTER_NAME", signed.committer)])
            .env("GIT_AUTHOR_EMAIL", format!("{}@example.org", signed.author))
            .env("GIT_COMMITTER_EMAIL", email)
            .envs(["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"].map(|name| (name, format!("{time} +0000")))));
        self.git(&["rev-parse", "HEAD"])
    }

    /// Feeds a stream to `git fast-import`.
    pub fn fast_import(&self, stream: &str) {
        let file = TempDir::new().expect("a folder");
        let path: PathBuf = file.path().join("stream");
        fs::write(&path, stream).expect("a file");
        let input = fs::File::open(path).expect("a file");
        run(command(self.path(), &["fast-import", "--quiet"]).stdin(Stdio::from(input)));
    }
}

/// Runs git as ann, on the first day.
pub fn git(folder: &Path, words: &[&str]) -> String {
    run(&mut command(folder, words))
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(words)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_NAME", "ann"), ("GIT_AUTHOR_EMAIL", "ann@example.org")])
        .envs([("GIT_COMMITTER_NAME", "ann"), ("GIT_COMMITTER_EMAIL", "ann@example.org")])
        .envs([("GIT_AUTHOR_DATE", "2026-02-01T00:00:00Z"), ("GIT_COMMITTER_DATE", "2026-02-01T00:00:00Z")]);
    command
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("git");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}
