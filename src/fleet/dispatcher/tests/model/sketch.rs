//! What the model is tried on: tasks, rules and events, chosen by numbers.

use std::time::Duration;

use proptest::prelude::*;

use crate::fleet::clock::Moment;
use crate::fleet::dispatcher::tests::done;
use crate::fleet::messages::{EndFacts, Order};
use crate::fleet::needs::Trait;
use crate::fleet::rules::{Bake, Budget, ComeBack, GroupRules, LoginRate, Rules, StepRules, Window, WindowRules};
use crate::state::FailureClass;

/// What one task is of, by small numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sketch {
    pub(super) site: Option<u8>,
    pub(super) console: Option<u8>,
    pub(super) step: usize,
    pub(super) group: usize,
    pub(super) windows: Option<usize>,
    pub(super) credential: u8,
}

pub(super) fn sketch() -> impl Strategy<Value = Sketch> {
    let rarely = |most: u8| prop::option::weighted(0.3, 0..most);
    let windows = prop::option::weighted(0.7, 0..2_usize);
    (rarely(3), rarely(2), 0..4_usize, 0..2_usize, windows, 0..2_u8).prop_map(
        |(site, console, step, group, windows, credential)| Sketch { site, console, step, group, windows, credential },
    )
}

/// The numbers of rules.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    pub(super) concurrency: usize,
    pub(super) max_failures: usize,
    pub(super) step_concurrency: Option<usize>,
    pub(super) group_concurrency: Option<usize>,
    pub(super) step_failures: Option<usize>,
    pub(super) logins: bool,
    pub(super) steps: bool,
    pub(super) bake: Option<u64>,
    pub(super) approval: bool,
    pub(super) come_back: bool,
    pub(super) needed: u64,
    pub(super) unproven: Option<usize>,
}

pub(super) fn numbers() -> impl Strategy<Value = Numbers> {
    let maybe = || prop::option::of(1..3_usize);
    let first = (1..5_usize, 1..5_usize, maybe(), maybe(), maybe(), any::<bool>());
    let second = (any::<bool>(), prop::option::of(1..300_u64), any::<bool>(), any::<bool>(), 1..400_u64, maybe());
    (first, second).prop_map(|(first, second)| {
        let (concurrency, max_failures, step_concurrency, group_concurrency, step_failures, logins) = first;
        let (steps, bake, approval, come_back, needed, unproven) = second;
        Numbers {
            concurrency,
            max_failures,
            step_concurrency,
            group_concurrency,
            step_failures,
            logins,
            steps,
            bake,
            approval,
            come_back,
            needed,
            unproven,
        }
    })
}

/// Two sets of windows, by their edges.
pub(super) const WINDOWS: [&[[u64; 2]]; 2] = [&[[0, 500], [1000, 2500]], &[[200, 900], [1100, 1500], [2000, 6000]]];
pub(super) const INTERVAL: u64 = 20;
pub(super) const COME_BACK: ComeBack = ComeBack { first: millis(30), longest: millis(100), limit: millis(600) };

pub(super) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(super) fn rules(tasks: &[Sketch], of: &Numbers) -> Rules {
    let members = |is: &dyn Fn(&Sketch) -> bool| (0..tasks.len()).filter(|one| is(&tasks[*one])).collect::<Vec<_>>();
    let tolerance = of.step_failures.map(|failures| Budget { classes: FailureClass::ALL.into(), failures });
    let step = |step: usize| StepRules {
        name: format!("step {step}"),
        members: members(&|one| one.step == step),
        concurrency: of.step_concurrency,
        budgets: tolerance.clone().into_iter().collect(),
        bake: of.bake.map(|time| Bake { time: millis(time), every: None }),
        approval: of.approval && step == 1,
        is_short: false,
    };
    let group = |group: usize| GroupRules {
        of: Trait::Group(group.to_string()),
        members: members(&|one| one.group == group),
        concurrency: of.group_concurrency,
        budgets: Vec::new(),
    };
    let at = Moment::from_millis;
    let set = |set: usize| WindowRules {
        members: members(&|one| one.windows == Some(set)),
        windows: WINDOWS[set].iter().map(|[from, until]| Window { from: at(*from), until: at(*until) }).collect(),
    };
    let mut rules = Rules {
        logins: of.logins.then_some(LoginRate { logins: 50, per: millis(1000) }),
        // The fourth step is that of tasks in none.
        steps: if of.steps { (0..3).map(step).collect() } else { Vec::new() },
        groups: (0..2).map(group).collect(),
        windows: (0..2).map(set).collect(),
        needed: Some(millis(of.needed)),
        come_back: of.come_back.then_some(COME_BACK),
        ..Rules::simple(of.concurrency, of.max_failures)
    };
    rules.holds.unproven_at_once = of.unproven;
    rules
}

/// How a task ended, as a number chooses it.
pub(super) fn end(choice: u8) -> EndFacts {
    let failed = EndFacts::failed;
    match choice {
        0 => EndFacts { logged_in: true, ..failed(FailureClass::CheckFailed) },
        1 => EndFacts { logged_in: true, ..failed(FailureClass::Lost) },
        2 | 3 => failed(FailureClass::Unreachable),
        4 => failed(FailureClass::Occupied),
        5 => EndFacts { wrong_password: true, ..failed(FailureClass::RefusedBefore) },
        // Undone for a partner, or because it was called back.
        6 => EndFacts::default(),
        // As declared.
        7 => EndFacts { changed: false, ..done() },
        _ => done(),
    }
}

/// What happens to a run from outside; the number chooses among the tasks for which it can happen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Ended(usize, u8),
    LoggedIn(usize),
    Deferred(usize),
    Freed(usize),
    Inspected(bool),
    Passes(u64),
    Order(Order),
    Stop,
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    let any = 0..64_usize;
    prop_oneof![
        16 => (any.clone(), 0..20_u8).prop_map(|(one, how)| Event::Ended(one, how)),
        4 => any.clone().prop_map(Event::LoggedIn),
        2 => any.clone().prop_map(Event::Deferred),
        4 => any.prop_map(Event::Freed),
        4 => prop::bool::weighted(0.1).prop_map(Event::Inspected),
        12 => (0..400_u64).prop_map(Event::Passes),
        3 => prop_oneof![Just(Order::Pause), Just(Order::Continue), Just(Order::Continue), (0..3_usize).prop_map(|step| Order::Approve { step })].prop_map(Event::Order),
        1 => prop_oneof![3 => Just(Event::Order(Order::Drain)), 1 => Just(Event::Stop)],
    ]
}
