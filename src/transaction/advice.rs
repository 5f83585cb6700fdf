//! What is said last about a router that needs a person: what to do now, whether a power cycle is safe, what to say on the
//! phone.
//!
//! Read by someone who is called at night and has a clinic's staff on the line: three short lines, and nothing that is only likely.

use crate::message::Text;
use crate::record::Advice;
use crate::state::State;

/// What is read out on the phone to the staff of a clinic, when only a power cycle is left.
pub(super) const PHONE: &str = "「お手数ですが、ルータの電源を入れ直していただけますか。NEC の UNIVERGE IX と書かれた機器の電源コードを抜き、10 秒待ってから、もう一度差してください。ランプが落ち着くまで 3 分ほど、ほかのケーブルには触れずにお待ちください」";

/// What is read out on the phone where nothing may be switched off.
const HANDS_OFF: &str =
    "「ルータの電源は切らず、ケーブルにも触れないでください。確認のうえ、こちらから折り返しご連絡します」";

/// What the sentence for the phone means, for a caller who reads no Japanese.
pub fn phone_meaning(power_cycle_safe: bool) -> &'static str {
    if power_cycle_safe {
        "\"Could you please restart the router: pull the power cord of the box labelled NEC UNIVERGE IX, wait ten seconds, and plug it in again. Please wait about three minutes until the lamps settle, without touching other cables.\""
    } else {
        "\"Please do not switch the router off, and do not touch its cables. We look into it and will call you back.\""
    }
}

/// What a power cycle would bring up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// What ran before our first line: it was saved, and nothing was saved since.
    Before,
    /// Not known: a save was begun.
    SaveBegun,
    /// Less than what must stay: there were unsaved changes before ours, or someone else made some since.
    Unsaved,
    /// Not known: the router was not read.
    Unknown,
}

impl Advice {
    /// For a router that ended in this state; `None` if no person is needed. `run` is the run to resume.
    pub fn of(state: State, power: Power, run: Option<&str>) -> Option<Self> {
        let resume = run.map_or_else(|| "ixdeploy resume".to_owned(), |run| format!("ixdeploy resume {run}"));
        let show =
            run.map_or_else(|| "ixdeploy show RUN --undo".to_owned(), |run| format!("ixdeploy show {run} --undo"));
        let now = match state {
            State::Lost => Text::new(
                format!("change nothing by hand; as soon as the router can be reached: `{resume}`"),
                format!("手で変更せず、ルータに接続できるようになったら `{resume}` を実行してください"),
            ),
            State::Mixed => Text::new(
                format!(
                    "ask who works on it and touch nothing; when those lines are gone or saved by that person: `{resume}`"
                ),
                format!(
                    "ほかの作業者を確認し、何も変更しないでください。その変更が片付いたら `{resume}` を実行してください"
                ),
            ),
            State::UndoFailed => Text::new(
                format!("connect by console, type what `{show}` prints, compare with the backup, then `{resume}`"),
                format!(
                    "コンソールで接続し、`{show}` の行を入力してバックアップと比較した後、`{resume}` を実行してください"
                ),
            ),
            _ => return None,
        };
        let power_cycle_safe = power == Power::Before && state != State::Mixed;
        Some(Self {
            now,
            power_cycle_safe,
            power_cycle: words(state, power),
            phone: if power_cycle_safe { Text::new(PHONE, PHONE) } else { Text::new(HANDS_OFF, HANDS_OFF) },
        })
    }
}

fn words(state: State, power: Power) -> Text {
    match (state, power) {
        (State::Mixed, Power::Before) => Text::new(
            "NOT safe: it would bring back what was saved before, and lose what someone else has not saved",
            "不可。変更前の設定に戻りますが、ほかの作業者の未保存の変更も失われます",
        ),
        (_, Power::Before) => Text::new(
            "safe: what is saved on it is the configuration from before, and a power cycle brings that back",
            "可。保存されているのは変更前の設定で、電源を入れ直すとその設定に戻ります",
        ),
        (_, Power::SaveBegun) => Text::new(
            "NOT safe: a save was begun, and what the router would start with is not known",
            "不可。保存を開始していたため、どの設定で起動するか分かりません",
        ),
        (_, Power::Unsaved) => Text::new(
            "NOT safe: unsaved changes that are not ours would be lost",
            "不可。今回の変更以外の未保存の変更が失われます",
        ),
        (_, Power::Unknown) => Text::new(
            "NOT safe: what is saved on the router was not read",
            "不可。ルータに保存されている設定を確認できていません",
        ),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Advice, HANDS_OFF, PHONE, Power};
    use crate::state::{State, Verdict};

    #[test]
    fn every_state_that_needs_a_person_has_its_advice_and_no_other() {
        for state in State::ALL {
            let advised = Advice::of(state, Power::Before, Some("r")).is_some();
            assert_eq!(advised, state.verdict() == Verdict::NeedsPerson && state.is_end(), "{state:?}");
        }
    }

    #[test]
    fn a_power_cycle_is_called_safe_only_where_what_was_saved_is_what_ran_before() {
        for state in [State::Lost, State::Mixed, State::UndoFailed] {
            for power in [Power::Before, Power::SaveBegun, Power::Unsaved, Power::Unknown] {
                let advice = Advice::of(state, power, Some("20261129-1")).unwrap();
                let safe = power == Power::Before && state != State::Mixed;
                assert_eq!(advice.power_cycle_safe, safe, "{state:?} {power:?}");
                assert_eq!(advice.power_cycle.en.starts_with("safe"), safe);
                assert_eq!(advice.power_cycle.ja.starts_with('可'), safe);
                assert_eq!(advice.phone.en, if safe { PHONE } else { HANDS_OFF });
                assert!(advice.now.en.contains("`ixdeploy resume 20261129-1`"), "{}", advice.now.en);
            }
        }
    }
}
