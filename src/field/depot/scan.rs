//! What a typed or scanned line means. A scanner types a serial number and Return; a person types the name of a router.

/// Longer lines mean nothing: neither a name nor a serial number is so long.
const LONGEST: usize = 100;

/// What a line means by itself, whatever the depot waits for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'l> {
    /// Nothing was typed.
    Empty,
    /// It is over: nothing new begins, and what is in progress finishes.
    Quit,
    /// How far everything is.
    Status,
    /// The box on the console of this number is looked at again.
    Again(usize),
    /// The same, at other speeds too.
    Speeds(usize),
    /// `ROUTER=SERIAL`, or `NUMBER=ROUTER`.
    Pair {
        /// What is before the sign.
        left: &'l str,
        /// What is behind it.
        right: &'l str,
    },
    /// A router's name, a serial number, or an answer.
    Word(&'l str),
    /// It is none of these.
    Unclear,
}

impl<'l> Line<'l> {
    /// Reads a line.
    pub fn of(typed: &'l str) -> Self {
        let typed = typed.trim();
        if typed.chars().count() > LONGEST || typed.chars().any(char::is_control) {
            return Self::Unclear;
        }
        if let Some((left, right)) = typed.split_once('=') {
            let (left, right) = (left.trim(), right.trim());
            let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
            return match is_word(left) && is_word(right) {
                true => Self::Pair { left, right },
                false => Self::Unclear,
            };
        }
        let words: Vec<&str> = typed.split_whitespace().collect();
        match words.as_slice() {
            [] => Self::Empty,
            ["q"] => Self::Quit,
            ["s"] => Self::Status,
            ["again", number] => number.parse().map_or(Self::Unclear, Self::Again),
            ["speeds", number] => number.parse().map_or(Self::Unclear, Self::Speeds),
            [word] => Self::Word(word),
            _ => Self::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn a_line_is_a_word_a_pair_or_an_order_and_nothing_that_acts() {
        assert_eq!(Line::of("  \t"), Line::Empty);
        assert_eq!(Line::of("q"), Line::Quit);
        assert_eq!(Line::of("s"), Line::Status);
        assert_eq!(Line::of("again 3"), Line::Again(3));
        assert_eq!(Line::of("speeds 1"), Line::Speeds(1));
        assert_eq!(Line::of(" 8609839273 "), Line::Word("8609839273"));
        assert_eq!(Line::of("sato-r1 = 86"), Line::Pair { left: "sato-r1", right: "86" });
        for unclear in ["again x", "a b c", "=86", "sato-r1=", "a=b c", "x\u{1b}[2J", &"9".repeat(101)] {
            assert_eq!(Line::of(unclear), Line::Unclear, "{unclear}");
        }
    }
}
