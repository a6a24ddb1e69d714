//! The commits of a branch, by first parents, and those that a merge brings.

use super::Reader;
use anyhow::{Context as _, Result};
use gix::ObjectId;
use std::collections::{BinaryHeap, HashMap};

/// A commit on the branch, with what telling its change takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// The tree of the first parent; none of the first commit.
    pub(super) tree_before: Option<ObjectId>,
}

impl Step {
    /// The commit, hexadecimal digits.
    pub fn sha(&self) -> String {
        self.id.to_string()
    }
}

/// What stands on the branch behind a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chain {
    /// These, the oldest first.
    Steps(Vec<Step>),
    /// The commit does not stand on it any more: history was rewritten.
    Rewritten,
    /// The clone is shallow, and what it lacks lies between.
    CutOff {
        /// The oldest commit that it has.
        oldest: String,
        /// How many it has of the branch.
        commits: usize,
    },
}

/// Commits that a merge brings.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// The newest first.
    pub commits: Vec<ObjectId>,
    /// Whether there are more.
    pub more: bool,
    /// Whether a shallow clone lacks some.
    pub cut_off: bool,
}

/// Commits of a merge that are read.
pub(super) const MAX_BROUGHT: usize = 1_000;
/// Commits that are looked at to tell which those are.
const MAX_LOOKED_AT: usize = 100_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// On the branch before the merge, too.
    Known,
    /// Brought by it.
    New,
}

impl Reader {
    /// The commits behind `since`, a commit of the branch; all of them without one. Nothing before it is looked at.
    pub fn chain(&self, since: Option<&str>) -> Result<Chain> {
        let since = since
            .map(|sha| ObjectId::from_hex(sha.as_bytes()).with_context(|| format!("{sha} is no commit's id")))
            .transpose()?;
        let mut steps: Vec<Step> = Vec::new();
        let (mut next, mut buffer) = (Some(self.head), Vec::new());
        while let Some(id) = next {
            let commit = self.commit(id, &mut buffer)?;
            let tree = commit.tree;
            if let Some(step) = steps.last_mut() {
                step.tree_before = Some(tree);
            }
            if since == Some(id) {
                steps.reverse();
                return Ok(Chain::Steps(steps));
            }
            if self.cut_off.contains(&id) {
                return Ok(Chain::CutOff { oldest: id.to_string(), commits: steps.len() + 1 });
            }
            steps.push(Step { id, tree, tree_before: None });
            next = commit.parents.first().copied();
        }
        if since.is_some() {
            return Ok(Chain::Rewritten);
        }
        steps.reverse();
        Ok(Chain::Steps(steps))
    }

    /// The commits that can be reached from the other parents of a merge and not from its first.
    ///
    /// Both sides are walked at once, the newest commit first, until only what both reach is left. What clocks that
    /// went wrong could bring in is dropped again where the walk comes to know better.
    pub(super) fn brought(&self, first: ObjectId, others: &[ObjectId]) -> Result<Brought> {
        let mut brought = Brought::default();
        let mut walk = Walk::default();
        let mut buffer = Vec::new();
        walk.reach(self, first, Side::Known, &mut buffer)?;
        for other in others {
            walk.reach(self, *other, Side::New, &mut buffer)?;
        }
        let mut found: Vec<(i64, ObjectId)> = Vec::new();
        while let Some((time, id)) = walk.queue.pop() {
            let node = walk.nodes.get_mut(&id).context("what is queued was reached")?;
            node.waits = false;
            let (side, parents) = (node.side, std::mem::take(&mut node.parents));
            if side == Side::New {
                walk.waiting -= 1;
                found.push((time, id));
            }
            brought.cut_off |= side == Side::New && self.cut_off.contains(&id);
            for parent in parents {
                walk.reach(self, parent, side, &mut buffer)?;
            }
            let oldest = found.last().map_or(i64::MAX, |(time, _)| *time);
            let goes_on = walk.waiting > 0 || walk.queue.peek().is_some_and(|(time, _)| *time >= oldest);
            if !goes_on {
                break;
            }
            if walk.nodes.len() > MAX_LOOKED_AT {
                brought.more = true;
                break;
            }
        }
        found.retain(|(_, id)| walk.nodes.get(id).is_some_and(|node| node.side == Side::New));
        brought.more |= found.len() > MAX_BROUGHT;
        brought.commits = found.into_iter().take(MAX_BROUGHT).map(|(_, id)| id).collect();
        Ok(brought)
    }
}

#[derive(Default)]
struct Walk {
    nodes: HashMap<ObjectId, Node>,
    queue: BinaryHeap<(i64, ObjectId)>,
    /// How many in the queue are new.
    waiting: usize,
}

struct Node {
    side: Side,
    waits: bool,
    parents: Vec<ObjectId>,
}

impl Walk {
    fn reach(&mut self, reader: &Reader, id: ObjectId, side: Side, buffer: &mut Vec<u8>) -> Result<()> {
        if let Some(node) = self.nodes.get_mut(&id) {
            if side == Side::Known && node.side == Side::New {
                node.side = Side::Known;
                self.waiting -= usize::from(node.waits);
            }
            return Ok(());
        }
        let commit = reader.commit(id, buffer)?;
        let time = commit.seconds();
        let parents = if reader.cut_off.contains(&id) { vec![] } else { commit.parents };
        self.nodes.insert(id, Node { side, waits: true, parents });
        self.queue.push((time, id));
        self.waiting += usize::from(side == Side::New);
        Ok(())
    }
}
