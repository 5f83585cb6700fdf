//! The transaction itself: from the lock to `saved`, or to `undone`, or to an honest `lost`.
//!
//! Read [`execute`] from top to bottom: it is the order in which things happen on the router. Every early return goes through
//! [`Run::fail`], which decides by what was already sent whether there is anything to take back.

use std::collections::BTreeSet;
use std::time::Instant;

use super::connect::Connect;
use super::kept::masked;
use super::observe::{
    Observed, digest, draft, enter, lifeline, open, read_configuration, read_identity, show_if_accepted, show_running,
    show_startup,
};
use super::{Approved, Cause, CauseRecord, CheckResult, Inspection, Job, Member, Outcome};
use crate::cancel::Cancel;
use crate::event::{Event, Sink};
use crate::ix::diagnostic::DiagnosticKind;
use crate::ix::{Config, line, mask, show, wire};
use crate::journal::{Ledger, Record};
use crate::message::Text;
use crate::plan::{self, Command, Knowledge, Lifeline};
use crate::secret::{self, CredentialName, Vault};
use crate::session::{SendLine, Session, SessionError};
use crate::state::{Progress, State};

/// What a transaction works with, beside its job.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The way in.
    pub connect: &'a dyn Connect,
    /// Where secrets come from.
    pub vault: &'a dyn Vault,
    /// The wish to stop.
    pub cancel: &'a Cancel,
    /// Who is told.
    pub sink: &'a dyn Sink,
    /// Where it is written before it is done.
    pub ledger: &'a Ledger,
    /// The site it changes together with, where that has other routers.
    pub site: Option<&'a Member>,
}

/// Brings one router to what a person agreed to, or takes everything back.
pub fn execute(job: &Job, approved: &Approved, means: Means<'_>) -> Outcome {
    let mut run = Run::new(job, approved, means);
    if let Err(cause) = run.go() {
        run.fail(cause);
    }
    run.end()
}

/// A transaction under way.
pub(super) struct Run<'a> {
    pub(super) job: &'a Job,
    pub(super) approved: Approved,
    pub(super) means: Means<'a>,
    begun: Instant,
    pub(super) progress: Progress,
    pub(super) session: Option<Session>,
    /// What the router was before our first line: the backup.
    pub(super) before: Option<Observed>,
    /// Lines of the plan that were accepted.
    pub(super) sent: usize,
    /// The last line of the plan that was begun: it may have been carried out without an answer.
    pub(super) attempted: usize,
    /// Whether lines of the way back were sent.
    pub(super) undo_begun: bool,
    /// Whether a restart was ordered.
    pub(super) restart_ordered: bool,
    /// Whether the journal could not be written: it is said once.
    pub(super) journal_failed: bool,
    /// Secret lines we entered ourselves, by what stands before the secret: their printed form is ours.
    pub(super) pushed: BTreeSet<String>,
    /// Whether a save was begun: then the startup configuration is part of what must be taken back.
    pub(super) save_begun: bool,
    /// Whether a save may still be running: then nothing may be typed on its line.
    pub(super) save_in_doubt: bool,
    restart_pending: bool,
    serial_number: Option<String>,
    causes: Vec<CauseRecord>,
    checks: Vec<CheckResult>,
}

