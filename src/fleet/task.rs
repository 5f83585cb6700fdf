//! What can be done with each router of a run: read it, read it and check it, change it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::executor::Executor;
use super::suspects::{Group, Suspects};
use super::{Needs, rehearse_on_mock};
use crate::cancel::Cancel;
use crate::connect::{Connector, ConsoleInUse, ConsoleLock, Freed};
use crate::event::{Event, Sink};
use crate::journal::{JournalError, Record, RouterLock, RouterRun, RunLog, Sharing};
use crate::message::Text;
use crate::plan::Plan;
use crate::playbook::OnLoss;
use crate::secret::Vault;
use crate::state::{State, Verdict};
use crate::transaction::{
    self, Approved, BarrierMember, CauseRecord, CheckResult, Decisions, Intent, Observed, Outcome, Partner, Purpose,
    RecoveryChoice, SiteBarrier, TransactionEnv, TransactionError, draft, drift, execute, observe,
};

/// One router of a run, and the way to it.
#[derive(Clone)]
pub struct Target {
    /// What is wanted of it.
    pub intent: Arc<Intent>,
    /// The way in.
    pub connector: Arc<Connector>,
}

impl Target {
    /// What its task shares with others, given the group that it changes together with.
    fn needs(&self, group: Option<String>) -> Needs {
        Needs { group, console: self.connector.shared() }
    }
}

/// A router that was read, with its plan; or why not.
#[derive(Debug)]
pub struct Seen {
    /// The router.
    pub intent: Arc<Intent>,
    /// The state a failure leaves it in, and the cause.
    pub result: Result<(Observed, Plan), (State, CauseRecord)>,
}

/// A router that was read and checked; or why not.
#[derive(Debug)]
pub struct Verified {
    /// The router, with its plan.
    pub seen: Seen,
    /// The results of the checks.
    pub checks: Vec<CheckResult>,
}

/// A router's two configurations; or why not.
#[derive(Debug)]
pub struct Backup {
    /// The router.
    pub intent: Arc<Intent>,
    /// The state a failure leaves it in, and the cause.
    pub result: Result<Observed, (State, CauseRecord)>,
}

/// Reads routers and plans.
pub struct Reading {
    /// What for.
    pub purpose: Purpose,
    /// Who is told.
    pub sink: Arc<dyn Sink>,
    /// The folder of our locks.
    pub state_dir: PathBuf,
    /// The wish to stop.
    pub cancel: Cancel,
}

/// Reads routers, plans, and runs the checks.
pub struct Verifying {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
    /// The folder of our locks.
    pub state_dir: PathBuf,
    /// The wish to stop.
    pub cancel: Cancel,
}

/// Reads routers for a backup: no plan, and unsaved changes are no hindrance.
pub struct BackingUp {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
    /// The folder of our locks.
    pub state_dir: PathBuf,
    /// The wish to stop.
    pub cancel: Cancel,
}

/// Changes routers as a person agreed.
pub struct Applying {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
    /// Where secrets come from.
    pub vault: Arc<dyn Vault>,
    /// The wish to stop.
    pub cancel: Cancel,
    /// The run's hand in the journal.
    pub log: RunLog,
    /// The folder of our locks.
    pub state_dir: PathBuf,
    /// Who is asked in the middle of a transaction.
    decisions: Arc<dyn Decisions>,
    /// Routers in the middle of something.
    in_flight: Mutex<BTreeMap<String, RunLog>>,
    /// The site of each router that changes together with others.
    sites: BTreeMap<String, (String, Arc<SiteBarrier>)>,
    /// The lines that nothing explains, so far.
    suspects: Suspects,
}

impl Applying {
    /// Work that goes into one run.
    pub fn new(sink: Arc<dyn Sink>, vault: Arc<dyn Vault>, cancel: Cancel, log: RunLog, state_dir: PathBuf) -> Self {
        let decisions = Arc::new(());
        Self {
            sink,
            vault,
            cancel,
            log,
            state_dir,
            decisions,
            in_flight: Mutex::default(),
            sites: BTreeMap::new(),
            suspects: Suspects::default(),
        }
    }

    /// The same, with somebody to ask.
    #[must_use]
    pub fn decided_by(self, decisions: Arc<dyn Decisions>) -> Self {
        Self { decisions, ..self }
    }

