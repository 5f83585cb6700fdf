//! A transaction under way, and what each of its phases uses: the session, the states, the causes, the outcome.
//!
//! Each phase has its file: `execute` (the order, and what a failure means), `apply`, `verify`, `save`, `undo`, `recover`, `restart`.

use std::collections::BTreeSet;
use std::time::Instant;

use super::draft::lifeline;
use super::observed::Observed;
use super::{
    Advice, Approved, BarrierMember, CauseRecord, CheckResult, Decisions, Intent, Outcome, Power, TransactionError,
    Unverified,
};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::ix::Config;
use crate::journal::RouterJournal;
use crate::message::Text;
use crate::plan::{Command, Lifeline};
use crate::record::{Against, Kind, Sink, settle_hints};
use crate::secret::{CredentialName, Vault};
use crate::session::{Session, SessionError};
use crate::state::{Progress, State};
use crate::transport::TransportError;

/// What a transaction works with, beside its job.
#[derive(Clone, Copy)]
pub struct TransactionEnv<'a> {
    /// The way in.
    pub connect: &'a dyn Connect,
    /// Where secrets come from.
    pub vault: &'a dyn Vault,
    /// The wish to stop.
    pub cancel: &'a Cancel,
    /// Where it is recorded: on disk before it is done, and shown.
    pub recorder: &'a RouterJournal,
    /// Who is asked.
    pub decisions: &'a dyn Decisions,
    /// The site it changes together with, where that has other routers.
    pub site: Option<&'a BarrierMember>,
}

/// A transaction under way.
pub(super) struct Transaction<'a> {
    pub(super) intent: &'a Intent,
    pub(super) approved: Approved,
    pub(super) means: TransactionEnv<'a>,
    begun: Instant,
    pub(super) progress: Progress,
    pub(super) session: Option<Session>,
    /// What the router was before our first line: the backup.
    pub(super) before: Option<Observed>,
    /// The numbers of the plan's lines that were accepted.
    pub(super) accepted: BTreeSet<usize>,
    /// The numbers of those that were begun and have no answer: they may have been carried out. At most one window.
    pub(super) doubt: BTreeSet<usize>,
    /// The last line of the plan that was begun.
    pub(super) attempted: usize,
    /// The lines of the way back that were sent, in their order.
    pub(super) sent_back: Vec<Command>,
    /// Lines of somebody else that were found when the router was last read, as they are shown.
    pub(super) foreign: Vec<String>,
    /// Lines that the router made by itself, as far as they were shown.
    pub(super) made: BTreeSet<String>,
    /// Whether lines of the way back were sent.
    pub(super) undo_begun: bool,
    /// Whether the change is being taken back, whatever becomes of the session.
    pub(super) on_way_back: bool,
    /// Whether what was missing on a lost router was sent.
    pub(super) finish_begun: bool,
    /// Whether the router may have restarted since it was backed up.
    pub(super) may_have_restarted: bool,
    /// How often the router was looked for.
    pub(super) looks: usize,
    /// Whether another process began it.
    pub(super) resumed: bool,
    /// Whether the last session ended because its cable was pulled out of our machine.
    pub(super) pulled: bool,
    /// Whether a restart was ordered.
    pub(super) restart_ordered: bool,
    /// What ran when everything was last found as declared.
    pub(super) proven: Option<Config>,
    /// The last line of the plan that was ever begun, as far as was known at the last look: what is behind it is not ours.
    pub(super) reached: usize,
    /// Whether the journal could not be written: it is said once.
    pub(super) journal_failed: bool,
    /// Secret lines we entered ourselves, by what stands before the secret: their printed form is ours.
    pub(super) pushed: BTreeSet<String>,
    /// Whether a save was begun: then the startup configuration is part of what must be taken back.
    pub(super) save_begun: bool,
    /// Whether a save may still be running: then nothing may be typed on its line.
    pub(super) save_in_doubt: bool,
    /// Whether a save was answered, with yes or no: then it is over.
    pub(super) save_answered: bool,
    /// Whether an accepted line takes effect only after a restart.
    pub(super) restart_pending: bool,
    /// Why it is saved without all of it being proven.
    pub(super) unverified: Option<Unverified>,
    /// Passwords that the router has refused since a line last set one: none is tried a second time.
    pub(super) refused_logins: BTreeSet<CredentialName>,
    /// The credential of the login from now on, where it is not the inventory's.
    pub(super) new_login: Option<String>,
    pub(super) serial_number: Option<String>,
    causes: Vec<CauseRecord>,
    /// Those of them that a person must settle, unless a later rung does.
    for_person: BTreeSet<usize>,
    pub(super) checks: Vec<CheckResult>,
}

