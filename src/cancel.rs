//! A person's wish to stop, as something every wait can end on, and what a press of Ctrl-C means at the moment it comes.
//!
//! The first press asks: the line under way is finished, then the change is taken back. A second one abandons what is under way.
//! Nothing here hears a key or ends the program: whoever does learns from [`Cancel::press`] what to do.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Work that a second press abandons in the middle.
pub trait Interruptible: Send + Sync {
    /// Whether it writes to routers; what only reads can be left at any time.
    fn changes(&self) -> bool;
    /// The last word before the program ends.
    fn abandoned(&self);
}

/// What a press means.
#[derive(Clone)]
pub enum Press {
    /// Nothing was begun and nobody is asked: the program may end at once.
    Idle,
    /// A question is open; it has been answered with nothing.
    Answered,
    /// Work is under way and has been asked to stop.
    Asked {
        /// Whether that work writes to routers.
        changes: bool,
    },
    /// Work that was asked before is to be abandoned.
    Abandon(Arc<dyn Interruptible>),
    /// What was begun has ended, its result is about to be shown.
    Ending,
}

/// Shared by everything that waits or sends.
#[derive(Clone, Default)]
pub struct Cancel {
    inner: Arc<(Mutex<Wish>, Condvar)>,
}

#[derive(Default)]
struct Wish {
    asked: bool,
    work: Option<Arc<dyn Interruptible>>,
    question: Option<Sender<Option<String>>>,
    /// Routers have been written to.
    changed: bool,
}

/// Work under way; dropping it says that it has ended.
pub struct UnderWay<'a>(&'a Cancel);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut wish = self.0.wish();
        let work = wish.work.take();
        wish.changed |= work.is_some_and(|work| work.changes());
    }
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cancel").field("asked", &self.is_asked()).finish()
    }
}

impl Cancel {
    fn wish(&self) -> MutexGuard<'_, Wish> {
        self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks everybody to stop.
    pub fn ask(&self) {
        self.wish().asked = true;
        self.inner.1.notify_all();
    }

    /// Whether somebody asked.
    pub fn is_asked(&self) -> bool {
        self.wish().asked
    }

    /// Waits for the wish or the moment, whichever comes first; true when it was the wish.
    pub fn wait_until(&self, moment: Instant) -> bool {
        let (_, changed) = &*self.inner;
        let left = moment.saturating_duration_since(Instant::now());
        let (wish, _) =
            changed.wait_timeout_while(self.wish(), left, |wish| !wish.asked).unwrap_or_else(PoisonError::into_inner);
        wish.asked
    }

    /// Says that work is under way until the returned value is dropped.
    #[must_use]
    pub fn begin(&self, work: Arc<dyn Interruptible>) -> UnderWay<'_> {
        self.wish().work = Some(work);
        UnderWay(self)
    }

    /// Opens a question, whose answer comes over `answer`; a press answers it with the empty text. False when somebody
    /// asked to stop before: nothing is worth a question then.
    pub fn open_question(&self, answer: Sender<Option<String>>) -> bool {
        let mut wish = self.wish();
        let open = !wish.asked;
        wish.question = open.then_some(answer);
        open
    }

    /// Closes the question.
    pub fn close_question(&self) {
        self.wish().question = None;
    }

    /// Takes a press of Ctrl-C.
    pub fn press(&self) -> Press {
        let mut wish = self.wish();
        let asked_before = std::mem::replace(&mut wish.asked, true);
        self.inner.1.notify_all();
        let busy = wish.work.is_some();
        if let Some(question) = wish.question.take_if(|_| busy) {
            // A question in the middle of work is answered with nothing, and the work is asked to stop.
            let _ = question.send(Some(String::new()));
        }
        if let Some(work) = &wish.work {
            return if asked_before {
                Press::Abandon(Arc::clone(work))
            } else {
                Press::Asked { changes: work.changes() }
            };
        }
        if let Some(question) = wish.question.take() {
            // Whoever asked may have its answer already.
            let _ = question.send(Some(String::new()));
            return Press::Answered;
        }
        if wish.changed { Press::Ending } else { Press::Idle }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cancel, Interruptible, Press};
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::time::{Duration, Instant};

    struct Work(bool);

    impl Interruptible for Work {
        fn changes(&self) -> bool {
            self.0
        }
        fn abandoned(&self) {}
    }

    #[test]
    fn a_wait_ends_on_the_wish_before_its_moment() {
        let cancel = Cancel::default();
        assert!(!cancel.wait_until(Instant::now()), "the moment has come, nobody asked");
        let other = cancel.clone();
        let asking = std::thread::spawn(move || other.ask());
        assert!(cancel.wait_until(Instant::now() + Duration::from_secs(60)));
        assert!(asking.join().is_ok());
        assert!(cancel.is_asked());
    }

    #[test]
    fn a_press_before_anything_may_end_the_program() {
        assert!(matches!(Cancel::default().press(), Press::Idle));
        let cancel = Cancel::default();
        drop(cancel.begin(Arc::new(Work(false))));
        assert!(matches!(cancel.press(), Press::Idle), "reading leaves nothing behind");
        let cancel = Cancel::default();
        drop(cancel.begin(Arc::new(Work(true))));
        assert!(matches!(cancel.press(), Press::Ending), "the result of a change is worth its line");
    }

    #[test]
    fn a_press_at_a_question_is_an_empty_answer_and_no_question_follows() {
        let cancel = Cancel::default();
        let (answer, answered) = channel();
        assert!(cancel.open_question(answer.clone()));
        assert!(matches!(cancel.press(), Press::Answered));
        assert_eq!(answered.try_recv(), Ok(Some(String::new())));
        assert!(!cancel.open_question(answer));
    }

    #[test]
    fn a_press_at_a_question_in_the_middle_of_work_answers_it_and_asks_the_work_to_stop() {
        let cancel = Cancel::default();
        let _under_way = cancel.begin(Arc::new(Work(true)));
        let (answer, answered) = channel();
        assert!(cancel.open_question(answer));
        assert!(matches!(cancel.press(), Press::Asked { changes: true }));
        assert_eq!(answered.try_recv(), Ok(Some(String::new())));
    }

    #[test]
    fn the_first_press_asks_the_work_to_stop_and_the_second_abandons_it() {
        let cancel = Cancel::default();
        let under_way = cancel.begin(Arc::new(Work(true)));
        assert!(matches!(cancel.press(), Press::Asked { changes: true }));
        assert!(cancel.is_asked());
        assert!(matches!(cancel.press(), Press::Abandon(work) if work.changes()));
        drop(under_way);
        assert!(matches!(cancel.press(), Press::Ending));
    }
}
