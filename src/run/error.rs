//! Why a run was not begun: its input, its own machine, or no one to ask. Nothing was written to a router then.

use super::input_error::InputError;
use super::prepare::PrepareError;
use crate::inventory::{Diagnostics, LimitError};
use crate::journal::JournalError;
use crate::message::{Explain, Text};
use crate::transaction::SavedPlanError;

/// Why a run was not begun.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is a question, and no one to answer it.
    #[error("there is no terminal to ask on, and no --yes")]
    NoOperator,
    /// What people wrote is wrong: every finding.
    #[error("{} finding(s) in the input", .0.len())]
    Findings(Diagnostics),
    /// Something that a person named cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The choice of routers means nothing.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// A router cannot be prepared.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// An entry of a saved plan cannot be understood.
    #[error(transparent)]
    SavedPlan(#[from] SavedPlanError),
    /// The journal cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A console's router has no serial number in the inventory, and no one is asked for it.
    #[error("which box is on the cable? The inventory has no serial number for {routers}")]
    IdentityUnconfirmed {
        /// The routers, as a list.
        routers: String,
    },
    /// A serial number was given, and it is not clear for which router.
    #[error("--serial-number is for exactly one router on a console without a serial number in the inventory")]
    SerialNumberForWhom,
    /// There is nothing to undo.
    #[error("run {run} saved no change on these routers, so there is nothing to undo")]
    NothingToUndo {
        /// The run.
        run: String,
    },
    /// Nothing waits for a restart.
    #[error("nothing of run {run} waits for a restart")]
    NothingToRestart {
        /// The run.
        run: String,
    },
    /// Several at once, each for another router or file.
    #[error("{} errors", .0.len())]
    Several(Vec<RunError>),
}

impl RunError {
    /// The error of many: itself where it is one.
    pub(super) fn several(mut all: Vec<Self>) -> Self {
        match (all.len(), all.pop()) {
            (1, Some(one)) => one,
            (_, last) => {
                all.extend(last);
                Self::Several(all)
            }
        }
    }

    /// The error as text, where it is one of those that explain themselves.
    fn explained(&self) -> Option<&dyn Explain> {
        Some(match self {
            Self::Input(error) => error,
            Self::Limit(error) => error,
            Self::Prepare(error) => error,
            Self::SavedPlan(error) => error,
            Self::Journal(error) => error,
            Self::Several(all) => all.first()?,
            _ => return None,
        })
    }
}

impl From<Diagnostics> for RunError {
    fn from(found: Diagnostics) -> Self {
        Self::Findings(found)
    }
}

impl Explain for RunError {
    fn code(&self) -> &'static str {
        if let Some(error) = self.explained() {
            return error.code();
        }
        match self {
            Self::NoOperator => "apply.nobody-to-ask",
            Self::Findings(found) => found.iter().next().map_or("machine.io", |first| first.code),
            Self::IdentityUnconfirmed { .. } => "identity.unconfirmed",
            Self::SerialNumberForWhom => "identity.serial-number-for-whom",
            Self::NothingToUndo { .. } => "undo.nothing",
            Self::NothingToRestart { .. } => "restart.nothing",
            _ => "machine.io",
        }
    }

    fn text(&self) -> Text {
        if let Some(error) = self.explained() {
            return error.text();
        }
        let ja = match self {
            Self::NoOperator => "対話できる端末がなく、--yes も指定されていません".to_owned(),
            Self::IdentityUnconfirmed { routers } => {
                format!("ケーブルの先の機器を特定できません。インベントリに {routers} の製造番号がありません")
            }
            Self::SerialNumberForWhom => {
                "--serial-number は、インベントリに製造番号のないコンソール接続のルータ 1 台に対して使います".to_owned()
            }
            Self::NothingToUndo { run } => {
                format!("実行 {run} はこれらのルータに変更を保存していないため、取り消すものがありません")
            }
            Self::NothingToRestart { run } => format!("実行 {run} には再起動待ちの変更がありません"),
            Self::Findings(found) => format!("入力に問題が {} 件あります", found.len()),
            _ => self.to_string(),
        };
        Text::new(self.to_string(), ja)
    }

    fn hints(&self) -> Vec<Text> {
        if let Some(error) = self.explained() {
            return error.hints();
        }
        match self {
            Self::NoOperator => vec![Text::new(
                "read the plan (`ixdeploy plan`), then add --yes",
                "ixdeploy plan で計画を確認してから --yes を付けてください",
            )],
            Self::IdentityUnconfirmed { .. } => vec![Text::new(
                "give it with --serial-number, or write it into the inventory (`identity: { serial_number: ... }`); --yes alone is refused on a console",
                "--serial-number で指定するか、インベントリに identity: { serial_number: ... } を書いてください。コンソールでは --yes だけでは実行できません",
            )],
            Self::SerialNumberForWhom => {
                vec![Text::new("choose one router with --limit", "--limit で 1 台に絞ってください")]
            }
            Self::NothingToUndo { run } | Self::NothingToRestart { run } => vec![Text::new(
                format!("`ixdeploy show {run}` says how it ended"),
                format!("ixdeploy show {run} で結果を確認できます"),
            )],
            _ => Vec::new(),
        }
    }
}
