//! Stands in until gates run.

use crate::state::AppState;
use domain::{error::Error, gate::GateReport};

/// Runs the gate of this deployment.
pub async fn run_public(_: &AppState, _: Option<String>) -> Result<GateReport, Error> {
    Err(Error::Unavailable("gates do not run yet".into()))
}

/// Checks a commit of the repository.
pub async fn check_commit(_: &AppState, _: &str) -> Result<GateReport, Error> {
    Err(Error::NoRepository)
}
