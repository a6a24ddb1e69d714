//! Imports the history of a git repository: what [`super::history`] reads is kept, chunk by chunk, with all that follows.
//!
//! Desired properties:
//! - an import that ends in the middle leaves a beginning of the history that is whole, and the next one goes on there;
//! - run again, it reads only what is new, and where nothing is, it leaves no trace;
//! - a history that was rewritten or cut off is told of, with what to do, and nothing is read of it.

mod progress;
mod proposals;
mod report;
mod run;
mod schedule;
mod source;
#[cfg(test)]
mod tests;

pub use progress::Progress;
pub use proposals::address_digest;
pub use report::Report;
pub use run::ImportGit;
pub use schedule::{ImportArgs, Schedule, start};
pub use source::{GivenPolicy, NamedPath, name_of};
