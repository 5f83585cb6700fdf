//! Where a visit is, and what follows from what happens. Pure: every order is carried out elsewhere.

use std::collections::BTreeMap;

use super::at::At;
use super::event::{End, Event, Order, PlanShown, Problem};
use super::pace::{Pace, lines_left};
use super::page::Left;
use super::recognise::{Match, Reason, is_known, recognise, recognise_new};
use super::search::find;
use crate::inventory::ConsoleHere;
use crate::ix::ports::Link;
use crate::message::Lang;
use crate::run::{BoxSeen, Candidate, Exit, LookRequest, MachineFinding};
use crate::transport::serial::Port;

/// So many routers are offered at once: each has a digit.
const OFFERED: usize = 9;
/// Lines that are kept of what was said: a screen has fewer.
const KEPT: usize = 2_000;

/// A visit.
#[derive(Debug)]
pub struct Visit {
    pub(super) lang: Lang,
    pub(super) candidates: Vec<Candidate>,
    /// What the router's console is set to when it leaves the factory, in bit/s.
    pub(super) usual_speed: u32,
    /// Boxes that no one has met take the place of those of the candidates.
    pub(super) swaps: bool,
    /// Lines may be entered for a look at the access line.
    pub(super) probes: bool,
    pub(super) ports: Vec<Port>,
    pub(super) trouble: Vec<MachineFinding>,
    pub(super) at: At,
    pub(super) console: Option<ConsoleHere>,
    pub(super) seen: BoxSeen,
    pub(super) chosen: Option<Match>,
    pub(super) plan: PlanShown,
    /// The links that were seen last, by interface.
    pub(super) links: BTreeMap<String, Link>,
    /// What the question is about, in brief.
    pub(super) summary: String,
    pub(super) said: Vec<String>,
    /// What is to be read before the question is answered.
    pub(super) warned: Vec<String>,
    /// What was warned of before the visit began: it holds for every router of it.
    pub(super) warned_before: Vec<String>,
    pace: Pace,
    /// How long the rest of the lines takes, from the one that goes out now.
    left: Option<std::time::Duration>,
    /// That line is on the screen.
    is_line_said: bool,
    /// How each router ended that was worked on, the last one last.
    pub(super) ends: Vec<End>,
    /// The worst end so far; nothing where no router was worked on.
    pub(super) exit: Option<Exit>,
    /// Other speeds were tried by the last look: a login that was found by it is typed at the speed that answers.
    tries_speeds: bool,
    /// The engineer leaves once the console that is asked is logged out.
    pub(super) is_leaving: bool,
    /// A line has gone out to the router that is worked on.
    pub(super) has_sent: bool,
    /// Its cable was out meanwhile.
    pub(super) was_out: bool,
}

impl Visit {
    /// A visit that may come to these routers, whose consoles are usually set to this speed.
    pub fn new(candidates: Vec<Candidate>, usual_speed: u32, lang: Lang) -> Self {
        Self {
            lang,
            candidates,
            usual_speed,
            swaps: false,
            probes: false,
            ports: Vec::new(),
            trouble: Vec::new(),
            at: At::Cable { pulled: false },
            console: None,
            seen: BoxSeen::default(),
            chosen: None,
            plan: PlanShown::default(),
            links: BTreeMap::new(),
            summary: String::new(),
            said: Vec::new(),
            warned: Vec::new(),
            warned_before: Vec::new(),
            pace: Pace::default(),
            left: None,
            is_line_said: false,
            ends: Vec::new(),
            exit: None,
            tries_speeds: false,
            is_leaving: false,
            has_sent: false,
            was_out: false,
        }
    }

    /// The same, where boxes are exchanged: one that no one has met takes the place of another one.
    #[must_use]
    pub fn swapping(self, swaps: bool) -> Self {
        Self { swaps, ..self }
    }

    /// The same, where this was warned of before it began: what stood on the terminal then is behind the screens.
    #[must_use]
    pub fn warned_of(self, warned_before: Vec<String>) -> Self {
        Self { warned_before, ..self }
    }

    /// The same, where the playbook declares a probe of the access line.
    #[must_use]
    pub fn probing(self, probes: bool) -> Self {
        Self { probes, ..self }
    }

    /// The routers that the box may be, or in whose place it may be, the likeliest first.
    fn recognised(&self) -> Vec<Match> {
        let judge = if self.swaps { recognise_new } else { recognise };
        judge(&self.seen.identity, &self.candidates)
    }

    /// The router that was chosen, or is proposed.
    pub(super) fn candidate(&self) -> Option<&Candidate> {
        self.candidates.get(self.chosen.as_ref()?.place)
    }

