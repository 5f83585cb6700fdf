//! A path that takes its time: bytes come out of it so much later than they went in, each way, and in their order.
//!
//! It delays and does not queue: what was sent together arrives together. It knows nothing of what it carries.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// The most bytes that are read at once.
const CHUNK: usize = 16 * 1024;
/// The most chunks that are on their way at once; then nothing more is read until one has arrived.
const MOST_ON_THE_WAY: usize = 256;

/// The far end of a connection that was accepted just now, once its handshake has come to its end.
///
/// The client believes to be connected already. The router learns of it three ways after the first packet, and what the client has said
/// by then arrives with it.
pub async fn far_end(near: TcpStream, one_way: Duration) -> DuplexStream {
    let connected = Instant::now() + 3 * one_way;
    let (here, there) = tokio::io::duplex(CHUNK);
    let (from_client, to_client) = near.into_split();
    let (from_router, to_router) = tokio::io::split(here);
    tokio::spawn(carry(from_client, to_router, one_way, connected));
    tokio::spawn(carry(from_router, to_client, one_way, connected));
    tokio::time::sleep_until(connected).await;
    there
}

/// Carries one way, until its end has arrived; nothing arrives before `opened`.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut into: impl AsyncWrite + Unpin,
    one_way: Duration,
    opened: Instant,
) {
    let mut on_the_way: VecDeque<(Instant, Vec<u8>)> = VecDeque::new();
    let mut buffer = vec![0; CHUNK];
    let mut open = true;
    while open || !on_the_way.is_empty() {
        let due = on_the_way.front().map(|(due, _)| *due);
        tokio::select! {
            () = tokio::time::sleep_until(due.unwrap_or(opened)), if due.is_some() => {
                let Some((_, bytes)) = on_the_way.pop_front() else { continue };
                if into.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            read = from.read(&mut buffer), if open && on_the_way.len() < MOST_ON_THE_WAY => match read {
                Ok(count @ 1..) => {
                    let arrives = (Instant::now() + one_way).max(opened);
                    on_the_way.push_back((arrives, buffer.iter().take(count).copied().collect()));
                }
                _ => open = false,
            },
        }
    }
    // One that has gone already needs no end.
    let _ = into.shutdown().await;
}