    /// The same, with the routers of each site as one transaction, given how many lines are to be sent to each. Those on one console cable come one after the other.
    pub fn by_site<'a>(mut self, targets: impl Iterator<Item = (&'a Target, usize)>) -> Self {
        let targets: Vec<(&Target, usize)> = targets.collect();
        let lines_of = |target: &Target| {
            let own = targets.iter().find(|(other, _)| other.intent.router == target.intent.router);
            own.map_or(0, |(_, lines)| *lines)
        };
        for together in together(targets.iter().map(|(target, _)| *target)) {
            let routers: Vec<Partner> = together
                .iter()
                .map(|target| Partner {
                    router: target.intent.router.clone(),
                    through: carriers(target, &together),
                    bound: target.intent.bounds.forward(lines_of(target), target.intent.checks.len()),
                })
                .collect();
            let site = SiteBarrier::new(&routers, &self.cancel);
            for target in together {
                let place = (target.intent.site.clone(), Arc::clone(&site));
                self.sites.insert(target.intent.router.clone(), place);
            }
        }
        self
    }

    /// The place that a router shares with those of its site.
    fn place_of(&self, target: &Target) -> Option<String> {
        self.sites.get(&target.intent.router).map(|(name, _)| name.clone())
    }

    fn member(&self, router: &str) -> Option<BarrierMember> {
        self.sites.get(router).map(|(_, site)| site.member(router))
    }

    /// Does something to a router while it is ours on this machine and the journal's.
    fn locked(
        &self,
        (target, intent): (&Target, &Intent),
        log: &RunLog,
        lines: usize,
        act: impl FnOnce(TransactionEnv<'_>) -> Outcome,
    ) -> Outcome {
        let name = intent.router.as_str();
        // However this ends, the others of the site learn of it.
        let member = self.member(name);
        member.iter().for_each(BarrierMember::begins);
        let _lock = match RouterLock::take(&self.state_dir, name, Sharing::Changing) {
            Ok(lock) => lock,
            Err(error) => {
                let cause = TransactionError::Journal { router: name.to_owned(), error };
                return Outcome::without_a_session(intent, lines, failed(intent, &cause, &*self.sink));
            }
        };
        let ledger = log.ledger(name);
        let in_flight = || self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        in_flight().insert(name.to_owned(), log.clone());
        let outcome = act(TransactionEnv {
            connect: &*target.connector,
            vault: &*self.vault,
            cancel: &self.cancel,
            sink: &*self.sink,
            decisions: &*self.decisions,
            ledger: &ledger,
            site: member.as_ref(),
        });
        in_flight().remove(name);
        outcome
    }

    /// Writes of every router under way that nobody saw its end.
    fn note_abandoned(&self) {
        for (router, log) in self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let ledger = log.ledger(router);
            ledger.note(Record::Abandoned);
            if let Err(error) = ledger.write(Record::Moved { state: State::Lost }) {
                tracing::warn!(%router, %error, "the journal does not know that this router was abandoned");
            }
        }
    }
}

/// The routers of a site that carry our path to one of them: as declared, or as its jump hosts.
fn carriers(target: &Target, site: &[&Target]) -> Vec<String> {
    let others = site.iter().map(|other| &other.intent).filter(|other| other.router != target.intent.router);
    let carries = |other: &&Arc<Intent>| {
        target.intent.through.contains(&other.router)
            || target.connector.jump_hosts().any(|host| other.dialled.as_deref() == Some(host))
    };
    others.filter(carries).map(|other| other.router.clone()).collect()
}

/// The routers that are changed together or not at all: those of one site, where there are several, each with a cable of its own.
pub fn together<'a>(targets: impl Iterator<Item = &'a Target>) -> Vec<Vec<&'a Target>> {
    let mut sites: BTreeMap<&str, Vec<&Target>> = BTreeMap::new();
    for target in targets {
        sites.entry(&target.intent.site).or_default().push(target);
    }
    let own_cable = |site: &[&'a Target]| {
        let shared = |target: &&Target| {
            let connector = target.connector.shared();
            connector.is_some() && site.iter().filter(|other| other.connector.shared() == connector).count() > 1
        };
        site.iter().filter(|target| !shared(target)).copied().collect::<Vec<_>>()
    };
    sites.into_values().map(|site| own_cable(&site)).filter(|site| site.len() > 1).collect()
}

