#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::{Files, completed, is_plain};
use crate::cli::help;
use crate::message::Lang;

const INVENTORY: &str = "\
version: 1
groups:
  east: {}
sites:
  clinic-1:
    groups: [east]
    routers:
      r1: { model: IX2215, role: router1, connection: { serial: { port: COM3 } } }
";

/// A folder with an inventory `clinics.yaml`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("clinics.yaml"), INVENTORY).unwrap();
    folder
}

/// What is offered after these words in this folder; the last word is not yet whole.
fn offered(folder: &TempDir, words: &[&str]) -> Vec<String> {
    let typed: Vec<OsString> = std::iter::once("ixdeploy").chain(words.iter().copied()).map(OsString::from).collect();
    let here = Some(folder.path().to_owned());
    let files = Files {
        typed: typed.clone(),
        here: here.clone(),
        inventory: || None,
        state_dir: Some(folder.path().join("state")),
    };
    let mut command = completed(help::command_line(Lang::En), &Arc::new(files));
    let found = clap_complete::engine::complete(&mut command, typed, words.len(), here.as_deref()).unwrap();
    found.iter().map(|found| found.get_value().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_limit_is_completed_with_the_names_of_the_inventory_that_was_typed_before() {
    let folder = folder();
    let limit = |typed: &str| offered(&folder, &["plan", "-i", "clinics.yaml", "-l", typed]);
    assert_eq!(limit(""), ["clinic-1", "east", "r1", "router1"]);
    assert_eq!(limit("r"), ["r1", "router1"]);
    assert_eq!(limit("east,!cl"), ["east,!clinic-1"]);
    assert!(limit("c[1,").is_empty(), "numbers of a pattern are no names");
    for typed in [
        &["--inventory=clinics.yaml"][..],
        &["--inventory", "=", "clinics.yaml"],
        &["-iclinics.yaml"],
        &["-i", "'clinics.yaml'"],
    ] {
        assert_eq!(offered(&folder, &[&["plan"], typed, &["-l", "e"]].concat()), ["east"], "{typed:?}");
    }
}

#[test]
fn an_inventory_with_a_mistake_has_names_and_what_is_no_name_is_not_offered() {
    let folder = folder();
    let wrong = INVENTORY.replace("groups:\n  east: {}", "groups:\n  east: {}\n  'r$(reboot)': {}\nsights: {}");
    std::fs::write(folder.path().join("clinics.yaml"), wrong).unwrap();
    assert!(offered(&folder, &["history", "r"]).is_empty(), "no inventory is named");
    assert_eq!(offered(&folder, &["plan", "-i", "clinics.yaml", "-l", "r"]), ["r1", "router1"]);
    assert_eq!(offered(&folder, &["restore", "-i", "clinics.yaml", "r"]), ["r1"]);
}

#[test]
fn without_files_nothing_is_offered_and_nothing_is_made() {
    let folder = folder();
    assert!(offered(&folder, &["plan", "-i", "nowhere.yaml", "-l", ""]).is_empty());
    assert_eq!(offered(&folder, &["watch", "la"]), ["last"]);
    assert!(!folder.path().join("state").exists(), "asking makes no state folder");
}

#[test]
fn imported_runs_are_offered_by_the_names_of_their_files() {
    let folder = folder();
    let imported = folder.path().join("state/imported");
    std::fs::create_dir_all(&imported).unwrap();
    for name in ["20261122-114603-7k3f.tar", "20261123-000000-aaaa.tar", ".tmpx", "x.tar", "$(reboot).tar"] {
        std::fs::write(imported.join(name), "").unwrap();
    }
    let runs = ["20261123-000000-aaaa", "20261122-114603-7k3f"];
    assert_eq!(offered(&folder, &["report", "2"]), runs);
    assert_eq!(offered(&folder, &["export", "2"]), runs);
    assert_eq!(offered(&folder, &["replay", "2"]), runs);
    assert_eq!(offered(&folder, &["export", "last", "cl"]), ["clinics.yaml"]);
    assert_eq!(offered(&folder, &["journal", "import", "cl"]), ["clinics.yaml"]);
}

#[test]
fn a_path_is_offered_unless_a_shell_would_act_on_it() {
    let folder = folder();
    for name in ["医院.yaml", "a b.yaml", "$(reboot).yaml", "`reboot`", "-rf", "x;y", "x*"] {
        if std::fs::write(folder.path().join(name), "").is_err() {
            // Windows has names that cannot be.
            assert_eq!(std::env::consts::OS, "windows", "{name}");
        }
    }
    std::fs::create_dir(folder.path().join("clinics")).unwrap();
    let found = offered(&folder, &["plan", "-i", ""]);
    let clinics = Path::new("clinics").join("").display().to_string();
    assert_eq!(found, [".", "clinics.yaml", clinics.as_str(), "医院.yaml"]);
    for wrong in ["", "a b", "a\nb", "a\u{202e}b", "a'b", "a\"b", "a|b", "a>b", "a&b", "a(b", "a#b", "=ls", "a~"] {
        assert!(!is_plain(wrong), "{wrong:?}");
    }
    assert!(is_plain("~/clinics/東京.yaml"));
}

#[test]
fn subcommands_options_values_and_codes_are_offered() {
    let folder = folder();
    assert_eq!(offered(&folder, &["ver"]), ["verify"]);
    assert!(offered(&folder, &["apply", "--line"]).contains(&"--line-pending".to_owned()));
    assert_eq!(offered(&folder, &["apply", "--phase", ""]), ["bench", "clinic"]);
    assert_eq!(offered(&folder, &["explain", "router.unsav"]), ["router.unsaved"]);
    assert_eq!(offered(&folder, &["journal", "ver"]), ["verify"]);
}
