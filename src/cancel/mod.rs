//! An operator's request to stop, as something every wait can end on, and what a press of Ctrl-C or a signal means at the moment it
//! comes.
//!
//! The first press asks: the current line is finished, then the change is undone. A second one abandons the work in flight; a signal only
//! ever asks, since systems send several of them for one request. Work that is a rollout has one more step before these: after its first press
//! or signal nothing new begins, and what is in flight finishes. Nothing here reads a key or ends the program: the caller that does learns
//! from [`Cancel::press`] what to do.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A waiter elsewhere that must be woken by a stop request.
pub trait Wake: Send + Sync {
    /// Someone asked.
    fn wake(&self);
}

/// Work that a second press abandons in the middle.
pub trait Interruptible: Send + Sync {
    /// Whether it writes to routers; what only reads can be left at any time.
    fn changes(&self) -> bool;
    /// Whether the first request lets what is in flight finish.
    fn finishes(&self) -> bool {
        false
    }
    /// The work in flight.
    fn in_flight(&self) -> Vec<InFlight>;
    /// The last word before the program ends.
    fn abandoned(&self);
}

/// One part of the work in flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFlight {
    /// The router.
    pub router: String,
    /// The longest from a request to stop to its end.
    pub stops_within: Duration,
    /// The longest to its end where it finishes.
    pub ends_within: Duration,
}

/// What a press means.
#[derive(Clone)]
pub enum Press {
    /// Nothing was begun and no one is asked: the program may end at once.
    Idle,
    /// A question is open; it has been answered with nothing.
    Answered,
    /// Work is in flight and has been asked to stop.
    Asked {
        /// Whether that work writes to routers.
        changes: bool,
        /// The routers in flight.
        in_flight: Vec<InFlight>,
    },
    /// Nothing new begins, and what is in flight finishes.
    Finishing {
        /// The routers in flight.
        in_flight: Vec<InFlight>,
    },
    /// Work is in flight and was asked to stop before; it is stopping.
    AskedBefore,
    /// Work that was asked before is to be abandoned.
    Abandon(Arc<dyn Interruptible>),
    /// What was begun has ended, its result is about to be shown.
    Ending,
}

/// Shared by everything that waits or sends.
#[derive(Clone, Default)]
pub struct Cancel {
    inner: Arc<Shared>,
}

#[derive(Default)]
struct StopState {
    asked: bool,
    /// Nothing new begins; what is in flight was not asked to stop.
    finishing: bool,
    /// The work in flight, the innermost last: a run of the journal holds the routers that it carries out.
    work: Vec<Arc<dyn Interruptible>>,
    question: Option<Sender<Option<String>>>,
    /// Routers have been written to.
    changed: bool,
    wakes: Vec<Weak<dyn Wake>>,
    /// Passes on what the parent is asked, as long as this lives.
    heir: Option<Arc<Heir>>,
}

/// What a request and the state behind it are shared as.
type Shared = (Mutex<StopState>, Condvar);

/// Passes a request on to a child.
struct Heir {
    parent: Weak<Shared>,
    child: Weak<Shared>,
}

impl Wake for Heir {
    fn wake(&self) {
        let (Some(parent), Some(child)) = (self.parent.upgrade(), self.child.upgrade()) else { return };
        if (Cancel { inner: parent }).is_asked() {
            (Cancel { inner: child }).ask();
        }
    }
}

impl StopState {
    /// What a request means first: the innermost work.
    fn innermost(&self) -> Option<Arc<dyn Interruptible>> {
        self.work.last().cloned()
    }
}

/// Work in flight; dropping it says that it has ended.
pub struct UnderWay {
    cancel: Cancel,
    work: Arc<dyn Interruptible>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let changes = self.work.changes();
        let mut state = self.cancel.state();
        state.work.retain(|work| !Arc::ptr_eq(work, &self.work));
        state.changed |= changes;
    }
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cancel").field("asked", &self.is_asked()).finish()
    }
}

impl Cancel {
    fn state(&self) -> MutexGuard<'_, StopState> {
        self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request for one task alone: a request to stop all stops this one too; stopping this one stops no other.
    #[must_use]
    pub fn child(&self) -> Self {
        let child = Self::default();
        let heir = Arc::new(Heir { parent: Arc::downgrade(&self.inner), child: Arc::downgrade(&child.inner) });
        let wakes: Arc<dyn Wake> = Arc::clone(&heir) as _;
        self.wakes(&wakes);
        child.state().heir = Some(heir);
        if self.is_asked() {
            child.ask();
        }
        child
    }

