//! An engineer's visit, typed on a real terminal: from the cable of a factory box to a saved router.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use mock_device::{Event, Fault, RouterSpec, TransportSpec, What, When};
use rexpect::session::{PtySession, spawn_command};
use unicode_width::UnicodeWidthChar as _;

use crate::harness::{
    Bench, Declared, PASSWORD, assert_clean, playbook, prepared, program, router3, unknown_factory_box,
};

/// Keys that a visit may take, each Return counted: a terminal program with paste needs 20 and proves nothing.
pub const KEYS: usize = 25;

/// A terminal on which keys are counted.
pub struct Engineer {
    session: PtySession,
    keys: usize,
}

impl Engineer {
    /// At the console of a bench's router.
    pub fn at(bench: &Bench, port: &str) -> Self {
        Self::with(bench, port, &playbook("online-eligibility.yaml"), &["--phase", "bench"])
    }

    /// The same with a playbook and options.
    pub fn with(bench: &Bench, port: &str, book: &str, more: &[&str]) -> Self {
        let words = ["field", book, "-i", "clinics.yaml", "--port", port, "--plain"];
        let command = bench.command(&[&words[..], more].concat());
        Self { session: spawn_command(command, Some(60_000)).unwrap(), keys: 0 }
    }

    pub fn sees(&mut self, text: &str) -> String {
        self.session.exp_string(text).unwrap()
    }

    /// The same where a line may have been broken between two words.
    pub fn sees_words(&mut self, text: &str) {
        self.session.exp_regex(&text.replace(' ', r"\s+")).unwrap();
    }

    pub fn types(&mut self, text: &str) {
        self.keys += text.chars().count() + 1;
        self.session.send_line(text).unwrap();
    }

    pub fn ends(mut self, status: i32) -> (String, usize) {
        let rest = self.session.exp_eof().unwrap();
        assert_clean("the terminal", &rest);
        let end = format!("{:?}", self.session.process().wait().unwrap());
        assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
        (rest, self.keys)
    }
}

/// A factory box on a console of this speed, whose serial number no inventory has.
pub fn factory_box(baud: u32) -> (Bench, String, String) {
    let (bench, serial) = unknown_factory_box(Some(baud));
    let port = bench.endpoint("r1").path.clone().unwrap().display().to_string();
    (bench, port, serial)
}

#[test]
fn a_factory_box_is_saved_and_proven_in_few_keys() {
    let (bench, port, serial) = factory_box(38_400);
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("A cable is there");
    let typed = |event: &Event| matches!(event.what, What::Line { .. });
    assert!(!bench.events("r1").iter().any(typed), "nothing was typed");
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("model: IX2215");
    engineer.sees("it is the only one left of today's list");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("type the last 4 characters");
    engineer.types(&serial[serial.len() - 4..]);
    engineer.sees("Change 1 of 1 router(s)");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("left)");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    let (_, keys) = engineer.ends(0);
    assert!(keys <= KEYS, "{keys} keys");
    let (running, startup) = bench.snapshot("r1");
    assert_eq!(running, startup, "what runs survives a restart");
    assert!(running.contains("bridge-group 1"), "{running}");
}

#[test]
fn a_pulled_cable_is_noticed_before_a_router_is_worked_on_and_ctrl_c_leaves_it_as_it_was() {
    let (bench, port, _) = factory_box(38_400);
    let before = bench.snapshot("r1");
    let cable = bench.path("cable");
    std::os::unix::fs::symlink(&port, &cable).unwrap();
    let mut engineer = Engineer::at(&bench, &cable.display().to_string());
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("it is the only one left of today's list");
    let pulled = std::time::Instant::now();
    std::fs::remove_file(&cable).unwrap();
    engineer.sees("The cable was pulled. Nothing was changed.");
    assert!(pulled.elapsed().as_secs() < 2, "{:?}", pulled.elapsed());
    std::os::unix::fs::symlink(&port, &cable).unwrap();
    engineer.sees("A cable is there");
    engineer.sees("leave:");
    engineer.session.send_control('c').unwrap();
    engineer.ends(3);
    assert_eq!(bench.snapshot("r1"), before);
}

