//! The work plan of a kept plan: its steps in the order of the work, every format, a fleet, and the record of a run beside it.

mod beside;
mod fleet;
mod formats;
mod hand_over;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::WorkPlan;
use super::work_plan::{Key, Part, PlannedStep, Procedure};
use crate::message::Text;
use crate::plan::{Guess, Note};
use crate::playbook::{Check, Expectation, Level, Phase};
use crate::run::{PlannedWork, read_plan};
use crate::transaction::{GuessedLine, LineCaution, SavedPlan};

/// The texts of a plan that others have typed.
pub struct Typed<'t> {
    pub router: &'t str,
    pub site: &'t str,
    pub line: &'t str,
    pub title: &'t str,
}

pub const PLAIN: Typed<'_> =
    Typed { router: "sato-r1", site: "sato", line: "hostname sato-r1", title: "the line is up" };

/// A kept plan of one router: one line, one check, one note.
pub fn work(typed: &Typed<'_>) -> PlannedWork {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plan-3/plan.json");
    let mut plan = read_plan(&path).unwrap();
    plan.path = "plan.json".into();
    let made = plan.file.made.as_mut().unwrap();
    (made.reason, made.playbook) = (Some(typed.title.to_owned()), format!("{}.yaml", typed.title));
    plan.file.playbook = typed.title.to_owned();
    let one = &mut plan.file.routers[0];
    typed.write_into(one);
    PlannedWork { plan, limit: None, sites: BTreeMap::new(), faults: Vec::new() }
}

impl Typed<'_> {
    fn write_into(&self, one: &mut SavedPlan) {
        let text = |text: &str| Text::new(text, text);
        let intent = Arc::make_mut(&mut one.intent);
        (intent.router, intent.site) = (self.router.to_owned(), self.site.to_owned());
        intent.roles = vec![self.title.to_owned()];
        intent.terms.checks = vec![Check {
            name: "wan".to_owned(),
            role: "router1".to_owned(),
            title: text(self.title),
            phase: Phase::Bench,
            level: Level::Required,
            command: "show ip interface".to_owned(),
            expect: vec![Expectation::NotContains(self.title.to_owned())],
            within: Some(30),
            own: Vec::new(),
        }];
        one.seen.identity.serial_number = Some("0012345".to_owned());
        one.seen.identity.firmware = Some("10.8.27".to_owned());
        one.commands = vec![self.line.to_owned()];
        one.undo = vec!["no hostname".to_owned()];
        one.changes = vec![text(self.title)];
        one.diff = format!("-hostname Router\n+{}\n", self.line);
        one.guesses = vec![GuessedLine { line: 1, undo: false, guess: Guess::Inferred }];
        one.origins = Vec::new();
        one.alternatives = Some(Vec::new());
        let steps = text("the rollback, in this order:\n  1. stop\n  2. send the inverse");
        one.notes = Some(vec![
            Note { id: "line.gap".into(), text: text(self.title), about: None, lines: Some([1, 1]) },
            Note { id: "rollback.ladder".into(), text: steps, about: None, lines: None },
        ]);
        one.cautions =
            Some(vec![LineCaution { line: 1, undo: false, restart: true, may_cut: true, irreversible: None }]);
    }
}

/// The steps of a part of a procedure.
fn steps(procedure: &Procedure, part: Part) -> &[PlannedStep] {
    &procedure.sections.iter().find(|section| section.part == part).unwrap().steps
}

fn typed(steps: &[PlannedStep]) -> Vec<&str> {
    steps.iter().filter_map(|step| Some(step.command.as_ref()?.en.as_str())).collect()
}

#[test]
fn a_work_plan_has_its_parts_in_the_order_of_the_work_and_the_exact_lines() {
    let plan = WorkPlan::of(&work(&PLAIN));
    let procedure = &plan.procedures[0];
    let parts: Vec<Part> = procedure.sections.iter().map(|section| section.part).collect();
    assert_eq!(parts, [Part::Before, Part::Gates, Part::Change, Part::Checks, Part::Save, Part::Rollback]);
    let before = typed(steps(procedure, Part::Before));
    assert_eq!(before.last(), Some(&"show ip interface"), "a check that decides is run before, too");
    for display in ["show version", "show hardware", "show running-config", "show startup-config"] {
        assert!(before.contains(&display), "{before:?}");
    }
    assert_eq!(typed(steps(procedure, Part::Change)), ["hostname sato-r1"]);
    assert_eq!(typed(steps(procedure, Part::Checks)), ["show running-config", "show ip interface"]);
    assert_eq!(
        typed(steps(procedure, Part::Save)),
        ["write memory", "show startup-config", "exit", "ixdeploy restart last"]
    );
    assert_eq!(typed(steps(procedure, Part::Rollback)), ["no hostname", "show running-config"]);
    let once = typed(&plan.preparation).join("\n");
    assert!(once.starts_with("sha256sum plan.json\nixdeploy doctor"), "{once}");
    assert!(plan.preparation[0].expected[0].en == plan.plan.sha256);
}

#[test]
fn a_step_says_what_must_be_answered_and_what_is_not_certain() {
    let plan = WorkPlan::of(&work(&PLAIN));
    let procedure = &plan.procedures[0];
    let line = &steps(procedure, Part::Change)[0];
    let said: Vec<&str> = line.remarks.iter().map(|text| text.ja.as_str()).collect();
    assert_eq!(said, ["推定(実機で未確認)", "再起動後に有効", "自セッションが切れる可能性"]);
    assert!(!line.expected.is_empty() && line.key == Key::Line(1));
    let hardware = steps(procedure, Part::Before).iter().find(|step| matches!(step.key, Key::Identity { .. })).unwrap();
    let expected: Vec<&str> = hardware.expected.iter().map(|text| text.en.as_str()).collect();
    assert_eq!(expected, ["model IX2215", "serial number 0012345"]);
    let after = steps(procedure, Part::Checks);
    assert!(after.iter().any(|step| step.what.en.starts_with("log in anew")), "a line may cut the session");
    // No serial number is declared and the way is a console: a person confirms the box.
    assert!(steps(procedure, Part::Gates).iter().any(|step| step.what.en.contains("last four characters")));
    assert!(procedure.rollback.as_ref().unwrap().en.contains("1. stop"));
    assert_eq!(procedure.notes.len(), 1, "the rollback is said in its place alone");
}

#[test]
fn a_router_that_is_as_declared_is_listed_and_has_no_procedure() {
    let mut work = work(&PLAIN);
    let one = &mut work.plan.file.routers[0];
    (one.commands, one.undo, one.diff) = (Vec::new(), Vec::new(), String::new());
    let plan = WorkPlan::of(&work);
    assert!(plan.procedures.is_empty());
    assert_eq!(plan.routers[0].kind.word(), "as-declared");
}
