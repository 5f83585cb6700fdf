//! How much of configurations the table knows: by a whole command with a source, by the first words only, or not at all; and which
//! families are missing, so that the next one to add is a matter of looking.
//!
//! A figure and no judgement: what it counts as unknown is kept and typed all the same. Nothing here shows a secret.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use serde::{Serialize, Serializer};

use super::line;
use super::mask::{MASK, mask_line};
use super::{Config, Node};
use crate::dialect::Dialect;
use crate::dialect::grammar::{Confidence, GLOBAL, Grammar, Row, words};

/// How the table knows a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// By a whole command, this sure.
    Row(Confidence),
    /// By its first words only.
    Family,
    /// Not at all.
    Unknown,
}

/// What a line is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// By a whole command that was seen on a device, is sent by a driver, or is in a manual.
    FullRow,
    /// By its first words only, or by a whole command without a source.
    Family,
    /// Not at all.
    Unknown,
}

impl Known {
    /// Every value, from the surest.
    pub const ALL: [Self; 7] = [
        Self::Row(Confidence::T),
        Self::Row(Confidence::C),
        Self::Row(Confidence::M),
        Self::Row(Confidence::I),
        Self::Row(Confidence::G),
        Self::Family,
        Self::Unknown,
    ];

    /// What it is counted as: what was only inferred or guessed has no source, however much of it is written out.
    pub fn class(self) -> Class {
        match self {
            Self::Row(Confidence::T | Confidence::C | Confidence::M) => Class::FullRow,
            Self::Row(Confidence::I | Confidence::G) | Self::Family => Class::Family,
            Self::Unknown => Class::Unknown,
        }
    }

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Row(Confidence::T) => "T",
            Self::Row(Confidence::C) => "C",
            Self::Row(Confidence::M) => "M",
            Self::Row(Confidence::I) => "I",
            Self::Row(Confidence::G) => "G",
            Self::Family => "family",
            Self::Unknown => "unknown",
        }
    }

    fn of(row: &Row) -> Self {
        if row.family { Self::Family } else { Self::Row(row.sure) }
    }
}

impl Serialize for Known {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// How many lines, and of how many families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// Different lines: the same words in the same mode of several blocks or files count once.
    pub distinct: usize,
    /// All lines; a line that a block gives twice is one.
    pub lines: usize,
    /// Different commands.
    pub families: usize,
}

/// The lines that are known in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How they are known.
    pub known: Known,
    /// What they are counted as.
    pub class: Class,
    /// How many.
    #[serde(flatten)]
    pub count: Count,
}

/// A line and its place; masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What it says.
    pub text: String,
}

/// A family that no full row covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// How it is known.
    pub known: Known,
    /// Its mode; below a line that the table does not know, that line's family.
    pub mode: String,
    /// Its words, `*` for what looks like a value.
    pub family: String,
    /// Different lines.
    pub distinct: usize,
    /// All lines.
    pub lines: usize,
    /// In how many of the files.
    pub files: usize,
    /// The first one.
    pub example: Place,
}

/// How much of some configurations the table knows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// How many configurations.
    pub files: usize,
    /// Of all of them.
    #[serde(flatten)]
    pub count: Count,
    /// Different lines by full row, in per cent, rounded down to a tenth; 100 where there is no line.
    pub percent: f64,
    /// The same by how they are known, from the surest; ways that no line is known in are there, with 0.
    pub shares: Vec<Share>,
    /// The families that no full row covers, the most frequent first.
    pub missing: Vec<Missing>,
    /// Lines that are no configuration (`write memory`, `show ...`): rightly refused, and counted nowhere else.
    pub refused: Vec<Place>,
}

impl Coverage {
    /// Different lines that are counted as one class.
    pub fn distinct(&self, class: Class) -> usize {
        self.shares.iter().filter(|share| share.class == class).map(|share| share.count.distinct).sum()
    }
}

/// A part of all different lines in tenths of a per cent, rounded down: 100 % means all.
pub fn permille(part: usize, all: usize) -> usize {
    (part.saturating_mul(1000)).checked_div(all).unwrap_or(1000)
}

/// Counts configurations one after the other.
#[derive(Debug, Default)]
pub struct Counter {
    grammars: Vec<&'static Grammar>,
    files: usize,
    /// How each line of a mode was found to be known, and its family.
    seen: HashMap<(String, String), (Known, String)>,
    families: BTreeMap<(Known, String, String), Family>,
    refused: Vec<Place>,
}

#[derive(Debug)]
struct Family {
    distinct: usize,
    lines: usize,
    files: usize,
    /// The last file it was in, from 1.
    last: usize,
    example: Place,
}

impl Counter {
    /// For routers of one dialect; without one a line counts that any of them has.
    pub fn new(dialect: Option<&Dialect>) -> Self {
        let all = Dialect::all().into_iter().filter(|known| dialect.is_none_or(|dialect| ***known == *dialect));
        Self { grammars: all.map(|dialect| dialect.grammar()).collect(), ..Self::default() }
    }

