//! Runs in which no one is asked in between: each router is read when its turn comes, and changed in the same session, or held.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::run::{
    self, ApplyRequest, BackupRequest, Exit, FinishedRun, PlanRequest, Reach, RunOptions, Source, UndoRequest,
};
use ixdeploy::state::{FailureClass, State};
use mock_device::{Fault, RouterSpec, TransportSpec, What, When};
use test_support::harness::{Bench, Declared, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, apply_request, bench, end, env, on_bench, one_router, prompting, shipped, source};

fn unasked() -> RunOptions {
    RunOptions { assume_yes: true, ..on_bench() }
}

fn late_request(bench: &Bench, source: PathBuf) -> ApplyRequest {
    ApplyRequest { options: unasked(), ..apply_request(bench, source) }
}

/// `apply --yes`.
fn apply_late(bench: &Bench, operator: &Arc<Scripted>, source: PathBuf) -> FinishedRun {
    run::apply(&env(bench, Arc::clone(operator) as _), &late_request(bench, source)).unwrap()
}

/// The shipped playbook under these limits.
fn limited(bench: &Bench, concurrency: usize, max_failures: usize) -> PathBuf {
    let own = bench.path("limited.yaml");
    let book = fs::read_to_string(shipped()).unwrap();
    let (head, _) = book.split_once("rollout:").unwrap();
    let rollout = format!("rollout: {{ concurrency: {concurrency}, max_failures: {max_failures} }}\n");
    fs::write(&own, format!("{head}{rollout}")).unwrap();
    crate::copy_folder(std::path::Path::new(&test_support::harness::playbook("roles")), &bench.path("roles"));
    own
}

/// Logins that a router accepted, and how often a session has taken its config mode.
fn visits(bench: &Bench, id: &str) -> (usize, usize) {
    let events = bench.events(id);
    let logins = events.iter().filter(|event| matches!(event.what, What::Login { accepted: true, .. })).count();
    let locks = events.iter().filter(|event| matches!(event.what, What::Lock { holder: Some(_) })).count();
    (logins, locks)
}

/// The lines that were typed in config mode, but for those that look, set up and leave.
fn changes(bench: &Bench, id: &str) -> Vec<String> {
    let others = ["show", "!", "terminal", "configure", "exit", "no event-terminal"];
    let change = |what: What| match what {
        What::Line { mode, line, .. } => {
            Some(line).filter(|line| !mode.is_empty() && !others.iter().any(|other| line.starts_with(other)))
        }
        _ => None,
    };
    bench.events(id).into_iter().filter_map(|event| change(event.what)).collect()
}

fn states(finished: &FinishedRun) -> Vec<(&str, State)> {
    finished.result.routers.iter().map(|outcome| (outcome.router.as_str(), outcome.state)).collect()
}

fn in_one_session(bench: &Bench) {
    let operator = Arc::new(Scripted::default());
    let finished = apply_late(bench, &operator, shipped());
    let (state, run) = end(&finished);
    assert_eq!((state, finished.exit), (State::Saved, Exit::Done), "{finished:?}");
    assert_eq!(visits(bench, "r3"), (1, 1), "read, planned, changed and saved in one session, under one lock");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    let planned = finished.result.routers[0].planned;
    let told = [format!("run {}", run.unwrap()), "secret".to_owned(), format!("late plan of r3: {planned} lines")];
    assert_eq!(operator.asked(), told, "the plan was shown, and no one was asked");
}

#[test]
fn with_yes_a_router_is_read_planned_changed_and_saved_in_one_session() {
    in_one_session(&one_router(Vec::new()));
}

