//! The way to talk to a run in progress, from any thread: one queue of messages that only the dispatcher's driver
//! reads.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::messages::{Order, Report, Snapshot};
use crate::cancel::Wake;

/// One message to the dispatcher; what it says is the driver's alone.
pub struct Message(pub(super) Content);

/// What a message says.
pub(super) enum Content {
    Report(Report),
    Order(Order),
    /// Someone asked to stop; the dispatcher looks by itself.
    Woken,
    /// How far has it come?
    Ask(Sender<Snapshot>),
}

/// The messages of a run; only the dispatcher's driver has it.
pub struct Inbox(Receiver<Message>);

impl Inbox {
    /// The next message, where one has come.
    pub fn try_next(&self) -> Option<Message> {
        self.0.try_recv().ok()
    }

    /// The next message.
    pub fn next(&self) -> Option<Message> {
        self.0.recv().ok()
    }

    /// The next message, where one comes in this time.
    pub fn next_within(&self, time: Duration) -> Option<Message> {
        self.0.recv_timeout(time).ok()
    }
}

/// The way to send messages to a run in progress, from any thread. Once the run is over they are ignored.
#[derive(Clone)]
pub struct Control {
    messages: Sender<Message>,
}

impl Control {
    pub(super) fn new() -> (Self, Inbox) {
        let (messages, inbox) = channel();
        (Self { messages }, Inbox(inbox))
    }

    /// Gives an order.
    pub fn order(&self, order: Order) {
        self.send(Content::Order(order));
    }

    /// How far the run has come when everything said before has been heard; nothing where it is over.
    pub fn snapshot(&self) -> Option<Snapshot> {
        let (answer, answered) = channel();
        self.send(Content::Ask(answer));
        answered.recv().ok()
    }

    pub(super) fn report(&self, report: Report) {
        self.send(Content::Report(report));
    }

    /// A request to stop wakes the run.
    pub(super) fn waker(&self) -> Arc<dyn Wake> {
        Arc::new(self.clone())
    }

    fn send(&self, content: Content) {
        // The run is over: messages are ignored.
        let _ = self.messages.send(Message(content));
    }
}

impl Wake for Control {
    fn wake(&self) {
        self.send(Content::Woken);
    }
}
