//! Bad days at our own end and the router's: what the operator sees, what is on the router, and what the record says.

use mock_device::{Fault, When};

use crate::harness::{Bench, Run, prepared, router3};

/// The last state the journal has of the router.
fn recorded(bench: &Bench) -> (String, bool) {
    let told = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    let last = told["runs"].as_array().and_then(|runs| runs.last().cloned()).unwrap_or_default();
    (last["state"].as_str().unwrap_or_default().to_owned(), last["unfinished"].as_bool().unwrap_or_default())
}

fn said(run: &Run, text: &str) -> bool {
    run.stdout.contains(text) || run.stderr.contains(text)
}

#[test]
fn a_router_that_refuses_the_inverse_too_needs_a_person() {
    let mut spec = prepared("r3");
    spec.faults = vec![
        Fault::refuse(When::matching("ip vrf forwarding")),
        Fault::Refuse { when: When::matching("^no ip access-list"), text: None, times: 0 },
    ];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let startup = bench.startup("r3");
    let run = bench.apply(&["--phase", "bench"]).exits(4).says("router.refused-undo").says("router.undo-differs");
    assert!(said(&run, "undo-failed"));
    assert_eq!(bench.startup("r3"), startup, "nothing was saved: a restart brings the old configuration back");
    assert_eq!(recorded(&bench), ("undo-failed".to_owned(), false));
    bench.run(&["status"]).exits(4).says("undo-failed").says("ixdeploy show");
}

#[test]
fn a_configuration_that_changes_behind_the_one_reading_is_neither_saved_nor_undone_with_ours() {
    // Behind the only reading before the push, although config mode is ours.
    let bench = Bench::with_fault(Fault::ColleagueLines {
        when: Some(When::matching("show startup-config")),
        lines: vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()],
    });
    let startup = bench.startup("r3");
    bench.apply(&["--phase", "bench"]).exits(3).says("router.foreign").says("ip route 10.0.0.0/8 192.0.2.70");
    assert_eq!(bench.startup("r3"), startup);
    assert_eq!(bench.running("r3").lines().count(), startup.lines().count() + 1);
    assert_eq!(recorded(&bench), ("undone".to_owned(), false));
}

#[test]
fn an_occupied_config_mode_is_waited_for() {
    let mut bench = Bench::with_fault(Fault::LockHeld { attempts: Some(2) });
    bench.declare(|router| router.deadlines = "{ connect: 10s, command: 10s, lock: 10s, reload: 3s }");
    bench.plan(&[]).exits(2);
}

#[test]
fn rollback_notes_are_printed_before_anything_is_sent() {
    let bench = Bench::one();
    let plan = bench.plan(&["--rollback-notes"]).exits(2).says("the rollback, in this order").says("電源コードを抜き");
    assert!(plan.stdout.contains("a person with a console cable"), "{}", plan.stdout);
    assert!(plan.stdout.contains("not available: a timer on the router"), "{}", plan.stdout);
}

#[cfg(unix)]
mod at_a_terminal {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use mock_device::{Fault, What, When};
    use rexpect::session::{PtySession, spawn_command};

    use super::recorded;
    use crate::harness::{Bench, playbook, prepared, router3};

    fn apply(bench: &Bench) -> PtySession {
        let book = playbook("online-eligibility.yaml");
        let words = ["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"];
        spawn_command(bench.command(&words), Some(60_000)).unwrap()
    }

    fn ends(mut session: PtySession, status: i32) -> String {
        let rest = session.exp_eof().unwrap();
        let end = format!("{:?}", session.process().wait().unwrap());
        assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
        rest
    }

    #[test]
    fn ctrl_c_twice_stops_at_once_and_the_journal_knows() {
        let bench = Bench::with_fault(Fault::Freeze { when: When::matching("bridge irb enable") });
        let before = bench.snapshot("r3");
        let mut session = apply(&bench);
        session.exp_regex("/[0-9]+ bridge irb enable").unwrap();
        session.send_control('c').unwrap();
        session.exp_string("press again to abandon").unwrap();
        session.send_control('c').unwrap();
        ends(session, 4);
        assert_eq!(recorded(&bench), ("lost".to_owned(), true));
        bench.run(&["status"]).exits(4).says("ixdeploy resume");
        bench.run(&["resume", "--yes", "--take-over"]).exits(3).says("undone");
        assert_eq!(bench.snapshot("r3"), before);
        let shown = bench.run(&["--format", "json", "history", "r3"]).json();
        let name = shown["runs"][0]["run"].as_str().unwrap().to_owned();
        bench.run(&["show", &name]).says("abandoned").says("resumed by");
    }

    #[test]
    fn a_laptop_that_sleeps_in_the_middle_of_a_push_comes_back_to_an_idle_logout() {
        let mut spec = prepared("r3");
        spec.readings.idle_seconds = 1;
        spec.faults = vec![Fault::Slow { when: When::matching("bridge irb enable"), millis: 300, times: 1 }];
        let bench = Bench::new(vec![(spec, router3("r3"))]);
        let before = bench.snapshot("r3");
        let book = playbook("online-eligibility.yaml");
        let mut command = bench.command(&["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"]);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("bridge irb enable")), "the line was never sent");
        let pid = process.id().to_string();
        let signal = |name: &str| assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
        signal("-STOP");
        let deadline = Instant::now() + Duration::from_secs(30);
        let gone =
            || bench.events("r3").iter().any(|event| matches!(&event.what, What::Closed { how } if how == "idle"));
        while !gone() {
            assert!(Instant::now() < deadline, "the router never ended the idle session");
            std::thread::yield_now();
        }
        signal("-CONT");
        let rest = lines.collect::<Vec<_>>().join("\n");
        assert_eq!(process.wait().unwrap().code(), Some(3), "{rest}");
        assert!(rest.contains("lost") && rest.contains("undone"), "{rest}");
        assert_eq!(bench.snapshot("r3"), before);
        assert_eq!(recorded(&bench), ("undone".to_owned(), false));
    }
}
