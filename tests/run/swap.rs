//! A box in another one's place: it gets what the old one ran when it was saved last, its passwords from where they are kept or from a
//! person, and never a hash of the old box.

use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::inventory::ConsoleHere;
use ixdeploy::message::Explain as _;
use ixdeploy::plan::Unreferenced;
use ixdeploy::record::Kind;
use ixdeploy::run::{
    self, ContinueRequest, Continued, Exit, NoOperator, RerunRequest, ResumeRequest, RunOptions, SwapRequest,
};
use ixdeploy::state::State;
use ixdeploy::transaction::RecoveryChoice;
use ixdeploy::transport::ssh::{FirstUse, HostKey, KnownHosts};
use mock_device::{Fault, RouterSpec, Start, TransportSpec, What, When};
use test_support::harness::{Bench, DEVICE_SECRETS, Declared, HostKey as Pin, assert_clean, prepared, router3};

use crate::operator::Scripted;
use crate::{apply, asking_when_lost, bench, end, env, on_bench, one_router, shipped};

const NEW_BOX: &str = "0000000077";
/// What the old box showed as hashes, and no role or login refers to.
const CLERK: &str = "username clerk";
const ACCOUNT: &str = "nm account clinic";

/// An old box whose saved state holds hashes beyond that of the user who logs in; its journal is that of the office.
fn office(more: &str) -> Bench {
    let mut spec = prepared("r3");
    let base = Bench::new(vec![(spec.clone(), router3("r3"))]).running("r3");
    let [_, account, clerk] = DEVICE_SECRETS;
    spec.start = Start::Config(format!(
        "{CLERK} password plain 1 {clerk} monitor\n{ACCOUNT} password plain {account}\n{more}{base}"
    ));
    let office = bench(spec, router3("r3"));
    let applied = apply(&office, &Arc::new(Scripted::default()), shipped());
    assert_eq!(end(&applied).0, State::Saved, "{applied:?}");
    office
}

/// A box from the factory on a console. The inventory still names the one that was there before.
#[cfg(unix)]
fn factory_box(faults: Vec<Fault>) -> Bench {
    let spec = RouterSpec {
        serial_number: Some(NEW_BOX.to_owned()),
        start: Start::FactoryDefault,
        transports: vec![TransportSpec::Serial { baud: None }],
        faults,
        ..prepared("r3")
    };
    bench(spec, Declared { console_login: true, lifeline: None, ..router3("r3") })
}

/// A prepared box with another serial number than the inventory has.
fn prepared_box() -> Bench {
    bench(RouterSpec { serial_number: Some(NEW_BOX.to_owned()), ..prepared("r3") }, router3("r3"))
}

fn request(new: &Bench) -> SwapRequest {
    SwapRequest {
        router: "r3".to_owned(),
        playbook: Some(shipped()),
        inventory: new.path("clinics.yaml"),
        serial_number: Some(NEW_BOX.to_owned()),
        renamed: Vec::new(),
        unreferenced: Unreferenced::Refuse,
        options: on_bench(),
    }
}

fn unasked(new: &Bench) -> SwapRequest {
    SwapRequest { options: RunOptions { assume_yes: true, ..on_bench() }, ..request(new) }
}

fn typed(bench: &Bench, start: &str) -> Vec<String> {
    let lines = bench.events("r3").into_iter().filter_map(|event| match event.what {
        What::Line { line, .. } if line.starts_with(start) => Some(line),
        _ => None,
    });
    lines.collect()
}

/// The same whatever the passwords are.
fn without_hashes(configuration: &str) -> String {
    let word = |word: &str| if word.ends_with('@') { "#".to_owned() } else { word.to_owned() };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    configuration.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(unix)]
