//! One router of a work record, whole.

use super::steps::steps;
use super::words::{proof, state};
use crate::message::{Lang, Text};
use crate::record::Tester;
use crate::report::page::{Block, Lines, Phrase, Table};
use crate::report::page_words::{fact, heading, number, sentences, time, time_of, went};
use crate::report::plan_text::guess_words;
use crate::report::work::{
    CheckPart, ConfigurationPart, ConnectionPart, Deviation, GuessPart, RollbackPart, RouterPart,
};

/// Its blocks, from its heading on.
pub(super) fn blocks(to: &mut Vec<Block>, one: &RouterPart, anchor: &str) {
    let text = Phrase::words("Router ", "ルータ ").then(Phrase::data(one.router.as_str()));
    to.push(Block::Heading { level: 2, text, anchor: anchor.to_owned() });
    to.push(Block::Table(facts(one)));
    causes(to, one);
    deviations(to, &one.deviations);
    to.push(heading(3, "Steps", "作業手順と結果"));
    let caption = Phrase::words("What was done, line by line", "実施内容(1 行ごと)");
    to.push(Block::Table(steps(&one.steps, caption)));
    configuration(to, one);
    checks(to, one);
    rollback(to, &one.rollback);
    guesses(to, one);
}

fn facts(one: &RouterPart) -> Table {
    let serial = Phrase::recorded(one.serial_number.as_deref());
    let known = |text: Option<&Text>| text.map_or_else(|| Phrase::recorded(None), |text| Phrase::of(text.clone()));
    let class = one.failure_class.map_or_else(
        || Phrase::words("none", "なし"),
        |class| {
            Phrase::data(class.word()).then(Phrase::words(
                format!(": {}", class.wording().get(Lang::En)),
                format!(": {}", class.wording().get(Lang::Ja)),
            ))
        },
    );
    let mut rows = vec![
        fact("state", "状態", state(one)),
        fact("class of failure", "失敗の種類", class),
        fact("site", "拠点", Phrase::recorded(Some(&one.site))),
        fact("roles", "ロール", Phrase::recorded(Some(&one.roles.join(", ")))),
        fact("model", "機種", Phrase::recorded(one.model.as_deref())),
        fact("serial number", "製造番号", serial),
        fact("how that was proven", "製造番号の確認方法", known(one.serial_proof.as_ref())),
        fact("firmware before", "変更前のファームウェア", Phrase::recorded(one.firmware.as_deref())),
        fact("firmware, read last", "最後に読んだファームウェア", Phrase::recorded(one.firmware_after.as_deref())),
        fact("its plan, SHA-256", "このルータの計画の SHA-256", Phrase::recorded(one.plan_sha256.as_deref())),
        fact("lines of the plan", "計画の行", Phrase::of(one.lines_words())),
        fact("proof of the save", "保存の確認", proof(&one.save)),
        fact("restart", "再起動", proof(&one.restart)),
        fact(
            "first line to configuration read again",
            "最初の行の送信から構成の読み直しまで",
            Phrase::of(one.outage.text.clone()),
        ),
    ];
    for connection in &one.connections {
        rows.push(fact("reached", "接続", reached(connection)));
    }
    if one.connections.is_empty() {
        rows.push(fact("reached", "接続", Phrase::words("no session was opened", "接続していません")));
    }
    let journal = &one.journal;
    let (first, last) = (journal.first.unwrap_or_default(), journal.last.unwrap_or_default());
    let hash = Phrase::code(journal.last_hash.clone().unwrap_or_default());
    let records = Phrase::words(
        format!("{} records, {first} to {last}; the last has ", journal.records),
        format!("{} 件({first}~{last})、最後の記録 ", journal.records),
    );
    rows.push(fact("records in the journal", "ジャーナルの記録", records.then(hash)));
    Table { caption: Phrase::words("The router and how it ended", "ルータと結果"), head: Vec::new(), rows }
}

