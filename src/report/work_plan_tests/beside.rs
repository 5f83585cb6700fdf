//! A record beside its plan: each step has what was done; what is missing, and what was typed besides, is said.

use super::{PLAIN, steps, work};
use crate::message::Lang;
use crate::report::work::{Milestone, Step};
use crate::report::work_plan::{Key, Part, Procedure};
use crate::report::work_tests::{self, failed, saved};
use crate::report::{Languages, SitePages, WorkPlan, WorkRecord, html, work_plan_csv, work_plan_page};
use crate::state::{State, Verdict};

fn beside(record: &WorkRecord) -> WorkPlan {
    WorkPlan::of(&work(&PLAIN)).beside(record)
}

/// Whether each step of a part went well, where that is recorded.
fn went(procedure: &Procedure, part: Part) -> Vec<Option<bool>> {
    steps(procedure, part).iter().filter_map(|step| Some(step.done.as_ref()?.ok)).collect()
}

#[test]
fn each_step_has_the_answer_and_the_time_of_the_run() {
    let plan = beside(&saved(&work_tests::PLAIN));
    let procedure = &plan.procedures[0];
    let line = steps(procedure, Part::Change)[0].done.as_ref().unwrap();
    assert!(line.ok == Some(true) && line.at.is_some() && line.typed.is_none(), "{line:?}");
    assert_eq!(went(procedure, Part::Checks), [Some(true), Some(true)], "read again, and the check");
    // Log in, config mode, firmware, box, running, startup.
    let before = [Some(true), Some(true), Some(true), Some(true), Some(true), None];
    assert_eq!(went(procedure, Part::Before), before, "each display that is recorded");
    let recorded = saved(&work_tests::PLAIN);
    let sent = recorded.routers[0].steps.iter().find(|step| step.milestone == Some(Milestone::Line(1))).unwrap();
    assert_eq!(line.at, Some(sent.at), "one run has one time for one line");
    assert_eq!(went(procedure, Part::Save), [None, Some(true)], "the save, and its proof");
    assert!(went(procedure, Part::Rollback).is_empty(), "it was not used");
    assert_eq!(plan.routers[0].end.as_ref().unwrap().verdict, Some(Verdict::Done));
    assert!(procedure.extra.is_empty(), "{:?}", procedure.extra);
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::En));
    assert!(shown.contains("2026-03-01 09:00:") && shown.contains("Interface is up"), "{shown}");
    assert!(!shown.contains("finished at"), "nothing is left to be filled in");
    let csv = work_plan_csv(&plan, Languages::One(Lang::En));
    assert!(
        csv.contains("\"hostname sato-r1\",\"taken: no error is shown\"") && csv.contains(",\"OK\",\"\",\"\","),
        "{csv}"
    );
}

#[test]
fn a_refused_line_failed_and_what_came_after_it_is_not_recorded() {
    let plan = beside(&failed(&work_tests::PLAIN, State::Undone));
    let procedure = &plan.procedures[0];
    assert_eq!(went(procedure, Part::Change), [Some(false)]);
    assert!(went(procedure, Part::Checks).is_empty(), "no check was run");
    assert_eq!(went(procedure, Part::Rollback), [Some(true), Some(true)], "the line of the undo, and its proof");
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::En));
    assert!(shown.contains("not recorded") && shown.contains("✗ undone"), "{shown}");
}

#[test]
fn a_line_in_another_form_and_one_that_is_not_planned_are_shown() {
    let mut planned = work(&PLAIN);
    planned.plan.file.routers[0].commands = vec!["hostname another".to_owned()];
    let plan = WorkPlan::of(&planned).beside(&saved(&work_tests::PLAIN));
    let done = steps(&plan.procedures[0], Part::Change)[0].done.as_ref().unwrap();
    assert_eq!(done.typed.as_deref(), Some("hostname sato-r1"));
    let mut undone = work(&PLAIN);
    undone.plan.file.routers[0].undo = vec!["hostname Router".to_owned()];
    let plan = WorkPlan::of(&undone).beside(&failed(&work_tests::PLAIN, State::Undone));
    let extra: Vec<&str> = plan.procedures[0].extra.iter().map(|one| one.line.as_str()).collect();
    assert_eq!(extra, ["no hostname"]);
}

