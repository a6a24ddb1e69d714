//! What cannot be read as it was meant: counted by reason, never fatal, never silent.

use super::{claim, objects, read};
use crate::given::Repository;
use std::{
    io::Write as _,
    process::{Command, Stdio},
};

const GOOD: &str = "type: claim\ndomain: d\nsource: s\ncreated: 2026-02-01\n";

/// What is wrong with a file in `domains/d/`, by reasons.
fn reasons(name: &str, text: impl AsRef<[u8]>) -> Vec<&'static str> {
    let repository = Repository::new();
    repository
        .write(&format!("domains/d/{name}"), text)
        .write("domains/d/z.md", claim("d", "# Z"))
        .commit("Begin");
    let read = read(repository.path()).pop().expect("a unit");
    assert!(objects(&read.unit).iter().any(|it| it.ends_with("z.md")), "others are read");
    assert!(read.issues.iter().all(|issue| issue.path == format!("domains/d/{name}")), "{:?}", read.issues);
    read.issues.iter().map(|issue| issue.reason.name()).collect()
}

#[test]
fn each_malformation_is_told_by_its_reason() {
    for (text, told) in [
        (format!("---\n{GOOD}---\n"), &[][..]),
        (format!("---\n{GOOD}\n# Title\n"), &["front_matter_open"]),
        (format!("---\n{GOOD}x: y: z\n---\n"), &["not_yaml"]),
        (format!("---\n{GOOD}domain: e\n---\n"), &["duplicate_key"]),
        (format!("---\n{GOOD}last_evaluated: 2026-03-00\n---\n"), &["bad_date"]),
        ("---\ntype: claim\ndomain: d\n---\n".to_owned(), &["missing_source"]),
        ("---\ntype: claim\nsource: s\n---\n".to_owned(), &["missing_domain"]),
        ("---\ntype: claim\ndomains: [d, e]\nsources: [s]\n---\n".to_owned(), &[]),
        ("# No front matter\n".to_owned(), &["no_front_matter"]),
        (format!("---\r\n{}---\r\n", GOOD.replace('\n', "\r\n")), &[]),
        (String::new(), &["no_front_matter"]),
        (format!("---\n{GOOD}attribution:\n  reviewer:\n    - handle: ann\n  sourcer: []\n---\n"), &[]),
        (format!("---\n{GOOD}attribution:\n---\n"), &[]),
        (format!("---\n{GOOD}attribution: ann\n---\n"), &["bad_attribution"]),
        (format!("---\n{GOOD}attribution:\n  critic:\n    - handle: ann\n---\n"), &["bad_attribution"]),
        (
            format!("---\n{GOOD}attribution:\n  reviewer:\n    - date: 2026-02-01\n---\n"),
            &["bad_attribution"],
        ),
        (format!("---\n{GOOD}attribution:\n  - handle: ann\n---\n"), &["bad_attribution"]),
        (format!("---\n{GOOD}attribution:\n  reviewer: {}\n---\n", "n".repeat(101)), &["cut"]),
    ] {
        assert_eq!(reasons("a.md", &text), told, "{text:?}");
    }
}

#[test]
fn a_file_that_is_not_utf8_is_read_as_far_as_it_is() {
    let text = [format!("---\n{GOOD}---\n# Caf").as_bytes(), b"\xe9\n"].concat();
    assert_eq!(reasons("a.md", text), ["not_utf8"]);
    assert_eq!(reasons("a.txt", b"\xe9"), Vec::<&str>::new(), "no piece of knowledge");
}

#[test]
fn a_file_that_is_too_large_is_no_piece_and_has_no_lines() {
    let text = format!("---\n{GOOD}---\n{}", "x\n".repeat(600 * 1024));
    assert_eq!(reasons("a.md", &text), ["too_large"]);
    let repository = Repository::new();
    repository.write("domains/d/a.md", &text).commit("Begin");
    let read = read(repository.path()).pop().expect("a unit");
    assert_eq!((read.unit.lines_added, read.unit.objects.len(), read.unit.paths.len()), (0, 0, 1));
    assert!(read.unit.lines_partial, "not all lines are counted");
}

#[test]
fn a_name_that_two_files_have_is_told() {
    let repository = Repository::new();
    repository.write("domains/d/A.md", claim("d", "# A")).commit("Begin");
    repository.write("core/a.md", claim("d", "# A")).commit("Again");
    let issues = read(repository.path()).pop().expect("a unit").issues;
    let told: Vec<_> =
        issues.iter().map(|it| (it.path.as_str(), it.reason.name(), it.detail.as_str())).collect();
    assert_eq!(told, [("core/a.md", "ambiguous_slug", "a is also domains/d/A.md")]);
}