fn reached(part: &ConnectionPart) -> Phrase {
    let connection = &part.connection;
    let at = time(Some(part.at)).then(Phrase::data(" "));
    if connection.is_mock() {
        return at.then(Phrase::words("mock router built into this program", "内蔵の模擬ルータ"));
    }
    let said = at.then(Phrase::data(format!("{} {}", connection.transport, connection.peer)));
    let said = match &connection.login {
        Some(login) => said.then(Phrase::words(", user ", "、ユーザ ")).then(Phrase::data(login.user.as_str())),
        None => said,
    };
    match &connection.host_key {
        Some(key) => {
            let named = format!("{} {} ({})", key.algorithm, key.fingerprint, key.proof.word());
            let said = said.then(Phrase::words(", host key ", "、ホスト鍵 ")).then(Phrase::data(named));
            match &key.first_use {
                Some(first) => said
                    .then(Phrase::words(", accepted at first use ", "、初回接続時に承認 "))
                    .then(time_of(&first.at))
                    .then(Phrase::words(" by ", " "))
                    .then(Phrase::data(first.by.as_str())),
                None => said,
            }
        }
        None => said.then(Phrase::words(", no host key", "、ホスト鍵なし")),
    }
}

/// What went wrong, each cause with what to do.
fn causes(to: &mut Vec<Block>, one: &RouterPart) {
    if one.causes.is_empty() {
        return;
    }
    to.push(heading(3, "What went wrong", "失敗の内容"));
    let head =
        vec![Phrase::words("code", "コード"), Phrase::words("what", "内容"), Phrase::words("what to do", "対処")];
    let rows = one
        .causes
        .iter()
        .map(|cause| vec![Phrase::data(cause.code.as_str()), Phrase::of(cause.text.clone()), sentences(&cause.hints)]);
    let caption = Phrase::words("The first cause, and what followed from it", "最初の原因と、その後に起きたこと");
    to.push(Block::Table(Table { caption, head, rows: rows.collect() }));
}

fn deviations(to: &mut Vec<Block>, deviations: &[Deviation]) {
    to.push(heading(3, "Deviations", "通常と異なる点"));
    if deviations.is_empty() {
        to.push(Block::Paragraph(Phrase::words("None recorded.", "記録なし。")));
        return;
    }
    let head =
        vec![Phrase::words("what", "内容"), Phrase::words("accepted by", "承認者"), Phrase::words("why", "理由")];
    let row = |one: &Deviation| {
        let by = one.accepted_by.as_deref().map_or_else(|| Phrase::words("no one was asked", "確認なし"), Phrase::data);
        vec![Phrase::of(one.what.clone()), by, Phrase::recorded(one.reason.as_deref())]
    };
    let caption = Phrase::words("What was not as usual, and who accepted it", "通常と異なる点と承認者");
    to.push(Block::Table(Table { caption, head, rows: deviations.iter().map(row).collect() }));
}

/// What changes by meaning, the difference, and the configurations.
fn configuration(to: &mut Vec<Block>, one: &RouterPart) {
    to.push(heading(3, "Configuration", "構成"));
    if one.changes.is_empty() {
        to.push(Block::Paragraph(Phrase::words("Nothing was to be changed.", "変更する項目はありませんでした。")));
    } else {
        to.push(Block::Paragraph(Phrase::words("What was to change, by meaning:", "変更の内容(意味単位):")));
        to.push(Block::List(one.changes.iter().cloned().map(Phrase::of).collect()));
    }
    let Some(configurations) = &one.configurations else {
        let text = Phrase::words("The configurations: not recorded.", "構成: 記録なし。");
        to.push(Block::Paragraph(text));
        return;
    };
    let ConfigurationPart { before, startup_before, after, difference, missing } = configurations;
    let mut lines = |caption: Phrase, text: Option<&String>, is_difference: bool| {
        let Some(text) = text else { return };
        if text.is_empty() {
            to.push(Block::Paragraph(caption.then(Phrase::words(": none", ": なし"))));
        } else {
            to.push(Block::Lines(Lines { caption, text: text.clone(), is_difference }));
        }
    };
    lines(Phrase::words("Difference, before and after", "変更前後の差分"), difference.as_ref(), true);
    lines(Phrase::words("running configuration before", "変更前の running-config"), before.as_ref(), false);
    lines(Phrase::words("running configuration after the save", "保存後の running-config"), after.as_ref(), false);
    lines(Phrase::words("startup configuration before", "変更前の startup-config"), startup_before.as_ref(), false);
    for why in missing {
        to.push(Block::Paragraph(Phrase::words("Not here: ", "記載なし: ").then(Phrase::of(why.clone()))));
    }
    if let (None, Some(at)) = (after, one.rollback.proven) {
        let text = Phrase::words(
            "Read again after the undo, it equals the configuration before: ",
            "取り消し後に読み直し、変更前の構成と一致: ",
        );
        to.push(Block::Paragraph(text.then(time(Some(at)))));
    }
}

