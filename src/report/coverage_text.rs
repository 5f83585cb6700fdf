//! How much of some configurations the table knows, for people: the figure by confidence, and what to add next.

use std::fmt::Write;

use super::Style;
use crate::dialect::grammar::Confidence;
use crate::ix::coverage::{Class, Coverage, Known, Place, permille};
use crate::message::Lang;
use crate::visible;

/// The most families and refused lines that are named; the JSON form names all.
const MOST: usize = 50;

/// The figure as text.
pub fn coverage(coverage: &Coverage, lang: Lang) -> String {
    let mut out = String::new();
    let (files, count) = (coverage.files, coverage.count);
    let heading = match lang {
        Lang::En => format!(
            "{files} configuration(s): {} line(s), {} different, of {} families",
            count.lines, count.distinct, count.families
        ),
        Lang::Ja => format!(
            "コンフィグ {files} 件: {} 行、異なる行 {}、コマンド種別 {}",
            count.lines, count.distinct, count.families
        ),
    };
    let _ = writeln!(out, "{}", Style::Head.on(&heading));
    let _ = writeln!(out, "{}", lang.pick("different          lines  families", "異なる行             行  種別"));
    for class in [Class::FullRow, Class::Family, Class::Unknown] {
        let of_class = coverage.shares.iter().filter(|share| share.class == class);
        let (lines, families) = of_class
            .clone()
            .fold((0, 0), |(lines, families), share| (lines + share.count.lines, families + share.count.families));
        let distinct = coverage.distinct(class);
        let part = permille(distinct, count.distinct);
        let part = format!("{}.{}%", part / 10, part % 10);
        let _ = writeln!(out, "{distinct:>9} {part:>7} {lines:>6} {families:>9}  {}", class_words(class, lang));
        for share in of_class.filter(|share| share.count.lines > 0 && class != Class::Unknown) {
            let words = known_words(share.known, lang);
            let count = share.count;
            let _ =
                writeln!(out, "{:>9} {:>7} {:>6} {:>9}    {words}", count.distinct, "", count.lines, count.families);
        }
    }
    missing(&mut out, coverage, lang);
    refused(&mut out, &coverage.refused, lang);
    out
}

fn missing(out: &mut String, coverage: &Coverage, lang: Lang) {
    if coverage.missing.is_empty() {
        return;
    }
    let heading = lang.pick(
        "Not by a full row, the most frequent first (lines, files):",
        "完全な定義がないコマンド(多い順。行数、ファイル数):",
    );
    let _ = writeln!(out, "\n{}", Style::Head.on(heading));
    for missing in coverage.missing.iter().take(MOST) {
        let example = &missing.example;
        let (mode, family) = (visible::line(&missing.mode), visible::line(&missing.family));
        let _ = writeln!(
            out,
            "{:>6} {:>4}  {:<7}  {mode}: {family}    {}",
            missing.lines,
            missing.files,
            missing.known.word(),
            place_text(example)
        );
    }
    more(out, coverage.missing.len(), lang);
}

fn refused(out: &mut String, refused: &[Place], lang: Lang) {
    if refused.is_empty() {
        return;
    }
    let heading = lang.pick(
        "No configuration, rightly refused, and not counted above:",
        "設定ではないため拒否される行(上の数には含みません):",
    );
    let _ = writeln!(out, "\n{}", Style::Head.on(heading));
    for place in refused.iter().take(MOST) {
        let _ = writeln!(out, "  {}", place_text(place));
    }
    more(out, refused.len(), lang);
}

fn place_text(place: &Place) -> String {
    format!("{}:{}: `{}`", visible::line(&place.file), place.line, visible::line(&place.text))
}

fn more(out: &mut String, all: usize, lang: Lang) {
    if all > MOST {
        let _ = match lang {
            Lang::En => writeln!(out, "  and {} more; `--format json` names all", all - MOST),
            Lang::Ja => writeln!(out, "  ほか {} 件。すべては `--format json` で表示します", all - MOST),
        };
    }
}

fn class_words(class: Class, lang: Lang) -> &'static str {
    match class {
        Class::FullRow => lang.pick("by full row", "完全な定義あり"),
        Class::Family => lang.pick("by family", "種別のみ"),
        Class::Unknown => lang.pick("unknown", "未知"),
    }
}

fn known_words(known: Known, lang: Lang) -> &'static str {
    match known {
        Known::Row(Confidence::T) => lang.pick("T seen on a device", "T 実機で確認"),
        Known::Row(Confidence::C) => lang.pick(
            "C from driver code or a configuration in use",
            "C 実機を操作するコード、または使用中のコンフィグから",
        ),
        Known::Row(Confidence::M) => lang.pick("M from a manual", "M マニュアルから"),
        Known::Row(Confidence::I) => lang.pick("I whole command, inferred", "I 定義はあるが推測"),
        Known::Row(Confidence::G) => lang.pick("G whole command, guessed", "G 定義はあるが未確認"),
        Known::Family => lang.pick("first words only", "先頭の語のみ"),
        Known::Unknown => lang.pick("unknown", "未知"),
    }
}