#[test]
fn a_factory_box_gets_the_old_state_and_each_password_anew() {
    let (office, new) = (office(""), factory_box(Vec::new()));
    let was = office.running("r3");
    let operator = Arc::new(Scripted::default());
    let finished = run::swap(&env(&office, Arc::clone(&operator) as _), &request(&new)).unwrap();
    assert_eq!((end(&finished).0, finished.exit), (State::Saved, Exit::Done), "{finished:?}");
    let (running, startup) = new.snapshot("r3");
    assert_eq!(running, startup);
    assert_eq!(without_hashes(&running), without_hashes(&was));
    let hashes: Vec<&str> = was.split_whitespace().filter(|word| word.ends_with('@')).collect();
    assert_eq!(hashes.len(), 3, "{was}");
    assert!(hashes.iter().all(|hash| !running.contains(hash)), "no hash is taken over");
    assert_eq!(typed(&new, "username").len() + typed(&new, "nm account").len(), 3);
    let proven = |what: &What| matches!(what, What::Login { user, accepted: true } if user == "admin");
    assert!(new.events("r3").iter().any(|event| proven(&event.what)), "the administrator logged in before the save");
    // The inventory's, the clerk's and the account's, each typed twice.
    assert_eq!(operator.asked().iter().filter(|asked| *asked == "secret").count(), 6, "{:?}", operator.asked());
    let [learned] = finished.learned.as_slice() else { panic!("{finished:?}") };
    assert_eq!(learned.serial_number, NEW_BOX);
    assert_clean("the result", &serde_json::to_string(&finished.result).unwrap());
}

#[cfg(unix)]
#[test]
fn both_boxes_are_recorded_and_what_was_typed_is_sealed_for_a_run_that_dies() {
    let (office, new) = (office(""), factory_box(Vec::new()));
    let env = env(&office, Arc::new(Scripted::default()));
    let (state, run) = end(&run::swap(&env, &unasked(&new)).unwrap());
    assert_eq!(state, State::Saved);
    let (journal, run) = (env.journal().unwrap(), run.unwrap());
    let sealed = journal.sealed_names(&run, "").unwrap();
    assert_eq!(sealed, ["password r3.nm-account-clinic", "password r3.username-clerk"]);
    let replaces = journal.own_records(&run).unwrap().into_iter().find_map(|stored| match stored.record {
        Some(Kind::Begun { policy, .. }) => policy?.replaces,
        _ => None,
    });
    let replaces = replaces.unwrap();
    assert_eq!(replaces.serial_number, Some(prepared("r3").serial()));
    assert!(replaces.playbook.is_some_and(|playbook| playbook.ends_with("online-eligibility.yaml")));
    let saved = journal.last_saved("r3").unwrap().unwrap();
    assert_eq!(saved.identity.serial_number(), NEW_BOX);
}

#[cfg(unix)]
#[test]
fn a_password_without_a_reference_and_without_a_person_stops_the_swap_before_the_box_is_met() {
    let (office, new) = (office(""), factory_box(Vec::new()));
    let error = run::swap(&env(&office, Arc::new(NoOperator)), &unasked(&new)).unwrap_err();
    assert_eq!(error.code(), "secret.prompt-failed");
    assert_eq!(typed(&new, ""), [""; 0], "no box was met");
}

#[cfg(unix)]
#[test]
fn a_declared_password_without_a_value_here_is_asked_for_where_someone_can_be_asked() {
    let (office, new) = (office(""), factory_box(Vec::new()));
    let file = new.path("clinics.yaml");
    let inventory = std::fs::read_to_string(&file).unwrap();
    let declared =
        inventory.replace("credentials:", "credentials:\n  r3.username-clerk: { env: IXDEPLOY_TEST_NOT_SET }");
    assert_ne!(declared, inventory);
    std::fs::write(&file, declared).unwrap();
    let operator = Arc::new(Scripted::default());
    let finished = run::swap(&env(&office, Arc::clone(&operator) as _), &request(&new)).unwrap();
    assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
    assert_eq!(operator.asked().iter().filter(|asked| *asked == "secret").count(), 6, "{:?}", operator.asked());
}

#[cfg(unix)]
#[test]
fn an_administrator_who_cannot_log_in_is_taken_back_with_all_the_rest() {
    let second = "username second password plain 1 first-value administrator\n";
    let line = "username second password plain 1 colleagues-own administrator".to_owned();
    let fault = Fault::ColleagueLines { when: Some(When::matching("^username second")), lines: vec![line] };
    let (office, new) = (office(second), factory_box(vec![fault]));
    let before = new.snapshot("r3");
    let finished = run::swap(&env(&office, Arc::new(Scripted::default())), &request(&new)).unwrap();
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, outcome.causes[0].code.as_str()), (State::Undone, "login.unproven"), "{outcome:?}");
    assert_eq!(new.snapshot("r3"), before, "a factory box again");
}

