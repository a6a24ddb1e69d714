//! Reads a git repository: a clone or a mirror, bare or not. Nothing is ever written to it.

use crate::git::{self, head_of_branch};
use anyhow::{Context as _, Result};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gate::merged::{BranchHead, CommitFacts, History};
use gix::{Commit, Repository};
use std::path::{Path, PathBuf};

/// A repository and the branch that is asked about.
#[derive(Clone)]
pub struct GitRepository {
    path: PathBuf,
    name: String,
    branch: String,
}

impl GitRepository {
    /// Opens a repository. The branch is looked for at each question, as it may come later.
    pub fn open(path: &Path, branch: &str) -> Result<Self> {
        open(path)?;
        let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { path: full, name, branch: branch.to_owned() })
    }

    /// Asks the repository on a thread that may wait for the disk.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Repository, &Self) -> Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let this = self.clone();
        let asked = tokio::task::spawn_blocking(move || question(&open(&this.path)?, &this));
        match asked.await {
            Ok(answer) => answer.map_err(|error| format!("{error:#}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Opens a repository anew, so that what was fetched meanwhile is seen.
fn open(path: &Path) -> Result<Repository> {
    git::open(path)
        .with_context(|| format!("there is no git repository at {}; --repository names one", path.display()))
}

#[async_trait]
impl History for GitRepository {
    async fn head(&self) -> Result<BranchHead, String> {
        self.ask(|repository, this| {
            let id = head_of_branch(repository, &this.branch)?;
            let commit = repository.find_commit(id)?;
            Ok(BranchHead {
                repository: this.name.clone(),
                branch: this.branch.clone(),
                sha: id.to_string(),
                title: title(&commit)?,
                author: author(&commit)?,
                committed_at: committed_at(&commit)?,
            })
        })
        .await
    }

    async fn commit(&self, sha: &str) -> Result<Option<CommitFacts>, String> {
        let sha = sha.to_owned();
        self.ask(move |repository, this| {
            // What is there but is no commit is no commit, as much as what is not there.
            let Ok(id) = repository.rev_parse_single(sha.as_str()) else { return Ok(None) };
            let id = id.detach();
            let Ok(commit) = repository.find_commit(id) else { return Ok(None) };
            let head = head_of_branch(repository, &this.branch)?;
            let on_branch = id == head
                || repository
                    .merge_base(id, head)
                    .is_ok_and(|base| base.is_some_and(|base| base.detach() == id));
            Ok(Some(CommitFacts {
                sha: id.to_string(),
                title: title(&commit)?,
                author: author(&commit)?,
                committed_at: committed_at(&commit)?,
                on_branch,
            }))
        })
        .await
    }
}

fn title(commit: &Commit<'_>) -> Result<String> {
    Ok(commit.message()?.title.to_string().trim_end().to_owned())
}

fn author(commit: &Commit<'_>) -> Result<String> {
    Ok(commit.author()?.name.to_string())
}

fn committed_at(commit: &Commit<'_>) -> Result<DateTime<Utc>> {
    let seconds = commit.time()?.seconds;
    DateTime::from_timestamp(seconds, 0).with_context(|| format!("{seconds} is no time"))
}