/// A colleague takes config mode from us while we read, and keeps it.
#[test]
fn a_router_whose_config_mode_is_taken_while_it_is_read_late_is_occupied() {
    let taken = Fault::LockTaken { when: When::matching("^show running-config"), kept: true };
    let bench = one_router(vec![taken]);
    let before = bench.snapshot("r3");
    let finished = apply_late(&bench, &Arc::new(Scripted::default()), shipped());
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Occupied, Exit::NotDone), "{outcome:?}");
    assert_eq!(outcome.failure_class(), Some(FailureClass::Occupied));
    // It is seen at once, or when config mode is asked for again.
    assert!(["session.evicted", "session.occupied"].contains(&outcome.causes[0].code.as_str()), "{outcome:?}");
    assert_eq!(bench.snapshot("r3"), before);
}

/// The same before the question, at the last line that is read: our own way out of config mode would end the session.
#[test]
fn a_router_whose_config_mode_is_taken_while_it_is_read_before_the_question_is_occupied() {
    for line in ["^show running-config", "^show startup-config"] {
        let bench = one_router(vec![Fault::LockTaken { when: When::matching(line), kept: true }]);
        let before = bench.snapshot("r3");
        let finished = apply(&bench, &Arc::new(Scripted::default()), shipped());
        let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
        assert_eq!((outcome.state, finished.exit), (State::Occupied, Exit::NotDone), "{line}: {outcome:?}");
        assert!(["session.evicted", "session.occupied"].contains(&outcome.causes[0].code.as_str()), "{outcome:?}");
        assert_eq!(bench.snapshot("r3"), before);
    }
}

#[cfg(unix)]
#[test]
fn with_yes_that_holds_on_a_console_too() {
    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    in_one_session(&bench(spec, Declared { console_login: true, lifeline: None, ..router3("r3") }));
}

#[test]
fn an_undo_that_no_one_is_asked_about_is_one_session_too() {
    let bench = one_router(Vec::new());
    let before = bench.snapshot("r3");
    let run = end(&apply_late(&bench, &Arc::new(Scripted::default()), shipped())).1.unwrap();
    let undo = UndoRequest { run, options: unasked(), ..UndoRequest::default() };
    let finished = run::undo(&env(&bench, Arc::new(Scripted::default())), &undo).unwrap();
    assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
    assert_eq!((visits(&bench, "r3"), bench.snapshot("r3")), ((2, 2), before));
}

/// A role that owns the clock's lines, and the playbook that gives it to these routers.
fn clock_book(bench: &Bench, name: &str, routers: &str, lines: &str) -> PathBuf {
    own_book(bench, name, routers, "ntp", lines)
}

/// A role that owns these lines, and the playbook that gives it to these routers.
fn own_book(bench: &Bench, name: &str, routers: &str, owns: &str, lines: &str) -> PathBuf {
    let role = bench.path("roles").join(name);
    fs::create_dir_all(&role).unwrap();
    let described = format!(
        "version: 1\ntitle: {{ en: Clock, ja: Clock }}\ndescription: {{ en: Clock., ja: Clock }}\n\
         owns: [{owns}]\ntemplates: [lines.ix.j2]\n"
    );
    fs::write(role.join("role.yaml"), described).unwrap();
    fs::write(role.join("lines.ix.j2"), lines).unwrap();
    let book = bench.path(&format!("{name}.yaml"));
    let plays = format!(
        "version: 1\nname: {name}\nplays:\n  - routers: {routers}\n    roles: [{name}]\n\
         rollout: {{ concurrency: 8, max_failures: 2 }}\n"
    );
    fs::write(&book, plays).unwrap();
    book
}

/// Plans of a playbook, kept in a file.
fn kept(bench: &Bench, playbook: PathBuf) -> PathBuf {
    let operator = Arc::new(Scripted::default());
    let source = Source { playbook, ..source(bench) };
    let request = PlanRequest { source, from_backup: None, reason: None, options: on_bench() };
    let report = run::plan(&env(bench, Arc::clone(&operator) as _), &request).unwrap();
    let file = bench.path("plan.json");
    report.save(&*operator, &file).unwrap();
    file
}

