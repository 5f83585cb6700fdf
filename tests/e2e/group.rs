//! A state folder that a group shares: one operator's open run is left to them until a colleague takes it over by name.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use mock_device::{Fault, When};

use crate::harness::{Bench, Run, playbook, prepared, router3};

const PLAYBOOK: &str = "online-eligibility.yaml";

/// What the program does for a user on a machine, as the system names them.
fn run_as(bench: &Bench, who: (&str, &str), words: &[&str]) -> Run {
    let (user, machine) = who;
    bench.finish(bench.command(words).env("USER", user).env("HOSTNAME", machine).output().unwrap())
}

fn apply_as(bench: &Bench, who: (&str, &str), more: &[&str]) -> Run {
    let playbook = playbook(PLAYBOOK);
    let words = ["apply", &playbook, "-i", "clinics.yaml", "--yes", "--phase", "bench"];
    run_as(bench, who, &[&words[..], more].concat())
}

const SATO: (&str, &str) = ("sato", "desk-1");
const TANAKA: (&str, &str) = ("tanaka", "laptop-2");

/// A state folder of this mode, and in it an open run of Sato's.
fn open_run_of_sato(mode: u32) -> (Bench, String) {
    let bench = Bench::with_fault(Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true });
    let state = bench.path("state");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(mode)).unwrap();
    let run = apply_as(&bench, SATO, &[]).exits(4).says("router.lost");
    let name = run.stderr.lines().find_map(|line| line.strip_prefix("run ")).expect("no run was named").trim();
    (bench, name.to_owned())
}

#[test]
fn another_operators_open_run_is_refused_by_name_in_a_groups_state_folder() {
    let (bench, name) = open_run_of_sato(0o2770);
    let (left, told) = (bench.snapshot("r3"), bench.events("r3").len());
    let refused = |run: Run| {
        let run = run.exits(4).says("journal.another-operator").says(&name).says("begun by sato on desk-1 at ");
        run.says("ask sato on desk-1").says(&format!("ixdeploy resume {name}"))
    };
    refused(apply_as(&bench, TANAKA, &["--take-over"]));
    refused(run_as(&bench, TANAKA, &["resume", "--yes", "--take-over"]));
    refused(run_as(&bench, TANAKA, &["resume", "--yes", "--take-over", "--undo"]));
    refused(run_as(&bench, TANAKA, &["plan", &playbook(PLAYBOOK), "-i", "clinics.yaml"]));
    refused(run_as(&bench, TANAKA, &["restore", "r3", "--from", &name, "-i", "clinics.yaml", "--yes", "--take-over"]));
    let json = run_as(&bench, TANAKA, &["--format", "json", "resume"]).exits(4).json();
    assert_eq!(json["routers"][0]["router"], "r3", "{json}");
    assert_eq!(json["routers"][0]["causes"][0]["code"], "journal.another-operator", "{json}");
    run_as(&bench, TANAKA, &["status"]).exits(4).says("begun by sato on desk-1").says("ask sato on desk-1 first");
    assert_eq!(bench.snapshot("r3"), left);
    assert_eq!(bench.events("r3").len(), told, "the router was not spoken to");
    let shown = run_as(&bench, TANAKA, &["show", &name]).exits(0);
    assert!(!shown.stdout.contains("resumed by"), "{}", shown.stdout);
}

#[test]
fn a_run_that_is_named_is_taken_over_and_the_journal_says_by_whom() {
    let (bench, name) = open_run_of_sato(0o2770);
    // The lock is still held, so the run stays open; from now on it is Tanaka's, and Sato is told so.
    run_as(&bench, TANAKA, &["resume", &name, "--yes"]).exits(4).says("begun by sato on desk-1").says("router.lost");
    let told = bench.events("r3").len();
    let refused = apply_as(&bench, SATO, &["--take-over"]).exits(4).says("journal.another-operator");
    refused.says("taken over by tanaka on laptop-2").says("ask tanaka on laptop-2");
    assert_eq!(bench.events("r3").len(), told, "the router was not spoken to");
    // Who has it needs no name, on another machine either.
    run_as(&bench, ("tanaka", "desk-3"), &["resume", "--yes", "--take-over"]).exits(3).says("undone");
    let shown = run_as(&bench, SATO, &["show", &name]).exits(0);
    shown.says("begun apply").says("by sato@desk-1").says("resumed by tanaka@laptop-2").says("ended undone");
    apply_as(&bench, SATO, &["--take-over"]).exits(0);
}

#[test]
fn ones_own_unfinished_run_is_recovered_as_in_a_private_folder() {
    let (bench, name) = open_run_of_sato(0o2770);
    run_as(&bench, ("sato", "laptop-2"), &["status"]).exits(4).says(&format!("next: ixdeploy resume {name}"));
    apply_as(&bench, ("sato", "laptop-2"), &["--take-over"]).exits(0).says(&name);
    run_as(&bench, SATO, &["status"]).exits(0);
}

#[test]
fn in_a_private_state_folder_any_unfinished_run_is_recovered() {
    let (bench, name) = open_run_of_sato(0o700);
    run_as(&bench, TANAKA, &["resume", "--yes", "--take-over"]).exits(3).says("undone");
    run_as(&bench, TANAKA, &["show", &name]).exits(0).says("resumed by tanaka@laptop-2");
}

#[test]
fn an_undo_leaves_another_operators_open_run_alone() {
    let bench = Bench::new(vec![(prepared("r3"), router3("r3"))]);
    let state = bench.path("state");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o2770)).unwrap();
    let first = apply_as(&bench, TANAKA, &[]).exits(0);
    let first = first.stderr.lines().find_map(|line| line.strip_prefix("run ")).unwrap().trim().to_owned();
    let words = ["undo", first.as_str(), "--yes", "--take-over"];
    let taken = Fault::LockTaken { when: When::matching("^no bridge "), kept: true };
    bench.mock.inject("r3", taken).unwrap();
    // Sato's undo stops in the middle; Tanaka's undo of the same run does not go on with it.
    run_as(&bench, SATO, &["undo", &first, "--yes"]).exits(4);
    let left = bench.snapshot("r3");
    run_as(&bench, TANAKA, &words).exits(4).says("journal.another-operator").says("begun by sato on desk-1");
    assert_eq!(bench.snapshot("r3"), left);
}
