//! What one line is: its command, its key, the objects it defines and needs, its place. Worked out once, when it is read.
//!
//! Never changes and is shared by every copy of its line; says nothing about the lines around it.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use foldhash::quality::RandomState;

use super::place::Place;
use super::spelling;
use crate::dialect::grammar::{Captures, CommandKind, Known, Object, Relation, Row, words};
use crate::dialect::model::looks_like_interface;

/// A line and what the grammar says about it.
#[derive(Debug)]
pub struct Statement {
    /// The line, without indentation, in the spelling that the router shows.
    pub text: Arc<str>,
    /// How it was spelled, where the router shows it otherwise.
    written: Option<Box<str>>,
    /// Its command; none if the grammar does not know it.
    pub row: Option<Arc<Row>>,
    /// Whether it says `no`.
    pub off: bool,
    /// What identifies it inside its block.
    pub key: Arc<str>,
    key_hash: u64,
    /// How it is shown, once that was asked for: nothing where it hides nothing.
    pub(super) masked: OnceLock<Option<Box<str>>>,
    place: Option<Place>,
    /// What it defines, then what it refers to.
    objects: Box<[Object]>,
    defined: usize,
    /// The places of the arguments in the text, in bytes. A command has few words; only blanks in free text can make it longer
    /// than these numbers say, and there nothing is found.
    spans: [(u16, u16); Captures::MOST],
}

impl Statement {
    /// A line that was looked up; `split` holds its words.
    pub(super) fn looked_up(known: Option<Known<'_>>, split: &[&str], text: &str) -> Self {
        let Some(known) = known else { return Self::unknown(text) };
        let positive = if known.off { split.get(1..).unwrap_or_default() } else { split };
        match spelling::as_shown(known.row, positive, &known.captures) {
            None => Self::known(known, split, text),
            Some(shown) => {
                let no = if known.off { "no " } else { "" };
                let shown = format!("{no}{}", shown.join(" "));
                Self { written: Some(text.into()), ..Self::known(known, &words(&shown), &shown) }
            }
        }
    }

    fn known(Known { row, off, captures }: Known<'_>, split: &[&str], text: &str) -> Self {
        let positive = if off { split.get(1..).unwrap_or_default() } else { split };
        // Only a command of words alone is brought into one form; blanks inside free text may carry meaning.
        let as_typed = !(text.contains("  ") || text.contains('\t')) || row.has_free_text();
        let written: Arc<str> =
            if as_typed { text.trim_end_matches([' ', '\t', '\r']).into() } else { split.join(" ").into() };
        let start = |index: usize| match split.get(index) {
            Some(word) if as_typed => (word.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize),
            _ => split.iter().take(index).map(|word| word.len() + 1).sum(),
        };
        let mut spans = [(0, 0); Captures::MOST];
        for (index, span) in spans.iter_mut().enumerate().take(row.args.len()) {
            if let Some(range) = captures.range(index) {
                let (first, last) = (range.start + usize::from(off), range.end - 1 + usize::from(off));
                let end = start(last) + split.get(last).map_or(0, |word| word.len());
                *span = match (u16::try_from(start(first)), u16::try_from(end)) {
                    (Ok(start), Ok(end)) => (start, end),
                    _ => (0, 0),
                };
            }
        }
        // Most relations name one object: room is made for these and no more.
        let mut objects = Vec::with_capacity(if off { 0 } else { row.defines.len() + row.refers.len() });
        for relation in row.defines.iter().filter(|_| !off) {
            objects.extend(row.objects(relation, positive, &captures));
        }
        let defined = objects.len();
        // A next hop is an interface only where it looks like one.
        let is_one = |object: &Object| object.kind() != "interface" || looks_like_interface(object.name());
        for relation in row.refers.iter().filter(|_| !off) {
            objects.extend(row.objects(relation, positive, &captures).filter(is_one));
        }
        let list = match row.kind {
            CommandKind::List | CommandKind::Follow | CommandKind::Head => {
                objects.first().filter(|_| defined > 0).map(Object::shared)
            }
            _ => None,
        };
        let key = match row.kind {
            // A removal typed with other words than the command's: it means the whole slot.
            _ if off && row.pattern.matches(&row.args, positive).is_none() => row.slot.clone(),
            CommandKind::Single | CommandKind::Flag => row.slot.clone(),
            CommandKind::Set | CommandKind::List | CommandKind::Follow | CommandKind::Head => {
                if off || row.has_free_text() { positive.join(" ").into() } else { written.clone() }
            }
            CommandKind::Keyed | CommandKind::Chain | CommandKind::Block => row.key(positive, &captures).into(),
        };
        let key_hash = hash(&key);
        let mut statement = Self {
            text: written,
            written: None,
            row: Some(Arc::clone(row)),
            off,
            key,
            key_hash,
            masked: OnceLock::new(),
            place: None,
            objects: objects.into(),
            defined,
            spans,
        };
        statement.place = Some(Place::of(row, list, |name| statement.arg(name)));
        statement
    }

