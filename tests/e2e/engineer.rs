//! The scripted engineer of the tests of `ixdeploy field`: at a terminal that asks line by line, and at one of 80 columns and 24 lines, whose
//! screens are kept as snapshots.
//!
//! The terminal of the screens is a library's, which knows nothing of the program.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rexpect::process::PtyProcess;
use rexpect::session::{PtySession, spawn_command};
use test_support::program::root;
use vt100::{Callbacks, Parser, Screen};

use crate::harness::{Bench, PASSWORD, assert_clean, playbook, program};

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

    pub fn presses_ctrl_c(&mut self) {
        self.session.send_control('c').unwrap();
    }

    pub fn ends(mut self, status: i32) -> (String, usize) {
        let rest = self.session.exp_eof().unwrap();
        assert_clean("the terminal", &rest);
        let end = format!("{:?}", self.session.process().wait().unwrap());
        assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
        (rest, self.keys)
    }
}

/// How long a screen, and the end of a program, is waited for.
const PATIENCE: Duration = Duration::from_secs(120);
/// A screen that is not the one that is kept is taken for the final one once nothing was drawn for so long.
const QUIET: Duration = Duration::from_secs(4);
/// What takes the whole screen's place back to what was there before.
const GIVEN_BACK: &str = "\u{1b}[?1049l";
/// What stands before a screen in its file.
const HEAD: &str = "---\nsource: tests/e2e/engineer.rs\n---\n";

/// How a terminal is set up for a program.
#[derive(Clone, Copy)]
pub struct Setting {
    /// The language of the program.
    pub lang: &'static str,
    /// Whether signs of ambiguous width are two columns wide on it, as on one that is set up for Japanese alone.
    pub makes_signs_wide: bool,
}

/// English, with wide signs.
pub const WIDE: Setting = Setting { lang: "en", makes_signs_wide: true };

/// A terminal of 80 columns and 24 lines.
pub struct Terminal {
    program: PtyProcess,
    keyboard: File,
    /// What the program writes, until it has ended.
    written: Receiver<Vec<u8>>,
    /// All of it since a key was pressed last.
    since: Vec<u8>,
    screen: Parser<Asked>,
    setting: Setting,
    /// The file with the number of the process.
    pid: PathBuf,
    /// Keys that were typed, for a whole visit.
    pub keys: usize,
}

/// How often the program has asked where the cursor is.
#[derive(Default)]
struct Asked {
    cursor: usize,
}

impl Callbacks for Asked {
    fn unhandled_csi(&mut self, _: &mut Screen, _: Option<u8>, _: Option<u8>, _: &[&[u16]], last: char) {
        if last == 'n' {
            self.cursor += 1;
        }
    }
}

impl Terminal {
    /// A visit at the console of a bench's router, in English, on a terminal with wide signs.
    pub fn start(bench: &Bench, port: &str) -> Self {
        let book = playbook("online-eligibility.yaml");
        Self::of(bench, &["field", &book, "-i", "clinics.yaml", "--port", port, "--phase", "bench"])
    }

    /// The program with these words, on the same terminal.
    pub fn of(bench: &Bench, words: &[&str]) -> Self {
        Self::set_up(bench, WIDE, words)
    }

