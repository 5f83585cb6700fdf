//! The attested transcripts, replayed as sessions if the folder of samples is present; prints so if it is not.

use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::diagnostic::DiagnosticKind;
use ixdeploy::dialect::prompt::{Mode, Prompt};
use ixdeploy::ix::display::{Display, Hardware, Kind, Version};
use ixdeploy::secret::Secret;
use ixdeploy::session::{ExpectedMode, Login, NoTap, SendLine, Session, Settings, Take};
use ixdeploy::transport::LinkKind;
use ixdeploy::transport::fake::Fake;

const CHUNKS: [usize; 3] = [1, 7, 4096];

/// The text of a sample without its source line; `None`, with a message, if there are no samples.
fn sample(name: &str) -> Option<String> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/ix/samples");
    let folder = std::env::var_os("IX_SAMPLES").map_or_else(beside, PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
        eprintln!("SKIPPED: no sample {name} in {}, nothing is checked against it here", folder.display());
        return None;
    };
    Some(text.lines().skip_while(|line| line.starts_with('#')).map(|line| line.to_owned() + "\n").collect())
}

/// One line that someone typed, as the screen showed it.
#[derive(Debug)]
struct Typed {
    prompt: Prompt,
    command: String,
    /// The rows of the echo behind the prompt, folds included.
    echo: Vec<String>,
    output: Vec<String>,
}

/// Splits a screen copy into what was typed and what came.
fn exchanges(text: &str) -> Vec<Typed> {
    let mut typed: Vec<Typed> = Vec::new();
    for line in text.lines() {
        let sign = line.find(['#', '%']).map(|index| index + 1);
        let prompt =
            sign.and_then(|end| Some((Dialect::ix().prompts().read(line.get(..end)?)?, line.get(end..)?.trim())));
        if let Some((prompt, command)) = prompt {
            typed.push(Typed {
                prompt,
                command: command.to_owned(),
                echo: vec![command.to_owned()],
                output: Vec::new(),
            });
            continue;
        }
        let Some(last) = typed.last_mut() else { continue };
        let indent = shown(&last.prompt).chars().count();
        let width = |row: &String| row.chars().count() + indent;
        let folds = last.output.is_empty() && last.echo.last().is_some_and(|row| width(row) == 79);
        match line.get(indent..) {
            Some(rest) if folds && line.starts_with(&" ".repeat(indent)) => {
                last.command.push_str(rest);
                last.echo.push(line.to_owned());
            }
            _ => last.output.push(line.to_owned()),
        }
    }
    typed
}

/// A prompt with its blank.
fn shown(prompt: &Prompt) -> String {
    Dialect::ix().prompts().write(prompt) + " "
}

fn settings() -> Settings {
    Settings { mask: |text| text.to_owned(), ..Settings::default() }
}

/// Holds a transcript that begins in some mode again, every line of it.
fn hold_again(text: &str) {
    let lines = exchanges(text);
    let first = &lines[0].prompt;
    let operation = Prompt { mode: Mode::Operation, ..first.clone() };
    for chunk in CHUNKS {
        let mut fake = Fake::new(LinkKind::Fake, chunk).says(shown(&operation));
        if first.mode == Mode::Global {
            for command in ["enable-config", "terminal length 0", "terminal width 512"] {
                fake = fake.line(command, &shown(first));
            }
        }
        for (index, line) in lines.iter().enumerate() {
            let next = lines.get(index + 1).map_or(&line.prompt, |line| &line.prompt);
            let output: String = line.output.iter().map(|row| row.clone() + "\r\n").collect();
            fake = fake.wants(format!("{}\n", line.command)).says(format!(
                "{}\r\n{output}{}",
                line.echo.join("\r\n"),
                shown(next)
            ));
        }
        let mut session =
            Session::open(Box::new(fake), Dialect::ix(), Login::default(), settings(), Box::new(NoTap)).unwrap();
        if first.mode == Mode::Global {
            session.enter_config(Take::Ask).unwrap();
        }
        for (index, line) in lines.iter().enumerate() {
            let next = lines.get(index + 1).map_or(&line.prompt, |line| &line.prompt);
            let reply = session
                .run(&SendLine::own(&line.command), ExpectedMode::from_mode(&next.mode))
                .unwrap_or_else(|error| panic!("{line:?}: {error:?}"));
            assert_eq!(&reply.prompt, next);
            assert_eq!(reply.restart_required(), line.command.contains("tpid"), "{line:?}");
            let said = reply.logs.len() + reply.output.len();
            assert_eq!(said, line.output.len(), "{line:?} {reply:?}");
        }
    }
}

