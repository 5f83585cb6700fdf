//! A run that outlives its terminal: what is asked before, what its process is told, and when it begins.

use std::process::Command;

use jiff::{SignedDuration, Timestamp};
#[cfg(unix)]
use mock_device::TransportSpec;
use mock_device::{Fault, When};

use crate::harness::{Bench, assert_clean, playbook};
#[cfg(unix)]
use crate::harness::{Declared, prepared, router3};
use crate::lost::last_run;

fn slow() -> Bench {
    Bench::with_fault(Fault::Slow { when: When::matching("^bridge irb enable"), millis: 3000, times: 1 })
}

/// Applies without waiting for the end; the document.
fn detach(bench: &Bench, more: &[&str]) -> serde_json::Value {
    let book = playbook("online-eligibility.yaml");
    let words =
        [&["--format", "json", "apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--detach", "--yes"], more];
    bench.run(&words.concat()).exits(0).json()
}

fn text<'a>(document: &'a serde_json::Value, field: &str) -> &'a str {
    document[field].as_str().unwrap_or_else(|| panic!("no {field} in {document}"))
}

#[test]
#[cfg(target_os = "linux")]
fn a_detached_run_survives_the_hang_up_of_its_terminal_and_its_process_is_told_no_secret() {
    let bench = slow();
    let document = detach(&bench, &[]);
    let (run, process) = (text(&document, "run"), document["process"].to_string());
    let proc = |file: &str| std::fs::read(format!("/proc/{process}/{file}")).unwrap_or_default();
    assert_clean("its arguments", &String::from_utf8_lossy(&proc("cmdline")));
    assert_clean("its environment", &String::from_utf8_lossy(&proc("environ")));
    let stat = String::from_utf8(proc("stat")).unwrap();
    let session = stat.rsplit(") ").next().unwrap().split(' ').nth(3).unwrap();
    assert_eq!(session, process, "it leads a session of its own, without a terminal");
    assert!(Command::new("kill").args(["-HUP", &process]).status().unwrap().success());
    bench.run(&["watch", run, "--from-start"]).exits(0).says("has ended, exit status 0");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert!(bench.running("r3").contains("vlan-group 1 port"));
    let log = std::fs::read_to_string(text(&document, "log")).unwrap();
    assert!(log.contains("r3: ■ saved") && log.contains(run), "{log}");
    assert_clean("its log", &log);
    // Nothing is left to reach it by.
    assert_eq!(std::fs::read_dir(bench.path("state/control")).unwrap().count(), 0);
}

#[test]
fn a_detached_run_waits_for_its_time_and_begins_by_itself() {
    let bench = Bench::one();
    let at = Timestamp::now() + SignedDuration::from_secs(20);
    let document = detach(&bench, &["--at", &at.to_string()]);
    let run = text(&document, "run");
    assert!(text(&document, "at").ends_with("+00:00"), "it is shown with its zone: {document}");
    bench.run(&["watch", run, "--from-start"]).exits(0).says("waiting until").says("has ended, exit status 0");
    assert!(Timestamp::now() >= at);
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert!(bench.running("r3").contains("vlan-group 1 port"));
}

