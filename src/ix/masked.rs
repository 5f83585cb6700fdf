//! Lines from which someone removed the secret: the marks that backup programs leave, and what such a line still says.
//!
//! A masked line says that there was a line and how it began, and not what it said: it is compared with nothing, never typed and
//! never removed. Pure; it does not know where the lines come from or what is done with them.

use memchr::memchr3;

use super::mask::{MASK, mask_line};
use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, words};

/// What a mark in brackets says, in any letters: `<removed>` (RANCID), `<secret hidden>`, `<configuration removed>` (Oxidized),
/// `<redacted>`, `[REDACTED]`.
const SAYS: [&str; 16] = [
    "removed",
    "hidden",
    "redacted",
    "masked",
    "stripped",
    "deleted",
    "filtered",
    "scrubbed",
    "sanitized",
    "sanitised",
    "omitted",
    "suppressed",
    "obfuscated",
    "anonymized",
    "anonymised",
    "censored",
];
/// The longest mark in brackets, in bytes.
const LONGEST: usize = 48;
/// The fewest asterisks that count as a mask.
const STARS: &str = "***";
/// The most words of a masked line's beginning that are compared: no command has more before its secret.
const MOST_WORDS: usize = 16;
/// The most words of a line that are judged by the rest of it: each judgement looks at the whole line.
const MOST_JUDGED: usize = 64;
/// A word that no configuration holds: where the masking hides it, there is the place of a secret.
const PROBE: &str = "ixdeploy0probe0word";

/// Whether a line, without the `!` of a comment, holds a mark where something was taken out.
pub fn is_masked(line: &str) -> bool {
    may_be_masked(line) && !marks(line).is_empty()
}

/// A masked line with each of its marks in our own form; nothing where it holds none.
pub fn normal(line: &str) -> Option<String> {
    let marks = if may_be_masked(line) { marks(line) } else { Vec::new() };
    if marks.is_empty() {
        return None;
    }
    let (mut text, mut from) = (String::with_capacity(line.len()), 0);
    for Mark { start, end } in marks {
        text.push_str(line.get(from..start).unwrap_or_default());
        text.push_str(MASK);
        from = end;
    }
    text.push_str(line.get(from..).unwrap_or_default());
    Some(text)
}

/// The line that a comment replaces, its marks in our own form: RANCID comments a line out when it removes the secret. `within` is the
/// mode of the block around it. A remark does not count: the text must be a command, or announce a secret.
pub fn commented_out(comment: &str, within: &str) -> Option<String> {
    let line = comment.trim_start_matches(['!', ' ', '\t']);
    let (text, split) = (normal(line)?, words(line));
    let grammar = Dialect::any().grammar();
    let known = |mode: &str| grammar.look_up(mode, &split).is_some();
    let first_is_a_mark = split.first().is_some_and(|word| marks(word).first().is_some_and(|mark| mark.start == 0));
    let hidden = || marks(line).into_iter().take(MOST_JUDGED).all(|mark| hides(line, mark));
    (!first_is_a_mark && (known(GLOBAL) || known(within) || hidden())).then_some(text)
}

/// Whether a comment says that a line, or something in one, was taken out, without saying which: `! <removed>`, `! (line removed)`.
pub fn says_so(comment: &str) -> bool {
    let few_words = |mark: Mark| mark.of(comment).is_some_and(|text| words(text).len() <= 2);
    bracketed(comment, &['<', '[']).next().is_some() || bracketed(comment, &['(']).any(few_words)
}

/// What a masked line certainly begins with: the words before its first mark, without those that only name the form of the secret.
/// Another line that begins so may be the very one.
pub fn beginning(line: &str) -> Vec<&str> {
    let split = positive(line);
    let mark = split.iter().position(|word| *word == MASK || is_masked_word(word)).unwrap_or(split.len());
    let mut before = split.get(..mark.min(MOST_WORDS)).unwrap_or_default().to_vec();
    while before.len() > 1 && before.last().is_some_and(|word| FORMS.contains(word)) {
        before.pop();
    }
    before
}

/// The beginnings that a line has, from the shortest: those with which a masked line may be this line.
pub fn beginnings(line: &str) -> impl Iterator<Item = String> {
    let mut so_far = String::new();
    positive(line).into_iter().take(MOST_WORDS).map(move |word| {
        if !so_far.is_empty() {
            so_far.push(' ');
        }
        so_far.push_str(word);
        so_far.clone()
    })
}

