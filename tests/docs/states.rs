//! Every state a router can be in is explained where people look: with its exit status, and with what to do next.

use ixdeploy::state::{State, Verdict};

use crate::text;

#[test]
fn every_state_has_its_row_and_the_right_exit_status() {
    let document = text("docs/exit-codes.md");
    for state in State::ALL {
        let start = format!("| `{}` |", state.word());
        let row = document.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{start}"));
        let status = match state.verdict() {
            _ if !state.is_end() => "",
            Verdict::Done => "0",
            Verdict::NotDone => "3",
            Verdict::NeedsPerson => "4",
        };
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells[1].is_empty(), !state.is_end(), "{row}");
        assert_eq!(cells[3], status, "{row}");
    }
}

#[test]
fn the_field_guides_say_what_to_do_after_every_end() {
    for guide in ["docs/field-guide.md", "docs/field-guide.ja.md"] {
        let document = text(guide);
        for state in State::ALL {
            let word = format!("`{}`", state.word());
            assert!(document.contains(&word), "{guide}: {word}");
            let row = document.lines().any(|line| line.starts_with(&format!("| {word} |")));
            assert_eq!(row, state.is_end(), "{guide}: a row for {word}");
        }
    }
}
