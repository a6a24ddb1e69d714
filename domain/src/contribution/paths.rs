//! Which paths a policy means.
//!
//! A pattern is a file (`README.md`), a folder with all that is below it (`domains/`), or either with `*` for any part
//! of a name and `**` for any folders, none included (`agents/*/beliefs/`, `**/Cargo.lock`). Case counts.

use super::knowledge::KnowledgeKind;
use super::policy::Paths;

/// Whether a path, with `/` and from the root on, is one that the pattern means.
pub fn matches(pattern: &str, path: &str) -> bool {
    if pattern.is_empty() || path.is_empty() {
        return false;
    }
    let Some(folder) = pattern.strip_suffix('/') else {
        let pattern: Vec<&str> = pattern.split('/').collect();
        return folders_match(&pattern, &path.split('/').collect::<Vec<_>>());
    };
    // Something must be left below the folder.
    let mut pattern: Vec<&str> = folder.split('/').collect();
    pattern.extend(["**", "*"]);
    folders_match(&pattern, &path.split('/').collect::<Vec<_>>())
}

/// Whether a path is one that any of the patterns means.
pub fn any_matches(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, path))
}

impl Paths {
    /// What a file at a path holds, where it does not say so itself. Where several are meant, the first in the order
    /// of the chain: position, belief, claim, source, entity.
    pub fn kind_of(&self, path: &str) -> Option<KnowledgeKind> {
        let kinds = [
            (KnowledgeKind::Position, &self.positions),
            (KnowledgeKind::Belief, &self.beliefs),
            (KnowledgeKind::Claim, &self.claims),
            (KnowledgeKind::Source, &self.sources),
            (KnowledgeKind::Entity, &self.entities),
        ];
        kinds.into_iter().find(|(_, patterns)| any_matches(patterns, path)).map(|(kind, _)| kind)
    }
}

fn folders_match(pattern: &[&str], path: &[&str]) -> bool {
    wildcard(pattern, path, |part| *part == "**", |part, name| name_matches(part, name))
}

/// Whether a name is one that a pattern without folders means.
pub(super) fn name_matches(pattern: &str, name: &str) -> bool {
    wildcard(pattern.as_bytes(), name.as_bytes(), |byte| *byte == b'*', |a, b| a == b)
}

