//! Group commit: whoever writes at the same time shares one transaction, and its one wait for the disk.
//!
//! Desired properties:
//! - nobody is answered before their write is durable;
//! - one operation that fails does not fail those it shared a transaction with;
//! - a transaction that may have been committed is never tried again.

use super::batch::{self, BatchError, Memory, Operation, Outcomes};
use super::connection::{NotCommitted, Pool};
use super::contributions::{self, Done, Work};
use domain::{
    error::Error,
    store::{Made, Written},
};
use tokio::sync::{mpsc, oneshot};

/// Operations that share a transaction at the most.
const MAX_BATCH: usize = 512;
/// Operations that wait at the most; beyond, senders wait to be let in.
const MAX_WAITING: usize = 8_192;
/// How often a transaction is tried that the database could not fit among others.
const MAX_ATTEMPTS: u32 = 8;

#[expect(
    clippy::large_enum_variant,
    reason = "nearly all jobs are done together; a box would be one more allocation each"
)]
enum Job {
    /// To be done together with others.
    Together { operation: Operation, reply: oneshot::Sender<Result<Written<Made>, Error>> },
    /// To be done by itself, between batches.
    Alone { work: Work, reply: oneshot::Sender<Result<Done, Error>> },
}

/// The way to the one task that writes.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the task. It ends when the last handle is gone.
    pub fn start(pool: Pool, shard: i64) -> Self {
        let (jobs, mut waiting) = mpsc::channel::<Job>(MAX_WAITING);
        tokio::spawn(async move {
            let (mut batch, mut memory) = (Vec::new(), Memory::default());
            while waiting.recv_many(&mut batch, MAX_BATCH).await > 0 {
                let (mut operations, mut replies, mut alone) = (Vec::new(), Vec::new(), Vec::new());
                for job in batch.drain(..) {
                    match job {
                        Job::Together { operation, reply } => {
                            operations.push(operation);
                            replies.push(reply);
                        }
                        Job::Alone { work, reply } => alone.push((work, reply)),
                    }
                }
                if !operations.is_empty() {
                    let outcomes = commit(&pool, shard, &operations, &mut memory).await;
                    for (reply, outcome) in replies.into_iter().zip(outcomes) {
                        // A sender that went away is answered by its next try: the write stands.
                        let _ = reply.send(outcome);
                    }
                }
                for (work, reply) in alone {
                    let _ = reply.send(commit_alone(&pool, &work).await);
                }
            }
        });
        Self { jobs }
    }

    /// Does an operation; answered once it is durable.
    pub async fn submit(&self, operation: Operation) -> Result<Written<Made>, Error> {
        let (reply, outcome) = oneshot::channel();
        let gone = || Error::Unavailable("the writer has stopped".into());
        self.jobs.send(Job::Together { operation, reply }).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }

    /// Does something by itself, in a transaction of its own; answered once it is durable.
    pub async fn alone(&self, work: Work) -> Result<Done, Error> {
        let (reply, outcome) = oneshot::channel();
        let gone = || Error::Unavailable("the writer has stopped".into());
        self.jobs.send(Job::Alone { work, reply }).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}

impl Writer {
    /// Derives again whatever a decision left to be, a few units in each transaction. It goes on whoever stops waiting.
    pub async fn derive_waiting(&self) -> Result<(), Error> {
        let writer = self.clone();
        let deriving = tokio::spawn(async move {
            while let Done::Waiting(true) = writer.alone(Work::DeriveWaiting).await? {}
            Ok(())
        });
        deriving.await.map_err(|error| Error::Store(error.to_string()))?
    }
}

/// Commits a batch; where it fails as a whole, each operation by itself.
async fn commit(pool: &Pool, shard: i64, operations: &[Operation], memory: &mut Memory) -> Outcomes {
    match attempt(pool, shard, operations, memory).await {
        Ok(outcomes) => outcomes,
        Err(Failure { error, committing: false }) if operations.len() > 1 && !error.is_busy() => {
            tracing::warn!(?error, operations = operations.len(), "a batch failed; each by itself now");
            let mut outcomes = Vec::with_capacity(operations.len());
            for operation in operations {
                let alone = attempt(pool, shard, std::slice::from_ref(operation), memory).await;
                outcomes.push(match alone {
                    Ok(mut outcome) => {
                        outcome.pop().unwrap_or_else(|| Err(Error::Store("a batch without outcome".into())))
                    }
                    Err(failure) => Err(failure.error.into_error()),
                });
            }
            outcomes
        }
        Err(Failure { error, .. }) => {
            let error = error.into_error();
            tracing::error!(%error, operations = operations.len(), "a batch failed");
            operations.iter().map(|_| Err(error.clone())).collect()
        }
    }
}

/// One transaction of one piece of work, again where the database asks for that.
async fn commit_alone(pool: &Pool, work: &Work) -> Result<Done, Error> {
    let mut attempts = 1;
    loop {
        match transaction_alone(pool, work).await {
            Ok(done) => return Ok(done),
            Err(Failure { error, committing: false }) if error.wants_retry() && attempts < MAX_ATTEMPTS => {
                attempts += 1;
            }
            Err(Failure { error, .. }) => {
                let error = error.into_error();
                if matches!(error, Error::Store(_) | Error::Unavailable(_)) {
                    tracing::error!(%error, "what is done by itself failed");
                }
                return Err(error);
            }
        }
    }
}

async fn transaction_alone(pool: &Pool, work: &Work) -> Result<Done, Failure> {
    let before = |error: BatchError| Failure { error, committing: false };
    let mut connection = pool.acquire().await.map_err(|error| before(error.into()))?;
    connection.begin().await.map_err(|error| before(error.into()))?;
    match contributions::run(&mut connection, work).await {
        Ok(done) => {
            connection.commit_after(&[]).await?;
            Ok(done)
        }
        Err(error) => {
            connection.roll_back().await;
            Err(before(error))
        }
    }
}

/// Why a transaction failed, and whether it may have been committed all the same.
struct Failure {
    error: BatchError,
    committing: bool,
}

impl From<NotCommitted> for Failure {
    fn from(failed: NotCommitted) -> Self {
        Self { error: failed.error.into(), committing: failed.perhaps }
    }
}

/// One transaction, again where the database asks for that.
async fn attempt(
    pool: &Pool,
    shard: i64,
    operations: &[Operation],
    memory: &mut Memory,
) -> Result<Outcomes, Failure> {
    let mut attempts = 1;
    loop {
        match transaction(pool, shard, operations, memory).await {
            Ok(outcomes) => return Ok(outcomes),
            Err(failure) => {
                memory.forget();
                if !failure.error.wants_retry() || attempts == MAX_ATTEMPTS {
                    return Err(failure);
                }
                attempts += 1;
            }
        }
    }
}

async fn transaction(
    pool: &Pool,
    shard: i64,
    operations: &[Operation],
    memory: &mut Memory,
) -> Result<Outcomes, Failure> {
    let before = |error: BatchError| Failure { error, committing: false };
    let mut connection = pool.acquire().await.map_err(|error| before(error.into()))?;
    connection.begin().await.map_err(|error| before(error.into()))?;
    match batch::decide(&mut connection, shard, operations, memory).await {
        Ok(decided) => {
            connection.commit_after(&decided.writes).await?;
            memory.learn(decided.totals, decided.labels);
            Ok(decided.outcomes)
        }
        Err(error) => {
            connection.roll_back().await;
            Err(before(error))
        }
    }
}
