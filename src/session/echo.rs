//! Follows the echo of a line that was typed: unfolds it and tells whether it is what was typed.
//!
//! The router folds an echo one column before the terminal's width and goes on under the prompt's end (fact sheet 3). Log lines
//! may come between, with the prompt and the line so far shown again or not. Comparison is byte by byte: a lost or doubled
//! character is never taken for the line.

use super::screen::Rows;
use crate::dialect::DeviceStrings;

/// How far an echo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// The first bytes, this many, are there, nothing else is.
    Partial(usize),
    /// The whole line is there, Return has not been echoed.
    Typed,
    /// The whole line and its Return are there; the answer starts at this row.
    Done(usize),
    /// Something else is there: a damaged character, or a log line that is not complete yet.
    Different,
}

/// Follows the echo of `sent` over the rows and the unfinished `tail` that came since the prompt was alone on its line.
pub fn follow(strings: &DeviceStrings, rows: Rows<'_>, tail: &[u8], prompt: &str, sent: &[u8]) -> Echo {
    Follower::at(strings, 0, prompt, sent).follow(rows, tail)
}

/// An echo being received, followed from where it was: a finished row is looked at once, however often bytes come.
#[derive(Debug, Clone)]
pub struct Follower<'a> {
    line: EchoedLine<'a>,
    /// The first row that was not looked at yet.
    next: usize,
    /// The row on which the line ended, or what came instead of it.
    last: Option<Result<usize, ()>>,
}

impl<'a> Follower<'a> {
    /// The echo of `sent` after `prompt`, from this row on.
    pub fn at(strings: &'a DeviceStrings, row: usize, prompt: &'a str, sent: &'a [u8]) -> Self {
        let line = EchoedLine { strings, prompt: prompt.as_bytes(), sent, matched: 0, first_row: None };
        Self { line, next: row, last: None }
    }

    /// Whether a finished row has broken it for good.
    pub fn is_broken(&self) -> bool {
        self.last == Some(Err(()))
    }

    /// The first row that was not looked at yet.
    pub fn next(&self) -> usize {
        self.next
    }

    /// How far it has come. The same rows must be given each time, with more after them.
    pub fn follow(&mut self, rows: Rows<'_>, tail: &[u8]) -> Echo {
        while self.last.is_none()
            && let Some(row) = rows.get(self.next)
        {
            self.last = self.line.take(row).map(|whole| whole.then_some(self.next).ok_or(()));
            self.next += 1;
        }
        match self.last {
            Some(Ok(last)) => Echo::Done(self.line.answer_start(rows, last)),
            Some(Err(())) => Echo::Different,
            None => self.line.clone().judge_tail(tail),
        }
    }
}

/// A line being echoed.
#[derive(Debug, Clone)]
struct EchoedLine<'a> {
    strings: &'a DeviceStrings,
    prompt: &'a [u8],
    sent: &'a [u8],
    matched: usize,
    /// The length of the row that begins with the prompt, once it has come: where it is folded, the terminal ends.
    first_row: Option<usize>,
}

