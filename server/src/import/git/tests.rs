//! What an import is told of before it reads.

use super::{name_of, proposals::of_mailmap};
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
