//! A session that is gone in the middle: what the router runs decides, and what the playbook says then; never a guess.

use mock_device::{Fault, RouterSpec, SaveFault, TransportSpec, What, When};

use crate::harness::{Bench, Declared, Run, playbook, prepared, router3};
use crate::identity::copy_folder;

/// The shipped playbook with lines of its own, beside its roles.
pub fn own_book(bench: &Bench, more: &str) {
    let text = std::fs::read_to_string(playbook("online-eligibility.yaml")).unwrap();
    let text = text.replace("max_failures: 1 ", "max_failures: 3 ");
    std::fs::write(bench.path("own.yaml"), format!("{text}{more}\n")).unwrap();
    copy_folder(std::path::Path::new(&playbook("roles")), &bench.path("roles"));
}

/// Applies the playbook with lines of its own.
pub fn apply(bench: &Bench, more: &[&str]) -> Run {
    let words = ["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench"];
    bench.run(&[words.as_slice(), more].concat())
}

/// A router with faults under a policy.
fn under(policy: &str, spec: RouterSpec) -> Bench {
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    own_book(&bench, policy);
    bench
}

fn broken(faults: Vec<Fault>) -> RouterSpec {
    RouterSpec { faults, ..prepared("r3") }
}

/// The last run's name.
pub fn last_run(bench: &Bench) -> String {
    let told = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    told["runs"].as_array().unwrap().last().unwrap()["run"].as_str().unwrap().to_owned()
}

#[test]
fn finish_sends_what_is_missing_inside_the_block_it_broke_off_in() {
    for executed in [true, false] {
        let when = When { matching: Some("^ip vrf forwarding".to_owned()), ..When::default() };
        let bench = under("lost: finish", broken(vec![Fault::Drop { when, executed, times: 1 }]));
        apply(&bench, &["--yes"]).exits(0).says("lost").says("saved");
        assert_eq!(bench.running("r3"), bench.startup("r3"));
        bench.plan(&[]).exits(0).says("nothing to change");
    }
}

#[test]
fn finish_tries_once_and_then_undoes() {
    let drop = || Fault::drop_link(When::matching("bridge 1 bridge-only"));
    let again = Fault::drop_link(When::matching("^no shutdown"));
    let bench = under("lost: finish", broken(vec![drop(), again]));
    let before = bench.snapshot("r3");
    apply(&bench, &["--yes"]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn undo_also_undoes_what_was_saved_already() {
    let bench = under("lost: undo", broken(vec![Fault::Save { how: SaveFault::CutAfter, times: 1 }]));
    let before = bench.snapshot("r3");
    apply(&bench, &["--yes"]).exits(3).says("lost").says("undone");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn ask_without_an_operator_stays_lost_until_someone_decides() {
    for (word, status) in [("--undo", 3), ("--finish", 0)] {
        let bench = under("lost: ask", broken(vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))]));
        let before = bench.snapshot("r3");
        apply(&bench, &["--yes"]).exits(4).says("lost.undecided").says("--finish");
        assert_eq!(bench.startup("r3"), before.1, "nothing was decided, nothing was saved");
        bench.plan(&[]).exits(4).says("journal.unfinished");
        let run = last_run(&bench);
        // The line that the session broke at was sent: a page that counts what was accepted alone would hide it.
        bench.run(&["report", &run, "--format", "md"]).exits(0).says("sent without an answer");
        bench.run(&["status"]).exits(4).says("sent without an answer");
        bench.run(&["resume", &run, "--yes"]).exits(4).says("lost.undecided");
        bench.run(&["resume", &run, "--yes", word]).exits(status);
        if word == "--undo" {
            assert_eq!(bench.snapshot("r3"), before);
        } else {
            assert_eq!(bench.running("r3"), bench.startup("r3"));
            bench.plan(&[]).exits(0);
        }
        bench.run(&["status"]).exits(0);
    }
}

