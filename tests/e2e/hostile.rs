//! Orders of events that no one wants: while we are away someone works on the router, another of our processes is faster, a
//! save is the thing that fails last. What is not ours is neither saved nor undone, and nothing is lost from the record.

use mock_device::{Event, Fault, RouterSpec, SaveFault, What, When};

use crate::harness::{Bench, Declared, prepared, router3};
use crate::lost::last_run;

/// A line of a colleague that no playbook here owns.
const FOREIGN: &str = "ip route 10.0.0.0/8 192.0.2.70";
/// What a small playbook declares; the last line goes alone.
pub const LINES: &str = "ntp ip enable\nntp interval 600\nntp retry 3\ninterface GigaEthernet1.0\n  description ours\n  ip address 198.51.100.1/24\n  no shutdown\n";
pub const APPLY: [&str; 5] = ["apply", "small.yaml", "-i", "clinics.yaml", "--yes"];

/// A small playbook beside an inventory; what it does not own stays as it is.
pub fn small_book(bench: &Bench, lines: &str) {
    let role = bench.path("roles").join("small");
    std::fs::create_dir_all(&role).unwrap();
    let book = "version: 1\nname: small\nplays:\n  - routers: r3\n    roles: [small]\n";
    std::fs::write(bench.path("small.yaml"), book).unwrap();
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Small, ja: 小 }\nowns: [\"ntp\", \"interface GigaEthernet1.0\", \"interface GigaEthernet1.1\"]\ntemplates: [small.ix.j2]\n",
    )
    .unwrap();
    std::fs::write(role.join("small.ix.j2"), lines).unwrap();
}

fn bench(faults: Vec<Fault>) -> Bench {
    let spec = RouterSpec { faults, ..prepared("r3") };
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    small_book(&bench, LINES);
    bench
}

pub fn colleague(when: &str, lines: &[&str]) -> Fault {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    Fault::ColleagueLines { when: Some(When::matching(when)), lines }
}

pub fn saves(bench: &Bench) -> usize {
    bench.events("r3").iter().filter(|event| matches!(event.what, What::Saved { .. })).count()
}

/// How often the last run's record says something.
fn recorded(bench: &Bench, kind: &str) -> usize {
    let told = bench.run(&["--format", "json", "show", &last_run(bench)]).exits(0).json();
    told["records"].as_array().unwrap().iter().filter(|stored| stored["record"]["kind"] == kind).count()
}

#[test]
fn what_a_colleague_typed_while_we_were_away_is_not_saved_with_ours() {
    // Every line of the plan arrived, and is as declared; what is the colleague's, the playbook does not own.
    let bench =
        bench(vec![colleague("^description ours", &[FOREIGN]), Fault::drop_link(When::matching("^no shutdown"))]);
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(4).says("router.mixed").says(FOREIGN);
    assert_eq!(bench.startup("r3"), before.1, "his line was made permanent");
    assert!(bench.running("r3").contains(FOREIGN), "the colleague's line was removed");
}

#[test]
fn planned_lines_that_were_never_sent_are_foreign() {
    // The colleague went on where we were cut off: from another laptop, with the same playbook.
    let rest = ["interface GigaEthernet1.0", "ip address 198.51.100.1/24", "no shutdown"];
    let bench =
        bench(vec![colleague("^description ours", &rest), Fault::drop_link(When::matching("^description ours"))]);
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(4).says("router.mixed");
    assert_eq!(bench.startup("r3"), before.1);
    assert!(bench.running("r3").contains("ip address 198.51.100.1/24"), "the colleague's line was removed");
}

#[test]
#[cfg(unix)]
fn a_save_of_the_undo_that_is_cut_off_is_waited_for_and_nothing_is_typed_meanwhile() {
    let saves_badly = Fault::Save { how: SaveFault::Loses("^ntp retry".to_owned()), times: 1 };
    let stays_silent = Fault::Save { how: SaveFault::CutBefore, times: 1 };
    let mut spec = RouterSpec { faults: vec![saves_badly, stays_silent], ..prepared("r3") };
    spec.transports = vec![mock_device::TransportSpec::Serial { baud: None }];
    let deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 9s, save: 5s }";
    let bench = Bench::new(vec![(spec, Declared { console_login: true, lifeline: None, deadlines, ..router3("r3") })]);
    small_book(&bench, LINES);
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(3).says("router.save-differs").says("a save may still be running").says("undone");
    assert_eq!(bench.snapshot("r3"), before);
    assert_eq!(recorded(&bench, "saving"), 3, "each save is written down before it is begun");
    let lines = bench.events("r3").into_iter().filter_map(|event| match event.what {
        What::Line { line, .. } => Some((line, event.millis)),
        _ => None,
    });
    let lines: Vec<(String, u64)> = lines.collect();
    let of_the_undo = lines.iter().enumerate().filter(|(_, (line, _))| line == "write memory").nth(1).unwrap().0;
    let (save, next) = (&lines[of_the_undo], &lines[of_the_undo + 1]);
    assert!(next.1 > save.1 + 2000, "typed while a save may be running: {next:?}");
}

