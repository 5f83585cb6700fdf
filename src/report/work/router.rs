//! One router's part of the work record, by following its records in their order.

use std::collections::{BTreeMap, HashSet};

use super::configurations::configurations;
use super::contact::contact;
use super::deviations;
use super::kept::Kept;
use super::outage::Touched;
use super::proofs::{Proofs, serial_proof};
use super::step::Steps;
use super::{
    BesidePart, CheckPart, ConnectionPart, Deviation, GuessPart, JournalPart, Moment, Outage, RollbackPart, RouterPart,
    RunPart,
};
use crate::ix::Identity;
use crate::message::{Lang, Text};
use crate::plan::Note;
use crate::playbook::{Check, Expectation, Level};
use crate::record::{ComparedWith, ConnectionRecord, Kind, Outcome, Policy, Stored, TestRecord};
use crate::report::plan_text::ROLLBACK_NOTE;
use crate::report::{shell, who};
use crate::run::{Evidence, without_plan};
use crate::state::{State, Verdict};
use crate::transaction::GuessedLine;

/// What of a run holds for each of its routers.
pub(super) struct OfRun<'r> {
    pub(super) evidence: &'r Evidence,
    /// Who carried it out, and what it was allowed, from which record on.
    pub(super) terms: Vec<TermsFrom<'r>>,
    /// How those are planned anew for which its plan file has no plan that holds.
    pub(super) anew: Anew<'r>,
}

/// Routers that are planned anew, and by which command.
#[derive(Default)]
pub(super) struct Anew<'r> {
    routers: HashSet<&'r str>,
    command: String,
}

impl<'r> Anew<'r> {
    /// Those of a run that rests on a plan file, where that says what it was made from; else none.
    pub(super) fn of(evidence: &'r Evidence, run: &RunPart) -> Self {
        let made = evidence.plan.as_ref().and_then(|plan| plan.made.as_ref());
        let playbook = made.map(|made| made.playbook.as_str()).filter(|playbook| !playbook.is_empty());
        // What was planned by the run itself is planned anew by every run.
        let Some(playbook) = playbook.filter(|_| evidence.result.plan_sha256.is_some()) else {
            return Self::default();
        };
        let [playbook, inventory] = [playbook, &run.inventory].map(shell::argument);
        Self {
            routers: without_plan(&evidence.result.routers),
            command: format!("ixdeploy apply {playbook} -i {inventory} -l @run:{}:no-plan", run.run),
        }
    }

    fn command(&self, router: &str) -> Option<String> {
        self.routers.contains(router).then(|| self.command.clone())
    }
}

/// Who carries a run out, and what it is allowed, from a record on.
pub(super) struct TermsFrom<'r> {
    /// The record's number.
    pub(super) number: i64,
    /// `user@machine`.
    pub(super) who: String,
    /// What is allowed.
    pub(super) policy: Option<&'r Policy>,
}

/// What following its records has told of a router.
struct Followed<'r> {
    /// Who answers for what is accepted: who began the run, or who resumed it.
    who: String,
    steps: Steps,
    proofs: Proofs,
    touched: Touched,
    identities: Vec<Identity>,
    connections: Vec<ConnectionPart>,
    checks: Vec<CheckPart>,
    /// By role and name.
    before: BTreeMap<[String; 2], Before>,
    deviations: Vec<Deviation>,
    kept: Kept<'r>,
    /// When each line of the plan was sent, and when it was answered.
    lines: BTreeMap<usize, LineTimes>,
    undone: usize,
    undo_proven: Option<Moment>,
    is_undoing: bool,
}

#[derive(Debug, Clone, Copy)]
struct LineTimes {
    sent: Moment,
    answered: Option<Moment>,
    accepted: Option<bool>,
}

