//! Required checks before and after a change: what failed before, a line that is not open yet, and what only the change can have broken.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use ixdeploy::record::{Kind, Stored, Unverified};
use ixdeploy::run::{self, ApplyRequest, Exit, FinishedRun, RunOptions, VerifyRequest};
use ixdeploy::state::{FailureClass, State};
use mock_device::{RouterSpec, What};
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, apply_request, bench, env, shipped, source};

/// A prepared router whose line has no link.
fn without_a_line() -> Bench {
    bench(RouterSpec { linked: Vec::new(), ..prepared("r3") }, router3("r3"))
}

/// `apply` in the clinic.
fn visit(bench: &Bench, line_pending: Option<&str>) -> FinishedRun {
    let mut request = ApplyRequest { ..apply_request(bench, shipped()) };
    request.options.on_bench = false;
    request.options.line_pending = line_pending.map(str::to_owned);
    run::apply(&env(bench, Arc::new(Scripted::default())), &request).unwrap()
}

fn add_a_domain(bench: &Bench) {
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let more = inventory.replace("ntt_area: west", "ntt_area: west, extra_domains: [more.example]");
    assert_ne!(more, inventory);
    fs::write(bench.path("clinics.yaml"), more).unwrap();
}

fn unverified(finished: &FinishedRun) -> Option<Unverified> {
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Saved, Exit::NotDone), "{outcome:?}");
    outcome.unverified.clone()
}

fn looks(bench: &Bench) -> usize {
    let look = |event: &mock_device::Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("show ip interface GigaEthernet0.0"));
    bench.events("r3").iter().filter(|event| look(event)).count()
}

