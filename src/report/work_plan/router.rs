//! The procedure of one router, with its own lines.

use super::frame::Planned;
use super::{Part, PlannedStep, Procedure, ProcedureOf, RouterFacts, Section};
use super::{hand_over, line};
use crate::message::{Lang, Text};
use crate::plan::Lifeline;
use crate::playbook::LaptopCheck;
use crate::report::plan_text::ROLLBACK_NOTE;
use crate::report::saved_plan_text::notes_of;
use crate::report::work::Contact;
use crate::run::PlannedSite;
use crate::transaction::SavedPlan;
use crate::window::{Recurring, Schedule};

/// The procedure. What the inventory says of its site is known only where one was read.
pub(super) fn procedure(saved: &SavedPlan, site: Option<&PlannedSite>, tests: &[LaptopCheck]) -> Procedure {
    let planned = Planned { saved, class: None };
    let facts = facts(saved, site);
    let gates = gates(saved, &facts);
    let [lines, undo] = [false, true].map(|undo| line::of_router(saved, undo));
    let hand_over = hand_over::of_router(tests, saved.intent.terms.at_clinic);
    let around = Around { of: ProcedureOf::Router(Box::new(facts)), gates, hand_over };
    with_frame(&planned, around, Lines { lines, undo })
}

/// The lines of a procedure.
pub(super) struct Lines {
    pub(super) lines: Vec<PlannedStep>,
    pub(super) undo: Vec<PlannedStep>,
}

/// For whom they are, what must be given before the first of them, and what is tried out once they are saved.
pub(super) struct Around {
    pub(super) of: ProcedureOf,
    pub(super) gates: Vec<PlannedStep>,
    pub(super) hand_over: Vec<PlannedStep>,
}

/// A procedure of these lines, with all that is around them.
pub(super) fn with_frame(planned: &Planned<'_>, around: Around, Lines { lines, undo }: Lines) -> Procedure {
    let Around { of, gates, hand_over } = around;
    let saved = planned.saved;
    let has_tests = !hand_over.is_empty();
    let sections = [
        (Part::Before, planned.before()),
        (Part::Gates, gates),
        (Part::Change, lines),
        (Part::Checks, planned.after()),
        (Part::Save, planned.save()),
        (Part::HandOver, hand_over),
        (Part::Rollback, planned.rollback(undo)),
    ];
    let sections = sections.into_iter().filter(|(part, _)| *part != Part::HandOver || has_tests);
    let [en, ja] = [Lang::En, Lang::Ja].map(|lang| notes_of(saved, |note| note.id != ROLLBACK_NOTE, lang));
    let rollback = saved.notes.iter().flatten().find(|note| note.id == ROLLBACK_NOTE);
    Procedure {
        of,
        changes: saved.changes.clone(),
        difference: saved.diff.clone(),
        notes: en.into_iter().zip(ja).map(|(en, ja)| Text { en, ja }).collect(),
        sections: sections.map(|(part, steps)| Section { part, steps }).collect(),
        rollback: rollback.map(|note| note.text.clone()),
        longest: saved.intent.bounds.whole(saved.commands.len(), saved.intent.looks()),
        extra: Vec::new(),
        end: None,
    }
}

fn facts(saved: &SavedPlan, site: Option<&PlannedSite>) -> RouterFacts {
    let intent = &saved.intent;
    let seen = &saved.seen.identity;
    RouterFacts {
        router: intent.router.clone(),
        site: intent.site.clone(),
        contact: site.and_then(|site| site.clinic.as_ref()).map(Contact::of),
        roles: intent.roles.clone(),
        model: intent.device.model.name.to_owned(),
        serial_number: intent.device.serial_number.clone().or_else(|| seen.serial_number.clone()),
        firmware: seen.firmware.clone(),
        reached: reached(saved),
        times: site.map(|site| times(&site.schedule)),
        barred: site.and_then(|site| site.do_not_touch.as_ref()).map(|barred| match barred.until {
            Some(until) => format!("{} (- {until})", barred.reason),
            None => barred.reason.clone(),
        }),
    }
}

fn reached(saved: &SavedPlan) -> Text {
    let path = &saved.intent.path;
    let first = match (&path.lifeline, &path.dialled) {
        (Lifeline::Console, _) => Text::new("over its console", "コンソール"),
        (_, Some(address)) => Text::new(format!("over the network, {address}"), format!("ネットワーク経由 {address}")),
        (_, None) => Text::new("over the network", "ネットワーク経由"),
    };
    match &path.second_way {
        Some(way) => Text::new(format!("{}; a second way: {way}", first.en), format!("{}、第 2 経路: {way}", first.ja)),
        None => first,
    }
}

fn times(schedule: &Schedule) -> Text {
    if schedule.is_always() {
        return Text::new("at any time", "いつでも可");
    }
    let rules = |rules: &[Recurring]| rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let zone = schedule.zone.name();
    let [mut en, mut ja] = [Vec::new(), Vec::new()];
    if let Some(windows) = &schedule.windows {
        let windows = rules(windows);
        en.push(format!("in its windows: {windows}"));
        ja.push(format!("変更時間帯: {windows}"));
    }
    if let Some(opening) = &schedule.opening {
        let opening = rules(opening);
        en.push(format!("not in its opening hours: {opening}"));
        ja.push(format!("診療時間(変更不可): {opening}"));
    }
    Text::new(format!("{} ({zone})", en.join("; ")), format!("{}({zone})", ja.join("、")))
}

/// What must be given before the first line is typed on this router.
fn gates(saved: &SavedPlan, facts: &RouterFacts) -> Vec<PlannedStep> {
    let mut steps = Vec::new();
    if let Some(times) = &facts.times {
        let step = PlannedStep::new("the site may be touched now", "変更可能な時間帯であること");
        steps.push(PlannedStep { expected: vec![times.clone()], ..step });
    }
    if let Some(reason) = &facts.barred {
        steps.push(
            PlannedStep::new("the site is not to be touched", "変更禁止の拠点")
                .expects(format!("lifted in the inventory: {reason}"), format!("インベントリで解除済み: {reason}")),
        );
    }
    let is_console = matches!(saved.intent.path.lifeline, Lifeline::Console);
    if is_console && saved.intent.device.serial_number.is_none() {
        steps.push(
            PlannedStep::new(
                "confirm the box: type the last four characters of the serial number on its label",
                "機器の照合: ラベルの製造番号の末尾 4 文字を入力",
            )
            .expects("they are those that the router names", "ルータの表示と一致"),
        );
    }
    steps.push(go());
    steps
}

/// The last decision before the first line.
pub(super) fn go() -> PlannedStep {
    PlannedStep::new("decide whether the lines are typed", "変更作業の開始を判断")
        .expects("every display above is as expected", "ここまでの表示がすべて期待どおり")
        .noting("until here nothing was written", "ここまで書き込みなし")
}
