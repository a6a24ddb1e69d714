//! Running other programs: the few helpers that every command shares.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// Makes the root of the workspace the current directory, so that every path in this crate can be relative to
/// it.
pub fn enter_workspace() -> Result<()> {
    let here = env::current_dir()?;
    let root = here
        .ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .context("run this inside the Tributary repository")?;
    env::set_current_dir(root).context("cannot enter the root of the workspace")
}

/// A command that does not inherit what `cargo run` set for xtask itself.
///
/// Build scripts such as `ring`'s watch `CARGO_PKG_*` and `CARGO_MANIFEST_*`: inherited from here they would
/// differ from an ordinary `cargo build`, and half of the workspace would be compiled anew each time one
/// changes from one to the other.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
        {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that runs xtask, with arguments.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments);
    cargo
}

/// Where cargo puts what it builds for this machine.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// The server's binary under `target/`, as an absolute path; `profile` is the folder's name: `debug` or
/// `release`.
pub fn server_binary(profile: &str) -> Result<PathBuf> {
    let path = target_dir().join(profile).join(format!("tributary{}", env::consts::EXE_SUFFIX));
    path.canonicalize().with_context(|| format!("{} was not built", path.display()))
}

/// Runs to the end, showing what it prints; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", describe(command)))?;
    ensure!(status.success(), "{} failed ({status})", describe(command));
    Ok(())
}

/// Runs to the end and returns what it printed; errors carry what it said on its error stream.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr);
        bail!("{} failed ({}): {}", describe(command), done.status, said.trim());
    }
    Ok(done.stdout)
}

/// [`output`] as text.
pub fn text(command: &mut Command) -> Result<String> {
    let bytes = output(command)?;
    String::from_utf8(bytes).with_context(|| format!("{} printed no text", describe(command)))
}

/// The program's name and first arguments, short enough for a message.
fn describe(command: &Command) -> String {
    let mut words = vec![Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy()];
    words.extend(command.get_args().take(4).map(|argument| argument.to_string_lossy()));
    format!("`{}`", words.join(" "))
}

/// Where a program is, if `PATH` has it.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Installs a Debian package where that is ours to do: as root, with apt.
pub fn apt_install(package: &str) -> Result<()> {
    ensure!(find("apt-get").is_some(), "this machine has no apt-get");
    ensure!(text(command("id").arg("-u"))?.trim() == "0", "installing `{package}` needs root");
    println!("Installing Debian's `{package}` …");
    let install = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        output(apt.args(["install", "--yes", "--no-install-recommends", package]))
    };
    if install().is_err() {
        // A fresh image has no package lists, an old one has lists of packages that are gone.
        output(command("apt-get").arg("update"))?;
        install()?;
    }
    Ok(())
}

/// Something is missing and the work goes on: said so that nobody can overlook it.
pub fn warn(message: &str) {
    eprintln!("\nwarning: {message}\n");
}

/// Bytes as a person reads them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{:02} MB", bytes / 1_000_000, bytes % 1_000_000 / 10_000),
    }
}
