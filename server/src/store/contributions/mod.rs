//! Contributions in the store: units as they were read, what follows of them, and what people decided.
//!
//! Desired properties:
//! - what follows of units does not depend on how many came at once, nor on the order of repositories: dropped and
//!   derived again, it is the same to the byte;
//! - what is derived moves with totals: a credit that is added, ended, restored or taken away moves the sums by exactly
//!   what it changed;
//! - all of it is written by one function at a time, in a transaction of its own, between batches of other writes.

mod book;
mod derive;
mod digest;
mod ending;
pub mod explain;
mod identities;
mod keep;
mod knowledge;
mod outcomes;
mod people;
pub mod pieces;
pub mod reads;
mod rows;
mod statements;
pub mod verify;

pub use derive::end_units;
pub(super) use statements::of_texts;

use super::batch::BatchError;
use super::connection::Connection;
use domain::{
    contribution::{ImportCounts, Rebuilt, UnitBatch},
    ledger::Change,
    store::{Made, Write, Written},
};

/// Something to be done by itself, in a transaction of its own.
#[derive(Debug)]
pub enum Work {
    /// Units are kept, with all that follows of them.
    KeepUnits(Box<UnitBatch>),
    /// All that was read of a repository is dropped, with all that follows of it.
    DropRepository(String),
    /// Credits are derived again.
    DeriveAgain,
    /// Some of the units are derived again that a decision left to be.
    DeriveWaiting,
    /// All that follows of units is dropped and derived again.
    Rebuild,
    /// A change whose consequences reach far.
    Change(Box<Write>),
}

/// What it came to.
#[derive(Debug)]
pub enum Done {
    /// Units that were kept.
    Kept(ImportCounts),
    /// What was derived again.
    Rebuilt(Rebuilt),
    /// A change that was made.
    Written(Box<Written<Made>>),
    /// Whether units are left to be derived again.
    Waiting(bool),
    /// Nothing that has to be told of.
    Nothing,
}

/// Whether a change is to be made by itself.
pub const fn stands_alone(change: &Change) -> bool {
    matches!(
        change,
        Change::EditContributor { .. }
            | Change::ImportHistory { .. }
            | Change::CastVeto { .. }
            | Change::UndoVeto { .. }
    )
}

/// Does it. The caller begins and commits.
pub async fn run(connection: &mut Connection, work: &Work) -> Result<Done, BatchError> {
    connection.all(statements::TAKE_TURN, &[], "contribution_turns").await?;
    match work {
        Work::KeepUnits(batch) => keep::units(connection, batch).await.map(Done::Kept),
        Work::DropRepository(name) => keep::drop_repository(connection, name).await.map(|()| Done::Nothing),
        Work::DeriveAgain => derive::again(connection).await.map(|()| Done::Nothing),
        Work::DeriveWaiting => derive::waiting(connection).await.map(Done::Waiting),
        Work::Rebuild => derive::rebuild(connection).await.map(Done::Rebuilt),
        Work::Change(write) => {
            people::change(connection, write).await.map(|written| Done::Written(Box::new(written)))
        }
    }
}
