//! A transaction in progress, and what each of its phases uses: the session, the states, the causes, the outcome.
//!
//! Each phase has its file: `execute` (their order, and what a failure means), `observe`, `apply`, `verify`, `save`, `undo`, `recover`,
//! `restart`. What a phase hands to the next one is a type (`Observed`, `Applied`, `Verified`), so that none can be left out.

use std::collections::BTreeSet;
use std::time::Instant;

use super::approved::Approved;
use super::machine::Machine;
use super::observed::Observed;
use super::sent::SentLines;
use super::startup::was_saved;
use super::{
    Advice, BarrierMember, CauseRecord, ChangeError, CheckResult, Decisions, Intent, Outcome, Power, RecoveryError,
    SaveError, TransactionError, Unverified,
};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::ix::Config;
use crate::ix::display::Shown;
use crate::journal::RouterJournal;
use crate::message::Text;
use crate::plan::Lifeline;
use crate::record::{ComparedWith, Ending, Kind, Sink};
use crate::secret::{CredentialName, Vault};
use crate::session::{Session, SessionError};
use crate::state::State;
use crate::transport::TransportError;

/// What a transaction works with, beside its intent.
#[derive(Clone, Copy)]
pub struct TransactionEnv<'a> {
    /// The way in.
    pub connect: &'a dyn Connect,
    /// Where secrets come from.
    pub vault: &'a dyn Vault,
    /// The request to stop.
    pub cancel: &'a Cancel,
    /// Where it is recorded: on disk before it is done, and shown.
    pub recorder: &'a RouterJournal,
    /// Who is asked.
    pub decisions: &'a dyn Decisions,
    /// The site it changes together with, where that has other routers.
    pub site: Option<&'a BarrierMember>,
}

/// A router that has not been read: there is no backup, so nothing may be written to it, and there is nothing to undo.
pub(super) struct Unread;

/// What is known of a router as it was before our first line.
pub(super) trait Backup {
    /// The backup, once there is one.
    fn observed(&self) -> Option<&Observed>;
}

impl Backup for Unread {
    fn observed(&self) -> Option<&Observed> {
        None
    }
}

impl Backup for Observed {
    fn observed(&self) -> Option<&Observed> {
        Some(self)
    }
}

/// A transaction in progress. Its phases are types: whatever changes a router is a method of one that has its backup.
pub(super) struct Transaction<'a, B = Observed> {
    pub(super) intent: &'a Intent,
    pub(super) approved: Approved,
    pub(super) env: TransactionEnv<'a>,
    begun: Instant,
    /// Where it is, which way it goes, and what it may do there.
    pub(super) machine: Machine,
    pub(super) session: Option<Session>,
    /// What the router was before our first line: the backup.
    pub(super) backup: B,
    /// What was sent.
    pub(super) sent: SentLines,
    /// What was read of it since.
    pub(super) findings: Findings,
    /// How it was lost, and looked for.
    pub(super) recovery: Recovery,
    /// Which passwords are right.
    pub(super) logins: Logins,
    /// Whether the record has a gap.
    pub(super) record_gap: RecordGap,
    pub(super) serial_number: Option<String>,
}

/// What was found on a router since our first line.
#[derive(Default)]
pub(super) struct Findings {
    /// What ran when everything was last found as declared.
    pub(super) verified: Option<Config>,
    /// Someone else's lines, when it was last read, as they are shown.
    pub(super) foreign: Vec<String>,
    /// Lines that the router made by itself, as far as they were shown.
    pub(super) made: BTreeSet<String>,
    /// How its checks ended.
    pub(super) checks: Vec<CheckResult>,
    /// What its checks' commands showed before the first line, read into fields.
    pub(super) shown_before: Vec<Shown>,
    /// The required checks that failed before the first line.
    pub(super) failed_before: Vec<CheckResult>,
    /// Why it is saved without all of it being proven.
    pub(super) unverified: Option<Unverified>,
}

