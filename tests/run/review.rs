//! What is kept of a fleet while a person is asked about it.

use std::sync::Arc;

use ixdeploy::run::{self, Exit};
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{apply_request, env, prompting, shipped};

/// What was read of a router, and the trees of its plan, take many times the room of what is shown and approved.
#[test]
fn of_a_fleet_no_plan_is_kept_whole_until_the_question_about_it_is_answered() {
    for (count, whole) in [(2, 2), (3, 0)] {
        let ids: Vec<String> = (1..=count).map(|number| format!("c{number}")).collect();
        let bench = prompting(Bench::new(ids.iter().map(|id| (prepared(id), router3(id))).collect()));
        let operator = Arc::new(Scripted::default());
        let finished = run::apply(&env(&bench, Arc::clone(&operator) as _), &apply_request(&bench, shipped())).unwrap();
        assert_eq!(operator.kept_whole(), whole, "of {count}");
        assert!(operator.asked().contains(&format!("review of {count}")), "{:?}", operator.asked());
        // What was kept of each is what it is changed by.
        assert_eq!(finished.exit, Exit::Done, "{finished:?}");
        assert!(ids.iter().all(|id| bench.running(id) == bench.startup(id)));
    }
}
