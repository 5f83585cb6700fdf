//! A request to stop, and what goes wrong after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ixdeploy::cancel::Cancel;
use ixdeploy::record::{Envelope, Kind, Reader, Readers};
use ixdeploy::run::{self, ApplyRequest, RunEnv, RunOptions};
use ixdeploy::state::State;
use mock_device::{DeadLock, Fault, RouterSpec, When};
use test_support::harness::{Bench, Declared, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, apply_request, bench, end, on_bench, one_router, shipped};

/// Asks to stop at such a moment.
struct StopsAt(Cancel, fn(&Kind) -> bool);

impl Reader for StopsAt {
    fn read(&self, envelope: &Envelope) {
        if (self.1)(&envelope.kind) {
            self.0.ask();
        }
    }
}

/// How a router ends in a run that is asked to stop at such a moment.
fn stopped_at(bench: &Bench, moment: fn(&Kind) -> bool) -> State {
    let cancel = Cancel::default();
    let readers = Readers::new(vec![Box::new(StopsAt(cancel.clone(), moment))]);
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, cancel.clone());
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let finished = run::apply(&env, &ApplyRequest { options, ..apply_request(bench, shipped()) }).unwrap();
    assert!(cancel.is_asked(), "the moment never came");
    end(&finished).0
}

#[test]
fn a_request_to_stop_leaves_no_router_lost_because_a_dead_session_holds_config_mode_for_a_moment() {
    let mut spec =
        RouterSpec { faults: vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))], ..prepared("r3") };
    spec.readings.dead_lock = DeadLock::HeldMillis(1500);
    let deadlines = "{ connect: 10s, command: 10s, lock: 10s, reload: 20s }";
    let bench = bench(spec, Declared { deadlines, ..router3("r3") });
    let before = bench.snapshot("r3");
    let state = stopped_at(&bench, |kind| matches!(kind, Kind::Waiting { .. }));
    assert_eq!((state, bench.snapshot("r3")), (State::Undone, before));
}

/// Cuts the next session in the middle, once the router is waited for.
struct CutsTheNextLook(Arc<Bench>, AtomicBool);

impl Reader for CutsTheNextLook {
    fn read(&self, envelope: &Envelope) {
        if matches!(envelope.kind, Kind::Waiting { .. }) && !self.1.swap(true, Ordering::SeqCst) {
            self.0.mock.inject("r3", Fault::drop_link(When::matching("^show startup-config"))).unwrap();
        }
    }
}

#[test]
fn a_router_that_is_lost_again_while_it_is_proven_to_be_as_before_is_looked_at_again() {
    let first = Fault::Drop { when: When::matching("^ip access-list v4-deny-list"), executed: false, times: 1 };
    let bench = Arc::new(one_router(vec![first]));
    let before = bench.snapshot("r3");
    let readers = Readers::new(vec![Box::new(CutsTheNextLook(Arc::clone(&bench), AtomicBool::new(false)))]);
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, Cancel::default());
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let finished = run::apply(&env, &ApplyRequest { options, ..apply_request(&bench, shipped()) }).unwrap();
    assert_eq!((end(&finished).0, bench.snapshot("r3")), (State::Undone, before), "{finished:?}");
}

#[test]
fn a_router_as_declared_whose_checks_a_request_to_stop_has_left_out_is_not_called_saved() {
    let bench = one_router(Vec::new());
    let applied = apply(&bench, &Arc::new(Scripted::default()), shipped());
    assert_eq!(end(&applied).0, State::Saved);
    let state = stopped_at(&bench, |kind| matches!(kind, Kind::Moved { state: State::Verifying }));
    assert_eq!(state, State::Refused);
}
