//! Folders and repositories of specs, and the command over them.

use crate::given::{Json, Tributary};
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// The example of the documentation, which has no front matter.
pub const TIDES: &str = include_str!("../../../../docs/examples/specs/012-tide-tables.md");

/// A folder `specs` of files.
pub struct Specs {
    folder: TempDir,
}

/// What the command said, and how it ended.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// The last line, which counts.
    pub fn counts(&self) -> &str {
        self.lines().last().copied().unwrap_or_default()
    }

    pub fn json(&self) -> Json {
        Json::read(&self.out)
    }

    pub fn assert_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }
}

impl Specs {
    pub fn of(files: &[(&str, &str)]) -> Self {
        let specs = Self { folder: TempDir::new().expect("a folder") };
        std::fs::create_dir(specs.path()).expect("a folder");
        files.iter().for_each(|(name, text)| specs.write(name, text));
        specs
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("specs")
    }

    /// The folder that the folder is in.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// `tributary import specs` of the folder.
    pub async fn import(&self, database: &str, words: &[&str]) -> Ran {
        import(&self.path(), database, words).await
    }
}

/// `tributary import specs`
pub async fn import(path: &Path, database: &str, words: &[&str]) -> Ran {
    let path = path.to_str().expect("a path in text").to_owned();
    let database = database.to_owned();
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let run = move || {
        let mut all = vec!["import", "specs", &path, "--database", &database];
        all.extend(words.iter().map(String::as_str));
        Tributary::new(&all).output()
    };
    let output = tokio::task::spawn_blocking(run).await.expect("a thread");
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Git in a folder.
pub fn git(folder: &Path, words: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=ann", "-c", "user.email=ann@example.org"])
        .args(words)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git");
    assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
}