/// Words that say in which form a secret follows; which one it was goes with the secret where a program takes both out.
const FORMS: [&str; 7] = ["plain", "hash", "secret", "0", "1", "char", "hex"];

/// The words of a line without a leading `no`.
fn positive(line: &str) -> Vec<&str> {
    let mut split = words(line);
    if split.len() > 1 && split.first() == Some(&"no") {
        split.remove(0);
    }
    split
}

/// Whether a line may hold a mark. Quickly excludes almost every line: looks for a bracket, or this many asterisks in a row.
pub fn may_be_masked(line: &str) -> bool {
    let bytes = line.as_bytes();
    let first = memchr3(b'<', b'[', b'*', bytes).and_then(|at| bytes.get(at..)).unwrap_or_default();
    let mut row = 0;
    first.iter().any(|byte| {
        row = if *byte == b'*' { row + 1 } else { 0 };
        row == STARS.len() || matches!(byte, b'<' | b'[')
    })
}

fn is_masked_word(word: &str) -> bool {
    bracketed(word, &['<', '[']).next().is_some() || is_stars(word)
}

/// A part of a line, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    start: usize,
    end: usize,
}

impl Mark {
    fn of(self, line: &str) -> Option<&str> {
        line.get(self.start..self.end)
    }
}

/// The words, or rows of words, from which something was removed.
fn marks(line: &str) -> Vec<Mark> {
    // In angle brackets it can hardly be anything else; asterisks and square brackets are also put around titles.
    let angled = |mark: &Mark| mark.of(line).is_some_and(|mark| mark.contains('<'));
    // A line with this many is no command any more, and whatever it is, it is not typed.
    let mut judged = 0;
    let mut hides = |mark| {
        judged += 1;
        judged > MOST_JUDGED || hides(line, mark)
    };
    let in_brackets = bracketed(line, &['<', '[']).map(|mark| whole_words(line, mark));
    let mut found: Vec<Mark> = in_brackets.filter(|mark| angled(mark) || hides(*mark)).collect();
    let is_new =
        |mark: &Mark, found: &[Mark]| !found.iter().any(|other| mark.start < other.end && other.start < mark.end);
    let of_brackets = found.len();
    for mark in stars(line) {
        let before = found.get(..of_brackets.min(MOST_JUDGED)).unwrap_or_default();
        if is_new(&mark, before) && hides(mark) {
            found.push(mark);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether this is the place of a secret: the masking hides a word there that says nothing by itself.
fn hides(line: &str, Mark { start, end }: Mark) -> bool {
    let (before, behind) = (line.get(..start).unwrap_or_default(), line.get(end..).unwrap_or_default());
    !mask_line(&format!("{before}{PROBE}{behind}")).contains(PROBE)
}

/// Words of asterisks, quoted or not, and words with such a part: `pass=***`, `pa****`. The display of a hash may end in `@`.
fn stars(line: &str) -> impl Iterator<Item = Mark> {
    words(line).into_iter().filter(|word| is_stars(word)).map(|word| {
        let start = (word.as_ptr() as usize).wrapping_sub(line.as_ptr() as usize);
        Mark { start, end: start + word.len() }
    })
}

fn is_stars(word: &str) -> bool {
    let bare = word.trim_matches('"').trim_end_matches('@');
    let run = |part: &str| part.ends_with(STARS);
    bare.split(['=', ':', '/', '@', '&', '?', '"']).any(run)
}

/// Marks in brackets that open so.
fn bracketed<'l>(line: &'l str, opening: &'l [char]) -> impl Iterator<Item = Mark> + 'l {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let open = from + line.get(from..)?.find(opening)?;
            from = open + 1;
            let close = match line.as_bytes().get(open)? {
                b'<' => b'>',
                b'[' => b']',
                _ => b')',
            };
            let rest = line.get(open + 1..)?;
            let Some(length) = rest.bytes().take(LONGEST).position(|byte| byte == close) else { continue };
            if rest.get(..length).is_some_and(says) {
                from = open + length + 2;
                return Some(Mark { start: open, end: from });
            }
        }
    })
}

