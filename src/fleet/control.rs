//! The way to talk to a run in progress, from any thread: one queue of messages that only the dispatcher's driver
//! reads.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::messages::{Order, Report, Snapshot};
use crate::cancel::Wake;

/// One message to the dispatcher.
pub(super) enum Message {
    Report(Report),
    Order(Order),
    /// Someone asked to stop; the dispatcher looks by itself.
    Woken,
    /// How far has it come?
    Ask(Sender<Snapshot>),
}

/// The messages of a run; only the dispatcher's driver has it.
pub(super) type Inbox = Receiver<Message>;

/// The way to send messages to a run in progress, from any thread. Once the run is over they are ignored.
#[derive(Clone)]
pub struct Control {
    messages: Sender<Message>,
}

impl Control {
    pub(super) fn new() -> (Self, Inbox) {
        let (messages, inbox) = channel();
        (Self { messages }, inbox)
    }

    /// Gives an order.
    pub fn order(&self, order: Order) {
        self.send(Message::Order(order));
    }

    /// How far the run has come when everything said before has been heard; nothing where it is over.
    pub fn snapshot(&self) -> Option<Snapshot> {
        let (answer, answered) = channel();
        self.send(Message::Ask(answer));
        answered.recv().ok()
    }

    pub(super) fn report(&self, report: Report) {
        self.send(Message::Report(report));
    }

    /// A request to stop wakes the run.
    pub(super) fn waker(&self) -> Arc<dyn Wake> {
        Arc::new(self.clone())
    }

    fn send(&self, message: Message) {
        // The run is over: messages are ignored.
        let _ = self.messages.send(message);
    }
}

impl Wake for Control {
    fn wake(&self) {
        self.send(Message::Woken);
    }
}
