//! Many routers: how many at once, when to stop beginning more, and in which order they are reported.
//!
//! Each router's conversation runs to its end on a thread of its own; tokio only decides who begins when. No future is ever
//! dropped in the middle of a router line: what has begun is always awaited.

mod host_names;
#[cfg(feature = "mock")]
mod mock_rehearsal;
mod prepare;
mod suspects;
mod task;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{Mutex, OnceCell, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::JoinSet;

pub use host_names::{HostNames, host_names};
pub use prepare::{Choices, PrepareError, bare, prepare, totals};
pub use task::{
    Applying, BackingUp, Backup, Reading, RecoverTask, Restarting, Seen, Target, Verified, Verifying, together,
};

use crate::cancel::{Cancel, Interruptible};
use crate::connect::ConsoleLock;
use crate::plan::Plan;
use crate::transaction::{Intent, TransactionError};

/// Rehearses a plan on a mock router, where the job asks for it and this program has one.
///
/// # Errors
/// What the mock refuses, or that there is none.
pub fn rehearse_on_mock(intent: &Intent, running: &str, plan: &Plan) -> Result<(), TransactionError> {
    if !intent.rehearse_on_mock || plan.is_empty() {
        return Ok(());
    }
    #[cfg(feature = "mock")]
    return mock_rehearsal::rehearse(intent, running, plan);
    #[cfg(not(feature = "mock"))]
    {
        let error = Box::new(crate::connect::ConnectError::NoMock);
        let _ = running;
        Err(TransactionError::Connect { router: intent.router.clone(), error })
    }
}

/// A conversation needs little: the session's buffers are on the heap.
const STACK_BYTES: usize = 1024 * 1024;

/// How far a run may go at once, and how far it may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Routers under way at the same time.
    pub concurrency: usize,
    /// After this many failed routers none is begun; those under way finish.
    pub max_failures: usize,
}

/// What is done with each router.
pub trait RouterTask: Send + Sync + 'static {
    /// One router's part.
    type Item: Clone + Send + 'static;
    /// How it ended.
    type End: Send + 'static;

    /// The turn on the cable that it shares with others, if any: one at a time uses it.
    fn connector(&self, item: &Self::Item) -> Option<ConsoleLock>;
    /// Items that must be under way together, such as the routers of a site: they share one place.
    fn together(&self, _: &Self::Item) -> Option<String> {
        None
    }
    /// Does it, to the end, on a thread of its own.
    fn perform(&self, item: Self::Item) -> Self::End;
    /// What is said of one that was not begun.
    fn skip(&self, item: Self::Item) -> Self::End;
    /// Its name, and the longest it can take from a wish to stop to its end.
    fn stops_within(&self, item: &Self::Item) -> (String, Duration);
    /// What is said of one whose thread died, a defect of ours, or could not be made, where none has begun.
    fn broken(&self, item: Self::Item, begun: bool) -> Self::End;
    /// Whether an end counts against the limit of failures.
    fn failed(&self, end: &Self::End) -> bool;
    /// Whether it writes to routers.
    fn changes(&self) -> bool {
        false
    }
    /// The program is about to end in the middle of everything: the last word.
    fn abandoned(&self) {}
}

/// Does the work for every item and returns the ends in the items' order.
///
/// # Errors
/// When the machine gives us no runtime to wait with; nothing was begun then.
pub fn run<W: RouterTask>(
    work: W,
    items: Vec<W::Item>,
    limits: Limits,
    cancel: &Cancel,
) -> std::io::Result<Vec<W::End>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let work = Arc::new(Abandonable { work, begun: StdMutex::default() });
    let _under_way = cancel.begin(Arc::clone(&work) as _);
    Ok(runtime.block_on(begin_all(work, items, limits, cancel.clone())))
}

/// Work as a press of Ctrl-C sees it.
struct Abandonable<W> {
    work: W,
    /// What has begun and not ended, by its place.
    begun: StdMutex<BTreeMap<usize, (String, Duration)>>,
}

impl<W> Abandonable<W> {
    fn begun(&self) -> MutexGuard<'_, BTreeMap<usize, (String, Duration)>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: RouterTask> Abandonable<W> {
    fn perform(&self, item: W::Item, index: usize) -> W::End {
        self.begun().insert(index, self.work.stops_within(&item));
        let end = self.work.perform(item);
        self.begun().remove(&index);
        end
    }
}

impl<W: RouterTask> Interruptible for Abandonable<W> {
    fn changes(&self) -> bool {
        self.work.changes()
    }
    fn in_flight(&self) -> Vec<(String, Duration)> {
        self.begun().values().cloned().collect()
    }
    fn abandoned(&self) {
        self.work.abandoned();
    }
}

