//! The words at the beginning of commands that hold a secret: a quick no for almost every line.

use std::sync::OnceLock;

use foldhash::HashMap;

use crate::dialect::Dialect;
use crate::dialect::grammar::Grammar;
use crate::dialect::grammar::operational::abbreviates;

/// Words at the beginning of a line that are looked at; what agrees so far is looked at whole.
const MOST_FIRST: usize = 4;

/// The fixed words at the beginning of one command.
type Head = Vec<String>;

/// All of them, by the first letters of the first two words.
struct Heads(HashMap<(u8, u8), Vec<Head>>);

impl Heads {
    fn of(grammar: &Grammar) -> Self {
        let rows = grammar.secrets().flat_map(|row| {
            let behind: Head = row.leading.split(' ').skip(1).map(str::to_owned).collect();
            row.pattern.first_words().iter().map(move |first| [std::slice::from_ref(first), &behind].concat())
        });
        let phrases = grammar.hidden().iter().map(|phrase| phrase.leading().map(str::to_owned).collect());
        let mut heads: HashMap<(u8, u8), Vec<Head>> = HashMap::default();
        for head in rows.chain(phrases) {
            let word = |index: usize| head.get(index).map(String::as_str).unwrap_or_default();
            let same = heads.entry((initial(word(0)), initial(word(1)))).or_default();
            if !same.contains(&head) {
                same.push(head);
            }
        }
        Self(heads)
    }

    fn begin(&self, typed: [&str; MOST_FIRST]) -> bool {
        let [first, second] = [typed[0], typed[1]].map(initial);
        let begins = |head: &Head| head.iter().zip(typed).all(|(word, typed)| abbreviates(typed, word));
        let begun = |second: u8| self.0.get(&(first, second)).is_some_and(|heads| heads.iter().any(begins));
        if second == 0 {
            // A line of one word may be the beginning of any command with that word.
            return self.0.iter().any(|((one, _), heads)| *one == first && heads.iter().any(begins));
        }
        begun(second) || begun(0)
    }
}

/// Whether a line begins like a command that holds a secret, in words that may be abbreviated.
pub(super) fn may_be_secret(line: &str) -> bool {
    static HEADS: OnceLock<Heads> = OnceLock::new();
    HEADS.get_or_init(|| Heads::of(Dialect::any().grammar())).begin(first_words(line))
}

fn initial(word: &str) -> u8 {
    word.bytes().next().unwrap_or_default().to_ascii_lowercase()
}

/// The words that a line begins with, without a leading `no`: as many as decide, and empty ones after the last.
fn first_words(line: &str) -> [&str; MOST_FIRST] {
    let mut found = [""; MOST_FIRST];
    let mut rest = line;
    for index in 0..=MOST_FIRST {
        rest = rest.trim_start_matches([' ', '\t']);
        let end = rest.bytes().position(|byte| byte == b' ' || byte == b'\t').unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = behind;
        let is_no = index == 0 && word.eq_ignore_ascii_case("no");
        let place = found.iter_mut().find(|place| place.is_empty());
        match place.filter(|_| !word.is_empty()) {
            Some(_) if is_no => {}
            Some(place) => *place = word,
            None => break,
        }
    }
    found
}
