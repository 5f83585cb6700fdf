//! Budgets: how many failures of which classes are borne, and what was counted so far.

use crate::fleet::rules::Budget;
use crate::state::FailureClass;

/// The budgets of one scope: the run, a step or a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Budgets {
    /// Each with what was counted.
    all: Vec<(Budget, usize)>,
    used_up: Option<UsedUp>,
}

/// A budget that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UsedUp {
    /// The class of the failure that used it up.
    pub(super) class: FailureClass,
    /// How many failures it bore.
    pub(super) failures: usize,
}

impl Budgets {
    /// With nothing counted.
    pub(super) fn new(budgets: &[Budget]) -> Self {
        let bearing = |budget: &Budget| Budget { failures: budget.failures.max(1), ..budget.clone() };
        Self { all: budgets.iter().map(|budget| (bearing(budget), 0)).collect(), used_up: None }
    }

    /// Counts a failure; how many failures that budget bore which it used up.
    pub(super) fn note(&mut self, class: FailureClass) -> Option<usize> {
        let mut used_up = None;
        for (budget, counted) in self.all.iter_mut().filter(|(budget, _)| budget.classes.contains(&class)) {
            *counted += 1;
            if *counted >= budget.failures {
                used_up = Some(budget.failures);
            }
        }
        self.used_up = self.used_up.or(used_up.map(|failures| UsedUp { class, failures }));
        used_up
    }

    /// The first that is used up, if one is.
    pub(super) fn used_up(&self) -> Option<UsedUp> {
        self.used_up
    }

    /// Whether one would be used up by these failures beside those that were counted.
    pub(super) fn would_be_used_up_by(&self, classes: impl IntoIterator<Item = FailureClass>) -> bool {
        let mut trial = self.clone();
        classes.into_iter().any(|class| trial.note(class).is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Budgets;
    use crate::fleet::rules::{Budget, default_budgets};
    use crate::state::FailureClass::{CheckFailed, Drifted, Lost, Mixed, Occupied, UndoFailed, Unreachable};

    #[test]
    fn a_budget_counts_its_classes_together_and_no_others() {
        let mut budgets = Budgets::new(&[Budget { classes: BTreeSet::from([CheckFailed, Drifted]), failures: 2 }]);
        assert_eq!([CheckFailed, Lost, Unreachable].map(|class| budgets.note(class)), [None; 3]);
        assert!(budgets.would_be_used_up_by([Lost, Drifted]) && !budgets.would_be_used_up_by([Lost]));
        assert_eq!(budgets.note(Drifted), Some(2));
    }

    #[test]
    fn without_a_word_unreachable_and_occupied_stop_nothing_and_lost_mixed_and_undo_failed_stop_at_one() {
        let mut first = Budgets::new(&default_budgets(5, None));
        assert!([Unreachable, Occupied].iter().cycle().take(100).all(|class| first.note(*class).is_none()));
        for class in [Lost, Mixed, UndoFailed] {
            assert_eq!(first.note(class), Some(1));
        }
        assert_eq!(
            [CheckFailed, Drifted, CheckFailed, Drifted, CheckFailed].map(|class| first.note(class)).last(),
            Some(&Some(5))
        );
        let mut later = Budgets::new(&default_budgets(1, Some(10_000)));
        assert!(
            (0..10).all(|_| later.note(Lost).is_none()) && later.note(Lost) == Some(11),
            "more than one in a thousand"
        );
    }
}
