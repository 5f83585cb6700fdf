//! The dispatcher, checked against a model in which each rule is written on its own.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Decision, Dispatcher, Hold, Limits, Mode, Needs, Order};

/// Tasks by group and console, as single letters; a space means no console.
fn needs(tasks: &[(char, char)]) -> Vec<Needs> {
    let name = |letter: char| (letter != ' ').then(|| letter.to_string());
    tasks.iter().map(|(group, console)| Needs { group: name(*group), console: name(*console), kind: None }).collect()
}

fn dispatcher(tasks: &[(char, char)], concurrency: usize, max_failures: usize) -> Dispatcher {
    Dispatcher::new(needs(tasks), Limits { concurrency, max_failures })
}

fn steps(dispatcher: &mut Dispatcher) -> Vec<Decision> {
    std::iter::from_fn(|| dispatcher.next()).collect()
}

const ALONE: (char, char) = (' ', ' ');

#[test]
fn a_group_begins_as_a_whole_and_counts_as_one() {
    let mut run = dispatcher(&[('a', ' '), ALONE, ('a', ' '), ALONE], 2, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(2), Decision::Begin(1)]);
    run.ended(0, false);
    assert_eq!(steps(&mut run), [], "the place is free when the last of the group has ended");
    run.ended(2, false);
    assert_eq!(steps(&mut run), [Decision::Begin(3)]);
}

#[test]
fn a_task_that_waits_for_a_console_takes_no_place_and_is_not_overtaken_on_it() {
    let mut run = dispatcher(&[(' ', 'x'), (' ', 'x'), ALONE, (' ', 'x')], 2, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(2)]);
    run.ended(0, false);
    assert_eq!(steps(&mut run), [Decision::Begin(1)]);
    run.ended(2, false);
    assert_eq!(steps(&mut run), []);
    run.ended(1, false);
    assert_eq!(steps(&mut run), [Decision::Begin(3)]);
}

#[test]
fn a_group_waits_until_all_of_its_consoles_are_free() {
    let mut run = dispatcher(&[(' ', 'x'), ('a', ' '), ('a', 'x'), ('b', 'x')], 4, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0)]);
    run.ended(0, false);
    assert_eq!(steps(&mut run), [Decision::Begin(1), Decision::Begin(2)]);
}

#[test]
fn a_group_that_has_its_place_never_waits_for_one_that_waits_for_a_place() {
    let mut run = dispatcher(&[('a', ' '), (' ', 'x'), ('a', 'x')], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(2)], "the console is its own until it ends");
    run.ended(0, false);
    assert_eq!(steps(&mut run), []);
    run.ended(2, false);
    assert_eq!(steps(&mut run), [Decision::Begin(1)]);
}

#[test]
fn a_console_in_use_elsewhere_defers_a_task_until_it_is_freed() {
    let mut run = dispatcher(&[(' ', 'x'), (' ', 'x')], 4, 1);
    assert_eq!(run.next(), Some(Decision::Begin(0)));
    run.deferred(0);
    assert_eq!(steps(&mut run), []);
    assert_eq!(run.snapshot().waiting, 2);
    run.console_freed(0);
    run.console_freed(0);
    assert_eq!(steps(&mut run), [Decision::Begin(0)], "once, however often it is said");
    run.console_freed(0);
    assert_eq!(steps(&mut run), [], "said late it frees nothing that is in use");
}

#[test]
fn a_pause_begins_nothing_and_ends_nothing_until_it_is_continued() {
    let mut run = dispatcher(&[ALONE; 3], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0)]);
    run.order(Order::Pause);
    run.ended(0, false);
    assert_eq!(steps(&mut run), []);
    assert!(!run.is_over());
    run.order(Order::Continue);
    assert_eq!(steps(&mut run), [Decision::Begin(1)]);
}

#[test]
fn a_drain_lets_a_group_that_has_begun_finish_and_skips_the_rest() {
    let mut run = dispatcher(&[('a', ' '), ('a', 'x'), ALONE], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(1)]);
    run.deferred(1);
    run.order(Order::Drain);
    run.order(Order::Continue);
    assert_eq!(steps(&mut run), [Decision::Skip(2)], "what drains does not go on");
    run.console_freed(1);
    assert_eq!(steps(&mut run), [Decision::Begin(1)], "its group needs it");
    run.ended(0, false);
    run.ended(1, false);
    assert!(run.is_over());
}

#[test]
fn a_stop_skips_even_the_rest_of_a_group_that_has_begun() {
    let mut run = dispatcher(&[('a', ' '), ('a', 'x'), ALONE], 1, 1);
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(1)]);
    run.deferred(1);
    run.stop();
    assert_eq!(steps(&mut run), [Decision::Skip(1), Decision::Skip(2)]);
    run.console_freed(1);
    run.ended(0, true);
    assert_eq!(steps(&mut run), []);
    assert!(run.is_over());
}