#[test]
fn a_run_that_waits_for_its_time_is_ended_by_its_name() {
    let bench = Bench::one();
    let before = bench.snapshot("r3");
    let at = Timestamp::now() + SignedDuration::from_hours(2);
    let document = detach(&bench, &["--at", &at.to_string()]);
    let run = text(&document, "run");
    bench.run(&["continue", run, "--yes"]).exits(0).says("1 not begun");
    bench.run(&["continue", run, "--yes", "--concurrency", "1"]).exits(1).says("continue.limits");
    bench.run(&["abort", run]).exits(0).says("nothing new begins");
    bench.run(&["watch", run]).exits(3).says("has ended, exit status 3");
    bench.run(&["show", run]).exits(0).says("scheduled at").says("ordered abort by").says("ended not-started");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn the_hash_of_a_plan_approves_it_where_it_is_detached_too() {
    let bench = Bench::one();
    let sha256 = text(&bench.plan(&["--format", "json", "-o", "plan.json"]).exits(2).json(), "plan_sha256").to_owned();
    let apply = ["--format", "json", "apply", "plan.json", "-i", "clinics.yaml", "--phase", "bench", "--detach"];
    bench.run(&apply).exits(1).says("apply.nobody-to-ask");
    let document = bench.run(&[&apply[..], &["--plan-hash", &sha256]].concat()).exits(0).json();
    bench.run(&["watch", text(&document, "run"), "--from-start"]).exits(0).says("has ended, exit status 0");
    assert!(bench.startup("r3").contains("vlan-group 1 port"));
}

#[test]
fn a_time_that_is_over_or_none_and_a_question_without_a_terminal_begin_nothing() {
    let bench = Bench::one();
    let book = playbook("online-eligibility.yaml");
    let with = |more: &[&str]| bench.run(&[&["apply", &book, "-i", "clinics.yaml", "--phase", "bench"], more].concat());
    with(&["--yes", "--detach", "--at", "2020-01-01T22:00:00+09:00"]).exits(1).says("start-time.past");
    with(&["--yes", "--detach", "--at", "tonight"]).exits(1).says("start-time.unreadable");
    with(&["--yes", "--at", "22:00"]).exits(1).says("--detach");
    with(&["--detach"]).exits(1).says("apply.nobody-to-ask");
    with(&["--yes", "--detached"]).exits(1).says("detach.not-handed-over");
    assert!(bench.events("r3").is_empty(), "no router was met");
    // A password that only a person can type is asked for here, or nothing begins.
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let prompted = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: administrator }");
    std::fs::write(bench.path("clinics.yaml"), prompted).unwrap();
    let before = bench.snapshot("r3");
    let run = with(&["--yes", "--detach"]);
    assert_ne!(run.status, 0, "{}", run.stderr);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn an_undo_goes_on_without_its_terminal_and_carries_out_what_was_shown() {
    let bench = Bench::one();
    let before = bench.snapshot("r3");
    bench.apply(&["--phase", "bench"]).exits(0);
    let undo = |more: &[&str]| bench.run(&[&["--format", "json", "undo", &last_run(&bench)], more].concat());
    undo(&["--at", "22:00", "--yes"]).exits(1).says("--detach");
    undo(&["--detach"]).exits(1).says("apply.nobody-to-ask");
    let document = undo(&["--detach", "--yes"]).exits(0).json();
    let run = text(&document, "run");
    bench.run(&["watch", run, "--from-start"]).exits(0).says("has ended, exit status 0");
    assert_eq!(bench.snapshot("r3"), before);
    let kept = std::fs::read_to_string(bench.path("state/plans").join(format!("{run}.json"))).unwrap();
    assert!(kept.contains("undo 2"), "{kept}");
    assert_clean("its plan", &kept);
    // A site that is not to be touched is said, and no process is started for it alone.
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let barred =
        inventory.replace("    routers:\n", "    do_not_touch: { reason: moving, until: 2999-12-31 }\n    routers:\n");
    assert_ne!(barred, inventory);
    std::fs::write(bench.path("clinics.yaml"), barred).unwrap();
    let document = undo(&["--detach", "--yes"]).exits(3).json();
    assert_eq!(document["routers"][0]["causes"][0]["code"], "site.do-not-touch", "{document}");
}

#[test]
#[cfg(unix)]
fn a_detached_run_asks_which_box_is_on_the_cable_and_its_process_holds_to_the_answer() {
    let mut spec = prepared("r3");
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    let number = spec.serial();
    let declared = Declared { serial_number: None, console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    let book = playbook("online-eligibility.yaml");
    // A whole second: times are recorded in milliseconds.
    let at = Timestamp::from_second(Timestamp::now().as_second() + 13).unwrap().to_string();
    let command = ["apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--detach", "--at", &at];
    let command = bench.command(&command);
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("has them:").unwrap();
    session.send_line(&number[number.len() - 4..]).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_line("yes").unwrap();
    session.exp_string("follow it:").unwrap();
    session.exp_eof().unwrap();
    bench.run(&["watch", "last", "--from-start"]).exits(0).says("has ended, exit status 0");
    assert!(bench.startup("r3").contains("vlan-group 1 port"));
    let shown = bench.run(&["--format", "json", "show", "last"]).exits(0).json();
    assert_eq!(shown["routers"][0]["serial_number"], number.as_str());
    // The page says who agreed, to what, and when: its process was started with `--yes`, and no one else was.
    let page = bench.run(&["report", "last", "--format", "md"]).exits(0);
    let page = page.says("answered the question with yes at").says("ordered");
    assert!(!page.stdout.contains("beforehand"), "{}", page.stdout);
    let record = bench.run(&["report", "last", "--format", "json"]).exits(0).json();
    let record = &record["report"]["run"];
    let time = |field: &str| record[field].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(time("ordered") < time("begun") && time("begun") >= at.parse().unwrap(), "{record}");
    assert_eq!(record["plan_sha256"].as_str().unwrap().len(), 64);
}
