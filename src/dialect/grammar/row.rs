//! One line of the grammar table, read into its parts.
//!
//! A row says what a command is; it never looks at a whole configuration. The columns are explained at the top of the table.

use std::sync::Arc;

use super::columns::{filled, split_columns, split_facts};
use super::object::{Object, Relation};
use super::pattern::{Arg, Captures, Pattern, PatternError};
use super::purpose;
use crate::message::Text;

/// How lines of a command live together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandKind {
    /// There or not.
    Flag,
    /// One value.
    Single,
    /// One value for each key.
    Keyed,
    /// Each line is an entry of its own.
    Set,
    /// Ordered entries; a new one goes to the end.
    List,
    /// Ordered entries whose order follows the router while all of them permit.
    Follow,
    /// A line before a list's entries that belongs to the list.
    Head,
    /// A filter bound to an interface.
    Chain,
    /// Opens a mode.
    Block,
}

/// How a line is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remove {
    /// `no` and the whole line.
    Line,
    /// `no` and the words up to the last key.
    Key,
    /// These words, with `{ARG}` filled in.
    Words(String),
    /// Not at all.
    Never,
}

/// How sure the fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Seen on a device.
    T,
    /// From working driver code.
    C,
    /// From a manual.
    M,
    /// Inferred.
    I,
    /// Guessed.
    G,
}

/// How a secret is shown by the router after it was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComesBack {
    /// As a hash: it can be re-entered in that form, never compared with the plain one.
    Hash,
    /// As it was typed.
    Clear,
}

/// One command of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A stable name: mode, colon, fixed words.
    pub id: String,
    /// The mode the command belongs to.
    pub context: String,
    /// The position in the table, which is the order on the router.
    pub rank: usize,
    /// The position of the first command about the same object: a list's head, entries and stateful lists stay together.
    pub section: usize,
    /// Its words.
    pub pattern: Pattern,
    /// The words before its first argument: the family that ownership and messages name.
    pub leading: String,
    /// Its arguments.
    pub args: Vec<Arg>,
    /// How its lines live together.
    pub kind: CommandKind,
    /// How a line is removed.
    pub remove: Remove,
    /// Other words that take it away, where it is not known which the router takes; `{ARG}` filled in.
    pub other_removals: Vec<String>,
    /// The mode it opens.
    pub opens: Option<String>,
    /// The mode's text in the prompt, with `{ARG}` to fill in.
    pub prompt: Option<String>,
    /// What the router prints when it is off.
    pub off: Option<String>,
    /// A line that is missing means on.
    pub on_by_default: bool,
    /// Lines of one slot exclude each other.
    pub slot: Arc<str>,
    /// The objects a line brings into being.
    pub defines: Vec<Relation>,
    /// The objects a line needs.
    pub refers: Vec<Relation>,
    /// Removes the whole list at once.
    pub whole: Option<String>,
    /// The lines that the router may add to the same block by itself because of this one.
    pub makes: Vec<String>,
    /// The slots whose lines disappear when this one changes.
    pub deletes: Vec<String>,
    /// Taking it away may take along the lines that need what it defines.
    pub carries: bool,
    /// The other lines of its block stand on it.
    pub base: bool,
    /// Acts by itself on what it refers to, from the moment it is entered.
    pub watches: bool,
    /// Of a list whose entries all permit, one entry is known to go alone.
    pub apart: bool,
    /// Entering it again replaces its value.
    pub replaces: bool,
    /// The secret argument, and how the router prints it.
    pub secret: Option<(usize, ComesBack)>,
    /// Takes effect after a restart.
    pub restart: bool,
    /// Can cut our session, or open or close a path.
    pub cuts: bool,
    /// Stays under `owns: all` unless named.
    pub protected: bool,
    /// Manages access to the router.
    pub mgmt: bool,
    /// Changes the host name in the prompt.
    pub prompt_host: bool,
    /// Brings an interface up or down.
    pub up: bool,
    /// Gives an interface an address, or changes the one it has.
    pub address: bool,
    /// The same, of IPv6.
    pub address6: bool,
    /// A stateful list over other lists.
    pub dynamic: bool,
    /// Makes an interface of switch ports.
    pub vlan_group: bool,
    /// An unconfigured box may print it.
    pub factory: bool,
    /// Known by its first words only.
    pub family: bool,
    /// Part of what names a line may be left out, or names it loosely: whether the router holds one line or several of those that
    /// share the rest is not known.
    pub loosely_named: bool,
    /// The arguments that name it loosely.
    pub loose: Vec<usize>,
    /// Why two lines that differ only in a value exclude each other, where `replaces` does not say it.
    pub one: Option<String>,
    /// MAC addresses among its words have one spelling.
    pub macs: bool,
    /// What it is for, in a person's words, where those are known.
    pub purpose: Option<&'static Text>,
    /// How sure the fact is.
    pub sure: Confidence,
}

