//! Journals, plans and recordings of version 0.1.0 (`tests/data/0.1.0`): read, verified, and their open runs recovered.
//!
//! The files are never generated again: what an earlier version left on someone's laptop is what this version must
//! understand.

use std::fs;
use std::path::{Path, PathBuf};

use mock_device::{RouterSpec, Start};

use crate::harness::{Bench, Declared, prepared, router3};
use crate::lost::last_run;

fn data(kind: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/0.1.0").join(kind).join(name)
}

/// A router that holds what the captured one held.
fn router(folder: &Path, id: &str) -> (RouterSpec, Declared) {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let start = Start::Kept { running: read("running.cfg").unwrap(), startup: read("startup.cfg") };
    (RouterSpec { start, ..prepared(id) }, router3(id))
}

/// A copy of a state folder of that time, whose files only their owner can read, as they were.
fn with_journal(bench: Bench, folder: &Path) -> Bench {
    let state = bench.path("state");
    fs::create_dir(&state).unwrap();
    for name in ["journal.sqlite", "journal.sqlite-wal", "journal.key"] {
        if folder.join(name).exists() {
            fs::copy(folder.join(name), state.join(name)).unwrap();
        }
    }
    owners_alone(&state);
    bench
}

#[cfg(unix)]
fn owners_alone(state: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(state, 0o700);
    for entry in fs::read_dir(state).unwrap() {
        set(&entry.unwrap().path(), 0o600);
    }
}

#[cfg(not(unix))]
fn owners_alone(_: &Path) {}

/// A journal of that time, and a router as it was left.
fn journal(case: &str) -> Bench {
    let folder = data("journals", case);
    with_journal(Bench::new(vec![router(&folder, "r3")]), &folder)
}

/// The same with the router's running configuration changed meanwhile.
fn journal_with(case: &str, change: impl Fn(&str, &str) -> String) -> Bench {
    let folder = data("journals", case);
    let (mut spec, declared) = router(&folder, "r3");
    if let Start::Kept { running, startup } = &mut spec.start {
        *running = change(running, startup.as_deref().unwrap_or_default());
    }
    with_journal(Bench::new(vec![(spec, declared)]), &folder)
}

fn resume(bench: &Bench, run: &str, more: &[&str]) -> crate::harness::Run {
    bench.run(&[&["resume", run, "-i", "clinics.yaml", "--yes"], more].concat())
}

#[test]
fn a_journal_of_0_1_0_is_verified_and_shown() {
    // The state at the end of the last run, and what `status` exits with.
    let cases = [
        ("saved", "saved", 0),
        ("undone-and-restored", "saved", 0),
        ("undone", "undone", 0),
        ("open", "applying", 4),
        ("lost", "lost", 4),
        ("lost-ask", "lost", 4),
        ("mixed", "mixed", 4),
        ("undo-failed", "undo-failed", 4),
        ("adopted", "saved", 0),
        ("restart-pending", "saved", 0),
        ("unverified", "saved", 0),
        ("not-sealed", "lost", 4),
    ];
    for (case, state, status) in cases {
        let bench = journal(case);
        bench.run(&["journal", "verify"]).exits(0).says("unbroken");
        bench.run(&["status"]).exits(status);
        let run = last_run(&bench);
        bench.run(&["history", "r3"]).exits(0).says(&run).says(state);
        bench.run(&["show", &run]).exits(0).says("operator").says("laptop");
        let json = bench.run(&["--format", "json", "show", &run]).exits(0).json();
        assert_eq!(json["routers"][0]["state"], state, "{case}: {json}");
        let to_type = if state == "undone" { "nothing is to be typed" } else { "\nno " };
        bench.run(&["show", &run, "--undo"]).exits(0).says(to_type);
        bench.run(&["journal", "verify"]).exits(0).says("unbroken");
    }
}

#[test]
fn a_run_of_0_1_0_that_was_killed_or_lost_is_undone() {
    for case in ["open", "lost", "lost-ask"] {
        let bench = journal(case);
        let (running, before) = bench.snapshot("r3");
        assert_ne!(running, before, "{case}: a part of the plan runs");
        bench.plan(&[]).exits(4).says("journal.unfinished");
        let run = last_run(&bench);
        let more: &[&str] = if case == "lost-ask" { &["--undo"] } else { &[] };
        resume(&bench, &run, more).exits(3).says("undone");
        assert_eq!(bench.snapshot("r3"), (before.clone(), before), "{case}");
        bench.run(&["status"]).exits(0);
        bench.run(&["journal", "verify"]).exits(0);
    }
}

#[test]
fn a_run_of_0_1_0_left_to_a_person_is_finished_as_the_person_decides() {
    let bench = journal("lost-ask");
    let run = last_run(&bench);
    resume(&bench, &run, &[]).exits(4).says("lost.undecided");
    resume(&bench, &run, &["--finish"]).exits(0).says("saved");
    let (running, startup) = bench.snapshot("r3");
    assert_eq!(running, startup);
    assert!(running.contains("ip access-list branch-b permit ip src 10.4.0.0/16 dest any"), "{running}");
    bench.run(&["status"]).exits(0);
}