#[test]
fn a_line_without_a_link_undoes_the_change_that_was_to_bring_it_up() {
    let bench = without_a_line();
    let before = bench.snapshot("r3");
    let finished = visit(&bench, None);
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Undone, Exit::NotDone));
    assert_eq!(outcome.failure_class(), Some(FailureClass::CheckFailed));
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_line_that_is_not_open_yet_is_saved_and_is_neither_done_nor_a_failure() {
    let bench = without_a_line();
    let finished = visit(&bench, Some("opens on Friday"));
    assert_eq!(unverified(&finished), Some(Unverified::LinePending("opens on Friday".to_owned())));
    assert_eq!(finished.result.routers[0].failure_class(), None);
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn with_a_link_a_line_that_was_said_to_be_pending_is_done() {
    let bench = bench(prepared("r3"), router3("r3"));
    let finished = visit(&bench, Some("opens on Friday"));
    assert_eq!((finished.result.routers[0].unverified.as_ref(), finished.exit), (None, Exit::Done));
}

#[test]
fn a_pending_line_excuses_no_check_that_needs_no_line() {
    let fault = mock_device::Fault::Refuse {
        when: mock_device::When::matching("show ip interface GigaEthernet1.0"),
        text: None,
        times: 0,
    };
    let bench = bench(RouterSpec { linked: Vec::new(), faults: vec![fault], ..prepared("r3") }, router3("r3"));
    let finished = visit(&bench, Some("opens on Friday"));
    assert_eq!(finished.result.routers[0].state, State::Undone, "{finished:?}");
}

#[test]
fn what_failed_before_a_change_that_does_not_touch_it_is_saved_unverified() {
    let bench = without_a_line();
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    assert_eq!(
        looks(&bench),
        2,
        "on a bench the line is not looked at; its interface is, before the role was there and afterwards"
    );
    // Nothing to change, and it fails as it is.
    assert_eq!(unverified(&visit(&bench, None)), Some(Unverified::FailedBefore));
    add_a_domain(&bench);
    let finished = visit(&bench, None);
    assert_eq!(unverified(&finished), Some(Unverified::FailedBefore));
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!(outcome.failure_class(), Some(FailureClass::Unverified));
    assert!(bench.startup("r3").contains("more.example"));
    let records = env(&bench, Arc::new(Scripted::default())).journal().unwrap();
    let run = finished.result.journalled.as_ref().unwrap().run.clone();
    let names: Vec<&str> =
        records.records(&run).unwrap().iter().filter_map(|stored| Some(stored.record.as_ref()?.name())).collect();
    assert!(names.contains(&"checked-before") && names.contains(&"unverified"), "{names:?}");
}

/// The records of a run's routers.
fn records(bench: &Bench, finished: &FinishedRun) -> Vec<Stored> {
    let run = finished.result.journalled.as_ref().unwrap().run.clone();
    env(bench, Arc::new(Scripted::default())).journal().unwrap().records(&run).unwrap()
}

/// A router with everything in it but the domain that the next visit adds.
fn configured(faults: Vec<mock_device::Fault>) -> Bench {
    let bench = bench(prepared("r3"), router3("r3"));
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    faults.into_iter().for_each(|fault| bench.mock.inject("r3", fault).unwrap());
    add_a_domain(&bench);
    bench
}

#[test]
fn each_display_of_the_checks_is_read_once_before_the_first_line_and_recorded() {
    let bench = configured(Vec::new());
    let met = bench.events("r3").len();
    let finished = visit(&bench, None);
    assert_eq!(finished.exit, Exit::Done, "{finished:?}");
    let records = records(&bench, &finished);
    let kinds: Vec<&Kind> = records.iter().filter_map(|stored| stored.record.as_ref()).collect();
    let first_line = kinds.iter().position(|kind| matches!(kind, Kind::Sending { .. })).unwrap();
    let mut before = BTreeMap::new();
    for kind in &kinds[..first_line] {
        if let Kind::CheckedBefore { check, passed, answer, .. } = kind {
            assert!(before.insert(check.as_str(), (*passed, answer.is_some())).is_none(), "{check} once");
        }
    }
    let (mut shows, mut unjudged) = (BTreeMap::new(), 0);
    for kind in &kinds[first_line..] {
        let Kind::Checked { check, command, required, .. } = kind else { continue };
        let (passed, is_shown) = before[check.as_str()];
        assert!(is_shown, "{check} has its display before");
        assert!(*required || passed.is_none(), "what decides nothing is not judged: {check}");
        unjudged += usize::from(passed.is_none());
        shows.insert(command.clone(), 0);
    }
    assert!(unjudged >= 3, "advisory checks are among them: {before:?}");
    for event in bench.events("r3").iter().skip(met) {
        let What::Line { line, .. } = &event.what else { continue };
        if line.trim().starts_with("url-list") {
            break;
        }
        if let Some(count) = shows.get_mut(line.trim()) {
            *count += 1;
        }
    }
    assert!(shows.values().all(|count| *count == 1), "each is asked once: {shows:?}");
}

#[test]
fn a_display_that_the_router_refuses_before_the_change_is_recorded_as_refused_and_stops_nothing() {
    let bench = configured(vec![mock_device::Fault::refuse(mock_device::When::matching("show ipv6 neighbors"))]);
    let finished = visit(&bench, None);
    assert_eq!(finished.result.routers[0].state, State::Saved, "{finished:?}");
    let records = records(&bench, &finished);
    let refused = records.iter().find_map(|stored| match &stored.record {
        Some(Kind::CheckedBefore { check, passed: None, answer: None, unmet, .. }) => Some((check, unmet)),
        _ => None,
    });
    let (check, unmet) = refused.unwrap();
    assert!(check == "default-router" && unmet.en.contains("refuses the command"), "{check}: {unmet:?}");
}

#[test]
fn before_its_line_is_open_a_router_is_verified_without_it_and_not_called_done() {
    let bench = without_a_line();
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    let verify = |line_pending: Option<&str>| {
        let options = RunOptions { line_pending: line_pending.map(str::to_owned), ..RunOptions::default() };
        let request = VerifyRequest { source: source(&bench), options };
        let report = run::verify(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
        let [one] = report.routers.as_slice() else { panic!("one router") };
        (report.exit, one.is_verified(), one.line_pending().map(str::to_owned))
    };
    assert_eq!(verify(None), (Exit::Differs, false, None));
    let reason = "opens on Friday".to_owned();
    assert_eq!(verify(Some(&reason)), (Exit::NotDone, false, Some(reason.clone())));
    // What needs no line is judged as ever.
    let fault = mock_device::Fault::refuse(mock_device::When::matching("show ip interface GigaEthernet1.0"));
    bench.mock.inject("r3", fault).unwrap();
    assert_eq!(verify(Some(&reason)), (Exit::Differs, false, Some(reason.clone())));
}
