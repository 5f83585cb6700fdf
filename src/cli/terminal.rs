//! The terminal that the program was started in: questions where they are seen, answers on stdin, passwords without echo.

#[cfg_attr(windows, path = "terminal/windows.rs")]
#[cfg_attr(not(windows), path = "terminal/unix.rs")]
mod platform;

use std::io::{self, BufRead, IsTerminal, Read as _, Write};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::{Cancel, Wake};
use crate::report::for_screen;
use crate::secret::Secret;
use crate::visible;

/// How long a press of Ctrl-C that ended a reading may take to be heard of.
const HEARD: Duration = Duration::from_millis(500);

/// Whether the terminal on standard input is still there.
#[cfg(feature = "field")]
pub fn terminal_is_there() -> bool {
    platform::is_there()
}

/// Whether this is how a terminal refuses bytes that is gone.
pub fn has_hung_up(error: &io::Error) -> bool {
    platform::hung_up(error)
}

/// Whether the terminal is a window that the system opened for this program alone, and closes with it: a double click.
pub fn has_own_window() -> bool {
    std::io::stdin().is_terminal() && platform::has_own_window()
}

/// The terminal that the program was started in.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Ends a question that is open.
    pub cancel: Cancel,
}

impl Terminal {
    /// Whether someone is at it.
    pub fn is_present(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    /// Asks, as [`Terminal::ask_until`] does, until there is an answer.
    pub fn ask(&self, question: &str) -> Option<String> {
        self.ask_until(question, &Cancel::default())
    }

    /// Asks, and returns the answer without its line end; nothing when there is no one, and once the question is over. Ctrl-C is the empty
    /// answer, which agrees to nothing.
    pub fn ask_until(&self, question: &str, over: &Cancel) -> Option<String> {
        if !self.is_present() {
            return None;
        }
        let (answer, answered) = channel();
        if !self.cancel.open_question(answer.clone()) {
            return Some(String::new());
        }
        let mut seen = where_it_is_seen();
        let question = visible::shown(question.as_bytes());
        if seen.write_all(&question).and_then(|()| seen.write_all(b" ")).and_then(|()| seen.flush()).is_err() {
            // No one has seen the question; left open, it would take the next Ctrl-C for its answer.
            self.cancel.close_question();
            return None;
        }
        let is_over: Arc<dyn Wake> = Arc::new(NoAnswer(answer.clone()));
        over.wakes(&is_over);
        let given = match !over.is_asked() && Reading::hear(answer) {
            true => answered.recv().ok().flatten(),
            false => None,
        };
        Reading::state().to = None;
        self.cancel.close_question();
        if given.is_none() {
            // The question has no answer behind it, not even its end of line: what follows begins one.
            let _ = seen.write_all(b"\n").and_then(|()| seen.flush());
        }
        given
    }

    /// Asks for a secret, without echo; nothing when there is no one.
    pub fn ask_secret(&self, question: &str) -> Option<Secret> {
        if !self.is_present() {
            return None;
        }
        let question = for_screen(&format!("{}:", visible::line(question)));
        // A line that is still read for a question which is over would take the answer.
        let silent = Reading::state().is_open.then(platform::Silent::begin).flatten();
        let given = match silent {
            Some(_silent) => self.ask(&question).filter(|answer| !answer.is_empty()),
            None => rpassword::prompt_password(format!("{question} ")).ok(),
        };
        let given = given.map(Secret::new);
        if given.is_none() {
            // Ctrl-C ends the reading at once: the watcher for it says so first.
            self.cancel.wait_until(Instant::now() + HEARD);
        }
        given
    }
}

/// A question that is over has no answer.
struct NoAnswer(Sender<Option<String>>);

impl Wake for NoAnswer {
    fn wake(&self) {
        // It may have had one at the same time.
        let _ = self.0.send(None);
    }
}

/// The reading of a line from the terminal. It ends on nothing but a line, while a question also ends on Ctrl-C or elsewhere: it goes on
/// then, for the next question.
struct Reading {
    is_open: bool,
    /// The question that gets the line. Without one it is dropped: it answers no question that was shown.
    to: Option<Sender<Option<String>>>,
}

/// The process has one standard input.
static READING: Mutex<Reading> = Mutex::new(Reading { is_open: false, to: None });

impl Reading {
    fn state() -> MutexGuard<'static, Self> {
        READING.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next line answers this question; false where this machine gives no thread to read it.
    fn hear(answer: Sender<Option<String>>) -> bool {
        let mut reading = Self::state();
        reading.to = Some(answer);
        if !reading.is_open {
            let read = || {
                let line = read_line();
                let mut reading = Self::state();
                reading.is_open = false;
                // The question may be over by now.
                reading.to.take().is_some_and(|answer| answer.send(line).is_ok())
            };
            reading.is_open = thread::Builder::new().name("answer".into()).spawn(read).is_ok();
        }
        reading.is_open
    }
}

/// Where a question is seen by the person who is to answer it: on stderr, unless that goes to a file. Then it is the terminal itself.
fn where_it_is_seen() -> Box<dyn Write> {
    if std::io::stderr().is_terminal() {
        return Box::new(anstream::stderr());
    }
    if std::io::stdout().is_terminal() {
        return Box::new(anstream::stdout());
    }
    match std::fs::OpenOptions::new().write(true).open(platform::TERMINAL) {
        Ok(terminal) => Box::new(terminal),
        Err(_) => Box::new(anstream::stderr()),
    }
}

/// Reads what is typed, scanned or piped in, line by line, on a thread of its own: each line is given to `to`, and nothing once there are no more.
/// It ends when `to` says that no one listens, or with the program. Meanwhile nothing else may be asked at the terminal.
///
/// # Errors
/// When this machine gives us no thread.
pub fn each_line(mut to: impl FnMut(Option<String>) -> bool + Send + 'static) -> std::io::Result<()> {
    /// What is longer is several lines: no name and no serial number is.
    const LONGEST: u64 = 1024;
    let read = move || {
        loop {
            let mut line = Vec::new();
            let read = std::io::stdin().lock().take(LONGEST).read_until(b'\n', &mut line);
            let is_over = !read.is_ok_and(|count| count > 0);
            let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
            if !to((!is_over).then_some(line)) || is_over {
                return;
            }
        }
    };
    thread::Builder::new().name("lines".into()).spawn(read).map(drop)
}

/// What was typed with a Japanese input method on, as ASCII: full-width letters, digits and blanks are the same word.
pub fn to_halfwidth(text: &str) -> String {
    /// From a full-width form to the character it is a form of.
    const WIDTH: u32 = 0xFEE0;
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - WIDTH).unwrap_or(c),
        c => c,
    };
    text.chars().map(narrow).collect()
}

/// A line from the operator, without its end; nothing when there are no more.
fn read_line() -> Option<String> {
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).ok()?;
    (read > 0).then(|| answer.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::to_halfwidth;

    #[test]
    fn full_width_answers_are_read_as_half_width() {
        assert_eq!(to_halfwidth("４Ｚａ９\u{3000}はい"), "4Za9 はい");
        assert_eq!(to_halfwidth("4Za9"), "4Za9");
    }
}
