//! The saves, and the proof of each: the startup configuration, read again. A save is the commit of a transaction:
//! what was not saved is lost after a restart.
//!
//! `saved` and, after a save, `undone` rely on it. What is not shown is not known, and nothing is claimed about it. Only the two
//! saves write, and both are read back.

use std::time::{Duration, Instant};

use super::phases::Transaction;
use super::read::{show_both, show_startup};
use super::verify::Verified;
use super::{SaveError, TransactionError, Unverified};
use crate::cancel::Cancel;
use crate::ix::Config;
use crate::ix::mask::comparable;
use crate::plan::{self, Lifeline};
use crate::record::{ComparedWith, Kind};
use crate::session::{Exchange, SessionError};
use crate::state::{Act, Impossible, State};

/// How long we wait between two looks at a startup configuration that is being written.
const READ_AGAIN: Duration = Duration::from_secs(2);

impl<B> Transaction<'_, B> {
    /// Whether a save of ours may still be writing: one that has no answer goes on in the router also without its session. A console at its
    /// prompt runs none, and no restart leaves one; a clock that was set is none.
    pub(super) fn save_may_go_on(&self) -> bool {
        let is_console = self.intent.path.lifeline == Lifeline::Console && !self.recovery.saves_elsewhere;
        self.machine.save().is_unanswered() && !self.recovery.ended_saves && !is_console
    }
}

