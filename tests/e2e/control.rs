//! A run in progress and other terminals: pause, continue, abort, watch; and one whose controller is gone.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use mock_device::{Fault, When};

use crate::harness::{Bench, Run, assert_clean, prepared, router3};

/// Three clinics that are changed one after the other; the first is slow in the middle of its push.
fn three_clinics(book: &str) -> Bench {
    let routers = ["r1", "r2", "r3"].map(|id| {
        let mut spec = prepared(id);
        if id == "r1" {
            spec.faults = vec![Fault::Slow { when: When::matching("^hostname"), millis: 4000, times: 1 }];
        }
        (spec, router3(id))
    });
    let bench = Bench::new(routers.into());
    let role = bench.path("roles/day-2");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(bench.path("day-2.yaml"), book).unwrap();
    let role_text = "version: 1\ntitle: { en: Day 2, ja: 変更 }\nowns: [hostname]\ntemplates: [lines.ix.j2]\n";
    std::fs::write(role.join("role.yaml"), role_text).unwrap();
    std::fs::write(role.join("lines.ix.j2"), "hostname changed\n").unwrap();
    bench
}

/// One after the other, and no failure stops the others.
const ONE_BY_ONE: &str = "version: 1\nname: day-2\nrollout: { concurrency: 1, max_failures: 9 }\nplays:\n  - routers: \"r1,r2,r3\"\n    roles: [day-2]\n";

/// The program at work on them.
struct AtWork {
    process: Child,
    lines: Box<dyn Iterator<Item = String>>,
    run: String,
}

/// Begins, and waits until the first router's line is on its way.
fn begin(bench: &Bench) -> AtWork {
    let mut command = bench.command(&["apply", "day-2.yaml", "-i", "clinics.yaml", "--yes"]);
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines: Box<dyn Iterator<Item = String>> =
        Box::new(BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok));
    let named = lines.find_map(|line| line.strip_prefix("run ").map(str::to_owned));
    let run = named.expect("it begins");
    assert!(lines.any(|line| line.contains("hostname changed")), "the line was never sent");
    AtWork { process, lines, run }
}

impl AtWork {
    fn until(&mut self, words: &str) {
        assert!(self.lines.any(|line| line.contains(words)), "`{words}` was never said");
    }

    fn ends(mut self, status: i32) -> String {
        let rest = self.lines.collect::<Vec<_>>().join("\n");
        assert_clean("stderr", &rest);
        assert_eq!(self.process.wait().unwrap().code(), Some(status), "{rest}");
        rest
    }
}

fn json(bench: &Bench, words: &[&str]) -> serde_json::Value {
    bench.run(&[&["--format", "json"], words].concat()).exits(0).json()
}

/// Which routers are changed and saved, as their own files say.
fn changed(bench: &Bench) -> Vec<&'static str> {
    let is_changed = |id: &&str| {
        let (running, startup) = bench.snapshot(id);
        running == startup && running.lines().any(|line| line == "hostname changed")
    };
    ["r1", "r2", "r3"].into_iter().filter(is_changed).collect()
}

/// The state of each router, as the journal says it.
fn states(bench: &Bench, run: &str) -> Vec<(String, String)> {
    let shown = json(bench, &["show", run]);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let outcomes = shown["outcomes"].as_array().unwrap();
    outcomes.iter().map(|outcome| (text(&outcome["router"]), text(&outcome["state"]))).collect()
}

