//! The room for the run, used as another program would use it: requests in, results out, an operator who is code. No terminal, no
//! screen, no built program; the mock routers' own files say what happened to them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod again;
mod bake;
mod budgets;
mod checks;
mod control;
mod detached;
mod displays;
mod done_today;
mod going_on;
mod kit;
mod late;
mod line;
mod looks;
mod moved;
mod no_plan;
mod operator;
mod probe;
mod relay;
mod restarting;
mod resuming;
mod review;
mod rotation;
mod saving;
mod stopping;
mod swap;
mod times;
mod unchanged;
mod undone;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ixdeploy::cancel::Cancel;
use ixdeploy::message::Explain as _;
use ixdeploy::record::Readers;
use ixdeploy::run::{
    self, ApplyRequest, BackupRequest, Basis, Exit, FinishedRun, NoOperator, Operator, PlanHash, PlanRequest, Reach,
    RestartRequest, RestoreRequest, ResumeRequest, RunEnv, RunError, RunOptions, Source, UndoRequest, VerifyRequest,
};
use ixdeploy::state::State;
use mock_device::{Fault, RouterSpec, TransportSpec, What};
use operator::Scripted;
use test_support::harness::{Bench, Declared, assert_clean, playbook, prepared, router3};

/// A bench whose administrator's password only the operator knows.
fn bench(spec: RouterSpec, declared: Declared) -> Bench {
    prompting(Bench::new(vec![(spec, declared)]))
}

/// The same of several routers.
fn prompting(bench: Bench) -> Bench {
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let prompted = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: administrator }");
    assert_ne!(prompted, inventory);
    fs::write(bench.path("clinics.yaml"), prompted).unwrap();
    bench
}

fn one_router(faults: Vec<Fault>) -> Bench {
    bench(RouterSpec { faults, ..prepared("r3") }, router3("r3"))
}

fn env(bench: &Bench, operator: Arc<dyn Operator>) -> RunEnv {
    RunEnv::new(bench.path("state"), operator, Readers::default(), Cancel::default())
}

fn on_bench() -> RunOptions {
    RunOptions { on_bench: true, ..RunOptions::default() }
}

fn apply_request(bench: &Bench, source: PathBuf) -> ApplyRequest {
    ApplyRequest {
        source,
        inventory: bench.path("clinics.yaml"),
        limit: None,
        plan_hash: None,
        rest: None,
        left_out: Vec::new(),
        serial_number: None,
        options: on_bench(),
    }
}

fn shipped() -> PathBuf {
    playbook("online-eligibility.yaml").into()
}

fn source(bench: &Bench) -> Source {
    Source { playbook: shipped(), inventory: bench.path("clinics.yaml"), limit: None }
}

/// The only router's state, with the run's name where one was begun.
fn end(finished: &FinishedRun) -> (State, Option<String>) {
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    (outcome.state, finished.result.journalled.as_ref().map(|journalled| journalled.run.clone()))
}

fn apply(bench: &Bench, operator: &Arc<Scripted>, source: PathBuf) -> FinishedRun {
    run::apply(&env(bench, Arc::clone(operator) as _), &apply_request(bench, source)).unwrap()
}

/// The shipped playbook, beside its roles, under which a lost router is left to the operator.
fn asking_when_lost(bench: &Bench) -> PathBuf {
    when_lost(bench, "ask")
}

/// The same with this policy for a lost router.
fn when_lost(bench: &Bench, policy: &str) -> PathBuf {
    let own = bench.path("own.yaml");
    fs::write(&own, fs::read_to_string(shipped()).unwrap() + &format!("lost: {policy}\n")).unwrap();
    copy_folder(Path::new(&playbook("roles")), &bench.path("roles"));
    own
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, copy).unwrap();
        }
    }
}

#[test]
fn apply_shows_the_plans_asks_once_and_returns_the_result() {
    let bench = one_router(Vec::new());
    let before = bench.snapshot("r3");
    let operator = Arc::new(Scripted::default());
    let finished = apply(&bench, &operator, shipped());
    let (state, run) = end(&finished);
    assert_eq!((state, finished.exit), (State::Saved, Exit::Done));
    assert_ne!(bench.snapshot("r3"), before);
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    let asked = operator.asked();
    assert_eq!(asked, ["secret", "review of 1", "change 1 of 1 at 1", &format!("run {}", run.unwrap())]);
    assert_clean("the result", &serde_json::to_string(&finished.result).unwrap());
}

