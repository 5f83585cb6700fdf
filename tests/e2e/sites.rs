//! A site is one transaction: its routers are changed together, or not at all.

use mock_device::{Event, Fault, RouterSpec, SaveFault, What, When};

use crate::harness::{Bench, Declared, prepared, router3};
use crate::lost::{apply, own_book};

/// Two routers of one site, the second with a fault.
fn site(fault: Option<Fault>) -> Bench {
    let mut second = prepared("b3");
    second.faults.extend(fault);
    site_of(prepared("a3"), second)
}

fn site_of(first: RouterSpec, second: RouterSpec) -> Bench {
    let bench = Bench::new(vec![(first, router3("a3")), (second, router3("b3"))]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let joined = inventory.replace("  site-b3:\n    routers:\n", "");
    assert_ne!(inventory, joined);
    std::fs::write(bench.path("clinics.yaml"), joined).unwrap();
    bench
}

fn moment(bench: &Bench, id: &str, of: impl Fn(&Event) -> bool) -> u64 {
    bench.events(id).iter().find(|event| of(event)).map(|event| event.millis).expect("it never happened")
}

fn is_change(event: &Event) -> bool {
    matches!(&event.what, What::Line { line, .. } if line.starts_with("ip access-list"))
}

#[test]
fn nothing_is_written_before_all_are_locked_and_nothing_saved_before_all_are_verified() {
    let bench = site(None);
    bench.apply(&["--phase", "bench"]).exits(0);
    for id in ["a3", "b3"] {
        assert_eq!(bench.running(id), bench.startup(id));
    }
    let saved = |event: &Event| matches!(event.what, What::Saved { .. });
    let (first, second) = (moment(&bench, "a3", saved), moment(&bench, "b3", saved));
    assert!(first <= second, "saved in the order of the inventory: {first}, {second}");
    assert!(moment(&bench, "a3", is_change) < first && moment(&bench, "b3", is_change) < first);
}

#[test]
fn a_router_that_refuses_a_line_has_its_site_undone() {
    let bench = site(Some(Fault::refuse(When::matching("ip vrf forwarding"))));
    let before = (bench.snapshot("a3"), bench.snapshot("b3"));
    bench.apply(&["--phase", "bench"]).exits(3).says("router.refused-line").says("site.together");
    assert_eq!((bench.snapshot("a3"), bench.snapshot("b3")), before);
}

#[test]
fn a_router_that_is_occupied_keeps_its_site_untouched() {
    let bench = site(Some(Fault::LockHeld { attempts: None }));
    let before = (bench.snapshot("a3"), bench.snapshot("b3"));
    bench.apply(&["--phase", "bench"]).exits(3);
    assert_eq!((bench.snapshot("a3"), bench.snapshot("b3")), before);
    assert!(!bench.events("a3").iter().any(is_change), "nothing may be written");
}

#[test]
fn a_router_that_is_taken_away_while_it_is_read_is_occupied_and_its_site_is_undone() {
    let bench = site(Some(Fault::LockTaken { when: When::matching("show startup-config"), kept: true }));
    let before = (bench.snapshot("a3"), bench.snapshot("b3"));
    bench.apply(&["--phase", "bench"]).exits(3).says("b3: occupied");
    assert_eq!((bench.snapshot("a3"), bench.snapshot("b3")), before);
    assert!(!bench.events("b3").iter().any(is_change), "nothing of ours was typed there");
}

#[test]
fn a_save_that_fails_later_is_said_and_the_undo_of_the_other_is_offered() {
    let bench = site(Some(Fault::Save { how: SaveFault::Fails, times: 1 }));
    let before = bench.snapshot("b3");
    bench.apply(&["--phase", "bench"]).exits(3).says("router.save-refused");
    assert_eq!(bench.snapshot("b3"), before);
    assert_eq!(bench.running("a3"), bench.startup("a3"), "saved before it");
}

#[test]
fn a_router_whose_partner_cannot_be_read_is_held_back_whatever_the_failure_limit() {
    let bench = site(Some(Fault::Monitor));
    own_book(&bench, "");
    let before = bench.snapshot("a3");
    let run = apply(&bench, &["--yes"]).exits(3).says("site.together");
    assert!(run.stdout.contains("a3: not-started"), "{}", run.stdout);
    assert_eq!(bench.snapshot("a3"), before);
    assert!(!bench.events("a3").iter().any(is_change), "nothing may be written");
}

#[test]
fn a_router_that_an_earlier_run_left_unknown_holds_its_site_back() {
    let bench = site(Some(Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true }));
    own_book(&bench, "");
    let before = bench.snapshot("a3");
    apply(&bench, &["--yes"]).exits(4).says("router.lost");
    assert_eq!(bench.snapshot("a3"), before, "undone, since its partner did not come as far");
    let run = apply(&bench, &["--yes"]).exits(4).says("site.together");
    assert!(run.stdout.contains("a3: not-started"), "{}", run.stdout);
    assert_eq!(bench.snapshot("a3"), before);
    apply(&bench, &["--yes", "--take-over"]).exits(0);
    assert_eq!((bench.running("a3"), bench.running("b3")), (bench.startup("a3"), bench.startup("b3")));
}

