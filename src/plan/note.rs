//! What a person should know about a plan, beside its lines: the form in which it is kept and shown.

use serde::{Deserialize, Serialize};

use super::masked::Unknown;
use super::plan_note::PlanNote;
use super::unit::Gap;
use crate::message::{Explain, Text};

/// One remark, with a stable name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its name, such as `secret.cannot-compare`.
    pub id: String,
    /// What it says.
    pub text: Text,
    /// The line of the configuration that it is about, with the headers of its blocks, masked; where it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// The first and the last line of the plan that it is about, where it is about some.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lines: Option<[usize; 2]>,
}

impl Note {
    /// What is said, under its code.
    pub(crate) fn of(said: &impl Explain) -> Self {
        Self { id: said.code().to_owned(), text: said.text(), about: None, lines: None }
    }

    /// Whether it tells of a risk of the change itself. The others say how it is undone, what it rests on, and what of the router is
    /// left as it is.
    pub fn is_risk(&self) -> bool {
        const OTHERS: [&str; 4] = ["rollback.ladder", "facts.used", "secret.cannot-compare", "line.cannot-compare"];
        !OTHERS.contains(&self.id.as_str())
    }

    /// Whether it tells that traffic stops for a moment.
    pub fn is_gap(&self) -> bool {
        self.id.ends_with(".gap")
    }

    /// Whether it tells of lines that someone has entered since the kit was packed, and that the plan takes away.
    pub fn is_newer_than_kit(&self) -> bool {
        self.id == "kit.newer-lines"
    }

    /// Whether it tells of a line that takes effect after a restart.
    pub fn is_restart(&self) -> bool {
        self.id == "line.restart"
    }

    /// A masked line, or one that stays because such a line needs it.
    pub(super) fn of_masked(unknown: &Unknown) -> Self {
        let line = unknown.shown();
        let said = Self::of(&PlanNote::CannotCompare { line: &line, needed: unknown.needed });
        Self { about: Some(line), ..said }
    }

    /// Traffic that both configurations pass stops from one line of the plan to another.
    pub(super) fn gap(gap: &Gap, first: usize, last: usize) -> Self {
        let said = Self::of(&PlanNote::Gap { what: gap.what, place: &gap.place, first, last });
        Self { lines: Some([first, last]), ..said }
    }
}

impl From<PlanNote<'_>> for Note {
    fn from(said: PlanNote<'_>) -> Self {
        Self::of(&said)
    }
}
