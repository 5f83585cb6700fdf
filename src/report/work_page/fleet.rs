//! The page of a run over many routers: counts, what failed by what is wrong, by model and by firmware, then every router in one table
//! that can be searched. What it shows of one router is a row.

use std::collections::BTreeMap;

use super::sites::SitePages;
use super::steps::steps;
use super::words::state;
use crate::message::Lang;
use crate::record::deciding_cause;
use crate::report::page::{Block, Phrase, Searched, Table};
use crate::report::page_words::{heading, number, sentences};
use crate::report::work::{RouterPart, WorkRecord};
use crate::state::Verdict;

/// More names than these are a number.
const NAMES: usize = 8;
/// More routers than these that need a person are a number: the table of all has them.
const PEOPLE: usize = 200;

/// The blocks between the work and the run.
pub(super) fn blocks(to: &mut Vec<Block>, record: &WorkRecord, pages: &SitePages) {
    let routers = &record.routers;
    to.push(heading(2, "Counts", "台数"));
    let (all, run) = (Phrase::words("All routers", "全ルータ"), Phrase::words("run", "実行"));
    to.push(Block::Table(counts(all, run, routers, |_| Some(record.run.run.as_str()))));
    people(to, routers);
    causes(to, routers);
    to.push(heading(2, "By model and firmware", "機種別・ファームウェア別"));
    let model = Phrase::words("model", "機種");
    to.push(Block::Table(counts(Phrase::words("By model", "機種別"), model, routers, |one| one.model.as_deref())));
    let firmware = Phrase::words("firmware", "ファームウェア");
    let by = Phrase::words("By firmware before the change", "変更前のファームウェア別");
    to.push(Block::Table(counts(by, firmware, routers, |one| one.firmware.as_deref())));
    if routers.iter().any(|one| one.region.is_some()) {
        let region = Phrase::words("region", "地域");
        let by = Phrase::words("By region", "地域別");
        to.push(Block::Table(counts(by, region, routers, |one| one.region.as_deref())));
    }
    waves(to, record);
    to.push(heading(2, "Every router", "全ルータの一覧"));
    to.push(Block::Paragraph(Phrase::words(
        format!("Each site's own record: ixdeploy report {} -l SITE", record.run.run),
        format!("拠点ごとの記録: ixdeploy report {} -l 拠点名", record.run.run),
    )));
    to.push(Block::Searched(every(routers, pages)));
}

/// How many of each kind are done, not done, and need a person.
fn counts<'r>(
    caption: Phrase,
    kind: Phrase,
    routers: &'r [RouterPart],
    of: impl Fn(&'r RouterPart) -> Option<&'r str>,
) -> Table {
    let mut kinds: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for one in routers {
        let counted = kinds.entry(of(one).unwrap_or("-")).or_default();
        let place = match one.verdict {
            Verdict::NeedsPerson => 0,
            Verdict::NotDone => 1,
            Verdict::Done => 2,
        };
        counted.get_mut(place).into_iter().for_each(|count| *count += 1);
    }
    let head = vec![
        kind,
        Phrase::words("‼ needs a person", "‼ 要対応"),
        Phrase::words("✗ not done", "✗ 未完了"),
        Phrase::words("✓ done", "✓ 完了"),
    ];
    let mut kinds: Vec<(&str, [usize; 3])> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, [people, failed, done])| std::cmp::Reverse((*people, *failed, *done)));
    let row = |(name, counted): (&str, [usize; 3])| {
        std::iter::once(Phrase::data(name)).chain(counted.map(number)).collect::<Vec<_>>()
    };
    Table { caption, head, rows: kinds.into_iter().map(row).collect() }
}

/// Routers that need a person, each with what to do now.
fn people(to: &mut Vec<Block>, routers: &[RouterPart]) {
    let people: Vec<&RouterPart> = routers.iter().filter(|one| one.verdict == Verdict::NeedsPerson).collect();
    if people.is_empty() {
        return;
    }
    to.push(heading(2, "Routers that need a person", "担当者の対応が必要なルータ"));
    let head = vec![
        Phrase::words("router", "ルータ"),
        Phrase::words("site", "拠点"),
        Phrase::words("state", "状態"),
        Phrase::words("why", "理由"),
        Phrase::words("what to do now", "今すること"),
    ];
    let row = |one: &&RouterPart| {
        vec![
            Phrase::data(one.router.as_str()),
            Phrase::data(one.site.as_str()),
            state(one),
            first_cause(one),
            one.advice.as_ref().map_or_else(|| Phrase::recorded(None), |advice| Phrase::of(advice.now.clone())),
        ]
    };
    let count = people.len();
    let caption = Phrase::words(
        format!("{count} router(s); show at most {PEOPLE}"),
        format!("{count} 台(最大 {PEOPLE} 台を表示)"),
    );
    to.push(Block::Table(Table { caption, head, rows: people.iter().take(PEOPLE).map(row).collect() }));
}