    /// A line the grammar does not know: it is its own key.
    pub(super) fn unknown(text: &str) -> Self {
        let text: Arc<str> = text.trim_end_matches([' ', '\t', '\r']).into();
        Self {
            key: text.clone(),
            key_hash: hash(&text),
            text,
            written: None,
            row: None,
            off: false,
            masked: OnceLock::new(),
            place: None,
            objects: Box::default(),
            defined: 0,
            spans: [(0, 0); Captures::MOST],
        }
    }

    /// How the line was spelled, where that is not how the router shows it.
    pub fn as_written(&self) -> Option<&str> {
        self.written.as_deref()
    }

    /// A hash of the key, the same for as long as the program runs.
    pub(super) fn key_hash(&self) -> u64 {
        self.key_hash
    }

    /// Whether both lines have the same key; different ones are distinguished without reading them.
    pub fn same_key(&self, other: &Self) -> bool {
        self.key_hash == other.key_hash && (std::ptr::eq(self, other) || self.key == other.key)
    }

    /// Whether both lines say the same; a line that both sides share is not read.
    pub fn same_text(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || self.text == other.text
    }

    /// The kind of its command.
    pub fn kind(&self) -> Option<CommandKind> {
        self.row.as_ref().map(|row| row.kind)
    }

    /// The mode it opens; the empty name where the grammar does not know one.
    pub fn context(&self) -> &str {
        self.row.as_ref().and_then(|row| row.opens.as_deref()).unwrap_or_default()
    }

    /// Its words, a leading `no` left out if the line is a negation, with the place of the arguments.
    pub fn read(&self) -> (Vec<&str>, Captures) {
        let mut split = words(&self.text);
        if self.off {
            split.remove(0);
        }
        let captures = self.row.as_ref().and_then(|row| row.pattern.matches(&row.args, &split)).unwrap_or_default();
        (split, captures)
    }

    /// The place of an argument in the text, in bytes, if the line has it.
    fn span(&self, index: usize) -> Option<Range<usize>> {
        let (from, to) = self.spans.get(index).copied()?;
        (to > from).then(|| usize::from(from)..usize::from(to))
    }

    /// The words of a named argument.
    pub fn arg(&self, name: &str) -> Option<&str> {
        let index = self.row.as_ref()?.args.iter().position(|arg| arg.name == name)?;
        self.text.get(self.span(index)?)
    }

    /// The line with other words for a named argument.
    pub fn with_arg(&self, name: &str, words: &str) -> Option<String> {
        let index = self.row.as_ref()?.args.iter().position(|arg| arg.name == name)?;
        let mut text = self.text.to_string();
        text.replace_range(self.span(index)?, words);
        Some(text)
    }

    /// A text of its command's row with each `{ARG}` replaced by what the line says.
    pub fn fill(&self, template: &str) -> String {
        self.row.as_ref().map(|row| row.fill(template, |name| self.arg(name))).unwrap_or_default()
    }

    /// The words up to the end of the last argument that names the line: all of them where none does.
    pub fn named(&self) -> &str {
        let args = self.row.iter().flat_map(|row| &row.args).enumerate().filter(|(_, arg)| arg.key);
        let end = args.filter_map(|(index, _)| self.span(index)).map(|span| span.end).max();
        end.and_then(|end| self.text.get(..end)).unwrap_or(&self.text)
    }

