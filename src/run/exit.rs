//! How a command ends.

use crate::state::Verdict;
use crate::transaction::{PlanResult, VerifyResult};

/// The exit statuses, in the order in which they win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Exit {
    /// Done, or nothing to do.
    #[default]
    Done = 0,
    /// Wrong usage or input, or our own machine failed before any write.
    Usage = 1,
    /// Ran well and the answer is "differs".
    Differs = 2,
    /// Some router is not done and its state is proven.
    NotDone = 3,
    /// Some router needs a person.
    NeedsPerson = 4,
}

impl Exit {
    /// The one with this number, as a run recorded it; one that there is not needs a person's look.
    pub fn of_status(status: u8) -> Self {
        [Self::Done, Self::Usage, Self::Differs, Self::NotDone]
            .into_iter()
            .find(|exit| exit.status() == status)
            .unwrap_or(Self::NeedsPerson)
    }

    /// The number the program ends with.
    pub fn status(self) -> u8 {
        self as u8
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Done => Self::Done,
            Verdict::NotDone => Self::NotDone,
            Verdict::NeedsPerson => Self::NeedsPerson,
        }
    }
}

impl From<&PlanResult> for Exit {
    fn from(one: &PlanResult) -> Self {
        match &one.result {
            Ok(planned) if planned.plan.is_empty() => Self::Done,
            Ok(_) => Self::Differs,
            Err(failed) => Self::from(failed.state.verdict()),
        }
    }
}

impl From<&VerifyResult> for Exit {
    fn from(one: &VerifyResult) -> Self {
        match &one.plan.result {
            Err(failed) => Self::from(failed.state.verdict()),
            Ok(_) if one.is_verified() => Self::Done,
            Ok(_) if one.is_verified_without_line() => Self::NotDone,
            Ok(_) => Self::Differs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worse_exit_wins() {
        assert_eq!([Exit::Differs, Exit::NeedsPerson, Exit::Done].into_iter().max(), Some(Exit::NeedsPerson));
        assert_eq!(Exit::NeedsPerson.status(), 4);
    }
}
