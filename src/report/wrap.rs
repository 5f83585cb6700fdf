//! Text in lines of a given width, as a terminal counts it: a Japanese character is two columns wide.
//!
//! A line ends between words. Where Japanese has no blanks, a word is a run of one kind of letters (kanji, katakana, Latin) with the
//! hiragana after it. A path is a word, and so is a command between backticks, or one of ours amid Japanese.

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

/// What kind of letter a character is, as far as words are told apart by it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Hiragana,
    Katakana,
    Kanji,
    Narrow,
}

impl Letter {
    fn of(c: char) -> Self {
        match c {
            '\u{3041}'..='\u{309f}' => Self::Hiragana,
            '\u{30a1}'..='\u{30ff}' => Self::Katakana,
            c if c.width() == Some(2) => Self::Kanji,
            _ => Self::Narrow,
        }
    }
}

/// Whether a line may end between these two.
fn may_break(before: char, c: char) -> bool {
    let (own, next) = (Letter::of(before), Letter::of(c));
    let is_japanese = own != Letter::Narrow || next != Letter::Narrow;
    let is_counted = before.is_ascii_digit() && next == Letter::Kanji;
    let between_words = own != next && next != Letter::Hiragana && !is_counted;
    // The long vowel begins no line, and is inside a word all the same.
    let after_a_mark = ends_a_line(before) && before != 'ー';
    is_japanese && !ends_a_line(c) && !begins_a_line(before) && (between_words || after_a_mark)
}