#[cfg(unix)]
#[test]
fn a_cable_that_slips_out_after_the_passwords_is_come_back_to_with_them() {
    let (office, new) = (office(""), factory_box(vec![Fault::drop_link(When::matching("^bridge irb enable"))]));
    let before = new.snapshot("r3");
    let finished = run::swap(&env(&office, Arc::new(Scripted::default())), &request(&new)).unwrap();
    assert_eq!(end(&finished).0, State::Undone, "{finished:?}");
    assert_eq!(new.snapshot("r3"), before);
}

#[test]
fn over_ssh_the_password_that_the_session_came_in_with_is_the_wanted_one_and_is_not_typed() {
    let (old, new) = (one_router(Vec::new()), prepared_box());
    apply(&old, &Arc::new(Scripted::default()), shipped());
    let finished = run::swap(&env(&old, Arc::new(Scripted::default())), &request(&new)).unwrap();
    assert_eq!((end(&finished).0, finished.exit), (State::Saved, Exit::Done), "{finished:?}");
    assert_eq!(without_hashes(&new.running("r3")), without_hashes(&old.running("r3")));
    assert_eq!(new.running("r3"), new.startup("r3"));
    assert_eq!(typed(&new, "username"), [""; 0]);
    assert_clean("the result", &serde_json::to_string(&finished.result).unwrap());
}

#[test]
fn over_ssh_a_new_box_is_confirmed_by_a_person_and_neither_taken_unasked_nor_with_yes_alone() {
    let (old, new) = (saved_old_box(), prepared_box());
    let before = new.snapshot("r3");
    let unnamed = SwapRequest { serial_number: None, ..request(&new) };
    let wrong = Arc::new(Scripted::typing("0000"));
    let declined = run::swap(&env(&old, Arc::clone(&wrong) as _), &unnamed).unwrap();
    assert_eq!((end(&declined).0, new.snapshot("r3")), (State::Declined, before.clone()));
    assert!(wrong.asked().contains(&"which router is r3".to_owned()), "{:?}", wrong.asked());
    let yes = RunOptions { assume_yes: true, ..on_bench() };
    let unasked = SwapRequest { options: yes, ..unnamed.clone() };
    let error = run::swap(&env(&old, Arc::new(Scripted::default())), &unasked).unwrap_err();
    assert_eq!((error.code(), new.snapshot("r3")), ("swap.which-box", before));
    let finished = run::swap(&env(&old, Arc::new(Scripted::typing("0077"))), &unnamed).unwrap();
    assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
}

#[test]
fn over_ssh_the_box_that_was_there_before_is_recognised_by_what_it_says() {
    let old = saved_old_box();
    let before = old.snapshot("r3");
    let operator = Arc::new(Scripted::default());
    let unnamed = SwapRequest { serial_number: None, ..request(&old) };
    let error = run::swap(&env(&old, Arc::clone(&operator) as _), &unnamed).unwrap_err();
    assert_eq!((error.code(), old.snapshot("r3")), ("swap.same-box", before));
    assert!(!error.text().en.contains(&prepared("r3").serial()), "its end may be asked for next");
}

/// A well-formed host key that is no mock's.
const OLD_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";

/// A new box over SSH, at whose address this machine knows the key of the old one: in this file.
fn at_a_known_address(office: &Bench, faults: Vec<Fault>) -> (Bench, PathBuf) {
    let spec = RouterSpec { serial_number: Some(NEW_BOX.to_owned()), faults, ..prepared("r3") };
    let new = bench(spec, Declared { host_key: Pin::KnownHosts, ..router3("r3") });
    let known = knowing_the_old_key(office, &new);
    (new, known)
}

