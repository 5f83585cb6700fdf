//! The plan as a flat list of commands, exactly as they are typed, and its inverse from any point.
//!
//! The list starts in the global mode. A section opener is a command of its own and a barrier; the next opener follows directly,
//! `exit` leads back to the global mode where a global line follows (fact sheet 2).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::guess::Guesses;
use super::note::Note;
use super::origin::{OriginOfLine, StandIns};
use super::summary::Change;
use super::unit::{Placed, Step};
use super::writer::CommandWriter;
use crate::dialect::grammar::{CommandKind, GLOBAL, Grammar, words};
use crate::ix::Config;
use crate::ix::mask::{mask_line, mask_path};
use crate::ix::origin::Origin;
use crate::message::Text;
use crate::visible;

/// The mode the router must be in after a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModeAfter {
    /// The global mode.
    Global,
    /// A mode inside it: its text in the prompt where attested (`config-GigaEthernet2.0`), otherwise any.
    Sub(Option<Arc<str>>),
}

/// One command to type.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Command {
    /// Its place in the list, from 1.
    pub number: usize,
    /// What is typed; may hold `<secret:NAME>`.
    pub text: Arc<str>,
    /// The mode to see after it.
    pub expect: ModeAfter,
    /// How deep its section is: only for display.
    pub depth: usize,
    /// It opens a section.
    pub opener: bool,
    /// Takes effect after a restart.
    pub restart: bool,
    /// May cut our own session.
    pub may_cut: bool,
    /// Must not share a window with other lines.
    pub alone: bool,
    /// Holds a secret or a reference to one: show it masked.
    pub secret: bool,
    /// The grammar does not know it.
    pub unrecognised: bool,
    /// Other forms of this removal, tried one after the other where it is refused or takes nothing away.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub otherwise: Option<Box<[Arc<str>]>>,
    /// Why no line can undo it, if none can.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub irreversible: Option<Box<Text>>,
    /// What decided it; nothing where that is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<Arc<Origin>>,
    #[serde(skip)]
    pub(super) undo: Vec<Placed>,
    /// An earlier command's `undo` is the same one, and undoes this line as well.
    #[serde(skip)]
    pub(super) covered: bool,
}

/// Everything to do to a router, and to undo it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The commands, in order.
    pub commands: Vec<Command>,
    /// What changes, by meaning.
    pub changes: Vec<Change>,
    /// What the reviewer should know.
    pub notes: Vec<Note>,
    /// The configuration the router must show afterwards, in canonical order.
    pub expected: Config,
    before: Config,
    /// The forms of removals that this router is known to take, in the words of the table.
    preferred: Arc<[String]>,
    pub(super) stand_ins: StandIns,
    headings: [String; 2],
    diff: OnceLock<String>,
}

/// A plan as JSON. The version changes when a reader of the old form would misread it.
#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    commands: Vec<Shown>,
    undo: Vec<Shown>,
    diff: &'a str,
    changes: &'a [Change],
    notes: &'a [Note],
}

/// A command as it is shown, with the lines that undo it.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    command: Command,
    inverse: Vec<String>,
}

impl Plan {
    pub(super) fn new(
        before: Config,
        expected: Config,
        steps: Vec<Step>,
        notes: Vec<Note>,
        changes: Vec<Change>,
    ) -> Self {
        let mut typist = CommandWriter::new(before.dialect(), steps.len());
        for step in steps {
            typist.step(step);
        }
        let (commands, gaps) = (typist.commands, typist.gaps);
        let mut seen = HashSet::new();
        let notes =
            notes.into_iter().chain(gaps).filter(|note| seen.insert((note.id.clone(), note.text.en.clone()))).collect();
        Self {
            commands,
            changes,
            notes,
            expected,
            before,
            preferred: Arc::default(),
            stand_ins: StandIns::new(),
            headings: headings(),
            diff: OnceLock::new(),
        }
    }

    /// The same plan with these forms of removals typed first, each in the words of the table.
    pub fn preferring(mut self, forms: Arc<[String]>) -> Self {
        prefer(self.expected.grammar(), &mut self.commands, &forms);
        self.preferred = forms;
        self
    }

    /// Commands that were planned elsewhere, or none, between these configurations: nothing more is known about what they change.
    pub fn of_commands(commands: Vec<Command>, before: Config, expected: Config) -> Self {
        Self { commands, ..Self::new(before, expected, Vec::new(), Vec::new(), Vec::new()) }
    }

    /// What the router ran when this was planned.
    pub(super) fn before(&self) -> &Config {
        &self.before
    }