#[test]
fn a_router_whose_late_plan_is_another_than_the_reviewed_one_is_held_and_the_difference_shown() {
    let bench = prompting(Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("r4"), router3("r4"))]));
    let file = kept(&bench, clock_book(&bench, "wanted", "\"*\"", "ntp ip enable\nntp interval 600\n"));
    // Someone changes one of them since, in what the plan is about.
    let other = clock_book(&bench, "other", "r3", "ntp ip enable\nntp interval 900\n");
    assert_eq!(states(&apply_late(&bench, &Arc::new(Scripted::default()), other)), [("r3", State::Saved)]);
    let (changed, before) = (bench.snapshot("r3"), bench.snapshot("r4"));
    let lines = changes(&bench, "r3");
    let finished = apply_late(&bench, &Arc::new(Scripted::default()), file);
    assert_eq!(states(&finished), [("r3", State::Drifted), ("r4", State::Saved)], "{finished:?}");
    let cause = &finished.result.routers[0].causes[0];
    assert_eq!(cause.code, "router.drifted");
    assert!(cause.text.en.contains("+ntp interval 900"), "{}", cause.text.en);
    assert_eq!((bench.snapshot("r3"), changes(&bench, "r3")), (changed, lines), "nothing was written");
    assert_ne!(bench.snapshot("r4"), before, "the others go on");
}

#[test]
fn what_has_nothing_to_do_with_the_approved_change_leaves_it_approved_and_another_undo_does_not() {
    let ids = ["r3", "r4"];
    let bench = prompting(Bench::new(ids.map(|id| (prepared(id), router3(id))).into()));
    let file = kept(&bench, clock_book(&bench, "wanted", "\"*\"", "ntp ip enable\nntp interval 600\n"));
    // On one of them someone saves what the plan is not about, on the other one what its undo would have to bring back.
    let unrelated = own_book(&bench, "unrelated", "r3", "logging buffered", "logging buffered 4096\n");
    let undone = clock_book(&bench, "undone", "r4", "ntp interval 900\n");
    for book in [unrelated, undone] {
        let between = apply_late(&bench, &Arc::new(Scripted::default()), book);
        assert_eq!(end(&between).0, State::Saved, "{between:?}");
    }
    let before = bench.snapshot("r4");
    let finished = apply_late(&bench, &Arc::new(Scripted::default()), file);
    assert_eq!(states(&finished), [("r3", State::Saved), ("r4", State::Drifted)], "{finished:?}");
    let running = bench.running("r3");
    for line in ["ntp interval 600", "logging buffered 4096"] {
        assert!(running.contains(line), "{running}");
    }
    let cause = &finished.result.routers[1].causes[0];
    assert!(cause.code == "router.drifted" && cause.text.en.contains("+ntp interval 900"), "{}", cause.text.en);
    assert_eq!(bench.snapshot("r4"), before, "nothing was written");
}

#[test]
fn a_plan_from_a_backup_approves_nothing_but_itself() {
    let ids = ["r3", "r4"];
    let bench = prompting(Bench::new(ids.map(|id| (prepared(id), router3(id))).into()));
    let backup = bench.path("backup");
    let request = BackupRequest {
        inventory: bench.path("clinics.yaml"),
        limit: None,
        output: backup.clone(),
        mask: false,
        reach: Reach::default(),
    };
    let operator = Arc::new(Scripted::default());
    let env = env(&bench, Arc::clone(&operator) as _);
    assert_eq!(run::backup(&env, &request).unwrap().exit, Exit::Done);
    let playbook = clock_book(&bench, "wanted", "\"*\"", "ntp ip enable\nntp interval 600\n");
    let source = Source { playbook, ..source(&bench) };
    let plan = PlanRequest { source, from_backup: Some(backup), reason: None, options: on_bench() };
    let file = bench.path("plan.json");
    run::plan(&env, &plan).unwrap().save(&*operator, &file).unwrap();
    // Since the backup someone saves on one of them what the plan is not about: by its class it would be changed all the same.
    let unrelated = own_book(&bench, "unrelated", "r3", "logging buffered", "logging buffered 4096\n");
    assert_eq!(end(&apply_late(&bench, &operator, unrelated)).0, State::Saved);
    let before = bench.snapshot("r3");
    let finished = apply_late(&bench, &operator, file);
    assert_eq!(states(&finished), [("r3", State::Drifted), ("r4", State::Saved)], "{finished:?}");
    assert_eq!(bench.snapshot("r3"), before, "nothing was written");
}

