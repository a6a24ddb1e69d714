//! Which commits are read, and that reading in steps is reading at once.

use super::{read, read_on, reader, steps};
use crate::given::{Repository, Signed};
use domain::contribution::{ContributionPolicy, DEFAULT_POLICY};
use server::import::history::{Chain, Index, Reader};

/// Three commits on the branch, the last a merge; their ids.
fn three() -> (Repository, Vec<String>) {
    let repository = Repository::new();
    let mut shas = vec![repository.write("a", "1").commit("One"), repository.write("a", "2").commit("Two")];
    repository.branch("side").write("b", "1").commit("Beside");
    repository.checkout("main");
    shas.push(repository.merge(Signed::by("eve"), "side", "Merge branch 'side'"));
    (repository, shas)
}

#[test]
fn the_chain_is_that_of_first_parents_behind_what_was_read() {
    let (repository, shas) = three();
    let reader = reader(repository.path());
    let of = |since: Option<&str>| steps(&reader, since).iter().map(|step| step.sha()).collect::<Vec<_>>();
    assert_eq!(of(None), shas);
    assert_eq!(of(Some(&shas[0])), shas[1..]);
    assert_eq!(of(Some(&shas[2])), Vec::<String>::new());
    assert_eq!((reader.head(), reader.branch(), reader.is_shallow()), (shas[2].clone(), "main", false));
    assert!(reader.chain(Some("main")).is_err(), "a name is no commit");
}

#[test]
fn a_bare_clone_reads_the_same() {
    let (repository, _) = three();
    let bare = repository.bare();
    assert_eq!(read(bare.path()), read(repository.path()));
}

#[test]
fn history_that_was_rewritten_is_said_so() {
    let (repository, shas) = three();
    repository.git(&["commit", "-q", "--amend", "-m", "Another merge"]);
    let beside = repository.git(&["rev-parse", "side"]);
    let reader = reader(repository.path());
    for since in [&shas[2], &beside, &"0".repeat(40)] {
        assert_eq!(reader.chain(Some(since)).expect("a chain"), Chain::Rewritten, "{since}");
    }
}

#[test]
fn a_shallow_clone_is_read_as_far_as_nothing_is_guessed() {
    let (repository, shas) = three();
    let shallow = repository.shallow(2);
    let reader = reader(shallow.path());
    assert!(reader.is_shallow());
    for since in [None, Some(&*shas[0]), Some(&"0".repeat(40))] {
        let cut_off = Chain::CutOff { oldest: shas[1].clone(), commits: 2 };
        assert_eq!(reader.chain(since).expect("a chain"), cut_off, "{since:?}");
    }
    let found = steps(&reader, Some(&shas[1]));
    assert_eq!(found.len(), 1);
    let mut index = reader.index_at(&shas[1]).expect("an index");
    let from_shallow = reader.read(&found[0], 2, &mut index).expect("a unit");
    let full = read(repository.path()).pop().expect("a unit");
    assert_eq!(from_shallow.unit, full.unit);
    assert_eq!(from_shallow.issues.iter().map(|it| it.reason.name()).collect::<Vec<_>>(), ["cut_off"]);
}

#[test]
fn without_a_branch_it_is_main_or_master_or_the_one_that_it_stands_on() {
    let open = |repository: &Repository, branch: Option<&str>| {
        let policy = ContributionPolicy::named(DEFAULT_POLICY).expect("it comes along");
        Reader::open(repository.path(), branch, "tides", policy.clone()).map(|it| it.branch().to_owned())
    };
    for (first, others, expected) in [
        ("trunk", &["master", "main"][..], "main"),
        ("trunk", &["master"], "master"),
        ("trunk", &["side"], "trunk"),
    ] {
        let repository = Repository::on(first);
        repository.commit("Begin");
        others.iter().for_each(|name| {
            repository.git(&["branch", name]);
        });
        repository.checkout("trunk");
        assert_eq!(open(&repository, None).expect("a branch"), expected);
        assert_eq!(open(&repository, Some("trunk")).expect("a branch"), "trunk");
        assert!(open(&repository, Some("none")).is_err());
    }
    assert!(open(&Repository::new(), None).is_err(), "no commit yet");
}

