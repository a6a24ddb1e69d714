//! `cargo xtask dist`: the one file to copy to a server.

use std::fs;

use anyhow::Result;

use crate::{shell, web};

/// Builds the islands, then the server that embeds them, style and migrations included. The profile `dist` puts it
/// at `target/dist/tributary`.
pub fn run() -> Result<()> {
    let has_islands = web::build()?;
    shell::run(&mut shell::cargo(&["build", "--profile", "dist", "--package", "server"]))?;
    let shipped = shell::server_binary("dist")?;
    let bytes = fs::metadata(&shipped)?.len();
    let islands = if has_islands { "with islands" } else { "without islands" };
    println!("{}: {}, {islands}", shipped.display(), shell::size(bytes));
    Ok(())
}

/// The optimised server, at `target/release/tributary`.
pub fn build_release() -> Result<()> {
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "server"]))
}
