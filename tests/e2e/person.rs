//! The operator in the middle of a run: asked, waited for without holding the router's lock, and obeyed.

use std::time::{Duration, Instant};

use mock_device::{Fault, RouterSpec, TransportSpec, What, When};
use rexpect::session::{PtySession, spawn_command};

use crate::harness::{Bench, Declared, assert_clean, playbook, prepared, router3};
use crate::lost;

fn at_a_terminal(bench: &Bench, words: &[&str]) -> PtySession {
    spawn_command(bench.command(words), Some(60_000)).unwrap()
}

fn ends(mut session: PtySession, status: i32) -> String {
    let rest = session.exp_eof().unwrap();
    assert_clean("the terminal", &rest);
    let end = format!("{:?}", session.process().wait().unwrap());
    assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
    rest
}

/// Waits for something that the router's own log will show.
fn until(what: &str, mut seen: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !seen() {
        assert!(Instant::now() < deadline, "{what} never happened");
        std::thread::yield_now();
    }
}

/// A router on a console whose required check fails, and what goes in.
fn failing_on_a_console() -> Bench {
    let mut spec: RouterSpec = prepared("r3");
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.faults = vec![Fault::Refuse { when: When::matching("show ip interface"), text: None, times: 0 }];
    let declared = Declared {
        console_login: true,
        lifeline: None,
        deadlines: "{ connect: 10s, command: 10s, lock: 1s, reload: 3s, idle: 300ms }",
        ..router3("r3")
    };
    Bench::new(vec![(spec, declared)])
}

fn apply_words() -> [String; 6] {
    ["apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--phase", "bench"].map(str::to_owned)
}

fn applying(bench: &Bench) -> PtySession {
    let words = apply_words();
    let mut session = at_a_terminal(bench, &words.iter().map(String::as_str).collect::<Vec<_>>());
    session.exp_string("[yes/no]").unwrap();
    session.send_line("yes").unwrap();
    session
}

#[test]
fn on_a_console_a_failed_check_is_saved_all_the_same_for_a_typed_reason() {
    let bench = failing_on_a_console();
    let mut session = applying(&bench);
    session.exp_string("unless you type a reason").unwrap();
    // However long the operator thinks, the session is kept: the router's clock is asked for again and again.
    let clocks = || {
        let clock =
            |event: &&mock_device::Event| matches!(&event.what, What::Line { line, .. } if line == "show clock");
        bench.events("r3").iter().filter(clock).count()
    };
    until("the session was kept awake", || clocks() >= 3);
    session.send_line("the line is delivered on Friday").unwrap();
    let rest = ends(session, 3);
    assert!(rest.contains("saved, unverified") && rest.contains("delivered on Friday"), "{rest}");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    bench.run(&["status"]).exits(0);
    let run = lost::last_run(&bench);
    let shown = bench.run(&["--format", "json", "show", &run]).exits(0).json();
    assert_eq!(shown["routers"][0]["unverified"], "the line is delivered on Friday");
    // It is a saved run like any other, and can be undone.
    bench.run(&["undo", &run, "-i", "clinics.yaml", "--yes"]).exits(0);
}

#[test]
fn without_a_reason_a_failed_check_undoes_the_change() {
    let bench = failing_on_a_console();
    let before = bench.snapshot("r3");
    let mut session = applying(&bench);
    session.exp_string("unless you type a reason").unwrap();
    session.send_line("").unwrap();
    assert!(ends(session, 3).contains("undone"));
    assert_eq!(bench.snapshot("r3"), before);
    // With --yes no one is asked.
    bench.apply(&["--phase", "bench"]).exits(3).says("check.failed").says("undone");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn over_the_network_a_failed_check_always_undoes_the_change() {
    let bench = Bench::with_fault(Fault::Refuse { when: When::matching("show ip interface"), text: None, times: 0 });
    let before = bench.snapshot("r3");
    let rest = ends(applying(&bench), 3);
    assert!(rest.contains("undone") && !rest.contains("type a reason"), "{rest}");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn config_mode_is_free_while_a_person_reads_the_plan_and_what_was_read_is_read_again() {
    let bench = Bench::one();
    let words = apply_words();
    let mut session = at_a_terminal(&bench, &words.iter().map(String::as_str).collect::<Vec<_>>());
    session.exp_string("[yes/no]").unwrap();
    let holder = bench.events("r3").into_iter().rev().find_map(|event| match event.what {
        What::Lock { holder } => Some(holder),
        _ => None,
    });
    assert_eq!(holder, Some(None), "no one holds config mode while the plan is read");
    // A colleague uses the time.
    let lines = vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()];
    bench.mock.inject("r3", Fault::ColleagueLines { when: None, lines }).unwrap();
    let before = bench.snapshot("r3");
    session.send_line("yes").unwrap();
    let rest = ends(session, 3);
    assert!(rest.contains("router.unsaved"), "{rest}");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_person_decides_about_a_lost_router_where_the_playbook_says_so() {
    for (answer, status) in [("finish", 0), ("undo", 3)] {
        let bench = Bench::with_fault(Fault::drop_link(When::matching("bridge 1 bridge-only")));
        lost::own_book(&bench, "lost: ask");
        let before = bench.snapshot("r3");
        let words = ["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench"];
        let mut session = at_a_terminal(&bench, &words);
        session.exp_string("[yes/no]").unwrap();
        session.send_line("yes").unwrap();
        session.exp_string("[finish/undo]").unwrap();
        session.send_line(answer).unwrap();
        ends(session, status);
        if status == 0 {
            assert_eq!(bench.running("r3"), bench.startup("r3"));
        } else {
            assert_eq!(bench.snapshot("r3"), before);
        }
    }
}

#[test]
fn ctrl_c_at_a_question_in_the_middle_decides_nothing() {
    let bench = failing_on_a_console();
    let before = bench.snapshot("r3");
    let mut session = applying(&bench);
    session.exp_string("unless you type a reason").unwrap();
    session.send_control('c').unwrap();
    assert!(ends(session, 3).contains("undone"));
    assert_eq!(bench.snapshot("r3"), before);
}
