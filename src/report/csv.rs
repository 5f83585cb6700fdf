//! Rows for a spreadsheet: the one way in which a value becomes a cell.
//!
//! Made for what opens them in Japan: UTF-8 with its mark, line ends of Windows, every cell in quotes. A text that a spreadsheet would
//! compute, or show as another value, begins with an apostrophe and stays what it is: a clinic called `3-1` is no third of January. Only
//! what is a time is left to be one.

use std::sync::LazyLock;

use regex::RegexSet;

use crate::visible;

/// A cell.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// A text; a number of ours, which a spreadsheet may count with, is one that it does not change.
    Text(String),
    /// A time of ours, `2026-11-22 20:46:03`: it may be sorted by, and counted with.
    Time(String),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// Rows while they are written.
#[derive(Debug)]
pub(super) struct Csv {
    out: String,
}

impl Csv {
    /// No row yet.
    pub(super) fn new() -> Self {
        Self { out: "\u{feff}".to_owned() }
    }

    /// One more row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            match cell {
                Cell::Text(text) => self.cell(&text, is_changed),
                Cell::Time(time) => self.cell(&time, is_computed),
            }
        }
        self.out.push_str("\r\n");
    }

    /// A cell in quotes. Its line ends stay within it.
    fn cell(&mut self, text: &str, is_marked: fn(&str) -> bool) {
        let text = visible::text(text);
        self.out.push('"');
        if is_marked(&text) {
            self.out.push('\'');
        }
        self.out.push_str(&text.replace('"', "\"\""));
        self.out.push('"');
    }

    /// All of them.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

/// Whether a spreadsheet would not show a text as it is.
fn is_changed(text: &str) -> bool {
    is_computed(text) || is_another_value(text)
}

/// Whether a spreadsheet takes a cell for a formula: also one behind blanks, and in the wide forms that a Japanese one takes.
fn is_computed(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'])
}

/// The longest text that is looked at: no number and no date is longer.
const LONGEST: usize = 48;

/// Whether a spreadsheet, one in Japanese too, would read a text as a number, a date, a time or a truth, and show it as it shows these.
/// A whole number that it shows as it is is none.
fn is_another_value(text: &str) -> bool {
    if text.len() > 3 * LONGEST {
        return false;
    }
    let text: String = text.trim().chars().map(narrow).flat_map(char::to_lowercase).collect();
    let is_whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let stays = is_whole && text.len() <= DIGITS && (text == "0" || !text.starts_with('0'));
    !stays && VALUES.is_match(&text)
}

/// A spreadsheet keeps no more digits of a number.
const DIGITS: usize = 15;

/// The wide form of a character of ASCII in its own form: a Japanese spreadsheet reads both.
fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// What is read as another value, of a text in small letters.
static VALUES: LazyLock<RegexSet> = LazyLock::new(|| {
    let month = "(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)";
    let patterns = [
        // A number in any dress: `3.10`, `0012`, `1,000`, `12e5`, `50%`, `¥100`, `(5)`; also more digits than are kept.
        r"^\(?[-+]?[$¥\\€£]? ?([0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)? ?%?\)?$".to_owned(),
        // A fraction: `1 1/2`.
        r"^[0-9]+ +[0-9]+/[0-9]+$".to_owned(),
        // A date or a time in numbers: `1-2`, `1/2`, `2026-11-22`, `10:30`, `2026/11/22 10:30`, `9:05 am`.
        r"^[0-9]{1,4}([-/:][0-9]{1,4}){1,2}( +[0-9]{1,2}(:[0-9]{1,2}){1,2}(\.[0-9]+)?)?( *[ap]m?)?$".to_owned(),
        // A date with a month's name: `1-mar`, `dec-1`, `oct10`, `may 3, 2026`.
        format!(r"^{month}\.?[-/ ,]*[0-9]{{1,4}}([-/ ,]+[0-9]{{1,4}})?$"),
        format!(r"^[0-9]{{1,4}}[-/ ]*{month}\.?([-/ ,]*[0-9]{{1,4}})?$"),
        // A date or a time in Japanese, and a year of an era: `3月1日`, `令和8年11月`, `r8.11.22`, `h1-2`.
        r"^(明治|大正|昭和|平成|令和|[mtshr])?([0-9]{1,4} ?[年月日時分秒] ?)+$".to_owned(),
        r"^(明治|大正|昭和|平成|令和|[mtshr])[0-9]{1,2}([-/.][0-9]{1,2}){1,2}$".to_owned(),
        "^(true|false)$".to_owned(),
    ];
    // They are ours, and the test below compiles them.
    RegexSet::new(patterns).unwrap_or_else(|_| RegexSet::empty())
});

#[cfg(test)]
mod tests {
    use super::{Cell, Csv};

    fn cell(text: &str) -> String {
        let mut csv = Csv::new();
        csv.row([Cell::from(text)]);
        csv.finish().trim_start_matches('\u{feff}').trim_end_matches("\r\n").to_owned()
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_compute_stays_text() {
        for computed in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\n=1", "=HYPERLINK(\"x\")"] {
            assert!(cell(computed).starts_with("\"'"), "{}", cell(computed));
        }
        assert_eq!(cell("show ip route"), "\"show ip route\"");
        assert_eq!(cell("a\"b,c\r\nd"), "\"a\"\"b,c\nd\"");
        assert_eq!(cell("\u{202e}"), "\"\\u{202e}\"");
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_show_as_another_value_stays_text() {
        for changed in [
            "0012345",
            "12E5",
            "1234567890123456",
            "3.10",
            "10.5",
            ".5",
            "1,000",
            "50%",
            "¥100",
            "(5)",
            "1e-5",
            "００１",
            "1-2",
            "1/2",
            "１－２",
            "2026-11-22",
            "2026/11/22 10:30",
            "10:30",
            "9:05 AM",
            "1 1/2",
            "Mar-1",
            "dec-1",
            "OCT10",
            "1-Mar",
            "1 January 2026",
            "May 3, 2026",
            "sept2",
            "3月1日",
            "令和8年11月",
            "10時30分",
            "R8.11.22",
            "h1-2",
            "TRUE",
        ] {
            assert_eq!(cell(changed), format!("\"'{changed}\""));
        }
    }

    #[test]
    fn what_a_spreadsheet_shows_as_it_is_has_no_mark() {
        for same in [
            "12",
            "0",
            "123456789012345",
            "10.8.27",
            "192.168.0.1",
            "2001:db8::1",
            "sato-r1",
            "c0001-r1",
            "march",
            "may",
            "r1",
            "ntt-east",
            "GigaEthernet0.0",
            "1-2-3-4",
            "marcha 3",
            "SHA256:abc",
            "",
            "12 routers",
            "日",
            "年",
        ] {
            assert_eq!(cell(same), format!("\"{same}\""));
        }
        let mut csv = Csv::new();
        csv.row([Cell::Time("2026-03-01 09:00:01".to_owned())]);
        assert_eq!(csv.finish(), "\u{feff}\"2026-03-01 09:00:01\"\r\n");
    }
}
