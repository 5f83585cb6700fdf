//! Follows the echo of a line that was typed: unfolds it and tells whether it is what was typed.
//!
//! The router folds an echo one column before the terminal's width and goes on under the prompt's end (fact sheet 3). Log lines
//! may stand between, with the prompt and the line so far shown again or not. Comparison is byte by byte: a lost or doubled
//! character is never taken for the line.

use crate::ix::wire;

/// How far an echo has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// The first so many bytes are there, nothing else is.
    Partial(usize),
    /// The whole line is there, Return has not been echoed.
    Typed,
    /// The whole line and its Return are there; the answer starts at this row.
    Done(usize),
    /// Something else is there: a damaged character, or a log line that is not complete yet.
    Different,
}

/// Follows the echo of `sent` over the rows and the unfinished `tail` that came since the prompt stood alone on its line.
pub fn follow(rows: &[Vec<u8>], tail: &[u8], prompt: &str, sent: &[u8]) -> Echo {
    let (prompt, mut matched, mut started) = (prompt.as_bytes(), 0, false);
    for (index, row) in rows.iter().enumerate() {
        let Some(content) = content(row, prompt, started, &mut matched) else {
            // A row of another shape is a log line, or the echo is broken.
            if !is_log(row) && !row.is_empty() {
                return Echo::Different;
            }
            continue;
        };
        let rest = sent.get(matched..).unwrap_or_default();
        if started && !rest.starts_with(content) && is_log(row) {
            continue;
        }
        started = true;
        if content == rest {
            return Echo::Done(answer_start(rows, index, prompt.len()));
        }
        if !rest.starts_with(content) {
            return Echo::Different;
        }
        matched += content.len();
    }
    let Some(content) = content(tail, prompt, started, &mut matched) else {
        return if prompt.starts_with(tail) { Echo::Partial(matched) } else { Echo::Different };
    };
    let rest = sent.get(matched..).unwrap_or_default();
    if content == rest {
        Echo::Typed
    } else if rest.starts_with(content) {
        Echo::Partial(matched + content.len())
    } else {
        Echo::Different
    }
}

/// The part of a row that belongs to the line: behind the prompt, or behind a folded row's indentation. A prompt shown again
/// starts the line again. `None` when the line has not begun and the row has no prompt.
fn content<'a>(row: &'a [u8], prompt: &[u8], started: bool, matched: &mut usize) -> Option<&'a [u8]> {
    if let Some(content) = row.strip_prefix(prompt) {
        *matched = 0;
        return Some(content);
    }
    if !started {
        // A prompt without its blank, alone on the row.
        return (row == prompt.trim_ascii_end()).then_some(&[]);
    }
    let blanks = row.iter().take(prompt.len()).take_while(|byte| **byte == b' ').count();
    row.get(blanks..)
}

/// A line that ends exactly at the fold leaves a row of indentation behind itself, which is no answer.
fn answer_start(rows: &[Vec<u8>], last: usize, indent: usize) -> usize {
    let next = last + 1;
    let fold = |row: &Vec<u8>| row.len() == indent && row.iter().all(|byte| *byte == b' ');
    if rows.get(next).is_some_and(fold) { next + 1 } else { next }
}

fn is_log(row: &[u8]) -> bool {
    wire::is_log_line(&String::from_utf8_lossy(row))
}

#[cfg(test)]
mod tests {
    use super::{Echo, follow};
    use crate::session::screen::Screen;

    const PROMPT: &str = "ix01(config)# ";

    fn followed(received: &str, sent: &str) -> Echo {
        let mut screen = Screen::default();
        screen.feed(PROMPT.as_bytes());
        screen.feed(received.as_bytes());
        follow(screen.rows(), screen.tail(), PROMPT, sent.as_bytes())
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
        let received = "abc\r\n              \r\n% no\r\n";
        assert_eq!(followed(received, "abc"), Echo::Done(2));
    }

    #[test]
    fn log_lines_may_stand_between() {
        let log = "2023/05/06 03:44:37 CNFG.003: Startup config write done  (TTY:1).";
        assert_eq!(followed(&format!("ip a\r\n{log}\r\ndd\r\n"), "ip add"), Echo::Done(3), "went on");
        assert_eq!(followed(&format!("ip a\r\n{log}\r\n{PROMPT}ip add"), "ip add"), Echo::Typed, "shown again");
        assert_eq!(followed(&format!("\r\n{log}\r\n{PROMPT}exit\r\n"), "exit"), Echo::Done(3), "before the line");
        assert_eq!(followed(&format!("ip a\r\n{log}\r\n{PROMPT}ip xdd"), "ip add"), Echo::Different);
    }
}
