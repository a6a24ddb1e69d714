//! The tests in a real browser: Playwright, driving Debian's Chromium against the server binary of this
//! workspace.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{self, command, find};
use crate::test::Skips;
use crate::web;

const FOLDER: &str = "end2end";
const CHROMIUMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Builds what the browser sees, then runs every test in `end2end`.
pub fn tests(skips: &mut Skips) -> Result<()> {
    let chromium = match prepare() {
        Ok(chromium) => chromium,
        Err(why) => {
            skips.push(format!("the pages in a browser: {why:#}"));
            return Ok(());
        }
    };
    if !web::build()? {
        skips.push("the islands in a browser: no bundle could be built".to_owned());
    }
    shell::run(&mut shell::cargo(&["build", "--package", "server"]))?;
    let server = shell::server_binary("debug")?;
    let mut playwright = command("npx");
    playwright.args(["--no-install", "playwright", "test"]).current_dir(FOLDER);
    playwright.env("TRIBUTARY_BIN", server).env("TRIBUTARY_CHROMIUM", chromium);
    shell::run(&mut playwright)
}

/// Node's packages and a browser; returns where the browser is.
fn prepare() -> Result<PathBuf> {
    ensure!(Path::new(FOLDER).join("package.json").is_file(), "there is no {FOLDER}/package.json");
    ensure!(find("npm").is_some() && find("npx").is_some(), "Node.js with npm is not installed");
    install_packages()?;
    chromium()
}

/// `npm ci`, when what is installed is not what the lock file says.
fn install_packages() -> Result<()> {
    let lock = Path::new(FOLDER).join("package-lock.json");
    let installed = Path::new(FOLDER).join("node_modules/.package-lock.json");
    let written = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if written(&installed).is_some_and(|done| written(&lock).is_some_and(|wanted| done >= wanted)) {
        return Ok(());
    }
    // Browsers come from the system, never from the package's own download.
    let mut npm = command("npm");
    npm.args(["ci", "--no-audit", "--no-fund"])
        .current_dir(FOLDER)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    shell::run(&mut npm)
}

fn chromium() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("TRIBUTARY_CHROMIUM") {
        return Ok(PathBuf::from(chosen));
    }
    let installed = || CHROMIUMS.iter().find_map(|name| find(name));
    if let Some(path) = installed() {
        return Ok(path);
    }
    if let Err(why) = shell::apt_install("chromium") {
        bail!("no Chromium: {why:#}");
    }
    installed().context("Chromium was installed, but is not on the PATH")
}