/// Settles what earlier runs left of routers.
pub struct RecoverTask {
    /// How; its log is not used, each part goes on in its own run.
    pub applying: Applying,
    /// Who came back, and on which machine.
    pub by: (String, String),
    /// What a person decided for all of them; without it the playbook's policy holds, and a site ends together.
    pub decision: Option<RecoveryChoice>,
    /// Routers whose site cannot become whole any more: another router of it has ended without the change.
    pub in_half_changed_sites: BTreeSet<String>,
}

impl RecoverTask {
    fn come_back(
        &self,
        target: &Target,
        part: &RouterRun,
        means: TransactionEnv<'_>,
    ) -> Result<Outcome, TransactionError> {
        if let (false, Some(state)) = (part.can_be_resumed(), part.state) {
            let sent = part.accepted.len();
            if let (State::Saved, Some(member)) = (state, means.site) {
                member.saved();
            }
            return Ok(Outcome {
                sent,
                restart_pending: part.restart_pending,
                ..Outcome::ended(&target.intent, state)
            });
        }
        let mut left = transaction::load_interrupted(self.applying.log.journal(), part, &target.intent)?;
        if let Some(decision) = self.decision {
            left.decided(decision);
        } else if self.in_half_changed_sites.contains(&part.router) && left.intent.on_loss == OnLoss::Nearest {
            left.decided(RecoveryChoice::Undo);
        }
        Ok(transaction::resume(&left, means, self.by.clone()))
    }
}

impl Executor for RecoverTask {
    type Task = (Target, RouterRun);
    type End = Outcome;

    fn needs(&self, (target, _): &Self::Task) -> Needs {
        target.needs(self.applying.place_of(target))
    }
    fn reserve(&self, (target, _): &Self::Task, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        target.connector.lock_console(freed)
    }
    fn carry_out(&self, (target, part): &Self::Task) -> Outcome {
        let journal = self.applying.log.journal();
        let log = RunLog::of(Arc::clone(journal), &part.run);
        let act = |means: TransactionEnv<'_>| {
            // Since the person was asked another process may have settled it, or have ended what it had under way.
            let now = journal.part(&part.run, &part.router);
            let now = now.map_err(|error| TransactionError::Journal { router: part.router.clone(), error });
            match now.and_then(|now| self.come_back(target, &now, means)) {
                Ok(outcome) => outcome,
                Err(cause) => {
                    let (_, record) = failed(&target.intent, &cause, &*self.applying.sink);
                    Outcome::without_a_session(&target.intent, part.accepted.len(), (State::Lost, record))
                }
            }
        };
        self.applying.locked((target, &target.intent), &log, part.accepted.len(), act)
    }
    fn skip(&self, (target, part): &Self::Task) -> Outcome {
        drop(self.applying.member(&target.intent.router));
        Outcome::without_a_session(&target.intent, part.accepted.len(), (State::Lost, not_started().1))
    }
    fn broken(&self, (target, part): &Self::Task, begun: bool) -> Outcome {
        drop(self.applying.member(&target.intent.router));
        Outcome::without_a_session(&target.intent, part.accepted.len(), (State::Lost, broken(begun).1))
    }
    fn stops_within(&self, (target, part): &Self::Task) -> (String, Duration) {
        (target.intent.router.clone(), target.intent.bounds.stop(part.planned()))
    }
    fn failed(&self, end: &Outcome) -> bool {
        !matches!(end.state, State::Saved | State::Undone)
    }
    fn changes(&self) -> bool {
        true
    }
    fn abandoned(&self) {
        self.applying.note_abandoned();
    }
}

fn failed(intent: &Intent, cause: &TransactionError, sink: &dyn Sink) -> (State, CauseRecord) {
    let record = CauseRecord::of(cause);
    sink.emit(&Event::Failed { router: intent.router.clone(), code: record.code.clone(), cause: record.text.clone() });
    (cause.before_write(), record)
}

/// Our own lock, shared with other readers of this machine. Where there is no folder for it, reading goes on without.
fn reading(state_dir: &Path, intent: &Intent) -> Result<Option<RouterLock>, TransactionError> {
    match RouterLock::take(state_dir, &intent.router, Sharing::Reading) {
        Ok(lock) => Ok(Some(lock)),
        Err(error @ JournalError::Locked { .. }) => {
            Err(TransactionError::Journal { router: intent.router.clone(), error })
        }
        Err(error) => {
            tracing::warn!(router = %intent.router, %error, "reading without a lock");
            Ok(None)
        }
    }
}

