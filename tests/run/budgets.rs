//! Budgets over the whole way: what failed before the first router was changed counts, too.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::run::{self, ApplyRequest, Overrides, RestartRequest, RunOptions};
use mock_device::{Fault, RouterSpec, What, When};
use test_support::harness::{Bench, prepared, router3};

use crate::again::{ends, four_with_one_off, naming_book, run_of, switch_on};
use crate::going_on::{self, until_one_is_off, vlan_book};
use crate::operator::Scripted;
use crate::{apply_request, env, on_bench, prompting};

/// Four clinics; the first cannot be changed, and those that are named are in the group `west`.
fn clinics(west: &[&str]) -> Bench {
    clinics_of(west, ["c1", "c2", "c3", "c4"].map(prepared))
}

fn clinics_of(west: &[&str], routers: [RouterSpec; 4]) -> Bench {
    let declared = |spec: RouterSpec| {
        let declared = router3(&spec.id);
        (spec, declared)
    };
    let bench = prompting(Bench::new(routers.map(declared).into()));
    bench.mock.inject("c1", Fault::Monitor).unwrap();
    let mut inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    inventory = inventory.replace("sites:\n", "groups: { west: }\nsites:\n");
    for id in west {
        inventory = inventory.replace(&format!("  site-{id}:\n"), &format!("  site-{id}:\n    groups: [west]\n"));
    }
    fs::write(bench.path("clinics.yaml"), inventory).unwrap();
    bench
}

fn limited(bench: &Bench, rollout: &str) -> PathBuf {
    let book = naming_book(bench);
    let text = fs::read_to_string(&book).unwrap();
    fs::write(&book, format!("{text}rollout: {rollout}\n")).unwrap();
    book
}

/// Reads all, asks, and changes those that are left.
fn apply(bench: &Bench, rollout: &str) -> (Vec<String>, Vec<String>) {
    let book = limited(bench, rollout);
    let env = env(bench, Arc::new(Scripted::default()));
    let finished = run::apply(&env, &ApplyRequest { options: on_bench(), ..apply_request(bench, book) }).unwrap();
    let codes = finished.result.routers.iter().filter_map(|one| one.causes.first()).map(|cause| cause.code.clone());
    (ends(&finished), codes.collect())
}

#[test]
fn a_router_that_could_not_be_read_counts_in_the_budget_of_its_group() {
    let bench = clinics(&["c1", "c2"]);
    let (ends, codes) = apply(&bench, "{ max_failures: 9, groups: { west: { max_failures: 1 } } }");
    assert_eq!(ends, ["c1 refused", "c2 not-started", "c3 saved", "c4 saved"]);
    assert_eq!(codes, ["session.monitor-right", "run.group-held"]);
}

#[test]
fn a_router_that_could_not_be_read_counts_in_the_budget_of_its_step() {
    let bench = clinics(&[]);
    // The first step would be c1 and c2 if c1 took part.
    let steps = "steps: [{ name: first, match: { count: 2 }, max_failures: 1 }, { name: rest, match: rest }]";
    let (ends, _) = apply(&bench, &format!("{{ max_failures: 9, {steps} }}"));
    assert_eq!(ends, ["c1 refused", "c2 not-started", "c3 not-started", "c4 not-started"]);
}

#[test]
fn a_router_that_could_not_be_changed_counts_in_the_step_of_the_firmware_that_it_said_it_runs() {
    let firmware = [("c1", "10.7.18"), ("c2", "10.7.18"), ("c3", "10.8.21"), ("c4", "10.8.21")];
    let running = |(id, firmware): (&str, &str)| RouterSpec { firmware: Some(firmware.to_owned()), ..prepared(id) };
    let bench = clinics_of(&[], firmware.map(running));
    let steps = "steps: [{ name: new, match: { firmware: '10.8.*' } }, \
                 { name: old, match: { firmware: '10.7.*' }, max_failures: 1 }]";
    let (ends, codes) = apply(&bench, &format!("{{ max_failures: 9, {steps} }}"));
    assert_eq!(ends, ["c1 refused", "c2 not-started", "c3 saved", "c4 saved"]);
    assert_eq!(codes[0], "session.monitor-right");
}

#[test]
fn a_router_that_an_earlier_run_left_open_counts_when_others_are_restarted() {
    let bench = four_with_one_off();
    let text = fs::read_to_string(bench.path("on.yaml")).unwrap();
    fs::write(bench.path("on.yaml"), text.replace("reload: 3s", "reload: 30s")).unwrap();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let waiting = run_of(&going_on::apply(&env, &bench, vlan_book(&bench)));
    let book = naming_book(&bench);
    fs::write(&book, fs::read_to_string(&book).unwrap() + "lost: ask\n").unwrap();
    bench.mock.inject("c1", Fault::drop_link(When::matching("^hostname"))).unwrap();
    let one = ApplyRequest { limit: Some("c1".to_owned()), options: until_one_is_off(), ..apply_request(&bench, book) };
    assert_eq!(ends(&run::apply(&env, &one).unwrap()), ["c1 lost"]);
    let restart = |budgets: &[&str]| {
        let budgets = budgets.iter().map(|budget| (*budget).to_owned()).collect();
        let options =
            RunOptions { assume_yes: true, rollout: Overrides { budgets, ..Overrides::default() }, ..on_bench() };
        let limit = Some("c[1-2]".to_owned());
        let request = RestartRequest { run: waiting.clone(), limit, options, ..RestartRequest::default() };
        run::restart(&env, &request).unwrap()
    };
    let first = restart(&[]);
    assert_eq!(ends(&first), ["c1 lost", "c2 not-started"]);
    assert_eq!(first.result.routers[1].causes[0].code, "run.not-started");
    assert!(!bench.events("c2").iter().any(|event| matches!(event.what, What::Restarted { .. })));
    assert_eq!(ends(&restart(&["lost=2"])), ["c1 lost", "c2 saved"], "a person said that more may be lost");
}
