//! The standard library for `wasm32-unknown-unknown`, got in one of three ways.
//!
//! Most machines have rustup, and `rustup target add` is all there is to it. Where rustup must not fetch
//! anything, the library is built here from its source: the `rust-src` component if there is one, else
//! Debian's package of exactly the version of the running rustc. Nothing is ever put beside a library that is
//! already there: two candidates for `core` break every later build (E0464).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::shell::{self, command, find};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Suites of Debian that carry recent compilers, newest stable first; each is asked only when the one before
/// has no match.
const SUITES: [&str; 3] = ["trixie-backports", "forky", "sid"];
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Lies beside a library that was built here, and names its compiler; rustup's own library has none.
const MARKER: &str = "built-by-xtask";

/// Makes sure that the target can be built for; the error says why it cannot.
pub fn ensure() -> Result<()> {
    let sysroot = PathBuf::from(shell::text(command("rustc").args(["--print", "sysroot"]))?.trim());
    let compiler = shell::text(command("rustc").arg("-vV"))?;
    remove_outdated(&sysroot, &compiler)?;
    if is_present(&sysroot) {
        return Ok(());
    }
    if env::var_os("RUSTUP_AUTO_INSTALL").is_none_or(|value| value != "0") && find("rustup").is_some() {
        match shell::run(command("rustup").args(["target", "add", TARGET])) {
            Ok(()) if is_present(&sysroot) => return Ok(()),
            Ok(()) => println!("rustup added {TARGET}, but not to the toolchain that is running."),
            Err(error) => println!("{error:#}"),
        }
    }
    println!("Building the standard library for {TARGET} from its source (once, about half a minute) …");
    let work = WorkFolder::create()?;
    build(&sysroot, &compiler, &work.0)?;
    ensure!(is_present(&sysroot), "the standard library was built, but is not in the sysroot");
    Ok(())
}

fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET)
}

fn is_present(sysroot: &Path) -> bool {
    let Ok(entries) = fs::read_dir(library_folder(sysroot).join("lib")) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// A toolchain that was updated under a library of ours would find it, and refuse it (E0514): then it has to
/// go.
fn remove_outdated(sysroot: &Path, compiler: &str) -> Result<()> {
    let folder = library_folder(sysroot);
    if fs::read_to_string(folder.join(MARKER)).is_ok_and(|built_for| built_for != compiler) {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Builds the library and moves it into the sysroot in one step, so that no other build ever sees half of it.
fn build(sysroot: &Path, compiler: &str, work: &Path) -> Result<()> {
    let source = sysroot.join("lib/rustlib/src/rust/library");
    let lent = if source.join("std/Cargo.toml").is_file() {
        None
    } else {
        let library = source_from_debian(release(compiler)?, work)?;
        fs::create_dir_all(source.parent().context("a sysroot has parents")?)
            .with_context(|| format!("cannot write to the sysroot {}", sysroot.display()))?;
        shell::run(command("cp").arg("-R").arg(&library).arg(&source))?;
        Some(LentSource(source))
    };
    let built = compile(work)?;
    drop(lent);

    let staged = sysroot.join("lib/rustlib").join(format!(".{TARGET}.{}", std::process::id()));
    fs::create_dir_all(staged.join("lib"))?;
    for file in &built {
        fs::copy(file, staged.join("lib").join(file.file_name().unwrap_or_default()))?;
    }
    fs::write(staged.join(MARKER), compiler)?;
    if let Err(error) = fs::rename(&staged, library_folder(sysroot)) {
        fs::remove_dir_all(&staged)?;
        // Another xtask may have been quicker; its library is as good.
        ensure!(is_present(sysroot), "cannot move the library into the sysroot: {error}");
    }
    Ok(())
}

/// Compiles an empty crate with `-Z build-std` and returns the libraries that this leaves behind.
fn compile(work: &Path) -> Result<Vec<PathBuf>> {
    let package = work.join("empty");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(package.join("Cargo.toml"), manifest)?;

    let arguments = ["build", "--release", "--quiet", "--target", TARGET, "-Z", "build-std=std,panic_abort"];
    let mut cargo = shell::cargo(&arguments);
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "RUSTC_WRAPPER"] {
        cargo.env_remove(name);
    }
    // Only the standard library itself is unstable here: what comes out is the same as rustup's.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", package.join("target")).current_dir(&package);
    shell::run(&mut cargo)?;

    let mut built = Vec::new();
    for entry in fs::read_dir(package.join("target").join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty") {
            built.push(path);
        }
    }
    Ok(built)
}

/// The release in what `rustc -vV` prints, such as `1.95.0`.
fn release(compiler: &str) -> Result<&str> {
    let release = compiler.lines().find_map(|line| line.strip_prefix("release: "));
    let release = release.context("rustc -vV names no release")?;
    ensure!(!release.contains('-'), "Debian has the source of stable compilers only, this is {release}");
    Ok(release)
}

/// Fetches and unpacks Debian's `rust-src` of this release, without touching the machine's own package lists.
fn source_from_debian(release: &str, work: &Path) -> Result<PathBuf> {
    for tool in ["apt-get", "apt-cache", "dpkg-deb"] {
        ensure!(
            find(tool).is_some(),
            "no rustup target, no rust-src component, and no {tool} to get the source with"
        );
    }
    ensure!(Path::new(KEYRING).is_file(), "no keyring of Debian's archive to check a download with");
    let mirror = mirror()?;
    let mut unreached = String::new();
    for suite in SUITES {
        let apt = Apt::new(work, &mirror, suite)?;
        if let Err(error) = apt.run("apt-get", &["update"]) {
            unreached = format!("; {suite}: {error:#}");
            continue;
        }
        let listed = apt.run("apt-cache", &["madison", "rust-src"])?;
        let Some(version) = matching_version(&listed, release) else { continue };
        println!("Fetching Debian's rust-src {version} from {suite} …");
        apt.run("apt-get", &["download", &format!("rust-src={version}")])?;
        return unpack(work);
    }
    let suites = SUITES.join(", ");
    bail!("no suite of Debian ({suites}) has rust-src {release}, the version of this rustc{unreached}")
}

/// The address of the machine's own Debian mirror: `apt` knows it, this project does not.
fn mirror() -> Result<String> {
    let listed = shell::text(command("apt-get").args([
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
    ]))?;
    let mirror = listed.lines().find(|address| !address.contains("security"));
    Ok(mirror.context("apt-get knows no mirror; has it any source?")?.to_owned())
}

/// The package version whose upstream part is this release, in what `apt-cache madison` prints.
fn matching_version<'a>(madison: &'a str, release: &str) -> Option<&'a str> {
    let versions = madison.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim);
    versions.into_iter().find(|version| version.split(['+', '-', '~']).next() == Some(release))
}

