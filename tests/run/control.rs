//! A run is reached by its name from its first record to its last, whatever it does at the moment.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use ixdeploy::cancel::{Cancel, Press};
use ixdeploy::control::{self, Answer, Ask, Pace};
use ixdeploy::journal::RunLog;
use ixdeploy::message::Explain as _;
use ixdeploy::record::{Envelope, Kind, Order, Reader, Readers, RunId};
use ixdeploy::run::{
    self, ApplyRequest, ContinueRequest, Continued, Detached, FinishedRun, OrderRequest, Overrides, RunEnv, RunOptions,
};
use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};
use mock_device::Fault;
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{apply_request, copy_folder, env, on_bench, prompting, shipped};

fn clinics(ids: &[&str]) -> Bench {
    prompting(Bench::new(ids.iter().map(|id| (prepared(id), router3(id))).collect()))
}

fn ends(finished: &FinishedRun) -> Vec<String> {
    finished.result.routers.iter().map(|one| format!("{} {}", one.router, one.state.word())).collect()
}

/// Carries a run out as a process does that was left alone with it until this time.
fn apply_at(env: &RunEnv, bench: &Bench, at: Timestamp) -> FinishedRun {
    let detached = Detached {
        run: RunId::new(SystemTime::now()).unwrap(),
        at: Some(at),
        plan_sha256: None,
        agreed: Default::default(),
    };
    let options = RunOptions { assume_yes: true, detached: Some(detached), ..on_bench() };
    run::apply(env, &ApplyRequest { options, ..apply_request(bench, shipped()) }).unwrap()
}

#[test]
fn a_run_that_goes_on_takes_orders_before_it_begins_a_router() {
    let bench = clinics(&["c1", "c2"]);
    bench.mock.inject("c1", Fault::Monitor).unwrap();
    let rollout = Overrides { concurrency: Some(1), ..Overrides::default() };
    let options = RunOptions { assume_yes: true, rollout, ..on_bench() };
    let plain = env(&bench, Arc::new(Scripted::default()));
    let first = run::apply(&plain, &ApplyRequest { options, ..apply_request(&bench, shipped()) }).unwrap();
    assert_eq!(ends(&first), ["c1 refused", "c2 not-started"]);
    let run = first.result.journalled.unwrap().run;
    let (state, name, before) = (bench.path("state"), run.clone(), bench.snapshot("c2"));
    let operator = Scripted::taking_time(move || {
        let Answer::Progress(seen) = control::ask(&state, &name, &Ask::Progress).unwrap() else { panic!("it is over") };
        assert_eq!((seen.pace, seen.waiting), (Pace::Running, 1));
        let ask = Ask::Order { order: Order::Abort, by: "tanaka".into(), machine: "laptop".into(), step: None };
        let Answer::Progress(told) = control::ask(&state, &name, &ask).unwrap() else { panic!("it is over") };
        assert_eq!(told.pace, Pace::Finishing);
    });
    let request = ContinueRequest { run: run.clone(), options: on_bench(), ..ContinueRequest::default() };
    let Continued::Finished(second) = run::continue_run(&env(&bench, Arc::new(operator)), &request).unwrap() else {
        panic!("it goes on here")
    };
    assert_eq!(ends(&second), ["c2 not-started"], "the run ends as it had ended before");
    assert_eq!(bench.snapshot("c2"), before);
    let error = control::ask(&bench.path("state"), &run, &Ask::Progress).unwrap_err();
    assert!(matches!(error, control::ControlError::NotRunning { .. }), "{error:?}");
}

/// Leaves a run as a process does that dies right after it has gone on with it.
fn die_after_going_on(env: &RunEnv, run: &str) {
    let log = RunLog::again(env.journal().unwrap(), run).unwrap();
    let (by, machine) = ("tanaka".to_owned(), "laptop".to_owned());
    let continued = Kind::Continued { by, machine, routers: vec!["c2".to_owned()], policy: None };
    log.go_on(&Readers::default(), continued).unwrap();
}

