//! From the lines of one router to those of its class: which of their words are the router's own.

use std::collections::{HashMap, HashSet};

use super::bound::BoundChange;
use super::class::{
    ChangeClass, ClassCheck, ClassExpectation, ClassLine, ClassPolicy, ClassRisks, ClassValue, KnownLifeline, RiskNote,
};
use super::text::ClassText;
use crate::ix::mask::{MASK, mask_line};
use crate::ix::own_words::{OwnWord, word_places};
use crate::plan::Note;
use crate::playbook::Check;
use crate::transaction::intent::Intent;
use crate::transaction::saved_plan::{GuessedLine, LineCaution};

/// What a class is made of, as one router has it: masked, by numbers of lines.
pub(super) struct Parts<'p> {
    pub commands: &'p [String],
    pub undo: &'p [String],
    pub alternatives: &'p [String],
    pub guesses: &'p [GuessedLine],
    pub cautions: &'p [LineCaution],
    pub notes: &'p [Note],
    pub facts: Vec<String>,
    pub intent: &'p Intent,
}

impl Parts<'_> {
    /// The class, and the values of this router.
    pub fn classified(self) -> BoundChange {
        let rendered = Rendered::of(self.intent);
        let mut values = Values::default();
        let commands = self.lines(false, &rendered, &mut values);
        let undo = self.lines(true, &rendered, &mut values);
        let terms = &self.intent.terms;
        let checks = terms.checks.iter().map(|check| values.check(check)).collect();
        let mut notes: Vec<RiskNote> = self.notes.iter().filter(|note| note.is_risk()).map(RiskNote::from).collect();
        notes.sort_unstable();
        notes.dedup();
        let class = ChangeClass {
            commands,
            undo,
            risks: ClassRisks { lifeline: KnownLifeline::from(&self.intent.path.lifeline), notes, facts: self.facts },
            checks,
            policy: ClassPolicy {
                lost: terms.lost,
                allow_reload: terms.allow_reload,
                allow_lifeline_change: terms.allow_lifeline_change,
                allow_unrecognised: terms.allow_unrecognised,
                set_secrets: terms.set_secrets,
                max_line: terms.max_line,
                min_firmware: terms.min_firmware.clone(),
                owns: terms.owns.clone(),
            },
            values: values.names,
        };
        BoundChange { class, values: values.texts }
    }

    fn lines(&self, undo: bool, rendered: &Rendered<'_>, values: &mut Values) -> Vec<ClassLine> {
        let mut forms = self.forms(undo);
        let guesses: HashMap<usize, _> =
            self.guesses.iter().filter(|one| one.undo == undo).map(|one| (one.line, one.guess)).collect();
        let cautions: HashMap<usize, _> =
            self.cautions.iter().filter(|one| one.undo == undo).map(|one| (one.line, one)).collect();
        let texts = if undo { self.undo } else { self.commands };
        let line = |(number, text): (usize, &String)| {
            let caution = cautions.get(&number);
            let text = values.line(text, rendered);
            let otherwise = forms.remove(&number).unwrap_or_default();
            ClassLine {
                text,
                otherwise: otherwise.into_iter().map(|form| values.line(form, rendered)).collect(),
                guess: guesses.get(&number).copied(),
                restart: caution.is_some_and(|caution| caution.restart),
                may_cut: caution.is_some_and(|caution| caution.may_cut),
                irreversible: caution.and_then(|caution| caution.irreversible.clone()),
            }
        };
        (1..).zip(texts).map(line).collect()
    }

    /// The other forms of lines, by number; kept as `line 3: no description` and `undo line 3: no description`.
    fn forms(&self, undo: bool) -> HashMap<usize, Vec<&str>> {
        let which = if undo { "undo line " } else { "line " };
        let mut forms: HashMap<usize, Vec<&str>> = HashMap::new();
        for form in self.alternatives.iter().filter_map(|form| form.strip_prefix(which)) {
            if let Some((Ok(line), form)) = form.split_once(": ").map(|(line, form)| (line.parse(), form)) {
                forms.entry(line).or_default().push(form);
            }
        }
        forms
    }
}

impl From<&Note> for RiskNote {
    fn from(note: &Note) -> Self {
        Self { id: note.id.clone(), lines: note.lines }
    }
}

/// The lines of a rendering in which words are the router's own.
#[derive(Default)]
struct Rendered<'i> {
    own: Vec<OwnLine<'i>>,
    /// Every line: one without own words is no pattern.
    said: HashSet<&'i str>,
}

/// A rendered line, masked, with the words that are the router's own.
struct OwnLine<'i> {
    text: String,
    words: &'i [OwnWord],
}

