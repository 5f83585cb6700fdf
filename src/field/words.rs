//! What each screen of a visit says, in both languages. Text of a device, and of files, is shown as visible text.

use super::at::{At, View};
use super::event::{Answering, Asked, End, Problem};
use super::none_fits;
use super::page::{Input, Key, Page};
use super::person;
use super::port_words;
use super::recognise::{Match, Reason};
use super::visit::Visit;
use crate::message::{Lang, Text};
use crate::run::{BoxSeen, Candidate, Exit, Level, MachineFinding};
use crate::visible;

/// The screen of a visit as it is now.
pub fn page(visit: &Visit) -> Page {
    match &visit.at {
        At::Cable { pulled } => cable(visit, *pulled),
        At::Looking => looking(visit),
        At::Trouble(problem) => trouble(visit, problem),
        At::Confirm => confirm(visit),
        At::Find { found, more, for_login } => finding(visit, found, *more, *for_login),
        At::Working => working(visit),
        At::Asked { asked, view, .. } => question(visit, asked, *view),
        At::End(end) => ended(visit, end),
    }
}

fn leave(lang: Lang) -> Key {
    Key::new('q', lang.pick("leave", "終了"))
}

fn cable(visit: &Visit, pulled: bool) -> Page {
    let lang = visit.lang;
    let mut lines = Vec::new();
    if pulled {
        lines.push(
            lang.pick("The cable was pulled. Nothing was changed.", "ケーブルが抜かれました。何も変更していません。")
                .to_owned(),
        );
    }
    let mut keys = Vec::new();
    if visit.ports.is_empty() {
        lines.push(
            lang.pick(
                "Plug the console cable into this machine and into the CONSOLE port of the router.",
                "コンソールケーブルを PC とルータの CONSOLE ポートに接続してください。",
            )
            .to_owned(),
        );
        lines.extend(visit.trouble.iter().flat_map(|finding| in_the_way(finding, lang)));
        lines.push(
            lang.pick(
                "A port that is no USB cable is named at the start: `--port PORT` (`ixdeploy ports` lists them).",
                "USB ケーブル以外のポートは、起動時に `--port ポート` で指定します(一覧は `ixdeploy ports`)。",
            )
            .to_owned(),
        );
    } else {
        let said = lang.pick(
            "A cable is there. Nothing is opened before you press its number.",
            "ケーブルが見つかりました。番号を押すまでポートは開きません。",
        );
        lines.push(said.to_owned());
        for (number, port) in ('1'..='9').zip(&visit.ports) {
            let port = visible::line(&port.to_string()).into_owned();
            lines.push(format!("  {number}  {port}"));
            keys.push(Key::new(number, port));
        }
        // A port that this user may not open, or that another program has.
        let blocked = visit.trouble.iter().filter(|finding| finding.level != Level::Good);
        lines.extend(blocked.flat_map(|finding| in_the_way(finding, lang)));
    }
    let lines = with_warnings(lines, &visit.warned_before);
    keys.push(leave(lang));
    Page::new("cable", lang.pick("1 Cable", "1 ケーブル"), lines, Input::Keys(keys))
}

/// What is in the way of a cable, and its remedy.
pub(super) fn in_the_way(finding: &MachineFinding, lang: Lang) -> Vec<String> {
    let remedy =
        finding.remedy.as_ref().map(|remedy| format!("  {} {}", lang.pick("remedy:", "対処:"), remedy.get(lang)));
    std::iter::once(finding.text.get(lang).to_owned()).chain(remedy).collect()
}

fn looking(visit: &Visit) -> Page {
    let lang = visit.lang;
    let (port, speed) = visit.console.as_ref().map_or(("", 0), |console| (console.port.as_str(), console.speed));
    let port = visible::line(port);
    let mut lines = vec![match lang {
        Lang::En => format!("Listening on {port} at {speed} bit/s, then asking the box who it is. Nothing is changed."),
        Lang::Ja => format!("{port}({speed} bit/s)で受信を確認してから、機器情報を読み取ります。何も変更しません。"),
    }];
    if visit.is_leaving {
        let leaving = lang.pick(
            "Leaving once the console is logged out. Ctrl-C once more does not wait for it.",
            "コンソールをログアウトしてから終了します。もう一度 Ctrl-C を押すと待たずに終了します。",
        );
        lines.push(leaving.to_owned());
    }
    Page::new("looking", lang.pick("2 Who is it?", "2 機器の確認"), lines, Input::None)
}

