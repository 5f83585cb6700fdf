//! The grammar of the IX command language: one table as data, and how a line is looked up in it.
//!
//! Everything else about the language (parse, print, compare, mask, lint, order) asks here. No line is ever refused: a line the
//! table does not know is simply not found, and its handling is the caller's.

mod abbreviation;
mod columns;
mod forms;
mod object;
pub mod operational;
pub mod pattern;
mod phrases;
mod purpose;
pub mod row;

use std::sync::Arc;

pub use object::{Object, Relation};
pub use operational::{Effect, Operational};
pub use pattern::{Arg, Captures, Type};
pub use phrases::Phrase;
pub use row::{ComesBack, CommandKind, Confidence, Remove, Row};

/// The keys are the table's own words, which no one can choose so that they meet: no slow hash is needed.
type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::FixedState>;
type HashSet<K> = std::collections::HashSet<K, foldhash::fast::FixedState>;

/// The mode a configuration starts in.
pub const GLOBAL: &str = "global";

/// Lines longer than this are kept but not looked up: no command is that long, and hostile input must stay cheap.
const LONGEST_KNOWN: usize = 16 * 1024;

/// A line that the grammar knows.
#[derive(Debug, Clone)]
pub struct Known<'g> {
    /// Its command.
    pub row: &'g Arc<Row>,
    /// Whether the line says `no`.
    pub off: bool,
    /// The places of its arguments among its words, a leading `no` not counted.
    pub captures: Captures,
}

impl Known<'_> {
    /// A text of the row with each `{ARG}` replaced by what these words say.
    pub fn fill(&self, template: &str, words: &[&str]) -> String {
        let said = |name: &str| {
            let index = self.row.args.iter().position(|arg| arg.name == name)?;
            Some(self.captures.words(index, words).join(" "))
        };
        self.row.fill(template, said)
    }
}

/// The commands that begin with one word, in the order in which they are tried.
#[derive(Debug, Default)]
struct Candidates {
    by_second_word: HashMap<String, Vec<usize>>,
    /// Those whose second word may be any.
    others: Vec<usize>,
}

/// The table, read once.
#[derive(Debug, Default)]
pub struct Grammar {
    rows: Vec<Arc<Row>>,
    modes: HashMap<String, HashMap<String, Candidates>>,
    negatives: HashMap<String, HashMap<String, usize>>,
    fresh: Vec<(String, Vec<String>)>,
    without: Vec<Difference>,
    operational: Vec<Operational>,
    /// The modes that have commands, in the table's order.
    contexts: Vec<String>,
    /// The words after which a line holds a secret.
    hidden: Vec<Phrase>,
    /// The words that only look as if they announced one.
    shown: Vec<Phrase>,
    /// The commands that change the host name in the prompt.
    naming: Vec<usize>,
    /// The commands that hold a secret.
    secret: Vec<usize>,
    /// The commands that may be removed in more than one form.
    with_forms: Vec<usize>,
    /// The first words of the servers' commands: those that a list may say about who may use them.
    servers: HashSet<String>,
    problems: Vec<String>,
}

/// A command of the table that a dialect does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    context: String,
    words: Vec<String>,
    /// What is shown there instead; empty if nothing is known.
    pub instead: String,
}

impl Difference {
    /// Reads `MODE: WORDS ; INSTEAD`.
    fn parse(line: &str) -> Option<Self> {
        let (context, rest) = line.split_once(':')?;
        let (beginning, instead) = rest.split_once(';').unwrap_or((rest, ""));
        let words: Vec<String> = words(beginning).into_iter().map(str::to_owned).collect();
        (!words.is_empty()).then(|| Self {
            context: context.trim().to_owned(),
            words,
            instead: instead.trim().to_owned(),
        })
    }

    fn fits(&self, context: &str, line: &[&str]) -> bool {
        self.context == context
            && line.len() >= self.words.len()
            && self.words.iter().zip(line).all(|(wanted, word)| wanted == "*" || wanted == word)
    }
}

impl Candidates {
    /// Adds a command whose second word is one of these, or any word at all.
    fn add(&mut self, index: usize, second: Option<Vec<&str>>) {
        let Some(second) = second else {
            self.by_second_word.values_mut().for_each(|rows| rows.push(index));
            self.others.push(index);
            return;
        };
        for word in second {
            self.by_second_word.entry(word.to_owned()).or_insert_with(|| self.others.clone()).push(index);
        }
    }
}

