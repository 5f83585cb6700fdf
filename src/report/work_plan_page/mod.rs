//! The work plan as a page: the work, what is prepared and agreed on, each router (of a fleet each class) with its steps in their order, every
//! router in a list, and the signatures. What is filled in by hand is empty, unless the record of a run is laid beside it.

mod procedure;
mod routers;
mod steps;
mod words;

use self::steps::{signatures, steps};
use self::words::ended;
use super::page::{Block, Link, Page, Phrase, Table};
use super::page_words::{account, fact, heading, number, time, time_of};
use super::rollout_table::match_words;
use super::span::span;
use super::work_page::SitePages;
use super::work_plan::{Part, PlannedStep, Procedure, ProcedureOf, RouterKind, RunBeside, WorkPlan};
use crate::message::{Lang, Text};
use crate::playbook::Rollout;
use crate::playbook::rollout::{Budget, Step};
use crate::window::Zone;

/// The page, with links to the pages of sites that are beside it.
pub fn work_plan_page(plan: &WorkPlan, pages: &SitePages) -> Page {
    let title = match &plan.run {
        None => Phrase::words("Work plan ", "作業手順書 "),
        Some(_) => Phrase::words("Work plan and record ", "作業手順書(実施記録付き) "),
    };
    let mut blocks = alerts(plan);
    blocks.push(heading(2, "The work", "作業の概要"));
    blocks.push(Block::Table(work(plan)));
    if let Some(run) = &plan.run {
        blocks.push(Block::Table(beside(run)));
    }
    if plan.procedures.len() > 1 {
        blocks.push(Block::Contents((1..).zip(&plan.procedures).map(|(place, one)| link(place, one)).collect()));
    }
    once(&mut blocks, plan, Part::Preparation, &plan.preparation);
    once(&mut blocks, plan, Part::Gates, &plan.gates);
    rollout(&mut blocks, &plan.rollout);
    if plan.is_detailed {
        blocks.push(heading(2, "Routers", "対象ルータ"));
        blocks.push(Block::Table(routers::table(plan, pages)));
    }
    for (place, procedure) in (1..).zip(&plan.procedures) {
        procedure::blocks(&mut blocks, procedure, &anchor(place), plan.run.is_some());
    }
    if plan.more_classes > 0 {
        blocks.push(Block::Paragraph(Phrase::of(plan.more_words())));
    }
    if !plan.is_detailed {
        routers::of_fleet(&mut blocks, plan, pages);
    }
    once(&mut blocks, plan, Part::Closing, &plan.closing);
    blocks.push(heading(2, "Signatures", "署名欄"));
    blocks.push(Block::Table(signatures(&plan.plan)));
    Page { title: title.then(work_words(plan)), blocks }
}

fn anchor(place: usize) -> String {
    format!("procedure-{place}")
}

fn link(place: usize, procedure: &Procedure) -> Link {
    let name = match &procedure.of {
        ProcedureOf::Router(facts) => Phrase::data(facts.router.as_str()),
        ProcedureOf::Class(class) => {
            let count = class.routers.len();
            Phrase::data(class.name.as_str())
                .then(Phrase::words(format!(": {count} router(s)"), format!(": {count} 台")))
        }
    };
    let text = match &procedure.end {
        Some(end) => name.then(Phrase::words(": ", ": ")).then(ended(end)),
        None => name,
    };
    Link { text, anchor: anchor(place) }
}

/// What must be known before anything else.
fn alerts(plan: &WorkPlan) -> Vec<Block> {
    let mut blocks: Vec<Block> =
        plan.faults.iter().map(|fault| Block::Alert(vec![Phrase::of(fault.clone())])).collect();
    let without = plan.routers.iter().filter(|one| one.kind == RouterKind::WithoutPlan).count();
    if without > 0 {
        blocks.push(Block::Alert(vec![Phrase::words(
            format!("{without} router(s) that were asked for have no plan: they are no part of this work."),
            format!("対象のうち {without} 台は計画がなく、この作業に含まれません。"),
        )]));
    }
    let Some(run) = &plan.run else { return blocks };
    if !run.is_of_this_plan {
        blocks.push(Block::Alert(vec![Phrase::words(
            "The run did not rest on this plan file: its plan has another SHA-256, or was made while it ran. Steps are laid side by side by their numbers.",
            "この実行は、この計画ファイルに基づくものではありません(SHA-256 が異なるか、実行中に作成された計画)。手順は番号で対応付けています。",
        )]));
    }
    if !run.others.is_empty() {
        let others = run.others.join(", ");
        blocks.push(Block::Alert(vec![
            Phrase::words("Routers of the run that this plan does not have: ", "この計画にない、実行の対象ルータ: ")
                .then(Phrase::data(others)),
        ]));
    }
    blocks
}

/// What the work is called: as its playbook says it for people, or by the playbook's name.
fn work_words(plan: &WorkPlan) -> Phrase {
    let title = plan.plan.made.as_ref().and_then(|made| made.title.clone());
    title.map_or_else(|| Phrase::data(plan.plan.playbook.as_str()), Phrase::of)
}