#[test]
fn a_folded_configuration_session_is_replayed() {
    if let Some(text) = sample("transcript-config-session-folding-and-comments-ix2105.txt") {
        assert!(exchanges(&text).iter().any(|line| line.echo.len() > 1), "the sample has folded lines");
        hold_again(&text);
    }
}

#[test]
fn a_first_setup_with_its_saves_is_replayed() {
    if let Some(text) = sample("transcript-basic-config-and-save-ix2215.txt") {
        hold_again(&text);
    }
}

#[test]
fn a_login_over_telnet_is_replayed() {
    let Some(text) = sample("transcript-telnet-login-and-banner.txt") else { return };
    let banner = text.split_once("Password: \n").unwrap().1.trim_end().replace('\n', "\r\n");
    for chunk in CHUNKS {
        let fake = Fake::new(LinkKind::Telnet, chunk)
            .says("login: ")
            .wants("admin")
            .says("admin")
            .wants("\r")
            .says("\r\nPassword: ")
            .wants("pw\r")
            .says(format!("\r\n{banner} "));
        let login = Login { user: Some("admin".into()), password: Some(Arc::new(Secret::new("pw".into()))) };
        let session = Session::open(Box::new(fake), Dialect::ix(), login, settings(), Box::new(NoTap)).unwrap();
        assert_eq!(session.host(), "ogarouter1");
    }
}

#[test]
fn a_boot_is_waited_for_up_to_its_first_prompt() {
    let Some(text) = sample("transcript-boot-super-reset-ix2105.txt") else { return };
    let boot = text.trim_end().replace('\n', "\r\n");
    for chunk in CHUNKS {
        let fake =
            Fake::new(LinkKind::Serial, chunk).says(format!("{boot} ")).wants("\x15\x15\x15\r").says("\r\nRouter# ");
        let session =
            Session::open(Box::new(fake), Dialect::ix(), Login::default(), settings(), Box::new(NoTap)).unwrap();
        assert_eq!(session.host(), "Router");
    }
}

#[test]
fn completed_keywords_are_seen_as_a_person_sees_them() {
    let Some(text) = sample("transcript-line-editing-bytes-ix.txt") else { return };
    let bytes = text.replace("\\b", "\x08").replace("\\r", "\r");
    for chunk in CHUNKS {
        let fake = Fake::new(LinkKind::Fake, chunk).says("R# ").line("show history", &format!("{bytes}R# "));
        let mut session =
            Session::open(Box::new(fake), Dialect::ix(), Login::default(), settings(), Box::new(NoTap)).unwrap();
        let seen = session.show("show history").unwrap();
        for row in ["show running-config", "interface GigaEthernet0.0", "ip address 10.0.10.1/24", "write memory"] {
            assert!(seen.lines().any(|line| line.trim_end().ends_with(row)), "{row}: {seen}");
        }
    }
}

#[test]
fn recorded_answers_are_read() {
    let name = "transcript-show-version-hardware-ip-interface-ix2215.txt";
    let Some(text) = sample(name) else { return };
    let version = Version::parse(&text);
    assert_eq!(version.firmware.as_deref(), Some("10.7.18"));
    assert_eq!(version.woke_up_by.as_deref(), Some("reload, caused by power-on"));
    let hardware = Hardware::parse(text.split_once("show hardware").unwrap().1);
    // The person who published the transcript hid the ten characters of the serial number.
    let hidden = "X".repeat(10);
    assert_eq!((hardware.model.as_deref(), hardware.serial_number), (Some("IX2215"), Some(hidden)));
    let after = text.rsplit_once("show ip interface").unwrap().1;
    assert_eq!(Display::read(Kind::IpInterface, after).values("address", None), ["10.0.0.1/24"]);
    let pings = sample("transcript-ping-and-bgp-ix.txt").unwrap();
    assert_eq!(Display::read(Kind::Ping, &pings).values("received", None), ["0", "5"]);
}

#[test]
fn every_recorded_percent_line_is_known_and_none_is_a_refusal() {
    for name in [
        "transcript-basic-config-and-save-ix2215.txt",
        "transcript-config-session-folding-and-comments-ix2105.txt",
        "transcript-boot-super-reset-ix2105.txt",
        "transcript-arp-dhcp-lease-monitor-user-ix2106.txt",
    ] {
        for line in sample(name).unwrap_or_default().lines().filter(|line| line.starts_with("% ")) {
            let kind = Dialect::ix().diagnostics().classify(line, "").unwrap().kind;
            assert!(!matches!(kind, DiagnosticKind::Refused | DiagnosticKind::Unknown), "{line}: {kind:?}");
        }
    }
}
