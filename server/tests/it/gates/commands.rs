//! `tributary gate run`, as a pipeline calls it.

use super::{served::Served, settings};
use std::process::{Command, Output};

/// Runs the command; the server under test goes on meanwhile.
async fn gate(words: &[&str]) -> Output {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let run =
        move || Command::new(env!("CARGO_BIN_EXE_tributary")).args(["gate", "run"]).args(words).output();
    tokio::task::spawn_blocking(run).await.expect("a thread").expect("the command")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn exit_codes_tell_pass_fail_and_inconclusive() {
    let served = Served::with(settings()).await;
    let passed = gate(&["public-deploy-contract", "--target", &served.address]).await;
    assert_eq!(passed.status.code(), Some(0), "{}", out(&passed));
    assert!(
        out(&passed).contains("all 16 hold") && out(&passed).contains("\npass (public_contract_passed) in ")
    );
    let broken = Served::broken("payout_shares").await;
    let failed = gate(&["--target", &broken.address]).await;
    assert_eq!(failed.status.code(), Some(1), "{}", out(&failed));
    assert!(out(&failed).contains("FAIL payout_shares: expected idea 10.0, spec 20.0"), "{}", out(&failed));
    let nobody = gate(&["--target", "http://127.0.0.1:1"]).await;
    assert_eq!(nobody.status.code(), Some(2), "{}", out(&nobody));
    for words in [
        &["nothing", "--target", &*served.address][..],
        &["--target", "ftp://elsewhere.example"],
        &["--target", &served.address, "--expect-sha", "main"],
        &["merged-contract", "--target", &served.address],
        &["--contract", "/no/such/file"],
    ] {
        let wrong = gate(words).await;
        assert_eq!((wrong.status.code(), out(&wrong)), (Some(2), String::new()), "{words:?}");
        assert!(String::from_utf8_lossy(&wrong.stderr).contains("the gate could not be run: "), "{words:?}");
    }
}

#[tokio::test]
async fn an_expected_commit_is_insisted_on() {
    let served = Served::new().await;
    let other = gate(&["--target", &served.address, "--expect-sha", "0123456", "--format", "json"]).await;
    let report: serde_json::Value = serde_json::from_str(&out(&other)).expect("JSON");
    assert_eq!(report["expected_sha"], "0123456");
    let code = if server::commit().is_some() { 1 } else { 2 };
    assert_eq!(other.status.code(), Some(code), "{report:#}");
}

#[tokio::test]
async fn junit_names_each_check_and_what_broke() {
    let broken = Served::broken("valuation_roi").await;
    let output = gate(&["--target", &broken.address, "--format", "junit"]).await;
    let xml = out(&output);
    assert!(xml.starts_with("<?xml") && xml.trim_end().ends_with("</testsuites>"), "{xml}");
    assert!(xml.contains("failures=\"2\""), "the check and its invariant: {xml}");
    assert!(
        xml.contains("<testcase name=\"liveness\"") && xml.contains("<testcase name=\"valuation_roi\""),
        "{xml}"
    );
    let entries = broken.count("gate_runs").await;
    assert_eq!(entries, 0, "run from elsewhere, it is kept elsewhere");
}

#[tokio::test]
async fn junit_tells_what_could_not_be_checked_from_what_failed_and_what_is_optional() {
    let nobody = gate(&["--target", "http://127.0.0.1:1", "--format", "junit"]).await;
    let xml = out(&nobody);
    let case = |name: &str| {
        let rest = xml.split(&format!("<testcase name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("{xml}"));
        rest.split("</testcase>").next().unwrap_or_default().to_owned()
    };
    assert!(case("liveness").contains("<error") && !xml.contains("<failure"), "{xml}");
    assert!(case("deployed_version").contains("<skipped"), "nobody insists on it: {xml}");
}

#[tokio::test]
async fn a_key_in_a_file_opens_a_target_that_is_locked() {
    let secret = "0123456789abcdef0123456789abcdef";
    let served = Served::locked(&format!("ci {secret}")).await;
    let shut_out = gate(&["--target", &served.address]).await;
    assert_eq!(shut_out.status.code(), Some(2), "{}", out(&shut_out));
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("key");
    for line in [format!("ci {secret}\n"), secret.to_owned()] {
        std::fs::write(&file, line).expect("a file");
        let passed = gate(&["--target", &served.address, "--key-file", file.to_str().expect("text")]).await;
        assert_eq!(passed.status.code(), Some(0), "{}", out(&passed));
    }
}

#[test]
fn a_server_does_not_start_with_gates_that_could_never_pass() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "whsec_c2hvcnQ=").expect("a file");
    let secret = secret.to_str().expect("text");
    for (words, says) in [
        (&["--gate-require-sha"][..], "nobody can tell it"),
        (&["--gate-expect-sha", "main"], "7 to 40 hexadecimal digits"),
        (&["--require-forge"], "no forge is configured"),
        (&["--repository", "/no/such/folder"], "there is no git repository at /no/such/folder"),
        (&["--gate-target", "tributary.example"], "is no address"),
        (&["--gate-target", "file:///etc"], "begins with http:// or https://"),
        (&["--gate-contract", "/no/such/file"], "cannot be read"),
        (
            &["--gate-retention-days", "0"],
            "--gate-retention-days 0 would remove a gate's links while it still",
        ),
        (&["--gate-webhook", "http://receiver.example"], "--gate-webhook-secret-file"),
        (
            &["--gate-webhook", "http://receiver.example", "--gate-webhook-secret-file", secret],
            "24 to 64 bytes",
        ),
    ] {
        let database = format!("sqlite://{}", folder.path().join("gates.db").display());
        let output = Command::new(env!("CARGO_BIN_EXE_tributary"))
            .args(["serve", "--addr", "127.0.0.1:0", "--database", &database])
            .args(words)
            .output()
            .expect("the command");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(says), "{words:?}: {said}");
    }
}