#[test]
fn a_router_without_a_backup_is_without_a_plan_and_the_others_are_planned() {
    let bench = prompting(Bench::new(["r3", "r4"].map(|id| (prepared(id), router3(id))).into()));
    let running = |id: &str| bench.path(&format!("backups/{id}/running.cfg"));
    let request = |folder: &str| PlanRequest {
        source: Source { playbook: clock_book(&bench, "wanted", "\"*\"", "ntp ip enable\n"), ..source(&bench) },
        from_backup: Some(bench.path(folder)),
        reason: None,
        options: on_bench(),
    };
    fs::create_dir_all(running("r3").parent().unwrap()).unwrap();
    fs::write(running("r3"), bench.snapshot("r3").0).unwrap();
    let env = env(&bench, Arc::new(Scripted::default()) as _);
    let report = run::plan(&env, &request("backups")).unwrap();
    let without: Vec<_> = report.file.unplanned.iter().map(|one| (&*one.router, &*one.cause.code)).collect();
    assert_eq!((report.file.routers.len(), without), (1, vec![("r4", "backup.none")]));
    assert_eq!(report.exit, Exit::NotDone, "not all of them are planned");
    // With a file of none of them it is the wrong folder.
    fs::create_dir(bench.path("empty")).unwrap();
    let error = format!("{:?}", run::plan(&env, &request("empty")).err());
    assert_eq!(error.matches("NoneOfRouter").count(), 2, "{error}");
}

#[test]
fn a_router_that_already_is_as_the_reviewed_plan_wants_it_is_done() {
    let bench = one_router(Vec::new());
    let file = kept(&bench, shipped());
    let first = apply_late(&bench, &Arc::new(Scripted::default()), file.clone());
    assert_eq!((end(&first).0, visits(&bench, "r3")), (State::Saved, (2, 2)), "one session to plan, one to change");
    // What the file shows is not shown once more.
    let before = bench.snapshot("r3");
    let operator = Arc::new(Scripted::default());
    let again = apply_late(&bench, &operator, file);
    assert_eq!((end(&again).0, again.result.routers[0].sent, again.exit), (State::Saved, 0, Exit::Done));
    assert_eq!((bench.snapshot("r3"), visits(&bench, "r3")), (before, (3, 3)));
    assert_eq!(operator.asked()[0], "reviewed before", "the plans of the file are not shown once more");
    assert!(operator.asked().contains(&"late plan of r3: 0 lines".to_owned()), "{:?}", operator.asked());
}

#[test]
fn a_box_that_answers_under_two_names_is_changed_under_one_of_them_alone() {
    let transports = vec![TransportSpec::Ssh, TransportSpec::Telnet];
    let undeclared = Declared {
        serial_number: None,
        deadlines: "{ connect: 10s, command: 10s, lock: 60s, reload: 3s }",
        ..router3("r3")
    };
    let bench = bench(RouterSpec { transports, ..prepared("r3") }, undeclared);
    let telnet = bench.mock.endpoints().iter().find(|end| end.transport == "telnet").unwrap().port.unwrap();
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let (head, router) = inventory.split_once("  site-r3:").unwrap();
    let (before, rest) = router.split_once("connection: ").unwrap();
    let rest = rest.split_once('\n').unwrap().1;
    let way = format!(
        "{{ telnet: {{ host: 127.0.0.1, port: {telnet}, login: {{ user: admin, password: admin-password }} }} }}"
    );
    let twin = format!("  site-twin:{}connection: {way}\n{rest}", before.replace("      r3:", "      twin:"));
    fs::write(bench.path("clinics.yaml"), format!("{head}  site-r3:{router}{twin}")).unwrap();
    let book = clock_book(&bench, "clock", "\"*\"", "ntp ip enable\n");
    let finished = apply_late(&bench, &Arc::new(Scripted::default()), book);
    let mut ends = states(&finished);
    ends.sort_by_key(|(_, state)| *state);
    assert_eq!(
        ends.iter().map(|(_, state)| *state).collect::<Vec<_>>(),
        [State::Saved, State::Refused],
        "{finished:?}"
    );
    let refused = finished.result.routers.iter().find(|outcome| outcome.state == State::Refused).unwrap();
    assert_eq!(refused.causes[0].code, "identity.same-box", "{refused:?}");
    let changes = bench.events("r3").iter().filter(|event| matches!(event.what, What::Saved { .. })).count();
    assert_eq!(changes, 1);
}