fn says(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic() || b" -_".contains(&byte))
        && text.split([' ', '-', '_']).any(|word| SAYS.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// A mark with what is glued to it: of `http://user:<removed>@host/` nothing is left that could be compared.
fn whole_words(line: &str, Mark { start, end }: Mark) -> Mark {
    let blank = [' ', '\t'];
    Mark {
        start: line.get(..start).and_then(|before| before.rfind(blank)).map_or(0, |at| at + 1),
        end: line.get(end..).and_then(|behind| behind.find(blank)).map_or(line.len(), |at| end + at),
    }
}

#[cfg(test)]
mod tests {
    use super::{beginning, beginnings, commented_out, is_masked, normal};

    #[test]
    fn a_mask_is_recognised_only_in_the_place_of_a_secret() {
        for (line, expected) in [
            (
                "username admin password hash ******** administrator",
                "username admin password hash ******** administrator",
            ),
            ("username admin password hash ***@ administrator", "username admin password hash ******** administrator"),
            ("username admin password <removed>", "username admin password ********"),
            (
                "username admin password plain 1 <secret hidden> administrator",
                "username admin password plain 1 ******** administrator",
            ),
            ("snmp-agent ip community <configuration removed>", "snmp-agent ip community ********"),
            ("  authentication password me@isp <redacted>", "  authentication password me@isp ********"),
            ("ike policy p peer any key char [REDACTED] prop", "ike policy p peer any key char ******** prop"),
            ("ike policy p peer any key char \"***\" prop", "ike policy p peer any key char ******** prop"),
            ("url http://user:<removed>@ddns.example/", "url ********"),
            ("flux password ***", "flux password ********"),
            ("flux password pa****", "flux password ********"),
            ("query domain=a&pass=***&x=1", "query ********"),
            ("url http://user:***@ddns.example/", "url ********"),
        ] {
            assert_eq!(normal(line).as_deref(), Some(expected), "{line}");
        }
        for line in [
            "",
            "description *** uplink ***",
            "description WAN***",
            "username admin password plain 1 pa***ss administrator",
            "description [removed] old LAN",
            "proxy-dns interface GigaEthernet0.1 priority 200",
            "url-list x permit domain *.example",
            "username admin password plain 1 <secret:admin> administrator",
            "username admin password hash <HASH-30HEX>@ administrator",
            "hostname a",
            "ip address 192.0.2.1/24",
            "description <",
            "description <<<[[[",
        ] {
            assert!(!is_masked(line), "{line}");
        }
    }

    #[test]
    fn a_comment_counts_as_a_masked_line_only_if_it_is_a_command() {
        for (comment, expected) in [
            ("!username admin password <removed>", Some("username admin password ********")),
            (
                "! username admin password hash *** administrator",
                Some("username admin password hash ******** administrator"),
            ),
            ("!  authentication password me@isp <removed>", Some("authentication password me@isp ********")),
            ("!snmp-agent ip community <removed> ro", Some("snmp-agent ip community ******** ro")),
            ("! System uptime is  <removed>", None),
            ("! *** edited by the shop ***", None),
            ("!****************************", None),
            ("! <removed>", None),
            ("! a remark", None),
            ("!", None),
        ] {
            assert_eq!(commented_out(comment, "ppp-profile").as_deref(), expected, "{comment}");
        }
    }

    #[test]
    fn masked_lines_are_compared_by_their_beginning() {
        let begins = |masked: &str, line: &str| {
            let wanted = beginning(masked).join(" ");
            beginnings(line).any(|beginning| beginning == wanted)
        };
        for (masked, line) in [
            ("username admin password ********", "username admin password plain 1 <secret:a> administrator"),
            ("username admin password hash ******** administrator", "username admin password plain 1 x administrator"),
            ("username admin password hash ********", "no username admin password hash x"),
            ("ike policy p peer any key char ******** prop", "ike policy p peer any key x prop"),
        ] {
            assert!(begins(masked, line), "{masked} / {line}");
        }
        for (masked, line) in [
            ("username admin password ********", "username sato password plain 1 x administrator"),
            ("authentication password me@isp ********", "authentication accept chap"),
        ] {
            assert!(!begins(masked, line), "{masked} / {line}");
        }
    }

    #[test]
    fn a_line_of_marks_alone_is_masked_in_a_time_that_grows_with_its_length() {
        // A second of a processor as it is, and most of a minute if each mark were judged: other programs may take nine tenths of it.
        const LENGTH: usize = 15_000;
        for piece in ["<[*** ", "[removed] ", "*** ", "<removed> *** "] {
            let line = format!("flux {}", piece.repeat(LENGTH / piece.len()));
            let started = std::time::Instant::now();
            assert!(is_masked(&line), "{piece}");
            let _ = commented_out(&format!("! password {line}"), "");
            assert!(started.elapsed().as_secs() < 20, "{piece}: {:?}", started.elapsed());
        }
    }
}
