//! The person at the terminal: asked on stderr, answering on stdin; passwords without echo.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::context::Person;
use crate::cancel::Cancel;
use crate::message::Lang;
use crate::secret::{Prompter, Secret};
use crate::visible;

/// How long a press of Ctrl-C that ended a reading may take to be heard of.
const HEARD: Duration = Duration::from_millis(500);

/// The terminal that the program was started in.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Ends a question that is open.
    pub cancel: Cancel,
}

impl Person for Terminal {
    fn present(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    fn ask(&self, question: &str) -> Option<String> {
        if !self.present() {
            return None;
        }
        let (answer, answered) = channel();
        if !self.cancel.open_question(answer.clone()) {
            return Some(String::new());
        }
        let mut err = anstream::stderr();
        let question = visible::shown(question.as_bytes());
        if err.write_all(&question).and_then(|()| err.write_all(b" ")).and_then(|()| err.flush()).is_err() {
            // Nobody has seen the question; left open, it would take the next Ctrl-C for its answer.
            self.cancel.close_question();
            return None;
        }
        // A thread of its own: reading a line ends on nothing but a line, and the question on Ctrl-C, too.
        let reading = thread::Builder::new().name("answer".into()).spawn(move || answer.send(read_line()));
        let given = reading.ok().and_then(|_| answered.recv().ok()).flatten();
        self.cancel.close_question();
        given
    }

    fn ask_secret(&self, question: &str) -> Option<Secret> {
        if !self.present() {
            return None;
        }
        let given = rpassword::prompt_password(format!("{}: ", visible::line(question))).ok().map(Secret::new);
        if given.is_none() {
            // Ctrl-C ends the reading at once: whoever watches for it says so first.
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

/// A line from the person, without its end; nothing when there are no more.
fn read_line() -> Option<String> {
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).ok()?;
    (read > 0).then(|| answer.trim_end_matches(['\r', '\n']).to_owned())
}

/// Asks the person for the passwords that an inventory leaves to a prompt.
pub struct Asking {
    /// Who is asked.
    pub person: Arc<dyn Person>,
    /// In which language a refusal is worded.
    pub lang: Lang,
}

impl Prompter for Asking {
    fn ask_again(&self, question: &str, slips: usize) -> Result<Secret, String> {
        let differed = match slips {
            0 => "",
            _ => self.lang.pick("the two entries differ; ", "2 回の入力が一致しません。"),
        };
        self.ask(&match self.lang {
            Lang::En => format!("{differed}the same once more, since it will be set on a router: {question}"),
            Lang::Ja => format!("{differed}ルータに設定するため、もう一度入力してください: {question}"),
        })
    }

    fn never_agreed(&self) -> String {
        let words =
            self.lang.pick("the entries never agreed; nothing was set", "入力が一致しなかったため、設定していません");
        words.to_owned()
    }

    fn ask(&self, question: &str) -> Result<Secret, String> {
        let reason = if self.person.present() {
            self.lang.pick("nothing was entered", "入力がありませんでした")
        } else {
            self.lang.pick("there is no terminal to ask on", "対話できる端末がありません")
        };
        self.person.ask_secret(question).ok_or_else(|| reason.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::to_halfwidth;

    #[test]
    fn what_an_input_method_made_wide_is_the_same_word() {
        assert_eq!(to_halfwidth("４Ｚａ９\u{3000}はい"), "4Za9 はい");
        assert_eq!(to_halfwidth("4Za9"), "4Za9");
    }
}
