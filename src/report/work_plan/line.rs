//! The lines of a plan, or of its undo, as steps: what is typed, what must be answered, and what must be known of the line.

use super::{Key, PlannedStep};
use crate::ix::mask::mask_line;
use crate::ix::origin::Origin;
use crate::message::{Lang, Text};
use crate::plan::{self, Guess};
use crate::report::class_text::templated;
use crate::report::plan_text::{caution_words, guess_words, origin_words, otherwise_words};
use crate::report::saved_plan_text::beside;
use crate::transaction::{ChangeClass, ClassLine, ClassText, SavedPlan};

/// What must be known of a line.
struct Remarks<'r> {
    guess: Option<Guess>,
    /// Its other forms, in English and in Japanese.
    otherwise: [Vec<String>; 2],
    restart: bool,
    may_cut: bool,
    irreversible: Option<&'r Text>,
    origin: Option<&'r Origin>,
}

impl Remarks<'_> {
    fn texts(&self) -> Vec<Text> {
        let [otherwise_en, otherwise_ja] = &self.otherwise;
        let [en, ja] = [(Lang::En, otherwise_en), (Lang::Ja, otherwise_ja)].map(|(lang, otherwise)| {
            let mut said: Vec<String> = self.guess.iter().map(|guess| guess_words(*guess, lang).to_owned()).collect();
            said.extend(otherwise_words(otherwise, lang));
            let cautions = caution_words(self.restart, self.may_cut, self.irreversible, lang);
            said.extend(cautions.into_iter().map(str::to_owned));
            said.extend(self.origin.map(|origin| origin_words(origin, lang)));
            said
        });
        en.into_iter().zip(ja).map(|(en, ja)| Text { en, ja }).collect()
    }
}

/// Those of a router's plan.
pub(super) fn of_router(saved: &SavedPlan, undo: bool) -> Vec<PlannedStep> {
    let commands = if undo { &saved.undo } else { &saved.commands };
    let mut known = beside(saved, undo);
    let depths = plan::with_depth(saved.intent.dialect(), commands);
    let step = |(number, at): (usize, plan::CommandAtDepth<'_>)| {
        let of_line = known.remove(&number).unwrap_or_default();
        let caution = of_line.caution;
        let remarks = Remarks {
            guess: of_line.guess,
            otherwise: [of_line.otherwise.clone(), of_line.otherwise],
            restart: caution.is_some_and(|one| one.restart),
            may_cut: caution.is_some_and(|one| one.may_cut),
            irreversible: caution.and_then(|one| one.irreversible.as_ref()),
            origin: of_line.origin,
        };
        line(Numbered { number, of: commands.len(), undo }, Text::untranslated(mask_line(at.text)), at.depth, &remarks)
    };
    (1..).zip(depths).map(step).collect()
}

/// Those of a class, with the names of its values in their places; `first` is the plan of one of its routers.
pub(super) fn of_class(class: &ChangeClass, first: &SavedPlan, undo: bool) -> Vec<PlannedStep> {
    let (lines, literal) = if undo { (&class.undo, &first.undo) } else { (&class.commands, &first.commands) };
    let text = |text: &ClassText| [Lang::En, Lang::Ja].map(|lang| templated(text, class, lang));
    let depths = plan::with_depth(first.intent.dialect(), literal);
    let mut known = beside(first, undo);
    let step = |((number, one), at): ((usize, &ClassLine), plan::CommandAtDepth<'_>)| {
        let mut otherwise = [Vec::new(), Vec::new()];
        for form in &one.otherwise {
            otherwise.iter_mut().zip(text(form)).for_each(|(forms, form)| forms.push(form));
        }
        let remarks = Remarks {
            guess: one.guess,
            otherwise,
            restart: one.restart,
            may_cut: one.may_cut,
            irreversible: one.irreversible.as_ref(),
            origin: known.remove(&number).and_then(|of_line| of_line.origin),
        };
        let [en, ja] = text(&one.text);
        line(Numbered { number, of: lines.len(), undo }, Text { en, ja }, at.depth, &remarks)
    };
    (1..).zip(lines).zip(depths).map(step).collect()
}

/// Which line.
struct Numbered {
    number: usize,
    of: usize,
    undo: bool,
}

fn line(which: Numbered, text: Text, depth: usize, remarks: &Remarks<'_>) -> PlannedStep {
    let Numbered { number, of, undo } = which;
    let (step, key) = match undo {
        false => (PlannedStep::new(format!("line {number} of {of}"), format!("{number}/{of} 行目")), Key::Line(number)),
        true => (
            PlannedStep::new(format!("line {number} of {of} of the undo"), format!("取り消し {number}/{of} 行目")),
            Key::UndoLine,
        ),
    };
    let step = step.expects("taken: no error is shown", "受理(エラー表示なし)").found_by(key);
    PlannedStep { command: Some(text), depth, remarks: remarks.texts(), ..step }
}