#[test]
fn a_mixed_run_of_0_1_0_stays_mixed_until_the_foreign_line_is_gone() {
    const FOREIGN: &str = "ip route 10.0.0.0/8 192.0.2.70";
    let bench = journal("mixed");
    resume(&bench, &last_run(&bench), &["--undo"]).exits(4).says("router.mixed").says(FOREIGN);
    assert!(bench.running("r3").contains(FOREIGN));
    let bench = journal_with("mixed", |running, _| running.replace(&format!("{FOREIGN}\n"), ""));
    resume(&bench, &last_run(&bench), &["--undo"]).exits(3).says("undone");
    let (running, startup) = bench.snapshot("r3");
    assert_eq!(running, startup);
}

#[test]
fn a_failed_undo_of_0_1_0_is_closed_after_a_power_cycle() {
    let bench = journal_with("undo-failed", |_, startup| startup.to_owned());
    let before = bench.snapshot("r3");
    resume(&bench, &last_run(&bench), &[]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["status"]).exits(0);
}

#[test]
fn a_run_of_0_1_0_that_sealed_nothing_is_not_guessed_at() {
    let bench = journal("not-sealed");
    let before = bench.snapshot("r3");
    resume(&bench, &last_run(&bench), &[]).exits(4).says("journal.not-kept");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_saved_run_of_0_1_0_is_undone() {
    let (depot, _) = router(&data("plans", "router3/r3"), "r3");
    let depot = Bench::new(vec![(depot, router3("r3"))]).running("r3");
    for case in ["saved", "undone-and-restored"] {
        let bench = journal(case);
        bench.run(&["undo", &last_run(&bench), "-i", "clinics.yaml", "--yes"]).exits(0);
        assert_eq!(bench.snapshot("r3"), (depot.clone(), depot.clone()), "{case}");
    }
    // Beside what was adopted, which stays.
    let bench = journal("adopted");
    bench.run(&["undo", &last_run(&bench), "-i", "clinics.yaml", "--yes"]).exits(0);
    let (running, startup) = bench.snapshot("r3");
    assert_eq!(running, startup);
    assert!(running.contains("ip route 10.0.0.0/8 192.0.2.70") && !running.contains("branch"), "{running}");
}

#[test]
#[cfg(unix)]
fn a_run_of_0_1_0_that_was_saved_unverified_is_undone_on_its_console() {
    let folder = data("journals", "unverified");
    let (mut spec, declared) = router(&folder, "r3");
    spec.transports = vec![mock_device::TransportSpec::Serial { baud: None }];
    let declared = Declared { console_login: true, lifeline: None, ..declared };
    let bench = with_journal(Bench::new(vec![(spec, declared)]), &folder);
    let run = last_run(&bench);
    let shown = bench.run(&["--format", "json", "show", &run]).exits(0).json();
    assert_eq!(shown["routers"][0]["unverified"], "the line is delivered on Friday");
    bench.run(&["undo", &run, "-i", "clinics.yaml", "--yes"]).exits(0);
    let (running, startup) = bench.snapshot("r3");
    assert_eq!(running, startup);
    assert!(running.contains("ip address 192.0.2.66/28"), "{running}");
}

#[test]
fn a_restore_from_a_run_of_0_1_0_leads_to_what_it_had_made() {
    let bench = journal("undone-and-restored");
    let made = bench.snapshot("r3");
    let told = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    let first = told["runs"][0]["run"].as_str().unwrap().to_owned();
    bench.run(&["undo", &last_run(&bench), "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_ne!(bench.snapshot("r3"), made);
    bench.run(&["restore", "r3", "--from", &first, "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_eq!(bench.snapshot("r3"), made);
}

#[test]
fn a_restart_that_a_run_of_0_1_0_left_to_do_is_done() {
    let mut bench = journal("restart-pending");
    bench.declare(|router| router.deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 30s }");
    let before = bench.snapshot("r3");
    let run = last_run(&bench);
    bench.run(&["restart", &run, "-i", "clinics.yaml", "--yes"]).exits(0).says("saved");
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["restart", &run, "-i", "clinics.yaml", "--yes"]).exits(1).says("restart.nothing");
}

#[test]
fn a_plan_of_0_1_0_is_applied_as_it_is() {
    for (case, ids) in [("router3", &["r3"][..]), ("offline", &["r3"]), ("two-with-policy", &["a3", "b3"])] {
        let folder = data("plans", case);
        let bench = Bench::new(ids.iter().map(|id| router(&folder.join(id), id)).collect());
        fs::copy(folder.join("plan.json"), bench.path("plan.json")).unwrap();
        let before: Vec<_> = ids.iter().map(|id| bench.snapshot(id)).collect();
        bench
            .run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"])
            .exits(0)
            .says("saved")
            .says("a plan of version 0.1.0");
        for (id, before) in ids.iter().zip(before) {
            let (running, startup) = bench.snapshot(id);
            assert_ne!(running, before.0, "{case}: {id}");
            assert_eq!(running, startup, "{case}: {id}");
        }
    }
}

#[test]
fn a_recording_of_0_1_0_is_played_and_followed_to_its_end() {
    let bench = tempfile::tempdir().unwrap();
    let replay = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ixdeploy"));
        command.args(["--lang", "en"]).args(words).env_clear().env("IXDEPLOY_STATE_DIR", bench.path());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    for tape in ["ssh-r3-1", "ssh-r3-2", "console-r3-1", "console-r3-2"] {
        let path = data("recordings", &format!("{tape}.cast")).display().to_string();
        assert!(replay(&["replay", &path]).contains("show running-config"), "{tape}");
        let checked: serde_json::Value =
            serde_json::from_str(&replay(&["--format", "json", "replay", &path, "--check"])).unwrap();
        assert_eq!(checked["misread"].as_array().map(Vec::len), Some(0), "{tape}: {checked}");
        assert!(checked["typed"].as_u64() > Some(5), "{tape}: {checked}");
        assert_eq!(checked["unmasked"], 0, "{tape}: {checked}");
    }
}

/// Runs the program as a user who may read the state folder and not write it: a read-only disk behaves the same.
#[cfg(unix)]
fn reading_only(bench: &Bench, words: &[&str]) -> (i32, String) {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    /// A user who owns nothing. The owner of the machine may write whatever its mode is.
    const NOBODY: u32 = 65534;
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let (state, program) = (bench.path("state"), bench.path("program"));
    let is_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&state).unwrap()) == 0;
    if !program.exists() {
        let built = Path::new(env!("CARGO_BIN_EXE_ixdeploy"));
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).unwrap();
        }
    }
    set(bench.dir.path(), 0o711);
    let entries = || fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
    entries().for_each(|file| set(&file, 0o400));
    set(&state, 0o500);
    if is_root {
        entries().chain([state.clone()]).for_each(|path| chown(path, Some(NOBODY), Some(NOBODY)).unwrap());
    }
    let mut command = std::process::Command::new(&program);
    command.args(["--lang", "en"]).args(words).env_clear().env("IXDEPLOY_STATE_DIR", &state).current_dir("/");
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    if is_root {
        entries().chain([state.clone()]).for_each(|path| chown(path, Some(0), Some(0)).unwrap());
    }
    set(&state, 0o700);
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), said)
}

