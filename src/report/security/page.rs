//! The security facts as a page: what it is and is not, then each router whole; of a fleet the counts and a row for each.

use super::record::{AgeKind, BackupPart, SecretPart, SecurityRecord, SecurityRouter, UserPart};
use super::words::{answer, days, kind, stored};
use crate::ix::security::{Answer, Fact, Finding, Section};
use crate::message::Text;
use crate::report::page::{Block, Lines, Link, Page, Phrase, Searched, Table};
use crate::report::page_words::{fact, heading, number, sentences, time};
use crate::run::{Checklist, ChecklistItem};
use crate::window::Zone;

/// The page.
pub fn security_page(record: &SecurityRecord) -> Page {
    let title = Phrase::words("Security facts of routers", "ルータのセキュリティ状況");
    let mut blocks = vec![Block::Paragraph(Phrase::of(record.statement.clone())), Block::Table(about(record))];
    if record.is_detailed {
        if record.routers.len() > 1 {
            blocks.push(Block::Contents((1..).zip(&record.routers).map(|(place, one)| link(place, one)).collect()));
        }
        for (place, one) in (1..).zip(&record.routers) {
            router(&mut blocks, one, &anchor(place), record.checklist.as_ref());
        }
    } else {
        fleet(&mut blocks, record);
    }
    Page { title, blocks }
}

fn anchor(place: usize) -> String {
    format!("router-{place}")
}

fn link(place: usize, one: &SecurityRouter) -> Link {
    Link { text: Phrase::data(one.router.as_str()), anchor: anchor(place) }
}

/// What it was made from.
fn about(record: &SecurityRecord) -> Table {
    let without = record.routers.iter().filter(|one| one.backup.is_none()).count();
    let mut rows = vec![
        fact("inventory", "インベントリ", Phrase::data(record.inventory.as_str())),
        fact("routers", "ルータ", number(record.routers.len())),
        fact("of these without a backup", "うちバックアップなし", number(without)),
        fact("made", "作成日時", time(Some(record.made_at))),
        fact("times", "時刻", Phrase::data(Zone::default().name())),
        fact("tool", "ツール", Phrase::data(format!("ixdeploy {}", record.version))),
    ];
    if let Some(list) = &record.checklist {
        let list = Phrase::data(list.title.as_str()).then(origin(list.source.as_deref(), list.date.as_deref()));
        rows.push(fact("checklist of the user", "利用者のチェックリスト", list));
    }
    Table { caption: Phrase::words("What this is made from", "作成の条件"), head: Vec::new(), rows }
}

/// Who has published something, and when, in brackets.
fn origin(source: Option<&str>, date: Option<&str>) -> Phrase {
    let said: Vec<&str> = [source, date].into_iter().flatten().collect();
    if said.is_empty() { Phrase::default() } else { Phrase::data(format!(" ({})", said.join(", "))) }
}

/// One router, whole.
fn router(to: &mut Vec<Block>, one: &SecurityRouter, anchor: &str, checklist: Option<&Checklist>) {
    let text = Phrase::words("Router ", "ルータ ").then(Phrase::data(one.router.as_str()));
    to.push(Block::Heading { level: 2, text, anchor: anchor.to_owned() });
    if let Some(why) = &one.no_backup {
        to.push(Block::Alert(vec![Phrase::words("No backup: ", "バックアップなし: ").then(Phrase::of(why.clone()))]));
    }
    to.push(Block::Table(ledger(one)));
    let sections = [
        (Section::Ledger, "Ledger and backup", "台帳とバックアップ"),
        (Section::Maintenance, "Remote maintenance", "リモート保守"),
        (Section::Users, "Users and passwords", "ユーザとパスワード"),
        (Section::Services, "Services that are open", "有効なサービス"),
        (Section::Wan, "Filters on the side of the line", "回線側のフィルタ"),
    ];
    if one.backup.is_some() {
        for (section, en, ja) in sections {
            to.push(heading(3, en, ja));
            to.push(Block::Table(findings(one, section)));
            if section == Section::Users {
                users(to, one);
            }
        }
    }
    not_known(to, one);
    if let Some(list) = checklist {
        to.push(heading(3, "Checklist", "チェックリスト"));
        to.push(Block::Table(items(list, |asked| one_answer(one, asked))));
    }
}

