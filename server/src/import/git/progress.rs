//! How far an import is, told on standard error: to whoever watches a terminal, else only where it takes long.

use std::{
    io::{IsTerminal as _, Write, stderr},
    time::{Duration, Instant},
};

/// After how long it is told where nobody watches, and how often then.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a terminal is written to.
const TICK: Duration = Duration::from_millis(200);

/// Tells how far an import is.
pub struct Progress {
    out: Box<dyn Write + Send>,
    terminal: bool,
    told: Instant,
    shown: bool,
}

impl Progress {
    /// Nothing is told yet.
    pub fn new() -> Self {
        Self::to(Box::new(stderr()), stderr().is_terminal(), Instant::now())
    }

    /// Told there, from a time on.
    fn to(out: Box<dyn Write + Send>, terminal: bool, begun: Instant) -> Self {
        Self { out, terminal, told: begun, shown: false }
    }

    /// So many units of so many are kept.
    pub fn tell(&mut self, done: usize, of: usize) {
        self.tell_at(Instant::now(), done, of);
    }

    fn tell_at(&mut self, now: Instant, done: usize, of: usize) {
        let wait = if self.terminal { TICK } else { PATIENCE };
        if now.duration_since(self.told) < wait {
            return;
        }
        (self.told, self.shown) = (now, true);
        // Whoever does not listen misses nothing.
        let _ = match self.terminal {
            true => write!(self.out, "\r{done} of {of} changes").and_then(|()| self.out.flush()),
            false => writeln!(self.out, "{done} of {of} changes"),
        };
    }

    /// Clears the line.
    pub fn end(&mut self) {
        if self.terminal && self.shown {
            let _ = write!(self.out, "\r\u{1b}[K");
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Said(Arc<Mutex<Vec<u8>>>);

    impl Write for Said {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("said").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_watches_is_told_often_and_a_log_only_where_it_takes_long() {
        let begun = Instant::now();
        let tell = |terminal: bool| {
            let said = Said::default();
            let mut progress = Progress::to(Box::new(said.clone()), terminal, begun);
            for (place, tenths) in [1, 3, 4, 6, 60].into_iter().enumerate() {
                progress.tell_at(begun + Duration::from_millis(100 * tenths), place + 1, 5);
            }
            progress.end();
            let said = said.0.lock().expect("said").clone();
            String::from_utf8(said).expect("text")
        };
        assert_eq!(tell(false), "5 of 5 changes\n");
        assert_eq!(tell(true), "\r2 of 5 changes\r4 of 5 changes\r5 of 5 changes\r\u{1b}[K");
    }
}