/// The parts of a text between which a line may end; a blank belongs to the part before it.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    let mut is_command = false;
    let mut bare_command_ends = 0;
    for (at, c) in text.char_indices() {
        let may_break = match before {
            _ if is_command || at < bare_command_ends => false,
            None => false,
            Some(' ') => c != ' ',
            Some(before) => may_break(before, c),
        };
        if c == '`' {
            // A backtick without its partner begins no command.
            is_command = !is_command && text.get(at + 1..).is_some_and(|rest| rest.contains('`'));
        }
        if may_break {
            parts.extend(text.get(start..at));
            start = at;
        }
        if at >= bare_command_ends && !is_command {
            bare_command_ends = at + bare_command(text.get(at..).unwrap_or_default());
        }
        before = Some(c);
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

/// How long a command of ours is that begins here without backticks: amid Japanese it goes on for as long as there is nothing else. Where
/// nothing Japanese follows, the name of the program may just as well be a word of a sentence.
fn bare_command(text: &str) -> usize {
    let Some((end, next)) = text.char_indices().find(|(_, c)| !c.is_ascii() || *c == '`') else { return 0 };
    let command = text.get(..end).unwrap_or_default().trim_end();
    if text.starts_with(COMMAND) && Letter::of(next) != Letter::Narrow { command.len() } else { 0 }
}

/// Wraps a text; `before` columns of its first line are taken already.
pub fn wrapped(text: &str, before: usize, wrap: Wrap) -> String {
    let Wrap { columns, indent, lines } = wrap;
    let mut out: Vec<String> = vec![String::new()];
    let mut used = before;
    for part in text.lines().flat_map(|line| parts(line).into_iter().chain([" "])) {
        let width = columns_of(part.trim_end());
        let is_begun = out.last().is_some_and(|line| !line.is_empty());
        if used + width > columns && (is_begun || used > indent) {
            out.push(String::new());
            used = indent;
        }
        // A word that is longer than a line is cut where the line ends, but for paths and commands, which someone may copy.
        let is_copied = part.is_ascii() && out.len() < lines;
        let mut rest = part;
        while !is_copied && used + columns_of(rest.trim_end()) > columns && columns > indent {
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
            used += columns_of(rest);
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

/// A command of ours, which someone may copy from a screen.
const COMMAND: &str = "ixdeploy ";

/// Lines for a screen: each that is too wide is continued below, further in. What a router said, behind a bar, stays as it is; so does a command
/// of ours at the end of a line, on a line of its own.
pub fn for_screen(text: &str) -> String {
    let wrap = |line: &str| {
        let (blanks, words) = line.split_at(line.len() - line.trim_start_matches(' ').len());
        if words.starts_with("| ") || is_whole_command(words) || columns_of(line) <= COLUMNS {
            return line.to_owned();
        }
        let lead = blanks.len();
        let wrap = Wrap { columns: COLUMNS, indent: lead + 2, lines: usize::MAX };
        match words.find(&format!(": {COMMAND}")).map(|colon| words.split_at(colon + 1)) {
            Some((said, command)) if is_whole_command(command.trim_start()) => {
                format!("{blanks}{}\n{}{}", wrapped(said, lead, wrap), " ".repeat(lead + 2), command.trim_start())
            }
            _ => format!("{blanks}{}", wrapped(words, lead, wrap)),
        }
    };
    text.split('\n').map(wrap).collect::<Vec<_>>().join("\n")
}

/// Whether words are a command of ours and nothing else: a name in it may be Japanese, but no sentence goes on behind it.
fn is_whole_command(words: &str) -> bool {
    let goes_on = |word: &str| {
        word.contains(['、', '。']) || word.chars().next().is_some_and(|c| Letter::of(c) == Letter::Hiragana)
    };
    words.starts_with(COMMAND) && !words.split(' ').any(goes_on)
}

/// A finding for a screen: what is said above and below the lines of a file is continued further in, and these lines keep their form.
pub fn finding_for_screen(drawn: &str) -> String {
    let is_said = |line: &str| {
        let words = line.trim_start_matches(' ');
        let is_drawn = words.starts_with(['|', '-', ':', '.']) || words.starts_with(|c: char| c.is_ascii_digit());
        words.starts_with("= ") || (words.len() == line.len() && !is_drawn)
    };
    let line = |line: &str| if is_said(line) { for_screen(line) } else { line.to_owned() };
    drawn.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// How many columns a text takes on a screen, without our own styles in it.
fn columns_of(text: &str) -> usize {
    if text.contains('\u{1b}') { anstream::adapter::strip_str(text).to_string().width() } else { text.width() }
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
    fn japanese_wraps_between_words_by_width_and_no_line_begins_with_a_full_stop() {
        let said = wrapped("接続先の装置を確認。ルータを再起動。", 0, TEN);
        assert_eq!(said, "接続先の\n  装置を\n  確認。\n  ルータを\n  再起動。");
        assert!(said.lines().all(|line| line.width() <= 10), "{said}");
        // The long vowel is inside a word.
        let wide = Wrap { columns: 22, indent: 0, lines: 9 };
        assert_eq!(wrapped("このコンソールケーブルを確認。", 0, wide), "この\nコンソールケーブルを\n確認。");
    }

    #[test]
    fn a_path_and_a_command_stay_whole() {
        let wide = Wrap { columns: 20, indent: 2, lines: 9 };
        assert_eq!(wrapped("次に `ixdeploy resume r1` を実行。", 0, wide), "次に\n  `ixdeploy resume r1`\n  を実行。");
        let path = "/var/lib/ixdeploy/journal.sqlite3";
        assert_eq!(wrapped(&format!("保存先は {path} です"), 0, wide), format!("保存先は\n  {path}\n  です"));
        assert_eq!(wrapped("a ` alone stays text here", 0, wide), "a ` alone stays text\n  here");
    }

    #[test]
    fn on_a_screen_long_lines_are_continued_further_in_and_what_a_router_said_is_not() {
        let long = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";
        let shown = super::for_screen(&format!("  {long}\nshort\n    | {long}\n"));
        let (first, rest) = shown.split_once('\n').unwrap_or_default();
        assert!(first.starts_with("  one two") && first.ends_with("thirteen"), "{shown}");
        assert_eq!(rest, format!("    fourteen fifteen\nshort\n    | {long}\n"));
    }

    #[test]
    fn a_command_to_copy_is_never_broken() {
        let command = format!("ixdeploy apply playbooks/online-eligibility.yaml -i {}/clinics.yaml", "x".repeat(40));
        assert_eq!(super::for_screen(&command), command);
        let shown = super::for_screen(&format!("  To plan anew: {command}\n"));
        assert_eq!(shown, format!("  To plan anew:\n    {command}\n"));
        let short = "To undo what was saved there: ixdeploy undo last -l r1";
        assert_eq!(super::for_screen(short), short);
    }

    #[test]
    fn a_command_amid_japanese_stays_whole_and_what_is_said_behind_it_is_continued() {
        let said = "  対処: ixdeploy runs で最近の実行を、ixdeploy history ROUTER でルータごとの実行を確認できます";
        let shown = super::for_screen(said);
        assert_eq!(
            shown,
            "  対処: ixdeploy runs で最近の実行を、ixdeploy history ROUTER でルータごとの\n    実行を確認できます"
        );
        let said = format!("{}先に ixdeploy plan -o FILE を", "この".repeat(15));
        assert!(super::for_screen(&said).ends_with("先に\n  ixdeploy plan -o FILE を"), "{}", super::for_screen(&said));
        let named = format!("計画し直してください: ixdeploy apply clinic.yaml -l 佐藤医院,{}", "x".repeat(40));
        assert!(super::for_screen(&named).contains(":\n  ixdeploy apply clinic.yaml -l 佐藤医院,xxx"));
    }

    #[test]
    fn a_findings_words_are_continued_and_the_lines_of_its_file_are_not() {
        let word = "word ".repeat(20);
        let (said, file) = (word.trim_end(), format!(" 5 | {word}x"));
        let drawn =
            format!("error[a.b]: {said}\n --> {}.yaml:5:1\n  |\n{file}\n  | ^\n  = help: {said}", "x".repeat(90));
        let shown = super::finding_for_screen(&drawn);
        let wide: Vec<&str> = shown.lines().filter(|line| line.width() > 80).collect();
        assert!(wide.len() == 2 && wide[0].starts_with(" --> ") && wide[1] == file, "{shown}");
        assert_eq!(shown.split_whitespace().collect::<Vec<_>>(), drawn.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        let two = Wrap { lines: 2, ..TEN };
        assert_eq!(wrapped("one two three four five", 0, two), "one two\n  three...");
        let one = Wrap { lines: 1, ..TEN };
        assert_eq!(wrapped("abcdefghijklmnop", 0, one), "abcdefg...");
        assert_eq!(wrapped("one\ntwo", 0, TEN), "one two");
        assert_eq!(wrapped("", 0, TEN), "");
    }
}
