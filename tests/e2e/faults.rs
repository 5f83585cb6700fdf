//! Every fault of the mock, one row each: what the program says about it, its exit status, how the router ends by its own files,
//! and that its event log holds no line that should not be there.

use std::collections::BTreeSet;

use mock_device::{DeadLock, Fault, Outcome, RouterSpec, SaveFault, Start, TransportSpec, What, When};

use crate::harness::{Bench, Declared, prepared, router3};

/// How a router ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// As it was, and no line of the plan was ever typed.
    Untouched,
    /// As it was: everything was undone.
    Undone,
    /// As declared, and a restart brings that back.
    Saved,
    /// Somewhere in between, and nothing was saved.
    Between,
}

/// One bad day.
struct Row {
    spec: RouterSpec,
    declared: Declared,
    exit: i32,
    says: Vec<&'static str>,
    end: End,
}

/// A prepared router 3, reached over SSH.
fn over_ssh(faults: impl Into<Vec<Fault>>) -> Row {
    let spec = RouterSpec { faults: faults.into(), ..prepared("r3") };
    Row { spec, declared: router3("r3"), exit: 0, says: Vec::new(), end: End::Saved }
}

/// A router 2 out of the box, on a console.
#[cfg(unix)]
fn on_a_console(faults: impl Into<Vec<Fault>>) -> Row {
    let spec = RouterSpec {
        faults: faults.into(),
        start: Start::FactoryDefault,
        transports: vec![TransportSpec::Serial { baud: None }],
        ..RouterSpec::new("r2")
    };
    Row { spec, declared: Declared::new("r2", "router2"), exit: 0, says: Vec::new(), end: End::Saved }
}

impl Row {
    fn with(mut self, adjust: impl FnOnce(&mut RouterSpec)) -> Self {
        adjust(&mut self.spec);
        self
    }

    fn waiting(mut self, deadlines: &'static str) -> Self {
        self.declared.deadlines = deadlines;
        self
    }

    fn ends(mut self, end: End, exit: i32, says: impl Into<Vec<&'static str>>) -> Self {
        (self.end, self.exit, self.says) = (end, exit, says.into());
        self
    }

    fn undone(self, says: &'static str) -> Self {
        self.ends(End::Undone, 3, [says, "undone: read again, equals the backup"])
    }

    fn untouched(self, says: &'static str) -> Self {
        self.ends(End::Untouched, 3, [says])
    }
}

