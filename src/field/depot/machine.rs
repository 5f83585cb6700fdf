//! Where a depot is, and what follows from what happens. Pure: every order is carried out elsewhere.
//!
//! A router is deployed only on a box that has said its serial number, at the console on which it said it, and only where that number is the
//! router's: by the inventory, or by a person's word. The session that deploys it reads the number once more before it writes.

use super::bay::{At, Bay, LATER, Resident, SOON, Why};
use super::event::{BoxEnd, DeployOrder, DepotEvent, DepotOrder, LookOrder, say};
use super::list::{Counter, Judged, List, Part};
use super::words::{self, Console};
use crate::field::event::Problem;
use crate::field::words::in_the_way;
use crate::inventory::ConsoleHere;
use crate::ix::Identity;
use crate::message::Lang;
use crate::run::{BoxSeen, Candidate, LookRequest, MachineFinding};
use crate::state::Verdict;
use crate::transport::serial::Port;

/// So many consoles are used at once; other ports are left alone.
pub const MOST_CONSOLES: usize = 8;

/// A depot.
#[derive(Debug)]
pub struct Depot {
    pub(super) lang: Lang,
    pub(super) list: List,
    /// What the routers' consoles are set to when they leave the factory, in bit/s.
    usual_speed: u32,
    /// Each keeps its number, from 1, as long as its port may come back.
    pub(super) bays: Vec<Bay>,
    looks: u64,
    pub(super) pending: Option<Pending>,
    /// Nothing new begins.
    pub(super) is_closing: bool,
    has_left: bool,
}

/// What is typed next, where something was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pending {
    /// The router that has this serial number.
    Which(String),
    /// Whether this router has this serial number.
    Confirm {
        /// The router.
        router: usize,
        /// The serial number.
        serial_number: String,
        /// It was typed or scanned whole, and not only read from the box.
        is_scanned: bool,
    },
}

/// The console that a look was about.
struct LookedAt {
    place: usize,
    /// What was on it before.
    before: Option<Resident>,
    why: Why,
}

impl Depot {
    /// A depot with these routers for the day, whose consoles are usually set to this speed.
    pub fn new(candidates: Vec<Candidate>, usual_speed: u32, lang: Lang) -> Self {
        Self {
            lang,
            list: List::new(candidates),
            usual_speed,
            bays: Vec::new(),
            looks: 0,
            pending: None,
            is_closing: false,
            has_left: false,
        }
    }

    /// How many routers are how far.
    pub fn counter(&self) -> Counter {
        self.list.counter()
    }

    /// A line for each router, those that are left at the end.
    pub fn result(&self) -> Vec<String> {
        words::result(&self.list, self.lang)
    }

    /// A console as it is named.
    pub(super) fn console(&self, place: usize) -> Console {
        Console::of(place, self.bays.get(place).map_or("", |bay| bay.port.as_str()))
    }

    /// Takes what happened, and says what is to be done.
    pub fn on(&mut self, event: DepotEvent) -> Vec<DepotOrder> {
        let mut orders = match event {
            DepotEvent::Ports { ports, trouble } => self.on_ports(&ports, &trouble),
            DepotEvent::Tick => self.on_tick(),
            DepotEvent::Seen { look, seen } => self.on_seen(look, *seen),
            DepotEvent::NotSeen { look, problem, save_may_run } => self.on_problem(look, &problem, save_may_run),
            DepotEvent::Typed(text) => self.on_line(&text),
            DepotEvent::NoMoreInput => self.close(words::no_more_input(self.lang)),
            DepotEvent::Stopping => {
                self.is_closing = true;
                vec![say(words::stopping(self.lang))]
            }
            DepotEvent::Said(line) => vec![DepotOrder::Say(line)],
            DepotEvent::Planned { router, lengths } => self.at_work(&router, |bay| bay.plan(lengths)),
            DepotEvent::Sending { router, line } => self.at_work(&router, |bay| bay.send(Some(line))),
            DepotEvent::Sent { router } => self.at_work(&router, |bay| bay.send(None)),
            DepotEvent::Ended { router, end } => self.on_end(&router, end),
        };
        let Counter { under_way, failed, waiting, .. } = self.counter();
        self.is_closing |= under_way + failed + waiting == 0;
        if self.is_closing && !self.has_left && !self.bays.iter().any(Bay::is_busy) {
            self.has_left = true;
            orders.push(DepotOrder::Leave(self.list.exit()));
        }
        orders
    }

