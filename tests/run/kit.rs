//! A kit in use: secrets come from it, and what is newer than it is not taken away without a person.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::kit::Cost;
use ixdeploy::message::Explain as _;
use ixdeploy::run::{self, ApplyRequest, Exit, KitRequest, Reach, RunOptions};
use ixdeploy::state::State;
use test_support::harness::{Bench, assert_clean};

use crate::operator::Scripted;
use crate::{apply, apply_request, end, env, on_bench, one_router, prompting, shipped};

/// The kit of the bench's only site, packed at an office that shares its state folder.
fn kit(bench: &Bench) -> PathBuf {
    let file = bench.path("r3.kit");
    let request = KitRequest {
        playbooks: vec![shipped()],
        inventory: bench.path("clinics.yaml"),
        sites: "site-r3".to_owned(),
        day: "2026-12-01".parse().unwrap(),
        file: file.clone(),
        cost: Cost { memory_kib: 8, passes: 1, lanes: 1 },
    };
    let built = run::build_kit(&env(bench, Arc::new(Scripted::default())), &request).unwrap();
    assert_eq!(built.credentials, ["admin-password"]);
    file
}

fn with_kit(file: PathBuf) -> RunOptions {
    RunOptions { reach: Reach { kit: Some(file), ..Reach::default() }, ..on_bench() }
}

/// Declares more domains than the vendor's, or none.
fn declare_domains(bench: Bench, domains: &str) -> Bench {
    let mut bench = bench;
    let vars = if domains.is_empty() {
        "ntt_area: west".to_owned()
    } else {
        format!("ntt_area: west, extra_domains: [{domains}]")
    };
    bench.declare(|router| router.vars.clone_from(&vars));
    prompting(bench)
}

#[test]
fn the_passphrase_is_the_only_secret_that_is_asked_for() {
    let bench = one_router(Vec::new());
    let options = with_kit(kit(&bench));
    let operator = Arc::new(Scripted::default());
    let request = ApplyRequest { options, ..apply_request(&bench, shipped()) };
    let finished = run::apply(&env(&bench, Arc::clone(&operator) as _), &request).unwrap();
    assert_eq!((end(&finished).0, finished.exit), (State::Saved, Exit::Done));
    let secrets = operator.asked().iter().filter(|asked| *asked == "secret").count();
    assert_eq!(secrets, 1, "{:?}", operator.asked());
    assert_clean("the result", &serde_json::to_string(&finished.result).unwrap());
}

#[test]
fn what_is_newer_than_the_kit_is_told_and_taken_away_by_a_person_alone() {
    let bench = one_router(Vec::new());
    apply(&bench, &Arc::new(Scripted::default()), shipped());
    let packed = kit(&bench);
    // Someone permits one more domain; the kit does not know of it, nor does its inventory.
    let bench = declare_domains(bench, "newer.example");
    apply(&bench, &Arc::new(Scripted::default()), shipped());
    let bench = declare_domains(bench, "");
    let now = bench.snapshot("r3");
    assert!(now.0.contains("newer.example"));

    let unasked = RunOptions { assume_yes: true, ..with_kit(packed.clone()) };
    let request = ApplyRequest { options: unasked, ..apply_request(&bench, shipped()) };
    let refused = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
    let [outcome] = refused.result.routers.as_slice() else { panic!("{refused:?}") };
    assert_eq!(outcome.causes[0].code, "router.newer-than-kit", "{:?}", outcome.causes);
    assert_eq!(bench.snapshot("r3"), now, "nothing was written");

    let request = ApplyRequest { options: with_kit(packed), ..apply_request(&bench, shipped()) };
    let finished = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
    assert_eq!(end(&finished).0, State::Saved);
    assert!(!bench.running("r3").contains("newer.example"), "a person said yes");
}

#[test]
fn a_kit_that_does_not_open_begins_nothing() {
    let bench = one_router(Vec::new());
    let file = bench.path("r3.kit");
    fs::write(&file, "no kit").unwrap();
    let request = ApplyRequest { options: with_kit(file), ..apply_request(&bench, shipped()) };
    let error = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap_err();
    assert_eq!(error.code(), "kit.format");
    assert!(bench.events("r3").is_empty(), "no router was met");
}
