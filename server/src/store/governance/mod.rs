//! Governance in the store: flags, vetoes, decisions about autonomy and uses of claims.
//!
//! Flags, decisions and uses share their batch's transaction like any other write. A veto reaches far, so it is made by
//! itself, as decisions about contributors are.

pub mod known;
pub mod plan;
mod port;
pub mod reads;
mod rows;
mod statements;
pub mod verify;
pub mod vetoes;
