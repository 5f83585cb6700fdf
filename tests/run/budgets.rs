//! Budgets over the whole way: what failed before the first router was changed counts, too.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::run::{self, ApplyRequest};
use mock_device::Fault;
use test_support::harness::{Bench, prepared, router3};

use crate::again::{ends, naming_book};
use crate::operator::Scripted;
use crate::{apply_request, env, on_bench, prompting};

/// Four clinics; the first cannot be changed, and those that are named are in the group `west`.
fn clinics(west: &[&str]) -> Bench {
    let bench = prompting(Bench::new(["c1", "c2", "c3", "c4"].map(|id| (prepared(id), router3(id))).into()));
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