impl<'a> Run<'a> {
    pub(super) fn new(job: &'a Job, approved: &'a Approved, means: Means<'a>) -> Self {
        Self {
            job,
            approved: approved.clone(),
            means,
            begun: Instant::now(),
            progress: Progress::default(),
            session: None,
            before: None,
            sent: 0,
            attempted: 0,
            undo_begun: false,
            restart_ordered: false,
            journal_failed: false,
            pushed: BTreeSet::new(),
            save_begun: false,
            save_in_doubt: false,
            restart_pending: false,
            serial_number: None,
            causes: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Writes and says how it ended.
    pub(super) fn end(mut self) -> Outcome {
        self.write_end();
        self.emit(&Event::Ended {
            router: self.job.router.clone(),
            state: self.progress.state(),
            milliseconds: u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        });
        self.outcome()
    }

    fn go(&mut self) -> Result<(), Cause> {
        self.intend()?;
        self.open()?;
        self.lock_and_back_up()?;
        if let Some(member) = self.means.site {
            member.backed_up()?;
        }
        if self.approved.plan.is_empty() {
            self.enter(State::Verifying)?;
            self.inspect()?;
            self.wait_for_site()?;
            self.enter(State::Confirmed)?;
            // Only what a restart brings back is called saved; what was adopted is saved though nothing was sent.
            if self.before.as_ref().is_some_and(|before| before.unsaved.is_some()) {
                self.enter(State::Saving)?;
                self.save()?;
            }
            self.enter(State::Saved)?;
        } else {
            self.have_every_secret()?;
            let needs_host_key = self.needs_host_key()?;
            self.enter(State::Applying)?;
            if needs_host_key {
                self.generate_host_key()?;
            }
            self.push()?;
            self.prove_desired()?;
            self.enter(State::Applied)?;
            self.keep()?;
        }
        self.close();
        Ok(())
    }

    /// Every router of the site is verified before the first is saved, and they are saved in order.
    fn wait_for_site(&self) -> Result<(), Cause> {
        self.means.site.map_or(Ok(()), Member::verified)
    }

    /// From `applied` to `saved`: look, then keep.
    pub(super) fn keep(&mut self) -> Result<(), Cause> {
        self.enter(State::Verifying)?;
        self.prove_lifeline()?;
        self.prove_administrators()?;
        self.inspect()?;
        if self.means.cancel.is_asked() {
            return Err(Cause::Stopped { router: self.job.router.clone(), number: None });
        }
        self.wait_for_site()?;
        self.enter(State::Confirmed)?;
        self.enter(State::Saving)?;
        self.save()?;
        self.enter(State::Saved)
    }

    pub(super) fn open(&mut self) -> Result<(), Cause> {
        self.session = Some(open(self.job, self.means.connect, self.means.sink)?);
        Ok(())
    }

    pub(super) fn lock_and_back_up(&mut self) -> Result<(), Cause> {
        let (job, sink, cancel) = (self.job, self.means.sink, self.means.cancel);
        let session = self.session()?;
        let identity = read_identity(job, session, sink)?;
        let taken_over = enter(job, session, cancel)?;
        if taken_over {
            self.emit(&Event::TookOver { router: job.router.clone() });
        }
        self.enter(State::Locked)?;
        let session = self.session()?;
        let observed = read_configuration(job, session, identity, sink)?;
        self.serial_number = Some(observed.serial_number.clone());
        self.enter(State::BackedUp)?;
        if let Some(what) = self.approved.moved_on(&observed.fingerprint()) {
            return Err(Cause::Drifted { router: job.router.clone(), what });
        }
        if self.approved.is_open() {
            self.keep_backup(&observed, taken_over)?;
            self.before = Some(observed);
            return Ok(());
        }
        // Secrets are not part of a fingerprint, yet the way back must enter those that stand there now: the plan is made again.
        let plan = draft(job, &observed)?;
        if masked(&plan.commands) != masked(&self.approved.plan.commands) {
            return Err(Cause::Drifted { router: job.router.clone(), what: "commands" });
        }
        self.approved.plan = plan;
        self.keep_backup(&observed, taken_over)?;
        self.before = Some(observed);
        Ok(())
    }

    /// Every secret is had, and every line is one that may be typed, before the first of them changes anything.
    fn have_every_secret(&self) -> Result<(), Cause> {
        for command in &self.approved.plan.commands {
            let filled = secret::fill(&command.text, self.means.vault)?;
            line::check(filled.expose(), self.job.options.max_line).map_err(|error| Cause::Untypable {
                router: self.job.router.clone(),
                number: command.number,
                error,
            })?;
        }
        Ok(())
    }

    /// An SSH server needs a host key, which is no configuration line. A router that does not say whether it has one is left
    /// alone: a second key would replace the first, and every host that knows the router would refuse it.
    fn needs_host_key(&mut self) -> Result<bool, Cause> {
        if !enables_ssh(&self.approved.plan) {
            return Ok(false);
        }
        let router = self.job.router.clone();
        let flash = show_if_accepted(self.session()?, wire::SHOW_FLASH)?;
        let flash = flash.ok_or(Cause::Unreadable { router, what: wire::SHOW_FLASH })?;
        Ok(!show::has_host_key(&flash))
    }

    fn generate_host_key(&mut self) -> Result<(), Cause> {
        let router = self.job.router.clone();
        let answer = self.session()?.generate_host_key().map_err(Cause::Session)?;
        self.emit(&Event::Answered { router, number: 0, answer: answer.join(" "), refused: false });
        Ok(())
    }

    fn push(&mut self) -> Result<(), Cause> {
        let commands = self.approved.plan.commands.clone();
        let mut owners = Owners::default();
        for command in &commands {
            if self.means.cancel.is_asked() {
                return Err(Cause::Stopped { router: self.job.router.clone(), number: Some(command.number) });
            }
            self.send(command, commands.len(), false)?;
            self.sent = command.number;
            self.pushed.extend(owners.after(command));
        }
        Ok(())
    }

    /// Sends one line and insists on its acceptance.
    pub(super) fn send(&mut self, command: &Command, total: usize, undo: bool) -> Result<(), Cause> {
        let masked = mask::mask_line(&command.text);
        self.emit(&Event::Sending {
            router: self.job.router.clone(),
            number: command.number,
            total,
            line: masked.clone(),
            undo,
        });
        let filled = secret::fill(&command.text, self.means.vault)?;
        self.write_sending(command, total, &masked, undo)?;
        if undo {
            self.undo_begun = true;
        } else {
            self.attempted = command.number;
        }
        let line = SendLine::new(command.number, filled.expose(), command.secret);
        let reply = match self.session()?.run(&line, &command.expect) {
            Ok(reply) => reply,
            Err(SessionError::Refused { text, .. }) => return Err(self.refused(command, masked, text, undo)),
            Err(error) => return Err(Cause::Session(error)),
        };
        // What is said of a secret line is shown only where its form is known to repeat nothing of it.
        let shown =
            |kind| !command.secret || matches!(kind, DiagnosticKind::UserAdded | DiagnosticKind::RestartRequired);
        let notices: Vec<_> = reply.diagnostics.iter().filter(|notice| shown(notice.kind)).collect();
        let said: Vec<String> = notices.iter().map(|notice| mask::mask_line(&notice.text)).collect();
        self.note_answer(command, undo, true, &said.join(" / "));
        self.restart_pending |= reply.restart_required() && !undo;
        for notice in notices {
            self.emit(&Event::Answered {
                router: self.job.router.clone(),
                number: command.number,
                answer: mask::mask_line(&notice.text),
                refused: false,
            });
        }
        Ok(())
    }

    /// The router quotes a refused line, so what it said about a secret one is not repeated.
    fn refused(&mut self, command: &Command, masked: String, answer: Option<String>, undo: bool) -> Cause {
        let answer = answer.filter(|_| !command.secret).map(|answer| mask::mask_line(&answer));
        self.note_answer(command, undo, false, answer.as_deref().unwrap_or_default());
        self.emit(&Event::Answered {
            router: self.job.router.clone(),
            number: command.number,
            answer: answer.clone().unwrap_or_default(),
            refused: true,
        });
        Cause::Refused {
            router: self.job.router.clone(),
            number: command.number,
            line: (!command.secret).then_some(masked),
            answer,
            undo,
        }
    }

    /// Reads the running configuration while config mode is ours.
    pub(super) fn read_running(&mut self) -> Result<Config, Cause> {
        show_running(self.session()?).map(|text| Config::parse(&text))
    }

    /// What would still have to change for the router to be as declared.
    pub(super) fn remaining(&self, running: &Config) -> Result<plan::Plan, Cause> {
        let proven = self.before.as_ref().is_some_and(|before| before.login_proven);
        let knowledge =
            |owner: &str| if self.pushed.contains(owner) { Knowledge::Same } else { known(self.job, proven, owner) };
        self.job.plan(running, &self.lifeline(), &knowledge)
    }

    fn prove_desired(&mut self) -> Result<(), Cause> {
        let running = self.read_running()?;
        let remaining = self.remaining(&running)?;
        self.compared("desired", remaining.commands.len());
        if remaining.is_empty() {
            return Ok(());
        }
        Err(Cause::StillDiffers {
            router: self.job.router.clone(),
            differences: remaining.commands.len(),
            diff: remaining.diff().to_owned(),
        })
    }

    /// After a change of our own path a new session must come in while the first one keeps config mode: an established
    /// session survives what would stop the next one.
    fn prove_lifeline(&mut self) -> Result<(), Cause> {
        let touched = self.approved.plan.commands.iter().any(|command| command.may_cut);
        if !touched || self.lifeline() == Lifeline::Console {
            return Ok(());
        }
        let fresh = self
            .means
            .connect
            .connect()
            .map_err(|error| Cause::LifelineCut { router: self.job.router.clone(), error: Box::new(error) })?;
        if let Err(error) = fresh.close() {
            tracing::debug!(router = %self.job.router, %error, "the second session did not end politely");
        }
        Ok(())
    }

    /// A new administrator's password is proven by a login before it is saved: a wrong one would lock everybody out. Over the
    /// network the first session keeps config mode meanwhile; a console has one session, which is left and taken up again.
    fn prove_administrators(&mut self) -> Result<(), Cause> {
        for (user, credential) in new_administrators(&self.approved.plan.commands) {
            let one_session = self.lifeline() == Lifeline::Console;
            if one_session {
                self.close();
            }
            let router = self.job.router.clone();
            let session = match self.means.connect.connect_as(&user, &credential) {
                Ok(session) => session,
                Err(error) => {
                    let unproven = Cause::LoginUnproven { router, user, error: Some(Box::new(error)) };
                    // To take the change back we must come in as before; where even that fails, the router is lost.
                    if one_session && let Err(lost) = self.open().and_then(|()| self.take_up_again()) {
                        self.record(&unproven);
                        return Err(lost);
                    }
                    return Err(unproven);
                }
            };
            let proven = session.has_proven_login();
            if one_session {
                self.session = Some(session);
                self.take_up_again()?;
            } else if let Err(error) = session.close() {
                tracing::debug!(%router, %error, "the second session did not end politely");
            }
            if !proven {
                return Err(Cause::LoginUnproven { router, user, error: None });
            }
        }
        Ok(())
    }

    /// Config mode again after it was given back for a moment: what runs must still be what we made of it.
    fn take_up_again(&mut self) -> Result<(), Cause> {
        let (job, cancel) = (self.job, self.means.cancel);
        enter(job, self.session()?, cancel)?;
        let running = self.read_running()?;
        let remaining = self.remaining(&running)?;
        self.compared("desired", remaining.commands.len());
        if remaining.is_empty() {
            return Ok(());
        }
        Err(Cause::StillDiffers {
            router: job.router.clone(),
            differences: remaining.commands.len(),
            diff: remaining.diff().to_owned(),
        })
    }

    /// The path of our session: declared, or found on the router as it was before our first line.
    pub(super) fn lifeline(&self) -> Lifeline {
        match &self.before {
            Some(before) => lifeline(self.job, &before.running),
            None => self.job.lifeline.clone(),
        }
    }

    pub(super) fn inspect(&mut self) -> Result<(), Cause> {
        let (job, sink) = (self.job, self.means.sink);
        let results = Inspection::of(job).run(self.session()?, sink).map_err(Cause::Session)?;
        let failed = results.iter().find(|result| result.required && result.passed == Some(false));
        let cause = failed.map(|result| Cause::CheckFailed {
            router: job.router.clone(),
            check: result.name.clone(),
            unmet: result.unmet.clone(),
        });
        self.checks = results;
        cause.map_or(Ok(()), Err)
    }

    fn save(&mut self) -> Result<(), Cause> {
        self.write_intent(Record::Saving, false)?;
        self.save_begun = true;
        let router = self.job.router.clone();
        self.save_in_doubt = true;
        match self.session()?.save() {
            Ok(_) => self.save_in_doubt = false,
            Err(SessionError::Refused { text, .. }) => {
                self.save_in_doubt = false;
                return Err(Cause::SaveRefused { router, answer: text.unwrap_or_default() });
            }
            Err(error) => return Err(Cause::Session(error)),
        }
        self.prove_saved()
    }

    /// Saved is only what `show startup-config` shows.
    pub(super) fn prove_saved(&mut self) -> Result<(), Cause> {
        let text = show_running(self.session()?)?;
        let running = Config::parse(&text);
        let startup = show_startup(self.session()?)?;
        let startup = Config::parse(startup.unwrap_or_default());
        let same = startup == running;
        self.compared("startup", usize::from(!same));
        if same {
            self.keep_after(&text);
            return Ok(());
        }
        Err(Cause::SaveDiffers {
            router: self.job.router.clone(),
            diff: plan::unified(&startup, &running, "startup", "running"),
        })
    }

    /// Decides, by what was already sent, what a failure means.
    pub(super) fn fail(&mut self, cause: Cause) {
        self.record(&cause);
        match self.progress.state() {
            State::Planned | State::Locked | State::BackedUp => {
                self.close();
                let state = if self.progress.state() == State::Planned {
                    cause.before_write()
                } else if cause.lost_session() {
                    State::Unreachable
                } else {
                    match cause.before_write() {
                        State::Drifted if self.progress.state() == State::BackedUp => State::Drifted,
                        _ => State::Refused,
                    }
                };
                self.move_to(state);
            }
            // The intent of the first line could not be written: no line was sent.
            State::Applying if self.attempted == 0 && matches!(cause, Cause::Journal { .. }) => {
                self.close();
                self.move_to(State::Undoing);
                self.move_to(State::Undone);
            }
            State::Verifying if self.approved.plan.is_empty() => {
                self.close();
                self.move_to(State::Refused);
            }
            _ if self.session.is_none() || self.has_lost_session(&cause) => self.find_again(),
            _ => self.take_back(),
        }
    }

    /// Whether the session is gone. One that stands at a known prompt inside config mode is not, whatever was wrong.
    pub(super) fn has_lost_session(&self, cause: &Cause) -> bool {
        let stands = matches!(cause, Cause::Session(error) if error.is_usable())
            && self.session.as_ref().is_some_and(|session| session.mode().is_config());
        cause.lost_session() && !stands
    }

    pub(super) fn record(&mut self, cause: &Cause) {
        let mut record = CauseRecord::of(cause);
        if self.save_begun && cause.needs_person() {
            record.hints = vec![after_a_save()];
        }
        self.emit(&Event::Failed {
            router: self.job.router.clone(),
            code: record.code.clone(),
            cause: record.text.clone(),
        });
        self.note_cause(&record);
        self.causes.push(record);
    }

    /// Gives config mode back and logs out; what the router holds is decided, so a failure here changes no outcome.
    pub(super) fn close(&mut self) {
        if let Some(session) = self.session.take()
            && let Err(error) = session.close()
        {
            tracing::debug!(router = %self.job.router, %error, "the session did not end politely");
        }
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, Cause> {
        let router = &self.job.router;
        self.session.as_mut().ok_or_else(|| Cause::StayedLost {
            router: router.clone(),
            last: Text::default(),
            occupied: false,
        })
    }

    pub(super) fn enter(&mut self, state: State) -> Result<(), Cause> {
        self.progress.enter(state)?;
        if let (State::Saved, Some(member)) = (state, self.means.site) {
            member.saved();
        }
        self.write_state(state)?;
        self.emit(&Event::Moved { router: self.job.router.clone(), state });
        Ok(())
    }

    /// Enters a state on the way out, where a written transition is certain; a defect is logged, not hidden.
    pub(super) fn move_to(&mut self, state: State) {
        if let Err(cause) = self.enter(state) {
            self.record(&cause);
        }
    }

    pub(super) fn compared(&self, with: &'static str, differences: usize) {
        self.emit(&Event::Compared { router: self.job.router.clone(), with, differences });
    }

    pub(super) fn emit(&self, event: &Event) {
        self.means.sink.emit(event);
    }

    /// Forgets what the plan promised to leave pending: it was taken back.
    pub(super) fn nothing_pending(&mut self) {
        self.restart_pending = false;
    }

    pub(super) fn is_restart_pending(&self) -> bool {
        self.restart_pending
    }

    fn outcome(self) -> Outcome {
        Outcome {
            router: self.job.router.clone(),
            site: self.job.site.clone(),
            state: self.progress.state(),
            causes: self.causes,
            serial_number: self.serial_number,
            sent: self.sent,
            planned: self.approved.plan.commands.len(),
            restart_pending: self.restart_pending,
            checks: self.checks,
        }
    }
}

/// Which secret each line of a plan enters: what stands before it, with the blocks around it.
#[derive(Default)]
pub(super) struct Owners {
    path: Vec<String>,
}

impl Owners {
    /// The secret that this line, the next of its plan, has entered.
    pub(super) fn after(&mut self, command: &Command) -> Option<String> {
        self.path.truncate(command.depth);
        if command.opener {
            self.path.push(command.text.clone());
            return None;
        }
        let owner = mask::secret_owner(&command.text)?;
        Some(self.path.iter().map(String::as_str).chain([owner.as_str()]).collect::<Vec<_>>().join(" / "))
    }
}

/// What to do where a save was begun: a restart may bring the new configuration up instead of the old one.
fn after_a_save() -> Text {
    Text::new(
        "a save was begun, so the startup configuration may be the new one: do not restart the router; connect by console, compare `show startup-config` with the backup, and correct by hand",
        "保存を開始していたため、startup は新しい内容になっている可能性があります。再起動せず、コンソールで show startup-config をバックアップと比較し、手で直してください",
    )
}

/// The administrators whose password a plan enters, and the credential each comes from.
fn new_administrators(commands: &[Command]) -> Vec<(String, CredentialName)> {
    let one = |command: &Command| {
        let user = wire::administrator(&command.text)?;
        Some((user.to_owned(), secret::placeholders(&command.text).next()?))
    };
    commands.iter().filter_map(one).collect()
}

/// Whether a plan turns the SSH server on.
pub(crate) fn enables_ssh(plan: &plan::Plan) -> bool {
    plan.commands.iter().any(|command| command.text == wire::SSH_SERVER)
}

/// What a login tells about a secret line: we have just come in with this user's password.
pub(crate) fn known(job: &Job, login_proven: bool, owner: &str) -> Knowledge {
    let Some((user, credential)) = &job.login else { return Knowledge::Unknown };
    if !login_proven || owner != wire::owner_of_password(user) {
        return Knowledge::Unknown;
    }
    let declared = job.desired.nodes.iter().find(|node| mask::secret_owner(&node.text).as_deref() == Some(owner));
    let proven = declared.is_some_and(|node| secret::placeholders(&node.text).any(|name| name == *credential));
    if proven { Knowledge::Same } else { Knowledge::Unknown }
}

/// Whether two configurations are the same but for secrets whose printed form we cannot know.
pub(super) fn same_but_secrets(one: &Config, other: &Config) -> bool {
    digest(one) == digest(other)
}
