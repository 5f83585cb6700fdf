//! The first hour at a terminal of 80 by 24, in Japanese: from an empty folder and a copied program to a saved router on a console,
//! keystroke by keystroke. The log of it is in docs/first-hour.md and docs/first-hour.ja.md.

use std::process::Command;

use mock_device::{Mock, RouterSpec, Scenario, Start, TransportSpec};
use regex::Regex;
use rexpect::ReadUntil;
use rexpect::session::{PtySession, spawn_command};

/// Milliseconds until a text that does not come is a failure.
const DEADLINE: u64 = 60_000;
/// Fewer keystrokes than these, Return included.
const FEWER_THAN: usize = 120;
/// What the newcomer chooses as the password of the router.
const PASSWORD: &str = "Qz7-pw";
/// How the shell of the test ends a command: with its exit status.
const PROMPT: &str = "newcomer[$?]> ";

/// A person at a shell, who notes what they type.
struct Newcomer {
    shell: PtySession,
    typed: Vec<String>,
    seen: String,
}

impl Newcomer {
    fn types(&mut self, text: &str) {
        self.typed.push(text.to_owned());
        self.shell.send_line(text).unwrap();
    }

    /// Waits for one of these texts, and says which it was.
    fn sees<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let needles = texts.iter().map(|text| ReadUntil::Regex(wrapped(text))).collect();
        let (before, found) = self.shell.exp_any(needles).unwrap();
        let bytes: Vec<u8> = before.chars().filter_map(|byte| u8::try_from(byte).ok()).collect();
        self.seen.push_str(&String::from_utf8_lossy(&bytes));
        texts.iter().find(|text| wrapped(text).is_match(&found)).unwrap()
    }

    /// Types a command, and answers what it asks until it ends: the password, the end of the serial number, yes.
    fn runs(&mut self, command: &str, serial: &str, status: u8) {
        const PASSWORD_OF: &str = "拠点ルータのパスワード: ";
        const END_OF_NUMBER: &str = "文字を入力してください:";
        const YES_OR_NO: &str = "[yes/no]";
        let ended = format!("newcomer[{status}]> ");
        self.types(command);
        loop {
            match self.sees(&[PASSWORD_OF, END_OF_NUMBER, YES_OR_NO, "newcomer["]) {
                PASSWORD_OF => self.types(PASSWORD),
                END_OF_NUMBER => self.types(&serial[serial.len() - 4..]),
                YES_OR_NO => self.types("y"),
                _ => break,
            }
        }
        self.sees(&[&ended["newcomer[".len()..]]);
    }
}

/// A text as the terminal's reader has it, a character for each byte, wherever a line of the screen ends in it.
fn wrapped(text: &str) -> Regex {
    let in_bytes = |c: char| c.to_string().bytes().map(char::from).collect::<String>();
    let characters: Vec<String> = text.chars().map(|c| regex::escape(&in_bytes(c))).collect();
    Regex::new(&characters.join("[\\r\\n]*")).unwrap()
}

#[test]
fn from_an_empty_folder_to_a_saved_router_on_a_console_in_fewer_than_120_keystrokes() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for name in ["bin", "home", "work"] {
        std::fs::create_dir(place(name)).unwrap();
    }
    std::fs::copy(test_support::program::path(), place("bin/ixdeploy")).unwrap();
    let mut spec = RouterSpec::new("sato-r1");
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    // The clinic's line is there.
    spec.linked = vec!["GigaEthernet0".to_owned()];
    let serial = spec.serial();
    let mock = Mock::start(Scenario { seed: 1, routers: vec![spec] }, &place("routers")).unwrap();
    // As `ixdeploy ports` would name it, not by the mock's link to it.
    let port = mock.endpoints()[0].path.as_ref().unwrap().canonicalize().unwrap().display().to_string();

    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "stty cols 80 rows 24; exec /bin/sh -i"]).current_dir(place("work")).env_clear();
    shell.env("PATH", format!("{}:/usr/bin:/bin", place("bin").display())).env("HOME", place("home"));
    shell.env("LANG", "ja_JP.UTF-8").env("TERM", "xterm").env("PS1", PROMPT);
    let shell = spawn_command(shell, Some(DEADLINE)).unwrap();
    let mut newcomer = Newcomer { shell, typed: Vec::new(), seen: String::new() };
    newcomer.sees(&["newcomer[0]> "]);
    newcomer.runs("ixdeploy ports", &serial, 0);
    newcomer.runs(&format!("ixdeploy init . -p {port}"), &serial, 0);
    newcomer.runs("ixdeploy check", &serial, 0);
    newcomer.runs("ixdeploy plan", &serial, 2);
    newcomer.runs("ixdeploy apply", &serial, 0);
    let startup = mock.startup_config("sato-r1").unwrap();
    assert!(startup.contains("hostname sato-r1"), "{}\n{startup}", newcomer.seen);

    let typed = newcomer.typed.clone();
    let keystrokes: usize = typed.iter().map(|line| line.chars().count() + 1).sum();
    assert!(keystrokes < FEWER_THAN, "{keystrokes}: {typed:#?}");
    // The port has another number each time.
    let log: Vec<String> = typed.iter().map(|line| line.replace(&port, "/dev/pts/3")).collect();
    let keystrokes: usize = log.iter().map(|line| line.chars().count() + 1).sum();
    for (page, sentence) in [
        ("docs/first-hour.md", format!("{keystrokes} keystrokes")),
        ("docs/first-hour.ja.md", format!("{keystrokes} 打鍵")),
    ] {
        let page = std::fs::read_to_string(test_support::program::root().join(page)).unwrap();
        assert!(page.contains(&format!("```text\n{}\n```", log.join("\n"))), "{log:#?}");
        assert!(page.contains(&sentence), "{sentence}");
    }
    assert!(!newcomer.seen.contains(PASSWORD), "the password was shown");
}

#[test]
fn a_question_is_seen_although_stderr_goes_to_a_file() {
    let bench = crate::harness::Bench::one();
    let book = crate::harness::playbook("online-eligibility.yaml");
    let apply = bench.command(&["apply", &book, "-i", "clinics.yaml"]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "exec \"$0\" \"$@\" > shown.txt 2> told.txt"]).arg(apply.get_program()).args(apply.get_args());
    shell.env_clear().current_dir(bench.dir.path());
    shell.envs(apply.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut session = spawn_command(shell, Some(DEADLINE)).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_line("no").unwrap();
    session.exp_eof().unwrap();
    let end = format!("{:?}", session.process().wait().unwrap());
    assert!(end.ends_with(", 3)"), "{end}");
    let told = std::fs::read_to_string(bench.path("told.txt")).unwrap();
    assert!(!told.contains("[yes/no]"), "{told}");
}

#[test]
fn where_nothing_more_is_typed_at_a_question_what_follows_begins_a_line() {
    let bench = crate::harness::Bench::one();
    let book = crate::harness::playbook("online-eligibility.yaml");
    let apply = bench.command(&["apply", &book, "-i", "clinics.yaml"]);
    let mut session = spawn_command(apply, Some(DEADLINE)).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_control('d').unwrap();
    let told = session.exp_eof().unwrap();
    let (question, rest) = told.split_once('\n').unwrap();
    assert!(!question.contains("error") && rest.contains("error[apply.nobody-to-ask]"), "{told}");
}
