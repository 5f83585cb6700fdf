//! What is asked before a run is left to a process of its own: what `apply` asks at a terminal, in the same order. Here every question ends
//! with no, so that no process is started.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use ixdeploy::fleet::Earlier;
use ixdeploy::message::Text;
use ixdeploy::record::{CauseRecord, RunId};
use ixdeploy::run::{
    self, AgreedBefore, ApplyRequest, Detach, DetachRequest, Detached, DetachedWork, FinishedRun, PlanRequest,
    RunOptions, Unplanned,
};
use ixdeploy::state::{FailureClass, State};
use mock_device::RouterSpec;
use test_support::harness::{Bench, Declared, prepared, router3};

use crate::again::{ends, naming_book};
use crate::operator::Scripted;
use crate::{apply_request, end, env, on_bench, one_router, prompting, shipped, source};

/// Asks as `apply --detach` does.
fn detach(bench: &Bench, operator: &Arc<Scripted>, apply: ApplyRequest) -> Detach {
    let request = DetachRequest { work: DetachedWork::Apply(apply), at: None, options: Vec::new() };
    run::detach(&env(bench, Arc::clone(operator) as _), &request).unwrap()
}

/// The questions among what was asked and told.
fn questions(operator: &Scripted) -> Vec<String> {
    let is_question = |asked: &String| !asked.starts_with("secret") && !asked.starts_with("review");
    operator.asked().into_iter().filter(is_question).collect()
}

/// The last characters of a mock router's serial number.
fn label(id: &str) -> String {
    let number = RouterSpec::new(id).serial();
    number[number.len() - 4..].to_owned()
}

fn is_declined(end: &Detach) -> bool {
    let Detach::Over(finished) = end else { return false };
    let routers = &finished.result.routers;
    !routers.is_empty() && routers.iter().all(|one| one.state == State::Declined)
}

#[test]
fn whether_config_mode_may_be_taken_is_asked_before_a_router_is_read() {
    let bench = one_router(Vec::new());
    let operator = Arc::new(Scripted::refusing());
    let options = RunOptions { take_over: true, ..on_bench() };
    assert!(is_declined(&detach(&bench, &operator, ApplyRequest { options, ..apply_request(&bench, shipped()) })));
    assert_eq!(operator.asked(), ["take over"]);
    assert!(bench.events("r3").is_empty(), "no router was met");
}

/// Plans of the shipped playbook, kept in a file.
fn kept(bench: &Bench) -> PathBuf {
    let env = env(bench, Arc::new(Scripted::default()));
    let request = PlanRequest { source: source(bench), from_backup: None, reason: None, options: on_bench() };
    let file = bench.path("plan.json");
    run::plan(&env, &request).unwrap().save(&*env.operator, &file).unwrap();
    file
}