impl Row {
    /// Whether blanks inside a line may carry meaning.
    pub fn has_free_text(&self) -> bool {
        self.args.iter().any(|arg| arg.name == "TEXT")
    }

    /// Whether a line of it may hold a secret, a URL with credentials in it or free text. The entries of lists and the filters of an
    /// interface, by far the most lines of a configuration, hold neither.
    pub fn may_hold_secret(&self) -> bool {
        self.secret.is_some()
            || !matches!(self.kind, CommandKind::List | CommandKind::Follow | CommandKind::Head | CommandKind::Chain)
    }

    /// Reads one line of the table.
    pub(super) fn parse(context: &str, rank: usize, line: &str) -> Result<Self, PatternError> {
        let columns: Vec<&str> = split_columns(line);
        let [command, kind, remove, facts, sure] = columns.as_slice() else {
            return Err(PatternError(format!("{} columns instead of 5", columns.len())));
        };
        let mut args = Vec::new();
        let pattern = Pattern::parse(command, &mut args)?;
        let kind = match *kind {
            "flag" => CommandKind::Flag,
            "single" => CommandKind::Single,
            "keyed" => CommandKind::Keyed,
            "set" => CommandKind::Set,
            "list" => CommandKind::List,
            "follow" => CommandKind::Follow,
            "head" => CommandKind::Head,
            "chain" => CommandKind::Chain,
            "block" => CommandKind::Block,
            other => return Err(PatternError(format!("unknown kind `{other}`"))),
        };
        let mut forms = remove.split(" ; ").map(str::trim);
        let remove = match forms.next().unwrap_or_default() {
            "line" => Remove::Line,
            "key" => Remove::Key,
            "-" => Remove::Never,
            words if words.starts_with("no ") => Remove::Words(words.to_owned()),
            other => return Err(PatternError(format!("unknown way to remove `{other}`"))),
        };
        let sure = match *sure {
            "T" => Confidence::T,
            "C" => Confidence::C,
            "M" => Confidence::M,
            "I" => Confidence::I,
            "G" => Confidence::G,
            other => return Err(PatternError(format!("unknown confidence `{other}`"))),
        };
        let fixed = pattern.fixed_words().join("-");
        let leading = pattern.leading_words().join(" ");
        let mut row = Self {
            id: format!("{context}:{fixed}"),
            context: context.to_owned(),
            rank,
            section: rank,
            slot: fixed.into(),
            purpose: purpose::of(context, &leading),
            leading,
            pattern,
            args,
            kind,
            remove,
            other_removals: forms.map(str::to_owned).collect(),
            opens: None,
            prompt: None,
            off: None,
            on_by_default: false,
            defines: Vec::new(),
            refers: Vec::new(),
            whole: None,
            makes: Vec::new(),
            deletes: Vec::new(),
            carries: false,
            base: false,
            watches: false,
            apart: false,
            replaces: matches!(kind, CommandKind::Single | CommandKind::Flag),
            secret: None,
            restart: false,
            cuts: false,
            protected: false,
            mgmt: false,
            prompt_host: false,
            up: false,
            address: false,
            address6: false,
            dynamic: false,
            vlan_group: false,
            factory: false,
            family: false,
            loosely_named: false,
            loose: Vec::new(),
            one: None,
            macs: false,
            sure,
        };
        for fact in split_facts(facts) {
            row.learn(&fact)?;
        }
        let loosely = |(index, arg): (usize, &Arg)| arg.key && !row.surely_names(index);
        row.loosely_named = kind == CommandKind::Keyed && row.args.iter().enumerate().any(loosely);
        row.check_forms()?;
        Ok(row)
    }

