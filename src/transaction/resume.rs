//! Resuming a run whose end is not known: its process died, or its router was lost.
//!
//! Everything needed is in the journal: the intent, the exact commands and the backup, the last two sealed. What the router
//! holds is decided by reading it, never by what the record says that it should hold.

use super::apply::owner_of;
use super::approved::Approved;
use super::machine::{Direction, Machine, RestartPhase, SavePhase};
use super::observed::{Observed, Texts};
use super::phases::{Loss, Transaction, TransactionEnv, Uptime};
use super::sent::SentLines;
use super::{Desired, Intent, Outcome, RecoveryChoice, SavedPlan, TransactionError};
use crate::ix::ConfigText;
use crate::journal::{Journal, JournalError, RouterRun};
use crate::plan::{Command, Lifeline, Plan, foreign};
use crate::playbook::OnLoss;
use crate::record::{Account, Kind};
use crate::state::State;

/// What a run left of one router.
#[derive(Debug, Clone)]
pub struct Interrupted {
    /// The intent, with the inventory's connection.
    pub intent: Intent,
    /// The plan as it was agreed to.
    approved: Approved,
    before: Observed,
    part: RouterRun,
    /// Its own session was one over the network.
    over_network: bool,
    /// The run has found that it may have restarted.
    has_restarted: bool,
}

impl Interrupted {
    /// The operator's decision about it.
    pub fn decided(&mut self, decision: RecoveryChoice) {
        self.intent.terms.lost = match decision {
            RecoveryChoice::Finish => OnLoss::Finish,
            RecoveryChoice::Undo => OnLoss::Undo,
        };
    }
}

/// Puts together what a run left of a router. `bare` is the inventory's way in.
///
/// # Errors
/// [`TransactionError`] when what was sealed cannot be opened, or what was kept cannot be understood.
pub fn load_interrupted(journal: &Journal, part: &RouterRun, bare: &Intent) -> Result<Interrupted, TransactionError> {
    let stop = |error| TransactionError::Journal { router: bare.router.clone(), error };
    let unreadable = |error: serde_json::Error| stop(JournalError::Read { cause: error.to_string() });
    let kept = SavedPlan::read(&part.kept, bare.device.model);
    let kept = kept.map_err(|error| stop(JournalError::Read { cause: error.to_string() }))?;
    let mut intent = kept.intent_for(bare);
    intent.terms.at_clinic = kept.intent.terms.at_clinic;
    intent.terms.line_pending.clone_from(&kept.intent.terms.line_pending);
    let open = |name| journal.unseal(&part.run, &part.router, name).map_err(stop);
    let texts: Texts = serde_json::from_slice(&open("before")?).map_err(unreadable)?;
    let mut before = Observed::from(texts);
    let records = journal.records_of(&part.run, &part.router, i64::MAX).map_err(stop)?;
    let boot = before.boot.clone().last_found(&records);
    let has_restarted = boot != before.boot;
    before.boot = boot;
    let commands: Vec<Command> = serde_json::from_slice(&open("commands")?).map_err(unreadable)?;
    if matches!(intent.desired, Desired::Withheld(_)) {
        let sealed = open("desired")?;
        intent.desired = Desired::Whole(ConfigText::new(String::from_utf8_lossy(&sealed)));
    }
    if before.identity.serial_number.is_some() {
        intent.device.serial_number.clone_from(&before.identity.serial_number);
    }
    let plan = plan_again(&intent, &before, commands);
    // A run that was to send nothing rests on no reading.
    let seen = Some(kept.seen).filter(|seen| seen.running.is_some());
    let approved = Approved { plan, seen, shown: None };
    let over_network = kept.intent.path.lifeline != Lifeline::Console;
    Ok(Interrupted { intent, approved, before, part: part.clone(), over_network, has_restarted })
}

/// What a router ran before a run changed it.
///
/// # Errors
/// When it was not kept, or cannot be opened.
pub fn before_of(journal: &Journal, run: &str, router: &str) -> Result<ConfigText, JournalError> {
    Ok(texts_before(journal, run, router)?.into_running())
}

/// A router as it was read before a run changed it.
///
/// # Errors
/// As [`before_of`].
pub fn observed_before(journal: &Journal, run: &str, router: &str) -> Result<Observed, JournalError> {
    Ok(texts_before(journal, run, router)?.into())
}

fn texts_before(journal: &Journal, run: &str, router: &str) -> Result<Texts, JournalError> {
    let bytes = journal.unseal(run, router, "before")?;
    serde_json::from_slice(&bytes).map_err(|error| JournalError::Read { cause: error.to_string() })
}

/// The plan, made again so that each line has its inverse. Where this version plans otherwise, or over another way, the lines that were
/// agreed to have none, and the undo is planned from what runs.
fn plan_again(intent: &Intent, before: &Observed, commands: Vec<Command>) -> Plan {
    let same = |plan: &Plan| {
        plan.commands.len() == commands.len()
            && plan.commands.iter().zip(&commands).all(|(one, other)| one.text == other.text)
    };
    match super::draft(intent, before) {
        Ok(plan) if same(&plan) => plan,
        _ => {
            let after = foreign::after(&before.running, &commands.iter().collect::<Vec<_>>());
            Plan::of_commands(commands, before.running.clone(), after)
        }
    }
}

/// Reads the router again and finishes what was begun, or undoes it.
pub fn resume(left: &Interrupted, env: TransactionEnv<'_>, by: Account) -> Outcome {
    let mut run = Transaction::new(&left.intent, &left.approved, env).backed_up(left.before.clone());
    run.resume_from(left);
    let Account { by, machine } = by;
    match run.write_ahead(Kind::Resumed { by, machine }, false) {
        // On this very line a save may still be running. The operator who resumes again has been told to look at the
        // console first.
        Ok(()) if left.part.saving && left.intent.path.lifeline == Lifeline::Console => run.leave_console_alone(),
        // A restart that belonged to the undo is judged like everything else of it: by what runs.
        Ok(()) if left.part.restarting && !left.part.wrote => run.resume_restart(),
        Ok(()) => run.reconnect_and_resolve(),
        // Nothing was sent: the router is as unknown as it was.
        Err(cause) => run.record(&cause),
    }
    run.end()
}

impl Transaction<'_> {
    /// In the state that the journal gives for the run.
    fn resume_from(&mut self, left: &Interrupted) {
        let part = &left.part;
        let direction = match (part.undo_begun, part.during_undo) {
            (true, _) => Direction::UndoSent,
            (false, true) => Direction::Undoing,
            (false, false) => Direction::Forward,
        };
        let save = SavePhase::resumed(part.save_begun, part.save_answered);
        let restart = RestartPhase::resumed(part.restarting);
        self.machine = Machine::resumed(part.state.unwrap_or(State::Lost), direction, save, restart);
        self.sent = SentLines::resumed(&part.accepted, &part.in_doubt);
        self.recovery.loss = Loss::Process;
        self.recovery.saves_elsewhere = left.over_network;
        if left.has_restarted {
            self.recovery.uptime = Uptime::MaybeBroken;
        }
        self.recovery.is_unexplained = part.causes.is_empty();
        let commands = &left.approved.plan.commands;
        let accepted = commands.iter().filter(|command| part.accepted.contains(&command.number));
        accepted.for_each(|command| self.sent.enter_secret(owner_of(commands, command)));
    }
}
