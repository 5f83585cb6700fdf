//! The undo (rollback): the change is undone, and that is proven.
//! This is the rollback; the router itself knows none.
//!
//! Three steps: the inverse that was made with the plan before anything was sent; where that did not restore the backup, a new
//! plan from what runs to the backup; where the playbook allows it and nothing was saved, a restart. What none can do ends
//! `undo-failed`, loudly.

use super::forms::{as_typed, in_next_form};
use super::phases::Transaction;
use super::read::show_startup;
use super::{ChangeError, RecoveryError, TransactionError};
use crate::ix::Config;
use crate::plan::{self, Command, Plan};
use crate::record::ComparedWith;
use crate::session::Take;
use crate::state::State;

/// The inverse, and at most this many times what is still missing after it.
const MOST_ROUNDS: usize = 4;

impl Transaction<'_> {
    /// Undoes what was sent, over the session that is still ours.
    pub(super) fn undo_change(&mut self) {
        self.enter_or_record(State::Undoing);
        let mut ended = self.undo_by_lines();
        if let Err(cause) = &ended
            && !matches!(cause, TransactionError::Recovery(RecoveryError::Mixed { .. }))
            && !self.has_lost_session(cause)
            && self.may_reload()
        {
            self.record(cause);
            ended = self.reload_unsaved();
        }
        match ended {
            Ok(()) => {
                self.close();
                self.sent.are_undone();
                self.report_foreign_left();
                self.enter_or_record(State::Undone);
            }
            Err(cause) if self.session.is_none() || self.has_lost_session(&cause) => {
                self.record(&cause);
                self.reconnect_and_resolve();
            }
            Err(cause @ TransactionError::Recovery(RecoveryError::Mixed { .. })) => {
                self.record(&cause);
                self.end_mixed();
            }
            Err(cause) => {
                self.record(&cause);
                self.close();
                self.enter_or_record(State::UndoFailed);
            }
        }
    }

    /// Whether a restart without a save would bring the backup up: the playbook allows it, the startup configuration, read now, is the
    /// backup, and nothing of anyone else runs.
    fn may_reload(&mut self) -> bool {
        let allowed = self.intent.terms.allow_reload && !self.machine.is_restart_ordered();
        allowed && self.findings.foreign.is_empty() && self.startup_is_backup().unwrap_or(false)
    }

    /// Whether a restart would bring the backup up and lose nothing of anyone else, both read now.
    pub(super) fn restart_brings_backup(&mut self) -> Result<bool, TransactionError> {
        let (_, foreign) = self.read_and_find_foreign()?;
        // A restart would lose what someone else has not saved.
        Ok(foreign.is_empty() && self.startup_is_backup()?)
    }

    /// Whether the startup configuration, read now, is the backup.
    fn startup_is_backup(&mut self) -> Result<bool, TransactionError> {
        let startup = show_startup(self.session()?)?.map(|text| self.intent.parse(text));
        Ok(startup.is_some_and(|startup| plan::same(&startup, &self.backup.running)))
    }

    /// Lines of someone else are known before the first line of the undo is sent, and each step is compared with the
    /// backup and that.
    fn undo_by_lines(&mut self) -> Result<(), TransactionError> {
        let (mut running, mut aim) = self.read_with_undo_target()?;
        let first = if self.findings.foreign.is_empty() {
            self.approved.plan.undo_of(|number| self.sent.is_accepted(number))
        } else {
            self.plan_undo(&running, &aim)?.commands
        };
        if !first.is_empty() {
            self.send_undo_lines(&first)?;
            (running, aim) = self.read_with_undo_target()?;
        }
        let mut missing = self.plan_undo(&running, &aim)?;
        self.compared(ComparedWith::Backup, missing.commands.len());
        let mut typed = vec![as_typed(&first)];
        while !missing.is_empty() && typed.len() < MOST_ROUNDS {
            let other_form = in_next_form(&missing.commands, &typed);
            // What was planned from what runs is typed once; again only where a removal has another form left.
            if typed.len() > 1 && other_form.is_none() {
                break;
            }
            self.send_undo_lines(&other_form.unwrap_or_else(|| missing.commands.clone()))?;
            typed.push(as_typed(&missing.commands));
            (running, aim) = self.read_with_undo_target()?;
            missing = self.plan_undo(&running, &aim)?;
            self.compared(ComparedWith::Backup, missing.commands.len());
        }
        if !missing.is_empty() {
            return Err(TransactionError::Recovery(RecoveryError::UndoDiffers {
                router: self.intent.router.clone(),
                differences: missing.commands.len(),
                diff: missing.diff().to_owned(),
            }));
        }
        self.restore_startup(&aim)
    }

    /// What runs now, and where the undo leads from there.
    fn read_with_undo_target(&mut self) -> Result<(Config, Config), TransactionError> {
        let (running, foreign) = self.read_and_find_foreign()?;
        let aim = self.undo_target(&running, &foreign)?;
        Ok((running, aim))
    }

    /// What would lead from what runs to the backup, line by line and list by list.
    fn plan_undo(&self, running: &Config, backup: &Config) -> Result<Plan, TransactionError> {
        // What the router is known to enter by itself is not ours to remove.
        let aim = plan::with_facts(backup.clone(), running, self.intent.device.router_made());
        plan::between(running, &aim, &self.lifeline(), self.intent.terms.max_line).map_err(TransactionError::Plan)
    }

    /// A refused line of a step is not the end: what runs is read and compared, and the next step is tried.
    fn send_undo_lines(&mut self, commands: &[Command]) -> Result<(), TransactionError> {
        let total = commands.len();
        // From whatever submode the last line left us in to the global mode that the inverse begins in.
        self.session()?.enter_config(Take::Ask).map_err(TransactionError::Session)?;
        for command in commands {
            match self.send_or_other_form(command, total, true) {
                Err(cause @ TransactionError::Change(ChangeError::Refused { .. })) => {
                    self.record(&cause);
                    return Ok(());
                }
                other => other?,
            }
        }
        Ok(())
    }
}