/// How a router was lost, and looked for.
pub(super) struct Recovery {
    /// How often it was looked for.
    pub(super) looks: usize,
    /// How the last session ended.
    pub(super) loss: Loss,
    /// Whether what it accepted is still there.
    pub(super) uptime: Uptime,
    /// It has certainly restarted since the last save was ordered, so that none runs any more.
    pub(super) ended_saves: bool,
    /// When a save that this process has ordered is over, answered or not.
    pub(super) save_ends_by: Option<Instant>,
    /// An earlier process may have ordered a save over the network: a console at its prompt says nothing about that one.
    pub(super) saves_elsewhere: bool,
    /// The process that changed it is gone, and had recorded no cause.
    pub(super) is_unexplained: bool,
}

/// How a session ended that is looked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// It went away.
    Session,
    /// Its cable was pulled out of our machine.
    Cable,
    /// The process that held it is gone.
    Process,
}

/// Whether a router has been up since it was backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uptime {
    /// As far as it says.
    Unbroken,
    /// It may have restarted: what it had accepted by then may be gone.
    MaybeBroken,
}

/// Which passwords the router takes.
#[derive(Default)]
pub(super) struct Logins {
    /// Those that it has refused since a line last set one: none is tried a second time.
    pub(super) refused: BTreeSet<CredentialName>,
}

/// Whether something could not be written to the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum RecordGap {
    /// Nothing.
    #[default]
    None,
    /// Something, and that was said: once is enough.
    Told,
}

impl<'a> Transaction<'a, Unread> {
    /// A transaction that has a plan and nothing else.
    pub(super) fn new(intent: &'a Intent, approved: &'a Approved, env: TransactionEnv<'a>) -> Self {
        Self {
            intent,
            approved: approved.clone(),
            env,
            begun: Instant::now(),
            machine: Machine::planned(),
            session: None,
            backup: Unread,
            sent: SentLines::default(),
            findings: Findings::default(),
            recovery: Recovery {
                looks: 0,
                loss: Loss::Session,
                uptime: Uptime::Unbroken,
                ended_saves: false,
                save_ends_by: None,
                saves_elsewhere: false,
                is_unexplained: false,
            },
            logins: Logins::default(),
            record_gap: RecordGap::None,
            serial_number: None,
        }
    }

    /// The same, with the backup: from here on the router may be changed, and undone.
    pub(super) fn backed_up(self, backup: Observed) -> Transaction<'a> {
        Transaction {
            intent: self.intent,
            approved: self.approved,
            env: self.env,
            begun: self.begun,
            machine: self.machine,
            session: self.session,
            backup,
            sent: self.sent,
            findings: self.findings,
            recovery: self.recovery,
            logins: self.logins,
            record_gap: self.record_gap,
            serial_number: self.serial_number,
        }
    }
}