#[test]
fn a_paused_run_begins_nothing_until_it_is_continued_and_both_are_recorded() {
    let bench = three_clinics(ONE_BY_ONE);
    let mut work = begin(&bench);
    let run = work.run.clone();
    bench.run(&["status"]).exits(0).says(&format!("in progress: ixdeploy watch {run}"));
    bench.run(&["pause", "last"]).exits(0).says("paused: nothing new begins").says("r1: ends in ");
    work.until("r1: ■ saved");
    let progress = &json(&bench, &["pause", &run])["progress"];
    assert_eq!((&progress["pace"], &progress["ended"], &progress["waiting"]), (&"paused".into(), &1.into(), &2.into()));
    assert_eq!(progress["in_flight"], 0, "{progress}");
    assert_eq!(changed(&bench), ["r1"]);
    // It looks like no run that has ended, and each command says how it goes on; nothing else begins beside it.
    let goes_on = format!("ixdeploy continue {run}");
    for words in [&["runs"][..], &["show", &run]] {
        let said = bench.run(words).exits(0).stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(&format!("paused, begins nothing: {goes_on}")), "{said}");
        assert!(!said.contains("left open"), "{said}");
    }
    for words in [&["status"][..], &["status", "--needs-person"]] {
        bench.run(words).exits(3).says("paused, begins nothing").says(&goes_on);
    }
    let status = bench.run(&["--format", "json", "status"]).exits(3).json();
    assert_eq!(status["runs"][0]["waits_for"], "continue", "{status}");
    bench.run(&["rerun", &run, "--yes"]).exits(1).says("rerun.in-progress");
    bench.run(&["resume", "last", "--yes"]).exits(1).says("lock.run-held");
    bench.run(&["resume", "--yes"]).exits(0).says("No router is left unknown").says(&goes_on);
    // Without a terminal someone has to say yes.
    bench.run(&["continue", &run]).exits(1).says("apply.nobody-to-ask");
    bench.run(&["continue", &run, "--yes"]).exits(0).says("goes on");
    work.ends(0);
    assert_eq!(changed(&bench), ["r1", "r2", "r3"]);
    let shown = bench.run(&["show", &run]).exits(0).stdout;
    assert_eq!((shown.matches("ordered pause by").count(), shown.matches("ordered continue by").count()), (2, 1));
    bench.run(&["pause", &run]).exits(1).says("control.not-running");
    bench.run(&["continue", &run, "--yes"]).exits(1).says("continue.nothing");
}

#[test]
fn an_aborted_run_ends_as_by_ctrl_c_and_goes_on_later_with_what_it_had_not_begun() {
    let bench = three_clinics(ONE_BY_ONE);
    let before = bench.snapshot("r1");
    let work = begin(&bench);
    let run = work.run.clone();
    bench.run(&["abort", &run]).exits(0).says("nothing new begins");
    work.ends(3);
    assert_eq!((bench.snapshot("r1"), changed(&bench)), (before.clone(), Vec::new()));
    let ends = |ends: [&str; 3]| -> Vec<(String, String)> {
        ["r1", "r2", "r3"].iter().zip(ends).map(|(router, end)| ((*router).to_owned(), end.to_owned())).collect()
    };
    assert_eq!(states(&bench, &run), ends(["undone", "not-started", "not-started"]));
    // The one that was undone is not begun again; the result is the whole run's.
    bench.run(&["continue", &run, "--yes"]).exits(3).says(&format!("run {run}")).says("r1: undone");
    assert_eq!((bench.snapshot("r1"), changed(&bench)), (before, vec!["r2", "r3"]));
    assert_eq!(states(&bench, &run), ends(["undone", "saved", "saved"]));
    bench.run(&["journal", "verify"]).exits(0);
}

#[test]
#[cfg(unix)]
fn a_run_whose_controller_was_killed_is_recovered_and_goes_on_under_its_own_name() {
    let bench = three_clinics(ONE_BY_ONE);
    let mut work = begin(&bench);
    let run = work.run.clone();
    work.process.kill().unwrap();
    work.process.wait().unwrap();
    // What watches it notices that no one carries it out.
    bench.run(&["watch", &run]).exits(4).says("no one carries it out any more");
    bench.run(&["continue", &run]).exits(1).says("apply.nobody-to-ask");
    assert_eq!(changed(&bench), Vec::<&str>::new(), "nothing goes on by itself");
    let continued: Run = bench.run(&["continue", &run, "--yes"]);
    let states = states(&bench, &run);
    let saved: Vec<&str> = states.iter().filter(|(_, state)| state == "saved").map(|(name, _)| name.as_str()).collect();
    assert_eq!(changed(&bench), saved, "{states:?}\n{}\n{}", continued.stdout, continued.stderr);
    assert!(saved.ends_with(&["r2", "r3"]), "{states:?}");
    bench.run(&["status"]).exits(0);
    bench.run(&["journal", "verify"]).exits(0);
}

#[test]
fn watch_follows_a_run_from_its_start_and_ends_with_it() {
    let bench = three_clinics(ONE_BY_ONE);
    let work = begin(&bench);
    let run = work.run.clone();
    let watched = bench.run(&["watch", &run, "--from-start"]);
    work.ends(0);
    let watched = watched.exits(0).says(&format!("run {run} has ended, exit status 0"));
    for router in ["r1", "r2", "r3"] {
        assert!(watched.stderr.contains(&format!("{router}: ■ saved")), "{}", watched.stderr);
    }
    // Of one that has ended, too.
    bench.run(&["watch", "last"]).exits(0).says("has ended");
    bench.run(&["watch", "20200101-000000-none"]).exits(1).says("journal.no-run");
}
