//! The checks of a run whose lines waited for a restart, after that restart.

use std::fs;
use std::sync::Arc;

use ixdeploy::cancel::Cancel;
use ixdeploy::record::{Envelope, Kind, Reader, Readers, Unverified};
use ixdeploy::run::{self, Exit, FinishedRun, RunEnv};
use ixdeploy::state::State;
use test_support::harness::Bench;

use crate::operator::Scripted;
use crate::{end, one_router, restart_request, restarts, vlan_book, waiting_for_a_restart, waits};

/// Asks to stop once the router is back.
struct StopsWhenBack(Cancel);

impl Reader for StopsWhenBack {
    fn read(&self, envelope: &Envelope) {
        if matches!(envelope.kind, Kind::Restarted { .. }) {
            self.0.ask();
        }
    }
}

/// A router with a line that waits for a restart, and one required check, which expects this in `show version`.
fn checked(expected: &str) -> (Bench, String) {
    let bench = one_router(Vec::new());
    vlan_book(&bench, 1);
    let role = bench.path("roles/vlan1/role.yaml");
    let check = format!(
        "checks:\n  - name: version\n    title: {{ en: version, ja: version }}\n    phase: bench\n    level: required\n    \
         command: show version\n    expect:\n      - contains: \"{expected}\"\n"
    );
    let described = fs::read_to_string(&role).unwrap();
    fs::write(&role, described + &check).unwrap();
    let run = waiting_for_a_restart(&bench, 1);
    (bench, run)
}

fn restart(bench: &Bench, run: &str, readers: Readers, cancel: &Cancel) -> FinishedRun {
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, cancel.clone());
    let request = run::RestartRequest { inventory: Some(crate::waiting_at_most(bench, 30)), ..restart_request(run) };
    let finished = run::restart(&env, &request).unwrap();
    assert_eq!((restarts(bench), waits(&env, run)), (1, false), "it did restart, whatever its checks say");
    finished
}

fn ended(finished: &FinishedRun) -> (State, Exit, Option<Unverified>) {
    (end(finished).0, finished.exit, finished.result.routers[0].unverified.clone())
}

#[test]
fn a_restarted_router_passes_the_checks_of_the_run_that_waited() {
    let (bench, run) = checked("IX2215");
    let finished = restart(&bench, &run, Readers::default(), &Cancel::default());
    assert_eq!(ended(&finished), (State::Saved, Exit::Done, None));
    let [check] = finished.result.routers[0].checks.as_slice() else { panic!("{finished:?}") };
    assert_eq!((check.name.as_str(), check.passed), ("version", Some(true)));
}

#[test]
fn a_restarted_router_whose_required_check_fails_then_is_saved_and_not_called_done() {
    let (bench, run) = checked("caused by power-on");
    let finished = restart(&bench, &run, Readers::default(), &Cancel::default());
    assert_eq!(ended(&finished), (State::Saved, Exit::NotDone, Some(Unverified::FailedLater)));
}

#[test]
fn a_restarted_router_whose_checks_a_request_to_stop_has_left_out_is_not_called_done() {
    let (bench, run) = checked("IX2215");
    let cancel = Cancel::default();
    let finished = restart(&bench, &run, Readers::new(vec![Box::new(StopsWhenBack(cancel.clone()))]), &cancel);
    assert!(cancel.is_asked());
    assert_eq!(ended(&finished), (State::Saved, Exit::NotDone, Some(Unverified::ChecksLeftOut)));
}
