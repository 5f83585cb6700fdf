//! Group commit: what many sessions have to write reaches the disk with one sync.
//! The sync is the fsync that SQLite makes at the end of a batch.
//!
//! A session that comes while nothing is being written writes at once. Those that come meanwhile wait together, and one of them writes
//! everything that waits as one batch. No one is told before what they brought is written, or has failed. Nothing waits for company:
//! a single session writes as fast as it would alone. This knows neither the file nor what is written.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// Batches of `T`, written one after the other; `E` is why one was not written.
///
/// What waits is bounded by who waits: each thread brings what it has to write and returns only when that is done.
pub(super) struct GroupCommit<T, E> {
    state: Mutex<State<T, E>>,
}

struct State<T, E> {
    /// The batch that a session coming now belongs to.
    open: Arc<Batch<E>>,
    /// What it holds so far, in the order of arrival.
    items: Vec<T>,
    /// One thread is writing the batch before it.
    is_writing: bool,
}

/// How a batch ended, for everyone in it. Its own condition wakes those in it and no one else.
struct Batch<E> {
    changed: Condvar,
    outcome: OnceLock<Result<(), E>>,
}

impl<E> Batch<E> {
    fn new() -> Arc<Self> {
        Arc::new(Self { changed: Condvar::new(), outcome: OnceLock::new() })
    }
}

impl<T, E: Clone> GroupCommit<T, E> {
    pub(super) fn new() -> Self {
        Self { state: Mutex::new(State { open: Batch::new(), items: Vec::new(), is_writing: false }) }
    }

    /// Has these items written, together with what others bring, and returns when they are. One caller of each batch calls `write`,
    /// with all of its items; where that panics, the others of the batch are told `broken`.
    pub(super) fn commit(
        &self,
        items: Vec<T>,
        write: impl FnOnce(Vec<T>) -> Result<(), E>,
        broken: impl FnOnce() -> E,
    ) -> Result<(), E> {
        let mut state = self.state();
        let batch = Arc::clone(&state.open);
        state.items.extend(items);
        loop {
            if let Some(outcome) = batch.outcome.get() {
                return outcome.clone();
            }
            if !state.is_writing {
                break;
            }
            state = batch.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // Nothing is being written and this batch has no outcome: it is the open one, and it is ours to write.
        state.is_writing = true;
        state.open = Batch::new();
        let items = mem::take(&mut state.items);
        drop(state);
        let written = catch_unwind(AssertUnwindSafe(|| write(items)));
        let outcome = written.as_ref().map_or_else(|_| Err(broken()), Clone::clone);
        // Under the lock, so that no one of the batch looks in between and then waits for what has happened.
        let mut state = self.state();
        let _ = batch.outcome.set(outcome);
        state.is_writing = false;
        batch.changed.notify_all();
        // One of those that came meanwhile writes next.
        state.open.changed.notify_one();
        drop(state);
        written.unwrap_or_else(|panic| resume_unwind(panic))
    }

    /// How many items wait to be written.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.state().items.len()
    }

    fn state(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "a failed test is the point")]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::GroupCommit;

    const OTHERS: usize = 7;

    /// One caller writes until all others wait for it; the batches in their order, each with how it ended for those in it.
    fn batches(end: impl Fn(usize) -> Result<(), &'static str> + Sync) -> (Vec<usize>, Vec<Result<(), &'static str>>) {
        let group: GroupCommit<usize, &'static str> = GroupCommit::new();
        let written: Mutex<Vec<usize>> = Mutex::default();
        let write = |items: Vec<usize>| {
            let batch = {
                let mut written = written.lock().unwrap();
                written.push(items.len());
                written.len()
            };
            end(batch)
        };
        let ends = thread::scope(|scope| {
            let (begun, has_begun) = channel();
            let first = scope.spawn({
                let (group, write) = (&group, &write);
                move || {
                    let held = |items| {
                        begun.send(()).unwrap();
                        while group.waiting() < OTHERS {
                            thread::yield_now();
                        }
                        write(items)
                    };
                    group.commit(vec![0], held, || "broken")
                }
            });
            has_begun.recv().unwrap();
            let join = |one| {
                let (group, write) = (&group, &write);
                scope.spawn(move || group.commit(vec![one], write, || "broken"))
            };
            let others: Vec<_> = (1..=OTHERS).map(join).collect();
            let mut ends = vec![first.join().unwrap_or(Err("panicked"))];
            ends.extend(others.into_iter().map(|other| other.join().unwrap_or(Err("panicked"))));
            ends
        });
        assert_eq!(group.waiting(), 0);
        (written.into_inner().unwrap(), ends)
    }

    #[test]
    fn sessions_that_come_during_a_write_share_the_next_one() {
        let (written, ends) = batches(|_| Ok(()));
        assert_eq!(written, [1, OTHERS]);
        assert!(ends.iter().all(Result::is_ok), "{ends:?}");
    }

    #[test]
    fn a_write_that_fails_fails_for_everyone_in_it_and_for_no_one_else() {
        let (written, ends) = batches(|batch| if batch == 2 { Err("full") } else { Ok(()) });
        assert_eq!(written, [1, OTHERS]);
        assert_eq!(ends.iter().filter(|end| **end == Err("full")).count(), OTHERS);
        let (_, ends) = batches(|batch| if batch == 1 { Err("full") } else { Ok(()) });
        assert_eq!((ends[0], ends.iter().filter(|end| end.is_ok()).count()), (Err("full"), OTHERS));
    }

    #[test]
    fn no_one_waits_for_ever_for_a_writer_that_died() {
        let (_, mut ends) = batches(|batch| if batch == 2 { panic!("a defect") } else { Ok(()) });
        ends.sort_unstable();
        let told = ends.iter().filter(|end| **end == Err("broken")).count();
        assert_eq!((told, ends.iter().filter(|end| **end == Err("panicked")).count()), (OTHERS - 1, 1));
    }
}
