//! What a restart would bring up: nothing is called saved or undone on half a proof, whatever a firmware shows of its startup
//! configuration.

use mock_device::{Fault, RouterSpec, SaveFault, What, When};

use crate::harness::{Bench, Declared, prepared, router3};
use crate::hostile::{APPLY, LINES, saves, small_book};
use crate::lost::last_run;

/// A firmware that knows neither form of the command.
fn neither_form() -> Fault {
    Fault::Refuse { when: When::matching("^show (startup-)?config"), text: None, times: 0 }
}

fn bench(faults: Vec<Fault>) -> Bench {
    let spec = RouterSpec { faults, ..prepared("r3") };
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    small_book(&bench, LINES);
    bench
}

fn adopting<'w>() -> Vec<&'w str> {
    [APPLY.as_slice(), &["--adopt"]].concat()
}

#[test]
fn the_second_form_of_the_command_is_proof_as_the_first_is() {
    let bench = bench(vec![Fault::Refuse { when: When::matching("^show startup-config"), text: None, times: 0 }]);
    bench.run(&APPLY).exits(0).says("saved");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
}

#[test]
fn where_startup_is_not_shown_nothing_begins_and_no_useless_save_is_advised() {
    let device_text = "% Non-volatile configuration memory is not present";
    let says_so =
        Fault::Refuse { when: When::matching("^show (startup-)?config"), text: Some(device_text.to_owned()), times: 0 };
    for fault in [neither_form(), says_so] {
        let bench = bench(vec![fault]);
        let before = bench.snapshot("r3");
        for words in [["plan", "small.yaml", "-i", "clinics.yaml"].as_slice(), APPLY.as_slice()] {
            let run = bench.run(words).exits(3).says("router.startup-unread");
            let said = [run.stdout, run.stderr].concat();
            assert!(!said.contains("write memory") && !said.contains(device_text), "{said}");
        }
        assert_eq!((bench.snapshot("r3"), saves(&bench)), (before, 0));
    }
}

#[test]
fn a_save_that_startup_cannot_prove_is_saved_unverified() {
    let bench = bench(vec![neither_form()]);
    bench.run(&adopting()).exits(3).says("router.save-unproven").says("saved, unverified");
    assert_eq!((bench.running("r3"), saves(&bench)), (bench.startup("r3"), 1));
    // It is open no more, and the record says why it is not plain.
    bench.run(&["status"]).exits(0);
}

#[test]
#[cfg(unix)]
fn a_new_box_on_a_console_saves_unverified_where_startup_cannot_be_shown() {
    let spec = RouterSpec {
        faults: vec![neither_form()],
        start: mock_device::Start::FactoryDefault,
        transports: vec![mock_device::TransportSpec::Serial { baud: None }],
        ..RouterSpec::new("r2")
    };
    let bench = Bench::new(vec![(spec, Declared::new("r2", "router2"))]);
    bench.apply(&["--phase", "bench"]).exits(3).says("router.save-unproven").says("saved, unverified");
    assert_eq!(bench.running("r2"), bench.startup("r2"));
}

#[test]
fn a_change_is_not_called_undone_while_startup_may_hold_it() {
    // The save wrote everything, its answer never came, and the policy is to undo.
    let cut = Fault::Save { how: SaveFault::CutAfter, times: 1 };
    let bench = bench(vec![neither_form(), cut]);
    let book = std::fs::read_to_string(bench.path("small.yaml")).unwrap();
    std::fs::write(bench.path("small.yaml"), format!("{book}lost: undo\n")).unwrap();
    let before = bench.snapshot("r3");
    let run = bench.run(&adopting()).exits(4).says("router.startup-not-back").says("undo-failed");
    assert!(run.stdout.contains("ntp interval 600"), "what it may hold is named: {}", run.stdout);
    assert_eq!((bench.running("r3"), saves(&bench)), (before.0, 1), "{}", run.stdout);
    bench.run(&["status"]).exits(4);
    // Looked at again it is no more proven than before.
    bench.run(&["resume", &last_run(&bench), "--yes"]).exits(4).says("router.startup-not-back");
}

#[test]
fn adopted_changes_are_not_made_permanent_by_the_undo() {
    let unsaved = Fault::ColleagueLines { when: None, lines: vec!["nm sitename theirs".to_owned()] };
    let loses = Fault::Save { how: SaveFault::Loses("^ntp retry".to_owned()), times: 1 };
    let bench = bench(vec![loses]);
    bench.mock.inject("r3", unsaved).unwrap();
    let run = bench.run(&adopting()).exits(4).says("router.save-differs").says("router.startup-not-back");
    assert_eq!(saves(&bench), 1, "a second save would make permanent what was not: {}", run.stdout);
    let running = bench.running("r3");
    assert!(running.contains("nm sitename theirs") && !running.contains("ntp retry"), "{running}");
}

#[test]
#[cfg(unix)]
fn the_undo_does_not_save_a_box_that_had_saved_nothing() {
    let spec = RouterSpec {
        faults: vec![Fault::Save { how: SaveFault::Loses("^ip access-list".to_owned()), times: 1 }],
        start: mock_device::Start::FactoryDefault,
        transports: vec![mock_device::TransportSpec::Serial { baud: None }],
        ..RouterSpec::new("r2")
    };
    let bench = Bench::new(vec![(spec, Declared::new("r2", "router2"))]);
    let (running, _) = bench.snapshot("r2");
    bench.apply(&["--phase", "bench"]).exits(4).says("router.save-differs").says("router.startup-not-back");
    let saved = bench.events("r2").iter().filter(|event| matches!(event.what, What::Saved { .. })).count();
    assert_eq!((bench.running("r2"), saved), (running, 1));
}
