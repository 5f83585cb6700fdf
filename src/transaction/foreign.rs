//! A colleague's change among ours: found by reading the whole configuration, never saved with ours, never undone with ours.
//!
//! What is sorted is decided in `plan::foreign`; here is what follows. A line that nothing explains is read once more before it
//! counts. Nothing here types a line.

use super::phases::Transaction;
use super::three_way::{Reverse, left_alone, revert_onto};
use super::{ChangeError, RecoveryError, TransactionError};
use crate::ix::made::only_by_hand;
use crate::ix::{Config, Identity};
use crate::message::Text;
use crate::plan::foreign::{self, ForeignLine, ForeignReport};
use crate::plan::rehearsal::Router;
use crate::plan::{self, Command};
use crate::record::Kind;

impl Transaction<'_> {
    /// Reads what runs, and finds what is there beside the backup and our lines.
    pub(super) fn read_and_find_foreign(&mut self) -> Result<(Config, Vec<ForeignLine>), TransactionError> {
        let mut running = self.read_running()?;
        let mut beside = self.beside(&running);
        if !beside.foreign.is_empty() {
            running = self.read_running()?;
            beside = self.beside(&running);
        }
        self.note_router_made(&beside.made);
        Ok((running, beside.foreign))
    }

    /// What this configuration holds beside the backup and every line that we may have sent, forth or back.
    pub(super) fn beside(&self, running: &Config) -> ForeignReport {
        foreign::beside(&self.backup.running, &self.lines_sent(), running, self.intent.device.router_made())
    }

    /// Every line that we may have sent, in its order.
    fn lines_sent(&self) -> Vec<&Command> {
        self.sent.all(&self.approved.plan.commands)
    }

    /// Someone else's lines were found: what that means, by whether ours can be undone around them.
    pub(super) fn foreign_cause(&self, running: &Config, foreign: &[ForeignLine]) -> TransactionError {
        match self.undo_target_around(running, foreign) {
            Ok(_) => self.not_ours(shown(foreign)),
            Err(cause) => cause,
        }
    }

    fn not_ours(&self, lines: Vec<String>) -> TransactionError {
        let (intent, before) = (self.intent, &self.backup);
        let may_be_made = |line: &String| line.strip_prefix('+').is_some_and(|line| !only_by_hand(line));
        let fact_file = lines.iter().all(may_be_made).then(|| match &intent.device.fact {
            Some(fact) => fact.file.clone(),
            None => format!("{}-{}.yaml", before.identity.model(), before.identity.firmware()),
        });
        TransactionError::Change(ChangeError::Foreign { router: intent.router.clone(), lines, fact_file })
    }

    /// What the undo restores: to the backup, or to the backup with what is someone else's.
    ///
    /// # Errors
    /// [`RecoveryError::Mixed`] if the two cannot be distinguished, and if a save was begun: then nothing more is written.
    pub(super) fn undo_target(
        &mut self,
        running: &Config,
        foreign: &[ForeignLine],
    ) -> Result<Config, TransactionError> {
        self.findings.foreign = shown(foreign);
        if foreign.is_empty() { Ok(self.backup.running.clone()) } else { self.undo_target_around(running, foreign) }
    }

    fn undo_target_around(&self, running: &Config, foreign: &[ForeignLine]) -> Result<Config, TransactionError> {
        let mixed = || {
            TransactionError::Recovery(RecoveryError::Mixed {
                router: self.intent.router.clone(),
                diff: self.foreign_and_diff(running, foreign),
            })
        };
        if self.machine.save().is_begun() {
            return Err(mixed());
        }
        let before = &self.backup;
        let planned = foreign::after(&before.running, &self.lines_sent());
        let after = left_alone(&before.running, &planned, running, foreign);
        let reverse = Reverse { before: before.running.clone().into(), after: after.into() };
        let aim = revert_onto(&reverse, running).map_err(|_| mixed())?;
        // Their lines may rest on ours: then ours cannot go.
        let back = plan::between(running, &aim, &self.lifeline(), self.intent.terms.max_line).map_err(|_| mixed())?;
        let mut model = Router::new(running);
        let goes = back.commands.iter().all(|command| model.enter(command).is_ok());
        if goes && model.runs(&aim) { Ok(aim) } else { Err(mixed()) }
    }

    /// Whose is what: the lines that are not ours, and the whole difference from the backup.
    fn foreign_and_diff(&self, running: &Config, foreign: &[ForeignLine]) -> String {
        let lines: String = shown(foreign).iter().map(|line| format!("{line}\n")).collect();
        format!("--- not ours\n{lines}{}", self.since_backup(running))
    }

    /// After a save: what runs, and what startup holds, beside what was last verified; nothing where no one else changed anything.
    pub(super) fn foreign_after_save(&self, running: &Config, startup: Option<&Config>) -> Option<TransactionError> {
        if self.equals_last_verified(running) {
            return None;
        }
        let judged = self.last_verified();
        let startup = startup.map(|startup| plan::unified(&judged, startup, "judged", "startup")).unwrap_or_default();
        let diff = plan::unified(&judged, running, "judged", "running") + &startup;
        Some(TransactionError::Recovery(RecoveryError::Mixed { router: self.intent.router.clone(), diff }))
    }

    /// Whether a configuration read after the save says what was judged before it; the router may have made a line meanwhile.
    pub(super) fn equals_last_verified(&self, config: &Config) -> bool {
        let judged = self.last_verified();
        if plan::same(config, &judged) {
            return true;
        }
        let made = self.beside(config).made;
        let since = foreign::beside(&judged, &[], config, self.intent.device.router_made());
        let differs = !since.foreign.is_empty() || !since.made.is_empty();
        differs && since.foreign.iter().all(|stray| made.contains(stray))
    }

    /// What the router made by itself is shown, and kept as what may become a fact.
    fn note_router_made(&mut self, made: &[ForeignLine]) {
        let lines: Vec<String> = shown(made).into_iter().filter(|line| !self.findings.made.contains(line)).collect();
        if lines.is_empty() {
            return;
        }
        let before = &self.backup;
        let made = Kind::RouterMade {
            identity: Identity { serial_number: None, host_name: None, ..before.identity.clone() },
            lines: lines.clone(),
        };
        let list = lines.iter().map(|line| format!("\n  {line}")).collect::<String>();
        self.emit(Kind::Warned {
            warning: Text::new(
                format!("the router entered or took away by itself, because of our lines:{list}"),
                format!("今回の変更に伴い、ルータが自動で追加または削除した行:{list}"),
            ),
        });
        self.findings.made.extend(lines);
        self.emit(made);
    }

    /// Lines of someone else stay on a router that is otherwise proven to be as before, and this is reported.
    pub(super) fn report_foreign_left(&mut self) {
        if self.findings.foreign.is_empty() {
            return;
        }
        let lines = self.findings.foreign.clone();
        if !self.env.recorder.has_failed(|code| code == "router.foreign") {
            self.record(&self.not_ours(lines.clone()));
        }
        self.write_now(Kind::ForeignStays { lines });
    }
}

fn shown(foreign_lines: &[ForeignLine]) -> Vec<String> {
    foreign_lines.iter().map(ForeignLine::shown).collect()
}