fn trouble(visit: &Visit, problem: &Problem) -> Page {
    let lang = visit.lang;
    let hint = |text: &Text| format!("  {} {}", lang.pick("hint:", "対処:"), text.get(lang));
    let mut lines: Vec<String> =
        std::iter::once(problem.text.get(lang).to_owned()).chain(problem.hints.iter().map(hint)).collect();
    if visit.swaps && problem.refuses_login {
        let by_hand = lang.pick(
            "A used box has a login of its own. Where no one knows it, a person resets the box in its boot monitor, as its manual says; this program types nothing there.",
            "使用済みの機器には以前のログインが残っています。分からない場合は、担当者が説明書に従ってブートモニタで初期化してください。本プログラムはブートモニタに何も入力しません。",
        );
        lines.push(by_hand.to_owned());
    }
    let mut keys = vec![Key::new('r', lang.pick("try again", "再試行"))];
    if problem.is_silent {
        keys.push(Key::new('s', lang.pick("try other speeds", "ほかの速度を試す")));
    }
    keys.push(leave(lang));
    let title = lang.pick("2 Who is it?", "2 機器の確認").to_owned();
    Page::new("trouble", title, lines, Input::Keys(keys))
}

fn confirm(visit: &Visit) -> Page {
    let lang = visit.lang;
    let mut lines = box_lines(&visit.seen, lang);
    let replaces = visit.chosen.as_ref().is_some_and(|chosen| chosen.replaces);
    if let (Some(chosen), Some(one)) = (&visit.chosen, visit.candidate()) {
        lines.push(String::new());
        if replaces {
            lines.extend(in_place_of(one, lang));
        } else {
            lines.push(format!("{} {}", lang.pick("This is:", "該当ルータ:"), name(one, lang)));
        }
        lines.push(format!("  {} {}", lang.pick("why:", "理由:"), why(chosen, lang)));
        if chosen.is_another_box && !replaces {
            let warning = lang.pick(
                "  ! Our last saved run met another box under this name.",
                "  ! 前回この名前で保存した機器とは別の機器です。",
            );
            lines.push(warning.to_owned());
        }
        if visit.swaps && !replaces {
            let known = lang.pick(
                "  ! This box is known under that name: it replaces none, and is deployed as it is.",
                "  ! このルータとして既知の機器です。交換ではなく、通常どおり設定します。",
            );
            lines.push(known.to_owned());
        }
    }
    let yes = match replaces {
        true => {
            lang.pick("yes, it takes that place: show what would change", "はい(この機器に交換します。変更内容を表示)")
        }
        false => lang.pick("yes, read it and show what would change", "はい(読み取って変更内容を表示)"),
    };
    let mut keys =
        vec![Key::new('y', yes), Key::new('f', lang.pick("find another router", "別のルータを探す")), leave(lang)];
    if visit.can_probe() {
        keys.insert(2, Key::new('l', lang.pick("look at its line first", "先に回線を確認")));
    }
    let title = match replaces {
        true => lang.pick("3 A new box: in whose place?", "3 どのルータの交換機か"),
        false => lang.pick("3 Which router is it?", "3 どのルータか"),
    };
    Page::new(if replaces { "swap" } else { "confirm" }, title, lines, Input::Keys(keys))
}

/// In whose place a new box is, and what it gets.
fn in_place_of(one: &Candidate, lang: Lang) -> Vec<String> {
    let mut known = one.recorded.iter().chain([&one.declared]);
    let number = known.find_map(|identity| identity.serial_number.as_deref());
    let number = visible::line(number.unwrap_or(lang.pick("not known", "不明"))).into_owned();
    vec![
        format!("{} {}", lang.pick("Is this box swapped for that of:", "次のルータの交換機ですか:"), name(one, lang)),
        format!("  {} {number}", lang.pick("the box that was there, serial number:", "これまでの機器の製造番号:")),
        lang.pick(
            "  It gets what that box ran when it was saved last, with passwords entered anew.",
            "  最後に保存した設定を入れ、パスワードは新たに入力します。",
        )
        .to_owned(),
    ]
}

