//! What happens at the router, as lines for the visit: the very lines of progress that every command shows.

use std::sync::mpsc::Sender;

use crate::cli::whole_lines::WholeLines;
use crate::field::{Event, Outgoing};
use crate::ix::ports::seen_links;
use crate::message::Lang;
use crate::record::{Envelope, Kind, Reader};
use crate::report::Progress;

/// Passes on what happens.
pub struct VisitReader {
    tell: Sender<Event>,
    progress: Progress<WholeLines>,
}

impl VisitReader {
    /// Passes it on to a visit in this language.
    pub fn new(tell: Sender<Event>, lang: Lang) -> Self {
        let said = tell.clone();
        let lines = WholeLines::to(move |line| {
            // The visit may be over.
            let _ = said.send(Event::Said(line));
        });
        Self { tell, progress: Progress::new(lines, lang, true).asking() }
    }
}

impl Reader for VisitReader {
    fn read(&self, envelope: &Envelope) {
        if let Some(line) = Outgoing::of(envelope) {
            let _ = self.tell.send(Event::Sending(line));
        }
        if let Kind::Checked { command, answer: Some(answer), .. } = &envelope.kind {
            let links = seen_links(command, answer);
            if !links.is_empty() {
                let _ = self.tell.send(Event::Links(links));
            }
        }
        self.progress.read(envelope);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::SystemTime;

    use super::VisitReader;
    use crate::field::{Event, Outgoing};
    use crate::message::Lang;
    use crate::record::{Envelope, Kind, Reader as _, Scope};

    #[test]
    fn a_line_that_goes_out_is_timed_and_then_said() {
        let (tell, told) = channel();
        let kind = Kind::Sending { number: 3, total: 41, line: "hostname x".to_owned(), undo: false };
        VisitReader::new(tell, Lang::En).read(&Envelope::new(&Scope::router("r1", "s"), SystemTime::UNIX_EPOCH, kind));
        let events: Vec<Event> = told.try_iter().collect();
        let [Event::Sending(Outgoing { number: 3, at_ms: 0 }), Event::Said(line)] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!(line, "r1:   3/41 hostname x");
    }
}
