//! What both READMEs tell a newcomer to type: all of it parses, and what needs no router is run, in its order.

use std::path::Path;

use clap::Parser;
use ixdeploy::cli::Cli;

use crate::harness::program;
use crate::{blocks, path, text};

const READMES: [&str; 2] = ["README.md", "README.ja.md"];

/// The commands of a document, without comments, split into words as a shell would.
fn commands(document: &str) -> Vec<Vec<String>> {
    blocks(document, "sh")
        .concat()
        .iter()
        .filter(|line| line.starts_with("ixdeploy "))
        .map(|line| words(line))
        .collect()
}

fn words(line: &str) -> Vec<String> {
    let command = line.split(" #").next().unwrap_or_default();
    command.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect()
}

/// Whether a command needs no router, and no run that met one.
fn is_offline(words: &[String]) -> bool {
    match words[1].as_str() {
        "plan" => words.iter().any(|word| word == "--from-backup"),
        verb => !matches!(verb, "apply" | "watch" | "verify" | "backup" | "report"),
    }
}

/// A folder that looks like a fresh clone, as far as these commands see it.
fn clone(readme: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["inventories", "playbooks"] {
        copy(&path(folder), &dir.path().join(folder));
    }
    for block in blocks(readme, "yaml") {
        let name = block[0].strip_prefix("# ").expect("the first line of a file names it");
        std::fs::write(dir.path().join(name), block.join("\n")).unwrap();
    }
    dir
}

pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let source = entry.unwrap().path();
        let target = to.join(source.file_name().unwrap());
        if source.is_dir() {
            copy(&source, &target);
        } else {
            std::fs::copy(&source, &target).unwrap();
        }
    }
}

#[test]
fn every_command_parses_and_the_offline_ones_run() {
    for readme in READMES {
        let document = text(readme);
        let dir = clone(&document);
        let commands = commands(&document);
        assert!(commands.iter().filter(|words| is_offline(words)).count() >= 8, "{readme}");
        for words in commands {
            let line = words.join(" ");
            if let Err(error) = Cli::try_parse_from(&words) {
                panic!("{readme}: {line}: {error}");
            }
            if is_offline(&words) {
                let output = program()
                    .args(&words[1..])
                    .current_dir(dir.path())
                    .env("IXDEPLOY_STATE_DIR", dir.path().join("state"))
                    .output()
                    .unwrap();
                // A port of this machine that its user may not open is no fault of the document.
                let expected: &[i32] = if matches!(words[1].as_str(), "diff" | "doctor") { &[0, 2] } else { &[0] };
                let status = output.status.code().unwrap_or(-1);
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(expected.contains(&status), "{readme}: {line}: exit status {status}\n{said}");
            }
        }
    }
}

#[test]
fn both_languages_say_the_same() {
    let [english, japanese] = READMES.map(text);
    assert_eq!(commands(&english), commands(&japanese));
    let shape = |document: &str| {
        let is_shape = |line: &&str| line.starts_with('#') || line.starts_with("```") || line.starts_with("| ");
        document.lines().filter(is_shape).map(|line| line.chars().take(3).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(shape(&english), shape(&japanese));
}

#[test]
fn the_two_commands_come_first() {
    for readme in READMES {
        let first = blocks(&text(readme), "sh").swap_remove(0);
        assert!(first[0].starts_with("cargo run --no-default-features --features lean -- demo"), "{readme}");
        assert!(first[1].starts_with("cargo test --workspace"), "{readme}");
    }
}

#[test]
fn every_sample_inventory_passes_with_every_playbook() {
    let list = |folder: &str| {
        let files = std::fs::read_dir(path(folder)).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|kind| kind == "yaml")).collect::<Vec<_>>()
    };
    for inventory in list("inventories") {
        for playbook in list("playbooks") {
            let output =
                program().args(["--lang", "en", "check"]).arg(&playbook).arg("-i").arg(&inventory).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            if playbook.ends_with("rotate-password.yaml") {
                // It asks for the day's new credential, which no sample can have: for that alone.
                let found: Vec<&str> = said.lines().filter(|line| line.contains("error[")).collect();
                assert!(!found.is_empty() && found.iter().all(|line| line.contains("`new_password`")), "{said}");
                continue;
            }
            assert!(output.status.success(), "{} {}\n{said}", playbook.display(), inventory.display());
            assert!(said.is_empty(), "a sample without warnings: {said}");
        }
    }
}