#[test]
fn a_run_that_stopped_without_an_end_gets_it_by_abort_or_once_nothing_is_left_by_continue() {
    let bench = clinics(&["c1", "c2"]);
    bench.mock.inject("c1", Fault::Monitor).unwrap();
    let rollout = Overrides { concurrency: Some(1), ..Overrides::default() };
    let options = RunOptions { assume_yes: true, rollout, ..on_bench() };
    let env = env(&bench, Arc::new(Scripted::default()));
    let first = run::apply(&env, &ApplyRequest { options, ..apply_request(&bench, shipped()) }).unwrap();
    assert_eq!(ends(&first), ["c1 refused", "c2 not-started"]);
    let run = first.result.journalled.unwrap().run;
    let journal = env.journal().unwrap();
    // Of runs that did not end: routers not begun, and failed.
    let left = || -> Vec<(usize, usize)> {
        let found = run::not_ended(&journal).unwrap();
        found.iter().map(|one| (one.left.not_begun, one.left.failed)).collect()
    };
    let order = |order| run::order(&env, &OrderRequest { run: run.clone(), order });
    let go_on = || {
        let options = RunOptions { assume_yes: true, ..RunOptions::default() };
        run::continue_run(&env, &ContinueRequest { run: run.clone(), options, ..ContinueRequest::default() })
    };
    assert_eq!(left(), [], "it has ended");
    assert_eq!(order(Order::Abort).unwrap_err().code(), "control.not-running");
    die_after_going_on(&env, &run);
    assert_eq!(left(), [(1, 1)]);
    assert_eq!(order(Order::Pause).unwrap_err().code(), "control.not-running");
    let told = order(Order::Abort).unwrap().progress;
    assert_eq!((told.pace, told.waiting, told.ended, told.failed), (Pace::Finishing, 1, 1, 1));
    assert_eq!(left(), []);
    assert_eq!(journal.run_alone(&run).unwrap().exit, Some(3));
    let Continued::Finished(second) = go_on().unwrap() else { panic!("it goes on here") };
    assert_eq!(ends(&second), ["c1 refused", "c2 saved"]);
    assert_eq!(go_on().unwrap_err().code(), "continue.nothing");
    die_after_going_on(&env, &run);
    assert_eq!(left(), [(0, 1)], "its result was told to no one");
    let Continued::Finished(third) = go_on().unwrap() else { panic!("it ends here") };
    assert_eq!((ends(&third), third.exit), (ends(&second), second.exit));
    assert_eq!(left(), []);
}

#[test]
fn what_bars_a_site_is_asked_for_the_time_at_which_the_run_begins() {
    let bench = clinics(&["c1"]);
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    let tomorrow = today.checked_add(1.day()).unwrap();
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let barred = format!("  site-c1:\n    do_not_touch: {{ reason: moving house, until: {tomorrow} }}\n");
    fs::write(bench.path("clinics.yaml"), inventory.replace("  site-c1:\n", &barred)).unwrap();
    let in_days = |days: i64| Timestamp::now() + SignedDuration::from_hours(24 * days);
    // Someone asked to stop: the run ends instead of waiting for days.
    let stopped = || {
        let env = env(&bench, Arc::new(Scripted::default()));
        env.cancel.ask();
        env
    };
    assert_eq!(ends(&apply_at(&stopped(), &bench, in_days(4))), ["c1 not-started"]);
    assert_eq!(ends(&apply_at(&stopped(), &bench, in_days(0))), ["c1 refused"]);
}

/// A signal comes when the run has said that it waits.
struct Signals(Cancel, Mutex<Option<Press>>);

impl Reader for Signals {
    fn read(&self, envelope: &Envelope) {
        if matches!(envelope.kind, Kind::Scheduled { .. }) {
            *self.1.lock().unwrap() = Some(self.0.signalled());
        }
    }
}

#[test]
fn a_signal_while_a_run_waits_for_its_time_ends_it_in_the_journal() {
    let bench = clinics(&["c1"]);
    let cancel = Cancel::default();
    let signals = Arc::new(Signals(cancel.clone(), Mutex::default()));
    let readers = Readers::new(vec![Box::new(Arc::clone(&signals))]);
    let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, cancel);
    let finished = apply_at(&env, &bench, Timestamp::now() + SignedDuration::from_hours(2));
    let press = signals.1.lock().unwrap().take();
    assert!(matches!(press, Some(Press::Asked { changes: false, .. })), "the program does not end by itself");
    assert_eq!(ends(&finished), ["c1 not-started"]);
    let run = finished.result.journalled.unwrap().run;
    assert_eq!(env.journal().unwrap().run(&run).unwrap().exit, Some(3), "its end is recorded");
}

#[test]
fn steps_go_by_the_firmware_that_the_journal_saw_last() {
    let bench = clinics(&["c1", "c2"]);
    copy_folder(shipped().with_file_name("roles").as_path(), &bench.path("roles"));
    let text = fs::read_to_string(shipped()).unwrap();
    let (head, _) = text.split_once("rollout:").unwrap();
    let steps = "{ max_failures: 1, steps: [{ name: known, match: { firmware: [\"*\"] } }] }";
    let book = bench.path("steps.yaml");
    fs::write(&book, format!("{head}rollout: {steps}\n")).unwrap();
    let apply = |limit: Option<&str>| {
        let operator = Arc::new(Scripted::default());
        let options = RunOptions { assume_yes: true, ..on_bench() };
        let limit = limit.map(str::to_owned);
        let request = ApplyRequest { options, limit, ..apply_request(&bench, book.clone()) };
        run::apply(&env(&bench, Arc::clone(&operator) as _), &request).unwrap();
        operator.asked().into_iter().find(|asked| asked.starts_with("steps")).unwrap()
    };
    assert_eq!(apply(Some("c1")), "steps known 0 rest 1", "it was never seen");
    assert_eq!(apply(None), "steps known 1 rest 1");
}
