//! A save that takes longer than it is waited for.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ixdeploy::record::RunResult;
use ixdeploy::run::{self, ApplyRequest, Exit, FinishedRun, RunOptions};
use ixdeploy::state::State;
#[cfg(unix)]
use ixdeploy::{
    inventory::ConsoleHere,
    run::{Reach, ResumeRequest},
    transaction::RecoveryChoice,
};
#[cfg(unix)]
use mock_device::TransportSpec;
use mock_device::{Fault, RouterSpec, What, When};
#[cfg(unix)]
use test_support::harness::CLOSED_PORTS;
use test_support::harness::{Bench, Declared, prepared, router3};

use crate::operator::Scripted;
use crate::relay::Relay;
use crate::{apply_request, bench, end, env, on_bench, shipped, when_lost};

/// A router whose saves take three seconds and go on without the session that ordered them, which gives up after one.
fn slow_to_save(faults: Vec<Fault>) -> Bench {
    let mut spec = RouterSpec { faults, ..prepared("r3") };
    (spec.readings.save_millis, spec.readings.save_goes_on) = (3000, true);
    let deadlines = "{ connect: 10s, command: 10s, lock: 5s, reload: 10s, save: { silence: 1s, total: 10s } }";
    bench(spec, Declared { deadlines, ..router3("r3") })
}

/// The session is given up after a second, and the router goes on writing for two more. Another save could meet the one that was begun:
/// the startup configuration is looked at first, as long as a save may take.
#[test]
fn a_save_that_was_too_slow_is_waited_for_in_a_new_session_and_none_is_ordered_beside_it() {
    let bench = slow_to_save(Vec::new());
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let request = ApplyRequest { options, ..apply_request(&bench, shipped()) };
    let finished = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
    let RunResult { routers, .. } = &finished.result;
    assert_eq!((routers[0].state, finished.exit), (State::Saved, Exit::Done), "{routers:?}");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    let events = bench.events("r3");
    let count = |is: fn(&What) -> bool| events.iter().filter(|event| is(&event.what)).count();
    let ordered = count(|what| matches!(what, What::Line { line, .. } if line == "write memory"));
    let saved = count(|what| matches!(what, What::Saved { .. }));
    assert_eq!((ordered, saved), (1, 1), "{events:#?}");
    assert!(count(|what| matches!(what, What::Login { accepted: true, .. })) > 1, "the first session was given up");
}

/// Cuts the path to the router, as soon as a save is ordered, and how the run ends.
fn cut_in_the_save(bench: &Bench, source: PathBuf, cut: impl FnOnce(&Relay) + Send) -> FinishedRun {
    let own = bench.endpoint("r3").port.unwrap();
    let relay = Relay::at("127.0.0.1", 0, own);
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let relayed = inventory.replace(&format!("port: {own}"), &format!("port: {}", relay.port));
    fs::write(bench.path("clinics.yaml"), relayed).unwrap();
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let request = ApplyRequest { options, ..apply_request(bench, source) };
    thread::scope(|scope| {
        scope.spawn(|| {
            let until = Instant::now() + Duration::from_secs(60);
            while count(bench, is_order) == 0 && Instant::now() < until {
                thread::yield_now();
            }
            cut(&relay);
        });
        run::apply(&env(bench, Arc::new(Scripted::default())), &request).unwrap()
    })
}

fn count(bench: &Bench, is: fn(&What) -> bool) -> usize {
    bench.events("r3").iter().filter(|event| is(&event.what)).count()
}

fn is_order(what: &What) -> bool {
    matches!(what, What::Line { line, .. } if line == "write memory")
}

fn is_saved(what: &What) -> bool {
    matches!(what, What::Saved { .. })
}

/// The path is cut while the router writes, and is there again at once: the next save would meet the one that goes on.
#[test]
fn a_save_whose_session_was_cut_is_waited_for_and_none_is_ordered_beside_it() {
    let mut spec: RouterSpec = prepared("r3");
    (spec.readings.save_millis, spec.readings.save_goes_on) = (3000, true);
    let deadlines = "{ connect: 10s, command: 10s, lock: 5s, reload: 10s, save: 10s }";
    let bench = bench(spec, Declared { deadlines, ..router3("r3") });
    let finished = cut_in_the_save(&bench, shipped(), Relay::cut);
    assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert_eq!((count(&bench, is_order), count(&bench, is_saved)), (1, 1), "{:#?}", bench.events("r3"));
}

/// The prompt of a console says nothing about a save that another session has ordered.
#[cfg(unix)]
#[test]
fn a_save_that_was_ordered_over_the_network_is_waited_for_on_the_console_too() {
    let mut spec = prepared("r3");
    spec.transports = vec![TransportSpec::Ssh, TransportSpec::Serial { baud: None }];
    (spec.readings.save_millis, spec.readings.save_goes_on) = (12_000, true);
    let deadlines = "{ connect: 5s, command: 10s, lock: 5s, reload: 1s, save: 20s }";
    let bench = bench(spec, Declared { deadlines, ..router3("r3") });
    let before = bench.snapshot("r3");
    // Nothing answers there from now on.
    let finished = cut_in_the_save(&bench, shipped(), |relay| relay.leads_to(CLOSED_PORTS[0]));
    let (state, run) = end(&finished);
    assert_eq!(state, State::Lost);
    let port = bench.mock.endpoints().iter().find_map(|end| end.path.clone()).unwrap().display().to_string();
    let reach = Reach { console: Some(ConsoleHere { port, speed: 9600 }), ..Reach::default() };
    let options = RunOptions { assume_yes: true, reach, ..on_bench() };
    let request = ResumeRequest { run, choice: Some(RecoveryChoice::Undo), options, ..ResumeRequest::default() };
    assert_eq!(count(&bench, is_saved), 0, "the router is still writing");
    let resumed = run::resume(&env(&bench, Arc::new(Scripted::default())), &request).unwrap().unwrap();
    assert_eq!((end(&resumed).0, count(&bench, is_saved)), (State::Undone, 2), "{resumed:?}");
    assert_eq!(bench.snapshot("r3"), before);
}

/// The change is undone while the router still writes it: what startup shows before that has ended proves nothing. A young router whose
/// clock is set meanwhile looks as if it had restarted.
#[test]
fn a_change_is_called_undone_only_when_no_save_of_it_goes_on_in_the_router() {
    let clock_set = Fault::ClockSet { when: When::matching("^write memory"), seconds: 86_400 };
    for faults in [Vec::new(), vec![clock_set]] {
        let bench = slow_to_save(faults);
        let before = bench.snapshot("r3");
        let options = RunOptions { assume_yes: true, ..on_bench() };
        let request = ApplyRequest { options, ..apply_request(&bench, when_lost(&bench, "undo")) };
        let finished = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
        let RunResult { routers, .. } = &finished.result;
        let events = bench.events("r3");
        let saved = events.iter().filter(|event| matches!(event.what, What::Saved { .. })).count();
        assert!(saved > 0, "the save that was begun has not ended: {routers:?}");
        assert_eq!((bench.snapshot("r3"), routers[0].state), (before, State::Undone), "{routers:?} {events:#?}");
    }
}