    /// Asks everyone to stop.
    pub fn ask(&self) {
        self.state().asked = true;
        self.tell();
    }

    /// Registers a waiter elsewhere to be woken by a stop request, as long as it lives.
    pub fn wakes(&self, waiting: &Arc<dyn Wake>) {
        let mut state = self.state();
        state.wakes.retain(|known| known.strong_count() > 0);
        state.wakes.push(Arc::downgrade(waiting));
    }

    /// Wakes every waiter. The state is unlocked first: a woken waiter reads it.
    fn tell(&self) {
        self.inner.1.notify_all();
        let waiting: Vec<Arc<dyn Wake>> = self.state().wakes.iter().filter_map(Weak::upgrade).collect();
        waiting.iter().for_each(|one| one.wake());
    }

    /// Whether someone asked.
    pub fn is_asked(&self) -> bool {
        self.state().asked
    }

    /// Whether nothing new is to begin while what is in flight finishes.
    pub fn is_finishing(&self) -> bool {
        self.state().finishing
    }

    /// Waits for a stop request or the deadline, whichever comes first; true for a stop request.
    pub fn wait_until(&self, moment: Instant) -> bool {
        let (_, changed) = &*self.inner;
        let left = moment.saturating_duration_since(Instant::now());
        let (state, _) = changed
            .wait_timeout_while(self.state(), left, |state| !state.asked)
            .unwrap_or_else(PoisonError::into_inner);
        state.asked
    }

    /// Says that work is in flight until the returned value is dropped.
    #[must_use]
    pub fn begin(&self, work: Arc<dyn Interruptible>) -> UnderWay {
        self.state().work.push(Arc::clone(&work));
        UnderWay { cancel: self.clone(), work }
    }

    /// The work in flight.
    pub fn in_flight(&self) -> Vec<InFlight> {
        let work = self.state().innermost();
        work.map(|work| work.in_flight()).unwrap_or_default()
    }

    /// Opens a question, whose answer comes over `answer`; a press answers it with the empty text. False when someone
    /// asked to stop before: no question is asked then.
    pub fn open_question(&self, answer: Sender<Option<String>>) -> bool {
        let mut state = self.state();
        let open = !state.asked;
        state.question = open.then_some(answer);
        open
    }

    /// Closes the question.
    pub fn close_question(&self) {
        self.state().question = None;
    }

    /// Takes a press of Ctrl-C.
    pub fn press(&self) -> Press {
        let press = self.take(true);
        self.tell();
        press
    }

    /// Takes a signal that asks us to stop. Several of them are one wish: nothing is abandoned.
    pub fn signalled(&self) -> Press {
        let press = self.take(false);
        self.tell();
        press
    }

    /// The system gives us seconds: work in flight must be abandoned at once.
    pub fn closing(&self) -> Press {
        let work = self.state().innermost();
        work.map_or_else(|| self.signalled(), Press::Abandon)
    }

    fn take(&self, by_hand: bool) -> Press {
        let mut state = self.state();
        let finishing = state.innermost().filter(|work| work.finishes() && !state.asked);
        if let Some(work) = finishing {
            if !state.finishing {
                state.finishing = true;
                return Press::Finishing { in_flight: work.in_flight() };
            }
            // Systems send several signals for one request.
            if !by_hand {
                return Press::AskedBefore;
            }
        }
        let asked_before = std::mem::replace(&mut state.asked, true);
        let busy = !state.work.is_empty();
        if let Some(question) = state.question.take_if(|_| busy) {
            // A question in the middle of work is answered with nothing, and the work is asked to stop.
            let _ = question.send(Some(String::new()));
        }
        if let Some(work) = state.innermost() {
            return match (asked_before, by_hand) {
                (false, _) => Press::Asked { changes: work.changes(), in_flight: work.in_flight() },
                (true, true) => Press::Abandon(work),
                (true, false) => Press::AskedBefore,
            };
        }
        if let Some(question) = state.question.take() {
            // The question may have its answer already.
            let _ = question.send(Some(String::new()));
            return Press::Answered;
        }
        if state.changed { Press::Ending } else { Press::Idle }
    }
}

#[cfg(test)]
mod tests;
