//! Gates: may this deployment, or this change, be trusted?
//!
//! A gate is a contract of checks, held as data. It is run by doing what a user does and comparing what comes back.
//!
//! Desired properties:
//! - a verdict is one of three, and only `pass` passes: what could not be checked is not taken for granted;
//! - a contract that can never pass is refused when it is loaded, not found out when it is run;
//! - a report says of every check what was expected, what was seen and what to do about it.

pub mod answer;
pub mod contract;
pub mod merged;
pub mod report;
pub mod request;
pub mod run;
pub mod target;
pub mod transaction;

pub use contract::{BadContract, Contract, Expectations, OFFICIAL};
pub use report::{Check, GateReport, GateRun, GateSummary, Invariant, Verdict};
pub use request::GateRequest;
pub use target::{NoAnswer, Request, Target, TargetAnswer};

/// The gate that the seed asks for.
pub const PUBLIC_DEPLOY_CONTRACT: &str = "public-deploy-contract";
/// The gate of a merged commit.
pub const MERGED_CONTRACT: &str = "merged-contract";
