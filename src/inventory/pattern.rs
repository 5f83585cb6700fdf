//! Patterns of names: `*` for any text, and `c00[1-5]` for numbers.
//!
//! A pattern is matched and never written out, so `c[0001-9999]` costs no more than a name.

/// Digits of a number in a range.
const MOST_DIGITS: usize = 9;

/// A pattern that can be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Token>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    /// Any text, also none.
    Any,
    Numbers(Vec<Numbers>),
}

/// Numbers from one to another, both included. Where both are written with as many digits, so is every number between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Numbers {
    first: u32,
    last: u32,
    /// How many digits each has; nothing where it is written without zeros in front.
    digits: Option<usize>,
}

impl Pattern {
    /// Reads a pattern; nothing where a range in it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['*', '[', ']']) {
            let (before, from) = rest.split_at(at);
            if !before.is_empty() {
                tokens.push(Token::Text(before.to_owned()));
            }
            rest = match from.strip_prefix('*') {
                Some(after) => {
                    tokens.push(Token::Any);
                    after
                }
                None => {
                    let (inside, after) = from.strip_prefix('[')?.split_once(']')?;
                    tokens.push(Token::Numbers(inside.split(',').map(Numbers::parse).collect::<Option<_>>()?));
                    after
                }
            };
        }
        if !rest.is_empty() {
            tokens.push(Token::Text(rest.to_owned()));
        }
        Some(Self(tokens))
    }

    /// The name, where it is one and no pattern.
    pub fn as_name(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Token::Text(name)] => Some(name),
            _ => None,
        }
    }

    /// Whether a name fits. Every place of the name that a part of the pattern can end at is followed at once, so that no pattern costs
    /// more than its length times that of the name.
    pub fn matches(&self, name: &str) -> bool {
        let mut ends = vec![0];
        for token in &self.0 {
            ends = match token {
                Token::Any => (ends.first().copied().unwrap_or(name.len() + 1)..=name.len()).collect(),
                Token::Text(text) => after(&ends, name, |rest| rest.starts_with(text.as_str()).then_some(text.len())),
                Token::Numbers(ranges) => {
                    let lengths = 1..=MOST_DIGITS;
                    let mut all: Vec<usize> =
                        lengths.flat_map(|length| after(&ends, name, |rest| one_of(ranges, rest, length))).collect();
                    all.sort_unstable();
                    all.dedup();
                    all
                }
            };
        }
        ends.last() == Some(&name.len())
    }
}

/// The places after what begins at these.
fn after(begins: &[usize], name: &str, length: impl Fn(&str) -> Option<usize>) -> Vec<usize> {
    begins.iter().filter_map(|at| Some(at + length(name.get(*at..)?)?)).collect()
}

fn one_of(ranges: &[Numbers], rest: &str, length: usize) -> Option<usize> {
    let digits = rest.get(..length).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    ranges.iter().any(|range| range.contains(digits)).then_some(length)
}

impl Numbers {
    /// Reads `1-5`, `01-20` or `7`.
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str| {
            let is_one = (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            is_one.then(|| text.parse::<u32>().ok()).flatten()
        };
        let padded = |text: &str| text.len() > 1 && text.starts_with('0');
        let digits = (first.len() == last.len()).then_some(first.len());
        let range = Self { first: number(first)?, last: number(last)?, digits };
        // `01-100`: as many digits as which of the two?
        let is_clear = digits.is_some() || !padded(first) && !padded(last);
        (range.first <= range.last && is_clear).then_some(range)
    }

    fn contains(self, digits: &str) -> bool {
        let form = match self.digits {
            Some(length) => digits.len() == length,
            None => digits.len() == 1 || !digits.starts_with('0'),
        };
        form && digits.parse::<u32>().is_ok_and(|number| (self.first..=self.last).contains(&number))
    }
}

/// Splits at the commas that are not between brackets.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.split(move |c| {
        inside = match c {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        c == ',' && !inside
    })
}

#[cfg(test)]
mod tests {
    use super::{Pattern, parts};

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern::parse(pattern).is_some_and(|pattern| pattern.matches(name))
    }

    #[test]
    fn a_star_is_any_text() {
        for (pattern, name) in
            [("*", ""), ("*", "a"), ("a*", "a"), ("*a", "ba"), ("s*o-r*", "sato-r1"), ("a*a", "aa"), ("**", "x")]
        {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a*a", "a"), ("a*", "b"), ("a", "ab"), ("", "a"), ("*b", "a")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
        assert!(!fits(&"a*".repeat(30), &"a".repeat(29)), "also a hostile pattern ends");
    }

    #[test]
    fn numbers_have_the_digits_that_are_written() {
        let of = |pattern: &str| {
            let names = ["c1", "c01", "c001", "c5", "c05", "c10", "c010", "c20", "c100"];
            names.into_iter().filter(|name| fits(pattern, name)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of("c00[1-5]"), "c001");
        assert_eq!(of("c[01-20]"), "c01 c05 c10 c20");
        assert_eq!(of("c[1-20]"), "c1 c5 c10 c20");
        assert_eq!(of("c[5-100]"), "c5 c10 c20 c100");
        assert_eq!(of("c[001-010]"), "c001 c010");
        assert_eq!(of("c[1,5,10-99]"), "c1 c5 c10 c20");
        assert_eq!(of("c*[0-1]"), "c1 c01 c001 c10 c010 c20 c100");
        assert!(fits("c[1-2]-r[1-2]", "c2-r1") && !fits("c[1-2]-r[1-2]", "c3-r1"));
    }

    #[test]
    fn what_is_no_range_is_no_pattern() {
        for pattern in [
            "c[",
            "c]",
            "c[]",
            "c[5-1]",
            "c[a-b]",
            "c[1-]",
            "c[01-100]",
            "c[1-2-3]",
            "c[1234567890]",
            "c[[1]]",
            "c[１-２]",
        ] {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn commas_between_brackets_separate_numbers() {
        assert_eq!(parts("a,c[1,2],!b").collect::<Vec<_>>(), ["a", "c[1,2]", "!b"]);
        assert_eq!(parts("").collect::<Vec<_>>(), [""]);
    }
}
