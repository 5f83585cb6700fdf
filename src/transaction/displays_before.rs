//! The displays that the checks name, as they are before the first line: a work record has them beside those after the change, and what else
//! has changed is found by them.
//!
//! They are recorded and judged by no one. One that a required check has shown already is not asked for again. Each is bounded as every
//! exchange is, and the bound of a transaction counts each check twice (`bounds`). A ping is no display. A box from the factory is not
//! looked at: nothing of what a role is about is on it yet.

use super::TransactionError;
use super::inspect::{Inspected, Inspection, read_display, recorded_answer, refused_command};
use super::phases::Transaction;
use crate::message::Text;
use crate::playbook::Check;
use crate::record::Kind;
use crate::session::SessionError;

impl Transaction<'_> {
    /// Reads the displays of the checks that were not run before anything is sent. Where nothing is to be sent, what is shown is shown
    /// once.
    pub(super) fn look_before(&mut self, run: Inspected) -> Result<(), TransactionError> {
        // What a probe enters is taken back: it has no before and after.
        if self.approved.plan.is_empty() || self.intent.terms.probe.is_some() {
            return Ok(());
        }
        let Inspected { results, mut shown, .. } = run;
        let inspection = Inspection::of(self.intent);
        let is_run = |check: &Check| results.iter().any(|one| one.name == check.name && one.role == check.role);
        let others: Vec<&Check> = inspection.displays().filter(|check| !is_run(check)).collect();
        let known = |command: &str| results.iter().find(|one| one.command == command)?.answer.clone();
        let mut commands: Vec<&str> = Vec::new();
        for check in &others {
            let command = check.command.as_str();
            if !commands.contains(&command) && known(command).is_none() {
                commands.push(command);
            }
        }
        let answers = if commands.is_empty() { Vec::new() } else { self.session()?.show_all(&commands) };
        let mut read: Vec<(&str, Option<String>)> = Vec::new();
        let mut broken = None;
        for (command, answer) in commands.into_iter().zip(answers) {
            match answer {
                Ok(answer) => {
                    // What a display says of what the plan is about, is the change.
                    shown.extend(read_display(command, &answer).filter(|_| self.is_compared(command)));
                    read.push((command, Some(recorded_answer(&answer))));
                }
                Err(SessionError::Refused { .. }) => read.push((command, None)),
                Err(error) => broken = Some(error),
            }
        }
        for check in others {
            let of_check = read.iter().find(|(command, _)| *command == check.command);
            // What the session did not come to has no record.
            let Some(answer) = known(&check.command).map(Some).or_else(|| Some(of_check?.1.clone())) else { continue };
            let unmet = if answer.is_some() { Text::default() } else { refused_command() };
            let (check, role) = (check.name.clone(), check.role.clone());
            self.emit(Kind::CheckedBefore { check, role, passed: None, unmet, answer });
        }
        self.findings.shown_before = shown;
        broken.map_or(Ok(()), |error| Err(TransactionError::Session(error)))
    }

    /// Whether what a display says besides the change is found by comparing it. One of the whole router is compared: there it is each
    /// subject that the change names or does not.
    fn is_compared(&self, command: &str) -> bool {
        is_of_all(command) || !self.approved.plan.is_seen_by(command)
    }
}

/// Whether a command names nothing: no interface, no version of a protocol.
fn is_of_all(command: &str) -> bool {
    command.chars().all(|character| character.is_ascii_lowercase() || character == ' ')
}