/// This machine knows the key of the old box at the address of the new one: in this file.
fn knowing_the_old_key(office: &Bench, new: &Bench) -> PathBuf {
    let endpoints = new.mock.endpoints();
    let (host, port) = endpoints.iter().find_map(|end| Some((end.host.clone()?, end.port?))).unwrap();
    let known = office.path("state").join("known_hosts");
    std::fs::write(&known, format!("[{host}]:{port} {OLD_KEY}\n")).unwrap();
    known
}

/// The same request by one who says that the key which the new box shows is right.
fn recording(new: &Bench) -> SwapRequest {
    let mut request = request(new);
    request.options.reach.record_host_keys = true;
    request
}

/// The old box, changed and saved by this machine.
fn saved_old_box() -> Bench {
    let old = one_router(Vec::new());
    apply(&old, &Arc::new(Scripted::default()), shipped());
    old
}

#[test]
fn a_swap_over_ssh_that_is_refused_or_declined_leaves_the_known_host_key_as_it_was() {
    let old = saved_old_box();
    let (new, known) = at_a_known_address(&old, Vec::new());
    let before = std::fs::read_to_string(&known).unwrap();
    let finished = run::swap(&env(&old, Arc::new(Scripted::default())), &request(&new)).unwrap();
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!(outcome.causes[0].code, "ssh.host-key-changed", "no one has said that the new key is right");
    let declined = run::swap(&env(&old, Arc::new(Scripted::refusing())), &recording(&new)).unwrap();
    assert_eq!(end(&declined).0, State::Declined, "{declined:?}");
    let another = SwapRequest { serial_number: Some("0000000078".to_owned()), ..recording(&new) };
    let finished = run::swap(&env(&old, Arc::new(Scripted::default())), &another).unwrap();
    assert_eq!(end(&finished).0, State::Refused, "{finished:?}");
    assert_eq!(std::fs::read_to_string(&known).unwrap(), before);
}

#[test]
fn a_swap_over_ssh_that_was_agreed_to_and_saved_makes_the_new_host_key_the_known_one() {
    for assume_yes in [false, true] {
        let old = saved_old_box();
        let (new, known) = at_a_known_address(&old, Vec::new());
        let mut request = recording(&new);
        request.options.assume_yes = assume_yes;
        let finished = run::swap(&env(&old, Arc::new(Scripted::default())), &request).unwrap();
        assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
        let shown = new.endpoint("r3");
        let known = KnownHosts::new(&known, FirstUse::Refuse);
        let keys = known.keys_of(shown.host.as_deref().unwrap(), shown.port.unwrap()).unwrap();
        assert_eq!(keys.iter().map(HostKey::fingerprint).collect::<Vec<_>>(), [shown.fingerprint.clone().unwrap()]);
    }
}