    /// The program with these words, on a terminal that is set up so.
    pub fn set_up(bench: &Bench, setting: Setting, words: &[&str]) -> Self {
        let started = program();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "stty cols 80 rows 24; echo $$ > pid; exec \"$@\"", "sh"])
            .arg(started.get_program())
            .args(["--lang", setting.lang])
            .args(words)
            .env_clear()
            .env("TERM", "xterm")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("IXDEPLOY_STATE_DIR", bench.path("state"))
            .env("TEST_ADMIN_PASSWORD", PASSWORD)
            .current_dir(bench.dir.path());
        let program = PtyProcess::new(command).unwrap();
        let (mut output, keyboard) = (program.get_file_handle().unwrap(), program.get_file_handle().unwrap());
        let (write, written) = channel();
        // A terminal whose program has ended is an error to read from.
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if write.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = |number| NonZeroU16::new(number).unwrap();
        let screen = Parser::new_with_callbacks(size(24), size(80), 0, Asked::default());
        Self { program, keyboard, written, since: Vec::new(), screen, setting, pid: bench.path("pid"), keys: 0 }
    }

    /// What is on the screen, without the blanks behind it.
    pub fn text(&self) -> String {
        self.screen.screen().rows(0, 80).map(|row| row.trim_end().to_owned() + "\n").collect()
    }

    /// Waits until a text is on the screen.
    pub fn sees(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        self.take_all();
        while !self.has(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(self.is_drawn_on(left), "`{text}` is not on\n{}", self.text());
        }
        assert_clean("the screen", &self.text());
    }

    /// Whether a text is on the screen, also where a line was broken in it.
    fn has(&self, text: &str) -> bool {
        let shown = self.text();
        let joined = |between: &str| shown.lines().map(str::trim_start).collect::<Vec<_>>().join(between);
        shown.contains(text) || joined(" ").contains(text) || joined("").contains(text)
    }

    /// Waits for a text, and then until the screen is the one that is kept under this name for the language. What differs from run to run
    /// is drawn over by `same`, which leaves the width of a line as it is.
    pub fn sees_kept(&mut self, text: &str, name: &str, same: impl Fn(&str) -> String) {
        self.sees(text);
        let name = format!("{name}.{}", self.setting.lang);
        let path = root().join("tests/e2e/screens/visits").join(format!("{name}.snap"));
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        loop {
            // A file of the kind leaves out the blank lines at the end.
            let shown = same(&self.text());
            if kept == format!("{HEAD}{}\n", shown.trim_end()) {
                return;
            }
            if !self.is_drawn_on(QUIET) {
                let mut settings = insta::Settings::clone_current();
                settings.set_snapshot_path("screens/visits");
                settings.set_prepend_module_to_snapshot(false);
                settings.set_omit_expression(true);
                return settings.bind(|| insta::assert_snapshot!(name, shown));
            }
        }
    }

    /// Types keys as they are.
    pub fn takes(&mut self, keys: &str) {
        self.keys += keys.chars().count();
        self.since.clear();
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// The program is asked to stop by a signal.
    pub fn signal(&self, name: &str) {
        let pid = std::fs::read_to_string(&self.pid).unwrap();
        assert!(Command::new("kill").args([name, pid.trim()]).status().unwrap().success());
    }

    /// What was drawn on the screen since a key was pressed last, and what stands on the terminal behind it.
    pub fn ends(mut self, status: i32) -> (String, String) {
        while self.is_drawn_on(PATIENCE) {}
        let end = format!("{:?}", self.program.wait().unwrap());
        let rest = String::from_utf8(self.since).unwrap();
        assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
        let (drawn, behind) = rest.rsplit_once(GIVEN_BACK).expect("the terminal is given back");
        (drawn.to_owned(), behind.to_owned())
    }

    /// Takes all that is there: a screen is looked at once all of it was taken.
    fn take_all(&mut self) {
        while let Ok(bytes) = self.written.try_recv() {
            self.take(&bytes);
        }
    }

    /// Whether something is drawn within this time; what is there is taken.
    fn is_drawn_on(&mut self, within: Duration) -> bool {
        match self.written.recv_timeout(within) {
            Ok(bytes) => {
                self.take(&bytes);
                self.take_all();
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.since.extend(bytes);
        self.screen.process(bytes);
        for _ in 0..std::mem::take(&mut self.screen.callbacks_mut().cursor) {
            let (row, column) = self.screen.screen().cursor_position();
            // It is asked behind one sign of ambiguous width, which the library makes one column wide.
            let wider = u16::from(self.setting.makes_signs_wide && column > 0);
            write!(self.keyboard, "\u{1b}[{};{}R", row + 1, column + 1 + wider).unwrap();
        }
    }
}
