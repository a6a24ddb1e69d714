//! Tells those who listen of every accepted write.
//!
//! Desired properties:
//! - while anybody listens there is one question to the store a second, however many they are; while nobody does, none;
//! - an entry is told of even where its id is smaller than one told before, as ids are made before the commit: if it
//!   was committed at most [`OVERLAP`] later;
//! - one listener is told of an entry once;
//! - a listener who comes back with the last id it heard misses nothing: it is told of the overlap again;
//! - one client has [`SEATS_OF_ONE`] seats at the most, so that nobody takes them all;
//! - who reads too slowly is let go, to come back; nobody is waited for, least of all at the end of the server.

mod seats;

use domain::{error::Error, id::EntryId, ledger::RecordedChange, store::Store};
use seats::{Seat, Seats};
use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{Mutex, broadcast, watch};

pub use seats::{Client, Full, MOST_LISTENERS, SEATS_OF_ONE};

/// How often the end of the ledger is looked at.
const INTERVAL: Duration = Duration::from_secs(1);
/// How much later than one with a greater id an entry may be committed.
pub const OVERLAP: Duration = Duration::from_secs(5);
/// Entries that are read at once.
const PAGE: i64 = 500;
/// Batches that a listener may fall behind.
const BEHIND: usize = 64;

/// Who listens, and what they are told.
pub struct Changes(Arc<Shared>);

struct Shared {
    store: Arc<dyn Store>,
    seats: Arc<Seats>,
    /// The tail of the ledger; none while nobody listens.
    tail: Mutex<Option<Tail>>,
    stopping: watch::Sender<bool>,
}

/// What was seen of the ledger's end, and whom to tell.
struct Tail {
    sender: broadcast::Sender<Arc<Batch>>,
    newest: EntryId,
    /// Ids from the floor on, all of them told.
    seen: BTreeSet<EntryId>,
}

/// What was new at one look.
struct Batch {
    changes: Vec<RecordedChange>,
    /// No later batch tells of an id before this.
    floor: EntryId,
}

impl Changes {
    /// The changes of a store.
    pub fn of(store: Arc<dyn Store>) -> Self {
        let (stopping, _) = watch::channel(false);
        Self(Arc::new(Shared { store, seats: Arc::default(), tail: Mutex::new(None), stopping }))
    }

    /// A listener: from now on, or from an entry on; where there is a seat for this client.
    pub async fn listen(
        &self,
        client: Client,
        after: Option<EntryId>,
    ) -> Result<Result<Listener, Full>, Error> {
        let shared = self.0.clone();
        let seat = match Seats::take(&shared.seats, client) {
            Ok(seat) => seat,
            Err(full) => return Ok(Err(full)),
        };
        let mut running = shared.tail.lock().await;
        let tail = match running.as_mut() {
            Some(tail) => tail,
            None => {
                let tail = Tail::begin(&*shared.store).await?;
                tokio::spawn(follow(shared.clone()));
                running.insert(tail)
            }
        };
        Ok(Ok(Listener {
            store: shared.store.clone(),
            receiver: tail.sender.subscribe(),
            stopping: shared.stopping.subscribe(),
            last: after.unwrap_or(tail.newest),
            replay_from: after.map(|id| id.back_by(OVERLAP)),
            floor: tail.floor(),
            told: BTreeSet::new(),
            queue: VecDeque::new(),
            _seat: seat,
        }))
    }

    /// Lets every listener go.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }
}

/// Looks at the end of the ledger again and again, until nobody listens.
async fn follow(shared: Arc<Shared>) {
    let mut stopping = shared.stopping.subscribe();
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let mut running = shared.tail.lock().await;
        let Some(tail) = running.as_mut().filter(|tail| tail.sender.receiver_count() > 0) else {
            *running = None;
            return;
        };
        if let Err(error) = tail.look(&*shared.store).await {
            tracing::debug!(%error, "the ledger could not be read for those who listen; trying again");
        }
    }
}

impl Tail {
    /// The end as it is now: nothing of it is told.
    async fn begin(store: &dyn Store) -> Result<Self, Error> {
        let newest = store.last_entry().await?.unwrap_or(EntryId::FIRST);
        let (sender, _) = broadcast::channel(BEHIND);
        let mut tail = Self { sender, newest, seen: BTreeSet::new() };
        tail.unseen(store).await?;
        Ok(tail)
    }

    fn floor(&self) -> EntryId {
        self.newest.back_by(OVERLAP)
    }

    /// What was not seen before, by id.
    async fn unseen(&mut self, store: &dyn Store) -> Result<Vec<RecordedChange>, Error> {
        let (mut from, mut unseen) = (self.floor(), Vec::new());
        loop {
            let page = store.changes_after(from, PAGE).await?;
            let more = i64::try_from(page.len()).is_ok_and(|length| length == PAGE);
            from = page.last().map_or(from, |change| change.id);
            unseen.extend(page.into_iter().filter(|change| self.seen.insert(change.id)));
            if !more {
                break;
            }
        }
        self.newest = self.newest.max(from);
        self.seen = self.seen.split_off(&self.floor());
        Ok(unseen)
    }

    /// Tells of what is new.
    async fn look(&mut self, store: &dyn Store) -> Result<(), Error> {
        let floor = self.floor();
        let changes = self.unseen(store).await?;
        if !changes.is_empty() {
            // It fails where the last listener has just left.
            let _ = self.sender.send(Arc::new(Batch { changes, floor }));
        }
        Ok(())
    }
}

/// One who listens.
pub struct Listener {
    store: Arc<dyn Store>,
    receiver: broadcast::Receiver<Arc<Batch>>,
    stopping: watch::Receiver<bool>,
    last: EntryId,
    /// From where the ledger is still to be read, before what is new is told.
    replay_from: Option<EntryId>,
    /// What is new has no id before this.
    floor: EntryId,
    /// Ids from the floor on that were told from the ledger, and may come again as new.
    told: BTreeSet<EntryId>,
    queue: VecDeque<RecordedChange>,
    _seat: Seat,
}

impl Listener {
    /// The id that it begins behind: whoever comes back with it misses nothing.
    pub const fn last(&self) -> EntryId {
        self.last
    }

    /// The next change; none where it is to come back, as it fell behind or the server stops.
    pub async fn next(&mut self) -> Option<RecordedChange> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some(change) = self.queue.pop_front() {
                return Some(change);
            }
            match self.replay_from {
                Some(from) => self.replay(from).await?,
                None => self.wait().await?,
            }
        }
    }

    /// Reads a page of what was before.
    async fn replay(&mut self, from: EntryId) -> Option<()> {
        let page = self.store.changes_after(from, PAGE).await.ok()?;
        let more = i64::try_from(page.len()).is_ok_and(|length| length == PAGE);
        self.replay_from = page.last().map(|change| change.id).filter(|_| more);
        self.told.extend(page.iter().map(|change| change.id).filter(|id| *id >= self.floor));
        self.queue.extend(page);
        Some(())
    }

    /// Waits for what is new.
    async fn wait(&mut self) -> Option<()> {
        let batch = tokio::select! {
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            batch = self.receiver.recv() => batch.ok()?,
        };
        let new = batch.changes.iter().filter(|change| !self.told.contains(&change.id));
        self.queue.extend(new.cloned());
        self.told = self.told.split_off(&batch.floor);
        Some(())
    }
}
