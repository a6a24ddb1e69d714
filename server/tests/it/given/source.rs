//! Time and ids that are the same in every run.

use chrono::{DateTime, TimeDelta, Utc};
use server::state::Source;
use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use uuid::Uuid;

/// When every test begins: 2026-02-15T00:00:00Z, the day of the seed.
pub const BEGINNING: DateTime<Utc> = DateTime::from_timestamp(1_771_113_600, 0).unwrap();

/// A clock that goes on by a second whenever it is read, and ids that count up.
pub struct FixedSource {
    clock: Mutex<(DateTime<Utc>, TimeDelta)>,
    ids: AtomicU64,
    broken: AtomicBool,
}

impl FixedSource {
    pub fn new() -> Self {
        Self {
            clock: Mutex::new((BEGINNING, TimeDelta::seconds(1))),
            ids: AtomicU64::new(0),
            broken: AtomicBool::new(false),
        }
    }

    /// Makes whoever asks for the time next panic.
    pub fn panic_once(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// Stops the clock at a time.
    pub fn stop_at(&self, time: DateTime<Utc>) {
        *self.clock.lock().unwrap() = (time, TimeDelta::zero());
    }
}

impl Source for FixedSource {
    fn now(&self) -> DateTime<Utc> {
        assert!(!self.broken.swap(false, Ordering::Relaxed), "the clock is broken");
        let mut clock = self.clock.lock().unwrap();
        let now = clock.0;
        *clock = (now + clock.1, clock.1);
        now
    }

    fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::Relaxed) + 1))
    }
}
