//! A run that had stopped goes on: with what it never began, under its own name, whatever its command was.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use ixdeploy::cancel::Cancel;
use ixdeploy::message::Explain as _;
use ixdeploy::record::{Envelope, Kind, Reader, Readers};
use ixdeploy::run::{
    self, ApplyRequest, Basis, ContinueRequest, Exit, FinishedRun, Overrides, RerunRequest, RestartRequest,
    RestoreRequest, RunEnv, RunOptions, UndoRequest,
};
use mock_device::{Fault, What, When};
use test_support::harness::{Bench, HostKey, prepared, router3};

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

/// Notes the claim of each router's records.
#[derive(Default)]
struct Claims(Mutex<BTreeMap<String, BTreeSet<u64>>>);

impl Reader for Claims {
    fn read(&self, envelope: &Envelope) {
        if let (Some(router), Some(fence)) = (envelope.router(), envelope.fence) {
            self.0.lock().unwrap().entry(router.to_owned()).or_default().insert(fence);
        }
    }
}

#[test]
fn what_a_run_does_after_it_went_on_is_of_a_newer_claim() {
    let bench = four_with_one_off();
    off(&bench, &["c2"]);
    let claims = || {
        let claims = Arc::new(Claims::default());
        let readers = Readers::new(vec![Box::new(Arc::clone(&claims))]);
        let env = RunEnv::new(bench.path("state"), Arc::new(Scripted::default()), readers, Cancel::default());
        (claims, env)
    };
    let (before, first) = claims();
    let first = apply(&first, &bench, naming_book(&bench));
    assert_eq!(ends(&first), ["c1 saved", "c2 unreachable", "c3 not-started", "c4 not-started"]);
    assert_eq!(before.0.lock().unwrap()["c1"], BTreeSet::from([1]));
    let (after, second) = claims();
    assert_eq!(ends(&go_on(&second, &run_of(&first)).unwrap())[2..], ["c3 saved", "c4 saved"]);
    for router in ["c3", "c4"] {
        assert!(after.0.lock().unwrap()[router].iter().all(|claim| *claim > 1), "{router}: {:?}", after.0);
    }
}

/// A playbook whose line takes effect only after a restart.
pub fn vlan_book(bench: &Bench) -> PathBuf {
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

/// The same surroundings where someone has asked to stop: what begins ends with every router not begun.
fn stopped(bench: &Bench) -> RunEnv {
    let env = env(bench, Arc::new(Scripted::default()));
    env.cancel.ask();
    env
}

#[test]
fn what_another_run_has_restarted_since_is_done_and_is_said_to_be() {
    let bench = four_with_one_off();
    let text = fs::read_to_string(bench.path("on.yaml")).unwrap();
    fs::write(bench.path("on.yaml"), text.replace("reload: 3s", "reload: 30s")).unwrap();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let applied = apply(&env, &bench, vlan_book(&bench));
    let restart = |limit: &str| RestartRequest {
        run: run_of(&applied),
        limit: Some(limit.to_owned()),
        options: RunOptions { assume_yes: true, ..on_bench() },
        ..RestartRequest::default()
    };
    let first = run::restart(&stopped(&bench), &restart("c[1-2]")).unwrap();
    assert_eq!(ends(&first), ["c1 not-started", "c2 not-started"]);
    assert_eq!(ends(&run::restart(&env, &restart("c1")).unwrap()), ["c1 saved"]);
    let restarts = |id: &str| {
        let events = bench.events(id);
        events.iter().filter(|event| matches!(event.what, What::Restarted { .. })).count()
    };
    // One is left, and the other one is done without a second restart.
    let second = go_on(&env, &run_of(&first)).unwrap();
    assert_eq!((ends(&second), second.exit), (vec!["c1 saved".to_owned(), "c2 saved".to_owned()], Exit::Done));
    let codes = |finished: &FinishedRun| -> Vec<String> {
        finished.result.routers.iter().flat_map(|one| &one.causes).map(|cause| cause.code.clone()).collect()
    };
    assert_eq!((codes(&second), ["c1", "c2"].map(restarts)), (vec!["restart.elsewhere".to_owned()], [1, 1]));

    let third = run::restart(&stopped(&bench), &restart("c[3-4]")).unwrap();
    assert_eq!(ends(&run::restart(&env, &restart("c[3-4]")).unwrap()), ["c3 saved", "c4 saved"]);
    // Nothing is left: that is said, and nothing is asked.
    let asked = Arc::new(Scripted::refusing());
    let fourth = go_on_within(&crate::env(&bench, Arc::clone(&asked) as _), &run_of(&third), on_bench()).unwrap();
    assert_eq!((codes(&fourth), fourth.exit), (vec!["restart.elsewhere".to_owned(); 2], Exit::Done));
    assert_eq!((asked.asked(), ["c3", "c4"].map(restarts)), (Vec::new(), [1, 1]));
    let shown = env.journal().unwrap().records(&run_of(&third)).unwrap();
    assert_eq!(ixdeploy::record::RunResult::of(&shown).exit, Some(0), "it is recorded, too");
    assert_eq!(go_on(&env, &run_of(&third)).unwrap_err(), "continue.nothing");
}

#[test]
fn a_restart_that_is_run_again_says_which_routers_another_run_has_restarted_since() {
    let bench = four_with_one_off();
    let text = fs::read_to_string(bench.path("on.yaml")).unwrap();
    fs::write(bench.path("on.yaml"), text.replace("reload: 3s", "reload: 30s")).unwrap();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let applied = apply(&env, &bench, vlan_book(&bench));
    let restart = |limit: &str| RestartRequest {
        run: run_of(&applied),
        limit: Some(limit.to_owned()),
        options: RunOptions { assume_yes: true, ..on_bench() },
        ..RestartRequest::default()
    };
    let first = run::restart(&stopped(&bench), &restart("c[1-2]")).unwrap();
    assert_eq!(ends(&first), ["c1 not-started", "c2 not-started"]);
    assert_eq!(ends(&run::restart(&env, &restart("c[1-2]")).unwrap()), ["c1 saved", "c2 saved"]);
    let asked = Arc::new(Scripted::refusing());
    let again = RerunRequest { run: run_of(&first), options: on_bench(), ..RerunRequest::default() };
    let second = run::rerun(&crate::env(&bench, Arc::clone(&asked) as _), &again).unwrap();
    assert_eq!((ends(&second), second.exit), (vec!["c1 saved".to_owned(), "c2 saved".to_owned()], Exit::Done));
    let codes = second.result.routers.iter().map(|outcome| outcome.causes[0].code.as_str());
    assert_eq!(codes.collect::<Vec<_>>(), ["restart.elsewhere"; 2]);
    assert_eq!(asked.asked(), [""; 0], "nothing is left to be asked about");
}

#[test]
fn a_restore_goes_on_from_the_run_that_was_recorded() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let book = naming_book(&bench);
    let one = |book: &PathBuf| ApplyRequest {
        limit: Some("c1".to_owned()),
        options: until_one_is_off(),
        ..apply_request(&bench, book.clone())
    };
    let night = run::apply(&env, &one(&book)).unwrap();
    fs::write(bench.path("roles/naming/name.ix.j2"), "hostname {{ router.name }}-day\n").unwrap();
    assert_eq!(ends(&run::apply(&env, &one(&book)).unwrap()), ["c1 saved"]);
    let restore = RestoreRequest {
        router: "c1".to_owned(),
        from: Basis::Run(run_of(&night)),
        inventory: bench.path("clinics.yaml"),
        replaced: false,
        serial_number: None,
        options: RunOptions { assume_yes: true, ..on_bench() },
    };
    let first = run::restore(&stopped(&bench), &restore).unwrap();
    assert_eq!(ends(&first), ["c1 not-started"]);
    assert!(bench.running("c1").contains("hostname c1-day"));
    assert_eq!(ends(&go_on(&env, &run_of(&first)).unwrap()), ["c1 saved"]);
    assert!(bench.running("c1").contains("hostname c1-night"));
}