#[test]
fn failed_checks_are_run_again_on_a_key_and_without_a_reason_the_change_is_undone() {
    let mut spec = prepared("r3");
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.faults = vec![Fault::Refuse { when: When::matching("show ip interface"), text: None, times: 0 }];
    let declared = Declared { console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    let port = bench.endpoint("r3").path.clone().unwrap().display().to_string();
    let before = bench.snapshot("r3");
    let looks = || {
        let is_look =
            |event: &&Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("show ip interface"));
        bench.events("r3").iter().filter(is_look).count()
    };
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    // Of the one router of the list the login is known.
    engineer.sees("the inventory has its serial number");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("required checks failed");
    engineer.sees("undo:");
    let looked = looks();
    engineer.types("r");
    engineer.sees("required checks failed");
    engineer.sees("undo:");
    assert!(looks() > looked, "the checks were run again");
    engineer.types("");
    engineer.sees("Not done");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(3);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_mistyped_password_is_asked_for_again_and_one_that_the_box_took_is_not() {
    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    let declared = Declared { console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let asked = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: Password of the clinics }");
    std::fs::write(bench.path("clinics.yaml"), asked).unwrap();
    let port = bench.endpoint("r3").path.clone().unwrap().display().to_string();
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("Password of the clinics:");
    engineer.types("not the password");
    engineer.sees("session.wrong-password");
    engineer.sees("leave:");
    engineer.types("r");
    engineer.sees("Password of the clinics:");
    engineer.types(PASSWORD);
    engineer.sees("the inventory has its serial number");
    engineer.sees("leave:");
    engineer.types("y");
    // The next question is that of the dry run.
    assert!(!engineer.sees("[p] ports:").contains("Password of the clinics"));
    engineer.types("y");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
}

/// A terminal of 80 columns and 24 lines, as far as the program uses one.
pub struct Terminal {
    session: PtySession,
    rows: Vec<Vec<char>>,
    at: (usize, usize),
    escape: Option<String>,
    /// The first bytes of a sign whose last one has not come.
    begun: Vec<u8>,
    /// The file with the number of the process.
    pid: PathBuf,
}

// It is set up for Japanese: signs of ambiguous width are two columns wide.
impl Terminal {
    pub fn start(bench: &Bench, port: &str) -> Self {
        let book = playbook("online-eligibility.yaml");
        Self::of(bench, &["field", &book, "-i", "clinics.yaml", "--port", port, "--phase", "bench"])
    }

    pub fn of(bench: &Bench, words: &[&str]) -> Self {
        let started = program();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "stty cols 80 rows 24; echo $$ > pid; exec \"$@\"", "sh"])
            .arg(started.get_program())
            .args(["--lang", "en"])
            .args(words)
            .env_clear()
            .env("TERM", "xterm")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("IXDEPLOY_STATE_DIR", bench.path("state"))
            .env("TEST_ADMIN_PASSWORD", crate::harness::PASSWORD)
            .current_dir(bench.dir.path());
        let session = spawn_command(command, Some(60_000)).unwrap();
        Self {
            session,
            rows: vec![vec![' '; 80]; 24],
            at: (0, 0),
            escape: None,
            begun: Vec::new(),
            pid: bench.path("pid"),
        }
    }

    fn text(&self) -> String {
        self.rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_owned() + "\n").collect()
    }

    /// Waits until a text is on the screen.
    pub fn sees(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            // A screen is looked at once all of it that is there was taken.
            while let Some(byte) = self.session.try_read() {
                self.take_byte(u8::try_from(byte).unwrap());
            }
            if self.text().contains(text) {
                break;
            }
            assert!(Instant::now() < deadline, "`{text}` is not on\n{}", self.text());
            std::thread::yield_now();
        }
        assert_clean("the screen", &self.text());
    }

    pub fn takes(&mut self, keys: &str) {
        self.session.send(keys).unwrap();
        self.session.flush().unwrap();
    }

    /// The program is asked to stop by a signal.
    pub fn signal(&self, name: &str) {
        let pid = std::fs::read_to_string(&self.pid).unwrap();
        assert!(Command::new("kill").args([name, pid.trim()]).status().unwrap().success());
    }

    /// What was still drawn on the screen, and what stands on the terminal behind it.
    pub fn ends(mut self, status: i32) -> (String, String) {
        let rest = self.session.exp_eof().unwrap();
        let end = format!("{:?}", self.session.process().wait().unwrap());
        assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
        let (drawn, behind) = rest.rsplit_once("\u{1b}[?1049l").expect("the terminal is given back");
        (drawn.to_owned(), behind.to_owned())
    }

    /// The session gives each byte as a character of its own.
    fn take_byte(&mut self, byte: u8) {
        self.begun.push(byte);
        if let Ok(text) = String::from_utf8(self.begun.clone()) {
            self.begun.clear();
            text.chars().for_each(|sign| self.take(sign));
        }
    }

    fn take(&mut self, sign: char) {
        if let Some(escape) = &mut self.escape {
            escape.push(sign);
            if escape.len() > 1 && sign.is_ascii_alphabetic() {
                let escape = self.escape.take().unwrap();
                self.obey(&escape);
            }
            return;
        }
        match sign {
            '\u{1b}' => self.escape = Some(String::new()),
            '\r' => self.at.1 = 0,
            '\n' => self.at.0 += 1,
            sign => {
                let (row, column) = self.at;
                if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                    *cell = sign;
                }
                self.at.1 += sign.width_cjk().unwrap_or(0);
            }
        }
    }

    fn obey(&mut self, escape: &str) {
        let numbers: Vec<usize> = escape[1..escape.len() - 1].split(';').filter_map(|one| one.parse().ok()).collect();
        match escape.chars().last() {
            Some('H') => {
                let place = |index: usize| numbers.get(index).copied().unwrap_or(1).max(1) - 1;
                self.at = (place(0), place(1));
            }
            Some('n') => {
                let answer = format!("\u{1b}[{};{}R", self.at.0 + 1, self.at.1 + 1);
                self.takes(&answer);
            }
            Some('J') => self.rows.iter_mut().for_each(|row| row.fill(' ')),
            _ => {}
        }
    }
}

