//! The work record as a page: what must be known first, the work, then each router whole (of a fleet the counts, what failed, and a row
//! for each router), then what happened to the run.

mod alert;
mod fleet;
mod router;
mod sites;
mod steps;
mod words;

pub use self::sites::SitePages;

use self::alert::alerts;
use self::steps::steps;
use self::words::{result_of, result_words, state};
use super::page::{Block, Link, Page, Phrase, Table};
use super::page_words::{account, fact, heading, sentences, time, time_of};
use super::work::{RouterPart, RunPart, WorkRecord};
use crate::window::Zone;

/// The page.
pub fn work_page(record: &WorkRecord) -> Page {
    fleet_page(record, &SitePages::default())
}

/// The page with links to the pages of sites that are beside it.
pub fn fleet_page(record: &WorkRecord, pages: &SitePages) -> Page {
    let run = &record.run;
    let title = Phrase::words("Work record ", "作業記録 ").then(Phrase::data(run.run.as_str()));
    let mut blocks = alerts(record);
    blocks.push(heading(2, "The work", "作業の概要"));
    blocks.push(Block::Table(work(record)));
    if record.is_detailed {
        if record.routers.len() > 1 {
            blocks.push(Block::Table(overview(&record.routers)));
            let links = (1..).zip(&record.routers).map(|(place, one)| link(place, one));
            blocks.push(Block::Contents(links.collect()));
        }
        for (place, one) in (1..).zip(&record.routers) {
            router::blocks(&mut blocks, one, &anchor(place));
        }
    } else {
        fleet::blocks(&mut blocks, record, pages);
    }
    of_run(&mut blocks, run);
    Page { title, blocks }
}

fn anchor(place: usize) -> String {
    format!("router-{place}")
}

fn link(place: usize, one: &RouterPart) -> Link {
    Link {
        text: Phrase::data(one.router.as_str()).then(Phrase::words(": ", ": ")).then(state(one)),
        anchor: anchor(place),
    }
}

/// Who did what, when, from what, and who approved it.
fn work(record: &WorkRecord) -> Table {
    let run = &record.run;
    let mut sites: Vec<&str> = record.routers.iter().map(|one| one.site.as_str()).collect();
    sites.dedup();
    let some = sites.iter().take(FEW_SITES).copied().collect::<Vec<_>>().join(", ");
    let sites = match sites.len().saturating_sub(FEW_SITES) {
        0 => Phrase::recorded(Some(&some)),
        more => Phrase::data(some).then(Phrase::words(format!(" and {more} more"), format!(" ほか {more} 拠点"))),
    };
    let states: Vec<String> = run.states.iter().map(|(word, count)| format!("{word} {count}")).collect();
    let mut rows = vec![
        fact("run", "実行", Phrase::data(run.run.as_str())),
        fact("work", "作業", work_words(run)),
        fact("sites", "拠点", sites),
        fact("routers", "ルータ", Phrase::data(format!("{} ({})", record.routers.len(), states.join(", ")))),
        fact("carried out by", "実施者", account(&run.by, &run.machine)),
        fact("approved by", "承認", sentences(&run.approvals)),
    ];
    rows.extend(run.ordered.map(|at| fact("ordered", "予約", time(Some(at)))));
    let begun = match (run.ordered, run.begun, run.ended) {
        (Some(_), None, Some(_)) => Phrase::words("not begun", "開始せずに終了"),
        (Some(_), None, None) => Phrase::words("waits for its time", "開始待ち"),
        (_, begun, _) => time(begun),
    };
    rows.extend([
        fact("begun", "開始", begun),
        fact("ended", "終了", time(run.ended)),
        fact("result of these routers", "この記録のルータの結果", result_of(&record.routers)),
        fact("result of the whole run", "実行全体の結果", result_words(run.exit_of_run)),
        fact("plan, SHA-256", "計画の SHA-256", plan_sha256(run)),
    ]);
    if let Some(made) = &run.plan_made {
        rows.push(fact("plan made by", "計画の作成者", account(&made.by, &made.machine)));
        rows.push(fact("plan made at", "計画の作成日時", time_of(&made.at)));
        rows.push(fact("playbook", "プレイブック", Phrase::recorded(Some(&made.playbook))));
        rows.push(fact("reason", "理由", Phrase::recorded(made.reason.as_deref())));
    }
    rows.extend([
        fact("inventory", "インベントリ", Phrase::recorded(Some(&run.inventory))),
        fact("tool", "ツール", Phrase::data(format!("ixdeploy {}", run.version))),
        fact("journal head", "ジャーナル末尾ハッシュ", Phrase::recorded(run.journal.head.as_deref())),
        fact("times", "時刻", Phrase::data(Zone::default().name())),
    ]);
    Table {
        caption: Phrase::words("Who did what, when, and on whose word", "誰が、いつ、何を、誰の承認で行ったか"),
        head: Vec::new(),
        rows,
    }
}

