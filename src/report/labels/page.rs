//! Labels as a page to print: one router on a sheet, what goes where as a table.

use super::{Label, Labels};
use crate::ix::ports::PortUse;
use crate::report::page::{Block, Page, Phrase, Table};
use crate::report::page_words::{fact, time};

/// The page: of several routers first a list of all, then each on a sheet of its own.
pub fn labels_page(labels: &Labels) -> Page {
    let Labels { labels, without } = labels;
    let title = match labels.as_slice() {
        [one] => Phrase::words("Router label ", "ルータのラベル ").then(Phrase::data(one.router.as_str())),
        _ => Phrase::words("Router labels", "ルータのラベル"),
    };
    let mut blocks = Vec::new();
    if labels.is_empty() {
        blocks.push(Block::Paragraph(Phrase::words(
            "No router was saved and proven, so there is no label.",
            "保存を確認できたルータがないため、ラベルはありません。",
        )));
    }
    let mocks: Vec<&str> = labels.iter().filter(|one| one.is_mock).map(|one| one.router.as_str()).collect();
    if !mocks.is_empty() {
        blocks.push(Block::Alert(vec![
            Phrase::words(
                "Practice on the mock router that is built into this program; there is no such box: ",
                "内蔵の模擬ルータでの練習です。実機はありません: ",
            )
            .then(Phrase::data(mocks.join(", "))),
        ]));
    }
    if labels.len() > 1 {
        blocks.push(Block::Table(overview(labels)));
    }
    for (place, one) in (1..).zip(labels) {
        // A heading that can be linked to begins a sheet in print; a single one is on the first.
        let anchor = if labels.len() > 1 { format!("label-{place}") } else { String::new() };
        let text = site(one).then(Phrase::words(": ", ": ")).then(Phrase::data(one.router.as_str()));
        blocks.push(Block::Heading { level: 2, text, anchor });
        blocks.push(Block::Table(facts(one)));
        blocks.push(ports(one));
    }
    if !without.is_empty() {
        let head = vec![
            Phrase::words("router", "ルータ"),
            Phrase::words("site", "拠点"),
            Phrase::words("how it ended", "結果"),
        ];
        let rows = without.iter().map(|one| {
            vec![Phrase::data(one.router.as_str()), Phrase::data(one.site.as_str()), Phrase::of(one.end.clone())]
        });
        let caption =
            Phrase::words("Without a label: not saved and proven", "ラベルなし: 保存を確認できていないルータ");
        blocks.push(Block::Table(Table { caption, head, rows: rows.collect() }));
    }
    Page { title, blocks }
}

/// The clinic's name where it is known, and the site's.
fn site(one: &Label) -> Phrase {
    match &one.title {
        Some(title) => Phrase::data(title.as_str()).then(Phrase::data(format!(" ({})", one.site))),
        None => Phrase::data(one.site.as_str()),
    }
}

fn overview(labels: &[Label]) -> Table {
    let head = vec![
        Phrase::words("router", "ルータ"),
        Phrase::words("site", "拠点"),
        Phrase::words("serial number", "製造番号"),
        Phrase::words("saved", "保存"),
    ];
    let row = |one: &Label| {
        vec![
            Phrase::data(one.router.as_str()),
            site(one),
            Phrase::recorded(one.serial_number.as_deref()),
            time(one.saved),
        ]
    };
    let caption = Phrase::words("Routers that were saved", "保存済みのルータ一覧");
    Table { caption, head, rows: labels.iter().map(row).collect() }
}

fn facts(one: &Label) -> Table {
    let sha256 = match &one.configuration {
        Some(sha256) => Phrase::code(sha256.as_str()),
        None => Phrase::recorded(None),
    };
    let rows = vec![
        fact("site", "拠点", site(one)),
        fact("router", "ルータ", Phrase::data(one.router.as_str())),
        fact("roles", "ロール", Phrase::recorded(Some(&one.roles.join(", ")))),
        fact("model", "機種", Phrase::recorded(one.model.as_deref())),
        fact("serial number", "製造番号", Phrase::recorded(one.serial_number.as_deref())),
        fact("firmware", "ファームウェア", Phrase::recorded(one.firmware.as_deref())),
        fact("saved, and read again", "保存(読み直して確認)", time(one.saved)),
        fact("run", "実行", Phrase::data(one.run.as_str())),
        fact("configuration without secrets, SHA-256", "構成(秘密情報を除く)の SHA-256", sha256),
    ];
    Table { caption: Phrase::words("The router", "ルータ"), head: Vec::new(), rows }
}

/// What goes where.
fn ports(one: &Label) -> Block {
    let Some(ports) = one.ports.as_ref().filter(|ports| !ports.is_empty()) else {
        return Block::Paragraph(Phrase::words("What goes where: not recorded.", "ポートの用途: 記録なし。"));
    };
    let head = vec![
        Phrase::words("interface", "インタフェース"),
        Phrase::words("switch ports", "スイッチポート"),
        Phrase::words("state", "状態"),
        Phrase::words("for", "用途"),
    ];
    let row = |port: &PortUse| {
        let words = port.description.iter().chain(&port.lines).cloned().collect::<Vec<_>>().join(", ");
        vec![
            Phrase::data(port.interface.as_str()),
            Phrase::data(port.switch_ports.as_deref().unwrap_or_default()),
            if port.is_on { Phrase::words("on", "有効") } else { Phrase::words("off", "無効") },
            Phrase::data(words),
        ]
    };
    let caption = Phrase::words("What goes where", "ポートの用途");
    Block::Table(Table { caption, head, rows: ports.iter().map(row).collect() })
}
