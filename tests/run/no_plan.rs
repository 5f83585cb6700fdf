//! A plan file that has no plan that holds for some routers: they are planned anew, and no command that is named fails.

use std::fs;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::run::{self, ApplyRequest, Exit, PlanRequest, RerunRequest, RunEnv, RunOptions, Source};
use test_support::harness::Bench;

use crate::again::{ends, four_with_one_off, off, run_of, switch_on};
use crate::operator::Scripted;
use crate::{apply_request, env, on_bench};

/// A plan file of all four, made while the fourth is off.
fn plan_without_c4(env: &RunEnv, bench: &Bench) -> ApplyRequest {
    let source = Source { playbook: bench.path("own.yaml"), inventory: bench.path("clinics.yaml"), limit: None };
    let plan = PlanRequest { source, from_backup: None, reason: None, options: on_bench() };
    let file = bench.path("plan.json");
    run::plan(env, &plan).unwrap().save(&*env.operator, &file).unwrap();
    ApplyRequest { options: RunOptions { assume_yes: true, ..on_bench() }, ..apply_request(bench, file) }
}

/// The ends of all four where three are saved: those that take no part come first.
fn four(left_out: &str) -> Vec<String> {
    [left_out, "c1 saved", "c2 saved", "c3 saved"].map(str::to_owned).into()
}

fn again(run: &str) -> RerunRequest {
    RerunRequest { run: run.to_owned(), options: on_bench(), ..RerunRequest::default() }
}

#[test]
fn a_router_without_a_plan_in_the_file_is_said_to_have_none_and_rerun_plans_it_anew() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let apply = plan_without_c4(&env, &bench);
    switch_on(&bench);
    let met = bench.events("c4").len();
    let first = run::apply(&env, &apply).unwrap();
    assert_eq!((ends(&first), first.exit), (four("c4 refused"), Exit::NotDone));
    let left_out = first.result.routers.iter().find(|one| one.router == "c4").unwrap();
    let cause = &left_out.causes[0];
    assert_eq!((cause.code.as_str(), left_out.failure_class()), ("plan-file.no-plan", None));
    assert!(cause.text.en.contains("When it was made: "), "{}", cause.text.en);
    assert_eq!(bench.events("c4").len(), met, "it was not met in this run");
    let no_plan = first.no_plan.clone().unwrap();
    assert_eq!((no_plan.routers, no_plan.playbook), (vec!["c4".to_owned()], Some(bench.path("own.yaml"))));

    let asked = Arc::new(Scripted::default());
    let second = run::rerun(&crate::env(&bench, Arc::clone(&asked) as _), &again("last")).unwrap();
    assert_eq!((ends(&second), second.exit), (vec!["c4 saved".to_owned()], Exit::Done));
    assert!(asked.asked().contains(&"change 1 of 1 at 1".to_owned()), "no one had approved it: {:?}", asked.asked());
}

#[test]
fn those_whose_plan_holds_are_done_again_with_it_before_the_others_are_planned_anew() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let apply = plan_without_c4(&env, &bench);
    off(&bench, &["c1"]);
    let first = run::apply(&env, &apply).unwrap();
    assert_eq!(ends(&first), ["c4 refused", "c1 unreachable", "c2 saved", "c3 saved"]);
    switch_on(&bench);
    let second = run::rerun(&env, &again(&run_of(&first))).unwrap();
    assert_eq!(ends(&second), ["c4 refused", "c1 saved"], "by the plan that was approved");
    assert_eq!(second.exit, Exit::NotDone, "one is left");
    assert_eq!(second.no_plan.unwrap().routers, ["c4"]);
    let limit = Some(format!("@run:{}:no-plan", run_of(&first)));
    let anew = ApplyRequest { limit, ..apply_request(&bench, bench.path("own.yaml")) };
    assert_eq!(ends(&run::apply(&env, &anew).unwrap()), ["c4 saved"]);
}

#[test]
fn a_rerun_that_is_given_again_plans_those_anew_that_the_first_one_left() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let apply = plan_without_c4(&env, &bench);
    off(&bench, &["c1"]);
    let first = run_of(&run::apply(&env, &apply).unwrap());
    switch_on(&bench);
    assert_eq!(ends(&run::rerun(&env, &again(&first)).unwrap()), ["c4 refused", "c1 saved"]);
    let met = bench.events("c1").len();
    let third = run::rerun(&env, &again(&first)).unwrap();
    assert_eq!((ends(&third), third.exit), (vec!["c4 saved".to_owned()], Exit::Done));
    assert_eq!(bench.events("c1").len(), met, "it was done");
}

#[test]
fn without_its_playbook_a_rerun_says_how_those_are_planned_anew() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let apply = plan_without_c4(&env, &bench);
    let first = run::apply(&env, &apply).unwrap();
    fs::rename(bench.path("own.yaml"), bench.path("moved.yaml")).unwrap();
    let error = run::rerun(&env, &again(&run_of(&first))).unwrap_err();
    assert_eq!(error.code(), "rerun.no-playbook");
}