/// The checks with what was expected, and the displays that they rest on.
fn checks(to: &mut Vec<Block>, one: &RouterPart) {
    let checks = one.checks.as_slice();
    to.push(heading(3, "Displays and checks", "表示と確認"));
    if checks.is_empty() {
        to.push(Block::Paragraph(Phrase::words("No check was run.", "確認は実施していません。")));
        return;
    }
    let head = vec![
        Phrase::words("check", "確認項目"),
        Phrase::words("time", "時刻"),
        Phrase::words("command", "コマンド"),
        Phrase::words("expected", "期待"),
        Phrase::words("before", "変更前"),
        Phrase::words("after", "変更後"),
    ];
    let caption =
        Phrase::words("Checks, and what each must show or must not show", "確認項目と期待する結果(否定の確認を含む)");
    to.push(Block::Table(Table { caption, head, rows: checks.iter().map(check).collect() }));
    if checks.iter().all(|one| one.answer_before.is_none()) {
        let why = match one.planned {
            0 => Phrase::words("none were read, since nothing was to be changed", "変更がないため取得していません"),
            _ => Phrase::words(
                "not recorded (of a box from the factory none is read)",
                "記録なし(工場出荷状態の機器では取得しません)",
            ),
        };
        let text = Phrase::words("Displays before the change: ", "変更前の表示: ");
        to.push(Block::Paragraph(text.then(why).then(Phrase::words(".", "。"))));
    }
    checks.iter().for_each(|one| displays(to, one));
}

/// What the router showed before the change, and after it.
fn displays(to: &mut Vec<Block>, one: &CheckPart) {
    let mut shown = |when: Phrase, answer: &str| {
        let caption = Phrase::data(one.check.as_str()).then(Phrase::data(format!(" {} ", one.command))).then(when);
        to.push(Block::Lines(Lines { caption, text: answer.to_owned(), is_difference: false }));
    };
    match (&one.answer_before, &one.answer) {
        (Some(before), Some(after)) if before == after => {
            shown(Phrase::words("the same before the change and at ", "変更前と同じ ").then(time(Some(one.at))), after);
        }
        (before, after) => {
            if let Some(before) = before {
                shown(Phrase::words("before the change", "変更前"), before);
            }
            if let Some(after) = after {
                let when = if before.is_some() { Phrase::words("after it, ", "変更後 ") } else { Phrase::default() };
                shown(when.then(time(Some(one.at))), after);
            }
        }
    }
}

fn check(one: &CheckPart) -> Vec<Phrase> {
    let kind = match (one.required, one.is_negative) {
        _ if one.beside.is_some() => kind_of_test(one),
        // As in the work plan: what expects nothing decides nothing.
        _ if one.expected.is_empty() => Phrase::words(" (recorded only)", "(記録のみ)"),
        (true, false) => Phrase::words(" (required)", "(必須)"),
        (true, true) => Phrase::words(" (required, negative)", "(必須、否定の確認)"),
        (false, false) => Phrase::words(" (advisory)", "(参考)"),
        (false, true) => Phrase::words(" (advisory, negative)", "(参考、否定の確認)"),
    };
    let expected =
        if one.expected.is_empty() { Phrase::words("recorded only", "記録のみ") } else { sentences(&one.expected) };
    let before = match (one.passed_before, &one.answer_before) {
        (Some(passed), _) => went(Some(passed)),
        (None, Some(_)) => Phrase::words("recorded", "記録のみ"),
        (None, None) if !one.unmet_before.en.is_empty() => Phrase::words("refused by the router", "ルータが拒否"),
        (None, None) => Phrase::recorded(None),
    };
    let before = match one.unmet_before.en.is_empty() || one.passed_before.is_none() {
        true => before,
        false => before.below(Phrase::of(one.unmet_before.clone())),
    };
    let after = match (one.passed, one.recorded) {
        _ if one.beside.is_some() => result_of_test(one),
        (Some(true), _) => went(Some(true)),
        (Some(false), _) => went(Some(false)).below(Phrase::of(one.unmet.clone())),
        (None, true) => Phrase::words("recorded", "記録のみ"),
        (None, false) => Phrase::words("not run", "未実施"),
    };
    vec![
        Phrase::data(one.check.as_str()).then(kind).below(Phrase::of(one.title.clone())),
        // One that was not run has no time.
        if one.is_run() { time(Some(one.at)) } else { Phrase::words("-", "-") },
        Phrase::code(one.asked()),
        expected,
        before,
        after,
    ]
}

