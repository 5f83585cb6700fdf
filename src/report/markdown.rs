//! Text for a page in Markdown: what comes from files and routers is escaped here, so that it stays text.

use std::fmt::Write;

use crate::visible;

/// What Markdown, or a page that it becomes, may act on.
const ACTS: [char; 24] = [
    '\\', '`', '*', '_', '{', '}', '[', ']', '(', ')', '#', '+', '-', '.', '!', '|', '~', '=', ':', '@', '^', '$', '"',
    '\'',
];

/// A value as running text: one line, and nothing in it acts.
pub fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    for c in visible::line(value).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if ACTS.contains(&c) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// Lines as they are, in a block of code of this language: its fence is longer than any in them.
pub fn block(language: &str, lines: &str) -> String {
    let shown = visible::but_for(lines, |c| matches!(c, '\n' | '\t'));
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if shown.ends_with('\n') || shown.is_empty() { "" } else { "\n" };
    format!("{fence}{language}\n{shown}{end}{fence}\n")
}

/// A table: its heading, then its rows, each cell as text.
pub fn table<const N: usize>(heading: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut out = String::new();
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(&heading.map(text)));
    let _ = writeln!(out, "|{}", " --- |".repeat(N));
    for cells in rows {
        out.push_str(&row(&cells.map(|cell| text(&cell))));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{block, table, text};

    #[test]
    fn a_value_stays_text_whatever_it_holds() {
        let hostile = "[x](javascript:alert(1)) <script> `a` | www.evil.example\n# h\u{1b}\u{202e}";
        let shown = text(hostile);
        assert!(!shown.contains(['\n', '\u{1b}', '\u{202e}', '<', '>']), "{shown}");
        for acts in ["[x]", "](", "`a`", " | ", "www.e", "javascript:"] {
            assert!(!shown.contains(acts), "{acts}: {shown}");
        }
        let row = table(["a", "b"], [["x|y".to_owned(), "z\n| w |".to_owned()]]);
        assert_eq!(row.lines().count(), 3, "{row}");
        assert_eq!(row.lines().last().map(|line| line.matches(" | ").count()), Some(1), "{row}");
    }

    #[test]
    fn a_block_ends_at_its_own_fence_alone() {
        let shown = block("diff", "a\n```\n````x\nb");
        assert!(shown.starts_with("`````diff\n") && shown.ends_with("\nb\n`````\n"), "{shown}");
        assert_eq!(block("", "a\u{1b}\n"), "```\na\\u{1b}\n```\n");
    }
}
