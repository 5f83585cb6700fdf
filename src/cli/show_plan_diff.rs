//! `plan diff` on the screen: what has changed since a plan was approved, first in one line.

use crate::message::Lang;
use crate::report::Style;
use crate::run::{ClassSize, PlanDiff};
use crate::visible;

/// More names than these are counted.
const NAMES: usize = 12;

/// The difference in words.
pub fn words(diff: &PlanDiff, lang: Lang) -> String {
    if diff.is_same() {
        return format!("{}\n{}", same(diff, lang), header(diff, lang));
    }
    let counts = [
        (diff.added.len(), "router(s) more", "台を追加"),
        (diff.removed.len(), "router(s) fewer", "台が減少"),
        (diff.new_classes.len(), "class(es) new", "クラスが新規"),
        (diff.gone_classes.len(), "class(es) gone", "クラスが消滅"),
        (diff.moved.len(), "router(s) with another change", "台の変更内容が別"),
        (diff.other_values.len(), "router(s) with other values", "台の値が別"),
        (diff.other_tests.len(), "router(s) with other tests from the laptop", "台の PC からの試験が別"),
    ];
    let said = counts.iter().filter(|(count, ..)| *count > 0).map(|(count, en, ja)| match lang {
        Lang::En => format!("{count} {en}"),
        Lang::Ja => format!("{count} {ja}"),
    });
    let mut out = said.collect::<Vec<_>>().join(lang.pick(", ", "、"));
    if out.is_empty() {
        out.push_str(lang.pick("the same changes under other limits", "変更内容は同じで、実行条件が異なります"));
    }
    out.push('\n');
    names(&mut out, lang.pick("more", "追加"), diff.added.iter().map(String::as_str));
    names(&mut out, lang.pick("fewer", "減少"), diff.removed.iter().map(String::as_str));
    classes(&mut out, lang.pick("new class", "新規クラス"), &diff.new_classes, lang);
    classes(&mut out, lang.pick("class gone", "消滅クラス"), &diff.gone_classes, lang);
    let moved: Vec<String> =
        diff.moved.iter().map(|one| format!("{} ({} → {})", one.router, short(&one.old), short(&one.new))).collect();
    names(&mut out, lang.pick("another change", "変更内容が別"), moved.iter().map(String::as_str));
    names(&mut out, lang.pick("other values", "値が別"), diff.other_values.iter().map(String::as_str));
    names(&mut out, lang.pick("other tests", "試験が別"), diff.other_tests.iter().map(String::as_str));
    out + &header(diff, lang)
}

fn same(diff: &PlanDiff, lang: Lang) -> String {
    let same = lang.pick("the same change of the same routers", "対象ルータも変更内容も同じです");
    match (diff.read_otherwise, lang) {
        (0, _) => same.to_owned(),
        (count, Lang::En) => format!("{same}; {count} router(s) ran another configuration when they were read"),
        (count, Lang::Ja) => format!("{same}(読み出し時の running が異なるルータ {count} 台)"),
    }
}

/// A class by the beginning of its hash; anything else as it is.
fn short(place: &str) -> &str {
    if place.len() == 64 { place.get(..8).unwrap_or(place) } else { place }
}

fn names<'n>(out: &mut String, word: &str, names: impl ExactSizeIterator<Item = &'n str>) {
    let count = names.len();
    if count == 0 {
        return;
    }
    let some = names.take(NAMES).map(|name| visible::line(name).into_owned()).collect::<Vec<_>>().join(", ");
    let more = if count > NAMES { format!(", ... (+{})", count - NAMES) } else { String::new() };
    out.push_str(&format!("  {} {some}{more}\n", Style::Head.on(&format!("{word}:"))));
}

fn classes(out: &mut String, word: &str, classes: &[ClassSize], lang: Lang) {
    for one in classes {
        let count = match lang {
            Lang::En => format!("{} router(s)", one.routers),
            Lang::Ja => format!("{} 台", one.routers),
        };
        out.push_str(&format!(
            "  {} {} ({count})\n",
            Style::Head.on(&format!("{word}:")),
            visible::line(short(&one.class))
        ));
    }
}

fn header(diff: &PlanDiff, lang: Lang) -> String {
    let line = |field: &'static str, old: &str, new: &str| {
        let shown = |text: &str| match text {
            "" => lang.pick("(nothing)", "(なし)").to_owned(),
            text => visible::line(text).into_owned(),
        };
        format!("  {}: {} → {}\n", field_words(field, lang), shown(old), shown(new))
    };
    diff.header.iter().map(|change| line(change.field, &change.old, &change.new)).collect()
}

/// A field of a plan's header, for people; JSON keeps its name.
fn field_words(field: &'static str, lang: Lang) -> &'static str {
    match field {
        "by" => lang.pick("made by", "作成者"),
        "machine" => lang.pick("on", "作成した端末"),
        "at" => lang.pick("made at", "作成日時"),
        "version" => lang.pick("made with ixdeploy", "作成した ixdeploy"),
        "playbook_file" => lang.pick("playbook's file", "プレイブックのファイル"),
        "inventory" => lang.pick("inventory", "インベントリ"),
        "reason" => lang.pick("reason", "理由"),
        "limit" => lang.pick("limited to (-l)", "対象の限定(-l)"),
        "backups" => lang.pick("backups (oldest - newest)", "バックアップ(最古 - 最新)"),
        "playbook" => lang.pick("playbook", "プレイブック"),
        "rollout" => lang.pick("rollout", "展開方法"),
        other => other,
    }
}