impl<'a> EchoedLine<'a> {
    fn rest(&self) -> &'a [u8] {
        self.sent.get(self.matched..).unwrap_or_default()
    }

    /// Takes a finished row: whether the line is whole with it or broken by it, or nothing while it goes on.
    fn take(&mut self, row: &[u8]) -> Option<bool> {
        let Some(content) = self.content(row) else {
            // A row of another shape is a log line, or the echo is broken.
            return (!row.is_empty() && !self.is_log(row)).then_some(false);
        };
        let began = self.first_row.is_some();
        if began && !self.rest().starts_with(content) && self.is_log(row) {
            return None;
        }
        self.first_row.get_or_insert(row.len());
        if content == self.rest() {
            return Some(true);
        }
        if !self.rest().starts_with(content) {
            return Some(false);
        }
        self.matched += content.len();
        None
    }

    fn judge_tail(mut self, tail: &[u8]) -> Echo {
        // More than prompt, line and any indentation is no echo, and not worth reading at every byte.
        if tail.len() > self.prompt.len() + self.sent.len() + self.strings.width {
            return Echo::Different;
        }
        let Some(content) = self.content(tail) else {
            return if self.prompt.starts_with(tail) { Echo::Partial(self.matched) } else { Echo::Different };
        };
        if content == self.rest() {
            Echo::Typed
        } else if self.rest().starts_with(content) {
            Echo::Partial(self.matched + content.len())
        } else {
            Echo::Different
        }
    }

    /// The part of a row that belongs to the line: after the prompt, or after a folded row's indentation. A prompt shown again
    /// starts the line again. `None` when the line has not begun and the row has no prompt.
    fn content<'r>(&mut self, row: &'r [u8]) -> Option<&'r [u8]> {
        if let Some(content) = row.strip_prefix(self.prompt) {
            (self.matched, self.first_row) = (0, None);
            return Some(content);
        }
        let Some(first_row) = self.first_row else {
            // A prompt without its blank, alone on the row.
            return (row == self.prompt.trim_ascii_end()).then_some(&[]);
        };
        let blanks = row.iter().take_while(|byte| **byte == b' ').count();
        let indents = self.indents(first_row);
        let behind = |indent: &usize| (blanks >= *indent).then(|| row.get(*indent..)).flatten();
        let fits = |content: &&[u8]| self.rest().starts_with(content);
        if let Some(content) = indents.iter().filter_map(behind).find(fits) {
            return Some(content);
        }
        let least = indents.into_iter().min().unwrap_or_default();
        // An indentation that is still arriving, or a router that indents less: its blanks are not what was typed.
        row.get(if blanks == row.len() { blanks } else { blanks.min(least) }..)
    }

    /// Where a folded row may go on: under the prompt's end; under the middle of a terminal that the prompt nearly fills, which
    /// is not attested and tolerated.
    fn indents(&self, first_row: usize) -> [usize; 3] {
        let prompt = self.prompt.len();
        [prompt, prompt.min(first_row.div_ceil(2)), prompt.min(self.strings.width / 2)]
    }

    /// A line that ends exactly at the fold may leave a row of indentation after it, which is no answer.
    fn answer_start(&self, rows: Rows<'_>, last: usize) -> usize {
        let next = last + 1;
        let first_row = self.first_row.unwrap_or_default();
        let at_fold = first_row + 1 >= self.strings.width && rows.get(last).is_some_and(|row| row.len() == first_row);
        let blank = |row: &[u8]| self.indents(first_row).contains(&row.len()) && row.iter().all(|byte| *byte == b' ');
        if at_fold && rows.get(next).is_some_and(blank) { next + 1 } else { next }
    }

    fn is_log(&self, row: &[u8]) -> bool {
        self.strings.is_log_line(&String::from_utf8_lossy(row))
    }
}

#[cfg(test)]
mod tests {
    use super::{Echo, Follower, Rows};
    use crate::dialect::Dialect;
    use crate::session::screen::Screen;

    fn follow(rows: Rows<'_>, tail: &[u8], prompt: &str, sent: &[u8]) -> Echo {
        super::follow(Dialect::ix().strings(), rows, tail, prompt, sent)
    }

    const PROMPT: &str = "ix01(config)# ";

    fn followed(received: &str, sent: &str) -> Echo {
        let mut screen = Screen::default();
        screen.feed(PROMPT.as_bytes());
        screen.feed(received.as_bytes());
        let at_once = follow(screen.rows(), screen.tail(), PROMPT, sent.as_bytes());
        let (mut screen, mut follower) =
            (Screen::default(), Follower::at(Dialect::ix().strings(), 0, PROMPT, sent.as_bytes()));
        screen.feed(PROMPT.as_bytes());
        let mut seen = follower.follow(screen.rows(), screen.tail());
        for byte in received.bytes() {
            screen.feed(&[byte]);
            seen = follower.follow(screen.rows(), screen.tail());
        }
        assert_eq!(seen, at_once, "byte by byte, from where it was");
        seen
    }

    #[test]
    fn a_short_line_is_followed_to_its_end() {
        assert_eq!(followed("", "exit"), Echo::Partial(0));
        assert_eq!(followed("ex", "exit"), Echo::Partial(2));
        assert_eq!(followed("exit", "exit"), Echo::Typed);
        assert_eq!(followed("exit\r\n", "exit"), Echo::Done(1));
        assert_eq!(followed("\r\n", ""), Echo::Done(1));
    }

    #[test]
    fn damage_is_seen() {
        for damaged in ["exxit", "eit", "exis", "exit ", "exit\r\n".replace("it", "t").as_str()] {
            assert_eq!(followed(damaged, "exit"), Echo::Different, "{damaged:?}");
        }
    }

