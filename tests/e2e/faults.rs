//! What goes wrong in the middle: the router ends undone and proven undone, or we say honestly that it is lost.

use mock_device::{Fault, SaveFault, When};

use crate::harness::{Bench, prepared, router3};

/// Applies, and insists that everything was taken back: by our word, by the exit status, and by the router's own files.
fn ends_undone(fault: Fault, code: &str) {
    let bench = Bench::with_fault(fault);
    let before = bench.snapshot("r3");
    let run = bench.apply(&["--phase", "bench"]).exits(3).says(code);
    assert!(run.stdout.contains("undone: read again, equals the backup"), "{}", run.stdout);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_line_refused_in_the_middle() {
    ends_undone(Fault::refuse(When::matching("ip vrf forwarding")), "router.refused-line");
}

#[test]
fn the_first_line_refused() {
    ends_undone(Fault::refuse(When::matching("^ip access-list v4-deny-list")), "router.refused-line");
}

#[test]
fn a_link_cut_in_the_middle() {
    ends_undone(Fault::drop_link(When::matching("bridge 1 bridge-only")), "link.");
}

#[test]
fn a_link_cut_before_the_line_was_carried_out() {
    let when = When::matching("bridge 1 bridge-only");
    ends_undone(Fault::Drop { when, executed: false, times: 1 }, "link.");
}

#[test]
fn a_restart_in_the_middle_brings_the_startup_configuration_back() {
    ends_undone(Fault::Reboot { when: When::matching("bridge 1 bridge-only") }, "");
}

#[test]
fn a_save_that_fails() {
    ends_undone(Fault::Save { how: SaveFault::Fails, times: 1 }, "router.save-refused");
}

#[test]
fn a_save_after_which_startup_differs() {
    ends_undone(Fault::Save { how: SaveFault::Loses("bridge".to_owned()), times: 1 }, "router.save-differs");
}

#[test]
fn a_save_that_writes_nothing_and_does_not_say_so() {
    ends_undone(Fault::Save { how: SaveFault::Silent, times: 1 }, "router.save-differs");
}

#[test]
fn a_link_cut_before_a_save_wrote_anything_is_finished_afterwards() {
    let bench = Bench::with_fault(Fault::Save { how: SaveFault::CutBefore, times: 1 });
    bench.apply(&["--phase", "bench"]).exits(0).says("lost");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn a_link_cut_after_a_save_wrote_everything_is_found_saved() {
    let bench = Bench::with_fault(Fault::Save { how: SaveFault::CutAfter, times: 1 });
    bench.apply(&["--phase", "bench"]).exits(0).says("lost");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn config_mode_taken_away_in_the_middle() {
    // The colleague gives it back: we read the router, find a part of our own plan, and take it back.
    let when = When::matching("bridge 1 bridge-only");
    ends_undone(Fault::LockTaken { when, kept: false }, "session.evicted");
}

#[test]
fn config_mode_taken_away_for_good_is_lost_and_said_so() {
    let bench = Bench::with_fault(Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true });
    let run = bench.apply(&["--phase", "bench"]).exits(4).says("session.evicted").says("router.lost");
    assert!(run.stdout.contains("lost: the session is gone, the outcome unknown"), "{}", run.stdout);
    assert_ne!(bench.running("r3"), bench.startup("r3"), "part of the plan stands, and nothing was saved");
}

#[test]
fn a_router_that_is_gone_for_good_is_lost_and_said_so() {
    let bench = Bench::with_fault(Fault::Freeze { when: When::matching("bridge 1 bridge-only") });
    let mut bench = bench;
    bench.declare(|router| router.deadlines = "{ connect: 2s, command: 2s, lock: 1s, reload: 3s }");
    let startup = bench.startup("r3");
    let run = bench.apply(&["--phase", "bench"]);
    // A frozen session may keep the lock for ever: then the outcome is unknown, never "failed" and never "done".
    assert!(run.status == 4 || run.status == 3, "{}", run.status);
    assert_eq!(bench.startup("r3"), startup);
}

#[test]
fn a_colleagues_line_among_ours_is_mixed_and_left_alone() {
    let mut spec = prepared("r3");
    spec.faults = vec![
        Fault::ColleagueLines {
            when: Some(When::matching("bridge irb enable")),
            lines: vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()],
        },
        Fault::drop_link(When::matching("bridge 1 bridge-only")),
    ];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let run = bench.apply(&["--phase", "bench"]).exits(4).says("router.mixed");
    assert!(run.stdout.contains("mixed"), "{}", run.stdout);
    assert!(bench.running("r3").contains("ip route 10.0.0.0/8 192.0.2.70"), "a colleague's work is not ours to undo");
}

#[test]
fn a_log_line_in_the_middle_of_an_answer_is_no_answer() {
    let bench = Bench::with_fault(Fault::LogLine {
        when: When::matching("show running-config"),
        text: "2026/11/22 08:00:00 SSHD.004: login".to_owned(),
        after_output_lines: 5,
        times: 0,
    });
    bench.apply(&["--phase", "bench"]).exits(0);
}

#[test]
#[cfg(unix)]
fn lost_and_doubled_characters_on_a_console_are_repaired_before_return() {
    use crate::harness::Declared;
    use mock_device::{RouterSpec, Start, TransportSpec};
    for fault in [Fault::CharacterLoss { one_in: 400 }, Fault::CharacterDoubled { one_in: 400 }] {
        let mut spec = RouterSpec::new("r2");
        spec.start = Start::FactoryDefault;
        spec.transports = vec![TransportSpec::Serial { baud: None }];
        spec.faults = vec![fault];
        let bench = Bench::new(vec![(spec, Declared::new("r2", "router2"))]);
        bench.apply(&["--phase", "bench"]).exits(0);
        assert_eq!(bench.running("r2"), bench.startup("r2"));
    }
}