    /// Takes what happened, and says what is to be done.
    pub fn on(&mut self, event: Event) -> Vec<Order> {
        match event {
            Event::Ports { ports, trouble } => {
                let orders = self.on_ports(ports, trouble);
                if self.is_leaving && matches!(self.at, At::Cable { .. }) {
                    return self.leave();
                }
                return orders;
            }
            Event::Typed(text) => return self.typed(text.trim()),
            Event::Stop => return self.stop(),
            Event::Stopping | Event::LeftAlone => return self.is_stopping(),
            Event::Told(text) => self.said.extend(text.lines().map(str::to_owned)),
            // The console is left logged out by now.
            Event::Seen(_) | Event::NotSeen(_) if self.is_leaving && matches!(self.at, At::Looking) => {
                return self.leave();
            }
            Event::Seen(seen) => self.on_seen(*seen),
            Event::NotSeen(problem) => return self.on_problem(problem),
            Event::Planned(plan) => {
                let speed = self.console.as_ref().map_or(0, |console| console.speed);
                self.pace = Pace::new(plan.lengths.clone(), speed);
                self.plan = plan;
            }
            Event::Summed(summary) => self.summary = summary,
            Event::Asked(asked) => return self.on_question(asked),
            Event::Said(line) => self.say(line),
            Event::Warned(line) => {
                self.warned.push(line.clone());
                self.say(line);
            }
            Event::Sending(line) => {
                self.has_sent = true;
                (self.left, self.is_line_said) = (self.pace.left(line), false);
            }
            Event::Links(seen) => self.links.extend(seen.into_iter().map(|one| (one.interface, one.link))),
            // Its cable was pulled before anything was sent: it is begun again with.
            Event::Ended(end) if self.was_out && !self.has_sent && end.exit == Exit::NotDone => {
                self.begin_again(true);
                if self.is_leaving {
                    return self.leave();
                }
            }
            Event::Ended(end) => {
                // What a look finds is no end of the router.
                if !end.is_look || end.exit == Exit::NeedsPerson {
                    self.exit = self.exit.max(Some(end.exit));
                }
                let is_done = end.exit == Exit::Done && end.is_proven && !end.is_look;
                if let Some(done) = end.router.as_ref().filter(|_| is_done) {
                    let is_it = |one: &&mut Candidate| one.router == *done;
                    self.candidates.iter_mut().filter(is_it).for_each(|one| one.is_done_today = true);
                }
                if end.router.is_some() {
                    self.ends.retain(|one| one.router != end.router);
                    self.ends.push(end.clone());
                }
                self.at = At::End(end);
            }
        }
        Vec::new()
    }

    /// How long the lines that go out still take.
    pub(super) fn left(&self) -> Option<Left> {
        self.left.map(|left| lines_left(left, self.lang))
    }

    pub(super) fn say(&mut self, line: String) {
        if std::mem::replace(&mut self.is_line_said, true) {
            // Something else than lines that go out.
            self.left = None;
        }
        self.said.push(line);
        self.said.drain(..self.said.len().saturating_sub(KEPT));
    }

    fn on_seen(&mut self, seen: BoxSeen) {
        if !matches!(self.at, At::Looking) {
            // The cable was pulled meanwhile.
            return;
        }
        if let Some(console) = self.console.as_mut().filter(|_| seen.speed > 0) {
            console.speed = seen.speed;
        }
        self.seen = seen;
        let found = self.recognised();
        // The router whose login was typed is the one that the engineer meant, if it may be that box.
        let meant = self.chosen.take().and_then(|meant| found.iter().find(|one| one.place == meant.place).cloned());
        let meant = meant.map(|one| Self::taken(one, self.no_other_reason()));
        let proposed = meant.or_else(|| found.first().filter(|first| !first.reasons.is_empty()).cloned());
        self.at = if proposed.is_some() {
            At::Confirm
        } else {
            self.finding(found.iter().map(|one| one.place).collect(), false)
        };
        self.chosen = proposed;
    }

    /// A router, for this reason where nothing else speaks for it.
    fn taken(mut one: Match, reason: Reason) -> Match {
        if one.reasons.is_empty() {
            one.reasons.push(reason);
        }
        one
    }

    /// Why a login was taken for a router's: of one router no one chooses.
    fn no_other_reason(&self) -> Reason {
        if self.candidates.len() == 1 { Reason::OnlyOne } else { Reason::Chosen }
    }

    fn on_problem(&mut self, problem: Problem) -> Vec<Order> {
        if !matches!(self.at, At::Looking) {
            return Vec::new();
        }
        if problem.asks_for_login && self.chosen.is_none() {
            if self.candidates.len() == 1 {
                return self.look_as(0);
            }
            self.at = self.finding((0..self.candidates.len()).collect(), true);
            return Vec::new();
        }
        self.at = At::Trouble(problem);
        Vec::new()
    }

