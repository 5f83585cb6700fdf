//! The classes of failure: what is counted against a budget, named on a command line and shown in a result.
//!
//! Here are the words and the budgets that hold where no one says otherwise. Which class an outcome belongs to is decided where its
//! causes are known (`record`), and a budget is enforced where routers are begun (`fleet`).

use serde::{Deserialize, Serialize};

use crate::message::Wording;

/// Why a router failed, if it failed by itself: exactly one of these. A router that was left alone or undone for its site's partner, a
/// signal or a closing window has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// We refused, before any write.
    RefusedBefore,
    /// The router did not take a line, or took it and does not show it.
    LineRefused,
    /// A check or a fresh login failed after the change.
    CheckFailed,
    /// The save is not proven.
    SaveFailed,
    /// Lines of someone else appeared while we worked.
    Foreign,
    /// It is no longer what the plan was made for.
    Drifted,
    /// Someone else holds config mode, or works on it.
    Occupied,
    /// No session, or one that broke and was undone.
    Unreachable,
    /// The undo did not bring the backup back, or that is not proven.
    UndoFailed,
    /// The outcome is unknown.
    Lost,
    /// It holds changes that are not ours.
    Mixed,
    /// It is saved, and not all of it is proven.
    Unverified,
    /// Our own machine failed.
    OwnMachine,
}

/// How many failures of a class are borne where neither the playbook nor the command line says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultBudget {
    /// As many as `max_failures` allows: after the first nothing more is begun.
    MaxFailures,
    /// After so many nothing more is begun, whatever `max_failures` says.
    StopsAt(usize),
    /// They stop nothing.
    StopsNothing,
    /// After the first nothing more is begun in a run without steps and in a first step; later steps bear
    /// [`lost_in_later_steps`].
    Lost,
}

/// How many lost routers a later step of a run over so many routers bears: one more stops it.
pub fn lost_in_later_steps(routers: usize) -> usize {
    /// In a small run.
    const AT_LEAST: usize = 3;
    /// In a large one: 0.1 %.
    const ONE_IN: usize = 1000;
    AT_LEAST.max(routers / ONE_IN)
}

impl FailureClass {
    /// Every class, in the order in which documents list them.
    pub const ALL: [Self; 13] = [
        Self::RefusedBefore,
        Self::LineRefused,
        Self::CheckFailed,
        Self::SaveFailed,
        Self::Foreign,
        Self::Drifted,
        Self::Occupied,
        Self::Unreachable,
        Self::UndoFailed,
        Self::Lost,
        Self::Mixed,
        Self::Unverified,
        Self::OwnMachine,
    ];

    /// The word for it in files, on the command line, in reports and JSON: the same everywhere.
    pub fn word(self) -> &'static str {
        match self {
            Self::RefusedBefore => "refused-before",
            Self::LineRefused => "line-refused",
            Self::CheckFailed => "check-failed",
            Self::SaveFailed => "save-failed",
            Self::Foreign => "foreign",
            Self::Drifted => "drifted",
            Self::Occupied => "occupied",
            Self::Unreachable => "unreachable",
            Self::UndoFailed => "undo-failed",
            Self::Lost => "lost",
            Self::Mixed => "mixed",
            Self::Unverified => "unverified",
            Self::OwnMachine => "own-machine",
        }
    }

    /// The class of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// What it means, for people.
    pub fn wording(self) -> Wording {
        match self {
            Self::RefusedBefore => Wording::new("refused before anything was written", "書き込み前に拒否"),
            Self::LineRefused => Wording::new("the router did not take a line", "ルータが行を受け付けなかった"),
            Self::CheckFailed => Wording::new("a check after the change failed", "変更後の確認が NG"),
            Self::SaveFailed => Wording::new("the save is not proven", "保存を確認できない"),
            Self::Foreign => Wording::new("lines of someone else appeared", "作業中に他者の変更を検出"),
            Self::Drifted => Wording::new("what would change now is not what was approved", "承認時と変更内容が違う"),
            Self::Occupied => Wording::new("someone else is at work on it", "他者が作業中"),
            Self::Unreachable => Wording::new("no session, or it broke", "接続できない、または途中で切断"),
            Self::UndoFailed => Wording::new("the undo is not proven", "取り消しを確認できない"),
            Self::Lost => Wording::new("the outcome is unknown", "結果不明"),
            Self::Mixed => Wording::new("changes of others among ours", "他者の変更が混在"),
            Self::Unverified => Wording::new("saved, and not all of it proven", "未確認のまま保存"),
            Self::OwnMachine => Wording::new("this machine failed", "この PC 側の障害"),
        }
    }

    /// Its budget where no one says otherwise.
    pub fn default_budget(self) -> DefaultBudget {
        match self {
            Self::Occupied | Self::Unreachable => DefaultBudget::StopsNothing,
            Self::UndoFailed | Self::Mixed => DefaultBudget::StopsAt(1),
            Self::Lost => DefaultBudget::Lost,
            Self::RefusedBefore
            | Self::LineRefused
            | Self::CheckFailed
            | Self::SaveFailed
            | Self::Foreign
            | Self::Drifted
            | Self::Unverified
            | Self::OwnMachine => DefaultBudget::MaxFailures,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FailureClass, lost_in_later_steps};

    #[test]
    fn a_word_names_one_class_and_is_the_one_that_is_stored() {
        for class in FailureClass::ALL {
            assert_eq!(FailureClass::from_word(class.word()), Some(class));
            assert_eq!(serde_json::to_value(class).unwrap_or_default(), class.word());
        }
        assert_eq!(FailureClass::from_word("Lost"), None);
    }

    #[test]
    fn later_steps_bear_three_lost_routers_or_one_in_a_thousand() {
        let borne: Vec<usize> = [1, 200, 3_999, 4_000, 10_000].map(lost_in_later_steps).to_vec();
        assert_eq!(borne, [3, 3, 3, 4, 10]);
    }
}
