//! `tributary new-key`

use crate::auth;
use anyhow::Result;
use clap::Args;
use std::process::ExitCode;

/// Prints a line for an API key file.
#[derive(Debug, Args)]
pub struct NewKey {
    /// Who or what will hold the key: ci, alice
    name: String,
}

impl NewKey {
    /// Prints it.
    pub fn run(self) -> Result<ExitCode> {
        println!("{}", auth::new_key(&self.name)?);
        Ok(ExitCode::SUCCESS)
    }
}
