//! Which router is in which step, and what its failures stop, with every number resolved.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::{Member, RolloutPlan};
use crate::fleet::{Bake, Budget, ComeBack, Gathered, HoldRules, LoginRate, Trait};
use crate::playbook::rollout::{
    self, Amount, Budgets, Criterion, Hold, HoldKey, Match, Property, Rollout, Share, SiteTraits, Step,
};
use crate::state::{DefaultBudget, FailureClass};

fn member(router: &str, site: &str) -> Member {
    Member { router: router.to_owned(), site: site.to_owned(), model: "IX2215".to_owned(), ..Member::default() }
}

fn planned(rollout: &Rollout, members: &[Member]) -> RolloutPlan {
    RolloutPlan::new(rollout, members, &HashMap::new())
}

fn first(sites: usize) -> Match {
    Match { amount: Amount::Count(sites), ..Match::default() }
}

/// The budget that counts a class alone.
fn alone(budgets: &[Budget], class: FailureClass) -> Option<usize> {
    let found = budgets.iter().find(|budget| budget.classes == BTreeSet::from([class]));
    found.map(|budget| budget.failures)
}

/// The budget of the classes that are counted together.
fn together(budgets: &[Budget]) -> Option<usize> {
    let shared = |budget: &&Budget| budget.classes.contains(&FailureClass::LineRefused);
    budgets.iter().find(shared).map(|budget| budget.failures)
}

#[test]
fn a_site_is_whole_in_one_step_and_the_tasks_keep_their_order() {
    let members = [member("a1", "a"), member("b1", "b"), member("a2", "a"), member("c1", "c")];
    let plan = planned(&Rollout { steps: vec![Step::new("canary", first(1))], ..Rollout::default() }, &members);
    let steps: Vec<(&str, &[usize])> =
        plan.steps.iter().map(|step| (step.name.as_str(), step.members.as_slice())).collect();
    assert_eq!(steps, [("canary", [0, 2].as_slice()), ("rest", [1, 3].as_slice())]);
    assert_eq!((plan.sites, plan.routers), (3, 4));
}

#[test]
fn a_run_without_steps_has_what_it_always_had() {
    let members: Vec<Member> = (0..9).map(|n| member(&format!("r{n}"), &format!("s{n}"))).collect();
    let rules = planned(&Rollout::default(), &members).rules();
    assert_eq!(rules, crate::fleet::Rules::simple(rollout::CONCURRENCY, rollout::MAX_FAILURES));
}

#[test]
fn each_class_is_counted_in_one_budget_of_a_run_with_the_default_of_the_class() {
    let plan = planned(&Rollout::default(), &[member("a1", "a")]);
    for class in FailureClass::ALL {
        let counting = plan.budgets.iter().filter(|budget| budget.classes.contains(&class)).count();
        let expected = usize::from(class.default_budget() != DefaultBudget::StopsNothing);
        assert_eq!(counting, expected, "{class:?}");
    }
}

#[test]
fn a_written_budget_takes_its_class_out_of_what_is_counted_together() {
    let mut budgets = Budgets::default();
    budgets.set(FailureClass::CheckFailed, rollout::Budget::Share(500));
    budgets.set(FailureClass::Unreachable, rollout::Budget::Routers(3));
    let members: Vec<Member> = (0..10).map(|n| member(&format!("r{n}"), &format!("s{n}"))).collect();
    let plan = planned(&Rollout { budgets, ..Rollout::simple(8, 2) }, &members);
    assert_eq!(alone(&plan.budgets, FailureClass::CheckFailed), Some(5));
    assert_eq!(alone(&plan.budgets, FailureClass::Unreachable), Some(3));
    assert_eq!(together(&plan.budgets), Some(2));
    assert!(plan.budgets.iter().all(|one| one.classes.len() == 1 || !one.classes.contains(&FailureClass::CheckFailed)));
}

#[test]
fn lost_routers_stop_a_first_step_at_once_and_later_ones_after_more_than_three() {
    let members: Vec<Member> = (0..10).map(|n| member(&format!("r{n}"), &format!("s{n}"))).collect();
    let plan = planned(&Rollout { steps: vec![Step::new("canary", first(2))], ..Rollout::default() }, &members);
    let lost: Vec<Option<usize>> = plan.steps.iter().map(|step| alone(&step.budgets, FailureClass::Lost)).collect();
    assert_eq!(lost, [Some(1), Some(4)]);
    assert_eq!(alone(&plan.budgets, FailureClass::Lost), None);
    assert_eq!(alone(&plan.budgets, FailureClass::Mixed), Some(1));
}

#[test]
fn a_step_without_sites_is_kept_and_the_one_after_it_is_the_first() {
    let none = Match {
        criteria: vec![rollout::Criterion { property: rollout::Property::Group, patterns: vec!["x".to_owned()] }],
        ..Match::default()
    };
    let steps = vec![Step::new("none", none), Step::new("all", Match::default())];
    let plan = planned(&Rollout { steps, ..Rollout::default() }, &[member("a1", "a")]);
    assert_eq!(plan.steps.iter().map(|step| step.members.len()).collect::<Vec<_>>(), [0, 1], "and no step of the rest");
    assert_eq!(alone(&plan.steps[1].budgets, FailureClass::Lost), Some(1));
}

#[test]
fn the_step_of_the_rest_has_a_name_of_its_own() {
    let steps = vec![Step::new("rest", first(1))];
    let plan = planned(&Rollout { steps, ..Rollout::default() }, &[member("a1", "a"), member("b1", "b")]);
    assert_eq!(plan.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["rest", "rest-2"]);
}

