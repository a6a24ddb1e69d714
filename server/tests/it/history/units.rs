//! How a commit becomes a unit.

use super::{newest, objects, read};
use crate::given::{Repository, Signed, git};
use domain::contribution::{ChangeKind, MergeKind, ReadUnit};

const GITHUB: &str = "noreply@github.com";

fn trailers(unit: &ReadUnit) -> Vec<String> {
    unit.trailers.iter().map(|trailer| format!("{}={}", trailer.key, trailer.name)).collect()
}

#[test]
fn a_direct_commit_is_told_with_author_committer_and_time() {
    let repository = Repository::new();
    repository.write("README.md", "a\nb\n").commit("Begin");
    let sha = repository
        .write("README.md", "a\nc\n")
        .write("domains/ebb/é — ü.md", "x")
        .commit_as(Signed::by("bob").committed_by("eve"), "Bob: water\n\nPentagon-Agent: Bob <HEADLESS>");
    let unit = newest(&repository);
    assert_eq!((unit.sha.as_str(), unit.position, unit.kind), (sha.as_str(), 1, MergeKind::Direct));
    assert_eq!((unit.author.name.as_str(), unit.merger.email.as_str()), ("bob", "eve@example.org"));
    assert_eq!(unit.merged_at.to_rfc3339(), "2026-02-01T00:01:00+00:00");
    assert_eq!((unit.title.as_str(), unit.label.as_deref()), ("Bob: water", Some("bob")));
    assert_eq!((unit.forge, unit.number, unit.branch), (None, None, None));
    assert_eq!(trailers(&newest(&repository)), ["pentagon-agent=Bob"]);
    let paths: Vec<_> = unit.paths.iter().map(|it| (it.path.as_str(), it.change)).collect();
    assert_eq!(paths, [("README.md", ChangeKind::Changed), ("domains/ebb/é — ü.md", ChangeKind::Added)]);
    assert_eq!((unit.lines_added, unit.lines_removed), (2, 1));
}

#[test]
fn a_squash_is_told_with_its_forge() {
    let repository = Repository::new();
    let glued =
        "ann: tides (#806)\nCo-authored-by: ann <ann@example.org>\nCo-committed-by: ann <ann@example.org>";
    repository.write("a", "a").commit_as(Signed::by("ann").committed_by("eve"), glued);
    let unit = newest(&repository);
    assert_eq!((unit.kind, unit.title.as_str()), (MergeKind::Squash, "ann: tides (#806)"));
    assert_eq!((unit.forge.as_deref(), unit.number), (Some("forgejo"), Some(806)));
    assert_eq!(trailers(&unit), ["co-authored-by=ann", "co-committed-by=ann"]);
    let by_github = Signed { committer: "GitHub", committer_email: Some(GITHUB), ..Signed::by("bob") };
    repository.write("a", "b").commit_as(by_github, "Ebb (#806)");
    let unit = newest(&repository);
    assert_eq!((unit.kind, unit.forge.as_deref()), (MergeKind::Squash, Some("github")));
    assert_eq!((unit.author.name.as_str(), unit.merger.name.as_str()), ("bob", "GitHub"));
    repository.write("a", "c").commit("By hand (#7)");
    let unit = newest(&repository);
    assert_eq!((unit.kind, unit.forge, unit.number), (MergeKind::Squash, None, Some(7)));
    repository.write("a", "d").commit_as(by_github, "Edited in the browser");
    let unit = newest(&repository);
    assert_eq!((unit.kind, unit.forge), (MergeKind::Direct, None), "no number, no pull request");
}

#[test]
fn a_merge_is_its_proposer_s_and_has_the_trailers_of_what_it_brings() {
    let repository = Repository::new();
    repository.write("a", "a").commit("Begin");
    repository.branch("bob/tides").write("b", "1").commit_as(Signed::by("cy"), "b\n\nReviewed-by: Dee <d@e>");
    repository.write("b", "2").commit_as(Signed::by("bob"), "b2\n\nPentagon-Agent: Bob <1>");
    repository.checkout("main").write("c", "c").commit("Meanwhile\n\nReviewed-by: Nobody <n@e>");
    let title = "Merge pull request 'bob: it's tides' (#12) from bob/tides into main";
    repository.merge(Signed::by("eve"), "bob/tides", title);
    let unit = newest(&repository);
    assert_eq!(
        (unit.kind, unit.forge.as_deref(), unit.number),
        (MergeKind::Merge, Some("forgejo"), Some(12))
    );
    assert_eq!((unit.branch.as_deref(), unit.label.as_deref()), (Some("bob/tides"), Some("bob")));
    assert_eq!((unit.author.name.as_str(), unit.merger.name.as_str()), ("bob", "eve"));
    assert_eq!(trailers(&unit), ["pentagon-agent=Bob", "reviewed-by=Dee"]);
    assert_eq!(unit.paths.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["b"]);
    assert_eq!(unit.position, 2, "what a merge brings is no unit of its own");
}