#[test]
#[cfg(unix)]
fn a_journal_on_a_disk_that_cannot_be_written_is_read_with_what_its_log_holds() {
    let bench = journal("open");
    let held = || -> Vec<(std::ffi::OsString, Vec<u8>)> {
        let files = fs::read_dir(bench.path("state")).unwrap().map(|entry| entry.unwrap());
        let mut files: Vec<_> = files.map(|file| (file.file_name(), fs::read(file.path()).unwrap())).collect();
        files.sort();
        files
    };
    let before = held();
    assert!(before.iter().any(|(name, _)| name == "journal.sqlite-wal"), "the killed program's log is there");
    let (status, said) = reading_only(&bench, &["status"]);
    assert_eq!(status, 4, "{said}");
    assert!(said.contains("r3") && said.contains("ixdeploy resume"), "{said}");
    let (status, said) = reading_only(&bench, &["journal", "verify"]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("unbroken") && !said.contains("\n0 records"), "{said}");
    let (status, said) = reading_only(&bench, &["history", "r3"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(held(), before, "nothing was written");
    // What would write is refused.
    let (status, said) = reading_only(&bench, &["journal", "prune", "--days", "0"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("journal.open"), "{said}");
}

#[test]
fn an_open_run_of_a_journal_before_the_projection_is_recovered_beside_its_ended_routers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/journal-form-1/three-routers");
    let bench = Bench::new(["a3", "b3", "r3"].iter().map(|id| router(&folder.join(id), id)).collect());
    let bench = with_journal(bench, &folder);
    let before: Vec<_> = ["a3", "b3", "r3"].iter().map(|id| bench.snapshot(id)).collect();
    let run = last_run(&bench);
    bench.run(&["status"]).exits(4).says("r3").says(&run);
    bench.run(&["history", "b3"]).exits(0).says("undone").says("saved");
    bench.run(&["journal", "verify"]).exits(0).says("unbroken");
    resume(&bench, &run, &[]).exits(3).says("undone");
    assert_eq!(["a3", "b3", "r3"].map(|id| bench.snapshot(id)).to_vec(), before);
    bench.run(&["status"]).exits(0);
    bench.run(&["history", "r3"]).exits(0).says("undone");
    bench.run(&["journal", "verify"]).exits(0).says("unbroken");
}
