//! A unit of contribution: one merged change, as git tells of it. Nothing here is judged yet.

use super::knowledge::ObjectChange;
use crate::id::UnitId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How a change came to the branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MergeKind {
    /// A merge commit of two or more parents.
    Merge,
    /// One commit that a forge made of a pull request: its title ends with `(#12)`.
    Squash,
    /// A commit put straight onto the branch.
    Direct,
}

/// What kind of work a change is, by the paths it touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UnitClass {
    /// It touches at least one path of knowledge.
    Knowledge,
    /// It touches paths of the pipeline, and none of knowledge. It earns nothing.
    Pipeline,
    /// It touches neither. It earns nothing.
    Other,
}

impl UnitClass {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 3] = ["knowledge", "pipeline", "other"];
    const ALL: [Self; 3] = [Self::Knowledge, Self::Pipeline, Self::Other];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The class of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// Whether something was added, changed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ChangeKind {
    /// It was not there before.
    Added,
    /// It was there before and is another now.
    Changed,
    /// It is there no more.
    Removed,
}

/// A path that a unit touches, against its first parent. Renames are a removal and an addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PathChange {
    /// The path, with `/`; what is no UTF-8 in it replaced.
    pub path: String,
    /// What became of it.
    pub change: ChangeKind,
}

/// Who signed a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signature {
    /// The name as it stands there.
    pub name: String,
    /// The address as it stands there.
    pub email: String,
}

/// A line `Key: value` of a message, wherever it stands: at the end, glued under the title, or within a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Trailer {
    /// The key, in lower case: `reviewed-by`, `co-authored-by`, `pentagon-agent`.
    pub key: String,
    /// The name in the value, without an address or id in angle brackets.
    pub name: String,
    /// What stands in angle brackets, if anything does: an address, a UUID.
    pub bracket: Option<String>,
}

/// A merged change that another says it reverts by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevertedNumber {
    /// Its number, on the forge of the change that reverts it.
    pub number: i64,
    /// What its title must hold, where the number alone may be that of the change which reverts it.
    pub title: Option<String>,
}

/// What a change says it reverts, besides commits of the branch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reverted {
    /// Changes by their numbers: `Reverts #12`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<RevertedNumber>,
    /// Merges all of whose commits it reverts, by their own commits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<String>,
    /// Merges of which it reverts some commits and not all, likewise. They are not ended by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

impl Reverted {
    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One merged change as it was read from git. It is kept whole, so that credits can be derived again without git.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadUnit {
    /// The repository's name.
    pub repository: String,
    /// The commit on the branch, hexadecimal digits.
    pub sha: String,
    /// Its place on the first-parent chain, the oldest commit's being 0.
    pub position: i64,
    /// How it came there.
    pub kind: MergeKind,
    /// The forge that numbered it, where the message tells of one: `github`, `forgejo`, `gitlab`, `bitbucket`, `azure`.
    pub forge: Option<String>,
    /// The pull request's number on that forge.
    pub number: Option<i64>,
    /// The branch that was merged, where the message tells.
    pub branch: Option<String>,
    /// The raw first line of the message.
    pub title: String,
    /// What stands before a `: ` at the title's start, in lower case, where it may name somebody: `rio`.
    pub label: Option<String>,
    /// Whoever wrote the change: of a merge, the author of the newest commit that it brings.
    pub author: Signature,
    /// Whoever put it onto the branch.
    pub merger: Signature,
    /// When: the committer's time of the commit on the branch.
    pub merged_at: DateTime<Utc>,
    /// Trailers of the message, and of a merge, those of the commits that it brings.
    pub trailers: Vec<Trailer>,
    /// The commits that it says it reverts (`This reverts commit …`).
    pub reverts: Vec<String>,
    /// What else it says it reverts. Changes that were read before this was are kept without it.
    #[serde(default, skip_serializing_if = "Reverted::is_empty")]
    pub reverted: Reverted,
    /// The paths it touches, by path.
    pub paths: Vec<PathChange>,
    /// Lines added to text files.
    pub lines_added: i64,
    /// Lines removed from text files.
    pub lines_removed: i64,
    /// Whether lines are missing from these counts: of files too large to be read or broken, or of paths beyond those
    /// that are read. What is no text has no lines, and is not missed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lines_partial: bool,
    /// Pieces of knowledge that it touches, by path.
    pub objects: Vec<ObjectChange>,
}

/// The id of a unit: the same for the same commit of the same repository, whenever and wherever it is read.
pub fn unit_id(repository: &str, sha: &str) -> UnitId {
    let mut hash = Sha256::new();
    hash.update(repository.as_bytes());
    hash.update([0]);
    hash.update(sha.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // Version 8 of RFC 9562: a UUID whose bits are of the maker's own choosing.
    UnitId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl ReadUnit {
    /// Its id.
    pub fn id(&self) -> UnitId {
        unit_id(&self.repository, &self.sha)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_commit_has_the_same_id_wherever_it_is_read_and_another_in_another_repository() {
        let sha = "0123456789012345678901234567890123456789";
        assert_eq!(unit_id("codex", sha), unit_id("codex", sha));
        assert_ne!(unit_id("codex", sha), unit_id("other", sha));
        assert_ne!(unit_id("codex", sha), UnitId::new(Uuid::nil()));
    }
}