#[test]
fn of_a_branch_that_took_main_in_the_proposer_is_whoever_wrote_and_old_trailers_are_not_its_own() {
    let repository = Repository::new();
    repository.write("a", "a").commit("Begin");
    repository.branch("tides").write("b", "1").commit_as(Signed::by("bob"), "b");
    repository.checkout("main").write("c", "c").commit("Meanwhile\n\nReviewed-by: Nobody <n@e>");
    repository.checkout("tides").merge(Signed::by("forge"), "main", "Merge branch 'main' into tides");
    let merged = Signed { committer_email: Some(GITHUB), ..Signed::by("eve").committed_by("GitHub") };
    repository.checkout("main").merge(merged, "tides", "Merge pull request #3 from owner/tides\n\nbob: ebb");
    let unit = newest(&repository);
    assert_eq!((unit.author.name.as_str(), unit.merger.name.as_str()), ("bob", "eve"));
    assert_eq!(
        (unit.forge.as_deref(), unit.number, unit.label.as_deref()),
        (Some("github"), Some(3), Some("bob"))
    );
    assert_eq!(trailers(&unit), Vec::<String>::new());
    assert_eq!(unit.paths.len(), 1);
}

#[test]
fn the_same_number_on_two_forges_is_two_pull_requests() {
    let repository = Repository::new();
    for (place, title) in
        ["Merge pull request 'a' (#62) from a into main", "Merge pull request #62 from owner/b"]
            .iter()
            .enumerate()
    {
        repository.checkout_or_begin(place);
        repository.branch(&format!("side{place}")).write(&format!("f{place}"), "x").commit("x");
        repository.checkout("main").merge(Signed::by("eve"), &format!("side{place}"), title);
    }
    let read = read(repository.path());
    let of = |unit: &ReadUnit| (unit.forge.clone().unwrap_or_default(), unit.number);
    let found: Vec<_> = read.iter().map(|it| of(&it.unit)).filter(|it| it.1.is_some()).collect();
    assert_eq!(found, [("forgejo".to_owned(), Some(62)), ("github".to_owned(), Some(62))]);
}

impl Repository {
    fn checkout_or_begin(&self, place: usize) {
        if place == 0 {
            self.commit("Begin");
        } else {
            self.checkout("main");
        }
    }
}

#[test]
fn reverts_are_named_by_their_commits() {
    let repository = Repository::new();
    repository.write("a", "a").commit("Begin");
    let wrong = repository.write("a", "b").commit("Wrong");
    repository
        .branch("revert")
        .write("a", "a")
        .commit(&format!("Revert \"Wrong\"\n\nThis reverts commit {wrong}."));
    repository.checkout("main").merge(Signed::by("eve"), "revert", "Merge branch 'revert'");
    let unit = newest(&repository);
    assert_eq!((unit.reverts, unit.branch.as_deref()), (vec![wrong], Some("revert")));
}

