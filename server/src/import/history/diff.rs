//! What a commit changes: paths against its first parent, and lines.

use super::Reader;
use anyhow::Result;
use gix::{
    ObjectId,
    diff::tree::{Recorder, recorder::Change as Recorded},
    objs::{FindExt as _, TreeRefIter, tree::EntryMode},
};
use gix_imara_diff::{Algorithm, Diff, InternedInput, sources::byte_lines};

/// Bytes of a file that are read; lines are counted in no larger one.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;

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
    /// The changes between two trees, by path.
    pub(super) fn changes(&self, before: Option<ObjectId>, after: ObjectId) -> Result<Vec<Change>> {
        let mut recorder = Recorder::default();
        if before == Some(after) {
            return Ok(vec![]);
        }
        {
            let buffers = &mut *self.buffers.borrow_mut();
            let hash = self.repository.object_hash();
            let old = match before {
                Some(id) => self.repository.objects.find_tree_iter(&id, &mut buffers.old)?,
                None => TreeRefIter::from_bytes(&[], hash),
            };
            let new = self.repository.objects.find_tree_iter(&after, &mut buffers.new)?;
            gix::diff::tree(old, new, &mut buffers.state, &self.repository.objects, &mut recorder)?;
        }
        let mut changes: Vec<Change> = Vec::with_capacity(recorder.records.len());
        for recorded in recorder.records {
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
        Ok(changes)
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
