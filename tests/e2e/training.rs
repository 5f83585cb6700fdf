//! Training without hardware: `connection: mock`, through the inventory that ships.

use std::path::Path;

use mock_device::RouterSpec;

use crate::harness::{Run, playbook, program};

fn inventory() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("inventories/training.yaml").display().to_string()
}

/// The program as a trainee runs it: nothing but a state folder.
fn run(state: &Path, words: &[&str]) -> Run {
    let mut command = program();
    let place = [playbook("online-eligibility.yaml"), "-i".to_owned(), inventory()];
    command.args(["--lang", "en"]).arg(words[0]).args(place).args(&words[1..]);
    command.env("IXDEPLOY_STATE_DIR", state);
    let output = command.output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_trainee_checks_plans_applies_and_finds_nothing_left_to_do() {
    let state = tempfile::tempdir().unwrap();
    run(state.path(), &["check"]).exits(0);
    run(state.path(), &["plan", "-l", "training-r2,training-r3"]).exits(2);
    let apply = ["apply", "--yes", "--phase", "bench", "-l", "training-r2,training-r3"];
    run(state.path(), &apply).exits(0);
    let again = run(state.path(), &["plan", "-l", "training-r2,training-r3"]).exits(0);
    assert!(!again.stdout.contains("interface GigaEthernet"), "{}", again.stdout);
    let running = state.path().join("mock-routers/training-r3/running.cfg");
    assert!(std::fs::read_to_string(running).unwrap().contains("hostname training-r3"));
}

#[test]
#[cfg(unix)]
fn the_router_out_of_the_box_is_on_a_console_and_must_be_named() {
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().unwrap();
    let apply = ["apply", "--yes", "--phase", "bench", "-l", "training-r1"];
    run(state.path(), &apply).exits(1).says("identity.unconfirmed");
    let serial = RouterSpec::new("training-r1").serial();
    assert!(std::fs::read_to_string(inventory()).unwrap().contains(&serial), "its label is in the inventory's head");
    let apply: Vec<&str> = apply.iter().copied().chain(["--serial-number", &serial]).collect();
    run(state.path(), &apply).exits(0);
    run(state.path(), &["plan", "-l", "training-r1"]).exits(0);
    let mode = std::fs::metadata(state.path().join("mock-routers")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "a configuration may hold secrets");
}

#[test]
fn a_mock_that_cannot_start_says_why() {
    let state = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(state.path().join("mock-routers/training-r2")).unwrap();
    std::fs::write(state.path().join("mock-routers/training-r2/running.cfg"), "no such line\n").unwrap();
    run(state.path(), &["plan", "-l", "training-r2"]).exits(3).says("connection.mock").says("mock-routers");
}

#[test]
fn two_programs_do_not_run_one_mock_router_at_once() {
    use ixdeploy::journal::{RouterLock, Sharing};
    let state = tempfile::tempdir().unwrap();
    let folder = state.path().join("mock-routers");
    let held = RouterLock::take(&folder, "training-r2", Sharing::Changing).unwrap();
    run(state.path(), &["plan", "-l", "training-r2"]).exits(3).says("connection.mock");
    run(state.path(), &["plan", "-l", "training-r3"]).exits(2);
    drop(held);
    run(state.path(), &["plan", "-l", "training-r2"]).exits(2);
}

#[test]
fn a_model_without_a_mock_is_named_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = folder.path().join("clinic.yaml");
    std::fs::write(
        &inventory,
        "version: 1\nsites:\n  a:\n    routers:\n      r1: { model: IX2207, role: router2, connection: { mock: {} } }\n",
    )
    .unwrap();
    for (lang, says) in [("en", "there is no mock of an IX2207"), ("ja", "IX2207 の模擬ルータはありません")]
    {
        let output = program()
            .args(["--lang", lang, "plan"])
            .arg(playbook("online-eligibility.yaml"))
            .arg("-i")
            .arg(&inventory)
            .env("IXDEPLOY_STATE_DIR", folder.path().join("state"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(says) && said.contains("connection.no-mock"), "{said}");
    }
}
