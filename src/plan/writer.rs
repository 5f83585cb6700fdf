//! Types the lines of a plan into their sections: opens and leaves them, and says which mode follows each line.
//!
//! Knows the modes that the grammar tells; decides neither which lines there are nor their order.

use std::sync::Arc;

use super::command::{Back, Command, ModeAfter};
use super::note::Note;
use super::unit::{Gap, Placed, Step};
use crate::dialect::Dialect;
use crate::dialect::grammar::{GLOBAL, Grammar, words};
use crate::ix::mask::holds_secret;
use crate::message::Text;

/// Types lines into their sections, opening and leaving them as needed.
pub(super) struct CommandWriter<'g> {
    grammar: &'g Grammar,
    at: Vec<Open<'g>>,
    exit: Arc<str>,
    pub commands: Vec<Command>,
    pub gaps: Vec<Note>,
    /// What is missing until later, with the number of the command that removed it.
    open_gaps: Vec<(usize, Gap)>,
}

/// A mode that is open.
struct Open<'g> {
    header: Arc<str>,
    context: &'g str,
    prompt: Option<Arc<str>>,
}

impl<'g> CommandWriter<'g> {
    /// A writer that will type this many lines, and steps between them.
    pub fn new(dialect: &'g Dialect, lines: usize) -> Self {
        Self {
            grammar: dialect.grammar(),
            at: Vec::new(),
            exit: dialect.commands().exit.into(),
            commands: Vec::with_capacity(lines + lines / 4),
            gaps: Vec::new(),
            open_gaps: Vec::new(),
        }
    }

    pub fn step(&mut self, step: Step) {
        let opened = self.type_at(&step.line);
        let number = self.commands.len();
        if step.back
            && let Some(open) = self
                .open_gaps
                .iter()
                .position(|(_, gap)| gap.section.as_ref().unwrap_or(&gap.place) == &step.line.section.join(" / "))
        {
            let (first, gap) = self.open_gaps.swap_remove(open);
            self.gaps.push(Note::gap(&gap, first, number));
        }
        if let Some(gap) = step.gap {
            match gap.steps {
                Some(steps) => self.gaps.push(Note::gap(&gap, number, number + steps)),
                None => self.open_gaps.push((number, *gap)),
            }
        }
        if let Some(command) = self.commands.last_mut() {
            command.restart = step.restart;
            command.may_cut = step.may_cut;
            command.alone |= step.alone || opened;
            command.secret = step.secret;
            command.unrecognised = step.unrecognised;
            let why = if step.restart {
                Some(Text::new(
                    "the running configuration is restored, but what a restart has already put into effect needs another restart",
                    "設定は元に戻せますが、再起動で有効になった状態を戻すにはもう一度再起動が必要です",
                ))
            } else {
                step.irreversible
                    .then(|| Text::new("no line is known that undoes this one", "この行を取り消す行は知られていません"))
            };
            command.irreversible = why.map(Box::new);
            (command.undo, command.covered) = (step.inverse, step.covered);
        }
    }

    pub fn line(&mut self, back: &Back<'_>) {
        self.type_at(back.line);
        let secret = !back.public && holds_secret(&back.line.text);
        if let Some(command) = self.commands.last_mut() {
            command.secret = secret;
            command.alone = true;
            command.origin = back.origin.cloned();
        }
    }

    /// Types a line in its section; says whether it opened one.
    fn type_at(&mut self, line: &Placed) -> bool {
        if line.section.is_empty() && self.may_jump(&line.text) {
            self.at.clear();
        }
        self.go_to(&line.section);
        self.command(&line.text)
    }

    /// The mode that a line opens.
    fn opened_by(&self, context: &str, text: &Arc<str>) -> Option<Open<'g>> {
        if !self.grammar.may_open(context, text) {
            return None;
        }
        let split = words(text);
        let known = self.grammar.look_up(context, &split).filter(|known| !known.off)?;
        let context = known.row.opens.as_deref()?;
        let prompt = known.row.prompt.as_ref().map(|prompt| known.fill(prompt, &split).into());
        Some(Open { header: text.clone(), context, prompt })
    }

    /// Whether a header of the global mode can be typed in the mode that is open. An opener is accepted in any mode; anything else
    /// needs the undo, and so does whatever the mode may take for a line of its own.
    fn may_jump(&self, header: &Arc<str>) -> bool {
        let [open] = self.at.as_slice() else { return false };
        !open.context.is_empty()
            && self.opened_by(GLOBAL, header).is_some()
            && self.grammar.look_up(open.context, &words(header)).is_none()
    }

    fn go_to(&mut self, section: &[Arc<str>]) {
        let shared = self.at.iter().zip(section).take_while(|(here, there)| here.header == **there).count();
        if shared == 0 && section.first().is_some_and(|header| self.may_jump(header)) {
            self.at.clear();
        }
        while self.at.len() > shared {
            self.at.pop();
            self.command(&self.exit.clone());
        }
        for header in section.iter().skip(shared) {
            let depth = self.at.len();
            // The header of an unknown block opens it when it is entered; it is not typed again.
            let just_entered =
                self.commands.last().is_some_and(|last| last.text == *header && last.depth == depth && !last.opener);
            if just_entered || !self.command(header) {
                // What such a header opens has no name.
                self.at.push(Open { header: header.clone(), context: "", prompt: None });
                let (expect, opener) = (self.expect(), true);
                if let Some(command) = self.commands.last_mut() {
                    (command.expect, command.opener) = (expect, opener);
                }
            }
            if let Some(command) = self.commands.last_mut() {
                command.alone = true;
                command.secret |= holds_secret(header);
            }
        }
    }

    /// Types a line in the mode that is open; says whether it opened another.
    fn command(&mut self, text: &Arc<str>) -> bool {
        let depth = self.at.len();
        let context = self.at.last().map_or(GLOBAL, |open| open.context);
        let opened = self.opened_by(context, text);
        let otherwise = self.otherwise(context, text);
        let opener = opened.is_some();
        self.at.extend(opened);
        let expect = self.expect();
        self.commands.push(Command {
            number: self.commands.len() + 1,
            text: text.clone(),
            expect,
            depth,
            opener,
            restart: false,
            may_cut: false,
            // Lines that are tried in another form do not move meanwhile.
            alone: *text == self.exit || otherwise.is_some(),
            secret: false,
            unrecognised: false,
            otherwise,
            irreversible: None,
            origin: None,
            undo: Vec::new(),
            covered: false,
        });
        opener
    }

    /// What is typed instead of a removal that is refused or removes nothing, if the table says so.
    fn otherwise(&self, context: &str, text: &str) -> Option<Box<[Arc<str>]>> {
        let forms = self.grammar.other_removals(context, text);
        (!forms.is_empty()).then(|| forms.into_iter().map(Arc::from).collect())
    }

    fn expect(&self) -> ModeAfter {
        self.at.last().map_or(ModeAfter::Global, |open| ModeAfter::Sub(open.prompt.clone()))
    }
}
