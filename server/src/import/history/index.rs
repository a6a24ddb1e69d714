//! What stands on the branch: which name leads to which piece of knowledge, and which persons are known.
//!
//! Desired properties:
//! - it follows from what stands there alone: moved on unit by unit, it is the same as when it is read in one go;
//! - what a link leads to does not depend on the order in which pieces came.

use super::links::Link;
use domain::contribution::KnowledgeKind;
use std::collections::{BTreeMap, BTreeSet};

/// A piece of knowledge that stands on the branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with `#3` behind it where the file holds several.
    pub path: String,
    /// The name by which others cite it.
    pub slug: String,
    /// What it is.
    pub kind: KnowledgeKind,
    /// Its domain.
    pub domain: Option<String>,
    /// The person that it is about, if it is.
    pub person: Option<Person>,
}

/// A person that texts may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// By which handle.
    pub handle: String,
    /// By which name: the title of their entity.
    pub name: String,
}

/// All that stands on the branch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    entries: BTreeMap<String, Entry>,
    /// Names, then paths.
    slugs: BTreeMap<String, BTreeSet<String>>,
    /// Paths of persons.
    people: BTreeSet<String>,
    /// Whether more stands there.
    cut: bool,
}

impl FromIterator<Entry> for Index {
    fn from_iter<T: IntoIterator<Item = Entry>>(entries: T) -> Self {
        let mut index = Self::default();
        entries.into_iter().for_each(|entry| index.put(entry));
        index
    }
}

impl Index {
    /// Everything, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Says whether more stands there than is in it.
    pub(super) fn set_cut(&mut self, cut: bool) {
        self.cut = cut;
    }

