//! Where specs are found, and those that cannot be read.

use super::given::{Specs, TIDES, git, import};
use crate::given::{Database, SPECS, TestApp};

#[tokio::test]
async fn what_cannot_be_read_is_told_and_stops_no_other() {
    let app = TestApp::new().await;
    let specs = Specs::of(&[
        ("b-empty.md", "\n"),
        ("c-untitled.md", "## Purpose\n\nNo title.\n"),
        ("d-broken.md", "---\ntitle: [\n---\n# Spec: D\n"),
        ("e-fields.md", "---\ntitle: E\npotential_value: -1\nactual_cost: much\n---\n"),
        ("F no slug!.md", "# Spec: F\n"),
        ("z-last.md", "# Spec: Last\n"),
    ]);
    specs.write("g-latin.md", b"# Spec: caf\xe9\n");
    specs.write("h-large.md", format!("# Spec: H\n{}", "x".repeat(1024 * 1024)));
    specs.write("i-title.md", format!("# Spec: {}\n", "x".repeat(201)));
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere.md", specs.path().join("j-gone.md")).expect("a link");
    let ran = specs.import(&app.database.address, &[]).await.assert_code(1);
    insta::assert_snapshot!(ran.out);
    app.get(&format!("{SPECS}/z-last")).await.assert_status(200);
    assert_eq!(app.count("specs").await, 1, "of what could not be read, nothing is there");
    app.assert_verified().await;
}

#[tokio::test]
async fn folders_are_gone_into_but_for_hidden_ones_and_what_was_built() {
    let (database, specs) = (Database::sqlite(), Specs::of(&[("deep/er/a.MD", "# Spec: A\n")]));
    for skipped in [".git-ish/b.md", "target/c.md", "deep/node_modules/d.md", ".e.md", "f.txt", "README.md"] {
        specs.write(skipped, "# A title\n");
    }
    let ran = specs.import(&database.address, &[]).await.assert_code(0);
    let passed = "nothing says that it is a spec: no front matter, and no heading such as Purpose, Requirements, \
                  API Contract or Files to Create/Modify";
    assert_eq!(
        ran.lines(),
        [
            &*format!("specs/README.md: passed over: {passed}"),
            "specs/deep/er/a.MD: registered a: title",
            "2 files: 1 registered, 0 updated, 0 unchanged, 0 kept (edited by hand), 0 could not be read, \
             1 passed over (no specs)",
        ]
    );
    let limited = specs.import(&database.address, &["--folder", "deep/er"]).await.assert_code(0);
    assert_eq!(limited.lines()[0], "specs/deep/er/a.MD: unchanged a");
    // Who names one file means that one.
    let named = import(&specs.path().join("README.md"), &database.address, &[]).await.assert_code(1);
    assert_eq!(named.lines()[0], format!("specs/README.md: could not be read: {passed}"));
}

#[tokio::test]
async fn a_repository_is_read_at_the_head_of_a_branch() {
    let (app, specs) = (TestApp::new().await, Specs::of(&[("a.md", TIDES), (".hidden/b.md", "# Spec: B\n")]));
    specs.write("../other/c.md", "# Spec: C\n");
    specs.write("../target/d.md", "# Spec: D\n");
    let root = specs.root();
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-q", "-m", "Specs"]);
    git(root, &["checkout", "-q", "-b", "next"]);
    specs.write("a.md", TIDES.replace("Tide tables", "Next tides"));
    git(root, &["commit", "-q", "-am", "Next"]);
    git(root, &["clone", "-q", "--bare", ".", "bare.git"]);
    specs.write("a.md", TIDES.replace("Tide tables", "Not committed"));
    let address = app.database.address.as_str();
    let title = async || app.get(&format!("{SPECS}/a")).await.at("title");
    let bare = root.join("bare.git");
    let ran = import(&bare, address, &["--branch", "main"]).await.assert_code(0);
    assert!(ran.lines()[0].starts_with("other/c.md: registered c: title"), "{}", ran.out);
    assert!(ran.lines()[1].starts_with("specs/a.md: registered a: title"), "{}", ran.out);
    assert_eq!((title().await.as_str(), ran.lines().len()), ("Tide tables", 3), "{}", ran.out);
    let ran = import(&bare, address, &["--folder", "specs/"]).await.assert_code(0);
    assert_eq!(title().await, "Next tides", "the branch that it stands on");
    assert!(ran.counts().starts_with("1 file: 0 registered, 1 updated"), "{}", ran.out);
    let ran = import(root, address, &["--branch", "main", "--folder", "specs"]).await.assert_code(0);
    assert_eq!(title().await, "Tide tables", "{}", ran.out);
    // Without a branch, a work tree is read as it lies there: of the same files, under the same names.
    import(root, address, &["--folder", "specs"]).await.assert_code(0);
    assert_eq!(title().await, "Not committed");
    let from_within = specs.import(address, &[]).await.assert_code(0);
    assert_eq!(from_within.lines()[0], "specs/a.md: unchanged a");
    app.assert_verified().await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anything_is_opened() {
    let (database, specs) = (Database::sqlite(), Specs::of(&[("a.md", TIDES)]));
    let (folder, file) = (specs.path(), specs.path().join("a.md"));
    let repository = specs.root().join("repository");
    std::fs::create_dir(&repository).expect("a folder");
    git(&repository, &["init", "-q", "-b", "main", "--bare"]);
    for (path, words, said) in [
        (folder.join("nowhere"), &[][..], "there is nothing at "),
        (folder.clone(), &["--folder", "nowhere"], "there is no folder "),
        (folder.clone(), &["--folder", "../specs"], "--folder ../specs does not lie below "),
        (folder.clone(), &["--branch", "main"], "--branch needs a git repository, and "),
        (file, &["--folder", "x"], "--folder limits a folder or a repository, and "),
        (repository.clone(), &["--branch", "main"], "the repository has no branch main"),
        (repository, &[], "the repository has no commit yet; --branch names one"),
    ] {
        let ran = import(&path, &database.address, words).await.assert_code(1);
        assert!(
            ran.err.starts_with(&format!("tributary: {said}")) && ran.out.is_empty(),
            "{said}: {}",
            ran.err
        );
        assert!(!database.file().exists(), "{said}");
    }
}
