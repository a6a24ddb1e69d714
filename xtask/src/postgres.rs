//! The Rust tests, with a throwaway Postgres beside them.
//!
//! Debian's `pg_virtualenv` makes a cluster in three seconds, as root too, and removes it after the command
//! it runs. The tests learn of it by `TRIBUTARY_TEST_POSTGRES`; whoever has set that already keeps their own.

use std::env;
use std::process::Command;

use anyhow::Result;

use crate::shell::{self, command, find};
use crate::test::Skips;

const ADDRESS: &str = "TRIBUTARY_TEST_POSTGRES";

/// Turns what `pg_virtualenv` exports into one address, then becomes the command that follows.
const WITH_ADDRESS: &str =
    r#"export TRIBUTARY_TEST_POSTGRES="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres"; exec "$@""#;

/// Runs all tests of the workspace; without Postgres, those on SQLite.
pub fn tests(skips: &mut Skips) -> Result<()> {
    let words = test_command();
    if env::var_os(ADDRESS).is_some() {
        return shell::run(&mut shell::cargo(&words));
    }
    if let Err(why) = ensure_installed() {
        skips.push(format!("the tests on Postgres: {why:#}"));
        return shell::run(&mut shell::cargo(&words));
    }
    // Compiled first: the cluster need not idle while that takes its time.
    shell::run(shell::cargo(&words).arg("--no-run"))?;
    let tests = shell::cargo(&words);
    shell::run(&mut beside_cluster(&tests))
}

/// nextest runs each test in a process of its own and names slow ones; plain cargo does as well.
fn test_command() -> Vec<&'static str> {
    if find("cargo-nextest").is_some() {
        vec!["nextest", "run", "--workspace"]
    } else {
        vec!["test", "--workspace", "--lib", "--bins", "--tests"]
    }
}

fn ensure_installed() -> Result<()> {
    if find("pg_virtualenv").is_some() && has_server() {
        return Ok(());
    }
    shell::apt_install("postgresql")
}

/// The package of clients brings `pg_virtualenv` too, so a server must be looked for as well.
fn has_server() -> bool {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else { return false };
    versions.flatten().any(|version| version.path().join("bin/pg_ctl").is_file())
}

fn beside_cluster(tests: &Command) -> Command {
    let mut wrapped = command("pg_virtualenv");
    // Nothing here survives a crash, so nothing needs to reach the disk.
    wrapped.args(["-t", "-o", "fsync=off", "--", "sh", "-c", WITH_ADDRESS, "sh"]);
    // A port of the caller's environment may be taken by the caller's own server.
    wrapped.env_remove("PGPORT");
    wrapped.arg(tests.get_program()).args(tests.get_args());
    wrapped
}