impl<'r> Followed<'r> {
    /// Who answers for what follows, and what the run was allowed where it came to a plan for this router. Known before its first record: a
    /// router that is read and changed in one session is met before its plan is recorded.
    fn begin(&mut self, run: &OfRun<'_>, records: &[&Stored]) {
        let intended = records.iter().rfind(|stored| matches!(stored.record, Some(Kind::Intended { .. })));
        let Some(number) = intended.or(records.first()).map(|stored| stored.number) else { return };
        let Some(terms) = run.terms.iter().rev().find(|terms| terms.number <= number) else { return };
        self.who.clone_from(&terms.who);
        if let Some(policy) = terms.policy.filter(|_| intended.is_some()) {
            self.deviations = deviations::of_run(policy, &self.who);
        }
    }

    fn take(&mut self, stored: &'r Stored) {
        self.steps.take(stored);
        let Some(kind) = &stored.record else { return };
        let at = Moment::of_ms(stored.at_ms);
        self.proofs.take(at, kind);
        // A key that a second session meets again is no second deviation.
        let deviation = deviations::of_record(kind, &self.who).filter(|_| !self.has_met_key(kind));
        self.deviations.extend(deviation);
        match kind {
            Kind::Intended { kept, .. } => self.kept = Kept::of(kept),
            Kind::Identified { identity } | Kind::BackedUp { identity, .. } => self.identities.push(identity.clone()),
            Kind::Connected(connection) => {
                self.connections.push(ConnectionPart { at, connection: connection.clone() });
            }
            Kind::Resumed { by, machine } => self.who = who(by, machine, Lang::En),
            Kind::Sending { number, undo, .. } => {
                self.touched.touched(at);
                match undo {
                    true => (self.undone, self.undo_proven, self.is_undoing) = (self.undone + 1, None, true),
                    false => {
                        self.lines.insert(*number, LineTimes { sent: at, answered: None, accepted: None });
                    }
                }
            }
            Kind::Answered { number, undo: false, accepted, .. } => {
                let answered = |times: &mut LineTimes| {
                    (times.answered, times.accepted) = (Some(at), Some(*accepted));
                };
                self.lines.entry(*number).and_modify(answered);
            }
            Kind::Restarting => self.touched.touched(at),
            Kind::Moved { state: State::Undoing } => self.is_undoing = true,
            Kind::Compared { with, differences: 0, .. } => self.compared(*with, at),
            Kind::CheckedBefore { check, role, passed, unmet, answer } => {
                let before = Before { at, passed: *passed, unmet: unmet.clone(), answer: answer.clone() };
                self.before.insert([role.clone(), check.clone()], before);
            }
            Kind::Checked { .. } => self.checked(at, kind),
            Kind::Tested(test) => self.tested(at, test),
            _ => {}
        }
    }

    /// Whether an earlier session of this run has met the host key of this one.
    fn has_met_key(&self, kind: &Kind) -> bool {
        let Kind::Connected(ConnectionRecord { host_key: Some(key), .. }) = kind else { return false };
        let mut met = self.connections.iter().filter_map(|part| part.connection.host_key.as_ref());
        met.any(|met| met.fingerprint == key.fingerprint)
    }

    fn compared(&mut self, with: ComparedWith, at: Moment) {
        match with {
            ComparedWith::Desired => self.touched.proven(at),
            ComparedWith::Backup => {
                self.touched.proven(at);
                self.undo_proven = Some(at).filter(|_| self.is_undoing);
            }
            ComparedWith::Startup => {}
        }
    }

    fn checked(&mut self, at: Moment, kind: &Kind) {
        let Kind::Checked { check, role, title, passed, recorded, required, command, unmet, answer, .. } = kind.clone()
        else {
            return;
        };
        let before = self.before.get(&[role.clone(), check.clone()]).cloned();
        self.checks.push(CheckPart {
            check,
            role,
            title,
            command,
            expected: Vec::new(),
            is_negative: false,
            required,
            at,
            passed,
            recorded,
            unmet,
            answer,
            passed_before: before.as_ref().and_then(|before| before.passed),
            unmet_before: before.as_ref().map(|before| before.unmet.clone()).unwrap_or_default(),
            answer_before: before.and_then(|before| before.answer),
            beside: None,
        });
    }

