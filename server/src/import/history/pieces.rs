//! What the files of a unit say: lines, pieces of knowledge, and what is wrong with them.

use super::{
    Index, Issue, MAX_FILE_BYTES, Read, Reader, Reason, Step,
    diff::{self, Blob, Change},
    knowledge::{self, Held, Piece},
    unit::Outline,
};
use anyhow::Result;
use domain::contribution::{ChangeKind, ObjectChange, ObjectState};
use gix::{ObjectId, objs::FindExt as _};
use std::collections::{BTreeMap, BTreeSet};

/// What a file of a unit held before and holds now.
struct Both {
    before: Held,
    after: Held,
}

/// A piece before a unit, its links followed, and after it.
#[derive(Default)]
struct Turn {
    before: Option<(Piece, ObjectState)>,
    after: Option<Piece>,
}

impl Reader {
    /// Reads a commit as a unit, and moves the index on to what stands on the branch after it.
    pub fn read(&self, step: &Step, position: i64, index: &mut Index) -> Result<Read> {
        let Outline { mut unit, changes, mut issues } = self.outline(step, position)?;
        let mut files = Vec::new();
        for change in &changes {
            if change.before == change.after {
                // Only whether it may be run is another: a link is no file, though it holds the same bytes.
                continue;
            }
            let before = self.content(change, change.before, None)?;
            let after = self.content(change, change.after, Some(&mut issues))?;
            let is_text = [&before, &after].into_iter().flatten().all(|bytes| diff::is_text(bytes));
            let is_whole =
                before.is_some() == change.before.is_some() && after.is_some() == change.after.is_some();
            if is_text && is_whole {
                let (added, removed) = diff::lines(before.as_deref(), after.as_deref());
                unit.lines_added += added;
                unit.lines_removed += removed;
            }
            // A link or a submodule has no lines to be missed.
            let is_missing = |blob: Option<Blob>, bytes: &Option<Vec<u8>>| {
                blob.is_some_and(|blob| blob.is_file) && bytes.is_none()
            };
            unit.lines_partial |= is_missing(change.before, &before) || is_missing(change.after, &after);
            if self.holds_knowledge && knowledge::may_hold(&change.path) {
                let hold = |bytes: Option<Vec<u8>>| bytes.map(|bytes| self.held(&change.path, bytes));
                let both =
                    Both { before: hold(before).unwrap_or_default(), after: hold(after).unwrap_or_default() };
                let problems = both.after.problems.iter();
                issues.extend(problems.map(|(reason, detail)| Issue {
                    path: change.path.clone(),
                    reason: *reason,
                    detail: detail.clone(),
                }));
                files.push(both);
            } else if self.holds_knowledge && knowledge::is_named_so(&change.path) && change.after.is_some() {
                let detail = format!("{} bytes", change.path.len());
                issues.push(Issue { path: change.path.clone(), reason: Reason::PathTooLong, detail });
            }
        }
        unit.objects = move_on(files, index, &mut issues);
        let mut issues: Vec<Issue> = issues.into_iter().map(Issue::cut).collect();
        issues.sort_by(|a, b| (&a.path, a.reason, &a.detail).cmp(&(&b.path, b.reason, &b.detail)));
        issues.dedup();
        Ok(Read { unit, issues })
    }

    /// What stands on the branch right after a commit. Moved on unit by unit, an index comes to be the same.
    pub fn index_at(&self, sha: &str) -> Result<Index> {
        let mut index = Index::default();
        if !self.holds_knowledge {
            return Ok(index);
        }
        let (standing, more) = self.standing(self.tree_of(sha)?)?;
        index.set_cut(more);
        for change in standing {
            if let (true, Some(bytes)) =
                (knowledge::may_hold(&change.path), self.content(&change, change.after, None)?)
            {
                self.held(&change.path, bytes).pieces.into_iter().for_each(|piece| index.put(piece.entry));
            }
        }
        Ok(index)
    }

    fn held(&self, path: &str, bytes: Vec<u8>) -> Held {
        match String::from_utf8(bytes) {
            Ok(text) => knowledge::read(path, &text, &self.policy.paths),
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes());
                let mut held = knowledge::read(path, &text, &self.policy.paths);
                if !held.pieces.is_empty() {
                    let at = error.utf8_error().valid_up_to();
                    held.problems.push((Reason::NotUtf8, format!("from byte {at} on")));
                }
                held
            }
        }
    }

    /// The bytes of a file, if they can be read; if not, it is told.
    fn content(
        &self,
        change: &Change,
        blob: Option<Blob>,
        issues: Option<&mut Vec<Issue>>,
    ) -> Result<Option<Vec<u8>>> {
        let Some(blob) = blob.filter(|blob| blob.is_file) else { return Ok(None) };
        match self.load(blob.id)? {
            Ok(bytes) => Ok(Some(bytes)),
            Err((reason, detail)) => {
                if let Some(issues) = issues {
                    issues.push(Issue { path: change.path.clone(), reason, detail });
                }
                Ok(None)
            }
        }
    }

    /// The bytes of a blob that is not too large.
    pub(super) fn load(&self, id: ObjectId) -> Result<Result<Vec<u8>, (Reason, String)>> {
        // Its size is known before it is read.
        let size = match self.repository.find_header(id) {
            Ok(header) => header.size(),
            Err(error) => return Ok(Err((Reason::Unreadable, error.to_string()))),
        };
        if size > MAX_FILE_BYTES {
            return Ok(Err((Reason::TooLarge, format!("{size} bytes"))));
        }
        let mut buffer = Vec::new();
        Ok(match self.repository.objects.find_blob(&id, &mut buffer) {
            Ok(_) => Ok(buffer),
            Err(error) => Err((Reason::Unreadable, error.to_string())),
        })
    }
}

/// Moves the index on, and tells what became of each piece: links of before are followed in what stood there before,
/// links of after in what stands there after all of the unit.
fn move_on(files: Vec<Both>, index: &mut Index, issues: &mut Vec<Issue>) -> Vec<ObjectChange> {
    let none = BTreeSet::new();
    let mut turns: BTreeMap<String, Turn> = BTreeMap::new();
    for Both { before, after } in files {
        for piece in before.pieces {
            let state = piece.followed(index, &none);
            let path = piece.entry.path.clone();
            turns.entry(path).or_default().before = Some((piece, state));
        }
        for piece in after.pieces {
            let path = piece.entry.path.clone();
            turns.entry(path).or_default().after = Some(piece);
        }
    }
    let added: BTreeSet<String> = turns.keys().filter(|path| !index.contains(path)).cloned().collect();
    for (path, turn) in &turns {
        match &turn.after {
            Some(piece) => index.put(piece.entry.clone()),
            None => index.remove(path),
        }
    }
    let mut objects = Vec::new();
    for (path, Turn { before, after }) in turns {
        let (before, before_state) = before.unzip();
        let now = after.as_ref().map(|piece| piece.followed(index, &added));
        let Some(piece) = after.as_ref().or(before.as_ref()) else { continue };
        let change = match (&before, &after) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            (Some(before), Some(after)) if before == after => continue,
            _ => ChangeKind::Changed,
        };
        if let Some(other) = after.as_ref().and_then(|piece| index.namesake(&piece.entry)) {
            let detail = format!("{} is also {}", other.slug, other.path);
            issues.push(Issue { path: path.clone(), reason: Reason::AmbiguousSlug, detail });
        }
        let entry = &piece.entry;
        objects.push(ObjectChange {
            kind: entry.kind,
            slug: entry.slug.clone(),
            change,
            before: before_state,
            after: now,
            path,
        });
    }
    objects
}