#[cfg(unix)]
#[test]
fn which_box_is_on_a_cable_is_asked_for_a_playbook_and_for_a_plan() {
    use mock_device::TransportSpec;

    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    let declared = Declared { serial_number: None, console_login: true, lifeline: None, ..router3("r3") };
    let bench = crate::bench(spec, declared);
    let before = bench.snapshot("r3");
    for of in [shipped(), kept(&bench)] {
        let wrong = Arc::new(Scripted::typing("0000"));
        assert!(is_declined(&detach(&bench, &wrong, apply_request(&bench, of.clone()))));
        assert_eq!(questions(&wrong), ["which router is r3"; 2], "a slip is no refusal");
        let right = Arc::new(Scripted::typing_and_refusing(&label("r3")));
        assert!(is_declined(&detach(&bench, &right, apply_request(&bench, of))));
        assert_eq!(questions(&right), ["which router is r3", "change 1 of 1 at 1"]);
    }
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn another_box_than_the_one_that_was_saved_last_is_asked_about() {
    let undeclared = |id| (prepared(id), Declared { serial_number: None, ..router3(id) });
    let bench = prompting(Bench::new(["r3", "r4"].map(undeclared).into()));
    let only_r3 = || ApplyRequest { limit: Some("r3".to_owned()), ..apply_request(&bench, shipped()) };
    let saved = run::apply(&env(&bench, Arc::new(Scripted::default())), &only_r3()).unwrap();
    assert_eq!(end(&saved).0, State::Saved);
    // Someone put the other box in its place.
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let ways: Vec<&str> = inventory.lines().filter(|line| line.contains("connection:")).collect();
    let swapped = inventory.replacen(ways[0], ways[1], 1);
    fs::write(bench.path("clinics.yaml"), swapped).unwrap();
    let right = Arc::new(Scripted::typing_and_refusing(&label("r4")));
    assert!(is_declined(&detach(&bench, &right, only_r3())));
    assert_eq!(questions(&right), ["which router is r3", "change 1 of 1 at 1"]);
}

#[test]
fn what_was_agreed_to_before_holds_in_the_process_that_carries_it_out() {
    let bench = prompting(Bench::new(["c1", "c2", "c3"].map(|id| (prepared(id), router3(id))).into()));
    let cause =
        CauseRecord { code: "ssh.timeout".to_owned(), text: Text::new("no answer", "応答なし"), hints: Vec::new() };
    let agreed = AgreedBefore {
        boxes: [("c1".to_owned(), "0000000000".to_owned())].into(),
        without: vec![Unplanned {
            router: "c2".to_owned(),
            site: "site-c2".to_owned(),
            state: State::Unreachable,
            cause,
            sent: 0,
            planned: 0,
        }],
        unproven: vec!["c3".to_owned()],
        ..AgreedBefore::default()
    };
    let detached = Detached { run: RunId::new(SystemTime::now()).unwrap(), at: None, plan_sha256: None, agreed };
    let options = RunOptions { assume_yes: true, detached: Some(detached), ..on_bench() };
    let request = ApplyRequest { options, ..apply_request(&bench, shipped()) };
    let finished = run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap();
    assert_eq!(ends(&finished), ["c2 unreachable", "c1 refused"]);
    assert_eq!(finished.result.routers[1].causes[0].code, "identity.wrong-serial-number");
    assert!(["c2", "c3"].iter().all(|id| bench.events(id).is_empty()), "no one asked about them");
}

/// One clinic with two routers, of which one takes no part in a run that is carried out by a process of its own.
fn half_a_clinic(agreed: AgreedBefore) -> FinishedRun {
    let bench = prompting(Bench::new(["c1", "c2"].map(|id| (prepared(id), router3(id))).into()));
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let together = inventory.replace("  site-c2:\n    routers:\n", "");
    assert_ne!(together, inventory);
    fs::write(bench.path("clinics.yaml"), together).unwrap();
    let text = Text::new("no answer", "応答なし");
    let cause = CauseRecord { code: "ssh.timeout".to_owned(), text, hints: Vec::new() };
    let (router, site) = ("c2".to_owned(), "site-c1".to_owned());
    let without = vec![Unplanned { router, site, state: State::Unreachable, cause, sent: 0, planned: 0 }];
    let agreed = AgreedBefore { without, ..agreed };
    let detached = Detached { run: RunId::new(SystemTime::now()).unwrap(), at: None, plan_sha256: None, agreed };
    let options = RunOptions { assume_yes: true, detached: Some(detached), ..on_bench() };
    let request = ApplyRequest { options, ..apply_request(&bench, naming_book(&bench)) };
    run::apply(&env(&bench, Arc::new(Scripted::default())), &request).unwrap()
}

#[test]
fn which_routers_of_a_site_keep_others_back_was_decided_where_they_were_read() {
    // They share a console, so that each is a transaction of its own: the other one was asked about, and agreed to.
    let reviewed = half_a_clinic(AgreedBefore { is_reviewed: true, ..AgreedBefore::default() });
    assert_eq!(ends(&reviewed), ["c2 unreachable", "c1 saved"]);
    let unread = half_a_clinic(AgreedBefore::default());
    assert_eq!(ends(&unread), ["c2 unreachable", "c1 not-started"], "a plan that was only named says nothing of that");
}

#[test]
fn what_had_failed_when_a_person_was_asked_counts_in_the_process_that_carries_the_run_out() {
    let earlier = vec![Earlier { class: FailureClass::Drifted, step: None, groups: Vec::new() }];
    let finished = half_a_clinic(AgreedBefore { is_reviewed: true, earlier, ..AgreedBefore::default() });
    assert_eq!(ends(&finished), ["c2 unreachable", "c1 not-started"]);
    let cause = finished.result.routers.iter().find(|one| one.router == "c1").unwrap().causes[0].code.clone();
    assert_eq!(cause, "run.not-started", "one failure is what the run may have");
}

#[test]
fn a_run_that_writes_nothing_ends_here_whatever_the_windows_say() {
    let bench = one_router(Vec::new());
    assert_eq!(
        end(&run::apply(&env(&bench, Arc::new(Scripted::default())), &apply_request(&bench, shipped())).unwrap()).0,
        State::Saved
    );
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let closed = inventory.replace("  site-r3:\n", "  site-r3:\n    opening: daily 00:00-24:00\n");
    assert_ne!(closed, inventory);
    fs::write(bench.path("clinics.yaml"), closed).unwrap();
    for assume_yes in [false, true] {
        let operator = Arc::new(Scripted::refusing());
        let options =
            RunOptions { assume_yes, line_pending: Some("opens on Friday".to_owned()), ..RunOptions::default() };
        let Detach::Over(finished) =
            detach(&bench, &operator, ApplyRequest { options, ..apply_request(&bench, shipped()) })
        else {
            panic!("no process is needed")
        };
        assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
        assert!(end(&finished).1.is_some(), "it is a run of the journal");
        assert!(questions(&operator).iter().all(|asked| asked.starts_with("run ")), "{:?}", operator.asked());
    }
}
