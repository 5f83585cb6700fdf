//! What `doctor` says about console cables: judged from what was gathered, so that it holds for every system wherever it is tested.

use super::machine_finding::{Level, MachineFinding};
use crate::dialect::Dialect;
use crate::message::{Explain, Text};
use crate::transport::serial::survey::{self, BlockedPort, Chip, Holder, Obstacle, PortGroup, PortSurvey};
use crate::visible;

/// The ports of this machine, and the cables that have none.
pub(super) fn console_findings() -> [MachineFinding; 2] {
    match survey::survey(Dialect::any().strings().console_speed) {
        Ok(survey) => [judge_ports(&survey), judge_cables(&survey)],
        Err(error) => {
            let remedy = Text::new(
                "name the port in the inventory (`serial: { port: ... }`)",
                "インベントリでポート名を指定してください(serial: { port: ... })",
            );
            [warning(PORTS, error.text(), remedy), judge_cables(&PortSurvey::default())]
        }
    }
}

/// The cables of this machine, as far as that is known without opening a port.
pub fn cable_finding() -> MachineFinding {
    judge_cables(&survey::cables().unwrap_or_default())
}

/// What is in the way of a port that could not be opened; nothing where nothing is any more.
pub fn port_finding(name: &str) -> Option<MachineFinding> {
    let blocked = survey::obstacle(name, Dialect::any().strings().console_speed)?;
    Some(judge_ports(&PortSurvey { ports: 1, blocked: vec![blocked], ..PortSurvey::default() }))
}

const PORTS: &str = "serial-ports";
const CABLES: &str = "console-cables";

fn good(id: &'static str, text: Text) -> MachineFinding {
    MachineFinding { id, level: Level::Good, text, remedy: None }
}

/// What stops a console, and no way over the network.
fn warning(id: &'static str, text: Text, remedy: Text) -> MachineFinding {
    MachineFinding { id, level: Level::Warning, text, remedy: Some(remedy) }
}

fn judge_ports(survey: &PortSurvey) -> MachineFinding {
    let Some(first) = survey.blocked.first() else {
        let count = survey.ports;
        return good(
            PORTS,
            Text::new(
                format!("{count} serial port(s), none refused to this user and none in use"),
                format!("シリアルポート {count} 個、権限の問題や使用中のものはありません"),
            ),
        );
    };
    let texts: Vec<Text> = survey.blocked.iter().map(blocked).collect();
    let joined = |of: fn(&Text) -> &str, by: &str| texts.iter().map(of).collect::<Vec<_>>().join(by);
    let text = Text::new(joined(|text| &text.en, "; "), joined(|text| &text.ja, "、"));
    let denied = survey.blocked.iter().find(|port| matches!(port.obstacle, Obstacle::Denied(_)));
    warning(PORTS, text, remedy(&denied.unwrap_or(first).obstacle))
}

fn blocked(port: &BlockedPort) -> Text {
    let name = visible::line(&port.name);
    match &port.obstacle {
        Obstacle::Denied(_) => {
            Text::new(format!("this user may not open {name}"), format!("このユーザには {name} を開く権限がありません"))
        }
        Obstacle::Held(Some(Holder { program, process })) => {
            let program = visible::line(program);
            Text::new(
                format!("{name} is held by {program} (process {process})"),
                format!("{name} は {program}(プロセス {process})が使用中です"),
            )
        }
        Obstacle::Held(None) => Text::new(
            format!("{name} is held by another program; this system does not say which"),
            format!("{name} は別のプログラムが使用中です(どのプログラムかは、この OS では分かりません)"),
        ),
    }
}

fn remedy(obstacle: &Obstacle) -> Text {
    match obstacle {
        Obstacle::Denied(Some(PortGroup { name, is_listed: true })) => Text::new(
            format!(
                "this user is listed in the group {name}, and that counts from the next login: log out and in again"
            ),
            format!(
                "このユーザはグループ {name} に登録済みです。有効になるのは次のログインからなので、ログインし直してください"
            ),
        ),
        Obstacle::Denied(Some(PortGroup { name, is_listed: false })) => Text::new(
            format!("add this user to the group {name}, and log in again: sudo usermod -aG {name} $USER"),
            format!("このユーザをグループ {name} に追加し、ログインし直してください: sudo usermod -aG {name} $USER"),
        ),
        Obstacle::Denied(None) => Text::new(
            "no group is known that may open it: ask the administrator of this machine",
            "開く権限のあるグループが分かりません。この PC の管理者に確認してください",
        ),
        Obstacle::Held(Some(Holder { program, .. })) if program == "ModemManager" => Text::new(
            "ModemManager takes every new port for a modem: wait half a minute, or `sudo systemctl stop ModemManager`",
            "ModemManager は新しいポートをモデムとして調べます。30 秒ほど待つか、sudo systemctl stop ModemManager を実行してください",
        ),
        Obstacle::Held(_) => Text::new(
            "close the terminal program that has it open (Tera Term, PuTTY, screen, minicom), or another run of this program",
            "ポートを開いている端末ソフト(Tera Term、PuTTY、screen、minicom など)や、実行中の ixdeploy を終了してください",
        ),
    }
}