#[test]
fn groups_and_jump_hosts_hold_the_routers_that_share_them() {
    let share = |of: &str, most| Share {
        of: of.to_owned(),
        concurrency: Some(most),
        max_failures: None,
        budgets: Budgets::default(),
    };
    let behind = |router: &str, hosts: &[&str]| Member {
        jump_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        ..member(router, router)
    };
    let members = [behind("a", &["gate.west"]), behind("b", &["gate.east"]), behind("c", &["gate.west", "inner"])];
    let in_west = SiteTraits { name: "b".to_owned(), groups: vec!["west".to_owned()], ..SiteTraits::default() };
    let rollout = Rollout {
        groups: vec![share("west", 5), share("empty", 5)],
        jump_hosts: vec![share("gate.west", 2), share("*", 9)],
        ..Rollout::default()
    };
    let plan = RolloutPlan::new(&rollout, &members, &HashMap::from([("b".to_owned(), in_west)]));
    let groups: Vec<(&str, &[usize], Option<usize>)> =
        plan.groups.iter().map(|group| (group.name.as_str(), group.members.as_slice(), group.concurrency)).collect();
    assert_eq!(
        groups,
        [
            ("west", [1].as_slice(), Some(5)),
            ("gate.east", &[1], Some(9)),
            ("gate.west", &[0, 2], Some(2)),
            ("inner", &[2], Some(9)),
        ]
    );
}

#[test]
fn every_limit_of_a_rollout_reaches_the_rules_of_its_run() {
    let seconds = Duration::from_secs;
    let mut budgets = Budgets::default();
    budgets.set(FailureClass::Unreachable, rollout::Budget::Routers(7));
    let canary = Step {
        concurrency: Some(3),
        bake: Some(rollout::Bake { time: seconds(60), every: Some(seconds(20)) }),
        approval: true,
        budgets: budgets.clone(),
        ..Step::new("canary", first(1))
    };
    let wide = Step { concurrency: Some(99), ..Step::new("wide", Match::default()) };
    let share =
        |of: &str| Share { of: of.to_owned(), concurrency: Some(2), max_failures: None, budgets: budgets.clone() };
    let mut hold = Hold::default();
    assert!(hold.set(HoldKey::Passwords, "2").is_ok());
    let retry = rollout::Retry { pause: Some(seconds(5)), longest_pause: Some(seconds(9)), limit: Some(seconds(90)) };
    let rollout = Rollout {
        budgets: budgets.clone(),
        jump_hosts: vec![share("gate")],
        logins_per_second: Some(4),
        needed_time: Some(seconds(120)),
        retry: Some(retry),
        hold,
        steps: vec![canary, wide],
        ..Rollout::default()
    };
    let behind = |router: &str| Member { jump_hosts: vec!["gate".to_owned()], ..member(router, router) };
    let rules = planned(&rollout, &[behind("a"), behind("b")]).rules();
    assert_eq!(rules.logins.map(LoginRate::interval), Some(Duration::from_millis(250)));
    assert_eq!(rules.needed, Some(seconds(120)));
    let come_back = ComeBack { first: seconds(5), longest: seconds(9), limit: seconds(90) };
    assert_eq!(rules.come_back, Some(come_back));
    let most: Vec<Option<usize>> = rules.steps.iter().map(|step| step.concurrency).collect();
    assert_eq!(most, [Some(3), Some(rollout::CONCURRENCY)], "a step has no more than the run");
    let first = &rules.steps[0];
    assert_eq!(first.bake, Some(Bake { time: seconds(60), every: Some(seconds(20)) }));
    assert!(first.approval && !rules.steps[1].approval);
    let group = &rules.groups[0];
    assert_eq!((&group.of, group.concurrency), (&Trait::JumpHost("gate".to_owned()), Some(2)));
    for budgets in [&rules.budgets, &first.budgets, &group.budgets] {
        assert_eq!(alone(budgets, FailureClass::Unreachable), Some(7));
    }
    assert_eq!((rules.holds.wrong_passwords, rules.holds.unproven_at_once), (2, Some(2)));
}

#[test]
fn what_is_written_of_holds_takes_the_place_of_what_is_usual() {
    let planned = |text: Option<&str>, steps: Vec<Step>| {
        let mut hold = Hold::default();
        text.iter().for_each(|text| assert!(hold.set(HoldKey::Failures, text).is_ok()));
        planned(&Rollout { hold, steps, ..Rollout::default() }, &[member("a1", "a"), member("b1", "b")])
    };
    let canary = || vec![Step::new("canary", first(1))];
    let usual = planned(None, canary());
    assert_eq!((usual.holds, usual.has_own_holds()), (HoldRules::of_steps(), false));
    let own = planned(Some("5"), canary());
    assert_eq!((own.rules().holds.gathered, own.has_own_holds()), (Gathered::after(5), true));
    assert_eq!(own.holds.lost, HoldRules::of_steps().lost);
    let one_step = planned(Some("5"), Vec::new());
    assert_eq!((one_step.holds.gathered, one_step.holds.lost), (Gathered::after(5), None), "it was asked for");
    assert!(!planned(None, Vec::new()).has_own_holds());
}

#[test]
fn a_step_whose_sites_take_no_part_is_short_and_one_that_was_to_have_none_is_not() {
    let named = |name: &str| Match {
        criteria: vec![Criterion { property: Property::Site, patterns: vec![name.to_owned()] }],
        ..Match::default()
    };
    let steps = vec![Step::new("canary", named("a")), Step::new("other", named("z")), Step::new("all", named("b"))];
    let rollout = Rollout { steps, ..Rollout::default() };
    let (whole, left) = ([member("a1", "a"), member("b1", "b")], [member("b1", "b")]);
    let plan = planned(&rollout, &left).among(&planned(&rollout, &whole));
    assert_eq!(plan.rules().steps.iter().map(|step| step.is_short).collect::<Vec<_>>(), [true, false, false]);
}
