//! A removal in another form, where the router refuses the first one or takes nothing away with it.
//!
//! The plan names the forms, beside the line they replace; none is made up here. Each is written down
//! before it is typed, like any line.

use std::collections::HashSet;

use super::phases::Transaction;
use super::recover::blocks_around;
use super::{ChangeError, TransactionError};
use crate::ix::mask::mask_line;
use crate::message::Text;
use crate::plan::{Command, headed};
use crate::record::Kind;
use crate::session::Take;

impl Transaction<'_> {
    /// Sends one line and insists on its acceptance; a removal that is refused goes out in its other forms, too.
    pub(super) fn send_or_other_form(
        &mut self,
        command: &Command,
        total: usize,
        undo: bool,
    ) -> Result<(), TransactionError> {
        let mut sent = self.send(command, total, undo);
        for form in command.forms() {
            if !matches!(sent, Err(TransactionError::Change(ChangeError::Refused { .. }))) {
                break;
            }
            sent = self.send(&form, total, undo);
            if sent.is_ok() {
                self.report_other_form(&form, command);
            }
        }
        sent
    }

    /// Says that a router takes another form than was typed first: a reviewer can keep that as a fact.
    fn report_other_form(&self, form: &Command, command: &Command) {
        let (form, command) = (mask_line(&form.text), mask_line(&command.text));
        self.emit(Kind::Warned {
            warning: Text::new(
                format!(
                    "this router takes `{form}` where `{command}` has no effect: a candidate for a fact (docs/facts.md)"
                ),
                format!(
                    "このルータでは `{command}` は効かず、`{form}` が有効です。事実ファイルの候補です(docs/facts.md)"
                ),
            ),
        });
    }

    /// Reads again whether the lines are gone that can be removed in more than one form, and types the other forms for those that
    /// are not.
    pub(super) fn retry_other_forms(&mut self) -> Result<(), TransactionError> {
        let plan = &self.approved.plan;
        let took = |command: &&Command| self.sent.is_accepted(command.number) && !command.otherwise().is_empty();
        let removals: Vec<Command> = plan.commands.iter().filter(took).cloned().collect();
        let most = removals.iter().map(|command| command.otherwise().len()).max().unwrap_or_default();
        let mut tried: Vec<(Command, Command)> = Vec::new();
        for round in 0..=most {
            let running = self.read_running()?;
            let remaining = self.remaining_plan(&running)?;
            let standing: HashSet<String> = headed(&remaining.commands).map(|(_, line)| line).collect();
            for (command, form) in std::mem::take(&mut tried) {
                if !remaining.commands.iter().any(|left| left.text == command.text) {
                    self.report_other_form(&form, &command);
                }
            }
            let commands = self.approved.plan.commands.clone();
            let lines = headed(&commands).filter(|(_, line)| standing.contains(line));
            let again: Vec<(&Command, Command)> = lines
                .filter(|(command, _)| removals.iter().any(|removal| removal.number == command.number))
                .filter_map(|(command, _)| Some((command, command.forms().nth(round)?)))
                .collect();
            if again.is_empty() {
                break;
            }
            for (command, form) in again {
                self.session()?.enter_config(Take::Ask).map_err(TransactionError::Session)?;
                for opener in blocks_around(&commands, command) {
                    self.send(opener, commands.len(), false)?;
                }
                // The reading after it shows whether it was the right one.
                match self.send(&form, commands.len(), false) {
                    Ok(()) => tried.push((command.clone(), form)),
                    Err(TransactionError::Change(ChangeError::Refused { .. })) => {}
                    Err(cause) => return Err(cause),
                }
            }
        }
        Ok(())
    }
}

/// The lines of an undo; a removal that was typed before, and had no effect, in its next form. Nothing where none is left to try.
pub(super) fn in_next_form(commands: &[Command], typed: &[HashSet<String>]) -> Option<Vec<Command>> {
    let mut changed = false;
    let next = headed(commands).map(|(command, line)| {
        let before = typed.iter().filter(|lines| lines.contains(&line)).count();
        let form = before.checked_sub(1).and_then(|tried| command.forms().nth(tried));
        changed |= form.is_some();
        form.unwrap_or_else(|| command.clone())
    });
    let next: Vec<Command> = next.collect();
    changed.then_some(next)
}

/// The lines as they are identified: with the headers of their blocks.
pub(super) fn as_typed(commands: &[Command]) -> HashSet<String> {
    headed(commands).map(|(_, line)| line).collect()
}
