//! What a run leaves behind: its record, its lock, and a router whose end can be found out later.

use std::fs;
use std::path::PathBuf;

use mock_device::{Fault, When};

use crate::harness::{Bench, Run, assert_clean, playbook, prepared, router3};

/// The name of the run that a command printed.
fn run_name(run: &Run) -> String {
    let line = run.stderr.lines().find_map(|line| line.strip_prefix("run ")).expect("no run was named");
    line.trim().to_owned()
}

fn journal_head(run: &Run) -> String {
    run.stdout.rsplit("journal head ").next().unwrap().trim().to_owned()
}

#[test]
fn a_run_is_recorded_and_the_record_verified() {
    let bench = Bench::one();
    let run = bench.apply(&["--phase", "bench"]).exits(0);
    let (name, head) = (run_name(&run), journal_head(&run));
    bench.run(&["status"]).exits(0);
    bench.run(&["history", "r3"]).exits(0).says(&name).says("saved");
    let shown = bench.run(&["show", &name]).exits(0).says("sending 1/").says("ended saved").says("sealed before");
    assert_clean("the record", &shown.stdout);
    let json = bench.run(&["--format", "json", "show", &name]).exits(0).json();
    assert_eq!(json["routers"][0]["state"], "saved");
    bench.run(&["journal", "verify", "--head", &head]).exits(0).says("unbroken");
    bench.run(&["journal", "verify", "--head", &"0".repeat(63)]).exits(2).says("cut off");
    bench.run(&["show", "20200101-000000-zzzz"]).exits(1).says("journal.no-run");
}

#[test]
fn in_json_a_run_of_the_history_has_its_time_in_utc_whatever_the_zone_of_the_machine() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let begun = |words: &[&str]| {
        let output = bench.command(&[&["--format", "json"], words].concat()).env("TZ", "Asia/Tokyo").output().unwrap();
        bench.finish(output).exits(0).json()["runs"][0]["begun"].clone()
    };
    assert_eq!(begun(&["history", "r3"]), begun(&["runs"]));
}

#[test]
fn where_no_run_was_made_yet_that_is_said_with_the_journals_place_and_what_makes_one() {
    let bench = Bench::one();
    let journal = bench.path("state").join("journal.sqlite").display().to_string();
    let commands: [&[&str]; 11] = [
        &["undo", "last"],
        &["rerun", "last"],
        &["restart", "last"],
        &["continue", "last"],
        &["resume", "last"],
        &["pause", "last"],
        &["watch", "last"],
        &["show", "last"],
        &["report", "last"],
        &["export", "last", "run.ixrun"],
        &["plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "-l", "@run:last"],
    ];
    for words in commands {
        let told = bench.run_plainly(words).exits(1).says("journal.no-run").says(&journal);
        told.says("no run was made yet").says("`ixdeploy apply` makes the first one");
    }
    let said = bench.run(&["show", "20200101-000000-zzzz"]).exits(1).says("there is no run 20200101-000000-zzzz");
    assert!(!said.stderr.contains("no run was made yet"), "a name that was typed is answered as such");
    let japanese = crate::harness::program()
        .args(["--lang", "ja", "undo", "last"])
        .env("IXDEPLOY_STATE_DIR", bench.path("state"))
        .output()
        .unwrap();
    let japanese = String::from_utf8(japanese.stderr).unwrap();
    assert!(japanese.contains(&format!("実行の記録がまだありません(ジャーナル: {journal})")), "{japanese}");
}

#[test]
#[cfg(unix)]
fn journal_and_key_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let state = bench.path("state");
    for (name, expected) in
        [("", 0o700), ("locks", 0o700), ("locks/r3.lock", 0o600), ("journal.sqlite", 0o600), ("journal.key", 0o600)]
    {
        let mode = fs::metadata(state.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, expected, "{name}");
    }
}

#[test]
#[cfg(unix)]
fn a_state_folder_that_is_declared_a_groups_holds_files_of_the_group() {
    use crate::harness::HostKey;
    use std::os::unix::fs::PermissionsExt;
    let mut bench = Bench::one();
    bench.declare(|router| router.host_key = HostKey::KnownHosts);
    let state = bench.path("state");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o2770)).unwrap();
    bench.apply(&["--phase", "bench", "--record-host-key"]).exits(0);
    for (name, expected) in [
        ("", 0o2770),
        ("locks", 0o2770),
        ("locks/r3.lock", 0o660),
        ("journal.sqlite", 0o660),
        ("journal.key", 0o660),
        ("known_hosts", 0o660),
        ("known_hosts.lock", 0o660),
    ] {
        let mode = fs::metadata(state.join(name)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, expected, "{name}");
    }
    // Who is outside the group is outside.
    fs::set_permissions(state.join("journal.sqlite"), fs::Permissions::from_mode(0o664)).unwrap();
    bench.run(&["status"]).exits(1).says("journal.exposed").says("chmod 660");
}