#[test]
fn an_end_that_is_reported_twice_counts_once() {
    let mut run = dispatcher(&[ALONE; 4], 1, 2);
    assert_eq!(steps(&mut run), [Decision::Begin(0)]);
    run.ended(0, true);
    run.ended(0, true);
    run.ended(3, true);
    assert_eq!(steps(&mut run), [Decision::Begin(1)], "one failure of two, and nothing ends that has not begun");
}

#[test]
fn a_kind_on_which_a_line_came_twice_is_held_and_its_group_goes_on_without_it() {
    let needs = |group: Option<&str>, kind: &str| Needs {
        group: group.map(str::to_owned),
        console: None,
        kind: Some(kind.to_owned()),
    };
    let tasks = [
        needs(None, "IX2215"),
        needs(None, "IX2215"),
        needs(Some("a"), "IX2215"),
        needs(Some("a"), "IX2106"),
        needs(None, "IX2215"),
    ];
    let mut run = Dispatcher::new(tasks, Limits { concurrency: 1, max_failures: 1 });
    for number in [0, 1] {
        assert_eq!(steps(&mut run), [Decision::Begin(number)]);
        run.unexplained(number, vec!["+ntp retry 9".to_owned()]);
        run.ended(number, false);
    }
    let hold = || Hold { line: "+ntp retry 9".to_owned(), tasks: vec![0, 1] };
    assert_eq!(steps(&mut run), [Decision::Hold(2, hold()), Decision::Begin(3)]);
    run.ended(3, false);
    assert_eq!(steps(&mut run), [Decision::Hold(4, hold())]);
    assert!(run.is_over() && run.snapshot().skipped == 2);
}

#[test]
fn a_held_task_passes_the_console_it_waited_for_to_the_next() {
    let of = |console: &str, kind: &str, group: &str| Needs {
        console: Some(console.to_owned()),
        kind: Some(kind.to_owned()),
        group: Some(group.to_owned()),
    };
    // Two routers of a kind meet the same line while a third of that kind waits for the console after the first.
    let tasks = [of("x", "k", "a"), of("x", "k", "a"), of("x", "other", "a"), of("y", "k", "b")];
    let mut run = Dispatcher::new(tasks, Limits { concurrency: 2, max_failures: 9 });
    assert_eq!(steps(&mut run), [Decision::Begin(0), Decision::Begin(3)]);
    for number in [3, 0] {
        run.unexplained(number, vec!["+ntp retry 9".to_owned()]);
        run.ended(number, false);
    }
    let hold = Hold { line: "+ntp retry 9".to_owned(), tasks: vec![0, 3] };
    assert_eq!(steps(&mut run), [Decision::Hold(1, hold), Decision::Begin(2)]);
    run.ended(2, false);
    assert!(run.is_over());
}

/// What happens to a run from outside; the number chooses among the tasks for which it can happen.
#[derive(Debug, Clone, Copy)]
enum Event {
    Ended(usize, bool),
    Deferred(usize),
    Freed(usize),
    Order(Order),
    Stop,
}

fn event() -> impl Strategy<Value = Event> {
    let any = 0..64_usize;
    prop_oneof![
        8 => (any.clone(), prop::bool::weighted(0.2)).prop_map(|(one, failed)| Event::Ended(one, failed)),
        2 => any.clone().prop_map(Event::Deferred),
        4 => any.prop_map(Event::Freed),
        2 => prop_oneof![Just(Order::Pause), Just(Order::Continue), Just(Order::Continue)].prop_map(Event::Order),
        1 => Just(Event::Order(Order::Drain)),
        1 => Just(Event::Stop),
    ]
}

/// The rules, each by itself.
struct Model {
    needs: Vec<Needs>,
    limits: Limits,
    mode: Mode,
    /// Tasks that were begun and have not ended; true where they were deferred.
    under_way: BTreeMap<usize, bool>,
    done: BTreeSet<usize>,
    skipped: BTreeSet<usize>,
    failures: usize,
}

impl Model {
    fn unit(&self, number: usize) -> String {
        self.needs[number].group.clone().unwrap_or_else(|| format!("task {number}"))
    }

    /// Units with a task in flight, or with one ended and another still to come.
    fn places(&self) -> usize {
        let begun = self.under_way.keys().chain(&self.done).map(|one| self.unit(*one)).collect::<BTreeSet<_>>();
        let open = |unit: &&String| {
            (0..self.needs.len())
                .any(|one| self.unit(one) == **unit && !self.done.contains(&one) && !self.skipped.contains(&one))
        };
        begun.iter().filter(open).count()
    }

