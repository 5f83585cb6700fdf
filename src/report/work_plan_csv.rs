//! The work plan as rows for a spreadsheet: one row a step, in the order in which they are done, with empty cells for what is filled in while the
//! work goes on. Of a fleet each class has its steps once, and each router a row with its own values.

use super::csv::{Cell, Csv};
use super::page::Languages;
use super::work_plan::{Part, PlannedRouter, PlannedStep, Procedure, ProcedureOf, WorkPlan};
use crate::message::Text;
use crate::window::Zone;

/// The columns, in both languages; programs go by their place, which does not change.
const COLUMNS: [(&str, &str); 20] = [
    ("row", "行の種類"),
    ("plan, SHA-256", "計画の SHA-256"),
    ("site", "拠点"),
    ("router or class", "ルータ・クラス"),
    ("part", "区分"),
    ("number", "番号"),
    ("what", "作業内容"),
    ("command", "コマンド"),
    ("expected", "期待する応答"),
    ("to be known", "注意"),
    ("finished at", "完了時刻"),
    ("answer", "応答"),
    ("result", "結果"),
    ("by", "担当"),
    ("class", "クラス"),
    ("model", "機種"),
    ("serial number", "製造番号"),
    ("firmware", "ファームウェア"),
    ("lines", "行数"),
    ("its own values", "ルータ固有の値"),
];

/// The rows.
pub fn work_plan_csv(plan: &WorkPlan, languages: Languages) -> String {
    let mut rows = Rows { csv: Csv::new(), plan, languages };
    rows.csv.row(COLUMNS.map(|(en, ja)| languages.words(&Text::new(en, ja)).into()));
    rows.once(Part::Preparation, &plan.preparation);
    rows.once(Part::Gates, &plan.gates);
    plan.procedures.iter().for_each(|procedure| rows.procedure(procedure));
    if plan.more_classes > 0 {
        let said = Said { what: languages.words(&plan.more_words()), ..Said::default() };
        rows.row("note", Place { site: "", name: "", part: None }, said);
    }
    plan.routers.iter().for_each(|router| rows.router(router));
    rows.once(Part::Closing, &plan.closing);
    rows.csv.finish()
}

struct Rows<'p> {
    csv: Csv,
    plan: &'p WorkPlan,
    languages: Languages,
}

/// Where a row belongs.
#[derive(Clone, Copy)]
struct Place<'p> {
    site: &'p str,
    name: &'p str,
    part: Option<Part>,
}

/// What a row says.
#[derive(Default)]
struct Said {
    number: String,
    what: String,
    command: String,
    expected: String,
    remarks: String,
    finished: String,
    answer: String,
    result: String,
    router: OfRouter,
}

/// What a row says of a router, each in a column of its own.
#[derive(Default)]
struct OfRouter {
    class: String,
    model: String,
    serial_number: String,
    firmware: String,
    lines: String,
    own: String,
}

impl Rows<'_> {
    fn once(&mut self, part: Part, steps: &[PlannedStep]) {
        self.steps(Place { site: "", name: "", part: Some(part) }, steps);
    }

    fn procedure(&mut self, procedure: &Procedure) {
        let (site, name) = match &procedure.of {
            ProcedureOf::Router(facts) => (facts.site.as_str(), facts.router.as_str()),
            ProcedureOf::Class(class) => ("", class.name.as_str()),
        };
        for section in &procedure.sections {
            self.steps(Place { site, name, part: Some(section.part) }, &section.steps);
        }
    }

    fn steps(&mut self, place: Place<'_>, steps: &[PlannedStep]) {
        for (number, step) in (1..).zip(steps) {
            let said = Said {
                number: number.to_string(),
                what: self.languages.words(&step.what),
                command: step.command.as_ref().map(|text| self.languages.words(text)).unwrap_or_default(),
                expected: self.lines(&step.expected),
                remarks: self.lines(&step.remarks),
                ..self.done(step)
            };
            self.row("step", place, said);
        }
    }

    /// What the record says of a step; empty where none is beside the plan.
    fn done(&self, step: &PlannedStep) -> Said {
        let Some(done) = &step.done else { return Said::default() };
        let typed = done.typed.iter().map(|typed| format!("({typed})"));
        let unmet = done.unmet.iter().chain(&done.not_made).map(|told| self.languages.words(told));
        let answer = done.answer.clone().into_iter().chain(typed).chain(unmet);
        Said {
            finished: done.finished.or(done.at).map(|at| at.in_zone(&Zone::default())).unwrap_or_default(),
            answer: answer.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n"),
            result: match (done.ok, &done.not_made) {
                (Some(ok), _) => if ok { "OK" } else { "NG" }.to_owned(),
                (None, Some(_)) => self.languages.words(&Text::new("not made", "未実施")),
                (None, None) => String::new(),
            },
            ..Said::default()
        }
    }

    fn router(&mut self, router: &PlannedRouter) {
        let lines = [router.kind.words()].into_iter().chain(router.why.clone());
        let what: Vec<Text> = lines.collect();
        let known = |text: &Option<String>| text.clone().unwrap_or_default();
        let said = Said {
            what: self.lines(&what),
            router: OfRouter {
                class: known(&router.class),
                model: known(&router.model),
                serial_number: known(&router.serial_number),
                firmware: known(&router.firmware),
                lines: router.lines.to_string(),
                own: self.languages.words(&router.own),
            },
            result: router.end.as_ref().map(|end| self.languages.words(&end.words)).unwrap_or_default(),
            ..Said::default()
        };
        self.row("router", Place { site: &router.site, name: &router.router, part: None }, said);
    }

    fn lines(&self, texts: &[Text]) -> String {
        texts.iter().map(|text| self.languages.words(text)).collect::<Vec<_>>().join("\n")
    }

    fn row(&mut self, kind: &'static str, place: Place<'_>, said: Said) {
        let Said { number, what, command, expected, remarks, finished, answer, result, router } = said;
        let OfRouter { class, model, serial_number, firmware, lines, own } = router;
        let part = place.part.map(|part| self.languages.words(&part.words())).unwrap_or_default();
        let cells: [Cell; COLUMNS.len()] = [
            kind.into(),
            self.plan.plan.sha256.as_str().into(),
            place.site.into(),
            place.name.into(),
            part.into(),
            number.into(),
            what.into(),
            command.into(),
            expected.into(),
            remarks.into(),
            Cell::Time(finished),
            answer.into(),
            result.into(),
            "".into(),
            class.into(),
            model.into(),
            serial_number.into(),
            firmware.into(),
            lines.into(),
            own.into(),
        ];
        self.csv.row(cells);
    }
}