#[test]
fn a_path_that_is_not_utf8_is_told() {
    let repository = Repository::new();
    let who = "cy <cy@example.org> 100 +0000";
    let file = "M 100644 inline \"domains/d/caf\\351.md\"\ndata 1\nx\n";
    repository
        .fast_import(&format!("commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 1\nx\n{file}"));
    let read = read(repository.path()).pop().expect("a unit");
    assert_eq!(read.unit.paths[0].path, "domains/d/caf\u{fffd}.md");
    let reasons: Vec<_> = read.issues.iter().map(|it| it.reason.name()).collect();
    assert_eq!(reasons, ["no_front_matter", "path_not_utf8"]);
}

#[test]
fn a_path_that_is_too_long_is_no_piece_and_is_told() {
    let repository = Repository::new();
    let who = "cy <cy@example.org> 100 +0000";
    let path = |folder: &str| format!("domains/{}/a.md", [folder; 5].join("/"));
    let (long, longer) = (path(&"é".repeat(95)), path(&"é".repeat(250)));
    let file = |path: &str| format!("M 100644 inline {path}\ndata 1\nx\n");
    let both = file(&long) + &file(&longer);
    repository
        .fast_import(&format!("commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 1\nx\n{both}"));
    let read = read(repository.path()).pop().expect("a unit");
    assert_eq!((objects(&read.unit), read.unit.paths.len()), (vec![format!("added claim {long}")], 2));
    let told: Vec<_> = read.issues.iter().map(|it| (it.reason.name(), it.path.len())).collect();
    assert_eq!(told.last(), Some(&("path_too_long", 999)), "{told:?}");
    let index = super::reader(repository.path()).index_at(&read.unit.sha).expect("an index");
    assert_eq!(index.len(), 1);
}

