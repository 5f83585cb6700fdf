//! The one screen at a router that needs a person: power cycle or not, whom to call, what to say, until when. It comes before the reasons.

use crate::message::{Lang, Text};
use crate::record::Advice;
use crate::report::state_words;
use crate::run::{Call, Times};
use crate::state::State;
use crate::transaction::phone_meaning;
use crate::visible;

/// What is known of a router that needs a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// Its name.
    pub router: String,
    /// How it ended.
    pub state: State,
    /// Its serial number, where it was read.
    pub serial_number: Option<String>,
    /// The run.
    pub run: Option<String>,
    /// What is advised.
    pub advice: Advice,
    /// Whom to call, and until when.
    pub call: Call,
}

/// The screen's lines. What is most urgent comes first; the sentence for the staff, who are there only if the engineer is not, last.
pub(super) fn lines(needed: &Needed, lang: Lang) -> Vec<String> {
    let advice = &needed.advice;
    let mut lines = vec![
        format!("{}: {}", needed.router, state_words(needed.state, lang)),
        format!("{} {}", lang.pick("power cycle:", "電源の入れ直し:"), advice.power_cycle.get(lang)),
        format!("{} {}", lang.pick("call:", "連絡先:"), office(&needed.call, lang)),
        format!("{} {}", lang.pick("say to them:", "伝える内容:"), said(needed, lang)),
        format!("{} {}", lang.pick("until when:", "いつまで:"), until(&needed.call, lang)),
        format!("{} {}", lang.pick("now:", "今すること:"), advice.now.get(lang)),
        format!("{} {}", lang.pick("to the clinic's staff:", "医院のスタッフに:"), advice.phone.ja),
    ];
    if lang == Lang::En {
        lines.push(format!("which means: {}", phone_meaning(advice.power_cycle_safe)));
    }
    lines
}

fn office(call: &Call, lang: Lang) -> String {
    let words = match &call.office {
        Some(office) => match &office.phone {
            Some(phone) => format!("{}, {}", office.name, phone.shown()),
            None => office.name.clone(),
        },
        None => lang
            .pick(
                "your operations team (the inventory names no one: `defaults.support`)",
                "運用担当(インベントリに連絡先 `defaults.support` の記載なし)",
            )
            .to_owned(),
    };
    visible::line(&words).into_owned()
}

/// What is read out: the end of the serial number is on the label.
fn said(needed: &Needed, lang: Lang) -> String {
    let clinic = &needed.call.clinic;
    let site = clinic.title.as_ref().map_or_else(|| clinic.site.clone(), |title| format!("{title} ({})", clinic.site));
    let number = needed.serial_number.as_deref().map(crate::ix::without_end);
    let number = number.unwrap_or_else(|| lang.pick("not read", "未確認").to_owned());
    let run = needed.run.as_deref().unwrap_or(lang.pick("none", "なし"));
    let (router, state) = (&needed.router, needed.state.word());
    let words = match lang {
        Lang::En => {
            format!("{site}, router {router}, state {state}, run {run}, serial number {number} (whole on the label)")
        }
        Lang::Ja => {
            format!("{site}、ルータ {router}、状態 {state}、実行 {run}、製造番号 {number}(全桁は機器のラベル)")
        }
    };
    visible::line(&words).into_owned()
}

fn until(call: &Call, lang: Lang) -> String {
    let times = match &call.times {
        Times::NotDeclared => Text::new(
            "no times are declared for this site: ask the clinic",
            "この拠点の時間帯は宣言されていません。医院に確認してください",
        ),
        Times::Until(end) => {
            Text::new(format!("work is allowed here until {end}"), format!("この拠点での作業は {end} までです"))
        }
        Times::Open => Text::new("work is allowed here for a week and more", "この拠点での作業は 1 週間以上可能です"),
        Times::Closed(Some(next)) => Text::new(
            format!("work is not allowed here now; it is from {next}"),
            format!("現在は作業時間外です。次は {next} からです"),
        ),
        Times::Closed(None) => Text::new(
            "work is not allowed here now, nor within a week",
            "現在は作業時間外で、1 週間以内の作業時間もありません",
        ),
    };
    let program = match &call.save_until {
        Some(end) => Text::new(
            format!("a save may run on it until {end}: nothing is typed before. The program waits no longer"),
            format!("{end} までは保存が続いている可能性があり、何も入力しません。プログラムは待機を終えています"),
        ),
        None => Text::new("the program waits no longer", "プログラムは待機を終えています"),
    };
    match lang {
        Lang::En => format!("{}; {}", times.en, program.en),
        Lang::Ja => format!("{}。{}", times.ja, program.ja),
    }
}
