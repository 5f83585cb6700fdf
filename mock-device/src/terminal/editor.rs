//! The line editor: echo, folding at the terminal's width, backspace, Ctrl-U, completion in place.
//!
//! Fact sheet 3 and 10: a line is folded after column 79 and goes on under the prompt's end; completion erases the typed letters
//! one by one. What happens when an erased letter was before a fold is not attested: here the line is shown again below.

/// What a key amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// Nothing to act on.
    None,
    /// Return: the whole line.
    Line(Vec<u8>),
    /// `?`: help on what is typed so far.
    Help,
    /// TAB: completion of the last word.
    Complete,
    /// Ctrl-Z.
    Leave,
    /// Ctrl-C.
    Interrupt,
}

/// The editor of one session.
#[derive(Debug)]
pub struct Editor {
    prompt: String,
    line: Vec<u8>,
    column: usize,
    width: usize,
    longest: usize,
    echo: bool,
    after_return: bool,
}

impl Editor {
    /// An editor for a terminal this wide, which takes lines up to this many bytes.
    pub fn new(width: usize, longest: usize) -> Self {
        Self { prompt: String::new(), line: Vec::new(), column: 0, width, longest, echo: true, after_return: false }
    }

    /// Changes the width.
    pub fn set_width(&mut self, width: usize) {
        self.width = width.max(20);
    }

    /// What is typed so far.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// Shows a prompt and starts an empty line; without echo for a password.
    pub fn start(&mut self, prompt: &str, echo: bool, out: &mut Vec<u8>) {
        self.line.clear();
        self.echo = echo;
        prompt.clone_into(&mut self.prompt);
        self.show(out);
    }

    /// Shows the prompt and the unfinished line again.
    pub fn show(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.prompt.as_bytes());
        self.column = self.prompt.len();
        if self.echo {
            for byte in self.line.clone() {
                self.draw(byte, out);
            }
        }
    }

    /// Takes one byte.
    pub fn key(&mut self, byte: u8, out: &mut Vec<u8>) -> Key {
        let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
        match byte {
            b'\n' | 0 if after_return => Key::None,
            b'\r' | b'\n' => {
                out.extend_from_slice(b"\r\n");
                self.column = 0;
                Key::Line(std::mem::take(&mut self.line))
            }
            0x08 | 0x7f => {
                self.erase(1, out);
                Key::None
            }
            0x15 => {
                self.erase(self.line.len(), out);
                Key::None
            }
            0x1a => Key::Leave,
            0x03 => Key::Interrupt,
            b'?' if self.echo => Key::Help,
            b'\t' if self.echo => Key::Complete,
            0..=0x1f => Key::None,
            _ if self.line.len() >= self.longest => Key::None,
            _ => {
                self.line.push(byte);
                if self.echo {
                    self.draw(byte, out);
                }
                Key::None
            }
        }
    }

    /// Replaces the last `typed` bytes by a completed word.
    pub fn complete(&mut self, typed: usize, word: &str, out: &mut Vec<u8>) {
        self.erase(typed, out);
        for byte in word.bytes() {
            self.line.push(byte);
            self.draw(byte, out);
        }
    }

    fn indent(&self) -> usize {
        self.prompt.len().min(self.width / 2)
    }

    fn draw(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.column >= self.width - 1 {
            out.extend_from_slice(b"\r\n");
            out.resize(out.len() + self.indent(), b' ');
            self.column = self.indent();
        }
        out.push(byte);
        self.column += 1;
    }

    fn erase(&mut self, count: usize, out: &mut Vec<u8>) {
        let count = count.min(self.line.len());
        self.line.truncate(self.line.len() - count);
        if !self.echo || count == 0 {
            return;
        }
        let on_this_row = self.column - self.indent().min(self.column);
        let folded = self.line.len() + count + self.prompt.len() >= self.width;
        if folded && count > on_this_row.saturating_sub(1) {
            out.extend_from_slice(b"\r\n");
            self.show(out);
            return;
        }
        for _ in 0..count {
            out.extend_from_slice(b"\x08 \x08");
        }
        self.column -= count;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Editor, Key};

    fn type_in(editor: &mut Editor, text: &str) -> String {
        let mut out = Vec::new();
        for byte in text.bytes() {
            editor.key(byte, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    fn at(prompt: &str) -> Editor {
        let mut editor = Editor::new(80, 200);
        editor.start(prompt, true, &mut Vec::new());
        editor
    }

    #[test]
    fn a_long_line_folds_after_column_79_under_the_prompts_end() {
        let mut editor = at("ix01(config)# ");
        assert_eq!(
            type_in(&mut editor, "ip access-list user_acl permit ip src 10.11.0.0/20 dest 10.200.100.0/24"),
            "ip access-list user_acl permit ip src 10.11.0.0/20 dest 10.200.10\r\n              0.0/24"
        );
        let mut editor = at("ix01(config-watch-cloud-10)# ");
        assert_eq!(
            type_in(&mut editor, "  action 10 ipsec clear-sa Tunnel0.0 policy ipsec-mgmt"),
            "  action 10 ipsec clear-sa Tunnel0.0 policy ipsec-\r\n                             mgmt"
        );
    }

    #[test]
    fn erasing_goes_letter_by_letter() {
        let mut editor = at("IX-A(config)# ");
        assert_eq!(type_in(&mut editor, "a\x08\x08"), "a\x08 \x08");
        assert_eq!(type_in(&mut editor, "ab\x15"), "ab\x08 \x08\x08 \x08");
        let mut out = Vec::new();
        assert_eq!(editor.key(b'\r', &mut out), Key::Line(Vec::new()));
        assert_eq!(editor.key(b'\n', &mut out), Key::None);
    }

    #[test]
    fn completion_rewrites_in_place() {
        let mut editor = at("IX-A(config)# ");
        let mut out = type_in(&mut editor, "sho").into_bytes();
        editor.complete(3, "show ", &mut out);
        assert_eq!(out, b"sho\x08 \x08\x08 \x08\x08 \x08show ");
    }

    #[test]
    fn a_password_is_not_echoed() {
        let mut editor = Editor::new(80, 200);
        let mut out = Vec::new();
        editor.start("Password: ", false, &mut out);
        assert_eq!(type_in(&mut editor, "se?cret\x08"), "");
        assert_eq!(editor.line(), b"se?cre");
    }
}