    /// The unified difference of what is there and what must be, masked; computed when it is first read.
    pub fn diff(&self) -> &str {
        let [old, new] = &self.headings;
        self.diff.get_or_init(|| super::unified(&self.before, &self.expected, old, new))
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// The inverse after the first `sent` commands were accepted; starts in the global mode.
    pub fn undo(&self, sent: usize) -> Vec<Command> {
        self.undo_of(|number| number <= sent)
    }

    /// The inverse of the commands with these numbers, whichever of a window the router took; starts in the global mode.
    pub fn undo_of(&self, accepted: impl Fn(usize) -> bool) -> Vec<Command> {
        let grammar = self.expected.grammar();
        let mut lines: Vec<Back<'_>> = Vec::new();
        // Lines that one inverse undoes together follow each other: it is typed once, for the first that was accepted.
        let mut together: Vec<&Command> = Vec::new();
        for command in self.commands.iter().rev() {
            together.extend(accepted(command.number).then_some(command));
            if !command.covered {
                lines.extend(together.pop().into_iter().flat_map(Back::of));
                together.clear();
            }
        }
        let lines = without_idle_turns(grammar, lines);
        let mut typist = CommandWriter::new(self.expected.dialect(), lines.len());
        for back in lines {
            typist.line(&back);
        }
        prefer(grammar, &mut typist.commands, &self.preferred);
        typist.commands
    }

    /// Each command with the headers of its sections, masked: `interface GigaEthernet0.0 / ip address 192.0.2.1/24`.
    pub fn with_headers(&self) -> impl Iterator<Item = (&Command, String)> {
        headed(&self.commands)
    }

    /// Says of its commands, or of those of its undo, whether they rest on what no device has shown.
    pub fn guesses(&self) -> Guesses<'_> {
        Guesses::new(self.expected.dialect())
    }

    /// What decided its commands, where that is known.
    pub fn origins(&self) -> Vec<OriginOfLine> {
        let known = self.commands.iter().filter_map(|command| Some((command.number, command.origin.clone()?)));
        known.map(|(line, origin)| OriginOfLine { line, origin }).collect()
    }

    /// The same plan with other headings over its unified difference than `running` and `desired`.
    pub fn headed(mut self, old: &str, new: &str) -> Self {
        self.headings = [old.to_owned(), new.to_owned()];
        self.diff = OnceLock::new();
        self
    }

    /// The other forms of its removals and of those of its undo, each with the number of the line it takes the place of, masked.
    pub fn alternatives(&self) -> Vec<String> {
        let of = |commands: &[Command], which: &str| {
            let forms =
                commands.iter().flat_map(|command| command.otherwise().iter().map(|form| (command.number, form)));
            forms.map(|(number, form)| format!("{which} {number}: {}", mask_line(form))).collect::<Vec<_>>()
        };
        [of(&self.commands, "line"), of(&self.undo(self.commands.len()), "undo line")].concat()
    }

    /// Every line an undo may type.
    pub(super) fn inverse(&self) -> impl Iterator<Item = &Placed> {
        self.commands.iter().flat_map(|command| &command.undo)
    }

    /// The plan as JSON, with no secret value: secret lines are masked, references stay.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let shown = |command: &Command| Shown {
            command: command.masked(),
            inverse: command.inverse().map(|line| mask_line(line)).collect(),
        };
        let masked = |commands: &[Command]| commands.iter().map(shown).collect::<Vec<_>>();
        serde_json::to_string_pretty(&Document {
            version: 1,
            commands: masked(&self.commands),
            undo: masked(&self.undo(self.commands.len())),
            diff: self.diff(),
            changes: &self.changes,
            notes: &self.notes,
        })
        .map(|document| visible::in_json(&document).into_owned())
    }

    /// The commands as text, one on a line, as they are typed or pasted; masked unless revealed.
    pub fn commands_text(&self, reveal: bool) -> String {
        text_of(&self.commands, reveal)
    }
}

/// Puts a preferred form of a removal in the first place, and the former first one after it.
fn prefer(grammar: &Grammar, commands: &mut [Command], forms: &[String]) {
    let mut modes: Vec<String> = Vec::new();
    for command in commands.iter_mut().filter(|_| !forms.is_empty()) {
        modes.truncate(command.depth);
        let mode = modes.last().map_or(GLOBAL, String::as_str);
        if command.opener {
            let opened = grammar.look_up(mode, &words(&command.text)).and_then(|known| known.row.opens.clone());
            modes.push(opened.unwrap_or_default());
        } else if let Some(others) = &command.otherwise {
            let known = grammar.forms_of(mode, &command.text);
            let Some((_, form)) = known.into_iter().find(|(form, _)| forms.iter().any(|wanted| wanted == form)) else {
                continue;
            };
            let rest = others.iter().filter(|other| ***other != *form).cloned();
            command.otherwise = Some(std::iter::once(command.text.clone()).chain(rest).collect());
            command.text = form.into();
        }
    }
}

