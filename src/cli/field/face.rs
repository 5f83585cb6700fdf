//! What every face of a visit does, and what a page looks like in signs that every terminal has.

use std::sync::Arc;

use crate::cli::held_terminal::HoldsTerminal;
use crate::field::Page;

/// What shows a visit and takes what is typed.
pub trait Face {
    /// Shows a page.
    fn show(&mut self, page: &Page);
    /// Something was typed: the question that was open has its answer.
    fn heard(&mut self);
    /// What has the terminal for it, and leaves nothing of the visit there; nothing where lines are written.
    fn holder(&self) -> Option<Arc<dyn HoldsTerminal>> {
        None
    }
}

/// A page whose signs of our own are ASCII: how wide the others are is not the same in every terminal.
pub fn in_ascii(page: &Page) -> Page {
    let ascii = |text: &str| {
        text.chars().fold(String::with_capacity(text.len()), |mut out, sign| {
            match sign {
                '═' => out.push('='),
                '→' => out.push_str("->"),
                '■' => out.push('#'),
                '…' => out.push_str("..."),
                '✓' => out.push('+'),
                '✗' => out.push('x'),
                '‼' => out.push_str("!!"),
                sign => out.push(sign),
            }
            out
        })
    };
    Page { title: ascii(&page.title), lines: page.lines.iter().map(|line| ascii(line)).collect(), ..page.clone() }
}

#[cfg(test)]
mod tests {
    use super::in_ascii;
    use crate::field::{Input, Page};

    #[test]
    fn signs_of_our_own_are_written_in_ascii_and_words_stay() {
        let lines = vec!["══ 佐藤医院".to_owned(), "r1: → saving…".to_owned(), "■ saved".to_owned()];
        let page = Page { name: "end", title: "終".to_owned(), lines, pinned: 0, left: None, input: Input::None };
        assert_eq!(in_ascii(&page).lines, ["== 佐藤医院", "r1: -> saving...", "# saved"]);
        assert_eq!(in_ascii(&page).title, "終");
    }
}
