//! The loop between one connection and one session: bytes in, bytes out, pauses, idle time, the router's own messages.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::cell::Cell;
use crate::router::signal::Signal;
use crate::session::{End, Session};

/// What a connection brings.
#[derive(Debug)]
pub enum Input {
    /// Bytes, with the time they were due.
    Bytes(Vec<u8>, Instant),
    /// The width of the client's terminal.
    Width(usize),
}

/// Where the session's output goes.
pub trait Sink: Send {
    /// Writes bytes that were due at this time; false when no one takes them any more.
    fn write(&mut self, bytes: Vec<u8>, due: Instant) -> impl Future<Output = bool> + Send;
}

/// Runs a session to its end.
pub async fn converse(
    cell: &Cell,
    session: &mut Session,
    mut input: mpsc::UnboundedReceiver<Input>,
    signals: &mut mpsc::UnboundedReceiver<Signal>,
    sink: &mut impl Sink,
) -> Option<End> {
    let mut due = Instant::now();
    let mut wake: Option<Instant> = None;
    let idle = match cell.with(|router| router.spec.readings.idle_seconds) {
        0 => Duration::from_secs(86_400 * 365),
        seconds => Duration::from_secs(seconds),
    };
    let mut quiet = Instant::now() + idle;
    let mut number = session.id;
    let mut gone = false;
    loop {
        if session.id != number {
            cell.renumber(number, session.id);
            number = session.id;
        }
        let bytes = session.take_output();
        cell.sends(bytes.len());
        if !bytes.is_empty() && !sink.write(bytes, due).await {
            cell.with(|router| session.lost(router));
        }
        if gone {
            // What it has ordered may have ended by now.
            cell.with(|router| session.lost(router));
        }
        if let Some(end) = session.end() {
            return Some(end);
        }
        if let Some(wait) = session.take_wait() {
            wake = Some(due.max(Instant::now()) + wait);
        }
        let pause = wake.unwrap_or(quiet);
        let flush = cell.due().map_or(quiet, Instant::from_std);
        tokio::select! {
            () = tokio::time::sleep_until(pause) => {
                due = pause;
                if wake.take().is_some() {
                    cell.with(|router| session.resume(router));
                } else {
                    quiet = Instant::now() + idle;
                    cell.with(|router| session.idle(router));
                }
            }
            () = tokio::time::sleep_until(flush), if flush < pause => cell.with(|_| ()),
            message = signals.recv() => {
                due = Instant::now();
                match message {
                    Some(signal) => cell.with(|router| session.signal(router, signal)),
                    None => return None,
                }
            }
            message = input.recv(), if !gone => {
                match message {
                    Some(Input::Bytes(bytes, at)) => {
                        due = at;
                        quiet = Instant::now() + idle;
                        cell.with(|router| session.feed(router, &bytes));
                    }
                    Some(Input::Width(columns)) => session.resized(columns),
                    None => gone = true,
                }
            }
        }
    }
}