/// Each command with the headers of its sections, masked.
pub fn headed(commands: &[Command]) -> impl Iterator<Item = (&Command, String)> {
    let mut open: Vec<&str> = Vec::new();
    commands.iter().map(move |command| {
        open.truncate(command.depth);
        open.push(&command.text);
        (command, mask_path(&open))
    })
}

fn headings() -> [String; 2] {
    ["running".to_owned(), "desired".to_owned()]
}

/// A line of an undo.
pub(super) struct Back<'l> {
    pub line: &'l Placed,
    /// It is the line it undoes, with `no` or without, and that was seen to hold no secret.
    pub public: bool,
    /// What decided the line that it undoes.
    pub origin: Option<&'l Arc<Origin>>,
}

impl<'l> Back<'l> {
    fn of(command: &'l Command) -> impl Iterator<Item = Self> {
        let is = |no: &str, yes: &str| no.strip_prefix("no ") == Some(yes);
        command.undo.iter().map(move |line| {
            let public = !command.secret && (is(&line.text, &command.text) || is(&command.text, &line.text));
            Self { line, public, origin: command.origin.as_ref() }
        })
    }
}

/// Undo lines without those that only turn an entry to the end of its list when it is turned again later: each step of a plan
/// brings the old order back by itself, and together one turn of each entry is enough.
fn without_idle_turns<'l>(grammar: &Grammar, lines: Vec<Back<'l>>) -> Vec<Back<'l>> {
    let turn = |first: &'l Placed, second: Option<&Back<'l>>| -> Option<&'l str> {
        let again =
            first.text.strip_prefix("no ").filter(|text| second.is_some_and(|second| *second.line.text == **text))?;
        let known = grammar.look_up(GLOBAL, &words(again))?;
        (first.section.is_empty() && known.row.kind == CommandKind::Follow).then_some(again)
    };
    // Where each entry is last turned to the end, or removed for good.
    let mut last: HashMap<&str, usize> = HashMap::new();
    let mut turns: Vec<(usize, &str)> = Vec::new();
    for (index, Back { line, .. }) in lines.iter().enumerate() {
        if let Some(entry) = turn(line, lines.get(index + 1)) {
            last.insert(entry, index);
            turns.push((index, entry));
        } else if let Some(entry) = line.text.strip_prefix("no ").filter(|_| line.section.is_empty()) {
            last.insert(entry, index);
        }
    }
    let idle: HashSet<usize> = turns
        .iter()
        .filter(|(index, entry)| last.get(entry).is_some_and(|last| last != index))
        .flat_map(|(index, _)| [*index, index + 1])
        .collect();
    lines.into_iter().enumerate().filter(|(index, _)| !idle.contains(index)).map(|(_, line)| line).collect()
}

/// Commands as text, one on a line; the lines of a section indented by two blanks.
pub fn text_of(commands: &[Command], reveal: bool) -> String {
    commands
        .iter()
        .map(|command| {
            let indent = "  ".repeat(command.depth);
            let text = if reveal { command.text.clone() } else { mask_line(&command.text).into() };
            format!("{indent}{text}\n")
        })
        .collect()
}

/// Equal in what is typed and how; two routers' commands are the same wherever their lines come from.
impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        let flags =
            |one: &Self| (one.opener, one.restart, one.may_cut, one.alone, one.secret, one.unrecognised, one.covered);
        (self.number, self.depth, &self.text, &self.expect) == (other.number, other.depth, &other.text, &other.expect)
            && flags(self) == flags(other)
            && (&self.otherwise, &self.irreversible, &self.undo) == (&other.otherwise, &other.irreversible, &other.undo)
    }
}

impl Eq for Command {}

impl Command {
    /// The same command with its secrets masked.
    pub fn masked(&self) -> Self {
        Self { text: mask_line(&self.text).into(), undo: Vec::new(), ..self.clone() }
    }

    /// Other forms of this removal; none for most.
    pub fn otherwise(&self) -> &[Arc<str>] {
        self.otherwise.as_deref().unwrap_or_default()
    }

    /// The same removal in its other forms.
    pub fn forms(&self) -> impl Iterator<Item = Self> + '_ {
        self.otherwise().iter().map(|form| Self { text: form.clone(), otherwise: None, ..self.clone() })
    }

    /// The lines that undo it; none for openers, `exit`, and lines that an earlier line's inverse undoes.
    pub fn inverse(&self) -> impl Iterator<Item = &Arc<str>> {
        self.undo.iter().filter(|_| !self.covered).map(|line| &line.text)
    }
}
