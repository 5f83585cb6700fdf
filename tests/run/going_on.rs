//! A run that had stopped goes on: with what it never began, under its own name, whatever its command was.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::record::Kind;
use ixdeploy::run::{
    self, ApplyRequest, ContinueRequest, Exit, FinishedRun, Overrides, RerunRequest, RestartRequest, RunEnv,
    RunOptions, UndoRequest,
};
use mock_device::What;
use test_support::harness::Bench;

use crate::again::{ends, four_with_one_off, naming_book, off, run_of, switch_on};
use crate::operator::Scripted;
use crate::{apply_request, env, on_bench};

/// Goes on with a run as `continue RUN --yes` does.
pub fn go_on(env: &RunEnv, run: &str) -> Result<FinishedRun, String> {
    go_on_within(env, run, RunOptions { assume_yes: true, ..RunOptions::default() })
}

fn go_on_within(env: &RunEnv, run: &str, options: RunOptions) -> Result<FinishedRun, String> {
    match run::continue_run(env, &ContinueRequest { run: run.to_owned(), options, ..ContinueRequest::default() }) {
        Ok(run::Continued::Finished(finished)) => Ok(*finished),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.code().to_owned()),
    }
}

/// Without a question, one site after the other, and none any more after the first that cannot be reached.
pub fn until_one_is_off() -> RunOptions {
    let rollout = Overrides { concurrency: Some(1), budgets: vec!["unreachable=1".to_owned()], ..Overrides::default() };
    RunOptions { assume_yes: true, rollout, ..on_bench() }
}

/// `apply --yes` of this playbook, until one is off.
pub fn apply(env: &RunEnv, bench: &Bench, book: PathBuf) -> FinishedRun {
    run::apply(env, &ApplyRequest { options: until_one_is_off(), ..apply_request(bench, book) }).unwrap()
}

#[test]
fn what_is_wrong_with_a_finished_router_is_in_no_ones_way() {
    let bench = four_with_one_off();
    off(&bench, &["c2"]);
    let env = env(&bench, Arc::new(Scripted::default()));
    let first = apply(&env, &bench, naming_book(&bench));
    assert_eq!(ends(&first), ["c1 saved", "c2 unreachable", "c3 not-started", "c4 not-started"]);
    // The first clinic has moved out, the failed one was given a role that there is not, and the last one was renamed.
    let text = fs::read_to_string(bench.path("on.yaml")).unwrap();
    let (head, rest) = text.split_once("  site-c1:\n").unwrap();
    let (_, rest) = rest.split_once("  site-c2:\n").unwrap();
    let others = rest.replace("      c4:\n", "      d4:\n");
    fs::write(bench.path("clinics.yaml"), format!("{head}  site-c2:\n{others}")).unwrap();
    let second = go_on(&env, &run_of(&first)).unwrap();
    assert_eq!(run_of(&second), run_of(&first));
    assert_eq!(ends(&second), ["c1 saved", "c2 unreachable", "c3 saved", "c4 not-started"]);
    assert_eq!(second.result.routers[3].causes[0].code, "run.not-named");
    switch_on(&bench);
    assert_eq!(ends(&go_on(&env, &run_of(&first)).unwrap())[3], "c4 saved", "it is named again");
}

#[test]
fn a_run_goes_on_within_new_limits_and_keeps_them() {
    let bench = four_with_one_off();
    off(&bench, &["c1", "c2", "c3"]);
    let env = env(&bench, Arc::new(Scripted::default()));
    let first = apply(&env, &bench, naming_book(&bench));
    let run = run_of(&first);
    assert_eq!(ends(&first)[1], "c2 not-started");
    let rollout = Overrides { budgets: vec!["unreachable=2".to_owned()], ..Overrides::default() };
    let outside_windows = Some("the clinic asked for it".to_owned());
    let more = RunOptions { assume_yes: true, rollout, outside_windows, ..RunOptions::default() };
    let second = go_on_within(&env, &run, more).unwrap();
    assert_eq!(ends(&second), ["c1 unreachable", "c2 unreachable", "c3 unreachable", "c4 not-started"]);
    let records = env.journal().unwrap().own_records(&run).unwrap();
    let kept = records.iter().find_map(|stored| match &stored.record {
        Some(Kind::Continued { policy, .. }) => policy.clone(),
        _ => None,
    });
    let kept = kept.unwrap();
    assert_eq!(kept.outside_windows.as_deref(), Some("the clinic asked for it"));
    assert_eq!((kept.concurrency, kept.on_bench), (1, true), "what was not typed anew holds on");
    let wrong = Overrides { budgets: vec!["unreachable".to_owned()], ..Overrides::default() };
    let wrong = RunOptions { assume_yes: true, rollout: wrong, ..RunOptions::default() };
    assert_eq!(go_on_within(&env, &run, wrong).unwrap_err(), "rollout.option");
    assert_eq!(ends(&go_on(&env, &run).unwrap())[3], "c4 saved");
}