fn unpack(work: &Path) -> Result<PathBuf> {
    let downloaded = fs::read_dir(work)?.flatten().map(|entry| entry.path());
    let package = downloaded.into_iter().find(|path| path.extension().is_some_and(|end| end == "deb"));
    let unpacked = work.join("unpacked");
    shell::run(
        command("dpkg-deb").arg("-x").arg(package.context("apt-get left no package")?).arg(&unpacked),
    )?;
    let sources = fs::read_dir(unpacked.join("usr/src"))?.flatten().map(|entry| entry.path().join("library"));
    let library = sources.into_iter().find(|library| library.join("std/Cargo.toml").is_file());
    library.context("rust-src holds no library/std")
}

/// `apt` with one source list and state of its own.
struct Apt {
    options: Vec<String>,
    folder: PathBuf,
}

impl Apt {
    fn new(work: &Path, mirror: &str, suite: &str) -> Result<Self> {
        let state = work.join(suite);
        fs::create_dir_all(state.join("lists/partial"))?;
        fs::create_dir_all(state.join("cache/archives/partial"))?;
        let list = state.join("source.list");
        fs::write(&list, format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n"))?;
        let options = vec![
            format!("-oDir::Etc::sourcelist={}", list.display()),
            "-oDir::Etc::sourceparts=-".to_owned(),
            format!("-oDir::State::lists={}", state.join("lists").display()),
            format!("-oDir::Cache={}", state.join("cache").display()),
            // The sandbox user of apt cannot write to a private folder; the signature is checked all the
            // same.
            "-oAPT::Sandbox::User=root".to_owned(),
        ];
        Ok(Self { options, folder: work.to_owned() })
    }

    fn run(&self, tool: &str, arguments: &[&str]) -> Result<String> {
        shell::text(command(tool).args(&self.options).args(arguments).current_dir(&self.folder))
    }
}

/// A folder for this build alone, gone with it.
struct WorkFolder(PathBuf);

impl WorkFolder {
    fn create() -> Result<Self> {
        let path = env::temp_dir().join(format!("tributary-wasm-std-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The source lent to the sysroot, taken back afterwards: rustup would stumble over it when asked for its
/// own.
struct LentSource(PathBuf);

impl Drop for LentSource {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        // The folders made for it too, as far as they are empty.
        for folder in self.0.ancestors().skip(1).take(2) {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{matching_version, release};

    const MADISON: &str = "\
  rust-src | 1.96.1+dfsg1-2~bpo13+1 | mirror trixie-backports/main amd64 Packages
  rust-src | 1.95.0+dfsg1-2~bpo13+1 | mirror trixie-backports/main amd64 Packages
  rust-src | 1.9.0-1 | mirror trixie-backports/main amd64 Packages
";

    #[test]
    fn takes_the_package_of_the_running_release() {
        assert_eq!(matching_version(MADISON, "1.95.0"), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(matching_version(MADISON, "1.9.0"), Some("1.9.0-1"));
    }

    #[test]
    fn release_is_that_of_a_stable_compiler() {
        let compiler =
            |release: &str| format!("rustc\nbinary: rustc\nrelease: {release}\nLLVM version: 22.1.2\n");
        assert_eq!(release(&compiler("1.95.0")).unwrap(), "1.95.0");
        assert!(release(&compiler("1.97.0-nightly")).is_err());
        assert!(release("rustc").is_err());
    }

    #[test]
    fn takes_no_neighbour() {
        assert_eq!(matching_version(MADISON, "1.96.0"), None);
        assert_eq!(matching_version(MADISON, "1.95"), None);
        assert_eq!(matching_version("", "1.95.0"), None);
    }
}