fn not_started() -> (State, CauseRecord) {
    let record = CauseRecord {
        code: "run.not-started".to_owned(),
        text: Text::new("the run stopped before this router's turn", "このルータに着手する前に実行が中止されました"),
        hints: Vec::new(),
    };
    (State::NotStarted, record)
}

/// What is said of a router without a result: its thread died, or never began, and then nothing was done.
fn broken(begun: bool) -> (State, CauseRecord) {
    if !begun {
        let text = Text::new(
            "this machine could not make a thread for this router: nothing was begun",
            "このルータを処理するスレッドを作れませんでした。何も始めていません",
        );
        let hint = Text::new(
            "close other programs, or lower `concurrency`, and run it again",
            "ほかのプログラムを終了するか `concurrency` を下げて、もう一度実行してください",
        );
        return (State::Refused, CauseRecord { code: "machine.threads".to_owned(), text, hints: vec![hint] });
    }
    let record = CauseRecord {
        code: "internal.thread".to_owned(),
        text: Text::new(
            "this router's thread ended without a result: a defect of ixdeploy",
            "このルータの処理が結果なしに終わりました(ixdeploy の不具合)",
        ),
        hints: vec![Text::new(
            "read the router again with `ixdeploy plan` before anything else",
            "まず ixdeploy plan でルータの状態を確認してください",
        )],
    };
    (State::Lost, record)
}

impl Executor for Reading {
    type Task = Target;
    type End = Seen;

    fn needs(&self, item: &Target) -> Needs {
        item.needs(None)
    }
    fn reserve(&self, item: &Target, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        item.connector.lock_console(freed)
    }
    fn carry_out(&self, item: &Target) -> Seen {
        let read = reading(&self.state_dir, &item.intent)
            .and_then(|_lock| observe(&item.intent, &*item.connector, self.purpose, &*self.sink, &self.cancel))
            .and_then(|(observed, _)| item.intent.completed(&observed.running).map(|intent| (intent, observed)));
        match read {
            Ok((intent, observed)) => {
                let plan = draft(&intent, &observed)
                    .and_then(|plan| rehearse_on_mock(&intent, &observed.running_text, &plan).map(|()| plan));
                let result = plan.map(|plan| (observed, plan));
                let result = result.map_err(|cause| failed(&intent, &cause, &*self.sink));
                Seen { intent, result }
            }
            Err(cause) => {
                let result = Err(failed(&item.intent, &cause, &*self.sink));
                Seen { intent: Arc::clone(&item.intent), result }
            }
        }
    }
    fn skip(&self, item: &Target) -> Seen {
        Seen { intent: Arc::clone(&item.intent), result: Err(not_started()) }
    }
    fn broken(&self, item: &Target, begun: bool) -> Seen {
        Seen { intent: Arc::clone(&item.intent), result: Err(broken(begun)) }
    }
    fn stops_within(&self, item: &Target) -> (String, Duration) {
        (item.intent.router.clone(), item.intent.bounds.reading())
    }
    fn failed(&self, end: &Seen) -> bool {
        end.result.is_err()
    }
}

impl Executor for Verifying {
    type Task = Target;
    type End = Verified;

    fn needs(&self, item: &Target) -> Needs {
        item.needs(None)
    }
    fn reserve(&self, item: &Target, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        item.connector.lock_console(freed)
    }
    fn carry_out(&self, item: &Target) -> Verified {
        let read = reading(&self.state_dir, &item.intent)
            .and_then(|_lock| observe(&item.intent, &*item.connector, Purpose::Verify, &*self.sink, &self.cancel));
        // What the checks said counts even where no difference can be worked out.
        let (result, checks) = match read {
            Ok((observed, checks)) => (drift(&item.intent, &observed).map(|plan| (observed, plan)), checks),
            Err(cause) => (Err(cause), Vec::new()),
        };
        let result = result.map_err(|cause| failed(&item.intent, &cause, &*self.sink));
        Verified { seen: Seen { intent: Arc::clone(&item.intent), result }, checks }
    }
    fn skip(&self, item: &Target) -> Verified {
        Verified { seen: Seen { intent: Arc::clone(&item.intent), result: Err(not_started()) }, checks: Vec::new() }
    }
    fn broken(&self, item: &Target, begun: bool) -> Verified {
        Verified { seen: Seen { intent: Arc::clone(&item.intent), result: Err(broken(begun)) }, checks: Vec::new() }
    }
    fn stops_within(&self, item: &Target) -> (String, Duration) {
        (item.intent.router.clone(), item.intent.bounds.reading())
    }
    fn failed(&self, end: &Verified) -> bool {
        end.seen.result.is_err()
    }
}