/// What the box says of itself. The end of its serial number may be asked for: it is read off the label, not off the screen.
fn box_lines(seen: &BoxSeen, lang: Lang) -> Vec<String> {
    let BoxSeen { identity, uptime, based_on, speed } = seen;
    let number = crate::ix::without_end(identity.serial_number());
    let unknown = lang.pick("not said", "表示なし");
    let said = |text: &Option<String>| visible::line(text.as_deref().unwrap_or(unknown)).into_owned();
    let words = [
        (lang.pick("model", "機種"), visible::line(identity.model()).into_owned()),
        (lang.pick("serial number", "製造番号"), visible::line(&number).into_owned()),
        (lang.pick("firmware", "ファームウェア"), said(&identity.firmware)),
        (lang.pick("host name", "ホスト名"), said(&identity.host_name)),
        (lang.pick("up for", "稼働時間"), said(uptime)),
        (lang.pick("loaded from", "読み込み元"), said(based_on)),
        (lang.pick("speed", "速度"), format!("{speed} bit/s")),
    ];
    words.into_iter().map(|(word, value)| format!("  {word}: {value}")).collect()
}

/// A router with its clinic.
pub(super) fn name(one: &Candidate, lang: Lang) -> String {
    let clinic = one.clinic.title.as_deref().unwrap_or(&one.clinic.site);
    let roles = one.roles.join(", ");
    let words = match lang {
        Lang::En => format!("{clinic}, router {} (role: {roles})", one.router),
        Lang::Ja => format!("{clinic} {}(ロール: {roles})", one.router),
    };
    visible::line(&words).into_owned()
}

fn why(chosen: &Match, lang: Lang) -> String {
    let words = chosen.reasons.iter().map(|reason| match reason {
        Reason::Declared => lang.pick("the inventory has its serial number", "インベントリの製造番号と一致"),
        Reason::Recorded => lang.pick("our last saved run met this serial number", "前回の保存時と同じ製造番号"),
        Reason::HostName => lang.pick("it has the host name that we gave it", "以前設定したホスト名と一致"),
        Reason::OnlyOneLeft => lang.pick("it is the only one left of today's list", "本日の残りはこの 1 台のみ"),
        Reason::OnlyState => lang.pick(
            "only this router of today's list has a saved state",
            "本日の一覧で保存済みの状態があるのはこの 1 台のみ",
        ),
        Reason::OnlyOne => lang.pick("it is the only router of today's list", "本日の一覧のルータはこの 1 台のみ"),
        Reason::Chosen => lang.pick("you chose it", "選択されたルータ"),
    });
    words.collect::<Vec<_>>().join(lang.pick("; ", "、"))
}

fn finding(visit: &Visit, found: &[usize], more: usize, for_login: bool) -> Page {
    let lang = visit.lang;
    let mut lines = match for_login {
        true => vec![
            lang.pick(
                "The console asks for a login. Which router is it? Its login is used then.",
                "コンソールがログインを求めています。どのルータですか? そのルータの認証情報を使います。",
            )
            .to_owned(),
        ],
        false => box_lines(&visit.seen, lang),
    };
    if found.is_empty() {
        lines.extend(none_fits::lines(visit));
    }
    for (number, place) in (1..).zip(found) {
        let Some(one) = visit.candidates.get(*place) else { continue };
        let done = if one.is_done_today { lang.pick(", done today", "、本日完了") } else { "" };
        lines.push(format!("  {number}  {}{done}", name(one, lang)));
    }
    if more > 0 {
        lines.push(match lang {
            Lang::En => format!("  and {more} more"),
            Lang::Ja => format!("  ほか {more} 台"),
        });
    }
    let prompt = lang.pick(
        "Number, or clinic (name, reading, code, phone) or router; q leaves:",
        "番号、または医院(名称・読み・コード・電話)かルータ名。q で終了:",
    );
    let title = lang.pick("3 Which router is it?", "3 どのルータか").to_owned();
    Page::new("find", title, lines, Input::Line(prompt.to_owned()))
}

fn working(visit: &Visit) -> Page {
    let lang = visit.lang;
    let router = visit.candidate().map(|one| name(one, lang)).unwrap_or_default();
    let title = match lang {
        Lang::En => format!("5 In progress: {router}"),
        Lang::Ja => format!("5 処理中: {router}"),
    };
    Page { name: "working", title, lines: visit.said.clone(), pinned: 0, left: visit.left(), input: Input::None }
}

