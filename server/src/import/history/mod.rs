//! Reads the history of a branch: each commit on its first-parent chain is one [`ReadUnit`]. Nothing is judged here, and
//! nothing is ever written to the repository.
//!
//! Desired properties:
//! - reading in steps gives the same units as reading at once;
//! - history that was rewritten, or that a shallow clone lacks, is said so and never guessed;
//! - a malformed file is read as far as it goes, and told; it stops nothing;
//! - memory holds one unit at a time, and of a file never more than [`MAX_FILE_BYTES`].
//!
//! ```text
//! let reader = Reader::open(path, None, "codex", policy)?;
//! let Chain::Steps(steps) = reader.chain(since)? else { … };
//! let mut index = since.map_or_else(|| Ok(Index::default()), |sha| reader.index_at(sha))?;
//! for (step, position) in steps.iter().zip(first..) { let read = reader.read(step, position, &mut index)?; … }
//! ```

mod chain;
mod commit;
mod diff;
mod front_matter;
mod index;
mod issue;
mod knowledge;
mod links;
mod markdown;
mod message;
mod pieces;
mod revert_lines;
mod reverts;
mod title;
mod unit;

pub use chain::{Chain, Step};
pub use diff::MAX_FILE_BYTES;
pub use index::{Entry, Index, Person};
pub use issue::{Issue, Reason};
pub use unit::Outline;

use crate::git;
use anyhow::{Context as _, Result};
use domain::contribution::{ContributionPolicy, ReadUnit};
use gix::{ObjectId, Repository, odb::pack::cache::lru::MemoryCappedHashmap};
use message::Keys;
use std::{cell::RefCell, collections::HashSet, path::Path};

/// Bytes of decoded objects that are kept: trees, above all, that the next commit has in common.
const OBJECT_CACHE_BYTES: usize = 32 * 1024 * 1024;
/// Bytes of what packed objects are deltas of, that are kept: without them each is put together from its beginning.
const DELTA_CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Reads a branch of a repository.
pub struct Reader {
    repository: Repository,
    name: String,
    branch: String,
    head: ObjectId,
    policy: ContributionPolicy,
    keys: Keys,
    /// Whether it holds any knowledge, by the policy.
    holds_knowledge: bool,
    /// Commits whose parents a shallow clone lacks.
    cut_off: HashSet<ObjectId>,
    buffers: RefCell<Buffers>,
}

/// Memory that is used again.
#[derive(Default)]
struct Buffers {
    old: Vec<u8>,
    new: Vec<u8>,
    state: gix::diff::tree::State,
}

/// One unit, and what of it could not be read, or not as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The unit.
    pub unit: ReadUnit,
    /// Problems, by path.
    pub issues: Vec<Issue>,
}

/// A line of `.mailmap`: whoever is named by the second is the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The name that counts, where one is given.
    pub name: Option<String>,
    /// The address that counts, where one is given.
    pub email: Option<String>,
    /// The name in commits; any where none is given.
    pub commit_name: Option<String>,
    /// The address in commits.
    pub commit_email: String,
}

impl Reader {
    /// Opens a repository, bare or not, at a branch: without one, `main`, else `master`, else the one that it stands on.
    /// The branch's head is that of this moment.
    pub fn open(
        path: &Path,
        branch: Option<&str>,
        repository_name: &str,
        policy: ContributionPolicy,
    ) -> Result<Self> {
        let mut repository =
            git::open(path).with_context(|| format!("there is no git repository at {}", path.display()))?;
        repository.object_cache_size(OBJECT_CACHE_BYTES);
        repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(DELTA_CACHE_BYTES)));
        let (branch, head) = branch_of(&repository, branch)?;
        let cut_off = repository.shallow_commits()?;
        let cut_off = cut_off.map(|commits| commits.iter().copied().collect()).unwrap_or_default();
        let paths = &policy.paths;
        let lists = [&paths.claims, &paths.beliefs, &paths.positions, &paths.sources, &paths.entities];
        Ok(Self {
            name: repository_name.to_owned(),
            branch,
            head,
            keys: Keys::new(&policy.names),
            holds_knowledge: lists.iter().any(|list| !list.is_empty()),
            policy,
            cut_off,
            repository,
            buffers: RefCell::default(),
        })
    }

    /// The branch's head, hexadecimal digits.
    pub fn head(&self) -> String {
        self.head.to_string()
    }

    /// The branch.
    pub fn branch(&self) -> &str {
        &self.branch
    }

    /// Whether the clone lacks history.
    pub fn is_shallow(&self) -> bool {
        !self.cut_off.is_empty()
    }

    /// The aliases that the `.mailmap` of the branch's head gives, in order.
    pub fn mailmap(&self) -> Result<Vec<Alias>> {
        let tree = self.repository.find_tree(self.commit(self.head, &mut Vec::new())?.tree)?;
        let Some(entry) = tree.find_entry(".mailmap").filter(|entry| entry.mode().is_blob()) else {
            return Ok(vec![]);
        };
        let Ok(bytes) = self.load(entry.object_id())? else { return Ok(vec![]) };
        let owned = |text: &gix::bstr::BStr| text.to_string();
        let alias = |entry: gix::mailmap::Entry<'_>| Alias {
            name: entry.new_name().map(owned),
            email: entry.new_email().map(owned),
            commit_name: entry.old_name().map(owned),
            commit_email: owned(entry.old_email()),
        };
        Ok(gix::mailmap::parse_ignore_errors(&bytes).map(alias).collect())
    }
}

fn branch_of(repository: &Repository, branch: Option<&str>) -> Result<(String, ObjectId)> {
    if let Some(branch) = branch {
        return Ok((branch.to_owned(), git::head_of_branch(repository, branch)?));
    }
    for name in ["main", "master"] {
        if let Ok(head) = git::head_of_branch(repository, name) {
            return Ok((name.to_owned(), head));
        }
    }
    let name = repository.head_name()?.context("the repository stands on no branch; --branch names one")?;
    let head = repository.head_id().context("the repository has no commit yet; --branch names one")?;
    Ok((name.shorten().to_string(), head.detach()))
}
