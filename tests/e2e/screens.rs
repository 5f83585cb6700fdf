//! Whole screens as snapshots, in both languages: everything the operator reads, in order, and nothing else.
//!
//! What differs from run to run (folders, ports, names of runs, times, hashes) is written as a word. A changed screen is looked at and
//! accepted with `INSTA_UPDATE=always cargo test --test e2e -- screens::`; the difference is part of the change.

use mock_device::{Fault, When};
use regex::Regex;

use crate::harness::{Bench, DEVICE_SECRETS, PASSWORD, playbook, program};

/// Runs the program as an operator does, without a verbosity option, and returns the screen.
fn screen(bench: &Bench, lang: &str, words: &[&str]) -> String {
    let output = program()
        .args(["--lang", lang])
        .args(words)
        .env("IXDEPLOY_STATE_DIR", bench.path("state"))
        .env("TEST_ADMIN_PASSWORD", PASSWORD)
        .env("TEST_NEW_PASSWORD", DEVICE_SECRETS[2])
        .current_dir(bench.dir.path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| same_every_time(bench, &String::from_utf8_lossy(bytes));
    let shown: Vec<String> = words.iter().map(|word| same_every_time(bench, word)).collect();
    format!(
        "$ ixdeploy --lang {lang} {}\n{}--- beside it\n{}--- exit {}\n",
        shown.join(" "),
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap_or(-1)
    )
}

/// The text with a word in the place of everything that differs from run to run. How long something took does; a length of time that
/// a person may type (`0s`), or that is a limit, does not.
fn same_every_time(bench: &Bench, text: &str) -> String {
    let root = test_support::program::root().display().to_string();
    let mut text = text.replace(&bench.dir.path().display().to_string(), "FOLDER").replace(&root, "PROJECT");
    for (pattern, word) in [
        (r"\b\d{8}T?-?\d{6}Z?-[0-9a-z]+\b", "RUN"),
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( ?Z| UTC|[+-]\d\d:\d\d)?", "TIME"),
        (r"127\.0\.0\.1:\d+", "HOST:PORT"),
        (r"(unknown|不明)@\S+", "USER@MACHINE"),
        (r"\b[0-9a-f]{64}\b", "SHA256"),
        (r"SHA256:[A-Za-z0-9+/]{43}", "FINGERPRINT"),
        (r"\d+\.\d+ (s\b|秒)", "DURATION"),
    ] {
        text = Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    text
}

/// One bench for each language, with the same commands: the screens are compared with the kept ones.
fn screens(name: &str, faults: &[Fault], commands: &[&[&str]]) {
    for lang in ["en", "ja"] {
        let mut spec = crate::harness::prepared("r3");
        spec.faults = faults.to_vec();
        let bench = Bench::new(vec![(spec, crate::harness::router3("r3"))]);
        let all: Vec<String> = commands.iter().map(|words| screen(&bench, lang, words)).collect();
        let settings = {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path("screens");
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings
        };
        settings.bind(|| insta::assert_snapshot!(format!("{name}.{lang}"), all.join("\n")));
    }
}

#[test]
fn a_change_is_planned_applied_and_found_in_the_record() {
    let book = playbook("online-eligibility.yaml");
    let on_the_bench = ["apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--yes"];
    screens(
        "change",
        &[],
        &[
            &["check", &book, "-i", "clinics.yaml"],
            &["plan", &book, "-i", "clinics.yaml"],
            &on_the_bench,
            &on_the_bench,
            &["plan", &book, "-i", "clinics.yaml"],
            &["history", "r3"],
            &["status"],
        ],
    );
}

#[test]
fn a_refused_line_is_shown_with_its_undo() {
    let book = playbook("online-eligibility.yaml");
    screens(
        "refused",
        &[Fault::refuse(When::matching("ip vrf forwarding"))],
        &[&["apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--yes"], &["history", "r3"], &["status"]],
    );
}

#[test]
fn a_router_that_refuses_the_undo_as_well_is_shown_to_need_a_person() {
    let book = playbook("online-eligibility.yaml");
    let faults = [
        Fault::refuse(When::matching("ip vrf forwarding")),
        Fault::Refuse { when: When::matching("^no ip access-list"), text: None, times: 0 },
    ];
    screens(
        "undo-failed",
        &faults,
        &[&["apply", &book, "-i", "clinics.yaml", "--phase", "bench", "--yes"], &["status"]],
    );
}

#[test]
fn what_is_wrong_in_the_input_is_shown_with_its_place() {
    let book = playbook("online-eligibility.yaml");
    screens(
        "wrong-input",
        &[],
        &[
            &["plan", &book, "-i", "no-such-file.yaml"],
            &["plan", &book, "-i", "clinics.yaml", "--limit", "r33"],
            &["apply", &book, "-i", "clinics.yaml"],
            &["plna"],
        ],
    );
}

#[test]
fn help_is_shown_whole() {
    screens(
        "help",
        &[],
        &[&["--help"], &["plan", "--help"], &["apply", "--help"], &["resume", "--help"], &["kit", "build", "--help"]],
    );
}