/// A repository in which pieces come, change, move, cite each other and go.
fn lively() -> Repository {
    let repository = Repository::new();
    let claim = |text: &str| super::claim("ebb", text);
    repository.write("domains/ebb/a.md", claim("[[b]] [[ann]]")).commit("ann: a");
    repository.write("domains/ebb/b.md", claim("[[a]]")).write("entities/ann.md", "---\ntype: person\n---\n");
    repository.commit("ann: b (#1)");
    repository.branch("side").write("domains/flood/a.md", claim("[[a]]")).commit("bob: another a");
    repository
        .write("agents/ann/beliefs.md", "### 1. Tides\n[[a]]\n### 2. Ebb\n[[b]]\n")
        .commit("bob: beliefs");
    repository.checkout("main").write("domains/ebb/b.md", claim("[[A]] again")).commit("ann: b again");
    repository.merge(Signed::by("eve"), "side", "Merge branch 'side'");
    repository.write("agents/ann/positions/p.md", "---\ndepends_on: [tides]\n---\n").commit("ann: acts");
    repository.rename("domains/ebb/b.md", "domains/flood/b.md").commit("ann: moves");
    repository
        .write("agents/ann/beliefs.md", "### 2. Ebb\n[[b]]\n")
        .remove("entities/ann.md")
        .commit("ann: fewer");
    repository
}

#[test]
fn reading_in_two_steps_gives_the_same_units_as_reading_at_once() {
    let repository = lively();
    let whole = read(repository.path());
    for known in 1..=whole.len() {
        let since = &whole[known - 1].unit.sha;
        let reader = reader(repository.path());
        // From what was kept of the branch, and from the branch itself.
        let mut kept = Index::default();
        read_on(&reader, &steps(&reader, None)[..known], 0, &mut kept);
        let mut kept: Index = kept.iter().cloned().collect();
        let mut fresh = reader.index_at(since).expect("an index");
        assert_eq!(kept, fresh, "after {known}");
        let first = i64::try_from(known).expect("few");
        for index in [&mut kept, &mut fresh] {
            let rest = read_on(&reader, &steps(&reader, Some(since)), first, index);
            assert_eq!(rest, whole[known..], "after {known}");
        }
    }
}

#[test]
fn paths_and_lines_are_those_that_git_tells() {
    let repository = lively();
    for read in super::read(repository.path()) {
        let words =
            ["show", "--format=", "--numstat", "--no-renames", "--diff-merges=first-parent", &read.unit.sha];
        let told = repository.git(&words);
        let column = |at: usize| told.lines().filter_map(move |line| line.split('\t').nth(at));
        let sum = |at: usize| column(at).map(|count| count.parse::<i64>().expect("a count")).sum::<i64>();
        let unit = &read.unit;
        assert_eq!((unit.lines_added, unit.lines_removed), (sum(0), sum(1)), "{told}");
        assert_eq!(
            unit.paths.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(),
            column(2).collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_mailmap_of_the_head_is_told() {
    let repository = Repository::new();
    repository.write(
        ".mailmap",
        "Ann Tide <ann@example.org> <old@example.org>\nBob <bob@example.org>\n# none\nbroken\n",
    );
    repository.commit("Begin");
    let aliases = reader(repository.path()).mailmap().expect("a mailmap");
    let found: Vec<_> = aliases
        .iter()
        .map(|it| (it.name.as_deref(), it.email.as_deref(), it.commit_email.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Some("Ann Tide"), Some("ann@example.org"), "old@example.org"),
            (Some("Bob"), None, "bob@example.org")
        ]
    );
    let other = Repository::new();
    other.commit("Begin");
    assert_eq!(reader(other.path()).mailmap().expect("none"), []);
}