fn question(visit: &Visit, asked: &Asked, view: View) -> Page {
    let lang = visit.lang;
    let text = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    if asked.answering == Answering::Secret {
        let (title, words) = (lang.pick("4 A secret", "4 秘密情報の入力"), asked.question.clone());
        // Whose it is, and why it is asked for, was said before.
        let lines = with_warnings(Vec::new(), &visit.warned);
        return Page::new("secret", title, lines, Input::Secret(words));
    }
    let mut lines = match (asked.answering, view) {
        (Answering::Change, View::Summary) => {
            with_warnings(text(&visit.summary), &[&visit.warned_before[..], &visit.warned].concat())
        }
        (Answering::Change, View::Commands) => text(&visit.plan.text),
        (Answering::Change, View::Ports) => port_words::after_change(visit),
        (Answering::Line, _) => with_warnings(Vec::new(), &visit.warned),
        _ => Vec::new(),
    };
    lines.extend(text(&asked.question));
    // The tests from the laptop need no console any more.
    if visit.is_out() && !matches!(asked.answering, Answering::HandOver { .. }) {
        let out = lang.pick(
            "The cable was pulled: plug it in again, into the same box, then answer.",
            "ケーブルが抜かれました。同じ機器に挿し直してから回答してください。",
        );
        lines.insert(0, out.to_owned());
    }
    if asked.answering == Answering::FailedChecks {
        lines.extend(port_words::as_seen(visit));
    }
    let yes = || Key::new('y', lang.pick("yes", "はい"));
    let no = || Key::new('n', lang.pick("no", "いいえ"));
    let input = match asked.answering {
        Answering::Change => Input::Keys(vec![
            yes(),
            no(),
            Key::new('s', lang.pick("summary", "概要")),
            Key::new('c', lang.pick("commands", "コマンド")),
            Key::new('p', lang.pick("ports", "ポート")),
        ]),
        Answering::YesNo => Input::Keys(vec![yes(), no()]),
        Answering::Line | Answering::Secret => Input::Line(String::new()),
        Answering::HandOver { .. } => Input::Line(
            lang.pick(
                "r: test again; 1 ok WORDS, 1 ng WORDS: what you saw; Return alone: go on:",
                "r: 再試験、1 ok 内容 / 1 ng 内容: 目視の結果を申告、Enter のみ: 次へ:",
            )
            .to_owned(),
        ),
        Answering::FailedChecks => Input::Line(
            lang.pick(
                "r: run the checks again; a reason in words: save anyway; Return alone: undo:",
                "r: 確認を再実行、理由を文で入力: NG のまま保存、Enter のみ: 取り消し:",
            )
            .to_owned(),
        ),
    };
    let title = lang.pick("4 Your answer", "4 確認").to_owned();
    Page { name: question_name(asked.answering, view), title, lines, pinned: 0, left: None, input }
}

/// What was warned of last, below what is asked about: more would push that off the screen, and stays in the record.
fn with_warnings(mut lines: Vec<String>, warned: &[String]) -> Vec<String> {
    const SHOWN: usize = 4;
    lines.extend(warned.iter().skip(warned.len().saturating_sub(SHOWN)).map(|line| format!("  ! {line}")));
    lines
}

/// Each view is a screen of its own.
fn question_name(answering: Answering, view: View) -> &'static str {
    match (answering, view) {
        (Answering::Change, View::Commands) => "commands",
        (Answering::Change, View::Ports) => "ports",
        _ => "question",
    }
}

fn ended(visit: &Visit, end: &End) -> Page {
    let lang = visit.lang;
    let title = match end.exit {
        Exit::Done | Exit::Differs if end.is_look => lang.pick("6 Which line is this?", "6 回線の判定"),
        Exit::Done if !end.is_proven && end.is_of_last_save => {
            lang.pick("6 As declared, box known from the last save", "6 宣言どおり(前回保存した機器)")
        }
        Exit::Done if !end.is_proven => lang.pick("6 As declared, box not proven", "6 宣言どおり(機器は未特定)"),
        Exit::Done => lang.pick("6 Saved and proven", "6 保存済み(確認済み)"),
        Exit::NeedsPerson => lang.pick("6 A person is needed: read this first", "6 対応が必要です。先にお読みください"),
        Exit::Usage | Exit::Differs | Exit::NotDone => lang.pick("6 Not done", "6 未完了"),
    };
    let mut keys = vec![Key::new('n', lang.pick("next router", "次のルータ")), leave(lang)];
    if end.is_look && end.exit != Exit::NeedsPerson {
        keys.insert(0, Key::new('y', lang.pick("read it and show what would change", "読み取って変更内容を表示")));
    }
    let mut lines = end.needed.as_ref().map(|needed| person::lines(needed, lang)).unwrap_or_default();
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.extend(end.text.lines().map(str::to_owned));
    // After an undo the ports are as they were before.
    if end.exit == Exit::Done && !end.is_look {
        lines.extend(port_words::as_seen(visit));
    }
    Page::new("end", title, lines, Input::Keys(keys))
}
