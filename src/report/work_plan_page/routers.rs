//! Every router of a work plan in a table: what becomes of it, with its own values, and room for when it was finished.

use super::words::ended;
use crate::message::Text;
use crate::report::page::{Block, Phrase, Searched, Table};
use crate::report::page_words::{heading, number};
use crate::report::work_page::SitePages;
use crate::report::work_plan::{PlannedRouter, WorkPlan};

/// More of a router's own values than this is on the page of its site.
const OWN: usize = 200;

/// The table of a fleet, which can be searched.
pub(super) fn of_fleet(to: &mut Vec<Block>, plan: &WorkPlan, pages: &SitePages) {
    to.push(heading(2, "Every router", "全ルータの一覧"));
    to.push(Block::Paragraph(Phrase::words(
        "A site's own work plan, each line as it is typed there: `ixdeploy report PLAN.json --work-plan -l SITE`.",
        "拠点ごとの作業手順書(実際に入力する行): ixdeploy report PLAN.json --work-plan -l 拠点名",
    )));
    let keys = plan.routers.iter().map(|one| one.kind.word()).collect();
    to.push(Block::Searched(Searched { table: table(plan, pages), keys }));
}

/// The table.
pub(super) fn table(plan: &WorkPlan, pages: &SitePages) -> Table {
    let mut head = vec![
        Phrase::words("router", "ルータ"),
        Phrase::words("site", "拠点"),
        Phrase::words("work", "作業"),
        Phrase::words("class", "クラス"),
        Phrase::words("model", "機種"),
        Phrase::words("serial number", "製造番号"),
        Phrase::words("lines", "行数"),
        Phrase::words("its own values", "ルータ固有の値"),
    ];
    head.push(match plan.run {
        Some(_) => Phrase::words("state", "状態"),
        None => Phrase::words("finished at", "完了時刻"),
    });
    let rows = plan.routers.iter().map(|one| row(one, plan.run.is_some(), pages)).collect();
    let caption = Phrase::words("Routers, those without a plan first", "ルータ一覧(計画のないものが先)");
    Table { caption, head, rows }
}

fn row(one: &PlannedRouter, with_record: bool, pages: &SitePages) -> Vec<Phrase> {
    let known = |text: Option<&str>| Phrase::data(text.unwrap_or("-"));
    let site = pages.page(&one.site).map_or_else(|| Phrase::data(&*one.site), |page| Phrase::linked(&*one.site, page));
    let kind = Phrase::of(one.kind.words());
    let kind = match &one.why {
        Some(why) => kind.below(Phrase::of(why.clone())),
        None => kind,
    };
    let end = match (&one.end, with_record) {
        (Some(end), _) => ended(end),
        (None, true) => Phrase::words("not in the run", "実行の対象外"),
        (None, false) => Phrase::blank(),
    };
    vec![
        Phrase::data(&*one.router),
        site,
        kind,
        known(one.class.as_deref()),
        known(one.model.as_deref()),
        known(one.serial_number.as_deref()),
        number(one.lines),
        own(&one.own),
        end,
    ]
}

fn own(own: &Text) -> Phrase {
    let shown = |text: &str| match text.char_indices().nth(OWN) {
        Some((end, _)) => format!("{} ...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    match own.en.is_empty() {
        true => Phrase::data("-"),
        false => Phrase::words(shown(&own.en), shown(&own.ja)),
    }
}
