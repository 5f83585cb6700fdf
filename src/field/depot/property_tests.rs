//! Any order of what can happen in a depot, against boxes as they are: a box's result is never given to another one, two boxes of one serial
//! number are never set up at once, nothing is typed into one that is left alone, and the counter adds up.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{BoxEnd, Counter, Depot, DepotEvent, DepotOrder};
use crate::field::event::Problem;
use crate::field::recognise::tests::{candidate, seen};
use crate::message::{Lang, Text};
use crate::run::BoxSeen;
use crate::state::Verdict;
use crate::transport::serial::Port;

const PORTS: [&str; 3] = ["A", "B", "C"];
/// Serial numbers of boxes: three are declared, one is said by a person, one is on no list, and `1` is there twice.
const BOXES: [&str; 6] = ["1", "2", "3", "4", "9", "1"];
const ROUTERS: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    /// This box is put on this port, or none.
    Put { port: usize, which: Option<usize> },
    /// This port is plugged in, or pulled.
    Plug { port: usize, is_there: bool },
    /// Time passes.
    Tick,
    /// The oldest look, or one that came later, is answered.
    Answer { which: usize, asks_for_login: bool },
    /// A deployment ends.
    End { which: usize, verdict: u8 },
    /// A line.
    Type(&'static str),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let port = || 0..PORTS.len();
    let lines =
        prop::sample::select(vec!["s", "again 1", "again 2", "4", "r4", "yes", "r4=4", "1=r4", "2=r2", "", "r1=9"]);
    let step = prop_oneof![
        3 => (port(), prop::option::weighted(0.8, 0..BOXES.len())).prop_map(|(port, which)| Step::Put { port, which }),
        2 => (port(), any::<bool>()).prop_map(|(port, is_there)| Step::Plug { port, is_there }),
        4 => Just(Step::Tick),
        6 => (0_usize..3, prop::bool::weighted(0.1)).prop_map(|(which, asks_for_login)| Step::Answer { which, asks_for_login }),
        3 => (0_usize..3, 0_u8..3).prop_map(|(which, verdict)| Step::End { which, verdict }),
        2 => lines.prop_map(Step::Type),
    ];
    prop::collection::vec(step, 1..120)
}

/// The world around a depot.
#[derive(Default)]
struct World {
    /// The box on each port.
    on: BTreeMap<&'static str, usize>,
    plugged: Vec<&'static str>,
    /// Looks that are not answered: number, port, and the box that was there when it was asked.
    looks: Vec<(u64, String, Option<usize>)>,
    /// Deployments that have not ended: router, port.
    deployed: Vec<(String, String)>,
    /// What each router's last deployment ended with.
    ends: BTreeMap<String, Verdict>,
    /// The ports in the order in which they appeared: their numbers.
    numbered: Vec<&'static str>,
    /// The ports whose boxes need a person: nothing is typed there until `again`.
    left_alone: BTreeSet<String>,
    /// The last look at each port, and the box that it saw.
    latest: BTreeMap<String, u64>,
    seen: BTreeMap<String, String>,
}

fn serial_of(router: &str) -> &str {
    router.trim_start_matches('r')
}

impl World {
    /// Carries out what can be, and holds each order to what must never be.
    fn obey(&mut self, orders: Vec<DepotOrder>) {
        for order in orders {
            match order {
                DepotOrder::Look(look) => {
                    let port = look.request.console.port;
                    assert!(!self.deployed.iter().any(|(_, busy)| *busy == port), "{port} is in use");
                    assert!(!self.left_alone.contains(&port), "{port} is left alone");
                    let there = PORTS.iter().find(|name| **name == port).and_then(|name| self.on.get(name)).copied();
                    self.latest.insert(port.clone(), look.look);
                    self.looks.push((look.look, port, there));
                }
                DepotOrder::Deploy(order) => {
                    let serial = serial_of(&order.router).to_owned();
                    assert_eq!(self.seen.get(&order.console.port), Some(&serial), "a box that has not said so");
                    assert_eq!(order.serial_number.as_deref(), (order.router == "r4").then_some("4"));
                    assert!(self.deployed.iter().all(|(router, _)| *router != order.router), "twice at once");
                    assert!(self.deployed.iter().all(|(_, port)| *port != order.console.port), "a port twice");
                    let before = self.ends.get(&order.router);
                    assert!(!matches!(before, Some(Verdict::Done | Verdict::NeedsPerson)), "{before:?}");
                    self.deployed.push((order.router, order.console.port));
                }
                DepotOrder::Say(_) => {}
                DepotOrder::Leave(_) => assert!(self.deployed.is_empty(), "something is in progress"),
            }
        }
    }

