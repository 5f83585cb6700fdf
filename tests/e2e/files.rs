//! Where a file is read, a pipe is not waited for and a device not read to its end: each place in which a user can name one.
#![cfg(unix)]

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::harness::{Bench, Run, playbook};

/// Far beyond what any of these takes, and far from forever.
const DEADLINE: Duration = Duration::from_secs(60);

/// Runs a program that may wait forever; at the deadline it is killed, and the test fails.
fn ends(bench: &Bench, words: &[&str]) -> Run {
    let mut child =
        bench.command(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (said, all) = channel();
    thread::spawn(move || {
        let read = |from: &mut dyn Read| {
            let mut text = String::new();
            from.read_to_string(&mut text).map(|_| text)
        };
        said.send((read(&mut out), read(&mut err)))
    });
    let Ok((stdout, stderr)) = all.recv_timeout(DEADLINE) else {
        child.kill().unwrap();
        panic!("{words:?} does not end");
    };
    Run { status: child.wait().unwrap().code().unwrap_or(-1), stdout: stdout.unwrap(), stderr: stderr.unwrap() }
}

/// Puts a pipe without a writer, or a device without an end, in a file's place.
fn instead_of(path: &Path, what: &str) {
    let _ = std::fs::remove_file(path);
    match what {
        "pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        device => std::os::unix::fs::symlink(device, path).unwrap(),
    }
}

/// A bench with a file of each kind.
fn bench() -> (Bench, String) {
    let bench = Bench::one();
    let role = bench.path("roles/small");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(bench.path("small.yaml"), "version: 1\nname: small\nplays:\n  - routers: r3\n    roles: [small]\n")
        .unwrap();
    std::fs::write(role.join("role.yaml"), "version: 1\ntitle: { en: S, ja: 小 }\nowns: [ntp]\ntemplates: [t.ix.j2]\n")
        .unwrap();
    std::fs::write(role.join("t.ix.j2"), "ntp ip enable\n").unwrap();
    std::fs::write(bench.path("a.cfg"), "hostname a\n").unwrap();
    (bench, playbook("online-eligibility.yaml"))
}

#[test]
fn a_pipe_or_a_device_in_a_files_place_is_an_error_at_once() {
    let (bench, _) = bench();
    let check = ["check", "small.yaml", "-i", "clinics.yaml"].as_slice();
    let cases: [(&str, &[&str]); 11] = [
        ("x.cfg", &["fmt", "x.cfg"]),
        ("x.cfg", &["lint", "x.cfg"]),
        ("x.cfg", &["diff", "a.cfg", "x.cfg"]),
        ("x.cfg", &["plan", "small.yaml", "-i", "clinics.yaml", "--from-backup", "x.cfg"]),
        ("x.cast", &["replay", "x.cast"]),
        ("plan.json", &["apply", "plan.json", "-i", "clinics.yaml", "--yes"]),
        ("y.yaml", &["apply", "y.yaml", "-i", "clinics.yaml", "--yes"]),
        ("roles/small/t.ix.j2", check),
        ("roles/small/role.yaml", check),
        ("small.yaml", check),
        ("clinics.yaml", check),
    ];
    for what in ["pipe", "/dev/zero"] {
        for (place, words) in cases {
            let path = bench.path(place);
            let kept = std::fs::read(&path).ok();
            instead_of(&path, what);
            let run = ends(&bench, words);
            assert!(
                run.status == 1 && !run.stderr.contains("panicked"),
                "{what} at {place}: {}\n{}",
                run.status,
                run.stderr
            );
            // A link out of the playbook's folder is refused as such, and a role without a file is no role: neither is opened.
            let said = ["file.not-regular", "leads out", "playbook.role"].iter().any(|said| run.stderr.contains(said));
            assert!(said, "{what} at {place}: {}", run.stderr);
            std::fs::remove_file(&path).unwrap();
            if let Some(kept) = kept {
                std::fs::write(&path, kept).unwrap();
            }
        }
    }
}

#[test]
fn a_pipe_where_the_program_keeps_its_own_files_is_an_error_at_once() {
    let (bench, _) = bench();
    let apply = ["apply", "small.yaml", "-i", "clinics.yaml", "--yes"].as_slice();
    ends(&bench, &["status"]);
    for place in ["journal.key", "journal.sqlite", "known_hosts", "locks/r3.lock"] {
        for what in ["pipe", "/dev/zero"] {
            let path = bench.path("state").join(place);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let kept = std::fs::read(&path).ok();
            instead_of(&path, what);
            let before = bench.snapshot("r3");
            let run = ends(&bench, apply);
            assert!(!run.stderr.contains("panicked") && run.status >= 0, "{what} at {place}: {}", run.stderr);
            if run.status != 0 {
                assert_eq!(bench.snapshot("r3"), before, "{what} at {place}: {}", run.stderr);
            }
            std::fs::remove_file(&path).unwrap();
            if let Some(kept) = kept {
                std::fs::write(&path, kept).unwrap();
            }
        }
    }
}

#[test]
fn a_secret_in_a_pipe_is_an_error_at_once() {
    let (bench, _) = bench();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ file: secret }"))
        .unwrap();
    for what in ["pipe", "/dev/zero"] {
        instead_of(&bench.path("secret"), what);
        let run = ends(&bench, &["plan", "small.yaml", "-i", "clinics.yaml"]);
        assert!(run.status != 0 && run.stderr.contains("secret.file-unreadable"), "{what}: {}", run.stderr);
    }
}

