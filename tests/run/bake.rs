//! A step that proves itself, over the whole way: the checks of its routers are run again after the save, whatever the way to them.

use std::fs;
use std::sync::Arc;

use ixdeploy::cancel::Cancel;
use ixdeploy::record::{Envelope, Kind, Reader, Readers};
use ixdeploy::run::{self, ApplyRequest, Exit, FinishedRun, RunEnv, RunOptions, UndoRequest};
use ixdeploy::state::{FailureClass, State};
use mock_device::{Fault, RouterSpec, TransportSpec, What, When};
use test_support::harness::{Bench, Declared, playbook, prepared, router3};

use crate::operator::Scripted;
use crate::{apply_request, copy_folder, on_bench, shipped};

/// Two routers: the first proves itself for a second before the other begins.
fn canary_of_two(declared: fn(&str) -> (RouterSpec, Declared)) -> Arc<Bench> {
    let bench = crate::prompting(Bench::new(["r1", "r2"].map(declared).into()));
    let book = fs::read_to_string(shipped()).unwrap();
    let (head, _) = book.split_once("rollout:").unwrap();
    let rollout = "rollout: { concurrency: 2, max_failures: 1, canary: { count: 1, bake: 1s } }\n";
    fs::write(bench.path("canary.yaml"), format!("{head}{rollout}")).unwrap();
    copy_folder(std::path::Path::new(&playbook("roles")), &bench.path("roles"));
    Arc::new(bench)
}

fn over_ssh(id: &str) -> (RouterSpec, Declared) {
    (prepared(id), router3(id))
}

fn on_a_console(id: &str) -> (RouterSpec, Declared) {
    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared(id) };
    (spec, Declared { console_login: true, lifeline: None, ..router3(id) })
}

/// Makes the checks of the first router fail from the moment at which its step begins to prove itself.
struct FailsLater(Arc<Bench>);

impl Reader for FailsLater {
    fn read(&self, envelope: &Envelope) {
        if matches!(envelope.kind, Kind::StepBakes(_)) {
            self.0.mock.inject("r1", Fault::refuse(When::matching("^show ip interface"))).unwrap();
        }
    }
}

fn apply(bench: &Arc<Bench>, readers: Readers) -> FinishedRun {
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, Cancel::default());
    let options = RunOptions { assume_yes: true, ..on_bench() };
    run::apply(&env, &ApplyRequest { options, ..apply_request(bench, bench.path("canary.yaml")) }).unwrap()
}

fn states(finished: &FinishedRun) -> Vec<State> {
    finished.result.routers.iter().map(|outcome| outcome.state).collect()
}

/// How often the check was asked after the router was saved.
fn asked_after_the_save(bench: &Bench, id: &str) -> usize {
    let events = bench.events(id);
    let saved = events.iter().position(|event| matches!(event.what, What::Saved { .. })).unwrap();
    let is_check = |what: &What| matches!(what, What::Line { line, .. } if line.starts_with("show ip interface"));
    events.iter().skip(saved).filter(|event| is_check(&event.what)).count()
}

fn proves_itself(bench: &Arc<Bench>) {
    let finished = apply(bench, Readers::default());
    assert_eq!((states(&finished), finished.exit), (vec![State::Saved; 2], Exit::Done), "{finished:?}");
    assert_eq!(["r1", "r2"].map(|id| asked_after_the_save(bench, id) > 0), [true, false], "only what is not the last");
}

fn fails_later(bench: &Arc<Bench>) {
    let before = bench.snapshot("r2");
    let finished = apply(bench, Readers::new(vec![Box::new(FailsLater(Arc::clone(bench)))]));
    assert_eq!(
        (states(&finished), finished.exit),
        (vec![State::Saved, State::NotStarted], Exit::NotDone),
        "{finished:?}"
    );
    let first = &finished.result.routers[0];
    let code = first.causes.last().map(|cause| cause.code.as_str());
    assert_eq!(
        (code, first.failure_class()),
        (Some("check.failed-later"), Some(FailureClass::Unverified)),
        "{first:?}"
    );
    assert_eq!(bench.running("r1"), bench.startup("r1"), "it stays saved");
    assert!(bench.running("r1").contains("vlan-group 1 port"), "and changed");
    assert_eq!(bench.snapshot("r2"), before);
}