    fn learn(&mut self, fact: &str) -> Result<(), PatternError> {
        let (name, value) = fact.split_once('=').unwrap_or((fact, ""));
        let value = value.trim_matches('"');
        match name {
            "opens" => self.opens = Some(value.to_owned()),
            "prompt" => self.prompt = Some(value.to_owned()),
            "off" => self.off = Some(value.to_owned()),
            "slot" => self.slot = value.into(),
            "whole" => self.whole = Some(value.to_owned()),
            "deletes" => self.deletes = value.split(',').map(str::to_owned).collect(),
            "makes" => self.makes = value.split(',').map(str::to_owned).collect(),
            "defines" => self.defines = self.relations(value)?,
            "refers" => self.refers = self.relations(value)?,
            "secret" => {
                let (arg, form) = value.split_once(':').unwrap_or((value, "clear"));
                let form = match form {
                    "hash" => ComesBack::Hash,
                    "clear" => ComesBack::Clear,
                    other => return Err(PatternError(format!("a secret comes back as hash or clear, not `{other}`"))),
                };
                self.secret = Some((self.arg_named(arg)?, form));
            }
            "loose" => {
                self.loose = value.split(',').map(|arg| self.arg_named(arg)).collect::<Result<_, _>>()?;
            }
            "one" => self.one = Some(value.to_owned()),
            "macs" => self.macs = true,
            "on-by-default" => self.on_by_default = true,
            "replaces" => self.replaces = true,
            "carries" => self.carries = true,
            "base" => self.base = true,
            "watches" => self.watches = true,
            "apart" => self.apart = true,
            "restart" => self.restart = true,
            "cuts" => self.cuts = true,
            "protected" => self.protected = true,
            "mgmt" => self.mgmt = true,
            "prompt-host" => self.prompt_host = true,
            "up" => self.up = true,
            "address" => self.address = true,
            "address6" => (self.address, self.address6) = (true, true),
            "dynamic" => self.dynamic = true,
            "vlan-group" => self.vlan_group = true,
            "factory" => self.factory = true,
            // What is known by its first words is judged no better than what is not known at all.
            "family" => (self.family, self.cuts) = (true, true),
            "harmless" if self.family => self.cuts = false,
            other => return Err(PatternError(format!("unknown fact `{other}`"))),
        }
        Ok(())
    }

    fn relations(&self, text: &str) -> Result<Vec<Relation>, PatternError> {
        text.split(',')
            .map(|item| {
                let (soft, item) = item.strip_prefix('~').map_or((false, item), |rest| (true, rest));
                let (kind, arg) =
                    item.split_once(':').ok_or_else(|| PatternError(format!("`{item}` is not KIND:ARG")))?;
                let arg = if arg == "*" { None } else { Some(self.arg_named(arg)?) };
                Ok(Relation { kind: kind.to_owned(), arg, soft })
            })
            .collect()
    }

    fn arg_named(&self, name: &str) -> Result<usize, PatternError> {
        self.args
            .iter()
            .position(|arg| arg.name == name)
            .ok_or_else(|| PatternError(format!("no argument `{name}` in this command")))
    }

    /// The arguments that name a line surely: no line can leave them out, and lines that differ in one are two to the router.
    pub fn always_named(&self) -> impl Iterator<Item = usize> + '_ {
        let named = |(index, arg): &(usize, &Arg)| arg.key && self.surely_names(*index);
        self.args.iter().enumerate().filter(named).map(|(index, _)| index)
    }

    fn surely_names(&self, arg: usize) -> bool {
        self.pattern.always_has(arg) && !self.loose.contains(&arg)
    }

    /// Whether it names interfaces or devices.
    pub fn names_hardware(&self) -> bool {
        self.args.iter().any(Arg::names_hardware)
    }

    /// What identifies a line of this command inside its block, where there can be no more than one.
    pub fn only_key(&self) -> Option<&Arc<str>> {
        matches!(self.kind, CommandKind::Single | CommandKind::Flag).then_some(&self.slot)
    }

    /// The slot, and the words that name a line of this row among others of its block.
    pub fn key(&self, words: &[&str], captures: &Captures) -> String {
        let length: usize = words.iter().map(|word| word.len() + 1).sum();
        let mut key = String::with_capacity(self.slot.len() + length);
        key.push_str(&self.slot);
        for (index, _) in self.args.iter().enumerate().filter(|(_, arg)| arg.key) {
            let named = captures.words(index, words);
            // What is left out keeps its place, or it could be taken for what follows.
            if named.is_empty() {
                key.push(' ');
            }
            for word in named {
                key.push(' ');
                key.push_str(word);
            }
        }
        key
    }

    /// A text of the table with each `{ARG}` replaced by the words that a line has there.
    pub fn fill<S: AsRef<str>>(&self, template: &str, arg: impl Fn(&str) -> Option<S>) -> String {
        filled(template, arg)
    }

    /// The objects of one relation that a line names: one for each word, commas separating words too.
    pub fn objects<'w>(
        &self,
        relation: &'w Relation,
        words: &'w [&str],
        captures: &Captures,
    ) -> impl Iterator<Item = Object> + 'w {
        let named = relation.arg.map(|arg| captures.words(arg, words)).unwrap_or_default();
        let names = named.iter().flat_map(|word| word.split(',')).filter(|word| !word.is_empty());
        let only = relation.arg.is_none().then_some("*");
        only.into_iter().chain(names).map(|name| Object::new(&relation.kind, name, relation.soft))
    }
}
