//! A commit as a unit: who, when, what kind of merge, which paths.

use super::{
    Issue, Reader, Reason,
    chain::Step,
    commit::{Commit, time_of},
    diff::Change,
    message::{self, Message},
};
use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use domain::contribution::{ChangeKind, MAX_HANDLE, MergeKind, PathChange, ReadUnit, Reverted, Signature};
use gix::{
    ObjectId,
    actor::SignatureRef,
    bstr::{BStr, ByteSlice as _},
};
use std::collections::BTreeSet;

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
        let Commit { author, committer, message, parents, .. } = self.commit(step.id, &mut buffer)?;
        let message = message::read(&message.to_str_lossy(), &self.keys);
        let mut issues = Vec::new();
        let mut cut = message.cut;
        let (own_author, _) = signature(author, "author", &mut issues);
        let (committer, merged_at) = signature(committer, "committer", &mut issues);
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
            reverted: Reverted { numbers: message.reverts_numbers, ..Reverted::default() },
            paths: vec![],
            lines_added: 0,
            lines_removed: 0,
            lines_partial: false,
            objects: vec![],
        };
        if let [first, others @ ..] = &parents[..]
            && is_merge
        {
            self.add_brought(*first, others, &mut unit, &mut cut, &mut issues)?;
        }
        if let (Some(first), false) = (parents.first(), self.cut_off.contains(&step.id)) {
            self.find_reverted_merges(*first, &mut unit, &mut issues)?;
        }
        issues.extend(cut_issues(&unit, cut));
        let (changes, more) = self.changes(step.tree_before, step.tree)?;
        if more {
            unit.lines_partial = true;
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
        cut: &mut BTreeSet<&'static str>,
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
            let commit = self.commit(id, &mut buffer)?;
            // A merge of the branch into the other one is nobody's proposal, unless there is nothing else.
            let place = if commit.parents.len() > 1 { &mut newest } else { &mut newest_own };
            if place.is_none() {
                *place = Some(signature(commit.author, "author", issues).0);
            }
            let message = message::read(&commit.message.to_str_lossy(), &self.keys);
            let Message { trailers, reverts, reverts_numbers, .. } = message;
            cut.extend(message.cut);
            let all_kept = keep(&mut unit.trailers, trailers, MAX_TRAILERS);
            cut.extend((!all_kept).then_some("trailers: the first 1000 of a merge are kept"));
            let all_kept = keep(&mut unit.reverts, reverts, MAX_REVERTS)
                && keep(&mut unit.reverted.numbers, reverts_numbers, MAX_REVERTS);
            cut.extend((!all_kept).then_some("what it reverts: the first 1000 of a merge are kept"));
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
        Ok(self.commit(id, &mut buffer)?.tree)
    }
}

/// What of a unit is told as cut.
fn cut_issues(unit: &ReadUnit, mut cut: BTreeSet<&'static str>) -> impl Iterator<Item = Issue> {
    if [&unit.author, &unit.merger].iter().any(|it| it.name.chars().count() > MAX_HANDLE) {
        cut.insert("a signature's name: its first 100 characters name somebody");
    }
    let issue = |what: &str| Issue { path: String::new(), reason: Reason::Cut, detail: what.to_owned() };
    cut.into_iter().map(issue)
}

/// Keeps each once, and no more than so many; whether all are kept.
fn keep<T: PartialEq>(kept: &mut Vec<T>, more: Vec<T>, at_most: usize) -> bool {
    for one in more {
        if kept.contains(&one) {
            continue;
        }
        if kept.len() >= at_most {
            return false;
        }
        kept.push(one);
    }
    true
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
        return (lenient(&raw.to_str_lossy()), time_of(raw).unwrap_or(DateTime::UNIX_EPOCH));
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

/// What can be read of a signature that is broken: the words before a bracket or an address, and the address within the
/// innermost brackets.
fn lenient(text: &str) -> Signature {
    let (before, rest) = text.split_once('<').unwrap_or((text, ""));
    let mut words: Vec<&str> = before.split_whitespace().take_while(|word| !word.contains('@')).collect();
    let is_number = |word: &&str| word.trim_start_matches(['+', '-']).parse::<u64>().is_ok();
    if let [.., time, offset] = words[..]
        && rest.is_empty()
        && is_number(&time)
        && is_number(&offset)
    {
        words.truncate(words.len() - 2);
    }
    let email = rest.split_once('>').map(|(inside, _)| inside.rsplit('<').next().unwrap_or(inside).trim());
    let email = email.filter(|email| !email.contains(char::is_whitespace)).unwrap_or_default();
    Signature { name: words.join(" "), email: email.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_broken_signature_holds_no_address() {
        for (raw, name, email, seconds) in [
            ("ann tide ann@example.org 100 +0000", "ann tide", "", 100),
            ("ann tide 100 +0000", "ann tide", "", 100),
            ("ann@example.org", "", "", 0),
            ("ann <ann@example.org", "ann", "", 0),
            ("", "", "", 0),
        ] {
            let mut issues = Vec::new();
            let (signature, time) = signature(raw.into(), "author", &mut issues);
            assert_eq!((signature.name.as_str(), signature.email.as_str()), (name, email), "{raw}");
            assert_eq!(time.timestamp(), seconds, "{raw}");
            assert_eq!(issues[0].detail, "the author's signature is no name, address and time", "{raw}");
        }
    }
}
