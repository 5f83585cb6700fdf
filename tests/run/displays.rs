//! What the shipped roles check of a line: each field of a display, what is said where it is otherwise, and what is waited for.

use std::fs;
use std::sync::Arc;

use ixdeploy::record::{CheckResult, Kind, Stored};
use ixdeploy::run::{self, ApplyRequest, Exit, FinishedRun, RunOptions, VerifyRequest};
use ixdeploy::state::State;
use mock_device::{LineDns, RouterSpec, What};
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, apply_request, bench, env, shipped, source};

/// A router with the shipped role, on a line as the scenario has it.
fn on_a_line(change: impl Fn(&mut RouterSpec)) -> Bench {
    let mut spec = prepared("r3");
    change(&mut spec);
    bench(spec, router3("r3"))
}

/// The same after the role was applied on a bench, where the line is not looked at.
fn applied_on_a_line(change: impl Fn(&mut RouterSpec)) -> Bench {
    let bench = on_a_line(change);
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    bench
}

/// The checks of `verify` in the clinic.
fn verified(bench: &Bench) -> Vec<CheckResult> {
    let request = VerifyRequest { source: source(bench), options: RunOptions::default() };
    let mut report = run::verify(&env(bench, Arc::new(Scripted::default())), &request).unwrap();
    report.routers.remove(0).checks
}

fn visit(bench: &Bench, line_pending: Option<&str>) -> FinishedRun {
    let mut request = ApplyRequest { ..apply_request(bench, shipped()) };
    request.options.on_bench = false;
    request.options.line_pending = line_pending.map(str::to_owned);
    run::apply(&env(bench, Arc::new(Scripted::default())), &request).unwrap()
}

/// Those that failed, each with what the answer said.
fn failed(checks: &[CheckResult]) -> Vec<(&str, &str)> {
    let failed = checks.iter().filter(|check| check.passed == Some(false));
    failed.map(|check| (check.name.as_str(), check.unmet.en.as_str())).collect()
}

fn looks(bench: &Bench) -> usize {
    let look =
        |event: &mock_device::Event| matches!(&event.what, What::Line { line, .. } if line == "show ipv6 dhcp client");
    bench.events("r3").iter().filter(|event| look(event)).count()
}

#[test]
fn a_line_that_delegates_and_a_terminal_that_is_there_pass_every_check() {
    let bench = applied_on_a_line(|spec| spec.terminals = 1);
    let checks = verified(&bench);
    assert_eq!(failed(&checks), [("", ""); 0]);
    let names: Vec<&str> =
        checks.iter().filter(|check| check.passed == Some(true)).map(|check| check.name.as_str()).collect();
    for name in [
        "delegated-prefix",
        "terminal-prefix",
        "dns-learned",
        "default-router",
        "terminal-there",
        "no-duplicate-address",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    assert_eq!(looks(&bench), 1, "three checks look at one display");
}

#[test]
fn a_line_that_only_advertises_is_told_from_one_that_delegates_another_length() {
    let advertises = applied_on_a_line(|spec| {
        (spec.advertised_prefix, spec.terminals) = (Some("2001:db8:1000::/64".to_owned()), 1);
    });
    let checks = verified(&advertises);
    let failed_names: Vec<&str> = failed(&checks).into_iter().map(|(name, _)| name).collect();
    assert!(failed_names.starts_with(&["delegated-prefix", "terminal-prefix", "dns-learned"]), "{failed_names:?}");
    assert_eq!(failed(&checks)[0].1, "says that prefix of GigaEthernet0.0 is /56 (it says nothing of it)");
    let other = applied_on_a_line(|spec| {
        (spec.delegated_prefix, spec.terminals) = (Some("2001:db8:2000::/60".to_owned()), 1);
    });
    assert_eq!(
        failed(&verified(&other)),
        [("delegated-prefix", "says that prefix of GigaEthernet0.0 is /56 (it says 2001:db8:2000::/60)")]
    );
}

#[test]
fn a_dns_server_that_is_not_told_an_address_that_is_doubled_and_a_missing_terminal_are_reported_and_undo_nothing() {
    let bench = on_a_line(|spec| {
        (spec.dns, spec.duplicate_address) = (LineDns::Untold, Some("192.168.0.254".to_owned()));
    });
    assert_eq!(apply(&bench, &Arc::new(Scripted::default()), shipped()).exit, Exit::Done);
    let checks = verified(&bench);
    let failed: Vec<&str> = failed(&checks).into_iter().map(|(name, _)| name).collect();
    assert_eq!(failed, ["dns-learned", "terminal-there", "no-duplicate-address"]);
    assert!(checks.iter().filter(|check| failed.contains(&check.name.as_str())).all(|check| !check.required));
    assert!(checks.iter().any(|check| check.answer.as_ref().is_some_and(|said| said.contains("Duplicate address"))));
}

#[test]
fn after_a_change_a_line_is_waited_for() {
    let bench = on_a_line(|spec| (spec.line_after_looks, spec.terminals) = (2, 1));
    let finished = visit(&bench, None);
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Saved, Exit::Done));
    assert_eq!(failed(&outcome.checks), [("", ""); 0]);
    assert!(looks(&bench) >= 3, "{}", looks(&bench));
}

