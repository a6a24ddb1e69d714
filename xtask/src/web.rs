//! `cargo xtask web`: the islands, compiled to WebAssembly, with their JavaScript glue, in `target/web`.
//!
//! The glue is written by wasm-bindgen's own library at the version that `Cargo.lock` gives the app, so there
//! is no tool to install and none to fall out of step. Without a bundle the server still serves every page,
//! link and form.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::shell::{self, command};
use crate::wasm_std;

/// What the server embeds: `tributary.js`, `tributary.wasm`, and snippets of JavaScript if a dependency
/// brings any.
pub const BUNDLE: &str = "target/web";
/// The browser build has a target folder of its own: in a shared one the two halves of the app would evict
/// each other.
pub const TARGET_DIR: &str = "target/wasm";
/// `LEPTOS_OUTPUT_NAME` in `.cargo/config.toml` is this name too: pages ask for `NAME.js` and `NAME.wasm`.
const NAME: &str = "tributary";
const OPTIMISER: &str = "end2end/node_modules/.bin/wasm-opt";

/// The arguments that select the browser's half of the app.
pub const SELECT: [&str; 9] = [
    "--package",
    "app",
    "--lib",
    "--no-default-features",
    "--features=hydrate",
    "--target",
    wasm_std::TARGET,
    "--target-dir",
    TARGET_DIR,
];

/// Builds the bundle; `false` when this machine cannot compile for the browser.
pub fn build() -> Result<bool> {
    if let Err(why) = wasm_std::ensure() {
        shell::warn(&format!("no islands: {why:#}\nPages, links and forms work without them."));
        // A bundle of an older app beside a newer server is worse than none.
        if Path::new(BUNDLE).exists() {
            fs::remove_dir_all(BUNDLE)?;
        }
        return Ok(false);
    }
    shell::run(shell::cargo(&["build", "--profile=wasm-release"]).args(SELECT))?;
    let module = Path::new(TARGET_DIR).join(wasm_std::TARGET).join("wasm-release/app.wasm");
    let stamp = stamp(&module)?;
    let stamp_file = Path::new(TARGET_DIR).join("bundle.stamp");
    let is_fresh =
        fs::read_to_string(&stamp_file).is_ok_and(|last| last == stamp) && bundled("wasm").is_file();
    if !is_fresh {
        bind(&module)?;
        optimise(&bundled("wasm"));
        fs::write(stamp_file, stamp)?;
    }
    report()?;
    Ok(true)
}

/// What the bundle was made from; the same text again means that there is nothing to do.
fn stamp(module: &Path) -> Result<String> {
    let data = fs::metadata(module).with_context(|| format!("{} was not built", module.display()))?;
    let modified = data.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    let optimised = Path::new(OPTIMISER).exists();
    Ok(format!("{modified} {} bytes, wasm-opt {optimised}\n", data.len()))
}

fn bundled(extension: &str) -> PathBuf {
    Path::new(BUNDLE).join(format!("{NAME}.{extension}"))
}

/// Writes the glue and gives the module the name that Leptos asks for.
fn bind(module: &Path) -> Result<()> {
    if Path::new(BUNDLE).exists() {
        fs::remove_dir_all(BUNDLE)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(NAME).web(true)?.typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true).omit_default_module_path(false);
    bindgen.generate(BUNDLE).context("wasm-bindgen")?;

    let suffixed = format!("{NAME}_bg.wasm");
    fs::rename(Path::new(BUNDLE).join(&suffixed), bundled("wasm"))?;
    let glue = fs::read_to_string(bundled("js"))?;
    // A page gives the address itself; whoever calls the glue without one must find the module too.
    ensure!(glue.contains(&suffixed), "the glue of this wasm-bindgen names its module in another way");
    fs::write(bundled("js"), glue.replace(&suffixed, &format!("{NAME}.wasm")))?;
    Ok(())
}

/// Shrinks the module with Binaryen where npm has brought it. Optional: the bundle is whole without it.
fn optimise(module: &Path) {
    if !Path::new(OPTIMISER).exists() {
        println!("wasm-opt is not there (`npm ci` in end2end brings it): the bundle stays a little larger.");
        return;
    }
    let smaller = module.with_extension("wasm.smaller");
    // What rustc's default wasm32 target emits, and nothing newer.
    let features =
        ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types"];
    let mut optimiser = command(OPTIMISER);
    optimiser.arg(module).arg("-Oz").arg("-o").arg(&smaller).arg("--enable-sign-ext");
    optimiser.args(features.map(|feature| format!("--enable-{feature}")));
    let result = shell::output(&mut optimiser).and_then(|_| Ok(fs::rename(&smaller, module)?));
    if let Err(error) = result {
        let _ = fs::remove_file(&smaller);
        shell::warn(&format!("the bundle stays as wasm-bindgen left it: {error:#}"));
    }
}

fn report() -> Result<()> {
    for extension in ["wasm", "js"] {
        let file = bundled(extension);
        let raw = shell::size(fs::metadata(&file)?.len());
        let packed = shell::output(command("gzip").args(["-9", "-c"]).arg(&file));
        let packed = packed.map_or_else(|_| "unknown".to_owned(), |bytes| shell::size(bytes.len() as u64));
        println!("{}: {raw}, {packed} after gzip", file.display());
    }
    Ok(())
}
