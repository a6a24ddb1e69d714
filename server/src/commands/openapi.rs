//! `tributary openapi`

use crate::api;
use anyhow::Result;
use std::process::ExitCode;

/// Prints the OpenAPI document.
pub fn run() -> Result<ExitCode> {
    println!("{}", api::openapi().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
