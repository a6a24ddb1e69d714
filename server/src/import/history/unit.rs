//! A commit as a unit: who, when, what kind of merge, which paths.

use super::{
    Issue, Reader, Reason,
    chain::Step,
    diff::Change,
    message::{self, Message},
};
use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use domain::contribution::{ChangeKind, MergeKind, PathChange, ReadUnit, Signature, Trailer};
use gix::{
    ObjectId,
    actor::SignatureRef,
    bstr::{BStr, ByteSlice as _},
    objs::FindExt as _,
};

/// Trailers of a unit that are kept.
const MAX_TRAILERS: usize = 1_000;
/// Reverts of a unit that are kept.
const MAX_REVERTS: usize = 1_000;

/// A unit without what its files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The unit: no lines are counted, and no pieces of knowledge are in it.
    pub unit: ReadUnit,
    pub(super) changes: Vec<Change>,
    pub(super) issues: Vec<Issue>,
}

impl Reader {
    /// Reads a commit's message and paths, and no file.
    pub fn outline(&self, step: &Step, position: i64) -> Result<Outline> {
        let mut buffer = Vec::new();
        let commit = self.repository.objects.find_commit(&step.id, &mut buffer)?;
        let message = message::read(&commit.message.to_str_lossy(), &self.keys);
        let mut issues = Vec::new();
        let (own_author, _) = signature(commit.author, "author", &mut issues);
        let (committer, merged_at) = signature(commit.committer, "committer", &mut issues);
        let parents: Vec<ObjectId> = commit.parents().collect();
        let is_merge = parents.len() > 1;
        let by_web = is_github(&committer);
        let kind = match message.number {
            _ if is_merge => MergeKind::Merge,
            Some(_) => MergeKind::Squash,
            None => MergeKind::Direct,
        };
        let forge = message.forge.or(by_web.then_some("github"));
        let mut unit = ReadUnit {
            repository: self.name.clone(),
            sha: step.id.to_string(),
            position,
            kind,
            forge: forge.filter(|_| message.number.is_some()).map(str::to_owned),
            number: message.number,
            branch: message.branch,
            title: message.title,
            label: message.label,
            // A forge that merges by itself signs as the committer; whoever pressed the button is the author.
            merger: if is_merge && by_web { own_author.clone() } else { committer },
            author: own_author,
            merged_at,
            trailers: message.trailers,
            reverts: message.reverts,
            paths: vec![],
            lines_added: 0,
            lines_removed: 0,
            objects: vec![],
        };
        if let [first, others @ ..] = &parents[..]
            && is_merge
        {
            self.add_brought(*first, others, &mut unit, &mut issues)?;
        }
        let (changes, more) = self.changes(step.tree_before, step.tree)?;
        if more {
            let detail = format!("the first {} were read", changes.len());
            issues.push(Issue { path: String::new(), reason: Reason::TooManyPaths, detail });
        }
        for change in changes.iter().filter(|change| !change.is_utf8) {
            issues.push(Issue {
                path: change.path.clone(),
                reason: Reason::PathNotUtf8,
                detail: String::new(),
            });
        }
        unit.paths = changes.iter().map(path_change).collect();
        Ok(Outline { unit, changes, issues })
    }

    /// Adds what the commits that a merge brings tell.
    fn add_brought(
        &self,
        first: ObjectId,
        others: &[ObjectId],
        unit: &mut ReadUnit,
        issues: &mut Vec<Issue>,
    ) -> Result<()> {
        let brought = self.brought(first, others)?;
        let of_commit =
            |reason, detail: &str| Issue { path: String::new(), reason, detail: detail.to_owned() };
        if brought.more {
            issues.push(of_commit(Reason::TooManyCommits, "trailers of the newest were read"));
        }
        if brought.cut_off {
            issues.push(of_commit(Reason::CutOff, "trailers of those that are there were read"));
        }
        let (mut newest, mut newest_own) = (None, None);
        let mut buffer = Vec::new();
        for id in brought.commits {
            let commit = self.repository.objects.find_commit(&id, &mut buffer)?;
            // A merge of the branch into the other one is nobody's proposal, unless there is nothing else.
            let place = if commit.parents.len() > 1 { &mut newest } else { &mut newest_own };
            if place.is_none() {
                *place = Some(signature(commit.author, "author", issues).0);
            }
            let Message { trailers, reverts, .. } = message::read(&commit.message.to_str_lossy(), &self.keys);
            trailers.into_iter().for_each(|trailer| keep(&mut unit.trailers, trailer));
            for sha in reverts {
                if unit.reverts.len() < MAX_REVERTS && !unit.reverts.contains(&sha) {
                    unit.reverts.push(sha);
                }
            }
        }
        if let Some(author) = newest_own.or(newest) {
            unit.author = author;
        }
        Ok(())
    }

    /// The tree of a commit.
    pub(super) fn tree_of(&self, sha: &str) -> Result<ObjectId> {
        let id = ObjectId::from_hex(sha.as_bytes()).with_context(|| format!("{sha} is no commit's id"))?;
        let mut buffer = Vec::new();
        Ok(self.repository.objects.find_commit(&id, &mut buffer)?.tree())
    }
}

fn keep(trailers: &mut Vec<Trailer>, trailer: Trailer) {
    if trailers.len() < MAX_TRAILERS && !trailers.contains(&trailer) {
        trailers.push(trailer);
    }
}

fn path_change(change: &Change) -> PathChange {
    let kind = match (change.before, change.after) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    PathChange { path: change.path.clone(), change: kind }
}

/// Whether it is the signature of GitHub's own commits.
fn is_github(signature: &Signature) -> bool {
    signature.email.eq_ignore_ascii_case("noreply@github.com")
}

/// Reads a signature, as far as it goes. What is told of one that is broken goes public: never what stands there.
fn signature(raw: &BStr, whose: &str, issues: &mut Vec<Issue>) -> (Signature, DateTime<Utc>) {
    let mut bad = |what: &str| {
        let detail = format!("the {whose}'s {what}");
        issues.push(Issue { path: String::new(), reason: Reason::BadSignature, detail });
    };
    let Ok(read) = SignatureRef::from_bytes(raw) else {
        bad("signature is no name, address and time");
        let text = raw.to_str_lossy();
        let words = text.split('<').next().unwrap_or_default().split_whitespace();
        // Without brackets, an address stands right among the words.
        let name = words.take_while(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
        return (Signature { name, email: String::new() }, DateTime::UNIX_EPOCH);
    };
    let read = read.trim();
    let seconds = read.time.split(' ').next().and_then(|seconds| seconds.parse().ok());
    let time = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    if time.is_none() {
        bad("time is none");
    }
    let text = |text: &BStr| text.to_str_lossy().into_owned();
    (Signature { name: text(read.name), email: text(read.email) }, time.unwrap_or(DateTime::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_broken_signature_holds_no_address() {
        for (raw, name) in [
            ("ann tide ann@example.org 100 +0000", "ann tide"),
            ("ann@example.org", ""),
            ("ann <ann@example.org", "ann"),
        ] {
            let mut issues = Vec::new();
            let (signature, _) = signature(raw.into(), "author", &mut issues);
            assert_eq!((signature.name.as_str(), signature.email.as_str()), (name, ""), "{raw}");
            assert_eq!(issues[0].detail, "the author's signature is no name, address and time", "{raw}");
        }
    }
}