    fn on_ports(&mut self, ports: &[Port], trouble: &[MachineFinding]) -> Vec<DepotOrder> {
        let mut orders = Vec::new();
        for place in 0..self.bays.len() {
            let Some(bay) = self.bays.get_mut(place) else { continue };
            if ports.iter().any(|port| port.name == bay.port) {
                if bay.plug() {
                    orders.push(say(words::still_left_alone(&self.console(place), self.lang)));
                }
            } else if bay.unplug() {
                orders.push(say(words::pulled(&self.console(place), self.lang)));
            }
        }
        for port in ports {
            if self.bays.iter().any(|bay| bay.port == port.name) {
                continue;
            }
            let bay = Bay::new(port.name.clone(), self.usual_speed);
            match self.bays.iter().position(|bay| bay.at == At::Gone { left_alone: None }) {
                _ if self.bays.len() < MOST_CONSOLES => self.bays.push(bay),
                Some(free) => drop(self.bays.get_mut(free).map(|old| *old = bay)),
                None => {
                    orders.push(say(words::too_many(&port.name, self.lang)));
                    continue;
                }
            }
            let place = self.bays.iter().position(|bay| bay.port == port.name).unwrap_or_default();
            orders.push(say(words::appeared(&self.console(place), self.lang)));
        }
        if ports.is_empty() {
            let lines: Vec<String> = trouble.iter().flat_map(|finding| in_the_way(finding, self.lang)).collect();
            orders.extend(lines.into_iter().map(DepotOrder::Say));
        }
        orders.extend(self.on_tick());
        orders
    }

    fn on_tick(&mut self) -> Vec<DepotOrder> {
        if self.is_closing {
            return Vec::new();
        }
        let due: Vec<(usize, Why)> =
            self.bays.iter_mut().enumerate().filter_map(|(place, bay)| Some((place, bay.tick()?))).collect();
        due.into_iter().filter_map(|(place, why)| self.look(place, why)).collect()
    }

    /// Asks the box at a console who it is.
    pub(super) fn look(&mut self, place: usize, why: Why) -> Option<DepotOrder> {
        let login_of = match why {
            Why::IsRouter { router, .. } => self.list.get(router).map(|one| one.candidate.router.clone()),
            Why::Due | Why::Again | Why::AnySpeed => None,
        };
        let bay = self.bays.get_mut(place).filter(|bay| !bay.is_gone() && !bay.is_busy())?;
        self.looks += 1;
        bay.begin_look(self.looks, why);
        let console = ConsoleHere { port: bay.port.clone(), speed: bay.speed };
        let request = LookRequest { console, any_speed: why == Why::AnySpeed, login_of };
        Some(DepotOrder::Look(LookOrder { look: self.looks, request }))
    }

    /// What a look was about; nothing where the port has been pulled since.
    fn looked_at(&mut self, look: u64) -> Option<LookedAt> {
        self.bays.iter_mut().enumerate().find_map(|(place, bay)| match &mut bay.at {
            At::Looking { look: open, before, why } if *open == look => {
                Some(LookedAt { place, before: before.take(), why: *why })
            }
            _ => None,
        })
    }

    pub(super) fn put(&mut self, place: usize, at: At) {
        if let Some(bay) = self.bays.get_mut(place) {
            bay.at = at;
        }
    }

    fn on_seen(&mut self, look: u64, seen: BoxSeen) -> Vec<DepotOrder> {
        let Some(LookedAt { place, before, why }) = self.looked_at(look) else { return Vec::new() };
        let identity = seen.identity;
        if let Some(bay) = self.bays.get_mut(place) {
            bay.told = None;
            bay.speed = if seen.speed > 0 { seen.speed } else { bay.speed };
        }
        let serial_number = identity.serial_number().to_owned();
        match before.filter(|before| before.is(&serial_number)) {
            // It has not been taken away. One that was not on the list may be by now.
            Some(by @ Resident::Over { .. }) => {
                self.put(place, At::Occupied { by, ticks: Some(LATER) });
                Vec::new()
            }
            Some(by @ Resident::NotOnList(_)) if self.list.judge(&serial_number) == Judged::NotOnList => {
                self.put(place, At::Occupied { by, ticks: Some(LATER) });
                Vec::new()
            }
            _ => self.take(place, &identity, why),
        }
    }

    /// Does with a box what its serial number says. One that failed is tried again only where a person says so.
    pub(super) fn take(&mut self, place: usize, identity: &Identity, why: Why) -> Vec<DepotOrder> {
        let serial_number = identity.serial_number().to_owned();
        let over = |ticks| At::Occupied { by: Resident::Over { serial_number: serial_number.clone() }, ticks };
        if self.is_closing {
            self.put(place, At::Resting { ticks: SOON });
            return Vec::new();
        }
        let (console, lang) = (self.console(place), self.lang);
        let (at, said) = match self.list.judge(&serial_number) {
            Judged::Begin(router) => return self.begin(place, router, identity),
            Judged::Failed(router) if why.tries_again(router) => return self.begin(place, router, identity),
            Judged::Failed(router) => (over(Some(LATER)), words::failed_before(&console, self.list.get(router), lang)),
            Judged::NotOnList => {
                let by = Resident::NotOnList(identity.clone());
                (At::Occupied { by, ticks: Some(LATER) }, words::not_on_list(&console, identity, lang))
            }
            // Which of the two is right, a person must see.
            Judged::Twin(router) => (over(None), words::twin(&console, self.list.get(router), lang)),
            Judged::Done(router) => (over(Some(LATER)), words::done_before(&console, self.list.get(router), lang)),
            Judged::NeedsPerson(router) => (over(None), words::needs_person(&console, self.list.get(router), lang)),
        };
        self.put(place, at);
        vec![say(said)]
    }