#[test]
#[cfg(unix)]
fn a_process_that_died_in_a_save_on_a_console_is_not_followed_by_one_that_types_into_it() {
    // The save takes longer than the process has to live.
    let slow = Fault::Slow { when: When::matching("^write memory"), millis: 5000, times: 1 };
    let mut spec = RouterSpec { faults: vec![slow], ..prepared("r3") };
    spec.transports = vec![mock_device::TransportSpec::Serial { baud: None }];
    let bench = Bench::new(vec![(spec, Declared { console_login: true, lifeline: None, ..router3("r3") })]);
    small_book(&bench, LINES);
    let silent = std::process::Stdio::null;
    let mut dying = bench.command(&APPLY).stdout(silent()).stderr(silent()).spawn().unwrap();
    let lines = || bench.events("r3").into_iter().filter(|event| matches!(event.what, What::Line { .. })).count();
    let saving = |event: &Event| matches!(&event.what, What::Line { line, .. } if line == "write memory");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !bench.events("r3").iter().any(saving) {
        assert!(std::time::Instant::now() < deadline, "{:#?}", bench.events("r3"));
        std::thread::yield_now();
    }
    dying.kill().unwrap();
    dying.wait().unwrap();
    let before = lines();
    bench.run(&["resume", "--yes"]).exits(4).says("a save may still be running");
    assert_eq!(lines(), before, "typed while a save may be running");
    // The operator has seen the prompt and says so.
    bench.run(&["resume", "--yes"]).exits(0).says("saved");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn a_save_of_adopted_changes_alone_is_seen_through() {
    let bench = bench(Vec::new());
    bench.run(&APPLY).exits(0);
    let cut = Fault::Save { how: SaveFault::CutAfter, times: 1 };
    for fault in [Fault::ColleagueLines { when: None, lines: vec![FOREIGN.to_owned()] }, cut] {
        bench.mock.inject("r3", fault).unwrap();
    }
    bench.run(&[APPLY.as_slice(), &["--adopt"]].concat()).exits(0).says("lost").says("saved");
    assert!(bench.startup("r3").contains(FOREIGN));
    bench.run(&["status"]).exits(0);
}

#[test]
fn a_restart_that_a_line_in_doubt_needs_is_not_forgotten() {
    let bench = bench(vec![Fault::Drop { when: When::matching("^encapsulation"), executed: true, times: 1 }]);
    small_book(&bench, "interface GigaEthernet1.1\n  encapsulation dot1q 10\n");
    bench.run(&APPLY).exits(0).says("lost").says("restart");
    assert_eq!((saves(&bench), bench.running("r3")), (1, bench.startup("r3")));
    bench.run(&["restart", &last_run(&bench), "--yes"]).exits(0).says("saved");
}

#[test]
fn a_clock_that_was_set_is_not_taken_for_the_restart_that_was_ordered() {
    let mut spec = prepared("r3");
    spec.readings.up_minutes = 600;
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    small_book(&bench, "interface GigaEthernet1.1\n  encapsulation dot1q 10\n");
    bench.run(&APPLY).exits(0).says("restart");
    let run = last_run(&bench);
    let lost = Fault::Drop { when: When::matching("^reload"), executed: false, times: 1 };
    let set = Fault::ClockSet { when: When::matching("^show startup-config"), seconds: 86_400 };
    for fault in [lost, set] {
        bench.mock.inject("r3", fault).unwrap();
    }
    bench.run(&["restart", &run, "--yes"]).exits(3).says("router.not-restarted");
    assert!(!bench.events("r3").iter().any(|event| matches!(event.what, What::Restarted { .. })));
    bench.run(&["restart", &run, "--yes"]).exits(0).says("saved");
}

#[test]
fn a_save_whose_end_was_not_seen_is_not_ordered_again_where_startup_shows_it() {
    let bench = bench(vec![Fault::Save { how: SaveFault::CutAfter, times: 1 }]);
    bench.run(&APPLY).exits(0).says("lost").says("saved");
    assert_eq!((saves(&bench), recorded(&bench, "saving")), (1, 1));
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn a_restart_that_was_taken_and_does_not_happen_is_ordered_once_more() {
    // Thirds of `reload`: until the order is given once more, until a router that took it would be down, and for a last look, which a
    // busy machine must be able to take in its third. Only the test's time rests on it.
    let deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 24s }";
    let bench = Bench::new(vec![(prepared("r3"), Declared { deadlines, ..router3("r3") })]);
    small_book(&bench, "interface GigaEthernet1.1\n  encapsulation dot1q 10\n");
    bench.run(&APPLY).exits(0).says("restart");
    let run = last_run(&bench);
    let count = |is: fn(&What) -> bool| bench.events("r3").iter().filter(|event| is(&event.what)).count();
    let orders = || count(|what| matches!(what, What::Line { line, .. } if line == "reload"));
    let restarts = || count(|what| matches!(what, What::Restarted { .. }));
    // The answer to the question never reaches the router.
    let lost = |times| Fault::Drop { when: When::matching("^yes"), executed: false, times };
    bench.mock.inject("r3", lost(2)).unwrap();
    bench.run(&["restart", &run, "--yes"]).exits(3).says("router.not-restarted");
    assert_eq!((orders(), restarts()), (2, 0));
    bench.mock.inject("r3", lost(1)).unwrap();
    bench.run(&["restart", &run, "--yes"]).exits(0).says("saved");
    assert_eq!((orders(), restarts()), (4, 1));
}

#[test]
#[cfg(unix)]
fn a_run_that_another_process_recovered_during_the_question_is_left_alone() {
    let bench = bench(vec![Fault::LockTaken { when: When::matching("^description ours"), kept: true }]);
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(4).says("router.lost");
    let command = bench.command(&["resume", "--take-over", "--finish"]);
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("[yes/no]").unwrap();
    bench.run(&["resume", "--yes", "--take-over"]).exits(3).says("undone");
    session.send_line("yes").unwrap();
    let rest = session.exp_eof().unwrap();
    let end = format!("{:?}", session.process().wait().unwrap());
    assert!(end.ends_with(", 3)"), "{end}\n{rest}");
    assert_eq!(bench.snapshot("r3"), before);
    assert_eq!(recorded(&bench, "resumed"), 1, "it had ended: there was nothing to come back to");
}

#[test]
#[cfg(unix)]
fn lines_typed_while_a_console_was_left_for_a_password_proof_are_neither_saved_nor_undone() {
    // At which line config mode is taken up again is found out where no one disturbs.
    let undisturbed = second_on_a_console(None);
    undisturbed.run(&APPLY).exits(0).says("saved");
    let typed = |event: &Event| match &event.what {
        What::Line { line, .. } if !line.is_empty() => Some(line.clone()),
        _ => None,
    };
    let lines: Vec<String> = undisturbed.events("r3").iter().filter_map(typed).collect();
    let again = lines.iter().rposition(|line| line == "enable-config").unwrap() + 1;
    let user = lines.iter().position(|line| line.starts_with("username second")).unwrap() + 1;
    assert!(again > user, "{lines:#?}");
    let when = Some(When::line(again as u64));
    let bench = second_on_a_console(Some(Fault::ColleagueLines { when, lines: vec![FOREIGN.to_owned()] }));
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(4).says("router.mixed").says(FOREIGN);
    assert_eq!(bench.startup("r3"), before.1, "his line was made permanent");
    assert!(bench.running("r3").contains(FOREIGN), "the colleague's line was removed");
}

/// A router on a console that gets a second administrator.
#[cfg(unix)]
fn second_on_a_console(fault: Option<Fault>) -> Bench {
    let mut spec = prepared("r3");
    spec.transports = vec![mock_device::TransportSpec::Serial { baud: None }];
    spec.faults.extend(fault);
    let bench = Bench::new(vec![(spec, Declared { console_login: true, lifeline: None, ..router3("r3") })]);
    small_book(&bench, "username second password plain 1 {{ secret(password) }} administrator\n");
    let role = bench.path("roles/small/role.yaml");
    let text = std::fs::read_to_string(&role).unwrap().replace("\"ntp\"", "\"ntp\", \"username second\"");
    let variables = "variables:\n  password: { type: credential, default: new-password }\n";
    std::fs::write(&role, format!("{text}{variables}")).unwrap();
    bench
}

#[test]
fn a_box_that_another_inventory_calls_by_another_name_is_the_same_box() {
    let bench = bench(vec![Fault::LockTaken { when: When::matching("^description ours"), kept: true }]);
    bench.run(&APPLY).exits(4).says("router.lost");
    let run = last_run(&bench);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("other.yaml"), inventory.replace("      r3:", "      clinic9:")).unwrap();
    let book = std::fs::read_to_string(bench.path("small.yaml")).unwrap();
    std::fs::write(bench.path("other-book.yaml"), book.replace("routers: r3", "routers: clinic9")).unwrap();
    let before = bench.snapshot("r3");
    // An operator who is told about unsaved changes may adopt them: half of a plan that no one has verified.
    let apply = ["apply", "other-book.yaml", "-i", "other.yaml", "--yes", "--take-over", "--adopt"];
    bench.run(&apply).exits(4).says("journal.unfinished").says(&run);
    bench.run(&["plan", "other-book.yaml", "-i", "other.yaml"]).exits(4).says("journal.unfinished");
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["resume", "--yes", "--take-over"]).exits(3).says("undone");
    bench.run(&apply).exits(0).says("saved");
}
