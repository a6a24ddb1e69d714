//! Markdown files on a branch of a git repository, read without a work tree. Nothing is ever written to it.

use super::files::{Listed, Place, is_entered, is_markdown, too_large};
use crate::git::{self, head_of_branch};
use anyhow::{Context as _, Result, bail};
use gix::{ObjectId, Repository, Tree};
use std::path::Path;

/// The repository that is to be read by its branch: any where a branch is named, else a bare one.
pub fn open(path: &Path, branch: Option<&str>) -> Result<Option<Repository>> {
    match git::open(path) {
        Ok(repository) => Ok(Some(repository).filter(|repository| branch.is_some() || repository.is_bare())),
        Err(_) if branch.is_none() => Ok(None),
        Err(error) => Err(error).with_context(|| {
            format!("--branch needs a git repository, and {} is not the root of one", path.display())
        }),
    }
}

/// The Markdown files of a branch, by default the one that the repository stands on.
pub fn list(repository: &Repository, branch: Option<&str>, folder: Option<&Path>) -> Result<Vec<Listed>> {
    let head = match branch {
        Some(branch) => head_of_branch(repository, branch)?,
        None => {
            repository.head_id().context("the repository has no commit yet; --branch names one")?.detach()
        }
    };
    let mut tree = repository.find_commit(head)?.tree()?;
    let mut prefix = String::new();
    if let Some(folder) = folder {
        let entry = tree.lookup_entry_by_path(folder)?.filter(|entry| entry.mode().is_tree());
        let Some(entry) = entry else { bail!("the branch has no folder {}", folder.display()) };
        tree = entry.object()?.into_tree();
        for part in folder.components() {
            prefix = format!("{prefix}{}/", part.as_os_str().to_string_lossy());
        }
    }
    let mut listed = Vec::new();
    list_tree(repository, &tree, &prefix, &mut listed)?;
    Ok(listed)
}

fn list_tree(repository: &Repository, tree: &Tree<'_>, prefix: &str, listed: &mut Vec<Listed>) -> Result<()> {
    for entry in tree.iter() {
        let entry = entry?;
        let name = entry.filename().to_string();
        let path = format!("{prefix}{name}");
        if entry.mode().is_tree() && is_entered(&name) {
            match repository.find_tree(entry.object_id()) {
                Ok(tree) => list_tree(repository, &tree, &format!("{path}/"), listed)?,
                Err(error) => listed.push(Listed::new(path, Place::Problem(error.to_string()))),
            }
        } else if entry.mode().is_blob() && is_markdown(&name) {
            listed.push(Listed::new(path, Place::Blob(entry.object_id())));
        }
    }
    Ok(())
}

/// The bytes of a file.
pub fn read(repository: &Repository, id: ObjectId) -> Result<Vec<u8>, String> {
    // Its size is known before it is read.
    let header = repository.find_header(id).map_err(|error| error.to_string())?;
    too_large(header.size())?;
    repository.find_object(id).map(|object| object.detach().data).map_err(|error| error.to_string())
}
