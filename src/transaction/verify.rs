//! What must be shown before anything is saved: read again, logged in again, looked at again.
//!
//! Nothing here changes the configuration.

use std::net::IpAddr;

use super::draft::known;
use super::inspect::{Inspected, Inspection};
use super::logins::NewPassword;
use super::phases::Transaction;
use super::read::{enter, show_running};
use super::who::who_answers;
use super::{ChangeError, CheckResult, RecoveryError, TransactionError};
use crate::connect::{Connect, ConnectError};
use crate::ix::Config;
use crate::ix::display::Shown;
use crate::message::Text;
use crate::plan::{self, Knowledge, Lifeline};
use crate::record::{ComparedWith, Kind};
use crate::session::Session;
use crate::state::State;

/// The router, read again after the last line, is as declared. Only a reading makes one of these.
#[must_use]
pub(super) struct Applied(());

/// Everything that must hold before a save does: new logins, checks, the other routers of the site.
#[must_use]
pub(super) struct Verified(());

impl Applied {
    /// A lost router was read again, and every line of the plan is in what it runs.
    pub(super) fn as_read_again() -> Self {
        Self(())
    }
}

impl Transaction<'_> {
    /// From `applied` to `confirmed`: new logins, checks, and the other routers of the site.
    pub(super) fn verify(&mut self, _: Applied) -> Result<Verified, TransactionError> {
        self.enter(State::Verifying)?;
        self.check_cancelled()?;
        let proven = self.verify_lifeline()?;
        self.check_cancelled()?;
        self.verify_administrators(proven.as_ref())?;
        if let Err(failure) = self.inspect_changed() {
            self.waive_or_fail(failure)?;
        }
        self.check_cancelled()?;
        self.wait_to_save()?;
        self.enter(State::Confirmed)?;
        Ok(Verified(()))
    }

    /// The same where nothing was to be sent.
    pub(super) fn verify_unchanged(&mut self) -> Result<Verified, TransactionError> {
        self.enter(State::Verifying)?;
        self.inspect()?;
        // Checks that a request to stop has left out prove nothing.
        self.check_cancelled()?;
        self.wait_to_save()?;
        self.enter(State::Confirmed)?;
        Ok(Verified(()))
    }

    /// Reads the running configuration while config mode is ours.
    pub(super) fn read_running(&mut self) -> Result<Config, TransactionError> {
        show_running(self.session()?).map(|text| self.intent.parse(text))
    }

    /// What would still have to change for the router to be as declared.
    pub(super) fn remaining_plan(&self, running: &Config) -> Result<plan::Plan, TransactionError> {
        let knowledge = |owner: &str| {
            if self.sent.is_own_secret(owner) { Knowledge::Same } else { known(self.intent, &self.backup, owner) }
        };
        self.intent.plan(running, &self.lifeline(), &knowledge)
    }

    pub(super) fn verify_desired(&mut self) -> Result<Applied, TransactionError> {
        let (running, foreign) = self.read_and_find_foreign()?;
        if !foreign.is_empty() {
            self.compared(ComparedWith::Desired, foreign.len());
            return Err(self.foreign_cause(&running, &foreign));
        }
        let remaining = self.remaining_plan(&running)?;
        self.compared(ComparedWith::Desired, remaining.commands.len());
        if remaining.is_empty() {
            self.findings.verified = Some(running);
            return Ok(Applied(()));
        }
        Err(TransactionError::Change(ChangeError::StillDiffers {
            router: self.intent.router.clone(),
            differences: remaining.commands.len(),
            diff: remaining.diff().to_owned(),
            origins: remaining.origins(),
        }))
    }

    /// After a change of our own path a new session must come in while the first one keeps config mode: an established
    /// session survives a change that would block the next one. Returns the new password that has let it in.
    fn verify_lifeline(&mut self) -> Result<Option<NewPassword>, TransactionError> {
        let touched = self.approved.plan.commands.iter().any(|command| command.may_cut);
        if !touched || self.lifeline() == Lifeline::Console {
            return Ok(None);
        }
        let (moved, way) = (self.new_address(), self.env.connect);
        let new = self.new_password_of(way);
        // Where the plan has given this very user another password, only that one may come in from now on.
        let fresh = match (&new, &moved) {
            (Some(new), _) => way.connect_as(&new.user, &new.credential, moved.as_deref()),
            (None, Some(address)) => way.connect_at(address),
            (None, None) => way.connect(),
        };
        let mut fresh = fresh.map_err(|error| {
            let (router, error) = (self.intent.router.clone(), Box::new(error));
            match &new {
                Some(new) if error.refuses_login(way) => {
                    self.logins.refused.insert(new.credential.clone());
                    let user = new.user.clone();
                    TransactionError::Change(ChangeError::LoginUnproven { router, user, error: Some(error) })
                }
                _ => TransactionError::Change(ChangeError::LifelineCut { router, error }),
            }
        })?;
        let is_own = self.expect_own_box(way, &mut fresh);
        let proven = new.filter(|_| fresh.has_proven_login());
        if let Err(error) = fresh.close() {
            tracing::debug!(router = %self.intent.router, %error, "the second session did not end politely");
        }
        is_own?;
        if let Some(address) = moved {
            self.emit(Kind::Warned {
                warning: Text::new(
                    format!("from now on the router answers at {address}: correct `host:` in the inventory"),
                    format!("今後ルータは {address} で応答します。インベントリの host を修正してください"),
                ),
            });
        }
        Ok(proven)
    }

    /// A new session proves a path only where it leads to our box. Its host key proves that; without one the box is asked, and nothing else is
    /// typed before.
    fn expect_own_box(&self, way: &dyn Connect, fresh: &mut Session) -> Result<(), TransactionError> {
        if way.host_key().is_some() {
            return Ok(());
        }
        let (router, expected) = (self.intent.router.clone(), &self.backup.identity);
        match who_answers(self.intent, fresh, expected) {
            Ok(found) if expected.is_certainly(&found) => Ok(()),
            Ok(found) => Err(TransactionError::Change(ChangeError::AnotherBox {
                router,
                expected: expected.serial_number().to_owned(),
                found: found.serial_number().to_owned(),
            })),
            // It is the new session that broke, not ours.
            Err(TransactionError::Session(error)) => {
                let error = Box::new(ConnectError::Session(error));
                Err(TransactionError::Change(ChangeError::LifelineCut { router, error }))
            }
            Err(cause) => Err(cause),
        }
    }

    /// The address at which the router answers once the plan is there, where it is not the one we dialled.
    pub(super) fn new_address(&self) -> Option<String> {
        let Lifeline::Path(path) = self.lifeline() else { return None };
        let dialled = self.intent.path.dialled.as_deref()?;
        if path.address.as_deref() != Some(dialled) {
            // What we dial is not the router's own address: something on the path translates it.
            return None;
        }
        let interface = path.interface?;
        let block = self
            .approved
            .plan
            .expected
            .nodes
            .iter()
            .find(|block| block.context() == "interface" && block.arg("IF") == Some(interface.as_str()))?;
        let address = block.children.iter().find_map(|line| line.text.strip_prefix("ip address ")?.split('/').next());
        address.filter(|address| *address != dialled && address.parse::<IpAddr>().is_ok()).map(str::to_owned)
    }

    /// A new administrator's password is proven by a login before it is saved: a wrong one would lock everyone out. Over the
    /// network the first session keeps config mode meanwhile; a console has one session, which is left and taken up again. One
    /// that has just let us in needs no other proof.
    fn verify_administrators(&mut self, proven: Option<&NewPassword>) -> Result<(), TransactionError> {
        for NewPassword { user, credential, .. } in self.new_administrators() {
            if proven.is_some_and(|proven| (&proven.user, &proven.credential) == (&user, &credential)) {
                continue;
            }
            let one_session = self.lifeline() == Lifeline::Console;
            let left = if one_session { Some(self.read_running()?) } else { None };
            if one_session {
                self.close();
            }
            let router = self.intent.router.clone();
            let moved = self.new_address();
            let mut session = match self.env.connect.connect_as(&user, &credential, moved.as_deref()) {
                Ok(session) => session,
                Err(error) => {
                    if error.refuses_login(self.env.connect) {
                        self.logins.refused.insert(credential);
                    }
                    let unproven = TransactionError::Change(ChangeError::LoginUnproven {
                        router,
                        user,
                        error: Some(Box::new(error)),
                    });
                    // To take the change back we must come in as before; where even that fails, the router is lost.
                    if let Some(left) = &left
                        && let Err(lost) = self.open().and_then(|()| self.reacquire_config_mode(left))
                    {
                        self.record(&unproven);
                        return Err(lost);
                    }
                    return Err(unproven);
                }
            };
            let proven = session.has_proven_login();
            if let Some(left) = &left {
                self.session = Some(session);
                self.reacquire_config_mode(left)?;
            } else {
                let is_own = self.expect_own_box(self.env.connect, &mut session);
                if let Err(error) = session.close() {
                    tracing::debug!(%router, %error, "the second session did not end politely");
                }
                is_own?;
            }
            if !proven {
                return Err(TransactionError::Change(ChangeError::LoginUnproven { router, user, error: None }));
            }
        }
        Ok(())
    }

    /// Config mode again after it was given back for a moment: what runs must still be what we left. Anything else is someone's
    /// work of that moment, which is neither saved nor undone with ours.
    fn reacquire_config_mode(&mut self, left: &Config) -> Result<(), TransactionError> {
        let (intent, cancel) = (self.intent, self.env.cancel);
        self.expect_same_box(&())?;
        enter(intent, self.session()?, cancel)?;
        let running = self.read_running()?;
        self.compared(ComparedWith::Desired, usize::from(running != *left));
        if running == *left {
            return Ok(());
        }
        let diff = plan::unified(left, &running, "left", "running");
        Err(TransactionError::Recovery(RecoveryError::Mixed { router: intent.router.clone(), diff }))
    }

    /// Looks at a router that is as it was.
    fn inspect(&mut self) -> Result<(), TransactionError> {
        let intent = self.intent;
        self.carry_out(&Inspection::of(intent))
    }

    /// Looks at a router after something was changed: what takes a while is waited for.
    pub(super) fn inspect_changed(&mut self) -> Result<(), TransactionError> {
        let intent = self.intent;
        self.carry_out(&Inspection::of(intent).repeating())
    }

    /// Looks at a router that is back from a restart.
    pub(super) fn inspect_restarted(&mut self) -> Result<(), TransactionError> {
        let intent = self.intent;
        self.look_around(&Inspection::of(intent).repeating())?;
        self.judge_restarted()
    }

    fn carry_out(&mut self, inspection: &Inspection<'_>) -> Result<(), TransactionError> {
        let shown = self.look_around(inspection)?;
        self.say_what_else_changed(&shown);
        self.say_which_line(&shown);
        self.judge_checks()
    }

    /// Waits, as the checks say, for a line to come up. Whether they pass decides nothing.
    pub(super) fn watch_line(&mut self) -> Result<(), TransactionError> {
        let intent = self.intent;
        self.look_around(&Inspection::of(intent).repeating()).map(drop)
    }

    fn look_around(&mut self, inspection: &Inspection<'_>) -> Result<Vec<Shown>, TransactionError> {
        let (sink, cancel) = (self.env.recorder, self.env.cancel);
        let Inspected { results, shown, broken } = inspection.run(self.session()?, sink, cancel);
        let results: Vec<CheckResult> = results.into_iter().map(CheckResult::without_a_good_answer).collect();
        if let Some(error) = broken {
            // What the checks before it said counts; of an inspection that came to none, the one before does.
            if !results.is_empty() {
                self.findings.checks = results;
            }
            return Err(TransactionError::Session(error));
        }
        self.findings.checks = results;
        Ok(shown)
    }
}
