//! With which password we come in, where the plan changes that of the very user who logs in here.
//!
//! Two values may be right then and both are known: the connection's own, and the one that the plan enters (where an undo enters its printed
//! form, the journal says with which credential the router was reached when that was read). What the journal says
//! about that line decides which is tried first; each is tried once. A value that the router has refused is not tried again in this
//! run, unless a line that sets it was sent meanwhile: a router that counts wrong logins must not lock its administrator out.

use super::phases::{Backup, Transaction, Uptime};
use super::{Intent, RecoveryError, TransactionError, read};
use crate::connect::{Connect, ConnectError};
use crate::message::Text;
use crate::plan::Command;
use crate::record::LoginRecord;
use crate::secret::CredentialName;
use crate::session::{Session, SessionError};
use crate::state::State;

/// The password that a plan gives to the user who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewPassword {
    /// The line that sets it.
    pub(super) number: usize,
    pub(super) user: String,
    pub(super) credential: CredentialName,
}

/// One of the values that may be right.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// As the connection declares it.
    Declared,
    /// As the plan sets it.
    New(NewPassword),
}

impl<B: Backup> Transaction<'_, B> {
    /// The new password of the user who logs in over this way; the last line that sets one holds. Where no one logs in yet, the router asks
    /// for that of its new administrator from then on.
    pub(super) fn new_password_of(&self, way: &dyn Connect) -> Option<NewPassword> {
        let account = way.account();
        let logs_in = |new: &NewPassword| account.as_ref().is_none_or(|account| new.user == account.user);
        let mut commands = self.approved.plan.commands.iter().rev();
        let new = commands.find_map(|command| new_password(self.intent, command).filter(logs_in))?;
        let known = account.as_ref().and_then(|account| account.password.as_ref());
        (known != Some(&new.credential)).then_some(new)
    }

    /// The administrators whose password the plan enters.
    pub(super) fn new_administrators(&self) -> Vec<NewPassword> {
        self.approved.plan.commands.iter().filter_map(|command| new_password(self.intent, command)).collect()
    }

    /// The values that may be right on this way, the likelier first, without those that were refused.
    fn values(&self, way: &dyn Connect) -> Vec<Value> {
        let mut values = match self.new_password_of(way) {
            None => vec![Value::Declared],
            Some(new) => in_order(self.acceptance(new.number), Value::New(new)),
        };
        values.retain(|value| self.name_of(way, value).is_none_or(|name| !self.logins.refused.contains(&name)));
        values
    }

    /// What the journal says about a line.
    fn acceptance(&self, number: usize) -> Acceptance {
        if !self.sent.has_reached(number) {
            return Acceptance::NotSent;
        }
        let may_be_gone = self.machine.is_undo_sent() || self.recovery.uptime == Uptime::MaybeBroken;
        if self.sent.is_accepted(number) && !may_be_gone { Acceptance::CarriedOut } else { Acceptance::Unknown }
    }

    fn name_of(&self, way: &dyn Connect, value: &Value) -> Option<CredentialName> {
        match value {
            Value::Declared => way.account()?.password,
            Value::New(new) => Some(new.credential.clone()),
        }
    }

    /// Whether any value is left that the router has not refused, on any way.
    pub(super) fn may_log_in(&self) -> bool {
        let ways = [Some(self.env.connect), self.env.connect.second_way()];
        ways.into_iter().flatten().any(|way| !self.values(way).is_empty())
    }

    /// Opens a session with the first value that the router takes.
    pub(super) fn log_in(&mut self, way: &dyn Connect, address: Option<&str>) -> Result<Session, TransactionError> {
        let router = self.intent.router.clone();
        let last = Text::new(
            "the router has refused every password that is known for it",
            "既知のパスワードはすべてルータに拒否されました",
        );
        let mut refused =
            TransactionError::Recovery(RecoveryError::StayedLost { router: router.clone(), last, occupied: false });
        for value in self.values(way) {
            let opened = match (&value, address) {
                (Value::Declared, None) => way.connect(),
                (Value::Declared, Some(address)) => way.connect_at(address),
                (Value::New(new), address) => way.connect_as(&new.user, &new.credential, address),
            };
            let error = match opened {
                Ok(session) => {
                    self.note_login(&value);
                    return Ok(read::greet(way, session, self.env.recorder));
                }
                Err(error) => error,
            };
            let is_refusal = error.refuses_login(way);
            // A value that cannot be resolved, and a way that knows no login, say nothing about the other one.
            let knows_none = matches!(
                error,
                ConnectError::Secret(_)
                    | ConnectError::AllRefused { .. }
                    | ConnectError::Session(SessionError::LoginNeeded { .. })
            );
            let goes_on = is_refusal || knows_none;
            let cause = TransactionError::Connect { router: router.clone(), error: Box::new(error) };
            if !goes_on {
                return Err(cause);
            }
            if is_refusal {
                self.logins.refused.extend(self.name_of(way, &value));
            }
            refused = cause;
        }
        Err(refused)
    }

    /// What the router has just accepted tells of the line that sets it.
    fn note_login(&mut self, value: &Value) {
        let Value::New(new) = value else { return };
        if !self.machine.is_undoing() && self.sent.is_in_doubt(new.number) {
            self.sent.accept(new.number);
            self.remember_secret(new.number);
        }
    }

    /// A line that sets a user's password makes right what was wrong, and the other way round.
    pub(super) fn forget_refusals_at(&mut self, command: &Command) {
        if self.intent.dialect().words().concerns_user(&command.text) {
            self.logins.refused.clear();
        }
    }

    /// The password that was saved for the user who logs in, where this run has set one: later runs log in with it. Where the
    /// inventory names no login, the router had none, and asks from now on for that of its new administrator.
    pub(super) fn saved_login(&self) -> Option<LoginRecord> {
        if self.machine.state() != State::Saved {
            return None;
        }
        let user = self.env.connect.account().map(|account| account.user);
        self.approved.plan.commands.iter().rev().find_map(|command| {
            let (named, credential) = self.intent.administrator_of(&command.text)?;
            let credential = credential.map(|name| name.to_string());
            let concerns = user.as_ref().map_or(credential.is_some(), |user| user == named);
            concerns.then(|| LoginRecord { user: named.to_owned(), credential })
        })
    }

    /// The credential that the inventory must name from now on, where this run has saved another one.
    pub(super) fn new_login(&self, saved: Option<&LoginRecord>) -> Option<String> {
        let declared = self.env.connect.account().and_then(|account| account.declared);
        let credential = saved?.credential.clone()?;
        (declared.map(|name| name.to_string()).as_ref() != Some(&credential)).then_some(credential)
    }
}

/// What is known of the line that sets the new value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Acceptance {
    /// It was not sent.
    NotSent,
    /// It was accepted, and nothing since can have undone it.
    CarriedOut,
    /// It has no answer, was refused, or may have been undone.
    Unknown,
}

/// The values that may be right, the likelier first. In doubt the old one comes first: it is also right if the line was lost before
/// it arrived, if it was undone, and after a restart.
fn in_order(standing: Acceptance, new: Value) -> Vec<Value> {
    match standing {
        Acceptance::NotSent => vec![Value::Declared],
        Acceptance::CarriedOut => vec![new, Value::Declared],
        Acceptance::Unknown => vec![Value::Declared, new],
    }
}

/// The password that a line of a plan gives to an administrator.
fn new_password(intent: &Intent, command: &Command) -> Option<NewPassword> {
    let (user, credential) = intent.administrator_of(&command.text)?;
    Some(NewPassword { number: command.number, user: user.to_owned(), credential: credential? })
}
