//! What this repository's own git history says about who worked on what: input for the demo that nobody made
//! up.
//!
//! One entry per folder at the top of the repository: the commits that touched it, by author, and the lines
//! they changed there. A commit that touched two folders counts in both.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};

use crate::shell::{self, command};

/// Links beyond this many would make the demo's first page long, not richer.
const SCOPES_AT_MOST: usize = 12;
/// What separates commits and fields in the format asked of git: never part of a name.
const RECORD: char = '\u{1e}';
const FIELD: char = '\u{1f}';

/// The work on one folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Abbreviated commit ids, newest first.
    pub commits: Vec<String>,
    /// Commits by author.
    pub authors: BTreeMap<String, u32>,
    /// Lines added and removed.
    pub lines: u64,
    /// Files in the folder today.
    pub files: usize,
}

impl Scope {
    /// Who made most commits; of equals, the first by name.
    pub fn main_author(&self) -> &str {
        let most =
            self.authors.iter().min_by_key(|(name, commits)| (std::cmp::Reverse(**commits), (*name).clone()));
        most.map_or("", |(name, _)| name)
    }
}

/// The history, and what tells this repository from any other.
pub struct History {
    /// The first commit, abbreviated.
    pub root: String,
    /// By the name of the folder; `root` is for files in none.
    pub scopes: BTreeMap<String, Scope>,
}

/// The branch that is checked out; none where there is no repository here, or no branch of it.
pub fn branch() -> Option<String> {
    let git = |arguments: &[&str]| shell::text(command("git").args(arguments)).ok();
    let here = git(&["rev-parse", "--show-prefix"])?.trim().is_empty();
    let branch = git(&["symbolic-ref", "--short", "HEAD"])?.trim().to_owned();
    (here && !branch.is_empty()).then_some(branch)
}

/// Reads the history; the error says why there is none to read.
pub fn read() -> Result<History> {
    let git =
        |arguments: &[&str]| shell::text(command("git").args(["-c", "core.quotePath=off"]).args(arguments));
    if !git(&["rev-parse", "--show-prefix"])?.trim().is_empty() {
        bail!("this is a folder of another repository");
    }
    if git(&["rev-parse", "--is-shallow-repository"])?.trim() == "true" {
        bail!("this is a shallow clone, which would credit everything to whoever comes last");
    }
    let roots = git(&["rev-list", "--max-parents=0", "--abbrev-commit", "--abbrev=12", "HEAD"])?;
    let format = format!("--format={RECORD}%h{FIELD}%aN");
    let log = git(&["log", "--no-merges", "--no-renames", "--abbrev=12", "--numstat", &format])?;
    let mut scopes = group(&log);
    count_files(&mut scopes, &git(&["ls-tree", "-r", "--name-only", "HEAD"])?);
    Ok(History { root: roots.lines().last().unwrap_or_default().to_owned(), scopes: busiest(scopes) })
}

/// Groups the output of `git log --numstat` by folder.
fn group(log: &str) -> BTreeMap<String, Scope> {
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    for record in log.split(RECORD).skip(1) {
        let mut lines = record.lines();
        let Some((commit, author)) = lines.next().and_then(|head| head.split_once(FIELD)) else { continue };
        let mut touched = BTreeSet::new();
        for line in lines {
            let mut columns = line.splitn(3, '\t');
            let (Some(added), Some(removed), Some(path)) = (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            // Git prints `-` for binary files, which have no lines.
            let changed = |column: &str| column.parse::<u64>().unwrap_or(0);
            let scope = scope_of(path);
            scopes.entry(scope.clone()).or_default().lines += changed(added) + changed(removed);
            touched.insert(scope);
        }
        for scope in touched {
            let entry = scopes.entry(scope).or_default();
            entry.commits.push(commit.to_owned());
            *entry.authors.entry(handle(author)).or_default() += 1;
        }
    }
    scopes
}

fn count_files(scopes: &mut BTreeMap<String, Scope>, tree: &str) {
    for path in tree.lines() {
        if let Some(scope) = scopes.get_mut(&scope_of(path)) {
            scope.files += 1;
        }
    }
}

/// The scopes with most commits, of equals those first by name.
fn busiest(scopes: BTreeMap<String, Scope>) -> BTreeMap<String, Scope> {
    let mut ranked: Vec<_> = scopes.into_iter().collect();
    ranked.sort_by_key(|(_, scope)| std::cmp::Reverse(scope.commits.len()));
    ranked.into_iter().take(SCOPES_AT_MOST).collect()
}

/// The folder at the top of a path, as an id: `.ci/run` is `ci`.
fn scope_of(path: &str) -> String {
    path.split_once('/').map_or_else(|| "root".to_owned(), |(folder, _)| handle(folder))
}

/// A name as a handle: lower case, letters and digits of any script, and single dashes.
fn handle(name: &str) -> String {
    let spaced: String = name
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if words.is_empty() { "unnamed".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::{SCOPES_AT_MOST, Scope, busiest, count_files, group, handle};

    const LOG: &str = "\
\u{1e}cccc\u{1f}Ada L.\n\n3\t1\tdomain/src/lib.rs\n-\t-\tpublic/icon.png\n\
\u{1e}bbbb\u{1f}Bo\n\n10\t0\tdomain/src/id.rs\n2\t2\tdomain/src/lib.rs\n1\t0\tREADME.md\n\
\u{1e}aaaa\u{1f}Ada L.\n";

    #[test]
    fn a_commit_counts_once_in_each_folder_it_touched() {
        let scopes = group(LOG);
        assert_eq!(scopes.keys().collect::<Vec<_>>(), ["domain", "public", "root"]);
        let domain = &scopes["domain"];
        assert_eq!(domain.commits, ["cccc", "bbbb"]);
        assert_eq!(domain.lines, 18);
        assert_eq!(domain.authors.values().sum::<u32>(), 2);
        assert_eq!((scopes["public"].lines, scopes["public"].commits.len()), (0, 1));
    }

    #[test]
    fn main_author_has_most_commits_and_ties_go_by_name() {
        let mut scope = Scope::default();
        assert_eq!(scope.main_author(), "");
        scope.authors.extend([("bo".to_owned(), 2), ("ada".to_owned(), 2), ("cy".to_owned(), 1)]);
        assert_eq!(scope.main_author(), "ada");
        scope.authors.insert("cy".to_owned(), 3);
        assert_eq!(scope.main_author(), "cy");
    }

    #[test]
    fn files_of_folders_without_history_are_not_counted() {
        let mut scopes = group(LOG);
        count_files(&mut scopes, "README.md\nCargo.toml\ndomain/src/lib.rs\nstyle/main.css\n");
        assert_eq!(
            (scopes["root"].files, scopes["domain"].files, scopes.contains_key("style")),
            (2, 1, false)
        );
    }

    #[test]
    fn only_the_busiest_folders_stay() {
        let scope = |commits: usize| Scope { commits: vec!["c".to_owned(); commits], ..Scope::default() };
        let many = (0..30).map(|number| (format!("folder-{number:02}"), scope(number + 1))).collect();
        let kept = busiest(many);
        assert_eq!(kept.len(), SCOPES_AT_MOST);
        assert_eq!(kept.keys().next().map(String::as_str), Some("folder-18"));
    }

    #[test]
    fn handles_are_plain() {
        assert_eq!(handle("Ada  L. (she)"), "ada-l-she");
        assert_eq!(handle(".ci"), "ci");
        assert_eq!(handle("Zoë"), "zoë");
        assert_eq!(handle("🦀"), "unnamed");
    }
}