async fn begin_all<W: RouterTask>(
    shared: Arc<Abandonable<W>>,
    items: Vec<W::Item>,
    limits: Limits,
    cancel: Cancel,
) -> Vec<W::End> {
    let work = &shared.work;
    let places = Arc::new(Semaphore::new(limits.concurrency.max(1)));
    let failures = Arc::new(Mutex::new(0_usize));
    let mut shared_places: HashMap<String, Arc<OnceCell<Option<OwnedSemaphorePermit>>>> = HashMap::new();
    let mut in_flight = JoinSet::new();
    for (index, item) in items.iter().cloned().enumerate() {
        let connector = work.connector(&item);
        // Whoever comes first takes the place for all of them; it is free again when the last has ended.
        let place = work.together(&item).map(|group| Arc::clone(shared_places.entry(group).or_default()));
        let place = place.unwrap_or_default();
        let (shared, places, failures, cancel) =
            (Arc::clone(&shared), Arc::clone(&places), Arc::clone(&failures), cancel.clone());
        in_flight.spawn(async move {
            let work = &shared.work;
            let _cable = match &connector {
                Some(connector) => Some(connector.lock().await),
                None => None,
            };
            // The semaphore is never closed, so a place always comes.
            place.get_or_init(|| async { places.acquire_owned().await.ok() }).await;
            let stopped = cancel.is_asked() || *failures.lock().await >= limits.max_failures.max(1);
            let end = if stopped { work.skip(item) } else { on_a_thread(Arc::clone(&shared), item, index).await };
            if !stopped && work.failed(&end) {
                *failures.lock().await += 1;
            }
            drop(place);
            (index, end)
        });
    }
    drop(shared_places);
    let mut ends: Vec<Option<W::End>> = items.iter().map(|_| None).collect();
    while let Some(joined) = in_flight.join_next().await {
        if let Ok((index, end)) = joined
            && let Some(place) = ends.get_mut(index)
        {
            *place = Some(end);
        }
    }
    ends.into_iter().zip(items).map(|(end, item)| end.unwrap_or_else(|| work.broken(item, true))).collect()
}

async fn on_a_thread<W: RouterTask>(shared: Arc<Abandonable<W>>, item: W::Item, index: usize) -> W::End {
    let (done, end) = oneshot::channel();
    let worker = Arc::clone(&shared);
    let work = &shared.work;
    let spare = item.clone();
    let begun = thread::Builder::new().name(format!("router-{index}")).stack_size(STACK_BYTES).spawn(move || {
        let _ = done.send(worker.perform(item, index));
    });
    match begun {
        // A thread that panicked drops its sender.
        Ok(_) => end.await.unwrap_or_else(|_| work.broken(spare, true)),
        Err(_) => work.broken(spare, false),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Limits, RouterTask, run};
    use crate::cancel::Cancel;
    use crate::connect::{ConsoleLock, ConsoleLocks};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Barrier};

    /// Items that count how many are under way; `fails` names those that fail.
    struct Counting {
        in_flight: AtomicUsize,
        most: Arc<AtomicUsize>,
        fails: Vec<usize>,
        connector: Option<ConsoleLock>,
        together: Option<Arc<Barrier>>,
    }

    impl Counting {
        fn new(fails: &[usize]) -> Self {
            Self {
                in_flight: AtomicUsize::new(0),
                most: Arc::default(),
                fails: fails.to_vec(),
                connector: None,
                together: None,
            }
        }
    }

    #[derive(Debug, PartialEq, Eq, Clone, Copy)]
    enum End {
        Done(usize),
        Failed(usize),
        Skipped(usize),
        Broken(usize),
    }

    impl RouterTask for Counting {
        type Item = usize;
        type End = End;

        fn connector(&self, _: &usize) -> Option<ConsoleLock> {
            self.connector.clone()
        }
        fn perform(&self, item: usize) -> End {
            let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            if let Some(together) = &self.together {
                together.wait();
            }
            assert!(item < 100, "the test's own broken item");
            self.in_flight.fetch_sub(1, Ordering::SeqCst);
            if self.fails.contains(&item) { End::Failed(item) } else { End::Done(item) }
        }
        fn skip(&self, item: usize) -> End {
            End::Skipped(item)
        }
        fn broken(&self, item: usize, _: bool) -> End {
            End::Broken(item)
        }
        fn stops_within(&self, item: &usize) -> (String, std::time::Duration) {
            (item.to_string(), std::time::Duration::ZERO)
        }
        fn failed(&self, end: &End) -> bool {
            matches!(end, End::Failed(_) | End::Broken(_))
        }
    }

    #[test]
    fn ends_come_in_order_and_no_more_than_allowed_run_at_once() {
        // A barrier of two: it would never open if fewer than two ran at once.
        let mut work = Counting::new(&[]);
        work.together = Some(Arc::new(Barrier::new(2)));
        let most = Arc::clone(&work.most);
        let limits = Limits { concurrency: 2, max_failures: 1 };
        let ends = run(work, (0..10).collect(), limits, &Cancel::default()).unwrap();
        assert_eq!(ends, (0..10).map(End::Done).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn after_the_last_allowed_failure_none_is_begun() {
        let limits = Limits { concurrency: 1, max_failures: 2 };
        let ends = run(Counting::new(&[1, 3]), (0..6).collect(), limits, &Cancel::default()).unwrap();
        assert_eq!(
            ends,
            [End::Done(0), End::Failed(1), End::Done(2), End::Failed(3), End::Skipped(4), End::Skipped(5)]
        );
    }

    #[test]
    fn one_cable_is_used_by_one_at_a_time() {
        let mut work = Counting::new(&[]);
        work.connector = Some(ConsoleLocks::default().of("COM3".to_owned()));
        let most = Arc::clone(&work.most);
        let limits = Limits { concurrency: 8, max_failures: 1 };
        run(work, (0..20).collect(), limits, &Cancel::default()).unwrap();
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_wish_to_stop_skips_what_has_not_begun() {
        let cancel = Cancel::default();
        cancel.ask();
        let limits = Limits { concurrency: 2, max_failures: 1 };
        let ends = run(Counting::new(&[]), vec![0, 1], limits, &cancel).unwrap();
        assert_eq!(ends, [End::Skipped(0), End::Skipped(1)]);
    }

    #[test]
    fn a_thread_that_dies_is_an_end_and_a_failure() {
        let limits = Limits { concurrency: 1, max_failures: 1 };
        let ends = run(Counting::new(&[]), vec![100, 1], limits, &Cancel::default()).unwrap();
        assert_eq!(ends, [End::Broken(100), End::Skipped(1)]);
    }
}
