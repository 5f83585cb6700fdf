//! How the routers of a cohort ended, and which of several cohorts explains a failure best: what decides where failures gather. Counts
//! and compares; holds nothing.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use crate::state::FailureClass;

/// A failure, as it is counted in the cohorts of its router.
pub(super) struct Failure<'a> {
    pub(super) number: usize,
    pub(super) class: FailureClass,
    pub(super) cause: Option<&'a str>,
    pub(super) wrong_password: bool,
    /// The cohorts that its router was known to be of before it began: had one of them been held by then, it would not have begun.
    pub(super) known: Arc<[u32]>,
}

/// How the routers of a cohort ended.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// All that ended.
    ended: usize,
    /// Of these: occupied or out of reach. Clinics are closed and busy everywhere: that says nothing of what they have in common.
    not_met: usize,
    /// Of these: none answered.
    unanswered: usize,
    /// Of each of its routers that failed, the cohorts that it was known to be of before it began.
    failed: Vec<Arc<[u32]>>,
    lost: usize,
}

/// How well a cohort explains failures: better where more of its ends failed, and of two with the same share the smaller one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blame {
    failed: usize,
    /// Its routers that were met.
    met: usize,
    /// How many routers it has at most, as far as that is known.
    most: usize,
}

impl Tally {
    /// One more ended.
    pub(super) fn note(&mut self, failure: Option<&Failure<'_>>) {
        self.ended += 1;
        let Some(failure) = failure else { return };
        match failure.class {
            FailureClass::Occupied => self.not_met += 1,
            FailureClass::Unreachable => {
                self.not_met += 1;
                // One that refused our password was reached.
                self.unanswered += usize::from(!failure.wrong_password);
            }
            class => {
                self.failed.push(Arc::clone(&failure.known));
                self.lost += usize::from(class == FailureClass::Lost);
            }
        }
    }

    /// How many were lost.
    pub(super) fn lost(&self) -> usize {
        self.lost
    }

    /// Whether none answered of so many or more: a path that leads nowhere.
    pub(super) fn leads_nowhere(&self, enough: usize) -> bool {
        self.unanswered >= enough && self.unanswered == self.ended
    }

    /// Whether so many failed or more, and so many in a thousand of its ends, without those that one of their other cohorts explains.
    pub(super) fn has_gathered(&self, enough: usize, share: usize, explains: impl Fn(u32) -> bool) -> bool {
        let explained = self.failed.iter().filter(|known| known.iter().any(|one| explains(*one))).count();
        let (failed, ended) = (self.failed.len() - explained, self.ended - explained);
        failed >= enough && failed * 1000 >= ended * share
    }

    /// How well a cohort of so many routers at most explains failures.
    pub(super) fn blame(&self, most: usize) -> Blame {
        Blame { failed: self.failed.len(), met: self.ended - self.not_met, most }
    }
}

impl Blame {
    /// The better one first.
    pub(super) fn order(self, other: Self) -> Ordering {
        // Each share is a fraction: both by both denominators.
        let share = |one: Self, of: Self| Reverse(one.failed * of.met.max(1));
        share(self, other).cmp(&share(other, self)).then(self.most.cmp(&other.most))
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use super::{Blame, Failure, Tally};
    use crate::state::FailureClass::{self, CheckFailed, Lost, Occupied, Unreachable};

    fn failure(class: FailureClass, known: &[u32]) -> Failure<'static> {
        Failure { number: 0, class, cause: None, wrong_password: false, known: known.into() }
    }

    #[test]
    fn that_in_which_more_of_those_that_were_met_failed_explains_a_failure_and_of_equals_the_smaller() {
        let blame = |failed, met, most| Blame { failed, met, most };
        assert_eq!(blame(3, 3, 500).order(blame(9, 10, 20)), Less);
        assert_eq!(blame(2, 4, 20).order(blame(1, 2, 500)), Less);
        assert_eq!(blame(1, 2, 500).order(blame(1, 2, 20)), Greater);
        assert_eq!(blame(0, 0, 5).order(blame(0, 7, 5)), Equal, "none failed, and none was met");
    }

    #[test]
    fn what_is_explained_counts_neither_among_the_failures_nor_among_the_ends() {
        let mut tally = Tally::default();
        for _ in 0..24 {
            tally.note(None);
        }
        for known in [[1, 2], [1, 2], [1, 3], [1, 3], [1, 3]] {
            tally.note(Some(&failure(CheckFailed, &known)));
        }
        assert!(tally.has_gathered(5, 100, |_| false));
        assert!(tally.has_gathered(3, 100, |one| one == 2) && !tally.has_gathered(4, 100, |one| one == 2));
        assert!(tally.has_gathered(3, 111, |one| one == 2), "three of twenty-seven");
        assert!(!tally.has_gathered(3, 112, |one| one == 2));
    }

    #[test]
    fn routers_that_were_not_met_are_no_failures_and_take_nothing_from_the_share_of_those_that_were() {
        let mut tally = Tally::default();
        for class in [Occupied, Unreachable, Lost] {
            tally.note(Some(&failure(class, &[])));
        }
        assert_eq!((tally.lost(), tally.blame(9).order(Blame { failed: 1, met: 1, most: 9 })), (1, Equal));
    }

    #[test]
    fn a_path_leads_nowhere_where_none_answered_and_one_that_refused_a_password_did() {
        let mut tally = Tally::default();
        tally.note(Some(&failure(Unreachable, &[])));
        tally.note(Some(&failure(Unreachable, &[])));
        assert!(tally.leads_nowhere(2) && !tally.leads_nowhere(3));
        tally.note(Some(&Failure { wrong_password: true, ..failure(Unreachable, &[]) }));
        assert!(!tally.leads_nowhere(2));
    }
}