/// Whose word a test beside the router is.
fn kind_of_test(one: &CheckPart) -> Phrase {
    let by = one.beside.as_ref().and_then(|beside| beside.by);
    match (by, one.is_negative) {
        (Some(Tester::Person), _) => Phrase::words(" (a person's word)", "(担当者の申告)"),
        (_, false) => Phrase::words(" (from the laptop)", "(PC から)"),
        (_, true) => Phrase::words(" (from the laptop, negative)", "(PC から、否定の確認)"),
    }
}

/// How it ended, with what was found or typed, or why it was not made.
fn result_of_test(one: &CheckPart) -> Phrase {
    let end = match one.passed {
        Some(passed) => went(Some(passed)),
        None => Phrase::words("not made", "未実施"),
    };
    let told = one.beside.as_ref().map(|beside| beside.told.clone()).unwrap_or_default();
    end.below(Phrase::of(told))
}

/// The rollback, also where it was not used.
fn rollback(to: &mut Vec<Block>, rollback: &RollbackPart) {
    to.push(heading(3, "Rollback", "切り戻し"));
    let used = match (rollback.sent, rollback.proven) {
        (0, None) => Phrase::words("Not used.", "未使用。"),
        (0, Some(_)) => Phrase::words(
            "Nothing was to be undone; read again, it is as before.",
            "取り消す行はありませんでした。読み直して変更前と一致。",
        ),
        (_, None) => Phrase::words("Used, and not proven: lines sent: ", "実施、確認なし。送信した行数: ")
            .then(number(rollback.sent)),
        (_, Some(at)) => Phrase::words("Used: lines sent: ", "実施。送信した行数: ")
            .then(number(rollback.sent))
            .then(Phrase::words("; read again, it is as before: ", "、読み直して変更前と一致: "))
            .then(time(Some(at))),
    };
    to.push(Block::Paragraph(used));
    if rollback.lines.is_empty() {
        to.push(Block::Paragraph(Phrase::words(
            "Lines that would undo the plan: none recorded.",
            "取り消しコマンド: 記録なし。",
        )));
    } else {
        let caption = Phrase::words(
            "Lines that undo the whole plan, from global config mode",
            "計画全体の取り消しコマンド(グローバルコンフィグモードから)",
        );
        to.push(Block::Lines(Lines { caption, text: rollback.lines.join("\n") + "\n", is_difference: false }));
    }
    if let Some(notes) = &rollback.notes {
        to.push(Block::Paragraph(Phrase::of(notes.clone())));
    }
}

/// What the plan rested on that no device has shown.
fn guesses(to: &mut Vec<Block>, one: &RouterPart) {
    to.push(heading(3, "Lines that rest on guesses", "推定・仮定による行"));
    if one.guesses.is_empty() {
        to.push(Block::Paragraph(Phrase::words("None.", "なし。")));
    } else {
        let head =
            vec![Phrase::words("line", "行"), Phrase::words("command", "コマンド"), Phrase::words("why", "理由")];
        let row = |guess: &GuessPart| {
            let which = match guess.undo {
                true => Phrase::words("rollback ", "切り戻し "),
                false => Phrase::words("plan ", "計画 "),
            };
            let [en, ja] = [Lang::En, Lang::Ja].map(|lang| guess_words(guess.guess, lang));
            vec![which.then(number(guess.line)), Phrase::code(guess.text.as_str()), Phrase::words(en, ja)]
        };
        let caption = Phrase::words("Lines that no device has shown to do what they say", "実機で確認されていない行");
        to.push(Block::Table(Table { caption, head, rows: one.guesses.iter().map(row).collect() }));
    }
    if !one.facts.is_empty() {
        to.push(Block::Paragraph(Phrase::words(
            "Reviewed facts that the plan rests on:",
            "計画の根拠とした確認済みの事実:",
        )));
        to.push(Block::List(one.facts.iter().map(|fact| Phrase::data(fact.as_str())).collect()));
    }
}