    /// A newer result takes the place of an older one: a test is repeated until a cable is where it belongs. The journal has all of them.
    fn tested(&mut self, at: Moment, test: &TestRecord) {
        let TestRecord { check, role, title, test, is_negative, passed, by, through, told } = test.clone();
        let is_same = |one: &CheckPart| one.beside.is_some() && one.check == check && one.role == role;
        self.checks.retain(|one| !is_same(one));
        self.checks.push(CheckPart {
            check,
            role,
            title,
            command: String::new(),
            expected: vec![test],
            is_negative,
            required: false,
            at,
            passed,
            recorded: false,
            unmet: if passed == Some(false) { told.clone() } else { Text::default() },
            answer: None,
            passed_before: None,
            unmet_before: Text::default(),
            answer_before: None,
            beside: Some(BesidePart { by, through, told }),
        });
    }

    /// Those that were looked at before the change alone: it was undone before the checks, or has not come to them.
    fn add_checks_before(&mut self) {
        let declared: Vec<Check> = self.kept.list("/intent/terms/checks");
        for check in declared {
            let is_there = |one: &CheckPart| one.check == check.name && one.role == check.role;
            if self.checks.iter().any(is_there) {
                continue;
            }
            let Some(before) = self.before.get(&[check.role.clone(), check.name.clone()]).cloned() else { continue };
            self.checks.push(CheckPart {
                check: check.name,
                role: check.role,
                title: check.title,
                command: check.command,
                expected: Vec::new(),
                is_negative: false,
                required: check.level == Level::Required,
                at: before.at,
                passed: None,
                recorded: false,
                unmet: Text::default(),
                answer: None,
                passed_before: before.passed,
                unmet_before: before.unmet,
                answer_before: before.answer,
                beside: None,
            });
        }
    }

    /// What the plan's terms say of each check.
    fn with_expectations(&mut self) {
        let declared: Vec<Check> = self.kept.list("/intent/terms/checks");
        for check in &mut self.checks {
            let found = declared.iter().find(|one| one.name == check.check && one.role == check.role);
            let Some(found) = found else { continue };
            check.expected = found.expect.iter().map(Expectation::describe).collect();
            check.is_negative = found.expect.iter().any(Expectation::is_negative);
        }
    }

    /// How many lines were answered so; nothing for those without an answer.
    fn answered(&self, so: Option<bool>) -> usize {
        self.lines.values().filter(|times| times.accepted == so).count()
    }

    /// Seconds between lines that the plan said traffic stops between; lines that were not sent count for none.
    fn gaps(&self, notes: &[Note]) -> u64 {
        let gap = |[first, last]: [usize; 2]| {
            let first = self.lines.get(&first)?.sent;
            let last = self.lines.range(..=last).next_back()?.1;
            Some(first.seconds_until(last.answered.unwrap_or(last.sent)))
        };
        notes.iter().filter(|note| note.is_gap()).filter_map(|note| gap(note.lines?)).sum()
    }
}

/// How a check went before the change.
#[derive(Clone)]
struct Before {
    at: Moment,
    passed: Option<bool>,
    unmet: Text,
    answer: Option<String>,
}