#[test]
fn mixed_is_left_alone_under_every_policy_and_read_again_after_a_person_worked_on_it() {
    let foreign = "ip route 10.0.0.0/8 192.0.2.70";
    let colleague =
        Fault::ColleagueLines { when: Some(When::matching("bridge irb enable")), lines: vec![foreign.to_owned()] };
    let spec = broken(vec![colleague, Fault::drop_link(When::matching("bridge 1 bridge-only"))]);
    let bench = under("lost: finish", spec);
    let before = bench.snapshot("r3");
    apply(&bench, &["--yes"]).exits(4).says("router.mixed").says(foreign);
    let run = last_run(&bench);
    bench.run(&["resume", &run, "--yes", "--finish"]).exits(4).says("router.mixed");
    assert!(bench.running("r3").contains(foreign), "a colleague's work is not ours to undo");
    // Half of a change is there: no one is told to save it.
    let again = ["own.yaml", "-i", "clinics.yaml"];
    for words in [&["plan"][..], &["verify"], &["apply", "--yes"]] {
        let said =
            bench.run(&[words, &again[..]].concat()).exits(3).says("router.unsaved").says("do not save it by hand");
        assert!(said.says(&run).stdout.find("write memory").is_none());
    }
    bench.mock.inject("r3", Fault::ColleagueLines { when: None, lines: vec![format!("no {foreign}")] }).unwrap();
    bench.run(&["resume", &run, "--yes", "--undo"]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["status"]).exits(0);
}

#[test]
fn a_restart_in_between_is_told_from_a_clock_that_was_set() {
    let at = || When::matching("bridge 1 bridge-only");
    let both = [
        (vec![Fault::Reboot { when: at() }], "the router restarted (woke up by", "restart-found restarted"),
        (
            vec![
                Fault::ClockSet { when: When::matching("bridge irb enable"), seconds: 86_400 },
                Fault::drop_link(at()),
            ],
            "clock was set, it did not restart",
            "restart-found clock-set",
        ),
    ];
    for (faults, said, recorded) in both {
        let mut spec = broken(faults);
        spec.readings.up_minutes = 600;
        let bench = under("", spec);
        let before = bench.snapshot("r3");
        apply(&bench, &["--yes"]).exits(3).says(said).says("undone");
        assert_eq!(bench.snapshot("r3"), before);
        bench.run(&["show", &last_run(&bench)]).exits(0).says(recorded);
    }
}

/// A router that is reached over SSH and has a console, and a playbook that gives its management interface another address.
#[cfg(unix)]
fn with_a_console(second_way: bool) -> Bench {
    let mut spec = prepared("r3");
    spec.transports = vec![TransportSpec::Ssh, TransportSpec::Serial { baud: None }];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    if second_way {
        let path = bench.mock.endpoints().iter().find_map(|end| end.path.clone()).unwrap();
        let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
        let way = format!(
            "        second_way: {{ serial: {{ port: \"{}\", login: {{ user: admin, password: admin-password }} }} }}\n        deadlines:",
            path.display()
        );
        std::fs::write(bench.path("clinics.yaml"), inventory.replacen("        deadlines:", &way, 1)).unwrap();
    }
    let role = bench.path("roles/move");
    std::fs::create_dir_all(&role).unwrap();
    let book = "version: 1\nname: move\nplays:\n  - routers: r3\n    roles: [move]\nallow_lifeline_change: true\n";
    std::fs::write(bench.path("move.yaml"), book).unwrap();
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Move, ja: 移動 }\nowns: [\"interface GigaEthernet2.0\"]\ntemplates: [move.ix.j2]\n",
    )
    .unwrap();
    std::fs::write(role.join("move.ix.j2"), "interface GigaEthernet2.0\n  ip address 192.0.2.67/28\n  no shutdown\n")
        .unwrap();
    bench
}

#[test]
#[cfg(unix)]
fn a_second_connection_is_used_where_the_first_was_cut() {
    let bench = with_a_console(true);
    let before = bench.snapshot("r3");
    let words = ["apply", "move.yaml", "-i", "clinics.yaml", "--yes"];
    bench
        .run(&["plan", "move.yaml", "-i", "clinics.yaml", "--rollback-notes"])
        .exits(2)
        .says("a second connection is tried in turns");
    let run = bench.run(&words).exits(3).says("the second one is used").says("undone");
    assert_eq!(bench.snapshot("r3"), before, "{}", run.stderr);
    let console = |event: &mock_device::Event| matches!(&event.what, What::Closed { how } if how == "logout");
    assert!(bench.events("r3").iter().any(console), "the console is left logged out");
    bench.plan(&[]).exits(2);
}