fn ledger(one: &SecurityRouter) -> Table {
    let serial = match (&one.serial_number, one.serial_number_read) {
        (Some(serial), true) => Phrase::data(serial.as_str()),
        (Some(serial), false) => {
            Phrase::data(serial.as_str()).then(Phrase::words(" (as the inventory says)", "(インベントリの記載)"))
        }
        (None, _) => Phrase::recorded(None),
    };
    let mut rows = vec![fact("site", "拠点", Phrase::data(one.site.as_str()))];
    if let Some(clinic) = &one.clinic {
        rows.push(fact("clinic", "医院", Phrase::recorded(clinic.title.as_deref())));
        rows.push(fact("address", "所在地", Phrase::recorded(clinic.address.as_deref())));
    }
    rows.extend([
        fact("title", "表示名", Phrase::recorded(one.title.as_deref())),
        fact("model", "機種", Phrase::recorded(one.model.as_deref())),
        fact("serial number", "製造番号", serial),
        fact("firmware as seen", "確認時のファームウェア", Phrase::recorded(one.firmware.as_deref())),
        fact("host name", "ホスト名", Phrase::recorded(one.host_name.as_deref())),
    ]);
    if let Some(backup) = &one.backup {
        rows.extend(backup_rows(backup));
    }
    Table { caption: Phrase::words("Ledger entry", "台帳の記載"), head: Vec::new(), rows }
}

fn backup_rows(backup: &BackupPart) -> Vec<Vec<Phrase>> {
    let from = match (&backup.run, &backup.file) {
        (Some(run), _) if backup.after => {
            Phrase::words(format!("run {run}, after its change was saved"), format!("実行 {run}(変更の保存後)"))
        }
        (Some(run), _) => Phrase::words(format!("run {run}, before its first line"), format!("実行 {run}(変更前)")),
        (None, file) => Phrase::recorded(file.as_deref()),
    };
    let age = backup.days.map_or_else(|| Phrase::recorded(None), |count| Phrase::of(days(count)));
    let mut rows = vec![
        fact("backup from", "バックアップの出所", from),
        fact("read, or written as a file", "読み出し(ファイルは書き込み)日時", time(backup.at)),
        fact("age of the backup", "バックアップの経過日数", age),
    ];
    if let Some(shown) = &backup.shown {
        rows.push(fact("shown by the router at", "ルータの表示時刻", Phrase::data(shown.as_str())));
    }
    if !backup.caveats.is_empty() {
        rows.push(fact("to be known", "注意", sentences(&backup.caveats)));
    }
    rows
}

/// The answers of a section, with what they rest on.
fn findings(one: &SecurityRouter, section: Section) -> Table {
    let head = vec![
        Phrase::words("question", "確認事項"),
        Phrase::words("answer", "結果"),
        Phrase::words("lines", "根拠の行"),
        Phrase::words("remarks", "備考"),
    ];
    let row = |finding: &Finding| {
        vec![
            question(finding.fact),
            Phrase::of(answer(finding.answer)),
            basis(finding),
            finding.reasons.iter().cloned().map(Phrase::of).reduce(Phrase::below).unwrap_or_default(),
        ]
    };
    let rows = one.findings.iter().filter(|finding| finding.fact.section() == section).map(row).collect();
    let caption = Phrase::words("What is asked, and what answers it", "確認事項と結果");
    Table { caption, head, rows }
}

fn question(asked: Fact) -> Phrase {
    Phrase::of(asked.question().into())
}

/// What an answer rests on: lines, or what is no line of a configuration.
fn basis(finding: &Finding) -> Phrase {
    match (finding.fact, finding.answer) {
        (Fact::Ledger, Answer::Yes) if finding.lines.is_empty() => Phrase::words(
            "the answers of the router kept with the backup",
            "バックアップと共に保管した、ルータの機器情報の表示",
        ),
        (Fact::VerifiedBackup, Answer::Yes) if finding.lines.is_empty() => {
            Phrase::words("the records of the journal", "ジャーナルの記録")
        }
        _ => codes(&finding.lines),
    }
}

/// Lines of a router, one below the other.
fn codes(lines: &[String]) -> Phrase {
    lines.iter().map(Phrase::code).reduce(Phrase::below).unwrap_or_else(|| Phrase::words("no line", "該当行なし"))
}

