//! What a depot says, in both languages: a line each, with the console in front. Text of a device, of files and of what was typed is shown as
//! visible text. The end of a serial number that was only read is masked: it is read off the label.

use std::fmt;
use std::time::Duration;

use super::bay::{At, Bay, Resident};
use super::event::BoxEnd;
use super::list::{Counter, List, Listed, Part};
use crate::field::event::Problem;
use crate::field::pace::time_left;
use crate::field::words::name;
use crate::ix::{Identity, without_end};
use crate::message::Lang;
use crate::state::Verdict;
use crate::visible;

/// A console as it is named: its number, and its port.
pub(super) struct Console {
    number: usize,
    port: String,
}

impl Console {
    /// The one at this place.
    pub fn of(place: usize, port: &str) -> Self {
        Self { number: place + 1, port: visible::line(port).into_owned() }
    }
}

impl fmt::Display for Console {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}] {}", self.number, self.port)
    }
}

pub(super) fn appeared(at: &Console, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{at}: a console; it is listened to, then the box is asked who it is"),
        Lang::Ja => format!("{at}: コンソールを検出。受信を確認してから機器情報を読み取ります"),
    }
}

pub(super) fn pulled(at: &Console, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{at}: the port is gone"),
        Lang::Ja => format!("{at}: ポートがなくなりました"),
    }
}

pub(super) fn too_many(port: &str, lang: Lang) -> String {
    let port = visible::line(port);
    match lang {
        Lang::En => format!("{port}: not used, eight consoles are in use already"),
        Lang::Ja => format!("{port}: 使用しません(コンソールは 8 つまで)"),
    }
}

pub(super) fn silent(at: &Console, lang: Lang) -> String {
    let number = at.number;
    match lang {
        Lang::En => format!("{at}: nothing answers; waiting for a box (other speeds: type speeds {number})"),
        Lang::Ja => format!("{at}: 応答なし。機器の接続を待っています(ほかの速度を試すには speeds {number})"),
    }
}

pub(super) fn problem(at: &Console, problem: &Problem, lang: Lang) -> String {
    let hints = problem.hints.iter().map(|hint| format!("\n    {} {}", lang.pick("hint:", "対処:"), hint.get(lang)));
    let text = problem.text.get(lang);
    format!("{at}: {text}{}", hints.collect::<String>())
}

pub(super) fn save_may_run(at: &Console, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{at}: looked at once a save that is in progress has ended"),
        Lang::Ja => format!("{at}: 実行中の保存が終わってから読み取ります"),
    }
}

pub(super) fn asks_login(at: &Console, lang: Lang) -> String {
    let number = at.number;
    match lang {
        Lang::En => format!("{at}: the box asks for a login. If you know which router it is, type {number}=ROUTER"),
        Lang::Ja => {
            format!("{at}: ログインを求めています。どのルータか分かる場合は {number}=ルータ名 と入力してください")
        }
    }
}

fn box_words(identity: &Identity, lang: Lang) -> String {
    let (model, number) = (identity.model(), without_end(identity.serial_number()));
    let words = match lang {
        Lang::En => format!("{model}, serial number {number}"),
        Lang::Ja => format!("{model}、製造番号 {number}"),
    };
    visible::line(&words).into_owned()
}

pub(super) fn not_on_list(at: &Console, identity: &Identity, lang: Lang) -> String {
    let words = box_words(identity, lang);
    match lang {
        Lang::En => format!(
            "{at}: not on the list: {words}. Nothing is written to it. If it is a router of the list, scan its label, or type the router's name"
        ),
        Lang::Ja => format!(
            "{at}: 一覧にない機器です: {words}。何も書き込みません。一覧のルータなら、ラベルをスキャンするか、ルータ名を入力してください"
        ),
    }
}

fn router(one: Option<&Listed>, lang: Lang) -> String {
    one.map(|one| name(&one.candidate, lang)).unwrap_or_default()
}

pub(super) fn begins(at: &Console, one: &Listed, identity: &Identity, lang: Lang) -> String {
    let (router, words) = (router(Some(one), lang), box_words(identity, lang));
    match lang {
        Lang::En => format!("{at}: {router} begins ({words})"),
        Lang::Ja => format!("{at}: {router} を開始します({words})"),
    }
}