/// Adds a tree that holds what is given.
fn tree(repository: &Repository, entries: &str) -> String {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(repository.path())
        .args(["mktree", "--missing"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git");
    child.stdin.take().expect("input").write_all(entries.as_bytes()).expect("written");
    String::from_utf8(child.wait_with_output().expect("git").stdout).expect("text").trim().to_owned()
}

#[test]
fn a_tree_that_holds_itself_many_times_over_is_read_up_to_a_limit() {
    let repository = Repository::new();
    let ten = |mode: &str, id: &str| (0..10).map(|at| format!("{mode} {id}\t{at}\n")).collect::<String>();
    let mut top = tree(&repository, &ten("160000 commit", &"1".repeat(40)));
    for _ in 0..6 {
        top = tree(&repository, &ten("040000 tree", &top));
    }
    let sha = repository.git(&["commit-tree", "-m", "Ten million", &top]);
    repository.git(&["update-ref", "refs/heads/main", &sha]);
    // Breadth first, all are folders so far.
    let read = read(repository.path()).pop().expect("a unit");
    assert!(read.unit.paths.len() < 200_000);
    let issues: Vec<_> = read.issues.iter().map(|it| (it.reason.name(), it.path.as_str())).collect();
    assert_eq!(issues, [("too_many_paths", "")]);
    assert!(read.unit.lines_partial);
    let index = super::reader(repository.path()).index_at(&sha).expect("an index");
    assert!(index.is_cut(), "what stands there is more than is looked at");
}

#[test]
fn an_object_that_is_missing_or_broken_is_told_and_stops_nothing() {
    let repository = Repository::new();
    repository
        .write("domains/d/a.md", claim("d", "# A"))
        .write("domains/d/b.md", claim("d", "# B"))
        .write("c.txt", "c")
        .commit("Begin");
    for (path, text) in [("domains/d/a.md", None), ("c.txt", Some("no object"))] {
        let id = repository.git(&["rev-parse", &format!("HEAD:{path}")]);
        let file = repository.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
        std::fs::remove_file(&file).expect("an object");
        text.into_iter().for_each(|text| std::fs::write(&file, text).expect("a file"));
    }
    let read = read(repository.path()).pop().expect("a unit");
    let issues: Vec<_> = read.issues.iter().map(|it| (it.reason.name(), it.path.as_str())).collect();
    assert_eq!(issues, [("unreadable", "c.txt"), ("unreadable", "domains/d/a.md")]);
    assert_eq!((objects(&read.unit), read.unit.paths.len()), (vec!["added claim domains/d/b.md".into()], 3));
    assert!(read.unit.lines_partial);
}

#[test]
fn what_is_longer_than_is_kept_is_told() {
    let repository = Repository::new();
    repository.write("a", "a").commit(&"t".repeat(501));
    let told = |at: &str| {
        let read = read(repository.path()).pop().expect("a unit");
        let issues: Vec<_> = read.issues.iter().map(|it| (it.reason.name(), it.path.clone())).collect();
        assert_eq!(issues, [("cut", String::new())], "{at}: {:?}", read.issues);
    };
    told("a title");
    let name = "n".repeat(101);
    repository.write("a", "b").commit_as(crate::given::Signed::by(&name), "Named");
    told("a name");
    repository.branch("side").write("b", "b").commit(&format!("b\n\nReviewed-by: {name} <n@e>"));
    repository.checkout("main").merge(crate::given::Signed::by("eve"), "side", "Merge branch 'side'");
    told("a trailer of what a merge brings");
}

/// A commit on top whose author and committer are told so.
fn signed(repository: &Repository, author: &str, committer: &str) {
    let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
    let parent = repository.git(&["rev-parse", "HEAD"]);
    let text = format!("tree {tree}\nparent {parent}\nauthor {author}\ncommitter {committer}\n\nLate\n");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("a file");
    let path = file.path().to_str().expect("a path");
    let sha = repository.git(&["hash-object", "--literally", "-t", "commit", "-w", path]);
    repository.git(&["update-ref", "refs/heads/main", &sha]);
}

#[test]
fn a_commit_whose_signature_is_broken_is_a_unit_all_the_same_and_no_address_is_told() {
    const GOOD: &str = "ann <ann@example.org> 100 +0000";
    const LATE: &str = "ann <ann@example.org> 99999999999999 +0000";
    for (author, committer, told) in
        [(GOOD, LATE, "the committer's time is none"), (LATE, GOOD, "the author's time is none")]
    {
        let repository = Repository::new();
        repository.write("a", "a").commit("Begin");
        signed(&repository, author, committer);
        let read = read(repository.path()).pop().expect("a unit");
        assert_eq!(read.unit.title, "Late", "{committer}");
        if committer != GOOD {
            assert_eq!(read.unit.merged_at.timestamp(), 0, "{committer}");
        }
        let issues: Vec<_> = read.issues.iter().map(|it| (it.reason.name(), it.detail.as_str())).collect();
        assert_eq!(issues, [("bad_signature", told)]);
    }
}

#[test]
fn a_commit_whose_lines_no_decoder_takes_is_read_as_far_as_it_goes() {
    for (author, committer, name, time) in [
        ("ann", "bob <bob@example.org> 100 +0000", "ann", 100),
        ("ann <ann@example.org> 100 +0000", "bob 100 +0000", "ann", 100),
        ("ann <a@b> c> 100 +0000", "", "ann", 0),
        ("", "", "", 0),
        ("<", ">", "", 0),
        ("ann <ann@example.org> 100 +0000\nauthor eve <eve@example.org> 100 +0000", "bob", "ann", 0),
    ] {
        let repository = Repository::new();
        repository.write("domains/d/a.md", claim("d", "# A")).commit("Begin");
        signed(&repository, author, committer);
        repository.git(&["reset", "-q", "--hard"]);
        repository.write("domains/d/b.md", claim("d", "# B")).commit("Behind");
        let read = read(repository.path());
        assert_eq!(read.len(), 3, "{author} {committer}");
        let unit = &read[1].unit;
        let found = (unit.title.as_str(), unit.author.name.as_str(), unit.merged_at.timestamp());
        assert_eq!(found, ("Late", name, time), "{author} {committer}");
        assert!(read[1].issues.iter().all(|it| it.reason.name() == "bad_signature"), "{:?}", read[1].issues);
        assert!(!read[1].issues.is_empty(), "{author} {committer}");
    }
}

#[test]
fn a_file_that_becomes_a_link_of_the_same_bytes_is_a_piece_no_more() {
    let repository = Repository::new();
    repository.write("domains/d/a.md", claim("d", "# A")).commit("Begin");
    let blob = repository.git(&["rev-parse", "HEAD:domains/d/a.md"]);
    for (mode, told) in [("120000", "removed claim domains/d/a.md"), ("100755", "added claim domains/d/a.md")]
    {
        repository.git(&["update-index", "--cacheinfo", &format!("{mode},{blob},domains/d/a.md")]);
        repository.git(&["commit", "-q", "-m", "Another mode"]);
        let unit = read(repository.path()).pop().expect("a unit").unit;
        assert_eq!(objects(&unit), [told]);
    }
}
