//! The person at the terminal, asked in the middle of a transaction: one question at a time, whatever the routers do meanwhile.

use std::sync::{Arc, Mutex, PoisonError};

use super::context::{Context, Person};
use super::person::to_halfwidth;
use crate::message::Lang;
use crate::transaction::{Decisions, FailedChecks, LostRouter, RecoveryChoice};

/// Asks the person.
pub struct AtTheTerminal {
    person: Arc<dyn Person>,
    lang: Lang,
    /// Routers are under way at the same time; questions are not.
    turn: Mutex<()>,
}

/// Who is asked in a run: the person, or, with `--yes`, nobody.
pub fn counsel(context: &Context, yes: bool) -> Arc<dyn Decisions> {
    if yes {
        return Arc::new(());
    }
    Arc::new(AtTheTerminal { person: Arc::clone(&context.person), lang: context.lang, turn: Mutex::default() })
}

impl AtTheTerminal {
    fn ask(&self, question: &str) -> Option<String> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.person.ask(question).map(|answer| answer.trim().to_owned())
    }
}

impl Decisions for AtTheTerminal {
    fn choose_recovery(&self, lost: &LostRouter) -> Option<RecoveryChoice> {
        let LostRouter { router, sent, planned } = lost;
        let answer = self.ask(&match self.lang {
            Lang::En => format!(
                "{router}: the session was lost; {sent} of {planned} lines of the plan run on it. Send the rest and save, or take everything back? [finish/undo]"
            ),
            Lang::Ja => format!(
                "{router}: セッションが失われました。計画 {planned} 行のうち {sent} 行が反映されています。残りを送信して保存(finish)、すべて取り消し(undo)のどちらにしますか? [finish/undo]"
            ),
        })?;
        match to_halfwidth(&answer).to_lowercase().as_str() {
            "finish" => Some(RecoveryChoice::Finish),
            "undo" => Some(RecoveryChoice::Undo),
            _ => None,
        }
    }

    fn save_unverified(&self, failed: &FailedChecks) -> Option<String> {
        let checks = failed.failed.iter().map(|(name, unmet)| match self.lang {
            Lang::En => format!("  {name}: expected that the answer {}", unmet.en),
            Lang::Ja => format!("  {name}: 期待: {}", unmet.ja),
        });
        let checks = checks.collect::<Vec<_>>().join("\n");
        self.ask(&match self.lang {
            Lang::En => format!(
                "{}: required checks failed:\n{checks}\nThe change is taken back, unless you type a reason to save it all the same (Return: take it back):",
                failed.router
            ),
            Lang::Ja => format!(
                "{}: 必須の確認が失敗しました:\n{checks}\n変更を取り消します。確認 NG のまま保存する場合は理由を入力してください(Enter のみ: 取り消し):",
                failed.router
            ),
        })
    }
}
