//! What is imported: a repository under a name, read by a policy.

use anyhow::{Context as _, Result};
use domain::contribution::{ContributionPolicy, handle_of};
use std::path::Path;

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