    /// Whether more stands there than is in it: links to the rest lead nowhere.
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// How many pieces stand there.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether something stands at a path.
    pub fn contains(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// Puts a piece in its place.
    pub fn put(&mut self, entry: Entry) {
        self.remove(&entry.path);
        self.slugs.entry(entry.slug.clone()).or_default().insert(entry.path.clone());
        if entry.person.is_some() {
            self.people.insert(entry.path.clone());
        }
        self.entries.insert(entry.path.clone(), entry);
    }

    /// Takes a piece away.
    pub fn remove(&mut self, path: &str) {
        let Some(entry) = self.entries.remove(path) else { return };
        self.people.remove(path);
        if let Some(paths) = self.slugs.get_mut(&entry.slug) {
            paths.remove(path);
            if paths.is_empty() {
                self.slugs.remove(&entry.slug);
            }
        }
    }

    /// Another piece of the kind that has the same name.
    pub fn namesake(&self, entry: &Entry) -> Option<&Entry> {
        self.of_slug(&entry.slug).find(|other| other.path != entry.path && other.kind == entry.kind)
    }

    /// Whatever has a name, by path.
    fn of_slug(&self, slug: &str) -> impl Iterator<Item = &Entry> {
        self.slugs.get(slug).into_iter().flatten().filter_map(|path| self.entries.get(path))
    }

    /// What a link in a file leads to. Of several of the name, those remain that
    /// 1. lie in the folder that the link names, if any does;
    /// 2. are of the kind that comes first: for a position a belief, else a claim;
    /// 3. share most folders with the file that cites;
    /// 4. come first by path.
    pub fn resolve(&self, link: &Link, from: &str, from_kind: KnowledgeKind) -> Option<&Entry> {
        let mut found: Vec<&Entry> = self.of_slug(&link.slug).collect();
        if let (true, Some(heading)) = (found.is_empty(), &link.heading) {
            // A belief among several in a file: `[[beliefs#2. Tides turn]]`.
            let (_, title) = numbered(heading).unwrap_or((0, heading));
            found = self
                .of_slug(title)
                .filter(|it| super::links::slug_of(file_of(&it.path)) == link.slug)
                .collect();
        }
        if let Some(folder) = &link.folder {
            let lies_in = |entry: &&Entry| {
                let path = file_of(&entry.path).to_lowercase();
                let above = path.rsplit_once('/').map_or("", |(above, _)| above);
                above.strip_suffix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            };
            if found.iter().any(lies_in) {
                found.retain(|entry| lies_in(entry));
            }
        }
        found.into_iter().min_by_key(|entry| {
            (rank(entry.kind, from_kind), usize::MAX - shared_folders(&entry.path, from), &entry.path)
        })
    }

    /// Handles of the persons that a text names, in order.
    pub fn people_in(&self, text: &str) -> BTreeSet<String> {
        if self.people.is_empty() {
            return BTreeSet::new();
        }
        let text = text.to_lowercase();
        let people = self.people.iter().filter_map(|path| self.entries.get(path)?.person.as_ref());
        let named = people.filter(|person| {
            [&person.handle, &person.name.to_lowercase()].into_iter().any(|name| stands_in(&text, name))
        });
        named.map(|person| person.handle.clone()).collect()
    }
}

/// The file of a piece.
pub fn file_of(path: &str) -> &str {
    match path.rsplit_once(".md#") {
        Some((file, _)) => &path[..file.len() + 3],
        None => path,
    }
}

/// `2. Tides turn`: the number and the title.
pub fn numbered(heading: &str) -> Option<(u32, &str)> {
    let end = heading.find(|it: char| !it.is_ascii_digit())?;
    let title = heading[end..].strip_prefix(['.', ')'])?.trim_start();
    Some((heading[..end].parse().ok()?, title)).filter(|(_, title)| !title.is_empty())
}

fn rank(kind: KnowledgeKind, from: KnowledgeKind) -> usize {
    use KnowledgeKind::{Belief, Challenge, Claim, Entity, Position, Source};
    let order = match from {
        Position => [Belief, Claim, Challenge, Position, Source, Entity],
        _ => [Claim, Challenge, Belief, Position, Source, Entity],
    };
    order.into_iter().position(|it| it == kind).unwrap_or(order.len())
}

fn shared_folders(a: &str, b: &str) -> usize {
    let folders = |path: &str| path.matches('/').count();
    let both = a.split('/').zip(b.split('/')).take(folders(a).min(folders(b)));
    both.take_while(|(a, b)| a == b).count()
}

/// Whether a name stands in a text as a word of its own. Both are in lower case; names of two letters are none.
fn stands_in(text: &str, name: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    name.chars().count() > 2
        && text.match_indices(name).any(|(at, _)| {
            !text[..at].chars().next_back().is_some_and(is_word)
                && !text[at + name.len()..].chars().next().is_some_and(is_word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(path: &str, slug: &str, kind: KnowledgeKind) -> Entry {
        Entry { path: path.into(), slug: slug.into(), kind, domain: None, person: None }
    }

    fn resolve<'a>(index: &'a Index, text: &str, from: &str, kind: KnowledgeKind) -> Option<&'a str> {
        index.resolve(&Link::named(text).unwrap(), from, kind).map(|entry| entry.path.as_str())
    }

    #[test]
    fn of_several_of_a_name_a_link_leads_to_the_nearest() {
        use KnowledgeKind::{Belief, Claim, Position};
        let index: Index = [
            entry("core/a.md", "a", Claim),
            entry("domains/ebb/a.md", "a", Claim),
            entry("domains/tides/a.md", "a", Claim),
            entry("agents/ann/beliefs.md#2", "a", Belief),
        ]
        .into_iter()
        .collect();
        for (text, from, kind, found) in [
            ("a", "domains/tides/b.md", Claim, "domains/tides/a.md"),
            ("A.md", "domains/wind/b.md", Claim, "domains/ebb/a.md"),
            ("a", "foundations/b.md", Claim, "core/a.md"),
            ("tides/a", "core/b.md", Claim, "domains/tides/a.md"),
            ("ides/a", "core/b.md", Claim, "core/a.md"),
            ("nowhere/a", "core/b.md", Claim, "core/a.md"),
            ("a", "agents/bob/positions/p.md", Position, "agents/ann/beliefs.md#2"),
            ("beliefs#2. A", "core/b.md", Claim, "agents/ann/beliefs.md#2"),
        ] {
            assert_eq!(resolve(&index, text, from, kind), Some(found), "{text} in {from}");
        }
        assert_eq!(resolve(&index, "b", "core/a.md", Claim), None);
        assert_eq!(resolve(&index, "others#2. A", "core/a.md", Claim), None);
    }

    #[test]
    fn a_person_is_named_by_handle_or_name_as_a_word() {
        let person = Person { handle: "ann_t".into(), name: "Ann Tide".into() };
        let entity = Entry { person: Some(person), ..entry("entities/ann.md", "ann", KnowledgeKind::Entity) };
        let mut index: Index = [entity].into_iter().collect();
        for (text, named) in
            [("by Ann TIDE, 2026", true), ("@ann_t on tides", true), ("Joann Tide", false), ("ann_tx", false)]
        {
            assert_eq!(index.people_in(text).len(), usize::from(named), "{text}");
        }
        index.remove("entities/ann.md");
        assert!(index.people_in("Ann Tide").is_empty() && index == Index::default());
    }

    proptest! {
        #[test]
        fn the_order_in_which_pieces_come_does_not_matter(mut pieces in prop::collection::vec((0..4_u8, 0..3_u8, 0..6_usize), 1..12), seed in any::<prop::sample::Index>()) {
            pieces.sort_unstable();
            pieces.dedup_by_key(|piece| (piece.0, piece.1));
            let entries: Vec<_> = pieces.iter().map(|(folder, name, kind)| {
                entry(&format!("f{folder}/{name}.md"), &name.to_string(), KnowledgeKind::ALL[*kind])
            }).collect();
            let mut turned = entries.clone();
            turned.rotate_left(seed.index(entries.len()));
            let (one, mut other): (Index, Index) = (entries.iter().cloned().collect(), turned.into_iter().collect());
            prop_assert_eq!(&one, &other);
            for entry in &entries {
                other.remove(&entry.path);
                other.put(entry.clone());
            }
            prop_assert_eq!(&one, &other);
        }
    }
}