/// The plan that was approved; where it was made in the run itself, the plans that were carried out, which no one had approved by a hash.
fn plan_sha256(run: &RunPart) -> Phrase {
    let Some(made) = run.made_plans_sha256.as_deref().filter(|_| run.plan_sha256.is_none()) else {
        return Phrase::recorded(run.plan_sha256.as_deref());
    };
    Phrase::data(made).below(Phrase::words(
        "of the list of the plans that were made and carried out in this run (the hash of each router's plan, two blanks, its name); none was approved by its hash beforehand",
        "この実行の中で作成し実施した計画の一覧(各ルータの計画のハッシュ、空白 2 個、ルータ名)のハッシュ。事前にハッシュで承認された計画ではありません",
    ))
}

/// More sites than these are a number.
const FEW_SITES: usize = 12;

/// What the work is called, then what was carried out.
fn work_words(run: &RunPart) -> Phrase {
    let carried_out = Phrase::recorded(Some(&run.action)).then(source(run));
    match run.title.clone() {
        Some(title) => Phrase::of(title).below(carried_out),
        None => carried_out,
    }
}

fn source(run: &RunPart) -> Phrase {
    if run.source.is_empty() { Phrase::default() } else { Phrase::data(format!(" {}", run.source)) }
}

/// A line for each router.
fn overview(routers: &[RouterPart]) -> Table {
    let head = vec![
        Phrase::words("router", "ルータ"),
        Phrase::words("site", "拠点"),
        Phrase::words("state", "状態"),
        Phrase::words("model", "機種"),
        Phrase::words("serial number", "製造番号"),
        Phrase::words("lines accepted", "受理行数"),
    ];
    let row = |one: &RouterPart| {
        vec![
            Phrase::data(one.router.as_str()),
            Phrase::data(one.site.as_str()),
            state(one),
            Phrase::recorded(one.model.as_deref()),
            Phrase::recorded(one.serial_number.as_deref()),
            Phrase::of(one.accepted_words()),
        ]
    };
    // Those that need a person come first.
    let mut sorted: Vec<&RouterPart> = routers.iter().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.verdict));
    let caption = Phrase::words("Routers; those that are not done first", "ルータ一覧(未完了のものが先)");
    Table { caption, head, rows: sorted.into_iter().map(row).collect() }
}

/// What happened to the run, and where its records are.
fn of_run(blocks: &mut Vec<Block>, run: &RunPart) {
    blocks.push(heading(2, "The run", "実行全体の記録"));
    let caption = Phrase::words("What happened to the run itself", "実行全体に関する出来事");
    blocks.push(Block::Table(steps(&run.steps, caption)));
    let journal = &run.journal;
    let hash = journal.last_hash.clone().unwrap_or_default();
    blocks.push(Block::Paragraph(
        Phrase::words(
            "Each record of the journal is bound to the one before it by SHA-256. `ixdeploy journal verify --head HASH` proves that this run is still in it unchanged. Last record of the run itself: ",
            "ジャーナルの各記録は SHA-256 で直前の記録と連鎖しています。ixdeploy journal verify --head ハッシュ で、この実行の記録が改変されていないことを確認できます。実行全体の最後の記録: ",
        )
        .then(Phrase::code(hash)),
    ));
}
