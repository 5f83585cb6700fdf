//! The way back: take the change back and prove it, also after the session was lost.
//!
//! Two rungs: the inverse that stood beside the plan before anything was sent, and, where that did not bring the backup back,
//! a new plan from what runs to the backup. What neither can do ends `undo-failed`, loudly.

use std::collections::BTreeSet;
use std::time::Instant;

use super::execute::{Run, same_but_secrets};
use super::observe::{enter, read_identity, show_startup};
use super::{Cause, Job};
use crate::cancel::Cancel;
use crate::event::Event;
use crate::ix::Config;
use crate::ix::mask::comparable;
use crate::message::Text;
use crate::plan::rehearsal::Router;
use crate::plan::{self, Command, Lifeline, Plan};
use crate::session::{SessionError, Take};
use crate::state::State;

/// How a router that was lost looks when it is read again.
enum Found {
    Before,
    After,
    /// After these lines of the plan, by number.
    Between(BTreeSet<usize>),
    Mixed(String),
}

impl Run<'_> {
    /// Takes back what was sent over the session that is still ours.
    pub(super) fn take_back(&mut self) {
        self.move_to(State::Undoing);
        match self.undo() {
            Ok(()) => {
                self.close();
                self.restart_pending = false;
                self.move_to(State::Undone);
            }
            Err(cause) if self.has_lost_session(&cause) => {
                self.record(&cause);
                self.find_again();
            }
            Err(cause) => {
                self.record(&cause);
                self.close();
                self.move_to(State::UndoFailed);
            }
        }
    }

    fn undo(&mut self) -> Result<(), Cause> {
        let inverse = self.approved.plan.undo_of(|number| self.accepted.contains(&number));
        match self.send_back(&inverse) {
            // A refused line of the inverse is not the end: what runs is read and compared, and the second rung is tried.
            Err(cause @ Cause::Refused { .. }) => self.record(&cause),
            other => other?,
        }
        let Some(backup) = self.before.as_ref().map(|before| before.running.clone()) else { return Ok(()) };
        let mut running = self.read_running()?;
        let mut missing = self.way_back(&running, &backup)?;
        self.compared("backup", missing.commands.len());
        if !missing.is_empty() {
            match self.send_back(&missing.commands) {
                Err(cause @ Cause::Refused { .. }) => self.record(&cause),
                other => other?,
            }
            running = self.read_running()?;
            missing = self.way_back(&running, &backup)?;
            self.compared("backup", missing.commands.len());
        }
        if !missing.is_empty() {
            return Err(Cause::UndoDiffers {
                router: self.job.router.clone(),
                differences: missing.commands.len(),
                diff: missing.diff().to_owned(),
            });
        }
        self.put_startup_back(&backup)
    }

    /// What would lead from what runs to the backup, line by line and list by list.
    fn way_back(&self, running: &Config, backup: &Config) -> Result<Plan, Cause> {
        plan::between(running, backup, &self.lifeline(), self.job.options.max_line).map_err(Cause::Plan)
    }

    /// The startup configuration must be the old one again too: we may have begun a save, or somebody else may have saved while
    /// a part of our plan ran.
    fn put_startup_back(&mut self, backup: &Config) -> Result<(), Cause> {
        let startup = Config::parse(show_startup(self.session()?)?.unwrap_or_default());
        // Where unsaved changes were adopted, the old startup configuration is not the backup's running one.
        if startup == *backup || self.before.as_ref().is_some_and(|before| startup == before.startup()) {
            return Ok(());
        }
        self.session()?.save().map_err(Cause::Session)?;
        self.prove_saved()
    }

    fn send_back(&mut self, commands: &[Command]) -> Result<(), Cause> {
        let total = commands.len();
        // From whatever submode the last line left us in to the global mode that the inverse begins in.
        self.session()?.enter_config(Take::Ask).map_err(Cause::Session)?;
        for command in commands {
            self.send(command, total, true)?;
        }
        Ok(())
    }

    /// Looks for a router whose session is gone, until the deadline, and decides by what it reads.
    pub(super) fn find_again(&mut self) {
        self.session = None;
        if self.save_in_doubt && self.job.lifeline == Lifeline::Console {
            return self.stay_away();
        }
        if self.progress.state() != State::Lost {
            self.move_to(State::Lost);
        }
        let deadline = Instant::now() + self.job.patience;
        let (last, occupied) = loop {
            let cause = match self.read_again() {
                Ok(running) => return self.resolve(&running),
                Err(cause) => cause,
            };
            // A console that is merely let go would stay logged in as administrator.
            self.close();
            let again = Instant::now() + super::connect::RETRY;
            if again >= deadline || self.means.cancel.wait_until(again) {
                let occupied = matches!(cause, Cause::Session(SessionError::Occupied { .. }));
                break (crate::message::Explain::text(&cause), occupied);
            }
        };
        self.record(&Cause::StayedLost { router: self.job.router.clone(), last, occupied });
    }

    /// A save may still be running on this very line, and nothing may be typed into it: the router stays lost until a person has
    /// seen its prompt.
    fn stay_away(&mut self) {
        self.move_to(State::Lost);
        let last = Text::new(
            "a save may still be running, and nothing may be typed while it runs; wait until the console shows its prompt, then run `ixdeploy resume`",
            "保存が実行中の可能性があり、その間は何も入力できません。コンソールにプロンプトが表示されるまで待ってから ixdeploy resume を実行してください",
        );
        self.record(&Cause::StayedLost { router: self.job.router.clone(), last, occupied: false });
    }

    fn read_again(&mut self) -> Result<Config, Cause> {
        self.open()?;
        let (job, cancel): (&Job, &Cancel) = (self.job, self.means.cancel);
        let expected = self.before.as_ref().map(|before| before.serial_number.clone()).unwrap_or_default();
        let session = self.session()?;
        let identity = read_identity(job, session, &())?;
        let started_at = identity.started_at.clone();
        // The inventory may name no serial number; the box must still be the one that was read before our first line.
        if identity.serial_number != expected {
            let found = identity.serial_number;
            return Err(Cause::WrongSerialNumber { router: job.router.clone(), expected, found });
        }
        enter(job, session, cancel)?;
        self.note_restart(started_at);
        self.read_running()
    }

    /// Says that the router has restarted since it was backed up. What it runs decides, so a clock that was set changes nothing.
    fn note_restart(&mut self, started_at: Option<String>) {
        let before = self.before.as_mut().map(|before| &mut before.started_at);
        let Some(before) = before.filter(|before| before.is_some() && started_at.is_some() && **before != started_at)
        else {
            return;
        };
        let then = std::mem::replace(before, started_at.clone()).unwrap_or_default();
        let now = started_at.unwrap_or_default();
        self.emit(&Event::Warned {
            router: self.job.router.clone(),
            warning: Text::new(
                format!(
                    "the router says that it started at {now}, before it was {then}: it restarted, or its clock was set"
                ),
                format!("ルータの起動時刻が {then} から {now} に変わりました(再起動、または時刻変更)"),
            ),
        });
    }

    fn resolve(&mut self, running: &Config) {
        match self.classify(running) {
            Found::Before => {
                self.compared("backup", 0);
                if let Some(backup) = self.before.as_ref().map(|before| before.running.clone())
                    && let Err(cause) = self.put_startup_back(&backup)
                {
                    self.record(&cause);
                    self.close();
                    return;
                }
                self.close();
                self.restart_pending = false;
                self.move_to(State::Undone);
            }
            Found::After => {
                self.compared("desired", 0);
                self.move_to(State::Applied);
                match self.keep() {
                    Ok(()) => self.close(),
                    Err(cause) if self.has_lost_session(&cause) => {
                        self.record(&cause);
                        self.close();
                        self.move_to(State::Lost);
                    }
                    Err(cause) => {
                        self.record(&cause);
                        self.take_back();
                    }
                }
            }
            Found::Between(carried_out) => {
                self.accepted = carried_out;
                self.doubt.clear();
                self.take_back();
            }
            Found::Mixed(diff) => {
                self.record(&Cause::Mixed { router: self.job.router.clone(), diff });
                self.close();
                self.move_to(State::Mixed);
            }
        }
    }

    fn classify(&self, running: &Config) -> Found {
        let Some(before) = &self.before else { return Found::Mixed(String::new()) };
        if *running == before.running {
            return Found::Before;
        }
        if self.may_be_complete() && self.remaining(running).is_ok_and(|remaining| remaining.is_empty()) {
            return Found::After;
        }
        // A prefix of our own plan explains it, or nothing of ours does.
        let mut model = Router::new(&before.running);
        let mut explained = None;
        for command in &self.approved.plan.commands {
            if model.enter(&command.text).is_err() {
                break;
            }
            if same_but_secrets(running, model.config()) {
                explained = Some(command.number);
            }
        }
        if let Some(sent) = explained {
            return Found::Between((1..=sent).collect());
        }
        if let Some(carried_out) = self.carried_out(running, &before.running) {
            return Found::Between(carried_out);
        }
        // On the way back lines go in another order than they came: each must still be one of ours.
        if self.undo_begun && self.every_line_is_explained(running, &before.running) {
            return Found::Between(BTreeSet::new());
        }
        Found::Mixed(plan::unified(&before.running, running, "backup", "running"))
    }

    /// The lines that brought the backup to what runs, where those that were accepted and some of those in doubt did: the router
    /// goes on behind a line that it refuses, so that the lines of a window are judged one by one. They do not depend on each
    /// other, so that each is in what runs or is not.
    fn carried_out(&self, running: &Config, backup: &Config) -> Option<BTreeSet<usize>> {
        let wanted = lines(running);
        let missing = |model: &Router| lines(model.config()).symmetric_difference(&wanted).count();
        let mut model = Router::new(backup);
        let mut carried_out = BTreeSet::new();
        for command in &self.approved.plan.commands {
            let accepted = self.accepted.contains(&command.number);
            if !accepted && !self.doubt.contains(&command.number) {
                continue;
            }
            let mut then = model.clone();
            let taken = then.enter(&command.text).is_ok();
            if accepted && !taken {
                return None;
            }
            if taken && (accepted || missing(&then) < missing(&model)) {
                carried_out.insert(command.number);
                model = then;
            }
        }
        same_but_secrets(running, model.config()).then_some(carried_out)
    }

    /// Whether every line may have been carried out. One with a secret that has no answer proves nothing: what the router prints
    /// of it cannot be compared.
    fn may_be_complete(&self) -> bool {
        self.approved.plan.commands.iter().all(|command| {
            let in_doubt = self.doubt.contains(&command.number) && !command.secret;
            self.accepted.contains(&command.number) || in_doubt
        })
    }

    /// Whether every line that runs was in the backup or is of the plan, and every line that is missing is of the plan too.
    fn every_line_is_explained(&self, running: &Config, backup: &Config) -> bool {
        let (now, before) = (lines(running), lines(backup));
        let mut ours = before.clone();
        let mut always = before;
        let mut model = Router::new(backup);
        for command in &self.approved.plan.commands {
            if model.enter(&command.text).is_err() {
                break;
            }
            let then = lines(model.config());
            always = always.intersection(&then).cloned().collect();
            ours.extend(then);
        }
        now.is_subset(&ours) && always.is_subset(&now)
    }
}

/// Every line with the blocks it stands in, without its secret and the form of it.
fn lines(config: &Config) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    config.walk(&mut |path, node| {
        let blocks = path.iter().map(|block| &*block.text);
        found.insert(blocks.chain([&*comparable(&node.text)]).collect::<Vec<_>>().join(" / "));
    });
    found
}