#[test]
fn no_router_of_a_site_is_written_to_before_all_of_it_are_read_and_planned() {
    let unsaved = RouterSpec {
        faults: vec![Fault::ColleagueLines { when: None, lines: vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()] }],
        ..prepared("b3")
    };
    let bench = prompting(Bench::new(vec![(prepared("a3"), router3("a3")), (unsaved, router3("b3"))]));
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(bench.path("clinics.yaml"), inventory.replace("  site-b3:\n    routers:\n", "")).unwrap();
    let finished = apply_late(&bench, &Arc::new(Scripted::default()), limited(&bench, 8, 8));
    assert_eq!(states(&finished), [("a3", State::NotStarted), ("b3", State::Refused)], "{finished:?}");
    assert_eq!(finished.result.routers[0].causes[0].code, "site.together");
    assert_eq!([changes(&bench, "a3"), changes(&bench, "b3")], [[""; 0]; 2], "nothing was written");
}

#[test]
fn a_plan_without_one_router_of_a_site_changes_none_of_it_unless_the_other_alone_is_meant() {
    let lines = vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()];
    let unsaved = RouterSpec { faults: vec![Fault::ColleagueLines { when: None, lines }], ..prepared("b3") };
    let bench = prompting(Bench::new(vec![(prepared("a3"), router3("a3")), (unsaved, router3("b3"))]));
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(bench.path("clinics.yaml"), inventory.replace("  site-b3:\n    routers:\n", "")).unwrap();
    let file = kept(&bench, shipped());
    let before = bench.snapshot("a3");
    let operator = Arc::new(Scripted::default());
    for finished in [apply_late(&bench, &operator, file.clone()), apply(&bench, &operator, file.clone())] {
        let mut ends = states(&finished);
        ends.sort_unstable();
        assert_eq!(ends, [("a3", State::NotStarted), ("b3", State::Refused)], "{finished:?}");
        assert_eq!(bench.snapshot("a3"), before);
    }
    let alone = ApplyRequest { limit: Some("a3".to_owned()), ..late_request(&bench, file) };
    let finished = run::apply(&env(&bench, operator), &alone).unwrap();
    assert_eq!(states(&finished), [("a3", State::Saved)], "{finished:?}");
}

#[test]
fn a_router_that_cannot_be_read_counts_when_its_turn_comes() {
    let routers = ["a3", "b3", "c3"].map(|id| {
        let faults = if id == "b3" { vec![Fault::Monitor] } else { Vec::new() };
        (RouterSpec { faults, ..prepared(id) }, router3(id))
    });
    let bench = prompting(Bench::new(routers.into()));
    let finished = apply_late(&bench, &Arc::new(Scripted::default()), limited(&bench, 1, 1));
    assert_eq!(
        states(&finished),
        [("a3", State::Saved), ("b3", State::Refused), ("c3", State::NotStarted)],
        "{finished:?}"
    );
    assert!(bench.events("c3").is_empty(), "not even met");
}

#[test]
fn where_a_person_is_asked_every_router_is_read_before_the_question() {
    let bench = one_router(Vec::new());
    let finished = apply(&bench, &Arc::new(Scripted::default()), shipped());
    assert_eq!((end(&finished).0, visits(&bench, "r3")), (State::Saved, (2, 2)));
}