/// One test for each row.
macro_rules! faults {
    ($($(#[$attribute:meta])* $name:ident: $row:expr;)*) => {
        $(#[test] $(#[$attribute])* fn $name() { holds($row); })*
    };
}

/// A line in the middle of the plan for router 3, which goes alone.
const MIDDLE: &str = "bridge 1 bridge-only";
/// One that goes out together with others.
const IN_A_WINDOW: &str = "managedpki";

fn middle() -> When {
    When::matching(MIDDLE)
}

fn window() -> When {
    When::matching(IN_A_WINDOW)
}

faults! {
    // ---- a line
    a_line_refused_in_the_middle: over_ssh([Fault::refuse(When::matching("ip vrf forwarding"))]).undone("router.refused-line");
    the_first_line_refused: over_ssh([Fault::refuse(When::matching("^ip access-list v4-deny-list"))]).undone("router.refused-line");
    a_line_refused_in_the_middle_of_a_window: over_ssh([Fault::refuse(window())]).undone("router.refused-line");
    every_second_line_of_a_window_refused:
        over_ssh([Fault::Refuse { when: When::matching("(base.oqs|managedpki|secomtrust)"), text: None, times: 3 }])
            .undone("router.refused-line");
    // Lines of a list that nothing uses yet, and of an interface that is shut, are in flight together.
    the_first_entry_of_a_new_list_refused:
        over_ssh([Fault::refuse(When::matching("v6-permit-list permit udp .* eq 546"))]).undone("router.refused-line");
    all_but_the_last_entry_of_a_new_list_refused:
        over_ssh([Fault::Refuse { when: When::matching("v6-permit-list permit udp"), text: None, times: 2 }])
            .undone("router.refused-line");
    a_link_cut_between_the_entries_of_a_new_list:
        over_ssh([Fault::drop_link(When::matching("v6-permit-list permit udp .* eq 547"))]).undone("link.");
    a_line_of_a_shut_interface_refused: over_ssh([Fault::refuse(When::matching("^ipv6 dhcp client pd6c"))])
        .undone("router.refused-line");
    a_line_with_an_unknown_notice:
        over_ssh([Fault::Refuse { when: middle(), text: Some("% Something no one wrote down.".to_owned()), times: 1 }])
            .undone("router.still-differs");
    a_slow_line: over_ssh([Fault::Slow { when: middle(), millis: 700, times: 1 }]);
    a_line_slower_than_its_deadline: over_ssh([Fault::Slow { when: middle(), millis: 1500, times: 1 }])
        .waiting("{ connect: 10s, command: 1s, lock: 1s, reload: 20s }").undone("session.timeout");
    every_line_slow: over_ssh([]).with(|spec| spec.readings.think_millis = 5);

    // ---- the link
    a_link_cut_in_the_middle: over_ssh([Fault::drop_link(middle())]).undone("link.");
    a_link_cut_before_the_line_was_carried_out:
        over_ssh([Fault::Drop { when: middle(), executed: false, times: 1 }]).undone("link.");
    a_link_cut_in_a_window: over_ssh([Fault::drop_link(window())]).undone("link.");
    a_link_cut_in_a_window_before_the_line_was_carried_out:
        over_ssh([Fault::Drop { when: window(), executed: false, times: 1 }]).undone("link.");
    a_link_cut_in_a_window_behind_a_refused_line:
        over_ssh([Fault::refuse(When::matching("base.oqs-pdl")), Fault::drop_link(window())]).undone("link.");
    // The last line of the plan: what is found is what was declared.
    a_link_cut_at_the_host_name:
        over_ssh([Fault::drop_link(When::matching("^no hostname"))]).ends(End::Saved, 0, ["link.", "lost"]);
    a_dead_session_that_keeps_the_lock_for_a_while: over_ssh([Fault::drop_link(middle())])
        .with(|spec| spec.readings.dead_lock = DeadLock::HeldMillis(1000)).undone("link.");
    a_dead_session_that_keeps_the_lock: over_ssh([Fault::drop_link(middle())])
        .with(|spec| spec.readings.dead_lock = DeadLock::HeldForever)
        .ends(End::Between, 4, ["link.", "router.lost", "the session is gone, the outcome unknown"]);
    a_session_that_freezes: over_ssh([Fault::Freeze { when: middle() }])
        .waiting("{ connect: 5s, command: 1s, lock: 1s, reload: 20s }").undone("session.timeout");
    a_session_that_freezes_in_a_window: over_ssh([Fault::Freeze { when: window() }])
        .waiting("{ connect: 5s, command: 1s, lock: 1s, reload: 20s }").undone("session.timeout");
    a_session_that_freezes_and_keeps_the_lock: over_ssh([Fault::Freeze { when: middle() }])
        .with(|spec| spec.readings.dead_lock = DeadLock::HeldForever)
        .waiting("{ connect: 5s, command: 1s, lock: 1s, reload: 3s }")
        .ends(End::Between, 4, ["session.timeout", "router.lost"]);
    a_restart_in_the_middle: over_ssh([Fault::Reboot { when: middle() }]).undone("link.");
    a_restart_in_a_window: over_ssh([Fault::Reboot { when: window() }]).undone("link.");

    // ---- a save
    a_save_that_fails: over_ssh([Fault::Save { how: SaveFault::Fails, times: 1 }]).undone("router.save-refused");
    a_save_after_which_startup_differs:
        over_ssh([Fault::Save { how: SaveFault::Loses("bridge".to_owned()), times: 1 }]).undone("router.save-differs");
    a_save_that_writes_nothing_and_does_not_say_so:
        over_ssh([Fault::Save { how: SaveFault::Silent, times: 1 }]).undone("router.save-differs");
    a_link_cut_before_a_save_wrote_anything_is_finished_afterwards:
        over_ssh([Fault::Save { how: SaveFault::CutBefore, times: 1 }])
            .waiting("{ connect: 10s, command: 10s, lock: 1s, save: 2s, reload: 3s }")
            .ends(End::Saved, 0, ["lost"]);
    a_link_cut_after_a_save_wrote_everything_is_found_saved:
        over_ssh([Fault::Save { how: SaveFault::CutAfter, times: 1 }]).ends(End::Saved, 0, ["lost"]);
    a_slow_save: over_ssh([]).with(|spec| spec.readings.save_millis = 700);

    // ---- other people The colleague leaves config mode: we read the router, find a part of our own plan, and undo
    // it.
    config_mode_taken_away_in_the_middle:
        over_ssh([Fault::LockTaken { when: middle(), kept: false }]).undone("session.evicted");
    config_mode_taken_away_in_a_window_that_is_carried_out_all_the_same:
        over_ssh([Fault::LockTaken { when: window(), kept: false }]).undone("session.evicted");
    config_mode_taken_away_in_a_window_whose_rest_finds_us_outside:
        over_ssh([Fault::LockTaken { when: window(), kept: false }])
            .with(|spec| spec.readings.eviction_at_once = true).undone("session.evicted");
    config_mode_taken_away_for_good: over_ssh([Fault::LockTaken { when: middle(), kept: true }])
        .ends(End::Between, 4, ["session.evicted", "router.lost", "the session is gone, the outcome unknown"]);
    config_mode_held_by_a_colleague: over_ssh([Fault::LockHeld { attempts: None }]).untouched("session.occupied");
    config_mode_held_for_a_moment: over_ssh([Fault::LockHeld { attempts: Some(1) }])
        .waiting("{ connect: 10s, command: 10s, lock: 20s, reload: 3s }");
    a_colleagues_line_among_ours_is_mixed_and_left_alone: over_ssh([
        Fault::ColleagueLines {
            when: Some(When::matching("bridge irb enable")),
            lines: vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()],
        },
        Fault::drop_link(middle()),
    ]).ends(End::Between, 4, ["router.mixed", "mixed"]);
    a_log_line_in_the_middle_of_an_answer_is_no_answer: over_ssh([Fault::LogLine {
        when: When::matching("show running-config"),
        text: "2026/11/22 08:00:00 SSHD.004: login".to_owned(),
        after_output_lines: 5,
        times: 0,
    }]);
    a_log_line_at_every_line: over_ssh([Fault::LogLine {
        when: When::default(),
        text: "2026/11/22 08:00:00 LINK.002: GigaEthernet0 is up".to_owned(),
        after_output_lines: 0,
        times: 0,
    }]);

    // ---- coming in
    a_login_that_is_refused: over_ssh([Fault::LoginRefused { times: 0 }]).untouched("ssh.authentication");
    a_user_who_may_only_look: over_ssh([Fault::Monitor]).untouched("session.monitor-right");
    firmware_with_old_algorithms: over_ssh([])
        .with(|spec| spec.readings.algorithms = mock_device::scenario::Algorithms::Old).untouched("ssh.algorithms");
    a_terminal_that_takes_no_settings:
        over_ssh([Fault::Refuse { when: When::matching("^terminal"), text: None, times: 0 }]);
    a_router_that_takes_no_lines_ahead: over_ssh([]).with(|spec| {
        spec.readings.type_ahead = 8;
        spec.readings.think_millis = 2;
    });

    // ---- a console
    #[cfg(unix)]
    lost_characters_on_a_console: on_a_console([Fault::CharacterLoss { one_in: 400 }]);
    #[cfg(unix)]
    doubled_characters_on_a_console: on_a_console([Fault::CharacterDoubled { one_in: 400 }]);
    #[cfg(unix)]
    a_console_that_sleeps: on_a_console([]).with(|spec| spec.readings.quiet_returns = 2);
    #[cfg(unix)]
    a_refused_line_on_a_console: on_a_console([Fault::refuse(When::matching("v4-dflt-list access"))]).undone("router.refused-line");
    // Pulled and put back: the box on the cable is read again before anything else.
    #[cfg(unix)]
    a_cable_pulled_in_the_middle: on_a_console([Fault::drop_link(When::matching("v4-dflt-list access"))])
        .undone("serial.unplugged");
    #[cfg(unix)]
    a_restart_under_a_console: on_a_console([Fault::Reboot { when: When::matching("v4-dflt-list access") }])
        .with(|spec| spec.readings.boot_millis = 200).ends(End::Undone, 3, ["undone"]);
}

/// What the program types by itself around a plan.
const OWN: [&str; 8] = [
    "enable-config",
    "terminal length 0",
    "terminal width 512",
    "event-terminal stop",
    "write memory",
    "pki private-key generate rsa",
    "configure",
    "exit",
];

/// Whether a line is not of the plan: lines that the program types by itself, and lines that only read.
fn is_own(line: &str) -> bool {
    OWN.contains(&line) || line.starts_with("show ") || line.starts_with("ping ")
}

/// The plan of a router that nothing is wrong with, and its undo, without what is typed around any plan.
fn agreed(row: &Row) -> (Vec<String>, BTreeSet<String>) {
    let spec = RouterSpec { faults: Vec::new(), ..row.spec.clone() };
    let spec = RouterSpec { readings: mock_device::Readings::default(), ..spec };
    let bench = Bench::new(vec![(spec, row.declared.clone())]);
    let book = crate::harness::playbook("online-eligibility.yaml");
    let planned = bench.run(&["--format", "json", "plan", &book, "-i", "clinics.yaml"]).exits(2).json();
    let list = |name: &str| {
        let lines = planned["routers"][0][name].as_array().unwrap().clone();
        lines.iter().map(|line| shown(line.as_str().unwrap())).filter(|line| !is_own(line)).collect()
    };
    let undo: Vec<String> = list("undo");
    (list("commands"), undo.into_iter().collect())
}

/// A line as both our plan and the router's log show it: up to the word that announces a secret.
fn shown(line: &str) -> String {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let secret = words.iter().position(|word| ["password", "key", "secret"].contains(word));
    words.get(..secret.map_or(words.len(), |at| at + 1)).unwrap().join(" ")
}

#[track_caller]
fn holds(row: Row) {
    let id = row.spec.id.clone();
    let (plan, undo) = agreed(&row);
    let bench = Bench::new(vec![(row.spec, row.declared)]);
    let before = bench.snapshot(&id);
    let mut run = bench.apply(&["--phase", "bench"]).exits(row.exit);
    for text in row.says {
        run = run.says(text);
    }
    let typed: Vec<String> = bench
        .events(&id)
        .into_iter()
        .filter_map(|event| match event.what {
            What::Line { outcome: Outcome::Ignored, .. } => None,
            What::Line { line, .. } => Some(shown(&line)),
            _ => None,
        })
        .collect();
    let saves = typed.iter().filter(|line| *line == "write memory").count();
    let ours: Vec<&String> = typed.iter().filter(|line| !is_own(line)).collect();
    let forward = ours.iter().zip(&plan).take_while(|(typed, planned)| **typed == *planned).count();
    // First the plan, in its order; then, if at all, lines that undo it.
    for line in &ours[forward..] {
        assert!(undo.contains(*line), "`{line}` should not have been typed\n{typed:#?}");
    }
    match row.end {
        End::Untouched => {
            assert_eq!((bench.snapshot(&id), ours.len(), saves), (before, 0, 0), "{typed:#?}");
        }
        End::Undone => {
            assert_eq!(bench.snapshot(&id), before);
            assert!(forward > 0, "{typed:#?}");
        }
        End::Saved => {
            assert_eq!(bench.running(&id), bench.startup(&id));
            assert_eq!((forward, ours.len()), (plan.len(), plan.len()), "{typed:#?}");
        }
        End::Between => {
            assert_eq!((bench.startup(&id), saves), (before.1, 0), "nothing was saved");
            assert_eq!(ours.len(), forward, "what we do not know to be ours alone is not undone\n{typed:#?}");
        }
    }
}

/// The key that was pinned when the inventory was written is not the one that the router shows.
#[test]
fn another_host_key_than_the_pinned_one() {
    let bench = Bench::one();
    bench.mock.inject("r3", Fault::HostKeyChanged).unwrap();
    let before = bench.snapshot("r3");
    bench.apply(&["--phase", "bench"]).exits(3).says("ssh.host-key-changed");
    let typed = |event: &mock_device::Event| matches!(event.what, What::Line { .. } | What::Login { .. });
    assert!(!bench.events("r3").iter().any(typed), "not even a password was sent");
    assert_eq!(bench.snapshot("r3"), before);
}

/// A log line that comes by itself, on every terminal at once, while a line is in flight.
#[test]
fn a_log_line_out_of_nowhere_disturbs_nothing() {
    let bench = Bench::with_fault(Fault::Slow { when: middle(), millis: 500, times: 1 });
    let book = crate::harness::playbook("online-eligibility.yaml");
    let mut command = bench.command(&["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"]);
    let process = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !bench.events("r3").iter().any(|event| matches!(&event.what, What::Fault { name } if name == "slow")) {
        assert!(std::time::Instant::now() < deadline, "the line was never sent");
        std::thread::yield_now();
    }
    bench.mock.inject("r3", Fault::LogNow { text: "LINK.002: GigaEthernet0 is up".to_owned() }).unwrap();
    bench.finish(process.wait_with_output().unwrap()).exits(0);
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}