    fn finding(&self, mut found: Vec<usize>, for_login: bool) -> At {
        let more = found.len().saturating_sub(OFFERED);
        found.truncate(OFFERED);
        At::Find { found, more, for_login }
    }

    /// Looks once more, with the login of a router.
    fn look_as(&mut self, place: usize) -> Vec<Order> {
        self.chosen = Some(Match { reasons: vec![self.no_other_reason()], ..Match::of(place) });
        self.look(self.tries_speeds)
    }

    pub(super) fn look(&mut self, any_speed: bool) -> Vec<Order> {
        let Some(console) = self.console.clone() else { return Vec::new() };
        self.at = At::Looking;
        self.tries_speeds = any_speed;
        let login_of = self.candidate().map(|one| one.router.clone());
        vec![Order::Look(LookRequest { console, any_speed, login_of })]
    }

    fn typed(&mut self, text: &str) -> Vec<Order> {
        let key = text.chars().next().map(|key| key.to_ascii_lowercase());
        match &self.at {
            At::Looking | At::Working => Vec::new(),
            At::Cable { .. } => self.at_cable(key),
            At::Trouble(problem) => match key {
                Some('r') => self.look(self.tries_speeds),
                Some('s') if problem.is_silent => self.look(true),
                Some('q') => self.leave(),
                _ => Vec::new(),
            },
            At::Confirm => match key {
                Some('y') => self.deploy(),
                Some('l') if self.can_probe() => self.probe(),
                Some('f') => {
                    self.at = self.finding(self.possible(), false);
                    Vec::new()
                }
                Some('q') => self.leave(),
                _ => Vec::new(),
            },
            At::Find { .. } => self.at_find(text),
            At::Asked { .. } => self.at_question(text, key),
            At::End(end) => match key {
                Some('y') if end.is_look && end.exit != Exit::NeedsPerson => self.deploy(),
                Some('n') => {
                    self.begin_again(false);
                    Vec::new()
                }
                Some('q') => self.leave(),
                _ => Vec::new(),
            },
        }
    }

    /// The routers that the box may be.
    fn possible(&self) -> Vec<usize> {
        self.recognised().into_iter().map(|one| one.place).collect()
    }

    fn at_find(&mut self, text: &str) -> Vec<Order> {
        let At::Find { found, for_login, .. } = &self.at else { return Vec::new() };
        let for_login = *for_login;
        if text.eq_ignore_ascii_case("q") {
            return self.leave();
        }
        // One digit is a choice; a code or a telephone number has more.
        let digit = text.parse::<usize>().ok().filter(|_| text.len() == 1);
        if let Some(place) = digit.and_then(|digit| found.get(digit.checked_sub(1)?)).copied() {
            if for_login {
                return self.look_as(place);
            }
            let known = self.recognised().into_iter().find(|one| one.place == place);
            // One that it cannot be is offered all the same: the run says why it is refused. A box that is another router's replaces none.
            let replaces = self.swaps && !is_known(&self.seen.identity, &self.candidates);
            let chosen = known.unwrap_or(Match { replaces, ..Match::of(place) });
            self.chosen = Some(Self::taken(chosen, Reason::Chosen));
            self.at = At::Confirm;
        } else if !text.is_empty() {
            self.at = self.finding(find(text, &self.candidates), for_login);
        }
        Vec::new()
    }

    fn deploy(&mut self) -> Vec<Order> {
        let Some((router, console)) = self.begin_work() else { return Vec::new() };
        let replaces = self.chosen.as_ref().is_some_and(|chosen| chosen.replaces);
        vec![if replaces { Order::Swap { router, console } } else { Order::Deploy { router, console } }]
    }

    /// A box in another one's place has no line of its own yet.
    pub(super) fn can_probe(&self) -> bool {
        self.probes && !self.chosen.as_ref().is_some_and(|chosen| chosen.replaces)
    }

    fn probe(&mut self) -> Vec<Order> {
        self.begin_work().map(|(router, console)| Order::Probe { router, console }).into_iter().collect()
    }

    /// The router that is worked on from now on, and its console.
    fn begin_work(&mut self) -> Option<(String, ConsoleHere)> {
        let console = self.console.clone()?;
        let router = self.candidate()?.router.clone();
        self.at = At::Working;
        (self.has_sent, self.was_out) = (false, false);
        (self.plan, self.summary) = (PlanShown::default(), String::new());
        self.links.clear();
        self.said.clear();
        self.warned.clear();
        Some((router, console))
    }
}

#[cfg(test)]
#[path = "visit_tests.rs"]
pub(super) mod tests;
