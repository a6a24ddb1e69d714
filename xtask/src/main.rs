//! `cargo xtask`: everything one does with this repository besides `cargo run`.
//!
//! One small program instead of a makefile and five tools to install: it needs cargo, and says by name what
//! else it could have used. Every command runs from the root of the workspace.

mod bench;
mod browser;
mod demo;
mod dist;
mod history;
mod http;
mod postgres;
mod shell;
mod test;
mod wasm_std;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  web                            build the islands (WebAssembly) into target/web
  demo [--once] [--addr A:PORT]  build, serve and fill a database with real input; --once stops after it
  test [--only STEP]             every check of the project, in order
  dist                           the release binary with everything inside, at target/dist/tributary
  bench [NAME] [--strict]        benchmarks: engine, load, history; all of them without a name; with --strict, a ratio
                                 that misses its aim is a failure
  help                           this text

Steps of test: ";

fn main() -> ExitCode {
    // Returned from `main`, an error would be printed as a stack of frames of this program, which helps
    // nobody.
    if let Err(error) = run() {
        eprintln!("\nerror: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run() -> Result<()> {
    shell::enter_workspace()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}{}", test::step_names().join(", "));
            Ok(())
        }
        ["web"] => web::build().map(drop),
        ["dist"] => dist::run(),
        ["demo", options @ ..] => demo::run(&demo::Options::parse(options)?),
        ["test"] => test::run(None),
        ["test", "--only", step] => test::run(Some(step)),
        ["bench"] => bench::run(None, false),
        ["bench", "--strict"] => bench::run(None, true),
        ["bench", name] => bench::run(Some(name), false),
        ["bench", name, "--strict"] | ["bench", "--strict", name] => bench::run(Some(name), true),
        other => bail!("`{}` is no command of xtask; `cargo xtask help` lists them", other.join(" ")),
    }
}
