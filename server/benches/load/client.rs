//! The smallest client that can keep a server busy: keep-alive connections, each with one request under way.

use anyhow::{Context as _, Result, ensure};
use std::{
    fmt,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// A request, ready to be sent.
pub struct Request {
    address: SocketAddr,
    bytes: Vec<u8>,
}

impl Request {
    /// A `GET`.
    pub fn get(address: SocketAddr, path: &str) -> Self {
        Self { address, bytes: format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes() }
    }

    /// A `POST` of JSON.
    pub fn post(address: SocketAddr, path: &str, body: &str) -> Self {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Self { address, bytes: (head + body).into_bytes() }
    }
}

/// What a load came to.
pub struct Measured {
    /// Answers in a second.
    pub per_second: f64,
    p50: Duration,
    p99: Duration,
}

impl fmt::Display for Measured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1_000.0;
        write!(
            formatter,
            "{:>8.0}/s   p50 {:>6.2} ms   p99 {:>6.2} ms",
            self.per_second,
            milliseconds(self.p50),
            milliseconds(self.p99)
        )
    }
}

/// Sends a request from many senders for a while.
pub async fn measure(request: &Request, senders: usize, duration: Duration) -> Result<Measured> {
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for _ in 0..senders {
        let (address, bytes) = (request.address, request.bytes.clone());
        tasks.spawn(async move { send_until(address, &bytes, began + duration).await });
    }
    let mut times = Vec::new();
    while let Some(sent) = tasks.join_next().await {
        times.extend(sent??);
    }
    let elapsed = began.elapsed().as_secs_f64();
    times.sort_unstable();
    ensure!(!times.is_empty(), "no request was answered");
    Ok(Measured {
        per_second: times.len() as f64 / elapsed,
        p50: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
    })
}

async fn send_until(address: SocketAddr, request: &[u8], end: Instant) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut times = Vec::new();
    let mut buffer = Vec::with_capacity(16 * 1024);
    while Instant::now() < end {
        let sent = Instant::now();
        stream.write_all(request).await?;
        buffer.clear();
        read_answer(&mut stream, &mut buffer).await?;
        times.push(sent.elapsed());
    }
    Ok(times)
}

/// Reads one answer whole; anything but a success ends the measurement.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    loop {
        ensure!(stream.read_buf(buffer).await? > 0, "the server hung up");
        let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head])?;
        ensure!(text.starts_with("HTTP/1.1 20"), "not a success: {}", String::from_utf8_lossy(buffer));
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .context("an answer without a length")?;
        let length: usize = length.parse()?;
        while buffer.len() < head + 4 + length {
            ensure!(stream.read_buf(buffer).await? > 0, "the server hung up");
        }
        return Ok(());
    }
}