    #[test]
    fn a_folded_echo_is_unfolded_and_only_its_indentation_dropped() {
        let sent = "ip access-list user_acl permit ip src 10.11.0.0/20 dest 10.200.10  x";
        let folded = "ip access-list user_acl permit ip src 10.11.0.0/20 dest 10.200.10\r\n";
        assert_eq!(followed(folded, sent), Echo::Partial(65));
        assert_eq!(followed(&format!("{folded}       "), sent), Echo::Partial(65));
        assert_eq!(followed(&format!("{folded}                x\r\n"), sent), Echo::Done(2));
        assert_eq!(followed(&format!("{folded}               x\r\n"), sent), Echo::Different, "a blank is missing");
    }

    #[test]
    fn a_line_that_ends_at_the_fold_has_no_row_of_blanks_in_its_answer() {
        let line = "x".repeat(79 - PROMPT.len());
        assert_eq!(followed(&format!("{line}\r\n              \r\n% no\r\n"), &line), Echo::Done(2));
        assert_eq!(followed("abc\r\n              \r\n% no\r\n", "abc"), Echo::Done(1), "the answer's own blanks");
    }

    #[test]
    fn a_prompt_that_nearly_fills_the_terminal_folds_under_its_end_or_in_the_middle() {
        let prompt = "a-clinic-with-a-name-of-sixty-characters-in-all(config-GigaEthernet2.0)# ";
        let sent = "ip add  10.0.0.1/24 and more";
        for indent in [40, prompt.len()] {
            let mut screen = Screen::default();
            screen.feed(prompt.as_bytes());
            for byte in folded_at(prompt, sent, indent).bytes() {
                screen.feed(&[byte]);
                let seen = follow(screen.rows(), screen.tail(), prompt, sent.as_bytes());
                assert!(matches!(seen, Echo::Partial(_) | Echo::Typed), "{seen:?}");
            }
            screen.feed(b"\r\n");
            let rows = screen.rows().len();
            assert_eq!(follow(screen.rows(), screen.tail(), prompt, sent.as_bytes()), Echo::Done(rows));
            for damaged in ["ip add 10.0.0.1/24 and more", "ip add   10.0.0.1/24 and more"] {
                let mut screen = Screen::default();
                screen.feed(format!("{prompt}{}\r\n", folded_at(prompt, damaged, indent)).as_bytes());
                assert_eq!(follow(screen.rows(), screen.tail(), prompt, sent.as_bytes()), Echo::Different, "{damaged}");
            }
        }
    }

    /// An echo as the router folds it after column 79.
    fn folded_at(prompt: &str, sent: &str, indent: usize) -> String {
        let (mut echo, mut column) = (String::new(), prompt.len());
        for character in sent.chars() {
            if column >= 79 {
                echo.push_str("\r\n");
                echo.push_str(&" ".repeat(indent));
                column = indent;
            }
            echo.push(character);
            column += 1;
        }
        echo
    }

    /// Each row is looked at once, however often bytes come: from the first row at every read this would be ten thousand million
    /// looks.
    #[test]
    fn an_echo_that_never_comes_is_followed_from_where_it_was() {
        let (mut screen, mut follower) = (Screen::default(), Follower::at(Dialect::ix().strings(), 0, PROMPT, b"exit"));
        screen.feed(PROMPT.as_bytes());
        for row in 0..100_000 {
            assert_eq!(follower.follow(screen.rows(), screen.tail()), Echo::Partial(0), "{row}");
            screen.feed(if row == 0 { b"\r\n" } else { b"CNFG.003: Startup config write done\r\n" });
            assert_eq!(follower.next(), row);
        }
        screen.feed(format!("{PROMPT}exit\r\n").as_bytes());
        assert_eq!(follower.follow(screen.rows(), screen.tail()), Echo::Done(100_001));
    }

    #[test]
    fn log_lines_may_stand_between() {
        let log = "2023/05/06 03:44:37 CNFG.003: Startup config write done  (TTY:1).";
        assert_eq!(followed(&format!("ip a\r\n{log}\r\ndd\r\n"), "ip add"), Echo::Done(3), "went on");
        assert_eq!(followed(&format!("ip a\r\n{log}\r\n{PROMPT}ip add"), "ip add"), Echo::Typed, "shown again");
        assert_eq!(followed(&format!("\r\n{log}\r\n{PROMPT}exit\r\n"), "exit"), Echo::Done(3), "before the line");
        assert_eq!(followed(&format!("ip a\r\n{log}\r\n{PROMPT}ip xdd"), "ip add"), Echo::Different);
        let aligned = "2026/07/07 21:06:00   GW.038: User admin has logged on";
        assert_eq!(followed(&format!("ip a\r\n{aligned}\r\ndd\r\n"), "ip add"), Echo::Done(3), "aligned");
    }
}
