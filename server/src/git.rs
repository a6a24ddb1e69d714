//! What every reader of a git repository needs. Nothing is ever written to one.

use anyhow::{Context as _, Result};
use gix::{ObjectId, Repository};
use std::path::Path;

/// Opens the repository at a path, bare or not.
pub fn open(path: &Path) -> Result<Repository> {
    // Isolated: the configuration of whoever runs the server has no say in what is read.
    Ok(gix::open_opts(path, gix::open::Options::isolated())?)
}

/// A branch's head: its own, or what was last fetched of it.
pub fn head_of_branch(repository: &Repository, branch: &str) -> Result<ObjectId> {
    let names = [format!("refs/heads/{branch}"), format!("refs/remotes/origin/{branch}")];
    let found = names.iter().find_map(|name| repository.try_find_reference(name.as_str()).ok().flatten());
    let mut reference = found.with_context(|| format!("the repository has no branch {branch}"))?;
    Ok(reference.peel_to_id()?.detach())
}
