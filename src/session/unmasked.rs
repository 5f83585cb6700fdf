//! Whether a recording holds what this version would have masked: one of an earlier version, or of another program.

use super::recording::RecordedEvent;
use crate::dialect::Dialect;
use crate::ix::mask::mask_text;

/// How many of its lines, printed or typed, do.
pub fn unmasked_lines(events: &[RecordedEvent]) -> usize {
    let of = |from_router: bool| -> String {
        events.iter().filter(|event| event.from_router == from_router).map(|event| event.text.as_str()).collect()
    };
    let printed = of(true);
    let printed = printed.lines().map(row_of_line).filter(|row| is_unmasked(row)).count();
    printed + of(false).split(['\r', '\n']).filter(|line| is_unmasked(line)).count()
}

/// What a line that was printed shows at its end: what was written over is gone.
pub fn row_of_line(line: &str) -> &str {
    line.rsplit('\r').find(|part| !part.is_empty()).unwrap_or_default()
}

fn is_unmasked(row: &str) -> bool {
    !is_password_prompt(row) && mask_text(row).trim_end() != row.trim_end()
}

/// The router's question for a password and nothing after it: version 0.1.0 recorded it twice in one row.
fn is_password_prompt(row: &str) -> bool {
    row.split_whitespace().all(|word| word == Dialect::any().strings().password)
}

#[cfg(test)]
mod tests {
    use super::{RecordedEvent, unmasked_lines};

    fn event(from_router: bool, text: &str) -> RecordedEvent {
        RecordedEvent { at: 0.0, from_router, text: text.to_owned() }
    }

    #[test]
    fn a_password_prompt_is_no_secret_but_what_follows_it_is() {
        let said = |text: &str| unmasked_lines(&[event(true, text)]);
        assert_eq!(said("Password: \r\nPassword: Password: \r\n"), 0);
        assert_eq!(said("Password: hunter\r\n"), 1);
        assert_eq!(said("Password: Password: hunter\r\n"), 1);
    }

    #[test]
    fn a_secret_is_found_where_it_was_typed_and_where_it_was_printed_in_pieces() {
        let typed = event(false, "username a password plain 1 b\r");
        assert_eq!(unmasked_lines(std::slice::from_ref(&typed)), 1);
        assert_eq!(unmasked_lines(&[typed, event(true, "username a pass"), event(true, "word plain 1 b\r\n")]), 2);
        assert_eq!(unmasked_lines(&[event(false, "show version\r")]), 0);
    }
}