impl<'i> Rendered<'i> {
    fn of(intent: &'i Intent) -> Self {
        let Some((text, origins)) = intent.desired.text().and_then(|text| Some((text, text.origins()?))) else {
            return Self::default();
        };
        if !origins.has_own_words() {
            return Self::default();
        }
        let lines = || (1..).zip(text.as_str().lines());
        let own = |(number, line): (u32, &'i str)| {
            let words = origins.own_words(number);
            if words.is_empty() {
                return None;
            }
            let text = mask_line(line.trim());
            // Words that a mask has taken in have no places any more.
            let kept = word_places(&text).count() == word_places(line).count();
            kept.then_some(OwnLine { text, words })
        };
        Self { own: lines().filter_map(own).collect(), said: lines().map(|(_, line)| line.trim()).collect() }
    }
}

/// The values of one router, in the order in which its lines name them.
#[derive(Default)]
struct Values {
    names: Vec<ClassValue>,
    texts: Vec<String>,
    places: HashMap<(ClassValue, String), usize>,
}

impl Values {
    fn place(&mut self, name: &str, before: bool, text: &str) -> usize {
        let value = ClassValue { name: name.to_owned(), before };
        let next = self.names.len();
        let place = *self.places.entry((value.clone(), text.to_owned())).or_insert(next);
        if place == next {
            self.names.push(value);
            self.texts.push(text.to_owned());
        }
        place
    }

    /// A line: where the rendering says it, its own words are values; where it says one that differs in nothing but these, what the
    /// router has in their places.
    fn line(&mut self, line: &str, rendered: &Rendered<'_>) -> ClassText {
        let body = line.strip_prefix("no ").unwrap_or(line);
        let lead = line.len() - body.len();
        let says = |text: &str| rendered.own.iter().find(|own| own.text == text);
        if let Some(own) = says(line) {
            return self.templated(line, 0, own);
        }
        if let Some(own) = says(body) {
            return self.templated(line, lead, own);
        }
        let is_like = |own: &&OwnLine<'_>| own.is_like(body);
        match rendered.own.iter().find(is_like) {
            Some(own) if !rendered.said.contains(body) => self.templated(line, lead, own),
            _ => ClassText::literal(line),
        }
    }

    /// A line that is like a rendered one from byte `lead` on.
    fn templated(&mut self, line: &str, lead: usize, own: &OwnLine<'_>) -> ClassText {
        let wanted: Vec<&str> = words_of(&own.text);
        let mut text = ClassText::default();
        let mut done = 0;
        for (at, range) in word_places(line.get(lead..).unwrap_or_default()).enumerate() {
            let Some(word) = own.words.iter().find(|word| usize::from(word.word) == at) else { continue };
            let range = range.start + lead..range.end + lead;
            let Some(value) = line.get(range.clone()).and_then(|whole| word.of(whole)) else { continue };
            let before = wanted.get(at).and_then(|whole| word.of(whole)) != Some(value);
            let start = range.start + usize::from(word.before);
            text.push_text(line.get(done..start).unwrap_or_default());
            text.push_value(self.place(&word.name, before, value));
            done = start + value.len();
        }
        text.push_text(line.get(done..).unwrap_or_default());
        text
    }

    fn check(&mut self, check: &Check) -> ClassCheck {
        let mut own = check.own.iter();
        let mut next = || own.next().map(Vec::as_slice).unwrap_or_default();
        let mut text = |text: &str| {
            let line = OwnLine { text: text.to_owned(), words: next() };
            self.templated(text, 0, &line)
        };
        let command = text(&check.command);
        let expect = check.expect.iter().map(|expectation| ClassExpectation {
            kind: expectation.word().to_owned(),
            said: text(&expectation.said()),
        });
        let expect = expect.collect();
        let Check { name, role, phase, level, within, .. } = check;
        let (name, role) = (name.clone(), role.clone());
        ClassCheck { name, role, phase: *phase, level: *level, command, expect, within: *within }
    }
}

impl OwnLine<'_> {
    /// Whether a line differs from it in nothing but its own words, and hides none of them.
    fn is_like(&self, line: &str) -> bool {
        let (own, other) = (words_of(&self.text), words_of(line));
        let is_own = |at: usize| self.words.iter().find(|word| usize::from(word.word) == at);
        own.len() == other.len()
            && own.iter().zip(&other).enumerate().all(|(at, (one, other))| match is_own(at) {
                Some(word) => word.same_around(one, other) && word.of(other).is_some_and(|value| value != MASK),
                None => one == other,
            })
    }
}

fn words_of(line: &str) -> Vec<&str> {
    word_places(line).filter_map(|range| line.get(range)).collect()
}