    /// Counts one configuration.
    pub fn add(&mut self, file: &str, config: &Config) {
        self.files += 1;
        let mut modes: HashMap<*const Node, String> = HashMap::new();
        config.walk(&mut |path, node| {
            let context = path.last().map_or(GLOBAL, |header| header.context());
            let place = || Place { file: file.to_owned(), line: node.line, text: mask_line(&node.text) };
            if line::check_command(config.grammar(), Some(context), &node.text).is_err() {
                self.refused.push(place());
                return;
            }
            let mode = match path.last() {
                Some(header) if context.is_empty() => {
                    let header: *const Node = *header;
                    modes.get(&header).cloned().unwrap_or_default()
                }
                _ => context.to_owned(),
            };
            let key = (mode.clone(), node.text.to_string());
            let (new, (known, family)) = match self.seen.entry(key) {
                Entry::Occupied(seen) => (false, seen.get().clone()),
                Entry::Vacant(place) => (true, place.insert(known(&self.grammars, path, context, node)).clone()),
            };
            if node.is_block() && node.context().is_empty() {
                modes.insert(node, family.clone());
            }
            let begun = || Family { distinct: 0, lines: 0, files: 0, last: 0, example: place() };
            let family = self.families.entry((known, mode, family)).or_insert_with(begun);
            family.distinct += usize::from(new);
            family.lines += 1;
            family.files += usize::from(family.last != self.files);
            family.last = self.files;
        });
    }

    /// What was counted.
    pub fn finish(self) -> Coverage {
        let share = |known: Known| {
            let mut count = Count::default();
            for (_, family) in self.families.iter().filter(|((found, ..), _)| *found == known) {
                count.distinct += family.distinct;
                count.lines += family.lines;
                count.families += 1;
            }
            Share { known, class: known.class(), count }
        };
        let shares: Vec<Share> = Known::ALL.into_iter().map(share).collect();
        let sum = |part: fn(&Count) -> usize| shares.iter().map(|share| part(&share.count)).sum();
        let count = Count {
            distinct: sum(|count| count.distinct),
            lines: sum(|count| count.lines),
            families: sum(|count| count.families),
        };
        let full = shares.iter().filter(|share| share.class == Class::FullRow).map(|share| share.count.distinct).sum();
        let families = self.families.into_iter().filter(|((known, ..), _)| known.class() != Class::FullRow);
        let mut missing: Vec<Missing> = families
            .map(|((known, mode, family), found)| Missing {
                known,
                mode,
                family,
                distinct: found.distinct,
                lines: found.lines,
                files: found.files,
                example: found.example,
            })
            .collect();
        // Among equals the least known comes first.
        missing.sort_by(|one, other| {
            let order = |missing: &Missing| (missing.lines, missing.files, missing.known);
            order(other).cmp(&order(one)).then_with(|| (&one.mode, &one.family).cmp(&(&other.mode, &other.family)))
        });
        #[allow(clippy::cast_precision_loss, reason = "at most 1000")]
        let percent = permille(full, count.distinct) as f64 / 10.0;
        Coverage { files: self.files, count, percent, shares, missing, refused: self.refused }
    }
}

/// How a line is known, and the name of its family.
fn known(grammars: &[&Grammar], path: &[&Node], context: &str, node: &Node) -> (Known, String) {
    let of = |row: &Row| (Known::of(row), row.pattern.fixed_words().join(" "));
    let own = node.row.as_deref();
    let mut best = own.map(of);
    if own.is_none_or(|row| row.family) {
        let mut modes: Vec<&str> = path.iter().rev().map(|header| header.context()).collect();
        modes.push(GLOBAL);
        for grammar in grammars {
            // The router completes what is abbreviated: such a line is the command that it becomes.
            let long = node.written_out(path, grammar, grammar);
            let written = long.as_deref().into_iter().flat_map(|long| modes.iter().map(move |mode| (*mode, long)));
            for (mode, text) in std::iter::once((context, &*node.text)).chain(written) {
                let found = grammar.look_up(mode, &words(text)).map(|found| of(found.row));
                best = best.into_iter().chain(found).min_by_key(|(known, _)| *known);
            }
        }
    }
    match best {
        Some((known @ Known::Row(_), family)) => (known, family),
        Some((known, _)) => (known, shape(&mask_line(&node.text))),
        None => (Known::Unknown, shape(&mask_line(&node.text))),
    }
}

/// The most words of a family that is named by its lines, and how many of them are words of the language.
const MOST_WORDS: usize = 5;
const MOST_KEYWORDS: usize = 3;
/// The longest word that is taken for one of the language.
const LONGEST_KEYWORD: usize = 24;

/// The words of a masked line that look like the language's own, `*` for each that looks like a value.
pub(super) fn shape(masked: &str) -> String {
    let mut shape: Vec<&str> = Vec::with_capacity(MOST_WORDS);
    let mut keywords = 0;
    for word in words(masked).into_iter().skip_while(|word| *word == "no") {
        let keyword = is_keyword(word);
        keywords += usize::from(keyword);
        shape.push(if keyword { word } else { "*" });
        if keywords == MOST_KEYWORDS || shape.len() == MOST_WORDS {
            break;
        }
    }
    while shape.len() > 1 && shape.last() == Some(&"*") {
        shape.pop();
    }
    shape.join(" ")
}

/// Small letters and hyphens, with one digit at most, at its end: `ipv6`, `route-map`, and no name, number or address.
fn is_keyword(word: &str) -> bool {
    let letters = word.strip_suffix(|last: char| last.is_ascii_digit()).unwrap_or(word);
    word != MASK
        && word.len() <= LONGEST_KEYWORD
        && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && letters.starts_with(|first: char| first.is_ascii_lowercase())
}