impl<B: Backup> Transaction<'_, B> {
    /// Writes how it ended, and returns what its records say about it.
    pub(super) fn end(mut self) -> Outcome {
        let ending = self.ending();
        // Where it is this record that cannot be kept, that is said behind it.
        self.write_now(Kind::Ended(Box::new(ending)));
        self.env.recorder.outcome()
    }

    /// A request to stop ends it here, between two steps.
    pub(super) fn check_cancelled(&self) -> Result<(), TransactionError> {
        if self.env.cancel.is_asked() {
            return Err(TransactionError::Change(ChangeError::Stopped {
                router: self.intent.router.clone(),
                number: None,
            }));
        }
        Ok(())
    }

    pub(super) fn open(&mut self) -> Result<(), TransactionError> {
        self.session = Some(self.log_in(self.env.connect, None)?);
        Ok(())
    }

    /// The path of our session: declared, or found on the router as it was before our first line.
    pub(super) fn lifeline(&self) -> Lifeline {
        match self.backup.observed() {
            Some(before) => self.intent.lifeline(&before.running),
            None => self.intent.path.lifeline.clone(),
        }
    }

    /// Whether the session is gone. One at a known prompt inside config mode is not, whatever was wrong.
    pub(super) fn has_lost_session(&self, cause: &TransactionError) -> bool {
        let is_at_prompt = matches!(cause, TransactionError::Session(error) if error.is_usable())
            && self.session.as_ref().is_some_and(|session| session.mode().is_config());
        cause.lost_session() && !is_at_prompt
    }

    pub(super) fn record(&mut self, cause: &TransactionError) {
        if let TransactionError::Session(error) = cause {
            let pulled = matches!(error, SessionError::Link(TransportError::Lost { cable: true, .. }));
            self.recovery.loss = if pulled { Loss::Cable } else { Loss::Session };
        }
        let mut record = CauseRecord::of(cause);
        // One of them says by itself what a restart may bring up.
        let says_so = matches!(cause, TransactionError::Save(SaveError::StartupNotBack { .. }));
        if cause.needs_person() && !says_so && self.machine.save().is_begun() {
            record.hints = vec![after_a_save()];
        }
        self.emit(Kind::Failed { cause: record, for_person: cause.needs_person() });
    }

    /// Gives config mode back and logs out; what the router holds is decided, so a failure here changes no outcome.
    pub(super) fn close(&mut self) {
        if let Some(session) = self.session.take()
            && let Err(error) = session.close()
        {
            tracing::debug!(router = %self.intent.router, %error, "the session did not end politely");
        }
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, TransactionError> {
        let router = &self.intent.router;
        self.session.as_mut().ok_or_else(|| {
            TransactionError::Recovery(RecoveryError::StayedLost {
                router: router.clone(),
                last: Text::default(),
                occupied: false,
            })
        })
    }

    pub(super) fn enter(&mut self, state: State) -> Result<(), TransactionError> {
        if let (State::Saving, Some(member)) = (state, self.env.site) {
            let bounds = &self.intent.bounds;
            member.save_begins(if self.save_may_go_on() { bounds.save_again() } else { bounds.save() })?;
        }
        self.machine.enter(state)?;
        if let (State::Saved, Some(member)) = (state, self.env.site) {
            member.saved();
        }
        self.write_state(state)
    }

    /// Enters a state on the way out, where a written transition is certain; a defect is logged, not hidden.
    pub(super) fn enter_or_record(&mut self, state: State) {
        if let Err(cause) = self.enter(state) {
            self.record(&cause);
        }
    }

    pub(super) fn compared(&self, with: ComparedWith, differences: usize) {
        let foreign = if with == ComparedWith::Backup { self.findings.foreign.len() } else { 0 };
        self.emit(Kind::Compared { with, differences, foreign });
    }

    pub(super) fn emit(&self, kind: Kind) {
        self.env.recorder.emit(kind);
    }

    /// What a power cycle would bring up now.
    fn power(&self) -> Power {
        match self.backup.observed() {
            None => Power::Unknown,
            Some(_) if self.machine.save().is_begun() => Power::SaveBegun,
            Some(before) if was_saved(self.intent, before) && self.findings.foreign.is_empty() => Power::Before,
            Some(_) => Power::Unsaved,
        }
    }

    /// Ends before anything was written: what the router is, by how far we came.
    pub(super) fn refuse(&mut self, cause: &TransactionError) {
        self.close();
        let state = match (self.machine.state(), cause.before_write()) {
            (State::Planned, state) | (_, state @ State::Occupied) => state,
            _ if cause.lost_session() => State::Unreachable,
            (State::BackedUp, state @ (State::Drifted | State::NotStarted)) => state,
            _ => State::Refused,
        };
        self.enter_or_record(state);
    }

    /// How it ended: what the records before do not say.
    fn ending(&mut self) -> Ending {
        let state = self.machine.state();
        let login = self.saved_login();
        let advice = Advice::of(state, self.power(), Some(self.env.recorder.archive().run().as_str()));
        let so_far = self.env.recorder.outcome();
        Ending {
            state,
            sent: self.sent.count(),
            restart_pending: self.sent.needs_restart(),
            milliseconds: Some(u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)),
            planned: Some(self.approved.plan.commands.len()),
            serial_number: self.serial_number.take(),
            foreign: std::mem::take(&mut self.findings.foreign),
            new_login: self.new_login(login.as_ref()),
            login,
            advice,
            failure_class: Outcome { state, ..so_far }.failure_class(),
            attempts: None,
            causes: Vec::new(),
        }
    }
}

/// What to do where a save was begun: a restart may bring the new configuration up instead of the old one.
fn after_a_save() -> Text {
    Text::new(
        "a save was begun, so the startup configuration may be the new one: do not restart the router; connect by console, compare `show startup-config` with the backup, and correct by hand",
        "保存を開始していたため、startup は新しい内容になっている可能性があります。再起動せず、コンソールで show startup-config をバックアップと比較し、手で直してください",
    )
}