pub(super) fn twin(at: &Console, one: Option<&Listed>, lang: Lang) -> String {
    let (router, alone) = (router(one, lang), left_alone(at, lang));
    match lang {
        Lang::En => format!(
            "{at}: refused: it shows the serial number of {router}, which is in progress at another console. Nothing is written to it{alone}"
        ),
        Lang::Ja => {
            format!("{at}: 拒否: 別のコンソールで処理中の {router} と同じ製造番号です。何も書き込みません{alone}")
        }
    }
}

/// That a person must say so before anything is typed on a console again.
fn left_alone(at: &Console, lang: Lang) -> String {
    let number = at.number;
    match lang {
        Lang::En => format!("\n    nothing more is typed on this console until you type again {number}"),
        Lang::Ja => format!("\n    again {number} と入力するまで、このコンソールには何も入力しません"),
    }
}

pub(super) fn still_left_alone(at: &Console, lang: Lang) -> String {
    let alone = left_alone(at, lang);
    match lang {
        Lang::En => format!("{at}: the port is back{alone}"),
        Lang::Ja => format!("{at}: ポートが再び検出されました{alone}"),
    }
}

pub(super) fn done_before(at: &Console, one: Option<&Listed>, lang: Lang) -> String {
    let router = router(one, lang);
    match lang {
        Lang::En => format!("{at}: {router} is done; it can be taken away"),
        Lang::Ja => format!("{at}: {router} は完了済みです。取り外してかまいません"),
    }
}

pub(super) fn failed_before(at: &Console, one: Option<&Listed>, lang: Lang) -> String {
    let (router, number) = (router(one, lang), at.number);
    match lang {
        Lang::En => format!("{at}: {router} has failed before; to try it again, type again {number}"),
        Lang::Ja => format!("{at}: {router} は前に失敗しています。再試行するには again {number} と入力してください"),
    }
}

pub(super) fn needs_person(at: &Console, one: Option<&Listed>, lang: Lang) -> String {
    let (router, alone) = (router(one, lang), left_alone(at, lang));
    match lang {
        Lang::En => {
            format!("{at}: {router} needs a person: ixdeploy status --needs-person says what to do{alone}")
        }
        Lang::Ja => {
            format!("{at}: {router} は担当者の対応が必要です(対処: ixdeploy status --needs-person){alone}")
        }
    }
}

/// How a router ended, at its console if that is known.
pub(super) fn ended(at: Option<&Console>, router: &str, end: &BoxEnd, lang: Lang) -> String {
    let BoxEnd { verdict, brief, advice } = end;
    let (mark, after) = match verdict {
        Verdict::Done => ("✓", lang.pick("; take the box away", "。取り外してかまいません")),
        Verdict::NotDone => ("✗", ""),
        Verdict::NeedsPerson => ("‼", ""),
    };
    let alone = at.filter(|_| *verdict == Verdict::NeedsPerson).map(|at| left_alone(at, lang)).unwrap_or_default();
    let advice = advice.lines().map(|line| format!("\n    {line}")).collect::<String>();
    let at = at.map(|at| format!("{at}: ")).unwrap_or_default();
    format!("{at}{mark} {}: {brief}{after}{advice}{alone}", visible::line(router))
}

/// How many routers are how far.
pub(super) fn count(counter: Counter, lang: Lang) -> String {
    let Counter { done, under_way, failed, waiting } = counter;
    match lang {
        Lang::En => format!("done {done}, in progress {under_way}, failed {failed}, waiting {waiting}"),
        Lang::Ja => format!("完了 {done}、処理中 {under_way}、失敗 {failed}、待ち {waiting}"),
    }
}

pub(super) fn closing(lang: Lang) -> &'static str {
    lang.pick(
        "Nothing new begins; what is in progress is finished.",
        "新たに開始しません。処理中のルータは最後まで処理します。",
    )
}

pub(super) fn no_more_input(lang: Lang) -> &'static str {
    lang.pick(
        "The input has ended: nothing new begins; what is in progress is finished.",
        "入力が終わりました。新たに開始しません。処理中のルータは最後まで処理します。",
    )
}

