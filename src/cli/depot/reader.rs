//! What happens at the routers, as lines for the depot: of several at once only what a person waits for, unless every line is asked for.

use std::sync::mpsc::Sender;

use crate::cli::whole_lines::WholeLines;
use crate::field::Outgoing;
use crate::field::depot::DepotEvent;
use crate::message::Lang;
use crate::record::{Envelope, Kind, Reader};
use crate::report::Progress;
use crate::state::State;

/// Passes on what happens.
pub struct DepotReader {
    tell: Sender<DepotEvent>,
    progress: Progress<WholeLines>,
    all: bool,
}

impl DepotReader {
    /// Passes it on in this language; `all` of it, or what a person waits for.
    pub fn new(tell: Sender<DepotEvent>, lang: Lang, all: bool) -> Self {
        let said = tell.clone();
        let lines = WholeLines::to(move |line| {
            // The day may be over.
            let _ = said.send(DepotEvent::Said(line));
        });
        Self { tell, progress: Progress::new(lines, lang, all), all }
    }
}

impl Reader for DepotReader {
    fn read(&self, envelope: &Envelope) {
        if let Some(event) = pace(envelope) {
            let _ = self.tell.send(event);
        }
        if self.all || is_waited_for(&envelope.kind) {
            self.progress.read(envelope);
        }
    }
}

/// What the time that a router still takes follows from.
fn pace(envelope: &Envelope) -> Option<DepotEvent> {
    let router = envelope.router()?.to_owned();
    if let Some(line) = Outgoing::of(envelope) {
        return Some(DepotEvent::Sending { router, line });
    }
    matches!(envelope.kind, Kind::Moved { .. }).then_some(DepotEvent::Sent { router })
}

/// The stations of a router, and what a person must do something about.
fn is_waited_for(kind: &Kind) -> bool {
    match kind {
        Kind::Moved { state } => {
            matches!(state, State::Applying | State::Verifying | State::Saving | State::Undoing | State::Lost)
        }
        Kind::Warned { .. }
        | Kind::Waiting { .. }
        | Kind::StillWaiting { .. }
        | Kind::AnotherBox { .. }
        | Kind::FoundAgain { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::SystemTime;

    use super::DepotReader;
    use crate::field::Outgoing;
    use crate::field::depot::DepotEvent;
    use crate::message::Lang;
    use crate::record::{Envelope, Kind, Reader as _, Scope};
    use crate::state::State;

    #[test]
    fn of_many_lines_the_stations_are_told_each_with_its_router() {
        let (tell, told) = channel();
        let reader = DepotReader::new(tell, Lang::En, false);
        let sending = Kind::Sending { number: 1, total: 2, line: "hostname x".to_owned(), undo: false };
        for kind in [Kind::Moved { state: State::Locked }, sending, Kind::Moved { state: State::Saving }] {
            reader.read(&Envelope::new(&Scope::router("r1", "s"), SystemTime::UNIX_EPOCH, kind));
        }
        let events: Vec<DepotEvent> = told.try_iter().collect();
        let [
            DepotEvent::Sent { .. },
            DepotEvent::Sending { router, line: Outgoing { number: 1, at_ms: 0 } },
            DepotEvent::Sent { .. },
            DepotEvent::Said(line),
        ] = events.as_slice()
        else {
            panic!("{events:?}");
        };
        assert!(router == "r1" && line.starts_with("r1: → "), "{events:?}");
    }
}
