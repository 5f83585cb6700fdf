//! A host key that a router shows on its console, by a display that the scenario invents: enrolled there, and what SSH is held to from then on.
#![cfg(unix)]

use mock_device::{Fault, TransportSpec};
use test_support::shown_key::{bench, bench_over, console, console_inventory, template};

use crate::harness::{Bench, Run};

fn apply(bench: &Bench, more: &[&str]) -> Run {
    bench.run(&[&["apply", "keys.yaml", "-i", "clinics.yaml", "--yes"], more].concat())
}

/// The same over the console; SSH is what the router is reached by otherwise.
fn on_console(bench: &Bench, more: &[&str]) -> Run {
    bench.run(&[&["apply", "keys.yaml", "-i", console_inventory(bench), "--yes"], more].concat())
}

fn enrolled(bench: &Bench) -> String {
    std::fs::read_to_string(bench.path("state/known_hosts.enrolled")).unwrap_or_default()
}

#[test]
fn a_key_that_was_read_on_the_console_is_what_ssh_is_held_to_in_both_forms() {
    for line in ["  Fingerprint : {md5}", "  Fingerprint : MD5:{md5}", "  Fingerprint : {sha256}"] {
        let bench = bench(&["SSH server", line]);
        template(&bench, 2);
        // Nothing is known over SSH, and nothing is recorded at first use.
        apply(&bench, &[]).exits(3).says("ssh.host-key-unknown");
        let run = on_console(&bench, &["--format", "json"]).exits(0).says_wrapped("host key read on the console");
        let router = &run.json()["routers"][0];
        let fingerprint = router["enrolled"]["fingerprint"].as_str().unwrap();
        assert!(enrolled(&bench).contains(fingerprint), "{}", enrolled(&bench));
        assert_eq!(router["checks"][0]["host_key"], *fingerprint);
        assert_eq!(router["serial_number"], router["enrolled"]["serial_number"]);
        template(&bench, 3);
        let run = apply(&bench, &["--format", "json"]).exits(0);
        let router = &run.json()["routers"][0];
        assert_eq!(router["connection"]["host_key"]["proof"], "enrolled", "{router:#}");
        assert!(router["enrolled"].is_null(), "what SSH shows proves no other key");
        template(&bench, 4);
        let run = apply(&bench, &["--format", "json"]).exits(0);
        assert_eq!(run.json()["routers"][0]["connection"]["host_key"]["proof"], "known-hosts");
    }
}

#[test]
fn another_key_than_the_enrolled_one_is_refused_also_where_first_use_is_recorded() {
    let bench = bench(&["  Fingerprint : {md5}"]);
    on_console(&bench, &[]).exits(0);
    bench.mock.inject("r3", Fault::HostKeyChanged).unwrap();
    template(&bench, 2);
    for more in [&[][..], &["--record-host-key"]] {
        let run = apply(&bench, more).exits(3).says("ssh.host-key-not-enrolled");
        assert!(!bench.path("state/known_hosts").exists(), "{}", run.stderr);
    }
    // Read on the console once more, the new one is enrolled in its place.
    on_console(&bench, &[]).exits(0);
    template(&bench, 3);
    apply(&bench, &[]).exits(0);
}

#[test]
fn a_display_without_one_fingerprint_fails_the_check_and_enrols_nothing() {
    let long = format!("  Fingerprint : {}", "ab:".repeat(2_000));
    for lines in [
        &[][..],
        &["  Fingerprint : none"],
        &["  Fingerprint : \u{1b}[2J\u{7}"],
        &[long.as_str()],
        &["  Fingerprint : {md5}", "  Fingerprint : {sha256}"],
        &["  Fingerprint : {md5} {md5}"],
    ] {
        let bench = bench(lines);
        let before = bench.snapshot("r3");
        let run = on_console(&bench, &[]).exits(3).says("undone").says_wrapped("shows the host key's fingerprint");
        assert!(enrolled(&bench).is_empty(), "{}", run.stderr);
        assert_eq!(bench.snapshot("r3"), before);
    }
}

#[test]
fn over_ssh_the_display_must_show_the_key_of_the_session_itself() {
    let other = "  Fingerprint : 00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f";
    for (line, status) in [("  Fingerprint : {sha256}", 0), (other, 3)] {
        let bench = bench(&[line]);
        let run = apply(&bench, &["--record-host-key"]).exits(status);
        if status != 0 {
            run.says_wrapped("shows the host key of this very SSH session");
        }
        assert!(enrolled(&bench).is_empty(), "only a console proves a key");
    }
}

#[test]
fn what_was_known_before_stays_until_a_person_takes_it_out_and_that_is_said() {
    let bench = bench(&["  Fingerprint : {md5}"]);
    apply(&bench, &["--record-host-key"]).exits(0);
    bench.mock.inject("r3", Fault::HostKeyChanged).unwrap();
    template(&bench, 2);
    on_console(&bench, &[]).exits(0).says_wrapped("SSH is held to that one until its line is taken out");
    template(&bench, 3);
    apply(&bench, &[]).exits(3).says("ssh.host-key-changed");
    std::fs::remove_file(bench.path("state/known_hosts")).unwrap();
    apply(&bench, &[]).exits(0);
}

#[test]
#[cfg(unix)]
fn a_visit_enrols_what_the_console_shows() {
    let bench = bench(&["  Fingerprint : {md5}"]);
    let mut engineer =
        crate::engineer::Engineer::with(&bench, &console(&bench, "r3"), "keys.yaml", &["--phase", "bench"]);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
    template(&bench, 2);
    let run = apply(&bench, &["--format", "json"]).exits(0);
    assert_eq!(run.json()["routers"][0]["connection"]["host_key"]["proof"], "enrolled");
}

#[test]
fn a_console_server_is_a_console_and_telnet_to_the_router_is_none() {
    // The router's telnet server plays the console server.
    const LOGIN: &str = "login: { user: admin, password: admin-password }";
    for (way, more, is_console) in [("console_server", "service: telnet, baud: 115200, ", true), ("telnet", "", false)]
    {
        let bench = bench_over(TransportSpec::Telnet, &["  Fingerprint : {md5}"]);
        let ends = bench.mock.endpoints();
        let port = ends.iter().find(|end| end.transport == "telnet").and_then(|end| end.port).unwrap();
        let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
        let first = format!(
            "connection: {{ {way}: {{ host: 127.0.0.1, port: {port}, {more}{LOGIN} }} }}\n        second_way: "
        );
        std::fs::write(bench.path("console.yaml"), inventory.replacen("connection: ", &first, 1)).unwrap();
        bench.run(&["apply", "keys.yaml", "-i", "console.yaml", "--yes"]).exits(0);
        assert_eq!(enrolled(&bench).contains("MD5:"), is_console, "{way}: {}", enrolled(&bench));
    }
}

#[test]
#[cfg(unix)]
fn in_a_groups_state_folder_the_file_is_the_groups_and_no_one_elses() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let bench = bench(&["  Fingerprint : {md5}"]);
    let state = bench.path("state");
    std::fs::create_dir(&state).unwrap();
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o2770)).unwrap();
    for number in [2, 3] {
        template(&bench, number);
        on_console(&bench, &[]).exits(0);
        for name in ["known_hosts.enrolled", "known_hosts.enrolled.lock"] {
            let file = std::fs::metadata(state.join(name)).unwrap();
            assert_eq!(file.mode() & 0o7777, 0o660, "{name}");
            assert_eq!(file.gid(), std::fs::metadata(&state).unwrap().gid(), "{name}");
        }
    }
}
