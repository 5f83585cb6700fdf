//! The record of a run laid beside its work plan: each step gets what was done, and what was done besides is listed.
//!
//! A step is found by its number or its name, never by its place: an undo takes back only what was sent, and a line may have been typed in
//! another of its forms.

use std::collections::{BTreeMap, HashMap};

use super::{Done, End, ExtraLine, Key, Part, PlannedStep, Procedure, ProcedureOf, RunBeside, WorkPlan};
use crate::message::Text;
use crate::record::{ComparedWith, Tester};
use crate::report::work::{CheckPart, Milestone, Proof, RouterPart, Step, WorkRecord};

impl WorkPlan {
    /// The same with the record beside it.
    #[must_use]
    pub fn beside(mut self, record: &WorkRecord) -> Self {
        let mut parts: HashMap<&str, &RouterPart> =
            record.routers.iter().map(|part| (part.router.as_str(), part)).collect();
        for procedure in &mut self.procedures {
            let ProcedureOf::Router(facts) = &procedure.of else { continue };
            if let Some(part) = parts.get(facts.router.as_str()) {
                lay_beside(procedure, part);
            }
        }
        for router in &mut self.routers {
            router.end = parts.remove(router.router.as_str()).map(end);
        }
        let run = &record.run;
        let mut others: Vec<String> = parts.into_keys().map(str::to_owned).collect();
        others.sort();
        self.run = Some(RunBeside {
            run: run.run.clone(),
            by: run.by.clone(),
            machine: run.machine.clone(),
            begun: run.begun,
            ended: run.ended,
            is_of_this_plan: run.plan_sha256.as_ref() == Some(&self.plan.sha256),
            plan_sha256: run.plan_sha256.clone(),
            head: run.journal.head.clone(),
            others,
        });
        self
    }
}

fn end(part: &RouterPart) -> End {
    End { verdict: part.verdict_of_end(), words: part.end_words(), lines: part.lines_words() }
}

fn lay_beside(procedure: &mut Procedure, part: &RouterPart) {
    let mut recorded = Recorded::of(part);
    for section in &mut procedure.sections {
        if section.part == Part::Rollback {
            recorded.lay_undo(&mut section.steps);
        }
        for step in section.steps.iter_mut().filter(|step| step.key != Key::UndoLine) {
            step.done = recorded.done(step);
        }
        if section.part == Part::Rollback && part.rollback.sent == 0 {
            section.steps.iter_mut().for_each(|step| step.done = None);
        }
    }
    procedure.extra = recorded.extra();
    procedure.end = Some(end(part));
}

/// What was recorded of a router, as it is asked for.
struct Recorded<'r> {
    part: &'r RouterPart,
    /// Lines of the plan, by their number; the last form that was typed of each.
    lines: BTreeMap<usize, &'r Step>,
    /// The forms of lines that were typed before those.
    other_forms: Vec<&'r Step>,
    /// Lines of the undo that no step of the plan has yet.
    undo: Vec<&'r Step>,
}

impl<'r> Recorded<'r> {
    fn of(part: &'r RouterPart) -> Self {
        let (mut lines, mut other_forms, mut undo) = (BTreeMap::new(), Vec::new(), Vec::new());
        for step in &part.steps {
            match step.milestone {
                Some(Milestone::Line(number)) => other_forms.extend(lines.insert(number, step)),
                Some(Milestone::UndoLine) => undo.push(step),
                _ => {}
            }
        }
        Self { part, lines, other_forms, undo }
    }

    /// Lays the lines of the undo that were typed beside those that were planned. An undo takes back what was sent, which is the end of the
    /// planned one, and it may stop on the way: its lines follow each other, and the same text may be in several blocks. Lines that are not
    /// found so are looked for one by one, the last first.
    fn lay_undo(&mut self, steps: &mut [PlannedStep]) {
        let mut planned: Vec<&mut PlannedStep> = steps.iter_mut().filter(|step| step.key == Key::UndoLine).collect();
        let count = self.undo.len();
        let is_same = |(step, typed): (&&mut PlannedStep, &&Step)| is_typed_as_planned(step, typed);
        let found = planned.windows(count.max(1)).rposition(|window| window.iter().zip(&self.undo).all(is_same));
        if let Some(place) = found.filter(|_| count > 0) {
            for (step, typed) in planned.iter_mut().skip(place).zip(self.undo.drain(..)) {
                step.done = Some(of_line(typed, step));
            }
            return;
        }
        for step in planned.into_iter().rev() {
            let place = self.undo.iter().rposition(|typed| is_typed_as_planned(step, typed));
            step.done = place.map(|place| of_line(self.undo.remove(place), step));
        }
    }

