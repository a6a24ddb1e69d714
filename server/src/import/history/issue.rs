//! What could not be read, or not as it was meant.

use super::knowledge::MAX_PATH;

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The front matter begins and never ends. It was read up to the first line that cannot be part of it.
    FrontMatterOpen,
    /// The front matter is not YAML. What can be was read line by line.
    NotYaml,
    /// A key stands there twice. The last one counts.
    DuplicateKey,
    /// A date is none.
    BadDate,
    /// A claim does not say where it was taken from.
    MissingSource,
    /// A claim does not say its domain.
    MissingDomain,
    /// A claim has no front matter.
    NoFrontMatter,
    /// The file is not UTF-8. What is not was replaced.
    NotUtf8,
    /// The path is not UTF-8. What is not was replaced.
    PathNotUtf8,
    /// Another file of the kind has the same name, so that links to it are ambiguous.
    AmbiguousSlug,
    /// The file is larger than is read: it is no piece of knowledge, and its lines are not counted.
    TooLarge,
    /// The merge brings more commits than are read.
    TooManyCommits,
    /// The history that the merge brings is cut off: the clone is shallow.
    CutOff,
    /// A signature or a time of the commit cannot be read.
    BadSignature,
    /// The object is not in the repository, or is broken.
    Unreadable,
    /// The path is longer than one of a piece of knowledge may be: it is none.
    PathTooLong,
    /// The commit changes more paths than are read, or more stands on the branch.
    TooManyPaths,
    /// An entry of an attribution block names no role, or nobody. The others count.
    BadAttribution,
    /// A name, a message or a list is longer than is kept. Its beginning was read.
    Cut,
}

impl Reason {
    const ALL: [(Self, &'static str, &'static str); 19] = [
        (Self::FrontMatterOpen, "front_matter_open", "front matter that does not end"),
        (Self::NotYaml, "not_yaml", "front matter that is not YAML, read line by line"),
        (Self::DuplicateKey, "duplicate_key", "a key given twice, of which the last counts"),
        (Self::BadDate, "bad_date", "a date that is none"),
        (Self::MissingSource, "missing_source", "a claim without a source"),
        (Self::MissingDomain, "missing_domain", "a claim without a domain"),
        (Self::NoFrontMatter, "no_front_matter", "a claim without front matter"),
        (Self::NotUtf8, "not_utf8", "a file that is not UTF-8"),
        (Self::PathNotUtf8, "path_not_utf8", "a path that is not UTF-8"),
        (Self::AmbiguousSlug, "ambiguous_slug", "a name that several files have"),
        (Self::TooLarge, "too_large", "a file larger than is read"),
        (Self::TooManyCommits, "too_many_commits", "a merge of more commits than are read"),
        (Self::CutOff, "cut_off", "a merge whose history a shallow clone lacks"),
        (Self::BadSignature, "bad_signature", "a signature or time that cannot be read"),
        (Self::Unreadable, "unreadable", "an object that is missing or broken"),
        (Self::PathTooLong, "path_too_long", "a path longer than is read"),
        (Self::TooManyPaths, "too_many_paths", "more paths than are read"),
        (Self::BadAttribution, "bad_attribution", "an attribution that names no role or nobody"),
        (Self::Cut, "cut", "a name, message or list longer than is kept"),
    ];

    /// The name as it is stored and sent.
    pub const fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The name for a reader.
    pub const fn label(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// The reason of a name as it is stored.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == name).map(|(reason, ..)| reason)
    }
}

/// Something that could not be read, or not as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Which file; empty where it is the commit itself.
    pub path: String,
    /// Why.
    pub reason: Reason,
    /// What stands there.
    pub detail: String,
}

/// Characters of a detail.
const MAX_DETAIL: usize = 500;

impl Issue {
    /// The same, no longer than it may be kept: paths of issues are keys of an index, too.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.path.truncate(self.path.floor_char_boundary(MAX_PATH));
        if let Some((at, _)) = self.detail.char_indices().nth(MAX_DETAIL) {
            self.detail.truncate(at);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_by_its_name() {
        for (place, (reason, name, _)) in Reason::ALL.into_iter().enumerate() {
            assert_eq!((reason as usize, Reason::named(name)), (place, Some(reason)), "{name}");
        }
    }
}
