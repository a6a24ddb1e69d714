//! Which merges brought the commits that a change says it reverts.
//!
//! Desired properties:
//! - a commit that stands on the branch itself is left to whoever keeps the units: they know it by its id;
//! - a merge of which only some commits are reverted is told apart: what is left of it still counts;
//! - what is found follows from the commits alone, however many units were read before.

use super::{Issue, Reader, Reason};
use anyhow::Result;
use domain::contribution::ReadUnit;
use gix::{ObjectId, hash::Prefix};
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};

/// Commits that are looked at for one unit.
const MAX_LOOKED_AT: usize = 20_000;
/// Seconds by which clocks may have gone wrong.
const SLACK: i64 = 24 * 60 * 60;

/// The commits before a unit, as far back as is needed.
#[derive(Default)]
struct Before {
    /// Those that each is a parent of.
    children: HashMap<ObjectId, Vec<ObjectId>>,
    seen: HashSet<ObjectId>,
    cut_off: bool,
}

impl Reader {
    /// Tells of which merges a unit reverts what they brought; `first` is the unit's first parent.
    pub(super) fn find_reverted_merges(
        &self,
        first: ObjectId,
        unit: &mut ReadUnit,
        issues: &mut Vec<Issue>,
    ) -> Result<()> {
        let mut named = BTreeSet::new();
        let mut oldest = i64::MAX;
        let mut buffer = Vec::new();
        for digits in &unit.reverts {
            if let Some(id) = self.commit_of(digits)
                && let Ok(commit) = self.commit(id, &mut buffer)
            {
                oldest = oldest.min(commit.seconds());
                named.insert(id);
            }
        }
        if named.is_empty() {
            return Ok(());
        }
        let chain = self.chain_from(first, oldest.saturating_sub(SLACK))?;
        let beside: Vec<ObjectId> = named.iter().filter(|id| !chain.contains(id)).copied().collect();
        if beside.is_empty() {
            return Ok(());
        }
        let before = self.before(first, oldest.saturating_sub(SLACK))?;
        let mut merges = BTreeSet::new();
        for id in &beside {
            match before.merge_of(*id, &chain) {
                Some(place) => drop(merges.insert(place)),
                None if before.cut_off => {
                    let detail = "what it reverts may be there".to_owned();
                    issues.push(Issue { path: String::new(), reason: Reason::CutOff, detail });
                }
                None => {}
            }
        }
        for place in merges {
            let whole = self.is_reverted_whole(chain[place], &named)?;
            let reverted = &mut unit.reverted;
            let list = if whole { &mut reverted.merges } else { &mut reverted.parts };
            list.push(chain[place].to_string());
        }
        Ok(())
    }

    /// The commit that these digits name, if only one does.
    fn commit_of(&self, digits: &str) -> Option<ObjectId> {
        if let Ok(id) = ObjectId::from_hex(digits.as_bytes()) {
            return Some(id);
        }
        let prefix = Prefix::from_hex(digits).ok()?;
        self.repository.objects.lookup_prefix(prefix, None).ok()??.ok()
    }

    /// The commits of the branch from one on that are no older, the newest first.
    fn chain_from(&self, first: ObjectId, oldest: i64) -> Result<Vec<ObjectId>> {
        let (mut chain, mut next, mut buffer) = (Vec::new(), Some(first), Vec::new());
        while let Some(id) = next.filter(|_| chain.len() < MAX_LOOKED_AT) {
            let commit = self.commit(id, &mut buffer)?;
            chain.push(id);
            let goes_on = commit.seconds() >= oldest && !self.cut_off.contains(&id);
            next = commit.parents.first().copied().filter(|_| goes_on);
        }
        Ok(chain)
    }

    /// All commits from one on that are no older.
    fn before(&self, first: ObjectId, oldest: i64) -> Result<Before> {
        let mut before = Before::default();
        let (mut queue, mut buffer) = (BinaryHeap::from([(i64::MAX, first)]), Vec::new());
        while let Some((_, id)) = queue.pop() {
            if !before.seen.insert(id) {
                continue;
            }
            let commit = self.commit(id, &mut buffer)?;
            if self.cut_off.contains(&id) {
                before.cut_off = true;
                continue;
            }
            let seconds = commit.seconds();
            if seconds < oldest || before.seen.len() > MAX_LOOKED_AT {
                continue;
            }
            for parent in commit.parents {
                before.children.entry(parent).or_default().push(id);
                queue.push((seconds, parent));
            }
        }
        Ok(before)
    }

    /// Whether a unit reverts every commit of its own that a merge brought.
    fn is_reverted_whole(&self, merge: ObjectId, named: &BTreeSet<ObjectId>) -> Result<bool> {
        let mut buffer = Vec::new();
        let parents = self.commit(merge, &mut buffer)?.parents;
        let [first, others @ ..] = &parents[..] else { return Ok(false) };
        if others.is_empty() {
            return Ok(false);
        }
        let brought = self.brought(*first, others)?;
        if brought.more || brought.cut_off {
            return Ok(false);
        }
        for id in brought.commits {
            // A merge of the branch into the other one changes nothing of its own.
            let is_merge = self.commit(id, &mut buffer)?.parents.len() > 1;
            if !is_merge && !named.contains(&id) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Before {
    /// The place on the branch of the merge that brought a commit: the oldest from which it can be reached.
    fn merge_of(&self, id: ObjectId, chain: &[ObjectId]) -> Option<usize> {
        if !self.seen.contains(&id) {
            return None;
        }
        let (mut above, mut next) = (HashSet::from([id]), vec![id]);
        while let Some(id) = next.pop() {
            for child in self.children.get(&id).into_iter().flatten() {
                if above.insert(*child) {
                    next.push(*child);
                }
            }
        }
        chain.iter().rposition(|commit| above.contains(commit))
    }
}