    /// What was done of a step; nothing where no record says so.
    fn done(&mut self, planned: &PlannedStep) -> Option<Done> {
        let part = self.part;
        match &planned.key {
            Key::None | Key::UndoLine => None,
            Key::Login => self.first(Milestone::Connected).map(|step| Done {
                at: Some(step.at),
                ok: Some(true),
                ..Done::default()
            }),
            Key::ConfigMode => {
                self.first(Milestone::Locked).map(|step| Done { at: Some(step.at), ok: Some(true), ..Done::default() })
            }
            Key::Identity { model, serial_number } => {
                let named = [part.model.as_deref(), part.serial_number.as_deref()];
                let answer = named.into_iter().flatten().collect::<Vec<_>>().join(" ");
                let is_expected = |expected: &Option<String>, found: Option<&str>| Some(expected.as_deref()? == found?);
                let same = [is_expected(model, named[0]), is_expected(serial_number, named[1])];
                let ok = same[0].zip(same[1]).map(|(model, serial_number)| model && serial_number);
                Some(Done { at: Some(self.identified()?.at), answer: Some(answer), ok, ..Done::default() })
            }
            Key::Firmware(expected) => {
                let found = part.firmware.as_deref()?;
                let ok = expected.as_deref().map(|expected| expected == found);
                Some(Done { at: Some(self.identified()?.at), answer: Some(found.to_owned()), ok, ..Done::default() })
            }
            Key::Backup => self.first(Milestone::BackedUp).map(|step| Done {
                at: Some(step.at),
                ok: Some(true),
                ..Done::default()
            }),
            Key::StartupBefore => {
                let step = self.first(Milestone::BackedUp)?;
                Some(Done { at: Some(step.at), ..Done::default() })
            }
            Key::Line(number) => self.lines.remove(number).map(|step| of_line(step, planned)),
            Key::ReadAgain => self.last(ComparedWith::Desired).map(of_reading),
            Key::TakenBack => self.last(ComparedWith::Backup).map(of_reading),
            Key::Startup => {
                let ok = match part.save.proof {
                    Proof::Proven => Some(true),
                    Proof::Refuted | Proof::Unproven => Some(false),
                    Proof::NotDone => return None,
                };
                Some(Done { at: part.save.at, ok, unmet: Some(part.save.text.clone()), ..Done::default() })
            }
            Key::Test { role, name } => {
                let same = |check: &&CheckPart| check.beside.is_some() && check.role == *role && check.check == *name;
                part.checks.iter().rfind(same).map(of_test)
            }
            Key::Save => self.first(Milestone::Saving).map(|step| Done { at: Some(step.at), ..Done::default() }),
            Key::Check { role, name, before } => {
                let same = |check: &&CheckPart| check.beside.is_none() && check.role == *role && check.check == *name;
                let check = part.checks.iter().rfind(same)?;
                match before {
                    true => {
                        let is_known = check.passed_before.is_some() || check.answer_before.is_some();
                        let (ok, answer) = (check.passed_before, check.answer_before.clone());
                        is_known.then(|| Done { ok, answer, ..Done::default() })
                    }
                    false => of_check(check),
                }
            }
        }
    }

    fn first(&self, milestone: Milestone) -> Option<&'r Step> {
        self.part.steps.iter().find(|step| step.milestone == Some(milestone))
    }

    fn identified(&self) -> Option<&'r Step> {
        self.first(Milestone::Identified).or_else(|| self.first(Milestone::BackedUp))
    }

    fn last(&self, with: ComparedWith) -> Option<&'r Step> {
        self.part.steps.iter().rfind(|step| step.milestone == Some(Milestone::Compared(with)))
    }

    /// What no step of the plan has taken.
    fn extra(self) -> Vec<ExtraLine> {
        let left = self.lines.into_values().chain(self.other_forms).chain(self.undo);
        let extra = |step: &Step| ExtraLine {
            what: step.what.clone(),
            line: step.command.clone().unwrap_or_default(),
            done: of_typed(step),
        };
        left.map(extra).collect()
    }
}

fn is_typed_as_planned(planned: &PlannedStep, typed: &Step) -> bool {
    typed.command.as_deref() == planned.command.as_ref().map(|text| text.en.as_str())
}

fn of_typed(step: &Step) -> Done {
    Done { at: Some(step.at), finished: step.answered, answer: step.answer.clone(), ok: step.ok, ..Done::default() }
}

/// A line, and what was typed in its place where that was another one.
fn of_line(step: &Step, planned: &PlannedStep) -> Done {
    let wanted = planned.command.as_ref().map(|text| text.en.as_str());
    let typed = step.command.clone().filter(|typed| Some(typed.as_str()) != wanted);
    Done { typed, ..of_typed(step) }
}

fn of_reading(step: &Step) -> Done {
    Done { at: Some(step.at), ok: step.ok, unmet: Some(step.what.clone()), ..Done::default() }
}

/// A check; nothing where it was not run.
fn of_check(check: &CheckPart) -> Option<Done> {
    let unmet = (check.passed == Some(false)).then(|| check.unmet.clone());
    check.is_run().then(|| Done {
        at: Some(check.at),
        answer: check.answer.clone(),
        ok: check.passed,
        unmet,
        ..Done::default()
    })
}

/// A test from the laptop, with what was found, or why it was not made.
fn of_test(check: &CheckPart) -> Done {
    let told = check.beside.as_ref().map(|beside| beside.told.clone());
    let is_word = check.beside.as_ref().is_some_and(|beside| beside.by == Some(Tester::Person));
    let found = told.clone().map(|told| match is_word {
        true => Text::new(format!("a person's word: {}", told.en), format!("担当者の申告: {}", told.ja)),
        false => told,
    });
    match check.passed {
        Some(_) => Done { at: Some(check.at), ok: check.passed, unmet: found, ..Done::default() },
        None => Done { not_made: told, ..Done::default() },
    }
}
