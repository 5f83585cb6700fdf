//! On a screen of 80 columns nothing that is said is wider: a terminal would break it in the middle of a word, and a table would fall apart.
//!
//! Wider is only what must stay whole: lines of a configuration, a command that is to be copied, a word without a blank, such as a path.

use std::process::Command;

use rexpect::session::spawn_command;
use unicode_width::UnicodeWidthStr as _;

use crate::harness::{Bench, PASSWORD, playbook, prepared, program, router3};

const COLUMNS: usize = 80;

/// What the program shows on a terminal of 80 columns.
fn shown(bench: &Bench, lang: &str, words: &[&str]) -> String {
    let started = program();
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "stty cols 80 rows 24; exec \"$@\"", "sh"])
        .arg(started.get_program())
        .args(["--lang", lang])
        .args(words)
        .env_clear()
        .env("TERM", "xterm")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("IXDEPLOY_STATE_DIR", bench.path("state"))
        .env("TEST_ADMIN_PASSWORD", PASSWORD)
        .current_dir(bench.dir.path());
    let mut session = spawn_command(command, Some(60_000)).unwrap();
    // A terminal's bytes come as one character each.
    let bytes: Vec<u8> = session.exp_eof().unwrap().chars().filter_map(|byte| u8::try_from(byte).ok()).collect();
    String::from_utf8(bytes).unwrap()
}

/// The line as it is at the end: what was written over is gone.
fn seen(line: &str) -> String {
    let plain = anstream::adapter::strip_str(line).to_string();
    let last = plain.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default();
    last.to_owned()
}

/// Whether a line may be wider: it must stay as it is.
fn stays_whole(line: &str) -> bool {
    let words = line.trim_start();
    let is_quoted = words.strip_prefix("`ixdeploy ").is_some_and(|rest| rest.find('`') == Some(rest.len() - 1));
    let is_command = is_quoted || ["ixdeploy ", "$ ", "| ", "+", "-"].iter().any(|start| words.starts_with(start));
    let is_numbered = words.split(' ').next().is_some_and(|first| first.parse::<usize>().is_ok());
    let longest = words.split_whitespace().map(|word| word.width()).max().unwrap_or_default();
    is_command || is_numbered || line.width() - words.width() + longest > COLUMNS
}

#[test]
fn nothing_that_is_said_is_wider_than_a_screen() {
    let book = playbook("online-eligibility.yaml");
    let at = ["-i", "clinics.yaml"];
    let mut wide = Vec::new();
    for lang in ["en", "ja"] {
        let bench = Bench::new(vec![(prepared("r3"), router3("r3"))]);
        let commands: [&[&str]; 29] = [
            &["explain"],
            &["explain", "router.refused-line"],
            &["explain", "lifeline.unknown"],
            &["explain", "line"],
            &["ports"],
            &["doctor"],
            &["check", &book, at[0], at[1], "-v"],
            &["plan", &book, at[0], at[1], "--rollback-notes"],
            &["plan", &book, at[0], at[1], "-o", "plan.json"],
            &["show", "plan.json"],
            &["apply", &book, at[0], at[1], "--phase", "bench", "--yes"],
            &["verify", &book, at[0], at[1], "--phase", "bench"],
            &["line", at[0], at[1]],
            &["status"],
            &["runs"],
            &["history", "r3"],
            &["show", "last"],
            &["resume"],
            &["pause", "last"],
            &["continue", "last", "--yes"],
            &["undo", "last", "--yes"],
            &["journal", "verify"],
            &["lint", "no-such-file.cfg"],
            &["nonsense"],
            // What is mistyped before anything is read, and findings in files.
            &["plan", &book],
            &["apply", &book, at[0], at[1], "--dry-run"],
            &["plan", "no-such-playbook.yaml", at[0], at[1]],
            &["check", "clinics.yaml", at[0], &book],
            &["show", "no-such-run"],
        ];
        let mut look = |words: &[&str]| {
            let text = shown(&bench, lang, words);
            let lines = text.lines().map(seen).filter(|line| line.width() > COLUMNS && !stays_whole(line));
            wide.extend(lines.map(|line| format!("{lang} {}: {line}", words[0])));
        };
        commands.into_iter().for_each(&mut look);
        // What a working folder adds is said where it is used.
        let named = format!("version: 1\ninventory: clinics.yaml\nplaybook: {book}\n");
        std::fs::write(bench.path("ixdeploy.yaml"), named).unwrap();
        look(&["check"]);
    }
    assert!(wide.is_empty(), "{} lines:\n{}", wide.len(), wide.join("\n"));
}
