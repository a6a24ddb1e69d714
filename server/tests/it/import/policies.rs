//! Policies of one's own, as files.

use crate::given::{Database, Json, LINKS, Tributary, git};
use std::path::PathBuf;
use tempfile::TempDir;

const WEIGHTS: &str = include_str!("../../../../domain/policies/weights/ci-v1.toml");
const COSTS: &str = include_str!("../../../../domain/policies/costs/commit-cost-v2.toml");
const LEVELS: &str = include_str!("../../../../domain/policies/autonomy/autonomy-v1.toml");
const READING: &str = include_str!("../../../../domain/policies/contributions/knowledge-base-v1.toml");

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    /// A file of a text in which something is replaced; its path.
    fn write(&self, name: &str, text: &str, replaced: &[(&str, &str)]) -> String {
        let text = replaced.iter().fold(text.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let file = self.0.path().join(name);
        std::fs::write(&file, text).expect("a file");
        file.to_str().expect("text").to_owned()
    }

    /// A repository of one claim by ann, merged by bob.
    fn codex(&self) -> PathBuf {
        let path = self.0.path().join("codex");
        let claim = path.join("domains/tides");
        std::fs::create_dir_all(&claim).expect("a folder");
        std::fs::write(claim.join("a.md"), "---\ntype: claim\ndomain: tides\nsource: s\n---\n# A\n")
            .expect("a file");
        git(&path, &["init", "-q", "-b", "main"]);
        git(&path, &["add", "--all"]);
        git(&path, &["commit", "-q", "-m", "A claim"]);
        path
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_costs_and_levels_of_ones_own_are_in_force_and_scoring_reads_no_git() {
    let (files, database) = (Files::new(), Database::sqlite());
    let codex = files.codex();
    let weights = files.write("w.toml", WEIGHTS, &[("ci-v1", "own-v1"), ("\"0.05\"", "\"0.01\"")]);
    let costs = files.write("c.toml", COSTS, &[("commit-cost-v2", "own-cost-v1"), ("\"0.15\"", "\"3.00\"")]);
    let levels = files.write("l.toml", LEVELS, &[("autonomy-v1", "own-levels-v1")]);
    let reading = files.write(
        "r.toml",
        READING,
        &[("name = \"knowledge-base-v1\"", "name = \"own-reading-v1\""), ("\"ci-v1\"", "\"own-v1\"")],
    );
    let path = codex.to_str().expect("text");
    let import = ["import", "git", path, "--database", &database.address, "--policy", &reading];
    let refused = Tributary::new(&import).output();
    assert!(!refused.status.success());
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("is no weight set"),
        "its weight set is not given"
    );
    let imported = Tributary::new(&[&import[..], &["--weights", &weights]].concat()).output();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let sha = git(&codex, &["rev-parse", "HEAD"]);
    std::fs::remove_dir_all(&codex).expect("gone");
    let own = ["--weights", &weights, "--cost-model", &costs, "--autonomy", &levels];
    let server = Tributary::serve(&database.address, &own).start();
    let mut client = server.client();
    let mut index = |set: &str| {
        let list = client.get(&format!("/api/contributors?weights={set}")).expect("an answer");
        assert_eq!(list.status, 200, "{}", list.body);
        Json::read(&list.body).text("contributors.0.score")
    };
    let found = ["own-v1", "ci-v1", "ci-v0"].map(&mut index);
    assert_eq!(found, ["0.01", "0.05", "0.4"]);
    let autonomy = client.get("/api/governance/autonomy").expect("an answer").body;
    assert!(autonomy.contains("own-levels-v1"), "{autonomy}");
    let link = format!(
        r#"{{"idea_id":"a","spec_id":"a","implementation_refs":["commit:{sha}"],"contributors":{{}},"estimated_cost":1}}"#
    );
    let filed = Json::read(&client.post(LINKS, &link).expect("an answer").body).text("id");
    let references = Json::read(&client.get(&format!("{LINKS}/{filed}/references")).expect("an answer").body);
    // A tenth, three for its file, and six lines at 0.002.
    assert_eq!(
        (references.text("cost.model"), references.text("cost.cost")),
        ("own-cost-v1".into(), "3.112".into())
    );
    drop(server);
    let verified =
        Tributary::new(&["verify", "--rebuild", "--database", &database.address, "--weights", &weights]);
    assert!(verified.output().status.success());
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_its_name_and_what_is_wrong() {
    let (files, database) = (Files::new(), Database::sqlite());
    for (option, name, text, replaced, told) in [
        ("--weights", "taken.toml", WEIGHTS, &[][..], "ci-v1 is the name of another"),
        ("--weights", "heavy.toml", WEIGHTS, &[("\"0.05\"", "\"0.5\"")], "sum"),
        ("--weights", "odd.toml", WEIGHTS, &[("challenger", "critic")], "challenger"),
        ("--cost-model", "taken.toml", COSTS, &[], "commit-cost-v2 is the name of another"),
        (
            "--cost-model",
            "upside-down.toml",
            COSTS,
            &[("\"10.00\"", "\"0.01\"")],
            "min must not be above max",
        ),
        ("--autonomy", "taken.toml", LEVELS, &[], "autonomy-v1 is the name of another"),
        ("--autonomy", "easy.toml", LEVELS, &[("min_units = 0", "min_units = 1")], "must take nothing"),
    ] {
        let file = files.write(name, text, replaced);
        let refused = Tributary::serve(&database.address, &[option, &file]).refusal();
        assert!(refused.contains(told), "{option} {name}: {refused}");
        assert!(refused.contains(name) || told.contains("another"), "{option} {name}: {refused}");
    }
    let missing = Tributary::serve(&database.address, &["--weights", "/nowhere.toml"]).refusal();
    assert!(missing.contains("/nowhere.toml cannot be read"), "{missing}");
}