#[test]
fn a_step_whose_checks_pass_again_lets_the_next_one_begin() {
    proves_itself(&canary_of_two(over_ssh));
}

#[test]
fn a_check_that_fails_while_its_step_proves_itself_leaves_the_router_saved_and_begins_no_other() {
    fails_later(&canary_of_two(over_ssh));
}

#[cfg(unix)]
#[test]
fn both_hold_on_consoles_too() {
    proves_itself(&canary_of_two(on_a_console));
    fails_later(&canary_of_two(on_a_console));
}

/// Both routers get a domain more, in a second run: its checks had passed before it.
fn add_a_domain(bench: &Arc<Bench>) -> FinishedRun {
    assert_eq!(apply(bench, Readers::default()).exit, Exit::Done);
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let more = inventory.replace("ntt_area: west", "ntt_area: west, extra_domains: [more.example]");
    assert_ne!(more, inventory);
    fs::write(bench.path("clinics.yaml"), more).unwrap();
    let finished = apply(bench, Readers::default());
    assert_eq!((states(&finished), finished.exit), (vec![State::Saved; 2], Exit::Done), "{finished:?}");
    finished
}

fn undo(bench: &Arc<Bench>, applied: &FinishedRun, readers: Readers) -> FinishedRun {
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, Cancel::default());
    let run = applied.result.journalled.as_ref().unwrap().run.clone();
    let options = RunOptions { assume_yes: true, ..on_bench() };
    run::undo(&env, &UndoRequest { run, options, ..UndoRequest::default() }).unwrap()
}

/// Whether a check was asked after the router was saved for the last time.
fn checked_after_its_last_save(bench: &Bench, id: &str) -> bool {
    let events = bench.events(id);
    let saved = events.iter().rposition(|event| matches!(event.what, What::Saved { .. })).unwrap();
    let is_check = |what: &What| matches!(what, What::Line { line, .. } if line.starts_with("show ip interface"));
    events.iter().skip(saved).any(|event| is_check(&event.what))
}

#[test]
fn an_undo_repeats_the_checks_that_had_passed_before_the_change() {
    let bench = canary_of_two(over_ssh);
    let applied = add_a_domain(&bench);
    let undone = undo(&bench, &applied, Readers::default());
    assert_eq!((states(&undone), undone.exit), (vec![State::Saved; 2], Exit::Done), "{undone:?}");
    assert_eq!(["r1", "r2"].map(|id| checked_after_its_last_save(&bench, id)), [true, false], "only in a bake time");
    assert!(!bench.startup("r1").contains("more.example"));
}

#[test]
fn a_check_that_fails_once_it_is_undone_ends_the_undo_at_its_canary() {
    let bench = canary_of_two(over_ssh);
    let applied = add_a_domain(&bench);
    let before = bench.snapshot("r2");
    let undone = undo(&bench, &applied, Readers::new(vec![Box::new(FailsLater(Arc::clone(&bench)))]));
    assert_eq!(states(&undone), [State::Saved, State::NotStarted], "{undone:?}");
    let first = &undone.result.routers[0];
    assert_eq!(first.causes.last().map(|cause| cause.code.as_str()), Some("check.failed-later"), "{first:?}");
    assert!(!bench.startup("r1").contains("more.example"), "no check undoes an undo");
    assert_eq!(bench.snapshot("r2"), before);
}

#[test]
fn where_no_check_is_known_the_question_about_an_undo_says_so() {
    let bench = canary_of_two(over_ssh);
    // What this run changed is what its checks look at: none of them was made before.
    let applied = apply(&bench, Readers::default());
    let refusing = Arc::new(Scripted::refusing());
    let env = crate::env(&bench, Arc::clone(&refusing) as _);
    let run = applied.result.journalled.as_ref().unwrap().run.clone();
    run::undo(&env, &UndoRequest { run, options: on_bench(), ..UndoRequest::default() }).unwrap();
    let question = "change 2 of 2 at 2, 1 unchecked".to_owned();
    assert!(refusing.asked().contains(&question), "{:?}", refusing.asked());
}
