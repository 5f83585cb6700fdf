//! The steps of a work record: each thing that was recorded, with its time; a line that was sent and its answer are one step.

use serde::Serialize;

use super::Moment;
use crate::message::{Lang, Text};
use crate::record::{ComparedWith, Kind, Stored};
use crate::report::record_words;
use crate::state::State;

/// What of a plan a step has come to: by it the record is laid beside a work plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Milestone {
    /// The line of this number was typed.
    Line(usize),
    /// A line of the undo was typed.
    UndoLine,
    /// A session was opened.
    Connected,
    /// The router said who it is.
    Identified,
    /// Config mode is ours.
    Locked,
    /// Config mode is ours, and both configurations are kept.
    BackedUp,
    /// A configuration was read again and compared.
    Compared(ComparedWith),
    /// The save was begun.
    Saving,
}

impl Milestone {
    fn of(kind: &Kind) -> Option<Self> {
        Some(match kind {
            Kind::Sending { undo: true, .. } => Self::UndoLine,
            Kind::Sending { number, .. } => Self::Line(*number),
            Kind::Connected(_) => Self::Connected,
            Kind::Moved { state: State::Locked } => Self::Locked,
            Kind::Identified { .. } => Self::Identified,
            Kind::BackedUp { .. } => Self::BackedUp,
            Kind::Compared { with, .. } => Self::Compared(*with),
            Kind::Saving => Self::Saving,
            _ => return None,
        })
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// The number of its record in the journal.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// What its record is called.
    pub kind: String,
    /// What it was, in words.
    pub what: Text,
    /// The line that was typed, masked.
    pub command: Option<String>,
    /// When the router answered it.
    pub answered: Option<Moment>,
    /// What the router said to it, masked; empty where it took the line without a word.
    pub answer: Option<String>,
    /// Whether it went well, where it can go wrong.
    pub ok: Option<bool>,
    /// What of a plan it has come to.
    #[serde(skip)]
    pub milestone: Option<Milestone>,
}

/// Steps, and which of them wait for their answer.
#[derive(Debug, Default)]
pub(super) struct Steps {
    all: Vec<Step>,
    /// Places of lines without an answer, with their number and whether they undo.
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    place: usize,
    line: usize,
    undo: bool,
}

impl Steps {
    /// Follows one more record. What only counts, or is said by another step, is none of its own.
    pub(super) fn take(&mut self, stored: &Stored) {
        match &stored.record {
            Some(Kind::Sending { number, total, line, undo }) => {
                self.waiting.push(Waiting { place: self.all.len(), line: *number, undo: *undo });
                let mut step = Step::of(stored);
                step.what = sending(*number, *total, *undo);
                step.command = Some(line.clone());
                self.all.push(step);
            }
            Some(Kind::Answered { number, undo, accepted, text }) => {
                let asked = self.waiting.iter().rposition(|one| one.line == *number && one.undo == *undo);
                let place = asked.map(|asked| self.waiting.remove(asked).place);
                if let Some(step) = place.and_then(|place| self.all.get_mut(place)) {
                    step.answered = Some(Moment::of_ms(stored.at_ms));
                    step.answer = Some(text.trim_end().to_owned());
                    step.ok = Some(*accepted);
                }
            }
            Some(Kind::Checked { check, command, passed, .. }) => {
                let mut step = Step::of(stored);
                step.what = Text::new(format!("check {check}"), format!("確認 {check}"));
                step.command = Some(command.clone());
                step.ok = *passed;
                self.all.push(step);
            }
            Some(Kind::CheckedBefore { passed, .. }) => self.all.push(Step { ok: *passed, ..Step::of(stored) }),
            Some(Kind::Compared { differences, .. }) => {
                self.all.push(Step { ok: Some(*differences == 0), ..Step::of(stored) });
            }
            Some(Kind::Failed { .. } | Kind::AnotherBox { .. }) => {
                self.all.push(Step { ok: Some(false), ..Step::of(stored) });
            }
            Some(Kind::Begun { .. } | Kind::StillWaiting { .. } | Kind::RunStarted { .. }) => {}
            _ => self.all.push(Step::of(stored)),
        }
    }

    /// All of them.
    pub(super) fn into_steps(self) -> Vec<Step> {
        self.all
    }
}

impl Step {
    fn of(stored: &Stored) -> Self {
        Self {
            number: stored.number,
            at: Moment::of_ms(stored.at_ms),
            kind: stored.record.as_ref().map_or("", Kind::name).to_owned(),
            what: Text::new(record_words(stored, Lang::En), record_words(stored, Lang::Ja)),
            command: None,
            answered: None,
            answer: None,
            ok: None,
            milestone: stored.record.as_ref().and_then(Milestone::of),
        }
    }
}

fn sending(number: usize, total: usize, undo: bool) -> Text {
    if undo {
        Text::new(format!("line {number} of {total} of the undo"), format!("取り消し {number}/{total} 行目"))
    } else {
        Text::new(format!("line {number} of {total}"), format!("計画の {number}/{total} 行目"))
    }
}