/// Whether a pattern covers all of a text. Only the last wildcard is ever gone back to, so that no pattern takes long.
fn wildcard<P, T>(
    pattern: &[P],
    text: &[T],
    is_any: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut in_pattern, mut in_text) = (0, 0);
    // Behind the last wildcard, and from where on it stands for more.
    let mut back: Option<(usize, usize)> = None;
    while in_text < text.len() {
        match pattern.get(in_pattern) {
            Some(part) if is_any(part) => {
                in_pattern += 1;
                back = Some((in_pattern, in_text));
            }
            Some(part) if fits(part, &text[in_text]) => {
                in_pattern += 1;
                in_text += 1;
            }
            _ => match back {
                Some((behind, from)) => {
                    in_pattern = behind;
                    in_text = from + 1;
                    back = Some((behind, in_text));
                }
                None => return false,
            },
        }
    }
    pattern[in_pattern..].iter().all(is_any)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contribution::{ContributionPolicy, DEFAULT_POLICY};
    use proptest::prelude::*;

    #[test]
    fn a_pattern_means_a_file_a_folder_or_what_its_stars_stand_for() {
        for (pattern, path, meant) in [
            ("Cargo.lock", "Cargo.lock", true),
            ("Cargo.lock", "server/Cargo.lock", false),
            ("Cargo.lock", "Cargo.lock.old", false),
            ("domains/", "domains/tides/a.md", true),
            ("domains/", "domains/a.md", true),
            ("domains/", "domains", false),
            ("domains/", "domains-old/a.md", false),
            ("domains/", "old/domains/a.md", false),
            ("domains/", "Domains/a.md", false),
            ("domains", "domains/a.md", false),
            ("agents/*/beliefs.md", "agents/ann/beliefs.md", true),
            ("agents/*/beliefs.md", "agents/ann/old/beliefs.md", false),
            ("agents/*/beliefs.md", "agents/beliefs.md", false),
            ("agents/*/beliefs/", "agents/ann/beliefs/2026/a.md", true),
            ("agents/*/beliefs/", "agents/ann/beliefs.md", false),
            ("**", "a", true),
            ("**", "a/b/c", true),
            ("**/Cargo.lock", "Cargo.lock", true),
            ("**/Cargo.lock", "a/b/Cargo.lock", true),
            ("a/**/z.md", "a/z.md", true),
            ("a/**/z.md", "a/b/c/z.md", true),
            ("a/**/z.md", "b/z.md", false),
            ("**/x/**/y", "x/q/x/y", true),
            ("*.md", "a.md", true),
            ("*.md", "a/b.md", false),
            ("tide-*-*.md", "tide-a-b-c.md", true),
            ("*é*", "café au lait", true),
            ("", "a", false),
            ("**", "", false),
        ] {
            assert_eq!(matches(pattern, path), meant, "{pattern} and {path}");
        }
    }

    #[test]
    fn the_default_policy_tells_kinds_by_their_paths() {
        let paths = &ContributionPolicy::named(DEFAULT_POLICY).unwrap().paths;
        for (path, kind) in [
            ("domains/tides/a.md", Some(KnowledgeKind::Claim)),
            ("agents/ann/beliefs.md", Some(KnowledgeKind::Belief)),
            ("agents/ann/positions/a.md", Some(KnowledgeKind::Position)),
            ("inbox/archive/a.md", Some(KnowledgeKind::Source)),
            ("entities/a.md", Some(KnowledgeKind::Entity)),
            ("agents/ann/musings/a.md", None),
            ("README.md", None),
        ] {
            assert_eq!(paths.kind_of(path), kind, "{path}");
        }
    }

    proptest! {
        #[test]
        fn a_path_means_itself_and_lies_in_each_folder_above_it(parts in prop::collection::vec("[a-zé.-]{1,6}", 1..6)) {
            let path = parts.join("/");
            prop_assert!(matches(&path, &path));
            for depth in 1..parts.len() {
                let folder = format!("{}/", parts[..depth].join("/"));
                prop_assert!(matches(&folder, &path));
            }
        }

        #[test]
        fn the_match_agrees_with_the_plain_definition(pattern in "[ab*/]{1,8}", path in "[ab/]{1,8}") {
            // Slow and plain: every split is tried.
            fn name(pattern: &[u8], text: &[u8]) -> bool {
                match pattern.split_first() {
                    None => text.is_empty(),
                    Some((b'*', rest)) => (0..=text.len()).any(|at| name(rest, &text[at..])),
                    Some((byte, rest)) => text.first() == Some(byte) && name(rest, &text[1..]),
                }
            }
            fn folders(pattern: &[&str], path: &[&str]) -> bool {
                match pattern.split_first() {
                    None => path.is_empty(),
                    Some((&"**", rest)) => (0..=path.len()).any(|at| folders(rest, &path[at..])),
                    Some((part, rest)) => path.split_first().is_some_and(|(first, others)| {
                        name(part.as_bytes(), first.as_bytes()) && folders(rest, others)
                    }),
                }
            }
            let parts: Vec<_> = pattern.split('/').collect();
            let plain = if let Some(folder) = pattern.strip_suffix('/') {
                let parts: Vec<_> = folder.split('/').chain(["**", "*"]).collect();
                folders(&parts, &path.split('/').collect::<Vec<_>>())
            } else {
                folders(&parts, &path.split('/').collect::<Vec<_>>())
            };
            prop_assert_eq!(matches(&pattern, &path), plain);
        }
    }
}