/// The part of one router.
pub(super) fn part(run: &OfRun<'_>, outcome: &Outcome, records: &[&Stored]) -> RouterPart {
    let mut followed = Followed {
        who: String::new(),
        steps: Steps::default(),
        proofs: Proofs::default(),
        touched: Touched::default(),
        identities: Vec::new(),
        connections: Vec::new(),
        checks: Vec::new(),
        before: BTreeMap::new(),
        deviations: Vec::new(),
        kept: Kept::default(),
        lines: BTreeMap::new(),
        undone: 0,
        undo_proven: None,
        is_undoing: false,
    };
    followed.begin(run, records);
    records.iter().for_each(|stored| followed.take(stored));
    followed.add_checks_before();
    followed.with_expectations();
    let kept = followed.kept;
    let in_progress = run.evidence.in_progress.contains(&outcome.router);
    let verdict = if in_progress { Verdict::NotDone } else { outcome.verdict() };
    // Where the router was read again, that reading says what became of a line without an answer.
    let is_open = in_progress || verdict == Verdict::NeedsPerson;
    let in_doubt = if is_open { followed.answered(None) } else { 0 };
    let notes = run.evidence.notes.get(&outcome.router).map(Vec::as_slice);
    let first_known = |of: fn(&Identity) -> Option<String>| followed.identities.iter().find_map(of);
    let serial_number = outcome.serial_number.clone().or_else(|| first_known(|one| one.serial_number.clone()));
    let commands: Vec<String> = kept.list("/commands");
    let undo: Vec<String> = kept.list("/undo");
    RouterPart {
        router: outcome.router.clone(),
        site: outcome.site.clone(),
        region: run.evidence.regions.get(&outcome.site).cloned(),
        state: outcome.state,
        verdict,
        unverified: outcome.unverified.as_ref().map(ToString::to_string),
        failure_class: outcome.failure_class(),
        in_progress,
        roles: kept.list("/intent/roles"),
        model: first_known(|one| one.model.clone()),
        serial_proof: serial_number
            .as_deref()
            .map(|found| serial_proof(found, kept.get("/intent/device/serial_number"))),
        serial_number,
        firmware: first_known(|one| one.firmware.clone()),
        firmware_after: followed.identities.iter().rev().find_map(|one| one.firmware.clone()),
        changes: kept.list("/changes"),
        plan_sha256: kept.sha256(),
        planned: outcome.planned,
        sent: outcome.sent,
        refused: followed.answered(Some(false)),
        in_doubt,
        guesses: guesses(&kept.list("/guesses"), &commands, &undo),
        facts: kept.list("/facts"),
        save: followed.proofs.save(outcome),
        restart: followed.proofs.restart(outcome, in_doubt),
        rollback: RollbackPart {
            lines: undo,
            sent: followed.undone,
            proven: followed.undo_proven,
            notes: notes.and_then(rollback_note),
        },
        configurations: run.evidence.configurations.get(&outcome.router).map(configurations),
        outage: Outage::of(&followed.touched, notes.map(|notes| followed.gaps(notes))),
        causes: outcome.causes.clone(),
        advice: outcome.advice.clone(),
        plan_anew: run.anew.command(&outcome.router),
        contact: contact(run.evidence, &outcome.site),
        journal: journal(records),
        commands,
        connections: followed.connections,
        checks: followed.checks,
        deviations: followed.deviations,
        steps: followed.steps.into_steps(),
    }
}

fn rollback_note(notes: &[Note]) -> Option<Text> {
    notes.iter().find(|note| note.id == ROLLBACK_NOTE).map(|note| note.text.clone())
}

fn guesses(guesses: &[GuessedLine], commands: &[String], undo: &[String]) -> Vec<GuessPart> {
    let text = |one: &GuessedLine| {
        let lines = if one.undo { undo } else { commands };
        one.line.checked_sub(1).and_then(|place| lines.get(place)).cloned().unwrap_or_default()
    };
    guesses.iter().map(|one| GuessPart { line: one.line, undo: one.undo, text: text(one), guess: one.guess }).collect()
}

/// Where records are in the journal.
pub(super) fn journal(records: &[&Stored]) -> JournalPart {
    JournalPart {
        records: records.len(),
        first: records.first().map(|stored| stored.number),
        last: records.last().map(|stored| stored.number),
        last_hash: records.last().map(|stored| stored.hash.clone()),
        head: None,
    }
}
