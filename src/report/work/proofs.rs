//! What proves a save and a restart: what was read again afterwards, and nothing else.

use serde::Serialize;

use super::Moment;
use crate::message::Text;
use crate::record::{ComparedWith, Kind, Outcome, Unverified};
use crate::state::State;

/// Whether something is proven.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// It was read again, and is so.
    Proven,
    /// It was read again, and is not so.
    Refuted,
    /// It was done, and is not proven.
    Unproven,
    /// It was not done.
    #[default]
    NotDone,
}

/// A proof, with its time and its words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Proven {
    /// Whether it is proven.
    pub proof: Proof,
    /// When that was read.
    pub at: Option<Moment>,
    /// The same in words.
    pub text: Text,
}

/// Follows the records that prove a save or a restart.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    save_begun: bool,
    startup: Option<Read>,
    restart: Option<Restart>,
}

#[derive(Debug, Clone, Copy)]
struct Read {
    at: Moment,
    same: bool,
}

#[derive(Debug, Default)]
struct Restart {
    ordered: bool,
    back: Option<Moment>,
    started_at: Option<String>,
    found: Option<String>,
}

impl Proofs {
    /// Follows one more record.
    pub(super) fn take(&mut self, at: Moment, kind: &Kind) {
        match kind {
            Kind::Saving => (self.save_begun, self.startup) = (true, None),
            Kind::Compared { with: ComparedWith::Startup, differences, .. } => {
                self.startup = Some(Read { at, same: *differences == 0 });
            }
            Kind::Restarting => self.restart = Some(Restart { ordered: true, ..Restart::default() }),
            Kind::Restarted { started_at } => {
                let restart = self.restart.get_or_insert_default();
                (restart.back, restart.started_at) = (Some(at), started_at.clone());
            }
            Kind::RestartFound { found, started_at, .. } => {
                let restart = self.restart.get_or_insert_default();
                (restart.found, restart.started_at) = (Some(found.clone()), started_at.clone());
                restart.back.get_or_insert(at);
            }
            _ => {}
        }
    }

    /// The proof of the save.
    pub(super) fn save(&self, outcome: &Outcome) -> Proven {
        let not_shown = outcome.unverified == Some(Unverified::StartupNotShown);
        let (proof, at, text) = match (self.startup, self.save_begun) {
            (Some(Read { at, same: true }), true) => (
                Proof::Proven,
                Some(at),
                Text::new(
                    "the startup configuration was read again and equals what was judged",
                    "startup-config を読み直し、確認した構成と一致",
                ),
            ),
            (Some(Read { at, same: true }), false) => (
                Proof::Proven,
                Some(at),
                Text::new(
                    "the startup configuration was read and is as it was",
                    "startup-config を読み直し、変更前と一致",
                ),
            ),
            (Some(Read { at, same: false }), _) => (
                Proof::Refuted,
                Some(at),
                Text::new(
                    "the startup configuration was read again and is another one",
                    "startup-config を読み直したが一致しない",
                ),
            ),
            (None, true) if not_shown => (
                Proof::Unproven,
                None,
                Text::new(
                    "the router says that it saved, and does not show its startup configuration",
                    "ルータは保存したと応答したが、startup-config を表示しない",
                ),
            ),
            (None, true) => (
                Proof::Unproven,
                None,
                Text::new(
                    "a save was begun, and no reading has proven it",
                    "保存を開始したが、確認した読み取りの記録なし",
                ),
            ),
            (None, false) if outcome.state == State::Saved => (
                Proof::NotDone,
                None,
                Text::new(
                    "nothing was to be saved: no line was sent, and what ran was what it would start with",
                    "保存不要(送信した行はなく、running と startup は一致)",
                ),
            ),
            (None, false) => {
                (Proof::NotDone, None, Text::new("no save was begun in this run", "この実行では保存していません"))
            }
        };
        Proven { proof, at, text }
    }

    /// The proof of a restart; of so many lines it is not known whether they are in effect.
    pub(super) fn restart(&self, outcome: &Outcome, in_doubt: usize) -> Proven {
        let Some(restart) = &self.restart else {
            let text = match (outcome.restart_pending, in_doubt) {
                (true, _) => Text::new(
                    "no restart in this run; some lines take effect only after one",
                    "この実行では再起動していません。再起動後に有効になる行があります",
                ),
                (false, 1..) => Text::new(
                    "no restart in this run; whether a line that was sent without an answer needs one is not known",
                    "この実行では再起動していません。応答のない行に再起動が必要なものがあるかは不明です",
                ),
                (false, 0) => Text::new(
                    "no restart in this run; no line was accepted that needs one",
                    "この実行では再起動していません。再起動が必要な行は受理されていません",
                ),
            };
            return Proven { text, ..Proven::default() };
        };
        let started = restart.started_at.clone().unwrap_or_default();
        match (restart.back, restart.ordered) {
            (Some(at), true) => {
                let (en, ja) = (
                    format!("it came back, and says that it started at {started}"),
                    format!("復帰を確認。起動日時の表示: {started}"),
                );
                Proven { proof: Proof::Proven, at: Some(at), text: Text::new(en, ja) }
            }
            (Some(at), false) => {
                let found = restart.found.clone().unwrap_or_default();
                let text = Text::new(
                    format!("not ordered by this run; read again, it says that it started at {started} ({found})"),
                    format!("この実行の指示ではない再起動。読み直した起動日時の表示: {started}({found})"),
                );
                let proof = if found == "restarted" { Proof::Proven } else { Proof::Unproven };
                Proven { proof, at: Some(at), text }
            }
            (None, _) => {
                let text = Text::new(
                    "a restart was ordered, and its end is not recorded",
                    "再起動を指示したが、復帰の記録なし",
                );
                Proven { proof: Proof::Unproven, at: None, text }
            }
        }
    }
}

/// How a serial number was proven: what is expected comes from the inventory or was typed by the operator.
pub(super) fn serial_proof(found: &str, expected: Option<String>) -> Text {
    match expected {
        Some(expected) if expected == found => Text::new(
            "the router named it, and it is the one that the inventory or the operator gave",
            "ルータの表示。インベントリの指定または担当者の入力と一致",
        ),
        Some(expected) => Text::new(
            format!("the router named it; the inventory or the operator gave {expected}"),
            format!("ルータの表示。インベントリの指定または担当者の入力は {expected}"),
        ),
        None => Text::new(
            "the router named it; there was nothing to compare it with",
            "ルータの表示のみ(照合する値の指定なし)",
        ),
    }
}
