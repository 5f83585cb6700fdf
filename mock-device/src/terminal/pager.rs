//! The pager: 23 lines, then `--More--`; blank goes on, Return shows one line, `q` stops (fact sheet 3).

use std::collections::VecDeque;

use crate::scenario::PagerErase;

const MORE: &str = "--More--";

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There is more to come.
    More,
    /// The answer is at its end, or was broken off.
    Done,
}

/// An answer being written to the screen.
#[derive(Debug, Default)]
pub struct Pager {
    lines: VecDeque<String>,
}

impl Pager {
    /// Shows lines on a terminal `length` lines long; 0 is endless.
    pub fn show(&mut self, lines: Vec<String>, length: usize, out: &mut Vec<u8>) -> Turn {
        self.lines = lines.into();
        let page = if length == 0 { usize::MAX } else { length.saturating_sub(1).max(1) };
        self.advance(page, out)
    }

    /// Takes a key while `--More--` is on the screen.
    pub fn key(&mut self, byte: u8, length: usize, erase: PagerErase, out: &mut Vec<u8>) -> Turn {
        let count = match byte {
            b' ' => length.saturating_sub(1).max(1),
            b'\r' | b'\n' => 1,
            b'q' | b'Q' | 0x03 => 0,
            _ => return Turn::More,
        };
        match erase {
            PagerErase::Return => out.extend_from_slice(b"\r        \r"),
            PagerErase::Backspace => {
                out.extend_from_slice(&[8; MORE.len()]);
                out.extend_from_slice(&[b' '; MORE.len()]);
                out.extend_from_slice(&[8; MORE.len()]);
            }
        }
        if count == 0 {
            self.lines.clear();
        }
        self.advance(count, out)
    }

    /// Forgets what was not shown yet.
    pub fn clear(&mut self) {
        self.lines.clear();
    }

    fn advance(&mut self, count: usize, out: &mut Vec<u8>) -> Turn {
        for _ in 0..count {
            let Some(line) = self.lines.pop_front() else { return Turn::Done };
            out.extend_from_slice(line.as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        if self.lines.is_empty() {
            return Turn::Done;
        }
        out.extend_from_slice(MORE.as_bytes());
        Turn::More
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Pager, Turn};
    use crate::scenario::PagerErase;

    #[test]
    fn a_page_is_23_lines_and_the_prompt_is_overwritten_with_blanks() {
        let mut pager = Pager::default();
        let mut out = Vec::new();
        let lines = (1..=30).map(|n| format!("line {n}")).collect();
        assert_eq!(pager.show(lines, 24, &mut out), Turn::More);
        let text = String::from_utf8(out.clone()).unwrap();
        assert!(text.ends_with("line 23\r\n--More--"), "{text}");
        out.clear();
        assert_eq!(pager.key(b'\r', 24, PagerErase::Return, &mut out), Turn::More);
        assert_eq!(out, b"\r        \rline 24\r\n--More--");
        out.clear();
        assert_eq!(pager.key(b'x', 24, PagerErase::Return, &mut out), Turn::More);
        assert!(out.is_empty());
        assert_eq!(pager.key(b' ', 24, PagerErase::Backspace, &mut out), Turn::Done);
        assert!(out.ends_with(b"line 30\r\n"));
    }

    #[test]
    fn q_ends_the_answer() {
        let mut pager = Pager::default();
        let mut out = Vec::new();
        pager.show((1..=30).map(|n| n.to_string()).collect(), 24, &mut out);
        out.clear();
        assert_eq!(pager.key(b'q', 24, PagerErase::Return, &mut out), Turn::Done);
        assert_eq!(out, b"\r        \r");
    }
}