#[test]
#[cfg(unix)]
fn without_a_second_connection_the_router_stays_lost_and_the_phone_call_is_worded() {
    let bench = with_a_console(false);
    let startup = bench.startup("r3");
    let run = bench.run(&["apply", "move.yaml", "-i", "clinics.yaml", "--yes"]).exits(4).says("router.lost");
    assert!(run.stdout.contains("電源コードを抜き"), "what is saved is the old configuration: {}", run.stdout);
    assert_eq!(bench.startup("r3"), startup);
}

#[test]
#[cfg(unix)]
fn a_router_that_lost_its_ssh_is_recovered_over_a_cable() {
    let bench = with_a_console(false);
    let before = bench.snapshot("r3");
    bench.run(&["apply", "move.yaml", "-i", "clinics.yaml", "--yes"]).exits(4).says("router.lost");
    let port = bench.mock.endpoints().iter().find_map(|end| end.path.clone()).unwrap().display().to_string();
    bench.run(&["resume", "--port", &port, "--undo", "--yes"]).exits(1);
    bench.run(&["resume", &last_run(&bench), "--port", &port, "--undo", "--yes"]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
}

/// A plan that is refused in the middle, and an undo that is refused, too.
fn stuck() -> RouterSpec {
    broken(vec![
        Fault::refuse(When::matching("ip vrf forwarding")),
        Fault::Refuse { when: When::matching("^no ip access-list"), text: None, times: 0 },
    ])
}

fn restarts(bench: &Bench) -> usize {
    bench.events("r3").iter().filter(|event| matches!(event.what, What::Restarted { .. })).count()
}

#[test]
fn where_the_undo_fails_a_restart_without_saving_needs_the_playbooks_permission() {
    let bench = under("allow_reload: true", stuck());
    let before = bench.snapshot("r3");
    let words = ["plan", "own.yaml", "-i", "clinics.yaml", "--rollback-notes"];
    bench.run(&words).exits(2).says("`reload` without saving, wait, read again");
    let run = apply(&bench, &["--yes"]).exits(3).says("router.refused-undo").says("router.undo-differs").says("undone");
    // The restart has decided it: no one is sent to the clinic, and no one is told that another restart would help.
    for hint in ["nothing was saved: connect by console", "what is saved on it is the configuration from before"] {
        assert!(!run.stdout.contains(hint) && !run.stderr.contains(hint), "{hint}: {}", run.stdout);
    }
    assert_eq!(restarts(&bench), 1);
    assert_eq!(bench.snapshot("r3"), before);

    let mut bench = under("", stuck());
    // Time for a second look, however busy this machine is.
    bench.declare(|router| router.deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 30s }");
    let run = apply(&bench, &["--yes"]).exits(4).says("undo-failed");
    assert_eq!(restarts(&bench), 0);
    assert!(run.stdout.contains("電源コードを抜き"), "{}", run.stdout);
    // The staff of the clinic does it, and the router is read again.
    bench.mock.inject("r3", Fault::Reboot { when: When::matching("^show version") }).unwrap();
    bench.run(&["resume", &last_run(&bench), "--yes"]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["status"]).exits(0);
}

#[test]
fn a_restart_that_an_undo_orders_once_more_loses_no_line_of_a_colleague() {
    let his = "ip access-list his permit ip src any dest any";
    let mut spec = stuck();
    // The answer to the question is lost, and a colleague is at work by the time that the router is found up.
    spec.faults.push(Fault::Drop { when: When::matching("^yes"), executed: false, times: 1 });
    spec.faults.push(Fault::ColleagueLines { when: Some(When::matching("^reload")), lines: vec![his.to_owned()] });
    let bench = under("allow_reload: true", spec);
    apply(&bench, &["--yes"]).exits(4);
    assert!(bench.running("r3").contains(his), "the colleague's line was lost");
    assert_eq!(restarts(&bench), 0);
}

#[test]
fn a_restart_that_an_undo_has_ordered_is_not_ordered_again_by_a_process_that_comes_back() {
    let mut spec = stuck();
    // The order is lost on the way to the router; a second one would arrive.
    spec.faults.push(Fault::Drop { when: When::matching("^reload"), executed: false, times: 1 });
    let bench = under("allow_reload: true", spec);
    apply(&bench, &["--yes"]).exits(4).says("undo-failed");
    bench.run(&["resume", &last_run(&bench), "--yes"]).exits(4).says("undo-failed");
    assert_eq!(restarts(&bench), 0);
}

/// A router on a console.
#[cfg(unix)]
fn on_a_console(mut spec: RouterSpec, deadlines: &'static str) -> Bench {
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    Bench::new(vec![(spec, Declared { console_login: true, lifeline: None, deadlines, ..router3("r3") })])
}

#[test]
#[cfg(unix)]
fn on_a_console_nothing_is_typed_before_a_save_that_was_cut_off_is_over_and_then_the_run_goes_on() {
    for (how, orders) in [(SaveFault::CutBefore, 2), (SaveFault::CutAfter, 1)] {
        let cut = broken(vec![Fault::Save { how, times: 1 }]);
        let bench = on_a_console(cut, "{ connect: 10s, command: 10s, lock: 1s, reload: 9s, save: 5s }");
        bench.apply(&["--phase", "bench"]).exits(0).says("a save may still be running").says("saved");
        let events = bench.events("r3");
        let typed: Vec<(&str, u64)> = events
            .iter()
            .filter_map(|event| match &event.what {
                What::Line { line, .. } => Some((line.as_str(), event.millis)),
                _ => None,
            })
            .collect();
        let first = typed.iter().position(|(line, _)| *line == "write memory").unwrap();
        assert!(typed[first + 1].1 > typed[first].1 + 2000, "typed too early: {:?}", &typed[first..]);
        assert_eq!(typed.iter().filter(|(line, _)| *line == "write memory").count(), orders);
        assert_eq!(bench.running("r3"), bench.startup("r3"));
    }
}

#[test]
#[cfg(unix)]
fn on_a_console_nothing_is_typed_after_a_save_that_does_not_end() {
    let mut slow = broken(Vec::new());
    (slow.readings.save_millis, slow.readings.save_goes_on) = (4000, true);
    let bench = on_a_console(slow, "{ connect: 10s, command: 10s, lock: 1s, reload: 3s, save: 1s }");
    bench.apply(&["--phase", "bench"]).exits(4).says("a save may still be running");
    let last = bench.events("r3").into_iter().rev().find_map(|event| match event.what {
        What::Line { line, .. } => Some(line),
        _ => None,
    });
    assert_eq!(last.as_deref(), Some("write memory"), "nothing was typed after the save");
    // The operator has seen the prompt and says so.
    bench.run(&["resume", "--yes"]).exits(0).says("saved");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
#[cfg(unix)]
fn who_only_reads_types_nothing_either_on_a_console_while_its_own_save_may_be_running() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 3s, save: 300s }";
    let bench = on_a_console(broken(vec![Fault::Save { how: SaveFault::CutBefore, times: 1 }]), deadlines);
    let book = playbook("online-eligibility.yaml");
    let mut waiting = bench
        .command(&["apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--yes"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(waiting.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("a save may still be running")), "it was never waited for");
    let process = waiting.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    let rest = said.collect::<Vec<_>>().join("\n");
    assert_eq!(waiting.wait().unwrap().code(), Some(4), "who is asked to stop leaves it lost: {rest}");
    let met = bench.events("r3").len();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "kept"]).exits(3).says("connection.save-may-run");
    bench.run(&["line", "-i", "clinics.yaml"]).exits(3).says("connection.save-may-run");
    bench.plan(&[]).exits(4).says("did not end");
    assert_eq!(bench.events("r3").len(), met, "the console was not even opened");
    assert!(!bench.path("kept/r3").exists());
}

#[test]
#[cfg(unix)]
fn a_console_that_is_given_up_is_left_logged_out() {
    let mut spec = broken(vec![Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true }]);
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    let declared = Declared { console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    bench.apply(&["--phase", "bench"]).exits(4).says("router.lost");
    let closed = bench.events("r3").into_iter().rev().find_map(|event| match event.what {
        What::Closed { how } => Some(how),
        _ => None,
    });
    assert_eq!(closed.as_deref(), Some("logout"));
}
