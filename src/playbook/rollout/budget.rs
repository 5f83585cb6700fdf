//! How many failures are allowed: a number of routers, a share of them, or any number; and that by class of failure.
//!
//! A budget is used up by its last allowed failure: with a budget of 1 the first one stops what it is the budget of.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::inventory::suggestion;
use crate::inventory::yaml::Field;
use crate::playbook::finding::{ClassError, RolloutFinding};
use crate::state::FailureClass;

/// The most that a budget may allow.
pub(super) const MOST_FAILURES: usize = 1_000_000;

/// How many failures are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Budget {
    /// A number of routers.
    Routers(usize),
    /// A share of the routers that it is the budget of, in thousandths.
    Share(u16),
    /// Failures stop nothing.
    Unlimited,
}

/// Why a text is no budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a budget is a number of routers such as 3, a percentage such as 5%, or `unlimited`")]
pub struct NoBudget;

impl Budget {
    /// After how many failures among these routers nothing more begins; nothing where failures stop nothing. A share is rounded
    /// down, and is at least one router.
    pub fn of(self, routers: usize) -> Option<usize> {
        match self {
            Self::Routers(most) => Some(most),
            Self::Share(thousandths) => Some((routers.saturating_mul(usize::from(thousandths)) / 1000).max(1)),
            Self::Unlimited => None,
        }
    }
}

impl FromStr for Budget {
    type Err = NoBudget;

    fn from_str(text: &str) -> Result<Self, NoBudget> {
        if text == "unlimited" {
            return Ok(Self::Unlimited);
        }
        let digits = |text: &str| !text.is_empty() && text.len() <= 7 && text.bytes().all(|b| b.is_ascii_digit());
        let number = |text: &str| text.parse::<usize>().ok().filter(|_| digits(text)).ok_or(NoBudget);
        let Some(percent) = text.strip_suffix('%') else {
            let most = number(text)?;
            return if (1..=MOST_FAILURES).contains(&most) { Ok(Self::Routers(most)) } else { Err(NoBudget) };
        };
        let (whole, tenth) = percent.trim_end().split_once('.').unwrap_or((percent.trim_end(), "0"));
        let thousandths = number(whole)? * 10 + number(tenth).ok().filter(|_| tenth.len() == 1).ok_or(NoBudget)?;
        let thousandths = u16::try_from(thousandths).ok().filter(|share| (1..=1000).contains(share));
        thousandths.map(Self::Share).ok_or(NoBudget)
    }
}

impl TryFrom<String> for Budget {
    type Error = NoBudget;

    fn try_from(text: String) -> Result<Self, NoBudget> {
        text.parse()
    }
}

impl From<Budget> for String {
    fn from(budget: Budget) -> Self {
        budget.to_string()
    }
}

impl fmt::Display for Budget {
    /// As it is written in a playbook.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Routers(most) => write!(f, "{most}"),
            Self::Share(thousandths) if thousandths % 10 == 0 => write!(f, "{}%", thousandths / 10),
            Self::Share(thousandths) => write!(f, "{}.{}%", thousandths / 10, thousandths % 10),
            Self::Unlimited => f.write_str("unlimited"),
        }
    }
}

/// The budgets that were written, by class of failure; the others have that of [`FailureClass::default_budget`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Budgets(BTreeMap<FailureClass, Budget>);

impl Budgets {
    /// The budget of a class, where one was written.
    pub fn of(&self, class: FailureClass) -> Option<Budget> {
        self.0.get(&class).copied()
    }

    /// Sets the budget of a class.
    pub fn set(&mut self, class: FailureClass, budget: Budget) {
        self.0.insert(class, budget);
    }

    /// Every class with a budget, in the order of the classes.
    pub fn iter(&self) -> impl Iterator<Item = (FailureClass, Budget)> {
        self.0.iter().map(|(class, budget)| (*class, *budget))
    }

    /// Whether none was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The class of failure that a word names.
///
/// # Errors
/// A word that names none.
pub fn named_class(word: &str) -> Result<FailureClass, ClassError> {
    FailureClass::from_word(word).ok_or_else(|| ClassError::Unknown {
        name: word.to_owned(),
        near: suggestion(word, FailureClass::ALL.iter().map(|class| class.word())),
    })
}

/// Whether a person must see every router of this class: no budget may let any number of them pass.
pub fn needs_a_number(class: FailureClass) -> bool {
    matches!(class, FailureClass::UndoFailed | FailureClass::Lost | FailureClass::Mixed)
}

/// Reads a number of failures: `3`, `5%`.
pub(super) fn read_tolerance(field: &Field<'_>) -> Option<Budget> {
    let budget = read_budget(field)?;
    if budget == Budget::Unlimited {
        field.refuse(&RolloutFinding::NoTolerance);
        return None;
    }
    Some(budget)
}

/// Reads `3`, `5%` or `unlimited`.
fn read_budget(field: &Field<'_>) -> Option<Budget> {
    let text = field.text()?;
    let budget = text.parse().ok();
    if budget.is_none() {
        field.refuse(&RolloutFinding::NoBudget { text });
    }
    budget
}

/// Reads `budgets:`, a budget for each class that is named.
pub(super) fn read_budgets(field: &Field<'_>) -> Budgets {
    let mut budgets = Budgets::default();
    for (key, field) in field.entries() {
        let class = match named_class(&key.text) {
            Ok(class) => class,
            Err(unknown) => {
                field.report(field.key_error(&unknown));
                continue;
            }
        };
        match read_budget(&field) {
            Some(Budget::Unlimited) if needs_a_number(class) => {
                field.refuse(&RolloutFinding::NeedsNumber { class: class.word() });
            }
            Some(budget) => budgets.set(class, budget),
            None => {}
        }
    }
    budgets
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn a_budget_is_read_as_it_is_written_and_nothing_else_is_one() {
        for text in ["1", "1000000", "0.1%", "5%", "99.9%", "100%", "unlimited"] {
            assert_eq!(text.parse::<Budget>().map(|budget| budget.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("5 %".parse(), Ok(Budget::Share(50)));
        for text in
            ["", "0", "-1", "+1", "1000001", "0%", "0.0%", "0.05%", "100.1%", "101%", "%", ".5%", "5.%", "1e3", "５"]
        {
            assert!(text.parse::<Budget>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_down_and_is_at_least_one_router() {
        assert_eq!([7, 100, 250].map(|routers| Budget::Share(50).of(routers)), [Some(1), Some(5), Some(12)]);
        assert_eq!(Budget::Unlimited.of(10), None);
        assert_eq!(Budget::Share(1000).of(usize::MAX), Some(usize::MAX / 1000));
    }
}
