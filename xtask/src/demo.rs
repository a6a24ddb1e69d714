//! `cargo xtask demo`: a server with something in it, filled the way a user would fill it: through the public
//! API.
//!
//! The input is real: the seed's own example, word for word, and one link per folder of this repository, made
//! from its git history to the spec that it is built to; the history itself is imported, so that its contributors are scored.
//! At the end the server's gate tries it. Every request carries an idempotency key, so a second run on the same database
//! adds nothing.

mod filing;
mod print;
mod server;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result, bail};

use crate::http::Client;
use crate::{dist, shell, web};

/// How `cargo xtask demo` was called.
pub struct Options {
    /// Stop after filling and printing, instead of serving until Ctrl-C.
    once: bool,
    /// Where to listen, if that was said.
    address: Option<SocketAddr>,
}

impl Options {
    /// Reads `--once` and `--addr ADDRESS:PORT`.
    pub fn parse(words: &[&str]) -> Result<Self> {
        let mut options = Self { once: false, address: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--once" => options.once = true,
                "--addr" => {
                    let text = words.next().context("--addr needs an address such as 127.0.0.1:3000")?;
                    options.address =
                        Some(text.parse().with_context(|| format!("`{text}` is no ADDRESS:PORT"))?);
                }
                other => bail!("demo knows --once and --addr ADDRESS:PORT, not `{other}`"),
            }
        }
        Ok(options)
    }
}

/// Builds, serves, fills, shows; then serves on until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    if let Err(error) = web::build() {
        shell::warn(&format!("no islands: {error:#}\nPages, links and forms work without them."));
    }
    dist::build_release()?;
    let address =
        options.address.map_or_else(free_address, |address| check_free(address).map(|()| address))?;
    server::import_history()?;
    let mut server = server::Server::start(address)?;
    let client = Client::new(address);
    server.wait_until_ready(&client)?;
    println!("\nServing on {} with the database {}", client.address(""), server::DATABASE);

    filing::register_spec(&client)?;
    let seed = filing::file_seed(&client)?;
    let links = filing::file_history(&client)?;
    print::everything(&client, &seed, &links)?;
    if options.once {
        return server.stop();
    }
    println!("\nServing until Ctrl-C.");
    server.serve_until_told()
}

/// The first free port from 3000 on.
fn free_address() -> Result<SocketAddr> {
    let candidates = (3000..3100).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let free = candidates.into_iter().find(|address| check_free(*address).is_ok());
    free.context("no free port between 3000 and 3099; name one with --addr")
}

fn check_free(address: SocketAddr) -> Result<()> {
    TcpListener::bind(address).map(drop).with_context(|| format!("cannot listen on {address}"))
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn options_are_read_or_refused() {
        let options = Options::parse(&["--addr", "127.0.0.1:4000", "--once"]).unwrap();
        assert!(options.once);
        assert_eq!(options.address.unwrap().port(), 4000);
        for refused in [&["--addr"][..], &["--addr", "4000"], &["--twice"]] {
            assert!(Options::parse(refused).is_err(), "{refused:?}");
        }
    }
}