#[test]
#[cfg(unix)]
fn a_journal_that_others_may_use_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let (state, before) = (bench.path("state"), bench.snapshot("r3"));
    let set = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let file = state.join("journal.sqlite");
    for (path, mode, usual) in [(&file, 0o644, 0o600), (&file, 0o660, 0o600), (&state, 0o770, 0o700)] {
        set(path, mode);
        for words in
            [&["status"][..], &["journal", "verify"], &["restore", "r3", "--from", "x", "-i", "clinics.yaml", "--yes"]]
        {
            bench.run(words).exits(1).says("journal.exposed").says("chmod 600");
        }
        bench.apply(&["--phase", "bench"]).exits(1).says("journal.exposed");
        set(path, usual);
    }
    // A link leads to a folder of someone else.
    fs::rename(&state, bench.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(bench.path("elsewhere"), &state).unwrap();
    bench.run(&["status"]).exits(1).says("journal.exposed").says("symbolic link");
    assert_eq!(bench.snapshot("r3"), before);
}

/// Changes a line that the journal shows as sent, on the disk.
fn edit(bench: &Bench) {
    let path = bench.path("state").join("journal.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    let (line, other) = (b"ip access-list ", b"ip access-lisT ");
    let places: Vec<usize> =
        bytes.windows(line.len()).enumerate().filter(|(_, window)| window == line).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + other.len()].copy_from_slice(other);
    }
    fs::write(&path, bytes).unwrap();
}

#[test]
fn nothing_rests_on_a_run_whose_record_was_edited() {
    let bench = Bench::one();
    let name = run_name(&bench.apply(&["--phase", "bench"]).exits(0));
    let saved = bench.snapshot("r3");
    edit(&bench);
    let place = ["-i", "clinics.yaml", "--yes"];
    bench.run(&[&["undo", &name], &place[..]].concat()).exits(1).says("journal.edited").says(&name);
    bench.run(&[&["restore", "r3", "--from", &name], &place[..]].concat()).exits(1).says("journal.edited");
    assert_eq!(bench.snapshot("r3"), saved);
    // What rests on none of its runs goes on; so does one that began behind the edited record.
    bench.run(&["show", &name]).exits(0);
    let (bench, name, _) = lost();
    let left = bench.snapshot("r3");
    edit(&bench);
    bench.run(&["resume", &name, "--yes", "--take-over"]).exits(1).says("journal.edited");
    bench.apply(&["--phase", "bench", "--take-over"]).exits(1).says("journal.edited");
    assert_eq!(bench.snapshot("r3"), left);
}

#[test]
fn an_edited_journal_is_found_out() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let path = bench.path("state").join("journal.sqlite");
    let bytes = fs::read(&path).unwrap();
    // A line that the record shows as sent, changed on the disk.
    let (line, other) = (b"bridge 1 bridge-only", b"bridge 2 bridge-only");
    let mut changed = bytes.clone();
    for (at, _) in bytes.windows(line.len()).enumerate().filter(|(_, window)| window == line) {
        changed[at..at + other.len()].copy_from_slice(other);
    }
    assert_ne!(bytes, changed);
    fs::write(&path, changed).unwrap();
    bench.run(&["journal", "verify"]).exits(2).says("is not what was written");
}

#[test]
fn a_list_that_is_not_what_the_records_say_is_found_out_and_made_anew() {
    let bench = Bench::one();
    let name = run_name(&bench.apply(&["--phase", "bench"]).exits(0));
    let file = rusqlite::Connection::open(bench.path("state").join("journal.sqlite")).unwrap();
    file.execute("UPDATE router_state SET body = replace(body, 'saved', 'undone'), state = 'undone'", []).unwrap();
    drop(file);
    bench.run(&["history", "r3"]).exits(0).says("undone");
    bench.run(&["journal", "verify"]).exits(2).says("is not what the records say").says(&name);
    bench.run(&["journal", "verify"]).exits(0).says("unbroken");
    bench.run(&["history", "r3"]).exits(0).says("saved");
}

/// A router whose config mode was taken for good in the middle of a push: lost, and part of the plan is on it.
fn lost() -> (Bench, String, (String, String)) {
    let bench = Bench::with_fault(Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true });
    let before = bench.snapshot("r3");
    let run = bench.apply(&["--phase", "bench"]).exits(4).says("router.lost");
    let name = run_name(&run);
    (bench, name, before)
}

