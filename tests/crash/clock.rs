//! The clock of our own machine is set back: in the middle of a run, or between a crash and the resume.

use mock_device::DeadLock;
use serde_json::Value;

use crate::child::{self, Trouble};
use crate::ends::Ends;
use crate::harness::Bench;
use crate::points::every;
use crate::stage::{APPLY, RESUME, Stage, Story, leaves_none_unknown};

/// How many writes the story takes where nothing happens.
fn writes() -> usize {
    child::run(&Stage::of(Story::Push, DeadLock::Freed, None).bench, &APPLY, Trouble::None).1
}

/// The times of the last run's records, in the order of their numbers.
fn times(bench: &Bench) -> Vec<String> {
    let history = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    let run = history["runs"].as_array().unwrap().last().unwrap()["run"].as_str().unwrap().to_owned();
    let told = bench.run(&["--format", "json", "show", &run]).exits(0).json();
    let records: &Vec<Value> = told["records"].as_array().unwrap();
    let numbers: Vec<i64> = records.iter().map(|stored| stored["number"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    records.iter().map(|stored| stored["at"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn set_back_in_the_middle_of_a_run() {
    let ends = Ends::observed(Story::Push);
    let writes = writes();
    every("Push, our clock set back behind a write of the journal", 1..=writes, 4, |point| {
        let trouble = Trouble::ClockBackAfter(point);
        let bench = Stage::of(Story::Push, DeadLock::Freed, None).bench;
        let (output, _) = child::run(&bench, &APPLY, trouble);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0), "{trouble:?}\n{said}");
        let end = ends.judge(&bench, &format!("{trouble:?}"));
        let times = times(&bench);
        assert!(point + 1 >= writes || !times.is_sorted(), "{trouble:?}: the clock was not set: {times:?}");
        leaves_none_unknown(&bench, &format!("{trouble:?}"));
        // A later run is the later one, whatever the clock said of the first.
        bench.run(&APPLY).exits(0);
        bench.run(&["journal", "verify"]).exits(0);
        end.to_owned()
    });
}

#[test]
fn set_back_between_a_crash_and_the_resume() {
    let ends = Ends::observed(Story::Push);
    every("Push killed after a write of the journal, our clock set back before the resume", 1..=writes(), 4, |point| {
        let trouble = Trouble::AheadKilledAfter(point);
        let name = format!("{trouble:?}");
        let bench = Stage::of(Story::Push, DeadLock::Freed, None).bench;
        let (output, _) = child::run(&bench, &APPLY, trouble);
        assert_eq!(output.status.code(), None, "{name}: it did not die");
        let resumed = bench.run(&RESUME);
        assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        let end = ends.judge(&bench, &name);
        leaves_none_unknown(&bench, &name);
        bench.run(&APPLY).exits(0);
        assert_eq!(Some(bench.snapshot("r3")), ends.after, "{name}");
        end.to_owned()
    });
}
