//! A commit as it lies in the repository, read so that none is refused over a line that is malformed.

use super::Reader;
use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use gix::{
    ObjectId,
    bstr::{BStr, ByteSlice as _},
    objs::{FindExt as _, Kind},
};

/// A commit. Lines that are missing are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Commit<'a> {
    /// Its tree, without which it tells nothing.
    pub tree: ObjectId,
    /// Its parents, the first first.
    pub parents: Vec<ObjectId>,
    /// Who wrote it, as it stands there.
    pub author: &'a BStr,
    /// Who put it there, as it stands there.
    pub committer: &'a BStr,
    /// The message.
    pub message: &'a BStr,
}

impl Reader {
    /// Reads a commit; what it tells is lent by the buffer.
    pub(super) fn commit<'a>(&self, id: ObjectId, buffer: &'a mut Vec<u8>) -> Result<Commit<'a>> {
        let object = self.repository.objects.find(&id, buffer)?;
        ensure!(object.kind == Kind::Commit, "{id} is a {}, no commit", object.kind);
        Commit::read(object.data).with_context(|| format!("the commit {id} names no tree"))
    }
}

impl<'a> Commit<'a> {
    /// Reads the bytes of a commit; none where they name no tree. Of a line that stands there twice the first counts.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (mut tree, mut parents, mut author, mut committer) = (None, Vec::new(), None, None);
        let mut rest = bytes;
        while !rest.is_empty() {
            let (line, behind) = rest.split_once_str(b"\n").unwrap_or((rest, b""));
            rest = behind;
            if line.is_empty() {
                break;
            }
            // What goes on over several lines, such as a signature's text, begins with a space.
            let Some((name, value)) = line.split_once_str(b" ") else { continue };
            match name {
                b"tree" if tree.is_none() => tree = ObjectId::from_hex(value).ok(),
                b"parent" => parents.extend(ObjectId::from_hex(value)),
                b"author" => author = author.or(Some(value)),
                b"committer" => committer = committer.or(Some(value)),
                _ => {}
            }
        }
        let text = |line: Option<&'a [u8]>| line.unwrap_or_default().as_bstr();
        Some(Self {
            tree: tree?,
            parents,
            author: text(author),
            committer: text(committer),
            message: rest.as_bstr(),
        })
    }

    /// The committer's time in seconds; 0 where it is none.
    pub fn seconds(&self) -> i64 {
        time_of(self.committer).map_or(0, |time| time.timestamp())
    }
}

/// The time at the end of a signature: the number behind its last bracket, else the one before the offset that ends it.
pub(super) fn time_of(signature: &[u8]) -> Option<DateTime<Utc>> {
    let seconds = |word: &[u8]| word.to_str().ok()?.parse().ok();
    let seconds: i64 = match signature.rsplit_once_str(b">") {
        Some((_, behind)) => seconds(behind.fields().next()?)?,
        None => {
            let words: Vec<&[u8]> = signature.fields().collect();
            let [.., time, _] = words[..] else { return None };
            seconds(time)?
        }
    };
    DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_read_whatever_its_lines_are() {
        let tree = "1".repeat(40);
        let read = |text: &str| {
            let text = format!("tree {tree}\n{text}");
            let commit = Commit::read(text.as_bytes()).expect("a tree");
            let own = |text: &BStr| text.to_string();
            (commit.parents.len(), own(commit.author), own(commit.committer), own(commit.message))
        };
        let told = |parents, author: &str, committer: &str, message: &str| {
            (parents, author.to_owned(), committer.to_owned(), message.to_owned())
        };
        let parent = format!("parent {tree}\n");
        for (text, found) in [
            (format!("{parent}{parent}author a\ncommitter c\n\nm\n\nn"), told(2, "a", "c", "m\n\nn")),
            ("author a\n\nm".to_owned(), told(0, "a", "", "m")),
            ("author \ncommitter\n\nm".to_owned(), told(0, "", "", "m")),
            (format!("gpgsig x\n author no\n \nauthor a\nauthor b\n{parent}\nm"), told(1, "a", "", "m")),
            ("author a".to_owned(), told(0, "a", "", "")),
            ("parent 12\n\nm".to_owned(), told(0, "", "", "m")),
        ] {
            assert_eq!(read(&text), found, "{text}");
        }
        assert_eq!(Commit::read(b"author a\n\nm"), None);
        assert_eq!(Commit::read(b""), None);
    }

    #[test]
    fn a_time_is_found_at_the_end() {
        for (signature, seconds) in [
            ("ann <a@b> 100 +0000", Some(100)),
            ("ann <a <b@c>> 100 +0000", Some(100)),
            ("ann 100 +0000", Some(100)),
            ("ann <a@b>", None),
            ("ann <a@b> x +0000", None),
            ("ann <a@b> 99999999999999 +0000", None),
            ("", None),
        ] {
            assert_eq!(time_of(signature.as_bytes()).map(|time| time.timestamp()), seconds, "{signature}");
        }
    }
}
