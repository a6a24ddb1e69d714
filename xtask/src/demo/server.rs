//! The server of the demo: started, waited for, and stopped again, by its own process id and no other.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::history;
use crate::http::Client;
use crate::shell::{self, command};

/// Ignored by git, and kept between runs.
pub const DATABASE: &str = "sqlite://data/demo.db";
/// What this repository is called among those that are imported.
pub const REPOSITORY: &str = "tributary";
const LOG: &str = "target/demo-server.log";
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(10);

/// Reads this repository's own history into the demo's database, as an operator would. Without a history to read, or where
/// it was rewritten since an earlier run, it says so and goes on.
pub fn import_history() -> Result<()> {
    fs::create_dir_all("data")?;
    let Some(branch) = history::branch() else {
        shell::warn("no history is imported: this is no branch of a git repository");
        return Ok(());
    };
    let mut import = command(shell::server_binary("release")?);
    import.args(["import", "git", ".", "--branch", &branch, "--repository", REPOSITORY]);
    import.args(["--policy", "software-project-v1", "--database", DATABASE]);
    without_settings(&mut import);
    if !import.status()?.success() {
        shell::warn(
            "the history was not imported; contributors are those of an earlier run, if there was one",
        );
    }
    Ok(())
}

/// What an operator has set for a real server is not meant for the demo's.
fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TRIBUTARY_") {
            command.env_remove(name);
        }
    }
}

/// A running `tributary serve`; stopped when dropped, whatever went wrong in between.
pub struct Server {
    child: Child,
    told_to_stop: Receiver<()>,
}

impl Server {
    pub fn start(address: SocketAddr) -> Result<Self> {
        // Before the child exists: Ctrl-C must never leave it behind.
        let (tell, told_to_stop) = mpsc::channel();
        let on_signal = move || {
            // Nobody listens any more once the server is stopping anyway.
            let _ = tell.send(());
        };
        ctrlc::set_handler(on_signal).context("cannot listen for Ctrl-C")?;

        fs::create_dir_all("data")?;
        fs::create_dir_all("target")?;
        let log = File::create(LOG)?;
        let mut serve = command(shell::server_binary("release")?);
        serve.arg("serve").arg("--addr").arg(address.to_string()).args(["--database", DATABASE]);
        // The commit that is built is the head of the branch, which the gate of the deployment may expect.
        if let Some(branch) = history::branch() {
            serve.args(["--repository", ".", "--branch", &branch]);
        }
        without_settings(&mut serve);
        let child = serve.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        Ok(Self { child, told_to_stop })
    }

    pub fn wait_until_ready(&mut self, client: &Client) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once ({status}):\n{}", last_words());
            }
            if client.get("/readyz").is_ok_and(|answer| answer.is_success()) {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("the server was not ready after {READY_WITHIN:?}:\n{}", last_words());
            }
            if self.told_to_stop.recv_timeout(Duration::from_millis(50)).is_ok() {
                bail!("stopped before the server was ready");
            }
        }
    }

    /// Returns after Ctrl-C or a signal to end; fails if the server ends by itself.
    pub fn serve_until_told(mut self) -> Result<()> {
        loop {
            match self.told_to_stop.recv_timeout(Duration::from_millis(250)) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return self.stop(),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended ({status}):\n{}", last_words());
            }
        }
    }

    /// Asks the server to end, and insists if it does not.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_some() {
            return Ok(());
        }
        if cfg!(unix) {
            let _ = shell::output(command("kill").args(["-TERM", &self.child.id().to_string()]));
            let deadline = Instant::now() + STOPPED_WITHIN;
            while Instant::now() < deadline {
                if self.child.try_wait()?.is_some() {
                    println!("The server has stopped.");
                    return Ok(());
                }
                thread::sleep(Duration::from_millis(50));
            }
        }
        self.child.kill()?;
        self.child.wait()?;
        println!("The server was killed.");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// The end of the server's log, for a message.
fn last_words() -> String {
    let log = fs::read_to_string(LOG).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    let last = lines[lines.len().saturating_sub(20)..].join("\n");
    format!("{last}\n({LOG})")
}