    /// Whether it is an entry that permits: the word after the last one that names it.
    pub fn permits(&self) -> bool {
        let behind = self.text.get(self.named().len()..).unwrap_or_default();
        behind.trim_start_matches([' ', '\t']).split([' ', '\t']).next() == Some("permit")
    }

    /// The words that it may share with others of its command that are one line to the router, if that is not known.
    pub fn stem(&self) -> Option<&str> {
        self.row.as_ref().filter(|row| row.loosely_named)?;
        self.surely_named()
    }

    /// The words up to the end of the last argument that surely names the line, if one does.
    pub fn surely_named(&self) -> Option<&str> {
        let row = self.row.as_ref()?;
        let end = row.always_named().filter_map(|arg| self.span(arg)).map(|span| span.end).max()?;
        self.text.get(..end)
    }

    /// The objects this line alone brings into being (its block's lines not counted).
    pub fn defines(&self) -> &[Object] {
        self.objects.get(..self.defined).unwrap_or_default()
    }

    /// The objects this line alone needs.
    pub fn refers(&self) -> &[Object] {
        self.objects.get(self.defined..).unwrap_or_default()
    }

    /// The line with other names for what it defines, where `rename` gives one.
    pub fn with_defined<'n>(&self, rename: impl Fn(&Object) -> Option<&'n str>) -> String {
        self.with_names(|row| &row.defines, self.defines(), rename)
    }

    /// The line with other names for what it needs, where `rename` gives one.
    pub fn with_referred<'n>(&self, rename: impl Fn(&Object) -> Option<&'n str>) -> String {
        self.with_names(|row| &row.refers, self.refers(), rename)
    }

    /// Only the arguments that name objects are looked at: a list may be called like a word of the command.
    fn with_names<'n>(
        &self,
        relations: impl Fn(&Row) -> &Vec<Relation>,
        objects: &[Object],
        rename: impl Fn(&Object) -> Option<&'n str>,
    ) -> String {
        let mut edits: Vec<(usize, usize, &'n str)> = Vec::new();
        for relation in self.row.iter().flat_map(|row| relations(row)) {
            let Some(span) = relation.arg.and_then(|arg| self.span(arg)) else { continue };
            for name in self.text.get(span).unwrap_or_default().split([' ', '\t', ',']) {
                let start = (name.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
                let named = |object: &&Object| object.kind() == relation.kind && object.name() == name;
                if let Some(other) = objects.iter().find(named).and_then(&rename) {
                    edits.push((start, start + name.len(), other));
                }
            }
        }
        edits.sort_unstable();
        edits.dedup_by_key(|(start, ..)| *start);
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for (start, end, other) in edits {
            text.push_str(self.text.get(done..start).unwrap_or_default());
            text.push_str(other);
            done = end;
        }
        text.push_str(self.text.get(done..).unwrap_or_default());
        text
    }

    /// Its place among the lines of its block; none for a line the grammar does not know.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The list it is an entry or the head of, as an object: `ip-acl:v4-deny-list`.
    pub fn list(&self) -> Option<&Arc<str>> {
        self.place.as_ref()?.list()
    }

    /// The name of its list.
    pub fn list_name(&self) -> Option<&str> {
        self.list()?.split_once(':').map(|(_, name)| name)
    }
}

/// Hashed once, with keys that no one can foresee: a text cannot be made to fill one slot.
fn hash(key: &str) -> u64 {
    static KEYS: OnceLock<RandomState> = OnceLock::new();
    KEYS.get_or_init(RandomState::default).hash_one(key)
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;

    #[test]
    fn arguments_are_found_to_the_end_of_a_long_line() {
        for length in [1, 15_000] {
            let tail = "x".repeat(length);
            let config = Config::parse(Dialect::ix(), format!("ip route 10.0.0.0/8 192.0.2.1 {tail}\n"));
            let line = config.nodes.first();
            let arg = |name| line.and_then(|line| line.arg(name));
            assert_eq!((arg("PREFIX"), arg("NEXTHOP")), (Some("10.0.0.0/8"), Some("192.0.2.1")), "{length}");
            assert_eq!(arg("OPTIONS"), Some(&*tail), "{length}");
            assert_eq!(line.map(|line| line.named().len()), Some(29), "{length}");
        }
    }
}
