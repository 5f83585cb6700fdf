//! Text in lines of a given width, as a terminal counts it: a Japanese character is two columns wide, and a line may end behind it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns of a screen that everything must fit into.
pub const COLUMNS: usize = 80;

/// A text in at most so many lines of so many columns, and whether something of it is missing then: the last line ends with `...`.
#[derive(Debug, Clone, Copy)]
pub struct Wrap {
    /// Columns of a line, what it is indented by included.
    pub columns: usize,
    /// Blanks before every line but the first.
    pub indent: usize,
    /// At most so many lines.
    pub lines: usize,
}

/// No line begins with these.
fn ends_a_line(c: char) -> bool {
    "、。,.:;!?)]}」』）】・ー…".contains(c)
}

/// No line ends with these.
fn begins_a_line(c: char) -> bool {
    "([{「『（【".contains(c)
}

/// The parts of a text between which a line may end; a blank belongs to the part before it.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let wide = |c: char| c.width() == Some(2);
        let may_break = match before {
            None => false,
            Some(' ') => c != ' ',
            Some(before) => (wide(before) || wide(c)) && !ends_a_line(c) && !begins_a_line(before),
        };
        if may_break {
            parts.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

/// Wraps a text; `before` columns of its first line are taken already.
pub fn wrapped(text: &str, before: usize, wrap: Wrap) -> String {
    let Wrap { columns, indent, lines } = wrap;
    let mut out: Vec<String> = vec![String::new()];
    let mut used = before;
    for part in text.lines().flat_map(|line| parts(line).into_iter().chain([" "])) {
        let width = part.trim_end().width();
        let is_begun = out.last().is_some_and(|line| !line.is_empty());
        if used + width > columns && (is_begun || used > indent) {
            out.push(String::new());
            used = indent;
        }
        // A word that is longer than a line is cut where the line ends.
        let mut rest = part;
        while used + rest.trim_end().width() > columns && columns > indent {
            let fits = head(rest, columns - used.min(columns));
            if fits.is_empty() {
                break;
            }
            out.last_mut().into_iter().for_each(|line| line.push_str(fits));
            rest = rest.get(fits.len()..).unwrap_or_default();
            out.push(String::new());
            used = indent;
        }
        if let Some(line) = out.last_mut().filter(|line| !line.is_empty() || !rest.trim().is_empty()) {
            line.push_str(rest);
            used += rest.width();
        }
    }
    let mut shown: Vec<String> = out.into_iter().map(|line| line.trim_end().to_owned()).collect();
    while shown.last().is_some_and(|line| line.is_empty()) {
        shown.pop();
    }
    if shown.len() > lines {
        shown.truncate(lines);
        if let Some(last) = shown.last_mut() {
            let first = if lines == 1 { before } else { indent };
            *last = format!("{}...", head(last, columns.saturating_sub(first + 3)).trim_end());
        }
    }
    shown.join(&format!("\n{}", " ".repeat(indent)))
}

/// As much of a text as fits into so many columns.
fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or_default();
        if used > columns {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Wrap, wrapped};
    use unicode_width::UnicodeWidthStr;

    const TEN: Wrap = Wrap { columns: 10, indent: 2, lines: 9 };

    #[test]
    fn a_line_ends_between_words_and_is_never_too_wide() {
        assert_eq!(wrapped("one two three four", 0, TEN), "one two\n  three\n  four");
        assert_eq!(wrapped("one two", 6, TEN), "one\n  two");
    }

    #[test]
    fn japanese_wraps_by_width_and_no_line_begins_with_a_full_stop() {
        let said = wrapped("接続できません。確認を。", 0, TEN);
        assert_eq!(said, "接続できま\n  せん。確\n  認を。");
        assert!(said.lines().all(|line| line.width() <= 10), "{said}");
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let two = Wrap { lines: 2, ..TEN };
        assert_eq!(wrapped("one two three four five", 0, two), "one two\n  three...");
        assert_eq!(wrapped("abcdefghijklmnop", 0, TEN), "abcdefghij\n  klmnop");
        assert_eq!(wrapped("one\ntwo", 0, TEN), "one two");
        assert_eq!(wrapped("", 0, TEN), "");
    }
}