    fn begin(&mut self, place: usize, router: usize, identity: &Identity) -> Vec<DepotOrder> {
        let console = self.console(place);
        let serial_number = identity.serial_number().to_owned();
        let (Some(bay), Some(one)) = (self.bays.get_mut(place), self.list.get(router)) else { return Vec::new() };
        let said = words::begins(&console, one, identity, self.lang);
        let order = DeployOrder {
            router: one.candidate.router.clone(),
            serial_number: one.said_by_person().map(str::to_owned),
            console: ConsoleHere { port: bay.port.clone(), speed: bay.speed },
        };
        bay.begin_work(router, serial_number);
        self.list.set(router, Part::UnderWay);
        vec![DepotOrder::Say(said), DepotOrder::Deploy(order)]
    }

    fn on_problem(&mut self, look: u64, problem: &Problem, save_may_run: bool) -> Vec<DepotOrder> {
        let Some(LookedAt { place, before, why }) = self.looked_at(look) else { return Vec::new() };
        if save_may_run {
            let said = words::save_may_run(&self.console(place), self.lang);
            let Some(bay) = self.bays.get_mut(place) else { return Vec::new() };
            bay.look_soon(before, why);
            // Boxes save all day: only who waits for this look, or for the first one at a console, is told.
            let is_waited_for = why != Why::Due || bay.told.is_none();
            return if is_waited_for { self.tell_once(place, said) } else { Vec::new() };
        }
        if problem.asks_for_login {
            return match before {
                // The box that was set up asks for a login now. It is another one only after it was silent, or where a person says so.
                Some(by) => {
                    self.put(place, At::Occupied { by, ticks: Some(LATER) });
                    Vec::new()
                }
                None => {
                    let by = Resident::AsksLogin { again: why != Why::Due };
                    self.put(place, At::Occupied { by, ticks: Some(LATER) });
                    self.tell_once(place, words::asks_login(&self.console(place), self.lang))
                }
            };
        }
        let ticks = if problem.is_silent { SOON } else { LATER };
        self.put(place, At::Resting { ticks });
        let said = match problem.is_silent {
            true => words::silent(&self.console(place), self.lang),
            false => words::problem(&self.console(place), problem, self.lang),
        };
        self.tell_once(place, said)
    }

    /// Says what is the matter with a console, once as long as it is the same.
    fn tell_once(&mut self, place: usize, said: String) -> Vec<DepotOrder> {
        let Some(bay) = self.bays.get_mut(place).filter(|bay| bay.told.as_ref() != Some(&said)) else {
            return Vec::new();
        };
        bay.told = Some(said.clone());
        vec![say(said)]
    }

    /// Tells the console of a router that is in progress about it; there is nothing to be done.
    fn at_work(&mut self, router: &str, tell: impl FnOnce(&mut Bay)) -> Vec<DepotOrder> {
        let listed = self.list.named(router);
        if let Some(bay) = listed.and_then(|listed| self.bays.iter_mut().find(|bay| bay.works_on(listed))) {
            tell(bay);
        }
        Vec::new()
    }

    fn on_end(&mut self, router: &str, end: BoxEnd) -> Vec<DepotOrder> {
        let Some(listed) = self.list.named(router) else { return Vec::new() };
        let place = self.bays.iter().position(|bay| bay.works_on(listed));
        let console = place.map(|place| self.console(place));
        let said = words::ended(console.as_ref(), router, &end, self.lang);
        let verdict = end.verdict;
        self.list.set(listed, if verdict == Verdict::Done { Part::Done { here: true } } else { Part::Failed(end) });
        if let Some(bay) = place.and_then(|place| self.bays.get_mut(place)) {
            bay.end(verdict == Verdict::NeedsPerson);
        }
        vec![say(said), say(words::count(self.counter(), self.lang))]
    }

    pub(super) fn close(&mut self, said: &str) -> Vec<DepotOrder> {
        if std::mem::replace(&mut self.is_closing, true) {
            return Vec::new();
        }
        self.pending = None;
        vec![say(said)]
    }
}