    fn take(&mut self, step: &Decision) -> Result<(), TestCaseError> {
        let begun = |unit: &str| self.under_way.keys().chain(&self.done).any(|one| self.unit(*one) == unit);
        let closed = matches!(self.mode, Mode::Draining | Mode::Stopping) || self.failures >= self.limits.max_failures;
        match *step {
            Decision::Hold(number, _) => prop_assert!(false, "{number} is of no kind"),
            Decision::Skip(number) => {
                prop_assert!(closed, "{number} is skipped while others may begin");
                let begun = begun(&self.unit(number));
                prop_assert!(self.mode == Mode::Stopping || !begun, "{number} is left out of its group");
                self.under_way.remove(&number);
                prop_assert!(!self.done.contains(&number) && self.skipped.insert(number));
            }
            Decision::Begin(number) => {
                prop_assert!(self.mode != Mode::Stopping);
                let again = self.under_way.get(&number) == Some(&true);
                prop_assert!(again || !self.under_way.contains_key(&number), "{number} is under way");
                prop_assert!(!self.done.contains(&number) && !self.skipped.contains(&number));
                prop_assert!(begun(&self.unit(number)) || !closed && self.mode == Mode::Running, "{number} is new");
                self.under_way.insert(number, false);
                prop_assert!(self.places() <= self.limits.concurrency);
                let console = self.needs[number].console.as_ref();
                let others = self.under_way.iter().filter(|(other, deferred)| **other != number && !**deferred);
                let same =
                    others.filter(|(other, _)| console.is_some() && self.needs[**other].console.as_ref() == console);
                prop_assert_eq!(same.count(), 0, "a console is used twice");
            }
        }
        Ok(())
    }

    /// Tells both what happened, where it can happen.
    fn happens(&mut self, run: &mut Dispatcher, event: Event) {
        let choose = |tasks: Vec<usize>, one: usize| (!tasks.is_empty()).then(|| tasks[one % tasks.len()]);
        let with = |deferred: bool| self.under_way.iter().filter(move |(_, is)| **is == deferred).map(|(one, _)| *one);
        match event {
            Event::Ended(one, failed) => {
                if let Some(number) = choose(with(false).collect(), one) {
                    self.under_way.remove(&number);
                    self.done.insert(number);
                    self.failures += usize::from(failed);
                    run.ended(number, failed);
                }
            }
            Event::Freed(one) => {
                if let Some(number) = choose(with(true).collect(), one) {
                    run.console_freed(number);
                }
            }
            Event::Order(order) => {
                run.order(order);
                if !matches!(self.mode, Mode::Draining | Mode::Stopping) {
                    self.mode = match order {
                        Order::Pause => Mode::Paused,
                        Order::Continue => Mode::Running,
                        Order::Drain => Mode::Draining,
                    };
                }
            }
            Event::Stop => {
                run.stop();
                self.mode = Mode::Stopping;
            }
            Event::Deferred(_) => {}
        }
    }
}

proptest! {
    #[test]
    fn no_order_of_events_breaks_a_limit_or_leaves_a_task_behind(
        tasks in prop::collection::vec((prop::sample::select(vec![' ', ' ', 'a', 'b']), prop::sample::select(vec![' ', ' ', 'x', 'y'])), 0..12),
        concurrency in 1..5_usize,
        max_failures in 1..4_usize,
        events in prop::collection::vec(event(), 0..60),
    ) {
        let limits = Limits { concurrency, max_failures };
        let needs = needs(&tasks);
        let mut run = Dispatcher::new(needs.clone(), limits);
        let mut model = Model {
            needs, limits, mode: Mode::Running, under_way: BTreeMap::new(), done: BTreeSet::new(), skipped: BTreeSet::new(), failures: 0,
        };
        // Then whatever is open ends, a pause included.
        let rest = std::iter::once(Event::Order(Order::Continue));
        let rest = rest.chain((0..4 * tasks.len()).flat_map(|_| [Event::Freed(0), Event::Ended(0, false)]));
        for event in events.into_iter().chain(rest) {
            while let Some(step) = run.next() {
                model.take(&step)?;
                if let (Decision::Begin(number), Event::Deferred(one)) = (step, event)
                    && one % 2 == 0 && model.needs[number].console.is_some()
                {
                    run.deferred(number);
                    model.under_way.insert(number, true);
                }
            }
            let idle = model.under_way.is_empty() && model.mode != Mode::Paused;
            prop_assert!(!idle || run.is_over(), "nothing is under way and nothing begins");
            model.happens(&mut run, event);
        }
        prop_assert!(run.is_over());
        prop_assert_eq!(model.done.len() + model.skipped.len(), tasks.len());
        let snapshot = run.snapshot();
        prop_assert_eq!((snapshot.ended, snapshot.skipped, snapshot.in_flight), (model.done.len(), model.skipped.len(), 0));
    }
}
