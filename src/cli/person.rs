//! The person at the terminal: asked on stderr, answering on stdin.

use std::io::{BufRead, IsTerminal, Write};

use super::context::Person;

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
}
