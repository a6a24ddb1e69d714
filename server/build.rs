//! Gathers what the browser needs into one folder that is embedded in the binary: the style sheets as one small file,
//! `public/`, and the islands' bundle where `cargo xtask web` has built one.

use anyhow::{Context as _, Result, anyhow};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() -> Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let assets = PathBuf::from(env::var("OUT_DIR")?).join("assets");
    if assets.exists() {
        fs::remove_dir_all(&assets)?;
    }
    fs::create_dir_all(assets.join("pkg"))?;
    fs::write(assets.join("tributary.css"), style_sheet(&root.join("style"))?)?;
    copy_files(&root.join("public"), &assets)?;
    let bundle = root.join("target/web");
    // Watched as a folder that is always there: a path that is missing would mean a new build each time.
    fs::create_dir_all(&bundle)?;
    println!("cargo:rerun-if-changed={}", bundle.display());
    if bundle.join("tributary.wasm").is_file() {
        for name in ["tributary.js", "tributary.wasm"] {
            fs::copy(bundle.join(name), assets.join("pkg").join(name))
                .with_context(|| format!("{name} of the islands' bundle"))?;
        }
    }
    println!("cargo:rustc-env=TRIBUTARY_COMMIT={}", commit(&root));
    Ok(())
}

/// The style sheets that `main.css` imports, in its order, as one without comments and spaces. A rule that cannot be
/// read ends the build: a browser would leave it out without a word.
fn style_sheet(folder: &Path) -> Result<String> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let main = fs::read_to_string(folder.join("main.css")).context("style/main.css")?;
    let mut bundle = String::new();
    for line in main.lines() {
        match line.strip_prefix("@import \"").and_then(|rest| rest.split('"').next()) {
            Some(name) => bundle.push_str(&fs::read_to_string(folder.join(name)).context(name.to_owned())?),
            None => bundle.push_str(line),
        }
        bundle.push('\n');
    }
    let sheet = StyleSheet::parse(&bundle, ParserOptions::default());
    let mut sheet = sheet.map_err(|error| anyhow!("style: {error}"))?;
    // Without targets nothing is rewritten for older browsers: `light-dark()`, nesting and layers stay as they are.
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("style: {error}"))?;
    let small = sheet.to_css(PrinterOptions { minify: true, ..PrinterOptions::default() });
    Ok(small.map_err(|error| anyhow!("style: {error}"))?.code)
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    println!("cargo:rerun-if-changed={}", from.display());
    for entry in fs::read_dir(from).with_context(|| format!("{}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// The commit that is built, or nothing where there is no repository.
fn commit(root: &Path) -> String {
    for name in [".git/HEAD", ".git/refs/heads"] {
        let path = root.join(name);
        if path.exists() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    let output = Command::new("git").arg("-C").arg(root).args(["rev-parse", "HEAD"]).output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        _ => String::new(),
    }
}