#[test]
fn on_screens_a_visit_takes_a_key_where_lines_take_a_word() {
    let (bench, port, serial) = factory_box(38_400);
    let mut terminal = Terminal::start(&bench, &port);
    terminal.sees("Nothing is opened before you press its number");
    terminal.takes("1");
    terminal.sees("it is the only one left of today's list");
    terminal.takes("y");
    terminal.sees("type the last 4");
    terminal.takes(&format!("{}\r", &serial[serial.len() - 4..]));
    terminal.sees("Change 1 of 1 router(s)");
    terminal.takes("p");
    terminal.sees("After the change:");
    terminal.sees("| GigaEthernet0 | GigaEthernet1 | GigaEthernet2  1 2 3 4 5 6 7 8 |");
    terminal.takes("c");
    // In a terminal that makes such signs wide they are written in ASCII.
    terminal.sees("== ");
    terminal.takes("y");
    terminal.sees("left)");
    terminal.sees("Saved and proven");
    terminal.takes("q");
    let rest = terminal.session.exp_eof().unwrap();
    assert!(rest.contains("\u{1b}[?1049l"), "the terminal is given back: {rest:?}");
    let last = |sequence: &str| rest.rfind(sequence);
    assert!(last("\u{1b}[?25h") > last("\u{1b}[?25l"), "and so is its cursor: {rest:?}");
    let (_, said) = rest.rsplit_once("\u{1b}[?1049l").unwrap();
    assert!(said.contains("saved"), "{said:?}");
    assert!(said.lines().all(|line| line.chars().count() <= 80), "what is said behind it fits, too: {said}");
    let end = format!("{:?}", terminal.session.process().wait().unwrap());
    assert!(end.ends_with(", 0)"), "{end}");
    let (running, startup) = bench.snapshot("r1");
    assert!(running == startup && running.contains("bridge-group 1"), "{running}");
}

#[test]
fn a_depot_keeps_every_console_on_one_screen_and_gives_the_terminal_back() {
    let (bench, port, _) = factory_box(38_400);
    let before = bench.snapshot("r1");
    let book = playbook("online-eligibility.yaml");
    let mut terminal = Terminal::of(&bench, &["depot", &book, "-i", "clinics.yaml", "--yes", "--port", &port]);
    terminal.sees("Depot: done 0, in progress 0, failed 0, waiting 1");
    terminal.sees("next: r1");
    terminal.sees("not on the list: IX2215");
    terminal.takes("q\r");
    let rest = terminal.session.exp_eof().unwrap();
    let (_, result) = rest.rsplit_once("\u{1b}[?1049l").expect("the terminal is given back");
    assert!(result.contains("waiting for its box"), "{rest:?}");
    let end = format!("{:?}", terminal.session.process().wait().unwrap());
    assert!(end.ends_with(", 3)"), "{end}");
    assert_eq!(bench.snapshot("r1"), before);
}