#[test]
fn a_lost_router_stays_lost_until_it_is_read_and_is_then_undone() {
    let (bench, name, before) = lost();
    bench.run(&["status"]).exits(4).says(&name).says("r3").says("ixdeploy resume");
    bench.plan(&[]).exits(4).says("journal.unfinished");
    let verify = bench.run(&["verify", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"]).exits(4);
    let verify = verify.says("journal.unfinished").says("ixdeploy resume");
    assert!(!verify.stdout.contains("write memory"), "half a change must not be saved by hand:\n{}", verify.stdout);
    let backup = bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(3);
    backup.says("what is backed up may be half of its change");
    // The colleague is still there: both possibilities are named, and config mode is taken from no one.
    bench.run(&["resume", &name, "--yes"]).exits(4).says("our own dead session or a colleague");
    bench.run(&["status"]).exits(4);
    bench.run(&["resume", "--yes", "--take-over"]).exits(3).says("undone");
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["status"]).exits(0);
    bench.run(&["show", &name]).exits(0).says("resumed by").says("ended undone");
    let to_type = bench.run(&["show", &name, "--undo"]).exits(0).stdout;
    assert_eq!(to_type, "! r3: undone, and read again; nothing is to be typed\n");
    bench.run(&["resume", "--yes"]).exits(0).says("Every run has ended");
}

#[test]
fn the_recorded_undo_of_a_lost_run_can_be_typed_by_hand() {
    let (bench, name, _) = lost();
    let shown = bench.run(&["show", &name, "--undo"]).exits(0);
    let mut lines = shown.stdout.lines();
    assert_eq!(lines.next(), Some("! r3"), "nothing that could not be pasted: {}", shown.stdout);
    assert!(shown.stderr.contains("r3: from global config mode, undoes all "), "{}", shown.stderr);
    assert!(lines.clone().any(|line| line == "no bridge irb enable"), "{}", shown.stdout);
    assert!(shown.stderr.contains("without an answer: line "), "{}", shown.stderr);
    let json = bench.run(&["--format", "json", "show", &name, "--undo"]).exits(0).json();
    let undo: Vec<&str> =
        json["routers"][0]["undo"].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect();
    assert_eq!(lines.collect::<Vec<_>>(), undo);
}

#[test]
fn the_next_apply_recovers_a_lost_router_first() {
    let (bench, name, _) = lost();
    bench.apply(&["--phase", "bench", "--take-over"]).exits(0).says(&name);
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    bench.plan(&[]).exits(0);
    bench.run(&["status"]).exits(0);
    bench.run(&["history", "r3"]).exits(0).says("undone").says("saved");
}

#[test]
fn without_a_journal_nothing_is_changed() {
    let bench = Bench::one();
    let before = bench.snapshot("r3");
    // A folder is where the file should be.
    fs::create_dir_all(bench.path("state").join("journal.sqlite")).unwrap();
    bench.apply(&["--phase", "bench"]).exits(1).says("journal.open");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_second_process_for_one_router_is_refused() {
    let bench = Bench::one();
    let locks = bench.path("state").join("locks");
    fs::create_dir_all(&locks).unwrap();
    let file: PathBuf = locks.join("r3.lock");
    let held = fs::File::create(file).unwrap();
    held.try_lock().unwrap();
    let before = bench.snapshot("r3");
    bench.apply(&["--phase", "bench"]).exits(3).says("lock.held-here").says("another ixdeploy on this machine");
    assert_eq!(bench.snapshot("r3"), before);
    drop(held);
    bench.apply(&["--phase", "bench"]).exits(0);
}

#[test]
fn a_run_is_undone_after_another_one_changed_something_else() {
    let mut bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let built = bench.snapshot("r3");
    bench.declare(|router| router.vars = "ntt_area: west, extra_domains: [\"*new.example\"]".to_owned());
    let add = playbook("add-domain.yaml");
    let added = bench.run(&["apply", &add, "-i", "clinics.yaml", "--yes"]).exits(0);
    // Someone else's change, elsewhere and not saved: it is shown, and becomes permanent only on request.
    colleague(&bench, &["ip route 10.0.0.0/8 192.0.2.70"]);
    bench.run(&["undo", &run_name(&added), "--yes"]).exits(3).says("router.unsaved");
    bench.run(&["undo", &run_name(&added), "--yes", "--adopt"]).exits(0).says("+ip route 10.0.0.0/8 192.0.2.70");
    let (running, startup) = bench.snapshot("r3");
    assert_eq!(running, startup);
    assert!(running.contains("ip route 10.0.0.0/8 192.0.2.70") && !running.contains("*new.example"), "{running}");
    assert_eq!(running.lines().count(), built.0.lines().count() + 1);
    bench.run(&["undo", &run_name(&added), "--yes"]).exits(0).says("nothing to change");
}

#[test]
fn a_run_whose_change_was_changed_again_is_not_undone() {
    let mut bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.declare(|router| router.vars = "ntt_area: west, extra_domains: [\"*new.example\"]".to_owned());
    let add = playbook("add-domain.yaml");
    let added = bench.run(&["apply", &add, "-i", "clinics.yaml", "--yes"]).exits(0);
    bench.declare(|router| {
        router.vars = "ntt_area: west, extra_domains: [\"*new.example\", \"*more.example\"]".to_owned()
    });
    bench.run(&["apply", &add, "-i", "clinics.yaml", "--yes"]).exits(0);
    let before = bench.snapshot("r3");
    bench.run(&["undo", &run_name(&added), "--yes"]).exits(3).says("undo.touched").says("more.example");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_router_is_restored_from_a_backup_and_from_a_run() {
    let bench = Bench::one();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0);
    let depot = bench.running("r3");
    let built = bench.apply(&["--phase", "bench"]).exits(0);
    let full = bench.running("r3");
    bench.run(&["restore", "r3", "--from", "backup", "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_eq!((bench.running("r3"), bench.startup("r3")), (depot.clone(), depot));
    bench.run(&["restore", "r3", "--from", &run_name(&built), "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_eq!((bench.running("r3"), bench.startup("r3")), (full.clone(), full));
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "masked", "--mask"]).exits(0);
    bench.run(&["restore", "r3", "--from", "masked", "-i", "clinics.yaml", "--yes"]).exits(1).says("restore.masked");
}

#[test]
fn what_cannot_be_restored_is_said_as_what_it_is() {
    let bench = Bench::one();
    let restore = |router: &str, from: &str| {
        bench.run(&["restore", router, "--from", from, "-i", "clinics.yaml", "--yes"]).exits(1)
    };
    let gone = restore("r3", "there/is/no-such.cfg").says("restore.no-backup").says("no file, no folder and no run");
    assert!(!gone.stderr.contains("keeps no `before`"), "{}", gone.stderr);
    restore("r33", "backup").says("inventory.unknown-router").says("did you mean `r3`?");
    fs::create_dir(bench.path("backup")).unwrap();
    restore("r3", "backup").says("backup.none").says("DIR/<router>/running.cfg");
}

/// Types lines as a colleague would, through another session.
fn colleague(bench: &Bench, lines: &[&str]) {
    let add = Fault::ColleagueLines {
        when: Some(When::matching("^show version")),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    };
    bench.mock.inject("r3", add).unwrap();
}

#[test]
fn adopted_changes_are_saved_even_when_nothing_else_is_to_do() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    colleague(&bench, &["ip access-list foreign permit ip src any dest any"]);
    let startup = bench.startup("r3");
    // The declared configuration does not hold the list, so it goes; nothing of it stays in the startup configuration.
    bench.apply(&["--phase", "bench"]).exits(3).says("router.unsaved");
    assert_eq!(bench.startup("r3"), startup);
    bench.apply(&["--phase", "bench", "--adopt"]).exits(0).says("+ip access-list foreign permit ip src any dest any");
    assert_eq!(bench.snapshot("r3"), (startup.clone(), startup));
}

/// A router with saved lines that wait for a restart, and the run that left it so.
fn waiting_for_a_restart(faults: Vec<Fault>) -> (Bench, String) {
    let mut spec = prepared("r3");
    spec.faults = faults;
    waiting(Bench::new(vec![(spec, router3("r3"))]))
}

/// The same on a bench of one's own.
fn waiting(bench: Bench) -> (Bench, String) {
    let role = bench.path("roles").join("vlan");
    fs::create_dir_all(&role).unwrap();
    let plays = "version: 1\nname: vlan\nplays:\n  - routers: r3\n    roles: [vlan]\nrollout: { concurrency: 1, max_failures: 1 }\n";
    fs::write(bench.path("vlan.yaml"), plays).unwrap();
    fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Vlan, ja: Vlan }\ndescription: { en: A vlan., ja: vlan }\n\
         owns: [\"interface GigaEthernet1.1\"]\ntemplates: [vlan.ix.j2]\n",
    )
    .unwrap();
    fs::write(role.join("vlan.ix.j2"), "interface GigaEthernet1.1\n  encapsulation dot1q 10\n").unwrap();
    let run = bench.run(&["apply", "vlan.yaml", "-i", "clinics.yaml", "--yes"]).exits(0).says("restart");
    let name = run_name(&run);
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    (bench, name)
}

fn restarts(bench: &Bench) -> usize {
    let restarted = |event: &mock_device::Event| matches!(event.what, mock_device::What::Restarted { .. });
    bench.events("r3").iter().filter(|event| restarted(event)).count()
}

#[test]
fn saved_lines_that_wait_for_a_restart_get_it_in_a_window_of_its_own() {
    let (mut bench, name) = waiting_for_a_restart(Vec::new());
    bench.declare(|router| router.deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 30s }");
    let before = bench.snapshot("r3");
    bench.run(&["restart", &name]).exits(1).says("apply.nobody-to-ask");
    assert_eq!(restarts(&bench), 0);
    bench.run(&["restart", &name, "--yes"]).exits(0).says("saved");
    assert_eq!(restarts(&bench), 1);
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["restart", &name, "--yes"]).exits(1).says("restart.nothing");
}

#[test]
#[cfg(unix)]
fn a_restart_that_is_declined_has_a_result_like_any_other() {
    let (bench, name) = waiting_for_a_restart(Vec::new());
    let command = bench.command(&["--format", "json", "restart", &name]);
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_line("no").unwrap();
    let said = session.exp_eof().unwrap();
    assert!(said.contains("\"state\":\"declined\"") || said.contains("\"state\": \"declined\""), "{said}");
    assert_eq!(restarts(&bench), 0);
}

#[test]
fn a_router_that_a_later_run_left_unknown_is_not_restarted() {
    let (bench, name) = waiting_for_a_restart(Vec::new());
    let taken = Fault::LockTaken { when: When::matching("bridge 1 bridge-only"), kept: true };
    bench.mock.inject("r3", taken).unwrap();
    bench.apply(&["--phase", "bench"]).exits(4).says("router.lost");
    let restart = bench.run(&["--format", "json", "restart", &name, "--yes"]).exits(4).json();
    assert_eq!(restart["routers"][0]["causes"][0]["code"], "journal.unfinished", "{restart}");
    assert_eq!(restarts(&bench), 0);
}

#[test]
fn a_router_with_unsaved_changes_is_not_restarted() {
    let (bench, name) = waiting_for_a_restart(Vec::new());
    colleague(&bench, &["ip route 10.0.0.0/8 192.0.2.70"]);
    bench.run(&["restart", &name, "--yes"]).exits(3).says("router.unsaved");
    assert_eq!(restarts(&bench), 0);
    assert!(bench.running("r3").contains("10.0.0.0/8"), "no one's work disappears");
}

#[test]
#[cfg(unix)]
fn a_restart_over_a_console_waits_for_the_boot_and_reads_again() {
    use crate::harness::Declared;
    use mock_device::TransportSpec;
    let mut spec = prepared("r3");
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.readings.boot_millis = 1500;
    let deadlines = "{ connect: 10s, command: 10s, lock: 1s, reload: 30s }";
    let declared = Declared { console_login: true, lifeline: None, deadlines, ..router3("r3") };
    let (bench, name) = waiting(Bench::new(vec![(spec, declared)]));
    let before = bench.snapshot("r3");
    bench.run(&["restart", &name, "--yes"]).exits(0).says("saved");
    assert_eq!(restarts(&bench), 1);
    assert_eq!(bench.snapshot("r3"), before);
    bench.run(&["status"]).exits(0);
    bench.run(&["restart", &name, "--yes"]).exits(1).says("restart.nothing");
}

#[test]
fn a_journal_that_can_only_be_read_changes_nothing() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let path = bench.path("state").join("journal.sqlite");
    // A file whose write version is not known may only be read, by no one, the owner of the machine included.
    let mut bytes = fs::read(&path).unwrap();
    bytes[18] = 3;
    fs::write(&path, bytes).unwrap();
    let name = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    let name = name["runs"][0]["run"].as_str().unwrap().to_owned();
    let before = bench.snapshot("r3");
    bench.run(&["undo", &name, "-i", "clinics.yaml", "--yes"]).exits(1).says("journal.write");
    assert_eq!(bench.snapshot("r3"), before);
    // Reading goes on: the record is still there.
    bench.run(&["show", &name]).exits(0).says("ended saved");
    bench.plan(&[]).exits(0);
}
