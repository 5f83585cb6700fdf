//! A look at the line of a box whose ports are shut: lines are entered for it and taken back, whatever is seen, and nothing is ever saved.

use std::fs;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::run::{self, Exit, FinishedRun, NoOperator, Operator, ProbeRequest, RunError, Source};
use ixdeploy::state::State;
use mock_device::{Fault, RouterSpec, What, When};
use test_support::harness::{Bench, assert_clean, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, bench, copy_folder, end, env, on_bench, shipped, source};

const SECOND_LINE_OF_THE_WAN: &str = "^ipv6 dhcp client probe";

fn on_a_line(change: impl Fn(&mut RouterSpec)) -> Bench {
    let mut spec = prepared("r3");
    change(&mut spec);
    bench(spec, router3("r3"))
}

fn request(bench: &Bench) -> ProbeRequest {
    let mut options = on_bench();
    options.on_bench = false;
    ProbeRequest { source: source(bench), serial_number: None, options }
}

fn probe_by(bench: &Bench, operator: Arc<dyn Operator>) -> Result<FinishedRun, RunError> {
    run::probe(&env(bench, operator), &request(bench))
}

/// The shipped playbook and its probe, which waits for nothing.
fn impatient(bench: &Bench) -> Source {
    for name in ["online-eligibility.yaml", "probe-line.yaml"] {
        fs::copy(shipped().with_file_name(name), bench.path(name)).unwrap();
    }
    copy_folder(&shipped().with_file_name("roles"), &bench.path("roles"));
    let role = bench.path("roles/probe-line/role.yaml");
    let patient = fs::read_to_string(&role).unwrap();
    let lines: Vec<&str> = patient.lines().filter(|line| !line.trim_start().starts_with("within: ")).collect();
    fs::write(&role, lines.join("\n")).unwrap();
    Source { playbook: bench.path("online-eligibility.yaml"), ..source(bench) }
}

fn probe(bench: &Bench) -> FinishedRun {
    probe_by(bench, Arc::new(Scripted::default())).unwrap()
}

fn saves(bench: &Bench) -> usize {
    let saved = |what: &What| matches!(what, What::Line { line, .. } if line.starts_with("write"));
    bench.events("r3").iter().filter(|event| saved(&event.what)).count()
}

#[test]
fn a_line_is_seen_through_lines_that_are_all_taken_back_and_none_is_saved() {
    let bench = on_a_line(|_| {});
    let before = bench.snapshot("r3");
    let finished = probe(&bench);
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Undone, Exit::Done), "{outcome:?}");
    assert!(outcome.is_probed() && outcome.failure_class().is_none(), "{outcome:?}");
    let line = outcome.probed.as_ref().unwrap();
    assert_eq!((line.interface.as_str(), line.prefix.as_deref()), ("GigaEthernet0.0", Some("2001:db8:2000::/56")));
    assert_eq!((bench.snapshot("r3"), saves(&bench)), (before, 0));
    assert_clean("the result", &serde_json::to_string(&finished.result).unwrap());
}

#[test]
fn a_line_that_does_not_fit_the_role_is_told_in_so_many_words() {
    let only_advertises = |spec: &mut RouterSpec| {
        spec.advertised_prefix = Some("2001:db8:1000::/64".to_owned());
        spec.readings.advertiser_seen = true;
    };
    let dead = |spec: &mut RouterSpec| spec.delegated_prefix = None;
    let pulled = |spec: &mut RouterSpec| spec.linked = Vec::new();
    type Change<'a> = &'a dyn Fn(&mut RouterSpec);
    let lines: [(Change<'_>, &str); 3] =
        [(&only_advertises, "there is only RA on this line"), (&dead, ""), (&pulled, "")];
    for (change, words) in lines {
        let bench = on_a_line(|spec| change(spec));
        let before = bench.snapshot("r3");
        let request = ProbeRequest { source: impatient(&bench), ..request(&bench) };
        let finished = run::probe(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
        let misfits = finished.result.routers[0].probed.clone().unwrap().misfits;
        assert_eq!((end(&finished).0, finished.exit), (State::Undone, Exit::Differs), "{finished:?}");
        assert!(misfits.iter().any(|misfit| misfit.en.contains(words)), "{misfits:?}");
        assert_eq!((bench.snapshot("r3"), saves(&bench)), (before, 0));
    }
}

#[test]
fn a_probe_is_asked_about_and_a_refused_line_or_a_no_leaves_the_router_as_it_was() {
    let declining = on_a_line(|_| {});
    let before = declining.snapshot("r3");
    let declined = probe_by(&declining, Arc::new(Scripted::refusing())).unwrap();
    assert_eq!((end(&declined).0, declining.snapshot("r3")), (State::Declined, before));
    let error = probe_by(&declining, Arc::new(NoOperator)).unwrap_err();
    assert_eq!(error.code(), "apply.nobody-to-ask");
    let refusing = on_a_line(|spec| spec.faults = vec![Fault::refuse(When::matching(SECOND_LINE_OF_THE_WAN))]);
    let before = refusing.snapshot("r3");
    let finished = probe(&refusing);
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Undone, Exit::NotDone));
    assert_eq!((outcome.causes[0].code.as_str(), &outcome.probed), ("router.refused-line", &None));
    assert_eq!((refusing.snapshot("r3"), saves(&refusing)), (before, 0));
}

#[test]
fn a_session_that_is_lost_with_every_line_entered_is_recovered_to_what_was_before_and_not_saved() {
    let bench = on_a_line(|spec| spec.faults = vec![Fault::drop_link(When::matching("^show ipv6 dhcp client"))]);
    let before = bench.snapshot("r3");
    let finished = probe(&bench);
    assert_eq!((end(&finished).0, finished.exit), (State::Undone, Exit::NotDone), "{finished:?}");
    assert_eq!((bench.snapshot("r3"), saves(&bench)), (before, 0));
}

#[test]
fn an_open_port_is_not_probed_and_a_saved_router_keeps_what_it_has() {
    let bench = on_a_line(|_| {});
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    let before = bench.snapshot("r3");
    let finished = probe(&bench);
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, outcome.causes[0].code.as_str()), (State::Refused, "probe.line-open"));
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_playbook_without_a_probe_enters_nothing() {
    let bench = on_a_line(|_| {});
    let add_domain = shipped().with_file_name("add-domain.yaml");
    let source = Source { playbook: add_domain, ..source(&bench) };
    let request = ProbeRequest { source, ..request(&bench) };
    let error = run::probe(&env(&bench, Arc::new(Scripted::default())), &request).unwrap_err();
    assert_eq!(error.code(), "probe.nothing-asked");
    assert!(bench.events("r3").is_empty(), "no router was met");
}