fn judge_cables(survey: &PortSurvey) -> MachineFinding {
    match survey.without_driver.as_deref() {
        Some([]) => good(
            CABLES,
            Text::new(
                format!("{} USB cable(s) with a driver, none without", survey.cables),
                format!("USB ケーブル {} 本、ドライバのないものはありません", survey.cables),
            ),
        ),
        Some(bare) => {
            let names = bare.iter().map(|chip| chip.name()).collect::<Vec<_>>().join(", ");
            let drivers = bare.iter().map(|chip| format!("sudo modprobe {}", chip.linux_driver()));
            let drivers = drivers.collect::<Vec<_>>().join("; ");
            // A screen reader for braille claims cables with these chips, which its displays use as well.
            let is_taken = bare.iter().any(|chip| matches!(chip, Chip::Ch340 | Chip::Cp210x | Chip::Ftdi));
            let braille = if is_taken {
                Text::new(
                    "; on Ubuntu `brltty` may have taken it: sudo apt remove brltty, and plug it in again",
                    "。Ubuntu では brltty がケーブルを占有することがあります: sudo apt remove brltty の後、接続し直してください",
                )
            } else {
                Text::default()
            };
            warning(
                CABLES,
                Text::new(
                    format!("plugged in, and no port is there for it: {names}"),
                    format!("接続されていますが、ポートになっていません: {names}"),
                ),
                Text::new(
                    format!("its driver is missing or not loaded: {drivers}{}", braille.en),
                    format!("ドライバがないか、読み込まれていません: {drivers}{}", braille.ja),
                ),
            )
        }
        None if survey.cables > 0 => good(
            CABLES,
            Text::new(
                format!("{} USB cable(s) with a driver; one without is not seen on this system", survey.cables),
                format!("USB ケーブル {} 本(ドライバのないものは、この OS では検出できません)", survey.cables),
            ),
        ),
        None => {
            let sites = Chip::ALL.map(|chip| format!("{} ({})", chip.name(), chip.driver_site())).join(", ");
            warning(
                CABLES,
                Text::new(
                    "no USB cable has a port; one whose driver is missing is not seen on this system",
                    "USB ケーブルのポートがありません(ドライバのないケーブルは、この OS では検出できません)",
                ),
                Text::new(
                    format!(
                        "if one is plugged in: look for it in the device manager, with a warning sign (Windows), or in the system report under USB (macOS), and install the driver of its chip: {sites}"
                    ),
                    format!(
                        "接続済みの場合は、デバイスマネージャーの警告マーク(Windows)またはシステムレポートの USB(macOS)で確認し、チップに合うドライバを入れてください: {sites}"
                    ),
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(obstacle: Obstacle) -> PortSurvey {
        let blocked = vec![BlockedPort { name: "/dev/ttyUSB0".to_owned(), obstacle }];
        PortSurvey { ports: 2, cables: 1, blocked, without_driver: Some(Vec::new()) }
    }

    fn said(finding: &MachineFinding) -> String {
        format!("{} | {}", finding.text.en, finding.remedy.as_ref().map(|text| text.en.as_str()).unwrap_or_default())
    }

    #[test]
    fn a_port_in_the_way_stops_no_deployment_over_the_network() {
        for obstacle in [Obstacle::Denied(None), Obstacle::Held(None)] {
            let finding = judge_ports(&with(obstacle));
            assert_eq!(finding.level, Level::Warning);
            assert!(finding.text.en.contains("/dev/ttyUSB0") && finding.remedy.is_some(), "{finding:?}");
        }
        assert_eq!(judge_ports(&PortSurvey::default()).level, Level::Good);
    }

    #[test]
    fn a_refused_port_names_its_group_and_whether_a_new_login_is_enough() {
        let group = |is_listed| Obstacle::Denied(Some(PortGroup { name: "dialout".to_owned(), is_listed }));
        assert!(said(&judge_ports(&with(group(false)))).contains("usermod -aG dialout"));
        let listed = said(&judge_ports(&with(group(true))));
        assert!(listed.contains("log out and in again") && !listed.contains("usermod"), "{listed}");
    }

    #[test]
    fn a_held_port_names_the_program_where_the_system_tells() {
        let held = |program: &str| Obstacle::Held(Some(Holder { program: program.to_owned(), process: 42 }));
        assert!(said(&judge_ports(&with(held("minicom")))).contains("held by minicom (process 42)"));
        assert!(said(&judge_ports(&with(held("ModemManager")))).contains("systemctl stop ModemManager"));
        assert!(
            !said(&judge_ports(&with(held("evil\u{1b}[2J")))).contains('\u{1b}'),
            "a program may be called anything"
        );
    }

    #[test]
    fn a_cable_without_a_port_names_its_chip_and_driver() {
        for chip in Chip::ALL {
            let survey = PortSurvey { without_driver: Some(vec![chip]), ..PortSurvey::default() };
            let finding = judge_cables(&survey);
            assert_eq!(finding.level, Level::Warning);
            assert!(
                said(&finding).contains(chip.name()) && said(&finding).contains(chip.linux_driver()),
                "{finding:?}"
            );
        }
    }

    #[test]
    fn what_a_system_does_not_tell_is_not_called_good_without_a_cable() {
        assert_eq!(judge_cables(&PortSurvey { cables: 1, ..PortSurvey::default() }).level, Level::Good);
        let none = judge_cables(&PortSurvey::default());
        assert_eq!(none.level, Level::Warning);
        assert!(Chip::ALL.iter().all(|chip| said(&none).contains(chip.driver_site())), "{none:?}");
    }
}