/// A record of an undo that typed these lines.
fn undone_by(lines: &[&str]) -> WorkRecord {
    let mut record = failed(&work_tests::PLAIN, State::Undone);
    let part = &mut record.routers[0];
    let place = part.steps.iter().position(|step| step.milestone == Some(Milestone::UndoLine)).unwrap();
    let typed = part.steps.remove(place);
    for line in lines.iter().rev() {
        part.steps.insert(place, Step { command: Some((*line).to_owned()), ..typed.clone() });
    }
    record
}

#[test]
fn lines_of_an_undo_that_are_alike_are_laid_beside_those_of_their_block() {
    let mut planned = work(&PLAIN);
    planned.plan.file.routers[0].undo =
        ["interface GigaEthernet0.0", "shutdown", "interface GigaEthernet1.0", "shutdown"].map(str::to_owned).into();
    let typed = |lines: &[&str]| {
        let plan = WorkPlan::of(&planned).beside(&undone_by(lines));
        let extra = plan.procedures[0].extra.iter().map(|one| one.line.clone()).collect::<Vec<_>>();
        let steps = steps(&plan.procedures[0], Part::Rollback);
        let undo = steps.iter().filter(|step| step.key == Key::UndoLine);
        (undo.map(|step| step.done.is_some()).collect::<Vec<_>>(), extra)
    };
    let nothing = Vec::<String>::new();
    assert_eq!(typed(&["interface GigaEthernet1.0", "shutdown"]), (vec![false, false, true, true], nothing.clone()));
    assert_eq!(typed(&["shutdown"]), (vec![false, false, false, true], nothing.clone()), "the last was sent last");
    let whole = ["interface GigaEthernet0.0", "shutdown", "interface GigaEthernet1.0", "shutdown"];
    assert_eq!(typed(&whole), (vec![true; 4], nothing));
    let (found, extra) = typed(&["no ip mtu", "shutdown"]);
    assert_eq!((found, extra), (vec![false, false, false, true], vec!["no ip mtu".to_owned()]));
}

#[test]
fn a_form_of_a_line_that_was_refused_before_another_was_taken_is_shown() {
    let mut record = saved(&work_tests::PLAIN);
    let part = &mut record.routers[0];
    let place = part.steps.iter().position(|step| step.milestone == Some(Milestone::Line(1))).unwrap();
    let first = Step { command: Some("hostname \"sato-r1\"".to_owned()), ok: Some(false), ..part.steps[place].clone() };
    part.steps.insert(place, first);
    let plan = beside(&record);
    assert_eq!(went(&plan.procedures[0], Part::Change), [Some(true)]);
    let extra: Vec<&str> = plan.procedures[0].extra.iter().map(|one| one.line.as_str()).collect();
    assert_eq!(extra, ["hostname \"sato-r1\""]);
}

#[test]
fn another_plan_and_routers_that_it_does_not_have_are_said_first() {
    let mut record = saved(&work_tests::PLAIN);
    let mut other = record.routers[0].clone();
    other.router = "tanaka-r1".to_owned();
    record.routers.push(other);
    let plan = beside(&record);
    let run = plan.run.as_ref().unwrap();
    assert!(!run.is_of_this_plan, "the run names another SHA-256");
    assert_eq!(run.others, ["tanaka-r1"]);
    let shown = html(&work_plan_page(&plan, &SitePages::default()), Languages::One(Lang::En));
    let (first, _) = shown.split_once("<h2").unwrap();
    assert!(first.contains("did not rest on this plan file") && first.contains("tanaka-r1"), "{first}");
    record.run.plan_sha256 = Some(plan.plan.sha256);
    assert!(beside(&record).run.unwrap().is_of_this_plan);
}