pub(super) fn stopping(lang: Lang) -> &'static str {
    lang.pick(
        "Stopping: nothing new begins; what was sent to the routers in progress is undone, and a save that has begun is finished.",
        "停止します: 新たに開始しません。処理中のルータは送信済みの変更を取り消し、始まっている保存は最後まで行います。",
    )
}

pub(super) fn is_closing(counter: Counter, lang: Lang) -> String {
    let under_way = counter.under_way;
    match lang {
        Lang::En => format!("it is ending: {under_way} router(s) in progress"),
        Lang::Ja => format!("終了処理中です。処理中のルータ {under_way} 台"),
    }
}

pub(super) fn unclear(lang: Lang) -> &'static str {
    lang.pick(
        "Not understood. Scan a serial number, or type a router's name, ROUTER=SERIAL, NUMBER=ROUTER, again NUMBER, speeds NUMBER, s (status) or q (end)",
        "入力を解釈できません。製造番号のスキャン、ルータ名、ルータ名=製造番号、番号=ルータ名、again 番号、speeds 番号、s(状況)、q(終了)のいずれかです",
    )
}

pub(super) fn dropped(lang: Lang) -> &'static str {
    lang.pick("Nothing was agreed to.", "確認を取り消しました。")
}

pub(super) fn no_router(word: &str, lang: Lang) -> String {
    let word = visible::line(word);
    match lang {
        Lang::En => format!("the list has no router `{word}`"),
        Lang::Ja => format!("一覧に `{word}` というルータはありません"),
    }
}

pub(super) fn no_console(number: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("there is no console {number}"),
        Lang::Ja => format!("コンソール {number} はありません"),
    }
}

pub(super) fn not_now(at: &Console, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{at}: not now: no box waits there"),
        Lang::Ja => format!("{at}: 待機中の機器がないため、いまは実行できません"),
    }
}

pub(super) fn which_console(lang: Lang) -> &'static str {
    lang.pick(
        "Several boxes wait: type NUMBER=ROUTER with the console's number",
        "待機中の機器が複数あります。番号=ルータ名 の形でコンソールの番号を付けてください",
    )
}

pub(super) fn which_router(serial_number: &str, lang: Lang) -> String {
    let number = visible::line(serial_number);
    match lang {
        Lang::En => format!(
            "{number}: no router of the list has this serial number. Which is it? Type its name (Return alone: none)"
        ),
        Lang::Ja => format!(
            "{number}: この製造番号のルータは一覧にありません。どのルータですか? 名前を入力してください(Enter のみ: 取り消し)"
        ),
    }
}

/// Asks for the word by which a person takes a box for a router.
pub(super) fn confirm(one: &Listed, serial_number: &str, is_scanned: bool, lang: Lang) -> String {
    let router = router(Some(one), lang);
    let recorded = one.candidate.recorded.as_ref().and_then(|recorded| recorded.serial_number.as_deref());
    let is_other = recorded.is_some_and(|recorded| recorded != serial_number);
    let other = match is_other {
        true => lang.pick(
            "\n    ! Our last saved run met another box under this name.",
            "\n    ! 前回この名前で保存した機器とは別の機器です。",
        ),
        false => "",
    };
    let (whole, masked) = (visible::line(serial_number), without_end(serial_number));
    let masked = visible::line(&masked);
    match (is_scanned, lang) {
        (true, Lang::En) => format!("Is {router} the box with serial number {whole}?{other} [yes/no]"),
        (true, Lang::Ja) => format!("{router} は製造番号 {whole} の機器ですか?{other} [yes/no]"),
        (false, Lang::En) => format!(
            "Is {router} the box with serial number {masked}?{other} Type its last 4 characters, or scan it, from the label (Return alone: no):"
        ),
        (false, Lang::Ja) => format!(
            "{router} は製造番号 {masked} の機器ですか?{other} ラベルの製造番号の末尾 4 文字を入力、またはスキャンしてください(Enter のみ: いいえ):"
        ),
    }
}

pub(super) fn not_confirmed(lang: Lang) -> &'static str {
    lang.pick("Not confirmed; nothing was agreed to.", "確認が取れませんでした。何も行いません。")
}

