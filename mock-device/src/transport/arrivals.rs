//! Connections as they arrive, and what becomes of one for which there is no one.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::cell::Cell;
use crate::router::Via;
use crate::scenario::Cut;

/// The next connection. When the process has no file left for it, it waits a moment for sessions to end.
pub async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(_) => tokio::time::sleep_until(Instant::now() + Duration::from_millis(20)).await,
        }
    }
}

/// Whether the router takes this connection: its server is on, and it has the address that was dialled.
pub fn is_taken(cell: &Cell, stream: &TcpStream, via: Via) -> bool {
    let dialled = stream.local_addr().map(|address| address.ip());
    cell.with(|router| router.serves(via) && dialled.is_ok_and(|dialled| router.answers_at(dialled)))
}

/// A connection for which there is no one: closed, or left hanging when lost paths hang.
pub fn turn_away(cell: &Cell, mut stream: TcpStream) {
    if cell.with(|router| router.spec.readings.cut) == Cut::Hang {
        tokio::spawn(async move {
            let mut void = [0; 256];
            while stream.read(&mut void).await.is_ok_and(|count| count > 0) {}
        });
    }
}
