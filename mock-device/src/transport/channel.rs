//! A session inside the process: no socket, no terminal, for tests and demonstrations.

use std::sync::mpsc as blocking;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::conversation::{Input, Sink, converse};
use crate::cell::Cell;
use crate::router::Via;

/// Our end of such a session. Dropping it is a lost link, not a logout.
#[derive(Debug)]
pub struct Wire {
    input: mpsc::UnboundedSender<Input>,
    output: blocking::Receiver<Vec<u8>>,
}

/// What became of a wait for bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing in time.
    Nothing,
    /// The session is over.
    End,
}

impl Wire {
    /// Opens a session.
    pub(crate) fn open(cell: Cell, runtime: &Handle) -> Self {
        let (input, receiver) = mpsc::unbounded_channel();
        let (sender, output) = blocking::channel();
        let (mut session, mut signals) = cell.open(Via::Channel, None, 80);
        runtime.spawn(async move {
            converse(&cell, &mut session, receiver, &mut signals, &mut ChannelSink { sender }).await;
        });
        Self { input, output }
    }

    /// Types bytes; false when the session is over.
    pub fn send(&self, bytes: &[u8]) -> bool {
        self.input.send(Input::Bytes(bytes.to_vec(), Instant::now())).is_ok()
    }

    /// Waits for the next bytes, at most this long.
    pub fn receive(&self, within: Duration) -> Heard {
        match self.output.recv_timeout(within) {
            Ok(bytes) => Heard::Bytes(bytes),
            Err(blocking::RecvTimeoutError::Timeout) => Heard::Nothing,
            Err(blocking::RecvTimeoutError::Disconnected) => Heard::End,
        }
    }
}

struct ChannelSink {
    sender: blocking::Sender<Vec<u8>>,
}

impl Sink for ChannelSink {
    async fn write(&mut self, bytes: Vec<u8>, _due: Instant) -> bool {
        self.sender.send(bytes).is_ok()
    }
}
