//! Group commit: whoever writes at the same time shares one transaction, and its one wait for the disk.
//!
//! Desired properties:
//! - nobody is answered before their write is durable;
//! - one operation that fails does not fail those it shared a transaction with;
//! - a transaction that may have been committed is never tried again.

use super::batch::{self, BatchError, Memory, Operation, Outcomes};
use super::connection::Pool;
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

struct Job {
    operation: Operation,
    reply: oneshot::Sender<Result<Written<Made>, Error>>,
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
                let (operations, replies): (Vec<_>, Vec<_>) =
                    batch.drain(..).map(|job| (job.operation, job.reply)).unzip();
                let outcomes = commit(&pool, shard, &operations, &mut memory).await;
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    // A sender that went away is answered by its next try: the write stands.
                    let _ = reply.send(outcome);
                }
            }
        });
        Self { jobs }
    }

    /// Does an operation; answered once it is durable.
    pub async fn submit(&self, operation: Operation) -> Result<Written<Made>, Error> {
        let (reply, outcome) = oneshot::channel();
        let gone = || Error::Unavailable("the writer has stopped".into());
        self.jobs.send(Job { operation, reply }).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}

/// Commits a batch; where it fails as a whole, each operation by itself.
async fn commit(pool: &Pool, shard: i64, operations: &[Operation], memory: &mut Memory) -> Outcomes {
    match attempt(pool, shard, operations, memory).await {
        Ok(outcomes) => outcomes,
        Err(Failure { error, committing: false }) if operations.len() > 1 => {
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

/// Why a transaction failed, and whether it may have been committed all the same.
struct Failure {
    error: BatchError,
    committing: bool,
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
    match batch::apply(&mut connection, shard, operations, memory).await {
        Ok(applied) => match connection.commit().await {
            Ok(()) => {
                memory.learn(applied.totals, applied.labels);
                Ok(applied.outcomes)
            }
            Err(error) => {
                connection.roll_back().await;
                Err(Failure { error: error.into(), committing: true })
            }
        },
        Err(error) => {
            connection.roll_back().await;
            Err(before(error))
        }
    }
}
