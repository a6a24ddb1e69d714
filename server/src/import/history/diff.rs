//! What a commit changes: paths against its first parent, and lines.

use super::{Reader, knowledge::is_named_so};
use anyhow::Result;
use gix::{
    ObjectId,
    bstr::{BStr, ByteSlice as _},
    diff::tree::{
        Error, Recorder, Visit,
        recorder::Change as Recorded,
        visit::{Action, Change as Visited},
    },
    objs::{FindExt as _, TreeRefIter, tree::EntryMode},
};
use gix_imara_diff::{Algorithm, Diff, InternedInput, sources::byte_lines};

/// Bytes of a file that are read; lines are counted in no larger one.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Entries of trees that are looked at to tell what a commit changes. A tree that holds another one many times over,
/// and that again, has more paths than there is memory.
const MAX_ENTRIES: usize = 200_000;
/// Entries that are looked at to tell all that stands on the branch: most are no files of interest.
const MAX_STANDING: usize = 10 * MAX_ENTRIES;

/// A path that is changed. Renames are a removal and an addition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path; what is no UTF-8 in it replaced.
    pub path: String,
    /// Whether something was.
    pub is_utf8: bool,
    /// What was there.
    pub before: Option<Blob>,
    /// What is there.
    pub after: Option<Blob>,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    pub id: ObjectId,
    /// Whether it is a file: no link, no submodule.
    pub is_file: bool,
}

impl Blob {
    fn of(mode: EntryMode, id: ObjectId) -> Option<Self> {
        (!mode.is_tree()).then(|| Self { id, is_file: mode.is_blob() })
    }
}

impl Reader {
    /// The changes between two trees, by path, and whether there are more than these.
    pub(super) fn changes(&self, before: Option<ObjectId>, after: ObjectId) -> Result<(Vec<Change>, bool)> {
        if before == Some(after) {
            return Ok((vec![], false));
        }
        self.visited(before, after, Visitor { left: MAX_ENTRIES, ..Visitor::default() })
    }

    /// The files of a tree that may hold knowledge, and whether there are more than these.
    pub(super) fn standing(&self, tree: ObjectId) -> Result<(Vec<Change>, bool)> {
        let visitor = Visitor { left: MAX_STANDING, only_knowledge: true, ..Visitor::default() };
        self.visited(None, tree, visitor)
    }

    fn visited(
        &self,
        before: Option<ObjectId>,
        after: ObjectId,
        mut visitor: Visitor,
    ) -> Result<(Vec<Change>, bool)> {
        let more = {
            let buffers = &mut *self.buffers.borrow_mut();
            let hash = self.repository.object_hash();
            let old = match before {
                Some(id) => self.repository.objects.find_tree_iter(&id, &mut buffers.old)?,
                None => TreeRefIter::from_bytes(&[], hash),
            };
            let new = self.repository.objects.find_tree_iter(&after, &mut buffers.new)?;
            match gix::diff::tree(old, new, &mut buffers.state, &self.repository.objects, &mut visitor) {
                Ok(()) => false,
                Err(Error::Cancelled) => true,
                Err(error) => return Err(error.into()),
            }
        };
        let records = visitor.recorder.records;
        let mut changes: Vec<Change> = Vec::with_capacity(records.len());
        for recorded in records {
            let (path, before, after) = match recorded {
                Recorded::Addition { entry_mode, oid, path, .. } => (path, None, Blob::of(entry_mode, oid)),
                Recorded::Deletion { entry_mode, oid, path, .. } => (path, Blob::of(entry_mode, oid), None),
                Recorded::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
                    (path, Blob::of(previous_entry_mode, previous_oid), Blob::of(entry_mode, oid))
                }
            };
            if before.is_some() || after.is_some() {
                let (path, is_utf8) = match String::from_utf8(path.into()) {
                    Ok(path) => (path, true),
                    Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
                };
                changes.push(Change { path, is_utf8, before, after });
            }
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok((changes, more))
    }
}

/// Records what is of interest, up to a limit.
#[derive(Default)]
struct Visitor {
    recorder: Recorder,
    left: usize,
    only_knowledge: bool,
}

impl Visit for Visitor {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.recorder.pop_front_tracked_path_and_set_current();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.recorder.push_back_tracked_path_component(component);
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.recorder.push_path_component(component);
    }

    fn pop_path_component(&mut self) {
        self.recorder.pop_path_component();
    }

    fn visit(&mut self, change: Visited) -> Action {
        let Some(left) = self.left.checked_sub(1) else { return Action::Break(()) };
        self.left = left;
        let is_wanted = match &change {
            Visited::Addition { entry_mode, .. } | Visited::Deletion { entry_mode, .. } => {
                !entry_mode.is_tree()
            }
            Visited::Modification { previous_entry_mode, entry_mode, .. } => {
                !(previous_entry_mode.is_tree() && entry_mode.is_tree())
            }
        };
        if is_wanted && (!self.only_knowledge || is_named_so(&self.recorder.path().to_str_lossy())) {
            return self.recorder.visit(change);
        }
        Action::Continue(())
    }
}

/// Whether bytes are text, as git tells it.
pub fn is_text(bytes: &[u8]) -> bool {
    !bytes[..bytes.len().min(8_000)].contains(&0)
}

/// Lines added and removed.
pub fn lines(before: Option<&[u8]>, after: Option<&[u8]>) -> (i64, i64) {
    match (before, after) {
        (Some(before), Some(after)) => {
            let input = InternedInput::new(byte_lines(before), byte_lines(after));
            let diff = Diff::compute(Algorithm::Myers, &input);
            (i64::from(diff.count_additions()), i64::from(diff.count_removals()))
        }
        (before, after) => (count(after), count(before)),
    }
}

fn count(bytes: Option<&[u8]>) -> i64 {
    let Some(bytes) = bytes else { return 0 };
    let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
    let unended = bytes.last().is_some_and(|byte| *byte != b'\n');
    i64::try_from(ends + usize::from(unended)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_git_counts_them() {
        for (before, after, counted) in [
            (None, Some("a\nb\n"), (2, 0)),
            (None, Some("a\nb"), (2, 0)),
            (Some(""), Some("a"), (1, 0)),
            (Some("a\nb\nc\n"), Some("a\nx\nc\n"), (1, 1)),
            (Some("a\nb\n"), None, (0, 2)),
            (Some("a\n"), Some("a"), (1, 1)),
            (Some("a\r\n"), Some("a\n"), (1, 1)),
            (Some(""), None, (0, 0)),
        ] {
            assert_eq!(
                lines(before.map(str::as_bytes), after.map(str::as_bytes)),
                counted,
                "{before:?} {after:?}"
            );
        }
        assert!(is_text(b"a\n") && is_text(b"") && !is_text(b"a\0"));
    }
}