pub(super) fn paired(one: &Listed, lang: Lang) -> String {
    let router = router(Some(one), lang);
    let number = visible::line(one.serial_number().unwrap_or_default()).into_owned();
    match lang {
        Lang::En => format!("{router} is the box with serial number {number}"),
        Lang::Ja => format!("{router} は製造番号 {number} の機器です"),
    }
}

pub(super) fn other_router(one: Option<&Listed>, lang: Lang) -> String {
    let router = router(one, lang);
    match lang {
        Lang::En => format!("refused: this serial number is that of {router}"),
        Lang::Ja => format!("拒否: この製造番号は {router} のものです"),
    }
}

pub(super) fn declared_otherwise(lang: Lang) -> &'static str {
    lang.pick(
        "refused: the inventory has another serial number for this router",
        "拒否: インベントリにはこのルータの別の製造番号があります",
    )
}

pub(super) fn begun(lang: Lang) -> &'static str {
    lang.pick("refused: this router is in progress, or done", "拒否: このルータは処理中、または完了済みです")
}

fn part_words(part: &Part, lang: Lang) -> String {
    match part {
        Part::Waiting => lang.pick("waiting for its box", "機器待ち").to_owned(),
        Part::UnderWay => lang.pick("in progress", "処理中").to_owned(),
        Part::Done { here: true } => lang.pick("done", "完了").to_owned(),
        Part::Done { here: false } => lang.pick("done by an earlier run of today", "本日の前回の実行で完了").to_owned(),
        Part::Failed(end) => end.brief.clone(),
    }
}

/// A router, and how far it is: how long its lines still take, while they go out.
pub(super) fn standing(one: &Listed, left: Option<Duration>, lang: Lang) -> String {
    let part = left.map_or_else(|| part_words(&one.part, lang), |left| time_left(left, lang));
    format!("{}: {part}", router(Some(one), lang))
}

/// Every console, and how many routers are how far.
pub(super) fn status(list: &List, bays: &[Bay], lang: Lang) -> Vec<String> {
    consoles(list, bays, lang).into_iter().chain([count(list.counter(), lang)]).collect()
}

/// A line for every console: what is on it.
pub(super) fn consoles(list: &List, bays: &[Bay], lang: Lang) -> Vec<String> {
    let bay_words = |bay: &Bay| match &bay.at {
        At::Gone { .. } => lang.pick("no port", "ポートなし").to_owned(),
        At::Looking { .. } => lang.pick("the box is asked who it is", "機器情報を読み取り中").to_owned(),
        At::Resting { .. } => lang.pick("waiting for a box", "機器の接続待ち").to_owned(),
        At::Occupied { by: Resident::NotOnList(identity), .. } => {
            format!("{}: {}", lang.pick("not on the list", "一覧にない機器"), box_words(identity, lang))
        }
        At::Occupied { by: Resident::AsksLogin { .. }, .. } => {
            lang.pick("asks for a login", "ログインを求めています").to_owned()
        }
        At::Occupied { by: Resident::Over { .. }, .. } => {
            lang.pick("nothing more is done with this box", "この機器の処理は終わりました").to_owned()
        }
        At::UnderWay { place, .. } => list.get(*place).map(|one| standing(one, bay.left, lang)).unwrap_or_default(),
    };
    let named = |(place, bay): (usize, &Bay)| format!("{}: {}", Console::of(place, &bay.port), bay_words(bay));
    bays.iter().enumerate().map(named).collect()
}

/// A line for each router: first those that are done, then what failed, then what is left.
pub(super) fn result(list: &List, lang: Lang) -> Vec<String> {
    let rank = |one: &Listed| match one.part {
        Part::Done { .. } => 0,
        Part::Failed(_) => 1,
        Part::UnderWay | Part::Waiting => 2,
    };
    let mut routers: Vec<&Listed> = list.all().iter().collect();
    routers.sort_by_key(|one| rank(one));
    let mut lines: Vec<String> = routers.into_iter().map(|one| standing(one, None, lang)).collect();
    lines.push(count(list.counter(), lang));
    lines
}
