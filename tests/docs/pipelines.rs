//! The examples for pipelines, cron and systemd are run as they are written, one after the other in one folder, with the routers of the
//! training inventory. The page says the same in both languages.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use crate::readme::copy;
use crate::{blocks, path, text};

/// A clinic's repository, the state folder beside it, and the program where a shell finds it.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["inventories", "playbooks"] {
            copy(&path(name), &folder.path().join("srv/clinics").join(name));
        }
        std::fs::create_dir_all(folder.path().join("bin")).unwrap();
        std::os::unix::fs::symlink(test_support::program::path(), folder.path().join("bin/ixdeploy")).unwrap();
        Self { folder }
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("srv/clinics")
    }

    /// Runs a line as a shell does that ends at the first failure; its paths are below this machine's folder.
    fn run(&self, line: &str, variables: &[(String, String)]) -> String {
        let root = self.folder.path().display();
        let line = line.replace("/srv/", &format!("{root}/srv/")).replace("/var/", &format!("{root}/var/"));
        let mut shell = Command::new("sh");
        shell.args(["-euc", &line]).current_dir(self.work()).env_clear();
        shell.env("PATH", format!("{root}/bin:/usr/bin:/bin")).env("LANG", "C");
        shell.env("IXDEPLOY_STATE_DIR", self.folder.path().join("state"));
        let output = shell.envs(variables.iter().cloned()).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{line}\n{said}");
        said
    }
}

/// A variable of the pipeline, and its value.
type Variable = (String, String);

/// A job, and its lines.
type Job = (String, Vec<String>);

/// The variables and the jobs of the pipeline, these in the order of its stages.
fn pipeline(block: &[String]) -> (Vec<Variable>, Vec<Job>) {
    let document: Value = serde_yaml::from_str(&block.join("\n")).unwrap();
    let strings = |value: &Value| -> Vec<String> {
        value.as_sequence().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let variables = document["variables"].as_mapping().unwrap();
    let variables =
        variables.iter().map(|(name, value)| (name.as_str().unwrap().to_owned(), value.as_str().unwrap().to_owned()));
    let jobs = strings(&document["stages"]).into_iter().map(|stage| {
        let job = &document[stage.as_str()];
        assert_eq!(job["stage"].as_str(), Some(stage.as_str()));
        let lines = strings(&job["script"]);
        (stage, lines)
    });
    (variables.collect(), jobs.collect())
}

fn sha256(file: &Path) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(std::fs::read(file).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_example_of_the_page_on_pipelines_runs() {
    let page = text("docs/pipelines.md");
    let machine = Machine::new();
    let (mut variables, jobs) = pipeline(&blocks(&page, "yaml")[0]);
    variables.push(("CI_COMMIT_TITLE".to_owned(), "two more domains".to_owned()));
    assert!(jobs.iter().map(|(name, _)| name.as_str()).eq(["check", "plan", "apply", "verify"]));
    for (name, lines) in &jobs {
        if name == "apply" {
            // What the person who approves the plan gives.
            variables.push(("PLAN_HASH".to_owned(), sha256(&machine.work().join("plan.json"))));
        }
        lines.iter().for_each(|line| drop(machine.run(line, &variables)));
    }
    let result = std::fs::read_to_string(machine.work().join("result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    let states: Vec<_> = result["routers"].as_array().unwrap().iter().map(|router| &router["state"]).collect();
    assert_eq!(states, ["saved", "saved"]);
    assert!(std::fs::read_to_string(machine.work().join("plan.md")).unwrap().contains("two more domains"));

    let cron = blocks(&page, "cron").swap_remove(0);
    let line = cron.iter().find(|line| line.starts_with(|first: char| first.is_ascii_digit())).unwrap();
    let command = line.splitn(6, ' ').nth(5).unwrap();
    assert!(!command.contains('%'), "cron takes it for the end of a line");
    assert_eq!(machine.run(command, &[]), "", "nothing to mail where nothing is wrong");

    let units = blocks(&page, "ini");
    let started: Vec<&str> = units.iter().flatten().filter_map(|line| line.strip_prefix("ExecStart=")).collect();
    assert_eq!(started.len(), 2);
    for line in started {
        machine.run(&line.replace("/usr/bin/ixdeploy", "ixdeploy"), &[]);
    }
    assert!(machine.folder.path().join("var/lib/ixdeploy/backup/training-r3/running.cfg").is_file());
}

#[test]
fn both_languages_have_the_same_examples() {
    let examples = |name: &str| {
        let page = text(name);
        ["yaml", "cron", "ini"].map(|language| blocks(&page, language))
    };
    assert_eq!(examples("docs/pipelines.md"), examples("docs/pipelines.ja.md"));
}
