//! Windows and clocks over the whole way: a run waits for the window of its sites by the clock that it is given, and changes them then; where
//! that is not the clock of the routers, it begins nothing more.

use std::fs;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use ixdeploy::cancel::Cancel;
use ixdeploy::fleet::{Clock, Inbox, Message, Moment};
use ixdeploy::record::{Envelope, HeldBecause, Kind, Reader, Readers};
use ixdeploy::run::{self, ApplyRequest, FinishedRun, Overrides, RunEnv, RunOptions};
use ixdeploy::state::State;
use test_support::harness::{Bench, prepared, router3};

use crate::again::{ends, naming_book, run_of};
use crate::operator::Scripted;
use crate::{apply_request, prompting};

/// An evening that no one waits for: its clock moves on when no router is at work, to when there is something to do. Where there is
/// nothing to do without a person, someone asks the run to stop.
struct Evening {
    state: Mutex<Now>,
    at_rest: Condvar,
    cancel: Cancel,
}

struct Now {
    now: Moment,
    at_work: usize,
    /// When a person would have had to say something.
    waited: Option<Moment>,
}

impl Evening {
    fn starting_at(now: Moment, cancel: &Cancel) -> Arc<Self> {
        let state = Mutex::new(Now { now, at_work: 0, waited: None });
        Arc::new(Self { state, at_rest: Condvar::new(), cancel: cancel.clone() })
    }

    fn state(&self) -> MutexGuard<'_, Now> {
        self.state.lock().unwrap()
    }
}

impl Clock for Evening {
    fn now(&self) -> Moment {
        self.state().now
    }
    fn wait(&self, inbox: &Inbox, until: Option<Moment>) -> Option<Message> {
        let mut state = self.at_rest.wait_while(self.state(), |state| state.at_work > 0).unwrap();
        if let Some(message) = inbox.try_next() {
            return Some(message);
        }
        match until {
            Some(until) => state.now = state.now.max(until),
            None => {
                state.waited = Some(state.now);
                drop(state);
                self.cancel.ask();
            }
        }
        None
    }
    fn begins(&self) {
        self.state().at_work += 1;
    }
    fn ends(&self) {
        self.state().at_work -= 1;
        self.at_rest.notify_all();
    }
}

/// Notes when each router's config mode was taken, by the clock of the run.
struct Notes {
    clock: Arc<Evening>,
    locked: Mutex<Vec<(String, Moment)>>,
}

impl Reader for Notes {
    fn read(&self, envelope: &Envelope) {
        if matches!(envelope.kind, Kind::Moved { state: State::Locked }) {
            let router = envelope.router().unwrap_or_default().to_owned();
            self.locked.lock().unwrap().push((router, self.clock.now()));
        }
    }
}

/// This time of a day, by the clock of a clinic.
fn in_japan(time: &str) -> Moment {
    let at: jiff::Timestamp = format!("2026-12-01T{time}:00+09:00").parse().unwrap();
    Moment::from_millis(u64::try_from(at.as_millisecond()).unwrap())
}

/// So many clinics with these windows.
fn clinics(count: usize, windows: &str) -> Bench {
    let ids: Vec<String> = (1..=count).map(|number| format!("c{number}")).collect();
    let bench = prompting(Bench::new(ids.iter().map(|id| (prepared(id), router3(id))).collect()));
    let mut inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    for id in &ids {
        inventory = inventory.replace(&format!("  site-{id}:\n"), &format!("  site-{id}:\n    windows: {windows}\n"));
    }
    fs::write(bench.path("clinics.yaml"), inventory).unwrap();
    bench
}

/// `apply --yes`, one clinic after the other, from this time on.
fn apply_at(bench: &Bench, time: &str) -> (FinishedRun, Arc<Notes>, RunEnv) {
    let cancel = Cancel::default();
    let clock = Evening::starting_at(in_japan(time), &cancel);
    let notes = Arc::new(Notes { clock: Arc::clone(&clock), locked: Mutex::default() });
    let readers = Readers::new(vec![Box::new(Arc::clone(&notes))]);
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, cancel).by_clock(clock);
    let rollout = Overrides { concurrency: Some(1), ..Overrides::default() };
    let options = RunOptions { assume_yes: true, rollout, ..RunOptions::default() };
    let request = ApplyRequest { options, ..apply_request(bench, naming_book(bench)) };
    (run::apply(&env, &request).unwrap(), notes, env)
}

#[test]
fn a_run_waits_for_the_window_of_its_sites_and_changes_them_when_it_opens() {
    let bench = clinics(2, "daily 22:00-05:00");
    let (finished, notes, _) = apply_at(&bench, "20:15");
    assert_eq!(ends(&finished), ["c1 saved", "c2 saved"]);
    let opens = in_japan("22:00");
    let locked = notes.locked.lock().unwrap().clone();
    assert_eq!(locked, [("c1".to_owned(), opens), ("c2".to_owned(), opens)], "not a moment before");
    assert_eq!(notes.clock.state().waited, None, "it needed no one");
}

#[test]
fn a_run_whose_window_is_over_soon_begins_nothing_that_may_not_end_in_it() {
    let bench = clinics(1, "daily 22:00-23:00");
    let before = bench.snapshot("c1");
    // Ten minutes are taken for needed where nothing was measured: the next window is that of tomorrow.
    let (finished, notes, _) = apply_at(&bench, "22:55");
    assert_eq!(ends(&finished), ["c1 saved"]);
    let locked = notes.locked.lock().unwrap().clone();
    let tomorrow = in_japan("22:00") + Duration::from_secs(24 * 3600);
    assert_eq!(locked, [("c1".to_owned(), tomorrow)]);
    assert_ne!(bench.snapshot("c1"), before);
}

#[test]
fn a_controller_whose_clock_is_not_that_of_the_routers_holds_its_run() {
    // The clocks of the mock routers show a day of years ago.
    let bench = clinics(4, "daily 00:00-24:00");
    let before = bench.snapshot("c4");
    let (finished, notes, env) = apply_at(&bench, "21:00");
    assert_eq!(ends(&finished), ["c1 saved", "c2 saved", "c3 saved", "c4 not-started"]);
    assert!(notes.clock.state().waited.is_some(), "it waited for a person, and no one let it go on");
    assert_eq!(bench.snapshot("c4"), before);
    let records = env.journal().unwrap().own_records(&run_of(&finished)).unwrap();
    let held = records.iter().filter_map(|stored| match &stored.record {
        Some(Kind::Held(held)) => Some((held.what.clone(), held.because)),
        _ => None,
    });
    assert_eq!(held.collect::<Vec<_>>(), [("run".to_owned(), HeldBecause::Clock)]);
}
