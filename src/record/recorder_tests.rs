//! The order of keeping and showing.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::{Archive, Recorder};
use crate::message::Text;
use crate::record::{CauseRecord, Durability, Ending, Envelope, Kind, Reader, Readers, Scope, Sink};
use crate::state::State;

/// What was kept and what was shown, in the order in which it came.
#[derive(Clone, Default)]
struct Book {
    lines: Arc<Mutex<Vec<String>>>,
    full: Arc<AtomicBool>,
}

impl Book {
    fn line(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Archive for Book {
    type Error = &'static str;

    fn keep(&self, envelopes: &[&Envelope]) -> Result<(), &'static str> {
        if self.full.load(Ordering::SeqCst) {
            return Err("full");
        }
        envelopes.iter().for_each(|envelope| self.line(format!("kept {}", envelope.kind.name())));
        Ok(())
    }
}

impl Reader for Book {
    fn read(&self, envelope: &Envelope) {
        self.line(format!("shown {}", envelope.kind.name()));
    }
}

fn recorder() -> (Book, Recorder<Book>) {
    let book = Book::default();
    let readers = Readers::new(vec![Box::new(book.clone())]);
    let recorder = Recorder::new(Scope::router("r1", "s"), readers, book.clone());
    (book, recorder)
}

fn sending(number: usize) -> Kind {
    Kind::Sending { number, total: 2, line: "hostname x".to_owned(), undo: false }
}

fn warned() -> Kind {
    Kind::Warned { warning: Text::new("w", "w") }
}

#[test]
fn what_is_written_ahead_is_durable_before_it_is_shown_with_all_that_waited() {
    let (book, recorder) = recorder();
    recorder.record(warned()).unwrap();
    assert_eq!(book.take(), ["shown warned"]);
    recorder.record(sending(1)).unwrap();
    assert_eq!(book.take(), ["kept warned", "kept sending", "shown sending"]);
    recorder.record_together([sending(1), sending(2)]).unwrap();
    assert_eq!(book.take(), ["kept sending", "kept sending", "shown sending", "shown sending"]);
}

#[test]
fn what_cannot_be_written_ahead_is_never_shown_nor_kept_later() {
    let (book, recorder) = recorder();
    book.full.store(true, Ordering::SeqCst);
    recorder.record(sending(1)).unwrap_err();
    recorder.record_together([sending(1), sending(2)]).unwrap_err();
    assert_eq!(book.take(), Vec::<String>::new());
    book.full.store(false, Ordering::SeqCst);
    recorder.flush().unwrap();
    assert_eq!(book.take(), Vec::<String>::new(), "it was not done, so it never is recorded");
}

#[test]
fn what_has_happened_and_an_undo_are_shown_whatever_the_disk_says_and_kept_when_it_can() {
    let (book, recorder) = recorder();
    book.full.store(true, Ordering::SeqCst);
    recorder.record(Kind::Moved { state: State::Undoing }).unwrap_err();
    recorder.record_regardless(sending(1)).unwrap_err();
    recorder.emit(Kind::TookOver);
    assert_eq!(book.take(), ["shown moved", "shown sending", "shown took-over"]);
    book.full.store(false, Ordering::SeqCst);
    recorder.record(Kind::Moved { state: State::Undone }).unwrap();
    assert_eq!(book.take(), ["kept moved", "kept sending", "kept took-over", "kept moved", "shown moved"]);
}

#[test]
fn what_is_transient_is_never_kept() {
    let (book, recorder) = recorder();
    let still = Kind::StillWaiting { seconds: 1, seconds_left: 2, last: Text::default(), is_line: true };
    assert_eq!(still.durability(), Durability::Transient);
    recorder.record(still).unwrap();
    recorder.flush().unwrap();
    assert_eq!(book.take(), ["shown still-waiting"]);
}

#[test]
fn numbers_have_no_gaps_whichever_recorder_they_come_from() {
    #[derive(Clone, Default)]
    struct Numbers(Arc<Mutex<Vec<u64>>>);
    impl Reader for Numbers {
        fn read(&self, envelope: &Envelope) {
            self.0.lock().unwrap().push(envelope.number);
        }
    }
    let numbers = Numbers::default();
    let readers = Readers::new(vec![Box::new(numbers.clone())]);
    std::thread::scope(|scope| {
        for router in ["r1", "r2", "r3"] {
            let readers = &readers;
            scope.spawn(move || {
                let recorder = Recorder::unkept(Scope::router(router, "s"), readers);
                (0..50).for_each(|_| recorder.emit(Kind::TookOver));
            });
        }
    });
    assert_eq!(*numbers.0.lock().unwrap(), (1..=150).collect::<Vec<u64>>());
}

#[test]
fn the_outcome_is_what_was_recorded_and_what_was_never_done_is_no_part_of_it() {
    let (book, recorder) = recorder();
    let failed = |code: &str| {
        let cause = CauseRecord { code: code.to_owned(), text: Text::default(), hints: Vec::new() };
        Kind::Failed { cause, for_person: false }
    };
    recorder.record(Kind::Moved { state: State::Undone }).unwrap();
    recorder.emit(failed("router.x"));
    book.full.store(true, Ordering::SeqCst);
    // It was to be written ahead and could not be, so it was not done.
    assert!(recorder.record(Kind::Moved { state: State::Applying }).is_err());
    // This has happened, whatever the disk says.
    let ending = Ending { sent: 3, ..Ending::of(&recorder.outcome()) };
    assert!(recorder.record(Kind::Ended(Box::new(ending))).is_err());
    recorder.emit(failed("journal.disk-full"));
    let outcome = recorder.outcome();
    assert_eq!(
        (outcome.router.as_str(), outcome.site.as_str(), outcome.state, outcome.sent),
        ("r1", "s", State::Undone, 3)
    );
    assert_eq!(
        outcome.causes.iter().map(|cause| cause.code.as_str()).collect::<Vec<_>>(),
        ["router.x", "journal.disk-full"]
    );
    assert!(recorder.has_failed(|code| code == "router.x") && !recorder.has_failed(|code| code == "router.y"));
}
