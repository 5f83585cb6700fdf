//! What an operator is asked about the tests of a saved router, and what a typed answer means. Pure.

use crate::record::TestRecord;

/// The tests of a router that is saved, as far as they have come.
#[derive(Debug, Clone, Copy)]
pub struct HandOver<'a> {
    /// The router.
    pub router: &'a str,
    /// Its tests, in their order.
    pub tests: &'a [TestRecord],
}

/// What is to be done about tests that have not passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandOverAnswer {
    /// They are left as they are.
    GoOn,
    /// Those that have not passed are made again.
    Again,
    /// A person says how one of them ended.
    Attested {
        /// Its place among the tests.
        place: usize,
        /// Whether it ended as it must.
        passed: bool,
        /// What was seen, as it was typed.
        words: String,
    },
}

impl HandOverAnswer {
    /// What a typed answer means where there are so many tests: `r`, nothing, or `2 ok WORDS` and `2 ng WORDS`. Nothing where it means
    /// nothing.
    pub fn read(typed: &str, tests: usize) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Some(Self::GoOn);
        }
        if typed.eq_ignore_ascii_case("r") {
            return Some(Self::Again);
        }
        let (number, rest) = typed.split_once(char::is_whitespace)?;
        let (result, words) = rest.trim_start().split_once(char::is_whitespace)?;
        let place = number.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < tests)?;
        let passed = match result.to_ascii_lowercase().as_str() {
            "ok" => true,
            "ng" => false,
            _ => return None,
        };
        let words = words.trim().to_owned();
        (!words.is_empty()).then_some(Self::Attested { place, passed, words })
    }
}

#[cfg(test)]
mod tests {
    use super::HandOverAnswer;

    #[test]
    fn a_persons_word_needs_the_test_the_result_and_what_was_seen() {
        let attested =
            |place, passed, words: &str| Some(HandOverAnswer::Attested { place, passed, words: words.to_owned() });
        for (typed, meant) in [
            ("", Some(HandOverAnswer::GoOn)),
            (" R ", Some(HandOverAnswer::Again)),
            ("2 ok seen on the terminal", attested(1, true, "seen on the terminal")),
            ("1 NG 端末で開けた", attested(0, false, "端末で開けた")),
            ("2 ok", None),
            ("ok", None),
            ("3 ok seen", None),
            ("0 ok seen", None),
            ("1 yes seen", None),
            ("y", None),
        ] {
            assert_eq!(HandOverAnswer::read(typed, 2), meant, "{typed}");
        }
    }
}
