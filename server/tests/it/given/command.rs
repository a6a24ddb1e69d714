//! The real command, as its user runs it.

use super::Client;
use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// `tributary …`, without anything of the tester's own environment.
pub struct Tributary(Command);

impl Tributary {
    pub fn new(words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tributary"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TRIBUTARY_")) {
            command.env_remove(name);
        }
        command.args(words);
        Self(command)
    }

    /// `tributary serve` on a free loopback port.
    pub fn serve(database: &str, words: &[&str]) -> Self {
        let mut this = Self::new(&["serve", "--addr", "127.0.0.1:0", "--database", database]);
        this.0.args(words);
        this
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs to its end.
    pub fn output(mut self) -> Output {
        self.0.output().expect("the command runs")
    }

    /// What it says when it must not start.
    pub fn refusal(mut self) -> String {
        let child = self.0.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command runs");
        let running = Running { addr: ([127, 0, 0, 1], 0).into(), child, log: None };
        let (status, log) = running.ended(Duration::from_secs(10));
        assert_eq!(status.code(), Some(1), "{log}");
        log.trim().to_owned()
    }

    /// Starts a server and waits until it listens.
    pub fn start(mut self) -> Running {
        let mut child =
            self.0.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs");
        let mut log = child.stderr.take().expect("a log");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = log.read_to_string(&mut text);
            text
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("output")).read_line(&mut line).expect("a line");
        let Some(addr) = line.trim().strip_prefix("Tributary listens on http://") else {
            let _ = child.kill();
            panic!("it did not start: {line} {}", log.join().unwrap_or_default());
        };
        Running { addr: addr.parse().expect("an address"), child, log: Some(log) }
    }
}

/// A server that runs, and is killed when the test ends.
pub struct Running {
    pub addr: SocketAddr,
    child: Child,
    log: Option<JoinHandle<String>>,
}

impl Running {
    pub fn client(&self) -> Client {
        Client::connect(self.addr).expect("a connection")
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Sends a signal by its name: `TERM`, `INT`.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Waits for its end; what it logged.
    pub fn ended(mut self, within: Duration) -> (ExitStatus, String) {
        let began = Instant::now();
        while began.elapsed() < within {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return (status, self.log());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it did not end within {within:?}");
    }

    fn log(&mut self) -> String {
        if let Some(log) = self.log.take() {
            return log.join().expect("a log");
        }
        let mut text = String::new();
        self.child.stderr.take().expect("a log").read_to_string(&mut text).expect("a log in text");
        text
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