#[test]
fn a_revert_of_what_a_merge_brought_names_the_merge_where_all_of_it_is_reverted() {
    let repository = Repository::new();
    repository.write("a", "a").commit("Begin");
    let one = repository.branch("one").write("b", "1").commit("One");
    repository.checkout("main").write("c", "1").commit("Meanwhile");
    let merge_of_one = repository.merge(Signed::by("eve"), "one", "Merge branch 'one'");
    let two = repository.branch("two").write("d", "1").commit("Two");
    let three = repository.write("e", "1").commit("Three");
    repository.checkout("main").write("c", "2").commit("Between");
    repository.checkout("two").merge(Signed::by("eve"), "main", "Merge branch 'main' into two");
    let merge_of_two = {
        repository.checkout("main");
        repository.merge(Signed::by("eve"), "two", "Merge branch 'two'")
    };
    let reverted = |shas: &[&str]| {
        let lines: String = shas.iter().map(|sha| format!("This reverts commit {sha}.\n")).collect();
        repository.commit(&format!("Back\n\n{lines}"));
        let unit = newest(&repository);
        assert_eq!(unit.reverts, shas, "what it says stays");
        (unit.reverted.merges, unit.reverted.parts)
    };
    let none = Vec::<String>::new();
    assert_eq!(reverted(&[&one]), (vec![merge_of_one.clone()], none.clone()));
    assert_eq!(reverted(&[&one[..10]]), (vec![merge_of_one.clone()], none.clone()));
    assert_eq!(reverted(&[&two]), (none.clone(), vec![merge_of_two.clone()]));
    assert_eq!(reverted(&[&two, &three]), (vec![merge_of_two.clone()], none.clone()));
    assert_eq!(reverted(&[&one, &two]), (vec![merge_of_one.clone()], vec![merge_of_two.clone()]));
    assert_eq!(reverted(&[&merge_of_two]), (none.clone(), none.clone()), "a unit is known by its commit");
    assert_eq!(reverted(&[&"1".repeat(40)]), (none.clone(), none), "what is not there names nothing");
}

#[test]
fn a_moved_file_is_a_removal_and_an_addition() {
    let repository = Repository::new();
    repository.write("domains/ebb/a.md", super::claim("ebb", "# A")).commit("Begin");
    repository.rename("domains/ebb/a.md", "domains/flood/a.md").commit("Move");
    let unit = newest(&repository);
    assert_eq!(
        unit.paths.iter().map(|it| it.change).collect::<Vec<_>>(),
        [ChangeKind::Removed, ChangeKind::Added]
    );
    assert_eq!(objects(&unit), ["removed claim domains/ebb/a.md", "added claim domains/flood/a.md"]);
    assert_eq!((unit.lines_added, unit.lines_removed), (8, 8));
}

#[test]
fn what_is_no_text_has_no_lines_and_what_is_no_file_is_a_path() {
    let repository = Repository::new();
    let first = repository.write("picture", b"a\0\nb\n").write("run", "x\n").commit("Begin");
    repository.git(&["update-index", "--chmod=+x", "run"]);
    repository.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{first},module")]);
    git(repository.path(), &["commit", "-q", "-m", "Another mode, and a submodule"]);
    let units = read(repository.path());
    assert_eq!((units[0].unit.lines_added, units[0].unit.paths.len()), (1, 2));
    let paths: Vec<_> = units[1].unit.paths.iter().map(|it| it.path.as_str()).collect();
    assert_eq!((units[1].unit.lines_added, paths), (0, vec!["module", "run"]));
    assert!(units.iter().all(|it| !it.unit.lines_partial), "nothing is missed");
}

#[test]
fn a_merge_of_more_commits_than_are_read_says_so() {
    let repository = Repository::new();
    let mut stream = String::new();
    let mut commit = |branch: &str, time: u32, message: &str, tail: &str| {
        let who = "cy <cy@example.org>";
        stream +=
            &format!("commit refs/heads/{branch}\nauthor {who} {time} +0000\ncommitter {who} {time} +0000\n");
        stream += &format!("data {}\n{message}\n{tail}\n", message.len());
    };
    commit("main", 100, "Begin", "");
    for place in 0..1_001 {
        let from = if place == 0 { "from refs/heads/main\n" } else { "" };
        let file = format!("{from}M 100644 inline f\ndata 4\n{place:04}");
        commit("side", 101 + place, &format!("{place}\n\nReviewed-by: r{place} <r@e>"), &file);
    }
    commit("main", 2_000, "Merge branch 'side'", "merge refs/heads/side\nM 100644 inline f\ndata 4\n1000");
    repository.fast_import(&stream);
    let read = read(repository.path()).pop().expect("a unit");
    assert_eq!(read.issues.iter().map(|it| it.reason.name()).collect::<Vec<_>>(), ["too_many_commits"]);
    assert_eq!((read.unit.trailers.len(), read.unit.trailers[0].name.as_str()), (1_000, "r1000"));
}
