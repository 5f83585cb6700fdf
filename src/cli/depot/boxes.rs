//! The runs that are in progress at the consoles, as one work that Ctrl-C and signals meet: each is asked to stop, and none is forgotten.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cancel::{Cancel, InFlight, Interruptible, Press};

/// The runs in progress, each by its own request to stop.
#[derive(Default)]
pub struct BoxesInFlight(Mutex<Vec<(u64, Cancel)>>);

/// A run in progress, until this is dropped.
pub struct BoxInFlight {
    all: Arc<BoxesInFlight>,
    number: u64,
}

impl BoxesInFlight {
    /// A run begins that this stops.
    pub fn begin(all: &Arc<Self>, cancel: Cancel) -> BoxInFlight {
        let mut runs = all.runs();
        let number = runs.last().map_or(0, |(last, _)| last + 1);
        runs.push((number, cancel));
        BoxInFlight { all: Arc::clone(all), number }
    }

    fn runs(&self) -> MutexGuard<'_, Vec<(u64, Cancel)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for BoxInFlight {
    fn drop(&mut self) {
        self.all.runs().retain(|(number, _)| *number != self.number);
    }
}

impl Interruptible for BoxesInFlight {
    fn changes(&self) -> bool {
        true
    }

    fn in_flight(&self) -> Vec<InFlight> {
        self.runs().iter().flat_map(|(_, run)| run.in_flight()).collect()
    }

    fn abandoned(&self) {
        for (_, run) in self.runs().iter() {
            if let Press::Abandon(work) = run.closing() {
                work.abandoned();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::BoxesInFlight;
    use crate::cancel::{Cancel, InFlight, Interruptible};

    /// A run that counts how often it was abandoned.
    #[derive(Default)]
    struct Run(AtomicUsize);

    impl Interruptible for Run {
        fn changes(&self) -> bool {
            true
        }
        fn in_flight(&self) -> Vec<InFlight> {
            let second = Duration::from_secs(1);
            vec![InFlight { router: "r".to_owned(), stops_within: second, ends_within: second }]
        }
        fn abandoned(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn every_run_in_progress_is_named_asked_to_stop_and_told_that_it_is_abandoned() {
        let (all, parent) = (Arc::new(BoxesInFlight::default()), Cancel::default());
        let runs = [Arc::new(Run::default()), Arc::new(Run::default())];
        let children: Vec<Cancel> = runs.iter().map(|_| parent.child()).collect();
        let _under_way: Vec<_> =
            children.iter().zip(&runs).map(|(child, run)| child.begin(Arc::clone(run) as _)).collect();
        let mut boxes: Vec<_> = children.iter().map(|child| BoxesInFlight::begin(&all, child.clone())).collect();
        assert_eq!(all.in_flight().len(), 2);
        parent.ask();
        assert!(children.iter().all(Cancel::is_asked));
        boxes.remove(0);
        all.abandoned();
        assert_eq!(runs.map(|run| run.0.load(Ordering::SeqCst)), [0, 1], "one has ended before");
    }
}
