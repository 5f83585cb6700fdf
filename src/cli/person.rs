//! The person at the terminal: asked on stderr, answering on stdin; passwords without echo.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::Arc;

use super::context::Person;
use crate::message::Lang;
use crate::secret::{Prompter, Secret};

/// The terminal that the program was started in.
#[derive(Debug, Clone, Copy)]
pub struct Terminal;

impl Person for Terminal {
    fn present(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    fn ask(&self, question: &str) -> Option<String> {
        if !self.present() {
            return None;
        }
        let mut err = anstream::stderr();
        write!(err, "{question} ").and_then(|()| err.flush()).ok()?;
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer).ok()?;
        (read > 0).then(|| answer.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn ask_secret(&self, question: &str) -> Option<Secret> {
        if !self.present() {
            return None;
        }
        rpassword::prompt_password(format!("{question}: ")).ok().map(Secret::new)
    }
}

/// Asks the person for the passwords that an inventory leaves to a prompt.
pub struct Asking {
    /// Who is asked.
    pub person: Arc<dyn Person>,
    /// In which language a refusal is worded.
    pub lang: Lang,
}

impl Prompter for Asking {
    fn ask(&self, question: &str) -> Result<Secret, String> {
        self.person
            .ask_secret(question)
            .ok_or_else(|| self.lang.pick("there is no terminal to ask on", "質問できる端末がありません").to_owned())
    }
}