impl Executor for BackingUp {
    type Task = Target;
    type End = Backup;

    fn needs(&self, item: &Target) -> Needs {
        item.needs(None)
    }
    fn reserve(&self, item: &Target, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        item.connector.lock_console(freed)
    }
    fn carry_out(&self, item: &Target) -> Backup {
        let result = reading(&self.state_dir, &item.intent)
            .and_then(|_lock| transaction::back_up(&item.intent, &*item.connector, &*self.sink, &self.cancel))
            .map_err(|cause| failed(&item.intent, &cause, &*self.sink));
        Backup { intent: Arc::clone(&item.intent), result }
    }
    fn skip(&self, item: &Target) -> Backup {
        Backup { intent: Arc::clone(&item.intent), result: Err(not_started()) }
    }
    fn broken(&self, item: &Target, begun: bool) -> Backup {
        Backup { intent: Arc::clone(&item.intent), result: Err(broken(begun)) }
    }
    fn stops_within(&self, item: &Target) -> (String, Duration) {
        (item.intent.router.clone(), item.intent.bounds.reading())
    }
    fn failed(&self, end: &Backup) -> bool {
        end.result.is_err()
    }
}

impl Executor for Applying {
    type Task = (Target, Approved);
    type End = Outcome;

    fn needs(&self, (target, _): &Self::Task) -> Needs {
        target.needs(self.place_of(target))
    }
    fn reserve(&self, (target, _): &Self::Task, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        target.connector.lock_console(freed)
    }
    fn carry_out(&self, (target, approved): &Self::Task) -> Outcome {
        let lines = approved.plan.commands.len();
        let group = Group { model: target.intent.model.name.to_owned(), firmware: approved.seen.firmware.clone() };
        if let Some(held) = self.suspects.hold(&group) {
            drop(self.member(&target.intent.router));
            return Outcome::without_a_session(&target.intent, lines, held);
        }
        let end =
            self.locked((target, &target.intent), &self.log, lines, |means| execute(&target.intent, approved, means));
        self.suspects.note(&group, &target.intent.router, &end.foreign);
        end
    }
    fn skip(&self, (target, approved): &Self::Task) -> Outcome {
        drop(self.member(&target.intent.router));
        Outcome::without_a_session(&target.intent, approved.plan.commands.len(), not_started())
    }
    fn broken(&self, (target, approved): &Self::Task, begun: bool) -> Outcome {
        drop(self.member(&target.intent.router));
        Outcome::without_a_session(&target.intent, approved.plan.commands.len(), broken(begun))
    }
    fn stops_within(&self, (target, approved): &Self::Task) -> (String, Duration) {
        (target.intent.router.clone(), target.intent.bounds.stop(approved.plan.commands.len()))
    }
    fn failed(&self, end: &Outcome) -> bool {
        end.state != State::NotStarted && end.verdict() != Verdict::Done
    }
    fn changes(&self) -> bool {
        true
    }
    fn abandoned(&self) {
        self.note_abandoned();
    }
}

/// Restarts routers whose saved lines wait for it.
pub struct Restarting {
    /// How, and in which run.
    pub applying: Applying,
}

impl Executor for Restarting {
    type Task = Target;
    type End = Outcome;

    fn needs(&self, item: &Target) -> Needs {
        item.needs(None)
    }
    fn reserve(&self, item: &Target, freed: Freed) -> Result<Option<ConsoleLock>, ConsoleInUse> {
        item.connector.lock_console(freed)
    }
    fn carry_out(&self, item: &Target) -> Outcome {
        let log = &self.applying.log;
        self.applying.locked((item, &item.intent), log, 0, |means| transaction::restart(&item.intent, means))
    }
    fn skip(&self, item: &Target) -> Outcome {
        Outcome::without_a_session(&item.intent, 0, not_started())
    }
    fn broken(&self, item: &Target, begun: bool) -> Outcome {
        Outcome::without_a_session(&item.intent, 0, broken(begun))
    }
    fn stops_within(&self, item: &Target) -> (String, Duration) {
        (item.intent.router.clone(), item.intent.bounds.stop(0))
    }
    fn failed(&self, end: &Outcome) -> bool {
        end.state.verdict() != Verdict::Done
    }
    fn changes(&self) -> bool {
        true
    }
    fn abandoned(&self) {
        self.applying.note_abandoned();
    }
}
