//! Routers as counts by how they ended: what is normal is a number, and needs no name.

use crate::message::Lang;
use crate::state::State;

/// A number as people read it: `9,812`.
pub fn counted(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How a router counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// It was as declared before, and nothing was sent.
    AsDeclared,
    /// It ended in this state.
    As(State),
    /// It was read; what becomes of it is not decided yet.
    Read,
    /// It could not be read, or nothing can be planned for it.
    Failed,
    /// Others have changed what was to be undone: it is left as it is.
    Conflict,
}

impl Counts {
    fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::AsDeclared => lang.pick("as declared", "宣言どおり"),
            Self::As(state) => state.word(),
            Self::Read => lang.pick("read", "読み取り済み"),
            Self::Failed => lang.pick("failed", "失敗"),
            Self::Conflict => lang.pick("in conflict", "競合"),
        }
    }
}

/// How many routers ended how, in the order in which the first of each came.
#[derive(Debug, Clone, Default)]
pub struct CountedEnds {
    counts: Vec<(Counts, usize)>,
}

impl CountedEnds {
    /// One more that ended so, with a plan of so many lines.
    pub fn take(&mut self, state: State, planned: usize) {
        self.take_many(state, state == State::Saved && planned == 0, 1);
    }

    /// One that ended so, with a plan of so many lines, ends once more: it counts as it ends then.
    pub fn take_back(&mut self, state: State, planned: usize) {
        self.subtract(if state == State::Saved && planned == 0 { Counts::AsDeclared } else { Counts::As(state) });
    }

    /// So many more in this state; to those as declared nothing was to be sent.
    pub fn take_many(&mut self, state: State, as_declared: bool, count: usize) {
        self.add(if as_declared { Counts::AsDeclared } else { Counts::As(state) }, count);
    }

    /// One more that was read.
    pub fn read(&mut self) {
        self.add(Counts::Read, 1);
    }

    /// One that was read could not be planned: it counts as that.
    pub fn take_back_read(&mut self) {
        self.subtract(Counts::Read);
    }

    /// One more that could not be read.
    pub fn failed(&mut self) {
        self.add(Counts::Failed, 1);
    }

    fn subtract(&mut self, what: Counts) {
        for (_, number) in self.counts.iter_mut().filter(|(known, _)| *known == what) {
            *number = number.saturating_sub(1);
        }
        self.counts.retain(|(_, number)| *number > 0);
    }

    /// One more that is left as it is, since others have changed what was to be undone.
    pub fn in_conflict(&mut self) {
        self.add(Counts::Conflict, 1);
    }

    fn add(&mut self, what: Counts, count: usize) {
        match self.counts.iter_mut().find(|(known, _)| *known == what) {
            Some((_, number)) => *number += count,
            None => self.counts.push((what, count)),
        }
    }

    /// `9,812 saved, 173 as declared, 11 unreachable`: what needs no one first.
    pub fn words(&self, lang: Lang) -> String {
        let mut counts = self.counts.clone();
        counts.sort_by_key(|(what, _)| match what {
            Counts::As(State::Saved) => 0,
            Counts::AsDeclared | Counts::Read => 1,
            Counts::As(State::NotStarted | State::Declined) => 2,
            Counts::Failed | Counts::Conflict => 3,
            Counts::As(state) => 4 + state.verdict() as usize,
        });
        let words = counts.iter().map(|(what, number)| format!("{} {}", counted(*number), what.words(lang)));
        words.collect::<Vec<_>>().join(lang.pick(", ", "、"))
    }
}

#[cfg(test)]
mod tests {
    use super::{CountedEnds, counted};
    use crate::message::Lang;
    use crate::state::State;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1_000, 9_812, 1_234_567].map(counted), ["0", "999", "1,000", "9,812", "1,234,567"]);
    }

    #[test]
    fn what_needs_no_one_comes_first_and_what_needs_a_person_last() {
        let mut ends = CountedEnds::default();
        ends.take(State::Lost, 1);
        ends.take(State::Unreachable, 1);
        (0..173).for_each(|_| ends.take(State::Saved, 0));
        ends.take_many(State::Saved, false, 9_812);
        assert_eq!(ends.words(Lang::En), "9,812 saved, 173 as declared, 1 unreachable, 1 lost");
        assert_eq!(ends.words(Lang::Ja), "9,812 saved、173 宣言どおり、1 unreachable、1 lost");
    }
}