impl Grammar {
    /// Reads tables; what a later one says goes before what an earlier one says.
    pub(super) fn read(tables: &[&str]) -> Self {
        let mut grammar = Self::default();
        for table in tables {
            let mut context = String::from(GLOBAL);
            for (number, line) in table.lines().enumerate() {
                let line = line.trim();
                if line.is_empty() || line.starts_with('#') {
                    continue;
                }
                if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                    name.clone_into(&mut context);
                } else if context == "fresh" {
                    match line.split_once(" : ") {
                        Some((header, lines)) => grammar.fresh.push((
                            header.trim().to_owned(),
                            lines.split(" ; ").map(|line| line.trim().to_owned()).collect(),
                        )),
                        None => grammar.problems.push(format!("line {}: no ` : `", number + 1)),
                    }
                } else if context == "without" {
                    match Difference::parse(line) {
                        Some(difference) => grammar.without.push(difference),
                        None => grammar.problems.push(format!("line {}: not `MODE: WORDS ; INSTEAD`", number + 1)),
                    }
                } else if context == "not-configuration" {
                    match Operational::parse(line) {
                        Some(command) => grammar.operational.push(command),
                        None => grammar.problems.push(format!("line {}: not `WORDS | EFFECT | SURE`", number + 1)),
                    }
                } else if let "hidden" | "shown" = context.as_str() {
                    let list = if context == "hidden" { &mut grammar.hidden } else { &mut grammar.shown };
                    match Phrase::parse(line) {
                        Some(phrase) => list.push(phrase),
                        None => grammar.problems.push(format!("line {}: not `WORDS | SURE`", number + 1)),
                    }
                } else {
                    match Row::parse(&context, grammar.rows.len(), line) {
                        Ok(row) => grammar.rows.push(Arc::new(row)),
                        Err(error) => grammar.problems.push(format!("line {}: {error}", number + 1)),
                    }
                }
            }
        }
        grammar.index();
        grammar
    }

    /// The same with every command that some table says is missing: what any of the dialects has.
    pub(super) fn without_differences(self) -> Self {
        Self { without: Vec::new(), ..self }
    }

    fn index(&mut self) {
        for row in &self.rows {
            if !self.contexts.contains(&row.context) {
                self.contexts.push(row.context.clone());
            }
        }
        for family in [false, true] {
            for (index, row) in self.rows.iter().enumerate().filter(|(_, row)| row.family == family) {
                if row.secret.is_some() {
                    self.secret.push(index);
                }
                if !row.other_removals.is_empty() {
                    self.with_forms.push(index);
                }
                if row.prompt_host {
                    self.naming.push(index);
                }
                if row.refers.iter().chain(&row.defines).any(|relation| relation.kind.starts_with("guard-")) {
                    self.servers.extend(row.pattern.first_words().iter().cloned());
                }
                for word in row.pattern.first_words() {
                    let words = self.modes.entry(row.context.clone()).or_default();
                    words.entry(word.clone()).or_default().add(index, row.pattern.second_words());
                }
                let removal = match &row.remove {
                    Remove::Words(words) => Some(words),
                    _ => None,
                };
                for negative in
                    row.off.iter().chain(removal).chain(&row.other_removals).filter(|text| !text.contains('{'))
                {
                    let context = self.negatives.entry(row.context.clone()).or_default();
                    context.entry(negative.clone()).or_insert(index);
                }
            }
        }
        let mut sections: HashMap<String, usize> = HashMap::default();
        for row in &mut self.rows {
            let Some(relation) = row.defines.first() else { continue };
            let first = *sections.entry(format!("{} {}", row.context, relation.kind)).or_insert(row.rank);
            if matches!(row.kind, CommandKind::List | CommandKind::Follow | CommandKind::Head) {
                Arc::make_mut(row).section = first;
            }
        }
    }

    /// Every command, in the router's order.
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    /// What is wrong with the table; empty for the built-in one (a test sees to it).
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// The command of a line in one mode.
    pub fn look_up(&self, context: &str, words: &[&str]) -> Option<Known<'_>> {
        let first = words.first()?;
        if words.iter().map(|word| word.len() + 1).sum::<usize>() > LONGEST_KNOWN {
            return None;
        }
        if *first != "no" {
            return self.positive(context, words);
        }
        let rest = words.get(1..)?;
        let negatives = self.negatives.get(context).filter(|_| self.difference(context, words).is_none());
        if let Some(index) = negatives.and_then(|texts| texts.get(&words.join(" "))) {
            let row = self.rows.get(*index)?;
            return Some(Known { row, off: true, captures: Captures::default() });
        }
        self.positive(context, rest).map(|known| Known { off: true, ..known })
    }

    /// How this dialect differs about a line, a leading `no` not counted: nothing where it has the command.
    pub fn difference(&self, context: &str, words: &[&str]) -> Option<&Difference> {
        let positive = if words.first() == Some(&"no") { words.get(1..).unwrap_or_default() } else { words };
        self.without.iter().find(|difference| difference.fits(context, positive))
    }

    /// The commands that hold a secret.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Row> {
        self.secret.iter().filter_map(|index| self.rows.get(*index)).map(|row| &**row)
    }

    /// The host name that a line gives the router, also in abbreviated words.
    pub fn host_name<'l>(&self, line: &'l str) -> Option<&'l str> {
        let first = line.split([' ', '\t']).find(|word| !word.is_empty())?;
        let begins =
            |row: &&Arc<Row>| row.pattern.first_words().iter().any(|word| operational::abbreviates(first, word));
        self.naming.iter().filter_map(|index| self.rows.get(*index)).filter(begins).find_map(|row| {
            let split = words(line);
            let captures = row.pattern.matches(&row.args, &split).or_else(|| {
                let long = self.written_out(&[GLOBAL], &split.join(" "))?;
                row.pattern.matches(&row.args, &words(&long))
            })?;
            split.get(captures.range(0)?.start).copied()
        })
    }

    /// Whether a command is one of a server that lets people reach the router itself.
    pub fn is_server(&self, row: &Row) -> bool {
        row.mgmt && row.pattern.first_words().iter().any(|word| self.servers.contains(word))
    }

    /// Whether a line of a mode may open another: a quick no for most.
    pub fn may_open(&self, context: &str, line: &str) -> bool {
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
        let Some(first) = words.next() else { return false };
        self.candidates(context, first, words.next()).any(|row| row.opens.is_some())
    }

    fn positive(&self, context: &str, words: &[&str]) -> Option<Known<'_>> {
        if self.difference(context, words).is_some() {
            return None;
        }
        self.candidates(context, words.first()?, words.get(1).copied()).find_map(|row| {
            let captures = row.pattern.matches(&row.args, words)?;
            Some(Known { row, off: false, captures })
        })
    }

    /// The commands of a mode that a line with these first two words can be, in the order in which they are tried.
    fn candidates(&self, context: &str, first: &str, second: Option<&str>) -> impl Iterator<Item = &Arc<Row>> {
        let candidates = self.modes.get(context).and_then(|words| words.get(first));
        let fitting = candidates.map(|candidates| {
            second.and_then(|second| candidates.by_second_word.get(second)).unwrap_or(&candidates.others)
        });
        fitting.into_iter().flatten().filter_map(|index| self.rows.get(*index))
    }

    /// What any fresh block that opens a mode shows.
    pub fn all_fresh<'g>(&'g self, mode: &'g str) -> impl Iterator<Item = &'g str> {
        let begins = move |header: &str| header.strip_prefix(mode).is_some_and(|rest| rest.starts_with(' '));
        self.fresh.iter().filter(move |(header, _)| begins(header)).flat_map(|(_, lines)| lines).map(String::as_str)
    }

    /// The lines a block shows when it has just come into being.
    pub fn fresh(&self, header: &str) -> &[String] {
        self.fresh
            .iter()
            .find(|(glob, _)| match glob.strip_suffix('*') {
                Some(start) => header.starts_with(start),
                None => header == glob,
            })
            .map(|(_, lines)| lines.as_slice())
            .unwrap_or_default()
    }
}