#[test]
fn an_unapproved_plan_changes_nothing() {
    let bench = one_router(Vec::new());
    let before = bench.snapshot("r3");
    let finished = apply(&bench, &Arc::new(Scripted::refusing()), shipped());
    assert_eq!(end(&finished), (State::Declined, None));
    assert_eq!(finished.exit, Exit::NotDone);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn without_an_operator_no_run_that_needs_an_answer_begins() {
    let bench = one_router(Vec::new());
    let before = bench.snapshot("r3");
    let env = env(&bench, Arc::new(NoOperator));
    let refused = |error: RunError| assert_eq!(error.code(), "apply.nobody-to-ask");
    refused(run::apply(&env, &apply_request(&bench, shipped())).unwrap_err());
    assert_eq!(bench.snapshot("r3"), before);
    assert!(bench.events("r3").is_empty(), "no router was met");
    let (_, applied) = end(&apply(&bench, &Arc::new(Scripted::default()), shipped()));
    let applied_state = bench.snapshot("r3");
    refused(run::undo(&env, &UndoRequest { run: applied.unwrap(), ..UndoRequest::default() }).unwrap_err());
    assert_eq!(bench.snapshot("r3"), applied_state, "a run there is, and no one to ask whether it is undone");
}

#[test]
fn a_router_is_restored_from_a_backup_and_a_run_undone() {
    let bench = one_router(Vec::new());
    let before = bench.snapshot("r3");
    let operator = Arc::new(Scripted::default());
    let env = env(&bench, Arc::clone(&operator) as _);
    let backups = tempfile::tempdir().unwrap();
    let request = BackupRequest {
        inventory: bench.path("clinics.yaml"),
        limit: None,
        output: backups.path().to_owned(),
        mask: false,
        reach: Reach::default(),
    };
    let report = run::backup(&env, &request).unwrap();
    assert_eq!(report.exit, Exit::Done);
    assert!(backups.path().join("r3/running.cfg").is_file());

    let (state, first) = end(&run::apply(&env, &apply_request(&bench, shipped())).unwrap());
    assert_eq!(state, State::Saved);
    let undo = UndoRequest { run: first.unwrap(), options: on_bench(), ..UndoRequest::default() };
    assert_eq!(end(&run::undo(&env, &undo).unwrap()).0, State::Saved);
    assert_eq!(bench.snapshot("r3"), before, "the run is undone");

    assert_eq!(end(&run::apply(&env, &apply_request(&bench, shipped())).unwrap()).0, State::Saved);
    let restore = RestoreRequest {
        router: "r3".to_owned(),
        from: Basis::File(backups.path().to_owned()),
        inventory: bench.path("clinics.yaml"),
        replaced: false,
        serial_number: None,
        options: on_bench(),
    };
    assert_eq!(end(&run::restore(&env, &restore).unwrap()).0, State::Saved);
    assert_eq!(bench.snapshot("r3"), before, "the backup runs, and is saved");
}

#[test]
fn a_plan_is_saved_applied_and_verified() {
    let bench = one_router(Vec::new());
    let operator = Arc::new(Scripted::default());
    let env = env(&bench, Arc::clone(&operator) as _);
    let request = PlanRequest { source: source(&bench), from_backup: None, reason: None, options: on_bench() };
    let report = run::plan(&env, &request).unwrap();
    assert_eq!(report.exit, Exit::Differs);
    let file = bench.path("plan.json");
    let sha256 = report.save(&*operator, &file).unwrap();

    let other =
        ApplyRequest { plan_hash: Some(PlanHash::Approved("0".repeat(64))), ..apply_request(&bench, file.clone()) };
    assert_eq!(run::apply(&env, &other).unwrap_err().code(), "plan-file.hash");
    let approved =
        ApplyRequest { plan_hash: Some(PlanHash::Approved(sha256.clone())), ..apply_request(&bench, file.clone()) };
    let finished = run::apply(&env, &approved).unwrap();
    assert_eq!((end(&finished).0, finished.result.plan_sha256), (State::Saved, Some(sha256)));
    assert_clean("the plan file", &fs::read_to_string(file).unwrap());

    let verified = run::verify(&env, &VerifyRequest { source: source(&bench), options: on_bench() }).unwrap();
    assert_eq!(verified.exit, Exit::Done);
    assert!(verified.routers.iter().all(run::VerifyResult::is_verified));
}

/// A role that enters a line which takes effect only after a restart, on this sub-interface; the playbook for it.
fn vlan_book(bench: &Bench, number: u32) -> PathBuf {
    let role = bench.path("roles").join(format!("vlan{number}"));
    fs::create_dir_all(&role).unwrap();
    let described = format!(
        "version: 1\ntitle: {{ en: Vlan, ja: Vlan }}\ndescription: {{ en: A vlan., ja: vlan }}\n\
         owns: [\"interface GigaEthernet1.{number}\"]\ntemplates: [vlan.ix.j2]\n"
    );
    if !role.join("role.yaml").exists() {
        fs::write(role.join("role.yaml"), described).unwrap();
    }
    let lines = format!("interface GigaEthernet1.{number}\n  encapsulation dot1q {number}0\n");
    fs::write(role.join("vlan.ix.j2"), lines).unwrap();
    let book = bench.path(&format!("vlan{number}.yaml"));
    let plays = format!("version: 1\nname: vlan{number}\nplays:\n  - routers: r3\n    roles: [vlan{number}]\n");
    fs::write(&book, plays).unwrap();
    book
}

/// A saved run whose lines wait for a restart; its name.
fn waiting_for_a_restart(bench: &Bench, number: u32) -> String {
    let finished = apply(bench, &Arc::new(Scripted::default()), vlan_book(bench, number));
    let (state, run) = end(&finished);
    assert_eq!((state, finished.result.routers[0].restart_pending), (State::Saved, true));
    run.unwrap()
}

fn restarts(bench: &Bench) -> usize {
    bench.events("r3").iter().filter(|event| matches!(event.what, What::Restarted { .. })).count()
}

/// Whether lines of a run wait for a restart of the router.
fn waits(env: &RunEnv, run: &str) -> bool {
    env.journal().unwrap().router_run(run, "r3").unwrap().restart_pending
}

fn restart_request(run: &str) -> RestartRequest {
    RestartRequest { run: run.to_owned(), options: on_bench(), ..RestartRequest::default() }
}

/// The bench's inventory under another name, with another time to wait for a restart.
fn waiting_at_most(bench: &Bench, seconds: u32) -> PathBuf {
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let other = inventory.replace("reload: 3s", &format!("reload: {seconds}s"));
    assert!(seconds == 3 || other != inventory);
    let path = bench.path(&format!("waiting-{seconds}.yaml"));
    fs::write(&path, other).unwrap();
    path
}

#[test]
fn a_restart_is_asked_for_ordered_once_and_noted_for_the_run_that_waited() {
    let bench = one_router(Vec::new());
    let (first, second) = (waiting_for_a_restart(&bench, 1), waiting_for_a_restart(&bench, 2));
    let before = bench.snapshot("r3");
    let no_one = env(&bench, Arc::new(NoOperator));
    assert_eq!(run::restart(&no_one, &restart_request(&first)).unwrap_err().code(), "apply.nobody-to-ask");
    let refusing = env(&bench, Arc::new(Scripted::refusing()));
    assert_eq!(end(&run::restart(&refusing, &restart_request(&first)).unwrap()), (State::Declined, None));
    assert_eq!(restarts(&bench), 0);

    let operator = Arc::new(Scripted::default());
    let env = env(&bench, Arc::clone(&operator) as _);
    let request = RestartRequest { inventory: Some(waiting_at_most(&bench, 30)), ..restart_request(&first) };
    let finished = run::restart(&env, &request).unwrap();
    let (state, run) = end(&finished);
    assert_eq!((state, finished.exit), (State::Saved, Exit::Done));
    let run = format!("run {}", run.unwrap());
    assert!(operator.asked().starts_with(&["restart 1 at 1".to_owned(), run]), "{:?}", operator.asked());
    assert_eq!((restarts(&bench), bench.snapshot("r3")), (1, before));
    assert_eq!((waits(&env, &first), waits(&env, &second)), (false, true));
    assert_eq!(run::restart(&env, &restart_request(&first)).unwrap_err().code(), "restart.nothing");
}

#[test]
fn a_restart_whose_end_was_not_seen_is_resumed_without_a_second_order_and_noted_for_the_run_that_waited() {
    let mut spec = prepared("r3");
    spec.readings.boot_millis = 3000;
    let bench = bench(spec, router3("r3"));
    let (first, second) = (waiting_for_a_restart(&bench, 1), waiting_for_a_restart(&bench, 2));
    let env = env(&bench, Arc::new(Scripted::default()));
    let impatient = RestartRequest { inventory: Some(waiting_at_most(&bench, 1)), ..restart_request(&second) };
    let finished = run::restart(&env, &impatient).unwrap();
    let (state, run) = end(&finished);
    assert_eq!((state, finished.exit), (State::Lost, Exit::NeedsPerson));
    assert_eq!((waits(&env, &first), waits(&env, &second)), (true, true));

    let inventory = Some(waiting_at_most(&bench, 30));
    let request = ResumeRequest { run, inventory, options: on_bench(), ..ResumeRequest::default() };
    let resumed = run::resume(&env, &request).unwrap().unwrap();
    assert_eq!((end(&resumed).0, resumed.exit), (State::Saved, Exit::Done));
    assert_eq!(restarts(&bench), 1);
    assert_eq!((waits(&env, &first), waits(&env, &second)), (true, false));
}

#[cfg(unix)]
#[test]
fn on_a_console_the_operator_says_which_router_it_is() {
    let console = || {
        let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
        bench(spec, Declared { serial_number: None, console_login: true, lifeline: None, ..router3("r3") })
    };
    let bench = console();
    let before = bench.snapshot("r3");
    let wrong = Arc::new(Scripted::typing("0000"));
    let finished = apply(&bench, &wrong, shipped());
    assert_eq!(end(&finished), (State::Declined, None));
    assert_eq!(
        wrong.asked().iter().filter(|asked| asked.starts_with("which router")).count(),
        2,
        "a slip is no refusal"
    );
    assert_eq!(bench.snapshot("r3"), before);

    let number = RouterSpec::new("r3").serial();
    let right = Arc::new(Scripted::typing(&number[number.len() - 4..]));
    assert_eq!(end(&apply(&bench, &right, shipped())).0, State::Saved);
}
