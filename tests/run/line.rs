//! Which line is this? Routers on a line that delegates, only advertises, is dead or has no link; the prefix that is remembered.

use std::fs;
use std::sync::{Arc, Mutex};

use ixdeploy::cancel::Cancel;
use ixdeploy::ix::access_line::{Area, Internet, Link, Misfit, Probes, Supply};
use ixdeploy::record::{Envelope, Kind, Reader, Readers, Stored};
use ixdeploy::run::{
    self, ApplyRequest, Exit, FinishedRun, LineReport, LineRequest, PlanRequest, Reach, RunEnv, RunOptions,
    VerifyRequest,
};
use ixdeploy::state::State;
use ixdeploy::transaction::SeenLine;
use mock_device::{Fault, RouterSpec, When};
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, apply_request, bench, env, shipped, source};

const PROVIDERS_DNS: &str = "2001:db8:9999::53";

/// A router with the shipped role, on a line as the scenario has it.
fn on_a_line(change: impl Fn(&mut RouterSpec)) -> Bench {
    let mut spec = prepared("r3");
    change(&mut spec);
    bench(spec, router3("r3"))
}

/// The same after the role was applied on a bench.
fn applied_on_a_line(change: impl Fn(&mut RouterSpec)) -> Bench {
    let bench = on_a_line(change);
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    bench
}

fn advertising(spec: &mut RouterSpec) {
    spec.advertised_prefix = Some("2001:db8:1000::/64".to_owned());
    spec.readings.advertiser_seen = true;
}

fn look(bench: &Bench, with_playbook: bool, probes: Probes) -> LineReport {
    let request = LineRequest {
        inventory: bench.path("clinics.yaml"),
        limit: None,
        playbook: with_playbook.then(shipped),
        probes,
        reach: Reach::default(),
    };
    run::line(&env(bench, Arc::new(Scripted::default())), &request).unwrap()
}

fn seen(report: &LineReport) -> Option<&SeenLine> {
    let [one] = report.routers.as_slice() else { panic!("one router") };
    one.result.as_ref().unwrap().as_ref()
}

fn visit(bench: &Bench) -> FinishedRun {
    let mut request = ApplyRequest { ..apply_request(bench, shipped()) };
    request.options.on_bench = false;
    run::apply(&env(bench, Arc::new(Scripted::default())), &request).unwrap()
}

/// What a run has recorded.
fn records(bench: &Bench, finished: &FinishedRun) -> Vec<Kind> {
    let run = &finished.result.journalled.as_ref().unwrap().run;
    let journal = env(bench, Arc::new(Scripted::default())).journal().unwrap();
    let kind = |stored: Stored| stored.record;
    journal.records(run).unwrap().into_iter().filter_map(kind).collect()
}

fn warnings(kinds: &[Kind]) -> Vec<&str> {
    let said = kinds.iter().filter_map(|kind| match kind {
        Kind::Warned { warning } => Some(warning.en.as_str()),
        _ => None,
    });
    said.filter(|warning| warning.starts_with("which line is this?")).collect()
}

#[test]
fn a_line_that_delegates_is_told_with_its_dns_server_and_its_area_and_nothing_is_written() {
    let bench = applied_on_a_line(|spec| spec.answers_ping = vec!["2001:db8:ffff::1".to_owned()]);
    let before = bench.snapshot("r3");
    let probes = Probes {
        west: vec![PROVIDERS_DNS.parse().unwrap()],
        internet: vec!["2001:db8:ffff::1".parse().unwrap()],
        ..Probes::default()
    };
    let report = look(&bench, true, probes);
    let line = &seen(&report).unwrap().line;
    assert_eq!((line.link, line.supply, line.area), (Link::Up, Supply::Delegated, Some(Area::West)));
    assert_eq!((line.internet, line.prefixes.join(" ").as_str()), (Internet::Reached, "2001:db8:2000::/56"));
    assert!(line.summary().en.contains("told 2001:db8:9999::53 (answers)"), "{}", line.summary().en);
    assert_eq!((report.exit, seen(&report).unwrap().misfits.as_slice()), (Exit::Done, [].as_slice()));
    assert_eq!(bench.snapshot("r3"), before);
    // An address of the Internet that does not answer proves no closed network.
    let closed = Probes { internet: vec!["2001:db8:eeee::1".parse().unwrap()], ..Probes::default() };
    assert_eq!(seen(&look(&bench, false, closed)).unwrap().line.internet, Internet::NoAnswer);
    // Asked of no one but the servers that are known, the Internet stays unknown, and so does the area.
    let report = look(&bench, false, Probes::default());
    let line = &seen(&report).unwrap().line;
    assert_eq!((line.internet, line.area), (Internet::NotAsked, None));
}

