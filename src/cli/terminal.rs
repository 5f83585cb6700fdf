//! The terminal that the program was started in: questions on stderr, answers on stdin, passwords without echo.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use crate::cancel::Cancel;
use crate::secret::Secret;
use crate::visible;

/// How long a press of Ctrl-C that ended a reading may take to be heard of.
const HEARD: Duration = Duration::from_millis(500);

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

    /// Asks, and returns the answer without its line end; nothing when there is no one. Ctrl-C is the empty answer, which agrees to
    /// nothing.
    pub fn ask(&self, question: &str) -> Option<String> {
        if !self.is_present() {
            return None;
        }
        let (answer, answered) = channel();
        if !self.cancel.open_question(answer.clone()) {
            return Some(String::new());
        }
        let mut err = anstream::stderr();
        let question = visible::shown(question.as_bytes());
        if err.write_all(&question).and_then(|()| err.write_all(b" ")).and_then(|()| err.flush()).is_err() {
            // No one has seen the question; left open, it would take the next Ctrl-C for its answer.
            self.cancel.close_question();
            return None;
        }
        // A thread of its own: reading a line ends on nothing but a line, and the question on Ctrl-C, too.
        let reading = thread::Builder::new().name("answer".into()).spawn(move || answer.send(read_line()));
        let given = reading.ok().and_then(|_| answered.recv().ok()).flatten();
        self.cancel.close_question();
        given
    }

    /// Asks for a secret, without echo; nothing when there is no one.
    pub fn ask_secret(&self, question: &str) -> Option<Secret> {
        if !self.is_present() {
            return None;
        }
        let given = rpassword::prompt_password(format!("{}: ", visible::line(question))).ok().map(Secret::new);
        if given.is_none() {
            // Ctrl-C ends the reading at once: the watcher for it says so first.
            self.cancel.wait_until(Instant::now() + HEARD);
        }
        given
    }
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
