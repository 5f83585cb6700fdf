//! `doctor`: what on this machine would stop a deployment, and the remedy. It reads, it changes nothing but a probe file.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::dialect::device_strings::CONSOLE_SPEED;
use crate::message::Text;
use crate::private;
use crate::report::Style;
use crate::transport::serial::{self, PortChoice, SerialError, SerialTarget};
use crate::transport::ssh;

/// 2026-01-01 as seconds since 1970: no machine that runs this program can honestly be earlier.
const EARLIEST: u64 = 1_767_225_600;

/// One finding.
#[derive(Debug, Clone)]
struct Finding {
    id: &'static str,
    level: Level,
    text: Text,
    remedy: Option<Text>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Good,
    /// Stops one way of reaching a router.
    Warning,
    /// Stops every deployment.
    Error,
}

/// Say what on this machine would stop a deployment, with the remedy
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Print only the SSH algorithms that are compiled in
    #[arg(long)]
    pub ssh_algorithms: bool,
}

impl Subcommand for DoctorArgs {
    const NAME: &'static str = "doctor";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "この PC で展開の妨げになるものと対処を示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("ssh_algorithms", "組み込まれた SSH アルゴリズムだけを表示します")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy doctor"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Runs the examination; exits 2 where something would stop a deployment.
///
/// # Errors
/// When the SSH library cannot be asked for its algorithms, where only they are wanted.
fn run(context: &Context, args: &DoctorArgs) -> Result<Exit, Failure> {
    if args.ssh_algorithms {
        return list_algorithms(context);
    }
    let findings = [ssh_finding(), port_finding(), state_finding(context), clock_finding()];
    let exit = if findings.iter().any(|finding| finding.level == Level::Error) { Exit::Differs } else { Exit::Done };
    for finding in &findings {
        let mark = match finding.level {
            Level::Good => Style::Good.on("ok"),
            Level::Warning => Style::Warn.on(context.lang.pick("warning", "警告")),
            Level::Error => Style::Bad.on(context.lang.pick("error", "エラー")),
        };
        context.say(&format!("{mark}  {}: {}\n", finding.id, finding.text.get(context.lang)));
        if let Some(remedy) = &finding.remedy {
            context.say(&format!("    {} {}\n", context.lang.pick("remedy:", "対処:"), remedy.get(context.lang)));
        }
    }
    let records: Vec<_> = findings
        .iter()
        .map(|finding| {
            serde_json::json!({
                "id": finding.id,
                "level": finding.level,
                "message": finding.text.get(context.lang),
                "remedy": finding.remedy.as_ref().map(|remedy| remedy.get(context.lang)),
            })
        })
        .collect();
    context.document("doctor", exit, &serde_json::json!({ "findings": records }));
    Ok(exit)
}

fn list_algorithms(context: &Context) -> Result<Exit, Failure> {
    let supported = ssh::supported_algorithms().map_err(|error| Failure::new(&error, Exit::Usage))?;
    let mut groups = serde_json::Map::new();
    for group in supported {
        context.say(&format!("{}: {}\n", group.kind, group.names.join(",")));
        groups.insert(group.kind.to_owned(), group.names.into());
    }
    context.document("doctor", Exit::Done, &serde_json::json!({ "ssh_algorithms": groups }));
    Ok(Exit::Done)
}

fn ssh_finding() -> Finding {
    let missing = match ssh::missing_algorithms() {
        Ok(missing) => missing,
        Err(error) => {
            return Finding {
                id: "ssh-algorithms",
                level: Level::Error,
                text: crate::message::Explain::text(&error),
                remedy: None,
            };
        }
    };
    if missing.is_empty() {
        return Finding {
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
    Finding {
        id: "ssh-algorithms",
        level: Level::Error,
        text: Text::new(
            format!("this build cannot log in to an IX by SSH: {names} not compiled in"),
            format!("このビルドは SSH で IX に接続できません。未組み込み: {names}"),
        ),
        remedy: Some(Text::new(
            "build inside the repository (`cargo build --release`): the defines stand in its cargo configuration; `cargo install` from outside loses them",
            "リポジトリの中で cargo build --release を実行してください。外からの cargo install では必要な定義が失われます",
        )),
    }
}

fn port_finding() -> Finding {
    let ports = match serial::list_ports() {
        Ok(ports) => ports,
        Err(error) => {
            return Finding {
                id: "serial-ports",
                level: Level::Warning,
                text: Text::new(crate::message::Explain::text(&error).en, crate::message::Explain::text(&error).ja),
                remedy: Some(Text::new(
                    "name the port in the inventory (`serial: { port: ... }`)",
                    "インベントリでポート名を指定してください(serial: { port: ... })",
                )),
            };
        }
    };
    let refused: Vec<(&str, SerialError)> =
        ports.iter().filter_map(|port| Some((port.name.as_str(), denied(&port.name)?))).collect();
    judge_ports(ports.len(), &refused)
}

/// A port that is refused stops a console, and no way over the network.
fn judge_ports(count: usize, refused: &[(&str, SerialError)]) -> Finding {
    let Some((_, denied)) = refused.first() else {
        return Finding {
            id: "serial-ports",
            level: Level::Good,
            text: Text::new(
                format!("{count} serial port(s), none refused to this user"),
                format!("シリアルポート {count} 個、権限の問題はありません"),
            ),
            remedy: None,
        };
    };
    let names = refused.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    Finding {
        id: "serial-ports",
        level: Level::Warning,
        text: Text::new(
            format!("this user may not open {names}"),
            format!("このユーザには {names} を開く権限がありません"),
        ),
        // What helps differs between systems: the port's own error knows.
        remedy: crate::message::Explain::hints(denied).into_iter().next(),
    }
}

/// The refusal, where the system refuses the port to this user. Opening types nothing; a port in use by another program is no refusal.
fn denied(port: &str) -> Option<SerialError> {
    let target = SerialTarget { port: PortChoice::Name(port.to_owned()), speed: CONSOLE_SPEED };
    serial::open(&target).err().filter(|error| matches!(error, SerialError::Denied { .. }))
}

fn state_finding(context: &Context) -> Finding {
    let dir = &context.state_dir;
    let probe = private::state_folder(dir).and_then(|_| Ok(tempfile::NamedTempFile::new_in(dir).map(drop)?));
    match probe {
        Ok(()) => Finding {
            id: "state-folder",
            level: Level::Good,
            text: Text::new(format!("{} can be written", dir.display()), format!("{} に書き込めます", dir.display())),
            remedy: None,
        },
        Err(refusal) => Finding {
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

fn clock_finding() -> Finding {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    if now >= EARLIEST {
        return Finding {
            id: "clock",
            level: Level::Good,
            text: Text::new("the clock is plausible", "時計は妥当です"),
            remedy: None,
        };
    }
    Finding {
        id: "clock",
        level: Level::Warning,
        text: Text::new(
            "the clock stands before 2026: times in records would be wrong",
            "時計が 2026 年より前を指しています。記録の時刻が誤ったものになります",
        ),
        remedy: Some(Text::new("set the clock of this machine", "この PC の時計を合わせてください")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, judge_ports};
    use crate::transport::serial::SerialError;

    #[test]
    fn a_port_that_is_refused_stops_no_deployment_over_the_network() {
        let refused = SerialError::Denied { port: "/dev/ttyUSB0".to_owned() };
        let finding = judge_ports(2, &[("/dev/ttyUSB0", refused)]);
        assert_eq!(finding.level, Level::Warning);
        assert!(finding.remedy.is_some() && finding.text.en.contains("/dev/ttyUSB0"), "{finding:?}");
        assert_eq!(judge_ports(2, &[]).level, Level::Good);
    }
}
