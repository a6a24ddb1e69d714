//! A bounded load over loopback: Tributary's routes beside bare handlers, in turn, in one run.
//!
//! Figures of one machine at one time mean little; the ratios between neighbours in a run are what is printed.
//! `TRIBUTARY_BENCH_SECONDS` sets the seconds of each measurement (3), `TRIBUTARY_BENCH_EVENTS` the events of the
//! long history (1,000,000), `TRIBUTARY_BENCH_ONLY` a word of the comparisons to make (all).

mod bare;
mod client;
mod fill;

use anyhow::Result;
use axum::Router;
use client::{Measured, Request};
use server::{
    Limits,
    auth::Auth,
    gate::{Gates, Settings},
    state::{AppState, System},
};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// Requests are many small pieces of memory, made by one thread and freed by another: what mimalloc is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Senders that wait for their answer before they send again.
const SENDERS: usize = 64;
/// Times that each pair is measured in turn.
const ROUNDS: usize = 3;

fn main() -> Result<()> {
    // `cargo test --benches` runs this too; there is nothing to test.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run())
}

/// A text from the environment.
fn setting_text(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A number from the environment, or what it is without one.
fn setting(name: &str, default: u64) -> u64 {
    setting_text(name).and_then(|text| text.parse().ok()).unwrap_or(default)
}

async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let seconds = Duration::from_secs(setting("TRIBUTARY_BENCH_SECONDS", 3));
    let long = setting("TRIBUTARY_BENCH_EVENTS", 1_000_000);
    let address = format!("sqlite://{}", folder.path().join("bench.db").display());
    let store = server::store::open(&address).await?;
    let gates = Gates::new(Settings::default(), "http://127.0.0.1:1", None)?;
    let state = AppState::new(store.clone(), Auth::Open, Arc::new(System), gates);
    let tributary = serve(server::router(state, Limits::default())).await?;
    let short_link = fill::link_with_events(&*store, 10).await?;
    println!("filing {long} events …");
    let long_link = fill::link_with_events(&*store, long).await?;
    let sink = fill::link_with_events(&*store, 1).await?;
    let bare = serve(bare::router(&folder.path().join("bench.db"), &short_link).await?).await?;
    println!("{SENDERS} senders, {} s each, {ROUNDS} rounds in turn\n", seconds.as_secs());

    let path = |id: &str, tail: &str| format!("/api/value-lineage/links/{id}/{tail}");
    let valuation = Request::get(tributary, &path(&short_link, "valuation"));
    let read = Request::get(bare, &format!("/read/{short_link}"));
    compare("valuation, against the same read bare", &valuation, &read, 0.8, seconds).await?;
    let memory = Request::get(bare, "/memory");
    compare("valuation, against the same bytes from memory", &valuation, &memory, 0.0, seconds).await?;
    let pool = r#"{"payout_pool":1000.0}"#;
    let preview = Request::post(tributary, &path(&short_link, "payout-preview"), pool);
    compare("payout preview, against one bare read", &preview, &read, 0.0, seconds).await?;
    compare("payout preview, against bytes from memory", &preview, &memory, 0.0, seconds).await?;
    let event = r#"{"source":"api","metric":"adoption_events","value":45.5}"#;
    let append = Request::post(tributary, &path(&sink, "usage-events"), event);
    let insert = Request::post(bare, "/events", event);
    compare("durable event, against a bare group commit", &append, &insert, 0.7, seconds).await?;
    let valuation_long = Request::get(tributary, &path(&long_link, "valuation"));
    let name = format!("valuation at {long} events, against one at 10");
    compare(&name, &valuation_long, &valuation, 0.9, seconds).await
}

/// Fails where a ratio misses its aim, if that is asked for.
fn judge(name: &str, ratio: f64, aim: f64) -> Result<()> {
    let strict = setting_text("TRIBUTARY_BENCH_STRICT").is_some();
    anyhow::ensure!(!strict || ratio >= aim, "{name} missed its aim: {ratio:.2}, not {aim}");
    Ok(())
}

/// Serves on a port of its own.
async fn serve(router: Router) -> Result<SocketAddr> {
    use axum::serve::ListenerExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Measures two requests in turn and prints the ratio of the medians beside what is aimed at.
async fn compare(name: &str, ours: &Request, peer: &Request, aim: f64, seconds: Duration) -> Result<()> {
    if !setting_text("TRIBUTARY_BENCH_ONLY").is_none_or(|only| name.contains(&only)) {
        return Ok(());
    }
    let (mut our_rounds, mut peer_rounds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        our_rounds.push(client::measure(ours, SENDERS, seconds).await?);
        peer_rounds.push(client::measure(peer, SENDERS, seconds).await?);
    }
    let (ours, peer) = (median(our_rounds), median(peer_rounds));
    let aimed = if aim > 0.0 { format!(" (aim {aim})") } else { String::new() };
    let ratio = ours.per_second / peer.per_second;
    println!("{name}: {ratio:.2}{aimed}");
    println!("  tributary {ours}\n  peer      {peer}\n");
    judge(name, ratio, aim)
}

fn median(mut rounds: Vec<Measured>) -> Measured {
    rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    rounds.swap_remove(rounds.len() / 2)
}
