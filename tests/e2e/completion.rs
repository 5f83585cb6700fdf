//! A shell asks how a line goes on: the real bash with the printed script, and what such a question may not do.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::harness::program;
use test_support::program::path;

const INVENTORY: &str = "\
version: 1
credentials:
  admin-password: { command: [touch, ran] }
sites:
  sato:
    title: 佐藤医院
    routers:
      sato-r1: { model: IX2215, role: router1, connection: { ssh: { host: 192.0.2.1, user: admin, password: admin-password } } }
";

/// A working folder whose inventory names a program that would leave a file behind.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("clinics.yaml"), INVENTORY).unwrap();
    std::fs::write(folder.path().join("ixdeploy.yaml"), "version: 1\ninventory: clinics.yaml\n").unwrap();
    folder
}

/// What bash offers after these words with the script that `completions bash` prints.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    let state = folder.join("state");
    let script = program().args(["completions", "bash"]).env("IXDEPLOY_STATE_DIR", &state).output().unwrap();
    assert!(script.status.success());
    std::fs::write(folder.join("script.bash"), script.stdout).unwrap();
    let ask = r#". ./script.bash; COMP_WORDS=(ixdeploy "$@"); COMP_CWORD=$#; _ixdeploy ixdeploy "${!#}" x
        printf '%s\n' "${COMPREPLY[@]}""#;
    let (ours, others) =
        (path().parent().map(Path::to_owned).into_iter(), std::env::var_os("PATH").unwrap_or_default());
    let bash = Command::new("bash")
        .args(["--norc", "-c", ask, "bash"])
        .args(words)
        .env_clear()
        .env("PATH", std::env::join_paths(ours.chain(std::env::split_paths(&others))).unwrap())
        .env("IXDEPLOY_STATE_DIR", state)
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&bash.stderr), "", "{words:?}");
    String::from_utf8(bash.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_names_of_the_working_folder_and_paths_and_runs_nothing_else() {
    let folder = folder();
    assert_eq!(offered(folder.path(), &["ver"]), ["verify"]);
    assert_eq!(offered(folder.path(), &["plan", "-l", "sa"]), ["sato", "sato-r1"]);
    assert_eq!(offered(folder.path(), &["plan", "-i", "clin"]), ["clinics.yaml"]);
    assert_eq!(offered(folder.path(), &["watch", "l"]), ["last"]);
    assert_eq!(offered(folder.path(), &["plan", "-l", "none"]), [""]);
    assert_eq!(offered(folder.path(), &["plan", "--limit", "=", "sato-"]), ["sato-r1"], "bash cuts at `=`");
    let mut left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["clinics.yaml", "ixdeploy.yaml", "script.bash"], "no program ran, and no state folder was made");
}

#[test]
fn a_file_whose_name_fits_a_pattern_in_the_answer_does_not_take_its_place() {
    let folder = folder();
    std::fs::write(folder.path().join("sato-$(reboot),sato-r1"), "").unwrap();
    assert_eq!(offered(folder.path(), &["plan", "-l", "sato-*,sato-r"]), ["sato-*,sato-r1"]);
}

#[test]
fn a_question_of_any_shell_is_answered_in_its_form_with_exit_status_0() {
    let folder = folder();
    let words = ["ixdeploy", "plan", "-l", "sato-"];
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let mut question = program();
        question.env("IXDEPLOY_COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "3").current_dir(folder.path());
        if shell == "powershell" {
            question.env("IXDEPLOY_COMPLETE_WORDS", words.join("\n"));
        } else {
            question.arg("--").args(words);
        }
        let answer = question.output().unwrap();
        assert_eq!(String::from_utf8_lossy(&answer.stdout).trim_end(), "sato-r1", "{shell}");
        assert_eq!((answer.status.code(), answer.stderr.len()), (Some(0), 0), "{shell}");
    }
    let unknown = program().args(["--version"]).env("IXDEPLOY_COMPLETE", "csh").output().unwrap();
    assert!(
        String::from_utf8_lossy(&unknown.stdout).starts_with("ixdeploy "),
        "a shell that is not known asks nothing"
    );
}