#[test]
fn an_undo_goes_on_and_is_run_again() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let before = ["c1", "c2", "c3", "c4"].map(|id| bench.snapshot(id));
    let applied = apply(&env, &bench, naming_book(&bench));
    assert_eq!(applied.exit, Exit::Done);
    off(&bench, &["c2"]);
    let undo = UndoRequest { run: run_of(&applied), options: until_one_is_off(), ..UndoRequest::default() };
    let first = run::undo(&env, &undo).unwrap();
    assert_eq!(ends(&first), ["c1 saved", "c2 unreachable", "c3 not-started", "c4 not-started"]);
    switch_on(&bench);
    let asked = Arc::new(Scripted::default());
    let second = go_on_within(&crate::env(&bench, Arc::clone(&asked) as _), &run_of(&first), on_bench()).unwrap();
    assert_eq!((run_of(&second), second.action), (run_of(&first), "undo"));
    assert_eq!(ends(&second), ["c1 saved", "c2 unreachable", "c3 saved", "c4 saved"]);
    let questions = ["go on with 2 after 2, 1 failed", "review of 2", "change 2 of 2 at 2"];
    let said: Vec<String> = asked.asked().into_iter().filter(|said| questions.contains(&said.as_str())).collect();
    assert_eq!(said, questions);
    assert_eq!(go_on(&env, &run_of(&first)).unwrap_err(), "continue.nothing");
    let again = RerunRequest { run: run_of(&first), options: on_bench(), ..RerunRequest::default() };
    assert_eq!(ends(&run::rerun(&env, &again).unwrap()), ["c2 saved"]);
    assert_eq!(["c1", "c2", "c3", "c4"].map(|id| bench.snapshot(id)), before);
}

/// A playbook whose line takes effect only after a restart.
fn vlan_book(bench: &Bench) -> PathBuf {
    let role = bench.path("roles/vlan");
    fs::create_dir_all(&role).unwrap();
    let described = "version: 1\ntitle: { en: Vlan, ja: Vlan }\ndescription: { en: A vlan., ja: vlan }\n\
         owns: [\"interface GigaEthernet1.1\"]\ntemplates: [vlan.ix.j2]\n";
    fs::write(role.join("role.yaml"), described).unwrap();
    fs::write(role.join("vlan.ix.j2"), "interface GigaEthernet1.1\n  encapsulation dot1q 10\n").unwrap();
    let book = bench.path("vlan.yaml");
    fs::write(&book, "version: 1\nname: vlan\nplays:\n  - routers: c*\n    roles: [vlan]\n").unwrap();
    book
}

#[test]
fn a_restart_goes_on() {
    let bench = four_with_one_off();
    let patient = |name: &str| {
        let text = fs::read_to_string(bench.path(name)).unwrap();
        fs::write(bench.path(name), text.replace("reload: 3s", "reload: 30s")).unwrap();
    };
    patient("on.yaml");
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let applied = apply(&env, &bench, vlan_book(&bench));
    assert!(applied.result.routers.iter().all(|outcome| outcome.restart_pending), "{applied:?}");
    off(&bench, &["c1"]);
    let request = RestartRequest {
        run: run_of(&applied),
        limit: Some("c[1-2]".to_owned()),
        options: until_one_is_off(),
        ..RestartRequest::default()
    };
    let first = run::restart(&env, &request).unwrap();
    assert_eq!(ends(&first), ["c1 unreachable", "c2 not-started"]);
    switch_on(&bench);
    let restarted = |id: &str| bench.events(id).iter().any(|event| matches!(event.what, What::Restarted { .. }));
    let second = go_on(&env, &run_of(&first)).unwrap();
    assert_eq!((ends(&second), second.action), (vec!["c1 unreachable".to_owned(), "c2 saved".to_owned()], "restart"));
    assert_eq!(["c1", "c2", "c3"].map(restarted), [false, true, false]);
    let waits = |id: &str| env.journal().unwrap().router_run(&run_of(&applied), id).unwrap().restart_pending;
    assert_eq!(["c1", "c2", "c3"].map(waits), [true, false, true]);
    let again = RerunRequest { run: run_of(&first), options: on_bench(), ..RerunRequest::default() };
    assert_eq!(ends(&run::rerun(&env, &again).unwrap()), ["c1 saved"]);
}

#[test]
fn the_routers_of_a_site_restart_one_after_the_other_and_none_after_one_that_did_not_come_back() {
    let bench = four_with_one_off();
    // Two of them are one clinic.
    let text = fs::read_to_string(bench.path("on.yaml")).unwrap();
    let together = text.replace("  site-c2:\n    routers:\n", "").replace("reload: 3s", "reload: 30s");
    assert_ne!(together, text);
    fs::write(bench.path("on.yaml"), together).unwrap();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let applied = apply(&env, &bench, vlan_book(&bench));
    assert!(applied.result.routers.iter().all(|outcome| outcome.restart_pending), "{applied:?}");
    off(&bench, &["c1"]);
    let budgets = vec!["unreachable=9".to_owned()];
    let rollout = Overrides { concurrency: Some(1), budgets, ..Overrides::default() };
    let request = RestartRequest {
        run: run_of(&applied),
        limit: Some("c[1-3]".to_owned()),
        options: RunOptions { assume_yes: true, rollout, ..on_bench() },
        ..RestartRequest::default()
    };
    let finished = run::restart(&env, &request).unwrap();
    assert_eq!(ends(&finished), ["c1 unreachable", "c2 not-started", "c3 saved"]);
    assert_eq!(finished.result.routers[1].causes[0].code, "site.together");
}