fn first_cause(one: &RouterPart) -> Phrase {
    one.causes.first().map_or_else(|| Phrase::recorded(None), |cause| Phrase::of(cause.text.clone()))
}

/// What is wrong, the most frequent first: the class of failure and the cause, one example of it, and what to do.
fn causes(to: &mut Vec<Block>, routers: &[RouterPart]) {
    let mut groups: BTreeMap<(&str, &str), Vec<&RouterPart>> = BTreeMap::new();
    for one in routers.iter().filter(|one| one.verdict != Verdict::Done) {
        let class = one.failure_class.map_or(one.state.word(), |class| class.word());
        let code = deciding_cause(&one.causes).map_or("", |cause| cause.code.as_str());
        groups.entry((class, code)).or_default().push(one);
    }
    if groups.is_empty() {
        return;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, routers)| std::cmp::Reverse(routers.len()));
    to.push(heading(2, "What went wrong", "失敗の内容"));
    let head = vec![
        Phrase::words("class and cause", "種類と原因"),
        Phrase::words("routers", "台数"),
        Phrase::words("example", "例"),
        Phrase::words("what to do", "対処"),
        Phrase::words("which", "ルータ"),
    ];
    let rows = groups.iter().map(|((class, code), routers)| {
        let first = routers.first();
        let hints =
            first.and_then(|one| deciding_cause(&one.causes)).map(|cause| cause.hints.as_slice()).unwrap_or_default();
        vec![
            Phrase::data(format!("{class} {code}").trim_end()),
            number(routers.len()),
            first.map(|one| first_cause(one)).unwrap_or_default(),
            sentences(hints),
            names(routers),
        ]
    });
    let caption = Phrase::words("Routers that are not done, by what is wrong", "未完了のルータ(原因別)");
    let rows = rows.collect();
    to.push(Block::Table(Table { caption, head, rows }));
}

fn names(routers: &[&RouterPart]) -> Phrase {
    let some = routers.iter().take(NAMES).map(|one| one.router.as_str()).collect::<Vec<_>>().join(", ");
    match routers.len().saturating_sub(NAMES) {
        0 => Phrase::data(some),
        more => Phrase::data(some).then(Phrase::words(format!(" and {more} more"), format!(" ほか {more} 台"))),
    }
}

/// The steps of the rollout, and what stopped or held it.
fn waves(to: &mut Vec<Block>, record: &WorkRecord) {
    let is_of_rollout = |kind: &str| kind.starts_with("step-") || ["held", "budget-spent"].contains(&kind);
    let found: Vec<_> = record.run.steps.iter().filter(|step| is_of_rollout(&step.kind)).cloned().collect();
    if found.is_empty() {
        return;
    }
    to.push(heading(2, "Steps of the rollout", "展開のステップ"));
    to.push(Block::Table(steps(&found, Phrase::words("Steps, and what was held", "ステップと保留"))));
}

/// A site, with its page where there is one.
fn site(name: &str, pages: &SitePages) -> Phrase {
    pages.page(name).map_or_else(|| Phrase::data(name), |page| Phrase::linked(name, page))
}

/// Every router, those that need a person first.
fn every(routers: &[RouterPart], pages: &SitePages) -> Searched {
    let mut sorted: Vec<&RouterPart> = routers.iter().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.verdict));
    let head = vec![
        Phrase::words("router", "ルータ"),
        Phrase::words("site", "拠点"),
        Phrase::words("state", "状態"),
        Phrase::words("class of failure", "失敗の種類"),
        Phrase::words("model", "機種"),
        Phrase::words("serial number", "製造番号"),
        Phrase::words("lines accepted", "受理行数"),
    ];
    let known = |text: Option<&str>| Phrase::data(text.unwrap_or("-"));
    let row = |one: &&RouterPart| {
        let class = one.failure_class.map(|class| class.wording());
        vec![
            Phrase::data(one.router.as_str()),
            site(&one.site, pages),
            state(one),
            class.map_or_else(Phrase::default, |class| Phrase::words(class.get(Lang::En), class.get(Lang::Ja))),
            known(one.model.as_deref()),
            known(one.serial_number.as_deref()),
            Phrase::of(one.accepted_words()),
        ]
    };
    let caption = Phrase::words("Every router, those that are not done first", "全ルータ(未完了のものが先)");
    let keys = sorted.iter().map(|one| one.end()).collect();
    Searched { table: Table { caption, head, rows: sorted.iter().map(row).collect() }, keys }
}
