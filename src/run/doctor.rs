//! `doctor`: what on this machine would stop a deployment, and the remedy.
//!
//! It reads, and changes nothing but a probe file. It shows nothing: what it finds is data.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::doctor_console::console_findings;
use super::env::RunEnv;
use super::exit::Exit;
use super::machine_finding::{Level, MachineFinding};
use crate::message::{Explain, Text};
use crate::private;
use crate::transport::ssh;

/// 2026-01-01 as seconds since 1970: no machine that runs this program can honestly be earlier.
const EARLIEST: u64 = 1_767_225_600;

/// What was found out about this machine.
#[derive(Debug, Clone)]
pub struct DoctorReport {
    /// Each part that was examined.
    pub findings: Vec<MachineFinding>,
    /// How the program ends because of it: 2 where something would stop every deployment.
    pub exit: Exit,
}

/// Examines this machine.
pub fn doctor(env: &RunEnv) -> DoctorReport {
    let [ports, cables] = console_findings();
    let findings = vec![ssh_finding(), ports, cables, state_finding(&env.state_dir), clock_finding()];
    let is_stopped = findings.iter().any(|finding| finding.level == Level::Error);
    DoctorReport { findings, exit: if is_stopped { Exit::Differs } else { Exit::Done } }
}

fn ssh_finding() -> MachineFinding {
    let missing = match ssh::missing_algorithms() {
        Ok(missing) => missing,
        Err(error) => {
            // Where SSH was left out, what needs none still works.
            let (level, remedy) =
                if ssh::BUILT_IN { (Level::Error, None) } else { (Level::Warning, error.hints().into_iter().next()) };
            return MachineFinding { id: "ssh-algorithms", level, text: error.text(), remedy };
        }
    };
    if missing.is_empty() {
        return MachineFinding {
            id: "ssh-algorithms",
            level: Level::Good,
            text: Text::new(
                "every algorithm an IX was seen to offer is compiled in, ssh-rsa included",
                "IX が提示する SSH アルゴリズム(ssh-rsa を含む)はすべて組み込まれています",
            ),
            remedy: None,
        };
    }
    let names = missing.join(", ");
    MachineFinding {
        id: "ssh-algorithms",
        level: Level::Error,
        text: Text::new(
            format!("this build cannot log in to an IX by SSH: {names} not compiled in"),
            format!("このビルドは SSH で IX に接続できません。未組み込み: {names}"),
        ),
        remedy: Some(Text::new(
            "build inside the repository (`cargo build --release`): the defines are in its cargo configuration; `cargo install` from outside loses them",
            "リポジトリの中で cargo build --release を実行してください。外からの cargo install では必要な定義が失われます",
        )),
    }
}

fn state_finding(dir: &Path) -> MachineFinding {
    let probe = private::state_folder(dir).and_then(|_| Ok(tempfile::NamedTempFile::new_in(dir).map(drop)?));
    match probe {
        Ok(()) => MachineFinding {
            id: "state-folder",
            level: Level::Good,
            text: Text::new(format!("{} can be written", dir.display()), format!("{} に書き込めます", dir.display())),
            remedy: None,
        },
        Err(refusal) => MachineFinding {
            id: "state-folder",
            level: Level::Error,
            text: unusable(dir, &refusal.text()),
            remedy: Some(Text::new(
                "make it yours alone (`chmod 700`), or name another folder with --state-dir or IXDEPLOY_STATE_DIR",
                "本人だけが使えるようにする(chmod 700)か、--state-dir または IXDEPLOY_STATE_DIR で別のフォルダを指定してください",
            )),
        },
    }
}

fn unusable(dir: &Path, why: &Text) -> Text {
    Text::new(
        format!("{} cannot be used: {}", dir.display(), why.en),
        format!("{} は使用できません: {}", dir.display(), why.ja),
    )
}

fn clock_finding() -> MachineFinding {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    if now >= EARLIEST {
        return MachineFinding {
            id: "clock",
            level: Level::Good,
            text: Text::new("the clock is plausible", "時計は妥当です"),
            remedy: None,
        };
    }
    MachineFinding {
        id: "clock",
        level: Level::Warning,
        text: Text::new(
            "the clock says that it is before 2026: times in records would be wrong",
            "時計が 2026 年より前を指しています。記録の時刻が誤ったものになります",
        ),
        remedy: Some(Text::new("set the clock of this machine", "この PC の時計を合わせてください")),
    }
}