fn users(to: &mut Vec<Block>, one: &SecurityRouter) {
    if !one.users.is_empty() {
        let head = vec![
            Phrase::words("user", "ユーザ"),
            Phrase::words("for", "用途"),
            Phrase::words("right", "権限"),
            Phrase::words("password kept", "パスワードの保存形式"),
            Phrase::words("unchanged since", "変更のない期間"),
            Phrase::words("used elsewhere", "共用"),
        ];
        let caption = Phrase::words("Users; no password is shown", "ユーザ一覧(パスワードは表示しません)");
        to.push(Block::Table(Table { caption, head, rows: one.users.iter().map(user).collect() }));
    }
    if !one.secrets.is_empty() {
        let head = vec![
            Phrase::words("line", "行"),
            Phrase::words("kept", "保存形式"),
            Phrase::words("used elsewhere", "共用"),
        ];
        let row = |secret: &SecretPart| {
            vec![
                Phrase::code(secret.line.as_str()),
                Phrase::of(stored(secret.stored)),
                shared(secret.shared, &secret.shared_with),
            ]
        };
        let caption = Phrase::words(
            "Other secrets: keys, communities, passwords for other systems",
            "その他の秘密情報(鍵、コミュニティ、他システムのパスワード)",
        );
        to.push(Block::Table(Table { caption, head, rows: one.secrets.iter().map(row).collect() }));
    }
}

fn user(one: &UserPart) -> Vec<Phrase> {
    let run = one.age_run.as_deref().unwrap_or_default();
    let age = match one.age {
        AgeKind::SetBy => {
            time(one.since).then(Phrase::words(format!(", set by run {run}"), format!("(実行 {run} で設定)")))
        }
        AgeKind::SeenSince => {
            time(one.since).then(Phrase::words(format!(" or earlier (run {run})"), format!(" 以前から(実行 {run})")))
        }
        AgeKind::NotRecorded => Phrase::recorded(None),
    };
    vec![
        Phrase::data(one.name.as_str()),
        Phrase::of(kind(one.kind)),
        Phrase::recorded(one.right.as_deref()),
        Phrase::of(stored(one.stored)),
        age,
        shared(one.shared, &one.shared_with),
    ]
}

/// More uses than these are a number.
const SOME: usize = 8;

fn shared(said: Answer, with: &[String]) -> Phrase {
    let said = Phrase::of(answer(said));
    if with.is_empty() {
        return said;
    }
    let some = with.iter().take(SOME).map(String::as_str).collect::<Vec<_>>().join(", ");
    let said = said.then(Phrase::data(format!(": {some}")));
    match with.len().saturating_sub(SOME) {
        0 => said,
        more => said.then(Phrase::words(format!(" and {more} more"), format!(" ほか {more} 件"))),
    }
}

/// What is not known, by itself.
fn not_known(to: &mut Vec<Block>, one: &SecurityRouter) {
    to.push(heading(3, "What is not known", "分からないこと"));
    let unknown: Vec<Phrase> = one
        .findings
        .iter()
        .filter(|finding| finding.answer == Answer::NotKnown)
        .map(|finding| question(finding.fact))
        .collect();
    match unknown.is_empty() {
        true => to.push(Block::Paragraph(Phrase::words("Every question has an answer.", "すべて確認できました。"))),
        false => to.push(Block::List(unknown)),
    }
    if !one.unknown.is_empty() {
        let caption = Phrase::words(
            "Lines whose meaning is not known: what they open or close is not counted above",
            "意味の分からない行(上の結果には含まれません)",
        );
        to.push(Block::Lines(Lines { caption, text: one.unknown.join("\n") + "\n", is_difference: false }));
    }
}

/// The items of a checklist, each with what is known of the facts that it names.
fn items(list: &Checklist, said: impl Fn(Fact) -> Phrase) -> Table {
    let head =
        vec![Phrase::words("item", "項目"), Phrase::words("text", "内容"), Phrase::words("facts", "確認事項と結果")];
    let row = |item: &ChecklistItem| {
        let facts = item.facts.iter().map(|asked| question(*asked).then(Phrase::words(" ", " ")).then(said(*asked)));
        vec![
            Phrase::data(item.item.as_str()),
            Phrase::data(item.text.as_str()).then(origin(item.source.as_deref(), item.date.as_deref())),
            facts
                .reduce(Phrase::below)
                .unwrap_or_else(|| Phrase::words("no fact of a configuration", "コンフィグからは確認できない項目")),
        ]
    };
    let caption = Phrase::data(list.title.as_str())
        .then(origin(list.source.as_deref(), list.date.as_deref()))
        .then(Phrase::words(": supplied by the user; no judgement", ": 利用者が用意したもの。判定ではありません"));
    Table { caption, head, rows: list.items.iter().map(row).collect() }
}