#[test]
fn the_saved_half_of_a_site_is_undone_by_the_command_that_was_offered() {
    let bench = site(Some(Fault::Save { how: SaveFault::Fails, times: 1 }));
    let before = bench.snapshot("a3");
    let run = bench.apply(&["--phase", "bench"]).exits(3).says("is half done");
    let offered = run.stdout.lines().find_map(|line| line.split_once("ixdeploy undo ")).expect("no undo was offered").1;
    let words: Vec<&str> = ["undo"].into_iter().chain(offered.split_whitespace()).chain(["--yes"]).collect();
    bench.run(&words).exits(0);
    assert_eq!(bench.snapshot("a3"), before);
}

#[test]
fn a_router_that_carries_our_path_is_changed_and_saved_last() {
    let bench = site(None);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    // The second one is reached through the first.
    let (first, second) = inventory.split_once("      b3:").unwrap();
    let second = second.replacen("switch_port: 8 }", "switch_port: 8, through: [a3] }", 1);
    std::fs::write(bench.path("clinics.yaml"), format!("{first}      b3:{second}")).unwrap();
    bench.apply(&["--phase", "bench"]).exits(0);
    let saved = |event: &Event| matches!(event.what, What::Saved { .. });
    let checked =
        |event: &Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("show ip interface"));
    assert!(moment(&bench, "b3", checked) <= moment(&bench, "a3", is_change), "changed after whom it leads to");
    assert!(moment(&bench, "b3", saved) <= moment(&bench, "a3", saved), "saved after whom it leads to");
}

#[test]
fn a_path_through_a_router_that_is_not_there_is_an_error() {
    let bench = site(None);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let wrong = inventory.replacen("switch_port: 8 }", "switch_port: 8, through: [b33] }", 1);
    std::fs::write(bench.path("clinics.yaml"), wrong).unwrap();
    bench.check().exits(1).says("inventory.unknown-router").says("b3");
}

#[test]
fn a_router_that_waits_for_its_partner_is_not_logged_out() {
    let mut first = prepared("a3");
    first.readings.idle_seconds = 1;
    let mut second = prepared("b3");
    second.faults = vec![Fault::Slow { when: When::matching("bridge irb enable"), millis: 3000, times: 1 }];
    let deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 3s, idle: 200ms }";
    let declared = |id: &str| Declared { deadlines, ..router3(id) };
    let bench = Bench::new(vec![(first, declared("a3")), (second, declared("b3"))]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace("  site-b3:\n    routers:\n", "")).unwrap();
    let run = bench.apply(&["--phase", "bench"]).exits(0);
    assert!(!run.stderr.contains("lost"), "{}", run.stderr);
    let idle = |event: &Event| matches!(&event.what, What::Closed { how } if how == "idle");
    assert!(!bench.events("a3").iter().any(idle), "its session lasted");
}

