//! `tributary import git` and `tributary verify --rebuild`, as their user runs them.

use super::given::{Ran, git};
use crate::given::{Branch, Database, FixedSource, TestApp, Tributary, busy, unreachable_gates};
use domain::{
    contribution::{ImportQuery, ImportStatus},
    error::Error,
    ledger::Actor,
    store::Store,
};
use server::{
    auth::Auth,
    import::git::{self as importing, ImportGit, NamedPath, Schedule},
    state::{AppState, System},
};
use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A git repository of knowledge.
struct Codex {
    folder: TempDir,
    commits: usize,
}

fn run(words: &[&str]) -> Ran {
    let output = Tributary::new(words).output();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

impl Codex {
    fn new() -> Self {
        let codex = Self { folder: TempDir::new().expect("a folder"), commits: 0 };
        std::fs::create_dir(codex.path()).expect("a folder");
        git(&codex.path(), &["init", "--quiet", "--initial-branch=main"]);
        codex
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("codex")
    }

    /// Adds claims, a commit each, by one who is reviewed by another.
    fn commit(&mut self, count: usize) {
        let mut stream = String::new();
        for _ in 0..count {
            let at = self.commits;
            self.commits += 1;
            let message = format!("rio: claim {at}\n\nReviewed-by: Ann <ann@example.org>\n");
            let claim = format!(
                "---\ntype: claim\ndomain: tides\nsource: a table\n---\n# Claim {at}\n\nSee [[c{}]].\n",
                at / 2
            );
            let when = 1_767_225_600 + 3_600 * at;
            let _ = write!(
                stream,
                "commit refs/heads/main\nauthor rio <rio@example.org> {when} +0000\ncommitter Bob <bob@example.org> {when} +0000\n\
                 data {}\n{message}\nM 100644 inline domains/tides/c{at}.md\ndata {}\n{claim}\n",
                message.len(),
                claim.len()
            );
        }
        self.fast_import(&stream);
    }

    fn fast_import(&self, stream: &str) {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args(["fast-import", "--quiet", "--force"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("git");
        // A commit goes on from what stands there.
        let stream = if self.has_head() {
            stream.replacen("\nM 100644", "\nfrom refs/heads/main^0\nM 100644", 1)
        } else {
            stream.to_owned()
        };
        child.stdin.take().expect("input").write_all(stream.as_bytes()).expect("written");
        assert!(child.wait().expect("git").success());
    }

    fn has_head(&self) -> bool {
        self.path().join(".git/refs/heads/main").exists()
    }

    fn import(&self, database: &Database, words: &[&str]) -> Ran {
        import(&self.path(), database, words)
    }
}

fn import(path: &Path, database: &Database, words: &[&str]) -> Ran {
    let mut all = vec!["import", "git", path.to_str().expect("text"), "--database", &database.address];
    all.extend(words);
    run(&all)
}

fn verify(database: &Database, words: &[&str]) -> Ran {
    let mut all = vec!["verify", "--database", &database.address];
    all.extend(words);
    run(&all)
}

async fn digest(database: &Database) -> String {
    let store = database.open().await;
    let digest = store.derived_digest().await.expect("a digest");
    store.close().await;
    digest
}

async fn runs(database: &Database) -> Vec<String> {
    let sql = "SELECT actor || ' ' || action FROM ledger_entries ORDER BY id";
    database.texts(sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_new_is_read_and_it_comes_to_the_same_as_all_at_once() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(5);
    let dry = codex.import(&database, &["--dry-run"]).assert_code(0);
    assert!(
        dry.out.contains("5 new changes would be read") && dry.out.contains("Nothing was written."),
        "{}",
        dry.out
    );
    assert!(!database.file().exists(), "a dry run makes no database");
    let first = codex.import(&database, &[]).assert_code(0);
    insta::assert_snapshot!("imported", first.out.replace(&first.out[15..27], "0123456789ab"));
    codex.commit(3);
    let second = codex.import(&database, &["--format", "json"]).assert_code(0).json();
    assert_eq!((second.text("counts.units"), second.text("status")), ("3".into(), "complete".into()));
    let before = database.dump().await;
    let third = codex.import(&database, &[]).assert_code(0);
    assert!(third.out.ends_with("nothing new\n"), "{}", third.out);
    assert_eq!(database.dump().await, before, "a repeat leaves no trace");
    assert_eq!(runs(&database).await, ["import import_history", "import import_history"]);
    let other = Database::sqlite();
    codex.import(&other, &[]).assert_code(0);
    assert_eq!(digest(&other).await, digest(&database).await);
    let said = verify(&database, &["--rebuild"]).assert_code(0).out;
    assert!(said.contains("8 changes derived again: byte for byte as before, sha256:"), "{said}");
    codex.commit(2);
    let said = verify(&database, &["--rebuild", "--repository", codex.path().to_str().expect("text")]);
    assert!(
        said.assert_code(0).out.contains("8 changes derived again: byte for byte as before"),
        "from git too"
    );
    codex.import(&database, &["--again"]).assert_code(0);
    codex.import(&other, &[]).assert_code(0);
    assert_eq!(digest(&other).await, digest(&database).await, "read anew");
    verify(&database, &[]).assert_code(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_cannot_be_read_anew_leaves_what_was_kept() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(5);
    codex.import(&database, &[]).assert_code(0);
    let before = digest(&database).await;
    let tree = crate::given::git(&codex.path(), &["rev-parse", "main~2:domains"]);
    let object = codex.path().join(".git/objects").join(&tree[..2]).join(&tree[2..]);
    let bytes = std::fs::read(&object).expect("an object");
    std::fs::remove_file(&object).expect("an object");
    for words in [&["import", "git", "--again"][..], &["verify", "--rebuild", "--repository"]] {
        let path = codex.path();
        let mut words = words.to_vec();
        words.extend([path.to_str().expect("text"), "--database", &database.address]);
        let failed = run(&words);
        assert_eq!(failed.code, Some(1), "{words:?}: {}{}", failed.out, failed.err);
        assert!(failed.err.contains("nothing was dropped"), "{words:?}: {}", failed.err);
        assert_eq!(digest(&database).await, before, "{words:?}");
    }
    std::fs::write(&object, bytes).expect("an object");
    codex.import(&database, &["--again"]).assert_code(0);
    assert_eq!(digest(&database).await, before);
    verify(&database, &["--rebuild"]).assert_code(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_no_decoder_takes_ends_no_import() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(1);
    let read = |words: &[&str]| crate::given::git(&codex.path(), words);
    let text = format!(
        "tree {}\nparent {}\nauthor rio\ncommitter\n\nrio: strange\n",
        read(&["rev-parse", "main^{tree}"]),
        read(&["rev-parse", "main"])
    );
    let file = codex.folder.path().join("commit");
    std::fs::write(&file, text).expect("a file");
    let sha = read(&["hash-object", "--literally", "-t", "commit", "-w", file.to_str().expect("text")]);
    read(&["update-ref", "refs/heads/main", &sha]);
    codex.commit(1);
    let said = codex.import(&database, &[]).assert_code(0).out;
    assert!(said.contains("3 new changes") && said.contains("(bad_signature)"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_imported_under_a_name_is_verified_under_it() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(2);
    codex.import(&database, &["--repository", "tides"]).assert_code(0);
    let path = codex.path();
    let path = path.to_str().expect("text");
    let refused = verify(&database, &["--rebuild", "--repository", path]);
    assert!(refused.assert_code(1).err.contains("codex was never imported; NAME="));
    let said = verify(&database, &["--rebuild", "--repository", &format!("tides={path}")]).assert_code(0).out;
    assert!(said.contains("2 changes derived again: byte for byte as before"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shallow_clone_is_told_of_by_the_api_and_on_the_page() {
    let mut codex = Codex::new();
    codex.commit(4);
    let shallow = codex.folder.path().join("shallow");
    let from = format!("file://{}", codex.path().display());
    git(codex.folder.path(), &["clone", "--quiet", "--depth=2", &from, "shallow"]);
    let app = TestApp::new().await;
    let mut import = scheduled(&codex, &app.store);
    import.path = shallow;
    assert!(!import.run(|_, _| ()).await.expect("looked").is_complete());
    for (address, told) in [("/api/imports", r#""shallow":true"#), ("/imports", "shallow clone")] {
        let answer = app.get(address).await.assert_status(200).text;
        for told in [told, "git fetch --unshallow", "has the newest 2, back to"] {
            assert!(answer.contains(told), "{told}: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_are_counted_of_the_repository_that_is_asked_for() {
    let app = TestApp::new().await;
    for (name, units) in [("codex", 9), ("annals", 5)] {
        busy(name, units).keep(&*app.store, 10).await;
    }
    let counted = async |address: &str| {
        let json = app.get(address).await.assert_status(200).json();
        json.text("issues.0.count")
    };
    assert_eq!(counted("/api/imports").await, "5");
    assert_eq!(counted("/api/imports?repository=codex").await, "3");
    assert_eq!(counted("/api/imports?repository=annals").await, "2");
    let page = app.get("/imports?repository=elsewhere").await.assert_status(200).text;
    assert!(!page.contains("not yaml"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_migrates_no_database() {
    const NEWEST: &str = "SELECT CAST(MAX(version) AS TEXT) FROM _sqlx_migrations";
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(2);
    codex.import(&database, &[]).assert_code(0);
    codex.commit(1);
    let said = codex.import(&database, &["--dry-run"]).assert_code(0).out;
    assert!(said.contains("1 new change would be read"), "{said}");
    database.run("DELETE FROM _sqlx_migrations WHERE version > 8").await;
    let refused = codex.import(&database, &["--dry-run"]).assert_code(1).err;
    assert!(refused.contains("is not that of this version"), "{refused}");
    assert_eq!(database.texts(NEWEST).await, ["8"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_forge_s_numbers_are_read_and_found_by_refs() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(1);
    for message in [
        "Tides\n\nSee merge request sea/codex!11",
        "Merged in bob/tides (pull request #12)",
        "Tides (#13)\n\nReviewed-on: https://git.example.org/sea/codex/pulls/13",
        "Merged PR 14: Tides",
    ] {
        let tree = crate::given::git(&codex.path(), &["rev-parse", "main^{tree}"]);
        let sha = crate::given::git(&codex.path(), &["commit-tree", "-p", "main", "-m", message, &tree]);
        crate::given::git(&codex.path(), &["update-ref", "refs/heads/main", &sha]);
    }
    codex.import(&database, &[]).assert_code(0);
    let store = database.open().await;
    for (reference, forge) in [
        ("gitlab:!11", "gitlab"),
        ("https://git.example.org/sea/codex/-/merge_requests/11", "gitlab"),
        ("bitbucket:PR#12", "bitbucket"),
        ("sea/codex#12", "bitbucket"),
        ("forgejo:PR#13", "forgejo"),
        ("codex:PR#13", "forgejo"),
        ("azure:PR#14", "azure"),
        ("PR#14", "azure"),
    ] {
        let refs = domain::report::resolve(&*store, &[reference.to_owned()]).await.expect("resolved").refs;
        let found: Vec<_> = refs[0].units.iter().map(|unit| unit.forge.as_deref()).collect();
        assert_eq!(found, [Some(forge)], "{reference}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rewritten_history_is_refused_until_it_is_read_anew() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(4);
    codex.import(&database, &[]).assert_code(0);
    let before = digest(&database).await;
    git(&codex.path(), &["update-ref", "refs/heads/main", "main~2"]);
    codex.commits = 10;
    codex.commit(1);
    let refused = codex.import(&database, &[]).assert_code(1);
    assert!(
        refused.out.contains("its history was rewritten: ") && refused.out.contains("--again"),
        "{}",
        refused.out
    );
    codex.import(&database, &[]).assert_code(1);
    assert_eq!(runs(&database).await.len(), 2, "the same told twice is kept once");
    assert_eq!(digest(&database).await, before, "nothing was read");
    codex.import(&database, &["--again"]).assert_code(0);
    verify(&database, &["--rebuild"]).assert_code(0);
    let units = database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM units").await;
    assert_eq!(units, ["3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused_with_what_to_do() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(4);
    let shallow = codex.folder.path().join("shallow");
    let from = format!("file://{}", codex.path().display());
    git(codex.folder.path(), &["clone", "--quiet", "--depth=2", &from, "shallow"]);
    let refused = import(&shallow, &database, &[]).assert_code(1);
    assert!(refused.out.contains("git fetch --unshallow"), "{}{}", refused.out, refused.err);
    assert!(refused.out.contains("of main it has the newest 2, back to "), "{}", refused.out);
    git(&shallow, &["fetch", "--quiet", "--unshallow"]);
    import(&shallow, &database, &["--repository", "codex"]).assert_code(0);
    for (words, said) in [
        (&["--policy", "software-project-v1"][..], "--again reads all of it by this one"),
        (&["--policy", "no-such"], "is neither a policy (knowledge-base-v1, software-project-v1) nor a file"),
        (&["--branch", "other"], "the branch main was read, not other"),
        (&["--branch", "other", "--again"], "other"),
        (&["--repository", "Not One"], "must be lower-case letters"),
    ] {
        let refused = codex.import(&database, words);
        assert_ne!(refused.code, Some(0), "{words:?}");
        assert!(refused.err.contains(said), "{words:?}: {}", refused.err);
    }
    assert_ne!(import(codex.folder.path(), &database, &[]).code, Some(0), "no repository");
    codex.import(&database, &["--policy", "software-project-v1", "--again"]).assert_code(0);
    verify(&database, &["--rebuild"]).assert_code(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn read_anew_it_is_read_as_before_unless_told_otherwise() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(3);
    git(&codex.path(), &["branch", "side", "main~1"]);
    codex.import(&database, &["--branch", "side", "--policy", "software-project-v1"]).assert_code(0);
    let kept =
        async || database.texts("SELECT branch || ' ' || units || ' ' || policy FROM repositories").await;
    codex.import(&database, &["--again"]).assert_code(0);
    assert_eq!(kept().await, ["side 2 software-project-v1"]);
    git(&codex.path(), &["update-ref", "refs/heads/side", "main~2"]);
    let refused = codex.import(&database, &[]).assert_code(1).out;
    let command = refused.split('`').nth(1).and_then(|it| it.strip_prefix("tributary ")).expect("a command");
    let mut words: Vec<&str> = command.split(' ').collect();
    words.extend(["--database", &database.address]);
    run(&words).assert_code(0);
    assert_eq!(kept().await, ["side 1 software-project-v1"]);
    codex.import(&database, &["--again", "--branch", "main"]).assert_code(0);
    assert_eq!(kept().await, ["main 3 software-project-v1"]);
}

fn scheduled(codex: &Codex, store: &Arc<dyn Store>) -> ImportGit {
    ImportGit {
        store: Some(Arc::clone(store)),
        source: Arc::new(System),
        actor: Actor::schedule(),
        path: codex.path(),
        branch: None,
        name: None,
        policy: None,
        until: None,
        again: false,
        dry_run: false,
    }
}

#[tokio::test]
async fn of_two_imports_at_once_the_later_leaves_no_failure_on_record() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(3);
    let store = database.open().await;
    let (one, other) = (scheduled(&codex, &store), scheduled(&codex, &store));
    let (one, other) = tokio::join!(one.run(|_, _| ()), other.run(|_, _| ()));
    let refused: Vec<_> = [one, other].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    assert!(
        matches!(refused[0].downcast_ref(), Some(Error::ImportedMeanwhile(name)) if name == "codex"),
        "{refused:?}"
    );
    let runs = store.import_runs(&ImportQuery { limit: 10, ..ImportQuery::default() }).await.expect("runs");
    let statuses: Vec<_> = runs.items.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [ImportStatus::Complete]);
}

#[tokio::test]
async fn up_to_a_commit_that_commit_is_on_record_and_not_the_head() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(3);
    let store = database.open().await;
    let second = crate::given::git(&codex.path(), &["rev-parse", "main~1"]);
    let import = ImportGit { until: Some(second.clone()), ..scheduled(&codex, &store) };
    assert_eq!(import.run(|_, _| ()).await.expect("read").counts.units, 2);
    let runs = store.import_runs(&ImportQuery { limit: 10, ..ImportQuery::default() }).await.expect("runs");
    assert_eq!(runs.items[0].to_sha, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_leaves_a_beginning_that_is_whole() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(1_500);
    let path = codex.path();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tributary"))
        .args(["import", "git", path.to_str().expect("text"), "--database", &database.address])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    let began = Instant::now();
    let kept = async || {
        if !database.file().exists() {
            return 0;
        }
        let there = database.texts("SELECT name FROM sqlite_master WHERE name = 'contribution_turns'").await;
        if there.is_empty() {
            return 0;
        }
        database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM units").await[0]
            .parse::<usize>()
            .expect("a number")
    };
    while kept().await == 0 && began.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    let units = kept().await;
    assert!(units > 0 && units.is_multiple_of(200) || units == 1_500, "whole chunks: {units}");
    verify(&database, &["--rebuild"]).assert_code(0);
    let rest = codex.import(&database, &["--format", "json"]).assert_code(0).json();
    assert_eq!(rest.text("counts.units"), (1_500 - units).to_string());
    let other = Database::sqlite();
    codex.import(&other, &[]).assert_code(0);
    assert_eq!(digest(&other).await, digest(&database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_imports_by_its_schedule() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(3);
    let path = codex.path();
    let server =
        Tributary::serve(&database.address, &["--import-repository", path.to_str().expect("text")]).start();
    let began = Instant::now();
    let imported = loop {
        let answer = server.client().get("/api/imports").expect("an answer");
        if answer.body.contains("\"complete\"") {
            break answer.body;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{}", answer.body);
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(imported.contains(r#""units":3"#), "{imported}");
    assert_eq!(runs(&database).await, ["schedule import_history"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_reads_what_is_new_at_its_next_turn_and_each_under_its_name() {
    let (mut codex, database) = (Codex::new(), Database::sqlite());
    codex.commit(2);
    let store = database.open().await;
    let state = AppState::new(store.clone(), Auth::Open, Arc::new(FixedSource::new()), unreachable_gates());
    let path = codex.path();
    let given = [path.display().to_string(), format!("tides={}", path.display())];
    let given: Vec<NamedPath> = given.iter().map(|text| text.parse().expect("a path")).collect();
    let running = importing::start(&state, Schedule::new(given, Duration::from_millis(50)));
    let units = async || -> Vec<(String, i64)> {
        let repositories = store.repositories().await.expect("repositories");
        repositories.into_iter().map(|it| (it.name, it.units)).collect()
    };
    let expect = async |count: i64| {
        let began = Instant::now();
        while units().await != [("codex".to_owned(), count), ("tides".to_owned(), count)] {
            assert!(began.elapsed() < Duration::from_secs(20), "{:?}", units().await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    expect(2).await;
    codex.commit(3);
    expect(5).await;
    drop(running);
}

#[test]
fn a_server_refuses_two_repositories_of_one_name() {
    let (one, other, database) = (Codex::new(), Codex::new(), Database::sqlite());
    let (one, other) = (one.path(), other.path());
    let (one, other) = (one.to_str().expect("text"), other.to_str().expect("text"));
    let words = ["--import-repository", one, "--import-repository", other];
    let refused = Tributary::serve(&database.address, &words).refusal();
    assert!(refused.contains("would both be called codex") && refused.contains("NAME="), "{refused}");
}

#[tokio::test]
async fn of_a_number_on_one_forge_in_two_repositories_each_is_named_by_its_repository() {
    let app = TestApp::new().await;
    let mut units = Vec::new();
    for name in ["codex", "annals"] {
        let mut branch = Branch::new(name);
        units
            .push(branch.merge("Tides", "Ann", "Bob").claim(&format!("domains/tides/{name}.md"), &[]).done());
        branch.keep(&*app.store, 1).await;
    }
    let resolved = async |reference: &str| {
        let refs =
            domain::report::resolve(&*app.store, &[reference.to_owned()]).await.expect("resolved").refs;
        let units: Vec<String> = refs[0].units.iter().map(|unit| unit.repository.clone()).collect();
        (units, refs[0].message.clone().unwrap_or_default())
    };
    let (found, told) = resolved("forgejo:PR#1").await;
    assert_eq!(found.len(), 2);
    for (unit, name) in units.iter().zip(["codex", "annals"]) {
        let works = format!("{name}:PR#1");
        assert!(told.contains(&works), "{told}");
        assert_eq!(resolved(&works).await.0, [name]);
        assert_eq!(resolved(&format!("sea/{name}#1")).await.0, [name]);
        let page = app.get(&format!("/links/new?unit={}", unit.id())).await.assert_status(200).text;
        assert!(
            page.contains(&works) && !page.contains("forgejo:PR#1"),
            "what the form files is not ambiguous"
        );
    }
}