fn answer_of(one: &SecurityRouter, asked: Fact) -> Answer {
    let found = one.findings.iter().find(|finding| finding.fact == asked);
    found.map_or(Answer::NotKnown, |finding| finding.answer)
}

fn one_answer(one: &SecurityRouter, asked: Fact) -> Phrase {
    Phrase::of(answer(answer_of(one, asked)))
}

/// How many routers have which answer.
fn counted(record: &SecurityRecord, asked: Fact) -> [usize; 3] {
    let count = |wanted| record.routers.iter().filter(|one| answer_of(one, asked) == wanted).count();
    [Answer::Yes, Answer::No, Answer::NotKnown].map(count)
}

/// Of a fleet the counts, the checklist by counts, and a row for each router.
fn fleet(to: &mut Vec<Block>, record: &SecurityRecord) {
    to.push(heading(2, "Counts", "台数"));
    let head = vec![
        Phrase::words("question", "確認事項"),
        Phrase::words("yes", "はい"),
        Phrase::words("no", "いいえ"),
        Phrase::words("not known", "不明"),
    ];
    let row =
        |asked: &Fact| std::iter::once(question(*asked)).chain(counted(record, *asked).map(number)).collect::<Vec<_>>();
    let caption = Phrase::words("How many routers have which answer", "結果ごとの台数");
    to.push(Block::Table(Table { caption, head, rows: Fact::ALL.iter().map(row).collect() }));
    if let Some(list) = &record.checklist {
        to.push(heading(2, "Checklist", "チェックリスト"));
        to.push(Block::Table(items(list, |asked| {
            let [yes, no, unknown] = counted(record, asked);
            Phrase::of(Text::new(
                format!("yes {yes}, no {no}, not known {unknown}"),
                format!("はい {yes}、いいえ {no}、不明 {unknown}"),
            ))
        })));
    }
    to.push(heading(2, "Every router", "全ルータの一覧"));
    to.push(Block::Paragraph(Phrase::words(
        "Each site by itself, with the lines: -l SITE",
        "拠点ごとの詳細(根拠の行を含む): -l 拠点名",
    )));
    to.push(Block::Searched(every(record)));
}

/// What the row of a router says.
const COLUMNS: [Fact; 4] = [Fact::RemoteMaintenance, Fact::SourceRestricted, Fact::PasswordsShared, Fact::WanFilterIn];

fn every(record: &SecurityRecord) -> Searched {
    let mut head = vec![
        Phrase::words("router", "ルータ"),
        Phrase::words("site", "拠点"),
        Phrase::words("model, serial number", "機種・製造番号"),
        Phrase::words("firmware", "ファームウェア"),
        Phrase::words("age of the backup", "バックアップの経過"),
    ];
    head.extend([
        Phrase::words("remote maintenance", "リモート保守"),
        Phrase::words("sources limited", "接続元の限定"),
        Phrase::words("passwords shared", "パスワードの共用"),
        Phrase::words("filtered in", "受信フィルタ"),
    ]);
    let known = |text: Option<&String>| Phrase::data(text.map_or("-", String::as_str));
    let row = |one: &SecurityRouter| {
        let age = match &one.backup {
            None => Phrase::words("no backup", "なし"),
            Some(backup) => backup.days.map_or_else(|| Phrase::data("-"), |count| Phrase::of(days(count))),
        };
        let box_of = known(one.model.as_ref()).below(known(one.serial_number.as_ref()));
        let mut row = vec![
            Phrase::data(one.router.as_str()),
            Phrase::data(one.site.as_str()),
            box_of,
            known(one.firmware.as_ref()),
            age,
        ];
        row.extend(COLUMNS.map(|asked| one_answer(one, asked)));
        row
    };
    let key = |one: &SecurityRouter| if one.backup.is_some() { "backup" } else { "no-backup" };
    let caption = Phrase::words("Every router, in the order of the inventory", "全ルータ(インベントリの順)");
    let keys = record.routers.iter().map(key).collect();
    Searched { table: Table { caption, head, rows: record.routers.iter().map(row).collect() }, keys }
}