#[test]
fn a_line_that_only_advertises_does_not_fit_whether_or_not_its_router_is_seen() {
    let bench = applied_on_a_line(advertising);
    let report = look(&bench, false, Probes::default());
    assert_eq!(report.exit, Exit::Differs);
    assert_eq!(seen(&report).unwrap().misfits, [Misfit::OnlyAdvertised { hands_on: true }]);
    let bench = applied_on_a_line(|spec| spec.advertised_prefix = Some("2001:db8:1000::/64".to_owned()));
    let report = look(&bench, true, Probes::default());
    assert_eq!((report.exit, seen(&report).unwrap().line.supply), (Exit::Differs, Supply::Nothing));
}

#[test]
fn a_dead_line_a_pulled_cable_and_servers_of_the_other_area_are_told_apart() {
    let dead = look(&applied_on_a_line(|spec| spec.delegated_prefix = None), false, Probes::default());
    assert_eq!((dead.exit, seen(&dead).unwrap().misfits.as_slice()), (Exit::Differs, [Misfit::Nothing].as_slice()));
    let pulled = look(&applied_on_a_line(|spec| spec.linked = Vec::new()), false, Probes::default());
    let no_link = Misfit::NoLink { interface: "GigaEthernet0.0".to_owned() };
    assert_eq!(seen(&pulled).unwrap().misfits, [no_link]);
    // The role names the servers of the west; what answers is in the east.
    let bench = applied_on_a_line(|_| {});
    let probes = Probes { east: vec![PROVIDERS_DNS.parse().unwrap()], ..Probes::default() };
    let report = look(&bench, true, probes);
    assert_eq!(seen(&report).unwrap().misfits, [Misfit::OtherArea { named: Area::West, found: Area::East }]);
}

#[test]
fn before_the_push_nothing_of_the_line_is_visible_and_nothing_is_said_against_it() {
    let bench = on_a_line(|_| {});
    let bare = look(&bench, false, Probes::default());
    assert_eq!((bare.exit, seen(&bare)), (Exit::Done, None));
    let report = look(&bench, true, Probes::default());
    let seen = seen(&report).unwrap();
    assert_eq!((seen.line.link, seen.line.is_visible()), (Link::Shut, false));
    assert_eq!((report.exit, seen.misfits.as_slice()), (Exit::Done, [].as_slice()));
}

#[test]
fn where_checks_of_a_line_fail_in_a_visit_it_is_said_which_line_it_seems_to_be() {
    let bench = applied_on_a_line(advertising);
    let finished = visit(&bench);
    assert_eq!(finished.result.routers[0].state, State::Saved);
    let kinds = records(&bench, &finished);
    let [warning] = warnings(&kinds)[..] else { panic!("not said once: {kinds:?}") };
    assert!(warning.contains("IPv6: likely RA only") && warning.contains("there is only RA on this line"), "{warning}");
    let line = kinds.iter().find_map(|kind| match kind {
        Kind::LineSeen(line) => Some(line),
        _ => None,
    });
    assert_eq!(line.map(|line| (line.prefix.as_deref(), line.misfits.len())), Some((None, 1)));
}