impl<'a> Transaction<'a> {
    pub(super) fn new(intent: &'a Intent, approved: &'a Approved, means: TransactionEnv<'a>) -> Self {
        Self {
            intent,
            approved: approved.clone(),
            means,
            begun: Instant::now(),
            progress: Progress::default(),
            session: None,
            before: None,
            accepted: BTreeSet::new(),
            doubt: BTreeSet::new(),
            attempted: 0,
            sent_back: Vec::new(),
            foreign: Vec::new(),
            made: BTreeSet::new(),
            undo_begun: false,
            on_way_back: false,
            finish_begun: false,
            may_have_restarted: false,
            looks: 0,
            resumed: false,
            pulled: false,
            restart_ordered: false,
            proven: None,
            reached: 0,
            journal_failed: false,
            pushed: BTreeSet::new(),
            save_begun: false,
            save_in_doubt: false,
            save_answered: false,
            restart_pending: false,
            unverified: None,
            refused_logins: BTreeSet::new(),
            new_login: None,
            serial_number: None,
            causes: Vec::new(),
            for_person: BTreeSet::new(),
            checks: Vec::new(),
        }
    }

    /// Writes and says how it ended.
    pub(super) fn end(mut self) -> Outcome {
        self.note_new_login();
        let mut outcome = self.outcome();
        self.write_end(&outcome, u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX));
        // That the journal is not whole is said by the outcome alone where it is its last record that is missing.
        outcome.causes.append(&mut self.causes);
        outcome
    }

    pub(super) fn open(&mut self) -> Result<(), TransactionError> {
        self.session = Some(self.log_in(self.means.connect, None)?);
        Ok(())
    }

    /// The path of our session: declared, or found on the router as it was before our first line.
    pub(super) fn lifeline(&self) -> Lifeline {
        match &self.before {
            Some(before) => lifeline(self.intent, &before.running),
            None => self.intent.path.lifeline.clone(),
        }
    }

    /// Whether the session is gone. One that stands at a known prompt inside config mode is not, whatever was wrong.
    pub(super) fn has_lost_session(&self, cause: &TransactionError) -> bool {
        let stands = matches!(cause, TransactionError::Session(error) if error.is_usable())
            && self.session.as_ref().is_some_and(|session| session.mode().is_config());
        cause.lost_session() && !stands
    }

    pub(super) fn record(&mut self, cause: &TransactionError) {
        if let TransactionError::Session(error) = cause {
            self.pulled = matches!(error, SessionError::Link(TransportError::Lost { cable: true, .. }));
        }
        let mut record = CauseRecord::of(cause);
        if cause.needs_person() {
            self.for_person.insert(self.causes.len());
            if matches!(cause, TransactionError::StartupNotBack { .. }) {
                // It says by itself what a restart may bring up.
            } else if self.save_begun {
                record.hints = vec![after_a_save()];
            }
        }
        self.emit(Kind::Failed { cause: record.clone(), for_person: cause.needs_person() });
        self.causes.push(record);
    }

    /// Whether a cause was recorded of whose code this is true.
    pub(super) fn has_recorded(&self, is: &dyn Fn(&str) -> bool) -> bool {
        self.causes.iter().any(|cause| is(&cause.code))
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
        self.session.as_mut().ok_or_else(|| TransactionError::StayedLost {
            router: router.clone(),
            last: Text::default(),
            occupied: false,
        })
    }

    pub(super) fn enter(&mut self, state: State) -> Result<(), TransactionError> {
        if let (State::Saving, Some(member)) = (state, self.means.site) {
            member.save_begins(self.intent.bounds.save())?;
        }
        self.progress.enter(state)?;
        if let (State::Saved, Some(member)) = (state, self.means.site) {
            member.saved();
        }
        self.write_state(state)
    }

    /// Enters a state on the way out, where a written transition is certain; a defect is logged, not hidden.
    pub(super) fn move_to(&mut self, state: State) {
        if let Err(cause) = self.enter(state) {
            self.record(&cause);
        }
    }

    pub(super) fn compared(&self, with: Against, differences: usize) {
        self.emit(Kind::Compared { with, differences });
    }

    pub(super) fn emit(&self, kind: Kind) {
        self.means.recorder.emit(kind);
    }

    /// What a power cycle would bring up now.
    fn power(&self) -> Power {
        match &self.before {
            None => Power::Unknown,
            Some(_) if self.save_begun => Power::SaveBegun,
            Some(before) if before.is_saved(self.intent) && self.foreign.is_empty() => Power::Before,
            Some(_) => Power::Unsaved,
        }
    }

    fn outcome(&mut self) -> Outcome {
        let state = self.progress.state();
        // A later step of the undo settled it: what a person would have to do is no longer so.
        settle_hints(state, &mut self.causes, std::mem::take(&mut self.for_person));
        Outcome {
            advice: Advice::of(state, self.power(), Some(self.means.recorder.archive().run().as_str())),
            router: self.intent.router.clone(),
            site: self.intent.site.clone(),
            state,
            causes: std::mem::take(&mut self.causes),
            serial_number: self.serial_number.take(),
            sent: self.accepted.len(),
            planned: self.approved.plan.commands.len(),
            restart_pending: self.restart_pending,
            foreign: std::mem::take(&mut self.foreign),
            unverified: self.unverified.take(),
            new_login: self.new_login.take(),
            checks: std::mem::take(&mut self.checks),
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