/// A site in the middle of its change when our process died: the first router has all of it, the second a part, nothing is saved.
fn half_a_site() -> Bench {
    let bench = site(Some(Fault::Freeze { when: When::matching("bridge 1 bridge-only") }));
    own_book(&bench, "");
    let mut dying = bench
        .command(&["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--yes"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // The first one is read again after its last change, for the third time, and the second answers no more.
    let read = |event: &Event| matches!(&event.what, What::Line { line, .. } if line == "show running-config");
    let frozen = |event: &Event| matches!(&event.what, What::Fault { name } if name == "freeze");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while bench.events("a3").iter().filter(|event| read(event)).count() < 3 || !bench.events("b3").iter().any(frozen) {
        assert!(std::time::Instant::now() < deadline, "{:#?}", bench.events("a3"));
        std::thread::yield_now();
    }
    dying.kill().unwrap();
    dying.wait().unwrap();
    bench
}

#[test]
fn a_site_whose_process_died_is_undone_together_or_as_the_operator_decides() {
    let bench = half_a_site();
    let startup = (bench.startup("a3"), bench.startup("b3"));
    bench.run(&["resume", "--yes"]).exits(3).says("site.together");
    assert_eq!((bench.startup("a3"), bench.startup("b3")), startup, "one half of a site was saved");
    for id in ["a3", "b3"] {
        assert_eq!(bench.running(id), bench.startup(id));
    }
    let bench = half_a_site();
    bench.run(&["resume", "--yes", "--finish"]).exits(0);
    for id in ["a3", "b3"] {
        assert_eq!(bench.running(id), bench.startup(id));
    }
    bench.run(&["plan", "own.yaml", "-i", "clinics.yaml"]).exits(0);
}

#[test]
fn the_second_router_of_a_site_that_is_lost_in_its_save_is_saved_like_the_first() {
    for how in [SaveFault::CutBefore, SaveFault::CutAfter] {
        let bench = site(Some(Fault::Save { how, times: 1 }));
        // As long as a save may take, another one could meet it.
        let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
        std::fs::write(bench.path("clinics.yaml"), inventory.replace("lock: 1s,", "lock: 1s, save: 2s,")).unwrap();
        bench.apply(&["--phase", "bench"]).exits(0).says("lost");
        for id in ["a3", "b3"] {
            assert_eq!(bench.running(id), bench.startup(id));
        }
        bench.plan(&[]).exits(0);
    }
}

#[test]
fn the_first_router_of_a_site_that_stays_lost_in_its_save_is_undone_like_the_second() {
    let mut first = prepared("a3");
    let lost = Fault::Save { how: SaveFault::CutAfter, times: 1 };
    first.faults = vec![lost, Fault::LockTaken { when: When::matching("write memory"), kept: true }];
    let bench = site_of(first, prepared("b3"));
    let before = (bench.snapshot("a3"), bench.snapshot("b3"));
    bench.apply(&["--phase", "bench"]).exits(4).says("router.lost").says("site.together");
    assert_eq!(bench.snapshot("b3"), before.1);
    // The second one ended without the change, so the site can only be whole without it.
    bench.run(&["resume", "--yes", "--take-over"]).exits(3).says("undone");
    assert_eq!((bench.snapshot("a3"), bench.snapshot("b3")), before);
}

/// A site whose second router only drips from its first check after the change on; a deadline that began again at each byte would never end.
/// The number of times: 1 means that the next session is sound, 0 that none is.
fn dripping(times: u32) -> (Bench, i32) {
    let mut second = prepared("b3");
    let drip = Fault::Drip { when: When::matching("^show ip interface"), millis: 300, times };
    // The same displays are read before the first line: it begins to drip at a line that takes its time.
    second.faults = vec![Fault::Slow { when: When::matching("^bridge irb enable"), millis: 3000, times: 1 }];
    let deadlines = "{ connect: 10s, login: 5s, command: 5s, read: 3s, lock: 1s, save: 5s, reload: 20s, idle: 500ms }";
    let declared = |id: &str| Declared { deadlines, ..router3(id) };
    let bench = Bench::new(vec![(prepared("a3"), declared("a3")), (second, declared("b3"))]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace("  site-b3:\n    routers:\n", "")).unwrap();
    let book = crate::harness::playbook("online-eligibility.yaml");
    let mut command = bench.command(&["apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--yes"]);
    let mut process = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    // Far more than all bounds together: a run that has not ended by then never would.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(240);
    let mut to_come = Some(drip);
    let status = loop {
        if let Some(status) = process.try_wait().unwrap() {
            break status.code().unwrap();
        }
        let is_begun =
            |event: &Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("ip access-list"));
        if bench.events("b3").iter().any(is_begun)
            && let Some(drip) = to_come.take()
        {
            bench.mock.inject("b3", drip).unwrap();
        }
        if std::time::Instant::now() > deadline {
            process.kill().unwrap();
            panic!("still running: {:#?}", bench.events("b3").last());
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    };
    (bench, status)
}

#[test]
fn a_router_that_drips_once_delays_its_site_and_is_saved_with_it() {
    let (bench, status) = dripping(1);
    assert_eq!(status, 0);
    for id in ["a3", "b3"] {
        assert_eq!(bench.running(id), bench.startup(id));
        assert!(bench.running(id).contains("bridge 1 bridge-only"));
    }
}

#[test]
fn a_dripping_router_of_a_site_is_lost_and_its_partner_is_undone_and_unlocked() {
    let (bench, status) = dripping(0);
    assert_eq!(status, 4);
    assert_eq!(bench.running("a3"), bench.startup("a3"));
    assert!(!bench.running("a3").contains("bridge 1 bridge-only"));
    assert!(!bench.startup("b3").contains("bridge 1 bridge-only"), "nothing of it was saved");
    bench.run(&["status"]).exits(4).says("b3");
    // Config mode of the partner was given back: the next one gets it.
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "kept", "-l", "a3"]).exits(0);
}
