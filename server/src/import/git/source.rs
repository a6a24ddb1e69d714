//! What is imported: a repository under a name, read by a policy.

use anyhow::{Context as _, Result, bail};
use domain::contribution::{ContributionPolicy, handle_of};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    str::FromStr,
};

/// A policy with its file's text.
#[derive(Debug, Clone)]
pub struct GivenPolicy {
    /// The policy.
    pub policy: ContributionPolicy,
    /// Its file.
    pub text: String,
}

impl GivenPolicy {
    /// A policy that comes with Tributary by its name, or one of your own by its file.
    pub fn named(name_or_file: &str) -> Result<Self> {
        if let Some(text) = ContributionPolicy::text_of(name_or_file) {
            return Self::of(text.to_owned());
        }
        let text = std::fs::read_to_string(name_or_file).with_context(|| {
            let names: Vec<&str> = ContributionPolicy::all().iter().map(|policy| &*policy.name).collect();
            format!("{name_or_file} is neither a policy ({}) nor a file that can be read", names.join(", "))
        })?;
        Self::of(text).with_context(|| format!("the policy {name_or_file} cannot be used"))
    }

    /// The policy of a file's text.
    pub fn of(text: String) -> Result<Self> {
        Ok(Self { policy: ContributionPolicy::from_toml(&text)?, text })
    }
}

/// A repository on this machine, and its name here, where one is given: `codex=/srv/clone` or `/srv/clone`. A path that
/// holds a `=` is told from that by a `/` before it: `./a=b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPath {
    /// Its name here; that of its folder where none is given.
    pub name: Option<String>,
    /// Where it is.
    pub path: PathBuf,
}

impl FromStr for NamedPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) if !name.contains('/') => (Some(name), path),
            _ => (None, text),
        };
        if let Some(name) = name.filter(|name| handle_of(name).as_deref() != Some(name)) {
            return Err(format!("the name {name:?} must be lower-case letters, digits, ., _ and -"));
        }
        if path.is_empty() {
            return Err("must name a path".to_owned());
        }
        Ok(Self { name: name.map(str::to_owned), path: path.into() })
    }
}

impl NamedPath {
    /// Its name here.
    pub fn name(&self) -> Result<String> {
        self.name.clone().map_or_else(|| name_of(&self.path), Ok)
    }
}

/// Refuses repositories that would be one here: of the second, the history of the first would seem rewritten. One that
/// is not there yet is left to its turn.
pub(super) fn refuse_namesakes(repositories: &[NamedPath]) -> Result<()> {
    let mut named: BTreeMap<String, &Path> = BTreeMap::new();
    for repository in repositories {
        let Ok(name) = repository.name() else { continue };
        if let Some(other) = named.insert(name.clone(), &repository.path) {
            bail!(
                "{} and {} would both be called {name}: give one of them another name, as in NAME={}",
                other.display(),
                repository.path.display(),
                repository.path.display()
            );
        }
    }
    Ok(())
}

/// The name of a repository by its folder: `codex` of `/srv/codex.git` and of `/home/ann/codex`.
pub fn name_of(path: &Path) -> Result<String> {
    let whole = path.canonicalize().with_context(|| format!("{} cannot be read", path.display()))?;
    let named = match whole.file_name().is_some_and(|name| name == ".git") {
        true => whole.parent().and_then(Path::file_name),
        false => whole.file_name(),
    };
    let name = named.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".git").unwrap_or(&name);
    handle_of(name).with_context(|| format!("{} gives no name; --repository gives one", path.display()))
}