    fn ports(&self) -> DepotEvent {
        let ports = self.plugged.iter().map(|name| Port { name: (*name).to_owned(), usb: None }).collect();
        DepotEvent::Ports { ports, trouble: Vec::new() }
    }

    fn event(&mut self, step: &Step) -> Option<DepotEvent> {
        match step {
            Step::Put { port, which: Some(which) } => drop(self.on.insert(PORTS[*port], *which)),
            Step::Put { port, which: None } => drop(self.on.remove(PORTS[*port])),
            Step::Plug { port, is_there } => {
                let name = PORTS[*port];
                self.plugged.retain(|known| *known != name);
                if *is_there {
                    self.plugged.push(name);
                    if !self.numbered.contains(&name) {
                        self.numbered.push(name);
                    }
                }
                return Some(self.ports());
            }
            Step::Tick => return Some(DepotEvent::Tick),
            Step::Type(line) => {
                let number = line.strip_prefix("again ").and_then(|number| number.parse::<usize>().ok());
                let again = number.and_then(|number| self.numbered.get(number - 1));
                if let Some(port) = again.filter(|port| self.plugged.contains(*port)) {
                    self.left_alone.remove(*port);
                }
                return Some(DepotEvent::Typed((*line).to_owned()));
            }
            Step::Answer { which, asks_for_login } => {
                let place = (*which).min(self.looks.len().checked_sub(1)?);
                let (look, port, there) = self.looks.remove(place);
                let Some(there) = there.filter(|_| !asks_for_login) else {
                    let text = Text::new("silent", "応答なし");
                    let is_silent = !asks_for_login;
                    let (hints, asks_for_login) = (Vec::new(), *asks_for_login);
                    let problem = Problem { text, hints, is_silent, asks_for_login, refuses_login: false };
                    return Some(DepotEvent::NotSeen { look, problem, save_may_run: false });
                };
                // What an earlier look says is about another moment.
                if self.latest.get(&port) == Some(&look) {
                    self.seen.insert(port, BOXES[there].to_owned());
                }
                let seen = BoxSeen { identity: seen(BOXES[there]), speed: 9600, ..BoxSeen::default() };
                return Some(DepotEvent::Seen { look, seen: Box::new(seen) });
            }
            Step::End { which, verdict } => {
                let place = (*which).min(self.deployed.len().checked_sub(1)?);
                let (router, port) = self.deployed.remove(place);
                let verdict = [Verdict::Done, Verdict::NotDone, Verdict::NeedsPerson][usize::from(*verdict)];
                if verdict == Verdict::NeedsPerson {
                    self.left_alone.insert(port);
                }
                self.ends.insert(router.clone(), verdict);
                let end = BoxEnd { verdict, brief: String::new(), advice: String::new() };
                return Some(DepotEvent::Ended { router, end });
            }
        }
        None
    }

    /// What the counter must say.
    fn counter(&self) -> Counter {
        let mut counter = Counter { under_way: self.deployed.len(), ..Counter::default() };
        for number in 1..=ROUTERS {
            let router = format!("r{number}");
            match self.ends.get(&router) {
                _ if self.deployed.iter().any(|(busy, _)| *busy == router) => {}
                None => counter.waiting += 1,
                Some(Verdict::Done) => counter.done += 1,
                Some(_) => counter.failed += 1,
            }
        }
        counter
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_130),
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn a_result_is_that_of_its_own_box_and_the_counter_adds_up(steps in steps()) {
        let mut candidates: Vec<_> = ["1", "2", "3"].iter().map(|one| candidate(&format!("r{one}"), Some(one))).collect();
        candidates.push(candidate("r4", None));
        let mut depot = Depot::new(candidates, 9600, Lang::En);
        let mut world = World::default();
        for step in &steps {
            if let Some(event) = world.event(step) {
                let orders = depot.on(event);
                world.obey(orders);
            }
            prop_assert_eq!(depot.counter(), world.counter());
            let Counter { done, under_way, failed, waiting } = depot.counter();
            prop_assert_eq!(done + under_way + failed + waiting, ROUTERS);
        }
    }
}
