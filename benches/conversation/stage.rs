//! A folder with what a user has (inventory, password, state folder), and `ixdeploy` run in it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ixdeploy::session::Recording;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{self, Usage};

/// The playbook with the sample configurations.
pub const PLAYBOOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/online-eligibility.yaml");

/// The folder; it is gone when this is dropped.
pub struct Stage {
    folder: TempDir,
}

/// What a run of `ixdeploy` needed, and what it said.
pub struct Ran {
    /// Its exit status.
    pub status: Option<i32>,
    /// Seconds, processor and memory.
    pub usage: Usage,
    /// Everything it wrote to stderr.
    pub said: String,
}

impl Stage {
    /// A folder with this inventory below `sites:`.
    pub fn new(password: &str, sites: &str) -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap() };
        let secret = stage.path("admin-password");
        fs::write(&secret, password).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let head = "version: 1\ncredentials:\n  admin-password: { file: admin-password }\nsites:\n";
        fs::write(stage.path("clinics.yaml"), format!("{head}{sites}")).unwrap();
        stage
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `ixdeploy` with the folder's inventory and state folder; events and recordings stay in the folder.
    pub fn ixdeploy(&self, words: &[&str], playbook: &Path) -> Ran {
        let said = self.path("stderr");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ixdeploy"));
        command.args(words).arg(playbook).arg("-i").arg(self.path("clinics.yaml"));
        command.args(["--lang", "en", "--state-dir"]).arg(self.path("state"));
        command.arg("--events").arg(self.path("events.jsonl"));
        command.stdin(Stdio::null()).stdout(File::create(self.path("stdout")).unwrap());
        command.stderr(File::create(&said).unwrap());
        let (status, usage) = process::measured(&mut command);
        Ran { status, usage, said: fs::read_to_string(said).unwrap() }
    }

    /// The events of all runs, in their order.
    pub fn events(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("events.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The recordings in the folder `tapes`, in the order of the sessions.
    pub fn tapes(&self) -> Vec<Recording> {
        let tape = |number| fs::read_to_string(self.path(&format!("tapes/r1-{number}.cast"))).ok();
        (1..).map_while(tape).map(|text| Recording::parse(&text).unwrap()).collect()
    }
}