/// The words of a line: separated by blanks and TABs, never by other white space (a Japanese blank belongs to its word).
pub fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(16);
    let mut from = 0;
    // A blank or TAB is one byte, and never part of another character.
    for (at, byte) in line.bytes().enumerate() {
        if matches!(byte, b' ' | b'\t') {
            words.extend(line.get(from..at).filter(|word| !word.is_empty()));
            from = at + 1;
        }
    }
    words.extend(line.get(from..).filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::{GLOBAL, Grammar, words};
    use crate::dialect::Dialect;

    #[test]
    fn the_table_is_sound() {
        let grammar = Dialect::ix().grammar();
        assert_eq!(grammar.problems(), &[] as &[String]);
        let mut ids: Vec<&str> = grammar.rows().iter().map(|row| row.id.as_str()).collect();
        ids.sort_unstable();
        let mut unique = ids.clone();
        unique.dedup();
        assert_eq!(ids, unique, "row names are unique");
        for row in grammar.rows() {
            if let Some(context) = &row.opens {
                assert!(grammar.rows().iter().any(|inner| inner.context == *context), "{} opens an empty mode", row.id);
            }
            for relation in row.refers.iter().filter(|relation| !relation.soft) {
                assert!(
                    grammar.rows().iter().flat_map(|row| &row.defines).any(|defined| defined.kind == relation.kind),
                    "{} refers to a {} that nothing defines",
                    row.id,
                    relation.kind
                );
            }
        }
    }

    #[test]
    fn lines_find_their_command() {
        for (context, line, id, off) in [
            (GLOBAL, "ip access-list dynamic d access l", "global:ip-access-list-dynamic-access", false),
            (GLOBAL, "ip access-list dynamic timer udp 30", "global:ip-access-list-dynamic-timer", false),
            (GLOBAL, "ip access-list a option optimize", "global:ip-access-list-option", false),
            (GLOBAL, "no bridge 1 bridge ip", "global:bridge-bridge", true),
            (GLOBAL, "username admin password plain 1 x administrator", "global:username-password", false),
            (GLOBAL, "terminal nonsense here", "global:terminal", false),
            ("interface", "no ip address", "interface:ip-address", true),
            ("interface", "no shutdown", "interface:shutdown", true),
            ("interface", "ip unnumbered GigaEthernet0.0", "interface:ip-unnumbered", false),
            ("device", "vlan-group 1 port 1 3 5", "device:vlan-group-port", false),
        ] {
            let known = Dialect::ix().grammar().look_up(context, &words(line));
            assert_eq!(known.map(|known| (known.row.id.clone(), known.off)), Some((id.to_owned(), off)), "{line}");
        }
        assert!(Dialect::ix().grammar().look_up(GLOBAL, &words("flux-capacitor enable")).is_none());
        let named = |line: &'static str| Dialect::ix().grammar().host_name(line);
        assert_eq!(
            (named("hostname a/b"), named("  hostn a"), named("no hostname"), named("host")),
            (Some("a/b"), Some("a"), None, None)
        );
    }

    #[test]
    fn a_dialect_has_its_own_commands() {
        let (ix, ix_r) = (Dialect::ix().grammar(), Dialect::ix_r().grammar());
        assert_eq!(ix_r.problems(), &[] as &[String]);
        for (context, line, here, there, instead) in [
            (GLOBAL, "logging buffered 131072", true, false, Some("syslog enable")),
            (GLOBAL, "no logging buffered", true, false, Some("syslog enable")),
            (GLOBAL, "syslog enable", false, true, None),
            (GLOBAL, "ip dhcp enable", true, false, Some("ip dhcp enable, inside the interface")),
            ("interface", "ip dhcp enable", false, true, None),
            ("dhcpv6-client", "ia-pd redistribute pool 1 ::/60", true, false, Some("")),
            ("dhcpv6-client", "ia-pd subscriber GigaEthernet2.0", true, true, None),
            ("interface", "ip address 192.0.2.1/24", true, true, None),
            ("interface", "ipsec policy tunnel m out", true, false, Some("ipsec policy, without `out`")),
            ("interface", "ipsec policy tunnel m", true, true, None),
        ] {
            let known = |grammar: &Grammar| grammar.look_up(context, &words(line)).is_some();
            assert_eq!((known(ix), known(ix_r)), (here, there), "{line}");
            let difference = ix_r.difference(context, &words(line)).map(|difference| difference.instead.as_str());
            assert_eq!(difference, instead, "{line}");
        }
    }
}