#[test]
fn a_line_that_fits_is_recorded_and_nothing_is_said_of_it() {
    let bench = applied_on_a_line(|_| {});
    let kinds = records(&bench, &visit(&bench));
    assert_eq!(warnings(&kinds), [""; 0]);
    let prefix = kinds.iter().find_map(|kind| match kind {
        Kind::LineSeen(line) => line.prefix.as_deref(),
        _ => None,
    });
    assert_eq!(prefix, Some("2001:db8:2000::/56"));
}

#[test]
fn a_prefix_that_changed_is_told_by_verify_until_a_run_has_seen_the_new_one() {
    let bench = applied_on_a_line(|_| {});
    let verify = || {
        let request = VerifyRequest { source: source(&bench), options: RunOptions::default() };
        run::verify(&env(&bench, Arc::new(Scripted::default())), &request).unwrap()
    };
    assert!(verify().prefix_changes.is_empty(), "no run has seen the line yet");
    let first = visit(&bench);
    assert!(verify().prefix_changes.is_empty());
    let delegated = Some("2001:db8:3000::/56".to_owned());
    bench.mock.inject("r3", Fault::LineNow { delegated, advertised: None }).unwrap();
    let verified = verify();
    let change = &verified.prefix_changes["r3"];
    assert_eq!((change.before.as_str(), change.now.as_str()), ("2001:db8:2000::/56", "2001:db8:3000::/56"));
    assert_eq!(change.run, first.result.journalled.as_ref().unwrap().run);
    assert!(change.text().en.ends_with("line authentication may have to be done again"), "{}", change.text().en);
    let looked = look(&bench, false, Probes::default());
    assert_eq!(looked.routers[0].prefix_change.as_ref(), Some(change));
    visit(&bench);
    assert!(verify().prefix_changes.is_empty(), "the new one was seen");
}

/// Keeps what is shown.
#[derive(Default)]
struct Shown(Mutex<Vec<Kind>>);

impl Reader for Shown {
    fn read(&self, envelope: &Envelope) {
        self.0.lock().unwrap().push(envelope.kind.clone());
    }
}

#[test]
fn a_plan_that_asks_something_else_of_a_visible_line_says_first_where_it_does_not_fit() {
    let bench = applied_on_a_line(advertising);
    let planned = || {
        let shown = Arc::new(Shown::default());
        let readers = Readers::new(vec![Box::new(Arc::clone(&shown)) as Box<dyn Reader>]);
        let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, Cancel::default());
        let request =
            PlanRequest { source: source(&bench), from_backup: None, reason: None, options: RunOptions::default() };
        run::plan(&env, &request).unwrap();
        let kinds = shown.0.lock().unwrap();
        warnings(&kinds).len()
    };
    assert_eq!(planned(), 0, "it asks the same as before: the checks say enough");
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(bench.path("clinics.yaml"), inventory.replace("ntt_area: west", "ntt_area: east")).unwrap();
    assert_eq!(planned(), 1);
}

#[test]
fn where_no_one_is_asked_it_is_said_before_the_first_line_too() {
    let bench = applied_on_a_line(advertising);
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(bench.path("clinics.yaml"), inventory.replace("ntt_area: west", "ntt_area: east")).unwrap();
    // The push ends at its first line: what the checks say is another matter.
    bench.mock.inject("r3", Fault::refuse(When::config_line(1))).unwrap();
    let mut request = apply_request(&bench, shipped());
    (request.options.on_bench, request.options.assume_yes) = (false, true);
    let finished = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
    assert_eq!(finished.result.routers[0].state, State::Undone, "{finished:?}");
    let kinds = records(&bench, &finished);
    assert_eq!(warnings(&kinds).len(), 1);
    let first = |is_it: fn(&Kind) -> bool| kinds.iter().position(is_it).unwrap();
    let warned = first(|kind| matches!(kind, Kind::Warned { warning } if warning.en.starts_with("which line")));
    assert!(warned < first(|kind| matches!(kind, Kind::Sending { .. })));
}