#[test]
fn a_host_key_that_was_to_be_trusted_anew_is_not_when_a_restore_goes_on_or_is_run_again() {
    let mut bench = Bench::new(vec![(prepared("c1"), router3("c1"))]);
    bench.declare(|router| router.host_key = HostKey::KnownHosts);
    let bench = crate::prompting(bench);
    let backup = bench.path("c1.cfg");
    fs::write(&backup, bench.running("c1")).unwrap();
    let restore = RestoreRequest {
        router: "c1".to_owned(),
        from: Basis::File(backup),
        inventory: bench.path("clinics.yaml"),
        replaced: true,
        serial_number: None,
        options: RunOptions { assume_yes: true, ..on_bench() },
    };
    let first = run::restore(&stopped(&bench), &restore).unwrap();
    assert_eq!(ends(&first), ["c1 not-started"]);
    let env = env(&bench, Arc::new(Scripted::default()));
    let begun = env.journal().unwrap().own_records(&run_of(&first)).unwrap();
    // That the box is another one is on record, for what is to be forgotten of the old one; no key is trusted by that.
    let is_recorded = |kind: &Kind| matches!(kind, Kind::Begun { policy: Some(policy), .. } if policy.replaced);
    assert!(begun.iter().filter_map(|stored| stored.record.as_ref()).any(is_recorded));
    let again = RerunRequest { run: run_of(&first), options: restore.options.clone(), ..RerunRequest::default() };
    for finished in [run::rerun(&env, &again).unwrap(), go_on(&env, &run_of(&first)).unwrap()] {
        let code = finished.result.routers[0].causes[0].code.as_str();
        assert_eq!((ends(&finished), code), (vec!["c1 refused".to_owned()], "ssh.host-key-unknown"));
    }
}

#[test]
fn a_recovery_that_was_declined_keeps_its_outcome_and_needs_a_person() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let book = naming_book(&bench);
    fs::write(&book, fs::read_to_string(&book).unwrap() + "lost: ask\n").unwrap();
    bench.mock.inject("c1", Fault::drop_link(When::matching("^hostname"))).unwrap();
    let env = env(&bench, Arc::new(Scripted::default()));
    let first = apply(&env, &bench, book);
    assert_eq!(ends(&first), ["c1 lost", "c2 not-started", "c3 not-started", "c4 not-started"]);
    let asked = Arc::new(Scripted::refusing());
    let second = go_on_within(&crate::env(&bench, Arc::clone(&asked) as _), &run_of(&first), on_bench()).unwrap();
    assert_eq!(asked.asked(), ["recover 1", "go on with 3 after 1, 1 failed"]);
    assert_eq!((ends(&second), second.exit), (ends(&first), Exit::NeedsPerson));
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
