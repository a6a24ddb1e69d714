//! How far an import is, told on standard error: to whoever watches a terminal, else only where it takes long.

use std::{
    io::{IsTerminal as _, Write as _, stderr},
    time::{Duration, Instant},
};

/// After how long it is told where nobody watches, and how often then.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a terminal is written to.
const TICK: Duration = Duration::from_millis(200);

/// Tells how far an import is.
pub struct Progress {
    terminal: bool,
    told: Instant,
    shown: bool,
}

impl Progress {
    /// Nothing is told yet.
    pub fn new() -> Self {
        Self { terminal: stderr().is_terminal(), told: Instant::now(), shown: false }
    }

    /// So many units of so many are kept.
    pub fn tell(&mut self, done: usize, of: usize) {
        let wait = if self.terminal { TICK } else { PATIENCE };
        if self.told.elapsed() < wait {
            return;
        }
        (self.told, self.shown) = (Instant::now(), true);
        // Whoever does not listen misses nothing.
        let _ = match self.terminal {
            true => write!(stderr(), "\r{done} of {of} changes"),
            false => writeln!(stderr(), "{done} of {of} changes"),
        };
    }

    /// Clears the line.
    pub fn end(&self) {
        if self.terminal && self.shown {
            let _ = write!(stderr(), "\r\u{1b}[K");
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}
