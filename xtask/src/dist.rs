//! `cargo xtask dist`: the one file to copy to a server.

use std::fs;

use anyhow::Result;

use crate::{shell, web};

/// Builds the islands, then the server that embeds them, style and migrations included.
pub fn run() -> Result<()> {
    let has_islands = web::build()?;
    build_release()?;
    let built = shell::server_binary("release")?;
    fs::create_dir_all("target/dist")?;
    let shipped = format!("target/dist/tributary{}", std::env::consts::EXE_SUFFIX);
    let bytes = fs::copy(built, &shipped)?;
    let islands = if has_islands { "with islands" } else { "without islands" };
    println!("{shipped}: {}, {islands}", shell::size(bytes));
    Ok(())
}

/// The optimised server, at `target/release/tributary`.
pub fn build_release() -> Result<()> {
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "server"]))
}