#[test]
fn a_line_that_is_not_open_yet_and_one_that_is_only_verified_are_looked_at_once() {
    let bench = on_a_line(|spec| (spec.delegated_prefix, spec.linked) = (None, Vec::new()));
    let finished = visit(&bench, Some("opens on Friday"));
    assert_eq!(finished.result.routers[0].state, State::Saved);
    assert_eq!(looks(&bench), 2, "for the record before the first line, and once afterwards");
    assert!(failed(&verified(&bench)).iter().any(|(name, _)| *name == "delegated-prefix"));
    assert_eq!(looks(&bench), 3);
}

#[test]
fn after_a_required_check_has_failed_nothing_is_waited_for() {
    let bench = on_a_line(|spec| (spec.delegated_prefix, spec.linked) = (None, Vec::new()));
    let finished = visit(&bench, None);
    assert_eq!(finished.result.routers[0].state, State::Undone);
    assert_eq!(looks(&bench), 2, "for the record before the first line, and once afterwards");
}

/// Declares one more domain, and applies it in the clinic; what was said of other changes.
fn besides(bench: &Bench, before: &str, domains: &str) -> Vec<String> {
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let more = inventory.replace(before, &format!("ntt_area: west, extra_domains: [{domains}]"));
    assert_ne!(more, inventory);
    fs::write(bench.path("clinics.yaml"), more).unwrap();
    let finished = visit(bench, None);
    assert_eq!((finished.result.routers[0].state, finished.exit), (State::Saved, Exit::Done), "{finished:?}");
    let run = finished.result.journalled.as_ref().unwrap().run.clone();
    let journal = env(bench, Arc::new(Scripted::default())).journal().unwrap();
    let said = |stored: &Stored| match stored.record.as_ref()? {
        Kind::Warned { warning } if warning.en.starts_with("besides") => Some(warning.en.clone()),
        _ => None,
    };
    journal.records(&run).unwrap().iter().filter_map(said).collect()
}

#[test]
fn what_else_is_otherwise_than_before_a_change_is_said_and_judged_by_no_one() {
    let bench = applied_on_a_line(|spec| (spec.line_after_looks, spec.terminals) = (1, 1));
    // While one more domain is entered, the line comes up.
    let said = besides(&bench, "ntt_area: west", "a.example");
    let [client, ..] = said.as_slice() else { panic!("nothing was said") };
    assert!(
        client.starts_with("besides what was changed, `show ipv6 dhcp client` says otherwise than before: "),
        "{client}"
    );
    assert!(client.contains("prefix of GigaEthernet0.0: - -> 2001:db8:2000::/56"), "{client}");
    assert!(!said.iter().any(|said| said.contains("show ip ")), "{said:?}");
    // Nothing else is otherwise any more.
    let inventory = "ntt_area: west, extra_domains: [a.example]";
    assert_eq!(besides(&bench, inventory, "a.example, b.example"), [""; 0]);
}