#[test]
fn events_and_rendered_configurations_wait_for_no_reader() {
    let (bench, _) = bench();
    instead_of(&bench.path("events.jsonl"), "pipe");
    let run = ends(&bench, &["check", "small.yaml", "-i", "clinics.yaml"]);
    assert!(run.status == 1 && run.stderr.contains("machine.io"), "{}", run.stderr);
    std::fs::remove_file(bench.path("events.jsonl")).unwrap();
    std::fs::create_dir(bench.path("out")).unwrap();
    instead_of(&bench.path("out/r3.cfg"), "pipe");
    let run = ends(&bench, &["render", "small.yaml", "-i", "clinics.yaml", "-o", "out"]);
    assert!(run.status == 1 && run.stderr.contains("file.not-regular"), "{}", run.stderr);
}

#[test]
fn standard_input_has_a_bound() {
    let (bench, _) = bench();
    let out = bench.command(&["fmt", "-"]).stdin(std::fs::File::open("/dev/zero").unwrap()).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("file.too-large"));
}

#[test]
fn text_nested_without_end_is_an_error() {
    let (bench, _) = bench();
    let deep = 200_000;
    let kept = std::fs::read(bench.path("clinics.yaml")).unwrap();
    for text in [
        format!("version: {}\n", "[".repeat(deep)),
        format!("version: {}", "{ a: ".repeat(deep)),
        format!("{}x\n", "- ".repeat(deep)),
        (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
    ] {
        std::fs::write(bench.path("clinics.yaml"), &text).unwrap();
        let run = ends(&bench, &["check", "small.yaml", "-i", "clinics.yaml"]);
        assert_eq!(run.status, 1, "{}: {}", &text[..20], run.stderr);
    }
    std::fs::write(bench.path("clinics.yaml"), kept).unwrap();
    std::fs::write(bench.path("plan.json"), format!("{{\"schema\": {}", "[".repeat(deep))).unwrap();
    assert_eq!(ends(&bench, &["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).status, 1);
    std::fs::write(bench.path("x.cast"), format!("{{\"version\": 2}}\n{}\n", "[".repeat(deep))).unwrap();
    assert_eq!(ends(&bench, &["replay", "x.cast"]).status, 1);
    let config: String = (0..2000).map(|depth| format!("{}interface x{depth}\n", " ".repeat(depth % 500))).collect();
    std::fs::write(bench.path("deep.cfg"), config).unwrap();
    assert!(ends(&bench, &["fmt", "deep.cfg"]).status >= 0);
    let config: String = (0..1000).map(|depth| format!("{}interface x{depth}\n", " ".repeat(depth))).collect();
    std::fs::write(bench.path("deep.cfg"), config).unwrap();
    for words in [["fmt", "deep.cfg"].as_slice(), &["lint", "deep.cfg"], &["diff", "a.cfg", "deep.cfg"]] {
        assert!(ends(&bench, words).status >= 0, "{words:?}");
    }
}

#[test]
fn a_machine_without_threads_is_a_message() {
    let (bench, book) = bench();
    // No machine has room for such a stack: every thread that takes the usual size fails.
    let run = |words: &[&str]| {
        let out = bench.command(words).env("RUST_MIN_STACK", "70368744177664").output().unwrap();
        let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!stderr.contains("panicked"), "{words:?}: {stderr}");
        (out.status.code(), stderr)
    };
    let (status, stderr) = run(&["check", &book, "-i", "clinics.yaml"]);
    assert_eq!(status, Some(0), "it goes on without: {stderr}");
    let (status, stderr) = run(&["plan", "small.yaml", "-i", "clinics.yaml"]);
    assert!(status == Some(1) && stderr.contains("machine.io"), "{status:?}: {stderr}");
}