#[test]
fn a_swap_over_ssh_that_is_undone_brings_the_known_host_key_back() {
    let old = saved_old_box();
    let (new, known) = at_a_known_address(&old, vec![Fault::refuse(When::matching("^ip access-list"))]);
    let before = std::fs::read_to_string(&known).unwrap();
    let finished = run::swap(&env(&old, Arc::new(Scripted::default())), &recording(&new)).unwrap();
    assert_eq!(end(&finished).0, State::Undone, "{finished:?}");
    assert_eq!(std::fs::read_to_string(&known).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_swap_over_a_console_that_another_run_finishes_forgets_the_host_key_of_the_old_box() {
    for (choice, ends) in [(RecoveryChoice::Finish, State::Saved), (RecoveryChoice::Undo, State::Undone)] {
        let office = saved_old_box();
        let spec = RouterSpec {
            serial_number: Some(NEW_BOX.to_owned()),
            start: Start::FactoryDefault,
            transports: vec![TransportSpec::Ssh, TransportSpec::Serial { baud: None }],
            faults: vec![Fault::drop_link(When::matching("^bridge irb enable"))],
            ..prepared("r3")
        };
        let new = bench(spec, Declared { host_key: Pin::KnownHosts, lifeline: None, ..router3("r3") });
        let known = knowing_the_old_key(&office, &new);
        let before = std::fs::read_to_string(&known).unwrap();
        let port = new.mock.endpoints().iter().find_map(|end| end.path.clone()).unwrap();
        let mut options = on_bench();
        options.reach.console = Some(ConsoleHere { port: port.display().to_string(), speed: 9600 });
        let request = SwapRequest {
            playbook: Some(asking_when_lost(&new)),
            options: RunOptions { assume_yes: true, ..options.clone() },
            ..request(&new)
        };
        let lost = run::swap(&env(&office, Arc::new(Scripted::default())), &request).unwrap();
        assert_eq!(end(&lost).0, State::Lost, "{lost:?}");
        assert_eq!(std::fs::read_to_string(&known).unwrap(), before, "the old box may come back");
        let request = ResumeRequest { options, ..ResumeRequest::default() };
        let resumed = run::resume(&env(&office, Arc::new(Scripted::deciding(choice))), &request).unwrap().unwrap();
        assert_eq!(end(&resumed).0, ends, "{resumed:?}");
        let left = std::fs::read_to_string(&known).unwrap();
        assert_eq!(left.contains(OLD_KEY), choice == RecoveryChoice::Undo, "{left}");
    }
}

#[test]
fn over_ssh_no_other_user_is_touched() {
    let (office, new) = (office(""), prepared_box());
    let before = new.snapshot("r3");
    let finished = run::swap(&env(&office, Arc::new(Scripted::default())), &request(&new)).unwrap();
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.state, finished.exit), (State::Refused, Exit::NotDone));
    assert_eq!(outcome.causes[0].code, "lifeline.touched", "{:?}", outcome.causes);
    assert_eq!(new.snapshot("r3"), before, "nothing was written");
}

#[test]
fn a_box_whose_state_no_one_knows_or_without_an_operator_gets_nothing() {
    let new = prepared_box();
    let before = new.snapshot("r3");
    let error = run::swap(&env(&new, Arc::new(Scripted::default())), &request(&new)).unwrap_err();
    assert_eq!(error.code(), "swap.no-state");
    let error = run::swap(&env(&new, Arc::new(NoOperator)), &request(&new)).unwrap_err();
    assert_eq!(error.code(), "apply.nobody-to-ask");
    assert_eq!(new.snapshot("r3"), before);
    assert!(new.events("r3").is_empty(), "no router was met");
}

#[test]
fn the_box_that_was_there_before_takes_no_ones_place() {
    let old = one_router(Vec::new());
    apply(&old, &Arc::new(Scripted::default()), shipped());
    let same = SwapRequest { serial_number: Some(prepared("r3").serial()), ..request(&old) };
    let error = run::swap(&env(&old, Arc::new(Scripted::default())), &same).unwrap_err();
    assert_eq!(error.code(), "swap.same-box");
}

#[cfg(unix)]
#[test]
fn a_swap_that_was_not_begun_goes_on_and_one_that_failed_is_run_again_as_it_was_asked_for() {
    let (office, new) = (office(""), factory_box(Vec::new()));
    let stopped = env(&office, Arc::new(Scripted::default()));
    stopped.cancel.ask();
    let (state, run) = end(&run::swap(&stopped, &unasked(&new)).unwrap());
    assert_eq!(state, State::NotStarted);
    let run = run.unwrap();
    let env = env(&office, Arc::new(Scripted::default()));
    let again = ContinueRequest {
        run: run.clone(),
        serial_number: Some(NEW_BOX.to_owned()),
        options: RunOptions { assume_yes: true, ..RunOptions::default() },
        ..ContinueRequest::default()
    };
    new.mock.inject("r3", Fault::refuse(When::matching("^bridge irb enable"))).unwrap();
    let Continued::Finished(finished) = run::continue_run(&env, &again).unwrap() else { panic!("it goes on here") };
    assert_eq!(end(&finished).0, State::Undone, "{finished:?}");
    let rerun = RerunRequest {
        run,
        serial_number: Some(NEW_BOX.to_owned()),
        options: RunOptions { assume_yes: true, ..on_bench() },
        ..RerunRequest::default()
    };
    let finished = run::rerun(&env, &rerun).unwrap();
    assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
    assert_eq!(without_hashes(&new.running("r3")), without_hashes(&office.running("r3")));
}
