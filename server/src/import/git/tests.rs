//! What an import is told of before it reads.

use super::{NamedPath, name_of, proposals::of_mailmap, source::refuse_namesakes};
use crate::import::history::Alias;

#[test]
fn a_repository_is_named_after_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, name) in [("Codex.git", "codex"), ("My Project", "my-project"), ("plain/.git", "plain")] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(&path).expect("a folder");
        assert_eq!(name_of(&path).expect("a name"), name);
    }
    assert!(name_of(&folder.path().join("nowhere")).is_err());
}

#[test]
fn a_repository_is_given_with_its_name_or_without() {
    for (text, name, path) in [
        ("/srv/clone", None, "/srv/clone"),
        ("codex=/srv/clone", Some("codex"), "/srv/clone"),
        ("codex=a=b", Some("codex"), "a=b"),
        ("./a=b", None, "./a=b"),
        ("/srv/a=b", None, "/srv/a=b"),
    ] {
        let given: NamedPath = text.parse().expect(text);
        assert_eq!((given.name.as_deref(), given.path.to_str()), (name, Some(path)), "{text}");
    }
    for text in ["", "codex=", "=a", "My Codex=/srv/clone"] {
        assert!(text.parse::<NamedPath>().is_err(), "{text}");
    }
}

#[derive(clap::Parser)]
struct Options {
    #[command(flatten)]
    imports: super::ImportArgs,
}

#[test]
fn how_often_is_said_in_minutes() {
    use clap::Parser as _;
    let of =
        |words: &[&str]| Options::try_parse_from([&["x", "--import-repository", "/nowhere"], words].concat());
    let every =
        |words: &[&str]| of(words).expect("options").imports.read().expect("a schedule").every().as_secs();
    assert_eq!(every(&[]), 600);
    assert_eq!(every(&["--import-every-minutes", "7"]), 420);
    for minutes in ["0", "-1", "x"] {
        assert!(of(&["--import-every-minutes", minutes]).is_err(), "{minutes}");
    }
}

#[test]
fn two_repositories_of_one_name_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let given = |at: &str, name: &str| -> NamedPath {
        let path = folder.path().join(at).join("codex.git");
        std::fs::create_dir_all(&path).expect("a folder");
        format!("{name}{}", path.display()).parse().expect("a path")
    };
    let refused = refuse_namesakes(&[given("a", ""), given("b", "")]).expect_err("two").to_string();
    assert!(refused.contains("both be called codex") && refused.contains("NAME="), "{refused}");
    refuse_namesakes(&[given("a", ""), given("b", "other=")]).expect("two names");
    refuse_namesakes(&[given("a", "other="), given("b", "other=")]).expect_err("one name");
    let nowhere: NamedPath = "/nowhere/codex".parse().expect("a path");
    refuse_namesakes(&[nowhere.clone(), nowhere]).expect("each is told of at its turn");
}

#[test]
fn lines_of_a_mailmap_propose_names_and_addresses() {
    let line = |name: Option<&str>, commit_name: Option<&str>| Alias {
        name: name.map(str::to_owned),
        email: None,
        commit_name: commit_name.map(str::to_owned),
        commit_email: "Ann@example.org".into(),
    };
    let lines = [line(Some("Ann"), Some("A. Nonym")), line(Some("Ann"), None), line(None, Some("x"))];
    let proposals = of_mailmap(&lines);
    let pairs: Vec<_> = proposals.iter().map(|it| (it.handle.as_str(), it.alias.as_str())).collect();
    assert_eq!(pairs.len(), 2, "{pairs:?}");
    assert_eq!(pairs[0], ("ann", "a.-nonym"));
    assert!(pairs[1].1.starts_with("address:"), "{pairs:?}");
}