impl Transaction<'_> {
    /// Makes permanent what was verified, and proves it.
    pub(super) fn save(&mut self, _: Verified) -> Result<(), TransactionError> {
        self.enter(State::Saving)?;
        if !self.begun_save_is_done()? {
            if let Some(member) = self.env.site {
                // It has its whole time from now on, and is not ordered once the others were told to go back.
                member.save_begins(self.intent.bounds.save())?;
            }
            self.write_memory(false)?;
        }
        self.verify_saved()?;
        self.enter(State::Saved)
    }

    /// What was verified is saved already: nothing was sent, and a restart would bring it up.
    pub(super) fn note_saved_already(&mut self, _: Verified) -> Result<(), TransactionError> {
        self.enter(State::Saved)
    }

    /// Whether a save that was begun before, and whose end was not seen, has made permanent what was verified: it may have taken longer
    /// than it was waited for, or have ended the session. Then no other one is ordered, and none while the first may still be writing: it
    /// is given its time once more.
    fn begun_save_is_done(&mut self) -> Result<bool, TransactionError> {
        if !self.machine.save().is_begun() {
            return Ok(false);
        }
        let until = self.save_may_go_on().then(|| self.begun_save_ends_by());
        loop {
            let startup = show_startup(self.session()?)?.map(|text| self.intent.parse(text));
            if startup.is_some_and(|startup| self.equals_last_verified(&startup)) {
                self.machine.save_is_shown();
                return Ok(true);
            }
            let again = Instant::now() + READ_AGAIN;
            if until.is_none_or(|until| again >= until) {
                return Ok(false);
            }
            // A request to stop does not cut this short: another save could meet the one that was begun.
            Cancel::default().wait_until(again);
        }
    }

    /// When a save that was begun before now is over, whatever is shown.
    fn begun_save_ends_by(&self) -> Instant {
        Instant::now() + self.intent.bounds.exchanges.bound(Exchange::Save).total
    }

    /// Has the router write its startup configuration; until it says that it has, a save may be running. `undo`: as a part of the undo. Of a
    /// probe nothing is ever saved.
    fn write_memory(&mut self, undo: bool) -> Result<(), TransactionError> {
        self.machine.may_save()?;
        if self.intent.terms.probe.is_some() {
            return Err(Impossible::Act { state: self.machine.state(), act: Act::Save }.into());
        }
        self.write_ahead(Kind::Saving, undo)?;
        self.machine.order_save();
        (self.recovery.ended_saves, self.recovery.saves_elsewhere) = (false, false);
        self.recovery.save_ends_by = Some(self.begun_save_ends_by());
        let router = self.intent.router.clone();
        match self.session()?.save() {
            Ok(_) => {
                self.machine.save_answered();
                Ok(())
            }
            Err(SessionError::Refused { text, .. }) => {
                self.machine.save_answered();
                Err(TransactionError::Save(SaveError::Refused { router, answer: text.unwrap_or_default() }))
            }
            Err(error) => Err(TransactionError::Session(error)),
        }
    }

    /// Saved is what the startup configuration shows, and it must be what was judged: what ran when everything was last found as
    /// declared. Where it is not shown, the router's word alone is no proof.
    fn verify_saved(&mut self) -> Result<(), TransactionError> {
        let (mut text, mut startup) = show_both(self.session()?)?;
        let mut later = self.foreign_since_verified(&text, startup.as_deref());
        if later.is_some() {
            // Read once more: what is not there the second time was never a line.
            (text, startup) = show_both(self.session()?)?;
            later = self.foreign_since_verified(&text, startup.as_deref());
        }
        if let Some(mixed) = later {
            self.compared(ComparedWith::Startup, 1);
            return Err(mixed);
        }
        let judged = self.last_verified();
        let Some(startup) = startup.map(|text| self.intent.parse(text)) else {
            self.keep_after(&text);
            return self.save_stays_unproven();
        };
        let same = self.equals_last_verified(&startup);
        self.compared(ComparedWith::Startup, usize::from(!same));
        if same {
            self.keep_after(&text);
            return Ok(());
        }
        Err(TransactionError::Save(SaveError::Differs {
            router: self.intent.router.clone(),
            diff: plan::unified(&startup, &judged, "startup", "running"),
        }))
    }

    /// The cause where someone else's lines were found only now.
    fn foreign_since_verified(&self, running: &str, startup: Option<&str>) -> Option<TransactionError> {
        self.foreign_after_save(&self.intent.parse(running), startup.map(|text| self.intent.parse(text)).as_ref())
    }

    /// What ran when it was last found as declared; where nothing was sent, what was backed up.
    pub(super) fn last_verified(&self) -> Config {
        self.findings.verified.as_ref().unwrap_or(&self.backup.running).clone()
    }

    /// What a save of this run was to make permanent.
    fn wanted(&self) -> Config {
        self.findings.verified.clone().unwrap_or_else(|| self.approved.plan.expected.clone())
    }

    fn save_stays_unproven(&mut self) -> Result<(), TransactionError> {
        self.record(&TransactionError::Save(SaveError::Unproven { router: self.intent.router.clone() }));
        let unproven = Unverified::StartupNotShown;
        let why = self.findings.unverified.take().map_or(unproven.clone(), |earlier| earlier.and(unproven));
        let reason = self.findings.unverified.insert(why).to_string();
        self.write_ahead(Kind::Unverified { checks: Vec::new(), reason }, true)
    }

    /// The startup configuration must be the old one again too: we may have begun a save, or someone else may have saved while
    /// a part of our plan ran. `backup` is what was just read to run.
    pub(super) fn restore_startup(&mut self, backup: &Config) -> Result<(), TransactionError> {
        let startup = self.settled_startup(backup)?;
        if self.is_as_before(startup.as_ref(), backup) {
            return Ok(());
        }
        if !self.may_save_again(startup.as_ref()) {
            return Err(self.startup_not_back(startup.as_ref(), backup));
        }
        self.write_memory(true)?;
        let startup = show_startup(self.session()?)?.map(|text| self.intent.parse(text));
        let same = startup.as_ref().is_some_and(|startup| plan::same(startup, backup));
        self.compared(ComparedWith::Startup, usize::from(!same));
        if same { Ok(()) } else { Err(self.startup_not_back(startup.as_ref(), backup)) }
    }

    /// The startup configuration, once no save of ours can write it behind our back: one that was begun and not answered may go on in the
    /// router when its session is gone. Until it shows what that save was to make permanent, it is read again, as long as a save may
    /// take.
    fn settled_startup(&mut self, backup: &Config) -> Result<Option<Config>, TransactionError> {
        let until = self.begun_save_ends_by();
        loop {
            let startup = show_startup(self.session()?)?.map(|text| self.intent.parse(text));
            let is_ours = |startup: &Config| same_but_secrets(startup, &self.wanted()) && !plan::same(startup, backup);
            if !self.machine.save().was_answered() && startup.as_ref().is_some_and(is_ours) {
                self.machine.save_is_shown();
            }
            let again = Instant::now() + READ_AGAIN;
            if !self.may_be_written(startup.as_ref(), backup) || again >= until {
                return Ok(startup);
            }
            // A request to stop does not cut this short: what is read too early proves nothing.
            Cancel::default().wait_until(again);
        }
    }

    /// Whether a save of ours may still be writing what is not there yet: the change, or the backup once more.
    fn may_be_written(&self, startup: Option<&Config>, backup: &Config) -> bool {
        let first_is_over = self.machine.save().was_answered();
        self.save_may_go_on() && startup.is_some_and(|startup| !first_is_over || !plan::same(startup, backup))
    }

    /// Whether a restart is shown to bring up what it would have brought up before. If we began no save and nothing is shown, none
    /// of our lines can be in it.
    fn is_as_before(&self, startup: Option<&Config>, backup: &Config) -> bool {
        let Some(startup) = startup else { return !self.machine.save().is_begun() };
        let before = self.backup.startup_text.as_ref().map(|text| self.intent.parse(text));
        plan::same(startup, backup) || before.is_some_and(|before| plan::same(startup, &before))
    }

    /// A second save is typed only where the first one is over, and where it makes permanent nothing that was not so before: what
    /// runs was just read as the backup alone, and the backup was what the startup configuration held.
    fn may_save_again(&self, startup: Option<&Config>) -> bool {
        if self.intent.terms.probe.is_some() {
            return false;
        }
        let complete = startup.is_some_and(|startup| same_but_secrets(startup, &self.wanted()));
        let save = self.machine.save();
        let over = !save.is_begun() || save.was_answered() || complete;
        let first_startup = self.backup.startup();
        let was_saved = !first_startup.is_empty() && plan::same(&first_startup, &self.backup.running);
        over && was_saved && self.findings.foreign.is_empty()
    }

    fn startup_not_back(&self, startup: Option<&Config>, backup: &Config) -> TransactionError {
        let router = self.intent.router.clone();
        let (shown, holds) = match startup {
            Some(startup) => (true, startup.clone()),
            None => (false, self.wanted()),
        };
        let name = if shown { "startup" } else { "startup, perhaps" };
        TransactionError::Save(SaveError::StartupNotBack {
            router,
            shown,
            diff: plan::unified(backup, &holds, "backup", name),
        })
    }
}

/// Whether two configurations say the same but for secrets whose printed form is not known.
fn same_but_secrets(one: &Config, other: &Config) -> bool {
    let canonical = |config| plan::canonical(config, |line| comparable(&line.text).into());
    canonical(one) == canonical(other)
}