/// What is done, where, by which plan.
fn work(plan: &WorkPlan) -> Table {
    let count = |kind| plan.routers.iter().filter(|one| one.kind == kind).count();
    // Where no router has a plan nothing is done.
    let planned = plan.routers.iter().filter(|one| one.kind != RouterKind::WithoutPlan);
    let mut sites: Vec<&str> = planned.map(|one| one.site.as_str()).collect();
    sites.sort_unstable();
    sites.dedup();
    let [changed, same] = [RouterKind::Changed, RouterKind::AsDeclared].map(count);
    let mut rows = vec![
        fact("work", "作業", work_words(plan)),
        fact("sites", "拠点数", number(sites.len())),
        fact(
            "routers",
            "ルータ",
            Phrase::words(
                format!("{changed} to be changed, {same} as declared"),
                format!("変更対象 {changed} 台、変更なし {same} 台"),
            ),
        ),
        fact("plan file", "計画ファイル", Phrase::data(plan.plan.file.as_str())),
        fact("plan, SHA-256", "計画の SHA-256", Phrase::data(plan.plan.sha256.as_str())),
    ];
    match &plan.plan.made {
        Some(made) => {
            rows.push(fact("plan made by", "計画の作成者", account(&made.by, &made.machine)));
            rows.push(fact("plan made at", "計画の作成日時", time_of(&made.at)));
            rows.push(fact("reason", "理由", Phrase::recorded(made.reason.as_deref())));
            rows.push(fact("playbook", "プレイブック", Phrase::recorded(Some(&made.playbook))));
            rows.push(fact("inventory", "インベントリ", Phrase::recorded(Some(&made.inventory))));
            rows.push(fact("tool", "ツール", Phrase::data(format!("ixdeploy {}", made.version))));
            let backups = made.backups.as_ref();
            rows.extend(backups.map(|ages| {
                let [en, ja] = [Lang::En, Lang::Ja].map(|lang| ages.words(None, lang));
                fact("made from backups", "元のバックアップ", Phrase::words(en, ja))
            }));
        }
        None => rows.push(fact("plan made by", "計画の作成者", Phrase::recorded(None))),
    }
    if plan.run.is_none() {
        rows.push(fact("planned for (date, time)", "作業予定日時", Phrase::blank()));
        rows.push(fact("carried out by", "作業者", Phrase::blank()));
        rows.push(fact("whom to call", "緊急連絡先", Phrase::blank()));
    }
    let caption = Phrase::words("What is done, and by which plan", "作業内容と計画");
    Table { caption, head: Vec::new(), rows }
}

/// The run whose record is laid beside the plan.
fn beside(run: &RunBeside) -> Table {
    let rows = vec![
        fact("run", "実行", Phrase::data(run.run.as_str())),
        fact("carried out by", "実施者", account(&run.by, &run.machine)),
        fact("begun", "開始", time(run.begun)),
        fact("ended", "終了", time(run.ended)),
        fact("plan of the run, SHA-256", "実行の計画の SHA-256", Phrase::recorded(run.plan_sha256.as_deref())),
        fact("journal head", "ジャーナル末尾ハッシュ", Phrase::recorded(run.head.as_deref())),
        fact("times", "時刻", Phrase::data(Zone::default().name())),
    ];
    let caption = Phrase::words("The run that is laid beside it", "実施記録");
    Table { caption, head: Vec::new(), rows }
}

/// A part that is done once.
fn once(to: &mut Vec<Block>, plan: &WorkPlan, part: Part, of: &[PlannedStep]) {
    if of.is_empty() {
        return;
    }
    let Text { en, ja } = part.words();
    to.push(heading(2, &en, &ja));
    // What a person does once is not in the record.
    let caption = Phrase::words(format!("{en}, once"), format!("{ja}(作業全体で 1 回)"));
    let table = steps(of, caption, false);
    to.push(Block::Table(if plan.run.is_some() { steps::without_blanks(table) } else { table }));
}

/// In which steps it goes out, and what must happen before each.
fn rollout(to: &mut Vec<Block>, rollout: &Rollout) {
    let at_once = rollout.concurrency;
    let failures = budget(rollout.failures_of_run());
    to.push(heading(2, "Order and stops", "展開の順序と停止条件"));
    to.push(Block::Paragraph(Phrase::words(
        format!("At most {at_once} site(s) at once. Nothing more begins after so many failures: {}.", failures.en),
        format!("同時に最大 {at_once} か所。新たに着手しなくなる失敗数: {}。", failures.ja),
    )));
    if rollout.steps.is_empty() {
        return;
    }
    let head = vec![
        Phrase::words("step", "ステップ"),
        Phrase::words("takes", "対象"),
        Phrase::words("at once", "同時"),
        Phrase::words("stops at", "停止条件"),
        Phrase::words("proves itself for", "様子見"),
        Phrase::words("approval before it", "事前承認"),
        Phrase::words("approved by, when", "承認者・時刻"),
    ];
    let rows = (1..).zip(&rollout.steps).map(|(place, step)| of_step(place, step, rollout)).collect();
    let caption = Phrase::words("Steps of the rollout, in their order", "展開のステップ(実施順)");
    to.push(Block::Table(Table { caption, head, rows }));
}

fn of_step(place: usize, step: &Step, rollout: &Rollout) -> Vec<Phrase> {
    let takes = in_both(|lang| match_words(&step.fits, lang));
    let proves = step.bake.map(|bake| in_both(|lang| span(bake.time, lang)));
    vec![
        Phrase::data(format!("{place} {}", step.name)),
        Phrase::of(takes),
        number(step.concurrency.unwrap_or(rollout.concurrency)),
        Phrase::of(budget(rollout.failures_of_step(Some(step)))),
        proves.map_or_else(|| Phrase::words("-", "-"), Phrase::of),
        if step.approval { Phrase::words("yes", "あり") } else { Phrase::words("no", "なし") },
        if step.approval { Phrase::blank() } else { Phrase::words("-", "-") },
    ]
}

fn budget(budget: Budget) -> Text {
    match budget {
        Budget::Unlimited => Text::new("no limit", "制限なし"),
        budget => Text::untranslated(budget.to_string()),
    }
}

fn in_both(said: impl Fn(Lang) -> String) -> Text {
    Text::new(said(Lang::En), said(Lang::Ja))
}
